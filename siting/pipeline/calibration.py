"""How the model's times stand beside a reference's, and which figures would bring them nearer.

Only two figures are tried: the share of the limit that is driven in practice, and the delay of a
turn. Half of the pairs, by their origin, are fitted; the other half judges. The yardstick is another
route planner, so its own error is added to the residuals before a figure is called an error.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

import numpy as np
import pandas as pd

from siting.arrays import Bool, Float64
from siting.crs import to_metres
from siting.faults import Fault, InputFaultsError
from siting.inputs.reference_times import LEAST_S, Reference
from siting.osm.extract import OsmRoads
from siting.roads.build import build_network
from siting.roads.joining import join_points
from siting.roads.network import RoadNetwork
from siting.sentences import counted
from siting.times.matrix import time_matrix_ms
from siting.travel_model import ROAD_CLASSES, TravelModel
from siting.words import METRES_PER_MILE, NO_WAY_MS, Scenario

YARDSTICK_ERROR = 0.08
"""The mean error of a model that counts turns and signals, against trips as driven (Boeing and Zhou 2026, arXiv 2602.15069)."""
_TRIED = {"limit_share.single": (0.74, 0.78, 0.82, 0.86, 0.90), "turn_delay": (5.0, 6.25, 7.5, 8.75, 10.0)}
_BANDS_MILES = (0.0, 1.0, 2.0, 4.0, 8.0, 16.0, np.inf)


@dataclass(frozen=True, slots=True, kw_only=True)
class Calibration:
    """What a calibration found.

    `ours_s` and `reference_s` are of the pairs compared; `tables` are for the report, by heading.
    """

    ours_s: Float64
    reference_s: Float64
    held_out: Bool
    best: Mapping[str, float]
    error_share: float
    tables: Mapping[str, pd.DataFrame]


def calibrate(
    source: OsmRoads, reference: Reference, model: TravelModel, drives_on: str | None, file: str = "the reference"
) -> Calibration:
    """Compare the model with a reference, and try the two figures on the half that is fitted.

    Raises
    ------
    InputFaultsError
        Where of either half no journey lies on the roads.
    """
    ours_s, network, segments = _times(source, reference, model, drives_on)
    known = np.isfinite(ours_s)
    if not (known & reference.held_out).any() or not (known & ~reference.held_out).any():
        few = f"only {int(known.sum())} of {counted(len(known), 'journey')} can be compared"
        problem = f"{few}: an end lies off the map, or no way leads there"
        remedy = "Use the extract of their area, and longitude before latitude"
        raise InputFaultsError([Fault(file=file, problem=problem, remedy=remedy)])
    scores: list[dict[str, float]] = []
    for name, values in _TRIED.items():
        for value in values:
            tried = replace(model, changes=(*((n, v) for n, v in model.changes if n != name), (name, value)))
            times_s, _, _ = _times(source, reference, tried, drives_on)
            fitted = ~reference.held_out
            scores.append({"figure": name, "value": value, "mean_error": _mean_error(times_s[fitted], reference.seconds[fitted])})  # type: ignore[dict-item]
    table = pd.DataFrame(scores)
    best = {
        str(name): float(rows.sort_values("mean_error")["value"].iloc[0]) for name, rows in table.groupby("figure", sort=True)
    }
    judged = reference.held_out
    residual = float(np.sqrt(np.nanmean((ours_s[judged] / reference.seconds[judged] - 1) ** 2)))
    ratio = ours_s / reference.seconds
    classes = np.array([ROAD_CLASSES[network.segments.road_class[s]] for s in segments])
    miles = _miles(network, reference)
    bands = [f"{low:g} to {high:g}" for low, high in pairwise(_BANDS_MILES)]
    band = [bands[int(np.searchsorted(_BANDS_MILES, m, side="right")) - 1] for m in miles]
    return Calibration(
        ours_s=ours_s,
        reference_s=reference.seconds,
        held_out=judged,
        best=best,
        error_share=float(np.hypot(residual, YARDSTICK_ERROR)),
        tables={
            "All pairs": _summary(ratio, np.full(len(ratio), "all")),
            "Held-out pairs": _summary(ratio[judged], np.full(int(judged.sum()), "held out")),
            "By straight miles": _summary(ratio, np.array(band)),
            "By the road at the origin": _summary(ratio, classes),
            "Figures tried on the fitted half": table,
        },
    )


def report(calibration: Calibration, model: TravelModel, names: Sequence[str]) -> str:
    """Write the report as Markdown."""
    lines = [
        "# Calibration",
        "",
        f"Of {', '.join(names)}. A ratio is our time over the reference's. Journeys under {LEAST_S:.0f} s are left out.",
        "",
    ]
    for heading, table in calibration.tables.items():
        lines += [f"## {heading}", "", "| " + " | ".join(map(str, table.columns)) + " |", "|" + " --- |" * len(table.columns)]
        for row in table.itertuples(index=False):
            lines.append("| " + " | ".join(f"{cell:.3f}" if isinstance(cell, float) else str(cell) for cell in row) + " |")
        lines.append("")
    error = (
        f"Error of a time: {calibration.error_share:.1%}, the residuals of the held-out pairs with the yardstick's own "
        f"{YARDSTICK_ERROR:.0%} (squares added). The figure in force is {model['model_error']:.1%}."
    )
    best = ", ".join(f"{name} {value:g} (in force {model[name]:g})" for name, value in calibration.best.items())
    gain = f"Least mean error on the fitted half: {best}. A figure is changed only where the held-out half gains too."
    lines += ["## What follows", "", error, "", gain, ""]
    return "\n".join(lines)


def _times(
    source: OsmRoads, reference: Reference, model: TravelModel, drives_on: str | None
) -> tuple[Float64, RoadNetwork, np.ndarray]:
    network = build_network(source, model, drives_on)
    unique, origin_of = np.unique(reference.origin, axis=0, return_inverse=True)
    ends, end_of = np.unique(reference.destination, axis=0, return_inverse=True)
    origins = join_points(network, *to_metres(unique[:, 0], unique[:, 1], network.system))
    destinations = join_points(network, *to_metres(ends[:, 0], ends[:, 1], network.system))
    table = time_matrix_ms(network, origins, destinations, Scenario.FREE_FLOW)
    time_ms = table[origin_of.ravel(), end_of.ravel()]
    return np.where(time_ms < NO_WAY_MS, time_ms / 1000.0, np.nan), network, origins.segment[origin_of.ravel()]


def _miles(network: RoadNetwork, reference: Reference) -> Float64:
    ends = [np.column_stack(to_metres(at[:, 0], at[:, 1], network.system)) for at in (reference.origin, reference.destination)]
    return np.asarray(np.hypot(*(ends[1] - ends[0]).T) / METRES_PER_MILE)


def _mean_error(ours_s: Float64, reference_s: Float64) -> float:
    return float(np.nanmean(np.abs(ours_s / reference_s - 1)))


def _summary(ratio: Float64, group: np.ndarray) -> pd.DataFrame:
    rows = []
    for name in dict.fromkeys(sorted(group)):
        own = ratio[(group == name) & np.isfinite(ratio)]
        if len(own):
            low, median, high = np.percentile(own, [5, 50, 95])
            within = float(np.mean(np.abs(own - 1) <= 0.1))  # noqa: PLR2004 - a tenth
            rows.append((str(name), len(own), float(median), float(low), float(high), within))
    return pd.DataFrame(rows, columns=["pairs of", "count", "median", "5th", "95th", "within 10 %"])
