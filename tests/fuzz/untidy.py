"""Spreadsheets as agents, councils and Excel write them, drawn by a seed, each with what it truly says."""

import csv
import datetime as dt
import html
import io
import random
import zipfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape, quoteattr

import xlwt
from openpyxl import Workbook
from openpyxl.styles import Font
from openpyxl.worksheet.worksheet import Worksheet

from siting.inputs.rows import ChildRow, ExclusionRow, HomeRow, PlacedRow

POSTCODES = (
    "HP11 2PX", "HP13 5SU", "HP20 1US", "HP6 5ES", "SL7 1QN", "HP19 8FE", "HP5 1AX", "SL6 1RR", "RG9 1AJ", "SL7 1AA", "HP6 5DH",
)  # fmt: skip
COUNCILS = ("Buckinghamshire", "Oxfordshire", "Hertfordshire", "Milton Keynes", "Reading")

Cell = Any
"""A text, a number, a yes or no, None; `Odd` where a workbook alone can hold it."""


@dataclass(frozen=True, slots=True)
class Odd:
    """What a cell of a workbook holds beside its value: an error, or a formula that was never worked out."""

    formula: str


@dataclass(slots=True)
class Untidy:
    """A drawn spreadsheet: where it is, what it truly says by row number, and in which rows something was planted.

    `plain` says that everything in it is as the planner reads it, so that nothing may be asked.
    """

    path: Path
    row_type: type[PlacedRow]
    truth: dict[int, dict[str, Any]]
    planted: set[int] = field(default_factory=set)
    plain: bool = True
    habits: list[str] = field(default_factory=list)


def _grouped(value: float, mark: str = ",") -> str:
    return f"{value:,.0f}".replace(",", mark)


# Each way of writing: whether it is plain, and the cell.
Ways = Sequence[tuple[bool, Callable[[Any], Cell]]]
PRICE: Ways = [
    (True, lambda v: v), (True, lambda v: f"£{_grouped(v)}"), (True, lambda v: _grouped(v)), (True, lambda v: f"£{_grouped(v)}.00"),
    (True, lambda v: _grouped(v, "\u00a0")), (True, lambda v: f"GBP {_grouped(v)}"), (True, lambda v: f" {v} "),
    (True, lambda v: float(v)), (True, lambda v: _grouped(v, "\u202f")),
    (False, lambda v: f"{v / 1000:g}k"), (False, lambda v: f"£{v / 1000:g}K"), (False, lambda v: f"OIEO £{_grouped(v)}"),
    (False, lambda v: f"£{_grouped(v)} pcm"), (False, lambda v: _grouped(v, ".")), (False, lambda v: f"{_grouped(v, '.')},00"),
    (False, lambda v: f"£{v / 1e6:.3f}m"), (False, lambda v: f"£{_grouped(v)} - £{_grouped(v + 10_000)}"),
    (False, lambda v: f"c. £{_grouped(v)}"), (False, lambda v: f"£{_grouped(v)} ono"), (False, lambda v: f"£{_grouped(v)[:-1]}"),
    (False, lambda v: v / 1000), (False, lambda v: f"{v / 1000:g}"), (False, lambda v: f"{v:.2E}"), (False, lambda v: "POA"),
    (False, lambda v: Odd("#REF!")), (False, lambda v: Odd(f"={v}+0")), (False, lambda v: "TBC"), (False, lambda v: "   "),
    (False, lambda v: f"€{_grouped(v)}"), (False, lambda v: f"{_grouped(v)}*"), (False, lambda v: f"({_grouped(v)})"),
    (False, lambda v: f"{_grouped(v)},"), (False, lambda v: f"£{_grouped(v)} (was £{_grouped(v + 5_000)})"),
]  # fmt: skip
COUNT: Ways = [
    (True, lambda v: v), (True, lambda v: str(v)), (True, lambda v: float(v)), (True, lambda v: f"{v}.0"),
    (False, lambda v: f"{v} bed"), (False, lambda v: f"{v}+1"), (False, lambda v: f"{v},0"), (False, lambda v: f"{v}/{v + 1}"),
    (False, lambda v: f"{v}-{v + 1}"), (False, lambda v: "four"), (False, lambda v: f"{v} (1 en suite)"), (False, lambda v: v + 0.5),
    (False, lambda v: Odd("#N/A")), (False, lambda v: Odd(f"=1+{v - 1}")), (False, lambda v: "?"), (False, lambda v: f"{v}x"),
    (False, lambda v: v * 10 + 1), (False, lambda v: -v), (False, lambda v: "\u00bd"),
]  # fmt: skip
YES_NO: Ways = [
    (True, lambda v: "yes" if v else "no"), (True, lambda v: "Y" if v else "N"), (True, lambda v: v),
    (True, lambda v: "TRUE" if v else "FALSE"), (True, lambda v: 1 if v else 0), (True, lambda v: "Yes " if v else " NO"),
    (False, lambda v: "n/a"), (False, lambda v: "?"), (False, lambda v: "yes - if possible"), (False, lambda v: "poss"),
    (False, lambda v: 2), (False, lambda v: Odd("#VALUE!")), (False, lambda v: "-"), (False, lambda v: "Yes/No"),
]  # fmt: skip
MINUTES: Ways = [
    (True, lambda v: v), (True, lambda v: str(v)), (True, lambda v: float(v)),
    (False, lambda v: f"{v} mins"), (False, lambda v: f"{v}m"), (False, lambda v: f"0:{v:02}"), (False, lambda v: "1h"),
    (False, lambda v: v / 60), (False, lambda v: f"<{v}"), (False, lambda v: f"{v}-{v + 15}"), (False, lambda v: Odd("#NUM!")),
    (False, lambda v: "none"), (False, lambda v: v * 60), (False, lambda v: f"{v}'"),
]  # fmt: skip
MILES: Ways = [
    (True, lambda v: v), (True, lambda v: str(v)), (True, lambda v: f"{v:.2f}"),
    (False, lambda v: f"{v} miles"), (False, lambda v: f"{v}mi"), (False, lambda v: f"{v * 1.609:.1f} km"),
    (False, lambda v: str(float(v)).replace(".", ",")), (False, lambda v: "several"), (False, lambda v: 0), (False, lambda v: Odd("#DIV/0!")),
]  # fmt: skip
POSTCODE: Ways = [
    (True, lambda v: v), (True, lambda v: v.lower()), (True, lambda v: v.replace(" ", "")), (True, lambda v: v.replace(" ", "\u00a0")),
    (True, lambda v: f" {v} "), (True, lambda v: v.replace(" ", "  ")),
    (False, lambda v: f"12 Mill Road, {v}"), (False, lambda v: v.split()[0]), (False, lambda v: v.replace("1", "I")),
    (False, lambda v: v.replace("0", "O").replace("1", "l")), (False, lambda v: f"{v} / {v}"), (False, lambda v: f"{v}."),
    (False, lambda v: Odd("#N/A")), (False, lambda v: "unknown"), (False, lambda v: f"{v} (tbc)"),
]  # fmt: skip
NAME: Ways = [
    (True, lambda v: v), (True, lambda v: v.upper()), (True, lambda v: f"{v} "), (True, lambda v: f"{v} Council"),
    (False, lambda v: Odd("#NAME?")), (False, lambda v: "n/k"), (False, lambda v: "not yet known"), (False, lambda v: "0"), (False, lambda v: "N/A"), (False, lambda v: "="),
]  # fmt: skip
STATUS: Ways = [
    (True, lambda v: v), (True, lambda v: v.upper()), (True, lambda v: f"{v.title()} "),
    (False, lambda v: "For sale"), (False, lambda v: "SSTC"), (False, lambda v: "Under offer"), (False, lambda v: "Sold"),
]  # fmt: skip
KEY: Ways = [(False, lambda v: dt.datetime(2026, 4, 3)), (False, lambda v: Odd("#REF!")), (False, lambda v: ""),
    (False, lambda v: f"{v}/2"), (False, lambda v: f"={v}"), (True, lambda v: v), (True, lambda v: f"{v} "), (True, lambda v: v.replace("-", "\u00a0") if " " in v else v)]  # fmt: skip
WEEKLY: Ways = [
    (True, lambda v: v), (True, lambda v: f"£{_grouped(v)}"), (True, lambda v: f"{v}.50"[:-3]),
    (False, lambda v: f"£{_grouped(v)} pw"), (False, lambda v: f"{v / 1000:g}k"), (False, lambda v: f"£{_grouped(v)}/week"),
    (False, lambda v: v / 1000), (False, lambda v: v * 52), (False, lambda v: f"{v},{v % 10}0"),
]  # fmt: skip
ADDRESS: Ways = [
    (True, lambda v: v), (True, lambda v: v.replace(", ", "\n")), (True, lambda v: f'{v} "The Gables"'), (True, lambda v: f"{v}; nr pub"),
]  # fmt: skip

Headings = tuple[tuple[str, ...], tuple[tuple[str, Callable[[Any], Cell]], ...]]
"""Those that are plain; those with a unit or a meaning of their own, and how the truth is written under them."""


def _same(value: Any) -> Cell:
    return value


HEADINGS: dict[str, Headings] = {
    "home_id": (("home_id", "Home ID", "Ref", "Property ref", "HOME_ID ", "home id"), (("Home_di", _same), ("Nr", _same))),
    "child_ref": (("child_ref", "Child ref", "Ref", "Child reference", "Childs ref"), (("Chld rf", _same),)),
    "postcode": (("postcode", "Post code", "Postcode ", "POSTCODE", "Post Code:"), (("Pstcode area", _same), ("Postcode (old)", _same))),
    "address": (("address", "Address", "Property address", "Full address"), (("Adress of", _same),)),
    "bedrooms": (("bedrooms", "Bedrooms", "No. of bedrooms", "Number of bedrooms", "Bedroooms"), (("Beds", _same), ("Bed", _same))),
    "price_gbp": (
        ("price_gbp", "Price", "Price (£)", "Asking price", "Guide price", "ASKING  PRICE", "Asking\nprice"),
        (
            ("Price (£k)", lambda v: v / 1000), ("Price £000s", lambda v: v / 1000), ("Price £m", lambda v: v / 1e6),
            ("Price per month", lambda v: v / 12), ("Price (thousands)", lambda v: v / 1000), ("Price (million)", lambda v: v / 1e6),
            ("Price (EUR)", lambda v: v * 1.2), ("Price incl. fees", lambda v: v + 9_000), ("Original price", lambda v: v + 20_000),
        ),
    ),
    "works_gbp": (
        ("works_gbp", "Works cost", "Refurb cost"),
        (("Works (£k)", lambda v: v / 1000), ("Works £m", lambda v: v / 1e6), ("Works cost (thousands)", lambda v: v / 1000)),
    ),
    "status": (("status", "Status", "Home status", "Status of home"), (("Sale status", _same), ("Staus?", _same))),
    "authority": (("authority", "Local Authority", "Council", "LA"), (("Authority code", lambda _: "E06000060"),)),
    "annex": (("annex", "Annexe", "Granny annex"), (("Annex size", lambda _: "20 sqm"), ("No annex", lambda v: "no" if v else "yes"))),
    "solo": (
        ("solo", "Solo placement", "Solo?", "Needs solo"),
        (("Not solo", lambda v: not v), ("Can share", lambda v: not v), ("Solo or shared", lambda v: "solo" if v else "shared")),
    ),
    "max_minutes": (
        ("max_minutes", "Max mins", "Maximum minutes", "Max travel mins"),
        (
            ("Max travel (hours)", lambda v: v / 60), ("Max time (hrs)", lambda v: v / 60), ("Max seconds", lambda v: v * 60),
            ("Max miles", lambda v: v * 0.7), ("Max distance (km)", lambda v: v), ("Min minutes", lambda v: v),
        ),
    ),
    "weekly_cost": (
        ("weekly_cost", "Weekly cost", "Cost per week", "Weekly cost (£)"),
        (
            ("Cost per month", lambda v: v * 4.3), ("Annual cost", lambda v: v * 52), ("Daily cost", lambda v: v / 7),
            ("Weekly cost (£k)", lambda v: v / 1000), ("Cost per night", lambda v: v / 7), ("Cost pa", lambda v: v * 52),
        ),
    ),
    "radius_miles": (
        ("radius_miles", "Radius (miles)", "Miles", "Radius in miles"),
        (
            ("Radius (km)", lambda v: v * 1.609), ("Radius (m)", lambda v: v * 1609), ("Radius (yards)", lambda v: v * 1760),
            ("Radius (metres)", lambda v: v * 1609), ("Diameter (miles)", lambda v: v * 2), ("Radius", lambda v: v * 1.609),
        ),
    ),
}  # fmt: skip
WAYS: dict[str, Ways] = {
    "home_id": KEY, "child_ref": KEY, "postcode": POSTCODE, "address": ADDRESS, "bedrooms": COUNT, "price_gbp": PRICE,
    "works_gbp": PRICE, "status": STATUS, "authority": NAME, "annex": YES_NO, "solo": YES_NO, "max_minutes": MINUTES,
    "weekly_cost": WEEKLY, "radius_miles": MILES,
}  # fmt: skip
OTHERS = (
    "Notes",
    "Agent",
    "Tenure",
    "EPC rating",
    "Date listed",
    "Council tax band",
    "Viewing?",
    "Comments",
    "Lead officer initials",
)


def _truth(draw: random.Random, row_type: type[PlacedRow], number: int) -> dict[str, Any]:
    postcode = draw.choice(POSTCODES)
    if row_type is HomeRow:
        return {
            "home_id": f"H-{number:02}", "address": f"{number + 2} Mill Road, Wycombe", "postcode": postcode,
            "bedrooms": draw.randint(2, 7), "price_gbp": draw.randrange(250, 900) * 1000, "works_gbp": draw.randrange(10, 90) * 1000,
            "status": draw.choice(["candidate", "candidate", "bought", "open"]), "authority": draw.choice(COUNCILS),
            "annex": draw.random() < 0.3,
        }  # fmt: skip
    if row_type is ChildRow:
        return {
            "child_ref": f"C{number:03}", "postcode": postcode, "authority": draw.choice(COUNCILS), "solo": draw.random() < 0.3,
            "max_minutes": draw.choice([20, 30, 45, 60, 90]), "weekly_cost": draw.randrange(3_000, 9_000, 100),
        }  # fmt: skip
    return {"child_ref": f"C{number:03}", "postcode": postcode, "radius_miles": draw.choice([0.5, 1, 2, 3, 5.5])}


def draw_untidy(folder: Path, seed: int, *, form: str | None = None) -> Untidy:
    """Draw a spreadsheet into a folder."""
    draw = random.Random(seed)
    row_type = draw.choice([HomeRow, HomeRow, ChildRow, ChildRow, ExclusionRow])
    form = form or draw.choice(["xlsx", "xlsx", "xlsx", "csv", "csv", "ods", "xls", "html"])
    made = Untidy(path=folder / f"t{seed}", row_type=row_type, truth={})
    key = "home_id" if row_type is HomeRow else "child_ref"
    sample = _truth(draw, row_type, 0)
    optional = [name for name in sample if name not in {key, "postcode", "radius_miles"}]
    columns = [name for name in sample if name not in optional or draw.random() < 0.7]
    draw.shuffle(columns)
    headings, under = _headings(draw, made, columns)
    rows = [_truth(draw, row_type, number) for number in range(1, draw.randint(3, 12))]
    cells = [[under[name](row[name]) for name in columns] for row in rows]
    spoilt = _spoil(draw, made, columns, rows, cells, sure_headings=all(way is _same for way in under.values()))
    grid, at = _lay_out(draw, made, headings, cells, form)
    made.truth = {at[index]: {name: row[name] for name in columns} for index, row in enumerate(rows)}
    made.planted |= {at[index] for index in spoilt}
    _write(draw, made, grid, form)
    return made


def _headings(draw: random.Random, made: Untidy, columns: Sequence[str]) -> tuple[list[str], dict[str, Callable[[Any], Cell]]]:
    under: dict[str, Callable[[Any], Cell]] = dict.fromkeys(columns, _same)
    odd = draw.choice(columns) if draw.random() < 0.3 else None
    headings = []
    for name in columns:
        plain, others = HEADINGS[name]
        if name == odd:
            heading, under[name] = draw.choice(others)
            made.plain = False
            made.habits.append(f"heading {heading!r} for {name}")
        else:
            heading = draw.choice(plain)
        headings.append(heading)
    return headings, under


def _spoil(
    draw: random.Random,
    made: Untidy,
    columns: Sequence[str],
    rows: Sequence[dict[str, Any]],
    cells: list[list[Cell]],
    *,
    sure_headings: bool,
) -> set[int]:
    """Write each column in a way of its own, and now and then a cell in a way that must be asked about."""
    spoilt = set()
    habit = {name: draw.choice([way for plain, way in WAYS[name] if plain]) for name in columns}
    share = draw.choice([0, 0, 0.05, 0.3])
    for index, row in enumerate(rows):
        for place, name in enumerate(columns):
            if not sure_headings and cells[index][place] != row[name]:
                continue
            cells[index][place] = habit[name](row[name])
            odd = [way for plain, way in WAYS[name] if not plain]
            if odd and draw.random() < share:
                cells[index][place] = draw.choice(odd)(row[name])
                if row.get("status") == "bought" or name == "status":
                    row[name] = row[name]
                spoilt.add(index)
                made.plain = False
    return spoilt


def _lay_out(
    draw: random.Random, made: Untidy, headings: list[str], cells: list[list[Cell]], form: str
) -> tuple[list[list[Cell]], dict[int, int]]:
    """Put the table on its sheet, with what people put above, below, between and beside it; the row of each."""
    for extra in draw.sample(OTHERS, draw.randint(0, 3)):
        where = draw.randint(0, len(headings))
        if made.row_type is not HomeRow and "initials" in extra:
            continue
        headings.insert(where, extra)
        for row in cells:
            row.insert(where, draw.choice(["", "see file", "Total refurb needed", "E", "x", "12/03/2026", "1,5"]))
    if draw.random() < 0.2:
        headings.append("")
        headings.append(draw.choice(["Agent tel", "Last contact", "Lead member"]))
        for row in cells:
            row.extend([None, draw.choice(["", "01632 960 001", "n/a"])])
    grid: list[list[Cell]] = []
    if draw.random() < 0.06:
        place = draw.randrange(len(headings))
        headings.append(headings[place])
        for row in cells:
            row.extend([None] * (len(headings) - 1 - len(row)))
            row.append(draw.choice([row[place], "9", ""]))
        made.habits.append("a heading twice")
        made.plain = False
        made.planted |= set(range(1, 60))
    if draw.random() < 0.4:
        made.habits.append("title rows")
        grid += [
            [draw.choice(["Homes for sale; Bucks", "Children needing placement, Q3", "OFFICIAL-SENSITIVE", "Ref: 2026/14, v2"])],
            [],
        ]
    if draw.random() < 0.08:
        # A heading over two rows.
        place = draw.randrange(len(headings))
        first, _, second = headings[place].partition(" ")
        grid.append([first if index == place else None for index in range(len(headings))])
        headings[place] = second or headings[place]
        made.habits.append("a heading over two rows")
        made.plain = False
        made.planted |= set(range(1, 60))
    grid.append(list(headings))
    at: dict[int, int] = {}
    for index, row in enumerate(cells):
        if draw.random() < 0.04:
            grid.append([])
        if draw.random() < 0.03:
            made.habits.append("headings again")
            grid.append(list(headings))
        if draw.random() < 0.02:
            made.habits.append("a heading between")
            made.plain = False
            made.planted.add(len(grid) + 1)
            grid.append([draw.choice(["High Wycombe", "Urgent", "Area 2:"])])
        grid.append(row)
        at[index] = len(grid)
    last = len(grid)
    below = draw.random()
    numbers = [place for place, value in enumerate(cells[0]) if isinstance(value, int | float) and not isinstance(value, bool)]
    if below < 0.2:
        total: list[Cell] = [None] * len(headings)
        total[0] = draw.choice(["Total", "TOTAL:", "Grand total", "Average", "Totals"])
        for place in numbers:
            total[place] = 999_999 if total[place] is None else total[place]
        grid.append(total)
        made.habits.append("total")
    elif below < 0.35:
        made.habits.append("note below")
        made.planted.add(last + 2)
        made.plain = False
        grid += [
            [],
            [
                draw.choice(
                    ["Note: prices as at 1 March", "* sold subject to contract", "Source: agents", "Prepared by property team"]
                )
            ],
        ]
    elif below < 0.42:
        made.habits.append("second table below")
        made.plain = False
        grid += [
            [],
            ["Agent", "Tel", "Branch"],
            ["Smith & Co", "01632 960 002", "Marlow"],
            ["Jones", "01632 960 003", "Amersham"],
        ]
        made.planted |= {last + 2, last + 3, last + 4}
    elif below < 0.48:
        made.habits.append("second table of the same kind below")
        made.plain = False
        again = [list(headings), [None if place else "Z-1" for place in range(len(headings))]]
        grid += [[], ["Withdrawn"], *again]
        made.planted |= {last + 2, last + 3, last + 4}
    if form == "csv" and draw.random() < 0.2:
        grid = [[*row, *[""] * (len(headings) - len(row)), ""] for row in grid]
    return grid, at


def _write(draw: random.Random, made: Untidy, grid: list[list[Cell]], form: str) -> None:
    write = {"xlsx": _write_xlsx, "csv": _write_csv, "ods": _write_ods, "xls": _write_xls, "html": _write_html}[form]
    write(draw, made, grid)


def _write_xlsx(draw: random.Random, made: Untidy, grid: list[list[Cell]]) -> None:
    made.path = made.path.with_suffix(".xlsx")
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = draw.choice(["Sheet1", "Homes", "Q3", "Data"])
    for number, row in enumerate(grid, start=1):
        for place, value in enumerate(row, start=1):
            if isinstance(value, Odd):
                cell = sheet.cell(number, place)
                cell.value = value.formula
                cell.data_type = "e" if value.formula[0] == "#" else "f"
            elif value is not None and value != "":
                sheet.cell(number, place).value = value
                if isinstance(value, str) and value[:1] == "=":
                    sheet.cell(number, place).data_type = "s"
    known = sorted(made.truth)
    if draw.random() < 0.15 and known:
        hidden = draw.choice(known)
        sheet.row_dimensions[hidden].hidden = True
        made.habits.append(f"row {hidden} hidden")
        made.planted.add(hidden)
        made.plain = False
    if draw.random() < 0.12 and known:
        _format_numbers(draw, made, sheet, known)
    if draw.random() < 0.1 and known:
        number = draw.choice(known)
        places = range(1, sheet.max_column + 1) if draw.random() < 0.7 else [draw.randint(1, sheet.max_column)]
        for place in places:
            sheet.cell(number, place).font = Font(strike=True)
        made.habits.append(f"row {number} struck through")
        made.planted.add(number)
        made.plain = False
    if draw.random() < 0.1:
        place = draw.randint(1, max(map(len, grid)))
        sheet.column_dimensions[sheet.cell(1, place).column_letter].hidden = True
        made.habits.append("a column hidden")
    if draw.random() < 0.12 and len(known) > 2:
        place = draw.randint(1, len(made.truth[known[0]]))
        top = draw.choice(known[:-1])
        if sheet.cell(top + 1, place).value is not None or draw.random() < 0.5:
            sheet.merge_cells(start_row=top, end_row=top + 1, start_column=place, end_column=place)
            made.habits.append(f"rows {top}-{top + 1} merged")
            made.planted |= {top, top + 1}
            made.plain = False
    if draw.random() < 0.25:
        other = book.create_sheet(draw.choice(["Notes", "Lookups", "Sheet2"]), draw.choice([0, 1]))
        other.append(["Area", "Lead"])
        other.append(["North", "AB"])
        other.sheet_state = draw.choice(["visible", "hidden"])
        made.habits.append("another sheet")
    if draw.random() < 0.1:
        old = book.create_sheet("Old", 0)
        for row in grid[:4]:
            old.append([None if isinstance(value, Odd) else value for value in row])
        old.sheet_state = "hidden"
        made.habits.append("an older hidden sheet")
    book.save(made.path)


FORMATS = ('0" km"', '#,##0" miles"', '"£"0.0,"k"', "#,##0,", "0%", '0"m"', 'General" beds"', '"Ref "000', ";;;", '"-"')
"""Number formats that show something else than the bare number."""


def _format_numbers(draw: random.Random, made: Untidy, sheet: Worksheet, rows: Sequence[int]) -> None:
    """Show the numbers of a column by a format that says more than they do."""
    places = {cell.column for number in rows for cell in sheet[number] if type(cell.value) in {int, float}}
    if not places:
        return
    place, code = draw.choice(sorted(places)), draw.choice(FORMATS)
    for number in rows:
        if type(sheet.cell(number, place).value) in {int, float}:
            sheet.cell(number, place).number_format = code
    made.habits.append(f"column {place} shown as {code}")
    made.planted |= set(rows)
    made.plain = False


ERROR_CODES = {"#DIV/0!": 7, "#VALUE!": 15, "#REF!": 23, "#NAME?": 29, "#NUM!": 36, "#N/A": 42}


def _write_xls(draw: random.Random, made: Untidy, grid: list[list[Cell]]) -> None:
    """Write the format of Excel 97 to 2003; what writes it works no formula out."""
    made.path = made.path.with_suffix(".xls")
    book = xlwt.Workbook()
    if draw.random() < 0.1:
        old = book.add_sheet("Old")
        for number, row in enumerate(grid[:4]):
            for place, value in enumerate(row):
                if isinstance(value, str) and value:
                    old.write(number, place, value)
        old.visibility = 1
        made.habits.append("an older hidden sheet")
    sheet = book.add_sheet(draw.choice(["Sheet1", "Homes", "Q3", "Data"]))
    book.active_sheet = len(book._Workbook__worksheets) - 1
    day = xlwt.easyxf(num_format_str="DD-MMM")
    for number, row in enumerate(grid):
        for place, value in enumerate(row):
            if isinstance(value, Odd) and value.formula[0] == "#":
                sheet.row(number).set_cell_error(place, ERROR_CODES[value.formula])
            elif isinstance(value, Odd):
                sheet.write(number, place, xlwt.Formula(value.formula[1:]))
            elif isinstance(value, dt.datetime):
                sheet.write(number, place, value, day)
            elif value is not None and value != "":
                sheet.write(number, place, value)
    known = sorted(made.truth)
    if draw.random() < 0.15 and known:
        hidden = draw.choice(known)
        sheet.row(hidden - 1).hidden = True
        made.habits.append(f"row {hidden} hidden")
        made.planted.add(hidden)
        made.plain = False
    if draw.random() < 0.1:
        sheet.col(draw.randrange(max(map(len, grid)))).hidden = True
        made.habits.append("a column hidden")
    book.save(made.path)


def _text(value: Cell) -> str:
    if isinstance(value, Odd):
        return value.formula
    if isinstance(value, dt.datetime):
        return "03-Apr"
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    return "" if value is None else str(value)


def _write_csv(draw: random.Random, made: Untidy, grid: list[list[Cell]]) -> None:
    made.path = made.path.with_suffix(".csv")
    mark = draw.choice([",", ",", ";", "\t"])
    stream = io.StringIO(newline="")
    writer = csv.writer(stream, delimiter=mark, lineterminator=draw.choice(["\r\n", "\n"]))
    writer.writerows([[_text(value) for value in row] for row in grid])
    text = stream.getvalue()
    if draw.random() < 0.1:
        text = f"sep={mark}\r\n{text}"
        made.truth = {number + 1: row for number, row in made.truth.items()}
        made.planted = {number + 1 for number in made.planted}
    encoding = draw.choice(["utf-8", "utf-8-sig", "utf-16", "cp1252", "utf-16-le"])
    made.habits.append(f"csv {mark!r} {encoding}")
    if encoding == "cp1252":
        text = "".join(letter if letter.encode("cp1252", "ignore") else " " for letter in text)
    made.path.write_bytes(text.encode(encoding))


def _write_html(draw: random.Random, made: Untidy, grid: list[list[Cell]]) -> None:
    made.path = made.path.with_suffix(".xls")
    rows = "".join(f"<tr>{''.join(f'<td>{html.escape(_text(value))}</td>' for value in row)}</tr>" for row in grid)
    head = draw.choice(
        ["<html><body>", "<!DOCTYPE html><html>", "<table>", "<html xmlns:x='urn:schemas-microsoft-com:office:excel'>"]
    )
    made.path.write_text(f"{head}<table>{rows}</table>", encoding="utf-8")
    made.plain = False
    made.planted |= set(made.truth)


def _write_ods(draw: random.Random, made: Untidy, grid: list[list[Cell]]) -> None:
    made.path = made.path.with_suffix(".ods")
    lines = []
    hidden = draw.choice(sorted(made.truth)) if draw.random() < 0.15 else None
    for number, row in enumerate(grid, start=1):
        unseen = ' table:visibility="collapse"' if number == hidden else ""
        lines.append(
            f"<table:table-row{unseen}>{''.join(_ods_cell(value) for value in row) or '<table:table-cell/>'}</table:table-row>"
        )
    if hidden is not None:
        made.planted.add(hidden)
        made.plain = False
    spaces = "".join(
        f' xmlns:{short}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"'
        for short, name in (("office", "office"), ("table", "table"), ("text", "text"))
    )
    content = (
        f'<office:document-content{spaces}><office:body><office:spreadsheet><table:table table:name="Homes">{"".join(lines)}'
        '<table:table-row table:number-rows-repeated="1000000"><table:table-cell table:number-columns-repeated="16384"/>'
        "</table:table-row></table:table></office:spreadsheet></office:body></office:document-content>"
    )
    with zipfile.ZipFile(made.path, "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        archive.writestr("content.xml", content)


def _ods_cell(value: Cell) -> str:
    if isinstance(value, Odd):
        if value.formula[0] == "#":
            return f'<table:table-cell table:formula="of:=1/0" office:value-type="string"><text:p>{value.formula}</text:p></table:table-cell>'
        return f"<table:table-cell table:formula={quoteattr(f'of:{value.formula}')}/>"
    if isinstance(value, bool):
        return f'<table:table-cell office:value-type="boolean" office:boolean-value="{str(value).lower()}"><text:p>{value}</text:p></table:table-cell>'
    if isinstance(value, dt.datetime):
        return f'<table:table-cell office:value-type="date" office:date-value="{value:%Y-%m-%d}"><text:p>3 Apr</text:p></table:table-cell>'
    if isinstance(value, int | float):
        return f'<table:table-cell office:value-type="float" office:value="{value}"><text:p>{value}</text:p></table:table-cell>'
    if value is None or value == "":
        return "<table:table-cell/>"
    paragraphs = "".join(f"<text:p>{escape(part)}</text:p>" for part in str(value).split("\n"))
    return f'<table:table-cell office:value-type="string">{paragraphs}</table:table-cell>'
