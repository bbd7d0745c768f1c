"""A heap of keys with an item each, in arrays: least key first, four children a node.

Source: D. B. Johnson, "Priority queues with update and finding minimum spanning trees", 1975.
"""

import numpy as np

from siting.arrays import Int32, Int64
from siting.kernels.compiled import compiled


@compiled
def push(keys: Int64, items: Int32, size: int, key: int, item: int) -> int:
    """Add an item to arrays that have room for it (see `longer`); return the new size."""
    at = size
    while at > 0:
        parent = (at - 1) >> 2
        if keys[parent] <= key:
            break
        keys[at] = keys[parent]
        items[at] = items[parent]
        at = parent
    keys[at] = key
    items[at] = item
    return size + 1


@compiled
def pop(keys: Int64, items: Int32, size: int) -> int:
    """Take the item at the front off; return the new size."""
    size -= 1
    key, item = keys[size], items[size]
    at = 0
    while True:
        child = 4 * at + 1
        if child >= size:
            break
        least = child
        for c in range(child + 1, min(child + 4, size)):
            if keys[c] < keys[least]:
                least = c
        if keys[least] >= key:
            break
        keys[at] = keys[least]
        items[at] = items[least]
        at = least
    keys[at] = key
    items[at] = item
    return size


@compiled
def longer(keys: Int64, items: Int32) -> tuple[Int64, Int32]:
    """Return the arrays with twice the room."""
    room = len(keys)
    more_keys, more_items = np.empty(2 * room, dtype=np.int64), np.empty(2 * room, dtype=np.int32)
    for at in range(room):
        more_keys[at], more_items[at] = keys[at], items[at]
    return more_keys, more_items


@compiled
def first_not_below(values: Int64, wanted: int) -> int:
    """Return where the first of some rising values stands that is not below the wanted one; their count where there is none."""
    low, high = 0, len(values)
    while low < high:
        middle = (low + high) // 2
        if values[middle] < wanted:
            low = middle + 1
        else:
            high = middle
    return low
