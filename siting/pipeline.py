"""What each command does, callable from Python: reads, computes, writes; prints nothing."""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import pandas as pd

from maps.background import open_background
from maps.figure import evaluation_figure
from maps.files import map_html, write_maps
from maps.layers import MapDrawer, MapSubject
from siting.evaluation import Evaluation, evaluate_inputs
from siting.evaluation_csv import write_csv
from siting.faults import Fault, InputFaultsError, UsageError, stopping
from siting.geopackage import write_geopackage, write_isochrones
from siting.inputs import PlanInputs, read_inputs
from siting.isochrone_areas import isochrones
from siting.joining import join_places
from siting.network_cache import Progress, open_network, silent
from siting.network_download import download_area
from siting.output import staged
from siting.places import locate_table, parse_place
from siting.plan import Plan, PortfolioPart
from siting.portfolio import choose_homes
from siting.portfolio_output import PortfolioReport, portfolio_sheets, report_portfolio, write_portfolio
from siting.portfolio_problem import portfolio_problem
from siting.provenance import trace_provenance
from siting.rows import PointRow
from siting.surface import open_surface
from siting.tables import read_table
from siting.travel_table import pair_table
from siting.words import Audience, Direction, Scenario
from siting.workbook import write_workbook


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What a command made: the files, and what to check in the inputs."""

    files: tuple[Path, ...]
    warnings: tuple[Fault, ...] = ()


def check(plan_path: Path) -> tuple[Fault, ...]:
    """Read and check all inputs of a plan; the warnings.

    Raises
    ------
    InputFaultsError
        With every fault of every file.
    """
    return read_inputs(Plan.read(plan_path)).warnings


def network_source(plan: Plan, progress: Progress = silent) -> Path:
    """Return the file that a plan's roads come from, downloaded once if it names a place."""
    if plan.area.network:
        return plan.resolve(plan.area.network)
    if plan.area.place is None:
        msg = "The plan names no area."
        raise UsageError(msg)
    return download_area(plan.area.place, progress=progress)


def evaluate(plan: Plan | Path | str, *, progress: Progress = silent) -> Evaluation:
    """Read a plan's inputs and judge every home.

    Raises
    ------
    InputFaultsError, NetworkSourceError
        Where the inputs or the roads cannot be used.
    """
    plan = plan if isinstance(plan, Plan) else Plan.read(plan)
    return _evaluate(read_inputs(plan), progress)[0]


def _evaluate(inputs: PlanInputs, progress: Progress) -> tuple[Evaluation, Path]:
    source = network_source(inputs.plan, progress)
    network = open_network(source, inputs.plan.travel_model, drives_on=inputs.plan.area.drives_on, progress=progress)
    progress("measuring the ground between the roads")
    surface = open_surface(network)
    progress("judging the homes")
    return evaluate_inputs(inputs, network, surface), source


def run_evaluation(plan_path: Path, out: Path, *, progress: Progress = silent) -> Outcome:
    """Write `evaluation.xlsx`, `.csv` and `.gpkg` of a plan."""
    inputs = read_inputs(Plan.read(plan_path))
    evaluation, source = _evaluate(inputs, progress)
    with staged(out) as staging:
        progress("writing the evaluation")
        write_evaluation(staging, inputs, evaluation, source)
        names = sorted(path.name for path in staging.iterdir())
    return Outcome(files=tuple(out / name for name in names), warnings=inputs.warnings)


def run_all(plan_path: Path, out: Path, *, progress: Progress = silent) -> Outcome:
    """Do the main job: everything that the plan asks for."""
    inputs = read_inputs(Plan.read(plan_path))
    evaluation, source = _evaluate(inputs, progress)
    report = _report(inputs, evaluation, inputs.plan.portfolio, progress)
    subject = _map_subject(inputs, evaluation, source, report)
    with staged(out) as staging:
        progress("writing the evaluation")
        write_evaluation(staging, inputs, evaluation, source, report, subject)
        progress("drawing the maps")
        write_maps(staging, subject, datetime.now(UTC))
        names = sorted(str(path.relative_to(staging)) for path in staging.rglob("*") if path.is_file())
    return Outcome(files=tuple(out / name for name in names), warnings=inputs.warnings)


def run_portfolio(
    plan_path: Path, changes: Mapping[str, object], out: Path, *, time_limit_s: float = math.inf, progress: Progress = silent
) -> Outcome:
    """Choose the homes of a plan; `changes` go before what its `[portfolio]` part says.

    Raises
    ------
    InputFaultsError
        Where the inputs lack what the choice needs.
    UsageError
        Where neither the plan nor the changes say how many homes, beds or pounds.
    """
    inputs = read_inputs(Plan.read(plan_path))
    given = {key: value for key, value in changes.items() if value is not None}
    base = inputs.plan.portfolio or PortfolioPart()
    if not base.model_fields_set & _SIZES and not given.keys() & _SIZES:
        msg = "Say how many homes, how many beds or what budget: --homes, --beds or --budget, or [portfolio] in the plan."
        raise UsageError(msg)
    part = PortfolioPart.model_validate(base.model_dump(exclude_unset=True) | given)
    evaluation, source = _evaluate(inputs, progress)
    report = _report(inputs, evaluation, part, progress, time_limit_s=time_limit_s)
    with staged(out) as staging:
        progress("writing the choice of homes")
        write_evaluation(staging, inputs, evaluation, source, report, _map_subject(inputs, evaluation, source, report))
        names = sorted(path.name for path in staging.iterdir())
    return Outcome(files=tuple(out / name for name in names), warnings=inputs.warnings)


def _map_subject(inputs: PlanInputs, evaluation: Evaluation, source: Path, report: PortfolioReport | None) -> MapSubject:
    choice = report.portfolio.choice if report else None
    homes = report.portfolio.problem.homes if report else ()
    children = report.portfolio.problem.children if report else ()
    return MapSubject(
        inputs=inputs,
        evaluation=evaluation,
        background=open_background(source, evaluation.network),
        chosen=tuple(homes[i].home_id for i in choice.homes) if choice else None,
        allocation={children[j].child_ref: homes[i].home_id for j, i in choice.lives_in.items()} if choice else None,
    )


def run_map(plan_path: Path, audience: Audience, output: Path, *, progress: Progress = silent) -> Outcome:
    """Write the map of a plan for one audience; a page where the name ends in .html, else a picture (.png, .svg)."""
    suffix = output.suffix.lower()
    if suffix not in {".html", ".png", ".svg"}:
        msg = f"{output.name} should end in .html, .png or .svg."
        raise UsageError(msg)
    inputs = read_inputs(Plan.read(plan_path))
    evaluation, source = _evaluate(inputs, progress)
    report = _report(inputs, evaluation, inputs.plan.portfolio, progress) if audience is not Audience.PUBLIC else None
    subject = _map_subject(inputs, evaluation, source, report)
    progress("drawing the map")
    with staged(output.parent) as staging:
        if suffix == ".html":
            (staging / output.name).write_text(map_html(MapDrawer(subject), audience, datetime.now(UTC)), encoding="utf-8")
        else:
            (staging / output.name).write_bytes(evaluation_figure(subject, audience, format_name=suffix[1:]))
    return Outcome(files=(output,), warnings=inputs.warnings)


_SIZES = {"homes", "beds", "budget_gbp"}


def _report(
    inputs: PlanInputs, evaluation: Evaluation, part: PortfolioPart | None, progress: Progress, *, time_limit_s: float = math.inf
) -> PortfolioReport | None:
    if part is None:
        return None
    progress("choosing the homes")
    problem = portfolio_problem(inputs, evaluation, part)
    portfolio = choose_homes(problem, time_limit_s=time_limit_s, progress=progress)
    return report_portfolio(inputs, evaluation, portfolio, part)


def write_evaluation(
    folder: Path,
    inputs: PlanInputs,
    evaluation: Evaluation,
    source: Path,
    report: PortfolioReport | None = None,
    subject: MapSubject | None = None,
) -> None:
    """Write the evaluation's three files into a folder and, where homes were chosen, the choice's."""
    made = datetime.now(UTC)
    provenance = trace_provenance(inputs.plan, (*inputs.files, source), evaluation.network, made)
    further = portfolio_sheets(report) if report else ()
    write_workbook(folder / "evaluation.xlsx", inputs.plan.title, evaluation, provenance, inputs.warnings, further=further)
    if report is not None:
        picture = evaluation_figure(subject, Audience.INTERNAL) if subject else None
        write_portfolio(folder, inputs, report, made, picture)
    write_csv(folder / "evaluation.csv", pd.DataFrame(evaluation.homes.drop(columns="geometry")))
    write_geopackage(folder / "evaluation.gpkg", evaluation)


def run_isochrones(  # noqa: PLR0913 - one argument an option of the command
    network_path: Path,
    place: str,
    minutes: tuple[float, ...],
    direction: Direction,
    scenario: Scenario,
    output: Path,
    *,
    progress: Progress = silent,
) -> Outcome:
    """Write the areas within so many minutes of one place."""
    hub = parse_place(place)
    network = open_network(network_path, progress=progress)
    joins = join_places(network, [hub])
    surface = open_surface(network)
    areas = isochrones(network, joins, minutes, direction, scenario, surface=surface)
    with staged(output.parent) as staging:
        write_isochrones(staging / output.name, areas)
    return Outcome(files=(output,))


def run_times(
    network_path: Path,
    origins: Path,
    destinations: Path,
    scenario: Scenario,
    output: Path,
    *,
    progress: Progress = silent,
) -> Outcome:
    """Write minutes and miles of every pair of two tables' places.

    Raises
    ------
    InputFaultsError
        With every fault of both tables.
    """
    tables = [read_table(path, PointRow) for path in (origins, destinations)]
    located = [locate_table(table) for table in tables]
    faults = [fault for table, (_, found) in zip(tables, located, strict=True) for fault in (*table.faults, *found)]
    if stopping(faults):
        raise InputFaultsError(faults)
    network = open_network(network_path, progress=progress)
    progress("timing the journeys")
    ids = [[row.value.id for row in table.rows] for table in tables]
    joins = [
        join_places(network, [places[row.number] for row in table.rows])
        for table, (places, _) in zip(tables, located, strict=True)
    ]
    table = pair_table(network, ids[0], joins[0], ids[1], joins[1], scenario)
    with staged(output.parent) as staging:
        write_csv(staging / output.name, table)
    return Outcome(files=(output,), warnings=tuple(faults))


def run_area(place: str, output: Path, *, progress: Progress = silent) -> Outcome:
    """Download the roads of a place into a file to work from."""
    source = download_area(place, progress=progress)
    with staged(output.parent) as staging:
        convert_extract(source, staging / output.name)
    return Outcome(files=(output,))


def convert_extract(source: Path, target: Path) -> None:
    """Copy an OpenStreetMap file into the format that the target's name asks for."""
    import osmium  # noqa: PLC0415 - only this command writes OpenStreetMap files

    if target.suffix not in {".pbf", ".osm"}:
        msg = f"{target.name} should end in .osm.pbf."
        raise UsageError(msg)
    with osmium.SimpleWriter(str(target)) as writer:
        for item in osmium.FileProcessor(str(source)):
            writer.add(item)
