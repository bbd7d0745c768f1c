"""An evaluation's results as the tables that are written and drawn."""

from collections.abc import Sequence
from typing import Any

import geopandas as gpd
import pandas as pd
import shapely

from siting.evaluation.home_result import HomeResult, home_facts, miles, minutes
from siting.evaluation.reasons import explain
from siting.inputs.plan_inputs import Home, PlanInputs
from siting.roads.joining import Joins
from siting.roads.network import RoadNetwork
from siting.words import Direction, Scenario


def homes_frame(results: Sequence[HomeResult], inputs: PlanInputs, network: RoadNetwork) -> gpd.GeoDataFrame:
    """Return a row a home, in the order given; points in the network's metres."""
    rules = inputs.plan.rules
    rows: list[dict[str, Any]] = []
    for rank, result in enumerate(results, start=1):
        home, judgement, times = result.home, result.judgement, result.times
        families = result.families
        row: dict[str, Any] = {
            "rank": rank,
            "home_id": home.row.home_id,
            "verdict": judgement.verdict.value,
            "status": home.row.status.value,
            "school": result.school,
            "to_school_min": minutes(times[rules.scenario, Direction.TO_SCHOOL]),
            "from_school_min": minutes(times[rules.scenario, Direction.FROM_SCHOOL]),
            "margin_min": judgement.margin_min,
            "error_min": judgement.error_min,
            "break_even_factor": judgement.break_even_factor,
        }
        for scenario in Scenario:
            for direction in Direction:
                row[f"{direction.value}_min_{scenario.value}"] = minutes(times[scenario, direction])
        row |= {
            "school_road_miles": miles(result.ways.get(Direction.TO_SCHOOL)),
            "route": ", ".join(result.roads.get(Direction.TO_SCHOOL, ())) or None,
            "snap_distance_m": result.snap_distance_m,
            "children_within_family_miles": families.within_miles if inputs.children else None,
            "children_over_20_miles": families.over_national_miles if inputs.children else None,
            "children_distance_not_known": families.place_not_known if inputs.children else None,
            "median_family_min": families.median_family_min,
            "worst_family_min": families.worst_family_min,
            "outside_own_authority": families.outside_own_authority,
            "outside_adjoining_authorities": families.outside_adjoining_authorities,
            "children_excluded": families.excluded if inputs.exclusions else None,
            "reasons": " ".join(explain(home_facts(result), rules)),
        }
        row |= {key if key not in row else f"{key} (as given)": value for key, value in _own_columns(home).items()}
        rows.append(row)
    places = [result.home.place.within(network.system) for result in results]
    frame = gpd.GeoDataFrame(
        rows,
        geometry=gpd.points_from_xy([place.x_m for place in places], [place.y_m for place in places]),
        crs=network.system.epsg,
    )
    for column in (
        "children_within_family_miles",
        "children_over_20_miles",
        "children_distance_not_known",
        "outside_own_authority",
        "outside_adjoining_authorities",
        "children_excluded",
    ):
        frame[column] = frame[column].astype("Int64")
    return frame


def _own_columns(home: Home) -> dict[str, Any]:
    """Return what the users wrote about a home: the known columns, then their own."""
    known = {
        key: getattr(home.row, key)
        for key in (
            "address",
            "postcode",
            "bedrooms",
            "beds",
            "annex",
            "price_gbp",
            "works_gbp",
            "town",
            "ward",
            "authority",
            "link",
        )
    }
    return {key: value for key, value in known.items() if key in _ALWAYS_SHOWN or value is not None} | dict(
        home.row.model_extra or {}
    )


_ALWAYS_SHOWN = ("address", "postcode", "bedrooms", "beds", "annex", "price_gbp", "authority", "link")


def schools_frame(inputs: PlanInputs, network: RoadNetwork, schools: Joins) -> gpd.GeoDataFrame:
    """Return a row a school; points in the network's metres."""
    places = [school.place.within(network.system) for school in inputs.schools]
    return gpd.GeoDataFrame(
        {"school": [school.name for school in inputs.schools], "snap_distance_m": schools.distance_m},
        geometry=gpd.points_from_xy([place.x_m for place in places], [place.y_m for place in places]),
        crs=network.system.epsg,
    )


def routes_frame(results: Sequence[HomeResult], network: RoadNetwork) -> gpd.GeoDataFrame:
    """Return a line for each home and direction in which there is a way."""
    rows = [
        {
            "home_id": result.home.row.home_id,
            "direction": direction.value,
            "minutes": minutes(way.time_ms),
            "road_miles": miles(way),
            "main_roads": ", ".join(result.roads[direction]),
            "geometry": shapely.linestrings(way.x_m, way.y_m),
        }
        for result in results
        for direction, way in result.ways.items()
    ]
    columns = ["home_id", "direction", "minutes", "road_miles", "main_roads", "geometry"]
    return gpd.GeoDataFrame(pd.DataFrame(rows, columns=columns), geometry="geometry", crs=network.system.epsg)
