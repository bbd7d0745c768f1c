"""The travel-time model: every figure in one table, each with its source.

A plan changes any of them by name under `[model]`; nothing else in the project holds a speed, a
delay or a factor.
"""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

ROAD_CLASSES: Final = (
    "motorway", "motorway_link", "trunk", "trunk_link", "primary", "primary_link", "secondary", "secondary_link",
    "tertiary", "tertiary_link", "unclassified", "residential", "living_street", "service", "road", "track",
)  # fmt: skip
"""OpenStreetMap's `highway` values that cars use; a road's class is kept as the index into this."""

SURFACE_GROUPS: Final = ("paved", "setts", "gravel", "cobbles", "earth", "mud")
"""Groups of OpenStreetMap's `surface` values that slow a car alike; kept as the index into this."""

_OSRM = "OSRM 26.10, profiles/car.lua"
_LAW = "Highway Code, rule 124, national speed limits for cars (England and Wales)"
_DFT_YEAR = "Department for Transport, travel time measures, year ending June 2023 (revised October 2024)"
_DFT_LOCAL = f"{_DFT_YEAR}: local A roads 23.3 mph and 46.7 s a mile over free flow; about 60 s at peak times"
_DFT_STRATEGIC = f"{_DFT_YEAR}: strategic roads 57.6 mph and 9.9 s a mile over free flow; half as much again at peaks"
_OWN = "own assumption"


@dataclass(frozen=True, slots=True)
class Figure:
    """One figure of the model: its value, its unit and where it comes from."""

    value: float
    unit: str
    source: str


def _table() -> dict[str, Figure]:
    table: dict[str, Figure] = {}
    in_practice: tuple[float, ...] = (90, 45, 85, 40, 65, 30, 55, 25, 40, 20, 25, 25, 10, 15, 25, 15)
    for road_class, speed in zip(ROAD_CLASSES, in_practice, strict=True):
        table[f"speed_without_limit.{road_class}"] = Figure(speed, "km/h", _OSRM)
    table["speed_without_limit.track"] = Figure(15, "km/h", _OWN)
    table["limit_factor"] = Figure(0.8, "share of the limit that is driven in practice", _OSRM)
    for name, limit_mph in (("motorway", 70), ("dual", 70), ("single", 60), ("built_up", 30)):
        table[f"national_limit.{name}"] = Figure(limit_mph * 1.609344, "km/h", _LAW)
    for name, cap in zip(SURFACE_GROUPS, (1000, 60, 40, 30, 20, 10), strict=True):
        table[f"surface_cap.{name}"] = Figure(cap, "km/h at most", _OSRM)
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
        "urban_threshold": Figure(2.0, "km of residential street a km2", f"{_OWN}: parts Oakham and Newport from fields"),
        "school_run.motorway": Figure(1.10, "times the typical running time", _DFT_STRATEGIC),
        "school_run.urban_main": Figure(1.30, "times the typical running time", _DFT_LOCAL),
        "school_run.rural_main": Figure(1.10, "times the typical running time", _DFT_LOCAL),
        "school_run.urban_minor": Figure(1.20, "times the typical running time", f"{_DFT_LOCAL}; less on minor roads"),
        "school_run.rural_minor": Figure(1.05, "times the typical running time", f"{_DFT_LOCAL}; less on minor roads"),
        "model_error": Figure(
            0.084,
            "share of the minutes, one error either way",
            "docs/calibration.md: residuals against OSRM on held-out pairs, with 8 % of Boeing and Zhou 2026, arXiv 2602.15069",
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
class TravelModel:
    """The figures in force: the table's, with a plan's changes (name and value)."""

    changes: tuple[tuple[str, float], ...] = ()

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
        text = "\n".join(f"{name}={self[name]!r}" for name in sorted(FIGURES))
        return hashlib.blake2b(text.encode(), digest_size=16).hexdigest()
