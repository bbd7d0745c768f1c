"""Workbooks of Excel 97 to 2003 (.xls) to cells, with errors, merged cells and what is hidden."""

from typing import Any

from siting.inputs.cells import Book, Cell, Kind, Sheet, UnreadableError, check_size, number_text, text_cell

_VISIBLE = 0


def read_old_excel(content: bytes) -> Book:
    """Read every sheet of a workbook in Excel's former format.

    Raises
    ------
    UnreadableError
        Where it is protected by a password, or a document of another program in the same container.
    """
    import xlrd  # noqa: PLC0415 - only files of this format need it

    try:
        book = xlrd.open_workbook(file_contents=content, formatting_info=True, on_demand=True)
    except xlrd.XLRDError as error:
        if "ncrypted" in str(error) or b"E\0n\0c\0r\0y\0p\0t\0e\0d\0P\0a\0c\0k\0a\0g\0e" in content:
            raise UnreadableError(problem="the file is protected by a password", remedy="Save it without one") from error
        raise UnreadableError(
            problem="the file is not an Excel workbook, or is damaged",
            remedy="Open it in Excel and save it as an Excel workbook (.xlsx)",
        ) from error
    return Book(sheets=tuple(_sheet(xlrd, book, number) for number in range(book.nsheets)))


def _sheet(xlrd: Any, book: Any, number: int) -> Sheet:  # noqa: ANN401 - xlrd has no types
    sheet = book.sheet_by_index(number)
    rows: dict[int, dict[int, Cell]] = {}
    count = 0
    for row in range(sheet.nrows):
        found = {}
        for column, (kind, value) in enumerate(zip(sheet.row_types(row), sheet.row_values(row), strict=True)):
            cell = _cell(xlrd, kind, value, book.datemode)
            if cell is not None and cell.text:
                count += 1
                check_size(row + 1, column, count)
                found[column] = cell
        if found:
            rows[row + 1] = found
    return Sheet(
        name=sheet.name,
        rows=rows,
        visible=sheet.visibility == _VISIBLE,
        filtered=bool(getattr(sheet, "has_filter", False)),
        hidden_rows=frozenset(row + 1 for row, info in sheet.rowinfo_map.items() if info.hidden),
        hidden_columns=frozenset(column for column, info in sheet.colinfo_map.items() if info.hidden),
        merged=tuple((top + 1, left, bottom, right - 1) for top, bottom, left, right in sheet.merged_cells),
    )


def _cell(xlrd: Any, kind: int, value: Any, datemode: int) -> Cell | None:  # noqa: ANN401, PLR0911 - one answer a kind
    if kind == xlrd.XL_CELL_TEXT:
        return text_cell(str(value))
    if kind == xlrd.XL_CELL_NUMBER:
        return Cell(number_text(float(value)), Kind.NUMBER)
    if kind == xlrd.XL_CELL_BOOLEAN:
        return Cell("yes" if value else "no", Kind.YES_NO)
    if kind == xlrd.XL_CELL_ERROR:
        return Cell(xlrd.error_text_from_code.get(value, "#N/A"), Kind.ERROR)
    if kind == xlrd.XL_CELL_DATE:
        try:
            at = xlrd.xldate_as_datetime(value, datemode)
        except (xlrd.XLDateError, OverflowError, ValueError):
            return Cell(number_text(float(value)), Kind.NUMBER)
        return Cell(f"{at:%H:%M}" if value < 1 else f"{at:%Y-%m-%d}", Kind.DATE)
    return None
