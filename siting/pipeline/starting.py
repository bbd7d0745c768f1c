"""Starts a plan: the sample to try, or one of the user's own from a few answers."""

import json
import re
import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from siting.faults import UsageError
from siting.inputs.locating import parse_place
from siting.pipeline.starters import write_starters
from siting.storage.kept import bundled_data
from siting.storage.staging import staged

SAMPLE = "chilterns"
PLAN_NAME = "plan.toml"
_EMPTY_CANDIDATES = "home_id,address,postcode,bedrooms,beds,price_gbp,authority,status,link\n"


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanAnswers:
    """What is asked before a plan is started.

    `school_at` is a postcode or `"latitude,longitude"`; `gate` the same, or empty. `network` is the
    name of an OpenStreetMap extract in the plan's folder, or empty where `place` names an area.
    """

    title: str
    school: str
    school_at: str
    gate: str = ""
    minutes: float = 45.0
    scenario: str = "school_run"
    network: str = ""
    place: str = ""


def start_sample(folder: Path) -> Path:
    """Copy the sample into a folder of its own beside others; the plan file.

    The places and children of it are invented.
    """
    target = _new_folder(folder, "sample")
    with staged(target) as staging:
        for path in sorted((bundled_data() / SAMPLE).iterdir()):
            if path.is_file():
                shutil.copyfile(path, staging / path.name)
    write_starters(target)
    return target / PLAN_NAME


def start_plan(folder: Path, answers: PlanAnswers) -> Path:
    """Write a plan and an empty table of candidates into a new folder named by its title; the plan file.

    Raises
    ------
    UsageError
        Where an answer cannot be used.
    """
    text = plan_text(answers)
    target = _new_folder(folder, _folder_name(answers.title))
    with staged(target) as staging:
        (staging / PLAN_NAME).write_text(text, encoding="utf-8")
        (staging / "candidates.csv").write_text(_EMPTY_CANDIDATES, encoding="utf-8-sig")
        if answers.network:
            shutil.copyfile(folder / answers.network, staging / "roads.osm.pbf")
    write_starters(target)
    return target / PLAN_NAME


def plan_text(answers: PlanAnswers) -> str:
    """Write the plan file of some answers.

    Raises
    ------
    UsageError
        Where an answer cannot be used.
    """
    if not answers.title.strip() or not answers.school.strip():
        msg = "A plan needs a title and the name of a school."
        raise UsageError(msg)
    for at in filter(None, (answers.school_at, answers.gate)):
        parse_place(at)
    area = {"network": "roads.osm.pbf"} if answers.network else {"place": answers.place}
    parts: list[tuple[str, Mapping[str, object]]] = [
        ("[area]", area),
        ("[[schools]]", {"name": answers.school.strip()} | _place_keys(answers.school_at) | _gate(answers.gate)),
        ("[rules]", {"school_minutes": answers.minutes, "scenario": answers.scenario}),
        ("[inputs]", {"candidates": "candidates.csv"}),
    ]
    lines = [f"title = {_quoted(answers.title.strip())}"]
    for heading, keys in parts:
        lines += ["", heading, *(f"{key} = {_quoted(value)}" for key, value in keys.items())]
    return "\n".join(lines) + "\n"


def _place_keys(at: str) -> dict[str, object]:
    degrees = re.fullmatch(r"\s*([-+]?\d+(?:\.\d+)?)\s*[,\s]\s*([-+]?\d+(?:\.\d+)?)\s*", at)
    if degrees:
        return {"latitude": float(degrees[1]), "longitude": float(degrees[2])}
    return {"postcode": at.strip().upper()}


def _gate(at: str) -> dict[str, object]:
    return {"gate": at.strip()} if at.strip() else {}


def _quoted(value: object) -> str:
    """Write a value as TOML knows it; JSON's way of writing text is one of TOML's, but for one character."""
    text = json.dumps(value, ensure_ascii=False)
    return text.replace("\x7f", "\\u007f")


def _folder_name(title: str) -> str:
    name = re.sub(r"[^a-z0-9]+", "-", title.casefold()).strip("-")[:40].strip("-")
    return name or "plan"


def _new_folder(folder: Path, name: str) -> Path:
    """Make a folder that was not there; a number is added to a name that is taken."""
    for number in range(1, 1000):
        target = folder / (name if number == 1 else f"{name}-{number}")
        try:
            target.mkdir(parents=True)
        except FileExistsError:
            continue
        return target
    msg = f"There are too many folders named {name} here."
    raise UsageError(msg)
