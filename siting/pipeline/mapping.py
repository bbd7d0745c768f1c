"""Draws the maps of a plan."""

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from maps.figure import evaluation_figure, street_figure
from maps.files import map_html
from maps.layers import MapDrawer
from maps.page import tiles_warning
from siting.faults import Fault, Severity, UsageError
from siting.inputs.plan import Plan
from siting.inputs.plan_inputs import read_inputs
from siting.pipeline.choosing import make_report
from siting.pipeline.compile_ahead import start_compiling
from siting.pipeline.engaging import home_area
from siting.pipeline.evaluating import evaluate_and_trace
from siting.pipeline.outcome import Outcome
from siting.pipeline.subjects import map_subject
from siting.progress import Progress, silent
from siting.storage.staging import staged
from siting.words import Audience


def run_map(
    plan_path: Path,
    audience: Audience,
    output: Path,
    *,
    home_id: str | None = None,
    tiles: str | None = None,
    progress: Progress = silent,
) -> Outcome:
    """Write the map of a plan for one audience; a page where the name ends in .html, else a picture (.png, .svg).

    With `home_id` it is the map of that home's neighbours; for the public the area alone in which
    neighbours are invited. `tiles` is the address of tiles from outside.

    Raises
    ------
    UsageError
        Where the output's ending or the tiles' address cannot be used.
    """
    start_compiling()
    if tiles is not None and not (tiles.startswith("https://") and all(part in tiles for part in ("{z}", "{x}", "{y}"))):
        msg = f'--tiles takes an address such as "https://tiles.example.org/{{z}}/{{x}}/{{y}}.png"; not "{tiles}".'
        raise UsageError(msg)
    suffix = output.suffix.lower()
    if suffix not in {".html", ".png", ".svg"}:
        msg = f"{output.name} should end in .html, .png or .svg."
        raise UsageError(msg)
    inputs = read_inputs(Plan.read(plan_path))
    evaluation, source = evaluate_and_trace(inputs, progress)
    report = make_report(inputs, evaluation, inputs.plan.portfolio, progress) if audience is not Audience.PUBLIC else None
    subject = map_subject(inputs, evaluation, source, report)
    if home_id is not None:
        subject = replace(subject, engagement=home_area(subject, source, home_id, output.parent, progress))
    progress("drawing the map")
    with staged(output.parent) as staging:
        if suffix == ".html":
            (staging / output.name).write_text(
                map_html(MapDrawer(subject), audience, datetime.now(UTC), tiles=tiles), encoding="utf-8"
            )
        else:
            drawn = (
                street_figure(subject, subject.engagement, format_name=suffix[1:])
                if subject.engagement and audience is Audience.INTERNAL
                else evaluation_figure(subject, audience, format_name=suffix[1:])
            )
            (staging / output.name).write_bytes(drawn)
    told = (
        (
            Fault(
                file=output.name,
                problem=tiles_warning(tiles).rstrip("."),
                remedy="Leave --tiles away to ask nobody",
                severity=Severity.WARNING,
            ),
        )
        if tiles
        else ()
    )
    return Outcome(files=(output,), warnings=(*inputs.warnings, *evaluation.warnings, *told))
