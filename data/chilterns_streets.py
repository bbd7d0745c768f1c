"""The invented streets in which the sample's homes stand: plots, buildings and addresses.

Each home gets two parallel streets of back-to-back gardens, with what real streets have: a block of
flats, a house behind a house, a shop, garages, a substation and records of what is gone. Everything
is drawn by the home's number alone, so that each run makes the same.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from shapely import Point, Polygon, affinity, box

STREET_HALF_LENGTH_M = 115.0
ROAD_HALF_WIDTH_M = 5.5
PLOT_DEPTH_M = 28.0
SECOND_STREET_M = 2 * (PLOT_DEPTH_M + ROAD_HALF_WIDTH_M)
HOME_NUMBER = 14
FIRST_UPRN = 990_000_000_000
"""No real property has a number from this on."""

STREET_NAMES = (
    ("Beech Road", "Beech Close"), ("Mill Road", "Mill Lane"), ("Orchard Road", "Pear Tree Close"),
    ("Station Road", "Signal Way"), ("Church Road", "Bell Close"), ("Meadow Road", "Clover Way"),
    ("Abbey Road", "Cloister Close"), ("Kiln Road", "Brick Lane"), ("Park Road", "Lodge Close"),
    ("Grove Road", "Copse Way"), ("Lime Road", "Linden Close"), ("Linden Road", "Tŷ Gwyn Close"),
    ("Forest Road", "Fern Way"), ("King Road", "Queen's Close"), ("Manor Road", "Stable Mews"),
)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Property:
    """One row of the address file."""

    uprn: int
    parent_uprn: int | None
    classification_code: str
    status: int
    sub_building: str
    building_name: str
    building_number: str
    street: str
    point: Point


@dataclass(frozen=True, slots=True, kw_only=True)
class Neighbourhood:
    """The streets of one home (EPSG:27700)."""

    streets: tuple[tuple[str, tuple[float, float], tuple[float, float]], ...]
    link: tuple[float, float]
    plots: tuple[Polygon, ...]
    buildings: tuple[tuple[Polygon, Property], ...]
    properties: tuple[Property, ...]
    home: Property


def lay_out(number: int, x_m: float, y_m: float, angle: float) -> Neighbourhood:
    """Lay out the streets of home `number` through a point, the first along `angle` (radians)."""
    draw = np.random.default_rng(1_000 + number)
    names = STREET_NAMES[number % len(STREET_NAMES)]
    counter = iter(range(FIRST_UPRN + number * 1_000, FIRST_UPRN + (number + 1) * 1_000))

    def placed(shape: Polygon | Point) -> Polygon | Point:
        turned = affinity.rotate(shape, angle, origin=(0, 0), use_radians=True)
        return affinity.translate(turned, x_m, y_m)

    plots: list[Polygon] = []
    buildings: list[tuple[Polygon, Property]] = []
    properties: list[Property] = []
    home: Property | None = None

    def add(
        code: str,
        at: Point,
        street: str,
        number_text: str = "",
        name: str = "",
        sub: str = "",
        parent: int | None = None,
        status: int = 1,
    ) -> Property:
        made = Property(
            uprn=next(counter), parent_uprn=parent, classification_code=code, status=status, sub_building=sub,
            building_name=name, building_number=number_text, street=street, point=placed(at),
        )  # fmt: skip
        properties.append(made)
        return made

    for street, (name, offset_m) in enumerate(zip(names, (0.0, SECOND_STREET_M), strict=True)):
        for side in (-1, 1):
            edge_m = offset_m + side * ROAD_HALF_WIDTH_M
            for door, west_m, width_m in _frontages(draw, even=side > 0):
                far_m = edge_m + side * PLOT_DEPTH_M
                plot = box(west_m, min(edge_m, far_m), west_m + width_m, max(edge_m, far_m))
                middle_m = west_m + width_m / 2
                front_m = edge_m + side * 6
                house = box(
                    middle_m - width_m / 2 + 0.8,
                    min(front_m, front_m + side * 8),
                    middle_m + width_m / 2 - 0.8,
                    max(front_m, front_m + side * 8),
                )
                door_at = Point(middle_m, front_m + side * 4)
                plots.append(placed(plot))
                if street == 0 and door == 9:
                    shell = add("PP", door_at, name, str(door), "Chiltern Court")
                    for flat in range(1, 7):
                        add("RD06", door_at, name, str(door), "Chiltern Court", f"Flat {flat}", shell.uprn)
                    buildings.append((placed(house), shell))
                    continue
                if street == 0 and door == 22:
                    buildings.append((placed(house), add("CR08", door_at, name, str(door), "The Corner Shop")))
                    continue
                made = add("RD03" if width_m > 10 else "RD04", door_at, name, str(door))
                buildings.append((placed(house), made))
                if street == 0 and door == HOME_NUMBER:
                    home = made
                if street == 0 and door == 18:
                    behind = Point(middle_m, edge_m + side * 24)
                    made = add("RD02", behind, name, f"{door}A", "The Old Bakehouse")
                    buildings.append((placed(behind.buffer(3, cap_style="square")), made))
        add("CU02", Point(-STREET_HALF_LENGTH_M - 8, offset_m + 8), name, name="Electricity Sub Station")
        add("RG02", Point(STREET_HALF_LENGTH_M + 8, offset_m - 8), name, name="Garages")
    add("RD04", Point(0, 30), names[0], "16B", status=8)
    add("PS", Point(0, 0), names[0], name="Street Record")
    if home is None:
        msg = "the street has no house of the home's number"
        raise ValueError(msg)
    ends = [
        (name, _xy(placed(Point(-STREET_HALF_LENGTH_M, at_m))), _xy(placed(Point(STREET_HALF_LENGTH_M, at_m))))
        for name, at_m in zip(names, (0.0, SECOND_STREET_M), strict=True)
    ]
    return Neighbourhood(
        streets=tuple(ends), link=_xy(placed(Point(-STREET_HALF_LENGTH_M, 0))), plots=tuple(plots),
        buildings=tuple(buildings), properties=tuple(properties), home=home,
    )  # fmt: skip


def _frontages(draw: np.random.Generator, *, even: bool) -> Iterator[tuple[int, float, float]]:
    """Yield door number, where the plot begins along the street, and its width."""
    at_m, door = -STREET_HALF_LENGTH_M, 2 if even else 1
    while at_m < STREET_HALF_LENGTH_M - 16:
        width_m = float(draw.choice([7.5, 9.0, 12.5]))
        yield door, at_m, width_m
        at_m, door = at_m + width_m, door + 2


def _xy(point: Point) -> tuple[float, float]:
    return float(point.x), float(point.y)
