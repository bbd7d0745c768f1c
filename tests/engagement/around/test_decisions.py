"""Whoever must be left alone is: a decision is matched under any spelling, or refused."""

from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engagement.around.address_kinds import AddressKind
from engagement.around.addresses import Address
from engagement.around.decisions import (
    BY_THE_LEAD,
    ELSEWHERE,
    Decided,
    Decision,
    forgotten,
    in_force,
    rank_of_mark,
    with_others,
)
from engagement.around.decisions_file import COLUMNS, read_decisions, read_table, whole_number, write_decision
from engagement.around.same_address import is_exactly, may_be, parts_of, resolve_address
from siting.faults import InputFaultsError, UsageError


def entry(number: str, street: str = "Station Road", *, flat: str = "", x: float = 0.0, y: float = 0.0, **more: str) -> Address:
    return Address(
        key=more.get("key", f"{flat}|{number}|{street}|{x}|{y}"), uprn=more.get("uprn"), parent_uprn=None,
        text=more.get("text", ""),
        sub_building=flat, building_name=more.get("name", ""), number=number, street=street, town=more.get("town", "Marlow"),
        postcode=more.get("postcode", "SL7 1QN"), x_m=x, y_m=y, kind=AddressKind(None, premises=False),
    )  # fmt: skip


STREET = [
    *(entry(str(n), x=10.0 * n, uprn=str(99_000_000_000 + n)) for n in (2, 4, 12, 14, 20)),
    entry("12A", x=125, uprn="99000000112"),
    entry("12", "Station Road East", x=400, uprn="99000000212", postcode="SL7 1QP"),
    entry("9", flat="Flat 1", x=300, uprn="99000000901"),
    entry("9", flat="Flat 2", x=300, uprn="99000000902"),
]


@pytest.mark.parametrize(
    ("text", "uprn"),
    [
        ("99000000012", "99000000012"), ("099000000012", "99000000012"), ("12 Station Road", "99000000012"),
        ("12 station rd., Marlow", "99000000012"), ("12, Station Road, MARLOW, sl71qn", "99000000012"),
        ("12a Station Road", "99000000112"), ("12 A Station Road", "99000000112"), ("Flat 2, 9 Station Road", "99000000902"),
        ("Apartment 2, 9 Station Rd, SL7 1QN", "99000000902"), ("12 Station Road East", "99000000212"),
    ],
)  # fmt: skip
def test_an_address_is_found_as_people_write_it(text: str, uprn: str) -> None:
    assert resolve_address(text, STREET, "H1").uprn == uprn


@pytest.mark.parametrize(
    ("text", "words"),
    [("99 Nowhere Street", "No address"), ("9 Station Road", "No address"), ("990000000129", "No address"), ("", "which"),
     ("9.9E+10", "Excel"), ("Flat", "several"), ("12 Station Road, SL7 9ZZ", "No address"), ("Station Road", "No address")],
)  # fmt: skip
def test_none_and_several_are_refused(text: str, words: str) -> None:
    with pytest.raises(UsageError, match=words):
        resolve_address(text, [*STREET, entry("", name="Flat Farm", x=5), entry("", name="Flat House", x=9)], "H1")


def test_a_saint_and_a_street_are_two_words() -> None:
    two = [entry("5", "St Johns Street", x=1), entry("5", "St Johns Close", x=2)]
    with pytest.raises(UsageError, match="several"):
        resolve_address("5 St Johns", two, "H1")
    assert resolve_address("5 Saint Johns St", two, "H1") is two[0]


def test_an_address_is_known_by_its_welsh_too() -> None:
    house = replace(entry("16", "Kings Road"), welsh="16 Ffordd y Brenin, Casnewydd, SL7 1QN")
    assert resolve_address("16 Ffordd y Brenin", [*STREET, house], "H1") is house
    assert list(in_force([removal(address="16 Ffordd y Brenin, Casnewydd")], [*STREET, house])[0]) == [house.key]


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("12 Station Rd", "12 STATION ROAD, MARLOW, BUCKINGHAMSHIRE, SL7 1QN", True),
        ("St John's, Church St", "Saint Johns, Church Street, Marlow", True),
        ("Flat A, 12 High Street", "Flat B, 12 High Street", False),
        ("Flat A, 12 High Street", "12 High Street", False),
        ("Ground floor flat, 3 Hill View", "First floor flat, 3 Hill View", False),
        ("1 High Street, Marlow", "1 High Street, Reading", False),
        ("1 High Street, SL7 1QN", "1 High Street, SL7 1QP", False),
        ("22-29 Williams Close", "22 Williams Close", False),
        ("Tŷ Mawr", "Ty Mawr, Heol Fawr", True),
        ("11 High Street", "1 High Street", False),
        ("5 St Johns", "5 St Johns St", True),
        ("5 Saint Johns Street", "5 St. John's St", True),
        ("5 High St, St Albans", "5 High Street St Albans", True),
    ],
)
def test_two_spellings_of_one_address(one: str, other: str, same: bool) -> None:
    assert may_be(parts_of(one), parts_of(other)) == same
    assert may_be(parts_of(other), parts_of(one)) == same
    assert is_exactly(parts_of(one), parts_of(one))


def removal(**known: object) -> Decided:
    return Decided(home_id="H1", decision=Decision.REMOVE, reason="a reason", **known)  # type: ignore[arg-type]


HOUSE = STREET[2]
LATER_FILES = {
    "the same": HOUSE,
    "another spelling": entry("12", "STATION RD", x=120, uprn=HOUSE.uprn, text="12 STATION RD MARLOW BUCKS SL7 1QN"),
    "no numbers": entry("12", x=120),
    "no numbers, in capitals, a metre off": entry("12", "STATION ROAD", x=121, y=0.5),
    "only a number": entry("", "", x=120, uprn=HOUSE.uprn, postcode="", town=""),
    "another number for it": entry("12", x=120, uprn="99000077777"),
    "another name of the street": entry("12", "Heol yr Orsaf", x=122, town="", postcode=""),
    "no words at all": entry("", "", x=120.4, postcode="", town=""),
    "the middle of the building": entry("12", "Station Road", x=126, y=8, postcode=""),
}


@pytest.mark.parametrize("later", LATER_FILES.values(), ids=LATER_FILES)
@pytest.mark.parametrize("keep", ["everything", "the text", "the place and the text", "a mark"])
def test_who_is_left_alone_stays_so_under_a_later_address_file(later: Address, keep: str) -> None:
    given = {
        "everything": removal(uprn=HOUSE.uprn, address=HOUSE.written, place=(120.0, 0.0)),
        "the place and the text": removal(address=HOUSE.written, place=(120.0, 0.0)),
        "the text": removal(address="12 Station Road, Marlow"),
        "a mark": forgotten(removal(), HOUSE, "2027-01-01"),
    }[keep]
    street = [later if a is HOUSE else a for a in STREET]
    found, faults = in_force([given], street)
    knowable = keep in {"everything", "the place and the text"} or (later.street.casefold()[:7] == "station" and later.number)
    if keep == "a mark":
        knowable = knowable or bool(later.uprn == HOUSE.uprn)
    if knowable:
        assert list(found) == [later.key]
        assert not faults
    else:
        # What cannot be matched is refused: it is never passed over.
        assert [later.key] == list(found) or faults


def test_a_decision_that_matches_nobody_or_several_is_a_fault_until_it_is_taken_back() -> None:
    lost, vague = removal(address="99 Nowhere Street", row=2), removal(address="Station Road", row=3)
    found, faults = in_force([lost, vague], STREET)
    assert not found
    assert [fault.row for fault in faults] == [2, 3]
    assert not any("reason" in str(fault) or "Nowhere" in str(fault) for fault in faults)
    back = Decided(home_id="H1", decision=Decision.AUTOMATIC, address="99 Nowhere Street", reason="mistyped", row=4)
    assert [fault.row for fault in in_force([lost, vague, back], STREET)[1]] == [3]


def test_a_number_and_an_address_of_two_properties_are_refused() -> None:
    wrong = removal(uprn="99000000014", address="12 Station Road, Marlow", row=2)
    found, faults = in_force([wrong], STREET)
    assert not found
    assert "two properties" in str(faults[0])


def test_so_they_are_where_the_place_lies_between_the_two() -> None:
    """Next door lies so near that the place alone tells nothing."""
    wrong = removal(uprn="99000000014", address="12 Station Road, Marlow", place=(120.0, 0.0), row=2)
    assert "two properties" in str(in_force([wrong], STREET)[1][0])
    # The same property with another name, and nobody else of that name, is known by its number.
    renamed = removal(uprn="99000000014", address="The Forge, Marlow", place=(140.0, 0.0), row=2)
    assert list(in_force([renamed], STREET)[0]) == [STREET[3].key]


@pytest.mark.parametrize("keep", ["the number", "a mark"])
@pytest.mark.parametrize("known_by", ["their parent", "its class"])
def test_a_house_that_is_a_building_of_flats_in_the_next_file_is_asked_about(keep: str, known_by: str) -> None:
    kind = AddressKind("a parent shell, whose flats are listed themselves", premises=False)
    if known_by == "its class":
        later = [replace(HOUSE, kind=kind)]
    else:
        flats = [entry("12", flat=f"Flat {n}", x=120, uprn=str(99_000_001_200 + n)) for n in (1, 2)]
        later = [HOUSE, *(replace(flat, parent_uprn=HOUSE.uprn) for flat in flats)]
    given = forgotten(removal(), HOUSE, "2027-01-01") if keep == "a mark" else removal(uprn=HOUSE.uprn, address=HOUSE.written)
    assert "households are listed themselves" in str(in_force([given], [a for a in STREET if a is not HOUSE] + later)[1][0])


def test_the_later_decision_counts_and_an_opt_out_before_both() -> None:
    add = Decided(home_id="H1", decision=Decision.ADD, address="12 Station Road", reason="asked to come")
    out = Decided(home_id="H1", decision=Decision.REMOVE, uprn=HOUSE.uprn, opted_out=True)
    assert in_force([removal(uprn=HOUSE.uprn), add], STREET)[0][HOUSE.key].decision is Decision.ADD
    assert in_force([add, removal(uprn=HOUSE.uprn)], STREET)[0][HOUSE.key].decision is Decision.REMOVE
    assert in_force([out, add], STREET)[0][HOUSE.key].decision is Decision.REMOVE


def test_the_same_door_in_a_list_of_one_s_own_is_left_alone_too() -> None:
    again = entry("12", x=121, key="own list")
    assert set(in_force([removal(uprn=HOUSE.uprn)], [*STREET, again])[0]) == {HOUSE.key, "own list"}


def test_a_number_at_two_places_is_left_alone_at_both() -> None:
    again = entry("", "", x=900, uprn=HOUSE.uprn, key="second place")
    assert set(in_force([removal(uprn=HOUSE.uprn)], [*STREET, again])[0]) == {HOUSE.key, "second place"}


def test_a_mark_tells_nobody_of_whom_it_is_and_is_no_neighbour_s() -> None:
    bare = forgotten(removal(uprn=HOUSE.uprn, address=HOUSE.written), HOUSE, "2027-01-01")
    assert "990" not in bare.mark.replace(":", " ") or HOUSE.uprn not in bare.mark
    assert (bare.uprn, bare.address, bare.place, bare.who) == (None, "", None, "")
    assert [a.key for a in STREET if rank_of_mark(bare.mark, a) is not None] == [HOUSE.key]


ROW = 'X,H1,12 Station Road,"asked, twice",JS\n'


@pytest.mark.parametrize(
    "content",
    [
        "date,home_id,address_key,decision,reason,who\n2027-01-02,H1,12 Station Road,remove,Tŷ says no,JS\n".encode(),
        "\ufeffdate,home_id,address_key,decision,reason,who\r\n2027-01-02,H1,12 Station Road,remove,Tŷ says no,JS\r\n".encode(),
        "reason;decision;who;Address_Key;Home_ID;date\r\ncafé closed;REMOVE;JS;12 Station Road;H1;02/01/2027\r\n".encode(
            "cp1252"
        ),
        b"sep=;\r\ndate;home_id;address_key;decision;reason;who\r\n;;;;;\r\n\r\n2027;H1;12 Station Road;remove;asked;JS;;\r\n",
        b"date\thome_id\taddress_key\tdecision\treason\twho\n\n2027\tH1\t12 Station Road\tremove\tasked\tJS",
        b"home_id,address,decision,reason\nH1,12 Station Road,remove,asked",
        "home_id\taddress\tdecision\treason\nH1\t12 Station Road\t remove\u00a0\tasked\n".encode("utf-16"),
    ],
)
def test_the_file_as_excel_saves_it(content: bytes, tmp_path: Path) -> None:
    path = tmp_path / "decisions.csv"
    path.write_bytes(content)
    (one,) = read_decisions(path)
    assert (one.home_id, one.address, one.decision) == ("H1", "12 Station Road", Decision.REMOVE)
    write_decision(
        path, Decided(home_id="H2", decision=Decision.REMOVE, uprn="7", address="Café", reason="asked", date="d", who="B")
    )
    first, second = read_decisions(path)
    assert (first.address, first.reason, first.who) == (one.address, one.reason, one.who)
    assert (second.uprn, second.address, second.reason) == ("7", "Café", "asked")
    assert "000000000007" in path.read_text(encoding="utf-8-sig")


@pytest.mark.parametrize(
    "written",
    [
        "099000000012",
        "99 000 000 012",
        "'99000000012",
        "99000000012.0",
        '"=""99000000012"""',
        '"99,000,000,012"',
        "UPRN 99000000012",
    ],
)
def test_a_number_is_read_in_the_ways_that_keep_excel_from_spoiling_it(written: str, tmp_path: Path) -> None:
    path = tmp_path / "decisions.csv"
    path.write_text(f"home_id,address_key,decision,reason\nH1,{written},remove,asked\n", encoding="utf-8")
    (one,) = read_decisions(path)
    assert (one.uprn, one.address) == ("99000000012", "")


@pytest.mark.parametrize(("content", "words"), [(b"", "empty"), (b"\r\n\r\n", "empty"), (b"PK\x03\x04...", "workbook")])
def test_a_file_that_lost_its_rows_is_no_file_without_decisions(content: bytes, words: str, tmp_path: Path) -> None:
    path = tmp_path / "decisions.csv"
    path.write_bytes(content)
    with pytest.raises(InputFaultsError, match=words):
        read_decisions(path)
    with pytest.raises(InputFaultsError, match=words):
        write_decision(path, removal(uprn="7"))
    assert path.read_bytes() == content


@pytest.mark.parametrize(
    ("lines", "words"),
    [
        ('2027,H1,12 Station Road,remove,"asked,JS\n2027,H1,14 Station Road,remove,asked,JS\n', "quotation mark"),
        ('2027,H1,12 Station Road,remove,"asked,JS\n2027,H1,14 Station Road,remove,"asked",JS\n', "quotation mark"),
        ("2027,H1,12 Station Road, Marlow,remove,asked,JS\n", "quotation mark|not known"),
        ("2027,H1,9.9E+11,remove,asked,JS\n", "Excel"),
        ("2027,H1,,remove,asked,JS\n", "empty"),
        ("2027,,12 Station Road,remove,asked,JS\n", "empty"),
        ("2027,H1,12 Station Road,remo", "not known"),
        ("2027,H1,12 Station Road,remove,,JS\n", "empty"),
    ],
)
def test_nothing_is_taken_from_a_torn_file_and_nothing_is_appended_to_it(lines: str, words: str, tmp_path: Path) -> None:
    path = tmp_path / "decisions.csv"
    path.write_text("date,home_id,address_key,decision,reason,who\n" + lines, encoding="utf-8")
    before = path.read_bytes()
    with pytest.raises(InputFaultsError, match=words) as told:
        read_decisions(path)
    assert all(fault.row in {2, 3} for fault in told.value.faults)
    with pytest.raises(InputFaultsError):
        write_decision(path, removal(uprn="7"))
    assert path.read_bytes() == before


def test_a_number_with_an_exponent_is_taken_where_no_figure_was_lost() -> None:
    assert whole_number("9.90000003002E+11") == "990000003002"
    assert whole_number("9.9E+11") is None
    assert whole_number("9.90000E+11") is None
    assert whole_number("9,90000003002E+11") == "990000003002"


@given(st.text(alphabet=st.characters(codec="utf-8", exclude_categories=["Cs", "Cc"]), max_size=30))
def test_whatever_is_written_is_read_back(tmp_path_factory: pytest.TempPathFactory, text: str) -> None:
    path = tmp_path_factory.mktemp("d") / "decisions.csv"
    tidy = " ".join(text.split()) or "x"
    written = Decided(home_id="H1", decision=Decision.REMOVE, uprn="12", address=tidy, reason=tidy, place=(1.25, 2.5))
    write_decision(path, written)
    (back,) = read_decisions(path)
    assert (back.address, back.reason, back.place, back.uprn) == (tidy, tidy, (1.25, 2.5), "12")
    assert read_table(path).names == COLUMNS


NAMED = [
    *(entry(str(n), x=10.0 * n, uprn=str(n)) for n in (1, 12, 14)),
    entry("", name="Electricity Sub Station", x=200, uprn="201"),
    entry("", name="Mill House", x=220, uprn="221"),
]


@pytest.mark.parametrize("text", ["Station Road", "Station Road, Marlow", "station rd", "Station", "Sub Station", "House"])
def test_a_street_or_a_part_of_a_name_is_never_taken_for_the_one_house_without_a_number(text: str) -> None:
    with pytest.raises(UsageError):
        resolve_address(text, NAMED, "H1")


@pytest.mark.parametrize(
    ("text", "uprn"), [("Electricity Sub Station", "201"), ("Mill House", "221"), ("mill house, station road", "221")]
)
def test_a_house_is_known_by_the_whole_of_its_name(text: str, uprn: str) -> None:
    assert resolve_address(text, NAMED, "H1").uprn == uprn


@pytest.mark.parametrize("without_a_number", ["Station Road, Marlow", "Sub Station, Station Road"])
def test_so_it_is_where_an_address_stands_on_one_line(without_a_number: str) -> None:
    lines = ["12 Station Road, Marlow", without_a_number]
    listed = [entry("", "", x=20.0 * at, text=line, town="", postcode="", uprn=str(at + 1)) for at, line in enumerate(lines)]
    with pytest.raises(UsageError):
        resolve_address("Station Road", listed, "H1")
    assert resolve_address(lines[0], listed, "H1").uprn == "1"


def test_a_mark_takes_nobody_else_with_that_number_in_the_postcode() -> None:
    bare = forgotten(removal(uprn=HOUSE.uprn, address=HOUSE.written), HOUSE, "2027-01-01")
    elsewhere = entry("12", "Signal Way", x=160, y=60, uprn="99000000777")
    assert set(in_force([bare], [*STREET, elsewhere])[0]) == {HOUSE.key}
    unnumbered = [entry("12", x=121, y=1), entry("12", "Signal Way", x=160, y=60), entry("14", x=140)]
    assert set(in_force([bare], unnumbered)[0]) == {unnumbered[0].key}


def test_who_is_left_alone_at_one_home_is_so_at_the_next() -> None:
    key, other = HOUSE.key, "another"
    gone = removal(uprn=HOUSE.uprn)
    out = replace(gone, opted_out=True)
    added = replace(gone, decision=Decision.ADD)
    assert with_others({}, {key: gone})[key].because == ELSEWHERE
    assert with_others({other: gone}, {})[other].because == BY_THE_LEAD
    assert with_others({key: added}, {key: gone})[key].decision is Decision.ADD, "the lead may say otherwise"
    assert with_others({key: added}, {key: out})[key].because == ELSEWHERE, "who asked to be left alone is"
    assert with_others({}, {key: added}) == {}
    assert with_others({key: gone}, {key: out})[key].because == BY_THE_LEAD


TWICE = [*STREET, entry("12", x=127, uprn="99000000312"), entry("12", x=900, uprn="99000000412")]
"""The same door twice, seven metres apart, and once more in another part of the town."""


def test_whoever_is_left_alone_gets_no_letter_for_another_entry_of_the_same_door() -> None:
    assert resolve_address("12 Station Road", TWICE[:-1], "H1").uprn == "99000000012"
    with pytest.raises(UsageError, match="several"):
        resolve_address("12 Station Road", TWICE, "H1")
    both = {TWICE[2].key, TWICE[-2].key}
    for one in (removal(uprn="99000000012"), removal(uprn="99000000312"), forgotten(removal(), TWICE[2], "2026-11-27")):
        rulings, faults = in_force([one], TWICE)
        assert (set(rulings), faults) == (both, ())
    assert set(in_force([removal(address="12 Station Road")], TWICE[:-1])[0]) == both
    assert set(in_force([replace(removal(uprn="99000000012"), opted_out=True)], TWICE)[0]) == both
    # What was decided on the other entry itself goes before, and taking a decision back takes back all of it.
    added = replace(removal(uprn="99000000312"), decision=Decision.ADD)
    assert in_force([removal(uprn="99000000012"), added], TWICE)[0][TWICE[-2].key].decision is Decision.ADD
    taken_back = replace(removal(uprn="99000000012"), decision=Decision.AUTOMATIC)
    assert in_force([removal(uprn="99000000012"), taken_back], TWICE)[0] == {}


def test_flats_of_one_house_are_not_one_door() -> None:
    assert set(in_force([removal(uprn="99000000901")], TWICE)[0]) == {STREET[-2].key}
