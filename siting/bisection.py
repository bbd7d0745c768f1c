"""Finding a number among sorted ones, for compiled loops."""

from siting.arrays import Int64
from siting.compiled import compiled


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
