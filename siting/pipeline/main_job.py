"""The main job: everything that a plan asks for; nothing anew where nothing has changed."""

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from siting.inputs.plan import Plan
from siting.pipeline.compile_ahead import start_compiling
from siting.pipeline.outcome import Outcome
from siting.pipeline.run_record import recall, remember, state_of
from siting.progress import Progress, silent

UNCHANGED = "Nothing has changed since these were made; --fresh makes them anew."


def run_all(plan_path: Path, out: Path, *, fresh: bool = False, progress: Progress = silent) -> Outcome:
    """Do the main job: everything that the plan asks for, into a folder.

    Where nothing that it depends on has changed since it was last done, and all its files are as
    they were written, they stay as they are, unless `fresh`.
    """
    plan = Plan.read(plan_path)
    state = state_of(plan, datetime.now(UTC).date())
    known = None if fresh else recall(out, state)
    if known is not None:
        return replace(known, note=UNCHANGED)
    start_compiling()
    from siting.pipeline.making_everything import make_all  # noqa: PLC0415 - heavy: loaded where something is made

    outcome = make_all(plan, out, progress=progress)
    # A file that was changed while the work went on is read again next time.
    remember(out, state, outcome)
    return outcome
