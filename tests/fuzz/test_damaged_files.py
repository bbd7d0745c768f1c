"""Files changed where they have their meaning: no reader raises but in words, none hangs.

`FUZZ_FILES` says how many of each kind (some thousands by hand, a sample here), `FUZZ_FIRST` the first seed; each file is
drawn by its own.
"""

import datetime as dt
import io
import json
import os
import random
import shutil
import zipfile
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import cast
from unittest.mock import patch

import geopandas as gpd
import numpy as np
import pytest
from icalendar import Calendar
from icalendar import Event as CalendarEvent
from openpyxl import Workbook
from shapely import Point
from tiny_plan import write_tiny_plan
from untidy import draw_untidy

from engagement.around.address_index import index_path, open_index
from engagement.around.addresses import AddressFile
from engagement.around.decisions_file import read_decisions
from engagement.pack import Pack
from engagement.papers.calendar import cancel_events
from engagement.papers.earlier_issues import CHANGES, clean_earlier
from engagement.papers.languages import FIELDS
from engagement.papers.letter_template import letter_template
from engagement.papers.letters import fill_letters, letters_word
from engagement.people.stakeholder_files import read_councillors, read_named_contacts, read_police_team, read_schools
from engagement.register import Event, add_entry, entries
from engagement.schedule.issue import ISSUE_FILE, Issue, Issued, read_issue, write_issue
from engagement.schedule.visits import ZONE, Slot
from siting.faults import SitingError
from siting.inputs.columns_file import read_columns
from siting.inputs.establishments import read_establishments
from siting.inputs.need import read_need
from siting.inputs.plan import Plan
from siting.inputs.rows import HomeRow
from siting.inputs.screen import Screen
from siting.inputs.tables import read_table
from siting.outputs.own_columns import HEADINGS_ITEM, HOMES_SHEET, METHOD_SHEET, headings_text, read_own_columns
from siting.storage.array_file import read_kept, write_arrays
from siting.storage.results_folder import MANIFEST, earlier_run, results
from siting.storage.vector_layers import read_vector

FILES = int(os.environ.get("FUZZ_FILES", "6"))
FIRST = int(os.environ.get("FUZZ_FIRST", "0"))
TOKENS = (
    b"", b"\x00", b"\xff\xfe", b"999999999999", b"-1", b"nan", b"1e308", b"\xed\xa0\x80", b'"', b"]]", b"[[[[", b"{", b"\r", b"\n\n",
    "\u202e".encode(), b"#REF!", b"=1/0", b"A1:XFD1048576", b"../../x", b"<", b">", b"&amp;&lt;", b"true", b"'", b"0x", b"\t,;|",
)  # fmt: skip


def changed(content: bytes, draw: random.Random) -> bytes:
    """Change a content in one to four places: a piece replaced, doubled, moved, cut, or a bit turned."""
    out = bytearray(content)
    for _ in range(draw.randint(1, 4)):
        at = draw.randrange(len(out) + 1)
        length = draw.choice([0, 1, 2, 5, 30])
        match draw.randrange(5):
            case 0:
                out[at : at + length] = draw.choice(TOKENS)
            case 1:
                out[at:at] = out[at : at + length] * draw.choice([1, 2, 50])
            case 2:
                start = draw.randrange(len(out) + 1)
                piece = out[start : start + length]
                out[at:at] = piece
            case 3:
                del out[at : at + draw.choice([1, 2, 9, 400])]
            case _:
                if at < len(out):
                    out[at] ^= 1 << draw.randrange(8)
    return bytes(out)


def changed_archive(content: bytes, draw: random.Random) -> bytes:
    """Change one part of a zip inside it, so that what is read is the part and not a broken zip."""
    made = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as source, zipfile.ZipFile(made, "w") as target:
        names = source.namelist()
        chosen, gone = draw.choice(names), draw.choice([*names, *[None] * 8 * len(names)])
        for name in names:
            part = source.read(name)
            if name != gone:
                target.writestr(name, changed(part, draw) if name == chosen else part)
    return made.getvalue()


def _home_table(folder: Path, form: str) -> bytes:
    seed = next(seed for seed in range(500) if draw_untidy(folder, seed, form=form).row_type is HomeRow)
    return draw_untidy(folder, seed, form=form).path.read_bytes()


def _layer(folder: Path, name: str) -> bytes:
    frame = gpd.GeoDataFrame({"name": ["Reading", "Slough"]}, geometry=[Point(0, 1).buffer(1), Point(3, 1).buffer(1)], crs=27700)
    frame.to_file(folder / name)
    return (folder / name).read_bytes()


def _shapefile(folder: Path) -> bytes:
    """The parts of a shapefile, in a zip for the way."""
    _layer(folder, "b.shp")
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        for part in sorted(folder.glob("b.*")):
            archive.write(part, part.name)
    return made.getvalue()


def _read_shapefile(zipped: Path) -> object:
    with zipfile.ZipFile(zipped) as archive:
        archive.extractall(zipped.parent)
    zipped.unlink()
    return read_vector(zipped.with_suffix(".shp"), "the boundaries")


def _register(folder: Path) -> bytes:
    for number in range(5):
        add_entry(folder / "register.sqlite", who="A", home_id="H1", event=Event.SPOKE, about=str(number))
    return (folder / "register.sqlite").read_bytes()


def _arrays(folder: Path) -> bytes:
    write_arrays(folder / "kept.arrays", {"a": np.arange(50), "b": np.ones((3, 4))}, {"about": "x"})
    return (folder / "kept.arrays").read_bytes()


def _letter(_: Path) -> bytes:
    pack = SimpleNamespace(engagement=SimpleNamespace(provider="Invented Care", nation="England"))
    return letter_template(cast("Pack", pack))


def _read_letter(path: Path) -> object:
    walk = [SimpleNamespace(number=1)]
    with patch("engagement.papers.letters.fields", lambda *_: LETTER):
        return letters_word(fill_letters(cast("Pack", SimpleNamespace(walk=walk)), path.read_bytes(), path.name))


LETTER = dict.fromkeys(FIELDS, "words") | {"address": ["1 Mill Road", "Wycombe"], "address_cy": ["1 Mill Road"]}


def _calendar(_: Path) -> bytes:
    calendar = Calendar()
    calendar.add("prodid", "-//x//EN")
    calendar.add("version", "2.0")
    for number in range(3):
        event = CalendarEvent()
        event.add("uid", f"{number}@x")
        event.add("dtstart", dt.datetime(2027, 7, 5, 10 + number, tzinfo=dt.UTC))
        event.add("dtend", dt.datetime(2027, 7, 5, 11 + number, tzinfo=dt.UTC))
        event.add("summary", f"Visit, no. {number}")
        calendar.add_component(event)
    return bytes(calendar.to_ical())


def _workbook(folder: Path) -> bytes:
    """An evaluation's workbook with somebody's notes in it, as far as it is read again."""
    book = Workbook()
    homes = book.active
    assert homes is not None
    homes.title = HOMES_SHEET
    for number, row in enumerate((["Home", "Rank", "Your notes", "Seen"], ["H1", 1, "damp", "yes"], ["H2", 2, "", "no"])):
        for column, value in enumerate(row, start=1):
            homes.cell(5 + number, column).value = value
    method = book.create_sheet(METHOD_SHEET)
    method.append([HEADINGS_ITEM, headings_text(["Home", "Rank", "Your notes"])])
    book.save(folder / "evaluation.xlsx")
    return (folder / "evaluation.xlsx").read_bytes()


ADDRESSES = b"uprn,address,postcode,easting,northing\n" + b"".join(
    b"%d,%d Mill Road,HP11 2JZ,%d,192372\n" % (10_000_000 + n, n, 486_350 + 12 * n) for n in range(60)
)


def _address_index(folder: Path) -> bytes:
    (folder / "addresses.csv").write_bytes(ADDRESSES)
    open_index(folder / "addresses.csv", folder=folder)
    return next((folder / "addresses").glob("*.parquet")).read_bytes()


def _read_address_index(damaged: Path) -> object:
    """Put a damaged index in the place of the kept one of the same file; whoever asks gets what the file holds, or words."""
    table, kept = damaged.with_name("addresses.csv"), damaged.parent / "kept"
    table.write_bytes(ADDRESSES)
    open_index(table, folder=kept)
    index_path(table, kept / "addresses").write_bytes(damaged.read_bytes())
    file = AddressFile(table, folder=kept)
    found = file.near(486_400.0, 192_372.0, 100.0), file.find("10000007")
    shutil.rmtree(kept)
    assert found[1] is not None, "a household is missing, and nobody says so"
    assert len(found[0]) == WITHIN_100_M, "households are missing, and nobody says so"
    return found


WITHIN_100_M = len([n for n in range(60) if abs(486_350 + 12 * n - 486_400) <= 100])


def _issue(folder: Path) -> bytes:
    slot = Slot(start=dt.datetime(2027, 7, 5, 10, tzinfo=ZONE), end=dt.datetime(2027, 7, 5, 10, 15, tzinfo=ZONE), host="A")
    issued = Issued(number=1, slot=slot, letter="x", written="y", agreed=False)
    write_issue(folder, Issue(day=dt.date(2027, 7, 1), released=True, highest=1, offering="", households={"d": issued}))
    return (folder / ISSUE_FILE).read_bytes()


def _manifest(_: Path) -> bytes:
    entry = {"digest": "0" * 32, "run": "r1"}
    return json.dumps({"files": {"a.csv": entry, "b.xlsx": entry}, "runs": {"r1": {"made": "2026-11-26"}}}).encode()


def _read_manifest(path: Path) -> object:
    """Start a run's move into the folder whose manifest it is."""
    with results(path.parent, "run", CALLED_OFF) as made:
        (made.files / "a.csv").write_text("x", encoding="utf-8")
    return earlier_run(path.parent)


DECISIONS = b"home_id,uprn,address,decision,reason,by,date\nH1,1,1 Mill Road,add,shares a drive,A,2026-01-02\n"
COLUMNS = b"table,heading,field\ncandidates,Beds,bedrooms\nchildren,Note,own\n"
PEOPLE = b"role,name,organisation,email,telephone\nDirector,Ruth Marker,Council,r@example.org,01632 960 001\n"
COUNCILLORS = b"name,ward,ward_code,council,email\nA Member,Abbey,E05000001,Bucks,a@example.org\n"
MODERNGOV = (
    b"<?xml version='1.0'?><councillorsbyward><wards><ward><wardtitle>Abbey</wardtitle><councillors><councillor>"
    b"<fullusername>A Member</fullusername><workaddress><email>a@example.org</email></workaddress></councillor></councillors>"
    b"</ward></wards></councillorsbyward>"
)
TEAM = (
    b'[{"name": "Sam Example", "rank": "PC", "contact_details": {"email": "p@example.org", "telephone": "101"}}, {"name": "B"}]'
)
NEED = b"authority,children\nBuckinghamshire,12\nReading,4\nSlough,c\n"
CHANGES_FILE = b"number,address,what,already_told\n1,1 Mill Road,new,yes\n2,2 Mill Road,moved,no\n"
SCREEN = b'title = "S"\n[area]\nnetwork = "a.osm.pbf"\n[schools]\ntable = "schools.csv"\n[rules]\nminutes = 45\n'
GIAS = (
    b"URN,EstablishmentName,TypeOfEstablishment (name),EstablishmentStatus (name),PhaseOfEducation (name),Easting,Northing\n"
    b"100000,The School,Community school,Open,Secondary,486700,193200\n"
)


def _read_changes(path: Path) -> object:
    day = path.parent / "reissue" / "2027-07-01"
    day.mkdir(parents=True)
    path.rename(day / CHANGES)
    found = clean_earlier(path.parent, {1})
    shutil.rmtree(path.parent / "reissue")
    return found


def _read_plan(path: Path) -> object:
    """Read a plan beside which the files that it names are."""
    for name in ("roads.osm.pbf", "candidates.csv", "children.csv", "exclusions.csv", "addresses.csv", "contacts.csv"):
        (path.parent / name).touch()
    return Plan.read(path)


Reader = Callable[[Path], object]
Kind = tuple[str, Callable[[Path], bytes], Callable[[bytes, random.Random], bytes], Reader]
KINDS: dict[str, Kind] = {
    "xlsx": ("t.xlsx", lambda f: _home_table(f, "xlsx"), changed_archive, lambda p: read_table(p, HomeRow)),
    "xls": ("t.xls", lambda f: _home_table(f, "xls"), changed, lambda p: read_table(p, HomeRow)),
    "html": ("t.xls", lambda f: _home_table(f, "html"), changed, lambda p: read_table(p, HomeRow)),
    "ods": ("t.ods", lambda f: _home_table(f, "ods"), changed_archive, lambda p: read_table(p, HomeRow)),
    "csv": ("t.csv", lambda f: _home_table(f, "csv"), changed, lambda p: read_table(p, HomeRow)),
    "plan": ("plan.toml", lambda f: write_tiny_plan(f, "one").read_bytes(), changed, _read_plan),
    "screen": ("screen.toml", lambda _: SCREEN, changed, Screen.read),
    "columns": ("columns.csv", lambda _: COLUMNS, changed, read_columns),
    "need": ("need.csv", lambda _: NEED, changed, read_need),
    "establishments": ("gias.csv", lambda _: GIAS, changed, read_establishments),
    "decisions": ("decisions.csv", lambda _: DECISIONS, changed, read_decisions),
    "contacts": ("contacts.csv", lambda _: PEOPLE, changed, read_named_contacts),
    "councillors": ("councillors.csv", lambda _: COUNCILLORS, changed, read_councillors),
    "members by ward": ("wards.xml", lambda _: MODERNGOV, changed, read_councillors),
    "schools": ("gias.csv", lambda _: GIAS, changed, read_schools),
    "police": ("team.json", lambda _: TEAM, changed, read_police_team),
    "geojson": ("b.geojson", lambda f: _layer(f, "b.geojson"), changed, lambda p: read_vector(p, "the boundaries")),
    "geopackage": ("b.gpkg", lambda f: _layer(f, "b.gpkg"), changed, lambda p: read_vector(p, "the boundaries")),
    "flatgeobuf": ("b.fgb", lambda f: _layer(f, "b.fgb"), changed, lambda p: read_vector(p, "the boundaries")),
    "shapefile": ("b.zip", _shapefile, changed_archive, _read_shapefile),
    "zipped shapefile": ("b.zip", _shapefile, changed, lambda p: read_vector(p, "the boundaries")),
    "addresses": ("a.csv", lambda _: ADDRESSES, changed, lambda p: AddressFile(p, folder=p.parent).near(486_400, 192_372, 99)),
    "address index": ("damaged.parquet", _address_index, changed, _read_address_index),
    "register": ("register.sqlite", _register, changed, entries),
    "letter": ("letter.docx", _letter, changed_archive, _read_letter),
    "letter's zip": ("letter.docx", _letter, changed, _read_letter),
    "calendar": ("visits.ics", _calendar, changed, lambda p: cancel_events(p.read_bytes(), "H1", None, made=CALLED_OFF)),
    "record of an issue": (ISSUE_FILE, _issue, changed, lambda p: read_issue(p.parent)),
    "list of changes": (CHANGES, lambda _: CHANGES_FILE, changed, _read_changes),
    "notes": ("evaluation.xlsx", _workbook, changed_archive, read_own_columns),
    "manifest": (MANIFEST, _manifest, changed, _read_manifest),
    "kept arrays": ("kept.arrays", _arrays, changed, read_kept),
}  # fmt: skip
CALLED_OFF = dt.datetime(2027, 6, 1, tzinfo=dt.UTC)


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("kind", KINDS)
def test_a_damaged_file_is_read_or_refused_in_words(tmp_path: Path, kind: str) -> None:
    name, make, change, read = KINDS[kind]
    whole = make(tmp_path)
    broken = []
    for seed in range(FIRST, FIRST + FILES):
        folder = tmp_path / "drawn"
        folder.mkdir()
        path = folder / name
        path.write_bytes(change(whole, random.Random(seed)))
        try:
            read(path)
        except SitingError:
            pass
        except Exception as error:  # noqa: BLE001 - whatever is raised beside words is what is looked for
            broken.append(f"{kind} {seed}: {type(error).__name__}: {error}"[:300])
        shutil.rmtree(folder)
    assert not broken, "\n".join(broken[:30])
