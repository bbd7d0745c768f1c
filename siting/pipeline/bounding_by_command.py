"""What the page does with a home's boundary, for the command: shown, confirmed, taken back, brought back."""

from collections.abc import Iterator, Sequence
from pathlib import Path

from siting.faults import UsageError
from siting.pipeline.bounding import (
    BoundaryShown,
    bring_boundary_back,
    confirm_boundary,
    show_boundary,
    take_boundary_back,
)
from siting.pipeline.choices_by_name import now
from siting.progress import Progress, silent
from siting.sentences import counted

_MOST_PLOTS = 40


def run_boundary(  # noqa: PLR0913 - one word an option
    plan_path: Path,
    home_id: str,
    *,
    use: str = "",
    plots: Sequence[str] = (),
    corners: str = "",
    reason: str = "",
    who: str = "",
    take_back: bool = False,
    again: int | None = None,
    progress: Progress = silent,
) -> tuple[str, ...]:
    """Change a home's boundary where that is asked for, and say what it then is, a line each.

    `use` is `proposed`, `plots` or `drawn`; `corners` are latitudes and longitudes with semicolons or line ends
    between, or the name of a file of them; `again` is the number of a boundary that was taken back.

    Raises
    ------
    UsageError
        Where more than one change is asked for, nobody is said to decide, or the outline cannot be the home's boundary.
    InputFaultsError
        Where the inputs cannot be read.
    """
    if (bool(use) + take_back + (again is not None)) > 1:
        msg = "Ask for one of --use, --take-back and --again at a time."
        raise UsageError(msg)
    shown = show_boundary(plan_path, home_id, progress=progress)
    if use:
        if not who.strip():
            msg = "Say with --who who confirms it."
            raise UsageError(msg)
        confirm_boundary(
            plan_path,
            home_id,
            use,
            plots=plots,
            corners=_corners(corners),
            reason=reason,
            who=who,
            when=now(),
            seen=shown.version,
        )
    elif take_back:
        if shown.confirmed is None:
            msg = f"No boundary of {home_id} is confirmed, so there is none to take back."
            raise UsageError(msg)
        take_boundary_back(plan_path, home_id, seen=shown.version)
    elif again is not None:
        bring_boundary_back(plan_path, home_id, again, seen=shown.version)
    else:
        return tuple(_sentences(shown))
    return tuple(_sentences(show_boundary(plan_path, home_id, progress=progress)))


def _corners(given: str) -> str:
    """Return corners as they were typed, or those of a file."""
    if "\n" in given or ";" in given or not given.strip():
        return given
    path = Path(given)
    try:
        return path.read_text(encoding="utf-8-sig") if path.is_file() else given
    except (OSError, ValueError) as error:
        msg = f"{path.name} cannot be read as text: {type(error).__name__}. Write a latitude and longitude a line."
        raise UsageError(msg) from error


def _sentences(shown: BoundaryShown) -> Iterator[str]:
    yield shown.words
    if shown.neighbours:
        yield f"{counted(shown.neighbours, 'address', 'addresses')} within {shown.metres:g} m of it."
    else:
        yield f"No known address lies within {shown.metres:g} m of it: look whether the addresses cover this street."
    if shown.confirmed:
        reason = f": {shown.confirmed['reason']}" if shown.confirmed["reason"] else ""
        yield f"Confirmed by {shown.confirmed['who']}, {shown.confirmed['when']}{reason}."
    for plot in shown.plots[:_MOST_PLOTS]:
        marks = ", ".join(word for word in ("proposed", "taken") if plot[word])
        yield f"plot {plot['key']}: {plot['area_m2']:,.0f} m², {plot['distance_m']:.0f} m away{f' ({marks})' if marks else ''}"
    if len(shown.plots) > _MOST_PLOTS:
        yield f"and {len(shown.plots) - _MOST_PLOTS} plots farther away"
    for one in shown.earlier:
        yield f"taken back, number {one['number']}: {one['how']}, {one['who']}, {one['when']}"
