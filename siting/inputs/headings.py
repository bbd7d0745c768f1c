"""Headings to fields: by their name, by what people write for it, by a near spelling, or asked about.

A heading that may be one of ours is never dropped without a word: it is taken and said, or the
reading stops and asks. The words are those of agents' lists, councils' exports and case systems
(gathered by hand).
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import cache, lru_cache

from rapidfuzz import process
from rapidfuzz.fuzz import ratio

from siting.inputs.cells import column_letter
from siting.inputs.people_rows import LeadRow, MemberRow, OfficerRow
from siting.inputs.register_rows import EstablishmentRow
from siting.inputs.rows import ChildRow, ExclusionRow, HomeRow, ObservedRow, PointRow, Row

NEAR = 88.0
"""From here on (of 100) a spelling is taken for a heading's (own choice: one letter of eight may be wrong)."""
ALIKE = 78.0
"""From here on a spelling may be meant for it, and is asked about (own choice)."""
_CLEARLY = 5.0
_SHORT_WORD = 4

OWN = "own"
"""What a user's column is called that is none of ours: in a choice of columns, and before a heading."""


class Sureness(StrEnum):
    """How it is known what a column is."""

    CHOSEN = "chosen by the user"
    NAMED = "by its name"
    MEANT = "by what it means"
    NEAR = "by a near spelling"
    DOUBT = "in doubt"
    OWN = "a column of your own"
    NOT_USED = "not used, for another column is taken"
    REFUSED = "refused"
    UNNAMED = "without a heading"


TAKEN = frozenset({Sureness.CHOSEN, Sureness.NAMED, Sureness.MEANT, Sureness.NEAR})


_Meaning = tuple[str | None, Sureness, tuple[str, ...]]


@dataclass(frozen=True, slots=True, kw_only=True)
class ColumnUse:
    """What a column is taken for.

    `index` counts from 0; `field` is the field it is read into (None where it is not); `maybe`
    are the fields that a doubtful heading may be meant for.
    """

    index: int
    heading: str
    field: str | None
    sure: Sureness
    maybe: tuple[str, ...] = ()

    @property
    def letter(self) -> str:
        """Name the column as a spreadsheet does."""
        return column_letter(self.index)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Words:
    """What people write for a field (`also`), and words that make another heading doubtful (`hints`).

    `heading` is its own heading where that is not the field's name.
    """

    also: str = ""
    hints: str = ""
    heading: str = ""

    @property
    def names(self) -> tuple[str, ...]:
        return _split_names(self.also)


@cache
def _split_names(listed: str) -> tuple[str, ...]:
    # A header is sought among many rows, each of whose cells is held against all names.
    return tuple(name.strip() for name in listed.split(",") if name.strip())


_PLACE = {
    "postcode": _Words(
        also="post code, postal code, pcode, pc, pcds, unit postcode, postcode of home, property postcode, home postcode, "
        "house postcode, full postcode, zip, zip code, post codes, postcodes",
        hints="postcode postal",
    ),
    "easting": _Words(also="eastings, x, x coordinate, x coord, easting m, grid easting, os easting, bng easting, east"),
    "northing": _Words(also="northings, y, y coordinate, y coord, northing m, grid northing, os northing, bng northing, north"),
    "latitude": _Words(also="lat, latitude deg, lat deg, lat wgs84, gps latitude", hints="latitude"),
    "longitude": _Words(also="long, lng, lon, longitude deg, long deg, lon wgs84, gps longitude", hints="longitude"),
    "lat_long": _Words(
        also="lat lon, lat lng, latlong, latlon, latlng, latitude longitude, latitude and longitude, coordinates, coords, gps, "
        "gps coordinates, lat and long, coordinate, map coordinates",
        hints="coordinates gps",
    ),
    "grid_reference": _Words(
        also="grid ref, gridref, os grid ref, os grid reference, ngr, national grid reference, national grid ref, os ref, "
        "os reference, map reference, map ref, os gridref, osgr",
        hints="grid",
    ),
    "confirmed_values": _Words(also="values confirmed, confirmed value, confirmed values, values confirmed right"),
    "uprn": _Words(also="unique property reference number, unique property reference, uprn number, uprn no", hints="uprn"),
}
_AUTHORITY = _Words(
    also="local authority, la, council, responsible authority, placing authority, lad24nm, lad25nm, lad23nm, lad, "
    "authority name, local authority name, la name, home authority, home council, "
    "local council, responsible council, placing council, "
    "placing la, responsible la, responsible local authority, council name, council area",
    hints="authority council la",
)
_REFERENCE = "ref, id, reference, ref no, ref number, reference number, our ref, unique id, unique ref, identifier"
_HOME = _PLACE | {
    "home_id": _Words(
        also=f"{_REFERENCE}, home ref, home reference, property ref, property reference, property id, house id, house ref, "
        "home no, home number, candidate id, site id, site ref, listing id, homeid, property ref no",
        hints="id ref reference home",
    ),
    "address": _Words(
        also="property address, full address, street address, home address, display address, address line 1, address 1, property"
    ),
    "bedrooms": _Words(
        also="bedroom, no of bedrooms, number of bedrooms, no bedrooms, bed rooms, bedroom count, bdrms, num bedrooms, bedrms, "
        "total bedrooms, bedrooms no, nr of bedrooms",
        hints="bedroom bedrooms bedrms bdrms",
    ),
    "beds": _Words(
        also="places, childrens places, children places, no of places, number of places, registered places, capacity, "
        "max children, children beds, childrens beds, beds for children, number of children, no of children, "
        "registered capacity, places for children",
        hints="beds bed places capacity",
    ),
    "annex": _Words(
        also="annexe, granny annex, granny annexe, self contained annex, self contained annexe, has annex, has annexe, "
        "annex y n, annexe y n, annex yes no, annexe yes no",
        hints="annex annexe",
    ),
    "price_gbp": _Words(
        also="price, asking price, guide price, list price, sale price, purchase price, price pounds, price in pounds, "
        "asking price gbp, guide price gbp, price in gbp, listed price, price asked, gbp price, purchase price gbp",
        hints="price cost value valuation gbp asking offers oiro oieo",
    ),
    "works_gbp": _Words(
        also="works, works cost, cost of works, refurb cost, refurbishment cost, works cost gbp, conversion cost, "
        "adaptation cost, adaptations cost, cost of works gbp, refurbishment cost gbp, refurb cost gbp",
        hints="works refurb refurbishment conversion adaptations",
    ),
    "town": _Words(also="city, post town, town city, town or city, settlement, posttown, town name", hints="town"),
    "ward": _Words(also="ward name, electoral ward, wd24nm, wd25nm, wd23nm", hints="ward"),
    "authority": _AUTHORITY,
    "status": _Words(
        also="status of home, home status, property status, current status, status of property, house status", hints="status"
    ),
    "link": _Words(
        also="url, web link, weblink, website, listing url, rightmove link, web page, webpage, details link, hyperlink"
    ),
}
_CHILD_REFERENCE = _Words(
    also=f"{_REFERENCE}, child id, child reference, child ref no, child no, child number, childref, childs ref, pseudonym, "
    "case ref, case id, case reference, child code, anon id, anonymised id, anonymised ref, child reference number",
    hints="id ref reference child code",
)
_CHILD = _PLACE | {
    "postcode": _Words(
        also=_PLACE["postcode"].also + ", family postcode, parental postcode, parents postcode, family home postcode, "
        "postcode of family, home address postcode",
        hints="postcode postal",
    ),
    "child_ref": _CHILD_REFERENCE,
    "authority": _AUTHORITY,
    "solo": _Words(
        also="solo placement, solo needed, solo required, solo home, needs solo, solo placement needed, solo placement required, "
        "single placement, single occupancy, lone placement, sole placement, alone, needs home alone, lives alone, home alone, "
        "solo y n, solo yes no, solo child, must be solo, needs a home alone, solo only, solo placement y n",
        hints="solo sole single alone lone share shares shared sharing",
    ),
    "max_minutes": _Words(
        also="max mins, max min, maximum minutes, maximum mins, max travel mins, max travel minutes, max travel time mins, "
        "max drive mins, max journey mins, max journey minutes, maximum travel minutes, maximum travel time minutes, "
        "max minutes to family, max mins to family, minutes max, mins max, max drive minutes, max travel time minutes, "
        "limit minutes, minutes limit, max drive time mins, max drive time minutes",
        hints="max maximum minutes mins limit furthest farthest",
    ),
    "needs_bed": _Words(
        also="need bed, bed needed, needs a bed, bed required, requires bed, requires a bed, bed needed y n, needs bed y n, "
        "bed wanted, wants bed",
        hints="bed needs need needed",
    ),
    "placement": _Words(
        also="current placement, placement postcode, current placement postcode, living now, lives now, current home, placed at, "
        "placed in, placement location, placement area, postcode of placement, current location, lives at, living at, "
        "where now, placement address",
        hints="placement placed current",
    ),
    "weekly_cost": _Words(
        also="cost per week, cost pw, weekly fee, fee per week, weekly price, weekly rate, cost weekly, weekly cost gbp, "
        "cost per week gbp, weekly fee gbp, current weekly cost, placement cost per week",
        hints="weekly week fee cost",
    ),
}
_EXCLUSION = _PLACE | {
    "child_ref": _CHILD_REFERENCE,
    "radius_miles": _Words(
        also="radius in miles, exclusion miles, exclusion radius miles, distance miles, miles, radius mi, miles radius, "
        "exclusion distance miles, distance in miles, no of miles, within miles",
        hints="radius miles distance",
    ),
}
_POINT = _PLACE | {
    "id": _Words(also="ref, reference, home id, point id, child ref, ref no, place id, code, urn, school id, school ref"),
    "name": _Words(also="place name, school, school name, establishment name, site, site name"),
}
_PERSON = {
    "name": _Words(also="contact, full name, contact name, person, person name, their name"),
    "email": _Words(also="e mail, mail, email address, e mail address, work email, email work, contact email"),
    "telephone": _Words(
        also="phone, tel, tel no, telephone number, telephone no, telephone num, phone number, phone no, contact number, "
        "work phone, phone work, contact telephone, landline"
    ),
    "mobile": _Words(also="mobile phone, mobile number, mobile no, mobile telephone, phone mobile, cell phone"),
    "as_at": _Words(also="date, last updated, updated, as of, date updated"),
}
_LEAD = _PERSON | {
    "role": _Words(also="job title, title, position, post, job, their role"),
    "organisation": _Words(
        also="organization, org, company, agency, employer, council, organisation name, local authority, authority"
    ),
}
_MEMBER = _PERSON | {
    "name": _Words(
        also=f"{_PERSON['name'].also}, councillor, councillor name, cllr, cllr name, member, member name, elected member, "
        "name of councillor, name of member"
    ),
    "ward": _Words(also="ward name, wd24nm, wd25nm, wd23nm, electoral ward, parish, parish name, ward represented"),
    "division": _Words(
        also="electoral area, electoral division, county division, division name, electoral division name, ced24nm, ced25nm"
    ),
    "ward_code": _Words(also="wd24cd, wd25cd, wd23cd, ced24cd, ced25cd, gss code, code, gss, division code, ward gss code"),
    "post": _Words(also="role, position, key post, key posts, posts held"),
    "title": _Words(also="salutation, prefix"),
    "organisation": _Words(also="council, local authority, authority, council name, organization, local authority name"),
}
_OFFICER = _PERSON | {
    "name": _Words(also=f"{_PERSON['name'].also}, officer, officer name, name of officer"),
    "rank": _Words(also="role, rank role, job title, position, post, title"),
    "neighbourhood": _Words(also="team, area, beat, neighbourhood team, neighbourhood name, team name, policing team, snt, npt"),
}
_OBSERVED = {
    "origin": _Words(
        heading="from",
        also="start, from place, from where, start place, journey from, start postcode, from postcode, from home",
        hints="from start origin",
    ),
    "to": _Words(
        also="destination, end, to place, to where, end place, journey to, end postcode, to postcode, to school",
        hints="destination",
    ),
    "date": _Words(also="day, date driven, journey date, travel date, date of journey, date of travel, day driven", hints="date"),
    "departed": _Words(
        also="depart, departure, departure time, time departed, time, start time, set off, time set off, left, left at, "
        "leaving time, time left, depart at, departed at, departing, time of day, departure at, time of departure, set off at",
        hints="depart departed departure left leaving",
    ),
    "minutes": _Words(
        also="mins, min, time taken, minutes taken, mins taken, journey time, journey minutes, journey mins, duration, "
        "duration minutes, duration mins, travel time, travel minutes, travel mins, drive time, drive minutes, drive mins, "
        "minutes low, minutes lower, lower minutes, time in minutes, time minutes, time mins",
        hints="minutes mins duration",
    ),
    "minutes_high": _Words(
        also="high, upper, upper end, minutes upper, upper minutes, highest minutes, minutes highest, minutes max, max minutes, "
        "max mins, mins high, high mins, mins upper, maximum minutes, minutes maximum, minutes high end, longest minutes",
        hints="high upper max maximum highest longest worst",
    ),
    "source": _Words(also="measured by, source of time, time source, how measured, found by", hints="source"),
    "confirmed_values": _PLACE["confirmed_values"],
}
_ESTABLISHMENT = {
    "name": _Words(
        heading="EstablishmentName", also="establishmentname, establishment name, schoolname, school name, schname, school"
    ),
    "easting": replace(_PLACE["easting"], heading="Easting"),
    "northing": replace(_PLACE["northing"], heading="Northing"),
    "postcode": _PLACE["postcode"],
    "urn": _Words(heading="URN", also="unique reference number, urn no, urn number, school urn"),
    "status": _Words(
        also="establishmentstatus name, establishmentstatusname, establishmentstatus, establishment status, school status, "
        "establishment status name, open or closed"
    ),
    "kind": _Words(
        also="typeofestablishment name, typeofestablishmentname, typeofestablishment, type of establishment, school type, type, "
        "type of establishment name, type of school"
    ),
    "phase": _Words(
        also="phaseofeducation name, phaseofeducationname, phaseofeducation, phase of education, phase of education name, "
        "school phase"
    ),
    "street": _Words(also="address 1, address line 1, address1, street name"),
    "locality": _Words(also="address 2, address line 2, address2"),
    "address_3": _Words(also="address3, address line 3"),
    "town": _Words(also="post town, town city, city"),
    "telephone": _Words(also="telephonenum, telephone number, phone, phone number, tel, tel no, telephone no"),
    "head_title": _Words(also="headtitle name, headtitlename, headtitle, head title name"),
    "head_first_name": _Words(also="headfirstname, head first name, headteacher first name"),
    "head_last_name": _Words(
        also="headlastname, head last name, head surname, headteacher, head teacher, headteacher name, head"
    ),
    "head_job": _Words(also="headpreferredjobtitle, head preferred job title, head job title"),
}
VOCABULARY: Mapping[type[Row], Mapping[str, _Words]] = {
    HomeRow: _HOME,
    ChildRow: _CHILD,
    ExclusionRow: _EXCLUSION,
    PointRow: _POINT,
    ObservedRow: _OBSERVED,
    LeadRow: _LEAD,
    MemberRow: _MEMBER,
    OfficerRow: _OFFICER,
    EstablishmentRow: _ESTABLISHMENT,
}

_AMBIGUOUS_BEDS = frozenset(
    {"beds", "bed", "no of beds", "number of beds", "no beds", "bed count", "total beds", "num beds", "bed no"}
)
_AGENTS_WORDS = frozenset(
    [
        "bath",
        "baths",
        "bathroom",
        "bathrooms",
        "reception",
        "receptions",
        "tenure",
        "agent",
        "branch",
        "tel",
        "telephone",
        "phone",
        "listed",
        "added",
        "garden",
        "parking",
        "garage",
        "freehold",
        "leasehold",
        "epc",
        "sqft",
        "floor",
        "plot",
        "rightmove",
        "zoopla",
        "vendor",
        "type",
        "url",
        "description",
    ]
)
_NONE_OF_OURS = frozenset({
    "bathrooms", "bathroom", "no of bathrooms", "number of bathrooms", "receptions", "reception rooms", "no of receptions",
    "tenure", "council tax", "council tax band", "epc", "epc rating", "notes", "comments", "price per sq ft", "price history",
    "price per sqft", "price qualifier", "agent ref", "agents ref", "agent reference", "date listed", "status date", "agent",
    "estate agent", "property type", "type", "house type", "home type", "placement type", "placement start",
    "placement start date", "placement date", "placement end", "legal status", "date placed", "ofsted urn",
    "max broadband", "current provider",
    "distance to station", "need level", "level of need", "needs", "need", "special needs", "single storey", "bed type",
    "deposit", "parking places", "parking spaces", "council tax cost", "price reduced", "price change", "reduced", "provider",
})  # fmt: skip
"""Headings that hold a word of ours and are commonly something else."""

_OTHER_UNITS = re.compile(
    r"\b(km|kms|kilomet(re|er)s?|met(re|er)s?|yards|hours?|hrs?|seconds?|secs?|k|m|mn|000s?|thousands?|millions?|eur|euros?|usd|pcm|pa|months?|monthly|annual|yearly)\b"
)
_NOT_METRES = re.compile(r"\b(km|kms|kilomet(re|er)s?|miles|feet|ft|yards)\b")
_METRES = frozenset({"easting", "northing"})
_MEASURES = frozenset({"price_gbp", "works_gbp", "max_minutes", "weekly_cost", "radius_miles", "minutes", "minutes_high"})

_IDENTITY = re.compile(
    r"((children|childs?|clients?|young persons?|yp|pupils?|service users?|mothers?|fathers?|parents?|carers?|sibling|case) ?)?"
    r"((fore|first|middle|last|sur|family|full|given|known|person|preferred)( |_)?)?(names?|initials)( of child)?"
    r"|dob|d o b|date of birth|birth ?date|born|birthday"
    r"|nhs( ?(no|number|num))?|unique pupil (number|no)|upn|ni (number|no)|national insurance( number| no)?|gender|sex|ethnicity"
    r"|religion|diagnosis|diagnoses|phone|telephone|mobile|tel|e ?mail|email address|address|family address|home address|photo"
    r"|mother|father|parents?|nationality|passport( no| number)?|address line \d|address \d"
)
"""Headings of columns that say who a child is."""


def says_who(heading: str) -> bool:
    """Tell whether a column says who a child is, or is a child's own reference."""
    tidy = tidy_heading(heading)
    return _IDENTITY.fullmatch(tidy) is not None or tidy in {"child ref", *_CHILD_REFERENCE.names}


def tidy_heading(text: str) -> str:
    """Write a heading in small letters and single spaces, a pound sign as gbp."""
    words = re.sub(r"[£]", " gbp ", text.casefold())
    words = re.sub(r"['\u2019]", "", words)
    return " ".join(re.sub(r"[^a-z0-9]+", " ", words).split())


def field_names(row_type: type[Row]) -> tuple[str, ...]:
    """Return the fields of a table, in their order."""
    return tuple(VOCABULARY[row_type])


def heading_of(field: str, row_type: type[Row]) -> str:
    """Return the heading under which a field is asked for."""
    return VOCABULARY[row_type][field].heading or field


def take_headings(
    headings: Mapping[int, str],
    row_type: type[Row],
    chosen: Mapping[str, str] | None = None,
    above: Mapping[int, str] | None = None,
) -> tuple[ColumnUse, ...]:
    """Say of each column what it is taken for.

    `chosen` has what a user said: a heading, and the field it is, or `own` for none. `above` has what stands in the row above
    the headings, which may be the first words of some: where these would be something else with it, they are in doubt.
    """
    picked = {tidy_heading(heading): field for heading, field in (chosen or {}).items()}
    uses = [_first_look(index, heading, row_type, picked) for index, heading in sorted(headings.items())]
    uses = [_with_words_above(use, (above or {}).get(use.index, ""), row_type, picked) for use in uses]
    if row_type is HomeRow:
        uses = _settle_beds(uses)
    uses = _without_rivals(uses)
    return tuple(_with_a_key(uses) if row_type is PointRow else uses)


def heading_score(uses: Sequence[ColumnUse], required: str) -> tuple[int, int]:
    """Rank a row as a header: the fields found, the table's own key counting most; then those found by name."""
    found = {use.field for use in uses if use.sure in TAKEN}
    named = sum(use.sure in {Sureness.NAMED, Sureness.CHOSEN} for use in uses)
    return len(found) + 2 * (required in found), named


def _first_look(index: int, heading: str, row_type: type[Row], picked: Mapping[str, str]) -> ColumnUse:
    tidy = tidy_heading(heading)
    if tidy in picked:
        chosen = picked[tidy]
        meaning: _Meaning = (chosen, Sureness.CHOSEN, ()) if chosen in VOCABULARY[row_type] else (None, Sureness.OWN, ())
    else:
        meaning = _meaning(tidy, row_type)
    field, sure, maybe = meaning
    return ColumnUse(index=index, heading=" ".join(heading.split()), field=field, sure=sure, maybe=maybe)


_OPPOSITE = frozenset({"not", "no", "non", "without", "never", "except", "excluding", "half", "diameter"})


def _with_words_above(use: ColumnUse, words: str, row_type: type[Row], picked: Mapping[str, str]) -> ColumnUse:
    """Doubt a heading that would be another field with the words above it, or of which they say the opposite."""
    if not words or use.sure is Sureness.CHOSEN:
        return use
    whole = f"{words} {use.heading}"
    together = _first_look(use.index, whole, row_type, picked)
    if together.sure is Sureness.CHOSEN:
        return together
    another = together.sure in TAKEN and together.field != use.field
    # Any other words above may be a title, or that of several columns.
    opposite = use.sure in TAKEN and not _OPPOSITE.isdisjoint(tidy_heading(words).split())
    if not another and not opposite:
        return use
    maybe = dict.fromkeys((*(together.maybe or (together.field,)), use.field))
    return ColumnUse(
        index=use.index, heading=whole, field=None, sure=Sureness.DOUBT, maybe=tuple(field for field in maybe if field)
    )


@lru_cache(maxsize=20_000)
def _meaning(tidy: str, row_type: type[Row]) -> _Meaning:  # noqa: PLR0911 - one answer a kind of heading
    """Say which field a tidy heading is taken for, how surely, or of which it may be; a job asks of the same headings often."""
    words = VOCABULARY[row_type]
    if not tidy:
        return None, Sureness.UNNAMED, ()
    if (named := tidy.replace(" ", "_")) in words:
        return named, Sureness.NAMED, ()
    if (called := next((field for field, known in words.items() if known.heading == tidy), None)) is not None:
        return called, Sureness.NAMED, ()
    if issubclass(row_type, ChildRow | ExclusionRow) and _IDENTITY.fullmatch(tidy):
        return None, Sureness.REFUSED, ()
    if tidy.split(maxsplit=1)[0] == OWN or tidy in _NONE_OF_OURS:
        return None, Sureness.OWN, ()
    if row_type is HomeRow and tidy in _AMBIGUOUS_BEDS:
        return None, Sureness.DOUBT, ("bedrooms", "beds")
    return _by_likeness(tidy, row_type)


@cache
def _spellings(row_type: type[Row]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return every name of every field of a table, and the field of each."""
    pairs = [(name, field) for field, known in VOCABULARY[row_type].items() for name in (field.replace("_", " "), *known.names)]
    return tuple(name for name, _ in pairs), tuple(field for _, field in pairs)


def _likeness(tidy: str, row_type: type[Row], least: float) -> list[tuple[float, str]]:
    """Return the fields of which a name is at least so like a heading, with how like it is, the likest first."""
    names, fields = _spellings(row_type)
    best: dict[str, float] = {}
    for _, score, index in process.extract(tidy, names, scorer=ratio, processor=None, score_cutoff=least, limit=None):
        best[fields[index]] = max(score, best.get(fields[index], 0.0))
    return sorted(((score, field) for field, score in best.items()), reverse=True)


def _by_likeness(tidy: str, row_type: type[Row]) -> _Meaning:
    words = VOCABULARY[row_type]
    meant = [field for field, known in words.items() if tidy in known.names]
    hinted = [field for field, known in words.items() if set(known.hints.split()) & set(tidy.split())]
    if _OTHER_UNITS.search(tidy) and _MEASURES & {*meant, *hinted}:
        likest = [field for _, field in _likeness(tidy, row_type, 0.0)]
        return None, Sureness.DOUBT, tuple(field for field in likest if field in _MEASURES and field in (*meant, *hinted))
    if meant:
        return meant[0], Sureness.MEANT, ()
    best = _likeness(tidy, row_type, ALIKE)
    if _NOT_METRES.search(tidy) and best and best[0][1] in _METRES:
        return None, Sureness.DOUBT, (best[0][1],)
    (score, field), (second, _) = [*best, (0.0, ""), (0.0, "")][:2]
    if score >= NEAR and score - second >= _CLEARLY and len(tidy) >= _SHORT_WORD:
        return field, Sureness.NEAR, ()
    maybe = dict.fromkeys([*(name for _, name in best[:2] if len(tidy) >= _SHORT_WORD), *hinted])
    return (None, Sureness.DOUBT, tuple(maybe)) if maybe else (None, Sureness.OWN, ())


def _settle_beds(uses: list[ColumnUse]) -> list[ColumnUse]:
    """Tell an agent's beds, which are bedrooms, from the children's places where it can be told."""
    has_bedrooms = any(use.field == "bedrooms" for use in uses)
    has_places = any(use.field == "beds" and use.sure is not Sureness.NAMED for use in uses)
    # An agent's list shows by its other columns; a table made for the planner names them as the planner does.
    agents = any(set(tidy_heading(use.heading).split()) & _AGENTS_WORDS for use in uses) or any(
        use.field in {"home_id", "price_gbp", "address"} and use.sure in {Sureness.MEANT, Sureness.NEAR} for use in uses
    )
    settled = []
    for use in uses:
        named_beds = use.sure is Sureness.NAMED and use.field == "beds"
        vague_beds = use.sure is Sureness.DOUBT and use.maybe == ("bedrooms", "beds")
        if named_beds and (agents or has_places) and not has_bedrooms:
            use = _replaced(use, None, Sureness.DOUBT, "bedrooms", "beds")  # noqa: PLW2901 - the same column, judged anew
        elif vague_beds and has_bedrooms:
            use = _replaced(use, "beds", Sureness.MEANT)  # noqa: PLW2901
        settled.append(use)
    return settled


def _without_rivals(uses: list[ColumnUse]) -> list[ColumnUse]:
    """Let one column alone be read into a field: that which the user chose, then that of its name."""
    order = [Sureness.CHOSEN, Sureness.NAMED, Sureness.MEANT, Sureness.NEAR]
    best: dict[str, Sureness] = {}
    for use in uses:
        if use.field and use.sure in TAKEN:
            best[use.field] = min(best.get(use.field, use.sure), use.sure, key=order.index)
    settled = []
    for use in uses:
        if use.field and use.sure is not best.get(use.field):
            use = _replaced(use, None, Sureness.NOT_USED, use.field)  # noqa: PLW2901
        elif use.sure is Sureness.DOUBT and (left := [field for field in use.maybe if field not in best]) != list(use.maybe):
            use = _replaced(use, None, Sureness.DOUBT if left else Sureness.NOT_USED, *(left or use.maybe))  # noqa: PLW2901
        settled.append(use)
    return settled


def _with_a_key(uses: list[ColumnUse]) -> list[ColumnUse]:
    """Where no column of a table of places is its key, let the names be it, or postcodes beside exact places."""
    taken = {use.field: use for use in uses if use.sure in TAKEN}
    besides = taken.keys() & {"easting", "latitude", "lat_long", "grid_reference"}
    key = None if "id" in taken else taken.get("name") or (taken.get("postcode") if besides else None)
    return [_replaced(use, "id", Sureness.MEANT) if use is key else use for use in uses]


def _replaced(use: ColumnUse, field: str | None, sure: Sureness, *maybe: str) -> ColumnUse:
    return ColumnUse(index=use.index, heading=use.heading, field=field, sure=sure, maybe=maybe)
