"""Makes everything that a plan asks for."""

from datetime import UTC, datetime
from pathlib import Path

from engagement.schedule.issue import promises_kept
from maps.files import write_maps
from maps.layers import MapDrawer
from siting.evaluation.summary import summarise_evaluation
from siting.inputs.plan import Plan
from siting.inputs.plan_inputs import read_inputs
from siting.pipeline.choosing import make_report, write_choice
from siting.pipeline.engaging import PROMISES_WAIT_S, begin_registers, write_packs
from siting.pipeline.evaluating import WORKBOOK, evaluate_and_trace
from siting.pipeline.outcome import Outcome
from siting.pipeline.run_history import keep_run, tidy_runs
from siting.pipeline.subjects import map_subject
from siting.progress import Progress, silent
from siting.storage.results_folder import results
from siting.words import HomeStatus


def make_all(plan: Plan, out: Path, *, progress: Progress = silent) -> Outcome:
    """Make everything that a plan asks for, into a folder."""
    inputs = read_inputs(plan)
    evaluation, source = evaluate_and_trace(inputs, progress)
    report = make_report(inputs, evaluation, inputs.plan.portfolio, progress)
    drawer = MapDrawer(map_subject(inputs, evaluation, source, report))
    made = datetime.now(UTC)
    with promises_kept(out, wait_s=PROMISES_WAIT_S), results(out, "siting run", made) as given:
        staging = given.files
        progress("writing the evaluation")
        write_choice(staging, inputs, evaluation, source, report, previous=out / WORKBOOK)
        progress("drawing the maps")
        refused = write_maps(staging, drawer, made)
        bought = [home.row.home_id for home in inputs.homes if home.row.status is HomeStatus.BOUGHT]
        packs = write_packs(given, out, drawer, source, bought, progress, without_addresses=True)
        warnings = [*refused, *packs.warnings]
        keep_run(staging, inputs, evaluation, source, report, made)
        names = given.names
    begin_registers(out, packs)
    tidy_runs(out)
    return Outcome(
        files=tuple(out / name for name in names),
        warnings=(*inputs.warnings, *evaluation.warnings, *warnings),
        told_once=tuple(given.told),
        summary=(*summarise_evaluation(inputs, evaluation), *(report.summary if report else ())),
        no_choice=report is not None and report.has_no_choice,
    )
