"""The register: who was invited, came, said what. Entries are only added; a correction is a new entry.

A SQLite file whose triggers refuse change and deletion. Each entry is on the disk before it is
confirmed, so that a kill at any moment loses none, and two people may write at once.
"""

import sqlite3
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path
from typing import Any

import pandas as pd

from engagement.around.addresses import Address
from engagement.around.decisions import Decided, Decision
from engagement.around.decisions import in_force as matched
from siting.faults import Fault, InputFaultsError, UsageError
from siting.storage.moving_into_place import OWNER_ONLY, make_private

WAIT_S = 30.0
"""How long a writer waits for another."""


class Event(StrEnum):
    """What can be registered."""

    BRIEFED = "briefed"
    INVITED = "invited"
    DELIVERED = "delivered"
    ATTENDED = "attended"
    SPOKE = "spoke"
    CONCERN = "concern"
    FOLLOW_UP = "follow-up"
    DONE = "done"
    OPTED_OUT = "opted-out"
    WITHDRAWN = "withdrawn"
    """The purchase came to nothing: nobody is invited any more."""


_SCHEMA = """
CREATE TABLE IF NOT EXISTS entries (
    number INTEGER PRIMARY KEY AUTOINCREMENT,
    at TEXT NOT NULL, who TEXT NOT NULL, home_id TEXT NOT NULL, event TEXT NOT NULL,
    about TEXT NOT NULL, note TEXT NOT NULL, corrects INTEGER REFERENCES entries (number),
    address TEXT NOT NULL DEFAULT '', place TEXT NOT NULL DEFAULT '', mark TEXT NOT NULL DEFAULT ''
) STRICT;
CREATE TABLE IF NOT EXISTS forgotten (
    home_id TEXT NOT NULL, event TEXT NOT NULL, entries INTEGER NOT NULL, at TEXT NOT NULL
) STRICT;
CREATE TABLE IF NOT EXISTS forgetting (home_id TEXT NOT NULL) STRICT;
CREATE TRIGGER IF NOT EXISTS entries_stay BEFORE DELETE ON entries
BEGIN SELECT RAISE(ABORT, 'entries are never deleted'); END;
CREATE TRIGGER IF NOT EXISTS entries_are_not_changed BEFORE UPDATE ON entries
WHEN NOT EXISTS (SELECT 1 FROM forgetting WHERE forgetting.home_id = OLD.home_id)
BEGIN SELECT RAISE(ABORT, 'entries are never changed: add a correction'); END;
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One entry; `about` is a property number, an address or a role, `corrects` the number of an entry that was wrong.

    Where it is about a neighbour, `address` and `place` (metres) say which, also under another address file.
    """

    number: int
    at: str
    who: str
    home_id: str
    event: Event
    about: str
    note: str
    corrects: int | None
    address: str = ""
    place: tuple[float, float] | None = None


def open_register(path: Path) -> None:
    """Make an empty register where there is none."""
    with _opened(path):
        pass


def add_entry(  # noqa: PLR0913 - one argument a column
    path: Path,
    *,
    who: str,
    home_id: str,
    event: Event,
    about: str = "",
    note: str = "",
    corrects: int | None = None,
    address: str = "",
    place: tuple[float, float] | None = None,
    mark: str = "",
) -> int:
    """Add an entry and return its number once it is safely on the disk.

    `mark` tells an entry that was noted elsewhere: one that is there already is not added again, and 0 is returned.

    Raises
    ------
    UsageError
        Where nobody is named, it corrects an entry that there is not, or a purchase came to nothing once more.
    """
    if not who.strip():
        msg = "Say who writes this: --who."
        raise UsageError(msg)
    if corrects is not None and not path.is_file():
        # No register is made for what is refused.
        msg = f"There is no entry {corrects} of {home_id} to correct."
        raise UsageError(msg)
    with _opened(path) as database:
        if corrects is not None:
            found = database.execute("SELECT 1 FROM entries WHERE number = ? AND home_id = ?", (corrects, home_id)).fetchone()
            if found is None:
                msg = f"There is no entry {corrects} of {home_id} to correct."
                raise UsageError(msg)
        if mark and database.execute("SELECT 1 FROM entries WHERE mark = ?", (mark,)).fetchone():
            return 0
        if event is Event.WITHDRAWN and (first := _withdrawn_by(database, home_id, corrects)) is not None:
            # Of two that stand, one would stay when the purchase goes on after all and the other is corrected.
            msg = (
                f"Entry {first} of {home_id} says already that the purchase came to nothing. If it goes on after all, correct "
                f"that entry: `siting log PLAN --home {home_id} --event follow-up --corrects {first}`."
            )
            raise UsageError(msg)
        at = datetime.now(UTC).isoformat(timespec="seconds")
        done = database.execute(
            "INSERT INTO entries (at, who, home_id, event, about, note, corrects, address, place, mark) "
            "VALUES (?,?,?,?,?,?,?,?,?,?)",
            (at, who.strip(), home_id, event.value, about, note, corrects, address, _written(place), mark),
        )
        number = done.lastrowid
    return int(number or 0)


def _withdrawn_by(database: sqlite3.Connection, home_id: str, corrects: int | None) -> int | None:
    """Return the entry that stands by which a purchase came to nothing, but for the one that is just being corrected."""
    found = database.execute(
        "SELECT number FROM entries WHERE home_id = ? AND event = ? AND number IS NOT ? "
        "AND number NOT IN (SELECT corrects FROM entries WHERE corrects IS NOT NULL)",
        (home_id, Event.WITHDRAWN.value, corrects),
    ).fetchone()
    return int(found[0]) if found else None


def entries(path: Path, home_id: str | None = None) -> tuple[Entry, ...]:
    """Return the entries, oldest first.

    Raises
    ------
    InputFaultsError
        Where the register is damaged or in use.
    """
    if not path.is_file():
        return ()
    with _opened(path) as database:
        rows = database.execute(
            "SELECT number, at, who, home_id, event, about, note, corrects, address, place FROM entries "
            "WHERE ? IS NULL OR home_id = ? ORDER BY number",
            (home_id, home_id),
        ).fetchall()
    with _in_words(path):
        return tuple(map(_entry, rows))


def _entry(row: tuple[Any, ...]) -> Entry:
    number, at, who, home_id, event, about, note, corrects, address, place = row
    texts = (at, who, home_id, about, note, address, place)
    if not all(isinstance(text, str) for text in texts) or event not in set(Event):
        raise _DamagedEntryError
    return Entry(
        number=number, at=at, who=who, home_id=home_id, event=Event(event), about=about, note=note, corrects=corrects,
        address=address, place=_read_place(place),
    )  # fmt: skip


def _written(place: tuple[float, float] | None) -> str:
    return f"{place[0]:.2f} {place[1]:.2f}" if place else ""


def _read_place(text: str) -> tuple[float, float] | None:
    x_m, _, y_m = text.partition(" ")
    try:
        return (float(x_m), float(y_m)) if y_m else None
    except ValueError as error:
        raise _DamagedEntryError from error


def opted_out(path: Path, home_id: str) -> tuple[Decided, ...]:
    """Return those who asked to be left alone, as instructions that outlive the address file; corrected ones are none."""
    return tuple(
        replace(_as_decided(entry), home_id=home_id, file=path.name, row=entry.number, opted_out=True)
        for entry in in_force(entries(path, home_id))
        if entry.event is Event.OPTED_OUT and entry.about
    )


def under_their_names(found: tuple[Entry, ...], addresses: Sequence[Address]) -> tuple[Entry, ...]:
    """Return entries under the keys that those whom they are about have in a list, as another address file names them.

    An entry that is about nobody there stays as it is.
    """
    keys = {address.key for address in addresses}
    known: dict[str, tuple[str, ...]] = {}
    named: list[Entry] = []
    for entry in found:
        if not entry.about or entry.about in keys or not (entry.address or entry.about.isdecimal()):
            named.append(entry)
            continue
        if entry.about not in known:
            known[entry.about] = tuple(matched([_as_decided(entry)], addresses)[0])
        named += [replace(entry, about=key) for key in known[entry.about]] or [entry]
    return tuple(named)


def _as_decided(entry: Entry) -> Decided:
    return Decided(
        home_id=entry.home_id,
        decision=Decision.REMOVE,
        uprn=entry.about.lstrip("0") if entry.about.isdecimal() else None,
        address=entry.address or ("" if entry.about.isdecimal() else entry.about),
        place=entry.place,
    )


def in_force(found: tuple[Entry, ...]) -> tuple[Entry, ...]:
    """Return the entries that no later one corrects."""
    corrected = {entry.corrects for entry in found}
    return tuple(entry for entry in found if entry.number not in corrected)


def outstanding(found: tuple[Entry, ...], neighbours: dict[str, str]) -> list[str]:
    """Say what is still to do: neighbours (key to address) not invited or not spoken to, concerns not followed up."""
    current = in_force(found)
    by_event: dict[Event, set[str]] = {event: {e.about for e in current if e.event is event} for event in Event}
    todo = []
    if not by_event[Event.BRIEFED]:
        todo.append("The briefing of executive members is not logged: letters are not released.")
    out = by_event[Event.OPTED_OUT]
    for key, address in neighbours.items():
        if key in out:
            continue
        if key not in by_event[Event.INVITED] | by_event[Event.DELIVERED]:
            todo.append(f"Not yet invited: {address}")
        elif key not in by_event[Event.ATTENDED] | by_event[Event.SPOKE]:
            todo.append(f"Invited, not yet seen: {address}")
    todo += [
        f"A concern without follow-up: entry {entry.number}, {neighbours.get(entry.about, entry.about)}"
        for entry in current
        if entry.event is Event.CONCERN and not _followed_up(entry, current)
    ]
    return list(dict.fromkeys(todo))


def _followed_up(concern: Entry, found: tuple[Entry, ...]) -> bool:
    later = (entry for entry in found if entry.number > concern.number and entry.about == concern.about)
    return any(entry.event in {Event.FOLLOW_UP, Event.DONE} for entry in later)


def is_withdrawn(path: Path, home_id: str) -> bool:
    """Tell whether the purchase came to nothing, and the entry stands: then nobody is invited any more."""
    return any(entry.event is Event.WITHDRAWN for entry in in_force(entries(path, home_id)))


def is_released(path: Path, home_id: str) -> bool:
    """Tell whether letters may go out: the briefing of executive members is logged and stands."""
    return any(entry.event is Event.BRIEFED for entry in in_force(entries(path, home_id)))


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """Who was invited or had a letter delivered, as the register names them: by UPRN and by address as it is written.

    Of those who were forgotten it says no more than that there are `some`, or that it was blanked for `everybody`.
    """

    names: frozenset[str] = frozenset()
    forgot_some: bool = False
    forgot_everybody: bool = False


def told(path: Path, home_id: str, addresses: Sequence[Address] = ()) -> Told:
    """Return who was invited or had a letter delivered by a home's register; of `addresses` also by their keys."""
    found = in_force(entries(path, home_id))
    reached = tuple(entry for entry in found if entry.event in {Event.INVITED, Event.DELIVERED})
    also = under_their_names(reached, addresses) if addresses else ()
    return Told(
        names=frozenset(name for entry in (*reached, *also) for name in (entry.about, entry.address) if name),
        forgot_some=any(not entry.about and not entry.address for entry in reached),
        # Nobody writes an entry without a name: it is blanked with a whole home alone.
        forgot_everybody=any(not entry.who for entry in found),
    )


def forget_home(path: Path, home_id: str) -> int:
    """Blank all that is personal in a home's entries, and keep how many there were of each kind.

    Returns how many entries were blanked.
    """
    return _forget(path, home_id, lambda _: True, "who = '', about = '', note = '', address = '', place = ''")


def forget_person(path: Path, home_id: str, belongs: Callable[[Entry], bool]) -> int:
    """Blank what is personal in the entries about one person, and keep how many there were of each kind.

    Returns how many entries were blanked.
    """
    return _forget(path, home_id, belongs, "about = '', note = '', address = '', place = ''")


def _forget(path: Path, home_id: str, belongs: Callable[[Entry], bool], blanks: str) -> int:
    if not path.is_file():
        return 0
    chosen = [entry for entry in entries(path, home_id) if belongs(entry) and _says_something(entry, blanks)]
    with _opened(path) as database:
        at = datetime.now(UTC).isoformat(timespec="seconds")
        database.execute("INSERT INTO forgetting VALUES (?)", (home_id,))
        for event, count in Counter(entry.event.value for entry in chosen).items():
            database.execute("INSERT INTO forgotten VALUES (?, ?, ?, ?)", (home_id, event, count, at))
        for entry in chosen:
            database.execute(f"UPDATE entries SET {blanks} WHERE number = ?", (entry.number,))  # noqa: S608 - a text of this module
        database.execute("DELETE FROM forgetting")
    with _in_words(path), closing(sqlite3.connect(path, timeout=WAIT_S)) as database:
        # What was blanked must not linger in the file's free pages.
        database.execute("PRAGMA secure_delete = ON")
        database.execute("VACUUM")
    return len(chosen)


def _says_something(entry: Entry, blanks: str) -> bool:
    return bool(entry.about or entry.note or entry.address or (entry.who and "who" in blanks))


def register_table(path: Path, home_id: str | None = None) -> pd.DataFrame:
    """Return the entries as a table, with those that were corrected marked."""
    found = entries(path, home_id)
    standing = {entry.number for entry in in_force(found)}
    return pd.DataFrame(
        [
            {
                "number": e.number,
                "at": e.at,
                "who": e.who,
                "home_id": e.home_id,
                "event": e.event.value,
                "about": e.about,
                "note": e.note,
                "corrects": e.corrects,
                "stands": "yes" if e.number in standing else "corrected",
            }
            for e in found
        ],
        columns=["number", "at", "who", "home_id", "event", "about", "note", "corrects", "stands"],
    )


@contextmanager
def _opened(path: Path) -> Iterator[sqlite3.Connection]:
    make_private(path.parent)
    if not path.exists():
        path.touch(mode=OWNER_ONLY)
    with _in_words(path), closing(sqlite3.connect(path, timeout=WAIT_S, isolation_level=None)) as database:
        database.execute("PRAGMA synchronous = FULL")
        database.execute("PRAGMA secure_delete = ON")
        database.execute("BEGIN IMMEDIATE")
        try:
            for statement in _statements():
                database.execute(statement)
            _add_columns(database)
            yield database
        except BaseException:
            with suppress(*_DAMAGE):
                database.execute("ROLLBACK")
            raise
        database.execute("COMMIT")


@contextmanager
def _in_words(path: Path) -> Iterator[None]:
    """Say of a register that is damaged, or that another holds, what is to be done."""
    try:
        yield
    except sqlite3.IntegrityError:
        raise  # what the register itself refuses
    except _DAMAGE as error:
        problem, remedy = next(
            (told for words, told in _NOT_DAMAGED.items() if isinstance(error, sqlite3.OperationalError) and words in str(error)),
            ("the register is damaged or cannot be written", "Take it from a copy of before; nothing was changed in it"),
        )
        raise InputFaultsError([Fault(file=path.name, problem=problem, remedy=remedy)]) from error


_NOT_DAMAGED = {
    "locked": ("the register is in use", "Try again in a moment"),
    "full": ("the disk is full, and the register is as it was", "Make room, and try again"),
    "readonly": ("the register cannot be written, and is as it was", "Take away what protects it from being written"),
    "unable to open": ("the register cannot be opened", "See that its folder and it may be written"),
}
"""What SQLite says of a register with which nothing is wrong."""


class _DamagedEntryError(ValueError):
    """An entry that no version of the planner wrote."""


_DAMAGE = (sqlite3.DatabaseError, UnicodeDecodeError, _DamagedEntryError)
"""What a damaged register raises; the second where SQLite quotes bytes of it that are no text."""


def _add_columns(database: sqlite3.Connection) -> None:
    """Give a register of an earlier version the columns that have come since."""
    known = {row[1] for row in database.execute("PRAGMA table_info(entries)")}
    for name in ("address", "place", "mark"):
        if name not in known:
            database.execute(f"ALTER TABLE entries ADD COLUMN {name} TEXT NOT NULL DEFAULT ''")


def _statements() -> Iterator[str]:
    gathered = ""
    for line in _SCHEMA.splitlines(keepends=True):
        gathered += line
        if sqlite3.complete_statement(gathered):
            yield gathered
            gathered = ""
