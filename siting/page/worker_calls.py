"""What the worker can be asked: each call takes and returns what JSON knows.

The heavy libraries are loaded here, in the worker's process, and never in the server's.
"""

from collections.abc import Callable, Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any

from siting import pipeline
from siting.faults import Fault
from siting.progress import Progress

Call = Callable[[Mapping[str, Any], Progress], Any]


def fault_values(fault: Fault) -> dict[str, Any]:
    """Return a fault as JSON knows it, with its whole sentence."""
    return asdict(fault) | {"severity": fault.severity.value, "sentence": str(fault)}


def run(values: Mapping[str, Any], progress: Progress) -> Any:  # noqa: ANN401 - what JSON knows
    """Do everything that a plan asks for."""
    return _told(pipeline.run_all(Path(values["plan"]), Path(values["out"]), progress=progress))


def _told(outcome: pipeline.Outcome) -> dict[str, Any]:
    return {
        "warnings": [fault_values(fault) for fault in outcome.warnings],
        "note": outcome.note,
        "summary": list(outcome.summary),
        "no_choice": outcome.no_choice,
    }


def check(values: Mapping[str, Any], progress: Progress) -> Any:  # noqa: ANN401
    """Check a plan's inputs and what was issued in its folder, as the command does; the warnings."""
    warnings = pipeline.check(Path(values["plan"]), Path(values["out"]), progress=progress)
    return {"warnings": [fault_values(fault) for fault in warnings]}


def sample(values: Mapping[str, Any], _progress: Progress) -> Any:  # noqa: ANN401
    """Copy the sample into the folder."""
    return {"plan": str(pipeline.start_sample(Path(values["folder"])))}


def start(values: Mapping[str, Any], _progress: Progress) -> Any:  # noqa: ANN401
    """Start a plan from a few answers."""
    return {"plan": str(pipeline.start_plan(Path(values["folder"]), pipeline.PlanAnswers(**values["answers"])))}


def compare(values: Mapping[str, Any], _progress: Progress) -> Any:  # noqa: ANN401
    """Compare two kept runs."""
    return asdict(pipeline.run_compare(Path(values["earlier"]), Path(values["later"])))


_READ: dict[str, tuple[object, object]] = {}
"""What was read of a plan, by what it is for, with the state of its folder at the time."""


def _state(plan: Path) -> object:
    """Tell one state of a plan's folder from another; what the page itself keeps there does not count."""
    beside = (path for path in plan.parent.iterdir() if path.is_file() and not path.name.startswith("."))
    return plan, tuple(
        sorted(
            (path.name, path.stat().st_size, path.stat().st_mtime_ns)
            for path in beside
            if ".choices." not in path.name and ".tables." not in path.name
        )
    )


def _asker(plan: Path, progress: Progress) -> pipeline.HouseAsker:
    state = _state(plan)
    known = _READ.get("asker")
    if known is None or known[0] != state:
        known = _READ["asker"] = (state, pipeline.HouseAsker.open(plan, progress))
    assert isinstance(known[1], pipeline.HouseAsker)  # noqa: S101 - as it was put there
    return known[1]


def _chooser(plan: Path, progress: Progress) -> pipeline.Chooser:
    state = _state(plan)
    known = _READ.get("chooser")
    if known is None or known[0] != state:
        known = _READ["chooser"] = (state, pipeline.Chooser.open(plan, progress))
    assert isinstance(known[1], pipeline.Chooser)  # noqa: S101 - as it was put there
    return known[1]


def house(values: Mapping[str, Any], progress: Progress) -> Any:  # noqa: ANN401
    """Judge a house that is in no table."""
    answer = _asker(Path(values["plan"]), progress).ask(values["at"])
    return asdict(answer) | {"sentences": list(answer.sentences())}


def wishes(values: Mapping[str, Any], progress: Progress) -> Any:  # noqa: ANN401
    """Return what a choice begins with, and the plan's named choices."""
    plan = Path(values["plan"])
    return {"wishes": _chooser(plan, progress).first_wishes, "named": asdict(pipeline.named_choices(plan))}


def choose(values: Mapping[str, Any], progress: Progress) -> Any:  # noqa: ANN401
    """Try a choice of homes."""
    return asdict(_chooser(Path(values["plan"]), progress).attempt(values["changes"]))


def why_not(values: Mapping[str, Any], progress: Progress) -> Any:  # noqa: ANN401
    """Say why a home is not chosen."""
    return list(_chooser(Path(values["plan"]), progress).without_reason(values["changes"], values["home"]))


def trade(values: Mapping[str, Any], progress: Progress) -> Any:  # noqa: ANN401
    """Say what less money would bring."""
    return list(_chooser(Path(values["plan"]), progress).trade(values["changes"]))


def name_choice(values: Mapping[str, Any], progress: Progress) -> Any:  # noqa: ANN401
    """Keep a choice under a name."""
    plan = Path(values["plan"])
    tried = _chooser(plan, progress).attempt(values["changes"])
    choice = pipeline.NamedChoice(
        name=values["name"], asked=values["changes"], choice=tried.choice, who=values["who"], when=pipeline.now()
    )
    return asdict(pipeline.name_choice(plan, choice, seen=values["seen"]))


def forget_choice(values: Mapping[str, Any], _progress: Progress) -> Any:  # noqa: ANN401
    """Take a named choice away."""
    return asdict(pipeline.forget_choice(Path(values["plan"]), values["name"], seen=values["seen"]))


def restore_choice(values: Mapping[str, Any], _progress: Progress) -> Any:  # noqa: ANN401
    """Keep a choice again that was taken away."""
    choice = pipeline.NamedChoice(**values["choice"])
    return asdict(pipeline.name_choice(Path(values["plan"]), choice, seen=values["seen"]))


def board(values: Mapping[str, Any], progress: Progress) -> Any:  # noqa: ANN401
    """Write the board's paper of a choice."""
    outcome = pipeline.run_portfolio(Path(values["plan"]), values["changes"], Path(values["out"]), progress=progress)
    return _told(outcome)


def prepare(values: Mapping[str, Any], progress: Progress) -> Any:  # noqa: ANN401
    """Read a plan before it is asked about."""
    _asker(Path(values["plan"]), progress)
    return True


def ground(values: Mapping[str, Any], progress: Progress) -> Any:  # noqa: ANN401
    """Draw the ground under a plan's map."""
    return pipeline.ground_of(Path(values["plan"]), progress=progress)


def engage(values: Mapping[str, Any], progress: Progress) -> Any:  # noqa: ANN401
    """Make a home's list of neighbours and every paper."""
    outcome = pipeline.run_engage(Path(values["plan"]), values["home"], Path(values["out"]), progress=progress)
    return _told(outcome)


def decide(values: Mapping[str, Any], _progress: Progress) -> Any:  # noqa: ANN401
    """Add a neighbour, take one out, or undo either."""
    told, _file = pipeline.run_decide(
        Path(values["plan"]), values["home"], values["address"], values["decision"], values["reason"], values["who"]
    )
    return told


def log(values: Mapping[str, Any], _progress: Progress) -> Any:  # noqa: ANN401
    """Write an entry into a home's register; where a purchase came to nothing, its visits are called off too."""
    keys = ("event", "who", "about", "note", "corrects")
    home, out = values["home"], Path(values["out"])
    number = pipeline.run_log(Path(values["plan"]), home, out, **{key: values[key] for key in keys})
    if values["event"] == "withdrawn":
        pipeline.after_withdrawal(Path(values["plan"]), home, out)
    return number


def boundary(values: Mapping[str, Any], progress: Progress) -> Any:  # noqa: ANN401
    """Show a home's boundary and what it can be made from."""
    return asdict(pipeline.show_boundary(Path(values["plan"]), values["home"], progress=progress))


def confirm_boundary(values: Mapping[str, Any], _progress: Progress) -> Any:  # noqa: ANN401
    """Keep a home's boundary; the file's new version."""
    keys = ("plots", "corners", "reason", "who", "seen")
    return pipeline.confirm_boundary(
        Path(values["plan"]), values["home"], values["how"], when=pipeline.now(), **{key: values[key] for key in keys}
    )


def boundary_back(values: Mapping[str, Any], _progress: Progress) -> Any:  # noqa: ANN401
    """Take a boundary back (no number), or put an earlier one in force again; the file's new version."""
    plan, home, number = Path(values["plan"]), values["home"], values["number"]
    if number is None:
        return pipeline.take_boundary_back(plan, home, seen=values["seen"])
    return pipeline.bring_boundary_back(plan, home, number, seen=values["seen"])


def visits(values: Mapping[str, Any], _progress: Progress) -> Any:  # noqa: ANN401
    """Read who has which time."""
    return asdict(pipeline.visit_board(Path(values["plan"]), values["home"], Path(values["out"])))


def agree(values: Mapping[str, Any], _progress: Progress) -> Any:  # noqa: ANN401
    """Give a neighbour another time."""
    return pipeline.run_agree(
        Path(values["plan"]), values["home"], values["about"], values["slot"], Path(values["out"]), host=values["host"]
    )


def bring_day(values: Mapping[str, Any], _progress: Progress) -> Any:  # noqa: ANN401
    """Add what was noted on the visiting day to the register."""
    noted = [pipeline.Noted(**one) for one in values["noted"]]
    return asdict(pipeline.bring_day_back(Path(values["plan"]), values["home"], Path(values["out"]), noted, who=values["who"]))


def attached(values: Mapping[str, Any], _progress: Progress) -> Any:  # noqa: ANN401
    """Return the files that a plan names beside its tables."""
    return pipeline.attached(Path(values["plan"]))


def attach(values: Mapping[str, Any], _progress: Progress) -> Any:  # noqa: ANN401
    """Let a plan read a file; what it named before."""
    return pipeline.attach(Path(values["plan"]), values["kind"], Path(values["upload"]), values["name"])


def detach(values: Mapping[str, Any], _progress: Progress) -> Any:  # noqa: ANN401
    """Let a plan name another file, or none."""
    return pipeline.detach(Path(values["plan"]), values["kind"], values["name"])


def find_schools(values: Mapping[str, Any], _progress: Progress) -> Any:  # noqa: ANN401
    """Find schools in a list."""
    return pipeline.find_schools(Path(values["list"]), values["words"])


def school(values: Mapping[str, Any], _progress: Progress) -> Any:  # noqa: ANN401
    """Return the school of a plan and its gate."""
    return pipeline.first_school(Path(values["plan"]))


def gate(values: Mapping[str, Any], _progress: Progress) -> Any:  # noqa: ANN401
    """Say where cars enter the school; where it was before."""
    return pipeline.place_gate(Path(values["plan"]), values["gate"])


def register(values: Mapping[str, Any], _progress: Progress) -> Any:  # noqa: ANN401
    """Read a home's register, what is outstanding, and whether the purchase came to nothing and who is to be told of it."""
    home, out = values["home"], Path(values["out"])
    table, outstanding = pipeline.read_log(Path(values["plan"]), home, out)
    is_withdrawn = pipeline.is_withdrawn(home, out)
    last = pipeline.read_last_pack(Path(values["plan"]), home, out)
    rows = table.astype(object).where(table.notna(), None).to_dict("records")
    return {
        "rows": [{str(key): cell if cell is None else _as_written(cell) for key, cell in row.items()} for row in rows],
        "outstanding": list(outstanding),
        "left_alone": list(last.left_alone) if last else [],
        "withdrawn": is_withdrawn,
        "news": asdict(pipeline.to_tell_of_withdrawal(Path(values["plan"]), home, out)) if is_withdrawn else None,
    }


def _as_written(cell: object) -> str:
    # A column of numbers in which some are missing holds 1 as 1.0.
    return f"{cell:.0f}" if isinstance(cell, float) and cell.is_integer() else str(cell)


def forget(values: Mapping[str, Any], _progress: Progress) -> Any:  # noqa: ANN401
    """Forget one neighbour of a home or, without an address, the whole home, in all that the program wrote."""
    plan, out = Path(values["plan"]), Path(values["out"])
    done = pipeline.run_forget(plan, out, home_id=values["home"], address=values["address"])
    return {
        "entries": done.entries,
        "deleted": len(done.deleted),
        "by_hand": list(done.by_hand),
        "still_named_in": [path.name for path in done.still_named_in],
    }


def bring(values: Mapping[str, Any], _progress: Progress) -> Any:  # noqa: ANN401
    """Keep a user's spreadsheet for a table of a plan; what was kept before it."""
    plan = Path(values["plan"])
    known = pipeline.brought_tables(plan)
    before = known.tables.get(values["kind"])
    kept = pipeline.bring(plan, values["kind"], Path(values["upload"]), values["name"], seen=known.version)
    return {"before": asdict(before) if before else None, "seen": kept.version}


def bring_own(values: Mapping[str, Any], _progress: Progress) -> Any:  # noqa: ANN401
    """Bring the file that a plan reads now, so that it is shown; what is kept of it."""
    plan = Path(values["plan"])
    kept = pipeline.bring_own(plan, values["kind"], seen=pipeline.brought_tables(plan).version)
    return {"before": None, "seen": kept.version}


def put_back(values: Mapping[str, Any], _progress: Progress) -> Any:  # noqa: ANN401
    """Put in force again what was kept of a table before."""
    pipeline.put_back(Path(values["plan"]), values["kind"], values["before"], seen=values["seen"])


def table(values: Mapping[str, Any], _progress: Progress) -> Any:  # noqa: ANN401
    """Show a table that was brought."""
    shown = pipeline.show_table(Path(values["plan"]), values["kind"])
    return asdict(shown) | {"is_sound": shown.is_sound} if shown else None


def correct(values: Mapping[str, Any], _progress: Progress) -> Any:  # noqa: ANN401
    """Keep what was chosen for the columns of a table and what was corrected in it."""
    plan, kind = Path(values["plan"]), values["kind"]
    shown = pipeline.show_table(plan, kind)
    headings = {str(column["index"]): str(column["heading"]) for column in shown.columns} if shown else {}
    picked = {headings[index]: field for index, field in values["columns"].items() if index in headings}
    cells = {(int(row), headings.get(index, index)): text for row, index, text in values["cells"]}
    pipeline.correct_table(
        plan,
        kind,
        columns=picked,
        cells=cells,
        left_out=values["left_out"],
        who=values["who"],
        when=pipeline.now(),
        seen=values["seen"],
    )


def use_table(values: Mapping[str, Any], _progress: Progress) -> Any:  # noqa: ANN401
    """Let the plan read a table that was brought."""
    return pipeline.use_table(Path(values["plan"]), values["kind"], seen=values["seen"]).name


def add_home(values: Mapping[str, Any], _progress: Progress) -> Any:  # noqa: ANN401
    """Add a house to the plan's list."""
    return pipeline.add_home(Path(values["plan"]), values["row"]).name


def photograph_away(values: Mapping[str, Any], _progress: Progress) -> Any:  # noqa: ANN401
    """Take a photograph of a home away."""
    pipeline.take_photograph_away(Path(values["plan"]), values["name"])


def photograph_back(values: Mapping[str, Any], _progress: Progress) -> Any:  # noqa: ANN401
    """Bring back a photograph that was taken away."""
    pipeline.bring_photograph_back(Path(values["plan"]), values["name"])


def warm(_values: Mapping[str, Any], _progress: Progress) -> Any:  # noqa: ANN401
    """Load what most calls need, and clear what a server that was killed left of uploads."""
    pipeline.clear_copies()
    return [getattr(pipeline, name) is not None for name in ("HouseAsker", "run_compare", "start_plan")]


CALLS: dict[str, Call] = {
    "bring": bring,
    "bring_own": bring_own,
    "put_back": put_back,
    "restore_choice": restore_choice,
    "table": table,
    "correct": correct,
    "use_table": use_table,
    "add_home": add_home,
    "engage": engage,
    "decide": decide,
    "log": log,
    "register": register,
    "attached": attached,
    "attach": attach,
    "detach": detach,
    "find_schools": find_schools,
    "school": school,
    "gate": gate,
    "boundary": boundary,
    "confirm_boundary": confirm_boundary,
    "boundary_back": boundary_back,
    "visits": visits,
    "agree": agree,
    "bring_day": bring_day,
    "forget": forget,
    "wishes": wishes,
    "choose": choose,
    "why_not": why_not,
    "trade": trade,
    "name_choice": name_choice,
    "forget_choice": forget_choice,
    "board": board,
    "prepare": prepare,
    "ground": ground,
    "house": house,
    "photograph_away": photograph_away,
    "photograph_back": photograph_back,
    "warm": warm,
    "run": run,
    "check": check,
    "sample": sample,
    "start": start,
    "compare": compare,
}
