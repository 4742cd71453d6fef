"""Dossiers and reports (layer 7): documents for Word and PDF from the answer of a check.

`site`, `district` and `report` say what there is to say, as blocks; `word` and `pdf` set
them. Their words stand in `maps/dossier.yaml`.
"""

from geo.dossier.blocks import Block, Document, Heading, Paragraph, Picture, Table
from geo.dossier.case import Case, Refused
from geo.dossier.district import district
from geo.dossier.report import report
from geo.dossier.site import site
from geo.dossier.words import Words

__all__ = [
    "Block",
    "Case",
    "Document",
    "Heading",
    "Paragraph",
    "Picture",
    "Refused",
    "Table",
    "Words",
    "district",
    "report",
    "site",
]
