"""Whoever must be left alone stands in no output but the decisions file and the register, whichever way that was said."""

import csv
import datetime as dt
import functools
import io
import re
import zipfile
from pathlib import Path

import pytest
from marlow_plan import write_marlow_plan
from pypdf import PdfReader

from engagement.pack import Pack
from engagement.prepare import find_home, make_pack
from engagement.register import Event, add_entry
from siting.documents.pdf_text import texts_of_pages
from siting.faults import InputFaultsError, UsageError
from siting.inputs.plan import Plan
from siting.inputs.plan_inputs import read_inputs
from siting.pipeline import after_withdrawal, check, run_decide, run_engage, run_log, run_why
from siting.pipeline.engagement_sources import sources_of
from siting.pipeline.registering import register_path

UPRN, DOOR, NEXT_DOOR, AT = "990000003034", "12 Station Road", "16 Station Road", (485_583.37, 186_381.67)
REASON = "domestic abuse: partner at refuge"


@pytest.fixture
def plan(tmp_path: Path) -> Path:
    write_marlow_plan(tmp_path / "plan")
    return tmp_path / "plan" / "plan.toml"


def texts_of(path: Path) -> list[str]:
    """Everything that can be read in a file: as it is, inside a zip, on the pages of a PDF."""
    return _texts_in(path.read_bytes(), path.suffix)


@functools.lru_cache(maxsize=300)
def _texts_in(content: bytes, suffix: str) -> list[str]:
    found = [content.decode("utf-8", errors="replace"), content.decode("utf-16-le", errors="replace")]
    if zipfile.is_zipfile(io.BytesIO(content)):
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            found += [re.sub(r"<[^>]+>", "", archive.read(name).decode("utf-8", errors="replace")) for name in archive.namelist()]
    if suffix == ".pdf":
        found += [re.sub(r"\s+", " ", text) for text in texts_of_pages(content)]
        found.append(str(PdfReader(io.BytesIO(content)).metadata))
    return found


def traces(folder: Path, *words: str, but: tuple[str, ...] = ()) -> list[str]:
    patterns = [re.compile(rf"(?<!\d){re.escape(word)}(?!\d)", re.IGNORECASE) for word in words]
    found = []
    for path in sorted(folder.rglob("*")):
        if path.is_file() and path.name not in but:
            texts = texts_of(path)
            found += [f"{path.relative_to(folder)}: {one.pattern}" for one in patterns if any(one.search(text) for text in texts)]
    return found


def invited(out: Path) -> set[str]:
    text = (out / "homes" / "H04" / "neighbours.csv").read_text(encoding="utf-8-sig")
    return {row["address"].partition(",")[0].casefold() for row in csv.DictReader(text.splitlines())}


def change_addresses(plan: Path, kind: str) -> None:
    """Put another address file in the place of the plan's, as another year or another supplier writes it."""
    path = plan.parent / "addresses.csv"
    rows = list(csv.DictReader(path.read_text(encoding="utf-8-sig").splitlines()))
    for row in rows:
        match kind:
            case "without numbers":
                row["uprn"] = row["parent_uprn"] = ""
            case "in capitals, a metre off":
                row["uprn"] = ""
                row["single_line_address"] = row["single_line_address"].upper().replace("ROAD", "RD").replace(",", "")
                row["easting"] = f"{float(row['easting']) + 0.9:.2f}"
            case "by columns alone":
                row["single_line_address"] = ""
                row["uprn"] = ""
            case "numbers alone":
                for name in (
                    "single_line_address",
                    "sub_building",
                    "building_name",
                    "building_number",
                    "street_name",
                    "postcode",
                ):
                    row[name] = ""
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, fieldnames=list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)


def leave_alone(plan: Path, out: Path, way: str) -> None:
    match way:
        case "by address":
            run_decide(plan, "H04", DOOR, "remove", REASON, "A. Lead")
        case "by number":
            run_decide(plan, "H04", UPRN, "remove", REASON, "A. Lead")
        case _:
            run_log(plan, "H04", out, event="opted-out", who="A. Lead", about=f"{DOOR}, Marlow", note=REASON)


@pytest.mark.slow
@pytest.mark.parametrize("way", ["by address", "opted out"])
def test_who_is_removed_is_in_no_output(plan: Path, tmp_path: Path, way: str) -> None:
    out = tmp_path / "out"
    leave_alone(plan, out, way)
    run_log(plan, "H04", out, event="briefed", who="A. Lead")
    run_engage(plan, "H04", out)
    assert (out / "homes" / "H04" / "notify.csv").is_file()
    assert traces(out, UPRN, DOOR, "domestic abuse", but=("register.sqlite",)) == []
    assert NEXT_DOOR.casefold() in invited(out)


LATER = ("without numbers", "in capitals, a metre off", "by columns alone", "numbers alone")


@pytest.mark.slow
@pytest.mark.parametrize("way", ["by address", "opted out"])
def test_who_is_removed_stays_so_under_every_later_address_file(plan: Path, tmp_path: Path, way: str) -> None:
    """Whatever a later file calls them: they are known again by their number, their address or their place."""
    out = tmp_path / "out"
    before = everybody(plan, out)
    leave_alone(plan, out, way)
    kept = (plan.parent / "addresses.csv").read_bytes()
    for later in LATER:
        (plan.parent / "addresses.csv").write_bytes(kept)
        change_addresses(plan, later)
        after = everybody(plan, out)
        assert len(after) == len(before) - 1, later
        assert not any(abs(x - AT[0]) < 2 and abs(y - AT[1]) < 2 for x, y in after), later


def everybody(plan: Path, out: Path) -> list[tuple[float, float]]:
    """Where those are who stand on some list of the pack: invited, near, or only considered."""
    pack = pack_of(plan, out)
    assert not {one.address.key for one in pack.walk} - {one.address.key for one in pack.considered}
    return [(one.address.x_m, one.address.y_m) for one in pack.considered]


def test_a_decision_has_effect_or_is_refused(plan: Path, tmp_path: Path) -> None:
    decisions = plan.parent / "decisions.csv"
    for text in (
        "99 Nowhere Street",
        "990000009999",
        "9 Station Road",
        "Chiltern Court",
        "14 Station Road",
        "9.9E+11",
        "Station Road",
    ):
        with pytest.raises(UsageError):
            run_decide(plan, "H04", text, "remove", REASON, "A. Lead")
        assert not decisions.exists(), text
    with pytest.raises(UsageError, match="no home H44"):
        run_decide(plan, "H44", DOOR, "remove", REASON, "A. Lead")
    told, _ = run_decide(plan, "H04", DOOR, "remove", REASON, "A. Lead")
    assert told.startswith("H04: 12 Station Road, Marlow, SL7 1QN (UPRN 990000003034) is left alone")
    assert REASON not in told
    (row,) = csv.DictReader(decisions.read_text(encoding="utf-8-sig").splitlines())
    assert (row["address_key"], row["address"]) == (UPRN, "12 Station Road, Marlow, SL7 1QN")
    answer, _ = run_why(plan, "H04", DOOR, tmp_path / "why.pdf", tmp_path / "out")
    assert answer.endswith("not invited, since left out by decision of the lead.")
    assert traces(tmp_path, "domestic abuse", but=("decisions.csv",)) == []
    run_decide(plan, "H04", DOOR, "automatic", "she has moved", "A. Lead")
    assert "invited, since its plot" in run_why(plan, "H04", DOOR, tmp_path / "why.pdf", tmp_path / "out")[0]


@pytest.mark.parametrize(
    "row", ["H04,99 Nowhere Street,remove,x", "H04,990000009999,remove,x", "H44,12 Station Road,remove,x", "H04,9.9E+11,remove,x"]
)
def test_a_row_that_protects_nobody_is_a_fault_in_check_and_in_every_pack(plan: Path, tmp_path: Path, row: str) -> None:
    (plan.parent / "decisions.csv").write_text(f"home_id,address_key,decision,reason\n{row}\n", encoding="utf-8")
    for job in (lambda: check(plan), lambda: run_engage(plan, "H04", tmp_path / "out")):
        with pytest.raises(InputFaultsError) as told:
            job()
        assert [fault.row for fault in told.value.faults] == [2]
        assert "Nowhere" not in str(told.value)
    assert not (tmp_path / "out" / "homes" / "H04" / "neighbours.csv").exists()


def test_the_register_takes_only_who_exists(plan: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    nobody = [("opted-out", "99 Nowhere Street"), ("spoke", "990000009999"), ("opted-out", ""), ("invited", "")]
    for event, about in [*nobody, ("opted-out", "Lead for Children and Families")]:
        with pytest.raises(UsageError):
            run_log(plan, "H04", out, event=event, who="A", about=about)
    number = run_log(plan, "H04", out, event="opted-out", who="A", about=DOOR)
    run_log(plan, "H04", out, event="spoke", who="A", about="lead for children and families")
    assert UPRN not in {one.address.uprn for one in pack_of(plan, out).walk}
    run_log(plan, "H04", out, event="done", who="A", note="it was next door", corrects=number)
    assert UPRN in {one.address.uprn for one in pack_of(plan, out).walk}


def test_of_a_purchase_that_came_to_nothing_no_pack_is_made(plan: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    number = run_log(plan, "H04", out, event="withdrawn", who="A. Lead")
    with pytest.raises(UsageError, match="came to nothing"):
        run_engage(plan, "H04", out)
    with pytest.raises(UsageError, match="came to nothing"):
        pack_of(plan, out)
    assert not (out / "homes" / "H04" / "letters.pdf").exists()
    run_log(plan, "H04", out, event="done", who="A. Lead", note="it goes on", corrects=number)
    assert pack_of(plan, out).walk


def test_who_opted_out_at_another_home_is_not_invited_here(plan: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    # As an entry of H05's register would say it, where both homes stand in one street.
    register = register_path(out, "H05")
    register.parent.mkdir(parents=True)
    add_entry(register, who="A", home_id="H05", event=Event.OPTED_OUT, about=UPRN, address=f"{DOOR}, Marlow, SL7 1QN", place=AT)
    pack = pack_of(plan, out)
    assert [one.address.uprn for one in pack.set_aside] == [UPRN]
    assert UPRN not in {one.address.uprn for one in (*pack.considered, *pack.walk)}
    # Words alone could be of a street of that name in another town.
    (plan.parent / "decisions.csv").write_text(
        "home_id,address_key,decision,reason\nH05,16 Station Road,remove,x\n", encoding="utf-8"
    )
    assert len(pack_of(plan, out).set_aside) == 1


def pack_of(plan: Path, out: Path) -> Pack:
    inputs = read_inputs(Plan.read(plan))
    return make_pack(sources_of(inputs), find_home(inputs, "H04"), register_path(out, "H04"), dt.date(2027, 1, 1))


def test_of_a_purchase_that_came_to_nothing_only_those_are_told_who_may_be(plan: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    for about in (DOOR, NEXT_DOOR, "18 Station Road", "15 Signal Way"):
        run_log(plan, "H04", out, event="invited", who="A. Lead", about=about)
    run_log(plan, "H04", out, event="opted-out", who="A. Lead", about=NEXT_DOOR)
    run_decide(plan, "H04", DOOR, "remove", REASON, "A. Lead")
    run_decide(plan, "H04", "20 Station Road", "remove", REASON, "A. Lead")
    run_log(plan, "H04", out, event="withdrawn", who="A. Lead")
    told = after_withdrawal(plan, "H04", out)
    assert [line.partition(",")[0] for line in told if line.startswith("Tell: ")] == [
        "Tell: 18 Station Road",
        "Tell: 15 Signal Way",
    ]
    alone = "\n".join(line for line in told if line.startswith("Do not contact"))
    assert all(door in alone for door in (DOOR, NEXT_DOOR, "20 Station Road"))
    assert REASON not in "".join(told)
    with (plan.parent / "decisions.csv").open("a", encoding="utf-8") as file:
        file.write("2026-11-27,H04,,99 Nowhere Street,,,remove,x,A. Lead\r\n")
    with pytest.raises(InputFaultsError):
        after_withdrawal(plan, "H04", out)
