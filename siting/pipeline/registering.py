"""Writes and reads the register of a home."""

from pathlib import Path

import pandas as pd

from engagement.pack import NOTICE
from engagement.prepare import find_home
from engagement.register import Event, add_entry, entries, forget_home, outstanding, register_table
from siting.documents.sheets import Sheet, write_sheets
from siting.faults import UsageError
from siting.inputs.plan import Plan
from siting.inputs.plan_inputs import read_inputs
from siting.storage.staging import staged


def register_path(out: Path, home_id: str) -> Path:
    """Return where a home's register lies."""
    return out / "homes" / home_id / "register.sqlite"


def run_log(  # noqa: PLR0913 - one argument an option of the command
    plan_path: Path,
    home_id: str,
    out: Path,
    *,
    event: Event,
    who: str,
    about: str = "",
    note: str = "",
    corrects: int | None = None,
) -> int:
    """Add an entry to a home's register; its number.

    Raises
    ------
    UsageError
        Where the event is none that the register knows, or the home not in the plan.
    """
    if event not in set(Event):
        msg = f'"{event}" is no event of the register. Write one of: {", ".join(Event)}.'
        raise UsageError(msg)
    inputs = read_inputs(Plan.read(plan_path))
    find_home(inputs, home_id)
    path = register_path(out, home_id)
    return add_entry(path, who=who, home_id=home_id, event=Event(event), about=about.strip(), note=note, corrects=corrects)


def read_log(home_id: str, out: Path) -> tuple[pd.DataFrame, list[str]]:
    """Return a home's register and what is outstanding, by the neighbours of its last pack."""
    path = register_path(out, home_id)
    listed = out / "homes" / home_id / "neighbours.csv"
    neighbours: dict[str, str] = {}
    if listed.is_file():
        table = pd.read_csv(listed, dtype=str, keep_default_na=False, encoding="utf-8-sig")
        neighbours = {uprn or address: address for uprn, address in zip(table["uprn"], table["address"], strict=True)}
    return register_table(path, home_id), outstanding(entries(path, home_id), neighbours)


def export_log(home_id: str, out: Path, output: Path) -> Path:
    """Write a home's register as Excel."""
    table, todo = read_log(home_id, out)
    sheets = [
        Sheet(name="Register", title="the register", frame=table, note="Corrected entries stay, marked."),
        Sheet(name="Outstanding", title="what is outstanding", frame=pd.DataFrame({"outstanding": todo}), note="As of now."),
    ]
    with staged(output.parent) as staging:
        write_sheets(staging / output.name, f"Case {home_id}", sheets, f"{NOTICE}.")
    return output


def forget_log(home_id: str, out: Path) -> int:
    """Blank what is personal in a home's register; how many entries that were."""
    return forget_home(register_path(out, home_id), home_id)
