"""Draws the house from its own imports: rooms on floors, an arrow from each to the rooms that it uses.

python docs/draw_house.py        writes docs/house.svg and prints the count of rooms and floors
"""

import ast
import io
import sys
from collections.abc import Iterator
from pathlib import Path

import matplotlib as mpl
from matplotlib.backends.backend_svg import FigureCanvasSVG
from matplotlib.figure import Figure
from matplotlib.patches import FancyArrowPatch, FancyBboxPatch

ROOT = Path(__file__).resolve().parents[1]
PACKAGES = ("siting", "engagement", "maps")
COMMON = "siting"
WIDTH, HEIGHT = 2.35, 1.35


def room_of(module: tuple[str, ...]) -> str:
    """Return the room that a module stands in: its folder; what stands in no folder of siting is common, doors apart."""
    if module in {("siting", "cli"), ("siting", "api")}:
        return ".".join(module)
    return ".".join(module[:-1]) or module[0]


def imports(path: Path) -> Iterator[tuple[str, ...]]:
    """Yield the modules of the house that a file imports anywhere, as tuples of names."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom) and node.module and node.module.split(".")[0] in PACKAGES:
            parts = tuple(node.module.split("."))
            for name in node.names:
                inner = (*parts, name.name)
                yield inner if ROOT.joinpath(*inner).with_suffix(".py").exists() else parts


def rooms() -> dict[str, set[str]]:
    """Return each room with the rooms that its modules import."""
    found: dict[str, set[str]] = {}
    for package in PACKAGES:
        for path in sorted((ROOT / package).rglob("*.py")):
            module = path.relative_to(ROOT).with_suffix("").parts
            if module[-1] == "__init__":
                continue
            room = room_of(module)
            found.setdefault(room, set()).update(room_of(imported) for imported in imports(path) if len(imported) > 1)
    return {room: {used for used in uses if used != room} for room, uses in found.items()}


def floors(uses: dict[str, set[str]]) -> dict[str, int]:
    """Return each room's floor: one above the highest that it uses; the ground floor is 0.

    Raises
    ------
    ValueError
        Where rooms import each other in a circle.
    """
    floor: dict[str, int] = {}

    def height(room: str, above: tuple[str, ...] = ()) -> int:
        if room in above:
            msg = f"a circle: {' -> '.join((*above[above.index(room) :], room))}"
            raise ValueError(msg)
        if room not in floor:
            floor[room] = 1 + max((height(used, (*above, room)) for used in uses.get(room, ())), default=-1)
        return floor[room]

    for room in uses:
        height(room)
    return floor


def draw(uses: dict[str, set[str]], floor: dict[str, int]) -> bytes:
    """Draw rooms as boxes by floor (SVG); an arrow leads to the nearest rooms used, those implied by others are left out."""
    by_floor: dict[int, list[str]] = {}
    for room, number in floor.items():
        by_floor.setdefault(number, []).append(room)
    across = max(map(len, by_floor.values()))
    at = {
        room: ((index - (len(listed) - 1) / 2) * WIDTH, number * HEIGHT)
        for number, listed in by_floor.items()
        for index, room in enumerate(sorted(listed))
    }
    figure = Figure(figsize=(across * 1.75 + 0.6, (max(by_floor) + 1) * 0.82))
    axes = figure.add_axes((0, 0, 1, 1))
    axes.set_axis_off()
    for room, used in uses.items():
        implied = {inner for other in used for inner in _reached(other, uses)}
        for other in used - implied:
            (x, y), (to_x, to_y) = at[room], at[other]
            arrow = FancyArrowPatch(
                (x, y - 0.26), (to_x, to_y + 0.26), arrowstyle="-|>", mutation_scale=8, color="#7a8699", linewidth=0.8
            )
            axes.add_patch(arrow)
    for room, (x, y) in at.items():
        colour = {"siting": "#e8eef6", "engagement": "#fdf0dc", "maps": "#e6f3ea"}[room.split(".")[0]]
        axes.add_patch(
            FancyBboxPatch((x - 0.95, y - 0.24), 1.9, 0.48, boxstyle="round,pad=0.02", facecolor=colour, edgecolor="#33415c")
        )
        axes.text(x, y, "common modules" if room == COMMON else room, ha="center", va="center", fontsize=8.5)
    axes.set_xlim(-across * WIDTH / 2 - 0.1, across * WIDTH / 2 + 0.1)
    axes.set_ylim(-0.6, max(by_floor) * HEIGHT + 0.6)
    content = io.BytesIO()
    with mpl.rc_context({"svg.hashsalt": "house", "svg.fonttype": "path"}):
        FigureCanvasSVG(figure).print_svg(content, metadata={"Date": None})
    return content.getvalue()


def _reached(room: str, uses: dict[str, set[str]]) -> set[str]:
    found: set[str] = set()
    waiting = list(uses.get(room, ()))
    while waiting:
        if (one := waiting.pop()) not in found:
            found.add(one)
            waiting.extend(uses.get(one, ()))
    return found


if __name__ == "__main__":
    house = rooms()
    storeys = floors(house)
    Path(__file__).with_name("house.svg").write_bytes(draw(house, storeys))
    sys.stdout.write(f"{len(house)} rooms on {max(storeys.values()) + 1} floors\n")
