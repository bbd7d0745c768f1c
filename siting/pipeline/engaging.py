"""Makes the engagement packs of a plan, and answers who was invited and why."""

from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

import shapely

from engagement.around.decisions import Decision, today_row, write_decision
from engagement.around.neighbours import Considered
from engagement.around.osm_features import open_features
from engagement.pack import Pack
from engagement.papers.sheets import why_page
from engagement.papers.write import clear_unreleased, write_pack
from engagement.people.police_lookup import look_up_team, what_is_sent
from engagement.prepare import Sources, find_home, make_pack, open_sources
from engagement.register import open_register
from maps.figure import street_figure
from maps.files import map_html
from maps.layers import MapDrawer
from maps.subject import EngagementArea, MapSubject
from siting.crs import to_degrees
from siting.faults import Fault, UsageError
from siting.inputs.plan import Plan
from siting.inputs.plan_inputs import read_inputs
from siting.pipeline.compile_ahead import start_compiling
from siting.pipeline.evaluating import evaluate_and_trace, network_source
from siting.pipeline.outcome import Outcome
from siting.pipeline.registering import register_path
from siting.pipeline.subjects import map_subject
from siting.progress import Progress, silent
from siting.roads.cache import open_network
from siting.storage.results import results
from siting.storage.staging import note_written, staged
from siting.words import Audience


def run_engage(plan_path: Path, home_id: str, out: Path, *, progress: Progress = silent) -> Outcome:
    """Write the engagement pack of one home into `out/homes/HOME_ID`."""
    start_compiling()
    inputs = read_inputs(Plan.read(plan_path))
    find_home(inputs, home_id)
    evaluation, source = evaluate_and_trace(inputs, progress)
    subject = map_subject(inputs, evaluation, source, None)
    with results(out, "siting engage", datetime.now(UTC)) as given:
        warnings = write_packs(given.files, out, MapDrawer(subject), source, [home_id], progress)
        names = given.names
    return Outcome(
        files=tuple(out / name for name in names),
        warnings=(*inputs.warnings, *evaluation.warnings, *warnings),
        told_once=tuple(given.told),
    )


def home_area(subject: MapSubject, source: Path, home_id: str, out: Path, progress: Progress) -> EngagementArea:
    """Return what a map of one home's neighbours shows."""
    sources = open_sources(
        subject.inputs, subject.evaluation.network, open_features(source, subject.evaluation.network), progress
    )
    home = find_home(subject.inputs, home_id)
    return engagement_area(make_pack(sources, home, register_path(out, home_id), datetime.now(UTC).date()))


def write_packs(
    staging: Path, out: Path, drawer: MapDrawer, source: Path, home_ids: Sequence[str], progress: Progress
) -> list[Fault]:
    """Write the packs of some homes; their registers stay where they are."""
    if not home_ids:
        return []
    subject = drawer.subject
    inputs, network = subject.inputs, subject.evaluation.network
    progress("reading buildings and addresses")
    sources = open_sources(inputs, network, open_features(source, network), progress)
    made = datetime.now(UTC)
    warnings: list[Fault] = []
    for home_id in home_ids:
        progress(f"making the engagement pack of {home_id}")
        folder = Path("homes") / home_id
        if not register_path(out, home_id).exists():
            note_written(register_path(out, home_id))
        open_register(register_path(out, home_id))
        pack = make_pack(sources, find_home(inputs, home_id), register_path(out, home_id), made.date())
        area = engagement_area(pack)
        warnings += write_pack(staging / folder, pack, inputs.plan, street_figure(subject, area), out / folder, made)
        (staging / folder / "map-internal.html").write_text(
            map_html(drawer.showing(area), Audience.INTERNAL, made), encoding="utf-8"
        )
        clear_unreleased(out / folder, pack)
        warnings += pack.warnings
    return warnings


def engagement_area(pack: Pack) -> EngagementArea:
    """Return what the map of a home's neighbours shows."""
    near = shapely.buffer(pack.area, 60)
    return EngagementArea(
        home_id=pack.home_id,
        boundary=pack.boundary.area,
        area=pack.area,
        plots=tuple(shape for shape in pack.plots if shapely.intersects(shape, near)),
        buildings=tuple(shape for shape in pack.buildings if shapely.intersects(shape, near)),
        neighbours=tuple(
            {
                "number": pack.number_of(one),
                "address": one.address.written,
                "distance_m": one.distance_m,
                "basis": one.basis.value,
                "x_m": one.address.x_m,
                "y_m": one.address.y_m,
            }
            for one in pack.walk
        ),
        metres=pack.engagement.boundary_metres,
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
    source = network_source(inputs.plan, progress)
    network = open_network(source, inputs.plan.travel_model, drives_on=inputs.plan.area.drives_on, progress=progress)
    sources: Sources = open_sources(inputs, network, open_features(source, network), progress)
    made = datetime.now(UTC)
    pack = make_pack(sources, home, register_path(out, home_id), made.date())
    one = _the_address(pack, address)
    with staged(output.parent) as staging:
        (staging / output.name).write_bytes(why_page(pack, one, made=made))
    verdict = "invited" if one.invited else "not invited"
    return f"{one.address.written}: {verdict}, since {one.because}.", Outcome(files=(output,), warnings=pack.warnings)


def _the_address(pack: Pack, text: str) -> Considered:
    wanted = " ".join(text.replace(",", " ").split()).casefold()
    found = [one for one in pack.considered if one.address.uprn and one.address.uprn.lstrip("0") == wanted.lstrip("0")]
    found = found or [
        one for one in pack.considered if " ".join(one.address.written.replace(",", " ").split()).casefold().startswith(wanted)
    ]
    if len(found) == 1:
        return found[0]
    if not found:
        msg = (
            f'No address "{text}" was considered around {pack.home_id}: it is farther away, or written otherwise. Give its UPRN.'
        )
        raise UsageError(msg)
    several = "; ".join(f"{one.address.written} ({one.address.uprn})" for one in found[:8])
    msg = f'"{text}" may be several addresses: {several}. Give one UPRN.'
    raise UsageError(msg)


def run_decide(plan_path: Path, home_id: str, address: str, decision: str, reason: str, who: str) -> Path:
    """Write down that a neighbour is added or not to be contacted; it survives every re-run.

    Raises
    ------
    UsageError
        Where the home is not in the plan, or no reason is given.
    """
    inputs = read_inputs(Plan.read(plan_path))
    find_home(inputs, home_id)
    if not reason.strip():
        msg = "Say why: --reason."
        raise UsageError(msg)
    path = inputs.plan.resolve(inputs.plan.inputs.decisions or "decisions.csv")
    write_decision(path, today_row(home_id, address, Decision(decision), reason, who, datetime.now(UTC).date()))
    return path


def run_police(plan_path: Path, home_id: str, *, send: bool) -> str:
    """Say what a look-up of the police team would send; with `send` do it, and keep the answer beside the plan."""
    inputs = read_inputs(Plan.read(plan_path))
    place = find_home(inputs, home_id).place
    (longitude,), (latitude,) = to_degrees(place.x_m, place.y_m, place.system)
    if not send:
        return f"{what_is_sent(float(latitude), float(longitude))} Nothing was sent. Add --send to ask."
    path = look_up_team(float(latitude), float(longitude), inputs.plan.path.parent)
    return f'{path} is kept. Name it in the plan: police_team = "{path.name}".'
