"""Draws the maps of a plan."""

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from maps.atlas import atlas_pdf
from maps.figure import plan_figure
from maps.files import map_html, refuse_leaks
from maps.layers import MapDrawer
from maps.page import tiles_warning
from maps.privacy.audience import ATLAS, MAP_OF_ONE_HOME, refuse_unless
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

_PICTURES = (".png", ".svg")


def run_map(  # noqa: PLR0913 - one argument an option
    plan_path: Path,
    audience: Audience,
    output: Path,
    *,
    home_id: str | None = None,
    tiles: str | None = None,
    atlas: bool = False,
    progress: Progress = silent,
) -> Outcome:
    """Write the map of a plan for one audience; a page where the name ends in .html, else a picture (.png, .svg).

    With `home_id` it is the map of that home's neighbours, with `atlas` a paper (.pdf) of a page a
    home. `tiles` is the address of tiles from outside.

    Raises
    ------
    UsageError
        Where the options do not go together, or the audience has no such map.
    LeakError
        Where the title or another text that users typed holds what the audience must not read.
    """
    _check_usage(audience, output, home_id=home_id, tiles=tiles, atlas=atlas)
    start_compiling()
    inputs = read_inputs(Plan.read(plan_path))
    evaluation, source = evaluate_and_trace(inputs, progress)
    report = make_report(inputs, evaluation, inputs.plan.portfolio, progress) if audience is not Audience.PUBLIC else None
    subject = map_subject(inputs, evaluation, source, report)
    if home_id is not None:
        subject = replace(subject, engagement=home_area(subject, source, home_id, output.parent, progress))
    progress("drawing the map")
    drawer, made = MapDrawer(subject), datetime.now(UTC)
    refuse_leaks(drawer, audience)
    with staged(output.parent) as staging:
        target = staging / output.name
        match output.suffix.lower():
            case ".html":
                target.write_text(map_html(drawer, audience, made, tiles=tiles), encoding="utf-8")
            case ".pdf":
                target.write_bytes(atlas_pdf(subject, audience, made=made))
            case suffix:
                target.write_bytes(plan_figure(subject, audience, made=made, format_name=suffix[1:]))
    return Outcome(files=(output,), warnings=(*inputs.warnings, *evaluation.warnings, *_told(output, tiles)))


def _check_usage(audience: Audience, output: Path, *, home_id: str | None, tiles: str | None, atlas: bool) -> None:
    """Refuse options that do not go together, before anything is read."""
    if home_id is not None:
        refuse_unless(audience, MAP_OF_ONE_HOME, "map of one home (--home)")
    if atlas:
        refuse_unless(audience, ATLAS, "atlas")
        if home_id is not None or tiles is not None:
            msg = "--atlas goes with neither --home nor --tiles: it is printed, a page a home."
            raise UsageError(msg)
    if tiles is not None and not (tiles.startswith("https://") and all(part in tiles for part in ("{z}", "{x}", "{y}"))):
        msg = f'--tiles takes an address such as "https://tiles.example.org/{{z}}/{{x}}/{{y}}.png"; not "{tiles}".'
        raise UsageError(msg)
    endings = (".pdf",) if atlas else (".html", *_PICTURES)
    if output.suffix.lower() not in endings:
        what = "an atlas" if atlas else "a map"
        msg = f"{output.name}: the name of {what} should end in {' or '.join(endings)}."
        raise UsageError(msg)
    if tiles is not None and output.suffix.lower() != ".html":
        msg = "--tiles goes with a page (.html); a picture is drawn from the plan's own roads."
        raise UsageError(msg)


def _told(output: Path, tiles: str | None) -> tuple[Fault, ...]:
    if tiles is None:
        return ()
    warning = Fault(
        file=output.name,
        problem=tiles_warning(tiles).rstrip("."),
        remedy="Leave --tiles away to ask nobody",
        severity=Severity.WARNING,
    )
    return (warning,)
