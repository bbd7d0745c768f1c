"""A last look at what users typed into a plan that others will read: a title may hold a home's address.

What an audience must not see has no field in its sight (`maps.privacy.sights`). What is left are the
texts that it may read: title, names of schools and councils, and what stands beside a home that is
shown. Only these are searched, for whole words: a postcode, an address or a reference in any spelling,
never for a name or a number that is an ordinary word.
"""

import html
import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise, zip_longest
from urllib.parse import unquote

import numpy as np

from maps.privacy.sights import Sight, is_shown
from maps.privacy.subject import MapSubject
from siting.crs import to_metres
from siting.faults import Fault, Severity, SitingError
from siting.inputs.plan_inputs import Home, PlanInputs
from siting.inputs.postcodes import outward_part, tidy_postcode
from siting.inputs.rows import PlacedRow
from siting.place import NATIONAL_GRID, Place
from siting.words import Audience

NEAR_M = 100.0
"""A place written to a hundred metres is given away (three decimals of a degree)."""

_STREET_WORDS = {
    "avenue": "ave", "bungalow": "bglw", "close": "cl", "cottage": "cott", "cottages": "cotts", "court": "ct", "crescent": "cres",
    "drive": "dr", "farm": "fm", "gardens": "gdns", "green": "grn", "grove": "gr", "hill": "hl", "house": "hse", "lane": "ln",
    "mount": "mt", "park": "pk", "parade": "pde", "place": "pl", "road": "rd", "saint": "st", "square": "sq", "station": "stn",
    "street": "st", "terrace": "ter", "terr": "ter", "view": "vw", "walk": "wk", "way": "wy", "av": "ave", "cresc": "cres",
    "upper": "up", "lower": "lr", "north": "n", "south": "s", "east": "e", "west": "w",
}  # fmt: skip
"""Words of addresses and how they are cut short; both are read as one."""
_NUMBERS = (
    "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve", "thirteen", "fourteen",
    "fifteen", "sixteen", "seventeen", "eighteen", "nineteen", "twenty",
)  # fmt: skip
_HOUSES = {
    "barn", "bglw", "chapel", "cott", "cotts", "fm", "farmhouse", "gatehouse", "grange", "hall", "hse", "lodge", "manor", "mill",
    "parsonage", "rectory", "vicarage", "villa",
}  # fmt: skip
"""What the names of houses end in, as read."""
_ROAD = re.compile(r"[abm][0-9]{1,4}")
_SHORTEST_ID = 3
_SHORTEST_UPRN = 7
_DECIMAL = re.compile(r"[-−+]?\d{1,3}[.,]\d{3,}")  # noqa: RUF001 - a minus sign as typesetters write it
_METRES = re.compile(r"(?<!\d)\d{6,7}(?!\d)")
_GRID_REFERENCE = re.compile(r"\b([HJNOST][A-HJ-Z])\s?(?:(\d{3})\s?(\d{3})|(\d{4})\s?(\d{4})|(\d{5})\s?(\d{5}))\b", re.IGNORECASE)


class LeakError(SitingError):
    """A map would give away what its audience must not see; it was not written."""

    def __init__(self, faults: Iterable[Fault]) -> None:
        self.faults = tuple(faults)
        super().__init__("\n".join(map(str, self.faults)))


@dataclass(frozen=True, slots=True, kw_only=True)
class Secrets:
    """What must not be read: `words` run together, `names` of several words kept apart, `places` (x, y; EPSG:27700)."""

    words: frozenset[str]
    names: frozenset[tuple[str, ...]]
    places: tuple[tuple[float, float], ...]


def secrets_of(inputs: PlanInputs, shown: Iterable[Home]) -> Secrets:
    """Gather what an audience must not read, to whom some homes are shown: all other homes, all families and zones."""
    shown = list(shown)
    known = {home.row.home_id for home in shown}
    hidden = [home for home in inputs.homes if home.row.home_id not in known]
    rows: list[tuple[PlacedRow, Place | None]] = [(child.row, child.place) for child in inputs.children]
    rows += [(exclusion.row, exclusion.place) for exclusion in inputs.exclusions]
    words = {word for row, _ in rows for word in _of_row(row)}
    words |= {_run(words_of(child.row.placement)) for child in inputs.children if tidy_postcode(child.row.placement or "")}
    words |= {word for home in hidden for word in _of_home(home)}
    names = {name for child in inputs.children for name in _reference(child.row.child_ref)}
    names |= {name for home in hidden for name in _reference(home.row.home_id)}
    # What the audience may read is in nobody's secret, even where a family lives beside it.
    open_words = {word for home in shown for word in _of_home(home)}
    open_words |= {_run(words_of(place.postcode)) for place in _open_places(inputs, shown) if place.postcode}
    outward = {_run(words_of(outward_part(place.postcode))) for place in _all_places(inputs) if place.postcode}
    open_names = {tuple(words_of(home.row.home_id)) for home in shown}
    beside = [_metres(place) for place in _open_places(inputs, shown)]
    places = [_metres(place) for _, place in rows if place is not None] + [_metres(home.place) for home in hidden]
    return Secrets(
        words=frozenset(words - open_words - {""}),
        names=frozenset(name for name in names - open_names if _run(name) not in outward),
        places=tuple(at for at in places if not any(_near(at, other) for other in beside)),
    )


def leaks_in(sight: Sight, subject: MapSubject) -> tuple[Fault, ...]:
    """Return what of an audience's texts holds what it must not read; the wording does not repeat it."""
    if sight.audience is Audience.INTERNAL:
        return ()
    shown = (
        [result.home for result in subject.evaluation.results if is_shown(result, subject)]
        if sight.audience is Audience.PARTNER
        else []
    )
    secrets = secrets_of(subject.inputs, shown)
    return tuple(
        _fault(subject.inputs, where, sight.audience, what)
        for where, text in dict.fromkeys(sight.texts)
        if (what := secret_in(text, secrets)) is not None
    )


def typed_secrets(inputs: PlanInputs) -> tuple[Fault, ...]:
    """Warn of a title or a school's name that the public could not be shown, before anything is computed."""
    secrets = secrets_of(inputs, ())
    texts = [("title", inputs.plan.title), *(("schools.name", school.name) for school in inputs.schools)]
    return tuple(
        _fault(inputs, where, Audience.PUBLIC, what) for where, text in texts if (what := secret_in(text, secrets)) is not None
    )


def secret_in(text: str, secrets: Secrets) -> str | None:
    """Say what kind of secret a text holds; None where it holds none."""
    tokens = words_of(text)
    if any(_holds_run(way, secrets.words) for way in (tokens, _cut_short(tokens))):
        return "address or postcode"
    for name in secrets.names:
        if any(tuple(tokens[start : start + len(name)]) == name for start in range(len(tokens))):
            return "reference of a home or a child"
    if any(_near(at, secret) for at in _written_places(text) for secret in secrets.places):
        return "place's coordinates"
    return None


def _holds_run(tokens: Sequence[str], words: frozenset[str]) -> bool:
    """Tell whether some whole words of a text, run together, are one of the words looked for."""
    longest = max(map(len, words), default=0)
    for start in range(len(tokens)):
        run = ""
        for token in tokens[start:]:
            run += token
            if len(run) > longest:
                break
            if run in words:
                return True
    return False


def words_of(text: str | None) -> list[str]:
    """Cut a text into words as they are compared: without case, accents and marks, numbers in figures."""
    plain = unicodedata.normalize("NFKD", unquote(html.unescape(text or "")))
    plain = "".join(letter for letter in plain if unicodedata.category(letter) not in {"Mn", "Cf"}).casefold()
    tokens = re.findall(r"[a-z0-9]+", re.sub(r"['\u2018\u2019`]", "", plain))
    return [str(_NUMBERS.index(token) + 1) if token in _NUMBERS else token for token in tokens]


def _cut_short(tokens: Sequence[str]) -> list[str]:
    return [_STREET_WORDS.get(token, token) for token in tokens]


def _run(tokens: Sequence[str]) -> str:
    return "".join(tokens)


def _of_row(row: PlacedRow) -> Iterator[str]:
    yield _run(words_of(row.postcode))
    if row.uprn and len(row.uprn) >= _SHORTEST_UPRN:
        yield row.uprn.lstrip("0")
        yield row.uprn


def _of_home(home: Home) -> Iterator[str]:
    yield from _of_row(home.row)
    yield from _of_address(home.row.address or "")
    link = words_of(re.sub(r"^https?://(www\.)?", "", home.row.link or ""))
    if len(link) > 2:  # noqa: PLR2004 - more than a web site's own name
        yield _run(link)


def _of_address(address: str) -> Iterator[str]:
    """Yield what of an address points to one house, in full and cut short."""
    parts = [words for part in re.split(r"[,;\n]", address) if (words := words_of(part))]
    for part, following in zip_longest(parts, parts[1:], fillvalue=()):
        for pointing in _pointing(part, following):
            yield _run(pointing)
            yield _run(_cut_short(pointing))


def _pointing(part: Sequence[str], following: Sequence[str]) -> Iterator[list[str]]:
    """Yield a number and its street, either way round, or the name of a house."""
    if part[0][0].isdecimal():
        number, street = part[0], list(part[1:] or following)
        if street and not any(word[0].isdecimal() for word in street):
            yield [number, *street]
            yield [*street, number]
    elif len(part) > 1 and _cut_short(part)[-1] in _HOUSES:
        yield list(part)
        if part[0] == "the" and len(part) > 2:  # noqa: PLR2004 - "the", a name, "lodge"
            yield list(part[1:])


def _reference(text: str) -> Iterator[tuple[str, ...]]:
    """Yield a reference that is no ordinary word, number or road: one of letters and figures."""
    tokens = tuple(words_of(text))
    run = _run(tokens)
    mixed = re.search(r"[a-z]", run) and re.search(r"[0-9]", run) and len(run) >= _SHORTEST_ID
    if mixed and " " not in text.strip() and not _ROAD.fullmatch(run):
        yield tokens


def _open_places(inputs: PlanInputs, shown: Iterable[Home]) -> list[Place]:
    return [*(school.place for school in inputs.schools), *(home.place for home in shown)]


def _all_places(inputs: PlanInputs) -> list[Place]:
    places = [*(child.place for child in inputs.children), *(exclusion.place for exclusion in inputs.exclusions)]
    return [place for place in [*places, *_open_places(inputs, inputs.homes)] if place is not None]


def _metres(place: Place) -> tuple[float, float]:
    grid = place.within(NATIONAL_GRID)
    return grid.x_m, grid.y_m


def _near(one: tuple[float, float], other: tuple[float, float]) -> bool:
    return bool(np.hypot(one[0] - other[0], one[1] - other[1]) < NEAR_M)


def _written_places(text: str) -> Iterator[tuple[float, float]]:
    """Yield the places that a text may write: degrees either way round, metres of the grid, references of the grid."""
    degrees = [float(found.replace(",", ".").replace("−", "-")) for found in _DECIMAL.findall(text)]  # noqa: RUF001
    for one, other in pairwise(degrees):
        for latitude, longitude in ((one, other), (other, one)):
            (x_m,), (y_m,) = to_metres(longitude, latitude, NATIONAL_GRID)
            yield float(x_m), float(y_m)
    metres = [float(found) for found in _METRES.findall(re.sub(r"(?<=\d)[, ](?=\d{3}\b)", "", text))]
    yield from pairwise(metres)
    for match in _GRID_REFERENCE.finditer(text):
        east, north = (group for group in match.groups()[1:] if group)
        # Letters run from A to Z without I, five a row from the north; the grid's origin lies in S.
        first, second = (ord(letter) - 65 - (letter > "I") for letter in match[1].upper())
        column = (first - 2) % 5 * 5 + second % 5
        row = 19 - first // 5 * 5 - second // 5
        scale = 10 ** (5 - len(east))
        yield column * 100_000.0 + int(east) * scale, row * 100_000.0 + int(north) * scale


def _fault(inputs: PlanInputs, where: str, audience: Audience, what: str) -> Fault:
    plan_keys = {"title", "schools.name"}
    file = (
        inputs.plan.path.name
        if where in plan_keys
        else str(inputs.plan.inputs.boundaries if where == "boundaries" else inputs.plan.inputs.candidates)
    )
    return Fault(
        file=file,
        column=where,
        problem=f"this holds a private {what}, so no map for the audience {audience.value} is made",
        remedy="Take it out; the other outputs are made all the same",
        severity=Severity.WARNING,
    )
