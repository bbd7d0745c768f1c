"""Which entry of the address file is the home itself."""

from collections.abc import Sequence

import numpy as np
import shapely

from engagement.around.addresses import Address
from engagement.around.boundary import HomeBoundary
from engagement.around.decisions import plain_key
from engagement.around.same_address import find_by_text, parts_of
from siting.inputs.rows import HomeRow

_TOUCH_M = 0.5


def own_address(
    row: HomeRow, x_m: float, y_m: float, boundary: HomeBoundary, addresses: Sequence[Address]
) -> tuple[Address | None, str]:
    """Find the home's own entry, and say how it was known.

    By its property number; else by its address; else where only one household stands on the home's
    land. Where several do (flats), none is taken for the home, so that no neighbour is lost.
    """
    if row.uprn:
        found = [address for address in addresses if address.uprn and plain_key(address.uprn) == plain_key(row.uprn)]
        if found:
            return found[0], "The home itself is known by its UPRN."
    if row.address and parts_of(row.address).words:
        found = find_by_text(row.address, addresses)
        if len(found) == 1:
            return found[0], "The home itself is known by its address."
    inside = [
        address
        for address in addresses
        if address.kind.left_out is None and shapely.dwithin(boundary.area, shapely.Point(address.x_m, address.y_m), _TOUCH_M)
    ]
    if len(inside) == 1:
        return inside[0], "The home itself is taken to be the only address on its land."
    if not inside:
        return None, "No address was found on the home's own land."
    nearest = min(inside, key=lambda address: float(np.hypot(address.x_m - x_m, address.y_m - y_m)))
    return None, (
        f"{len(inside)} addresses stand on the home's land and its own is not known ({nearest.written} is nearest): all are "
        "listed; give the home's uprn in the candidates table, or remove its own by hand."
    )
