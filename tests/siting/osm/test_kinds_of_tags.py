"""Every kind of tag that routing engines test, with what it means to a British family's car.

The kinds are those of the engines' own suites (OSRM's car profile, GraphHopper's and Valhalla's car
parsers) and of OpenStreetMap's wiki; the meaning is the wiki's and the Highway Code's. `x` passes,
`e` only those whose journey begins or ends there, `-` nobody.
"""

import pytest

from siting.osm.extract import _read_tags, restriction_in_force
from siting.osm.limits import MPH_TO_KMH, LimitKind, parse_limit, read_limit
from siting.osm.tags import UNDER_WATER, UNKNOWN_WORD, UNREAD_LIMIT, Access, NodeEffect, read_node, read_road
from siting.travel_model import ROAD_CLASSES, SURFACE_GROUPS, USUAL_HOURS, TravelModel
from siting.words import Scenario

LETTERS = {Access.YES: "x", Access.ENDS_ONLY: "e", Access.NO: "-"}


def table(text: str) -> list[tuple[dict[str, str], str]]:
    """Read a table whose last column is what is expected; `.` is a tag that is not there."""
    head, *rows = ([cell.strip() for cell in line.split("|")] for line in text.strip().splitlines())
    return [({key: value for key, value in zip(head[:-1], row[:-1], strict=True) if value != "."}, row[-1]) for row in rows]


WAYS = """
highway | access | vehicle | motor_vehicle | motorcar | both ways
primary | . | . | . | . | xx
primary | yes | . | . | . | xx
primary | no | . | . | . | --
primary | . | yes | . | . | xx
primary | . | no | . | . | --
primary | no | yes | . | . | xx
primary | yes | no | . | . | --
primary | . | . | yes | . | xx
primary | . | . | no | . | --
primary | no | . | yes | . | xx
primary | yes | . | no | . | --
primary | . | no | yes | . | xx
primary | . | yes | no | . | --
primary | . | . | . | yes | xx
primary | . | . | . | no | --
primary | no | . | . | yes | xx
primary | yes | . | . | no | --
primary | . | no | . | yes | xx
primary | . | yes | . | no | --
primary | . | . | no | yes | xx
primary | . | . | yes | no | --
primary | forestry | . | yes | . | xx
primary | some_tag | . | . | . | xx
primary | no | . | some_tag | . | --
primary | . | no | . | some_tag | --
primary | permissive | . | . | . | xx
primary | designated | . | . | . | xx
primary | agricultural | . | . | . | --
primary | forestry | . | . | . | --
primary | psv | . | . | . | --
primary | emergency | . | . | . | --
primary | military | . | . | . | --
primary | private | . | . | . | ee
primary | delivery | . | . | . | ee
primary | destination | . | . | . | ee
primary | customers | . | . | . | ee
primary | permit | . | . | . | ee
primary | residents | . | . | . | ee
primary | . | . | permit | . | ee
primary | . | . | yes;agricultural | . | xx
primary | . | . | agricultural;destination;forestry | . | ee
primary | . | . | forestry;agricultural;unknown | . | --
service | . | . | service | . | --
residential | . | yes | no | . | --
motorway | yes | permissive | . | private | e-
trunk | agricultural | designated | permissive | no | --
track | . | . | . | . | --
track | . | . | agricultural | . | --
track | . | . | yes | . | ee
track | yes | . | . | . | ee
pedestrian | . | . | . | . | --
pedestrian | yes | . | . | . | --
pedestrian | . | . | destination | . | ee
pedestrian | . | . | . | permit | ee
pedestrian | . | . | delivery | . | --
pedestrian | . | . | no | . | --
footway | . | . | private | . | ee
footway | yes | . | . | . | --
path | . | . | . | yes | ee
path | . | yes | . | no | --
bridleway | . | . | some_tag | . | --
steps | . | . | yes | . | --
runway | . | . | . | . | --
proposed | . | . | . | . | --
construction | . | . | . | . | --
bus_guideway | . | . | . | . | --
residential;service | . | . | . | . | xx
Residential | . | . | . | . | xx
crossing;traffic_signals | . | . | . | . | --
disused | . | . | . | . | --
abandoned | . | . | . | . | --
pier | . | . | . | . | --
busway | . | . | . | . | --
raceway | . | . | . | . | --
"""

DIRECTED = """
access | access:forward | access:backward | motorcar | motorcar:forward | motorcar:backward | both ways
yes | no | . | . | . | . | -x
yes | yes | . | no | . | . | --
yes | yes | . | yes | no | . | -x
yes | . | no | . | . | . | x-
yes | . | yes | yes | . | no | x-
no | yes | . | . | . | . | x-
no | no | . | yes | . | . | xx
no | no | . | no | yes | . | x-
no | . | yes | . | . | . | -x
no | . | no | no | . | yes | -x
. | no | . | . | no | . | -x
. | no | . | . | . | no | --
. | . | no | no | . | . | --
. | no | . | . | yes | . | xx
. | . | no | . | . | yes | xx
. | yes | . | . | no | . | -x
. | . | yes | . | . | no | x-
. | . | designated | . | . | . | xx
"""

PRECINCTS: list[tuple[dict[str, str], str]] = [
    ({"highway": "primary", "motor_vehicle:forward": "no", "motor_vehicle:backward": "destination"}, "-e"),
    ({"vehicle:forward": "yes"}, "e-"),
    ({"vehicle:forward": "yes", "vehicle:backward:conditional": "delivery @ (20:00-11:00)"}, "ee e- e-"),
    ({"highway": "footway", "motor_vehicle:backward": "destination"}, "-e"),
    ({"motor_vehicle:conditional": "destination @ ( 8:00 - 10:00 )"}, "-- -- --"),
    ({"access": "no", "motor_vehicle:conditional": "yes @ (Mo-Su)"}, "ee ee ee"),
    ({"motor_vehicle:conditional": "no @ (10:00-16:00)"}, "--"),
]

ONE_WAY = """
highway | junction | oneway | oneway:vehicle | oneway:motor_vehicle | oneway:motorcar | oneway:bicycle | both ways
primary | . | yes | . | . | . | . | x-
primary | . | true | . | . | . | . | x-
primary | . | 1 | . | . | . | . | x-
primary | . | -1 | . | . | . | . | -x
primary | . | reverse | . | . | . | . | -x
primary | . | no | . | . | . | . | xx
primary | . | nonsense | . | . | . | . | xx
primary | . | reversible | . | . | . | . | --
primary | . | alternating | . | . | . | . | xx
primary | . | . | yes | . | . | . | x-
primary | . | . | . | yes | . | . | x-
primary | . | . | . | . | yes | . | x-
primary | . | no | yes | . | . | . | x-
primary | . | yes | no | . | . | . | xx
primary | . | . | yes | no | . | . | xx
primary | . | . | . | yes | no | . | xx
primary | . | . | . | no | yes | . | x-
primary | . | yes | . | . | . | no | x-
primary | . | -1 | . | . | . | yes | -x
primary | . | no | . | . | . | -1 | xx
primary | roundabout | . | . | . | . | . | x-
primary | roundabout | . | . | . | . | no | x-
primary | roundabout | -1 | . | . | . | . | -x
primary | circular | . | . | . | . | . | x-
primary | jughandle | . | . | . | . | . | xx
primary | roundabout | alternating | . | . | . | . | x-
primary | Roundabout | . | . | . | . | . | x-
motorway | . | alternating | . | . | . | . | x-
motorway | . | reversible | . | . | . | . | --
primary | roundabout | reversible | . | . | . | . | --
motorway | . | . | . | . | . | . | x-
motorway | . | no | . | . | . | . | xx
motorway_link | . | . | . | . | . | . | xx
motorway_link | roundabout | . | . | . | . | . | x-
trunk | . | . | . | . | . | . | xx
"""

CLOSED = """
highway | construction | proposed | disused | area | service | smoothness | width | maxwidth | maxheight | maxweight | both ways
primary | yes | . | . | . | . | . | . | . | . | . | --
primary | major | . | . | . | . | . | . | . | . | . | --
primary | no | . | . | . | . | . | . | . | . | . | xx
primary | minor | . | . | . | . | . | . | . | . | . | xx
primary | widening | . | . | . | . | . | . | . | . | . | xx
residential | residential | . | . | . | . | . | . | . | . | . | xx
primary | . | yes | . | . | . | . | . | . | . | . | xx
tertiary | . | secondary | . | . | . | . | . | . | . | . | xx
primary | . | . | yes | . | . | . | . | . | . | . | --
service | . | . | . | yes | . | . | . | . | . | . | --
service | . | . | . | no | . | . | . | . | . | . | xx
service | . | . | . | . | emergency_access | . | . | . | . | . | --
service | . | . | . | . | parking_aisle | . | . | . | . | . | xx
service | . | . | . | . | driveway | . | . | . | . | . | xx
service | . | . | . | . | alley | . | . | . | . | . | xx
residential | . | . | . | . | . | impassable | . | . | . | . | --
residential | . | . | . | . | . | bad | . | . | . | . | xx
primary | . | . | . | . | . | . | narrow | . | . | . | xx
primary | . | . | . | . | . | . | 1.8 | . | . | . | --
primary | . | . | . | . | . | . | 2.0 | . | . | . | xx
primary | . | . | . | . | . | . | 1 m | . | . | . | --
primary | . | . | . | . | . | . | 3m | . | . | . | xx
primary | . | . | . | . | . | . | 0 | . | . | . | xx
primary | . | . | . | . | . | . | . | 6' | . | . | --
primary | . | . | . | . | . | . | . | 6'2" | . | . | --
primary | . | . | . | . | . | . | . | 6'3" | . | . | xx
primary | . | . | . | . | . | . | . | 6'6" | . | . | xx
primary | . | . | . | . | . | . | . | 6 ft 6 in | . | . | xx
primary | . | . | . | . | . | . | . | 1 | . | . | --
primary | . | . | . | . | . | . | . | . | 1 | . | --
primary | . | . | . | . | . | . | . | . | 6'10 | . | xx
primary | . | . | . | . | . | . | . | . | 14'9" | . | xx
primary | . | . | . | . | . | . | . | . | default | . | xx
primary | . | . | . | . | . | . | . | . | unsigned | . | xx
primary | . | . | . | . | . | . | . | . | . | 7.5 | xx
primary | . | . | . | . | . | . | . | . | . | 3 t | xx
primary | . | . | . | . | . | . | . | . | . | 1 | --
"""


@pytest.mark.parametrize(("tags", "expected"), [*table(WAYS), *table(ONE_WAY), *table(CLOSED)])
def test_who_may_drive_a_way(tags: dict[str, str], expected: str) -> None:
    road = read_road(tags)
    assert (LETTERS[road.forward] + LETTERS[road.backward] if road else "--") == expected


@pytest.mark.parametrize(("tags", "expected"), table(DIRECTED))
def test_each_direction_by_its_narrowest_key(tags: dict[str, str], expected: str) -> None:
    road = read_road({"highway": "primary"} | tags)
    assert (LETTERS[road.forward] + LETTERS[road.backward] if road else "--") == expected


@pytest.mark.parametrize(("tags", "expected"), PRECINCTS)
def test_a_street_for_walkers_lets_cars_in_as_its_tags_say(tags: dict[str, str], expected: str) -> None:
    by_scenario = _read_tags({"highway": "pedestrian"} | tags, USUAL_HOURS).by_scenario
    assert " ".join(LETTERS[road.forward] + LETTERS[road.backward] if road else "--" for road in by_scenario) == expected


GONE = ["disused", "abandoned", "demolished", "razed", "removed", "dismantled", "ice_road", "winter_road"]


@pytest.mark.parametrize(("key", "value"), [*((key, "yes") for key in GONE), ("route", "ferry"), ("route", "shuttle_train")])
def test_what_is_no_road_now_though_it_has_a_roads_kind(key: str, value: str) -> None:
    assert not read_road({"highway": "primary", key: value})
    assert read_road({"highway": "primary", key: "no"})


@pytest.mark.parametrize(
    ("tags", "kinds"),
    [
        ({"tidal": "yes"}, [UNDER_WATER]),
        ({"ford": "yes"}, [UNDER_WATER]),
        ({"ford": "no", "tidal": "no"}, []),
        ({"maxspeed": "30ish"}, [UNREAD_LIMIT]),
        ({"access": "mystery"}, [UNKNOWN_WORD]),
    ],
)
def test_a_road_of_which_nobody_can_know_is_driven_and_marked(tags: dict[str, str], kinds: list[str]) -> None:
    reading = _read_tags({"highway": "tertiary"} | tags, USUAL_HOURS)
    assert reading.usual
    assert list(reading.unread) == kinds


@pytest.mark.parametrize("lanes", ["1", "4", "2.5", "0", "-1", "abc", "2;3"])
def test_lanes_say_nothing_about_who_may_drive(lanes: str) -> None:
    tags = {"highway": "primary"}
    assert read_road(tags | {"lanes": lanes, "lanes:forward": lanes}) == read_road(tags)


@pytest.mark.parametrize("key", ["foot", "bicycle", "psv", "bus", "hgv", "motorhome", "motorcycle", "taxi", "tourist_bus"])
def test_keys_of_others_say_nothing_to_a_car(key: str) -> None:
    assert read_road({"highway": "primary", key: "no"})
    assert not read_road({"highway": "footway", key: "yes"})


OTHERWISE = """
highway | access | vehicle | motor_vehicle | motorcar | motor_vehicle:conditional | theirs | ours
runway | yes | . | . | . | . | OSRM xx | --
runway | . | yes | . | . | . | OSRM xx | --
runway | . | . | yes | . | . | OSRM xx | --
runway | . | . | . | yes | . | OSRM xx | --
runway | private | . | . | permissive | . | OSRM xx | --
garbagetag | permissive | . | . | . | . | OSRM xx | --
footway | permissive | . | . | . | . | OSRM xx | --
footway | yes | . | . | . | . | OSRM xx | --
cycleway | . | . | designated | . | . | OSRM xx | ee
primary | customer | . | . | . | . | OSRM -- | ee
service | private | . | . | . | . | OSRM -- | ee
track | private | . | . | . | . | OSRM -- | ee
motorway | hov | . | . | . | . | OSRM x- | --
road | . | . | . | . | . | OSRM -- | xx
pedestrian | . | . | . | destination | . | OSRM -- | ee
service | delivery | . | . | . | . | GraphHopper -- | ee
primary | . | . | permit | . | . | GraphHopper -- | ee
track | . | . | . | . | . | GraphHopper xx | --
footway | . | . | . | yes | . | GraphHopper -- | ee
cycleway | . | . | yes | . | . | GraphHopper -- | ee
pedestrian | . | . | . | . | destination @ ( 8:00 - 10:00 ) | GraphHopper xx | --
pedestrian | no | . | . | . | destination @ ( 8:00 - 10:00 ) | GraphHopper xx | --
"""


@pytest.mark.parametrize(("tags", "expected"), table(OTHERWISE))
def test_what_an_engine_sees_otherwise(tags: dict[str, str], expected: str) -> None:
    """A way for walkers, a private road or a runway: who may drive there is told as the law and a family would see it."""
    theirs = tags.pop("theirs").split()[1]
    road = _read_tags(tags, USUAL_HOURS).usual
    assert theirs != (LETTERS[road.forward] + LETTERS[road.backward] if road else "--") == expected


NODES = """
barrier | access | vehicle | motor_vehicle | motorcar | locked | bollard | maxwidth | maxheight | does
. | yes | . | . | . | . | . | . | . | .
. | no | . | . | . | . | . | . | . | BLOCK
. | . | yes | . | . | . | . | . | . | .
. | . | no | . | . | . | . | . | . | BLOCK
. | no | yes | . | . | . | . | . | . | .
. | yes | no | . | . | . | . | . | . | BLOCK
. | . | . | no | . | . | . | . | . | BLOCK
. | no | . | yes | . | . | . | . | . | .
. | . | . | no | yes | . | . | . | . | .
. | . | . | yes | no | . | . | . | . | BLOCK
. | private | . | . | . | . | . | . | . | PRIVATE_ENTRANCE
. | some_tag | . | . | . | . | . | . | . | .
. | no | . | some_tag | . | . | . | . | . | BLOCK
. | . | . | . | . | . | . | 6' | . | BLOCK
. | . | . | . | . | . | . | 7' | . | .
. | . | . | . | . | . | . | . | 1.5 | BLOCK
bollard | . | . | . | . | . | . | . | . | BLOCK
bollard | . | . | . | . | . | removable | . | . | BLOCK
bollard | . | . | . | . | . | rising | . | . | PRIVATE_GATE
bollard | . | . | . | . | . | . | 6'6" | . | .
bollard | . | . | . | . | . | . | 5' | . | BLOCK
bollard | no | . | . | . | . | rising | 6'6" | . | BLOCK
rising_bollard | . | . | . | . | . | . | . | . | PRIVATE_GATE
rising_bollard | . | . | no | . | . | . | . | . | BLOCK
bus_trap | . | . | . | . | . | . | . | . | BLOCK
sump_buster | . | . | . | . | . | . | . | . | BLOCK
block | . | . | . | . | . | . | . | . | BLOCK
wall | . | . | . | . | . | . | . | . | BLOCK
wall | yes | . | . | . | . | . | . | . | .
wall | permissive | . | . | . | . | . | . | . | .
wall | agricultural | . | . | . | . | . | . | . | BLOCK
fence | . | . | . | . | . | . | . | . | BLOCK
some_tag | . | . | . | . | . | . | . | . | BLOCK
cattle_grid | . | . | . | . | . | . | . | . | .
border_control | . | . | . | . | . | . | . | . | .
toll_booth | . | . | . | . | . | . | . | . | .
sally_port | . | . | . | . | . | . | . | . | .
height_restrictor | . | . | . | . | . | . | . | 2.1 | .
height_restrictor | . | . | . | . | . | . | . | 1.6 | BLOCK
width_restrictor | . | . | . | . | . | . | 7'0" | . | .
gate | . | . | . | . | . | . | . | . | GATE
gate | yes | . | . | . | . | . | . | . | .
gate | designated | . | . | . | . | . | . | . | .
gate | no | . | . | . | . | . | . | . | BLOCK
gate | agricultural | . | . | . | . | . | . | . | BLOCK
gate | private | . | . | . | . | . | . | . | PRIVATE_GATE
gate | . | . | . | . | yes | . | . | . | PRIVATE_GATE
gate | yes | . | . | no | . | . | . | . | BLOCK
cattle_grid;gate | . | . | . | . | . | . | . | . | GATE
gate; stile | yes | . | . | . | . | . | . | . | BLOCK
swing_gate | . | . | . | . | . | . | . | . | GATE
kissing_gate | yes | . | . | . | . | . | . | . | BLOCK
lift_gate | . | . | . | . | . | . | . | . | GATE
lift_gate | no | . | . | yes | . | . | . | . | .
chain | . | . | . | . | . | . | . | . | GATE
chain | . | . | no | . | . | . | . | . | BLOCK
yes | . | . | . | . | . | . | . | . | GATE
jersey_barrier | . | . | . | . | . | . | . | . | BLOCK
jersey_barrier | yes | . | . | . | . | . | . | . | .
jersey_barrier | private | . | . | . | . | . | . | . | PRIVATE_GATE
bollard | . | . | private | . | . | . | . | . | PRIVATE_GATE
sliding_beam | . | . | . | . | . | . | . | . | GATE
coupure | . | . | . | . | . | . | . | . | .
gate | garbagetag | . | . | . | . | . | . | . | GATE
"""

WAITS = """
highway | crossing | crossing_ref | crossing:signals | traffic_signals:direction | does
traffic_signals | . | . | . | . | SIGNAL 0
traffic_signals | . | . | . | forward | SIGNAL 1
traffic_signals | . | . | . | backward | SIGNAL -1
crossing;traffic_signals | . | . | . | . | SIGNAL 0
crossing | traffic_signals | . | . | . | SIGNAL_CROSSING 0
crossing | . | . | yes | . | SIGNAL_CROSSING 0
crossing | . | puffin | . | . | SIGNAL_CROSSING 0
crossing | toucan | . | . | . | SIGNAL_CROSSING 0
crossing | marked | . | no | . | CROSSING 0
crossing | zebra | . | . | . | CROSSING 0
"""


@pytest.mark.parametrize(("tags", "expected"), table(WAITS))
def test_what_a_car_waits_for(tags: dict[str, str], expected: str) -> None:
    found = read_node(tags)
    assert found
    assert f"{found[0].name} {found[1]}" == expected


@pytest.mark.parametrize(("tags", "expected"), table(NODES))
def test_what_stands_on_a_road(tags: dict[str, str], expected: str) -> None:
    assert read_node(tags) == (None if expected == "." else (NodeEffect[expected], 0))


@pytest.mark.parametrize("key", ["amenity", "entrance", "shop", "highway"])
def test_the_access_of_a_thing_beside_the_road_is_not_the_roads(key: str) -> None:
    assert read_node({key: "yes", "access": "private"}) is None


LIMITS = """
maxspeed | maxspeed:forward | maxspeed:backward | maxspeed:type | source:maxspeed | zone:maxspeed | mph each way
30 mph | . | . | . | . | . | 30 30
30mph | . | . | . | . | . | 30 30
30 MPH | . | . | . | . | . | 30 30
30 mph;20 mph | . | . | . | . | . | 20 20
. | 40 mph | . | . | . | . | 40 -
. | . | 40 mph | . | . | . | - 40
60 mph | 40 mph | . | . | . | . | 40 60
60 mph | . | 40 mph | . | . | . | 60 40
60 mph | 20 mph | 40 mph | . | . | . | 20 40
national | 40 mph | . | . | . | . | 40 N
national | . | . | . | . | . | N N
GB:nsl_single | . | . | . | . | . | 60 60
GB:nsl_dual | . | . | . | . | . | 70 70
GB:nsl_restricted | . | . | . | . | . | B B
UK:motorway | . | . | . | . | . | 70 70
signals | . | . | . | . | . | - -
variable | . | . | . | . | . | - -
none | . | . | . | . | . | - -
walk | . | . | . | . | . | W W
DE:living_street | . | . | . | . | . | W W
. | . | . | GB:nsl_single | . | . | 60 60
. | . | . | GB:20_zone | . | . | 20 20
. | . | . | . | GB:national | . | N N
. | . | . | . | 2019 | . | - -
. | . | . | . | . | GB:20 | 20 20
signals | . | . | GB:nsl_dual | . | . | 70 70
30 mph | . | . | GB:nsl_single | . | . | 30 30
600 mph | . | . | . | . | . | N N
30 mp/h | . | . | . | . | . | 30 30
0 | . | . | . | . | . | - -
"""


@pytest.mark.parametrize(("tags", "expected"), table(LIMITS))
def test_limits(tags: dict[str, str], expected: str) -> None:
    told = []
    for direction in ("forward", "backward"):
        limit = read_limit(tags, direction)
        letter = {LimitKind.NONE: "-", LimitKind.NATIONAL: "N", LimitKind.BUILT_UP: "B", LimitKind.POSTED: ""}[limit.kind]
        told.append(letter or ("W" if limit.kmh < 10 else f"{limit.kmh / MPH_TO_KMH:.0f}"))
    assert " ".join(told) == expected


UNITS = [("60", 60), ("50 km/h", 50), ("10 knots", 18.52), ("30 kph", 30)]
ABROAD = [("FR:urban", 50), ("CH:rural", 80), ("CH:trunk", 100), ("DE:rural", 100), ("BE-VLG:rural", 70), ("AD:rural", 90)]


@pytest.mark.parametrize(
    ("text", "kmh"),
    [*UNITS, *ABROAD],
)
def test_limits_in_other_units_and_in_the_words_of_other_countries(text: str, kmh: float) -> None:
    assert parse_limit(text).kmh == pytest.approx(kmh)


ROUGH = """
surface | tracktype | smoothness | km/h at most
. | . | . | 1000
asphalt | . | . | 1000
concrete | . | . | 1000
concrete:plates | . | . | 1000
concrete:lanes | . | . | 1000
paved | . | . | 1000
cement | . | . | 80
compacted | . | . | 80
fine_gravel | . | . | 80
paving_stones | . | . | 60
metal | . | . | 60
bricks | . | . | 60
grass | . | . | 40
wood | . | . | 40
sett | . | . | 40
grass_paver | . | . | 40
gravel | . | . | 40
unpaved | . | . | 40
ground | . | . | 40
dirt | . | . | 40
pebblestone | . | . | 40
tartan | . | . | 40
cobblestone | . | . | 30
clay | . | . | 30
earth | . | . | 20
stone | . | . | 20
rocky | . | . | 20
sand | . | . | 20
mud | . | . | 10
nonsense | . | . | 1000
. | grade1 | . | 60
. | grade2 | . | 40
. | grade3 | . | 30
. | grade4 | . | 25
. | grade5 | . | 20
. | nonsense | . | 1000
. | . | excellent | 1000
. | . | good | 1000
. | . | intermediate | 80
. | . | bad | 40
. | . | very_bad | 20
. | . | horrible | 10
. | . | very_horrible | 5
. | . | nonsense | 1000
asphalt | grade5 | excellent | 20
mud | grade1 | excellent | 10
asphalt | grade1 | very_horrible | 5
mud | grade5 | very_horrible | 5
asphalt;gravel | . | . | 40
"""


@pytest.mark.parametrize(("tags", "kmh"), table(ROUGH))
def test_the_roughest_that_is_said_of_a_road_counts(tags: dict[str, str], kmh: str) -> None:
    road = read_road({"highway": "primary"} | tags)
    assert road
    assert TravelModel()[f"surface_cap.{SURFACE_GROUPS[road.surface]}"] == float(kmh)


def test_a_pedestrian_street_that_lets_cars_in_is_driven_as_one_to_live_in() -> None:
    road = read_road({"highway": "pedestrian", "motor_vehicle": "destination"})
    assert road
    assert ROAD_CLASSES[road.road_class] == "living_street"


TURNS = """
restriction | restriction:motorcar | restriction:motor_vehicle | restriction:hgv | restriction:conditional | except | forbids
no_left_turn | . | . | . | . | . | no_left_turn all
no_weird_zigzags | . | . | . | . | . | no_weird_zigzags all
only_straight_on | . | . | . | . | . | only_straight_on all
No_U_Turn | . | . | . | . | . | no_u_turn all
yield | . | . | . | . | . | nothing
none | . | . | . | . | . | nothing
. | . | . | no_straight_on | . | . | nothing
. | no_straight_on | . | . | . | . | no_straight_on all
. | . | no_straight_on | . | . | . | no_straight_on all
no_left_turn | none | . | . | . | . | nothing
no_left_turn | . | . | only_straight_on | . | . | no_left_turn all
no_left_turn | . | . | . | . | motorcar | nothing
no_left_turn | . | . | . | . | psv;motor_vehicle | nothing
no_left_turn | . | . | . | . | vehicle | nothing
no_left_turn | . | . | . | . | bus | no_left_turn all
no_left_turn | . | . | . | . | psv;bicycle | no_left_turn all
. | . | . | . | no_left_turn @ (Mo-Fr 07:00-09:30) | . | no_left_turn school_run
. | . | . | . | no_left_turn @ (Mo-Fr 07:00-11:30,16:00-18:30) | . | no_left_turn typical school_run
. | . | . | . | no_left_turn @ (Mo-Fr 16:00-20:00) | . | nothing
. | . | . | . | no_left_turn @ (Sa,Su 07:00-19:00) | . | nothing
. | . | . | . | no_left_turn @ (Mo-Su 00:00-24:00) | . | no_left_turn all
. | . | . | . | no_left_turn @ (Mo-Su 08:00-12:00) | motorcar | nothing
. | . | . | . | no_left_turn @ (Mo-Su 08:00-09:00) | bus | no_left_turn school_run
. | . | . | . | only_right_turn @ (has_pygmies > 10 p) | . | nothing
. | . | . | . | no_left_turn @ (weight>7.5) | . | nothing
no_left_turn | . | . | . | none @ (Mo-Fr 19:00-07:00) | . | no_left_turn typical school_run
"""


@pytest.mark.parametrize(("tags", "expected"), table(TURNS))
def test_what_a_turn_restriction_forbids_to_a_car_and_when(tags: dict[str, str], expected: str) -> None:
    forbidden, _ = restriction_in_force({"type": "restriction"} | tags, USUAL_HOURS)
    told = []
    for kind, scenarios in forbidden.items():
        told.append(kind)
        told += ["all"] if scenarios == ALL else [name.value for row, name in enumerate(Scenario) if scenarios >> row & 1]
    assert " ".join(told or ["nothing"]) == expected


ALL = 2 ** len(Scenario) - 1
