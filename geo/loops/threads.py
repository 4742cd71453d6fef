"""A long array worked on by several threads, part by part, in order (layer 1)."""

from __future__ import annotations

import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from itertools import pairwise
from typing import TypeVar

Part = TypeVar("Part")

MOST = 8  # threads: beyond, memory is what bounds the work


def in_parts(work: Callable[[slice], Part], count: int, least: int) -> list[Part]:
    """What `work` gives for consecutive parts of `count` rows, in their order.

    Parameters
    ----------
    work : callable
        Takes a slice of the rows. It runs in threads, so it must change nothing that another part reads.
    count : int
        Rows in all.
    least : int
        Rows that are worth a thread.

    Returns
    -------
    list
        One result a part; at least one part, also where there are no rows.

    Examples
    --------
    >>> in_parts(lambda part: part.stop - part.start, 10, 100)
    [10]
    """
    parts = max(1, min(os.cpu_count() or 1, MOST, count // least))
    ends = [count * number // parts for number in range(parts + 1)]
    slices = [slice(start, end) for start, end in pairwise(ends)]
    if parts == 1:
        return [work(slices[0])]
    with ThreadPoolExecutor(parts) as pool:
        return list(pool.map(work, slices))
