"""Long lists, part by part (layer 10): the same answers as `geo.pipeline.check`, in little memory.

`survey` goes through a file once for what only the whole of it tells: where it can be
cut, which ids repeat, whether its coordinates are what they are taken for. `answering`
answers a part on its own. `writing` keeps what is answered; `run` does all of it on
this machine, so that a run which was cut short goes on where it stopped; `folder` does
it file by file, on this machine or on a Dask cluster.
"""

from geo.bulk.folder import check_folder, is_folder
from geo.bulk.outcome import Outcome
from geo.bulk.run import check_file, suits
from geo.bulk.work import Question

__all__ = ["Outcome", "Question", "check_file", "check_folder", "is_folder", "suits"]
