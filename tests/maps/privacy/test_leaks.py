"""What users typed is searched for whole words: a planted address is found in any spelling, an ordinary name never."""

import os
import random
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from maps.files import write_maps
from maps.layers import MapDrawer
from maps.privacy.leaks import Secrets, leaks_in, secret_in, secrets_of, typed_secrets
from maps.privacy.sights import SeenAuthority, partner_sight
from maps.privacy.subject import MapSubject
from siting.inputs.plan import Plan
from siting.inputs.plan_inputs import Exclusion, Home, PlanInputs, read_inputs
from siting.inputs.rows import ChildRow, ExclusionRow, HomeRow
from siting.place import NATIONAL_GRID, Place

PLANS, LEAKS = (int(n) for n in os.environ.get("SITING_LEAK_PLANS", "300,60").split(","))
"""How many plans by lot, and how many planted leaks; by hand 2000,200."""
MADE = datetime(2026, 11, 26, 12, tzinfo=UTC)
AT = Place(x_m=486_123.0, y_m=187_456.0, system=NATIONAL_GRID, postcode="SL7 1QN")


def home_at(address: str, home_id: str = "H77", **more: Any) -> Home:
    row = HomeRow.model_validate({"home_id": home_id, "postcode": "SL7 1QN", "address": address, **more})
    return Home(row=row, place=AT)


def secrets_with(inputs: PlanInputs, home: Home) -> Secrets:
    return secrets_of(replace(inputs, homes=(home,)), ())


SPELLINGS = {
    "14 Station Road, Marlow": [
        "Home at 14 Station Road", "14, Station Rd.", "No. 14 STATION ROAD Marlow", "14 Stn Road", "Station Road 14",
        "fourteen Station Road", "14\u00a0Station\u200bRoad", "14-Station-Road", "14_station_road", "14 Státion Road",
        "14%20Station%20Road", "14 Station &#82;oad", "１４ Ｓtation Road",
    ],
    "Flat 2, 8 St Mary's Street, Marlow": ["8 St Marys St", "8 Saint Mary\u2019s Street"],
    "The Old Rectory, Church Lane, Marlow": ["the old rectory", "Old Rectory project"],
    "Mill Farm, Marlow": ["At Mill Farm: a home"],
}  # fmt: skip
PLACES = [
    "SL7 1QN", "sl71qn", "SL7-1QN", "S L 7 1 Q N", "(sl7_1qn)", "H77 and more", "near 486123, 187456", "E486120 N187460",
    "SU 861 874", "SU86128746",
]  # fmt: skip


@pytest.mark.parametrize(("address", "title"), [(a, t) for a, titles in SPELLINGS.items() for t in titles])
def test_an_address_is_found_in_any_spelling(address: str, title: str, sample_inputs: PlanInputs) -> None:
    assert secret_in(title, secrets_with(sample_inputs, home_at(address))) is not None


@pytest.mark.parametrize("title", PLACES)
def test_a_postcode_a_reference_and_coordinates_are_found(title: str, sample_inputs: PlanInputs) -> None:
    assert secret_in(f"Plan: {title}", secrets_with(sample_inputs, home_at("x"))) is not None


@pytest.mark.parametrize("address", ["", " , ", "\u2014"])
def test_a_home_without_an_address_has_no_secret_in_it(address: str, sample_inputs: PlanInputs) -> None:
    assert secret_in("A plan of 14 houses", secrets_with(sample_inputs, home_at(address))) is None


def test_degrees_are_found_either_way_round(sample_inputs: PlanInputs) -> None:
    from siting.crs import to_degrees

    (lon,), (lat,) = to_degrees(AT.x_m, AT.y_m, NATIONAL_GRID)
    secrets = secrets_with(sample_inputs, home_at("x"))
    assert secret_in(f"at {lat:.3f}, {lon:.3f}", secrets) is not None
    assert secret_in(f"at {lon:.5f} {lat:.5f}", secrets) is not None
    assert secret_in(f"at {lat + 0.01:.3f}, {lon:.3f}", secrets) is None


ORDINARY = [
    "Rutland: one home near Oakham", "Homes 2024-25", "24 homes on the 26th of November 2026", "Station Road area", "Phase 2",
    "SL7: homes in Marlow", "Plan 14, Marlow station", "A4155 corridor", "Homes for 14 children", "H1 2027", "14 Stations",
    "140 Station Road", "14 Station Roads", "XSL7 1QNX", "SL7 1QNA", "486123", "Old Rectory Lane estate",
]  # fmt: skip


@pytest.mark.parametrize("title", ORDINARY)
@pytest.mark.parametrize("home_id", ["24", "Oakham", "26", "10234", "A4155", "Marlow", "SL7", "H1", "2027"])
def test_ordinary_words_stop_nothing(title: str, home_id: str, sample_inputs: PlanInputs) -> None:
    secrets = secrets_with(sample_inputs, home_at("14 Station Road, Marlow", home_id, uprn="10234"))
    assert secret_in(title, secrets) is None


def test_random_plans_with_ordinary_ids_are_never_refused_and_planted_leaks_never_pass(sample_inputs: PlanInputs) -> None:
    draw = random.Random(int(os.environ.get("SITING_LEAK_SEED", "11")))  # noqa: S311 - the same plans every time
    towns = ["Oakham", "Reading", "Marlow", "High Wycombe", "Street", "Wells", "Newport", "Welshpool"]
    streets = ["Station Road", "Church Lane", "High Street", "Mill Close", "The Green", "St John's Avenue", "Park View"]
    shapes = [
        "{town}: {n} homes, {year}",
        "Homes near {town} ({year}-{short})",
        "{n} beds for {town} by {day} November {year}",
        "{town} {n}",
    ]
    kinds = [
        lambda: [str(n) for n in range(20, 40)],
        lambda: towns,
        lambda: [f"{draw.randrange(100_000):05d}" for _ in range(20)],
        lambda: [f"H{n:02d}" for n in range(20)],
    ]

    def plan() -> tuple[Secrets, list[Home], str]:
        ids = draw.choice(kinds)()
        homes = [home_at(f"{draw.randrange(1, 200)} {draw.choice(streets)}, {draw.choice(towns)}", one) for one in ids]
        children = tuple(
            replace(child, row=child.row.model_copy(update={"child_ref": str(draw.choice([n, 10_000 + n * 37]))}))
            for n, child in enumerate(sample_inputs.children, start=20)
        )
        year = draw.randrange(2024, 2032)
        title = draw.choice(shapes).format(
            town=draw.choice(towns), n=draw.randrange(1, 99), year=year, short=(year + 1) % 100, day=draw.randrange(1, 31)
        )
        return secrets_of(replace(sample_inputs, homes=tuple(homes), children=children), ()), homes, title

    refused = [title for secrets, _, title in (plan() for _ in range(PLANS)) if secret_in(title, secrets)]
    assert refused == []
    for _ in range(LEAKS):
        secrets, homes, title = plan()
        home, child = draw.choice(homes), draw.choice(sample_inputs.children)
        address = (home.row.address or "").split(",", maxsplit=1)[0]
        leak = draw.choice([address, address.upper(), str(home.row.postcode), str(child.row.postcode).replace(" ", "-")])
        assert secret_in(f"{title} {leak}", secrets) is not None, leak


def test_what_is_shown_is_nobodys_secret(subject: MapSubject) -> None:
    home = subject.inputs.homes[0]
    child = subject.inputs.children[0]
    row = child.row.model_copy(update={"postcode": home.row.postcode})
    beside = replace(child, place=home.place, row=row)
    secrets = secrets_of(replace(subject.inputs, children=(beside,)), [home])
    assert secret_in(f"{home.row.address} {home.row.postcode}", secrets) is None


def test_one_refused_map_costs_no_other(subject: MapSubject, redrawn: Callable[..., MapDrawer], tmp_path: Path) -> None:
    hidden = next(home for home in subject.inputs.homes if home.row.home_id == "H07")
    titled = subject.inputs.plan.model_copy(update={"title": f"The house at {hidden.row.address}"})
    refused = write_maps(tmp_path, redrawn(inputs=replace(subject.inputs, plan=titled)), MADE)
    assert {path.name for path in tmp_path.iterdir()} == {"map-internal.html"}
    assert {fault.column for fault in refused} == {"title"}
    assert not any(str(hidden.row.address) in str(fault) for fault in refused)
    assert "The house at" in (tmp_path / "map-internal.html").read_text(encoding="utf-8")


def test_check_names_a_title_that_gives_a_home_away(sample_inputs: PlanInputs) -> None:
    titled = sample_inputs.plan.model_copy(update={"title": "Around HP13-5DR"})
    home = home_at("1 Any Road", postcode="HP13 5DR")
    (fault,) = typed_secrets(replace(sample_inputs, plan=titled, homes=(home,)))
    assert fault.column == "title"
    assert "5DR" not in str(fault)
    assert typed_secrets(sample_inputs) == ()


def test_ordinary_ids_stop_no_map_on_any_day(shared_cases: Path, tmp_path: Path) -> None:
    from siting.pipeline.evaluating import evaluate_and_trace
    from siting.pipeline.subjects import map_subject
    from siting.progress import silent

    inputs = read_inputs(Plan.read(shared_cases / "maps" / "leakguard" / "plan.toml"))
    evaluation, source = evaluate_and_trace(inputs, silent)
    drawer = MapDrawer(map_subject(inputs, evaluation, source, None))
    for day in (24, 25, 26):
        assert write_maps(tmp_path, drawer, MADE.replace(day=day)) == ()
        assert len(list(tmp_path.iterdir())) == 3


@pytest.mark.parametrize("whose", ["family", "zone", "placement"])
def test_the_place_of_a_family_of_a_zone_and_where_a_child_lives_now_are_each_a_secret(
    whose: str, sample_inputs: PlanInputs
) -> None:
    """Of each alone: what one of them holds must not hide that another is forgotten."""
    child = sample_inputs.children[0]
    place = replace(AT, postcode=None)
    row = ChildRow.model_validate({"child_ref": "C01", "easting": 1, "northing": 1, "placement": "sl7 1qn"})
    zone = ExclusionRow.model_validate({"child_ref": "C01", "postcode": "SL7 1QN", "radius_miles": 1})
    family = ChildRow.model_validate({"child_ref": "C01", "postcode": "SL7 1QN"})
    nobody = replace(sample_inputs, homes=(), children=(), exclusions=())
    inputs = {
        "family": replace(nobody, children=(replace(child, row=family, place=place),)),
        "zone": replace(nobody, exclusions=(Exclusion(row=zone, place=place),)),
        "placement": replace(nobody, children=(replace(child, row=row, place=None),)),
    }[whose]
    secrets = secrets_of(inputs, ())
    assert secret_in("Plan for SL7-1QN", secrets) == "address or postcode"
    assert secret_in("Plan for SL7 1QP", secrets) is None
    assert (secret_in("Plan at 486123, 187456", secrets) is not None) is (whose != "placement")


@pytest.mark.parametrize(("off_m", "found"), [(99, True), (101, False)])
def test_a_place_written_to_a_hundred_metres_is_given_away(off_m: int, found: bool, sample_inputs: PlanInputs) -> None:
    secrets = secrets_with(sample_inputs, home_at("x"))
    assert (secret_in(f"near {486_123 + off_m}, 187456", secrets) is not None) is found


def test_every_text_that_partners_read_is_searched(subject: MapSubject) -> None:
    """A family's postcode is written into each column of a home that they are shown, one at a time."""
    secret = next(str(child.row.postcode) for child in subject.inputs.children if child.row.postcode)
    sight = partner_sight(subject)
    first, *others = sight.homes
    for column in ("home_id", "status", "address", "authority"):
        leaking = replace(sight, homes=(replace(first, **{column: f"by {secret}"}), *others))
        assert {fault.column for fault in leaks_in(leaking, subject)} == {column}
    for where, leaking in {
        "title": replace(sight, title=f"Homes by {secret}"),
        "schools.name": replace(sight, schools=(replace(sight.schools[0], name=secret),)),
        "boundaries": replace(sight, authorities=(SeenAuthority(name=secret, shape=sight.region),)),
    }.items():
        assert {fault.column for fault in leaks_in(leaking, subject)} == {where}
    assert leaks_in(sight, subject) == ()
