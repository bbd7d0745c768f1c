"""Homes and families: what is not known is never no, miles have two names, and siblings are one family."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from siting.evaluation.evaluation import Evaluation, evaluate_inputs
from siting.evaluation.families import NATIONAL_BANDS, PAIR_COLUMNS, FamilyPairs, summarise_families
from siting.inputs.plan import Plan
from siting.inputs.plan_inputs import Child, read_inputs
from siting.roads.cache import open_network
from siting.storage.kept import bundled_data
from siting.words import METRES_PER_MILE, NO_WAY_MS, ChildRef, HomeId

NETWORK = bundled_data() / "chilterns" / "chilterns.osm.pbf"


def pairs(minutes: list[list[float]], family: list[int], **others: list[list[int]]) -> FamilyPairs:
    """Pairs by their minutes (infinite: no way); a family -1 has no place."""
    worse = np.array([[NO_WAY_MS if np.isinf(m) else m * 60_000 for m in row] for row in minutes], dtype=np.int64)
    homes, children = worse.shape
    known = np.tile(np.array(family) >= 0, (homes, 1))
    codes = {
        name: np.array(others[name], dtype=np.int8) if name in others else np.where(known, 0, -1).astype(np.int8)
        for name in ("within_miles", "over_national_miles", "outside_own", "outside_adjoining", "over_max")
    }
    return FamilyPairs(
        home_ids=tuple(HomeId(f"H{n}") for n in range(homes)),
        child_refs=tuple(ChildRef(f"C{n}") for n in range(children)),
        authorities=(None,) * children,
        to_family_ms=worse,
        from_family_ms=worse - 1,
        road_m=np.where(known, 1000.0, np.nan),
        straight_line_m=np.where(known, 900.0, np.nan),
        excluded=np.zeros(worse.shape, dtype=np.bool_),
        family=np.array(family, dtype=np.int64),
        on_roads=np.array(family) >= 0,
        **codes,
    )


def test_the_median_is_over_families_and_a_child_without_a_place_is_in_none() -> None:
    (summary,) = summarise_families(pairs([[10, 30, 30, 30, 5]], [0, 1, 1, 1, -1]))
    assert (summary.children, summary.families, summary.place_not_known) == (5, 2, 1)
    assert summary.median_family_min == pytest.approx(20)
    assert summary.worst_family_min == pytest.approx(30)


def test_no_way_to_half_of_the_families_leaves_no_median() -> None:
    (summary,) = summarise_families(pairs([[10, np.inf]], [0, 1]))
    assert np.isnan(summary.median_family_min)
    assert np.isnan(summary.worst_family_min)
    assert summary.unreachable_families == 1


def test_without_any_place_nothing_is_told_and_nothing_is_none() -> None:
    found = pairs([[1, 2]], [-1, -1])
    (summary,) = summarise_families(found)
    assert (summary.within_miles, summary.outside_own_authority, summary.families) == (0, None, 0)
    frame = found.frame([0])
    assert frame["home_to_family_min"].isna().all()
    assert frame["within_family_miles"].isna().all()
    assert frame["national_statistic_band"].tolist() == ["Not known", "Not known"]


@pytest.fixture(scope="module")
def sample() -> Evaluation:
    inputs = read_inputs(Plan.read(bundled_data() / "chilterns" / "plan.toml"))
    first = inputs.children[0]
    children = (Child(row=first.row.model_copy(update={"child_ref": "NOWHERE"}), place=None), *inputs.children)
    return evaluate_inputs(replace(inputs, children=children), open_network(NETWORK))


def test_road_and_straight_line_miles_have_their_own_columns(sample: Evaluation) -> None:
    table = sample.pairs
    assert list(table.columns) == list(PAIR_COLUMNS)
    assert len(table) == len(sample.families) == len(sample.homes) * (len(sample.families.child_refs))
    known = table[table["child_ref"] != "NOWHERE"]
    # A postcode's middle is not the door, so a road may be a little shorter than the line.
    assert (known["road_miles"] > known["straight_line_miles"] - 0.5).mean() > 0.9
    assert known["road_miles"].sum() > 1.1 * known["straight_line_miles"].sum()


def test_the_national_band_is_twenty_miles_whatever_the_plans_miles_are(sample: Evaluation) -> None:
    table = sample.pairs.dropna(subset="straight_line_miles")
    over = table["straight_line_miles"] * METRES_PER_MILE > 32_186.88
    assert (table["national_statistic_band"] == np.where(over, NATIONAL_BANDS[1], NATIONAL_BANDS[0])).all()
    inputs = read_inputs(Plan.read(bundled_data() / "chilterns" / "plan.toml"))
    rules = inputs.plan.rules.model_copy(update={"family_miles": 5})
    closer = replace(inputs, plan=inputs.plan.model_copy(update={"rules": rules}))
    near = evaluate_inputs(closer, open_network(NETWORK))
    assert (near.pairs["within_family_miles"] == (near.pairs["straight_line_miles"] <= 5)).all()
    assert set(near.pairs["national_statistic_band"]) == set(table["national_statistic_band"])
    assert near.homes["children_within_family_miles"].sum() < sample.homes["children_within_family_miles"].sum()


def test_a_child_without_a_place_is_counted_as_not_known(sample: Evaluation) -> None:
    assert (sample.homes["children_distance_not_known"] == 1).all()
    within, over = sample.homes["children_within_family_miles"], sample.homes["children_over_20_miles"]
    assert (within + over == len(sample.families.child_refs) - 1).all(), "the sample's plan has twenty miles too"
    assert sample.homes["reasons"].str.contains("1 not known").all()
    row = sample.pairs[sample.pairs["child_ref"] == "NOWHERE"].iloc[0]
    assert pd.isna(row["road_miles"])
    assert row["national_statistic_band"] == "Not known"
