"""What a cell shows is what is read: units in number formats, lines through what is gone, unseen letters, comments."""

import zipfile
from collections.abc import Mapping, Sequence
from pathlib import Path

import pytest
import xlwt
from openpyxl import Workbook
from openpyxl.cell.rich_text import CellRichText, TextBlock
from openpyxl.cell.text import InlineFont
from openpyxl.comments import Comment
from openpyxl.formatting.rule import FormulaRule
from openpyxl.styles import Font, PatternFill

from siting.faults import Severity, stopping
from siting.inputs.cells import Cell, Mark
from siting.inputs.need import read_need
from siting.inputs.number_formats import number_cell, shows_a_date
from siting.inputs.reading import read_books
from siting.inputs.rows import ChildRow, ExclusionRow, HomeRow, PlacedRow
from siting.inputs.tables import Table, read_table
from siting.pipeline.bringing_tables import bring, brought_tables, show_table


@pytest.mark.parametrize(
    ("value", "code", "shown"),
    [
        (5, '0" km"', "5 km"),
        (5, '#,##0" miles"', "5 miles"),
        (5, '0"m"', "5m"),
        (5, 'General" beds"', "5 beds"),
        (395_000, '"£"0.0,"k"', "£395k"),
        (395_000, "#,##0,", "395 thousand"),
        (1_250_000, "0.0,,", "1.25 million"),
        (1_250_000, '[>=1000000]0.0,,"M";[>=1000]0.0,"K";0', "1.25M"),
        (5, '[>=1000000]0.0,,"M";[>=1000]0.0,"K";0', "5"),
        (0.05, "0.0%", "5%"),
        (1, '"Yes";"Yes";"No"', "Yes"),
        (0, '"Yes";"Yes";"No"', "No"),
        (12, '"H"000', "H012"),
        (12, "0000", "0012"),
        (1_494_123_456, "00000 000000", "01494 123456"),
        (425_000, "[$€-2] #,##0", "€ 425000"),
        (425_000, '_-[$£-809]* #,##0.00_-;-[$£-809]* #,##0.00_-;_-[$£-809]* "-"??_-;_-@_-', "425000"),
        (0, '_-£* #,##0_-;-£* #,##0_-;_-£* "-"_-;_-@_-', "0"),
        (-5, "#,##0;[Red](#,##0)", "-5"),
        (425_000.4, "#,##0", "425000.4"),
        (2.5, "# ?/?", "2.5"),
        (5, "[Magenta]0", "5"),
    ],
)
def test_a_number_is_as_its_format_shows_it(value: float, code: str, shown: str) -> None:
    assert (number_cell(value, code).text, number_cell(value, code).mark) == (shown, None)
    assert not shows_a_date(code)


@pytest.mark.parametrize(("value", "code"), [(5, ";;;"), (0, "#,##0;-#,##0;")])
def test_a_number_that_its_format_hides_is_known(value: float, code: str) -> None:
    assert number_cell(value, code).mark is Mark.UNSEEN


@pytest.mark.parametrize("code", ["dd/mm/yyyy", "[h]:mm", "hh:mm AM/PM", '"due "d mmm', "[$-F800]dddd, mmmm dd"])
def test_a_date_is_known_by_its_format(code: str) -> None:
    assert shows_a_date(code)


FORMATS = {"radius_miles": ["0", '0" km"', '0" miles"', "0%", '0"m"']}
STRUCK = {3: (0, 1, 2), 4: (2,)}
"""Rows and columns of the table below that have a line through them: a whole row, and a cell of the next."""


def rows_of(name: str, count: int) -> list[list[object]]:
    key = "child_ref" if name == "radius_miles" else "home_id"
    return [[key, "postcode", name], *([f"H{n}", "HP11 2PX", 5] for n in range(1, count + 1))]


def written(folder: Path, form: str, rows: Sequence[Sequence[object]], codes: Mapping[tuple[int, int], str], lines: bool) -> Path:
    path = folder / f"t.{form}"
    struck = {(row, column) for row, columns in STRUCK.items() for column in columns} if lines else set()
    if form == "xlsx":
        book = Workbook()
        sheet = book.active
        assert sheet is not None
        for number, row in enumerate(rows, start=1):
            for column, value in enumerate(row):
                cell = sheet.cell(number, column + 1, value)
                cell.number_format = codes.get((number, column), "General")
                cell.font = Font(strike=(number, column) in struck)
        book.save(path)
    elif form == "xls":
        old = xlwt.Workbook()
        old_sheet = old.add_sheet("Homes")
        for number, row in enumerate(rows, start=1):
            for column, value in enumerate(row):
                line = "font: struck_out on" if (number, column) in struck else ""
                old_sheet.write(
                    number - 1, column, value, xlwt.easyxf(line, num_format_str=codes.get((number, column), "General"))
                )
        old.save(path)
    else:
        write_ods(path, rows, codes, struck)
    return path


SHOWN = {"0": "5", '0" km"': "5 km", '0" miles"': "5 miles", '0"m"': "5m"}


def write_ods(
    path: Path, rows: Sequence[Sequence[object]], codes: Mapping[tuple[int, int], str], struck: set[tuple[int, int]]
) -> None:
    def cell(number: int, column: int, value: object) -> str:
        style = ' table:style-name="gone"' if (number, column) in struck else ""
        code = codes.get((number, column), "0")
        if isinstance(value, int):
            kind, shown = ("percentage", f"{value}00%") if code == "0%" else ("float", SHOWN[code])
            value_of = f'office:value-type="{kind}" office:value="{value}"'
        else:
            value_of, shown = 'office:value-type="string"', str(value)
        return f"<table:table-cell{style} {value_of}><text:p>{shown}</text:p></table:table-cell>"

    lines = "".join(
        f"<table:table-row>{''.join(cell(number, column, value) for column, value in enumerate(row))}</table:table-row>"
        for number, row in enumerate(rows, start=1)
    )
    names = ("office", "table", "text", "style")
    spaces = " ".join(f'xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"' for name in names)
    gone = (
        '<office:automatic-styles><style:style style:name="gone" style:family="table-cell">'
        '<style:text-properties style:text-line-through-style="solid"/></style:style></office:automatic-styles>'
    )
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        archive.writestr(
            "content.xml",
            f"<office:document-content {spaces}>{gone}<office:body><office:spreadsheet>"
            f'<table:table table:name="Homes">{lines}</table:table></office:spreadsheet></office:body></office:document-content>',
        )


@pytest.mark.parametrize("form", ["xlsx", "xls", "ods"])
def test_a_unit_that_a_format_shows_is_read_where_it_is_the_column_s_own_and_asked_about_where_not(
    tmp_path: Path, form: str
) -> None:
    codes = {(number, 2): code for number, code in enumerate(FORMATS["radius_miles"], start=2)}
    found = read_table(written(tmp_path, form, rows_of("radius_miles", 5), codes, lines=False), ExclusionRow)
    assert [(row.number, row.value.radius_miles) for row in found.rows] == [(2, 5), (4, 5)]
    assert [(fault.row, fault.column) for fault in stopping(found.faults)] == [(row, "radius_miles") for row in (3, 5, 6)]


@pytest.mark.parametrize("form", ["xlsx", "xls", "ods"])
def test_what_is_struck_through_is_asked_about_and_not_read(tmp_path: Path, form: str) -> None:
    found: Table[PlacedRow] = read_table(written(tmp_path, form, rows_of("beds", 4), {}, lines=True), HomeRow)
    assert 3 not in [row.number for row in found.rows]
    assert [(fault.rows, fault.column) for fault in stopping(found.faults)] == [((3,), None), ((4,), "beds")]


@pytest.mark.parametrize(
    ("cell", "units"), [("4 bedrooms", HomeRow), ("45 mins", ChildRow), ("£5,200 pw", ChildRow), ("2 mi", ExclusionRow)]
)
def test_a_figure_s_own_unit_is_read_and_another_s_is_not(tmp_path: Path, cell: str, units: type[PlacedRow]) -> None:
    key = "home_id" if units is HomeRow else "child_ref"
    value = {"4 bedrooms": 4, "45 mins": 45, "£5,200 pw": 5_200, "2 mi": 2}[cell]
    for name in units.plausible.keys() - {"price_gbp", "works_gbp", "beds"}:
        more, its = (",radius_miles", ",1") if units is ExclusionRow and name != "radius_miles" else ("", "")
        (tmp_path / "t.csv").write_text(f'{key},postcode,{name}{more}\nX1,HP11 2PX,"{cell}"{its}\n', encoding="utf-8")
        found = read_table(tmp_path / "t.csv", units)
        read = [getattr(row.value, name) for row in found.rows]
        own = {"bedrooms": "bed", "max_minutes": "min", "weekly_cost": "pw", "radius_miles": "mi"}[name]
        assert read == ([value] if own in cell else []), name
        assert bool(stopping(found.faults)) == (own not in cell)


def test_cells_that_are_struck_in_part_unseen_or_commented_on_are_told(tmp_path: Path) -> None:
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    for row in (
        ["home_id", "postcode", "price_gbp"],
        ["H1", "HP11 2PX", 425_000],
        ["H2", "HP11 2PX", 395_000],
        ["H3", "HP11 2PX", 1],
    ):
        sheet.append(row)
    sheet["C4"] = CellRichText(TextBlock(InlineFont(strike=True), "425000 "), TextBlock(InlineFont(), "395000"))
    sheet["A2"].comment = Comment("withdrawn", "me")
    sheet["B3"].font = Font(color="FFFFFFFF")
    sheet["B2"].font, sheet["B2"].fill = Font(color="FFFFFFFF"), PatternFill("solid", fgColor="FF000000")
    sheet.conditional_formatting.add("A2:A4", FormulaRule(formula=['$C2="sold"'], font=Font(strike=True)))
    book.save(tmp_path / "t.xlsx")
    found = read_table(tmp_path / "t.xlsx", HomeRow)
    assert [(fault.rows, fault.column) for fault in stopping(found.faults)] == [((4,), "price_gbp")]
    told = {(fault.row, fault.column): fault.problem for fault in found.faults if fault.severity is Severity.WARNING}
    assert "has a comment" in told[2, None]
    assert "cannot be seen" in told[3, "postcode"]
    assert "conditional formatting" in told[None, None]
    assert len(told) == 3


def test_the_marks_of_an_old_workbook_are_known(tmp_path: Path) -> None:
    old = xlwt.Workbook()
    sheet = old.add_sheet("Homes")
    gone, plain = xlwt.easyfont("struck_out on"), xlwt.easyfont("")
    sheet.write_rich_text(0, 0, [("425000 ", gone), ("395000", plain)])
    sheet.write_rich_text(1, 0, [("425000", gone)])
    sheet.write(2, 0, "H1", xlwt.easyxf("font: colour white"))
    sheet.write(3, 0, 0.05, xlwt.easyxf(num_format_str="0%"))
    old.save(tmp_path / "t.xls")
    ((sheet_read,),) = [book.sheets for book in read_books(tmp_path / "t.xls")]
    assert [row[0].mark for row in sheet_read.rows.values()] == [Mark.PARTLY_STRUCK, Mark.STRUCK, Mark.UNSEEN, None]
    assert sheet_read.rows[4][0] == Cell("5%", sheet_read.rows[4][0].kind)


def test_a_list_that_is_brought_to_the_page_stops_where_something_is_struck_through_or_hidden(tmp_path: Path) -> None:
    plan = tmp_path / "p.toml"
    (tmp_path / "n.osm.pbf").touch()
    (tmp_path / "c.csv").touch()
    inputs = '[inputs]\ncandidates = "c.csv"\n'
    school = '[[schools]]\nname = "S"\npostcode = "HP11 2PX"\n'
    plan.write_text(f'title = "x"\n[area]\nnetwork = "n.osm.pbf"\n{school}{inputs}', encoding="utf-8")
    path = written(tmp_path, "xlsx", rows_of("beds", 4), {}, lines=True)
    bring(plan, "candidates", path, "t.xlsx", seen=brought_tables(plan).version)
    shown = show_table(plan, "candidates")
    assert shown is not None
    assert not shown.is_sound
    assert [(fault.row, fault.column) for fault in shown.faults if fault.stops] == [(None, None), (4, 2)]
    # A zone that is hidden is in force or refused, here as elsewhere.
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    for row in (["child_ref", "postcode", "radius_miles"], ["C1", "HP11 2PX", 2], ["C2", "HP11 2PX", 2]):
        sheet.append(row)
    sheet.row_dimensions[3].hidden = True
    book.save(tmp_path / "zones.xlsx")
    bring(plan, "exclusions", tmp_path / "zones.xlsx", "zones.xlsx", seen=brought_tables(plan).version)
    zones = show_table(plan, "exclusions")
    assert zones is not None
    assert [fault.problem for fault in zones.faults if fault.stops] == ["row 3: the row is left out: hidden"]


@pytest.mark.parametrize(
    ("word", "value"), [("Ie", True), ("OES", True), ("nac  ydy", False), ("Nage", False), ("Nac oes", False)]
)
def test_welsh_words_for_yes_and_no_are_read(tmp_path: Path, word: str, value: bool) -> None:
    (tmp_path / "t.csv").write_text(f"child_ref,postcode,solo,needs_bed\nC1,HP11 2PX,{word},{word}\n", encoding="utf-8")
    (row,) = read_table(tmp_path / "t.csv", ChildRow).rows
    assert (row.value.solo, row.value.needs_bed) == (value, value)


def test_a_word_that_is_welsh_for_no_and_english_for_not_applicable_is_asked_about(tmp_path: Path) -> None:
    (tmp_path / "t.csv").write_text("home_id,postcode,annex\nH1,HP11 2PX,Na\nH2,HP11 2PX,n/a\n", encoding="utf-8")
    assert [fault.row for fault in stopping(read_table(tmp_path / "t.csv", HomeRow).faults)] == [2, 3]


def test_a_council_that_is_struck_through_is_asked_about_in_the_table_of_need(tmp_path: Path) -> None:
    rows = [["authority", "note", "children"], ["Essex", "", 40], ["Kent", "", 50], ["Devon", "", 60]]
    need, told = read_need(written(tmp_path, "xlsx", rows, {}, lines=True))
    assert dict(need.children) == {"Essex": 40}
    assert [fault.row for fault in told] == [3, 4]
