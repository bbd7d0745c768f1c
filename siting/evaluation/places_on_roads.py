"""A plan's homes, children and schools joined to the roads, once for all who ask."""

from dataclasses import dataclass

from siting.inputs.plan_inputs import PlanInputs
from siting.roads.joining import Joins, join_places
from siting.roads.network import RoadNetwork


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class PlacesOnRoads:
    """Where a plan's places meet the roads, each in the order of its table; a child without a place has no segment (-1)."""

    homes: Joins
    children: Joins
    schools: Joins


def join_inputs(inputs: PlanInputs, network: RoadNetwork) -> PlacesOnRoads:
    """Join a plan's homes, children and schools to the roads."""
    return PlacesOnRoads(
        homes=join_places(network, [home.place for home in inputs.homes]),
        children=join_places(network, [child.place for child in inputs.children]),
        schools=join_places(network, [school.place for school in inputs.schools]),
    )
