"""The travel-time model: every figure in one table, each with its source.

A plan changes any of them by name under `[model]`; nothing else in the project holds a speed, a
delay or a factor.
"""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import time
from types import MappingProxyType
from typing import Final

ROAD_CLASSES: Final = (
    "motorway", "motorway_link", "trunk", "trunk_link", "primary", "primary_link", "secondary", "secondary_link",
    "tertiary", "tertiary_link", "unclassified", "residential", "living_street", "service", "road", "track",
)  # fmt: skip
"""OpenStreetMap's `highway` values that cars use; a road's class is kept as the index into this."""

SURFACE_GROUPS: Final = ("paved", "compacted", "paving", "gravel", "cobbles", "grass_track", "earth", "mud", "ruts")
"""Groups of OpenStreetMap's `surface`, `smoothness` and `tracktype` values that slow a car alike, the smooth first; kept as the
index into this."""

_OSRM = "OSRM 26.10, profiles/car.lua"
_LAW = "Highway Code, rule 124, national speed limits for cars (England and Wales)"
_OWN = "own assumption"
_COMPLIANCE = (
    "Department for Transport, vehicle speed compliance statistics 2022-23: where nothing hinders them 45 % of cars exceed "
    "70 mph on motorways, 9 to 11 % exceed 60 on single carriageways, 44 to 50 % exceed 30"
)
_STRATEGIC = (
    "Department for Transport, travel time measures, year to June 2023: strategic roads 57.6 mph and 9.9 s a mile of delay, "
    "so 68 mph without; lorries too"
)
_LOCAL = (
    "Department for Transport, travel time measures, year to June 2023 (revised October 2024): local A roads 23.3 mph and 46.7 s "
    "a mile over free flow"
)
_LONDON = (
    "Transport for London, Travel in London 8 (2015), table 4.9: km/h in the morning peak, between, in the evening peak; "
    "inner 18.7, 20.3, 16.9, outer 29.4, 33.9, 27.4"
)
_LOCAL_FACTOR = "1 until `siting calibrate` finds another from the plan's own observed journeys"
_PORTO = "fitted on tracked journeys of Porto 2013-14, held to Bristol's and London's official speeds: docs/method.md"


@dataclass(frozen=True, slots=True)
class Figure:
    """One figure of the model: its value, its unit and where it comes from."""

    value: float
    unit: str
    source: str


def _table() -> dict[str, Figure]:
    table: dict[str, Figure] = {}
    in_practice: tuple[float, ...] = (107, 45, 80, 40, 65, 30, 55, 25, 40, 20, 25, 25, 10, 15, 25, 15)
    own_speeds = {
        "motorway": f"{_COMPLIANCE}; 0.95 of the national limit",
        "trunk": f"{_OWN}: 0.82 of the national limit of single carriageways",
        "road": f"{_OWN}: as a road that is not classified",
        "track": _OWN,
    }
    for road_class, speed in zip(ROAD_CLASSES, in_practice, strict=True):
        table[f"speed_without_limit.{road_class}"] = Figure(speed, "km/h", own_speeds.get(road_class, _OSRM))
    for kind, share, source in (
        ("motorway", 0.95, _COMPLIANCE),
        ("dual", 0.92, f"{_COMPLIANCE}; a little less than on motorways, {_OWN}"),
        ("single", 0.82, _COMPLIANCE),
        ("built_up", 0.90, f"{_COMPLIANCE}; less for bends, parked cars and slower drivers, {_OWN}"),
        ("minor", 0.80, _OSRM),
        ("lane", 0.65, f"{_OWN}: nobody drives at 60 mph on a lane"),
    ):
        table[f"limit_share.{kind}"] = Figure(share, "share of the limit that is driven where nothing hinders", source)
    for name, limit_mph in (("motorway", 70), ("dual", 70), ("single", 60), ("built_up", 30)):
        table[f"national_limit.{name}"] = Figure(limit_mph * 1.609344, "km/h", _LAW)
    for name, cap in zip(SURFACE_GROUPS, (1000, 80, 60, 40, 30, 25, 20, 10, 5), strict=True):
        table[f"surface_cap.{name}"] = Figure(cap, "km/h at most", f"{_OSRM}: the surfaces, grades and smoothness that it has so")
    table |= {
        "access_speed": Figure(10, "km/h between a door and the nearest road", f"{_OWN}: a private drive at a crawl"),
        "turn_delay": Figure(7.5, "s for the sharpest turn", _OSRM),
        "turn_centre": Figure(90, "degrees at which half of the delay is met", _OSRM),
        "turn_spread": Figure(180 / 13, "degrees, the scale of the logistic curve", _OSRM),
        "turn_across_traffic": Figure(1.075, "times the delay when turning across the traffic", _OSRM),
        "u_turn_delay": Figure(20, "s besides the turn", _OSRM),
        "signal_delay": Figure(2, "s a traffic signal", _OSRM),
        "stop_delay": Figure(2, "s a stop sign", _OSRM),
        "give_way_delay": Figure(1, "s a give-way line", _OWN),
        "crossing_delay": Figure(0, "s a pedestrian crossing", _OSRM),
        "signal_crossing_delay": Figure(
            0.5, "s a pedestrian crossing with signals", f"{_OWN}: most are part of a junction's signals"
        ),
        "mini_roundabout_delay": Figure(2, "s a mini-roundabout", f"{_OWN}: as a signal"),
        "gate_delay": Figure(60, "s to open and shut a gate", _OSRM),
        "built_up.limit": Figure(64.5, "km/h, the highest limit of a built-up road (40 mph)", _OWN),
        "built_up.from": Figure(5.0, "junctions a km2 at which a place begins to be built up", f"{_OWN}: a hamlet"),
        "built_up.full": Figure(35.0, "junctions a km2 of a place that is built up", f"{_OWN}: the middle of Oakham has 55"),
        "typical.motorway": Figure(1.08, "times the running time of free flow", _STRATEGIC),
        "typical.strategic": Figure(1.07, "times the running time of free flow", _STRATEGIC),
        "typical.rural_main": Figure(1.07, "times the running time of free flow", f"{_LOCAL}; in the country far less, {_OWN}"),
        "typical.rural_minor": Figure(1.02, "times the running time of free flow", _OWN),
        "typical.urban_main": Figure(1.125, "times the running time of free flow", f"{_LOCAL}; the rest is the town's own pace"),
        "typical.urban_minor": Figure(1.05, "times the running time of free flow", _OWN),
        "school_run.motorway": Figure(1.17, "times the running time of free flow", f"{_STRATEGIC}; more at peaks, {_OWN}"),
        "school_run.strategic": Figure(1.13, "times the running time of free flow", f"{_STRATEGIC}; more at peaks, {_OWN}"),
        "school_run.rural_main": Figure(1.13, "times the running time of free flow", f"{_LOCAL}; less in the country, {_OWN}"),
        "school_run.rural_minor": Figure(1.05, "times the running time of free flow", _OWN),
        "school_run.urban_main": Figure(1.30, "times the running time of free flow", f"typical x 1.15: {_LONDON}"),
        "school_run.urban_minor": Figure(1.13, "times the running time of free flow", _OWN),
        "town.from": Figure(17.0, "root of junctions x signals a km2 at which a town begins to set the pace", _PORTO),
        "town.full": Figure(42.0, "root of junctions x signals a km2 at which the town sets the pace", _PORTO),
        "town.densest": Figure(3.0, "steps from `town.from` to `town.full` beyond which nothing grows slower", _PORTO),
        "town.long_piece": Figure(300.0, "m without a junction, beyond which a road is less and less held up by its town", _OWN),
        "town_pace.free_flow": Figure(125, "s a km in a dense town, signals and turns apart", _PORTO),
        "town_pace.typical": Figure(165, "s a km in a dense town, signals and turns apart", _PORTO),
        "town_pace.school_run": Figure(172, "s a km in a dense town, signals and turns apart", _PORTO),
        "town_pace_denser.free_flow": Figure(5.0, "s a km more for each step denser", _PORTO),
        "town_pace_denser.typical": Figure(30.0, "s a km more for each step denser", _PORTO),
        "town_pace_denser.school_run": Figure(27.0, "s a km more for each step denser", _PORTO),
        "local.free_flow": Figure(1.0, "times all of a journey", _LOCAL_FACTOR),
        "local.typical": Figure(1.0, "times all of a journey", _LOCAL_FACTOR),
        "local.school_run": Figure(1.0, "times all of a journey", _LOCAL_FACTOR),
        "bad_day": Figure(
            1.15,
            "times the school run on a bad day",
            "Helsinki Region Travel Time Matrix 2018, its validation: the upper end of a sat-nav's range 1.35 times its lowest, "
            "the middle 1.17 times",
        ),
        "model_error": Figure(
            0.18,
            "share of the minutes, either way",
            "what is left after the best single factor on 104 links of Bristol's main roads is 20 %, between two good observers "
            "15 to 20 %; Boeing and Zhou 2026 (arXiv 2602.15069) find 8 to 9 % for models trained on a city's own times only: "
            "docs/method.md",
        ),
    }
    return table


FIGURES: Final[Mapping[str, Figure]] = MappingProxyType(_table())
"""Every figure of the model, by name."""

SCENARIO_NOTES: Final = MappingProxyType(
    {
        "free_flow": "no other traffic; speeds in practice, with turns, signals and surfaces",
        "typical": "an ordinary weekday between the peaks",
        "school_run": "a term-time weekday at the school's start and end, about 8 to 9 am and 3 to 4 pm",
    }
)
"""What each scenario counts, in a reader's words."""


@dataclass(frozen=True, slots=True)
class SchoolHours:
    """When school starts and ends, and whether those who live or work in a road closed at those hours may still drive in."""

    start: time = time(8, 45)
    end: time = time(15, 15)
    exempt: bool = True


USUAL_HOURS: Final = SchoolHours()


@dataclass(frozen=True, slots=True)
class TravelModel:
    """The figures in force: the table's, with a plan's changes (name and value); and the hours of the school run."""

    changes: tuple[tuple[str, float], ...] = ()
    hours: SchoolHours = USUAL_HOURS

    def __getitem__(self, name: str) -> float:
        """Return a figure's value.

        Raises
        ------
        KeyError
            Where the table has no such figure.
        """
        return dict(self.changes).get(name, FIGURES[name].value)

    @property
    def fingerprint(self) -> str:
        """Tell one set of figures from another."""
        text = "\n".join((f"{self.hours}", *(f"{name}={self[name]!r}" for name in sorted(FIGURES))))
        return hashlib.blake2b(text.encode(), digest_size=16).hexdigest()
