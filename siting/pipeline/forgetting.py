"""Forgets a neighbour, a home, or all homes whose time is past: in the register, in every output, in the caches."""

import re
import shutil
import tempfile
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from pathlib import Path

from engagement.around.address_index import counts_path, index_path, indexes_of, volumes_of
from engagement.around.addresses import Address, address_as_told
from engagement.around.decisions import Decided, Decision, forgotten, in_force
from engagement.around.decisions_file import read_decisions, rewrite, row_of, write_decision
from engagement.forgetting import (
    Terms,
    files_that_name,
    is_of,
    pages_marked,
    papers_of,
    printed,
    replace_file,
    search_folder,
    take_rows_out,
    terms_of,
    terms_of_lines,
    text_of_pdf,
    texts_in,
    wipe,
)
from engagement.papers.calendar import cancel_events
from engagement.papers.earlier_issues import clean_earlier
from engagement.prepare import REGISTER, Sources, consider_home, decisions_path, find_home
from engagement.register import Entry, Event, entries, forget_home, forget_person, told
from engagement.register import in_force as standing
from engagement.schedule.issue import ISSUE_FILE, Issue, household_digest, is_household, read_issue, write_issue
from siting.faults import InputFaultsError, UsageError
from siting.inputs.plan import Plan
from siting.inputs.plan_inputs import PlanInputs, read_inputs
from siting.pipeline.engagement_sources import find_address, sources_of
from siting.pipeline.last_pack import NEIGHBOURS, addresses_listed
from siting.pipeline.photographs import photographs_of
from siting.pipeline.registering import register_path
from siting.progress import Progress, silent
from siting.storage.kept import cache_folder
from siting.storage.results_folder import changed_by_us


@dataclass(frozen=True, slots=True, kw_only=True)
class Forgotten:
    """What was done: entries blanked, files changed and deleted, what is left to people, and what the program may not touch."""

    entries: int
    changed: tuple[Path, ...]
    deleted: tuple[Path, ...]
    by_hand: tuple[str, ...]
    still_named_in: tuple[Path, ...]

    @property
    def words(self) -> tuple[str, ...]:
        """All of it in lines for the terminal."""
        return (
            f"{self.entries} entries of the register were blanked; their counts are kept.",
            *(f"changed: {path}" for path in self.changed),
            *(f"deleted: {path}" for path in self.deleted),
            *(f"destroy by hand: {words}" for words in self.by_hand),
            *(f"your own file still names them: {path}" for path in self.still_named_in),
            "Make the papers anew with `siting engage`; backups, e-mails and shared folders are yours to clear.",
        )


def run_forget(
    plan_path: Path,
    out: Path,
    *,
    home_id: str | None = None,
    address: str | None = None,
    past: bool = False,
    progress: Progress = silent,
) -> Forgotten:
    """Forget one neighbour of a home, a whole home, or with `past` all homes once the plan's `keep_until` is past.

    Raises
    ------
    UsageError
        Where there is no such home or address, or the day is not past.
    """
    inputs = read_inputs(Plan.read(plan_path))
    today = datetime.now(UTC).date()
    if past:
        return _forget_past(inputs, out, today, progress)
    if home_id is None:
        msg = "Say which home: --home; or --past for all once keep_until is past."
        raise UsageError(msg)
    if address is not None:
        try:
            return _forget_person(inputs, out, home_id, address, today, progress)
        finally:
            text_of_pdf.cache_clear()
    known = home_id in {home.row.home_id for home in inputs.homes}
    if not known and not register_path(out, home_id).parent.is_dir():
        find_home(inputs, home_id)  # says which homes there are
    return _forget_homes(inputs, out, [home_id], today, progress)


def _forget_past(inputs: PlanInputs, out: Path, today: date, progress: Progress) -> Forgotten:
    until = inputs.plan.engagement.keep_until
    if until is None or until >= today:
        when = f"is {until:%d %B %Y}" if until else "is not set"
        msg = f"The plan's keep_until {when}: nothing is past. Forget single homes with --home."
        raise UsageError(msg)
    folder = out / "homes"
    homes = sorted(path.name for path in folder.iterdir() if path.is_dir()) if folder.is_dir() else []
    decided = {one.home_id for one in read_decisions(decisions_path(inputs)) if not one.mark}
    return _forget_homes(inputs, out, sorted({*homes, *decided}), today, progress)


def _forget_person(inputs: PlanInputs, out: Path, home_id: str, text: str, today: date, progress: Progress) -> Forgotten:
    home = find_home(inputs, home_id)
    sources = sources_of(inputs, progress)
    view = consider_home(sources, home, register_path(out, home_id))
    address = find_address(sources, view, text, home_id)
    terms = terms_of(address, view.around.addresses)
    folders = _result_folders(inputs, out)
    outputs, own, not_searched = _named(inputs, folders, terms)
    marks = [household_digest(one.row.home_id, address.key) for one in inputs.homes]
    for folder in (*folders, inputs.plan.path.parent):
        outputs += [path for path in pages_marked(folder, marks) if path not in outputs]
    homes = {folder: sorted({home_id, *_homes_of(folder, outputs)}) for folder in folders}
    day = today.isoformat()
    for one in sorted({one for some in homes.values() for one in some}):
        _leave_alone(inputs, one, [address], day)
    blanked, changed, deleted, by_hand = 0, [], [], not_searched
    for folder, some in homes.items():
        for one in some:
            if register_path(folder, one).is_file():
                blanked += forget_person(register_path(folder, one), one, lambda entry: _about(entry, address, terms))
        cleaned = _clean_homes(inputs, folder, some, address)
        changed += cleaned[0]
        deleted += cleaned[1]
        by_hand += cleaned[2]
    lists, wiped = _clean_named(outputs, address, terms)
    changed += lists
    deleted += wiped
    deleted += _clear_caches(inputs, terms, indexes_of(address.uprn, address.x_m, address.y_m))
    left = [path for folder in folders for path in files_that_name(folder, terms) if path.exists()]
    for path in left:
        wipe(path)
    for folder in folders:
        changed_by_us(folder, changed)
    return Forgotten(
        entries=blanked,
        changed=tuple(dict.fromkeys([decisions_path(inputs), *changed])),
        deleted=tuple(sorted({*deleted, *left})),
        by_hand=tuple(dict.fromkeys(by_hand)),
        still_named_in=tuple(path for path in own if path.exists()),
    )


def _about(entry: Entry, address: Address, terms: Terms) -> bool:
    return is_of(address, entry.about, entry.address) or terms.found_in(entry.note) or terms.found_in(entry.about)


def _result_folders(inputs: PlanInputs, out: Path) -> list[Path]:
    """Return the folder of the outputs, and others beside the plan that an earlier run or `--out` wrote packs into."""
    found = [path.parents[2] for name in (ISSUE_FILE, REGISTER) for path in inputs.plan.path.parent.rglob(f"homes/*/{name}")]
    known = {out.resolve(): out}
    for folder in found:
        known.setdefault(folder.resolve(), folder)
    return [folder for folder in known.values() if folder.is_dir() or folder == out]


def _named(inputs: PlanInputs, folders: Sequence[Path], terms: Terms) -> tuple[list[Path], list[Path], list[str]]:
    """Return the outputs that name a person, the users' own files beside the plan that do, and words on what cannot be read."""
    searched = [search_folder(folder, terms) for folder in folders if folder.is_dir()]
    outputs = [path for one in searched for path in one.naming]
    beside = search_folder(inputs.plan.path.parent, terms)
    decisions = decisions_path(inputs)
    own = [path for path in beside.naming if path not in outputs and path != decisions]
    exports = [path for path in own if path.suffix in {".xlsx", ".pdf"} and path not in inputs.files]
    missed = [path for one in (*searched, beside) for path in one.not_searched]
    return [*outputs, *exports], [path for path in own if path not in exports], _not_searched(inputs, missed)


def _not_searched(inputs: PlanInputs, paths: Iterable[Path]) -> list[str]:
    """Say of files that cannot be read that somebody must look: whom they name is not known."""
    looked_at = {*inputs.files, inputs.plan.path}
    names = dict.fromkeys(path.name for path in paths if path not in looked_at and path.suffix not in {".pbf", ".osm"})
    return [f"{name}, if it names them: it could not be searched (damaged, locked, too large, or without text)" for name in names]


def _homes_of(out: Path, files: Iterable[Path]) -> set[str]:
    folder = out / "homes"
    return {path.relative_to(folder).parts[0] for path in files if folder in path.parents}


def _leave_alone(inputs: PlanInputs, home_id: str, addresses: Sequence[Address], day: str) -> None:
    """Keep of each person no more than a mark by which to leave them alone, in the place of what was decided on them."""
    path = decisions_path(inputs)
    rows = [one for one in read_decisions(path) if one.home_id == home_id and one.row is not None]
    change: dict[int, dict[str, str] | None] = {}
    for address in addresses:
        for one in rows:
            if one.row is not None and in_force([replace(one, decision=Decision.REMOVE)], [address])[0]:
                change[one.row] = None
    if change:
        rewrite(path, change)
    for address in addresses:
        write_decision(path, forgotten(Decided(home_id=home_id, decision=Decision.REMOVE), address, day))


def _by_hand(inputs: PlanInputs, folder: Path, home_id: str, names: Collection[str]) -> list[str]:
    """Say what was printed, handed out or photographed at a home, of which no file need be there any more."""
    reached = told(folder / REGISTER, home_id)
    was_told = bool(reached.names) or reached.forgot_some or reached.forgot_everybody
    issue = _issue_of(folder)
    # What was uploaded is taken away again with a purchase that came to nothing.
    uploaded = ("notify.csv",) if issue is not None and issue.released else ()
    words = printed({*names, *uploaded}, issued=ISSUE_FILE in names, told=was_told)
    pictures = [
        f"{path.relative_to(inputs.plan.path.parent).as_posix()}, if it shows somebody or where they live"
        for path in photographs_of(inputs.plan.path, home_id)
    ]
    return [f"{one} ({home_id})" for one in [*words, *pictures]]


def _clean_homes(
    inputs: PlanInputs, out: Path, homes: Sequence[str], address: Address
) -> tuple[list[Path], list[Path], list[str]]:
    """Take a person out of the calendars and records of homes, and delete the papers, which hold everybody at once."""
    changed, deleted, by_hand = [], [], []
    for home_id in homes:
        folder = register_path(out, home_id).parent
        before = {path.name for path in folder.rglob("*")}
        by_hand += _by_hand(inputs, folder, home_id, before)
        calendar = folder / "visits.ics"
        if calendar.is_file():
            files = cancel_events(
                calendar.read_bytes(),
                home_id,
                address.key,
                made=datetime.now(UTC),
                numbers=_numbers_of(folder, home_id, address),
            )
            replace_file(calendar, files.visits)
            changed.append(calendar)
        changed += _take_out_of_earlier(folder, home_id, address)
        if _take_out_of_issue(folder, home_id, address):
            changed.append(folder / ISSUE_FILE)
        for path in papers_of(folder) if folder.is_dir() else []:
            wipe(path)
            deleted.append(path)
        if calendar.is_file() and files.cancelled:
            (folder / "visits-cancelled.ics").write_bytes(files.cancelled)
    return changed, deleted, by_hand


def _clean_named(named: Sequence[Path], address: Address, terms: Terms) -> tuple[list[Path], list[Path]]:
    """Take a person's rows out of the lists that name them, and delete whatever else does."""
    changed, deleted = [], []
    for path in named:
        if path.suffix == ".csv" and path.is_file():
            take_rows_out(path, lambda cell: is_of(address, cell, cell) or terms.found_in(cell))
            changed.append(path)
        elif path.is_file() and path.name not in {"register.sqlite", "visits.ics"}:
            wipe(path)
            deleted.append(path)
    return changed, deleted


def _numbers_of(folder: Path, home_id: str, address: Address) -> set[int]:
    """Return the numbers that a household has on the list, however its address was written when it was issued."""
    issue = _issue_of(folder)
    households = issue.households.items() if issue else ()
    return {one.number for digest, one in households if is_household(home_id, digest, one, address)}


def _take_out_of_earlier(folder: Path, home_id: str, address: Address) -> list[Path]:
    """Take a household out of the lists of what earlier issues changed, however its address was written then."""
    issue = _issue_of(folder)
    households = issue.households.items() if issue else ()
    standing = {one.number for digest, one in households if not is_household(home_id, digest, one, address)}
    cleaned = clean_earlier(folder, standing)
    for name, content in cleaned.rewritten.items():
        replace_file(folder / name, content)
    return [folder / name for name in cleaned.rewritten]


def _take_out_of_issue(folder: Path, home_id: str, address: Address) -> bool:
    """Take a household out of the record of what was issued, so that everybody else keeps number and slot."""
    try:
        issue = read_issue(folder)
    except InputFaultsError:
        # A damaged record may still hold the household: whoever is to be forgotten goes before everybody's slot.
        wipe(folder / ISSUE_FILE)
        return True
    if issue is None:
        return False
    kept = {digest: one for digest, one in issue.households.items() if not is_household(home_id, digest, one, address)}
    write_issue(folder, replace(issue, households=kept))
    return len(kept) < len(issue.households)


def _forget_homes(inputs: PlanInputs, out: Path, homes: Sequence[str], today: date, progress: Progress) -> Forgotten:
    blanked, deleted, changed = 0, [], []
    sources: Sources | None = None
    known = {home.row.home_id for home in inputs.homes}
    folders = _result_folders(inputs, out)
    exports = _exports_of(inputs, folders, homes)
    own, by_hand = _own_that_name(inputs, folders, homes, exports)
    for home_id, register in ((home_id, register_path(one, home_id)) for home_id in homes for one in folders):
        folder = register.parent
        rows = [one for one in read_decisions(decisions_path(inputs)) if one.home_id == home_id and not one.mark]
        asked = [entry for entry in standing(entries(register, home_id)) if entry.event is Event.OPTED_OUT and entry.about]
        if (rows or asked) and home_id in known:
            sources = sources or sources_of(inputs, progress)
        _bare(inputs, home_id, rows, asked, sources if home_id in known else None, today.isoformat())
        changed += [decisions_path(inputs)] if rows or asked else []
        by_hand += _by_hand(inputs, folder, home_id, {path.name for path in folder.rglob("*")})
        if register.is_file():
            blanked += forget_home(register, home_id)
            changed.append(register)
        for path in sorted(folder.rglob("*")) if folder.is_dir() else []:
            if path.is_file() and path != register:
                wipe(path)
                deleted.append(path)
    for path in exports:
        wipe(path)
    deleted += [path for path in exports if path not in deleted]
    deleted += _clear_caches(inputs, None, [])
    return Forgotten(
        entries=blanked,
        changed=tuple(dict.fromkeys(changed)),
        deleted=tuple(deleted),
        by_hand=tuple(dict.fromkeys(by_hand)),
        still_named_in=tuple(own),
    )


def _exports_of(inputs: PlanInputs, folders: Sequence[Path], homes: Sequence[str]) -> list[Path]:
    """Return workbooks and pages about homes that lie elsewhere than in their packs: a register, a copy of a list."""
    issues = [issue for folder in folders for one in homes if (issue := _issue_of(register_path(folder, one).parent)) is not None]
    marks = [digest for issue in issues for digest in issue.households]
    # A pack's every paper is headed by its case; a page for one household carries a mark of whom it is about.
    case = re.compile(rf"\bCase (?:{'|'.join(map(re.escape, homes))})(?![\w-])")
    found: dict[Path, None] = {}
    for folder in (*folders, inputs.plan.path.parent) if homes else ():
        found |= dict.fromkeys(pages_marked(folder, marks) if marks else [])
        for path in sorted(folder.rglob("*")):
            is_ours = path.suffix.lower() in {".xlsx", ".pdf"} and path.is_file() and not path.is_symlink()
            if is_ours and path not in inputs.files and any(case.search(text) for text in texts_in(path)):
                found[path] = None
    return list(found)


def _own_that_name(
    inputs: PlanInputs, folders: Sequence[Path], homes: Sequence[str], ours: Collection[Path]
) -> tuple[list[Path], list[str]]:
    """Return the users' own files beside the plan, letters and lists of theirs, that name somebody of a home's last list.

    And words on those that cannot be read.
    """
    lists = [path for folder in folders for one in homes if (path := register_path(folder, one).parent / NEIGHBOURS).is_file()]
    terms = terms_of_lines(line for path in lists for line in addresses_listed(path))
    passed_over = {*ours, *inputs.files, decisions_path(inputs)}

    def are_own(paths: Iterable[Path]) -> list[Path]:
        return [path for path in paths if path not in passed_over and not any(folder in path.parents for folder in folders)]

    searched = search_folder(inputs.plan.path.parent, terms)
    own = are_own(searched.naming) if terms.patterns else []
    return own, _not_searched(inputs, are_own(searched.not_searched))


def _issue_of(folder: Path) -> Issue | None:
    try:
        return read_issue(folder)
    except InputFaultsError:
        return None


def _bare(
    inputs: PlanInputs, home_id: str, rows: Sequence[Decided], asked: Sequence[Entry], sources: Sources | None, day: str
) -> None:
    """Keep of all who must be left alone at a home a mark each, and of its other decisions nothing."""
    path = decisions_path(inputs)
    around = consider_home(sources, find_home(inputs, home_id)).around.addresses if sources is not None else ()
    change: dict[int, dict[str, str] | None] = {}
    for one in rows:
        if one.row is None:
            continue
        found = in_force([replace(one, decision=Decision.REMOVE)], around)[0]
        address = next((a for a in around if a.key in found), None) or address_as_told(one.uprn, one.address, one.place)
        bare = forgotten(one, address, day)
        change[one.row] = row_of(bare) if one.decision is Decision.REMOVE else None
    if change:
        rewrite(path, change)
    for entry in asked:
        bare = Decided(
            home_id=home_id,
            decision=Decision.REMOVE,
            uprn=entry.about.lstrip("0") if entry.about.isdecimal() else None,
            address=entry.address or entry.about,
            place=entry.place,
        )
        write_decision(path, forgotten(bare, address_as_told(bare.uprn, bare.address, bare.place), day))


def _clear_caches(inputs: PlanInputs, terms: Terms | None, indexes: Sequence[Path]) -> list[Path]:
    """Delete what is kept of addresses between runs (it is made anew when it is needed), and remnants in temporary folders.

    `indexes` are those of other or earlier address files that hold the person.
    """
    gone: list[Path] = []
    volumes = volumes_of([inputs.plan.resolve(name) for name in inputs.plan.inputs.addresses or ()])
    own = [index_path(path, volumes=others) for path, others in volumes.items()]
    for index in dict.fromkeys([*own, *indexes]):
        gone += [path for path in (index, counts_path(index), index.with_suffix(".lock")) if path.is_file()]
    for kind in ("features", "addresses"):
        folder = cache_folder() / kind
        gone += [p for p in (folder.rglob("*") if folder.is_dir() else ()) if p.is_file() and p.suffix in {".features", ".part"}]
    if terms is not None and cache_folder().is_dir():
        gone += files_that_name(cache_folder(), terms)
    for path in dict.fromkeys(gone):
        wipe(path)
    return [*dict.fromkeys(gone), *_clear_temporary(terms)]


def _clear_temporary(terms: Terms | None) -> list[Path]:
    gone = []
    for path in Path(tempfile.gettempdir()).glob("siting-*"):
        if path.is_dir() and not path.is_symlink() and (terms is None or files_that_name(path, terms)):
            shutil.rmtree(path, ignore_errors=True)
            gone.append(path)
        elif path.is_file() and terms is not None and any(terms.found_in(text) for text in _texts(path)):
            wipe(path)
            gone.append(path)
    return gone


def _texts(path: Path) -> list[str]:
    try:
        return [path.read_text(encoding="utf-8", errors="replace")]
    except OSError:
        return []
