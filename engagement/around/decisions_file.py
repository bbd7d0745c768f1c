"""The decisions file: what a person decided about neighbours, as `siting decide` writes it and as Excel saves it again.

It is read whole or refused: UTF-8 or Windows-1252, commas, semicolons or tabs, columns in any order,
blank lines between. Nothing is appended to it blindly: it is read, a row is added, all of it is
written again in its own shape, and what was written is read back.
"""

import csv
import io
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from pathlib import Path

from engagement.around.decisions import Decided, Decision
from siting.faults import Fault, InputFaultsError
from siting.storage.decoding import decode_text
from siting.storage.shared_file import one_at_a_time, write_whole

COLUMNS = ("date", "home_id", "address_key", "address", "easting", "northing", "decision", "reason", "who")
"""`address_key` is the property number where there is one; the address and its place stand beside it, so that the
decision outlives the address file."""
FORGOTTEN = "forgotten:"
"""How the key of a bare entry begins: of somebody who was forgotten only a mark is kept, by which to leave them alone."""
NEEDED = ("home_id", "decision", "reason")
_UPRN_FIGURES = 12
_WORKBOOK = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0")
"""How Excel's files begin."""
_AS_TEXT = re.compile(r"=?[\"'\u2018\u2019]*\s*(?:uprn\b)?\s*[.:]?\s*([\d\s,]+?)(?:\.0+)?[\"'\u2018\u2019]*", re.IGNORECASE)
"""A number in the ways by which people keep Excel from spoiling it, or in which it writes one: `'9900`, `="9900"`, `9,900.0`."""
_EXPONENT = re.compile(r"\d+(?:[.,]\d+)?[eE]\+?\d+")
_NAMES = {"uprn": "address_key", "address key": "address_key", "home": "home_id", "home id": "home_id", "by": "who"}


@dataclass(frozen=True, slots=True, kw_only=True)
class DecisionsTable:
    """The file as it stands: its columns, their separator, its rows with the numbers that a spreadsheet shows."""

    names: tuple[str, ...]
    delimiter: str
    rows: tuple[tuple[int, Mapping[str, str]], ...]


def read_table(path: Path) -> DecisionsTable:
    """Read the file's rows, none where it is not there.

    Raises
    ------
    InputFaultsError
        Where a row cannot be told from the next, or a column is missing.
    """
    if not path.is_file():
        return DecisionsTable(names=COLUMNS, delimiter=",", rows=())
    content = path.read_bytes()
    if content.startswith(_WORKBOOK):
        problem, remedy = (
            "this is an Excel workbook under the name of a CSV",
            "Save it as CSV; no decision is taken from it until then",
        )
        raise InputFaultsError([Fault(file=path.name, problem=problem, remedy=remedy)])
    text = decode_text(content)
    if not text.strip():
        # Whoever was to be left alone would be contacted without a word.
        problem, remedy = "the file is empty: whatever was decided is lost", "Bring it back from a copy, or delete the file"
        raise InputFaultsError([Fault(file=path.name, problem=problem, remedy=remedy)])
    lines = text.splitlines(keepends=True)
    skipped = 0
    delimiter = None
    while skipped < len(lines) and (
        not lines[skipped].strip(" \t\r\n,;") or (named := re.fullmatch(r"\s*sep=(.)\s*", lines[skipped]))
    ):
        delimiter = named[1] if lines[skipped].strip(" \t\r\n,;") and named else delimiter
        skipped += 1
    if skipped == len(lines):
        return DecisionsTable(names=COLUMNS, delimiter=",", rows=())
    delimiter = delimiter or max(",;\t", key=lines[skipped].count)
    reader = csv.reader(io.StringIO("".join(lines[skipped:]), newline=""), delimiter=delimiter, strict=True)
    try:
        cells = [(reader.line_num, row) for row in reader]
    except csv.Error as error:
        raise InputFaultsError([_torn(path, reader.line_num + skipped)]) from error
    return _table_of(path, cells, delimiter, skipped)


def _table_of(path: Path, cells: Sequence[tuple[int, list[str]]], delimiter: str, skipped: int) -> DecisionsTable:
    header = [name.strip().lstrip("\ufeff") for name in cells[0][1]]
    while header and not header[-1]:
        header.pop()
    plain = [" ".join(name.casefold().replace("_", " ").split()) for name in header]
    names = tuple(_NAMES.get(name, name.replace(" ", "_")) for name in plain)
    missing = [name for name in NEEDED if name not in names]
    if not {"address_key", "address"} & set(names):
        missing.append("address_key")
    if missing:
        raise InputFaultsError(
            Fault(file=path.name, column=name, problem="this column is missing", remedy="Add it") for name in missing
        )
    faults, rows, last = [], [], skipped + cells[0][0]
    for number, (ends, row) in enumerate(cells[1:], start=2 + skipped):
        begins, last = last + 1, skipped + ends
        if not any(cell.strip() for cell in row):
            continue
        if any(cell.strip() for cell in row[len(names) :]) or last > begins:
            # Where a row runs over several lines, an open quote may have taken the next decision with it.
            faults.append(_torn(path, number))
            continue
        told = dict(zip(names, (cell.strip() for cell in row), strict=False))
        rows.append((number, dict.fromkeys(names, "") | told))
    if faults:
        raise InputFaultsError(faults)
    return DecisionsTable(names=names, delimiter=delimiter, rows=tuple(rows))


def _torn(path: Path, number: int) -> Fault:
    return Fault(
        file=path.name,
        row=number,
        problem="this row does not end where it should: a quotation mark is open, or a cell is missing or too many",
        remedy="Open the file in a text editor and give the row one cell a column; no decision is taken from the file until then",
    )


def read_decisions(path: Path) -> tuple[Decided, ...]:
    """Return every decision of the file, oldest first.

    Raises
    ------
    InputFaultsError
        Naming every row that cannot be read: a decision must never be lost silently.
    """
    table = read_table(path)
    faults: list[Fault] = []
    found = []
    for number, row in table.rows:
        said = list(_row_faults(path, number, row))
        faults += said
        if not said:
            found.append(_decided(path, number, row))
    if faults:
        raise InputFaultsError(faults)
    return tuple(found)


def _row_faults(path: Path, number: int, row: Mapping[str, str]) -> list[Fault]:
    def fault(column: str, problem: str, remedy: str) -> Fault:
        return Fault(file=path.name, row=number, column=column, problem=problem, remedy=remedy)

    said = []
    if row["decision"].casefold() not in set(Decision):
        said.append(fault("decision", "this word is not known", "Write add, remove or automatic"))
    if not row["reason"]:
        said.append(fault("reason", "the cell is empty", "Say why, so that whoever comes after knows"))
    if not row["home_id"]:
        said.append(fault("home_id", "the cell is empty", "Write the home's home_id"))
    key, address = row.get("address_key", ""), row.get("address", "")
    if not key and not address:
        said.append(fault("address_key", "the cell is empty", "Write the UPRN, or the address as the lists write it"))
    if _EXPONENT.fullmatch(key) and whole_number(key) is None and not address:
        problem = "Excel shortened this UPRN, and it may be any of many"
        said.append(fault("address_key", problem, "Format the column as text, and write all its figures, or the address"))
    if bool(row.get("easting")) != bool(row.get("northing")) or _place_of(row) == (None, None):
        said.append(fault("easting", "the place cannot be read", "Write easting and northing in metres, or leave both empty"))
    return said


def _place_of(row: Mapping[str, str]) -> tuple[float | None, float | None] | None:
    texts = row.get("easting", ""), row.get("northing", "")
    if not any(texts):
        return None
    try:
        x_m, y_m = (float(text.replace(",", "." if text.count(",") == 1 and "." not in text else "")) for text in texts)
    except ValueError:
        return None, None
    return x_m, y_m


def _decided(path: Path, number: int, row: Mapping[str, str]) -> Decided:
    key, address = row.get("address_key", ""), row.get("address", "")
    kept = _AS_TEXT.fullmatch(key)
    figures = re.sub(r"[\s,]", "", kept[1]) if kept else re.sub(r"\s", "", key)
    whole = whole_number(figures)
    short = figures.lstrip("0")
    uprn = whole if whole is not None else short if short.isdecimal() and len(short) <= _UPRN_FIGURES else None
    at = _place_of(row)
    return Decided(
        date=row.get("date", ""),
        home_id=row["home_id"],
        uprn=uprn.lstrip("0") if uprn else None,
        address=address or ("" if uprn or _EXPONENT.fullmatch(key) or key.startswith(FORGOTTEN) else key),
        place=(at[0], at[1]) if at and at[0] is not None and at[1] is not None else None,
        mark=key.removeprefix(FORGOTTEN) if key.startswith(FORGOTTEN) else "",
        decision=Decision(row["decision"].casefold()),
        reason=row["reason"],
        who=row.get("who", ""),
        file=path.name,
        row=number,
    )


def whole_number(text: str) -> str | None:
    """Return a property number that Excel wrote with an exponent, if none of its figures was lost."""
    if not _EXPONENT.fullmatch(text):
        return None
    try:
        value = Decimal(text.replace(",", "."))
    except InvalidOperation:
        return None
    told = re.sub(r"[eE].*", "", text).replace(".", "").replace(",", "")
    whole = str(int(value)) if value == value.to_integral_value() else ""
    return whole if len(whole) == len(told) <= _UPRN_FIGURES else None


def write_decision(path: Path, decided: Decided) -> None:
    """Add a decision to the file, whole or not at all, in the shape that the file has.

    Raises
    ------
    InputFaultsError
        Where the file as it stands cannot be read.
    OutputError
        Where it cannot be written: then it is as it was.
    """
    with one_at_a_time(path):
        read_decisions(path)
        table = read_table(path)
        rows = [*(row for _, row in table.rows), row_of(decided)]
        _write(path, table, rows)


def rewrite(path: Path, change: Mapping[int, Mapping[str, str] | None]) -> None:
    """Put other rows in the place of some, by their numbers; None takes a row out."""
    with one_at_a_time(path):
        table = read_table(path)
        rows = [new for number, row in table.rows if (new := change.get(number, row)) is not None]
        _write(path, table, rows)


def row_of(decided: Decided) -> dict[str, str]:
    """Write a decision as a row."""
    x_m, y_m = (f"{at:.2f}" for at in decided.place) if decided.place else ("", "")
    key = f"{FORGOTTEN}{decided.mark}" if decided.mark else decided.uprn.zfill(_UPRN_FIGURES) if decided.uprn else decided.address
    return {
        "date": decided.date,
        "home_id": decided.home_id,
        "address_key": key,
        "address": decided.address,
        "easting": x_m,
        "northing": y_m,
        "decision": decided.decision.value,
        "reason": decided.reason,
        "who": decided.who,
    }


def _write(path: Path, table: DecisionsTable, rows: Sequence[Mapping[str, str]]) -> None:
    names = [*table.names, *(name for name in COLUMNS if name not in table.names)]
    content = io.StringIO(newline="")
    writer = csv.writer(content, delimiter=table.delimiter, lineterminator="\n", quoting=csv.QUOTE_MINIMAL)
    writer.writerow(names)
    writer.writerows([[_one_line(row.get(name, "")) for name in names] for row in rows])
    # With its mark Excel reads the letters as they are.
    write_whole(path, content.getvalue().encode("utf-8-sig"))


def _one_line(text: str) -> str:
    return " ".join(text.splitlines())
