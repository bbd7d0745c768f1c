"""Reads a plan, judges its homes and writes the evaluation."""

from collections.abc import Collection, Sequence
from datetime import UTC, datetime
from pathlib import Path

import pandas as pd

from siting.documents.csv_files import write_csv
from siting.documents.workbooks import Sheet
from siting.evaluation.evaluation import Evaluation, evaluate_inputs
from siting.evaluation.summary import summarise_evaluation
from siting.faults import Fault, InputFaultsError, NetworkSourceError, UsageError, stopping
from siting.inputs.plan import Plan
from siting.inputs.plan_inputs import PlanInputs, read_inputs
from siting.osm.download import download_area
from siting.outputs.evaluation_workbook import PAIRS_FILE, lists_all_pairs, write_workbook
from siting.outputs.geopackage import write_geopackage
from siting.outputs.own_columns import read_own_columns
from siting.outputs.provenance import trace_provenance
from siting.pipeline.compile_ahead import start_compiling
from siting.pipeline.outcome import Outcome
from siting.progress import Progress, silent
from siting.roads.cache import open_network
from siting.storage.database import write_parquet
from siting.storage.results_folder import results

WORKBOOK = "evaluation.xlsx"


def check(
    plan_path: Path, out: Path | None = None, *, opens_roads: bool = True, progress: Progress = silent
) -> tuple[Fault, ...]:
    """Read and check all inputs of a plan; the warnings. With `out` also what was issued there to neighbours of its homes.

    Roads and addresses are opened as a run opens them, and kept for it; roads that would have to be fetched are not.

    Raises
    ------
    InputFaultsError
        With every fault of every file.
    """
    from engagement.check import (  # noqa: PLC0415 - slow to load, and only this command needs it
        boundaries_without_effect,
        engagement_faults,
        issued_faults,
    )
    from maps.privacy.leaks import typed_secrets  # noqa: PLC0415 - the same

    plan = Plan.read(plan_path)
    today = datetime.now(UTC).date()
    faults = list(engagement_faults(plan, today))
    network_file = plan.resolve(plan.area.network) if plan.area.network and opens_roads else None
    if network_file is not None:
        faults += _road_faults(plan, network_file, progress)
    try:
        inputs = read_inputs(plan)
    except InputFaultsError as error:
        raise InputFaultsError([*error.faults, *faults]) from error
    if stopping(faults):
        raise InputFaultsError(faults)
    faults += [*boundaries_without_effect(inputs), *_faults_around_homes(inputs, opens_roads=network_file is not None)]
    faults += issued_faults(inputs, out / "homes", today) if out is not None else ()
    if stopping(faults):
        raise InputFaultsError(faults)
    return (*inputs.warnings, *typed_secrets(inputs), *faults)


def _road_faults(plan: Plan, file: Path, progress: Progress) -> list[Fault]:
    """Open the roads of a plan."""
    try:
        open_network(file, plan.travel_model, drives_on=plan.area.drives_on, progress=progress)
    except NetworkSourceError as error:
        problem, _, remedy = str(error).rstrip(".").partition(". ")
        problem = problem.removeprefix(str(file)).removeprefix(file.name).strip()
        problem = f"it {problem}" if problem.startswith("cannot") else problem
        return [Fault(file=file.name, problem=problem, remedy=remedy or "Download it again as .osm.pbf")]
    return []


def _faults_around_homes(inputs: PlanInputs, *, opens_roads: bool) -> tuple[Fault, ...]:
    """Match decisions about neighbours with the addresses around their homes, and look for addresses around bought homes."""
    from engagement.check import decisions_without_effect, homes_without_addresses  # noqa: PLC0415 - slow to load
    from engagement.prepare import decisions_path  # noqa: PLC0415
    from siting.pipeline.engagement_sources import sources_of  # noqa: PLC0415

    has_decisions = decisions_path(inputs).is_file()
    if not (has_decisions or opens_roads):
        return ()
    sources = sources_of(inputs)
    return (*(decisions_without_effect(sources) if has_decisions else ()), *homes_without_addresses(sources))


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
    start_compiling()
    plan = plan if isinstance(plan, Plan) else Plan.read(plan)
    return evaluate_and_trace(read_inputs(plan), progress)[0]


def evaluate_and_trace(inputs: PlanInputs, progress: Progress) -> tuple[Evaluation, Path]:
    """Judge every home of read inputs; with the file that the roads came from."""
    source = network_source(inputs.plan, progress)
    network = open_network(source, inputs.plan.travel_model, drives_on=inputs.plan.area.drives_on, progress=progress)
    return evaluate_inputs(inputs, network, observed=inputs.observed, progress=progress), source


def run_evaluation(plan_path: Path, out: Path, *, progress: Progress = silent) -> Outcome:
    """Write `evaluation.xlsx`, `.csv` and `.gpkg` of a plan."""
    start_compiling()
    inputs = read_inputs(Plan.read(plan_path))
    evaluation, source = evaluate_and_trace(inputs, progress)
    made = datetime.now(UTC)
    with results(out, "siting evaluate", made) as given:
        progress("writing the evaluation")
        write_evaluation(given.files, inputs, evaluation, source, made, previous=out / WORKBOOK)
        names = given.names
    return Outcome(
        files=tuple(out / name for name in names),
        warnings=(*inputs.warnings, *evaluation.warnings),
        told_once=tuple(given.told),
        summary=summarise_evaluation(inputs, evaluation),
    )


def write_evaluation(  # noqa: PLR0913 - what the files are made of
    folder: Path,
    inputs: PlanInputs,
    evaluation: Evaluation,
    source: Path,
    made: datetime,
    further: Sequence[Sheet] = (),
    *,
    previous: Path | None = None,
    chosen: Collection[str] | None = None,
) -> None:
    """Write `evaluation.xlsx`, `.csv` and `.gpkg` into a folder, with further sheets and which homes are chosen.

    `previous` is the workbook of an earlier run, whose users' own columns are kept.
    """
    provenance = trace_provenance(inputs.plan, (*inputs.files, source), evaluation.network, made)
    write_workbook(
        folder / WORKBOOK,
        inputs.plan.title,
        evaluation,
        provenance,
        (*inputs.warnings, *evaluation.warnings),
        further=further,
        own=read_own_columns(previous) if previous is not None and previous.is_file() else None,
    )
    if not lists_all_pairs(evaluation):
        write_parquet(folder / PAIRS_FILE, evaluation.pairs)
    write_csv(folder / "evaluation.csv", pd.DataFrame(evaluation.homes.drop(columns="geometry")))
    write_geopackage(folder / "evaluation.gpkg", evaluation, inputs.plan.rules.scenario, chosen)
