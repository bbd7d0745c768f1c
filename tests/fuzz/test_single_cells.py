"""One cell changed at a time: what it says is what is read, or it is named; no other row changes, and nothing is taken for nothing."""

import csv
import io
import os
import re
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from openpyxl import Workbook

from engagement.people.stakeholder_files import Person, name_of, read_named_contacts
from siting.faults import Fault, InputFaultsError
from siting.inputs.cells import text_cell
from siting.inputs.locating import locate_table
from siting.inputs.postcodes import tidy_postcode
from siting.inputs.rows import ChildRow, ExclusionRow, HomeRow, PlacedRow
from siting.inputs.tables import read_table

TABLES: dict[type[PlacedRow], list[dict[str, str]]] = {
    HomeRow: [
        {
            "home_id": f"H{number}", "postcode": "HP11 2PX", "address": f"{number} Mill Road", "bedrooms": "4", "beds": "3",
            "annex": "no", "status": "candidate", "price_gbp": "425000", "works_gbp": "20000", "town": "Wycombe",
            "ward": "Abbey", "authority": "Reading",
        }
        for number in (1, 2)
    ],
    ChildRow: [
        {
            "child_ref": f"C{number}", "postcode": "HP13 5SU", "authority": "Reading", "solo": "no", "max_minutes": "60",
            "needs_bed": "yes", "placement": "Luton", "weekly_cost": "5200",
        }
        for number in (1, 2)
    ],
    ExclusionRow: [{"child_ref": f"C{number}", "postcode": "HP20 1US", "radius_miles": "2"} for number in (1, 2)],
}  # fmt: skip
ODD = (
    "", " ", "\u00a0", "\u200b", "-", "n/a", "N/A", "TBC", "tbc", "?", "none", "0", "1", "-1", "+3", "1,5", "2.5", "1 500", "1'500", "1.500",
    "1,500", "395,000", "\u00a3395,000", "\u00a3395,000.00", "395000 ono", "45%", "1e5", "5E+05", "\uff13", "\u0663", "\u00bd", "three", "yes", "no", "Y", "TRUE", "x",
    "yes?", "Yes/No", "'yes", "'3", "=1+2", "=A1", "#N/A", "#REF!", "12/03/2026", "03-Apr", "2026-03-12", "45:00", "HP11 2PX", "hp112px",
    "HP11 2PX / HP13 5SU", "HP11 2PX, HP13 5SU", "HP11", "HP1I 2PX", "BT1 1AA", "12 Mill Road, HP11 2PX", "51.6287, -0.7482", "-0.7482, 51.6287",
    "51\u00b037'43\"N 0\u00b044'53\"W", "SU 866 928", "486640 192830", "192830 486640", "///filled.count.soap", "Candidate", "BOUGHT", "sold", "open ",
    "Reading\u200b", "Redding", "a\nb", 'a "quoted" b', "a;b", "a,b", "\u202eabc", "\ufffd", "1_000", "0x10", "inf", "nan", "99999999999", "1\u00a0500",
)  # fmt: skip
CELL = st.sampled_from(ODD) | st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00"), max_size=10)
PLACE = st.sampled_from([(row_type, name) for row_type, rows in TABLES.items() for name in rows[0]])
FIGURES = {"bedrooms", "beds", "price_gbp", "works_gbp", "max_minutes", "weekly_cost", "radius_miles"}
YES_NO = {"annex", "solo", "needs_bed"}


def meant(name: str, text: str) -> Any:
    """What a person reads in a cell, worked out apart from the program; None where it is not plain."""
    plain = " ".join(text.replace("\u00a0", " ").replace("\u202f", " ").replace("\u2009", " ").split())
    if name in FIGURES:
        figure = re.sub(r"^(?:\u00a3|GBP) ?", "", plain).replace("\u2212", "-")
        grouped = re.fullmatch(r"-?[0-9]{1,3}((,[0-9]{3})+|( [0-9]{3})+)(\.[0-9]+)?", figure)
        simple = re.fullmatch(r"-?([0-9]+(\.[0-9]+)?|\.[0-9]+)", figure)
        return float(re.sub("[, ]", "", figure)) if grouped or simple else None
    if name in YES_NO:
        return {"yes": True, "y": True, "true": True, "1": True, "x": True, "\u2713": True, "\u2714": True,
                "no": False, "n": False, "false": False, "0": False}.get(plain.casefold())  # fmt: skip
    if name == "postcode":
        return tidy_postcode(plain)
    return plain.casefold() or None


def as_read(name: str, value: Any) -> Any:
    if name == "postcode":
        return tidy_postcode(value or "")
    return " ".join(str(value).split()).casefold() if isinstance(value, str) else value


def written(folder: Path, rows: list[dict[str, str]], form: str) -> Path:
    path = folder / f"t.{form}"
    if form == "csv":
        text = io.StringIO(newline="")
        writer = csv.DictWriter(text, list(rows[0]), lineterminator="\r\n")
        writer.writeheader()
        writer.writerows(rows)
        path.write_text(text.getvalue(), encoding="utf-8-sig", newline="")
        return path
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    for number, row in enumerate([dict(zip(rows[0], rows[0], strict=True)), *rows], start=1):
        for place, text_of in enumerate(row.values(), start=1):
            if text_of:
                sheet.cell(number, place).value = text_of
                sheet.cell(number, place).data_type = "s"
    book.save(path)
    return path


@settings(
    max_examples=int(os.environ.get("FUZZ_CELLS", "150")),
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(at=PLACE, cell=CELL, form=st.sampled_from(["csv", "csv", "xlsx"]))
@example(at=(ChildRow, "solo"), cell="'yes", form="xlsx")
@example(at=(HomeRow, "beds"), cell="\u00bd", form="csv")
def test_a_changed_cell_is_read_as_it_stands_or_named(
    tmp_path: Path, at: tuple[type[PlacedRow], str], cell: str, form: str
) -> None:
    row_type, name = at
    if form == "xlsx" and re.search(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]", cell):
        return
    rows = [dict(row) for row in TABLES[row_type]]
    rows[1][name] = cell
    found = read_table(written(tmp_path, rows, form), row_type)
    placed, problems = locate_table(found)
    faults = [*found.faults, *problems]
    named = any(fault.row in {None, 3} or 3 in fault.rows for fault in faults)
    first, changed = (next((row.value for row in found.rows if row.number == number), None) for number in (2, 3))
    # The other row is what it was, or the file is refused as a whole.
    assert first is not None or named
    for other, text in TABLES[row_type][0].items():
        assert first is None or as_read(other, getattr(first, other)) == meant(other, text)
    if changed is None or (name == "postcode" and 3 not in placed):
        assert named or (name == "postcode" and not cell.strip() and row_type is ChildRow)
        return
    for other, text in rows[1].items():
        value = as_read(other, getattr(changed, other))
        if other != name:
            assert value == meant(other, text)
        elif cell.strip().strip("\u200b\u200c\u200d\u2060\ufeff"):
            # A letter of no width is no part of what is seen.
            read_right = value in {meant(other, cell), meant(other, text_cell(cell).text)} and value is not None
            # A place may be read from what is written in the column of postcodes: it then has no postcode.
            assert read_right or named or (name == "postcode" and value is None and not placed[3].postcode)
        else:
            assert named or value in {as_read(name, row_type.model_fields[name].default), None}


PERSON = {
    "role": "Provider",
    "name": "Ruth Marker",
    "organisation": "Care Ltd",
    "email": "r@example.org",
    "telephone": "01632 960 001",
}


def second_person(path: Path) -> Person | tuple[Fault, ...]:
    try:
        return read_named_contacts(path)[1]
    except InputFaultsError as error:
        return error.faults


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(name=st.sampled_from(list(PERSON)), cell=CELL)
def test_a_changed_cell_of_the_contacts_is_read_as_it_stands(tmp_path: Path, name: str, cell: str) -> None:
    path = written(tmp_path, [PERSON, PERSON | {name: cell}], "csv")
    person = second_person(path)
    if isinstance(person, tuple):
        # A letter that nobody sees, an error, a formula: it is named with its cell.
        assert all((fault.row, fault.column) == (3, name) for fault in person)
        assert not cell.isprintable() or "#" in cell or "\ufffd" in cell or cell.startswith("=")
        return
    expected = PERSON | {name: text_cell(cell).text}
    if not name_of(cell):
        expected["name"] = "" if name == "name" else expected["name"]
    assert {key: " ".join(getattr(person, key).split()) for key in PERSON} == {
        key: " ".join(text.split()) for key, text in expected.items()
    }


@pytest.mark.parametrize("heading", ["E-mail", "Email address", "e-mail address"])
def test_what_people_write_above_their_contacts_is_known(tmp_path: Path, heading: str) -> None:
    (tmp_path / "c.csv").write_text(f"Role,Name,{heading},Mobile\nProvider,Ruth,r@example.org,01632\n", encoding="utf-8")
    (person,) = read_named_contacts(tmp_path / "c.csv")
    assert (person.email, person.telephone) == ("r@example.org", "01632")


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("role,name,email,email\nA,B,c@x.org,d@x.org\n", "two columns have this name"),
        ("role,name,\nA,B,c@x.org\n", "3 cells"),
        ("role,name\nA,Marker, Ruth\n", "3 cells"),
    ],
)
def test_what_a_table_of_contacts_would_lose_is_named(tmp_path: Path, content: str, said: str) -> None:
    (tmp_path / "c.csv").write_text(content, encoding="utf-8")
    with pytest.raises(InputFaultsError, match=said):
        read_named_contacts(tmp_path / "c.csv")
