"""Writes down the time that a neighbour chose, in what was issued; the next issue keeps it."""

import datetime as dt
from pathlib import Path

from engagement.around.nation import with_nation
from engagement.prepare import consider_home, find_home
from engagement.schedule.issue import agree, promises_kept, read_issue, write_issue
from engagement.schedule.visits import slot_at
from siting.faults import UsageError
from siting.inputs.plan import Plan
from siting.inputs.plan_inputs import read_inputs
from siting.pipeline.engagement_sources import find_address, sources_of
from siting.pipeline.registering import register_path
from siting.storage.results_folder import results

_WAIT_S = 5.0
_FORM = "Write day and time as in 2027-01-25 14:00"


def run_agree(plan_path: Path, home_id: str, address: str, slot: str, out: Path, *, host: str | None = None) -> str:
    """Give a neighbour the time that they chose; others keep theirs, and two households may share one. The answer, in a sentence.

    Raises
    ------
    UsageError
        Where the address is none or several, was not invited, or the time cannot be.
    InputFaultsError
        Where the inputs, or the record of what was issued, cannot be read.
    """
    inputs = read_inputs(Plan.read(plan_path))
    home = find_home(inputs, home_id)
    folder = register_path(out, home_id).parent
    issue = read_issue(folder)
    if issue is None:
        msg = f"Nothing was issued for {home_id} in {out} yet. Run `siting engage` first; a time can be chosen after."
        raise UsageError(msg)
    try:
        start = dt.datetime.fromisoformat(slot)
    except ValueError as error:
        msg = f'"{slot}" is no day and time. {_FORM}.'
        raise UsageError(msg) from error
    if start.tzinfo is not None or len(slot.strip()) <= len("2027-01-25"):
        msg = f'"{slot}" has no time of day, or a zone of its own. {_FORM}, by the clock of the place.'
        raise UsageError(msg)
    sources = sources_of(inputs)
    view = consider_home(sources, home, register_path(out, home_id))
    found = find_address(sources, view, address, home_id)
    one = next((one for one in view.considered if one.address.key == found.key and one.invited), None)
    invited = [one for one in view.considered if one.invited]
    if one is None or issue.of(home_id, one, invited) is None:
        msg = f"{found.written} is not among those who were invited to {home_id}."
        raise UsageError(msg)
    chosen = slot_at(with_nation(inputs.plan.engagement, home)[0], start, host)
    with promises_kept(out, wait_s=_WAIT_S), results(out, "decide", dt.datetime.now(dt.UTC)) as given:
        target = given.files / folder.relative_to(out)
        target.mkdir(parents=True)
        # Another may have been given a time while it was found out who is meant.
        write_issue(target, agree(read_issue(folder) or issue, home_id, one, chosen, invited))
    kept = read_issue(folder)
    held = kept.of(home_id, one, invited) if kept else None
    if held is None or held.slot != chosen:
        msg = "The time was not there when it was read back. Check the disk, and try again."
        raise UsageError(msg)
    told = f"{chosen.start:%A} {chosen.start.day} {chosen.start:%B %Y, %H:%M} with {chosen.host}"
    return f"{found.written}: {told}. Run `siting engage` to make its letter and event anew."
