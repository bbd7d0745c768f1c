"""A plan made as values, on roads drawn by hand: homes, families, zones and schools at metres from the drawing's corner."""

from pathlib import Path
from typing import Any

from siting.inputs.plan import Plan
from siting.inputs.plan_inputs import Child, Exclusion, Home, PlacedSchool, PlanInputs
from siting.inputs.plan_parts import Area, Inputs, Rules, School
from siting.inputs.rows import ChildRow, ExclusionRow, HomeRow
from siting.place import NATIONAL_GRID, Place

CORNER = (480_000.0, 190_000.0)

At = tuple[float, float]
ANY_POSTCODE = "HP11 2JZ"
"""A row must say where it is; here its place does."""


def at(place: At, **more: Any) -> Place:
    return Place(x_m=CORNER[0] + place[0], y_m=CORNER[1] + place[1], system=NATIONAL_GRID, **more)


def home(home_id: str, place: At, *, accuracy_m: float = 0.0, near: str | None = None, **row: Any) -> Home:
    made = HomeRow.model_validate({"home_id": home_id, "postcode": ANY_POSTCODE, **row})
    return Home(row=made, place=at(place, accuracy_m=accuracy_m, postcode=near))


def child(child_ref: str, place: At | None, *, near: str | None = None, **row: Any) -> Child:
    made = ChildRow.model_validate({"child_ref": child_ref, "postcode": ANY_POSTCODE, **row})
    return Child(row=made, place=None if place is None else at(place, postcode=near))


def zone(child_ref: str, place: At, radius_miles: float, *, accuracy_m: float = 0.0) -> Exclusion:
    row = ExclusionRow.model_validate({"child_ref": child_ref, "postcode": ANY_POSTCODE, "radius_miles": radius_miles})
    return Exclusion(row=row, place=at(place, accuracy_m=accuracy_m))


def drawn_plan(
    homes: list[Home],
    children: tuple[Child, ...] = (),
    schools: dict[str, At] | None = None,
    zones: tuple[Exclusion, ...] = (),
    authorities: Any = None,
    **rules: Any,
) -> PlanInputs:
    """Return what the plan's files would hold."""
    named = schools or {"The school": (0.0, 0.0)}
    plan = Plan(
        area=Area(network="roads.osm.pbf"),
        schools=tuple(School(name=name, postcode=ANY_POSTCODE) for name in named),
        inputs=Inputs(candidates="candidates.csv", children="children.csv" if children else None),
        rules=Rules(**rules),
        path=Path("plan.toml"),
    )
    return PlanInputs(
        plan=plan,
        schools=tuple(PlacedSchool(name=name, place=at(place)) for name, place in named.items()),
        homes=tuple(homes),
        children=children,
        exclusions=zones,
        authorities=authorities,
        warnings=(),
    )
