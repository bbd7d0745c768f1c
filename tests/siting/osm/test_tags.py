"""What tags say to a car: the narrowest key that is understood decides, in each direction."""

import pytest

from siting.osm.tags import Access, NodeEffect, read_node, read_road

NO, ENDS, YES = Access.NO, Access.ENDS_ONLY, Access.YES


def directions(**tags: str) -> tuple[Access, Access] | None:
    road = read_road({"highway": "residential"} | {key.replace("__", ":"): value for key, value in tags.items()})
    return (road.forward, road.backward) if road else None


@pytest.mark.parametrize(
    ("tags", "expected"),
    [
        ({}, (YES, YES)),
        ({"access": "no", "motor_vehicle": "yes"}, (YES, YES)),
        ({"access": "yes", "motor_vehicle": "no"}, None),
        ({"access": "no", "motor_vehicle": "unknown"}, None),
        ({"access": "unknown"}, (YES, YES)),
        ({"motor_vehicle": "no", "motorcar": "Designated"}, (YES, YES)),
        ({"access": "private"}, (ENDS, ENDS)),
        ({"access": "staff"}, (ENDS, ENDS)),
        ({"access": "destination"}, (ENDS, ENDS)),
        ({"motor_vehicle": "agricultural;forestry"}, None),
        ({"access__backward": "no"}, (YES, NO)),
        ({"access": "no", "motor_vehicle__forward": "yes"}, (YES, NO)),
        ({"vehicle__forward": "no", "motor_vehicle": "yes"}, (YES, YES)),
        ({"vehicle__forward": "no"}, (NO, YES)),
        ({"oneway": "yes"}, (YES, NO)),
        ({"oneway": "-1"}, (NO, YES)),
        ({"oneway": "alternating"}, (YES, YES)),
        ({"oneway": "reversible"}, None),
        ({"oneway": "yes", "oneway__motor_vehicle": "no"}, (YES, YES)),
        ({"oneway__motorcar": "yes"}, (YES, NO)),
        ({"oneway": "perhaps"}, (YES, YES)),
        ({"junction": "roundabout"}, (YES, NO)),
        ({"smoothness": "impassable"}, None),
        ({"impassable": "yes"}, None),
        ({"highway": "track"}, None),
        ({"highway": "track", "tracktype": "grade1"}, (ENDS, ENDS)),
        ({"highway": "track", "motor_vehicle": "yes"}, (ENDS, ENDS)),
        ({"highway": "track", "access": "unknown"}, None),
        ({"highway": "footway"}, None),
    ],
)
def test_who_may_drive_which_way(tags: dict[str, str], expected: tuple[Access, Access] | None) -> None:
    assert directions(**tags) == expected


@pytest.mark.parametrize(
    ("tags", "expected"),
    [
        ({"barrier": "gate"}, (NodeEffect.GATE, 0)),
        ({"barrier": "gate", "access": "yes"}, None),
        ({"barrier": "gate", "access": "no"}, (NodeEffect.BLOCK, 0)),
        ({"barrier": "gate", "locked": "yes"}, (NodeEffect.PRIVATE_GATE, 0)),
        ({"barrier": "gate", "access": "private", "locked": "yes"}, (NodeEffect.PRIVATE_GATE, 0)),
        ({"barrier": "gate", "access": "no", "motor_vehicle": "yes"}, None),
        ({"barrier": "gate", "access": "mystery"}, (NodeEffect.GATE, 0)),
        ({"barrier": "lift_gate", "motorcar": "customers"}, (NodeEffect.PRIVATE_GATE, 0)),
        ({"barrier": "wicket_gate"}, (NodeEffect.BLOCK, 0)),
        ({"barrier": "wicket_gate", "access": "yes"}, (NodeEffect.BLOCK, 0)),
        ({"barrier": "bollard"}, (NodeEffect.BLOCK, 0)),
        ({"barrier": "bollard", "access": "private"}, (NodeEffect.PRIVATE_GATE, 0)),
        ({"barrier": "bollard", "motor_vehicle": "yes"}, None),
        ({"barrier": "cattle_grid"}, None),
        ({"barrier": "cattle_grid", "access": "no"}, (NodeEffect.BLOCK, 0)),
        ({"barrier": "entrance", "motor_vehicle": "no"}, (NodeEffect.BLOCK, 0)),
        ({"barrier": "entrance", "access": "private"}, (NodeEffect.PRIVATE_ENTRANCE, 0)),
        ({"barrier": "cattle_grid", "access:backward": "no"}, (NodeEffect.BLOCK, -1)),
        ({"highway": "traffic_signals", "traffic_signals:direction": "forward"}, (NodeEffect.SIGNAL, 1)),
        ({"highway": "stop", "direction": "backward"}, (NodeEffect.STOP, -1)),
        ({"highway": "crossing", "crossing": "traffic_signals"}, (NodeEffect.SIGNAL_CROSSING, 0)),
        ({"highway": "bus_stop"}, None),
    ],
)
def test_what_stands_on_the_road(tags: dict[str, str], expected: tuple[NodeEffect, int] | None) -> None:
    assert read_node(tags) == expected
