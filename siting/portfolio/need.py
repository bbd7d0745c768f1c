"""The need: where the children's families are, where the children live now, and the beds that stand."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from siting.evaluation.rules import within_miles
from siting.inputs.authorities import Authorities, plain_name
from siting.inputs.plan_inputs import Child, PlanInputs
from siting.inputs.postcodes import find_postcodes, tidy_postcode
from siting.place import NATIONAL_GRID
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
    """

    by_authority: pd.DataFrame
    living_now: pd.DataFrame
    sentences: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Living:
    """Where one child lives now; None where a test could not be made."""

    authority: str
    place: str
    in_own_area: bool | None
    at_a_distance: bool | None
    over_miles: bool | None

    @property
    def outside(self) -> bool | None:
        """Whether it is outside the own council's area."""
        return None if self.in_own_area is None else not self.in_own_area


def assess_need(inputs: PlanInputs) -> Need:
    """Count the children of each council, where they live now, and the beds that stand in its area."""
    living = _living_now(inputs)
    standing = _beds_standing(inputs)
    shares = {plain_name(name): share.beds for name, share in inputs.plan.authorities.items()}
    names = _names(inputs)
    rows = [
        _row(name, [one for one in living if plain_name(one.authority) == key], standing.get(key, 0), shares.get(key))
        for key, name in names.items()
    ]
    table = pd.DataFrame(rows, columns=list(NEED_COLUMNS))
    total = {column: table[column].sum(min_count=1) for column in NEED_COLUMNS[1:]}
    table = pd.concat([table, pd.DataFrame([{"authority": "All", **total}])], ignore_index=True)
    for column in NEED_COLUMNS[1:]:
        table[column] = table[column].astype("Int64")
    counted = pd.DataFrame([(one.authority, one.place) for one in living], columns=["authority", "living_in"])
    now = counted.value_counts().reset_index(name="children") if len(counted) else counted.assign(children=[])
    now = now.sort_values(["authority", "children", "living_in"], ascending=[True, False, True], ignore_index=True)
    return Need(by_authority=table, living_now=now, sentences=tuple(_words(table, living, inputs)))


def _names(inputs: PlanInputs) -> Mapping[str, str]:
    names: dict[str, str] = {}
    for name in inputs.plan.authorities:
        names.setdefault(plain_name(name), name)
    for child in inputs.children:
        name = child.row.authority or NOT_KNOWN
        names.setdefault(plain_name(name), name)
    return dict(sorted(names.items(), key=lambda item: item[1]))


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
        "over_20_miles": count([one.over_miles for one in living]),
        "living_place_not_known": sum(one.place == NOT_KNOWN for one in living),
        "beds_standing": beds,
        "beds_allocated": share,
        "children_without_a_standing_bed": max(len(living) - beds, 0),
    }


def _living_now(inputs: PlanInputs) -> list[_Living]:
    postcodes = find_postcodes(tidy for child in inputs.children if (tidy := tidy_postcode(child.row.placement or "")))
    answer = []
    for child in inputs.children:
        text = child.row.placement or ""
        found = postcodes.get(tidy_postcode(text) or "")
        own = child.row.authority
        if found is not None and found.has_position:
            at = (found.easting_m, found.northing_m)
            answer.append(_at_postcode(child, at, inputs.authorities, inputs.plan.rules.family_miles))
        elif text and not tidy_postcode(text):
            inside = plain_name(text) == plain_name(own) if own else None
            answer.append(
                _Living(
                    authority=own or NOT_KNOWN,
                    place=text,
                    in_own_area=inside,
                    at_a_distance=_is_beyond(inputs.authorities, own, text),
                    over_miles=None,
                )
            )
        else:
            answer.append(
                _Living(authority=own or NOT_KNOWN, place=NOT_KNOWN, in_own_area=None, at_a_distance=None, over_miles=None)
            )
    return answer


def _at_postcode(child: Child, at: tuple[float, float], authorities: Authorities | None, miles: float) -> _Living:
    over_miles: bool | None = None
    if child.place is not None:
        family = child.place.within(NATIONAL_GRID)
        over_miles = not within_miles(float(np.hypot(family.x_m - at[0], family.y_m - at[1])), miles)
    inside = authorities.at(np.array([at[0]]), np.array([at[1]]))[0] if authorities else None
    own = child.row.authority
    return _Living(
        authority=own or NOT_KNOWN,
        place=inside or "outside the boundaries given",
        in_own_area=plain_name(inside) == plain_name(own) if inside and own else None,
        at_a_distance=_is_beyond(authorities, own, inside),
        over_miles=over_miles,
    )


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
    standing: dict[str, int] = {}
    for home in inputs.homes:
        if home.row.status is HomeStatus.OPEN and home.row.authority:
            key = plain_name(home.row.authority)
            standing[key] = standing.get(key, 0) + (home.row.beds or 0)
    return standing


def _words(table: pd.DataFrame, living: Sequence[_Living], inputs: PlanInputs) -> Sequence[str]:
    total = table.iloc[-1]
    councils = len(table) - 1
    sentences = [
        f"{total.children} children of {councils} council{'s' if councils != 1 else ''}.",
        f"{total.beds_standing} beds stand in homes already open.",
    ]
    tests = (
        ("over_miles", f"now live more than {inputs.plan.rules.family_miles:g} miles from home"),
        ("outside", "live outside their own council's area"),
        ("at_a_distance", "live beyond their own and every adjoining council"),
    )
    for test, words in tests:
        answers = [answer for one in living if (answer := getattr(one, test)) is not None]
        if answers:
            sentences.append(f"{sum(answers)} of the {len(answers)} for whom it can be told {words}.")
    short = table.iloc[:-1]
    short = short[short.children_without_a_standing_bed > 0].sort_values(
        ["children_without_a_standing_bed", "authority"], ascending=[False, True]
    )
    if len(short):
        listed = ", ".join(f"{row.authority} {row.children_without_a_standing_bed}" for row in short.itertuples())
        sentences.append(f"Children for whom no bed stands in their council's area: {listed}.")
    return sentences
