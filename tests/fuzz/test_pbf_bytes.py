"""Files changed byte by byte inside their blocks: no crash, no error but the one in words, no other roads than libosmium's.

The corpus holds what once broke. The number of files is that of the environment variable `FUZZ_FILES`
(20,000 by hand, a sample here); each is drawn by its own seed, so that one that breaks can be made again.
"""

import os
import struct
import zlib
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import numpy as np
import osmium
import pytest

from siting.faults import NetworkSourceError
from siting.osm.extract import read_drivable, read_osm
from siting.osm.pbf import UnknownFormError, read_ways

FILES = int(os.environ.get("FUZZ_FILES", "150"))
CORPUS = sorted(Path(__file__).with_name("corpus").glob("*.osm.pbf"))
KEYS = ("highway", "route", "natural", "waterway", "landuse")


def _field(number: int, content: bytes) -> bytes:
    return _varint(number << 3 | 2) + _varint(len(content)) + content


def _varint(value: int) -> bytes:
    out = bytearray()
    while value >= 0x80:
        out.append(value & 0x7F | 0x80)
        value >>= 7
    return bytes((*out, value))


def _unpack(content: bytes) -> Iterator[tuple[bytes, bytes]]:
    """Yield the kind of each block and what it holds, of a file whose blocks are packed with zlib."""
    at = 0
    while at < len(content):
        (length,) = struct.unpack(">i", content[at : at + 4])
        header = content[at + 4 : at + 4 + length]
        kind = b"OSMHeader" if b"OSMHeader" in header else b"OSMData"
        size, shift, place = 0, 0, header.rindex(b"\x18") + 1
        while place < len(header):
            size |= (header[place] & 0x7F) << shift
            shift, place = shift + 7, place + 1
        blob = content[at + 4 + length : at + 4 + length + size]
        at += 4 + length + size
        packed = blob.index(b"\x78", 2)
        yield kind, zlib.decompress(blob[packed:])


def _pack(blocks: list[tuple[bytes, bytes]]) -> bytes:
    out = b""
    for kind, content in blocks:
        blob = _varint(2 << 3) + _varint(len(content)) + _field(3, zlib.compress(content))
        header = _field(1, kind) + _varint(3 << 3) + _varint(len(blob))
        out += struct.pack(">i", len(header)) + header + blob
    return out


@pytest.fixture(scope="module")
def blocks(tmp_path_factory: pytest.TempPathFactory) -> list[tuple[bytes, bytes]]:
    """The blocks of a small file with everything in it: roads, tags, a gate, a restriction, a lake."""
    path = tmp_path_factory.mktemp("fuzz") / "whole.osm.pbf"
    drawn = path.with_name("drawn.osm")
    nodes = "".join(
        f'<node id="{n}" version="1" lat="{52.67 + n % 5 / 900:.6f}" lon="{-0.73 + n / 700:.6f}"/>' for n in range(2, 30)
    )
    gate = '<node id="1" version="1" lat="52.67" lon="-0.73"><tag k="barrier" v="gate"/></node>'
    ways = "".join(
        f'<way id="{w}" version="1">{"".join(f"""<nd ref="{n}"/>""" for n in range(w, w + 4))}'
        f'<tag k="highway" v="residential"/><tag k="name" v="Röad {w}"/></way>'
        for w in range(1, 25)
    )
    lake = '<way id="90" version="1"><nd ref="5"/><nd ref="9"/><nd ref="12"/><nd ref="5"/><tag k="natural" v="water"/></way>'
    ban = (
        '<relation id="1" version="1"><member type="way" ref="1" role="from"/><member type="node" ref="4" role="via"/>'
        '<member type="way" ref="4" role="to"/><tag k="type" v="restriction"/><tag k="restriction" v="no_left_turn"/></relation>'
    )
    drawn.write_text(f'<osm version="0.6">{gate}{nodes}{ways}{lake}{ban}</osm>', encoding="utf-8")
    with osmium.SimpleWriter(str(path)) as writer:
        for item in osmium.FileProcessor(str(drawn)):
            writer.add(item)
    return list(_unpack(path.read_bytes()))


def _changed(blocks: list[tuple[bytes, bytes]], seed: int) -> bytes:
    random = np.random.default_rng(seed)
    out = []
    chosen = int(random.integers(len(blocks)))
    for number, (kind, content) in enumerate(blocks):
        changed = bytearray(content)
        if number == chosen:
            for _ in range(random.integers(1, 3)):
                at = int(random.integers(len(changed)))
                match random.integers(4):
                    case 0:
                        changed[at] = int(random.integers(256))
                    case 1:
                        changed[at] ^= 1 << int(random.integers(8))
                    case 2:
                        del changed[at : at + int(random.integers(1, 9))]
                    case _:
                        changed[at:at] = bytes(random.integers(0, 256, int(random.integers(1, 9)), dtype=np.uint8))
                if not changed:
                    changed = bytearray(b"\x00")
        out.append((kind, bytes(changed)))
    return _pack(out)


def _refuses(path: Path) -> bool:
    """Tell whether libosmium finds fault with a file's ways or nodes."""
    try:
        for _ in osmium.FileProcessor(str(path)):
            pass
    except RuntimeError:
        return True
    return False


def test_a_whole_file_is_packed_again_as_it_was(blocks: list[tuple[bytes, bytes]], tmp_path: Path) -> None:
    (tmp_path / "a.osm.pbf").write_bytes(_pack(blocks))
    assert len(read_ways(tmp_path / "a.osm.pbf", KEYS).way_id) == 25
    assert len(read_osm(tmp_path / "a.osm.pbf").roads) == 24


@pytest.mark.slow
def test_changed_bytes_never_break_a_reader_nor_give_other_roads(blocks: list[tuple[bytes, bytes]], tmp_path: Path) -> None:
    path = tmp_path / "changed.osm.pbf"
    fast_reads = 0
    for seed in range(FILES):
        path.write_bytes(_changed(blocks, seed))
        with suppress(NetworkSourceError):
            read_osm(path)
        try:
            read_ways(path, KEYS)
        except UnknownFormError:
            continue
        fast_reads += 1
        assert not _refuses(path) or _is_refused(path), seed
        _assert_alike(path, seed)
    assert fast_reads > FILES // 50


def _is_refused(path: Path) -> bool:
    try:
        read_osm(path)
    except NetworkSourceError:
        return True
    return False


def _assert_alike(path: Path, seed: int) -> None:
    try:
        general = read_drivable(path, general=True)
    except (NetworkSourceError, RuntimeError, ValueError):
        return
    fast = read_drivable(path, general=False)
    assert list(fast.roads) == list(general.roads), seed
    for name in ("way_ids", "way_starts", "node_refs", "longitude", "latitude"):
        assert np.array_equal(getattr(fast, name), getattr(general, name)), (seed, name)


@pytest.mark.parametrize("path", CORPUS, ids=lambda path: path.stem)
def test_what_once_broke_is_refused_in_words(path: Path) -> None:
    with pytest.raises(NetworkSourceError, match=path.name):
        read_osm(path)
    with pytest.raises(UnknownFormError):
        read_ways(path, KEYS)
