"""Write the references of the plan file and of the screen file from the text under each key.

python data/make_plan_reference.py docs/plan-reference.md docs/screen-reference.md
"""

import sys
from collections.abc import Sequence
from pathlib import Path

from pydantic import BaseModel

from siting.inputs.plan import Plan
from siting.inputs.plan_parts import Area, AuthorityShare, DropIn, Engagement, Inputs, PortfolioPart, Rules, School
from siting.inputs.screen import Screen, ScreenArea, ScreenCouncils, ScreenPlaces, ScreenRegions, ScreenRules, ScreenSchools

PARTS = (
    ("(at the top)", Plan), ("[area]", Area), ("[[schools]]", School), ("[rules]", Rules), ("[inputs]", Inputs),
    ("[engagement]", Engagement), ("[engagement.drop_in]", DropIn), ("[portfolio]", PortfolioPart),
    ("[authorities.NAME]", AuthorityShare),
)  # fmt: skip


SCREEN_PARTS = (
    ("(at the top)", Screen), ("[area]", ScreenArea), ("[schools]", ScreenSchools), ("[places]", ScreenPlaces),
    ("[rules]", ScreenRules), ("[regions]", ScreenRegions), ("[councils]", ScreenCouncils),
)  # fmt: skip


def reference() -> str:
    """Return the reference of the plan file as Markdown."""
    return _reference("The plan file", PARTS)


def screen_reference() -> str:
    """Return the reference of the screen file as Markdown."""
    return _reference(
        "The screen file", SCREEN_PARTS, "What a screen does and writes is in [Many schools at once](guides/screening.md)."
    )


def _reference(title: str, parts: Sequence[tuple[str, type[BaseModel]]], about: str = "") -> str:
    lines = [
        f"# {title}",
        "",
        *([about, ""] if about else []),
        "Made by `data/make_plan_reference.py` from the program itself.",
        "",
    ]
    for heading, part in parts:
        lines += [
            f"## `{heading}`",
            "",
            " ".join((part.__doc__ or "").split()),
            "",
            "| key | default | what it says |",
            "| --- | --- | --- |",
        ]
        lines += [
            f"| `{name}` | {_default(part, name)} | {' '.join((field.description or '').split())} |"
            for name, field in part.model_fields.items()
            if _is_key(part, name)
        ]
        lines.append("")
    return "\n".join(lines)


def _is_key(part: type[BaseModel], name: str) -> bool:
    whole = {
        "path",
        "area",
        "schools",
        "rules",
        "inputs",
        "engagement",
        "portfolio",
        "authorities",
        "places",
        "regions",
        "councils",
    }
    return not (part in {Plan, Screen} and name in whole)


def _default(part: type[BaseModel], name: str) -> str:
    field = part.model_fields[name]
    if field.is_required():
        return "needed"
    value = field.default
    if value is None or value == () or field.default_factory is not None:
        return ""
    return f"`{_as_written(value)}`"


def _as_written(value: object) -> str:
    """Return a value as it stands in a file."""
    if isinstance(value, tuple):
        return f"[{', '.join(map(_as_written, value))}]"
    if isinstance(value, bool):
        return str(value).lower()
    return f'"{value}"' if isinstance(value, str) else str(value)


if __name__ == "__main__":
    Path(sys.argv[1]).write_text(reference(), encoding="utf-8")
    Path(sys.argv[2]).write_text(screen_reference(), encoding="utf-8")
