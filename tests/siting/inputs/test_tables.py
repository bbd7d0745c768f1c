"""Tables as agents, councils and Excel write them: each is read right, asked about, or refused in the right row."""

import re
import zipfile
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest
import xlwt
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from openpyxl import Workbook
from openpyxl.worksheet.worksheet import Worksheet
from xlsxwriter import Workbook as WrittenWorkbook
from xlwt.Cell import FormulaCell

from siting.faults import Fault, stopping
from siting.inputs.headings import Sureness
from siting.inputs.rows import ChildRow, ExclusionRow, HomeRow, PlacedRow
from siting.inputs.tables import Table, read_table

HOME = "home_id,postcode,beds\n"


def table(folder: Path, content: str | bytes, row_type: type[PlacedRow] = HomeRow, name: str = "t.csv") -> Table[PlacedRow]:
    (folder / name).write_bytes(content if isinstance(content, bytes) else content.encode())
    return read_table(folder / name, row_type)


def book(folder: Path, rows: Sequence[Sequence[object]], change: Callable[[Worksheet], object] = lambda _: None) -> Path:
    made = Workbook()
    sheet = made.active
    assert sheet is not None
    for row in rows:
        sheet.append(list(row))
    change(sheet)
    made.save(folder / "t.xlsx")
    return folder / "t.xlsx"


def stops(found: Table[PlacedRow]) -> list[tuple[int | None, str | None]]:
    return [(fault.row, fault.column) for fault in stopping(found.faults)]


def said(faults: Sequence[Fault]) -> str:
    return "\n".join(map(str, faults))


@pytest.mark.parametrize(
    ("heading", "field", "cell", "value"),
    [
        ("Solo placement", "solo", "yes", True),
        ("solo_plcement", "solo", "Yes", True),
        ("Max mins", "max_minutes", "30", 30.0),
        ("max_mins", "max_minutes", "30", 30.0),
        ("Max. minutes", "max_minutes", "30", 30.0),
        ("needs bed?", "needs_bed", "NO", False),
        ("Local Authority", "authority", "Reading", "Reading"),
        ("Placement postcode", "placement", "SL6 1AA", "SL6 1AA"),
        ("Weekly cost (£)", "weekly_cost", "£5,200", 5_200.0),
    ],
)
def test_a_heading_that_means_one_of_ours_is_taken_and_said(
    tmp_path: Path, heading: str, field: str, cell: str, value: object
) -> None:
    found = table(tmp_path, f'child_ref,postcode,{heading}\nC1,HP11 2PX,"{cell}"\n', ChildRow)
    assert getattr(found.rows[0].value, field) == value
    use = found.understanding.column_of(field)
    assert use is not None
    if use.sure is not Sureness.NAMED:
        assert f'"{heading}" for {field}' in said(found.faults)


@pytest.mark.parametrize(
    ("heading", "field", "cell", "value"),
    [
        ("Price (£)", "price_gbp", "£425,000", 425_000.0),
        ("Asking price", "price_gbp", "425 000", 425_000.0),
        ("Status of home", "status", "Open", "open"),
        ("Lat long", "lat_long", "51.63, -0.75", "51.63, -0.75"),
        ("Grid ref", "grid_reference", "SU 860 930", "SU 860 930"),
        ("No. of bedrooms", "bedrooms", "4", 4),
        ("Granny annexe", "annex", "Y", True),
    ],
)
def test_an_agent_s_headings_are_taken_and_said(tmp_path: Path, heading: str, field: str, cell: str, value: object) -> None:
    found = table(tmp_path, f'Ref,Post code,{heading}\nH1,HP11 2PX,"{cell}"\n')
    assert not stopping(found.faults)
    assert getattr(found.rows[0].value, field) == value
    assert "for home_id" in said(found.faults)
    assert "for postcode" in said(found.faults)


@pytest.mark.parametrize(
    "heading",
    ["Solo?? maybe", "Placed alone", "Single", "Maximum travel", "Max time (hours)", "Furthest from family", "Bed?"],
)
def test_a_heading_in_doubt_stops(tmp_path: Path, heading: str) -> None:
    found = table(tmp_path, f"child_ref,postcode,{heading}\nC1,HP11 2PX,yes\n", ChildRow)
    assert (1, heading) in stops(found), said(found.faults)
    assert not stops(table(tmp_path, f"child_ref,postcode,own {heading}\nC1,HP11 2PX,yes\n", ChildRow))


def test_an_agent_s_beds_are_not_the_children_s_places(tmp_path: Path) -> None:
    agents = table(tmp_path, "Ref,Address,Postcode,Beds,Baths,Price\nH1,1 Mill Road,HP11 2PX,5,2,425000\n")
    assert stops(agents) == [(1, "Beds")]
    ours = table(tmp_path, "home_id,postcode,bedrooms,Beds\nH1,HP11 2PX,5,4\n")
    assert [(row.value.bedrooms, row.value.beds) for row in ours.rows] == [(5, 4)]  # type: ignore[attr-defined]
    chosen = read_table(tmp_path / "t.csv", HomeRow, {"Beds": "own"})
    assert chosen.rows[0].value.beds is None


def test_what_a_user_chose_goes_before_every_guess(tmp_path: Path) -> None:
    (tmp_path / "t.csv").write_text("Ref,Post code,Beds,Price\nH1,HP11 2PX,5,425000\n", encoding="utf-8")
    found = read_table(tmp_path / "t.csv", HomeRow, {"Beds": "bedrooms", "Price": "own"})
    assert not stopping(found.faults)
    assert (found.rows[0].value.bedrooms, found.rows[0].value.beds, found.rows[0].value.price_gbp) == (5, None, None)
    assert [(use.letter, use.field, use.sure) for use in found.understanding.columns] == [
        ("A", "home_id", Sureness.MEANT),
        ("B", "postcode", Sureness.MEANT),
        ("C", "bedrooms", Sureness.CHOSEN),
        ("D", None, Sureness.OWN),
    ]


def test_a_refused_column_hides_no_other_fault(tmp_path: Path) -> None:
    found = table(tmp_path, "child_ref,postcode,Surname,solo,DOB\nC1,HP11 2PX,Smith,perhaps,1.1.2010\n", ChildRow)
    assert stops(found) == [(1, "surname"), (1, "dob"), (2, "solo")]
    assert "Smith" not in said(found.faults)


@pytest.mark.parametrize(
    ("cell", "told"),
    [
        ("2,5", "the comma may stand for a point"),
        ("25", "25 beds is unlikely"),
        ("3 + annex", "not a number alone"),
        ("3/4", "not a number alone"),
        ("POA", "not a number"),
        ("#N/A", "holds an error"),
        ("#REF!", "holds an error"),
        ("   ", "only spaces"),
        ("1_0", "not a number alone"),
        ("nan", "not a number"),
        ("=2+1", "no stored value"),
        ("\u0663", "not a number"),
    ],
)
def test_a_cell_that_is_no_plain_number_is_never_nothing(tmp_path: Path, cell: str, told: str) -> None:
    found = table(tmp_path, f'home_id,postcode,beds,note\nH1,HP11 2PX,"{cell}",x\n')
    assert stops(found) == [(2, "beds")]
    assert told in said(found.faults)
    if cell.strip() and "value" not in told and cell.isascii():
        assert repr(cell) in said(found.faults)


@pytest.mark.parametrize(
    "price", ["425", "39000000", "395.000,00", "395.000", "425k", "\u00a31.2m", "Offers over 425000", "0", "POA"]
)
def test_a_price_that_cannot_be_meant_is_asked_about(tmp_path: Path, price: str) -> None:
    assert stops(table(tmp_path, f'home_id,postcode,price_gbp\nH1,HP11 2PX,"{price}"\n')) == [(2, "price_gbp")]


UNUSUAL = {
    "price_gbp": (HomeRow, "12500000", 12_500_000.0), "bedrooms": (HomeRow, "25", 25), "beds": (HomeRow, "14", 14),
    "works_gbp": (HomeRow, "6000000", 6_000_000.0), "max_minutes": (ChildRow, "3", 3.0),
    "weekly_cost": (ChildRow, "70000", 70_000.0), "radius_miles": (ExclusionRow, "400", 400.0),
}  # fmt: skip


@pytest.mark.parametrize("name", UNUSUAL)
def test_whatever_is_asked_about_can_be_answered_and_the_answer_is_said(tmp_path: Path, name: str) -> None:
    row_type, typed, value = UNUSUAL[name]
    key = "home_id" if row_type is HomeRow else "child_ref"
    more, cell = ("", "") if row_type is not ExclusionRow or name == "radius_miles" else (",radius_miles", ",2")
    asked = table(tmp_path, f"{key},postcode,{name}{more}\nX1,HP11 2PX,{typed}{cell}\n", row_type)
    assert stops(asked) == [(2, name)]
    assert f"write {name} into a column confirmed_values" in said(asked.faults)
    answered = table(tmp_path, f"{key},postcode,{name},Confirmed values\nX1,HP11 2PX,{typed},{name.upper()}\n", row_type)
    assert not stops(answered)
    assert getattr(answered.rows[0].value, name) == value
    assert "is used as it stands" in said(answered.faults)


def test_every_value_that_is_asked_about_has_its_answer() -> None:
    for row_type in (HomeRow, ChildRow, ExclusionRow):
        assert {name for name, (of, *_) in UNUSUAL.items() if of is row_type} == set(row_type.plausible)


@pytest.mark.parametrize("name", ["n/k", "0", "=", "not yet known", "see file", "N/A"])
def test_what_is_no_name_is_asked_about(tmp_path: Path, name: str) -> None:
    assert stops(table(tmp_path, f"child_ref,postcode,authority\nC1,HP11 2PX,{name}\n", ChildRow)) == [(2, "authority")]


@pytest.mark.parametrize("reference", ["03-Apr", "3 April", "Apr-26", "2026-04-03"])
def test_a_reference_that_became_a_date_is_asked_about(tmp_path: Path, reference: str) -> None:
    assert stops(table(tmp_path, f"home_id,postcode\n{reference},HP11 2PX\n")) == [(2, "home_id")]


@pytest.mark.parametrize("heading", ["Works £m", "Works (thousands)", "Price (EUR)", "Price £000s"])
def test_a_heading_in_another_unit_stops(tmp_path: Path, heading: str) -> None:
    assert (1, heading) in stops(table(tmp_path, f"home_id,postcode,{heading}\nH1,HP11 2PX,0.4\n"))


@pytest.mark.parametrize("words", ["yes", "price", "bedrooms, the price", "x"])
def test_a_confirmation_says_of_what(tmp_path: Path, words: str) -> None:
    found = table(tmp_path, f'home_id,postcode,bedrooms,price_gbp,confirmed_values\nH1,HP11 2PX,4,425,"{words}"\n')
    assert stops(found) == [(2, "confirmed_values")]
    assert "price_gbp" in said(found.faults)


def test_a_confirmation_may_name_the_user_s_own_heading_and_one_without_need_is_said(tmp_path: Path) -> None:
    found = table(
        tmp_path, 'Ref,Postcode,Bedrooms,Price (\u00a3),confirmed_values\nH1,HP11 2PX,4,0,"Price (\u00a3) and bedrooms"\n'
    )
    assert not stops(found)
    assert found.rows[0].value.price_gbp == 0  # type: ignore[attr-defined]
    assert "nothing is asked about bedrooms in this row" in said(found.faults)


def test_a_radius_of_no_miles_cannot_be_confirmed(tmp_path: Path) -> None:
    found = table(tmp_path, "child_ref,postcode,radius_miles,confirmed_values\nC1,HP11 2PX,0,radius_miles\n", ExclusionRow)
    assert stops(found) == [(2, "radius_miles")]


@pytest.mark.parametrize("made", ["\u00a3425,000", "425000", "425,000.00", "\u00a3 425 000", "425\u00a0000", "GBP 425,000"])
def test_a_price_as_it_is_written_is_read(tmp_path: Path, made: str) -> None:
    assert table(tmp_path, f'home_id,postcode,price_gbp\nH1,HP11 2PX,"{made}"\n').rows[0].value.price_gbp == 425_000  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    "bad", ["../x", "..", "/abs", "CON", "nul.txt", "H1.", "a\u202eb", "a\tb", "a:b", "x" * 81, "COM1", "a\\b"]
)
def test_an_identifier_that_is_no_safe_name_is_refused(tmp_path: Path, bad: str) -> None:
    assert stops(table(tmp_path, f'home_id,postcode\n"{bad}",HP11 2PX\n')) == [(2, "home_id")]


def test_identifiers_that_fold_to_one_are_told(tmp_path: Path) -> None:
    found = table(tmp_path, "home_id,postcode\nStra\u00dfe 1,HP11 2PX\nSTRASSE 1,HP11 2PY\n\u00e9,HP11 2PX\ne\u0301,HP11 2PX\n")
    assert stops(found) == [(3, "home_id"), (5, "home_id")]


def test_errors_and_formulas_without_a_value_in_a_workbook_are_named(tmp_path: Path) -> None:
    rows = [
        ["child_ref", "postcode", "max_minutes", "solo"],
        ["C1", "HP11 2PX", "#N/A", "no"],
        ["C2", "HP11 2PX", "=20+10", "no"],
    ]
    assert stops(read_table(book(tmp_path, rows), ChildRow)) == [(2, "max_minutes"), (3, "max_minutes")]


def test_a_formula_that_its_writer_never_worked_out_is_named(tmp_path: Path) -> None:
    with WrittenWorkbook(tmp_path / "t.xlsx") as made:
        sheet = made.add_worksheet()
        sheet.write_row(0, 0, ["home_id", "postcode", "beds", "price_gbp"])
        sheet.write_row(1, 0, ["H1", "HP11 2PX"])
        sheet.write_formula(1, 2, "=1+2")
        sheet.write_formula(1, 3, "=425000", value=425_000)
    assert stops(read_table(tmp_path / "t.xlsx", HomeRow)) == [(2, "beds")]


def test_a_date_that_excel_made_of_a_cell_is_named(tmp_path: Path) -> None:
    import datetime as dt

    rows = [["home_id", "postcode", "beds"], [dt.date(2026, 4, 3), "HP11 2PX", 3], ["H2", "HP11 2PX", dt.date(2026, 4, 3)]]
    assert stops(read_table(book(tmp_path, rows), HomeRow)) == [(2, "home_id"), (3, "beds")]


def test_leading_zeros_that_are_only_shown_are_kept(tmp_path: Path) -> None:
    def zeros(sheet: Worksheet) -> None:
        sheet["A2"].number_format = "0000"

    rows = [["home_id", "postcode"], [12, "HP11 2PX"], [13, "HP11 2PX"]]
    assert [row.value.home_id for row in read_table(book(tmp_path, rows, zeros), HomeRow).rows] == ["0012", "13"]


def test_merged_cells_of_ours_are_named_and_titles_are_not(tmp_path: Path) -> None:
    def merge(sheet: Worksheet) -> None:
        sheet.merge_cells("A1:C1")
        sheet.merge_cells("C3:C4")

    rows = [["Homes"], ["home_id", "postcode", "beds"], ["H1", "HP11 2PX", 3], ["H2", "HP11 2PX", None]]
    found = read_table(book(tmp_path, rows, merge), HomeRow)
    assert stops(found) == [(3, "beds")]
    assert "rows 3-4" in said(found.faults)


def test_rows_hidden_by_a_filter_are_left_out_aloud_and_of_exclusions_refused(tmp_path: Path) -> None:
    def hide(sheet: Worksheet) -> None:
        sheet.row_dimensions[3].hidden = True
        sheet.auto_filter.ref = "A1:C4"
        sheet.auto_filter.add_filter_column(2, ["3"])

    rows = [["home_id", "postcode", "beds"], ["H1", "HP11 2PX", 3], ["H2", "HP11 2PX", 2], ["H3", "HP11 2PX", 3]]
    found = read_table(book(tmp_path, rows, hide), HomeRow)
    assert [row.number for row in found.rows] == [2, 4]
    assert [left.rows for left in found.understanding.left_out] == [(3,)]
    assert "row 3: the row is left out: hidden by a filter" in said(found.faults)
    rows = [["child_ref", "postcode", "radius_miles"], *([f"C{n}", "HP11 2PX", 2] for n in range(3))]
    assert stops(read_table(book(tmp_path, rows, hide), ExclusionRow)) == [(3, None)]


@pytest.mark.parametrize("hidden", [True, False])
def test_the_visible_sheet_is_read_and_it_is_said_which(tmp_path: Path, *, hidden: bool) -> None:
    made = Workbook()
    first = made.active
    assert first is not None
    first.title = "Old"
    first.append(["home_id", "postcode"])
    first.append(["X1", "HP11 2PX"])
    first.sheet_state = "hidden" if hidden else "visible"
    second = made.create_sheet("Now")
    second.append(["home_id", "postcode"])
    second.append(["H1", "HP11 2PX"])
    made.save(tmp_path / "t.xlsx")
    found = read_table(tmp_path / "t.xlsx", HomeRow)
    if hidden:
        assert [row.value.home_id for row in found.rows] == ["H1"]
        assert found.understanding.sheet == "Now"
        assert 'the sheet "Now" is read, and not "Old" (hidden)' in said(found.faults)
    else:
        assert 'two sheets may be the table: "Old" and "Now"' in said(found.faults)


def test_a_total_a_repeated_header_and_blank_rows_are_no_homes(tmp_path: Path) -> None:
    rows = "H1,HP11 2PX,3\n,,\nhome_id,postcode,beds\nH2,HP11 2PY,2\nTotal,,5\n"
    found = table(tmp_path, HOME + rows)
    assert [row.number for row in found.rows] == [2, 5]
    assert {left.rows for left in found.understanding.left_out} == {(4,), (6,)}
    assert not stopping(found.faults)


def test_a_total_is_no_child_and_a_source_line_is_none_either(tmp_path: Path) -> None:
    found = table(tmp_path, "child_ref,authority,postcode\nC1,Reading,HP11 2PX\nTotal,,\nSource LCS,,\n", ChildRow)
    assert [row.number for row in found.rows] == [2]
    assert stops(found) == [(4, None)]


@pytest.mark.parametrize("separator", [",", ";", "\t", "|"])
@pytest.mark.parametrize("title", ["", "Homes for sale, autumn; all\n\n", "sep=SEP\r\n"])
def test_any_separator_and_titles_above(tmp_path: Path, separator: str, title: str) -> None:
    text = title.replace("SEP", separator) + "home_id,postcode,address\nH1,HP11 2PX,x\n".replace(",", separator)
    assert [row.value.home_id for row in table(tmp_path, text).rows] == ["H1"]  # type: ignore[attr-defined]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp1252", "utf-32"])
def test_any_encoding(tmp_path: Path, encoding: str) -> None:
    text = "home_id,postcode,price_gbp,address\nH1,HP11 2PX,£425000,St Mary’s\n"
    row = table(tmp_path, text.encode(encoding)).rows[0].value
    assert (row.price_gbp, row.address) == (425_000, "St Mary’s")  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"<html><body><table><tr><td>home_id</td></tr></table></body></html>", "a web page"),
        (b"<?xml version='1.0'?><?mso-application progid='Excel.Sheet'?><Workbook/>", "XML"),
        (b"MIME-Version: 1.0\nContent-Type: multipart/related", "a web archive"),
        (b"%PDF-1.7", "a PDF"),
        (b'{"type": "FeatureCollection"}', "JSON"),
        (b"PK\x03\x04 cut off", "damaged or cut off"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1 cut off", "damaged"),
        (b"home_id,postcode\n\x00\x01\x02\x03", "neither text nor a spreadsheet"),
        (b'home_id,postcode\nH1,"HP11 2PX\nH2,"HP11 2PX"\n', "quotation marks"),
        (b"", "the file is empty"),
        (b"\xff\xfe", "the file is empty"),
    ],
)
def test_what_is_no_table_is_refused_for_what_it_is(tmp_path: Path, content: bytes, told: str) -> None:
    found = table(tmp_path, content)
    assert found.rows == ()
    assert told in said(found.faults)


def test_a_cell_far_away_is_read_in_a_blink_or_refused(tmp_path: Path) -> None:
    def far(sheet: Worksheet) -> None:
        sheet["XFD1048576"] = "x"

    found = read_table(book(tmp_path, [["home_id", "postcode"], ["H1", "HP11 2PX"]], far), HomeRow)
    assert "the cell XFD1048576 is filled" in said(found.faults)


def test_a_folder_a_pipe_and_a_bomb_are_refused(tmp_path: Path) -> None:
    import os

    (tmp_path / "d").mkdir()
    os.mkfifo(tmp_path / "pipe")
    with zipfile.ZipFile(tmp_path / "bomb.xlsx", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/workbook.xml", b" " * 1_100_000_000)
    for name in ("d", "pipe", "bomb.xlsx", "nowhere.csv"):
        assert read_table(tmp_path / name, HomeRow).faults


def test_opendocument_is_read_with_what_it_hides(tmp_path: Path) -> None:
    cell = '<table:table-cell office:value-type="{0}" {1}><text:p>{2}</text:p></table:table-cell>'

    def row(*texts: str, more: str = "") -> str:
        return f"<table:table-row {more}>" + "".join(cell.format("string", "", text) for text in texts) + "</table:table-row>"

    number = cell.format("float", 'office:value="3"', "3.00")
    error = cell.format("string", 'calcext:value-type="error"', "#N/A")
    rows = (
        row("home_id", "postcode", "beds")
        + row("H1", "HP11 2PX").replace("</table:table-row>", number + "</table:table-row>")
        + row("H2", "HP11 2PX").replace("</table:table-row>", error + "</table:table-row>")
        + row("H3", "HP11 2PX", "2", more='table:visibility="filter"')
        + '<table:table-row table:number-rows-repeated="1048570">'
        '<table:table-cell table:number-columns-repeated="16384"/></table:table-row>'
    )
    spaces = " ".join(
        f'xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"' for name in ("office", "table", "text", "style")
    )
    content = (
        f'<office:document-content {spaces} xmlns:calcext="urn:org:documentfoundation:names:experimental:calc:xmlns:calcext:1.0">'
        f'<office:body><office:spreadsheet><table:table table:name="Homes">{rows}</table:table></office:spreadsheet>'
        "</office:body></office:document-content>"
    )
    with zipfile.ZipFile(tmp_path / "t.ods", "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        archive.writestr("content.xml", content)
    found = read_table(tmp_path / "t.ods", HomeRow)
    assert [(row.number, row.value.beds) for row in found.rows] == [(2, 3)]
    assert stops(found) == [(3, "beds")]
    assert [left.rows for left in found.understanding.left_out] == [(4,)]


def test_old_excel_is_read_with_errors_named(tmp_path: Path) -> None:
    made = xlwt.Workbook()
    sheet = made.add_sheet("Homes")
    for column, heading in enumerate(["home_id", "postcode", "beds", "bedrooms"]):
        sheet.write(0, column, heading)
    for row in range(1, 6):
        for column, value in enumerate([f"H{row}", "HP11 2PX", 3, 4]):
            if (row, column) not in {(3, 2), (4, 2), (5, 3)}:
                sheet.write(row, column, value)
    sheet.row(2).hidden = True
    sheet.row(3).set_cell_error(2, 42)
    # Neither was ever worked out: the one holds an empty text, the other 0 and the wish to be.
    sheet.write(4, 2, xlwt.Formula("1+2"))
    sheet.row(5).insert_cell(3, FormulaCell(5, 3, 17, xlwt.Formula("A1+B1"), calc_flags=2))
    made.save(tmp_path / "t.xls")
    written = (tmp_path / "t.xls").read_bytes()
    empty_text, asks = b"\x03\0\0\0\0\0\xff\xff", b"\x02\0"
    assert written.count(empty_text + asks) == 1
    (tmp_path / "t.xls").write_bytes(written.replace(empty_text + asks, bytes(8) + asks))
    found = read_table(tmp_path / "t.xls", HomeRow)
    assert [(row.number, row.value.beds) for row in found.rows] == [(2, 3)]
    assert "row 3: the row is left out: hidden" in said(found.faults)
    assert stops(found) == [(4, "beds"), (5, "beds"), (6, "bedrooms")]
    assert "no stored value" in said(found.faults)


def test_a_share_is_read_as_it_is_shown(tmp_path: Path) -> None:
    with WrittenWorkbook(tmp_path / "t.xlsx") as made:
        sheet = made.add_worksheet()
        sheet.write_row(0, 0, ["child_ref", "postcode", "radius_miles"])
        sheet.write_row(1, 0, ["C1", "HP11 2PX"])
        sheet.write_number(1, 2, 0.05, made.add_format({"num_format": "0%"}))
    found = read_table(tmp_path / "t.xlsx", ExclusionRow)
    assert stops(found) == [(2, "radius_miles")]
    assert "not a number alone" in said(found.faults)


def test_damage_within_an_old_workbook_is_named_where_it_shows(tmp_path: Path) -> None:
    made = xlwt.Workbook()
    sheet = made.add_sheet("Homes")
    for row, cells in enumerate(
        [("home_id", "postcode", "address"), ("H1", "HP11 2PX", "1 \u0141any Road"), ("H2", "HP11 2PX", 5)]
    ):
        for column, value in enumerate(cells):
            sheet.write(row, column, value)
    made.save(tmp_path / "t.xls")
    whole = (tmp_path / "t.xls").read_bytes()
    assert not stops(read_table(tmp_path / "t.xls", HomeRow))
    letter, place = "\u0141".encode("utf-16-le"), b"\x7e\x02\x0a\0\x02\0\x02\0"
    assert whole.count(letter) == whole.count(place) == 1
    (tmp_path / "t.xls").write_bytes(whole.replace(letter, b"\xff\xff"))
    found = read_table(tmp_path / "t.xls", HomeRow)
    assert stops(found) == [(2, "address")]
    assert "could not be read" in said(found.faults)
    # Where the place of a value is damaged it stands in another's cell.
    (tmp_path / "t.xls").write_bytes(whole.replace(place, place[:6] + b"\x01\0"))
    assert "two values stand in its cell B3" in said(read_table(tmp_path / "t.xls", HomeRow).faults)


def test_a_second_table_below_the_children_is_asked_about(tmp_path: Path) -> None:
    second = "child_ref,postcode,placement\nC1,HP11 2PX,Luton\n\nAgent,,Town\nSmith,,Leeds\n"
    asked = table(tmp_path, second, ChildRow)
    assert "rows 4-5: below an empty row stand rows without a place" in said(asked.faults)
    # Children without a family place that stand with the others, and others below a gap, are read.
    for plain in ("C1,HP11 2PX\nC2,\n", "C1,\n\nC2,\n", "C1,HP11 2PX\n\nC2,HP13 5SU\n"):
        found = table(tmp_path, "child_ref,postcode,solo\n" + plain.replace("\n", ",no\n").replace("\n,no\n", "\n\n"), ChildRow)
        assert [row.value.child_ref for row in found.rows] == ["C1", "C2"]
        assert not stops(found)


def test_a_column_that_says_who_can_share_is_asked_about(tmp_path: Path) -> None:
    found = table(tmp_path, "child_ref,postcode,Can share\nC1,HP11 2PX,no\n", ChildRow)
    assert stops(found) == [(1, "Can share")]


TEXT = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00"), max_size=12)


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(cell=TEXT, field=st.sampled_from(["solo", "max_minutes", "needs_bed", "weekly_cost"]))
def test_no_cell_of_a_protective_column_is_taken_for_nothing(tmp_path: Path, cell: str, field: str) -> None:
    """Whatever stands in a cell is what is used, is asked about, or the cell is empty."""
    quoted = '"' + cell.replace('"', '""') + '"'
    found = table(tmp_path, f"child_ref,authority,postcode,{field}\nC1,Reading,HP11 2PX,{quoted}\n", ChildRow)
    default = ChildRow.model_fields[field].default
    if found.rows and getattr(found.rows[0].value, field) == default and cell:
        assert re.fullmatch(r"\s*(no|n|false|0|yes|y|true|1|x|\u2713|\u2714)\s*", cell, re.IGNORECASE)
    if not found.rows:
        assert stops(found)


@pytest.mark.parametrize("name", ["errors.xlsx", "formula.xlsx", "formulah.xlsx", "messy_export.xlsx"])
def test_the_samples_with_cells_that_cannot_be_read_stop(name: str) -> None:
    path = Path(__file__).resolve().parents[4] / "shared" / "cases" / "tables" / name
    if not path.is_file():
        pytest.skip("the sample inputs are not beside this checkout")
    assert stopping(read_table(path, ChildRow if name in {"errors.xlsx", "formula.xlsx"} else HomeRow).faults)


def test_an_old_workbook_that_is_cut_off_is_refused_and_nothing_is_printed(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    made = xlwt.Workbook()
    sheet = made.add_sheet("Homes")
    for row, cells in enumerate([("home_id", "postcode"), *((f"H{n}", "HP11 2JZ") for n in range(900))]):
        for column, value in enumerate(cells):
            sheet.write(row, column, value)
    made.save(tmp_path / "t.xls")
    whole = (tmp_path / "t.xls").read_bytes()
    (tmp_path / "odd.xls").write_bytes(whole + b"more")
    assert len(read_table(tmp_path / "odd.xls", HomeRow).rows) == 900
    for share in (0.3, 0.6, 0.9):
        (tmp_path / "cut.xls").write_bytes(whole[: int(len(whole) * share)])
        (fault,) = read_table(tmp_path / "cut.xls", HomeRow).faults
        assert "damaged" in fault.problem
    assert capfd.readouterr().out == ""


@pytest.mark.parametrize(
    ("above", "below", "row_type", "maybe"),
    [
        ("Solo", "placement", ChildRow, "solo or placement"),
        ("Diameter", "(miles)", ExclusionRow, "radius_miles"),
        ("Weekly", "cost", ChildRow, "weekly_cost"),
        ("Not", "solo", ChildRow, "solo"),
    ],
)
def test_a_heading_over_two_rows_is_asked_about(
    tmp_path: Path, above: str, below: str, row_type: type[PlacedRow], maybe: str
) -> None:
    own = "needs_bed" if row_type is ChildRow else "notes"
    found = table(tmp_path, f",,{above},\nchild_ref,postcode,{below},{own}\nC1,HP11 2PX,4,yes\n", row_type)
    (fault,) = [one for one in stopping(found.faults) if one.row == 2]
    assert f"{above} {below}" in str(fault)
    assert maybe in str(fault)


@pytest.mark.parametrize("title", ["Children", "Children needing homes,,,Autumn", "Solo", "Max,,,"])
def test_a_title_above_the_headings_is_no_part_of_them(tmp_path: Path, title: str) -> None:
    found = table(tmp_path, f"{title}\nRef,postcode,solo,weekly_cost\nC1,HP11 2PX,yes,5000\n", ChildRow)
    assert stopping(found.faults) == ()
    assert found.rows[0].value.child_ref == "C1"


def test_what_is_chosen_for_a_heading_over_two_rows_is_kept(tmp_path: Path) -> None:
    (tmp_path / "t.csv").write_text(",,Solo,\nchild_ref,postcode,placement,x\nC1,HP11 2PX,yes,\n", encoding="utf-8")
    for heading in ("Solo placement", "placement"):
        found = read_table(tmp_path / "t.csv", ChildRow, {heading: "solo"})
        assert stopping(found.faults) == ()
        assert found.rows[0].value.solo is True


def test_an_error_is_no_heading(tmp_path: Path) -> None:
    rows = ["postcode,solo,Child ref,notes", "HP11 2PX,no,#REF!,x", "HP5 1AX,no,C2,x"]
    found = table(tmp_path, "\n".join(rows), ChildRow)
    assert found.understanding.header_row == 1
    assert (2, "child_ref") in stops(found)
