"""Files changed where they have their meaning: no reader raises but in words, none hangs.

`FUZZ_FILES` says how many of each kind (some thousands by hand, a sample here); each is drawn by its own seed.
"""

import io
import os
import random
import zipfile
from collections.abc import Callable
from pathlib import Path

import geopandas as gpd
import numpy as np
import pytest
from shapely import Point
from tiny_plan import write_tiny_plan
from untidy import draw_untidy

from engagement.around.decisions_file import read_decisions
from engagement.register import Event, add_entry, entries
from siting.faults import SitingError
from siting.inputs.columns_file import read_columns
from siting.inputs.plan import Plan
from siting.inputs.rows import HomeRow
from siting.inputs.tables import read_table
from siting.storage.array_file import read_kept, write_arrays
from siting.storage.vector_layers import read_vector

FILES = int(os.environ.get("FUZZ_FILES", "12"))
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


def _register(folder: Path) -> bytes:
    for number in range(5):
        add_entry(folder / "register.sqlite", who="A", home_id="H1", event=Event.SPOKE, about=str(number))
    return (folder / "register.sqlite").read_bytes()


def _arrays(folder: Path) -> bytes:
    write_arrays(folder / "kept.arrays", {"a": np.arange(50), "b": np.ones((3, 4))}, {"about": "x"})
    return (folder / "kept.arrays").read_bytes()


DECISIONS = b"home_id,uprn,address,decision,reason,by,date\nH1,1,1 Mill Road,add,shares a drive,A,2026-01-02\n"
COLUMNS = b"table,heading,field\ncandidates,Beds,bedrooms\nchildren,Note,own\n"
Reader = Callable[[Path], object]
KINDS: dict[str, tuple[str, Callable[[Path], bytes], Callable[[bytes, random.Random], bytes], Reader]] = {
    "xlsx": ("t.xlsx", lambda f: _home_table(f, "xlsx"), changed_archive, lambda p: read_table(p, HomeRow)),
    "ods": ("t.ods", lambda f: _home_table(f, "ods"), changed_archive, lambda p: read_table(p, HomeRow)),
    "csv": ("t.csv", lambda f: _home_table(f, "csv"), changed, lambda p: read_table(p, HomeRow)),
    "plan": ("plan.toml", lambda f: write_tiny_plan(f, "one").read_bytes(), changed, Plan.read),
    "columns": ("columns.csv", lambda _: COLUMNS, changed, read_columns),
    "decisions": ("decisions.csv", lambda _: DECISIONS, changed, read_decisions),
    "geojson": ("b.geojson", lambda f: _layer(f, "b.geojson"), changed, lambda p: read_vector(p, "the boundaries")),
    "geopackage": ("b.gpkg", lambda f: _layer(f, "b.gpkg"), changed, lambda p: read_vector(p, "the boundaries")),
    "register": ("register.sqlite", _register, changed, entries),
    "kept arrays": ("kept.arrays", _arrays, changed, read_kept),
}


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("kind", KINDS)
def test_a_damaged_file_is_read_or_refused_in_words(tmp_path: Path, kind: str) -> None:
    name, make, change, read = KINDS[kind]
    whole = make(tmp_path)
    broken = []
    for seed in range(FILES):
        folder = tmp_path / "drawn"
        folder.mkdir(exist_ok=True)
        path = folder / name
        path.write_bytes(change(whole, random.Random(seed)))
        try:
            read(path)
        except SitingError:
            pass
        except Exception as error:  # noqa: BLE001 - whatever is raised beside words is what is looked for
            broken.append(f"{kind} {seed}: {type(error).__name__}: {error}"[:300])
        for left in folder.iterdir():
            left.unlink()
    assert not broken, "\n".join(broken[:30])
