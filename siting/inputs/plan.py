"""The plan file as a whole, read and checked."""

import difflib
import re
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated

from pydantic import BaseModel, Field, ValidationError
from pydantic_core import ErrorDetails

from siting.faults import Fault, InputFaultsError
from siting.inputs.plan_checks import contradictions
from siting.inputs.plan_parts import Area, AuthorityShare, DropIn, Engagement, Inputs, PlanPart, PortfolioPart, Rules, School
from siting.storage.decoding import decode_text
from siting.travel_model import FIGURES, TravelModel


class Plan(PlanPart):
    """A whole plan file."""

    title: str = "Home siting plan"
    """What heads every output."""
    area: Area
    """Where the roads come from."""
    schools: Annotated[tuple[School, ...], Field(min_length=1)]
    """One or more schools; the nearest one counts for a home."""
    rules: Rules = Rules()
    """What a home is judged by."""
    inputs: Inputs
    """The tables."""
    engagement: Engagement = Engagement()
    """How the neighbours are told."""
    portfolio: PortfolioPart | None = None
    """Which homes to have together; `siting run` chooses them where this part is there."""
    authorities: Mapping[str, AuthorityShare] = Field(default_factory=dict)
    """The partner councils by name, and their beds."""
    model: Mapping[str, float] = Field(default_factory=dict)
    """Figures of the travel-time model to change, by their name in the table of figures."""
    path: Path = Field(default=Path("plan.toml"), exclude=True)
    """The file itself; not a key to write."""

    @classmethod
    def read(cls, path: Path | str) -> "Plan":
        """Read a plan file (TOML, UTF-8 with or without a byte-order mark, or Windows-1252).

        Raises
        ------
        InputFaultsError
            Naming every key that is missing, misspelt or has an impossible value, and every file
            that the plan names and that is not there.
        """
        return _read_plan(Path(path))

    def resolve(self, relative: str) -> Path:
        """Return the path of a file that the plan names."""
        return self.path.parent / relative

    @property
    def travel_model(self) -> TravelModel:
        """The travel-time model with this plan's changes."""
        return TravelModel(changes=tuple(sorted(self.model.items())), hours=self.rules.school_hours)


MOST_PLAN_BYTES = 1_000_000
"""A plan is a page of text (own limit)."""


def _read_plan(path: Path) -> Plan:
    try:
        if path.exists() and not path.is_file():
            raise InputFaultsError([Fault(file=path.name, problem="the plan is no file", remedy="Name the plan file (.toml)")])
        if path.exists() and path.stat().st_size > MOST_PLAN_BYTES:
            raise InputFaultsError(
                [Fault(file=path.name, problem="the plan file is far too large", remedy="Name the plan file (.toml)")]
            )
        raw = tomllib.loads(decode_text(path.read_bytes()))
    except RecursionError as error:
        fault = Fault(
            file=path.name, problem="the plan file is not valid TOML: it is nested too deeply", remedy="Check its brackets"
        )
        raise InputFaultsError([fault]) from error
    except OSError as error:
        raise InputFaultsError(
            [Fault(file=path.name, problem=f"the plan file cannot be read ({error.strerror})", remedy="Check its path")]
        ) from error
    except tomllib.TOMLDecodeError as error:
        raise InputFaultsError([_syntax_fault(path, error)]) from error
    try:
        plan = Plan.model_validate({**raw, "path": path})
    except ValidationError as error:
        raise InputFaultsError(_plan_fault(path, details) for details in error.errors()) from error
    faults = [*_missing_files(plan), *_unknown_figures(plan), *contradictions(path.name, plan.engagement, plan.portfolio)]
    if faults:
        raise InputFaultsError(faults)
    return plan


def _syntax_fault(path: Path, error: tomllib.TOMLDecodeError) -> Fault:
    line = re.search(r"line (\d+)", str(error))
    problem = re.sub(r" \(at .*\)$", "", str(error)).lower()
    return Fault(
        file=path.name,
        row=int(line[1]) if line else None,
        problem=f"the plan file is not valid TOML: {problem}",
        remedy='Text needs quotes, as in title = "Our plan"; see the example in the README',
    )


def _plan_fault(path: Path, details: ErrorDetails) -> Fault:
    location = details["loc"]
    key = ".".join(str(part + 1) if isinstance(part, int) else part for part in location) or "area"
    match details["type"]:
        case "extra_forbidden":
            known = _keys_at(location[:-1])
            guess = difflib.get_close_matches(str(location[-1]), known, n=1)
            remedy = f"Did you mean {guess[0]}?" if guess else f"The keys known here are {', '.join(known)}"
            return Fault(file=path.name, column=key, problem="this key is not known", remedy=remedy.rstrip("?"))
        case "missing":
            return Fault(file=path.name, column=key, problem="this key is missing", remedy="Add it to the plan file")
        case _:
            problem = details["msg"].removeprefix("Value error, ")
            return Fault(
                file=path.name,
                column=key,
                problem=problem[0].lower() + problem[1:],
                remedy="Correct it; the README lists what each key may hold",
            )


def _keys_at(location: tuple[int | str, ...]) -> list[str]:
    part: type[BaseModel] = Plan
    for step in location:
        # A council's name or a school's number stands between the part and its keys.
        if isinstance(step, str) and step in _PARTS:
            part = _PARTS[step]
    return [name for name in part.model_fields if name != "path"]


_PARTS: dict[str, type[PlanPart]] = {
    "area": Area,
    "schools": School,
    "rules": Rules,
    "inputs": Inputs,
    "engagement": Engagement,
    "drop_in": DropIn,
    "portfolio": PortfolioPart,
    "authorities": AuthorityShare,
}


def _missing_files(plan: Plan) -> list[Fault]:
    named = list(plan.inputs.named)
    named += [
        (key, name)
        for key, name in (
            ("area.network", plan.area.network),
            ("engagement.logo", plan.engagement.logo),
            ("engagement.letter", plan.engagement.letter),
        )
        if name
    ]
    return [
        Fault(
            file=plan.path.name,
            column=key,
            problem=f"the file {name} is not there",
            remedy="Paths are relative to the plan file; check the name",
        )
        for key, name in named
        if not plan.resolve(name).is_file()
    ]


def _unknown_figures(plan: Plan) -> list[Fault]:
    faults = []
    for name, value in plan.model.items():
        if name not in FIGURES:
            guess = difflib.get_close_matches(name, FIGURES, n=1)
            remedy = f"Did you mean {guess[0]}" if guess else "`siting figures` lists the names"
            faults.append(Fault(file=plan.path.name, column=f"model.{name}", problem="no such figure", remedy=remedy))
        elif not value >= 0:
            faults.append(
                Fault(
                    file=plan.path.name,
                    column=f"model.{name}",
                    problem="a figure of the model must not be negative",
                    remedy="Correct it",
                )
            )
    return faults
