"""The plan file as a whole, read and checked."""

import difflib
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated

from pydantic import Field, ValidationError

from siting.faults import Fault, InputFaultsError
from siting.inputs.plan_checks import contradictions
from siting.inputs.plan_parts import (
    Area,
    AuthorityShare,
    DropIn,
    Engagement,
    Figure,
    Inputs,
    PlanPart,
    PortfolioPart,
    Rules,
    School,
)
from siting.inputs.toml_files import key_fault, keys_at, missing_files, read_toml, refuse_path
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
    model: Mapping[str, Figure] = Field(default_factory=dict)
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


def _read_plan(path: Path) -> Plan:
    raw = read_toml(path, "plan")
    refuse_path(path, "plan", raw)
    try:
        plan = Plan.model_validate({**raw, "path": path})
    except ValidationError as error:
        raise InputFaultsError(
            key_fault(path, "plan", details, keys_at(Plan, _PARTS, details["loc"][:-1])) for details in error.errors()
        ) from error
    faults = [
        *_missing_files(plan),
        *unknown_figures(path.name, plan.model),
        *contradictions(path.name, plan.engagement, plan.portfolio, plan.authorities),
    ]
    if faults:
        raise InputFaultsError(faults)
    return plan


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
    return missing_files(plan.path, named, "plan")


def unknown_figures(file: str, model: Mapping[str, float]) -> list[Fault]:
    """Name figures of the travel-time model that there are not, or that are negative."""
    faults = []
    for name, value in model.items():
        if name not in FIGURES:
            guess = difflib.get_close_matches(name, FIGURES, n=1)
            remedy = f"Did you mean {guess[0]}" if guess else "`siting figures` lists the names"
            faults.append(Fault(file=file, column=f"model.{name}", problem="no such figure", remedy=remedy))
        elif not value >= 0:
            faults.append(
                Fault(
                    file=file,
                    column=f"model.{name}",
                    problem="a figure of the model must not be negative",
                    remedy="Correct it",
                )
            )
    return faults
