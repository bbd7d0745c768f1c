"""What the page does with named choices, for the command: shown, kept, taken away; why not a home; what less money brings."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from siting.faults import UsageError
from siting.pipeline.choices_by_name import NamedChoice, forget_choice, name_choice, named_choices, now
from siting.pipeline.live_choice import Chooser, TriedChoice
from siting.progress import Progress, silent
from siting.sentences import counted, pounds

_ASKED = ("homes", "beds", "budget_gbp", "objective", "include_marginal", "locked", "barred")
"""What of a plan's wishes is kept with a choice, as the page keeps it."""


def list_choices(plan_path: Path) -> tuple[str, ...]:
    """Say which choices of a plan were kept, a line each.

    Raises
    ------
    UsageError
        Where their file cannot be read.
    """
    choices = named_choices(plan_path).choices
    return tuple(f"{one.name}: {_told(one.choice)} Kept by {one.who}, {one.when}." for one in choices) or (
        "No choice was kept yet.",
    )


def keep_choice(
    plan_path: Path, name: str, changes: Mapping[str, Any], who: str, *, progress: Progress = silent
) -> tuple[str, ...]:
    """Choose by the plan's wishes with changes, and keep the choice under a name; what it is.

    Raises
    ------
    UsageError
        Where nobody is said to keep it, the name is empty or taken, or a wish cannot be used.
    InputFaultsError, NetworkSourceError
        Where the inputs or the roads cannot be used.
    """
    if not who.strip():
        msg = "Say with --who who keeps it."
        raise UsageError(msg)
    seen = named_choices(plan_path).version
    chooser = Chooser.open(plan_path, progress)
    asked = _asked(chooser, changes)
    tried = chooser.attempt(asked)
    _refuse_unfinished(tried)
    name_choice(plan_path, NamedChoice(name=name.strip(), asked=asked, choice=tried.choice, who=who, when=now()), seen=seen)
    return (f"{name.strip()} is kept: {_told(tried.choice)}", *tried.told)


def take_choice_away(plan_path: Path, name: str) -> tuple[str, ...]:
    """Take a named choice away; what it was.

    Raises
    ------
    UsageError
        Where there is none of that name, or another changed the choices meanwhile.
    """
    known = named_choices(plan_path)
    found = next((one for one in known.choices if one.name == name), None)
    if found is None:
        names = ", ".join(one.name for one in known.choices) or "none"
        msg = f"There is no choice named {name}. Kept are: {names}."
        raise UsageError(msg)
    forget_choice(plan_path, name, seen=known.version)
    return (f"{name} is taken away. It was: {_told(found.choice)}",)


def why_not(plan_path: Path, home_id: str, changes: Mapping[str, Any], *, progress: Progress = silent) -> tuple[str, ...]:
    """Say why a home is not in the best choice: what the best choice with it would be.

    Raises
    ------
    UsageError
        Where the home is not in the plan, or a wish cannot be used.
    InputFaultsError, NetworkSourceError
        Where the inputs or the roads cannot be used.
    """
    chooser = Chooser.open(plan_path, progress)
    asked = _asked(chooser, changes)
    as_asked = chooser.attempt(asked)
    if as_asked.choice and home_id in as_asked.choice["homes"]:
        return (f"{home_id} is in the best choice: {_told(as_asked.choice)}",)
    return chooser.without_reason(asked, home_id)


def less_money(plan_path: Path, changes: Mapping[str, Any], *, progress: Progress = silent) -> tuple[str, ...]:
    """Say what smaller budgets would bring, a line each, the choice as asked first.

    Raises
    ------
    UsageError
        Where a wish cannot be used.
    InputFaultsError, NetworkSourceError
        Where the inputs or the roads cannot be used.
    """
    chooser = Chooser.open(plan_path, progress)
    found: Sequence[Mapping[str, Any]] = chooser.trade(_asked(chooser, changes))
    return tuple(_told(one) for one in found) or ("No choice keeps every rule, or a price is missing.",)


def _asked(chooser: Chooser, changes: Mapping[str, Any]) -> dict[str, Any]:
    wishes = chooser.first_wishes
    return {key: wishes[key] for key in _ASKED} | dict(changes)


def _refuse_unfinished(tried: TriedChoice) -> None:
    if tried.ran_out:
        msg = "No choice was found in the time given, and there may be one, so nothing is kept. Ask for less."
        raise UsageError(msg)


def _told(choice: Mapping[str, Any] | None) -> str:
    if choice is None:
        return "no choice keeps every rule."
    cost = "a price is missing" if choice["cost_gbp"] is None else f"{pounds(choice['cost_gbp'])} still to spend"
    minutes = (
        ""
        if choice["total_min"] is None
        else f", {choice['total_min']:.1f} minutes in all, the longest {choice['worst_min']:.1f}"
    )
    short = f", {counted(choice['without_bed'], 'child', 'children')} without a bed" if choice["without_bed"] else ""
    return f"{', '.join(choice['homes'])}; {counted(choice['beds'], 'bed')}, {cost}{minutes}{short}."
