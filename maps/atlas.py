"""An atlas: the whole plan on the first page, then a page a home with its ways to and from school."""

import math
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

from maps.figure import DIRECTION_WORDS, draw_sight
from maps.privacy.audience import ATLAS, refuse_unless
from maps.privacy.sights import InternalHome, InternalSight, PartnerHome, PartnerSight, sight_of
from maps.privacy.subject import MapSubject
from siting.documents.looks import VERDICT_LOOKS
from siting.documents.typesetting import typeset
from siting.evaluation.sources import source_line
from siting.sentences import SCENARIO_WORDS, pounds
from siting.words import Audience, Direction

TEMPLATE = Path(__file__).with_name("assets") / "atlas.typ"
_WIDTH_CM, _HEIGHT_CM = 15.6, 13.6


def atlas_pdf(subject: MapSubject, audience: Audience, *, made: datetime) -> bytes:
    """Typeset the atlas of what an audience sees (PDF, A4 landscape), homes in the order of its sight.

    Raises
    ------
    UsageError
        Where the audience is shown no homes.
    """
    refuse_unless(audience, ATLAS, "atlas")
    sight = sight_of(subject, audience)
    assert isinstance(sight, PartnerSight | InternalSight)  # noqa: S101 - others were refused
    pictures: dict[str, bytes] = {}
    pages: list[dict[str, Any]] = []
    scenario = SCENARIO_WORDS[sight.scenario]

    def draw(home_id: str | None) -> str:
        words = f"Areas by car {DIRECTION_WORDS[Direction.TO_SCHOOL]}, {scenario}"
        name = f"map-{len(pictures)}.svg"
        pictures[name] = draw_sight(
            sight, subject, made=made, words=words, width_cm=_WIDTH_CM, height_cm=_HEIGHT_CM, home_id=home_id
        )
        return name

    pages.append(
        {
            "heading": sight.title,
            "rows": [[home.home_id, VERDICT_LOOKS[home.verdict].words] for home in sight.homes],
            "words": f"{len(sight.homes)} homes, a page each.",
            "picture": draw(None),
            "text": f"Map of {len(sight.homes)} homes and the schools",
        }
    )
    pages += [
        {
            "heading": home.home_id,
            "rows": list(_facts(home)),
            "words": _reasons(home),
            "picture": draw(home.home_id),
            "text": f"Map of {home.home_id} and its ways to and from school",
        }
        for home in sight.homes
    ]
    values = {
        "title": sight.title,
        "classification": sight.notice,
        "made": f"{made.day} {made:%B %Y}",
        "sources": source_line(),
        "pages": pages,
    }
    return typeset(TEMPLATE, values, made=made, pictures=pictures)


def _facts(home: PartnerHome | InternalHome) -> Iterator[list[str]]:
    def told(key: str) -> Any:  # noqa: ANN401 - whatever a column holds
        value = home.columns.get(key) if isinstance(home, InternalHome) else getattr(home, key, None)
        return None if value is None or (isinstance(value, float) and math.isnan(value)) else value

    yield ["Verdict", VERDICT_LOOKS[home.verdict].words]
    for words, key in (("Address", "address"), ("Status", "status"), ("Council", "authority"), ("School", "school")):
        if told(key) is not None:
            yield [words, str(told(key))]
    for words, key in (("To school", "to_school_min"), ("From school", "from_school_min"), ("Margin", "margin_min")):
        yield [words, f"{told(key):.1f} min" if told(key) is not None else "no way"]
    for words, key in (("Bedrooms", "bedrooms"), ("Beds", "beds")):
        if told(key) is not None:
            yield [words, f"{told(key):.0f}"]
    if told("price_gbp") is not None:
        yield ["Price", pounds(float(told("price_gbp")))]


def _reasons(home: PartnerHome | InternalHome) -> str:
    return str(home.columns.get("reasons", "")) if isinstance(home, InternalHome) else home.reasons
