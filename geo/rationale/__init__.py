"""The ranking document (layer 7): rules, scores and reasons as one record in both languages.

Every output of a ranking takes this record: text, tables, map, sheets, dossiers. What
its words are stands in `maps/ranking.yaml`.
"""

from geo.rationale.document import document

__all__ = ["document"]
