"""How far a job is and how long it may still take, by how long each of its steps took when it was last done here."""

import json
from collections.abc import Mapping, Sequence
from pathlib import Path

_MOST_OF_A_STEP = 0.95
"""A step that takes longer than last time is nearly done, and never done before the next is told."""
Told = Sequence[tuple[float, str]]
"""When each step began (seconds) and its words."""


def durations_s(steps: Told, ended_s: float) -> dict[str, float]:
    """Return how long each step took; a step that came several times took as long as all of these."""
    ends = [began_s for began_s, _ in steps[1:]] + [ended_s]
    found: dict[str, float] = {}
    for (began_s, words), end_s in zip(steps, ends, strict=True):
        found[words] = found.get(words, 0.0) + max(end_s - began_s, 0.0)
    return found


def how_far(steps: Told, now_s: float, share_of_step: float | None, before: Mapping[str, float]) -> tuple[float, float] | None:
    """Return the share of a job that is done and the seconds that it may still take; None where it was never done here."""
    whole_s = sum(before.values())
    if not steps or whole_s <= 0:
        return None
    earlier = {words for _, words in steps[:-1]}
    began_s, current = steps[-1]
    expected_s = before.get(current, 0.0)
    share = share_of_step if share_of_step is not None else min((now_s - began_s) / max(expected_s, 1e-9), _MOST_OF_A_STEP)
    done_s = sum(took_s for words, took_s in before.items() if words in earlier and words != current)
    left_s = sum(took_s for words, took_s in before.items() if words not in earlier and words != current)
    left_s += expected_s * (1.0 - share)
    return 1.0 - left_s / max(done_s + left_s + expected_s * share, 1e-9), left_s


def read_pace(path: Path) -> dict[str, float]:
    """Return what was kept of the last time; nothing where nothing was or it cannot be read."""
    try:
        kept = json.loads(path.read_text(encoding="utf-8"))
        return {str(words): float(took_s) for words, took_s in kept.items()}
    except (OSError, ValueError, TypeError, AttributeError):
        return {}


def keep_pace(path: Path, took_s: Mapping[str, float]) -> None:
    """Keep how long the steps took; a folder that cannot be written to is left as it is."""
    try:
        path.write_text(json.dumps(took_s), encoding="utf-8")
    except OSError:
        return
