"""Workbooks of tables in one style, readable on screen and on paper."""

import math
import textwrap
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType
from typing import Any

import numpy as np
import pandas as pd
import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from siting.documents.looks import VERDICT_LOOKS
from siting.faults import SitingError
from siting.words import PERSONAL_DATA_NOTICE

_HEADINGS = {
    "rank": "Rank",
    "home_id": "Home",
    "verdict": "Verdict",
    "status": "Status",
    "school": "School that decides",
    "to_school_min": "To school (min)",
    "from_school_min": "From school (min)",
    "margin_min": "Margin (min)",
    "error_min": "Give or take (min)",
    "break_even_factor": "Passes up to times its time on empty roads",
    "school_road_miles": "Road miles to school",
    "route": "By",
    "snap_distance_m": "To nearest road (m)",
    "children_within_family_miles": "Children within the miles",
    "children_over_20_miles": "Children over 20 miles (national statistic)",
    "children_distance_not_known": "Children whose distance is not known",
    "median_family_min": "Median family (min)",
    "worst_family_min": "Farthest family (min)",
    "outside_own_authority": "Children outside own authority",
    "outside_adjoining_authorities": "Children outside adjoining authorities",
    "children_excluded": "Children excluded",
    "reasons": "Reasons",
    "why": "What decides",
    "your_notes": "Your notes",
    "price_gbp": "Price (£)",
}


_PAIR_HEADINGS = {
    "home_id": "Home",
    "child_ref": "Child",
    "national_statistic_band": "National statistic: distance from home",
    "outside_own_authority": "Outside own authority",
    "outside_adjoining_authorities": "Outside adjoining authorities",
}


_WIDTHS = {
    "reasons": 100,
    "why": 34,
    "your_notes": 40,
    "to_school_min": 10,
    "from_school_min": 10,
    "margin_min": 9,
    "median_family_min": 10,
    "children_within_family_miles": 11,
    "price_gbp": 11,
    "address": 30,
    "school": 22,
    "route": 24,
    "link": 30,
    "authority": 20,
    "verdict": 13,
    "rank": 7,
    "beds": 7,
    "bedrooms": 10,
}


_DEFAULT_WIDTH = 12


_LONGEST_LINK = 2_079


_SEEN_WHOLE = {"your_notes"}
"""What is seen whole on the screen even where it is not on paper."""


_WRAPPED = {
    "reasons", "address", "why", "your_notes", "note", "problem", "what", "what_to_do", "value", "reason", "step", "role",
}  # fmt: skip


_A4, _A3 = 9, 8


_WIDE = 200.0
"""Columns wider together than this many characters are printed on A3."""


_NOTE_WIDTH = 110.0


_READ_ON_A3 = 260.0
"""So many characters across a page of A3 are still of a size that is read (8 points, own measure)."""
_GRID_WIDTH, _GRID_HEADING_PT = 6.0, 90.0


_BLANK_WIDTH = 8.43


_TITLE_LETTER_WIDTH = 1.6
"""How many of a column's units a letter of the title takes, which is bold and half as large again (own measure)."""


_LINE_PT = 15.0


_HIGHEST_PT = 400.0


_LONGEST_TEXT = 32_767
"""What Excel holds in a cell (Microsoft, Excel specifications and limits)."""
_CUT = " ... (cut: longer than a cell holds)"


class SheetLimitError(SitingError, ValueError):
    """A table has more rows or columns than a sheet of a workbook."""


def _wide_enough(text: str, width: float, lines: int) -> float:
    """Return a width at which a heading takes no more than so many lines."""
    while _lines(text, width) > lines:
        width += 2
    return width


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """A further sheet of the workbook; `headings` has those that are not headed by their own name in English."""

    name: str
    title: str
    frame: pd.DataFrame
    note: str
    headings: Mapping[str, str] = field(default_factory=dict)


def write_sheets(path: Path, title: str, sheets: Sequence[Sheet], notice: str, *, foot: str | None = None) -> None:
    """Write a workbook of plain sheets under a notice; `foot` is printed on every page in its place, in Excel's codes."""
    with _opened(path, title, notice) as book:
        made = _Sheets(book, notice, foot)
        for sheet in sheets:
            made.table(sheet.name, f"{title}: {sheet.title}", sheet.frame, note=sheet.note, own=sheet.headings)


@dataclass(frozen=True, slots=True, kw_only=True)
class BlankColumn:
    """A column to fill in: its heading, what it is for, whether it must be filled, and what it may hold (empty: anything)."""

    heading: str
    note: str
    needed: bool = False
    choices: tuple[str, ...] = ()
    is_text: bool = True


_BLANK_ROWS = 2_000
"""So many rows of an empty table offer their choices."""


def write_blank_table(path: Path, name: str, columns: Sequence[BlankColumn]) -> None:
    """Write an empty table: a note at each heading, drop-downs where a column knows its words."""
    with _opened(path, name, "") as book:
        sheet = book.add_worksheet(name)
        header = {"bold": True, "font_color": "#FFFFFF", "border": 1, "valign": "top", "text_wrap": True}
        looks = {
            needed: book.add_format({**header, "bg_color": fill}) for needed, fill in ((True, "#1F3A5F"), (False, "#5B6B82"))
        }
        # A postcode or a reference stays as it is typed.
        text = book.add_format({"num_format": "@"})
        for at, column in enumerate(columns):
            sheet.write_string(0, at, column.heading, looks[column.needed])
            note = f"{column.note}{' It must be filled in.' if column.needed else ''}"
            sheet.write_comment(0, at, note, {"x_scale": 2, "y_scale": 1.2})
            sheet.set_column(at, at, max(_DEFAULT_WIDTH, len(column.heading) + 3), text if column.is_text else None)
            if column.choices:
                sheet.data_validation(
                    1,
                    at,
                    _BLANK_ROWS,
                    at,
                    {
                        "validate": "list",
                        "source": list(column.choices),
                        "error_title": column.heading,
                        "error_message": f"Choose {' or '.join(column.choices)}.",
                    },
                )
        sheet.freeze_panes(1, 1)


def _opened(path: Path, title: str, notice: str = PERSONAL_DATA_NOTICE) -> xlsxwriter.Workbook:
    options = {
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "strings_to_numbers": False,
        "nan_inf_to_errors": False,
        # Its parts hold what the workbook holds, so they lie where the workbook is made and go with that folder.
        "tmpdir": str(path.parent),
    }
    book = xlsxwriter.Workbook(path, options)
    book.set_properties({"title": title, "comments": notice})
    return book


class _Sheets:
    """Writes tables into a workbook in one style."""

    def __init__(self, book: xlsxwriter.Workbook, notice: str, foot: str | None = None) -> None:
        self.notice = notice
        self.foot = foot or f"&L{notice}&RPage &P of &N"
        self.book = book
        base: Mapping[str, Any] = {
            "font_name": "Calibri",
            "font_size": 11,
            "valign": "top",
            "bottom": 4,
            "bottom_color": "#B8BEC6",
        }
        self.text = book.add_format({**base, "align": "left", "indent": 1})
        self.wrapped = book.add_format({**base, "text_wrap": True, "align": "left", "indent": 1})
        self.decimal = book.add_format({**base, "num_format": "0.0"})
        self.factor = book.add_format({**base, "num_format": "0.00"})
        self.whole = book.add_format({**base, "num_format": "#,##0"})
        self.share = book.add_format({**base, "num_format": "0.0%"})
        self.money = book.add_format({**base, "num_format": "£#,##0"})
        self.link = book.add_format({**base, "font_color": "#0645AD", "underline": 1})
        self.title = book.add_format({**base, "bottom": 0, "bold": True, "font_size": 16})
        self.note = book.add_format({**base, "bottom": 0, "italic": True, "font_color": "#444444", "text_wrap": True})
        self.notice_format = book.add_format({**base, "bottom": 0, "bold": True, "font_color": "#7A1206", "text_wrap": True})
        self.header = book.add_format(
            {**base, "bold": True, "text_wrap": True, "bg_color": "#1F3A5F", "font_color": "#FFFFFF", "border": 1}
        )
        self.upright = book.add_format(
            {**base, "bold": True, "bg_color": "#1F3A5F", "font_color": "#FFFFFF", "border": 1, "rotation": 90, "align": "center"}
        )
        self.verdicts = {
            verdict.value: book.add_format(
                {**base, "align": "left", "indent": 1, "bold": True, "bg_color": look.cell_fill, "font_color": look.cell_ink}
            )
            for verdict, look in VERDICT_LOOKS.items()
        }

    def table(
        self,
        name: str,
        title: str,
        frame: pd.DataFrame,
        *,
        note: str,
        printed: int | None = None,
        own: Mapping[str, str] = MappingProxyType({}),
    ) -> None:
        """Write one sheet: title, notice, note, then the table with a frozen header and filters.

        Only the first `printed` columns are on paper; all of them where it is not given. Columns that are
        named in `own` are headed as it says.
        """
        sheet = self.book.add_worksheet(name)
        top = 4
        headings = {**(_PAIR_HEADINGS if "child_ref" in frame.columns else _HEADINGS), **own}
        widths = [_width(str(key), frame[key]) for key in frame.columns]
        words = [headings.get(str(key), _plain_heading(str(key))) for key in frame.columns]
        on_paper = widths[: printed or len(widths)]
        high = max((_lines(*pair) for pair in zip(words, on_paper, strict=False)), default=1)
        # What is not on paper takes no height of it: a long heading there is wider.
        widths = [*on_paper, *map(_wide_enough, words[len(on_paper) :], widths[len(on_paper) :], [high] * len(words))]
        for column, (heading, width) in enumerate(zip(words, widths, strict=True)):
            sheet.write_string(top, column, heading, self.header)
            sheet.set_column(column, column, width)
        sheet.set_row(top, _LINE_PT * high + 4)
        self._head(sheet, title, note, on_paper)
        for column, key in enumerate(frame.columns):
            self._column(sheet, top + 1, column, str(key), frame[key])
        wrapped = [
            (frame[key].tolist(), width)
            for at, (key, width) in enumerate(zip(frame.columns, widths, strict=True))
            if key in _WRAPPED and (at < len(on_paper) or key in _SEEN_WHOLE)
        ]
        for row in range(len(frame)) if wrapped else ():
            height = max(_lines(values[row], width) for values, width in wrapped)
            if height > 1:
                sheet.set_row(top + 1 + row, min(_LINE_PT * height, _HIGHEST_PT))
        last = top + max(len(frame), 1)
        if len(frame.columns):
            sheet.autofilter(top, 0, last, len(frame.columns) - 1)
            # The title needs its width, also over a narrow table.
            blank = max(0, math.ceil((len(title) * _TITLE_LETTER_WIDTH - sum(on_paper)) / _BLANK_WIDTH))
            sheet.print_area(0, 0, last, len(on_paper) + blank - 1)
        frozen = list(frame.columns).index("verdict") + 1 if "verdict" in frame.columns else 1
        sheet.freeze_panes(top + 1, frozen)
        sheet.set_landscape()
        sheet.set_paper(_A4 if sum(on_paper) < _WIDE else _A3)
        sheet.fit_to_pages(1, 0)
        sheet.repeat_rows(top)
        sheet.set_footer(self.foot)

    def grid(self, name: str, title: str, frame: pd.DataFrame, *, note: str) -> None:
        """Write a grid of minutes, its first column the names of its rows, with a colour scale from near to far."""
        sheet = self.book.add_worksheet(name)
        top, across, first = 4, len(frame.columns), str(frame.columns[0])
        for column, key in enumerate(frame.columns):
            words, look = (str(key), self.upright) if column else (heading(str(key)), self.header)
            sheet.write_string(top, column, words, look)
        sheet.set_row(top, _GRID_HEADING_PT)
        widths = [_width(first, frame[first]), *([_GRID_WIDTH] * (across - 1))]
        sheet.set_column(0, 0, widths[0])
        sheet.set_column(1, max(across - 1, 1), _GRID_WIDTH)
        self._head(sheet, title, note, [*widths, *([_GRID_WIDTH] * max(0, 30 - across))])
        for column, key in enumerate(frame.columns):
            self._column(sheet, top + 1, column, f"{key}_min" if column else first, frame[key])
        last = top + len(frame)
        near, middle, far = "#D5EBDC", "#FFEFC2", "#F0A39B"
        scale = {"type": "3_color_scale", "min_color": near, "mid_color": middle, "max_color": far, "mid_type": "percentile"}
        sheet.conditional_format(top + 1, 1, last, across - 1, scale)
        sheet.print_area(0, 0, last, max(across, math.ceil(len(title) * _TITLE_LETTER_WIDTH / _GRID_WIDTH)) - 1)
        sheet.freeze_panes(top + 1, 1)
        sheet.set_landscape()
        sheet.set_paper(_A4 if sum(widths) < _WIDE else _A3)
        # As many pages across as the columns need to be read, each with the homes' names.
        sheet.fit_to_pages(max(1, math.ceil(sum(widths) / _READ_ON_A3)), 0)
        sheet.repeat_rows(top)
        sheet.repeat_columns(0)
        sheet.set_footer(self.foot)

    def _head(self, sheet: Worksheet, title: str, note: str, widths: Sequence[float]) -> None:
        """Write title, notice and note above the table, the note over so many columns as a line can be read."""
        sheet.set_row(0, 24)
        sheet.write_string(0, 0, title, self.title)
        across = next((n for n in range(1, len(widths)) if sum(widths[:n]) >= _NOTE_WIDTH), len(widths))
        for row, text, look in ((1, self.notice, self.notice_format), (2, note, self.note)):
            if across > 1:
                sheet.merge_range(row, 0, row, across - 1, text, look)
            else:
                sheet.write_string(row, 0, text, look)
            sheet.set_row(row, _LINE_PT * _lines(text, sum(widths[:across])))

    def _column(self, sheet: Worksheet, top: int, column: int, key: str, values: pd.Series) -> None:
        """Write the cells of a column; what is missing stays empty."""
        if pd.api.types.is_float_dtype(values.dtype) and values.dtype != object:
            number, look = sheet.write_number, self._number_format(key, 0.5)
            for row, value in enumerate(values.to_numpy(dtype=np.float64, na_value=np.nan).tolist(), start=top):
                if value == value:  # noqa: PLR0124 - NaN is nothing
                    _wrote(number(row, column, value, look))
            return
        for row, value in enumerate(values.tolist(), start=top):
            self._cell(sheet, row, column, key, value)

    def _cell(self, sheet: Worksheet, row: int, column: int, key: str, value: object) -> None:
        if value is None or value is pd.NA or (isinstance(value, float) and value != value):  # noqa: PLR0124 - NaN
            return
        if isinstance(value, bool | np.bool_):
            _wrote(sheet.write_string(row, column, "yes" if value else "no", self.text))
        elif isinstance(value, int | float | np.number):
            _wrote(sheet.write_number(row, column, float(value), self._number_format(key, value)))
        elif key == "link" and str(value).startswith(("https://", "http://")) and len(str(value)) < _LONGEST_LINK:
            _wrote(sheet.write_url(row, column, str(value), self.link, string=str(value)[:250]))
        else:
            text_format = self.verdicts.get(str(value), self.text) if key == "verdict" else self.text
            text = str(value)
            if len(text) > _LONGEST_TEXT:
                text = f"{text[: _LONGEST_TEXT - len(_CUT)]}{_CUT}"
            _wrote(sheet.write_string(row, column, text, self.wrapped if key in _WRAPPED else text_format))

    def _number_format(self, key: str, value: float | np.number[Any]) -> Format:
        if key.endswith("_gbp"):
            return self.money
        if key.endswith("_factor"):
            return self.factor
        if key in {"gap", "occupancy"}:
            return self.share
        if key.endswith("_m") and key != "snap_distance_m":
            # Twenty metres and a centimetre are not twenty metres.
            return self.factor
        return self.whole if isinstance(value, int | np.integer) or key.endswith("_m") else self.decimal


def _wrote(answer: int) -> None:
    """Notice that a cell was refused, as those beyond a sheet's rows and columns are.

    Raises
    ------
    SheetLimitError
        Where it was.
    """
    if answer < 0:
        msg = "The workbook has no room for all rows of a table, so none is made of a part of them. Use fewer homes or children."
        raise SheetLimitError(msg)


_UNITS = {"_gbp": "£", "_m": "m", "_min": "min", "_miles": "miles", "_minutes": "min"}


def heading(key: str) -> str:
    """Return the heading of a column of homes."""
    return _HEADINGS.get(key, _plain_heading(key))


def _plain_heading(key: str) -> str:
    ending = next((ending for ending in _UNITS if key.endswith(ending)), "")
    words = key.removesuffix(ending).replace("_", " ").strip() or key
    words = "UPRN" if words == "uprn" else words[:1].upper() + words[1:]
    return f"{words} ({_UNITS[ending]})" if ending else words


def _width(key: str, values: pd.Series) -> float:
    if key in _WIDTHS:
        return _WIDTHS[key]
    longest = max((len(str(value)) for value in values.head(200) if isinstance(value, str)), default=0)
    return float(min(max(_DEFAULT_WIDTH, longest + 1), 60))


def _lines(value: object, width: float) -> int:
    """Count the lines that a text takes in a column so many characters wide."""
    if not isinstance(value, str):
        return 1
    # Letters are of different widths: a column takes a few fewer than it says.
    return sum(len(textwrap.wrap(part, max(int(width) - 3, 4))) or 1 for part in value.split("\n"))
