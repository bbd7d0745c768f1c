"""Files changed inside their blocks: no crash, no error but the one in words, no other roads than libosmium's.

Byte by byte, and by their structure: a field's number, length, value, place or count; a number within
packed ones; a text; a block's compression, size and kind; what the header asks for; and XML files by
their characters and their lines.

The corpus holds what once broke. The environment variable `FUZZ_FILES` is the number of files of each way of changing them
(20,000 by hand, a sample here), `FUZZ_FIRST` the first one's seed: each has its own, so that one that breaks can be made again.
"""

import os
import struct
import zlib
from collections.abc import Iterator
from contextlib import suppress
from copy import deepcopy
from dataclasses import dataclass
from pathlib import Path
from typing import cast

import numpy as np
import osmium
import pytest

from siting.faults import NetworkSourceError
from siting.osm.extract import read_drivable, read_osm
from siting.osm.pbf import UnknownFormError, read_ways

FILES = int(os.environ.get("FUZZ_FILES", "100"))
FIRST = int(os.environ.get("FUZZ_FIRST", "0"))
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


_MESSAGES: dict[str, dict[int, str]] = {
    "block": {1: "texts", 2: "group"},
    "group": {1: "node", 2: "dense", 3: "way", 4: "relation"},
    "header": {1: "box"},
    "dense": {5: "info"}, "way": {4: "info"}, "relation": {4: "info"},
}  # fmt: skip
_PACKED = {"dense": {1, 8, 9, 10}, "way": {2, 3, 8}, "relation": {2, 3, 8, 9, 10}, "info": {1, 2, 3, 4, 5, 6}}
_ODD_NUMBERS = (0, 1, 2, 3, 127, 128, 2**31 - 1, 2**31, 2**32, 2**62, 2**63 - 1, 2**63, 2**64 - 1)


@dataclass
class _Field:
    """One field of a message; `content` is a number, bytes, packed numbers, or fields again."""

    number: int
    wire: int
    content: "int | bytes | list[int] | list[_Field]"

    def packed(self) -> bytes:
        key = _varint(self.number << 3 | self.wire)
        if isinstance(self.content, int):
            return key + _varint(self.content)
        content = self.content if isinstance(self.content, bytes) else _packed(self.content)
        return key + _varint(len(content)) + content


def _packed(parts: "list[int] | list[_Field]") -> bytes:
    return b"".join(_varint(part) if isinstance(part, int) else part.packed() for part in parts)


def _numbers(content: bytes) -> list[int]:
    numbers, value, shift = [], 0, 0
    for byte in content:
        value |= (byte & 0x7F) << shift
        shift += 7
        if byte < 0x80:
            numbers.append(value)
            value, shift = 0, 0
    return numbers


def _fields(content: bytes, message: str) -> list[_Field]:
    at, fields = 0, []

    def number() -> int:
        nonlocal at
        first = at
        while content[at] >= 0x80:
            at += 1
        at += 1
        return _numbers(content[first:at])[0]

    while at < len(content):
        key = number()
        value: int | bytes | list[int] | list[_Field] = number()
        if key & 7 == 2:
            inner = content[at : at + value]
            at += value
            within = _MESSAGES.get(message, {}).get(key >> 3)
            is_packed = key >> 3 in _PACKED.get(message, set())
            value = _fields(inner, within) if within and not (within == "info" and message != "dense") else inner
            value = _numbers(inner) if is_packed else value
        fields.append(_Field(key >> 3, key & 7, value))
    return fields


def _all_lists(fields: list[_Field]) -> Iterator[list[_Field]]:
    yield fields
    for field in fields:
        if isinstance(field.content, list) and field.content and isinstance(field.content[0], _Field):
            yield from _all_lists(cast("list[_Field]", field.content))


def _restructured(blocks: list[tuple[bytes, bytes]], seed: int) -> bytes:
    random = np.random.default_rng(seed)
    out = []
    chosen = int(random.integers(len(blocks)))
    for place, (kind, content) in enumerate(blocks):
        if place != chosen:
            out.append((kind, content))
            continue
        fields = _fields(content, "header" if kind == b"OSMHeader" else "block")
        assert _packed(fields) == content
        for _ in range(random.integers(1, 4)):
            lists = [found for found in _all_lists(fields) if found]
            if lists:
                _change_one(lists[int(random.integers(len(lists)))], random)
        out.append((kind, _packed(fields) or b"\x00"))
    return _pack(out)


def _change_one(fields: list[_Field], random: np.random.Generator) -> None:
    at = int(random.integers(len(fields)))
    field = fields[at]
    odd = _ODD_NUMBERS[int(random.integers(len(_ODD_NUMBERS)))]
    match random.integers(7):
        case 0:
            del fields[at]
        case 1:
            fields.insert(int(random.integers(len(fields) + 1)), deepcopy(field))
        case 2:
            other = int(random.integers(len(fields)))
            fields[at], fields[other] = fields[other], fields[at]
        case 3:
            field.number = int(random.integers(1, 21))
        case _ if isinstance(field.content, int):
            field.content = odd if random.integers(2) else max(0, field.content + int(random.integers(-2, 3)))
        case _ if isinstance(field.content, bytes):
            field.content = _changed_text(field.content, int(random.integers(2**31))) if field.content else b"\xff"
        case _ if field.content and isinstance(field.content[0], int):
            _change_number(cast("list[int]", field.content), odd, random)
        case _:
            field.content = _packed(field.content)[: int(random.integers(len(_packed(field.content)) + 1))]


def _change_number(numbers: list[int], odd: int, random: np.random.Generator) -> None:
    at = int(random.integers(len(numbers)))
    match random.integers(4):
        case 0:
            numbers[at] = odd
        case 1:
            numbers[at] = max(0, numbers[at] + int(random.integers(-3, 4)))
        case 2:
            del numbers[at]
        case _:
            numbers.insert(at, odd if random.integers(2) else numbers[at])


_FEATURES = (b"HistoricalInformation", b"LocationsOnWays", b"OsmSchema-V0.7", b"DenseNodes", b"Sort.Type_then_ID", b"\xff")


def _reframed(blocks: list[tuple[bytes, bytes]], seed: int) -> bytes:
    """Change how blocks are packed, ordered and announced."""
    random = np.random.default_rng(seed)
    blocks = list(blocks)
    at, odd = int(random.integers(len(blocks))), _ODD_NUMBERS[int(random.integers(len(_ODD_NUMBERS)))]
    kind, content = blocks[at]
    packed = zlib.compress(content, int(random.integers(10)))
    cut = int(random.integers(len(packed)))
    blob = {
        0: _field(1, content),
        1: _varint(2 << 3) + _varint(odd) + _field(3, packed),
        2: _varint(2 << 3) + _varint(len(content)) + _field(3, packed[:cut]),
        3: _varint(2 << 3) + _varint(len(content)) + _field(3, packed + bytes(cut % 9 + 1)),
        4: _varint(2 << 3) + _varint(len(content)) + _field(3, packed[:cut] + bytes([cut % 256]) + packed[cut + 1 :]),
        5: _field(1, content) + _field(3, packed),
        6: _varint(2 << 3) + _varint(len(content)) + _field(int(random.integers(4, 8)), packed),
        7: _field(3, packed),
        8: _varint(2 << 3) + _varint(len(content)) + _field(3, packed),
    }[int(random.integers(9))]
    match random.integers(8):
        case 0:
            blocks.insert(int(random.integers(len(blocks) + 1)), blocks[at])
        case 1 if len(blocks) > 1:
            del blocks[at]
        case 2:
            feature = _FEATURES[int(random.integers(len(_FEATURES)))]
            blocks[0] = (blocks[0][0], blocks[0][1] + _field(int(random.integers(4, 6)), feature))
        case 3:
            whole = _pack(blocks)
            return whole[: int(random.integers(len(whole)))]
        case 4:
            blocks[at] = (_changed_text(kind, seed), content)
        case 5:
            blocks.reverse()
        case _:
            size = len(blob) if random.integers(4) else odd
            header = _field(1, kind) + _varint(3 << 3) + _varint(size)
            length = len(header) if random.integers(4) else int(random.integers(-(2**31), 2**31))
            frame = struct.pack(">i", length) + header + blob
            return _pack(blocks[:at]) + frame + _pack(blocks[at + 1 :])
    return _pack(blocks)


def _changed_text(text: bytes, seed: int) -> bytes:
    """Change, drop, repeat or move characters and lines."""
    random = np.random.default_rng(seed)
    lines = text.split(b"\n")
    at = int(random.integers(len(lines)))
    match random.integers(5):
        case 0:
            del lines[at]
        case 1:
            lines.insert(int(random.integers(len(lines) + 1)), lines[at])
        case _:
            line = bytearray(lines[at])
            for _ in range(random.integers(1, 4)):
                place = int(random.integers(len(line) + 1))
                line[place : place + int(random.integers(0, 4))] = bytes(
                    random.integers(0, 256, int(random.integers(0, 3)), np.uint8)
                )
            lines[at] = bytes(line)
    return b"\n".join(lines)


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
@pytest.mark.parametrize("how", ["bytes", "structure", "frames"])
def test_changed_files_never_break_a_reader_nor_give_other_roads(
    blocks: list[tuple[bytes, bytes]], tmp_path: Path, how: str
) -> None:
    change = {"bytes": _changed, "structure": _restructured, "frames": _reframed}[how]
    path = tmp_path / "changed.osm.pbf"
    fast_reads = 0
    for seed in range(FIRST, FIRST + FILES):
        path.write_bytes(change(blocks, seed))
        with suppress(NetworkSourceError):
            read_osm(path)
        try:
            read_ways(path, KEYS)
        except UnknownFormError:
            continue
        fast_reads += 1
        assert not _refuses(path) or _is_refused(path), (how, seed)
        _assert_alike(path, seed)
    assert fast_reads > FILES // 50


@pytest.mark.slow
def test_changed_xml_never_breaks_the_reader(blocks: list[tuple[bytes, bytes]], tmp_path: Path) -> None:
    (tmp_path / "whole.osm.pbf").write_bytes(_pack(blocks))
    with osmium.SimpleWriter(str(tmp_path / "whole.osm")) as writer:
        for item in osmium.FileProcessor(str(tmp_path / "whole.osm.pbf")):
            writer.add(item)
    text = (tmp_path / "whole.osm").read_bytes()
    path = tmp_path / "changed.osm"
    read = 0
    for seed in range(FIRST, FIRST + FILES):
        path.write_bytes(_changed_text(text, seed))
        with suppress(NetworkSourceError):
            read_osm(path)
            read += 1
    assert 0 < read < FILES


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
    if path.stem.startswith("in_way"):
        with pytest.raises(UnknownFormError):
            read_ways(path, KEYS)
