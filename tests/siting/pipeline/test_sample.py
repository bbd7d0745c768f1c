"""The bundled sample is judged as its readers would expect."""

from pathlib import Path

import pandas as pd

from siting.pipeline import run_all
from siting.storage.kept import bundled_data


def test_the_sample_is_judged(tmp_path: Path) -> None:
    run_all(bundled_data() / "chilterns" / "plan.toml", tmp_path)
    table = pd.read_csv(tmp_path / "evaluation.csv").set_index("home_id")
    assert len(table) == 15
    # Milton Keynes is about an hour from High Wycombe, Marlow a quarter of one.
    assert set(table.index[table["verdict"] == "fail"]) == {"H11", "H12"}
    assert 9 < table.loc["H04", "to_school_min"] < 20
    assert (table["to_school_min_free_flow"] < table["to_school_min"]).all()
    assert (table["to_school_min_typical"] <= table["to_school_min"]).all()
    assert (table["to_school_min"] == table["to_school_min_school_run"]).all(), "judged on the school run"
