"""The `siting` command: arguments, progress, exit status; nothing else."""

import io
import math
import os
import sys
import unicodedata
import warnings
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from siting.faults import ExitStatus, Fault, InputFaultsError, Severity, SitingError, UsageError
from siting.sentences import counted, listed
from siting.words import Audience, Direction, Objective, Scenario

if TYPE_CHECKING:
    from siting.pipeline.outcome import Outcome

app = typer.Typer(
    help="Choose houses for small children's homes by travel time, and bring the neighbours along.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
)


def _show_version(asked: bool) -> None:  # noqa: FBT001 - as typer calls it
    if asked:
        from importlib import metadata  # noqa: PLC0415

        typer.echo(f"siting {metadata.version('home-siting-planner')}")
        raise typer.Exit


@app.callback()
def common(
    *,
    version: Annotated[
        bool, typer.Option("--version", callback=_show_version, is_eager=True, help="Say which version this is, and end.")
    ] = False,
) -> None:
    """Choose houses for small children's homes by travel time, and bring the neighbours along."""


_INTERRUPTED = 130
"""What shells take for a command that was interrupted."""

PlanArgument = Annotated[Path, typer.Argument(help="The plan file (.toml).", show_default=False)]
OutOption = Annotated[
    Path | None,
    typer.Option("--out", help="The folder for the outputs; by default one named after the plan, beside it.", show_default=False),
]
NetworkOption = Annotated[Path, typer.Option("--network", help="An OpenStreetMap extract (.osm.pbf).", show_default=False)]
ScenarioOption = Annotated[Scenario, typer.Option("--scenario", help="How busy the roads are.")]


@app.command(name="open")
def open_page(
    folder: Annotated[Path, typer.Argument(help="The folder with the plans.", file_okay=False, exists=True)] = Path(),
    *,
    browser: Annotated[bool, typer.Option(help="Open the page in the browser.")] = True,
    port: Annotated[int, typer.Option(help="The port to answer on; by default any that is free.", min=0, max=65535)] = 0,
) -> None:
    """Open the planner as a page in your browser: everything below without typing."""
    from siting.page.server import serve  # noqa: PLC0415

    def say(address: str) -> None:
        typer.echo(f"The planner is open at {address}")
        typer.echo("It answers to this computer only. Close it with Ctrl+C.")

    serve(folder, browser=browser, say=say, port=port)


@app.command()
def run(
    plan: PlanArgument,
    out: OutOption = None,
    *,
    fresh: Annotated[bool, typer.Option("--fresh", help="Make everything anew, also where nothing has changed.")] = False,
) -> None:
    """Do the main job: everything that the plan asks for, into one folder."""
    from siting import pipeline  # noqa: PLC0415 - heavy: loaded by the command that needs it

    with _progress() as progress:
        outcome = pipeline.run_all(plan, _folder(plan, out), fresh=fresh, progress=progress)
    _answer(outcome)


@app.command()
def new(folder: Annotated[Path, typer.Argument(help="A folder that is empty or not there yet.", show_default=False)]) -> None:
    """Start a plan: a plan file with comments, and empty tables in Excel to fill in."""
    from siting import pipeline  # noqa: PLC0415

    _answer(pipeline.start_folder(folder))


@app.command()
def check(plan: PlanArgument) -> None:
    """Read and check all inputs and name every fault; compute nothing."""
    from siting import pipeline  # noqa: PLC0415

    with _progress() as progress:
        progress("reading the inputs")
        warnings = pipeline.check(plan, _folder(plan, None), progress=progress)
    _warn(warnings)
    _print("No fault was found.")


@app.command()
def evaluate(plan: PlanArgument, out: OutOption = None) -> None:
    """Judge every home: evaluation.xlsx, evaluation.csv, evaluation.gpkg."""
    from siting import pipeline  # noqa: PLC0415

    with _progress() as progress:
        outcome = pipeline.run_evaluation(plan, _folder(plan, out), progress=progress)
    _answer(outcome)


@app.command()
def isochrones(
    network: NetworkOption,
    at: Annotated[str, typer.Option("--at", help='The place: a postcode, or "latitude,longitude".', show_default=False)],
    output: Annotated[Path, typer.Option("-o", "--output", help="The GeoPackage to write.")] = Path("isochrones.gpkg"),
    minutes: Annotated[str, typer.Option("--minutes", help="Limits, with commas.")] = "15,30,45",
    direction: Annotated[str, typer.Option("--direction", help="`to` the place, or `from` it.")] = "to",
    scenario: ScenarioOption = Scenario.SCHOOL_RUN,
) -> None:
    """Draw the areas within so many minutes of a place."""
    limits = _minutes(minutes)
    towards = _direction(direction)
    from siting import pipeline  # noqa: PLC0415

    with _progress() as progress:
        outcome = pipeline.run_isochrones(network, at, limits, towards, scenario, output, progress=progress)
    _answer(outcome)


@app.command()
def times(
    network: NetworkOption,
    origins: Annotated[Path, typer.Option("--origins", help="A table with id and a place.", show_default=False)],
    destinations: Annotated[Path, typer.Option("--destinations", help="A table with id and a place.", show_default=False)],
    output: Annotated[Path, typer.Option("-o", "--output", help="The CSV to write.")] = Path("times.csv"),
    scenario: ScenarioOption = Scenario.SCHOOL_RUN,
) -> None:
    """Time every journey from one table's places to another's."""
    from siting import pipeline  # noqa: PLC0415

    with _progress() as progress:
        outcome = pipeline.run_times(network, origins, destinations, scenario, output, progress=progress)
    _answer(outcome)


HomesOption = Annotated[int | None, typer.Option("--homes", min=1, help="How many homes in all, with those open or bought.")]
BedsOption = Annotated[int | None, typer.Option("--beds", min=1, help="How many beds in all, at least.")]
BudgetOption = Annotated[float | None, typer.Option("--budget", min=1, help="The most to spend, in pounds.")]
ObjectiveOption = Annotated[
    Objective | None, typer.Option("--objective", help="Make the total or the worst of the journeys, or the cost, least.")
]
LockOption = Annotated[list[str] | None, typer.Option("--lock", help="A home that must be in; may be said again.")]
BarOption = Annotated[list[str] | None, typer.Option("--bar", help="A home that must be out; may be said again.")]


@app.command()
def portfolio(  # noqa: PLR0913, PLR0917 - one argument an option
    plan: PlanArgument,
    homes: HomesOption = None,
    beds: BedsOption = None,
    budget: BudgetOption = None,
    objective: ObjectiveOption = None,
    lock: LockOption = None,
    bar: BarOption = None,
    minutes: Annotated[float | None, typer.Option("--stop-after", min=0.01, help="Stop searching after so many minutes.")] = None,
    out: OutOption = None,
) -> None:
    """Choose which homes to have together: portfolio.csv, allocation.csv, portfolio.pdf and the evaluation."""
    from siting import pipeline  # noqa: PLC0415

    changes = _changes(homes=homes, beds=beds, budget_gbp=budget, objective=objective, locked=lock, barred=bar)
    time_limit_s = minutes * 60 if minutes else math.inf
    with _progress() as progress:
        outcome = pipeline.run_portfolio(plan, changes, _folder(plan, out), time_limit_s=time_limit_s, progress=progress)
    _answer(outcome)


@app.command()
def choices(  # noqa: PLR0913, PLR0917 - one argument an option
    plan: PlanArgument,
    keep: Annotated[str, typer.Option("--keep", help="Choose by these wishes, and keep the choice under this name.")] = "",
    take_away: Annotated[str, typer.Option("--take-away", help="Take the choice of this name away.")] = "",
    why_not: Annotated[str, typer.Option("--why-not", help="Say why this home is not in the best choice.")] = "",
    homes: HomesOption = None,
    beds: BedsOption = None,
    budget: BudgetOption = None,
    objective: ObjectiveOption = None,
    lock: LockOption = None,
    bar: BarOption = None,
    who: Annotated[str, typer.Option("--who", help="With --keep, who keeps it.")] = "",
    *,
    trade: Annotated[bool, typer.Option("--trade", help="Say what less money would bring.")] = False,
) -> None:
    """Show the choices that were kept by name, keep or take away one; or say why not a home, or what less money brings."""
    from siting import pipeline  # noqa: PLC0415

    if bool(keep) + bool(take_away) + bool(why_not) + trade > 1:
        msg = "Ask for one of --keep, --take-away, --why-not and --trade at a time."
        raise UsageError(msg)
    changes = _changes(homes=homes, beds=beds, budget_gbp=budget, objective=objective, locked=lock, barred=bar)
    with _progress() as progress:
        if keep:
            lines = pipeline.keep_choice(plan, keep, changes, who, progress=progress)
        elif take_away:
            lines = pipeline.take_choice_away(plan, take_away)
        elif why_not:
            lines = pipeline.why_not(plan, why_not, changes, progress=progress)
        else:
            lines = pipeline.less_money(plan, changes, progress=progress) if trade else pipeline.list_choices(plan)
    for line in lines:
        _print(line)


def _changes(**wishes: object) -> dict[str, object]:
    """Return the wishes that were typed."""
    return {key: value for key, value in wishes.items() if value}


@app.command(name="map")
def draw_map(
    plan: PlanArgument,
    audience: Annotated[Audience, typer.Option("--audience", help="Who will hold the map in their hands.")] = Audience.INTERNAL,
    output: Annotated[
        Path | None,
        typer.Option("-o", "--output", help="The page (.html), picture (.png, .svg) or atlas (.pdf).", show_default="map.html"),
    ] = None,
    home: Annotated[str | None, typer.Option("--home", help="The map of one home's neighbours, by its home_id.")] = None,
    tiles: Annotated[str | None, typer.Option("--tiles", help="Tiles from outside, which then learn what is looked at.")] = None,
    *,
    atlas: Annotated[bool, typer.Option("--atlas", help="An atlas to print (.pdf): a page a home.")] = False,
) -> None:
    """Draw the map of a plan for one audience: one file that asks no other machine for anything."""
    from siting import pipeline  # noqa: PLC0415

    with _progress() as progress:
        target = output or Path("atlas.pdf" if atlas else "map.html")
        outcome = pipeline.run_map(plan, audience, target, home_id=home, tiles=tiles, atlas=atlas, progress=progress)
    _answer(outcome)


HomeOption = Annotated[str, typer.Option("--home", help="The home, by its home_id.", show_default=False)]


@app.command()
def engage(plan: PlanArgument, home: HomeOption, out: OutOption = None) -> None:
    """Make the engagement pack of one home: neighbours, people to contact, visits, papers."""
    from siting import pipeline  # noqa: PLC0415

    with _progress() as progress:
        outcome = pipeline.run_engage(plan, home, _folder(plan, out), progress=progress)
    _answer(outcome)


@app.command()
def why(
    plan: PlanArgument,
    home: HomeOption,
    address: Annotated[str, typer.Option("--address", help="A UPRN, or the address as the lists write it.", show_default=False)],
    output: Annotated[Path, typer.Option("-o", "--output", help="The page to write.")] = Path("why.pdf"),
    out: OutOption = None,
) -> None:
    """Say on one page why an address was, or was not, invited."""
    from siting import pipeline  # noqa: PLC0415

    with _progress() as progress:
        answer, outcome = pipeline.run_why(plan, home, address, output, _folder(plan, out), progress=progress)
    _print(answer)
    _answer(outcome)


@app.command()
def decide(  # noqa: PLR0913, PLR0917 - one argument an option
    plan: PlanArgument,
    home: HomeOption,
    address: Annotated[str, typer.Option("--address", help="A UPRN, or the address as the lists write it.", show_default=False)],
    decision: Annotated[str, typer.Option("--decision", help="`add`, `remove`, or `automatic` to take it back.")] = "",
    reason: Annotated[str, typer.Option("--reason", help="Why; it is kept, and never printed on a list for the door.")] = "",
    who: Annotated[str, typer.Option("--who", help="Who decides.")] = "",
    slot: Annotated[str, typer.Option("--slot", help="The time that the neighbour chose, as 2027-01-25 14:00.")] = "",
    host: Annotated[str, typer.Option("--host", help="With --slot, which host; without it the first.")] = "",
    out: OutOption = None,
) -> None:
    """Add a neighbour, keep one from being contacted, or give one the time that they chose; it survives every re-run."""
    from siting import pipeline  # noqa: PLC0415

    if slot and not decision:
        _print(pipeline.run_agree(plan, home, address, slot, _folder(plan, out), host=host or None))
        return
    if decision not in {"add", "remove", "automatic"} or slot:
        msg = f'Say --decision add, remove or automatic, or --slot alone; not "{decision}".'
        raise UsageError(msg)
    told, file = pipeline.run_decide(plan, home, address, decision, reason, who)
    _print(told)
    _print(str(file))


@app.command()
def boundary(  # noqa: PLR0913, PLR0917 - one argument an option
    plan: PlanArgument,
    home: HomeOption,
    use: Annotated[str, typer.Option("--use", help="Confirm it: `proposed`, `plots` or `drawn`.")] = "",
    plot: Annotated[list[str] | None, typer.Option("--plot", help="With --use plots, a plot's key; may be said again.")] = None,
    corners: Annotated[
        str, typer.Option("--corners", help='With --use drawn: "LAT,LON; LAT,LON; ..." round the edge, or a file of them.')
    ] = "",
    reason: Annotated[str, typer.Option("--reason", help="Why it is not the one proposed.")] = "",
    who: Annotated[str, typer.Option("--who", help="Who confirms it.")] = "",
    again: Annotated[int | None, typer.Option("--again", help="Use one again that was taken back, by its number.")] = None,
    *,
    take_back: Annotated[bool, typer.Option("--take-back", help="Let the planner propose it again.")] = False,
) -> None:
    """Show a home's boundary, from which neighbours are measured, with the plots around; confirm, draw or take it back."""
    from siting import pipeline  # noqa: PLC0415

    with _progress() as progress:
        lines = pipeline.run_boundary(
            plan, home, use=use, plots=plot or (), corners=corners, reason=reason, who=who, take_back=take_back, again=again,
            progress=progress,
        )  # fmt: skip
    for line in lines:
        _print(line)


@app.command()
def house(
    plan: PlanArgument,
    at: Annotated[str, typer.Option("--at", help='The place: a postcode, or "latitude,longitude".', show_default=False)],
) -> None:
    """Say what the plan's rules say of a house that is in no table."""
    from siting import pipeline  # noqa: PLC0415

    with _progress() as progress:
        answer = pipeline.run_house(plan, at, progress=progress)
    for line in answer.sentences():
        _print(line)


@app.command()
def compare(
    earlier: Annotated[Path, typer.Argument(help="A kept run, or a folder of outputs for its newest.", show_default=False)],
    later: Annotated[Path, typer.Argument(help="Another, made later.", show_default=False)],
) -> None:
    """Say what changed between two runs: homes, verdicts, the choice, and what lies behind it."""
    from siting import pipeline  # noqa: PLC0415

    for line in pipeline.run_compare(earlier, later).sentences():
        _print(line)


@app.command()
def police(
    plan: PlanArgument,
    home: HomeOption,
    send: Annotated[bool, typer.Option("--send", help="Ask police.uk; without it, only say what would be sent.")] = False,  # noqa: FBT002
) -> None:
    """Look up a home's neighbourhood police team on the web, after saying what that sends."""
    from siting import pipeline  # noqa: PLC0415

    _print(pipeline.run_police(plan, home, send=send))


@app.command()
def log(  # noqa: PLR0913, PLR0917 - one argument an option
    plan: PlanArgument,
    home: HomeOption,
    event: Annotated[
        str | None, typer.Option("--event", help="What happened: briefed, invited, delivered, attended, ...")
    ] = None,
    who: Annotated[str, typer.Option("--who", help="Who writes this.")] = "",
    about: Annotated[str, typer.Option("--about", help="The neighbour (UPRN) or the person it is about.")] = "",
    note: Annotated[str, typer.Option("--note", help="What was said; keep to what is needed.")] = "",
    corrects: Annotated[int | None, typer.Option("--corrects", help="The number of an entry that was wrong.")] = None,
    export: Annotated[Path | None, typer.Option("--export", help="Write the register as Excel.")] = None,
    forget: Annotated[bool, typer.Option("--forget", help="Blank all that is personal; counts stay.")] = False,  # noqa: FBT002
    out: OutOption = None,
) -> None:
    """Keep the contact register of a home; without an event, show it and what is outstanding."""
    from siting import pipeline  # noqa: PLC0415

    folder = _folder(plan, out)
    if forget:
        _print(f"{pipeline.forget_log(home, folder)} entries were blanked; their counts are kept.")
    elif export is not None:
        _print(str(pipeline.export_log(plan, home, folder, export)))
    elif event is not None:
        number = pipeline.run_log(plan, home, folder, event=event, who=who, about=about, note=note, corrects=corrects)
        _print(f"Entry {number} is kept.")
        if event == "withdrawn":
            for line in pipeline.after_withdrawal(plan, home, folder):
                _print(line)
    else:
        table, todo = pipeline.read_log(plan, home, folder)
        if pipeline.is_withdrawn(home, folder):
            todo = pipeline.told_of_withdrawal(plan, home, folder)
        _print(table.astype(object).where(table.notna(), "").to_string(index=False) if len(table) else "The register is empty.")
        for line in todo:
            _print(line)


@app.command()
def forget(
    plan: PlanArgument,
    home: Annotated[str | None, typer.Option("--home", help="The home, by its home_id.", show_default=False)] = None,
    address: Annotated[
        str | None, typer.Option("--address", help="One neighbour: a UPRN or the address; without it the whole home.")
    ] = None,
    past: Annotated[bool, typer.Option("--past", help="All homes, once the plan's keep_until is past.")] = False,  # noqa: FBT002
    out: OutOption = None,
) -> None:
    """Forget a neighbour or a home: in the register, every output and the caches; say what to destroy by hand."""
    from siting import pipeline  # noqa: PLC0415

    with _progress() as progress:
        done = pipeline.run_forget(plan, _folder(plan, out), home_id=home, address=address, past=past, progress=progress)
    for line in done.words:
        _print(line)


@app.command()
def area(
    place: Annotated[str, typer.Argument(help="A town or county, as OpenStreetMap knows it.", show_default=False)],
    output: Annotated[Path, typer.Option("-o", "--output", help="The file: an extract (.osm.pbf) or a graph (.graphml).")] = Path(
        "area.osm.pbf"
    ),
) -> None:
    """Fetch the roads of a place to work from; its name goes to OpenStreetMap's servers."""
    from siting import pipeline  # noqa: PLC0415

    with _progress() as progress:
        outcome = pipeline.run_area(place, output, progress=progress)
    _answer(outcome)


@app.command()
def screen(
    plan: Annotated[Path, typer.Argument(metavar="SCREEN", help="The screen file (.toml).", show_default=False)],
    workers: Annotated[
        int | None,
        typer.Option("--workers", min=1, help="How many workers on this machine; by default as many as it bears."),
    ] = None,
    scheduler: Annotated[
        str | None, typer.Option("--scheduler", help="The address of a Dask scheduler, as tcp://HOST:8786.", show_default=False)
    ] = None,
    out: OutOption = None,
) -> None:
    """Screen many schools and a country's places; what was stopped goes on where it was."""
    from siting import pipeline  # noqa: PLC0415

    folder = _folder(plan, out)
    with _progress() as progress:
        outcome = pipeline.run_screen(plan, folder, workers=workers, scheduler=scheduler, progress=progress, say=_say)
    _answer(outcome)


@app.command()
def calibrate(  # noqa: PLR0913 - one argument an option
    plan: Annotated[Path | None, typer.Argument(help="The plan file (.toml) with observed journeys.", show_default=False)] = None,
    *,
    apply: Annotated[bool, typer.Option("--apply", help="Write the proposed factors and error to the plan.")] = False,
    network: Annotated[
        Path | None, typer.Option("--network", help="Instead of a plan: an OpenStreetMap extract.", show_default=False)
    ] = None,
    reference: Annotated[
        Path | None, typer.Option("--reference", help="And another planner's journeys with seconds (CSV).", show_default=False)
    ] = None,
    column: Annotated[str, typer.Option("--column", help="The reference's column of seconds.")] = "seconds",
    drives_on: Annotated[str | None, typer.Option("--drives-on", help="`left` or `right`, as the reference was made.")] = None,
    output: Annotated[Path | None, typer.Option("-o", "--output", help="The report to write (.md).", show_default=False)] = None,
) -> None:
    """Compare the model with a plan's own observed journeys, and propose local factors and a narrower error."""
    from siting import pipeline  # noqa: PLC0415

    if (plan is None) == (network is None or reference is None):
        msg = "Give a plan whose [inputs] name observed journeys; or --network and --reference."
        raise UsageError(msg)
    with _progress() as progress:
        if plan is not None:
            outcome = pipeline.run_observed(plan, output, apply=apply, progress=progress)
        elif network is not None and reference is not None:
            report = output or Path("calibration.md")
            outcome = pipeline.run_calibrate(network, reference, column, report, drives_on=drives_on, progress=progress)
    _answer(outcome)


@app.command()
def figures() -> None:
    """List every figure of the travel-time model, with its source."""
    from siting.travel_model import FIGURES  # noqa: PLC0415

    for name, figure in FIGURES.items():
        _print(f"{name} = {figure.value:g}  # {figure.unit}; {figure.source}")


def _folder(plan: Path, out: Path | None) -> Path:
    """Return where a plan's results go, beside it unless said otherwise; say what is wrong with what lies there."""
    from siting.storage.results_folder import earlier_run  # noqa: PLC0415

    name = f"{plan.parent.resolve().name if plan.stem == 'plan' else plan.stem}-results"
    folder = out or plan.parent / name
    if out is None and not folder.exists() and (Path(name) / "homes").is_dir():
        # Registers and calendars of before must not be lost sight of.
        _say(f"Results go to {name} here, where earlier ones lie; move it beside the plan, where they are looked for first.")
        folder = Path(name)
    trouble = earlier_run(folder)
    if trouble:
        _say(trouble)
    return folder


def _minutes(text: str) -> tuple[float, ...]:
    try:
        limits = tuple(float(part) for part in text.split(","))
    except ValueError:
        limits = ()
    if not limits or not all(0 < limit <= 600 for limit in limits):  # noqa: PLR2004 - ten hours
        msg = f'--minutes takes figures with commas between, as in 15,30,45; not "{text}".'
        raise UsageError(msg)
    return limits


def _direction(text: str) -> Direction:
    match text:
        case "to" | "to_school":
            return Direction.TO_SCHOOL
        case "from" | "from_school":
            return Direction.FROM_SCHOOL
        case _:
            msg = f'--direction takes `to` or `from`; not "{text}".'
            raise UsageError(msg)


@contextmanager
def _progress() -> Iterator[Callable[[str], None]]:
    """Show what is being done, how much of it is done and how long the rest will take, on standard error if somebody looks."""
    from rich.console import Console  # noqa: PLC0415 - not every command shows progress
    from rich.progress import (  # noqa: PLC0415
        BarColumn,
        Progress,
        SpinnerColumn,
        TaskProgressColumn,
        TextColumn,
        TimeElapsedColumn,
        TimeRemainingColumn,
    )

    console = Console(stderr=True)
    columns = (
        SpinnerColumn("line"),
        TextColumn("{task.description}", markup=False),
        BarColumn(bar_width=24),
        TaskProgressColumn(),
        TimeElapsedColumn(),
        TextColumn("left:"),
        TimeRemainingColumn(),
    )
    with Progress(*columns, console=console, transient=True, disable=not console.is_terminal) as bar:
        shown = [bar.add_task("starting", total=None)]

        def step(words: str) -> None:
            share = getattr(words, "share", None)
            if bar.tasks[-1].description != _plain(words):
                bar.remove_task(shown.pop())
                shown.append(bar.add_task(_plain(words), total=None if share is None else 1.0))
            if share is not None:
                bar.update(shown[0], total=1.0, completed=share)

        yield step


def _plain(text: str) -> str:
    """Take out of a text what a terminal would obey rather than show: control characters and marks that turn its direction."""
    return "".join(
        "\N{REPLACEMENT CHARACTER}" if letter != "\n" and unicodedata.category(letter) in {"Cc", "Cf"} else letter
        for letter in text
    )


def _print(text: str) -> None:
    typer.echo(_plain(text))


def _say(text: str) -> None:
    """Say something on standard error."""
    typer.echo(_plain(text), err=True)


def _warn(warnings: Sequence[Fault]) -> None:
    for warning in warnings:
        _say(str(warning))


def _answer(outcome: "Outcome") -> None:
    """Print what was found and what was written; leave with a status of its own where it is not what was asked for."""
    _warn((*outcome.warnings, *outcome.told_once))
    for line in (*outcome.summary, *map(str, outcome.files)):
        _print(line)
    if outcome.note:
        _say(outcome.note)
    if outcome.no_choice or outcome.nobody_found:
        raise typer.Exit(ExitStatus.NO_CHOICE)


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the command and leave with its exit status; a user sees no traceback."""
    _prepare_console()
    try:
        status = app(args=list(arguments) if arguments is not None else None, standalone_mode=False)
    except InputFaultsError as error:
        stopping = sum(fault.severity is Severity.FAULT for fault in error.faults)
        for fault in error.faults:
            _say(str(fault))
        _say(f"{counted(stopping, 'fault')}; {_so_far()}.")
        sys.exit(error.exit_status)
    except SitingError as error:
        _say(str(error))
        sys.exit(error.exit_status)
    except KeyboardInterrupt:
        _leave_with(_INTERRUPTED)
    except BrokenPipeError:
        # Whoever reads has heard enough; what is still to be printed goes nowhere.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    except Exception as error:  # noqa: BLE001 - no traceback reaches a user; it goes to a log
        _leave(error)
    else:
        _leave_with(status if isinstance(status, int) else ExitStatus.DONE)


def _leave_with(status: int) -> None:
    """Leave with a command's own status, which is also what typer makes of an interrupt from the keyboard."""
    if status == _INTERRUPTED:
        _say(f"Stopped; {_so_far()}.")
    if status:
        sys.exit(status)


def _prepare_console() -> None:
    """Let no letter that a console lacks, and no library's own warning, get between a user and the answer."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")
    if not sys.warnoptions:
        warnings.simplefilter("ignore")


def _so_far() -> str:
    """Say what is known to have been written."""
    # Where the module that writes was not even loaded, nothing was.
    writer = sys.modules.get("siting.storage.staging")
    files = writer.written() if writer else ()
    return f"written before that: {listed([str(file) for file in files])}" if files else "nothing was written"


def _leave(error: Exception) -> None:
    if hasattr(error, "show") and hasattr(error, "exit_code"):  # a fault in how the command was typed
        error.show()
        sys.exit(ExitStatus.WRONG_USAGE)
    if type(error).__name__ in {"Abort", "Exit"}:
        _leave_with(getattr(error, "exit_code", _INTERRUPTED))
    from siting.pipeline.fault_log import write_fault_log  # noqa: PLC0415

    log = write_fault_log(error, sys.argv[1:2])
    _say(f"The program failed, which should not happen; {_so_far()}.")
    if log is not None:
        _say(f"Please send {log} to whoever looks after it; it holds no name, place or address.")
    sys.exit(ExitStatus.PROGRAM_FAULT)


if __name__ == "__main__":
    main()
