"""The cases of turn restrictions that routing engines test themselves by, drawn anew.

Their sources are the suites of OSRM (`features/car`: restrictions, conditional_restrictions,
multi_via_restrictions, destination, hov, access, barrier), GraphHopper (`RestrictionSetterTest`,
`OSMRestrictionSetterTest`) and Valhalla (`test/gurka`: simple and time-dependent restrictions, access,
accessible barriers, destination only). A drawing has a node a letter, 200 m apart; a way is its
nodes' letters, one way with `>` before them. A rule is a kind, the way it is from, what it is by (a
node, or ways with `+`) and the way it is to. Of each journey the test says whether the way that
would be the quickest without the rules may still be driven (`free`) or not (`barred`: there is a
longer one or none).
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import pytest
from drawn_roads import nodes_of, rule_of, ways_of

from siting.words import Scenario

Draw = Callable[..., Any]
SIGNALS = {"highway": "traffic_signals"}


@dataclass(frozen=True, kw_only=True)
class Case:
    """One drawing with its rules, and what each journey over it must be."""

    drawing: str
    ways: str
    rules: Sequence[str]
    free: str = ""
    barred: str = ""
    signals: str = ""
    tags: Mapping[str, Mapping[str, str]] = field(default_factory=dict)


STAR = """
  n
w j e
  s
"""
STAR_WAYS = ">sj >jn >jw >je"
H = """
  c
     f
  b  g  e
  a     d
"""

CASES: dict[str, Case] = {
    **{
        kind: Case(drawing=STAR, ways=STAR_WAYS, rules=[f"{kind} sj j {to}"], barred=barred, free=free)
        for kind, to, barred, free in (
            ("no_left_turn", "jw", "sw", "sn se"),
            ("no_right_turn", "je", "se", "sn sw"),
            ("no_u_turn", "jw", "sw", "sn se"),
            ("no_weird_zigzags", "jw", "sw", "sn se"),
            ("only_left_turn", "jw", "sn se", "sw"),
            ("only_right_turn", "je", "sn sw", "se"),
            ("only_straight_on", "jn", "sw se", "sn"),
            ("only_weird_zigzags", "jn", "sw se", "sn"),
            ("yield", "jw", "", "sw sn se"),
        )
    },
    "for lorries": Case(drawing=STAR, ways=STAR_WAYS, rules=["no_straight_on sj j jn key=restriction:hgv"], free="sw sn se"),
    "for cars": Case(
        drawing=STAR, ways=STAR_WAYS, rules=["no_straight_on sj j jn key=restriction:motorcar"], free="sw se", barred="sn"
    ),
    "except cars": Case(drawing=STAR, ways=STAR_WAYS, rules=["no_left_turn sj j jw except=motorcar"], free="sw sn se"),
    "except buses": Case(
        drawing=STAR, ways=STAR_WAYS, rules=["no_left_turn sj j jw except=psv;bicycle"], free="sn se", barred="sw"
    ),
    "only, except cars": Case(
        drawing=STAR, ways=STAR_WAYS, rules=["only_straight_on sj j jn except=motorcar"], free="sw sn se"
    ),
    "only into a way that is elsewhere": Case(
        drawing="  n\nw j e r\n  s", ways=STAR_WAYS + " >er", rules=["only_right_on sj j er"], free="sw sn sr"
    ),
    "no straight on along a road": Case(
        drawing="a b j d e\nv w x y z",
        ways="ab bj jd de >av >vw >wx >xy >yz >ze",
        rules=["no_straight_on bj j jd"],
        barred="ae",
    ),
    "no turn where a road runs through": Case(
        drawing="    i\n    fe\nab  cd\n    g\n    h", ways="abc cde efc cgh ei", rules=["no_right_turn abc c cgh"], barred="ah"
    ),
    "several only at one piece": Case(
        drawing="j f b x a e g h\n    c   d",
        ways="fb >xb xa ae cb >cd da fj ge hg",
        rules=["only_straight_on ae a xa", "only_straight_on xb b fb", "only_right_turn cb b xb", "only_right_turn da a ae"],
        free="hj",
        barred="dj",
    ),
    "by way: no right turn": Case(
        drawing=H, ways="ab bc bge de ef", rules=["no_right_turn ab bge de"], barred="ad", free="af cd cf"
    ),
    "by way: no right turn, with signals": Case(
        drawing=H, ways="ab bc bge de ef", rules=["no_right_turn ab bge de"], barred="ad", free="af cd cf", signals="adg"
    ),
    "by way: two over one road": Case(
        drawing=H,
        ways="ab bc bge de ef",
        rules=["no_right_turn ab bge de", "no_left_turn bc bge ef"],
        barred="ad cf",
        free="af cd",
    ),
    "by way: twice the same first road": Case(
        drawing="a  b  c  f\n   i  d\n      e",
        ways="ab bc >cd >ce >cf >fedib",
        rules=["no_right_turn ab bc ce", "no_right_turn ab bc cd"],
        barred="ai",
    ),
    "by way: no turning back over three bridges": Case(
        drawing="a  j\nb  i\nc  h\nd  g\ne  f",
        ways=">ab >bc >cd >de >fg >gh >hi >ij dg ch bi",
        rules=["no_u_turn ab bi ij", "no_u_turn bc ch hi", "no_u_turn fg dg de", "no_u_turn gh ch cd"],
        barred="aj fe",
    ),
    "by way: only left": Case(
        drawing=H, ways="ab bc bge de ef", rules=["only_left_on ab bge ef"], barred="ad ac", free="af cd cf"
    ),
    "by way: only into a way that is not there": Case(
        drawing=H, ways="ab bc bge de ef", rules=["only_right_on ab bge ed"], free="ad af ac cd"
    ),
    "by way: against a one-way road": Case(
        drawing=H, ways="ab bc >bge de ef", rules=["no_left_turn de bge ab"], free="af ad cf"
    ),
    "by way: twice over, at a node and by way": Case(
        drawing=H,
        ways="ab bc bge de ef",
        rules=["no_left_turn bge e ef", "no_right_turn ab bge de", "no_left_turn bc bge ef"],
        barred="ad af cf",
        free="cd",
    ),
    "by ways: one only over another": Case(
        drawing="     e\na  b c d\n   f  g\n   h",
        ways="ab bc cd hf fb gf ce",
        rules=["only_left_turn ab bc ce", "only_u_turn gf fb+bc cd"],
        barred="ad af ge ga",
        free="ae gd he hd ha",
    ),
    **{
        f"by ways: a turn at a node within, {name}": Case(
            drawing="a 1 b 2 c 3 d e 4 f 5 g\n              7   8   9\nx             h   i   j",
            ways=">a1b >b2c >c3d >de >e4f >f5g >e7h >f8i >g9j >ih >ji >hx",
            rules=rules,
            barred=barred,
            free=free,
        )
        for name, rules, barred, free in (
            (
                "always",
                ["no_right_turn a1b b2c+c3d+de+e4f f8i", "no_right_turn de e e7h"],
                "ax 1x 2x 3x",
                "4x 5x 7x 8x 9x",
            ),
            ("by ways too", ["no_right_turn a1b b2c+c3d+de+e4f f8i", "no_right_turn b2c c3d+de e7h"], "1x 2x", "3x 4x 5x 7x"),
        )
    },
    "by ways: one only begins within another": Case(
        drawing="a   f       j\nb d e 1 i 2 k m\nc   g       l",
        ways=">ab >cb >bd >de >ef >eg >e1i >i2k >kj >kl >km",
        rules=["only_straight_on ab bd+de e1i", "only_straight_on de e1i+i2k km"],
        barred="af ag aj al cf cg cj cl",
        free="am cm 1j 1l 1m 2j",
    ),
    "by ways: between which others lead off": Case(
        drawing="a b c d e f g h\n    i   j   k",
        ways=">ab >bcd >defg >ci >ej >gh >gk",
        rules=["only_straight_on ab bcd+defg gh"],
        barred="ak ai aj",
        free="ah",
    ),
    "by way: into the middle of a long road": Case(
        drawing="a b c d e f g h i j k l\n    m   n   o   p   q",
        ways=">abcdefg >ghi >ijkl >cm >en >go >ip >kq",
        rules=["only_straight_on abcdefg ghi ijkl"],
        barred="ap ao",
        free="al aq am",
    ),
    "by way: the short way is forbidden": Case(
        drawing="a                  b\nc d e f", ways="ac ab bf cd de ef", rules=["no_straight_on ac cd de"], barred="ae af"
    ),
    "by ways: no turning back at a large crossing": Case(
        drawing="    a b\nc   d e   f\ng   h i   j\n    k l",
        ways=">ad >eb >fe >ij >li >hk >gh >dc >dh >hi >ie >ed",
        rules=["no_u_turn ad dh+hi ie", "no_u_turn li ie+ed dh"],
        barred="ab lk",
        free="ac ak aj fb fc fk fj lb lc lj gb gc gk gj",
    ),
    "by ways: with roads for buses across": Case(
        drawing="    a   b\nc   d e f   g\n    h\ni   j k lm  n\n    o   p".replace("k lm", "klm "),
        ways=">ad >fb >gf >mn >pm >jo >ij >dc >dh >hj >jkl >lm >mf >fe >ed",
        rules=["no_u_turn hj jkl+lm mf", "no_u_turn lm mf fe", "no_u_turn mf fe+ed dh", "no_u_turn ed dh+hj jkl"],
        barred="ab ic po gn",
        free="ac ao an ib io in pb pc pn gb gc go",
    ),
    "by ways: some of them twice": Case(
        drawing="    a b\nc   d e   f\ng   h i   j\n    k l",
        ways=">da >be >ef >ji >il >kh >hg >cd >hd >ih >ei >de",
        rules=[
            "no_u_turn be ei+ih hd", "no_u_turn ji ih+hd de", "no_u_turn kh hd+de ei", "no_u_turn cd de+ei ih",
            "no_u_turn hd de ei", "no_u_turn de ei ih", "no_u_turn ei ih hd", "no_u_turn ei ih+hd de", "no_u_turn ih hd de",
            "no_u_turn ih hd+de ei",
        ],
        barred="ba jf kl cg",
        free="bg bl bf ja jg jl ka kg kf ca cl cf",
        signals="dehi",
    ),
    "by ways: at signals into a side road": Case(
        drawing="e d\nf c g\nh b i\n  a",
        ways="ab bc cd de >hb >bi >gc >cf",
        rules=["no_left_turn ab bc+cd de"],
        barred="ae",
        free="af ai",
        signals="bc",
    ),
    "by ways: past the main road": Case(
        drawing="a b c d e f\n  g h i j\n      k",
        ways=">ab >bc >cd >de >ef >bg >gh >hi >ij >fj >jk",
        rules=["no_right_turn ab bg+gh+hi+ij jk"],
        barred="ak",
    ),
    "by ways: round a block and on": Case(
        drawing="  e d\na b c\n  f",
        ways=">ab >bc >cd >deb >bf",
        rules=["no_u_turn ab bc+cd+deb bf", "only_straight_on ab b bc", "no_left_turn deb b bc"],
        barred="af",
    ),
    "by ways: except cars": Case(
        drawing="a b c d e", ways=">ab >bc >cd >de", rules=["no_straight_on ab bc+cd de except=motorcar"], free="ae"
    ),
    "by ways: except others": Case(
        drawing="a b c d e", ways=">ab >bc >cd >de", rules=["no_straight_on ab bc+cd de except=psv;emergency"], barred="ae"
    ),
    "by ways: from a road that runs through": Case(
        drawing="a\nb d e\nc   f", ways="abc bd de ef", rules=["no_right_turn abc bd+de ef", "no_right_turn ef de+bd abc"],
        free="af fa cf fc",
    ),
    "by ways: by a road that runs on": Case(
        drawing="a\nb d e c\n    f", ways="ab bd dec ef", rules=["no_right_turn ab bd+dec ef", "no_right_turn ef dec+bd ab"],
        free="af fa",
    ),
    "by ways: that do not meet": Case(
        drawing="a b c d e f",
        ways=">ab >bc >cd >de >ef",
        rules=["no_straight_on ab cd+de ef", "no_straight_on ab bc+de ef", "no_straight_on ab bc+cd ef",
            "no_straight_on ef de+cd bc"],
        free="af",
    ),
    "by way: a road for those who come from elsewhere": Case(
        drawing="    4\n0 1 2 3\n  5 6\n  8 9",
        ways="01 12 23 24 15 58 26 69 89",
        rules=["no_straight_on 01 12 23"],
        barred="03",
        free="04",
    ),
    "by way: one after the other": Case(
        drawing="0 1 2 3 4\n  5 6 7",
        ways="01 12 23 34 15 26 37",
        rules=["no_straight_on 01 12 23", "no_straight_on 12 23 34"],
        barred="03 04 07 54",
        free="06 56 57 64 67",
    ),
    "by way: round a square": Case(
        drawing="  0 1\n2 3 4 5\n6 7 8 9\n  a b",
        ways="03 14 23 34 45 37 48 67 78 89 7a 8b ab",
        rules=[
            "no_left_turn 45 4 48", "no_left_turn 03 3 34", "no_left_turn 34 37 78", "no_left_turn 37 78 48",
            "no_left_turn 78 48 34", "no_left_turn 48 34 37",
        ],
        barred="59",
        free="09 52 0a 69",
    ),
    "by way: one road both ways": Case(
        drawing="0 1 2\n3 4 5",
        ways="01 12 14 34 45",
        rules=["no_u_turn 12 14 45", "no_u_turn 34 14 01"],
        barred="25 30",
        free="02 05 03 20 23 32 35 50 52 53",
    ),
    "by way: there and back": Case(
        drawing="0 1 2 3", ways="01 12 23", rules=["no_straight_on 01 12 23", "no_straight_on 23 12 01"], barred="03 30"
    ),
    "by way: one road one way": Case(
        drawing="0 1 2\n3 4 5",
        ways="01 12 14 34 45",
        rules=["no_u_turn 01 14 34", "no_u_turn 12 14 45"],
        barred="03 25",
        free="30 52 02 05 23",
    ),
    "by ways: four, three": Case(
        drawing="0 1 2\n  3 4\n5 6 7", ways="01 12 13 24 34 36 56 67", rules=["no_right_turn 01 13+36 56"], barred="05", free="07"
    ),
    "by ways: one within the other": Case(
        drawing="0 1 2 3 4\n  5 6",
        ways="01 12 23 34 15 26",
        rules=["no_u_turn 15 12 26", "no_straight_on 01 12+23 34"],
        barred="56 04",
        free="06 54",
    ),
    "by way: several starts and goals": Case(
        drawing="    7\n0 1 2 3\n  5 4",
        ways="01 12 23 15 24 27",
        rules=["no_straight_on 01 12 23", "no_left_turn 15 12 27", "no_right_turn 01 12 24", "no_right_turn 15 12 24"],
        barred="03 04 54 57",
        free="07 53 74",
    ),
    "by way: round a circle at last": Case(
        drawing="  0\n1   2 3\n4", ways=">41 >10 >02 >21 >23", rules=["no_straight_on 41 10+02 23"], barred="43"
    ),
    "by way: only, with others at its end": Case(
        drawing="  0\n1 2 3\n4 5 6\n  7",
        ways="12 02 23 25 45 57 56",
        rules=["only_straight_on 12 25 57", "no_right_turn 25 5 45", "no_right_turn 45 5 57"],
        barred="13 14 16",
        free="17 06 07",
    ),
    "by way: two only over one road": Case(
        drawing="0 1 2 3\n5     4",
        ways="01 51 12 23 24",
        rules=["only_straight_on 01 12 23", "only_straight_on 51 12 24"],
        barred="53 04",
        free="03 54 30 35 40 45",
    ),
    "by way: two only over one road, each its way": Case(
        drawing="0 1 2 3\n5     4",
        ways="01 51 12 23 24",
        rules=["only_straight_on 01 12 23", "only_straight_on 24 12 51"],
        barred="04 05 40 43",
        free="03 30 34 35 45 50 53 54",
    ),
    "by way: a no and an only that overlap": Case(
        drawing="    3\n0 1 2 4\n      5",
        ways="01 12 23 24 45",
        rules=["no_left_turn 01 12 23", "only_straight_on 12 24 45"],
        barred="03",
        free="05",
    ),
    "by ways: only": Case(
        drawing="0 1 2 3\n  4 5 6", ways="01 12 23 14 25 36 45 56", rules=["only_straight_on 01 12+23 36"],
        barred="04 05", free="06"
    ),
    "a road that is left the long way": Case(
        drawing="A 1 B C\nD   E F\nG H 2 I",
        ways="A1B BC DEF GH2I ADG BE",
        rules=["no_left_turn BC B BE"],
        barred="CF",
        free="FC 1F",
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", list(CASES))
def test_turn_restrictions(draw: Draw, name: str) -> None:
    case = CASES[name]
    nodes, ways = nodes_of(case.drawing), ways_of(case.ways)
    rules = [rule_of(rule, [way for way, _ in ways]) for rule in case.rules]
    signals = dict.fromkeys(case.signals, SIGNALS)
    open_net, bound = draw(nodes, ways, node_tags=signals), draw(nodes, ways, rules, node_tags=signals)
    for journeys, is_free in ((case.free, True), (case.barred, False)):
        for start, goal in journeys.split():
            before, after = open_net.seconds(start, goal), bound.seconds(start, goal)
            assert before < float("inf"), f"{start} to {goal} is no journey"
            assert (after == before) if is_free else (after > before + 1), f"{start} to {goal}"


def private_or_open(barrier: str) -> dict[str, dict[str, str]]:
    return {"1": {"barrier": barrier, "access": "private"}, "2": {"barrier": barrier, "access": "yes"}}


AROUND: dict[str, Case] = {
    "through a road for those who go there": Case(
        drawing="a b c d e\nx       y",
        ways="ab bcd de axye",
        rules=[],
        tags={"bcd": {"access": "destination"}},
        free="ab ac ad ed ec",
        barred="ae ea",
    ),
    "through two such roads": Case(
        drawing="a b c d e\nx       y",
        ways="ab bc cd de axye",
        rules=[],
        tags={"bc": {"access": "destination"}, "cd": {"access": "destination"}},
        free="ab ac ad ed ec",
        barred="ae ea",
    ),
    "within an estate of such roads": Case(
        drawing="a   c   e\n  b   d\nx       y",
        ways="ab bc cd de axye",
        rules=[],
        tags={way: {"access": "destination"} for way in ("ab", "bc", "cd", "de")},
        free="bd db",
    ),
    "round a road that becomes one": Case(
        drawing="b\ne d   c i\n          h a\n          g",
        ways="ah ihg eg ic cde eb",
        rules=[],
        tags={"cde": {"access": "destination"}},
        free="bd ad",
        barred="ib bi",
    ),
    "a house at the end of its own road": Case(
        drawing="a   c   b\n    1\n    d   e",
        ways="acbe c1d de",
        rules=[],
        tags={"c1d": {"access": "destination"}},
        free="a1 1a e1",
        barred="da",
    ),
    "by a private road and one for those who go there": Case(
        drawing="a b c d e\n  i h g f",
        ways="ab bc cd de ef fg gh hi dg bi",
        rules=[],
        tags={"dg": {"motor_vehicle": "destination"}, "bi": {"access": "private"}},
        free="ac ae",
        barred="ah ag",
    ),
    "by a road that is only that for lorries": Case(
        drawing="a b c d e\n  i h g f",
        ways="ab bc cd de ef fg gh hi dg",
        rules=[],
        tags={"dg": {"hgv": "destination"}},
        free="ai ag",
    ),
    "past places that are shut to cars": Case(
        drawing="a b c d     e\n  f   g     h\n  i j k     l",
        ways="ab bc cd de bf dg eh fi gk hl ij jk kl",
        rules=[],
        tags={"f": {"motor_vehicle": "no"}, "g": {"motorcar": "no"}},
        free="al",
        barred="ai aj",
    ),
    "into a road that is one way by its access": Case(
        drawing="a b c d e\n    f   g",
        ways="abcde cf fg eg",
        rules=[],
        tags={"cf": {"motor_vehicle:forward": "no", "motor_vehicle:backward": "yes"}, "eg": {"motor_vehicle:backward": "no"}},
        free="dg gf fa",
        barred="cf af ge",
    ),
    **{
        f"past {name}": Case(drawing="c 2 d\na 1 b", ways="ac2 2db a1 1b", rules=[], tags=tags, free=free, barred=barred)
        for name, tags, free, barred in (
            ("a gate that is shut", {"1": {"barrier": "gate", "access": "no"}}, "", "ab"),
            ("a gate that is open", {"1": {"barrier": "gate", "access": "yes"}}, "ab", ""),
            ("a gate that is open to vehicles", {"1": {"barrier": "gate", "motor_vehicle": "yes"}}, "ab", ""),
            ("a gate, or round by none", {"1": {"barrier": "gate"}}, "", "ab"),
            ("a private gate, or round by an open one", private_or_open("gate"), "", "ab"),
            ("a private bollard, or round by an open one", private_or_open("bollard"), "", "ab"),
            ("a bollard", {"1": {"barrier": "bollard"}}, "", "ab"),
            ("a lift gate for bicycles", {"1": {"barrier": "lift_gate", "access": "no", "bicycle": "yes"}}, "", "ab"),
        )
    },
}  # fmt: skip


@pytest.mark.parametrize("name", list(AROUND))
def test_ways_round(draw: Draw, name: str) -> None:
    """The way that would be the quickest without the tags is `free` or `barred`."""
    case = AROUND[name]
    nodes, ways = nodes_of(case.drawing), ways_of(case.ways)
    tagged = [(way, tags | case.tags.get(way, {})) for way, tags in ways]
    node_tags = {letter: tags for letter, tags in case.tags.items() if letter in nodes}
    open_net, bound = draw(nodes, ways), draw(nodes, tagged, node_tags=node_tags)
    for journeys, is_free in ((case.free, True), (case.barred, False)):
        for start, goal in journeys.split():
            before, after = open_net.seconds(start, goal), bound.seconds(start, goal)
            assert (after == before) if is_free else (after > before + 1), f"{start} to {goal}"


@pytest.mark.parametrize(
    ("rule", "barred_in"),
    [
        ("only_right_turn ej j nj @has_pygmies_>_10_p", ""),
        ("no_right_turn ej j nj @Mo-Fr_07:00-13:00", "typical school_run"),
        ("no_right_turn ej j nj @Mo-Su_16:00-20:00", ""),
        ("no_right_turn ej j nj @Mo-Fr_07:00-11:00,16:00-18:30", "school_run"),
        ("no_right_turn ej j nj @Mo-Su_00:00-23:59", "free_flow typical school_run"),
        ("no_right_turn ej j nj @Sa-Su_07:00-14:00", ""),
        ("only_straight_on ej j jp @Mo-Fr_07:00-16:00", "typical school_run"),
        ("only_straight_on ej j jp @Mo-Fr_07:00-16:00 except=motorcar", ""),
    ],
)
def test_turn_restrictions_by_the_hour(draw: Draw, rule: str, barred_in: str) -> None:
    nodes, ways = nodes_of("  n\np j e\n  s"), ways_of("nj js ej jp")
    open_net, bound = draw(nodes, ways), draw(nodes, ways, [rule_of(rule, [way for way, _ in ways])])
    for scenario in Scenario:
        before, after = (net.seconds("e", "n", scenario) for net in (open_net, bound))
        assert (after > before + 1) if scenario.value in barred_in.split() else (after == before), scenario
