"""A house in no table gets the verdict that it would get in one."""

import json
from dataclasses import asdict
from pathlib import Path

import pandas as pd
import pytest

from siting import pipeline
from siting.faults import UsageError
from siting.storage.kept import bundled_data

PLAN = bundled_data() / "examples" / "safe-accommodation" / "plan.toml"


@pytest.fixture(scope="module")
def asker() -> pipeline.HouseAsker:
    return pipeline.HouseAsker.open(PLAN)


def test_a_house_where_a_candidate_stands_is_judged_as_the_candidate(asker: pipeline.HouseAsker) -> None:
    table = pipeline.evaluate(PLAN).homes
    assert len(table) > 1
    for home, (_, row) in zip(
        sorted(asker.inputs.homes, key=lambda home: home.row.home_id), table.sort_values("home_id").iterrows(), strict=True
    ):
        answer = asker.judge(home.place)
        assert answer.row["verdict"] == row["verdict"]
        assert answer.row["to_school_min"] == pytest.approx(row["to_school_min"], abs=0.02)
        assert answer.row["from_school_min"] == pytest.approx(row["from_school_min"], abs=0.02)
        for key in ("median_family_min", "children_within_family_miles"):
            assert answer.row[key] == pytest.approx(row[key], abs=0.02) if pd.notna(row[key]) else answer.row[key] is None


def test_its_rank_is_the_one_that_it_would_have(asker: pipeline.HouseAsker) -> None:
    table = pipeline.evaluate(PLAN).homes
    best = next(home for home in asker.inputs.homes if home.row.home_id == table.iloc[0]["home_id"])
    last = next(home for home in asker.inputs.homes if home.row.home_id == table.iloc[-1]["home_id"])
    assert asker.judge(best.place).would_rank in {1, 2}
    assert asker.judge(last.place).would_rank >= len(table)
    assert asker.judge(last.place).of == len(table) + 1


def test_a_place_that_is_none_is_refused_with_what_to_write(asker: pipeline.HouseAsker) -> None:
    with pytest.raises(UsageError, match="Write a postcode"):
        asker.ask("the blue house")


def test_a_house_off_the_map_is_unreachable_and_says_so(asker: pipeline.HouseAsker) -> None:
    answer = asker.ask("57.48,-4.22")
    assert answer.row["verdict"] == "unreachable"
    assert answer.row["to_school_min"] is None
    assert answer.would_rank == answer.of


def test_a_postcode_says_how_roughly_it_is_known(asker: pipeline.HouseAsker) -> None:
    answer = asker.ask("LD1 5LG")
    assert answer.accuracy_m > 0
    assert any("known to about" in line for line in answer.sentences())


def test_without_a_single_family_the_answer_is_still_what_json_knows(tmp_path: Path) -> None:
    (tmp_path / "homes.csv").write_text("home_id,postcode\nH1,HP20 1US\nH2,SL7 1AA\n", encoding="utf-8")
    path = tmp_path / "plan.toml"
    network = (bundled_data() / "chilterns" / "chilterns.osm.pbf").as_posix()
    path.write_text(
        f'[area]\nnetwork = "{network}"\n[[schools]]\nname = "S"\npostcode = "HP11 2JZ"\n[inputs]\ncandidates = "homes.csv"\n',
        encoding="utf-8",
    )
    answer = pipeline.HouseAsker.open(path).ask("HP13 5SU")
    assert json.loads(json.dumps(asdict(answer)))["would_rank"] == answer.would_rank
