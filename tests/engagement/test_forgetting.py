"""After forgetting, a search of every file finds nothing of the person; those who must be left alone still are."""

import csv
import gzip
import io
import os
import re
import shutil
import sqlite3
import tempfile
import zipfile
from pathlib import Path

import pytest
from icalendar import Calendar
from marlow_plan import write_marlow_plan, write_small_cache
from PIL import Image

from engagement.around.address_kinds import AddressKind
from engagement.around.addresses import Address, address_as_told
from engagement.forgetting import files_that_name, printed, search_folder, take_rows_out, terms_of, terms_of_lines
from siting.faults import UsageError
from siting.pipeline import after_withdrawal, export_log, forget_log, run_agree, run_engage, run_forget, run_log, run_why

UPRN, DOOR, NOTE = "990000003034", "12 Station Road", "is recovering from an operation"


def raw_traces(folder: Path, *words: str, but: tuple[str, ...] = ()) -> list[str]:
    import sys

    sys.path.insert(0, str(Path(__file__).parent))
    try:
        from test_left_alone import traces
    finally:
        sys.path.pop(0)
    return traces(folder, *words, but=but)


@pytest.mark.slow
def test_a_person_is_forgotten_everywhere_and_still_left_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write_marlow_plan(tmp_path / "plan")
    (tmp_path / "temp").mkdir()
    monkeypatch.setenv("SITING_CACHE_DIR", str(write_small_cache(tmp_path / "cache")))
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "temp"))
    (tmp_path / "temp" / "siting-x.log").write_text(f"failed at {DOOR}", encoding="utf-8")
    plan, out = tmp_path / "plan" / "plan.toml", tmp_path / "out"
    folder = out / "homes" / "H04"
    run_log(plan, "H04", out, event="briefed", who="A. Lead")
    run_log(plan, "H04", out, event="invited", who="A. Lead", about=UPRN)
    run_log(plan, "H04", out, event="opted-out", who="A. Lead", about="16 Station Road")
    run_log(plan, "H04", out, event="concern", who="A. Lead", about=DOOR, note=NOTE)
    run_log(plan, "H04", out, event="concern", who="A. Lead", about="18 Station Road", note=f"spoke of {DOOR}, who {NOTE}")
    run_engage(plan, "H04", out)
    export_log(plan, "H04", out, tmp_path / "plan" / "register.xlsx")
    run_why(plan, "H04", DOOR, tmp_path / "plan" / "why.pdf", out)
    # The same people in another file of addresses: what was indexed of the one before is kept no longer either.
    addresses = tmp_path / "plan" / "addresses.csv"
    addresses.write_bytes(addresses.read_bytes() + b"\r\n")
    run_agree(plan, "H04", UPRN, "2027-01-25 15:45", out)
    run_engage(plan, "H04", out)
    assert len(list((tmp_path / "cache" / "addresses").glob("*.parquet"))) == 2
    assert list((folder / "reissue").iterdir())
    # What people keep beside it: a printed list, a letter of their own, an older folder of results.
    shutil.copy(folder / "neighbours.pdf", tmp_path / "plan" / "printed.pdf")
    shutil.copy(folder / "letters.docx", tmp_path / "plan" / "mine.docx")
    unreadable = write_unreadable(tmp_path / "plan")
    shutil.copytree(out, tmp_path / "plan" / "older-results")
    slots = visits_of(folder)
    for home, address in (("H44", DOOR), ("H04", "99 Nowhere Street")):
        with pytest.raises(UsageError):
            run_forget(plan, out, home_id=home, address=address)
    assert (folder / "letters.pdf").is_file()
    done = run_forget(plan, out, home_id="H04", address=DOOR)
    assert done.entries == 6, "in both folders"
    assert any("letters" in words for words in done.by_hand)
    assert {line.partition(",")[0] for line in done.by_hand if "could not be searched" in line} == unreadable
    for name in unreadable:
        (tmp_path / "plan" / name).unlink()
    assert {path.name for path in done.still_named_in} == {"addresses.csv", "mine.docx"}
    assert raw_traces(tmp_path, UPRN, DOOR, NOTE, but=("addresses.csv", "mine.docx")) == []
    assert not list((tmp_path / "cache").rglob("*.parquet"))
    assert {path.name for path in done.deleted} >= {
        "why.pdf",
        "letters.pdf",
        "letters.docx",
        "labels.pdf",
        "register.xlsx",
        "printed.pdf",
    }
    assert not any(DOOR in word for line in done.words for word in [line])
    bare = (tmp_path / "plan" / "decisions.csv").read_text(encoding="utf-8-sig")
    assert "forgotten:" in bare
    content = Calendar.from_ical((folder / "visits-cancelled.ics").read_bytes())
    assert str(content["method"]) == "CANCEL"
    run_engage(plan, "H04", out)
    assert raw_traces(out, UPRN, DOOR, NOTE) == []
    after = visits_of(folder)
    assert len(after) == len(slots) - 1
    assert all(slots[address] == when for address, when in after.items()), "nobody else is moved"


def visits_of(folder: Path) -> dict[str, str]:
    rows = csv.DictReader((folder / "visits.csv").read_text(encoding="utf-8-sig").splitlines())
    return {row["address"]: f"{row['date']} {row['start']} {row['host']}" for row in rows}


@pytest.mark.slow
def test_a_whole_home_is_forgotten_but_for_whom_to_leave_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SITING_CACHE_DIR", str(write_small_cache(tmp_path / "cache")))
    write_marlow_plan(tmp_path / "plan")
    plan, out = tmp_path / "plan" / "plan.toml", tmp_path / "out"
    run_log(plan, "H04", out, event="opted-out", who="A. Lead", about=DOOR, note=NOTE)
    run_engage(plan, "H04", out)
    for name in ("neighbours.pdf", "runsheets.pdf", "neighbours.xlsx"):
        shutil.copy(out / "homes" / "H04" / name, tmp_path / "plan" / name)
    run_why(plan, "H04", "18 Station Road", tmp_path / "plan" / "why.pdf", out)
    shutil.copytree(out, tmp_path / "plan" / "older-results")
    # What people keep of their own: a letter under another name, a list, photographs.
    shutil.copy(out / "homes" / "H04" / "letters.docx", tmp_path / "plan" / "mine.docx")
    (tmp_path / "plan" / "of mine.csv").write_bytes("who\twhere\nx\t18 Station Road\n".encode("utf-16"))
    (tmp_path / "plan" / "photographs").mkdir()
    for name in ("H04-1.jpg", "H040.jpg"):
        (tmp_path / "plan" / "photographs" / name).write_bytes(b"x")
    told = after_withdrawal(plan, "H04", out)
    assert any("forget" in line for line in told)
    with pytest.raises(UsageError, match="H44"):
        run_forget(plan, out, home_id="H44")
    with pytest.raises(UsageError, match="keep_until"):
        run_forget(plan, out, past=True)
    done = run_forget(plan, out, home_id="H04")
    assert {path.name for path in done.still_named_in} == {"mine.docx", "of mine.csv"}
    assert any("photographs/H04-1.jpg" in words for words in done.by_hand)
    assert not any("H040" in words for words in done.by_hand)
    assert any("copies of those delivered" in words for words in done.by_hand)
    assert [path.name for path in (out / "homes" / "H04").rglob("*") if path.is_file()] == ["register.sqlite"]
    assert not {"neighbours.pdf", "runsheets.pdf", "neighbours.xlsx", "why.pdf"} & {
        path.name for path in (tmp_path / "plan").iterdir()
    }
    assert raw_traces(tmp_path, "Station Road", NOTE, "990000003036", but=bystanders(tmp_path / "plan")) == []
    run_engage(plan, "H04", out)
    assert raw_traces(out, UPRN, DOOR) == []


def bystanders(folder: Path) -> tuple[str, ...]:
    return tuple(path.name for path in folder.iterdir() if path.name != "decisions.csv")


@pytest.mark.parametrize("encoding", ["utf-16", "utf-8-sig", "utf-8", "cp1252"])
@pytest.mark.parametrize("delimiter", ["\t", ";", ","])
def test_of_a_list_that_excel_saved_one_row_goes_and_the_others_stay_to_the_byte(
    tmp_path: Path, encoding: str, delimiter: str
) -> None:
    rows = [["uprn", "address", "note"], ["1", "12 Station Road, Marlow", ""], ["2", "14 Station Road, Marlow", 'said "café"']]
    text = io.StringIO(newline="")
    csv.writer(text, delimiter=delimiter).writerows(rows)
    lines = text.getvalue().splitlines(keepends=True)
    path = tmp_path / "list.csv"
    path.write_bytes("".join(lines).encode(encoding))
    terms = terms_of(address_as_told("1", "12 Station Road, Marlow", None), [])
    assert files_that_name(tmp_path, terms) == [path]
    assert take_rows_out(path, terms.found_in) == 1
    assert path.read_bytes() == (lines[0] + lines[2]).encode(encoding)
    assert files_that_name(tmp_path, terms) == []


def test_what_was_printed_is_named_although_its_files_are_gone() -> None:
    assert printed({"visits.csv"}, issued=False, told=False) == []
    assert any("copies of those delivered" in words for words in printed(set(), issued=False, told=True))
    gone = printed({"issue.json"}, issued=True, told=False)
    assert any("run sheets" in words for words in gone)
    assert not any("Notify" in words for words in gone)
    assert any("Notify" in words for words in printed({"notify.csv"}, issued=True, told=False))


def test_somebody_of_a_whole_list_is_named_by_their_line_or_as_far_as_their_street() -> None:
    terms = terms_of_lines(["Flat 1, 12 Station Road, Marlow, SL7 1QN", "Rose Cottage, Mill Lane", "7 Mill Lane, Marlow"])
    for text in ("Flat 1, 12 Station Road\nMarlow", "ROSE COTTAGE", "to 7 Mill Lane,"):
        assert terms.found_in(text), text
        assert terms.found_in_bytes(text.encode()), text
    for text in ("Flat 1, 14 Station Road", "Flat 1", "17 Mill Lane", "Mill Lane, Marlow"):
        assert not terms.found_in(text), text


def test_a_misspelt_home_does_not_look_forgotten(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="no register of a home H44"):
        forget_log("H44", tmp_path)


def test_a_neighbour_s_row_stays_when_another_s_goes(tmp_path: Path) -> None:
    path = tmp_path / "neighbours.csv"
    rows = ["12 Station Road, Marlow", "2 Station Road, Marlow", "112 Station Road", "12A Station Road", "12 Station Road East"]
    path.write_text("uprn,address\n" + "".join(f'{n},"{row}"\n' for n, row in enumerate(rows, start=1)), encoding="utf-8")
    one = Address(
        key="", uprn="1", parent_uprn=None, text="", sub_building="", building_name="", number="12", street="Station Road",
        town="Marlow", postcode="SL7 1QN", x_m=0, y_m=0, kind=AddressKind(None, premises=False),
    )  # fmt: skip
    terms = terms_of(one, [one])
    assert take_rows_out(path, terms.found_in) == 1
    assert [re.sub(r"^\d+,|\"", "", line) for line in path.read_text().splitlines()[1:]] == rows[1:]


@pytest.mark.skipif(os.name == "nt", reason="the file is looked at while it is open")
def test_what_was_blanked_is_not_in_free_pages(tmp_path: Path) -> None:
    from engagement.register import Event, add_entry, forget_person

    path = tmp_path / "register.sqlite"
    for number in range(300):
        add_entry(path, who="A", home_id="H1", event=Event.SPOKE, about=str(number), note=f"secret {number} " * 9)
    assert forget_person(path, "H1", lambda entry: int(entry.about) < 299) == 299
    assert b"secret 298" not in path.read_bytes() + b"".join(p.read_bytes() for p in tmp_path.glob("register.sqlite-*"))
    assert b"secret 299" in path.read_bytes()
    with sqlite3.connect(path) as database:
        assert database.execute("SELECT event, entries FROM forgotten").fetchall() == [("spoke", 299)]
    database.close()


@pytest.mark.parametrize(
    ("text", "is_named"),
    [
        ("12 Tŷ Gwyn, Marlow", True),
        ("12 TŶ GWYN", True),
        ("12 Ty\N{COMBINING CIRCUMFLEX ACCENT} Gwyn", True),
        ("12\N{NO-BREAK SPACE}tŷ_gwyn", True),
        ("x" * 500 + " 12, Tŷ  Gwyn" + "y" * 500, False),
        ("112 Tŷ Gwyn", False),
        ("12 Tŷ Gwyn East", False),
        ("12 Gwyn", False),
    ],
)
def test_bytes_name_whom_their_text_names(text: str, is_named: bool) -> None:
    one = Address(
        key="", uprn="10093412345", parent_uprn=None, text="", sub_building="", building_name="", number="12", street="Tŷ Gwyn",
        town="Marlow", postcode="SL7 1QN", x_m=0, y_m=0, kind=AddressKind(None, premises=False),
    )  # fmt: skip
    terms = terms_of(one, [one])
    assert terms.found_in(text) is is_named
    assert terms.found_in_bytes(b"\0\xff" * 300 + text.encode() + b" \xff\0" * 300) is is_named
    assert terms.found_in_bytes(b"\0 0010093412345 \0")
    assert not terms.found_in_bytes(b"\0 100934123456 \0")


def write_unreadable(folder: Path) -> set[str]:
    """Write files of which nobody can say whom they name: damaged, with a password, cut off, and pages without text."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("word/document.xml", "".join(f"<p>{number} {DOOR}</p>" for number in range(500)))
    damaged, locked = bytearray(packed.getvalue()), bytearray(packed.getvalue())
    damaged[60:64] = b"\xff\xff\xff\xff"
    locked[6] |= 1
    locked[locked.find(b"PK\x01\x02") + 8] |= 1
    contents = {
        "damaged.docx": bytes(damaged),
        "locked.zip": bytes(locked),
        "password.docx": bytes.fromhex("d0cf11e0a1b11ae1") + bytes(600) + "EncryptedPackage".encode("utf-16-le"),
        "cut.pdf": b"%PDF-1.7\n1 0 obj\n<<",
        "cut.docx": packed.getvalue()[:-40],
        "packed.csv.gz": gzip.compress(DOOR.encode()),
        "packed.7z": bytes.fromhex("377abcaf271c0004") + bytes(40),
    }
    for name, content in contents.items():
        (folder / name).write_bytes(content)
    Image.new("RGB", (60, 30), "white").save(folder / "scanned.pdf")
    return {*contents, "scanned.pdf"}


def test_what_cannot_be_read_is_neither_passed_over_nor_a_failure(tmp_path: Path) -> None:
    unreadable = write_unreadable(tmp_path)
    (tmp_path / "note.txt").write_text(f"spoke at {DOOR}", encoding="utf-8")
    (tmp_path / "other.txt").write_text("nobody", encoding="utf-8")
    searched = search_folder(tmp_path, terms_of_lines([DOOR]))
    assert [path.name for path in searched.naming] == ["note.txt"]
    assert {path.name for path in searched.not_searched} == unreadable
