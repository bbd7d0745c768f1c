"""Writes a pack into its folder: lists, papers, letters, labels, calendar; of a later issue also what changed, by itself."""

from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from engagement.pack import Pack
from engagement.papers.calendar import calendar_files
from engagement.papers.earlier_issues import REISSUE, clean_earlier
from engagement.papers.leaders import KINDS as LEADERS
from engagement.papers.leaders import leaders_letters
from engagement.papers.letter_template import WORDING, letter_template
from engagement.papers.letters import fill_letters, letters_word, not_finished, not_released
from engagement.papers.notify import notify_left_out, notify_table
from engagement.papers.printed_papers import (
    contact_list,
    labels,
    letters_pdf,
    nobody_found,
    question_sheet,
    run_sheets,
    stakeholder_list,
)
from engagement.papers.questions import questions_word
from engagement.papers.reissue import changes, changes_table, changes_told, this_issue
from engagement.papers.tables import nearby_table, neighbours_table, stakeholders_table, visits_table, walk_there_table
from engagement.papers.workbooks import write_workbooks
from engagement.schedule.issue import Issue, write_issue
from siting.documents.csv_files import write_csv
from siting.documents.typesetting import read_picture
from siting.faults import Fault, Severity
from siting.inputs.plan import Plan
from siting.inputs.postcodes import find_postcodes, tidy_postcode
from siting.sentences import listed


@dataclass(frozen=True, slots=True, kw_only=True)
class Written:
    """What is to be said of a pack that was written, what it issues, and which files of earlier issues must go."""

    told: tuple[Fault, ...]
    issue: Issue
    gone: tuple[Path, ...]


def write_pack(folder: Path, pack: Pack, plan: Plan, street: bytes, previous: Path, made: datetime) -> Written:
    """Write the pack's files into a folder; say what has changed since the issue before.

    Parameters
    ----------
    street
        The map of the street with numbered doors (SVG).
    previous
        The folder of an earlier issue, whose calendar is counted up from, and whose papers must not name who is gone.
    """
    folder.mkdir(parents=True, exist_ok=True)
    write_csv(folder / "neighbours.csv", neighbours_table(pack))
    write_csv(folder / "nearby.csv", nearby_table(pack))
    write_csv(folder / "stakeholders.csv", stakeholders_table(pack))
    write_csv(folder / "visits.csv", visits_table(pack))
    if pack.walk_there:
        write_csv(folder / "walk-there.csv", walk_there_table(pack))
    write_workbooks(folder, pack)
    own = plan.resolve(plan.engagement.letter) if plan.engagement.letter else None
    template = own.read_bytes() if own else letter_template(pack)
    issue = this_issue(pack, template if own else WORDING.read_bytes())
    found = changes(pack, issue)
    _write_papers(folder, pack, street, made)
    (folder / "letter-wording.docx").write_bytes(template)
    to_fill_in = _write_letters(folder, pack, plan, template, made)
    nobody, leaders_to_fill_in = _write_leaders(folder, pack, plan, made)
    old = previous / "visits.ics"
    calendar = calendar_files(pack, old.read_bytes() if old.is_file() else None, made=made)
    (folder / "visits.ics").write_bytes(calendar.visits)
    if calendar.cancelled:
        (folder / "visits-cancelled.ics").write_bytes(calendar.cancelled)
    standing = set(pack.numbers.values()) if pack.previous is not None else set()
    cleaned = clean_earlier(previous, standing)
    for name, content in cleaned.rewritten.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(content)
    again = folder / _free_day(pack, previous)
    if found and pack.previous is not None and pack.previous.released:
        again.mkdir(parents=True)
        write_csv(again / "changes.csv", changes_table(found))
        changed = {change.neighbour.address.key for change in found if change.neighbour is not None}
        if changed:
            only = replace(pack, walk=tuple(one for one in pack.walk if one.address.key in changed))
            _write_letters(again, only, plan, template, made)
            (again / "labels.pdf").write_bytes(labels(only, made=made))
        if calendar.cancelled:
            (again / "visits-cancelled.ics").write_bytes(calendar.cancelled)
    write_issue(folder, issue)
    told = (*changes_told(pack, found, again.relative_to(folder).as_posix()), *cleaned.told(pack.home_id))
    # Before they may go out the mark on each says enough.
    told = (*told, *_not_finished(pack, [*to_fill_in, *leaders_to_fill_in])) if pack.released else told
    return Written(told=told, issue=issue, gone=(*cleaned.gone, *nobody, *_unreleased(pack), *_without_walk(pack)))


def _free_day(pack: Pack, previous: Path) -> Path:
    """Return the folder for what is issued again: a second one of a day has its own, for the first may not be printed yet."""
    names = [f"{pack.made}", *(f"{pack.made} ({number})" for number in range(2, 1_000))]
    return Path(REISSUE) / next(name for name in names if not (previous / REISSUE / name).exists())


def _write_papers(folder: Path, pack: Pack, street: bytes, made: datetime) -> None:
    (folder / "neighbours.pdf").write_bytes(contact_list(pack, street, made=made))
    (folder / "stakeholders.pdf").write_bytes(stakeholder_list(pack, made=made))
    (folder / "runsheets.pdf").write_bytes(run_sheets(pack, made=made))
    (folder / "labels.pdf").write_bytes(labels(pack, made=made))
    (folder / "questions.pdf").write_bytes(question_sheet(pack, made=made))
    (folder / "questions.docx").write_bytes(questions_word(pack))


def _write_leaders(folder: Path, pack: Pack, plan: Plan, made: datetime) -> tuple[tuple[Path, ...], list[str]]:
    """Write the letters to members, police, heads and fire.

    Return those of an earlier pack to whom nobody belongs any more, and those in which something is to be filled in.
    """
    logo = _logo(plan)
    draft = "" if pack.released else not_released(pack)
    gone: list[Path] = []
    to_fill_in: list[str] = []
    for kind in LEADERS:
        letters = leaders_letters(pack, kind)
        names = [Path(f"letters-{kind}.{ending}") for ending in ("docx", "pdf")]
        if not letters:
            gone += names
            continue
        (folder / names[0]).write_bytes(letters_word(letters, draft=draft, title="Letter"))
        (folder / names[1]).write_bytes(letters_pdf(pack, letters, logo, made=made, title="Letter"))
        to_fill_in += [names[0].name] if not_finished(pack, letters) else []
    return tuple(gone), to_fill_in


def _not_finished(pack: Pack, names: list[str]) -> tuple[Fault, ...]:
    if not names:
        return ()
    problem = "these letters may go out, and something in brackets is still to be filled in"
    remedy = f"Fill it in in Word, in {listed(names)}; the PDF beside each is marked"
    return (Fault(file=f"homes/{pack.home_id}", problem=problem, remedy=remedy, severity=Severity.WARNING),)


def _write_letters(folder: Path, pack: Pack, plan: Plan, template: bytes, made: datetime) -> list[str]:
    """Write the letters to neighbours; return their file where something in it is to be filled in."""
    engagement = plan.engagement
    logo = _logo(plan)
    letters = fill_letters(pack, template, engagement.letter or "letter-wording.docx")
    (folder / "letters.docx").write_bytes(letters_word(letters, draft=_mark(pack)))
    (folder / "letters.pdf").write_bytes(letters_pdf(pack, letters, logo, made=made))
    if pack.released:
        # What is uploaded is sent: it is only there once letters may go out.
        known = find_postcodes(tidy for one in pack.walk if (tidy := tidy_postcode(one.address.postcode or "")))
        write_csv(folder / "notify.csv", notify_table(pack, known))
        write_csv(folder / "notify-left-out.csv", notify_left_out(pack, known))
    return ["letters.docx"] if not_finished(pack, letters) else []


def _logo(plan: Plan) -> bytes | None:
    return read_picture(plan.resolve(plan.engagement.logo)) if plan.engagement.logo else None


def _mark(pack: Pack) -> str:
    """Return what a Word file of letters is marked with: that there is nobody to write to, or that they may not go out."""
    return nobody_found(pack) or ("" if pack.released else not_released(pack))


def _unreleased(pack: Pack) -> tuple[Path, ...]:
    """Name the upload files of an earlier pack that must go, where letters are not released any more."""
    return () if pack.released else (Path("notify.csv"), Path("notify-left-out.csv"))


def _without_walk(pack: Pack) -> tuple[Path, ...]:
    """Name the list of buildings to walk to, where there are none any more."""
    return () if pack.walk_there else (Path("walk-there.csv"),)
