"""Compares the model with a plan's own observed journeys, and takes over what they say of the place."""

import datetime as dt
import io
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

from siting.arrays import Float64
from siting.faults import Fault, InputFaultsError, Severity, UsageError
from siting.inputs.observed import ObservedJourney
from siting.inputs.observed_hours import scenario_of, school_holiday
from siting.inputs.plan import Plan
from siting.inputs.plan_inputs import read_inputs
from siting.pipeline.compile_ahead import start_compiling
from siting.pipeline.evaluating import network_source
from siting.pipeline.local_factors import BAD_DAYS_DIFFER, SCENARIOS_DIFFER, LocalFactor, fit_local_factor
from siting.pipeline.outcome import Outcome
from siting.progress import Progress, silent
from siting.roads.cache import open_network
from siting.roads.joining import join_places
from siting.roads.network import RoadNetwork
from siting.sentences import SCENARIO_WORDS, listed
from siting.storage.decoding import decode_text
from siting.storage.staging import staged
from siting.times.routing import reach, times_at
from siting.travel_model import FIGURES, TravelModel
from siting.words import MILLISECONDS_PER_MINUTE, NO_WAY_MS, Direction, Scenario

LEAST_JOURNEYS = 3
"""Fewer say nothing sure of a place (own assumption): of one or two nobody can tell which is the odd one."""
TOO_FEW = (
    f"Nothing is proposed and nothing was changed: fewer than {LEAST_JOURNEYS} journeys that can be compared say nothing sure "
    "of the place. A home's own drives stand in its reasons all the same."
)
_LEAST_MINUTES = 3.0
"""A shorter journey is mostly parking and the way to the road."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ObservedComparison:
    """What a plan's journeys say: the table, a factor a scenario, the band, the bad day; no figures where they are too few."""

    table: pd.DataFrame
    factors: Mapping[Scenario, float]
    error_share: float | None
    bad_day: float | None

    @property
    def figures(self) -> dict[str, float]:
        """The figures to write under `[model]`."""
        found = {f"local.{scenario.value}": round(factor, 3) for scenario, factor in self.factors.items()}
        told = {"model_error": self.error_share, "bad_day": self.bad_day}
        return found | {name: round(value, 3) for name, value in told.items() if value is not None}


def run_observed(plan_path: Path, output: Path | None = None, *, apply: bool = False, progress: Progress = silent) -> Outcome:
    """Write a report and a plot of the plan's observed journeys beside the model; with `apply` the plan takes the figures over.

    Raises
    ------
    InputFaultsError, NetworkSourceError, UsageError
        Where the inputs or the roads cannot be used, or the plan names no observed journeys.
    """
    plan = Plan.read(plan_path)
    if not plan.inputs.observed:
        msg = (
            'The plan names no observed journeys. Write observed = "drives.csv" under [inputs], '
            "with the columns from, to, date, departed, minutes, source."
        )
        raise UsageError(msg)
    start_compiling()
    inputs = read_inputs(plan)
    journeys = inputs.observed
    plain = TravelModel(changes=tuple((name, value) for name, value in sorted(plan.model.items()) if not _is_ours(name)))
    network = open_network(network_source(plan, progress), plain, drives_on=plan.area.drives_on, progress=progress)
    progress("comparing journeys")
    found = compare_observed(network, journeys, plan.rules.scenario, plan.inputs.observed)
    output = output or plan_path.with_name(f"{plan_path.stem}-observed.md")
    picture = output.with_suffix(".png").name
    with staged(output.parent) as staging:
        (staging / output.name).write_text(f"{_report(found)}\n![Ours beside the observed]({picture})\n", encoding="utf-8")
        (staging / picture).write_bytes(_plot(found.table))
    note = "Nothing was changed; --apply writes them to the plan."
    if not found.figures:
        note = TOO_FEW
    elif apply:
        apply_figures(plan_path, found.figures)
        note = "The plan has them now."
    proposed = tuple(f'"{name}" = {value:g}' for name, value in found.figures.items())
    warnings = (*inputs.warnings, *_not_compared(found.table, plan.inputs.observed))
    return Outcome(files=(output, output.with_suffix(".png")), warnings=warnings, note=note, summary=proposed)


def _not_compared(table: pd.DataFrame, file: str) -> tuple[Fault, ...]:
    """Name the journeys that the roads have no way for: what cannot be placed is not compared."""
    lost = table.loc[table["model_min"].isna(), "journey"].tolist()
    if not lost:
        return ()
    return (
        Fault(
            file=Path(file).name,
            problem=f"{listed(lost)}: an end lies off the map, or no way leads there, so nothing is compared",
            remedy="Check the places, or use a larger extract",
            severity=Severity.WARNING,
        ),
    )


def _is_ours(name: str) -> bool:
    return name.startswith("local.") or name in {"model_error", "bad_day"}


def compare_observed(
    network: RoadNetwork, journeys: Sequence[ObservedJourney], judged: Scenario, file: str = "the observed journeys"
) -> ObservedComparison:
    """Compare journeys with the network's times, and fit the place's factors.

    Raises
    ------
    InputFaultsError
        Where no journey can be compared.
    """
    rows = [_compared(network, journey) for journey in journeys]
    table = pd.DataFrame(
        rows, columns=["journey", "date", "departed", "source", "scenario", "model_min", "observed_min", "ratio"]
    )
    table["bad_day_ratio"] = [j.minutes_high / j.minutes if j.minutes_high else np.nan for j in journeys]
    usable = table["ratio"].notna() & (table["observed_min"] >= _LEAST_MINUTES)
    if not usable.any():
        raise InputFaultsError(
            [
                Fault(
                    file=Path(file).name,
                    problem="no journey can be compared: there is no way between its ends, or it takes less than three minutes",
                    remedy="Check the places, or drive a longer one",
                )
            ]
        )
    table["say"] = 0.0
    if usable.sum() < LEAST_JOURNEYS:
        return ObservedComparison(table=table, factors={}, error_share=None, bad_day=None)
    place = fit_local_factor(table.loc[usable, "ratio"].to_numpy())
    factors = dict.fromkeys(Scenario, place.factor)
    error = place
    for scenario in Scenario:
        own = usable & (table["scenario"] == scenario.value)
        if own.sum() >= LEAST_JOURNEYS:
            fit = fit_local_factor(table.loc[own, "ratio"].to_numpy(), towards=place.factor, prior_spread=SCENARIOS_DIFFER)
            factors[scenario] = fit.factor
            table.loc[own, "say"] = fit.weights
            error = fit if scenario is judged else error
    return ObservedComparison(
        table=table, factors=factors, error_share=error.error_share, bad_day=_bad_day(table["bad_day_ratio"].dropna().to_numpy())
    )


def _bad_day(ratios: Float64) -> float | None:
    if not len(ratios):
        return None
    fit: LocalFactor = fit_local_factor(ratios, towards=FIGURES["bad_day"].value, prior_spread=BAD_DAYS_DIFFER)
    return max(fit.factor, 1.0)


def _compared(network: RoadNetwork, journey: ObservedJourney) -> tuple[object, ...]:
    scenario = scenario_of(journey.day, journey.departed)
    ends = join_places(network, [journey.origin, journey.destination])
    found = reach(network, ends[:1], scenario, Direction.FROM_SCHOOL)
    time_ms = int(times_at(found, ends[1:])[0])
    model_min = time_ms / MILLISECONDS_PER_MINUTE if 0 < time_ms < NO_WAY_MS else float("nan")
    return (
        journey.label,
        journey.day.isoformat(),
        journey.departed.strftime("%H:%M"),
        journey.source,
        scenario.value,
        model_min,
        journey.minutes,
        journey.minutes / model_min,
    )


def _report(found: ObservedComparison) -> str:
    lines = [
        "# Observed journeys beside the model",
        "",
        "A ratio is the observed time over the model's, before any local factor; say is a journey's part in its factor.",
        "",
        "| journey | date | departed | source | roads | model (min) | observed (min) | ratio | say |",
        "| --- | --- | --- | --- | --- | --- | --- | --- | --- |",
    ]
    for row in found.table.to_dict("records"):
        holiday = school_holiday(dt.date.fromisoformat(row["date"]))
        words = SCENARIO_WORDS[Scenario(row["scenario"])] + (f" ({holiday})" if holiday else "")
        there = not np.isnan(row["model_min"])
        model, ratio = (f"{row['model_min']:.1f}", f"{row['ratio']:.2f}") if there else ("no way", "")
        figures = [model, f"{row['observed_min']:.1f}", ratio, f"{row['say']:.2f}"]
        cells = [str(row[key]).replace("|", "/") for key in ("journey", "date", "departed", "source")]
        lines.append(f"| {' | '.join([*cells, words, *figures])} |")
    if not found.figures:
        return "\n".join([*lines, "", TOO_FEW, ""])
    lines += ["", "## Proposed for the plan", "", "```toml", "[model]"]
    lines += [f'"{name}" = {value:g}' for name, value in found.figures.items()]
    method = (
        "Factors are fitted robustly (Tukey's biweight from the middle of the shortest half) and shrunk towards 1 by how few the "
        "journeys are (Efron and Morris 1975); the error is meant to hold four journeys of five yet to be driven: docs/method.md."
    )
    return "\n".join([*lines, "```", "", method, ""])


def _plot(table: pd.DataFrame) -> bytes:
    figure = Figure(figsize=(6, 6), dpi=130)
    axes = figure.add_subplot()
    for scenario in Scenario:
        own = table[table["scenario"] == scenario.value]
        if len(own):
            axes.plot(own["observed_min"], own["model_min"], "o", markersize=5, label=SCENARIO_WORDS[scenario])
    most = float(np.nanmax(table[["observed_min", "model_min"]].to_numpy())) * 1.05
    axes.plot([0, most], [0, most], color="black", linewidth=0.8)
    axes.set_xlabel("observed, minutes")
    axes.set_ylabel("model, minutes")
    axes.legend()
    content = io.BytesIO()
    FigureCanvasAgg(figure).print_png(content, metadata={"Software": None})  # type: ignore[no-untyped-call]
    return content.getvalue()


def apply_figures(plan_path: Path, figures: Mapping[str, float]) -> None:
    """Write figures under a plan's `[model]`, in place of those of the same name; all else stays as it is typed.

    Raises
    ------
    UsageError
        Where the plan is written so that this cannot be done surely; then nothing is changed.
    """
    text = decode_text(plan_path.read_bytes())
    before = tomllib.loads(text)
    lines = text.splitlines()
    written = [f'"{name}" = {value:g}  # from the observed journeys, by siting calibrate' for name, value in figures.items()]
    header = next((at for at, line in enumerate(lines) if line.split("#")[0].strip() == "[model]"), None)
    if header is None:
        lines += ["", "[model]", *written]
    else:
        after = next((at for at in range(header + 1, len(lines)) if lines[at].lstrip().startswith("[")), len(lines))
        kept = [line for line in lines[header + 1 : after] if line.split("=")[0].strip().strip("\"'") not in figures]
        lines = [*lines[: header + 1], *written, *kept, *lines[after:]]
    changed = "\n".join(lines) + "\n"
    wanted = before | {"model": {**before.get("model", {}), **figures}}
    try:
        sure = tomllib.loads(changed) == wanted
    except tomllib.TOMLDecodeError:
        sure = False
    if not sure:
        msg = "The plan's [model] is written in a way that cannot be changed safely. Write the proposed lines there by hand."
        raise UsageError(msg)
    with staged(plan_path.parent) as staging:
        (staging / plan_path.name).write_text(changed, encoding="utf-8")
