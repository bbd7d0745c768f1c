"""Makes the engagement packs of a plan, and answers who was invited and why."""

import os
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

import shapely

from engagement.around.addresses import Address, buildings_of_households
from engagement.around.decisions import ELSEWHERE, Decided, Decision
from engagement.around.decisions_file import read_decisions, write_decision
from engagement.around.neighbours import BANDS_M, Considered
from engagement.around.osm_features import open_features
from engagement.around.same_address import is_one_door, parts_of, resolve_address
from engagement.forgetting import search_folder, terms_of
from engagement.pack import Pack
from engagement.papers.languages import in_welsh
from engagement.papers.printed_papers import why_page
from engagement.papers.write import write_pack
from engagement.people.police_lookup import look_up_team, what_is_sent
from engagement.prepare import (
    WITHDRAWN,
    HomeView,
    Sources,
    addresses_elsewhere,
    consider_home,
    decisions_path,
    find_home,
    make_pack,
    open_sources,
)
from engagement.register import is_withdrawn, open_register
from engagement.schedule.issue import Issue, promises_kept
from maps.figure import street_figure
from maps.files import map_html
from maps.layers import MapDrawer
from maps.privacy.subject import EngagementArea, MapSubject
from siting.crs import to_degrees
from siting.faults import Fault, Severity, UsageError
from siting.inputs.plan import Plan
from siting.inputs.plan_inputs import Home, PlanInputs, read_inputs
from siting.pipeline.compile_ahead import start_compiling
from siting.pipeline.engagement_sources import find_address, sources_of
from siting.pipeline.evaluating import evaluate_and_trace
from siting.pipeline.outcome import Outcome
from siting.pipeline.registering import register_path
from siting.pipeline.subjects import map_subject
from siting.progress import Progress, each, silent
from siting.sentences import counted
from siting.storage.results_folder import Results, digest_of, read_manifest, results
from siting.storage.shared_file import take_away, write_whole
from siting.storage.staging import note_written, staged
from siting.words import Audience

PROMISES_WAIT_S = 600.0
"""How long the making of papers waits for other papers of the same folder."""


def run_engage(plan_path: Path, home_id: str, out: Path, *, progress: Progress = silent) -> Outcome:
    """Write the engagement pack of one home into `out/homes/HOME_ID`."""
    start_compiling()
    inputs = read_inputs(Plan.read(plan_path))
    find_home(inputs, home_id)
    if is_withdrawn(register_path(out, home_id), home_id):
        raise UsageError(WITHDRAWN.format(home_id=home_id))
    evaluation, source = evaluate_and_trace(inputs, progress)
    subject = map_subject(inputs, evaluation, source, None)
    with promises_kept(out, wait_s=PROMISES_WAIT_S), results(out, "siting engage", datetime.now(UTC)) as given:
        packs = write_packs(given, out, MapDrawer(subject), source, [home_id], progress)
        names = given.names
    begin_registers(out, packs)
    return Outcome(
        files=tuple(out / name for name in names),
        warnings=(*inputs.warnings, *evaluation.warnings, *packs.warnings),
        told_once=tuple(given.told),
        nobody_found=packs.nobody_found,
    )


def home_area(subject: MapSubject, source: Path, home_id: str, out: Path, progress: Progress) -> EngagementArea:
    """Return what a map of one home's neighbours shows."""
    sources = open_sources(
        subject.inputs, subject.evaluation.network, open_features(source, subject.evaluation.network), progress
    )
    home = find_home(subject.inputs, home_id)
    return engagement_area(make_pack(sources, home, register_path(out, home_id), datetime.now(UTC).date()))


@dataclass(frozen=True, slots=True, kw_only=True)
class Packs:
    """What is to be said of packs that were written, and whether one has no neighbour where people seem to live.

    `home_ids` are the homes of which one was made.
    """

    home_ids: tuple[str, ...] = ()
    warnings: tuple[Fault, ...] = ()
    nobody_found: bool = False


def write_packs(  # noqa: PLR0913 - what packs are made from
    given: Results,
    out: Path,
    drawer: MapDrawer,
    source: Path,
    home_ids: Sequence[str],
    progress: Progress,
    *,
    without_addresses: bool = False,
) -> Packs:
    """Write the packs of some homes; their registers stay where they are.

    Raises
    ------
    InputFaultsError
        As `make_pack`; `without_addresses` passes over a home that the address files do not reach, and says so.
    """
    if not home_ids:
        return Packs()
    subject = drawer.subject
    inputs, network = subject.inputs, subject.evaluation.network
    progress("reading buildings and addresses")
    sources = open_sources(inputs, network, open_features(source, network), progress)
    made = datetime.now(UTC)
    warnings: list[Fault] = []
    issued: dict[str, Issue] = {}
    nobody_found = False
    words = "making the engagement packs" if len(home_ids) > 1 else f"making the engagement pack of {home_ids[0]}"
    for home_id in each(home_ids, words, progress):
        folder = Path("homes") / home_id
        if is_withdrawn(register_path(out, home_id), home_id):
            warnings.append(_withdrawn(home_id))
            continue
        if without_addresses and (lacking := addresses_elsewhere(sources, find_home(inputs, home_id))):
            warnings += [_no_pack(home_id, fault) for fault in lacking]
            continue
        pack = make_pack(sources, find_home(inputs, home_id), register_path(out, home_id), made.date(), made_now=issued)
        nobody_found = nobody_found or bool(pack.nobody_found)
        area = engagement_area(pack)
        street = street_figure(subject, area, other_words=in_welsh(pack))
        written = write_pack(given.files / folder, pack, inputs.plan, street, out / folder, made)
        issued[home_id] = written.issue
        warnings += written.told
        (given.files / folder / "map-internal.html").write_text(
            map_html(drawer.showing(area), Audience.INTERNAL, made), encoding="utf-8"
        )
        given.gone.extend(folder / name for name in written.gone)
        warnings += pack.warnings
        warnings += _named_by_people(given, out, home_id, pack)
    return Packs(home_ids=tuple(issued), warnings=tuple(warnings), nobody_found=nobody_found)


def begin_registers(out: Path, packs: Packs) -> None:
    """Make the register of each home whose first pack lies in its place now: a pack that was refused leaves none behind."""
    for home_id in packs.home_ids:
        path = register_path(out, home_id)
        if not path.exists():
            open_register(path)
            note_written(path)


def _no_pack(home_id: str, fault: Fault) -> Fault:
    return replace(fault, problem=f"no pack of {home_id} was made: {fault.problem}", severity=Severity.WARNING)


def _withdrawn(home_id: str) -> Fault:
    problem = "the register says that the purchase came to nothing: no pack was made, nobody is invited any more"
    remedy = f"`siting forget PLAN --home {home_id}` when all are told; or correct that entry, if the purchase goes on"
    return Fault(file=f"homes/{home_id}", problem=problem, remedy=remedy, severity=Severity.WARNING)


def _named_by_people(given: Results, out: Path, home_id: str, pack: Pack) -> tuple[Fault, ...]:
    """Name files that people have edited, or put into a pack's folder, and that name somebody who must be left alone, or may."""
    everybody = [one.address for one in (*pack.considered, *pack.set_aside)]
    known = read_manifest(out)["files"]
    replaced, gone = set(given.names), set(given.gone)

    def of_people(paths: Iterable[Path]) -> Iterator[str]:
        for path in paths:
            name = path.relative_to(out)
            # One that may not be read has no digest, and is nobody's but a person's.
            is_ours = os.access(path, os.R_OK) and digest_of(path) == known.get(name.as_posix(), {}).get("digest")
            if name not in gone and not name.name.startswith("register.sqlite") and not (is_ours and name in replaced):
                yield name.as_posix()

    found = [search_folder(out / "homes" / home_id, terms_of(one.address, everybody)) for one in pack.set_aside]
    naming = sorted({name for one in found for name in of_people(one.naming)})
    unread = sorted({name for one in found for name in of_people(one.not_searched)} - set(naming))
    return (
        *(
            Fault(
                file=name,
                problem="it was edited or put here by somebody, and names one who must be left alone",
                remedy="Take them out of it, and of the copy that is kept beside it; or destroy both",
                severity=Severity.WARNING,
            )
            for name in naming
        ),
        *(
            Fault(
                file=name,
                problem="somebody put it here, and whether it names one who must be left alone cannot be told: it could not be "
                "searched (damaged, locked, too large, or without text)",
                remedy="Look into it, and take them out or destroy it",
                severity=Severity.WARNING,
            )
            for name in unread
        ),
    )


def engagement_area(pack: Pack) -> EngagementArea:
    """Return what the map of a home's neighbours shows."""
    near = shapely.buffer(pack.area, 60)
    return EngagementArea(
        home_id=pack.home_id,
        boundary=pack.boundary.area,
        area=pack.area,
        plots=tuple(shape for shape in pack.plots if shapely.intersects(shape, near)),
        buildings=tuple(shape for shape in pack.buildings if shapely.intersects(shape, near)),
        neighbours=(
            *(
                {
                    "number": pack.number_of(one),
                    "address": one.address.written,
                    "door": one.address.number,
                    "distance_m": one.distance_m,
                    "basis": one.basis.value,
                    "x_m": one.address.x_m,
                    "y_m": one.address.y_m,
                }
                for one in pack.walk
            ),
            *(
                {
                    "number": one.label,
                    "address": one.what,
                    "distance_m": one.distance_m,
                    "basis": "building",
                    "x_m": one.x_m,
                    "y_m": one.y_m,
                }
                for one in pack.walk_there
            ),
        ),
        metres=pack.engagement.boundary_metres,
        doors=tuple(
            (one.address.number, one.address.x_m, one.address.y_m)
            for one in pack.considered
            if one.address.number and not one.invited and not one.address.kind.left_out and one.distance_m <= BANDS_M[-1]
        ),
    )


def run_why(
    plan_path: Path, home_id: str, address: str, output: Path, out: Path, *, progress: Progress = silent
) -> tuple[str, Outcome]:
    """Say on one page why an address was, or was not, invited; the answer in a sentence, and the page.

    Raises
    ------
    UsageError
        Where the address is not among those around the home, or several are meant.
    """
    inputs = read_inputs(Plan.read(plan_path))
    home = find_home(inputs, home_id)
    sources = sources_of(inputs, progress)
    made = datetime.now(UTC)
    pack = make_pack(sources, home, register_path(out, home_id), made.date())
    one = _the_address(pack, address)
    with staged(output.parent) as staging:
        (staging / output.name).write_bytes(why_page(pack, one, made=made))
    verdict = "invited" if one.invited else "not invited"
    return f"{one.address.written}: {verdict}, since {one.because}.", Outcome(files=(output,), warnings=pack.warnings)


def _the_address(pack: Pack, text: str) -> Considered:
    everybody = (*pack.considered, *pack.set_aside)
    address = resolve_address(text, [one.address for one in everybody], pack.home_id)
    return next(one for one in everybody if one.address.key == address.key)


def run_decide(plan_path: Path, home_id: str, address: str, decision: str, reason: str, who: str) -> tuple[str, Path]:
    """Write down that a neighbour is added or not to be contacted, and prove that it is in force; it survives every re-run.

    Returns the one address that it is about, in a sentence, and the file.

    Raises
    ------
    UsageError
        Where the home is not in the plan, no reason is given, or the address is none or several of those around the home.
    InputFaultsError
        Where the decisions file cannot be read.
    """
    inputs = read_inputs(Plan.read(plan_path))
    home = find_home(inputs, home_id)
    if not reason.strip():
        msg = "Say why: --reason."
        raise UsageError(msg)
    path = decisions_path(inputs)
    before = path.read_bytes() if path.is_file() else None
    sources = sources_of(inputs)
    decided = _decided_on(sources, home_id, address, Decision(decision))
    day = datetime.now(UTC).date().isoformat()
    decided = replace(decided, date=day, reason=" ".join(reason.split()), who=" ".join(who.split()))
    write_decision(path, decided)
    if not _is_in_force(decided, consider_home(sources, home), read_decisions(path)):
        _restore(path, before)
        msg = "The decision had no effect when the file was read back, and was not kept. Look at the file's other rows."
        raise UsageError(msg)
    number = f" (UPRN {decided.uprn})" if decided.uprn else ""
    others = _at_the_same_door(sources, home, decided) if decided.decision is Decision.REMOVE else 0
    told = {
        Decision.ADD: "is invited, whatever its distance",
        Decision.REMOVE: "is left alone from now on",
        Decision.AUTOMATIC: "is judged by its distance again",
    }
    also = (
        f" So {'is' if others == 1 else 'are'} {counted(others, 'other entry', 'other entries')} written the same."
        if others
        else ""
    )
    return f"{home_id}: {decided.address or 'the property'}{number} {told[decided.decision]}.{also}", path


def _at_the_same_door(sources: Sources, home: Home, decided: Decided) -> int:
    """Count the other entries that a letter to the same door would be for, and that are left alone with this one."""
    aside = [one.address for one in consider_home(sources, home).considered if one.set_aside]
    own = [address for address in aside if _is_it(address, decided)]
    return len({other.key for address in own for other in aside if other.key != address.key and is_one_door(address, other)})


def _decided_on(sources: Sources, home_id: str, text: str, decision: Decision) -> Decided:
    """Return a decision about the one address that a text means.

    Raises
    ------
    UsageError
        As `run_decide`.
    """
    view = consider_home(sources, find_home(sources.inputs, home_id))
    try:
        address = find_address(sources, view, text, home_id)
    except UsageError:
        earlier = _earlier_row(sources.inputs, home_id, text) if decision is Decision.AUTOMATIC else None
        if earlier is None:
            raise
        return replace(earlier, decision=decision)
    if view.own is not None and address.key == view.own.key:
        msg = f"{address.written} is the home itself."
        raise UsageError(msg)
    if address.uprn and address.uprn.lstrip("0") in buildings_of_households(view.around.addresses):
        number = address.uprn.lstrip("0")
        flats = [a for a in view.around.addresses if a.parent_uprn and a.parent_uprn.lstrip("0") == number]
        some = "; ".join(f"{a.written} ({a.uprn})" for a in flats[:8])
        msg = f"{address.written} is a building of {len(flats)} households, who are listed themselves: {some}. Decide on each."
        raise UsageError(msg)
    return Decided(
        home_id=home_id,
        uprn=address.uprn.lstrip("0") if address.uprn else None,
        address=address.written if _has_words(address) else "",
        place=(address.x_m, address.y_m),
        decision=decision,
    )


def _has_words(address: Address) -> bool:
    return bool(address.text or address.street or address.door)


def _earlier_row(inputs: PlanInputs, home_id: str, text: str) -> Decided | None:
    """Find an earlier decision by the words in which it was given, also where it matches nobody now."""
    wanted, number = parts_of(text), "".join(text.split()).lstrip("0")
    rows = [one for one in read_decisions(decisions_path(inputs)) if one.home_id == home_id and not one.mark]
    return next((one for one in reversed(rows) if number == one.uprn or (one.address and parts_of(one.address) == wanted)), None)


def _is_in_force(decided: Decided, view: HomeView, rows: Sequence[Decided]) -> bool:
    if not rows or replace(rows[-1], row=None) != replace(decided, row=None, file=rows[-1].file, place=rows[-1].place):
        return False
    if any(fault.row == rows[-1].row for fault in view.faults):
        return False
    own = [one for one in view.considered if _is_it(one.address, decided)]
    match decided.decision:
        case Decision.ADD:
            return any(one.invited and one.note == Decision.ADD.value for one in own)
        case Decision.REMOVE:
            return bool(own) and not any(one.invited for one in own)
        case Decision.AUTOMATIC:
            taken_back = {Decision.ADD.value, Decision.REMOVE.value}
            return not any(one.note in taken_back and one.because != ELSEWHERE for one in own)


def _is_it(address: Address, decided: Decided) -> bool:
    if decided.uprn and address.uprn:
        return address.uprn.lstrip("0") == decided.uprn.lstrip("0")
    return bool(decided.address) and address.written == decided.address


def _restore(path: Path, before: bytes | None) -> None:
    if before is None:
        take_away(path)
    else:
        write_whole(path, before)


def run_police(plan_path: Path, home_id: str, *, send: bool) -> str:
    """Say what a look-up of the police team would send; with `send` do it, and keep the answer beside the plan."""
    inputs = read_inputs(Plan.read(plan_path))
    place = find_home(inputs, home_id).place
    (longitude,), (latitude,) = to_degrees(place.x_m, place.y_m, place.system)
    if not send:
        return f"{what_is_sent(float(latitude), float(longitude))} Nothing was sent. Add --send to ask."
    path = look_up_team(float(latitude), float(longitude), inputs.plan.path.parent)
    return f'{path} is kept. Name it in the plan: police_team = "{path.name}".'
