"""The register loses nothing, changes nothing and forgets on command."""

import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

from engagement.register import (
    Event,
    add_entry,
    entries,
    forget_home,
    forget_person,
    in_force,
    is_released,
    is_withdrawn,
    outstanding,
    register_table,
    told,
)
from siting.faults import InputFaultsError, UsageError
from siting.pipeline import export_log, read_log

KILLED = """
import os, random, signal, sys, time
from pathlib import Path
sys.path[:0] = sys.argv[2:]
from engagement.register import Event, add_entry, entries
path, draw = Path(sys.argv[1]), random.Random(1)
confirmed = set()
for round_number in range(300):
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(reading)
        for count in range(1_000_000):
            number = add_entry(path, who="A", home_id="H1", event=Event.SPOKE, about=f"{round_number}.{count}")
            os.write(writing, f"{number} {round_number}.{count}\\n".encode())
    os.close(writing)
    with os.fdopen(reading) as told:
        # At some moment of the third, second or first entry, or before any.
        lines = [told.readline() for _ in range(draw.randrange(3))]
        time.sleep(draw.random() * 0.005)
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
        confirmed.update(tuple(line.split()) for line in [*lines, *told] if line.endswith("\\n"))
kept = {(str(e.number), e.about) for e in entries(path, "H1")}
assert confirmed <= kept, sorted(confirmed - kept)[:5]
assert len(confirmed) > 200, len(confirmed)
print(len(confirmed), "confirmed entries kept")
"""


@pytest.fixture
def register(tmp_path: Path) -> Path:
    return tmp_path / "homes" / "H1" / "register.sqlite"


def test_entries_stand_in_their_order(register: Path) -> None:
    first = add_entry(register, who="A. Lead", home_id="H1", event=Event.INVITED, about="100001")
    second = add_entry(register, who="B", home_id="H1", event=Event.CONCERN, about="100001", note="parking")
    assert [entry.number for entry in entries(register, "H1")] == [first, second]
    assert entries(register, "H2") == ()


@pytest.mark.parametrize("statement", ["DELETE FROM entries", "UPDATE entries SET note = 'x'"])
def test_entries_are_neither_changed_nor_deleted(register: Path, statement: str) -> None:
    add_entry(register, who="A", home_id="H1", event=Event.INVITED)
    database = sqlite3.connect(register)
    with pytest.raises(sqlite3.IntegrityError, match="never"):
        database.execute(statement)
    database.close()


def test_a_correction_is_a_new_entry(register: Path) -> None:
    wrong = add_entry(register, who="A", home_id="H1", event=Event.ATTENDED, about="100001")
    add_entry(register, who="A", home_id="H1", event=Event.ATTENDED, about="100002", corrects=wrong)
    assert [entry.about for entry in in_force(entries(register, "H1"))] == ["100002"]
    assert register_table(register)["stands"].tolist() == ["corrected", "yes"]
    with pytest.raises(UsageError, match="no entry 99"):
        add_entry(register, who="A", home_id="H1", event=Event.DONE, corrects=99)


def test_letters_wait_for_the_briefing(register: Path) -> None:
    assert not is_released(register, "H1")
    number = add_entry(register, who="A", home_id="H1", event=Event.BRIEFED)
    assert is_released(register, "H1")
    add_entry(register, who="A", home_id="H1", event=Event.DONE, note="was another meeting", corrects=number)
    assert not is_released(register, "H1")


def test_what_is_outstanding_is_said(register: Path) -> None:
    neighbours = {"1": "1 High Street", "2": "2 High Street", "3": "3 High Street"}
    add_entry(register, who="A", home_id="H1", event=Event.BRIEFED)
    add_entry(register, who="A", home_id="H1", event=Event.INVITED, about="1")
    add_entry(register, who="A", home_id="H1", event=Event.OPTED_OUT, about="3")
    add_entry(register, who="A", home_id="H1", event=Event.CONCERN, about="1")
    todo = outstanding(entries(register, "H1"), neighbours)
    assert todo == [
        "Invited, not yet seen: 1 High Street",
        "Not yet invited: 2 High Street",
        "A concern without follow-up: entry 4, 1 High Street",
    ]


def test_a_home_is_forgotten_but_not_its_counts(register: Path) -> None:
    for about in ("1", "2"):
        add_entry(register, who="A. Secret", home_id="H1", event=Event.SPOKE, about=about, note="a private word")
    add_entry(register, who="B", home_id="H2", event=Event.SPOKE, about="9")
    assert forget_home(register, "H1") == 2
    content = register.read_bytes()
    assert b"private word" not in content
    assert b"A. Secret" not in content
    assert [entry.event for entry in entries(register, "H1")] == [Event.SPOKE, Event.SPOKE]
    assert entries(register, "H2")[0].about == "9"
    database = sqlite3.connect(register)
    assert database.execute("SELECT event, entries FROM forgotten").fetchall() == [("spoke", 2)]
    database.close()


@pytest.mark.slow
def test_nothing_is_lost_when_killed_three_hundred_times(tmp_path: Path) -> None:
    checkout = Path(__file__).resolve().parents[2]
    done = subprocess.run(
        [sys.executable, "-c", KILLED, str(tmp_path / "register.sqlite"), str(checkout)],
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
    )
    assert done.returncode == 0, done.stderr[-2000:]
    assert "kept" in done.stdout


def test_two_people_write_at_once(register: Path) -> None:
    code = (
        "import sys; from pathlib import Path; sys.path.insert(0, sys.argv[2])\n"
        "from engagement.register import Event, add_entry\n"
        "for n in range(40): add_entry(Path(sys.argv[1]), who=sys.argv[3], home_id='H1', event=Event.SPOKE, about=str(n))\n"
    )
    checkout = str(Path(__file__).resolve().parents[2])
    writers = [subprocess.Popen([sys.executable, "-c", code, str(register), checkout, who]) for who in ("A", "B")]
    assert [writer.wait(timeout=120) for writer in writers] == [0, 0]
    found = entries(register, "H1")
    assert len(found) == 80
    assert [entry.number for entry in found] == list(range(1, 81))


def test_what_was_noted_elsewhere_is_added_once(tmp_path: Path) -> None:
    path = tmp_path / "register.sqlite"
    first = add_entry(path, who="A", home_id="H1", event=Event.SPOKE, about="1", mark="0a1b2c3d")
    assert first
    assert add_entry(path, who="B", home_id="H1", event=Event.SPOKE, about="1", mark="0a1b2c3d") == 0
    assert add_entry(path, who="A", home_id="H1", event=Event.SPOKE, about="1") != 0
    assert len(entries(path)) == 2


def test_a_home_without_a_register_does_not_look_like_one_with_nothing_to_do(tmp_path: Path) -> None:
    table, todo = read_log(tmp_path / "plan.toml", "H99", tmp_path)
    assert table.empty
    assert "No pack of H99 is in these results" in todo[0]
    with pytest.raises(UsageError, match="no register of a home H99"):
        export_log(tmp_path / "plan.toml", "H99", tmp_path, tmp_path / "register.xlsx")


def test_a_purchase_comes_to_nothing_once(register: Path) -> None:
    first = add_entry(register, who="A", home_id="H1", event=Event.WITHDRAWN)
    add_entry(register, who="A", home_id="H2", event=Event.WITHDRAWN)
    with pytest.raises(UsageError, match=f"Entry {first} of H1 says already.*--corrects {first}"):
        add_entry(register, who="B", home_id="H1", event=Event.WITHDRAWN)
    # A better note in the place of the first is no second one.
    again = add_entry(register, who="A", home_id="H1", event=Event.WITHDRAWN, note="the survey", corrects=first)
    add_entry(register, who="A", home_id="H1", event=Event.DONE, note="it goes on", corrects=again)
    assert not is_withdrawn(register, "H1")
    add_entry(register, who="A", home_id="H1", event=Event.WITHDRAWN)
    assert is_withdrawn(register, "H1")


def test_of_those_who_were_told_it_says_that_some_or_all_were_forgotten(register: Path) -> None:
    for about in ("1", "2"):
        add_entry(register, who="A", home_id="H1", event=Event.INVITED, about=about, address=f"{about} High Street")
    forget_person(register, "H1", lambda entry: entry.about == "1")
    reached = told(register, "H1")
    assert (reached.names, reached.forgot_some, reached.forgot_everybody) == ({"2", "2 High Street"}, True, False)
    forget_home(register, "H1")
    reached = told(register, "H1")
    assert (reached.names, reached.forgot_some, reached.forgot_everybody) == (frozenset(), True, True)


LIST = "uprn,address,easting,northing\n" + "".join(f'10{n},"{n} High Street, Town",{n * 10}.00,5.00\n' for n in range(1, 6))


def test_nobody_is_still_to_be_invited_who_must_be_left_alone_since_the_last_papers(tmp_path: Path) -> None:
    """By number, by words, by an opt-out here, by one at another home; and the one who was added is not on the list yet."""
    plan, out = tmp_path / "plan.toml", tmp_path / "out"
    for name in ("a.osm.pbf", "c.csv"):
        (tmp_path / name).touch()
    plan.write_text(
        'title = "A"\n[area]\nnetwork = "a.osm.pbf"\n[[schools]]\nname = "S"\npostcode = "HP11 2JZ"\n'
        '[inputs]\ncandidates = "c.csv"\n',
        encoding="utf-8",
    )
    here, there = out / "homes" / "H1", out / "homes" / "H2"
    here.mkdir(parents=True)
    there.mkdir(parents=True)
    (here / "neighbours.csv").write_text(LIST, encoding="utf-8-sig")
    assert len([line for line in read_log(plan, "H1", out)[1] if line.startswith("Not yet invited")]) == 5
    (tmp_path / "decisions.csv").write_text(
        "home_id;address_key;decision;reason\nH1;101;remove;x\nH1;2 High Street;remove;y\nH1;999;add;z\n", encoding="cp1252"
    )
    add_entry(here / "register.sqlite", who="A", home_id="H1", event=Event.OPTED_OUT, about="103", address="3 High Street, Town")
    add_entry(there / "register.sqlite", who="A", home_id="H2", event=Event.OPTED_OUT, about="104", address="", place=(40, 5))
    # Invited under the number of another address file, and known by the address.
    add_entry(
        here / "register.sqlite",
        who="A",
        home_id="H1",
        event=Event.INVITED,
        about="999",
        address="5 High St, Town",
        place=(50, 6),
    )
    assert not [line for line in read_log(plan, "H1", out)[1] if line.startswith("Not yet")]
    add_entry(here / "register.sqlite", who="A", home_id="H1", event=Event.DONE, note="not theirs", corrects=2)
    todo = read_log(plan, "H1", out)[1]
    assert [line for line in todo if line.startswith("Not yet")] == ["Not yet invited: 5 High Street, Town"]
    assert [line.partition(" ")[0] for line in todo if line.endswith("make the papers again.")] == ["4", "1"]
    (tmp_path / "decisions.csv").write_text("home_id,address_key,decision,reason\nH1,101,away,x\n", encoding="utf-8")
    with pytest.raises(InputFaultsError, match="decisions"):
        read_log(plan, "H1", out)


def test_a_byte_that_is_no_text_anywhere_in_the_file_is_read_over_or_named(tmp_path: Path) -> None:
    path, damaged = tmp_path / "register.sqlite", tmp_path / "damaged.sqlite"
    add_entry(path, who="A. Lead", home_id="H1", event=Event.INVITED, about="100001", note="by letter")
    whole, refused = path.read_bytes(), 0
    for at in range(100, len(whole), 37):
        damaged.write_bytes(whole[:at] + b"\xff" + whole[at + 1 :])
        try:
            found = entries(damaged)
        except InputFaultsError as error:
            refused += "damaged" in str(error)
        else:
            assert [entry.event for entry in found] == [Event.INVITED]
    assert refused > 10
