"""Roads for buses or the emergency services, byways, fords, lanes, hours of their own: what they are to a family's car."""

from pathlib import Path

import pytest

from siting.osm.extract import AMBIGUOUS, _read_tags, read_osm, restriction_in_force
from siting.osm.hours import NOT_READ, at_moment
from siting.osm.tags import SCHOOL_STREET, UNDER_WATER, Access, NodeEffect, conditional_keys, read_node
from siting.travel_model import USUAL_HOURS

LETTERS = {Access.YES: "x", Access.ENDS_ONLY: "e", Access.NO: "-"}
AT_SCHOOL = "Mo-Fr 08:15-09:15,15:00-16:00"


def told(tags: dict[str, str]) -> str:
    """Tell both ways in free flow, by day, on the school run; once where all are alike."""
    rows = [
        LETTERS[road.forward] + LETTERS[road.backward] if road else "--" for road in _read_tags(tags, USUAL_HOURS).by_scenario
    ]
    return rows[0] if len(set(rows)) == 1 else " ".join(rows)


def tags_of(text: str) -> dict[str, str]:
    return dict(pair.split("=", 1) for pair in text.split(" | "))


WAYS = {
    # Roads that buses or the emergency services alone use.
    "highway=service | service=bus": "--",
    "highway=service | service=busway": "--",
    "highway=service | service=bus | access=yes": "--",
    "highway=service | service=bus | motor_vehicle=yes": "xx",
    "highway=service | service=bus | motor_vehicle=destination": "ee",
    "highway=service | service=emergency": "--",
    "highway=service | service=emergency_access | motorcar=yes": "xx",
    "highway=service | bus=only": "--",
    "highway=service | psv=designated": "ee",
    "highway=service | bus=designated | access=yes": "xx",
    "highway=service | bus=yes": "xx",
    "highway=residential | psv=designated": "xx",
    "highway=residential | psv=only": "--",
    "highway=residential | bus_gate=yes": "--",
    "highway=residential | bus_gate=yes | motor_vehicle:conditional=no @ (Mo-Fr 07:00-10:00)": "xx xx --",
    "highway=service | service=bus | motor_vehicle:conditional=yes @ (19:00-07:00)": "xx -- --",
    "highway=busway": "--",
    "highway=busway | motor_vehicle=yes": "--",
    # A byway open to all traffic is a right of way for cars, most often along a track.
    "highway=track | designation=byway_open_to_all_traffic": "ee",
    "highway=track | designation=byway_open_to_all_traffic | tracktype=grade5": "ee",
    "highway=track | designation=byway_open_to_all_traffic | motor_vehicle=no": "--",
    "highway=track | designation=byway_open_to_all_traffic | access=private": "ee",
    "highway=track | designation=byway_open_to_all_traffic | access=no": "--",
    "highway=track | designation=restricted_byway": "--",
    "highway=track | designation=public_bridleway": "--",
    "highway=bridleway | designation=byway_open_to_all_traffic": "--",
    "highway=unclassified | designation=byway_open_to_all_traffic": "xx",
    # Lanes speak where nothing else does, and only if every lane does.
    "highway=primary | motor_vehicle:lanes=no|no": "--",
    "highway=primary | motor_vehicle:lanes=no|yes": "xx",
    "highway=primary | motor_vehicle:lanes=no|": "xx",
    "highway=primary | access:lanes:forward=no": "-x",
    "highway=primary | access:lanes=no|no | motor_vehicle=yes": "xx",
    "highway=primary | motor_vehicle=destination | motor_vehicle:lanes=no|no": "ee",
    # Hours of the road's own.
    "highway=service | opening_hours=Mo-Su 07:00-19:00": "xx",
    "highway=service | opening_hours=Mo-Su 17:00-23:00": "--",
    "highway=service | opening_hours=10:00-14:00": "xx xx --",
    "highway=service | opening_hours=24/7": "xx",
    "highway=service | opening_hours=10:00-14:00 | amenity=parking": "xx",
    "highway=service | opening_hours=by appointment": "xx",
    "highway=tertiary | status=closed": "--",
    # What people write for those who live there.
    "highway=residential | motor_vehicle=no | motor_vehicle:conditional=yes @ residents": "ee",
    "highway=residential | motor_vehicle:conditional=no @ (07:00-10:00); yes @ permit_holders": "xx xx ee",
    "highway=residential | access=no | access:conditional=yes @ destination": "ee",
    "highway=residential | motor_vehicle:conditional=yes @ residents": "xx",
    "highway=residential | motor_vehicle=destination | motor_vehicle:conditional=yes @ permit": "ee",
    "highway=pedestrian | motor_vehicle:conditional=yes @ residents": "ee",
    "highway=pedestrian | motor_vehicle:conditional=yes @ disabled": "--",
    "highway=footway | access:conditional=yes @ residents": "--",
    "highway=residential | motor_vehicle=no | motor_vehicle:conditional=yes @ delivery": "--",
    "highway=residential | motor_vehicle:conditional=no @ (Mo-Fr 08:15-09:15 except permit holders)": "xx xx ee",
    "highway=residential | motor_vehicle:conditional=no @ (Mo-Fr 08:15-09:15 AND !resident)": "xx xx ee",
    "highway=residential | motor_vehicle:conditional=no @ (Mo-Fr 08:15-09:15 AND vehicle!=residents)": "xx xx ee",
    "highway=residential | access:conditional=no @ non-residents": "ee",
    "highway=residential | access:conditional=no @ (10:00-12:00 unless permit)": "xx ee xx",
    "highway=residential | motor_vehicle=access_only": "ee",
    "highway=residential | motor_vehicle=local": "ee",
}


@pytest.mark.parametrize(("tags", "expected"), WAYS.items())
def test_who_drives_a_road_that_is_another_s(tags: str, expected: str) -> None:
    assert told(tags_of(tags)) == expected


@pytest.mark.parametrize(
    "condition",
    [
        AT_SCHOOL,
        f"({AT_SCHOOL}; SH off; PH off)",
        f"({AT_SCHOOL}) AND (SH off)",
        f"({AT_SCHOOL} && SH off)",
        f"({AT_SCHOOL} AND not SH)",
        f'({AT_SCHOOL} "term time only")',
        "(Mo-Fr 08:15-09:15 AND PH,SH off); no @ (Mo-Fr 15:00-16:00 AND PH,SH off)",
        "(Mo-Th 08:15-09:15,15:00-16:00; Fr 08:15-09:15,12:00-13:00)",
        "(8.15am to 9.15am and 3pm to 4pm, school days)",
        "(Mo-Fr 08:15-09:15, 15:00-16:00; Jul 25-Aug 31 off)",
        "((Mo-Fr 08:15-09:15,15:00-16:00); SH off)",
        "(Mo, Tu, We, Th, Fr 08:15-09:15,15:00-16:00)",
        "(M-F 08:15-09:15 excluding school holidays)",
        "(Mo-Fr 08:15-09:15,15:00-16:00; school holidays off)",
        "(Mo-Fr 08:15-09:15,15:00-16:00 AND not school holidays)",
    ],
)
def test_a_school_street_however_its_hours_are_written(condition: str) -> None:
    tags = {"highway": "residential", "motor_vehicle:conditional": f"no @ {condition}"}
    assert told(tags) == "xx xx --"
    assert not _read_tags(tags, USUAL_HOURS).unread


def test_a_school_street_without_hours_is_driven_and_marked() -> None:
    street = {"highway": "residential", "school_street": "yes"}
    assert _read_tags(street, USUAL_HOURS).unread == (SCHOOL_STREET,)
    assert told(street) == "xx"
    assert not _read_tags(street | {"access:conditional": f"no @ ({AT_SCHOOL})"}, USUAL_HOURS).unread


NARROW = {
    "access=no | motorcar:conditional=yes @ (Mo-Su)": ("xx", ()),
    "access=yes | motorcar:conditional=no @ (08:00-09:00)": ("xx xx --", ()),
    "motorcar=yes | access:conditional=no @ (08:00-09:00)": ("xx", ()),
    "motorcar=yes | access:conditional=no @ when lights flash": ("xx", ()),
    "motor_vehicle=no | access:conditional=yes @ (08:00-09:00)": ("--", ()),
    "motor_vehicle=mystery | access:conditional=no @ (08:00-09:00)": ("xx xx --", ("words about access that are not known",)),
    "vehicle=destination | access:conditional=no @ (08:00-09:00) | motor_vehicle:conditional=yes @ (06:00-18:00)": (
        "ee xx xx",
        (),
    ),
    "motor_vehicle:forward=yes | access:forward:conditional=no @ (08:00-09:00)": ("xx", ()),
    "motor_vehicle:forward=yes | access:conditional=no @ (08:00-09:00)": ("xx xx x-", ()),
    "oneway:motorcar=no | oneway:conditional=yes @ (08:00-09:00)": ("xx", ()),
    "oneway=no | oneway:motor_vehicle:conditional=yes @ (Mo-Su)": ("x-", ()),
    "oneway=yes | oneway:conditional=no @ when lights flash": ("x-", (NOT_READ,)),
    "maxspeed:motorcar=30 mph | maxspeed:conditional=20 mph @ when lights flash": ("xx", ()),
    "maxspeed=30 mph | maxspeed:conditional=20 mph @ when lights flash": ("xx", (NOT_READ,)),
}


@pytest.mark.parametrize(("tags", "expected"), NARROW.items())
def test_a_narrow_key_wins_over_a_wide_ones_condition(tags: str, expected: tuple[str, tuple[str, ...]]) -> None:
    """The wide one's condition is then neither asked nor counted as unread."""
    all_tags = {"highway": "residential"} | tags_of(tags)
    assert (told(all_tags), _read_tags(all_tags, USUAL_HOURS).unread) == expected


def test_a_narrow_key_of_a_gate_wins_over_a_wide_ones_condition() -> None:
    gate = {"barrier": "gate", "motor_vehicle": "yes", "access:conditional": "no @ (08:00-09:00)"}
    assert conditional_keys(gate, ("motorcar", "access")) == ()
    assert conditional_keys(gate | {"motorcar:conditional": "no @ (08:00-09:00)"}, ("motorcar", "access")) == ("motorcar",)
    assert read_node(at_moment(gate, USUAL_HOURS.start, ()).tags) is None


@pytest.mark.parametrize(
    ("tags", "expected"),
    [
        ({"restriction:motorcar": "none", "restriction:conditional": "no_left_turn @ when lights flash"}, {}),
        ({"restriction:motorcar": "no_left_turn", "restriction:conditional": "none @ (Mo-Su)"}, {"no_left_turn": 7}),
        ({"restriction": "no_left_turn", "restriction:motorcar:conditional": "none @ (Mo-Su 00:00-24:00)"}, {}),
    ],
)
def test_a_narrow_restriction_wins_over_a_wide_ones_condition(tags: dict[str, str], expected: dict[str, int]) -> None:
    forbidden, unread = restriction_in_force({"type": "restriction"} | tags, USUAL_HOURS)
    assert forbidden == expected
    assert not unread


@pytest.mark.parametrize(
    ("tags", "effect"),
    [
        ({"highway": "bus_gate"}, NodeEffect.BLOCK),
        ({"highway": "bus_gate", "motor_vehicle": "yes"}, None),
        ({"barrier": "bus_trap"}, NodeEffect.BLOCK),
        ({"ford": "yes"}, None),
        ({"ford": "yes", "motor_vehicle": "no"}, NodeEffect.BLOCK),
    ],
)
def test_what_stands_on_a_road_for_others(tags: dict[str, str], effect: NodeEffect | None) -> None:
    found = read_node(tags)
    assert (found[0] if found else None) is effect


def drawn(tmp_path: Path, relation: str = "", node: str = "", way: str = "") -> Path:
    path = tmp_path / "drawn.osm"
    path.write_text(
        f"""<osm version="0.6">
<node id="1" version="1" lat="52.001" lon="-1.000"/><node id="2" version="1" lat="52.002" lon="-1.000">{node}</node>
<node id="3" version="1" lat="52.003" lon="-1.000"/><node id="4" version="1" lat="52.002" lon="-1.001"/>
<way id="1" version="1"><nd ref="1"/><nd ref="2"/><tag k="highway" v="residential"/>{way}</way>
<way id="2" version="1"><nd ref="2"/><nd ref="3"/><tag k="highway" v="residential"/></way>
<way id="3" version="1"><nd ref="2"/><nd ref="4"/><tag k="highway" v="residential"/></way>
<relation id="1" version="1">{relation}<tag k="type" v="restriction"/><tag k="restriction" v="no_left_turn"/></relation></osm>""",
        encoding="utf-8",
    )
    return path


def member(role: str, ref: int, kind: str = "way") -> str:
    return f'<member type="{kind}" ref="{ref}" role="{role}"/>'


FROM, VIA, TO = member("from", 1), member("via", 2, "node"), member("to", 3)
NOWHERE = "turn restrictions that do not say where"


@pytest.mark.parametrize(
    ("members", "left_out"),
    [
        (FROM + VIA + TO, None),
        (member("From", 1) + member(" via ", 2, "node") + member("TO", 3), None),
        (FROM + FROM + VIA + VIA + TO, None),
        (FROM + VIA + TO + member("location_hint", 1, "node"), None),
        (FROM + VIA + TO + member("from", 9, "node"), None),
        ("", NOWHERE),
        (VIA + TO, NOWHERE),
        (FROM + TO, NOWHERE),
        (member("", 1) + member("", 2, "node") + member("", 3), NOWHERE),
        (member("from", 1, "node") + VIA + TO, NOWHERE),
        (FROM + member("via", 7, "relation") + TO, NOWHERE),
        (FROM + VIA + member("via", 7, "relation") + TO, NOWHERE),
        (FROM + member("from", 2) + VIA + TO, AMBIGUOUS),
        (FROM + VIA + TO + member("to", 2), AMBIGUOUS),
        (FROM + VIA + member("via", 2) + TO, AMBIGUOUS),
        (FROM + VIA + member("via", 4, "node") + TO, AMBIGUOUS),
    ],
)
def test_members_of_a_restriction_that_are_odd(tmp_path: Path, members: str, left_out: str | None) -> None:
    roads = read_osm(drawn(tmp_path, relation=members))
    assert [(one.from_way, one.via_node, one.to_way) for one in roads.restrictions] == ([] if left_out else [(1, 2, 3)])
    assert roads.left_out == ({left_out: 1} if left_out else {})


def test_a_ford_that_is_a_node_is_one_on_every_road_through_it(tmp_path: Path) -> None:
    roads = read_osm(drawn(tmp_path, relation=FROM + VIA + TO, node='<tag k="ford" v="yes"/>'))
    assert dict(roads.unread) == dict.fromkeys(range(3), UNDER_WATER)
    assert roads.left_out == {UNDER_WATER: 3}


BY_HOUR = {
    # What stands there when it is not shut, and the scenarios in which it is: free flow 1, by day 2, the school run 4.
    "barrier=gate | opening_hours=07:00-19:00": (None, 0),
    "barrier=gate | opening_hours=10:00-14:00 | access=private": (NodeEffect.PRIVATE_GATE, 4),
    "barrier=gate | opening_hours=by appointment": (None, 0),
    "barrier=bollard | motor_vehicle:conditional=no @ (10:00-14:00)": (None, 2),
    "barrier=rising_bollard | bus=yes | motor_vehicle:conditional=no @ (07:00-10:00)": (None, 4),
    "barrier=rising_bollard | motor_vehicle:conditional=yes @ (10:00-14:00)": (NodeEffect.PRIVATE_GATE, 0),
    "barrier=gate | access=private | access:conditional=yes @ (07:00-19:00)": (None, 0),
    "barrier=gate | access:conditional=no @ (22:00-06:00)": (None, 1),
    "barrier=bollard | motor_vehicle:conditional=delivery @ (06:00-10:00)": (NodeEffect.BLOCK, 0),
    "barrier=gate | locked=yes | motor_vehicle:conditional=delivery @ (06:00-10:00)": (NodeEffect.PRIVATE_GATE, 0),
    "barrier=gate | motor_vehicle=no | opening_hours=08:00-19:00": (NodeEffect.BLOCK, 0),
    "highway=bus_gate | motor_vehicle:conditional=no @ (07:00-10:00)": (None, 4),
    "highway=traffic_signals | opening_hours=07:00-19:00 | amenity=clock": (NodeEffect.SIGNAL, 0),
}


@pytest.mark.parametrize(("tags", "expected"), BY_HOUR.items())
def test_what_is_shut_at_some_hours_stands_open_at_the_others(
    tmp_path: Path, tags: str, expected: tuple[NodeEffect | None, int]
) -> None:
    node = "".join(f'<tag k="{key}" v="{value}"/>' for key, value in tags_of(tags).items())
    roads = read_osm(drawn(tmp_path, relation=FROM + VIA + TO, node=node))
    assert (roads.node_effects.get(2, (None, 0))[0], roads.shut_in.get(2, 0)) == expected


def test_what_a_node_says_and_is_not_read_is_counted_once_and_named_on_its_roads(tmp_path: Path) -> None:
    gate = '<tag k="barrier" v="gate"/><tag k="access:conditional" v="no @ when lights flash"/>'
    roads = read_osm(drawn(tmp_path, relation=FROM + VIA + TO, node=gate))
    assert roads.left_out == {NOT_READ: 1}
    assert dict(roads.unread) == dict.fromkeys(range(3), NOT_READ)


def test_the_hours_of_what_is_shut_anyway_are_not_asked(tmp_path: Path) -> None:
    gate = '<tag k="barrier" v="gate"/><tag k="motor_vehicle" v="no"/><tag k="opening_hours" v="by appointment"/>'
    roads = read_osm(drawn(tmp_path, relation=FROM + VIA + TO, node=gate))
    assert (roads.left_out, dict(roads.unread)) == ({}, {})


def test_a_ford_that_its_road_names_too_is_counted_once(tmp_path: Path) -> None:
    both = read_osm(drawn(tmp_path, relation=FROM + VIA + TO, node='<tag k="highway" v="ford"/>', way='<tag k="ford" v="yes"/>'))
    assert both.left_out == {UNDER_WATER: 3}


def test_a_square_is_no_road(tmp_path: Path) -> None:
    roads = read_osm(drawn(tmp_path, relation=FROM + VIA + TO, way='<tag k="area" v="yes"/>'))
    assert roads.way_ids.tolist() == [2, 3]
