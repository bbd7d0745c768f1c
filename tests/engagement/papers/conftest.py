"""A pack made by hand, without a plan: a few households on one street."""

import datetime as dt
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest
import shapely

from engagement.around.boundary import HomeBoundary
from engagement.pack import Pack
from engagement.register import Told
from engagement.schedule.issue import Issue, numbered, promised
from engagement.schedule.visits import schedule_visits
from siting.inputs.plan_parts import DropIn, Engagement
from siting.words import Basis

TODAY = dt.date(2026, 11, 25)
TOLD_NOBODY = Told()


@pytest.fixture
def new_pack() -> Callable[..., Pack]:
    """Return a function that makes the pack of a home from its invited households."""

    def made(
        invited: Any,
        *,
        previous: Issue | None = None,
        released: bool = True,
        told: Told = TOLD_NOBODY,
        **plan: Any,
    ) -> Pack:
        engagement = Engagement(
            **{
                "days": (dt.date(2027, 7, 5), dt.date(2027, 7, 6)),
                "provider": "Invented Care Ltd",
                "contact": "01632 960 100, hello@example.org",
                "signatory": "S. Example",
                "drop_in": DropIn(date=dt.date(2027, 7, 15), place="the library"),
                **plan,
            }
        )
        kept = promised("H1", invited, previous, engagement)
        numbers, highest = numbered("H1", invited, previous)
        values: dict[str, Any] = {
            "home": SimpleNamespace(row=SimpleNamespace(home_id="H1", address="14 High Street, Town")),
            "title": "A plan",
            "engagement": engagement,
            "boundary": HomeBoundary(area=shapely.box(0, 0, 10, 30), basis=Basis.PLOT, words=""),
            "own_words": "",
            "area": shapely.box(-20, -20, 30, 50),
            "considered": tuple(invited),
            "set_aside": (),
            "walk_there": (),
            "walk": tuple(invited),
            "numbers": numbers,
            "highest_number": highest,
            "previous": previous,
            "told": told,
            "schedule": schedule_visits(invited, engagement, TODAY, issued=kept.slots, agreed=kept.agreed, waiting=kept.waiting),
            "steps": (),
            "stakeholders": (),
            "released": released,
            "made": TODAY,
            "sources": (),
            "has_address_files": True,
            "address_source": "addresses.csv",
            "warnings": (),
            "plots": (),
            "buildings": (),
        }
        known_fields = Pack.__dataclass_fields__
        return Pack(**{name: value for name, value in values.items() if name in known_fields})

    return made


@pytest.fixture
def households(new_street: Callable[[], Any]) -> Callable[..., Any]:
    """Return a function that makes so many invited households on one street."""

    def made(count: int, **more: Any) -> Any:
        street = new_street()
        for number in range(1, count + 1):
            street.add(str(number), 12 + number * 0.05, 5, **more)
        return tuple(one for one in street.consider(1_000) if one.invited)

    return made
