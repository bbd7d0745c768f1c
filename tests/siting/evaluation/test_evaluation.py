"""How a plan's homes are judged: the nearest of several schools, the gate, siblings, and the edge of the extract."""

import shutil
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from siting.evaluation.evaluation import Evaluation, evaluate_inputs
from siting.inputs.plan import Plan
from siting.inputs.plan_inputs import read_inputs
from siting.roads.cache import open_network
from siting.storage.kept import bundled_data

NETWORK = bundled_data() / "chilterns" / "chilterns.osm.pbf"
SCHOOL = '[[schools]]\nname = "{name}"\npostcode = "{postcode}"\n{more}'
WYCOMBE, READING = "HP13 5SU", "RG1 3JH"


def judged(folder: Path, schools: str, homes: str, children: str = "", network: Path = NETWORK) -> Evaluation:
    (folder / "homes.csv").write_text(f"home_id,postcode\n{homes}", encoding="utf-8")
    named = 'candidates = "homes.csv"\n'
    if children:
        (folder / "children.csv").write_text(f"child_ref,authority,postcode\n{children}", encoding="utf-8")
        named += 'children = "children.csv"\n'
    (folder / "plan.toml").write_text(f'[area]\nnetwork = "{network}"\n{schools}[inputs]\n{named}', encoding="utf-8")
    inputs = read_inputs(Plan.read(folder / "plan.toml"))
    return evaluate_inputs(inputs, open_network(network))


def test_the_nearest_of_several_schools_counts_and_is_named(tmp_path: Path) -> None:
    main, satellite = (
        SCHOOL.format(name=name, postcode=postcode, more="") for name, postcode in (("Main", WYCOMBE), ("Satellite", READING))
    )
    homes = "H1,HP13 5SU\nH2,RG1 3JH\n"
    one = judged(tmp_path, main, homes).homes.set_index("home_id")
    both = judged(tmp_path, main + satellite, homes).homes.set_index("home_id")
    assert one["school"].tolist() == ["Main", "Main"]
    assert both.loc[["H1", "H2"], "school"].tolist() == ["Main", "Satellite"]
    assert both.loc["H2", "to_school_min"] < one.loc["H2", "to_school_min"]
    assert both.loc["H1", "to_school_min"] == one.loc["H1", "to_school_min"]


def test_a_gate_is_used_instead_of_the_middle_of_the_school(tmp_path: Path) -> None:
    middle = judged(tmp_path, SCHOOL.format(name="S", postcode=WYCOMBE, more=""), "H1,HP20 1US\n").homes.iloc[0]
    gate = judged(tmp_path, SCHOOL.format(name="S", postcode=WYCOMBE, more='gate = "HP20 1US"\n'), "H1,HP20 1US\n").homes.iloc[0]
    assert middle["to_school_min"] > 15
    assert gate["to_school_min"] < 1


def test_siblings_are_one_family_and_the_farthest_family_is_shown(tmp_path: Path) -> None:
    near, far = "HP11 2PX", "RG1 3JH"
    children = f"C1,Reading,{far}\nC2,Buckinghamshire,{near}\nC3,Buckinghamshire,{near}\nC4,Buckinghamshire,{near}\n"
    found = judged(tmp_path, SCHOOL.format(name="S", postcode=WYCOMBE, more=""), "H1,HP13 5SU\n", children)
    row, summary = found.homes.iloc[0], found.results[0].families
    assert (summary.children, summary.families) == (4, 2)
    times = sorted(set(found.families.family_min(0)))
    assert row["median_family_min"] == pytest.approx(np.mean(times)), "three siblings do not outvote the other family"
    assert row["worst_family_min"] == pytest.approx(times[-1])


def test_what_cannot_be_reached_is_last_and_has_no_minutes(tmp_path: Path) -> None:
    found = judged(tmp_path, SCHOOL.format(name="S", postcode=WYCOMBE, more=""), "H1,TR19 7AA\nH2,HP20 1US\nH3,HP13 5SU\n").homes
    assert found["home_id"].tolist()[-1] == "H1"
    assert found["verdict"].tolist()[-1] == "unreachable"
    assert found["to_school_min"].isna().tolist() == [False, False, True]
    assert pd.isna(found.iloc[-1]["margin_min"])


def test_an_extract_that_ends_within_the_minutes_is_said(tmp_path: Path, shared_data: Path) -> None:
    """A county's extract ends a quarter of an hour from its middle; the sample's ends beyond the rule."""
    sample = Plan.read(bundled_data() / "chilterns" / "plan.toml")
    assert evaluate_inputs(read_inputs(sample), open_network(NETWORK)).warnings == ()
    extract = shared_data / "rutland-2022-07-20.osm.pbf"
    shutil.copyfile(extract, tmp_path / "rutland.osm.pbf")
    school = '[[schools]]\nname = "Oakham"\nlatitude = 52.67\nlongitude = -0.73\n'
    (warning,) = judged(tmp_path, school, "H1,LE15 6AA\n", network=tmp_path / "rutland.osm.pbf").warnings
    assert "its roads end within 45 minutes" in warning.problem
    assert "A1" in warning.problem
