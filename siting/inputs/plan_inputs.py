"""All that a plan names, read, checked and placed; every fault of every file raised at once."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from siting.faults import CrsError, Fault, InputFaultsError, Severity, UsageError, in_order, stopping
from siting.inputs.authorities import Authorities, open_authorities
from siting.inputs.columns_file import read_columns
from siting.inputs.council_names import plain_name
from siting.inputs.locating import locate_one, locate_table, parse_place
from siting.inputs.names import Named, council_faults, fold_name, known_council, meant, one_spelling, place_name_faults
from siting.inputs.observed import ObservedJourney, read_observed
from siting.inputs.plan import Plan
from siting.inputs.plan_parts import School
from siting.inputs.postcodes import find_postcodes, tidy_postcode, unlike_postcode
from siting.inputs.rows import ChildRow, ExclusionRow, HomeRow, PlacedRow
from siting.inputs.same_house import Listed, same_houses
from siting.inputs.tables import Table, read_table
from siting.place import Place
from siting.storage.copies import clear_copies
from siting.words import HomeId, HomeStatus


@dataclass(frozen=True, slots=True, kw_only=True)
class Home:
    """A candidate or an open home, and where it is."""

    row: HomeRow
    place: Place


@dataclass(frozen=True, slots=True, kw_only=True)
class Child:
    """A child and where the family lives; None where that is not known, which is neither near nor far."""

    row: ChildRow
    place: Place | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Exclusion:
    """A place that one child must not live near."""

    row: ExclusionRow
    place: Place


@dataclass(frozen=True, slots=True, kw_only=True)
class PlacedSchool:
    """A school and the entrance that cars use."""

    name: str
    place: Place


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanInputs:
    """What a plan's files hold, sound and placed, with what was only worth a warning."""

    plan: Plan
    schools: tuple[PlacedSchool, ...]
    homes: tuple[Home, ...]
    children: tuple[Child, ...]
    exclusions: tuple[Exclusion, ...]
    authorities: Authorities | None
    warnings: tuple[Fault, ...]
    same_house: tuple[tuple[HomeId, ...], ...] = ()
    """Groups of home_ids that are one and the same house listed more than once: of each at most one may be chosen."""
    observed: tuple[ObservedJourney, ...] = ()
    """Journeys that people drove or looked up."""

    @property
    def files(self) -> tuple[Path, ...]:
        """The files that were read, the plan first."""
        columns = self.plan.resolve(self.plan.inputs.columns)
        named = (self.plan.resolve(name) for _, name in self.plan.inputs.named)
        return (self.plan.path, *named, *([columns] if columns.is_file() else []))


def read_inputs(plan: Plan) -> PlanInputs:
    """Read every file that a plan names.

    Raises
    ------
    InputFaultsError
        With all faults of all files, warnings among them.
    """
    clear_copies()
    faults: list[Fault] = []
    addresses = tuple(plan.resolve(name) for name in plan.inputs.addresses or ())

    try:
        columns = read_columns(plan.resolve(plan.inputs.columns))
    except InputFaultsError as error:
        columns, faults = {}, list(error.faults)
    homes_table = read_table(plan.resolve(plan.inputs.candidates), HomeRow, columns.get("candidates"))
    home_places, home_faults = locate_table(homes_table, addresses)
    children_table: Table[ChildRow] | None = None
    child_places: dict[int, Place] = {}
    exclusion_places: dict[int, Place] = {}
    exclusions_table: Table[ExclusionRow] | None = None
    listed = [Listed(number=row.number, row=row.value, place=home_places.get(row.number)) for row in homes_table.rows]
    groups = same_houses(listed)
    faults += [*homes_table.faults, *home_faults, *_listed_twice(plan, groups)]
    if plan.inputs.children:
        children_table = read_table(plan.resolve(plan.inputs.children), ChildRow, columns.get("children"))
        child_places, child_faults = locate_table(children_table, addresses)
        faults += [*children_table.faults, *child_faults, *_unknown_placements(children_table), *_without_a_place(children_table)]
    if plan.inputs.exclusions:
        exclusions_table = read_table(plan.resolve(plan.inputs.exclusions), ExclusionRow, columns.get("exclusions"))
        exclusion_places, exclusion_faults = locate_table(exclusions_table, addresses)
        faults += [*exclusions_table.faults, *exclusion_faults, *_unknown_children(exclusions_table, children_table)]
    schools, school_faults = _place_schools(plan)
    authorities, authority_faults = _read_boundaries(plan, children_table)
    faults += [*school_faults, *authority_faults]
    faults += _name_faults(plan, homes_table, children_table, authorities)
    if authorities is not None:
        faults += _elsewhere_by_boundaries(homes_table, home_places, authorities)
    if children_table is not None:
        faults += _placements_of_no_council(children_table, (*(authorities.names if authorities else ()), *plan.authorities))
    for table, places in ((homes_table, home_places), (children_table, child_places), (exclusions_table, exclusion_places)):
        if table is not None:
            faults += _elsewhere(table.file, places, schools)
    # A home that is not read for a fault of its own would be missed in the journeys too.
    all_known = not stopping([*homes_table.faults, *home_faults, *school_faults])
    named = {row.value.home_id: home_places[row.number] for row in homes_table.rows if row.number in home_places}
    named |= {school.name: school.place for school in schools}
    observed, observed_faults = _read_observed(plan, named if all_known else None)
    faults += observed_faults
    if stopping(faults):
        raise InputFaultsError(faults)
    return PlanInputs(
        plan=plan,
        schools=schools,
        homes=tuple(Home(row=row, place=home_places[number]) for number, row in _with_one_spelling(homes_table)),
        children=tuple(
            Child(row=row.value, place=child_places.get(row.number)) for row in (children_table.rows if children_table else ())
        ),
        exclusions=tuple(
            Exclusion(row=row.value, place=exclusion_places[row.number])
            for row in (exclusions_table.rows if exclusions_table else ())
        ),
        authorities=authorities,
        warnings=in_order(faults),
        same_house=tuple(tuple(HomeId(home.row.home_id) for home in group) for group in groups),
        observed=observed,
    )


def _read_observed(plan: Plan, named: Mapping[str, Place] | None) -> tuple[tuple[ObservedJourney, ...], tuple[Fault, ...]]:
    return read_observed(plan.resolve(plan.inputs.observed), named) if plan.inputs.observed else ((), ())


def _listed_twice(plan: Plan, groups: Iterable[tuple[Listed, ...]]) -> Iterable[Fault]:
    """Say which rows are one house; where it would stand or be bought twice it is a fault."""
    locked = set(plan.portfolio.locked) if plan.portfolio else set()
    for group in groups:
        first, *others = group
        certain = [home for home in group if home.row.status is not HomeStatus.CANDIDATE or home.row.home_id in locked]
        for home in others:
            yield Fault(
                file=Path(plan.inputs.candidates).name,
                row=home.number,
                column="home_id",
                problem=f"{home.row.home_id} looks like the same house as {first.row.home_id} in row {first.number}",
                remedy="Delete one of the rows, since both are bought, open or locked and its beds would count twice; "
                "or tell two houses apart by their address or uprn"
                if len(certain) > 1
                else "At most one of them is ever chosen; delete a row, or tell two houses apart by their address or uprn",
                severity=Severity.FAULT if len(certain) > 1 else Severity.WARNING,
            )


def _unknown_children(table: Table[ExclusionRow], children: Table[ChildRow] | None) -> Iterable[Fault]:
    if children is None:
        yield Fault(
            file=table.file,
            problem="exclusions are given but no children",
            remedy="Name the children table in the plan, or take the exclusions out",
        )
        return
    known = {row.value.child_ref for row in children.rows}
    # A row of the children table that has a fault of its own may be the one that is missed.
    if stopping(children.faults):
        return
    for row in table.rows:
        if row.value.child_ref not in known:
            guess = meant(row.value.child_ref, known, 75)
            yield Fault(
                file=table.file,
                row=row.number,
                column="child_ref",
                problem=f"the children table has no {row.value.child_ref}",
                remedy=f"Did you mean {guess}" if guess else "Write the reference as it stands there",
            )


def _name_faults(
    plan: Plan, homes: Table[HomeRow], children: Table[ChildRow] | None, authorities: Authorities | None
) -> Iterable[Fault]:
    """Check the names that join the plan, its tables and its boundaries against each other."""
    part = plan.portfolio
    councils = [
        Named(name=name, file=plan.path.name, row=None, column="authorities", confirmed=share.name_is_right)
        for name, share in plan.authorities.items()
    ]
    councils += _named(homes, "authority")
    councils += _named(children, "authority") if children else []
    known = authorities.names if authorities else tuple(plan.authorities)
    yield from council_faults(councils, known, sure=authorities is not None)
    if part is None:
        return
    for column, limit in (("town", part.most_in_one_town), ("ward", part.most_in_one_ward)):
        yield from place_name_faults(_named(homes, column), column) if limit is not None else ()
    home_ids = {row.value.home_id for row in homes.rows}
    if stopping(homes.faults):
        return
    for key, named in (("locked", part.locked), ("barred", part.barred)):
        for home_id in named:
            if home_id not in home_ids:
                guess = meant(home_id, home_ids, 75)
                yield Fault(
                    file=plan.path.name,
                    column=f"portfolio.{key}",
                    problem=f"the candidates table has no {home_id}",
                    remedy=f"Did you mean {guess}" if guess else "Write the home_id as it stands there",
                )


def _named(table: Table[HomeRow] | Table[ChildRow], column: str) -> list[Named]:
    return [
        Named(name=name, file=table.file, row=row.number, column=column, confirmed=column in row.value.confirmed_values)
        for row in table.rows
        if (name := getattr(row.value, column))
    ]


def _with_one_spelling(homes: Table[HomeRow]) -> Iterable[tuple[int, HomeRow]]:
    """Return the rows with each town and ward in its first spelling: case and spaces part no two homes."""
    spellings = {column: one_spelling(getattr(row.value, column) for row in homes.rows) for column in ("town", "ward")}
    for row in homes.rows:
        changes = {column: spell(getattr(row.value, column)) for column, spell in spellings.items()}
        yield row.number, row.value.model_copy(update=changes)


def _elsewhere(file: str, places: Mapping[int, Place], schools: Sequence[PlacedSchool]) -> Iterable[Fault]:
    """Ask about places outside Great Britain where the schools are in it: no postcode, road or rule reaches there."""
    if not schools or any(not school.place.system.is_national_grid for school in schools):
        return
    rows = sorted(number for number, place in places.items() if not place.system.is_national_grid)
    if rows:
        yield Fault(
            file=file,
            row=rows[0],
            rows=tuple(rows) if len(rows) > 1 else (),
            column="latitude",
            problem="the place is not in Great Britain, and the school is",
            remedy="Check the figures and their signs; leave a family's place empty where it is abroad",
        )


def _without_a_place(children: Table[ChildRow]) -> Iterable[Fault]:
    """Say of how many children the family's place is not known."""
    without = [row.number for row in children.rows if not row.value.has_place]
    if without:
        many = len(without) > 1
        yield Fault(
            file=children.file,
            row=without[0],
            rows=tuple(without),
            problem=f"{len(without)} children have no family place" if many else "the child has no family place",
            remedy=f"{'They need' if many else 'It needs'} a bed and a school all the same, and "
            f"{'count' if many else 'counts'} as not known: neither near nor far",
            severity=Severity.WARNING,
        )


def _unknown_placements(children: Table[ChildRow]) -> Iterable[Fault]:
    """Warn of placements that look like a postcode and are none; the wording does not repeat them."""
    written = {row.number: tidy for row in children.rows if (tidy := tidy_postcode(row.value.placement or ""))}
    known = find_postcodes(written.values())
    for number, postcode in written.items():
        if postcode not in known or not known[postcode].has_position:
            is_slip = postcode not in known and unlike_postcode(postcode) is not None
            yield Fault(
                file=children.file,
                row=number,
                column="placement",
                problem="this postcode does not exist, or has no position"
                + (": a letter may stand for a figure or a figure for a letter, such as O for 0" if is_slip else ""),
                remedy="Correct it, or write the council's name; the child counts as living in a place not known",
                severity=Severity.WARNING,
            )


def _placements_of_no_council(children: Table[ChildRow], councils: Sequence[str]) -> Iterable[Fault]:
    """Say of how many placements it is not known in whose area they are; the wording does not repeat them."""
    rows = [
        row.number
        for row in children.rows
        if (text := row.value.placement)
        and tidy_postcode(text) is None
        and known_council(text, (*councils, *filter(None, [row.value.authority]))) is None
    ]
    if rows:
        yield Fault(
            file=children.file,
            row=rows[0],
            rows=tuple(rows) if len(rows) > 1 else (),
            column="placement",
            problem="this is neither a postcode nor a council's name: it is not known whether the child lives in its own "
            "council's area",
            remedy="Write the postcode, or the name of the council",
            severity=Severity.WARNING,
        )


def _elsewhere_by_boundaries(homes: Table[HomeRow], places: Mapping[int, Place], authorities: Authorities) -> Iterable[Fault]:
    """Warn of homes whose row names another council than the boundaries have them in."""
    rows = [row for row in homes.rows if row.number in places and places[row.number].system.is_national_grid]
    found = authorities.at(np.array([places[row.number].x_m for row in rows]), np.array([places[row.number].y_m for row in rows]))
    for row, council in zip(rows, found, strict=True):
        own = row.value.authority
        if own is None or council is None or not authorities.knows(own) or "authority" in row.value.confirmed_values:
            continue
        if plain_name(own) != plain_name(council):
            yield Fault(
                file=homes.file,
                row=row.number,
                column="authority",
                problem=f"by the boundaries {row.value.home_id} stands in {council}, and not in {own}",
                remedy="The boundaries count; correct the council or the place",
                severity=Severity.WARNING,
            )


def _place_schools(plan: Plan) -> tuple[tuple[PlacedSchool, ...], list[Fault]]:
    schools: list[PlacedSchool] = []
    faults: list[Fault] = []
    for number, school in enumerate(plan.schools, start=1):
        try:
            schools.append(PlacedSchool(name=school.name, place=place_school(school)))
        except (ValueError, CrsError, UsageError) as error:
            column = f"schools.{number}.{'gate' if school.gate else 'postcode'}"
            problem, _, remedy = str(error).rstrip(".").partition(". ")
            problem = problem.removeprefix("1 validation error for PlacedRow\n")
            faults.append(
                Fault(
                    file=plan.path.name,
                    column=column,
                    problem=f"{school.name}: {problem[0].lower()}{problem[1:]}",
                    remedy=remedy or "Give its postcode, or latitude and longitude",
                )
            )
    if len({fold_name(school.name) for school in plan.schools}) < len(plan.schools):
        faults.append(
            Fault(
                file=plan.path.name,
                column="schools.name",
                problem="two schools have the same name",
                remedy="Give each its own, so that outputs tell them apart",
            )
        )
    return tuple(schools), faults


def place_school(school: School) -> Place:
    """Return where cars enter a school: its gate if given, else its place.

    Raises
    ------
    ValueError
        Where it has no place; the text says why and what to do.
    """
    if school.gate:
        return parse_place(school.gate)
    keys = ("postcode", "grid_reference", "easting", "northing", "latitude", "longitude")
    given = {key: value for key in keys if (value := getattr(school, key)) is not None}
    if not given:
        msg = "no place is given. Give its postcode, or latitude and longitude"
        raise ValueError(msg)
    for one, other in (("easting", "northing"), ("latitude", "longitude")):
        if (one in given) != (other in given):
            msg = f"{one} and {other} go together. Give both"
            raise ValueError(msg)
    return locate_one(PlacedRow.model_validate(given))


def _read_boundaries(plan: Plan, children: Table[ChildRow] | None) -> tuple[Authorities | None, list[Fault]]:
    if not plan.inputs.boundaries:
        return None, []
    path = plan.resolve(plan.inputs.boundaries)
    authorities, unusable = open_authorities(path)
    if authorities is None:
        return None, list(unusable)
    if children is None:
        return authorities, []
    faults = [
        Fault(
            file=children.file,
            row=row.number,
            column="authority",
            problem=f"the boundaries have no authority called {row.value.authority}",
            remedy="The tests on authorities are left out for this child; check the spelling",
            severity=Severity.WARNING,
        )
        for row in children.rows
        if row.value.authority and not authorities.knows(row.value.authority)
    ]
    return authorities, faults
