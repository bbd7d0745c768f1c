"""The need: where the children's families are, where the children live now, and the beds that stand."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from siting.evaluation.families import NATIONAL_MILES, authorities_of
from siting.evaluation.rules import within_miles
from siting.inputs.authorities import Authorities
from siting.inputs.council_names import plain_name
from siting.inputs.names import known_council
from siting.inputs.plan_inputs import Child, PlanInputs
from siting.inputs.postcodes import Postcode, find_postcodes, tidy_postcode
from siting.place import NATIONAL_GRID
from siting.sentences import SMALL_COUNT, count_band, counted, listed, sentence_case, total_band
from siting.words import HomeStatus

NOT_KNOWN = "not known"
NEED_COLUMNS = (
    "authority", "children", "living_in_own_area", "living_outside", "living_at_a_distance", "over_20_miles",
    "living_place_not_known", "beds_standing", "beds_allocated", "children_without_a_standing_bed",
)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Need:
    """The need of a plan's children.

    Attributes
    ----------
    by_authority
        One row a responsible council, with a total: `NEED_COLUMNS`. Counts that could not be made are missing.
    living_now
        One row a council and a place where its children live now, with how many.
    sentences
        The same in words.
    for_board
        The same for a paper that many read: counts of children in bands, so that none points to a child.
    over_family_miles
        By child_ref, for the children for whom it can be told: whether the child now lives beyond the plan's miles.
    """

    by_authority: pd.DataFrame
    living_now: pd.DataFrame
    sentences: tuple[str, ...]
    for_board: tuple[str, ...]
    over_family_miles: Mapping[str, bool]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Living:
    """Where one child lives now; None where a test could not be made."""

    child_ref: str
    authority: str
    place: str
    in_own_area: bool | None
    at_a_distance: bool | None
    distance_m: float | None
    needs_bed: bool

    @property
    def over_20_miles(self) -> bool | None:
        """The national statistic's test, whatever the plan's own miles are."""
        return None if self.distance_m is None else not within_miles(self.distance_m, NATIONAL_MILES)

    @property
    def outside(self) -> bool | None:
        """Whether it is outside the own council's area."""
        return None if self.in_own_area is None else not self.in_own_area


def assess_need(inputs: PlanInputs) -> Need:
    """Count the children of each council, where they live now, and the beds that stand in its area."""
    living = _living_now(inputs)
    standing = _beds_standing(inputs)
    beds = {plain_name(name): count for name, count in standing.items()}
    shares = {plain_name(name): share.beds for name, share in inputs.plan.authorities.items()}
    names = _names(inputs)
    for name in standing:
        names.setdefault(plain_name(name), name)
    rows = [
        _row(name, [one for one in living if plain_name(one.authority) == key], beds.get(key, 0), shares.get(key))
        for key, name in sorted(names.items(), key=lambda item: item[1])
    ]
    table = pd.DataFrame(rows, columns=list(NEED_COLUMNS))
    total = {column: table[column].sum(min_count=1) for column in NEED_COLUMNS[1:]}
    table = pd.concat([table, pd.DataFrame([{"authority": "All", **total}])], ignore_index=True)
    for column in NEED_COLUMNS[1:]:
        table[column] = table[column].astype("Int64")
    places = pd.DataFrame([(one.authority, one.place) for one in living], columns=["authority", "living_in"])
    now = places.value_counts().reset_index(name="children") if len(places) else places.assign(children=[])
    now = now.sort_values(["authority", "children", "living_in"], ascending=[True, False, True], ignore_index=True)
    miles = inputs.plan.rules.family_miles
    return Need(
        by_authority=table,
        living_now=now,
        sentences=tuple(_words(table, living, str, str)),
        for_board=tuple(_words(table, living, count_band, total_band)),
        over_family_miles={
            one.child_ref: not within_miles(one.distance_m, miles) for one in living if one.distance_m is not None
        },
    )


def _names(inputs: PlanInputs) -> dict[str, str]:
    names: dict[str, str] = {}
    for name in inputs.plan.authorities:
        names.setdefault(plain_name(name), name)
    for child in inputs.children:
        name = child.row.authority or NOT_KNOWN
        names.setdefault(plain_name(name), name)
    return names


def _row(name: str, living: Sequence[_Living], beds: int, share: int | None) -> dict[str, object]:
    def count(answers: Sequence[bool | None]) -> int | None:
        known = [answer for answer in answers if answer is not None]
        return sum(known) if known else None

    return {
        "authority": name,
        "children": len(living),
        "living_in_own_area": count([one.in_own_area for one in living]),
        "living_outside": count([one.outside for one in living]),
        "living_at_a_distance": count([one.at_a_distance for one in living]),
        "over_20_miles": count([one.over_20_miles for one in living]),
        "living_place_not_known": sum(one.place == NOT_KNOWN for one in living),
        "beds_standing": beds,
        "beds_allocated": share,
        "children_without_a_standing_bed": max(sum(one.needs_bed for one in living) - beds, 0),
    }


def _living_now(inputs: PlanInputs) -> list[_Living]:
    postcodes = find_postcodes(tidy for child in inputs.children if (tidy := tidy_postcode(child.row.placement or "")))
    return [_living(child, postcodes.get(tidy_postcode(child.row.placement or "") or ""), inputs) for child in inputs.children]


def _living(child: Child, found: Postcode | None, inputs: PlanInputs) -> _Living:
    """Say where one child lives now: at a postcode, in a place that is named, or not known."""
    text, own = child.row.placement or "", child.row.authority
    place, inside, distance_m = NOT_KNOWN, None, None
    if found is not None and found.has_position:
        at = (found.easting_m, found.northing_m)
        inside = inputs.authorities.at(np.array([at[0]]), np.array([at[1]]))[0] if inputs.authorities else None
        place = inside or "outside the boundaries given"
        distance_m = _distance_m(child, at)
    elif text and not tidy_postcode(text):
        # The name of a town, or of no place at all, does not say whose area it is.
        place, inside = text, known_council(text, (*_councils(inputs), *filter(None, [own])))
    return _Living(
        child_ref=child.row.child_ref,
        authority=own or NOT_KNOWN,
        place=place,
        in_own_area=plain_name(inside) == plain_name(own) if inside and own else None,
        at_a_distance=_is_beyond(inputs.authorities, own, inside),
        distance_m=distance_m,
        needs_bed=child.row.needs_bed,
    )


def _councils(inputs: PlanInputs) -> tuple[str, ...]:
    """Return the councils that a plan's boundaries and its own list name."""
    return (*(inputs.authorities.names if inputs.authorities else ()), *inputs.plan.authorities)


def _distance_m(child: Child, at: tuple[float, float]) -> float | None:
    """Measure from the family to where the child lives now; None where it is not known where the family is."""
    if child.place is None:
        return None
    family = child.place.within(NATIONAL_GRID)
    return float(np.hypot(family.x_m - at[0], family.y_m - at[1]))


def _is_beyond(authorities: Authorities | None, own: str | None, other: str | None) -> bool | None:
    """Test for a placement at a distance: neither in the own authority nor in one that adjoins it."""
    if not own or not other:
        return None
    if plain_name(own) == plain_name(other):
        return False
    if authorities is None or not (authorities.knows(own) and authorities.knows(other)):
        return None
    return not authorities.adjoin(own, other)


def _beds_standing(inputs: PlanInputs) -> dict[str, int]:
    """Count the beds of open homes by the council in whose area each stands, by the boundaries or as its row says."""
    standing: dict[str, int] = {}
    spelt = {plain_name(name): name for name in (*_names(inputs).values(), NOT_KNOWN)}
    for home, council in zip(inputs.homes, authorities_of(inputs.homes, inputs.authorities), strict=True):
        if home.row.status is HomeStatus.OPEN:
            name = spelt.setdefault(plain_name(council or NOT_KNOWN), council or NOT_KNOWN)
            standing[name] = standing.get(name, 0) + (home.row.beds or 0)
    return standing


def _words(
    table: pd.DataFrame, living: Sequence[_Living], count: Callable[[int], str], total: Callable[[int], str]
) -> Iterator[str]:
    """Word the need; `count` writes a number of children, `total` that of all; a share has its whole beside it."""
    councils = {plain_name(one.authority) for one in living if one.authority != NOT_KNOWN}
    wanting = sum(one.needs_bed for one in living)
    whose = f" of {counted(len(councils), 'council')}" if councils else ""
    sought = "all" if wanting == len(living) else total(wanting)
    yield sentence_case(f"{_children(len(living), total)}{whose}; a bed is needed for {sought} of them.")
    yield f"{_beds(int(table['beds_standing'].iloc[-1]))} in homes already open."
    yield from _where_they_live(living, count)
    yield from _short_of_beds(table.iloc[:-1], count)


def _where_they_live(living: Sequence[_Living], count: Callable[[int], str]) -> Iterator[str]:
    """Say how many live far away, of those for whom it can be told; no band is given of a band that says nothing."""
    tests = (
        ("over_20_miles", f"now live more than {NATIONAL_MILES:g} miles from home in a straight line"),
        ("outside", "live outside their own council's area"),
        ("at_a_distance", "live beyond their own and every adjoining council"),
    )
    for test, words in tests:
        answers = [answer for one in living if (answer := getattr(one, test)) is not None]
        if answers and (count is str or len(answers) >= SMALL_COUNT):
            yield f"Of {_children(len(answers), count)} for whom it can be told, {count(sum(answers))} {words}."


def _children(number: int, count: Callable[[int], str]) -> str:
    return f"{count(number)} {'child' if count(number) == '1' else 'children'}"


def _beds(number: int) -> str:
    return "No bed stands" if not number else f"{number} bed{'s stand' if number > 1 else ' stands'}"


def _short_of_beds(councils: pd.DataFrame, count: Callable[[int], str]) -> Iterator[str]:
    lacking = councils[councils.children_without_a_standing_bed > 0].sort_values(
        ["children_without_a_standing_bed", "authority"], ascending=[False, True]
    )
    if not len(lacking):
        return
    by_size: dict[str, list[str]] = {}
    for name, number in zip(lacking["authority"], lacking["children_without_a_standing_bed"], strict=True):
        by_size.setdefault(count(int(number)), []).append(str(name))
    parts = [f"{size} in {listed(names)}" for size, names in by_size.items()]
    yield f"Children for whom no bed stands in their council's area: {'; '.join(parts)}."


def for_board(table: pd.DataFrame) -> pd.DataFrame:
    """Return a table of the need with every count of children in bands, as text; beds stay as they are."""
    banded = table.astype(object)
    for column in NEED_COLUMNS[1:]:
        if not column.startswith("beds_"):
            banded[column] = [None if pd.isna(value) else count_band(int(value)) for value in table[column]]
    banded.loc[banded.index[-1], "children"] = total_band(int(table["children"].iloc[-1]))
    return banded
