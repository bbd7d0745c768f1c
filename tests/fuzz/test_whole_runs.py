"""A sample of the campaign of killed, raced and starved runs; by hand it is longer (see `whole_runs.py`)."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

CAMPAIGN = Path(__file__).with_name("whole_runs.py")
SAMPLE = {"kills": 3, "pairs": 1, "full": 1}


@pytest.mark.slow
@pytest.mark.skipif(not hasattr(os, "fork"), reason="runs are forked from one that has the program loaded")
def test_killed_raced_and_starved_runs_leave_old_or_new_or_say_so(tmp_path: Path) -> None:
    counts = {name: int(os.environ.get(f"FUZZ_{name.upper()}", count)) for name, count in SAMPLE.items()}
    options = [word for name, count in counts.items() for word in (f"--{name}", str(count))]
    done = subprocess.run(
        [sys.executable, str(CAMPAIGN), "--folder", str(tmp_path), *options], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr[-3_000:]
    seen = json.loads(done.stdout.splitlines()[-1])
    assert sum(seen["kills"].values()) == counts["kills"]
    assert sum(seen["pairs"].values()) == counts["pairs"]
