"""Compares the model with reference times and writes a report."""

import io
from pathlib import Path

import numpy as np
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

from siting.inputs.reference_times import read_reference
from siting.osm.extract import read_osm
from siting.pipeline.calibration import Calibration, calibrate, report
from siting.pipeline.compile_ahead import start_compiling
from siting.pipeline.outcome import Outcome
from siting.progress import Progress, silent
from siting.storage.staging import staged
from siting.travel_model import TravelModel


def run_calibrate(
    network: Path, reference: Path, column: str, output: Path, *, drives_on: str | None = None, progress: Progress = silent
) -> Outcome:
    """Write a report (Markdown) and a plot of the model's times beside a reference's.

    Raises
    ------
    InputFaultsError, NetworkSourceError
        Where the reference or the roads cannot be read.
    """
    start_compiling()
    pairs = read_reference(reference, column)
    source = read_osm(network, progress)
    progress("comparing times and trying figures")
    model = TravelModel()
    found = calibrate(source, pairs, model, drives_on, reference.name)
    with staged(output.parent) as staging:
        text = report(found, model, (network.name, reference.name))
        picture = output.with_suffix(".png").name
        (staging / output.name).write_text(f"{text}\n![Ours beside the reference]({picture})\n", encoding="utf-8")
        (staging / picture).write_bytes(_plot(found))
    return Outcome(files=(output, output.with_suffix(".png")))


def _plot(found: Calibration) -> bytes:
    figure = Figure(figsize=(6, 6), dpi=130)
    axes = figure.add_subplot()
    for chosen, words, colour in ((~found.held_out, "fitted", "#9ecae1"), (found.held_out, "held out", "#08519c")):
        axes.plot(found.reference_s[chosen] / 60, found.ours_s[chosen] / 60, ".", markersize=3, color=colour, label=words)
    most = float(np.nanmax([found.reference_s.max(), np.nanmax(found.ours_s)])) / 60
    axes.plot([0, most], [0, most], color="black", linewidth=0.8)
    axes.set_xlabel("reference, minutes")
    axes.set_ylabel("ours, minutes")
    axes.legend()
    content = io.BytesIO()
    FigureCanvasAgg(figure).print_png(content, metadata={"Software": None})  # type: ignore[no-untyped-call]
    return content.getvalue()
