"""No key of a plan, and no cell of its lesser tables, may change the answer without being named.

Each key is given one odd value after another: it is read as what a person would read there, or the key is named.
`FUZZ_CELLS` says how many cells are tried in each table (some thousands by hand).
"""

import datetime as dt
import json
import os
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any
from unicodedata import category

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tiny_plan import CORNER_M, write_tiny_plan

from engagement.around.addresses import AddressFile
from engagement.people.stakeholder_files import name_of, read_councillors, read_police_team
from siting.faults import Fault, InputFaultsError
from siting.inputs.cells import text_cell
from siting.inputs.need import read_need
from siting.inputs.observed import read_observed
from siting.inputs.plan import Plan
from siting.place import NATIONAL_GRID, Place

CELLS = int(os.environ.get("FUZZ_CELLS", "40"))
TIMES = re.compile(r"\d\d:\d\d(:\d\d)?")

KEYS: dict[str, dict[str, str]] = {
    "rules": {
        "school_minutes": "45", "family_miles": "20", "scenario": '"school_run"', "school_start": "08:45:00",
        "school_end": "15:15:00", "school_street_exempt": "true",
    },
    "engagement": {
        "boundary_metres": "20", "sharers_and_each_side": "2", "large_parcels": '"ask"', "slot_minutes": "15",
        "days": "[2027-01-25]", "start": "10:00:00", "end": "16:00:00", "breaks": '["12:30-13:30"]', "evening": '"18:00-20:00"',
        "hosts": '["Ann"]', "spare_slots": "2", "nation": '"England"', "opening_day": "2027-03-01", "keep_until": "2027-04-01",
        "provider": '"Care"', "contact": '"101"', "signatory": '"Sam"',
    },
    "portfolio": {
        "homes": "2", "beds": "3", "budget_gbp": "900000", "objective": '"total"', "include_marginal": "true", "locked": '["H1"]',
        "barred": '["H3"]', "most_in_one_town": "2", "least_miles_apart": "1.5", "works_gbp": "1000", "trade": "true",
        "weekly_price_gbp": "4800", "visits_a_week": "1", "solo_most_bedrooms": "3",
    },
    "area": {"network": '"roads.osm.pbf"', "drives_on": '"left"'},
    "model": {"turn_centre": "1"},
}  # fmt: skip
ODD = (
    "true", "false", '"yes"', '"no"', "0", "1", "-1", "2.5", "8.45", "845", "1e3", "inf", "nan", "-inf", '"45"', '"45,5"', '"1,250,000"',
    '"45 minutes"', '"0x10"', '"1_000"', '"\u0663"', '""', '" "', '"TBC"', '"School run"', '"england"', '"8.45"', '"08:45"', '"845"',
    '"2027-03-01"', '"01/03/2027"', '"20270301"', "2027-03-01", "2027-03-01T09:00:00", "09:15:00", "[]", "[45]", '["a", "a"]', "[true]",
    "{}", "{ value = 45 }", '"a\\u0007b"', '"\\u202eabc"', "999999999999", "20270301",
)  # fmt: skip


CONTRADICTIONS: tuple[list[str], ...] = ()


def typed(text: str) -> object:
    """Return what a person sees in a value of a plan, as it is compared."""
    import tomllib

    return tomllib.loads(f"v = {text}")["v"]


def alike(value: Any, text: str) -> bool:
    """Tell whether what was read of a value is what a person sees in it."""
    seen = typed(text)
    if isinstance(value, bool) or isinstance(seen, bool):
        return value is seen
    if isinstance(value, int | float):
        plain = seen if isinstance(seen, int | float) else seen.strip() if isinstance(seen, str) else ""
        return not isinstance(plain, str) or re.fullmatch(r"-?[0-9]+(\.[0-9]+)?", plain) is not None and float(plain) == value
    if isinstance(value, dt.time):
        return value == seen or (
            isinstance(seen, str) and value.isoformat().startswith(seen) and TIMES.fullmatch(seen) is not None
        )
    if isinstance(value, dt.date):
        return value == seen or value.isoformat() == seen
    if isinstance(value, tuple):
        return isinstance(seen, list) and list(value) == seen
    return str(value) == str(seen).strip()


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A small plan's folder."""
    made = tmp_path_factory.mktemp("keys")
    write_tiny_plan(made, "one")
    return made


def plan_of(folder: Path, part: str, key: str, value: str) -> Path:
    x_m, y_m = CORNER_M
    parts = {name: {**keys} for name, keys in KEYS.items()}
    parts[part][key] = value
    body = "".join(
        f"[{name}]\n" + "".join(f"{json.dumps(one)} = {text}\n" for one, text in keys.items()) for name, keys in parts.items()
    )
    schools = f'[[schools]]\nname = "The school"\neasting = {x_m + 700}\nnorthing = {y_m + 700}\n[inputs]\ncandidates = "candidates.csv"\n'
    (folder / "plan.toml").write_text(body + schools, encoding="utf-8")
    return folder / "plan.toml"


@pytest.mark.parametrize(("part", "key"), [(part, key) for part, keys in KEYS.items() for key in keys])
def test_an_odd_value_of_a_key_is_read_as_it_stands_or_the_key_is_named(folder: Path, part: str, key: str) -> None:
    read, named = 0, 0
    for value in (KEYS[part][key], *ODD):
        try:
            plan = Plan.read(plan_of(folder, part, key, value))
        except InputFaultsError as error:
            said = [fault.column or "" for fault in error.faults]
            assert any(part in column and (key in column or column == part) or "start" in column for column in said), (
                value,
                said,
            )
            named += 1
        else:
            kept = getattr(plan, part)
            assert alike(kept[key] if isinstance(kept, dict) else getattr(kept, key), value), value
            read += 1
    assert read > 0
    assert named > len(ODD) // 4


@pytest.mark.parametrize(("part", "key"), [(part, key) for part, keys in KEYS.items() for key in keys])
def test_a_mistyped_key_is_named(folder: Path, part: str, key: str) -> None:
    wrong = key[:-1] if len(key) > 3 else f"{key}s"
    with pytest.raises(InputFaultsError) as caught:
        Plan.read(plan_of(folder, part, wrong, KEYS[part][key]))
    told = next(fault for fault in caught.value.faults if wrong in (fault.column or ""))
    assert told.problem in {"this key is not known", "no such figure"}
    assert part == "model" or f"Did you mean {key}" in told.remedy


@pytest.mark.parametrize(
    "line", ["path = 'x'", "[rule]\nschool_minutes = 45", "[Rules]\nschool_minutes = 45", "school_minutes = 45"]
)
def test_a_key_in_the_wrong_place_is_named(folder: Path, line: str) -> None:
    path = plan_of(folder, "area", "network", '"roads.osm.pbf"')
    path.write_text(f"{line}\n{path.read_text(encoding='utf-8')}", encoding="utf-8")
    with pytest.raises(InputFaultsError, match="this key is not known"):
        Plan.read(path)


CELL = st.sampled_from(
    ["", " ", "-", "n/a", "TBC", "0", "1", "-1", "12,5", "12.5", "1 200", "1,200", "12 min", "00:12", "1e1", "inf", "nan", "#N/A", "#REF!",
     "=1+2", "8:15 pm", "815", "0815", "25:00", "8.15", "03/04/2026", "2026-04-03", "20260403", "45987", "86400", "3 April", "H1", "H9", "The school",
     "HP11 2PX", "drive", "Drive ", "taxi", "sat nav", "True", "a\x07b", "Total", "c", "12.0", "\u0663", "486350,5", "486 350", "4.8635E5"]
) | st.text(st.characters(exclude_categories=["Cs"], exclude_characters='\x00\r\n"'), max_size=8)  # fmt: skip
DRIVE = {
    "from": "H1",
    "to": "The school",
    "date": "2026-11-03",
    "departed": "08:15",
    "minutes": "12",
    "source": "sat-nav",
    "minutes_high": "15",
}
property_of_cells = settings(max_examples=CELLS, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


def read_or_faults(read: Callable[[], Any]) -> Any:
    try:
        return read()
    except InputFaultsError as error:
        return error


def table(path: Path, rows: list[dict[str, str]]) -> Path:
    quoted = [",".join(f'"{cell}"' for cell in cells) for cells in (rows[0].keys(), *(row.values() for row in rows))]
    path.write_text("\n".join(quoted) + "\n", encoding="utf-8")
    return path


@property_of_cells
@given(name=st.sampled_from(list(DRIVE)), cell=CELL)
def test_a_cell_of_the_drives_is_read_as_it_stands_or_named(folder: Path, name: str, cell: str) -> None:
    path = table(folder / "drives.csv", [DRIVE, DRIVE | {name: cell}])
    place = Place(x_m=CORNER_M[0], y_m=CORNER_M[1], system=NATIONAL_GRID)
    found, faults = read_observed(path, {"H1": place, "The school": place})
    if len(found) == 1:
        assert all(fault.row == 3 for fault in faults)
        assert {fault.column for fault in faults} <= {name, "minutes_high", None}
        assert faults
        return
    _, one = found
    plain = " ".join(cell.split())
    match name:
        case "minutes" | "minutes_high":
            value, figure_alone = getattr(one, name), re.sub(r"[, ]|min$", "", plain)
            assert value == float(figure_alone) if plain else name == "minutes_high" and value is None
        case "date":
            assert plain in {one.day.isoformat(), f"{one.day:%d/%m/%Y}", f"{one.day.day}/{one.day.month}/{one.day.year}"}
        case "departed":
            later = 12 if plain.casefold().endswith("pm") and one.departed.hour > 12 else 0
            assert re.sub(r"[^0-9]", "", plain).zfill(4) == f"{one.departed.hour - later:02}{one.departed.minute:02}"
        case "source":
            assert one.source == plain.casefold().replace(" ", "-")
        case _:
            at = one.ends[0 if name == "from" else 1]
            assert at is None or at.casefold() == plain.casefold()


@property_of_cells
@given(name=st.sampled_from(["authority", "children"]), cell=CELL)
def test_a_cell_of_the_need_is_read_as_it_stands_or_named(folder: Path, name: str, cell: str) -> None:
    row = {"authority": "Reading", "children": "12"}
    need, faults = read_need(table(folder / "need.csv", [row | {"authority": "Slough"}, row | {name: cell}]))
    # A letter of no width is no part of what is seen.
    plain = text_cell(cell).text.strip()
    if faults:
        assert {fault.row for fault in faults} <= {3, None}
        return
    if name == "authority":
        assert need.children == {"Slough": 12, plain: 12}
        return
    value = need.children["Reading"]
    not_published = plain.casefold() in {"c", "x", "z", "u", "k", "low", ":", "-", "..", "n/a", "*", ""}
    assert value is None if not_published else value == int(float(plain.replace(",", "").replace(" ", "").replace("\u00a0", "")))


@property_of_cells
@given(name=st.sampled_from(["name", "ward", "email", "telephone", "rank", "neighbourhood"]), cell=CELL)
def test_a_cell_of_members_and_officers_is_read_as_it_stands_or_named(folder: Path, name: str, cell: str) -> None:
    member = {"name": "Ann", "ward": "Abbey", "email": "a@example.org", "telephone": "101"}
    officer = {"name": "Bo", "rank": "PC", "neighbourhood": "Marlow", "email": "", "telephone": ""}
    for row, read, role, area in (
        (member, read_councillors, "post", "ward"),
        (officer, read_police_team, "rank", "neighbourhood"),
    ):
        if name not in row:
            continue
        warnings: list[Fault] = []
        path = table(folder / "people.csv", [row, row | {name: cell}])
        people = read_or_faults(lambda read=read, path=path, warnings=warnings: read(path, warnings))  # type: ignore[misc]
        if isinstance(people, InputFaultsError):
            assert all((fault.row, fault.column) == (3, name) for fault in people.faults)
            continue
        if len(people) == 1:
            assert any(fault.row == 3 for fault in warnings)
            continue
        one, plain = people[1], " ".join(text_cell(cell).text.split())
        shown = {"name": one.name, "email": one.email, "telephone": one.telephone, role: one.role, area: one.area}[name]
        assert " ".join(shown.split()) == (name_of(plain) if name == "name" else plain)


@pytest.mark.parametrize("name", ["uprn", "address", "postcode", "easting", "northing"])
def test_cells_of_the_addresses_are_read_as_they_stand_or_counted(folder: Path, name: str) -> None:
    row = {"address": "1 Mill Road", "postcode": "HP11 2JZ", "easting": "486350", "northing": "192372"}
    rows = [
        {"uprn": str(10_000_000 + number)} | row | {"note": f"n{number}", name: cell} for number, cell in enumerate(ADDRESS_CELLS)
    ]
    file = AddressFile(table(folder / f"{name}.csv", rows), folder=folder / "kept")
    found = file.near(486_350, 192_372, 50)
    told = "\n".join(map(str, file.warnings))
    if name in {"easting", "northing"}:
        right = {number for number, cell in enumerate(ADDRESS_CELLS) if figure(cell) == float(row[name])}
        assert {int(one.uprn or 0) - 10_000_000 for one in found} == right
        unread = sum(figure(cell) is None for cell in ADDRESS_CELLS)
        assert f"{unread} of {len(ADDRESS_CELLS)} addresses have no place that can be read" in told
        return
    assert len(found) == len(ADDRESS_CELLS)
    if name == "uprn":
        read = sorted(one.uprn for one in found if one.uprn)
        assert read == sorted(
            str(int(cell.strip().removesuffix(".0")))
            for cell in ADDRESS_CELLS
            if re.fullmatch(r"\s*[0-9]+(\.0)?\s*", cell, re.ASCII)
        )
        lost = len([cell for cell in ADDRESS_CELLS if cell.strip()]) - len(read)
        assert f"{lost} UPRNs were shortened" in told
        return
    shown = sorted(" ".join((one.text if name == "address" else one.postcode).split()) for one in found)
    seen = ["".join(" " if category(letter) == "Cc" else letter for letter in cell) for cell in ADDRESS_CELLS]
    assert shown == sorted(" ".join(cell.split()) for cell in seen)


ADDRESS_CELLS = (
    "", " ", "-", "n/a", "0", "1", "-1", "12,5", "12.0", "1 200", "9.9E+11", "inf", "nan", "#N/A", "=1+2", "HP11 2PX", "a\x07b", "\u0663",
    "486350", "192372", "486 350", "192 372", "486350,5", "4.8635E5", "486350.0", "True", "\u202eabc", "\ufffd", "0x10", "Flat 2; 3 Mill Road",
)  # fmt: skip


def figure(cell: str) -> float | None:
    """What a person reads in a cell of metres; None where it is no figure."""
    plain = cell.replace(" ", "")
    return float(plain) if re.fullmatch(r"-?[0-9]+(\.[0-9]+)?(E[0-9]+)?", plain, re.ASCII) else None
