"""Conditions by hour, as taginfo's commonest are written: on a weekday in term, at the hours of each scenario."""

from datetime import time

import pytest

from siting.osm.hours import BY_WEATHER, FOR_SOME, NOT_READ, at_moment, condition_holds, moments
from siting.osm.limits import MPH_TO_KMH
from siting.osm.tags import CONDITIONAL_KEYS, read_road
from siting.travel_model import SchoolHours
from siting.words import Scenario


@pytest.mark.parametrize(
    ("condition", "at_start", "at_eleven", "at_end"),
    [
        ("Mo-Fr 08:15-09:15,15:00-16:00", True, False, True),
        ("Mo-Fr 08:00-09:30; SH off; PH off", True, False, False),
        ("Mo-Fr 8:15-9:15", True, False, False),
        ("Mo-Fr 0815-0915, 1500-1600", True, False, True),
        ("mo-fr 08:15-09:15", True, False, False),
        ("Mo-Fr,PH 08:15-09:15", True, False, False),
        ("term time 08:15-09:15", True, False, False),
        ("08:00-18:00", True, True, True),
        ("Mo-Sa 10:00-16:00", False, True, True),
        ("22:00-06:00", False, False, False),
        ("Sa,Su", False, False, False),
        ("SH Mo-Fr 08:00-09:00", False, False, False),
        ("PH", False, False, False),
        ("24/7", True, True, True),
        ("weight>7.5", False, False, False),
        ("weight<7.5", True, True, True),
        ("Mo-Fr 07:00-19:00 AND weight>7.5", False, False, False),
        ("Mo-Fr 07:00-19:00 AND length<12", True, True, True),
        ("hgv", False, False, False),
        ("emergency", False, False, False),
        ("maxweightrating>3.5", False, False, False),
        ("weight > 2t", False, False, False),
        ("height <= 3", True, True, True),
        ("(Mo-Fr 08:00-09:00) AND (weight>7)", False, False, False),
        ("Aug 10-Aug 14", False, False, False),
        ("2013 Mar 1-2013 Mar 31", False, False, False),
        ("Mar 10-Aug 14", False, False, False),
        ("01.11. - 31.03.", False, False, False),
        ("01.11 - 31.03", False, False, False),
        ("May - June", False, False, False),
        ("Sep-Jul Mo-Fr 08:15-09:15", True, False, False),
        ("Jun-Aug Sa,Su 08:00-20:00", False, False, False),
        ("Dec Fr[-1]-Jan Mo[2]", False, False, False),
        ("Mo-Fr 07:00-16:00; Sa 09:00-16:00; Su 09:00-16:00", True, True, True),
        ("Mo-Fr 07:00-10:00;16:00-19:00", True, False, False),
        ("Mo-Fr 07:00-10:00,Mo-Fr 15:00-19:00", True, False, True),
        ("Mo-Fr 08:30-09:15,15:00-15:45 SH off", True, False, True),
        ("Mo-Fr 8:00am-9:00am", True, False, False),
        ("Mo-Fr 8.15am - 9.15am and 3pm-4pm", True, False, True),
        ("Mo - Fr 8-9:30", True, False, False),
        ("Monday-Friday 08:00 to 09:00", True, False, False),
        ("Mo-Fr 0830\u20130930 & 1500\u20131600", True, False, True),
        ("Mo-Fr 07.00-19.00", True, True, True),
        ("school hours", True, False, True),
        ("sunset-sunrise", False, False, False),
        ("Mo-Fr, 08:00-09:30", True, False, False),
        ("PH,Mo-Fr 08:00-09:00", True, False, False),
        ("08:30-09:15 Mo-Fr", True, False, False),
        ("08:30-09:15,15:00-16:00 Mo,Tu,Th,Fr", True, False, True),
        ("Mo-Fr 07:00-10:00 15:00-18:30", True, False, True),
        ("Mo-Fr 08:00-09:30 / 15:00-16:00", True, False, True),
        ("Mo-Fr 08:00-09:30 or 15:00-16:00", True, False, True),
        ("Mo-Fr 08-10", True, False, False),
        ("weekdays 08:00-09:30", True, False, False),
        ("weekends", False, False, False),
        ("during school hours", True, False, True),
        ("school days", True, True, True),
        ("08:00-09:30 on school days", True, False, False),
        ("Mo-Fr 08:15-09:15, 14:45-15:45 school days only", True, False, True),
        ("Mo-Fr 08:30-09:15 (term time)", True, False, False),
        ("term-time Mo-Fr 08:30-09:30", True, False, False),
        ('Mo-Fr 08:30-09:15 "during term time"', True, False, False),
        ("8:15-9:15am and 2:45-3:45pm", True, False, True),
        ("11-1pm", False, True, False),
        ("9.30pm-5am", False, False, False),
        ("24 hours", True, True, True),
        ("always", True, True, True),
        ("never", False, False, False),
        ("1 Nov - 1 Mar", False, False, False),
        ("Apr-Nov", True, True, True),
        ("2023 May 17", False, False, False),
        ("2023 Mar-Oct", False, False, False),
        ("2015 Sep 1-2015 Sep 30", False, False, False),
        ("Jul-Aug", False, False, False),
        ("Aug 14-Aug 10", True, True, True),
        ("Su, PH", False, False, False),
        ("Mar 00:00-07:00;Mar 17:30-24:00;Jan-Feb 00:00-07:30;May-Jul 20:00-24:00", False, False, False),
    ],
)
def test_hours_are_read(condition: str, at_start: bool, at_eleven: bool, at_end: bool) -> None:
    told = [condition_holds(condition, moment) for moment in (time(8, 45), time(11), time(15, 15))]
    assert told == [at_start, at_eleven, at_end]


@pytest.mark.parametrize(
    ("condition", "kind"),
    [
        ("wet", BY_WEATHER),
        ("resident", FOR_SOME),
        ("permit_holder", FOR_SOME),
        ("when lights flash", NOT_READ),
        ("08.12-09.10", NOT_READ),
        ("Aug 10-Jan", NOT_READ),
        ("Mo-Fr Sa 10:00-12:00", NOT_READ),
        ("Mo-Fr 08:00-09:30 hgv", NOT_READ),
        ("fuel=diesel AND emissions <= euro_6", NOT_READ),
        ("", NOT_READ),
    ],
)
def test_what_cannot_be_told_is_named_by_its_kind(condition: str, kind: str) -> None:
    assert condition_holds(condition, time(8, 45)) == kind


def test_the_last_clause_that_holds_counts() -> None:
    tags = {"highway": "residential", "maxspeed:conditional": "20 mph @ (Mo-Fr 08:00-09:30); 10 mph @ (08:30-09:00); 5 mph @ wet"}
    at = at_moment(tags, time(8, 45), CONDITIONAL_KEYS)
    assert at.tags["maxspeed"] == "10 mph"
    assert at.unread == {BY_WEATHER}
    road = read_road(at_moment(tags, time(9, 15), CONDITIONAL_KEYS).tags)
    assert road
    assert road.limit_forward.kmh == pytest.approx(20 * MPH_TO_KMH)


@pytest.mark.parametrize(
    ("text", "at_start", "at_end"),
    [
        ("no @ Mo-Fr 08:00-09:00; SH off", "no", "yes"),
        ("no @ Mo-Fr 08:00-09:00; 15:00-16:00", "no", "no"),
        ("no @ ((Mo-Fr 08:00-09:00; PH off) AND length<12); private @ (15:00-16:00)", "no", "private"),
    ],
)
def test_clauses_end_at_semicolons_that_are_not_the_hours_own(text: str, at_start: str, at_end: str) -> None:
    told = [at_moment({"access": "yes", "access:conditional": text}, time(*at), ("access",)) for at in ((8, 45), (15, 15))]
    assert [at.tags["access"] for at in told] == [at_start, at_end]
    assert not told[0].unread | told[1].unread


def test_the_school_run_has_the_schools_own_hours() -> None:
    times = moments(SchoolHours(start=time(9, 30), end=time(14)))
    assert times[Scenario.SCHOOL_RUN] == (time(9, 29), time(9, 30), time(14))
    assert (times[Scenario.FREE_FLOW], times[Scenario.TYPICAL]) == ((time(3),), (time(11),))
