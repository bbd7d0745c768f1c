"""No command opens a file that is not the plan's, its own, its results', its cache's or the system's; nor a socket."""

from pathlib import Path

import pytest
from opened_files import Places, can_trace, kind_of, watch
from tiny_plan import write_tiny_plan

pytestmark = pytest.mark.skipif(not can_trace(), reason="there is no strace that may follow a process")


@pytest.mark.slow
def test_check_and_run_open_nothing_that_is_not_theirs(tmp_path: Path) -> None:
    plan = write_tiny_plan(tmp_path / "plan", "one")
    # What a careless reader of whole folders would open.
    (tmp_path / "plan" / "secret.xlsx").write_bytes(b"PK")
    places = Places(tmp_path / "plan", tmp_path / "results", tmp_path / "cache", tmp_path / "tmp")
    for command in (["check", str(plan)], ["run", str(plan), "--out", str(places.results)]):
        seen = watch(command, places, tmp_path)
        assert not seen.unexplained
        # urllib3 asks at its import whether the machine knows IPv6; nothing is ever connected to.
        assert seen.sockets.keys() <= {"AF_INET6"}
        assert seen.calls["plan", "read"]
        assert bool(seen.calls["results", "wrote"]) == (command[0] == "run")


def test_a_file_beside_the_plan_s_folder_is_nobody_s(tmp_path: Path) -> None:
    places = Places(tmp_path / "plan", tmp_path / "results", tmp_path / "cache", tmp_path / "tmp")
    assert kind_of(tmp_path / "plan" / "a.csv", places) == "plan"
    assert kind_of(tmp_path / "other" / "a.csv", places) == "?"
    assert kind_of(Path("/root/.ssh/id"), places) == "?"
