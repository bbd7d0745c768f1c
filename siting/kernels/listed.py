"""Things listed under the number that each has: what a sort would do, without one."""

import numpy as np

from siting.arrays import Int32, Int64
from siting.kernels.compiled import compiled


@compiled
def listed_under(number: Int32, count: int) -> tuple[Int64, Int32]:
    """List things under their numbers, from 0 up to `count`.

    Returns
    -------
    tuple
        Where the things of each number begin (one longer than the numbers), and the things' places in
        that order; those of one number in the order in which they came.
    """
    start = np.zeros(count + 1, dtype=np.int64)
    for thing in range(len(number)):
        start[number[thing] + 1] += 1
    for under in range(count):
        start[under + 1] += start[under]
    filled, order = start.copy(), np.empty(len(number), dtype=np.int32)
    for thing in range(len(number)):
        order[filled[number[thing]]] = thing
        filled[number[thing]] += 1
    return start, order


@compiled
def same_rows(start: Int64, values: Int64) -> tuple[Int64, Int64]:
    """Tell which rows of numbers are alike; a row's numbers stand in `values` from its `start` to the next one's.

    Returns
    -------
    tuple
        The first row of each kind, and the kind of each row; kinds are numbered as they are met.
    """
    rows = len(start) - 1
    kind, first = np.empty(rows, dtype=np.int64), np.empty(rows, dtype=np.int64)
    room, kinds = 64, 0
    while room < 2 * rows:
        room *= 2
    entries = np.full(room, -1, dtype=np.int64)
    for row in range(rows):
        length = start[row + 1] - start[row]
        at = np.uint64(length)
        for i in range(start[row], start[row + 1]):
            # A number's bits are spread by the golden ratio (D. E. Knuth, The Art of Computer Programming, 6.4).
            at = (at ^ np.uint64(values[i])) * np.uint64(0x9E3779B97F4A7C15)
            at ^= at >> np.uint64(29)
        entry = np.int64(at & np.uint64(room - 1))
        while entries[entry] >= 0 and not _are_same(start, values, first[entries[entry]], row):
            entry = (entry + 1) & (room - 1)
        if entries[entry] < 0:
            entries[entry] = kinds
            first[kinds] = row
            kinds += 1
        kind[row] = entries[entry]
    return first[:kinds].copy(), kind


@compiled
def _are_same(start: Int64, values: Int64, one: int, other: int) -> bool:
    length = start[one + 1] - start[one]
    if start[other + 1] - start[other] != length:
        return False
    same = 0
    while same < length and values[start[one] + same] == values[start[other] + same]:
        same += 1
    return bool(same == length)
