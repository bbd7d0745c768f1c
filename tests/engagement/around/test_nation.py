"""Where a home stands decides its language and its regulator; what the plan does not say is worked out and told."""

from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from engagement.around.nation import with_nation
from siting.crs import MetricSystem, to_metres
from siting.inputs.plan_parts import Engagement
from siting.place import Place
from siting.words import BNG


def home_at(latitude: float, longitude: float, postcode: str | None = None) -> Any:
    (x_m,), (y_m,) = to_metres(np.array([longitude]), np.array([latitude]), MetricSystem(BNG))
    return SimpleNamespace(place=Place(x_m=float(x_m), y_m=float(y_m), system=MetricSystem(BNG), postcode=postcode))


NEWPORT, OAKHAM, KNIGHTON, IN_ANDORRA = (51.5877, -2.9984), (52.6706, -0.7283), (52.3438, -3.0497), (42.5063, 1.5218)
GLASGOW = (55.8724, -4.2900)


@pytest.mark.parametrize(
    ("home", "nation", "told"),
    [
        (home_at(*NEWPORT, "NP20 4AX"), "Wales", "in Wales by its postcode (NP20)"),
        (home_at(*NEWPORT), "Wales", "in Wales by its postcode (NP"),
        (home_at(*OAKHAM, "LE15 6DT"), "England", ""),
        (home_at(*OAKHAM), "England", ""),
        (home_at(52.5, -3.5, "SY17 5EE"), "Wales", "SY17"),
        (home_at(52.7, -2.7, "SY3 5EE"), "England", ""),
        (home_at(*KNIGHTON, "LD7 1AA"), "England", "England is taken"),
        (home_at(*IN_ANDORRA), "England", "no postcode is near it, and England is taken"),
        (home_at(*GLASGOW, "G12 8QQ"), "Scotland", "in Scotland by its postcode (G12)"),
        (home_at(*GLASGOW), "Scotland", "in Scotland by its postcode (G"),
        (home_at(55.6458, -2.2465, "TD12 4AA"), "England", "in England and in Scotland, and England is taken"),
    ],
)
def test_what_the_plan_does_not_say_is_worked_out_and_told(home: Any, nation: str, told: str) -> None:
    found, said = with_nation(Engagement(), home)
    assert found.nation == nation
    assert told in said
    assert bool(said) == bool(told)


@pytest.mark.parametrize("nation", ["England", "Wales"])
def test_what_the_plan_says_holds(nation: str) -> None:
    found, said = with_nation(Engagement(nation=nation), home_at(*NEWPORT, "NP20 4AX"))
    assert (found.nation, said) == (nation, "")
