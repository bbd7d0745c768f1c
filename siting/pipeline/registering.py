"""Writes and reads the register of a home."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import pandas as pd

from engagement.around.addresses import Address
from engagement.around.nation import with_nation
from engagement.forgetting import is_of
from engagement.pack import NOTICE
from engagement.papers.calendar import cancel_events
from engagement.papers.earlier_issues import REISSUE
from engagement.people.stakeholders import find_stakeholders
from engagement.prepare import REGISTER, Sources, consider_home, find_home
from engagement.register import Event, add_entry, entries, forget_home, in_force, outstanding, register_table, under_their_names
from engagement.register import is_withdrawn as says_withdrawn
from siting.documents.workbooks import Sheet, write_sheets
from siting.faults import InputFaultsError, UsageError
from siting.inputs.plan import Plan
from siting.inputs.plan_inputs import Home, PlanInputs, read_inputs
from siting.pipeline.engagement_sources import find_address, sources_of
from siting.pipeline.last_pack import LastPack, read_last_pack
from siting.sentences import counted
from siting.storage.results_folder import changed_by_us
from siting.storage.staging import staged

ABOUT_SOMEBODY = frozenset(
    {Event.INVITED, Event.DELIVERED, Event.ATTENDED, Event.SPOKE, Event.CONCERN, Event.OPTED_OUT}
)  # fmt: skip
"""Events that say nothing without a person."""
DAY_EVENTS = ("attended", "spoke", "concern", "follow-up", "opted-out")
"""What is noted on the visiting day."""


def register_path(out: Path, home_id: str) -> Path:
    """Return where a home's register lies."""
    return out / "homes" / home_id / REGISTER


def run_log(  # noqa: PLR0913 - one argument an option of the command
    plan_path: Path,
    home_id: str,
    out: Path,
    *,
    event: Event,
    who: str,
    about: str = "",
    note: str = "",
    corrects: int | None = None,
) -> int:
    """Add an entry to a home's register; its number.

    Raises
    ------
    UsageError
        Where the event is none that the register knows, or the home not in the plan.
    """
    if event not in set(Event):
        msg = f'"{event}" is no event of the register. Write one of: {", ".join(Event)}.'
        raise UsageError(msg)
    inputs = read_inputs(Plan.read(plan_path))
    desk = _Desk(inputs, find_home(inputs, home_id), register_path(out, home_id))
    return desk.add(Event(event), who=who, about=about.strip(), note=note, corrects=corrects)


@dataclass(frozen=True, slots=True, kw_only=True)
class Noted:
    """What was noted away from the desk, on the visiting day: `mark` tells one from another, `at` is its local time."""

    mark: str
    at: str
    event: str
    about: str
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class BroughtBack:
    """What came of bringing back what was noted: how many entries are new, how many were there, and which were refused."""

    added: int
    known: int
    refused: tuple[tuple[Noted, str], ...]


def bring_day_back(plan_path: Path, home_id: str, out: Path, noted: Sequence[Noted], *, who: str) -> BroughtBack:
    """Add what was noted on the visiting day to a home's register; what was brought back before is not added again.

    One that cannot be taken is told and keeps no other from being added.

    Raises
    ------
    UsageError
        Where the home is not in the plan.
    """
    inputs = read_inputs(Plan.read(plan_path))
    desk = _Desk(inputs, find_home(inputs, home_id), register_path(out, home_id))
    added = known = 0
    refused: list[tuple[Noted, str]] = []
    for one in noted:
        if one.event not in DAY_EVENTS:
            refused.append((one, f'"{one.event}" is not noted on a visiting day.'))
            continue
        try:
            note = f"{one.note.strip()} (noted {one.at.replace('T', ' ')})".strip()
            number = desk.add(Event(one.event), who=who, about=one.about.strip(), note=note, mark=one.mark)
        except UsageError as error:
            refused.append((one, str(error)))
            continue
        added, known = added + bool(number), known + (not number)
    return BroughtBack(added=added, known=known, refused=tuple(refused))


class _Desk:
    """Where entries of one home are written; what it needs to know who is meant is opened once, when it is first needed."""

    def __init__(self, inputs: PlanInputs, home: Home, path: Path) -> None:
        self._inputs, self._home, self._path = inputs, home, path
        self._opened: Sources | None = None

    def add(self, event: Event, *, who: str, about: str, note: str, corrects: int | None = None, mark: str = "") -> int:
        """Add an entry; its number.

        Raises
        ------
        UsageError
            As `run_log`.
        """
        if event in ABOUT_SOMEBODY and not about:
            msg = f'Say who "{event}" is about: --about, with a UPRN, an address, or a role or name of the contact list.'
            raise UsageError(msg)
        known, address = self._about(about) if about else ("", None)
        if event is Event.OPTED_OUT and address is None:
            msg = f'"{about}" is no neighbour; whoever else asks not to be contacted is taken out of the plan\'s contacts.'
            raise UsageError(msg)
        return add_entry(
            self._path,
            who=who,
            home_id=self._home.row.home_id,
            event=event,
            about=known,
            note=note,
            corrects=corrects,
            address=address.written if address else "",
            place=(address.x_m, address.y_m) if address else None,
            mark=mark,
        )

    def _about(self, about: str) -> tuple[str, Address | None]:
        if self._opened is None:
            self._opened = sources_of(self._inputs)
        return _about(self._opened, self._home, self._path, about)


def _about(sources: Sources, home: Home, register: Path, about: str) -> tuple[str, Address | None]:
    """Return whom an entry is about, as the lists write it: a neighbour's number or address, or a role of the contact list.

    Raises
    ------
    UsageError
        Where there is nobody, or may be several.
    """
    people = _people(sources, home)
    named = next((known for known in people if known.casefold() == about.casefold()), None)
    if named is not None:
        return named, None
    view = consider_home(sources, home, register)
    try:
        address = find_address(sources, view, about, home.row.home_id)
    except UsageError as error:
        roles = ", ".join(dict.fromkeys(people))
        msg = f"{error} It is no role or name of the contact list either: {roles}."
        raise UsageError(msg) from error
    return address.uprn or address.written, address


def _people(sources: Sources, home: Home) -> list[str]:
    today = datetime.now(UTC).date()
    nation = with_nation(sources.inputs.plan.engagement, home)[0].nation
    rows, _ = find_stakeholders(sources.people, home, sources.network, sources.features.stations, today, nation)
    return [text for row in rows for text in (row.role, row.name, row.organisation) if text]


def read_log(plan_path: Path, home_id: str, out: Path) -> tuple[pd.DataFrame, list[str]]:
    """Return a home's register and what is outstanding, by the neighbours of its last pack; without one, that it is not known.

    Whoever was taken out or opted out since that pack is no longer among them.

    Raises
    ------
    InputFaultsError
        Where the plan, a decision or the register cannot be read.
    """
    path = register_path(out, home_id)
    if is_withdrawn(home_id, out):
        return register_table(path, home_id), []
    last = read_last_pack(plan_path, home_id, out)
    found = under_their_names(entries(path, home_id), last.addresses if last else ())
    todo = outstanding(found, dict(last.neighbours) if last else {})
    if last is None:
        first = [f"No pack of {home_id} is in these results, so that it is not known who is to be invited: check --home."]
    else:
        first = _older_than_decided(last)
    return register_table(path, home_id), [*first, *todo]


def _older_than_decided(last: LastPack) -> list[str]:
    told = []
    if last.left_alone:
        some = counted(len(last.left_alone), "household")
        told.append(f"{some} on the last lists and letters must be left alone since: make the papers again.")
    if last.added:
        told.append(f"{counted(last.added, 'household')} added since the last papers: make the papers again.")
    return told


def export_log(plan_path: Path, home_id: str, out: Path, output: Path) -> Path:
    """Write a home's register as Excel.

    Raises
    ------
    UsageError
        Where the home has no register: a misspelt home must not look like one of which nothing is noted.
    InputFaultsError
        As `read_log`.
    """
    _refuse_without_register(home_id, out, "written")
    table, todo = read_log(plan_path, home_id, out)
    sheets = [
        Sheet(name="Register", title="the register", frame=table, note="Corrected entries stay, marked."),
        Sheet(name="Outstanding", title="what is outstanding", frame=pd.DataFrame({"outstanding": todo}), note="As of now."),
    ]
    with staged(output.parent) as staging:
        write_sheets(staging / output.name, f"Case {home_id}", sheets, f"{NOTICE}.")
    return output


def forget_log(home_id: str, out: Path) -> int:
    """Blank what is personal in a home's register; how many entries that were.

    Raises
    ------
    UsageError
        Where the home has no register: a misspelt home must not look forgotten.
    """
    _refuse_without_register(home_id, out, "blanked")
    return forget_home(register_path(out, home_id), home_id)


def _refuse_without_register(home_id: str, out: Path, done: str) -> None:
    if not register_path(out, home_id).is_file():
        msg = f"There is no register of a home {home_id} in {out}: nothing was {done}. Check --home and --out."
        raise UsageError(msg)


def is_withdrawn(home_id: str, out: Path) -> bool:
    """Tell whether a home's register says that its purchase came to nothing."""
    return says_withdrawn(register_path(out, home_id), home_id)


@dataclass(frozen=True, slots=True, kw_only=True)
class WithdrawalNews:
    """Whom to tell that a home does not come (None: the register names nobody as invited), and who is left alone all the same."""

    tell: tuple[str, ...] | None
    leave_alone: tuple[str, ...]


def to_tell_of_withdrawal(plan_path: Path, home_id: str, out: Path) -> WithdrawalNews:
    """Return who knows of a home by its register, but for those who were taken out or asked to be left alone.

    Raises
    ------
    InputFaultsError
        Where something that was decided has no effect: then it is not known who is to be left alone.
    """
    inputs = read_inputs(Plan.read(plan_path))
    register = register_path(out, home_id)
    view = consider_home(sources_of(inputs), find_home(inputs, home_id), register)
    if view.faults:
        raise InputFaultsError(view.faults)
    found = in_force(entries(register, home_id))
    aside = [one.address for one in view.considered if one.set_aside]
    reached = [e for e in found if e.event in {Event.INVITED, Event.DELIVERED, Event.ATTENDED, Event.SPOKE} and e.about]
    silent = {e.about: e.address or e.about for e in found if e.event is Event.OPTED_OUT}
    tell = [
        e.address or e.about
        for e in reached
        if e.about not in silent and not any(is_of(address, e.about, e.address) for address in aside)
    ]
    alone = [address.written for address in aside] + list(silent.values())
    return WithdrawalNews(tell=tuple(dict.fromkeys(tell)) if reached else None, leave_alone=tuple(dict.fromkeys(alone)))


def after_withdrawal(plan_path: Path, home_id: str, out: Path) -> list[str]:
    """Cancel the calendar of a home whose purchase came to nothing, and say whom to tell and what comes next.

    Raises
    ------
    InputFaultsError
        As `to_tell_of_withdrawal`, once the visits are called off.
    """
    folder = out / "homes" / home_id
    calendar = folder / "visits.ics"
    told = []
    if calendar.is_file():
        with staged(folder) as staging:
            files = cancel_events(calendar.read_bytes(), home_id, None, made=datetime.now(UTC))
            (staging / "visits.ics").write_bytes(files.visits)
            if files.cancelled:
                (staging / "visits-cancelled.ics").write_bytes(files.cancelled)
        changed_by_us(out, [calendar])
        told.append(f"{folder / 'visits-cancelled.ics'} calls off all visits: take it into the calendars that had them.")
    for path in (folder / "notify.csv", *folder.glob(f"{REISSUE}/*/notify.csv")):
        path.unlink(missing_ok=True)
    return [*told, *told_of_withdrawal(plan_path, home_id, out)]


def told_of_withdrawal(plan_path: Path, home_id: str, out: Path) -> list[str]:
    """Say whom to tell that a home does not come, whom not, and what comes next.

    Raises
    ------
    InputFaultsError
        As `to_tell_of_withdrawal`.
    """
    news = to_tell_of_withdrawal(plan_path, home_id, out)
    told = [f"Tell: {address}" for address in news.tell or ()]
    if news.tell is None:
        told.append(
            "The register says of nobody that they were invited. If letters went out, tell everybody on the contact list."
        )
    told += [f"Do not contact, also where a printed list has them: {address}" for address in news.leave_alone]
    told.append(f"When all are told: siting forget PLAN --home {home_id}")
    return told
