"""Roads drawn with letters, for the tests of how roads are read: nodes, ways between them, what is forbidden."""

from collections import Counter
from collections.abc import Sequence

STEP_M = 200.0
PRIMARY = {"highway": "primary"}


def nodes_of(drawing: str) -> dict[str, tuple[float, float]]:
    """Read a drawing: letters and digits are nodes, all else is decoration."""
    lines = [line for line in drawing.splitlines() if line.strip()]
    return {
        letter: (STEP_M * column / 2, -STEP_M * row)
        for row, line in enumerate(lines)
        for column, letter in enumerate(line)
        if letter.isalnum()
    }


def rule_of(text: str, ways: Sequence[str]) -> tuple[dict[str, str], int, str | list[int], int]:
    """Read `no_left_turn sj j wj`, with `except=motorcar` or `@Mo-Fr_07:00-10:30` after it."""
    kind, start, via, goal, *more = text.split()
    number = {way: index for index, way in enumerate(ways, start=1)}
    tags = {"restriction": kind}
    for word in more:
        if word.startswith("@"):
            tags = {"restriction:conditional": f"{kind} @ ({word[1:].replace('_', ' ')})"}
        else:
            key, value = word.split("=")
            tags |= {key: value} if key != "key" else {value: tags.pop("restriction")}
    by: str | list[int] = [number[way] for way in via.split("+")] if len(via) > 1 else via
    return tags, number.get(start, 99), by, number.get(goal, 99)


def ways_of(text: str) -> list[tuple[str, dict[str, str]]]:
    """Read ways; a dead end is driven both ways, since a place on it could not be left or come to else."""
    names = text.replace(">", "").split()
    met = Counter("".join(names))
    tags = [
        PRIMARY | ({"oneway": "yes"} if way.startswith(">") and min(met[way[1]], met[way[-1]]) > 1 else {})
        for way in text.split()
    ]
    return list(zip(names, tags, strict=True))
