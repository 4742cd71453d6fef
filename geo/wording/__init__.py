"""The verdict in words (layer 6): sentences a planner can paste into a report.

Every sentence names document, number and clause, the day of the question, and
whether it rests on an interpretation of ours. The sentences themselves stand in
`maps/wording.yaml`, which the map fills in the browser as well; what is said when is
decided here.
"""

from geo.wording.amount import amount
from geo.wording.doubts import METRES, Situation, complete, doubts, whole_metres
from geo.wording.sentences import Sentences, load
from geo.wording.verdict import named, told

__all__ = ["METRES", "Sentences", "Situation", "amount", "complete", "doubts", "load", "named", "told", "whole_metres"]
