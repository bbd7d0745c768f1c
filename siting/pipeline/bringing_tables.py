"""Brings a user's spreadsheet as it is: what was understood, what is corrected, and the table that a plan reads.

The user's file is kept as it came and never changed. What was chosen for its columns and what was
corrected, by whom and when, stands in one file beside the plan, `PLAN.tables.json`; the table that
the plan reads is written from both.
"""

import csv
import hashlib
import io
import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any

from siting.faults import Fault, UsageError, stopping
from siting.inputs.cells import Kind, Row, UnreadableError
from siting.inputs.header_rows import Found, find_table, merged_faults
from siting.inputs.headings import OWN, TAKEN, ColumnUse, Sureness, field_names
from siting.inputs.locating import locate_table
from siting.inputs.marks import mark_faults
from siting.inputs.plan import Plan
from siting.inputs.reading import read_books
from siting.inputs.rows import ChildRow, ExclusionRow, HomeRow, PlacedRow
from siting.inputs.table_understanding import heading_faults
from siting.inputs.tables import read_table
from siting.pipeline.plan_edits import name_input
from siting.storage.copies import private_folder
from siting.storage.shared_file import ChangedMeanwhileError, version_of, write_unless_changed, write_whole

KINDS: Mapping[str, type[PlacedRow]] = {"candidates": HomeRow, "children": ChildRow, "exclusions": ExclusionRow}
KEYS = {"candidates": "home_id", "children": "child_ref", "exclusions": "child_ref"}
FOLDER = "brought"
"""The folder beside the plan that keeps users' files as they came."""
_NO_VALUE = "#VALUE!"
"""What stands for a formula without a stored value, so that it is asked about and never taken for nothing."""
_CHANGED = "Somebody else changed this table meanwhile. It is shown as it is now; do your changes again."


@dataclass(frozen=True, slots=True, kw_only=True)
class Correction:
    """One cell set right, or one row left out (`column` is then empty); who did it and when (ISO 8601)."""

    row: int
    column: str
    was: str
    now: str
    who: str
    when: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Brought:
    """A user's file for one table of a plan: where it is kept, what its columns are, what was corrected."""

    file: str
    name: str
    columns: Mapping[str, str] = field(default_factory=dict)
    corrections: tuple[Correction, ...] = ()
    number_rows: bool = False
    written: str = ""
    added: tuple[Mapping[str, str], ...] = ()
    """Rows that were added here, by field."""


@dataclass(frozen=True, slots=True, kw_only=True)
class BroughtTables:
    """All that is kept of a plan's tables; `version` tells one state from another."""

    tables: Mapping[str, Brought]
    shapes: Mapping[str, Mapping[str, str]]
    version: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CellFault:
    """What is wrong with a cell, a row (no column) or the whole table (no row)."""

    row: int | None
    column: int | None
    problem: str
    remedy: str
    stops: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """A table as the page shows it: columns with what they are taken for, rows with their cells, faults beside them."""

    name: str
    sheet: str | None
    other_sheets: tuple[str, ...]
    header_row: int | None
    columns: tuple[Mapping[str, Any], ...]
    fields: tuple[str, ...]
    rows: tuple[Mapping[str, Any], ...]
    faults: tuple[CellFault, ...]
    left_out: tuple[str, ...]
    numbers_rows: bool
    key: str
    version: str

    @property
    def is_sound(self) -> bool:
        """Whether nothing stops the table from being used."""
        return not any(fault.stops for fault in self.faults)


def bring(plan_path: Path, kind: str, upload: Path, name: str, *, seen: str) -> BroughtTables:
    """Keep a user's file for a table of a plan; what was chosen for a file of the same shape is chosen again.

    Raises
    ------
    UsageError
        Where the file is no table, or another changed the tables meanwhile.
    """
    known = _known(plan_path, seen)
    content = upload.read_bytes()
    file = f"{kind}-{hashlib.sha256(content).hexdigest()[:12]}{upload.suffix.lower()}"
    folder = plan_path.parent / FOLDER
    folder.mkdir(exist_ok=True)
    write_whole(folder / file, content)
    found = _find(folder / file, kind, {})
    columns = known.shapes.get(_shape(found), {})
    has_key = _find(folder / file, kind, columns).understanding.column_of(KEYS[kind]) is not None
    before = known.tables.get(kind)
    brought = Brought(
        file=file,
        name=name,
        columns=columns,
        corrections=before.corrections if before and before.file == file else (),
        number_rows=kind == "candidates" and not has_key,
        written=before.written if before else "",
    )
    return _keep(plan_path, replace(known, tables={**known.tables, kind: brought}), seen)


def bring_own(plan_path: Path, kind: str, *, seen: str) -> BroughtTables:
    """Bring the file that the plan reads now, so that it is shown and corrected; it stays as it is.

    Raises
    ------
    UsageError
        Where the plan reads none, the file is no table, or another changed the tables meanwhile.
    InputFaultsError
        Where the plan cannot be read.
    """
    own = getattr(Plan.read(plan_path).inputs, kind)
    if not own or not (plan_path.parent / own).is_file():
        msg = "The plan reads no such list yet, or its file is not there. Bring one."
        raise UsageError(msg)
    return bring(plan_path, kind, plan_path.parent / own, Path(own).name, seen=seen)


def put_back(plan_path: Path, kind: str, before: Mapping[str, Any] | None, *, seen: str) -> BroughtTables:
    """Put in force again what was kept of a table before another file was brought; None where there was nothing.

    Raises
    ------
    UsageError
        Where another changed the tables meanwhile.
    """
    known = _known(plan_path, seen)
    others = {name: brought for name, brought in known.tables.items() if name != kind}
    earlier = {kind: _brought(before)} if before else {}
    return _keep(plan_path, replace(known, tables={**others, **earlier}), seen)


def show_table(plan_path: Path, kind: str) -> Shown | None:
    """Show the table that was brought; None where none was.

    Raises
    ------
    UsageError
        Where the file that was kept is no table.
    """
    known = brought_tables(plan_path)
    brought = known.tables.get(kind)
    if brought is None:
        return None
    found = _find(plan_path.parent / FOLDER / brought.file, kind, brought.columns)
    derived = _Derived.of(found, brought, kind)
    understanding = found.understanding
    return Shown(
        name=brought.name,
        sheet=understanding.sheet,
        other_sheets=understanding.other_sheets,
        header_row=understanding.header_row,
        columns=tuple(_column(use) for use in understanding.columns),
        fields=field_names(KINDS[kind]),
        rows=tuple(derived.shown_rows()),
        faults=tuple(derived.faults(kind, plan_path)),
        left_out=tuple(f"{_rows_told(left.rows)}: {left.why}" for left in understanding.left_out),
        numbers_rows=brought.number_rows,
        key=KEYS[kind],
        version=known.version,
    )


def correct_table(  # noqa: PLR0913 - what a form brings
    plan_path: Path,
    kind: str,
    *,
    columns: Mapping[str, str],
    cells: Mapping[tuple[int, str], str],
    left_out: Iterable[int],
    who: str,
    when: str,
    seen: str,
) -> BroughtTables:
    """Keep what a user chose for columns, the cells set right and the rows left out.

    `cells` are by row and heading. What stands as it did is no correction.

    Raises
    ------
    UsageError
        Where another changed the tables meanwhile, or nothing was brought.
    """
    known = _known(plan_path, seen)
    brought = known.tables.get(kind)
    if brought is None:
        msg = "No table was brought yet."
        raise UsageError(msg)
    found = _find(plan_path.parent / FOLDER / brought.file, kind, columns)
    before = {(one.row, one.column): one for one in brought.corrections}
    headings = {use.heading: use.index for use in found.understanding.columns}
    for (row, heading), text in cells.items():
        was = _text(found.rows.get(row, {}), headings.get(heading, -1))
        _note(before, Correction(row=row, column=heading, was=was, now=text.strip(), who=who, when=when))
    out = set(left_out)
    for row in found.rows:
        if (row in out) != ((row, "") in before):
            _note(before, Correction(row=row, column="", was="", now="left out" if row in out else "", who=who, when=when))
    has_key = found.understanding.column_of(KEYS[kind]) is not None
    changed = replace(
        brought,
        columns=dict(columns),
        corrections=tuple(before.values()),
        number_rows=kind == "candidates" and not has_key,
    )
    shapes = {**known.shapes, _shape(found): dict(columns)}
    return _keep(plan_path, replace(known, tables={**known.tables, kind: changed}, shapes=shapes), seen)


def add_home(plan_path: Path, values: Mapping[str, str]) -> Path:
    """Add a house to the plan's list of homes, beside those that were brought; the table that the plan now reads.

    `values` are by field, as they would be typed. Where the plan reads a table of the user's own,
    that is brought first, so that it stays as it is.

    Raises
    ------
    UsageError
        Where the list has faults of its own, or the house has one.
    """
    if "candidates" not in brought_tables(plan_path).tables:
        bring_own(plan_path, "candidates", seen=brought_tables(plan_path).version)
    known = brought_tables(plan_path)
    brought = known.tables["candidates"]
    with_it = replace(brought, added=(*brought.added, dict(values)))
    kept = _keep(plan_path, replace(known, tables={**known.tables, "candidates": with_it}), known.version)
    try:
        return use_table(plan_path, "candidates", seen=kept.version)
    except UsageError as error:
        _keep(plan_path, replace(kept, tables={**known.tables, "candidates": brought}), kept.version)
        shown = show_table(plan_path, "candidates")
        if shown and not shown.is_sound:
            msg = "The list of houses has cells that still need correcting. Correct it first, then add the house."
            raise UsageError(msg) from error
        msg = "The house cannot be added as it is: its name may stand in the list already."
        raise UsageError(msg) from error


def use_table(plan_path: Path, kind: str, *, seen: str) -> Path:
    """Write the table that the plan reads from what was brought and corrected, and name it in the plan.

    A file of the user's own is never written over: the plan then names a new one.

    Raises
    ------
    UsageError
        Where something still stops the table from being used, or another changed the tables meanwhile.
    """
    known = _known(plan_path, seen)
    shown = show_table(plan_path, kind)
    if shown is None or not shown.is_sound:
        msg = "Some cells still need correcting."
        raise UsageError(msg)
    brought = known.tables[kind]
    found = _find(plan_path.parent / FOLDER / brought.file, kind, brought.columns)
    content = _Derived.of(found, brought, kind).text(kind).encode("utf-8-sig")
    target = plan_path.parent / f"{kind}-in-use.csv"
    if target.exists() and version_of(target.read_bytes()) != brought.written:
        # Somebody changed it by hand: that copy stays beside the new one.
        target.replace(target.with_name(f"{kind}-changed-by-hand-{version_of(target.read_bytes())[:8]}.csv"))
    write_whole(target, content)
    name_input(plan_path, kind, target.name)
    written = replace(brought, written=version_of(content))
    _keep(plan_path, replace(known, tables={**known.tables, kind: written}), seen)
    return target


def brought_tables(plan_path: Path) -> BroughtTables:
    """Read what is kept of a plan's tables.

    Raises
    ------
    UsageError
        Where the file cannot be read.
    """
    path = _path(plan_path)
    content = path.read_bytes() if path.is_file() else b""
    try:
        kept = json.loads(content) if content else {"tables": {}, "shapes": {}}
        tables = {
            kind: _brought(about)
            for kind, about in kept["tables"].items()
            if kind in KINDS and re.fullmatch(r"[a-z]+-[0-9a-f]{12}\.[a-z]{3,4}", about["file"])
        }
        return BroughtTables(tables=tables, shapes=kept["shapes"], version=version_of(content))
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        msg = f"{path.name} cannot be read. Rename it to begin anew; nothing in it is lost by that."
        raise UsageError(msg) from error


@dataclass(frozen=True, slots=True, kw_only=True)
class _Derived:
    """The table to be read: names of its columns, its rows by their number in the user's file."""

    columns: tuple[tuple[ColumnUse | None, str], ...]
    rows: Mapping[int, tuple[str, ...]]
    out: frozenset[int]
    found: Found
    brought: Brought

    @classmethod
    def of(cls, found: Found, brought: Brought, kind: str) -> "_Derived":
        uses = [(use, _name(use)) for use in found.understanding.columns if _name(use)]
        columns: list[tuple[ColumnUse | None, str]] = [(None, KEYS[kind])] if brought.number_rows else []
        columns += uses
        now = {(one.row, one.column): one.now for one in brought.corrections}
        out = frozenset(row for row, column in now if not column)
        rows = {
            number: tuple(
                f"R{number:04d}" if use is None else now.get((number, use.heading), _text(row, use.index)) for use, _ in columns
            )
            for number, row in found.rows.items()
        }
        return cls(columns=tuple(columns), rows=rows, out=out, found=found, brought=brought)

    def text(self, kind: str) -> str:
        """Write the rows that are in as CSV, with the columns that the other corrections added."""
        written = io.StringIO(newline="")
        writer = csv.writer(written)
        extra = self._extra(kind)
        writer.writerow([*(name for _, name in self.columns), *extra])
        now = {(one.row, one.column): one.now for one in self.brought.corrections}
        for number, cells in self.rows.items():
            if number not in self.out:
                writer.writerow([*cells, *(now.get((number, name), "") for name in extra)])
        for added in self.brought.added:
            writer.writerow([added.get(name, "") for name in (*(name for _, name in self.columns), *extra)])
        return written.getvalue()

    def _extra(self, kind: str) -> list[str]:
        """Return the fields that the user's file has no column for and that a correction filled in."""
        there = {name for _, name in self.columns}
        headings = {use.heading for use in self.found.understanding.columns}
        wanted = (one.column for one in self.brought.corrections if one.column and one.column not in headings)
        added = (name for row in self.brought.added for name in row)
        return [name for name in dict.fromkeys((*wanted, *added)) if name in field_names(KINDS[kind]) and name not in there]

    def shown_rows(self) -> Iterator[dict[str, Any]]:
        """Yield the rows as the page shows them; columns that say who a child is are not shown."""
        corrected = {(one.row, one.column): one for one in self.brought.corrections}
        uses = self.found.understanding.columns
        for number, row in self.found.rows.items():
            cells = []
            for use in uses:
                one = corrected.get((number, use.heading))
                text = "" if use.sure is Sureness.REFUSED else (one.now if one else _text(row, use.index))
                cells.append(
                    {
                        "text": text,
                        "was": one.was if one else None,
                        "who": one.who if one else "",
                        "when": one.when if one else "",
                    }
                )
            added = {one.column: one.now for key, one in corrected.items() if key[0] == number and key[1] in KINDS_FIELDS}
            yield {"number": number, "cells": cells, "out": number in self.out, "added": added}

    def faults(self, kind: str, plan_path: Path) -> Iterator[CellFault]:
        """Yield what is wrong: with headings as the file has them, with cells as they are corrected."""
        row_type = KINDS[kind]
        required = [KEYS[kind]] if not self.brought.number_rows else []
        for fault in heading_faults(self.found.understanding, required, row_type, protective=kind != "candidates"):
            column = next((use.index for use in self.found.understanding.columns if use.heading == fault.column), None)
            yield CellFault(row=None, column=column, problem=fault.problem, remedy=fault.remedy, stops=bool(stopping([fault])))
        yield from self._merged()
        yield from self._marked()
        with private_folder() as folder:
            path = folder / f"{kind}.csv"
            path.write_text(self.text(kind), encoding="utf-8-sig")
            table = read_table(path, row_type)
            found = [fault for fault in table.faults if (fault.row is not None and fault.row > 1) or stopping([fault])]
            addresses = _addresses(plan_path)
            found += locate_table(table, addresses)[1]
        numbers = [number for number in self.rows if number not in self.out]
        for fault in dict.fromkeys(found):
            yield self._cell_fault(fault, numbers)

    def _merged(self) -> Iterator[CellFault]:
        """Name merged cells that are still empty: neither filled in nor in a row that is left out."""
        filled = {(one.row, one.column) for one in self.brought.corrections}
        for fault in merged_faults(self.found):
            rows = [row for row in fault.rows[1:] if row not in self.out and (row, fault.column) not in filled]
            column = next((use.index for use in self.found.understanding.columns if use.heading == fault.column), None)
            if rows:
                remedy = "Fill in each cell, or unmerge them in the file"
                yield CellFault(row=rows[0], column=column, problem=fault.problem, remedy=remedy, stops=True)

    def _marked(self) -> Iterator[CellFault]:
        """Name rows that were not taken and may be meant, and cells that are struck through and were not set right here."""
        for fault in stopping(self.found.notes):
            remedy = "Delete it in the file, or take off what hides or strikes it through, and bring the file again"
            yield CellFault(
                row=None, column=None, problem=f"{_rows_told(fault.rows)}: {fault.problem}", remedy=remedy, stops=True
            )
        filled = {(one.row, one.column) for one in self.brought.corrections}
        for fault in stopping(mark_faults(self.found)):
            column = next((use.index for use in self.found.understanding.columns if use.heading == fault.column), None)
            for row in fault.rows:
                if row not in self.out and (row, fault.column) not in filled:
                    remedy = "Type another value, leave the row out, or take the line off in the file and bring it again"
                    yield CellFault(row=row, column=column, problem=fault.problem, remedy=remedy, stops=True)

    def _cell_fault(self, fault: Fault, numbers: Sequence[int]) -> CellFault:
        at = fault.row - 2 if fault.row is not None else -1
        row = numbers[at] if 0 <= at < len(numbers) else None
        column = next((use.index for use, name in self.columns if use and fault.column in {name, use.heading}), None)
        return CellFault(row=row, column=column, problem=fault.problem, remedy=fault.remedy, stops=bool(stopping([fault])))


KINDS_FIELDS = frozenset(name for row_type in KINDS.values() for name in row_type.model_fields)


def _name(use: ColumnUse) -> str:
    """Return what a column is called in the table that the plan reads; empty where it is left away."""
    if use.field and use.sure in TAKEN and use.field != OWN:
        return use.field
    if use.sure is Sureness.OWN:
        return use.heading
    if use.sure is Sureness.CHOSEN:
        return f"own {use.heading}"
    return ""


def _text(row: Row, index: int) -> str:
    cell = row.get(index)
    if cell is None:
        return ""
    # A cell of nothing but spaces stays one: it is asked about, and never taken for nothing.
    return _NO_VALUE if cell.kind is Kind.NO_VALUE else cell.text.strip() or cell.text


def _column(use: ColumnUse) -> dict[str, Any]:
    return {
        "index": use.index,
        "letter": use.letter,
        "heading": use.heading,
        "field": use.field,
        "sure": use.sure.value,
        "maybe": list(use.maybe),
    }


def _brought(about: Mapping[str, Any]) -> Brought:
    corrections = tuple(Correction(**one) for one in about["corrections"])
    return Brought(**{**about, "corrections": corrections, "added": tuple(about.get("added", ()))})


def _find(path: Path, kind: str, columns: Mapping[str, str]) -> Found:
    try:
        return find_table(path.name, read_books(path), KINDS[kind], KEYS[kind], columns)
    except UnreadableError as error:
        msg = f"{error.problem[0].upper()}{error.problem[1:]}. {error.remedy}."
        raise UsageError(msg) from error


def _shape(found: Found) -> str:
    """Return what files of one shape have in common: their headings."""
    return version_of("\n".join(use.heading.casefold() for use in found.understanding.columns).encode())


def _rows_told(rows: Sequence[int]) -> str:
    return f"row {rows[0]}" if len(rows) == 1 else f"{len(rows)} rows from {rows[0]}"


def _addresses(plan_path: Path) -> tuple[Path, ...]:
    plan = Plan.read(plan_path)
    return tuple(plan.resolve(name) for name in plan.inputs.addresses or ())


def _note(known: dict[tuple[int, str], Correction], one: Correction) -> None:
    key = (one.row, one.column)
    before = known.get(key)
    if (before.now if before else one.was) == one.now:
        return
    if one.now == one.was:
        known.pop(key, None)
    else:
        known[key] = one


def _known(plan_path: Path, seen: str) -> BroughtTables:
    known = brought_tables(plan_path)
    if known.version != seen:
        raise UsageError(_CHANGED)
    return known


def _keep(plan_path: Path, tables: BroughtTables, seen: str) -> BroughtTables:
    path = _path(plan_path)
    kept = {"tables": {kind: asdict(brought) for kind, brought in tables.tables.items()}, "shapes": dict(tables.shapes)}
    content = json.dumps(kept, ensure_ascii=False, indent=1).encode()
    try:
        version = write_unless_changed(path, content, seen)
    except ChangedMeanwhileError as error:
        raise UsageError(_CHANGED) from error
    return replace(tables, version=version)


def _path(plan_path: Path) -> Path:
    return plan_path.with_name(f"{plan_path.stem}.tables.json")
