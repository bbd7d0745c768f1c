"""Write the reference of the plan file from the text under each key.

python data/make_plan_reference.py docs/plan-reference.md
"""

import sys
from pathlib import Path

from pydantic import BaseModel

from siting.inputs.plan import Plan
from siting.inputs.plan_parts import Area, AuthorityShare, DropIn, Engagement, Inputs, PortfolioPart, Rules, School

PARTS = (
    ("(at the top)", Plan), ("[area]", Area), ("[[schools]]", School), ("[rules]", Rules), ("[inputs]", Inputs),
    ("[engagement]", Engagement), ("[engagement.drop_in]", DropIn), ("[portfolio]", PortfolioPart),
    ("[authorities.NAME]", AuthorityShare),
)  # fmt: skip


def reference() -> str:
    """Return the reference as Markdown."""
    lines = ["# The plan file", "", "Made by `data/make_plan_reference.py` from the program itself.", ""]
    for heading, part in PARTS:
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
    return not (part is Plan and name in {"path", "area", "schools", "rules", "inputs", "engagement", "portfolio", "authorities"})


def _default(part: type[BaseModel], name: str) -> str:
    field = part.model_fields[name]
    if field.is_required():
        return "needed"
    value = field.default
    if value is None or value == () or field.default_factory is not None:
        return ""
    return f"`{value}`"


if __name__ == "__main__":
    Path(sys.argv[1]).write_text(reference(), encoding="utf-8")
