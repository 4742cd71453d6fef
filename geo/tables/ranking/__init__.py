"""Tables of a ranking (layer 7): the ranking document as files and as text.

Files hold no time of making and the same document gives the same bytes. Modules:
`terms` (words and colours), `notes` and `flat` (a row per site), `reasons` (a row per
site and rule), `files` (CSV, GeoJSON, JSON), `vector` and `styles` (GeoPackage), `text`,
`explained` and `lines` (the terminal), `workbook` with `parts`, `formulas` and `utilities` (XLSX whose scores
recompute).
"""

from __future__ import annotations

from geo.tables.ranking.files import FORMATS, json_text, write
from geo.tables.ranking.flat import rows
from geo.tables.ranking.reasons import reason_rows
from geo.tables.ranking.text import text

__all__ = ["FORMATS", "json_text", "reason_rows", "rows", "text", "write"]
