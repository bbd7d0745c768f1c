"""Miles an hour by kind of road and scenario on real roads, as the table of docs/method.md.

    python speeds_by_kind.py EXTRACT.osm.pbf...

Over all pieces of a kind and both ways, the time along the road and what is passed at the end of each
piece (signals, the quickest way on); turns off the road are not in it.
"""

import sys
from pathlib import Path

import numpy as np

from siting.arrays import Bool, Float64
from siting.roads.cache import open_network
from siting.roads.network import SHUT_MS, RoadNetwork
from siting.travel_model import ROAD_CLASSES
from siting.words import METRES_PER_MILE

MAIN = ("trunk", "primary", "secondary")
LEAST_KM = 3.0
"""Of less road than this nothing is told."""


def kinds_of(network: RoadNetwork) -> dict[str, Bool]:
    """Return which segments are of each kind of road in docs/method.md."""
    segments = network.segments
    main, motorway = (
        np.isin(segments.road_class, [ROAD_CLASSES.index(name) for name in names]) for names in (MAIN, ("motorway",))
    )
    free_mph = segments.length_m / METRES_PER_MILE / network.arc_ms[0].reshape(-1, 2).min(axis=1) * 3.6e6
    one_way = (network.leaving_state.reshape(len(network.arc_ms), -1, 2) < 0).all(axis=0).any(axis=1)
    open_country = main & (segments.density < 1)
    return {
        "motorway, limit 70": motorway & (free_mph > 65),
        "dual carriageway, limit 70": open_country & one_way & (free_mph > 60),
        "single carriageway, limit 60": open_country & ~one_way & (np.abs(free_mph - 49) < 2),
        "main road in open country": open_country,
        "main road of a town, measure 1 to 17": main & (segments.density >= 1) & (segments.density < network.model["town.from"]),
        "main road of a town, measure 17 to 42": main
        & (segments.density >= network.model["town.from"])
        & (segments.density < network.model["town.full"]),
        "main road of a dense town, 42 and more": main & (segments.density >= network.model["town.full"]),
    }


def miles_an_hour(network: RoadNetwork, chosen: Bool) -> tuple[float, Float64]:
    """Return the kilometres of some segments, and the speed along them in each scenario."""
    arcs = np.flatnonzero(chosen.repeat(2) & (network.leaving_state >= 0).any(axis=0))
    passing_ms = _passing_ms(network)[:, arcs]
    metres = network.segments.length_m[arcs >> 1].sum()
    return metres / 1000, metres / METRES_PER_MILE / (network.arc_ms[:, arcs] + passing_ms).sum(axis=1) * 3.6e6


def _passing_ms(network: RoadNetwork) -> Float64:
    """Return what the quickest way on from each arc costs beside the arc that follows, scenarios x arcs."""
    links = network.onward
    from_arc = np.repeat(network.state_arc, np.diff(links.start))
    into_arc = network.state_arc[links.other]
    passing_ms = np.full(network.arc_ms.shape, np.inf)
    ahead = from_arc >> 1 != into_arc >> 1
    for row in range(len(passing_ms)):
        is_open = ahead & (links.cost_ms[row] < SHUT_MS)
        np.minimum.at(passing_ms[row], from_arc[is_open], links.cost_ms[row][is_open] - network.arc_ms[row][into_arc[is_open]])
    return np.where(np.isfinite(passing_ms), passing_ms, 0.0)


def main(extracts: list[Path]) -> None:
    """Print the table of each extract."""
    for extract in extracts:
        network = open_network(extract)
        print(f"\n| {extract.name.split('-')[0].title()} | km | free flow | typical | school run | typical takes |")
        print("| --- | --- | --- | --- | --- | --- |")
        for kind, chosen in kinds_of(network).items():
            km, (free, typical, school_run) = miles_an_hour(network, chosen) if chosen.any() else (0.0, np.ones(3))
            if km > LEAST_KM:
                print(f"| {kind} | {km:.0f} | {free:.1f} | {typical:.1f} | {school_run:.1f} | {free / typical:.2f} |")


if __name__ == "__main__":
    main([Path(name) for name in sys.argv[1:]])
