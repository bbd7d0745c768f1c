"""Who holds a map in their hands: what each audience is told of it, and which kinds of map there are for it."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from siting.faults import UsageError
from siting.words import PERSONAL_DATA_NOTICE, Audience

NOTICES: Final[Mapping[Audience, str]] = MappingProxyType(
    {
        Audience.INTERNAL: PERSONAL_DATA_NOTICE,
        Audience.PARTNER: "Official: for partner councils. Holds places of homes open, bought or chosen. Do not publish.",
        Audience.PUBLIC: "For the public. Holds no home and no child's family.",
    }
)

MAP_OF_ONE_HOME: Final = frozenset({Audience.INTERNAL})
"""Who has a map of one home's neighbours: a shape drawn round a plot gives the plot away, however wide it is drawn."""
ATLAS: Final = frozenset({Audience.INTERNAL, Audience.PARTNER})
"""Who has an atlas, a page a home: whoever is shown homes at all."""


def refuse_unless(audience: Audience, offered: frozenset[Audience], what: str) -> None:
    """Refuse a kind of map that is not made for an audience.

    Raises
    ------
    UsageError
        Saying for whom there is such a map.
    """
    if audience not in offered:
        there = " or ".join(f"--audience {one.value}" for one in Audience if one in offered)
        msg = f"There is no {what} for the audience {audience.value}: it would show where a home is. Use {there}."
        raise UsageError(msg)
