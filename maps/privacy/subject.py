"""What a map can be made of: a plan's evaluation, its choice of homes, one home's neighbours."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import shapely

from maps.ground.background import Background
from siting.evaluation.evaluation import Evaluation
from siting.inputs.plan_inputs import PlanInputs


@dataclass(frozen=True, slots=True, kw_only=True)
class EngagementArea:
    """What the map of one home's neighbours shows; shapes in the network's metres.

    `neighbours` have `number`, `address`, `distance_m`, `basis`, `x_m`, `y_m`, and where known `door`, the house's own
    number; `doors` are the numbers of other houses (text, and the place in metres), to find one's way by.
    """

    home_id: str
    boundary: shapely.Geometry
    area: shapely.Geometry
    plots: tuple[shapely.Geometry, ...] = ()
    buildings: tuple[shapely.Geometry, ...] = ()
    neighbours: tuple[Mapping[str, Any], ...] = ()
    metres: float = 20.0
    doors: tuple[tuple[str, float, float], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class MapSubject:
    """All that a map can be made of."""

    inputs: PlanInputs
    evaluation: Evaluation
    background: Background
    chosen: tuple[str, ...] | None = None
    allocation: Mapping[str, str] | None = None
    engagement: EngagementArea | None = None
