"""Whoever is removed, by whichever way, is in no output under any later address file that still has the home."""

import datetime as dt
import random
import re
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from marlow_plan import write_marlow_plan, write_small_cache

from engagement.pack import Pack
from engagement.prepare import find_home, make_pack
from siting.inputs.plan import Plan
from siting.inputs.plan_inputs import read_inputs
from siting.pipeline import run_agree, run_decide, run_engage, run_forget, run_log
from siting.pipeline.engagement_sources import sources_of
from siting.pipeline.registering import register_path
from siting.storage.kept import bundled_data

sys.path.insert(0, str(Path(__file__).parent))
import address_files as files
from test_left_alone import texts_of

UPRN, DOOR, AT = "990000003034", "12 Station Road", (485_583.37, 186_381.67)
PERSON = re.compile(r"(?<!\d)0*990000003034(?!\d)|(?<![\d-])12[\s,]+station\s+r(?:oa)?d\b|pat example", re.IGNORECASE)
WAYS = ("by address", "by number", "opted out", "forgotten", "at another home")
WHOLE = (("opted out", "ngd"), ("forgotten", "abbreviated"))
"""Ways of which every file of whole packs is read; of all ways it is asked who is in the pack that they are written from."""
FORMATS = ("table", "plus", "ngd")


@pytest.fixture(scope="module")
def issued(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A plan whose pack is out, and issued again for the person since: they are named in `reissue/` too."""
    folder = tmp_path_factory.mktemp("issued")
    write_marlow_plan(folder / "plan")
    plan, out = folder / "plan" / "plan.toml", folder / "out"
    run_log(plan, "H04", out, event="briefed", who="A. Lead")
    run_engage(plan, "H04", out)
    run_agree(plan, "H04", UPRN, "2027-01-25 15:45", out)
    run_engage(plan, "H04", out)
    (again,) = (out / "homes" / "H04" / "reissue").iterdir()
    assert PERSON.search((again / "changes.csv").read_text(encoding="utf-8-sig"))
    return folder


def leave_alone(plan: Path, out: Path, way: str) -> None:
    match way:
        case "by address":
            run_decide(plan, "H04", DOOR, "remove", "Pat Example is at risk", "A. Lead")
        case "by number":
            run_decide(plan, "H04", UPRN, "remove", "Pat Example is at risk", "A. Lead")
        case "opted out":
            run_log(plan, "H04", out, event="opted-out", who="A. Lead", about=DOOR)
        case "forgotten":
            with pytest.MonkeyPatch.context() as patch:
                patch.setenv("SITING_CACHE_DIR", str(write_small_cache(out.with_name("cache"))))
                run_forget(plan, out, home_id="H04", address=DOOR)
        case _:
            # A row as an earlier version, or a person, wrote it for a home near by.
            row = f"2026-11-20,H05,{UPRN},,,,remove,Pat Example is at risk,A. Lead\n"
            head = "date,home_id,address_key,address,easting,northing,decision,reason,who\n"
            (plan.parent / "decisions.csv").write_text(head + row, encoding="utf-8")


def named(folder: Path) -> Iterator[str]:
    for path in sorted(folder.rglob("*")):
        # The register keeps who opted out: it is how they are left alone.
        if path.is_file() and not path.name.startswith("register.sqlite"):
            found = next((match for text in texts_of(path) if (match := PERSON.search(text))), None)
            if found:
                yield f"{path.relative_to(folder)}: {found[0]}"


@pytest.mark.slow
@pytest.mark.parametrize(("way", "later"), WHOLE)
def test_in_whole_packs_and_in_those_of_before(issued: Path, tmp_path: Path, way: str, later: str) -> None:
    shutil.copytree(issued, tmp_path / "all")
    plan, out = tmp_path / "all" / "plan" / "plan.toml", tmp_path / "all" / "out"
    rows = files.read_rows(plan.parent / "addresses.csv")
    assert list(named(out)), "the search finds them where they are"
    leave_alone(plan, out, way)
    write_as(plan.parent / "addresses.csv", files.CHANGES.get(later, list)(rows), later)
    told = [str(fault) for fault in run_engage(plan, "H04", out).warnings]
    assert list(named(out)) == []
    assert not any(PERSON.search(line) for line in told)
    if way != "forgotten":
        assert any("reissue/" in line and "taken away" in line for line in told)
    listed = (out / "homes" / "H04" / "neighbours.csv").read_text(encoding="utf-8-sig")
    assert len(listed.splitlines()) == 17, "sixteen others are in as before"


@pytest.mark.slow
def test_what_people_put_into_the_packs_folder_is_named_where_it_names_them_or_may(issued: Path, tmp_path: Path) -> None:
    shutil.copytree(issued, tmp_path / "all")
    plan, out = tmp_path / "all" / "plan" / "plan.toml", tmp_path / "all" / "out"
    folder = out / "homes" / "H04"
    put = {
        "note.txt": b"Spoke at 12 Station Road, Marlow",
        "other.txt": b"Spoke at 16 Station Road, Marlow",
        "cut.zip": b"PK\x03\x04 and no more",
        "scan.pdf": b"%PDF-1.7 and no page",
        "locked.docx": b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600) + "EncryptedPackage".encode("utf-16-le"),
    }
    for name, content in put.items():
        (folder / name).write_bytes(content)
    leave_alone(plan, out, "by address")
    told = {Path(fault.file).name: fault.problem for fault in run_engage(plan, "H04", out).warnings}
    assert "names one who must be left alone" in told["note.txt"]
    for name in ("cut.zip", "scan.pdf", "locked.docx"):
        assert "cannot be told" in told[name], name
    assert not {"other.txt"} & told.keys()
    assert not any("cannot be told" in problem for name, problem in told.items() if name not in put), "our own papers are read"


def write_as(path: Path, rows: list[files.Row], kind: str, order: random.Random | None = None, delimiter: str = ",") -> None:
    match kind:
        case "plus":
            files.write_plus_chunk(path, rows)
        case "ngd":
            files.write_ngd(path, rows)
        case _:
            files.write_rows(path, rows, delimiter=delimiter, order=order)


@pytest.fixture(scope="module", params=WAYS)
def left_alone(request: pytest.FixtureRequest, issued: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("left") / "all"
    shutil.copytree(issued, folder)
    leave_alone(folder / "plan" / "plan.toml", folder / "out", request.param)
    return folder


@pytest.mark.slow
@settings(max_examples=5, deadline=None, derandomize=True, phases=[Phase.generate], suppress_health_check=list(HealthCheck))
@given(
    changes=st.lists(st.sampled_from(sorted(files.CHANGES)), max_size=3, unique=True),
    kind=st.sampled_from(FORMATS),
    delimiter=st.sampled_from(",;\t"),
    seed=st.integers(0, 99),
)
def test_under_any_later_address_file(left_alone: Path, changes: list[str], kind: str, delimiter: str, seed: int) -> None:
    plan, out = left_alone / "plan" / "plan.toml", left_alone / "out"
    rows = files.read_rows(bundled_data() / "chilterns" / "addresses.csv")
    order = random.Random(seed)  # noqa: S311 - nothing secret
    order.shuffle(rows)
    kept = set(changes) - ({"by line alone"} if "by columns alone" in changes or kind == "plus" else set())
    # What AddressBase delivers has numbers.
    for change in sorted(kept - ({"without numbers"} if kind == "plus" else set())):
        rows = files.CHANGES[change](rows)
    write_as(plan.parent / "addresses.csv", rows, kind, order, delimiter)
    pack = pack_of(plan, out)
    assert len(pack.walk) == 16
    everybody = [*pack.considered, *pack.walk, *(visit.neighbour for visit in pack.schedule.visits), *pack.schedule.waiting]
    assert not any(abs(one.address.x_m - AT[0]) < 2 and abs(one.address.y_m - AT[1]) < 2 for one in everybody)
    assert not any(PERSON.search(f"{one.address.uprn} {one.address.written}") for one in everybody)
    assert len(pack.set_aside) == 1


def pack_of(plan: Path, out: Path) -> Pack:
    inputs = read_inputs(Plan.read(plan))
    return make_pack(sources_of(inputs), find_home(inputs, "H04"), register_path(out, "H04"), dt.date(2026, 12, 1))
