"""The ways of an `.osm.pbf` in columns, with the places of their nodes: fast, for the roads of a whole county.

The format is OpenStreetMap's own (wiki.openstreetmap.org/wiki/PBF_Format): blocks of compressed
protocol buffers, in which numbers are of variable length and written as differences. What this
reader does not know (another compression, nodes that are not dense) is left to the general one.
"""

import struct
import zlib
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from siting.arrays import Float64, Int64
from siting.kernels.compiled import compiled

Bytes = NDArray[np.uint8]

_DEGREES = 1e-9
_MOST_HEADER_BYTES = 64 * 1024
_RAW, _ZLIB = 1, 3


class UnknownFormError(ValueError):
    """The file is not of the form that this reader knows."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class PbfWays:
    """Ways that have one of some keys.

    Attributes
    ----------
    way_id
        Int64, one a way.
    tags
        Each way's tags as pairs of text; ways alike share one tuple.
    ref_start
        Where each way's nodes begin; one longer than the ways.
    node_ref
        Int64, the nodes of all ways.
    longitude, latitude
        Degrees (EPSG:4326), one a node of `node_ref`; NaN where the file does not have it.
    """

    way_id: Int64
    tags: Sequence[tuple[tuple[str, str], ...]]
    ref_start: Int64
    node_ref: Int64
    longitude: Float64
    latitude: Float64


def read_ways(path: Path, keys: Sequence[str]) -> PbfWays:
    """Read the ways that have one of the keys.

    Raises
    ------
    UnknownFormError
        Where the file is of another form; the general reader may know it.
    """
    with ThreadPoolExecutor(max_workers=2) as pool:
        blocks = list(pool.map(_read_block, _blobs(path)))
    node_id = np.concatenate([block.node_id for block in blocks] or [np.zeros(0, np.int64)])
    lon = np.concatenate([block.longitude for block in blocks] or [np.zeros(0)])
    lat = np.concatenate([block.latitude for block in blocks] or [np.zeros(0)])
    if len(node_id) > 1 and not (node_id[1:] > node_id[:-1]).all():
        order = np.argsort(node_id, kind="stable")
        node_id, lon, lat = node_id[order], lon[order], lat[order]
    ids: list[Int64] = []
    tags: list[tuple[tuple[str, str], ...]] = []
    counts: list[Int64] = []
    refs: list[Int64] = []
    seen: dict[tuple[tuple[str, str], ...], tuple[tuple[str, str], ...]] = {}
    for block in blocks:
        chosen = _with_keys(block, [key.encode() for key in keys])
        if not len(chosen):
            continue
        ids.append(block.way_id[chosen])
        counts.append(np.diff(block.ref_start)[chosen])
        refs += [block.ref[block.ref_start[way] : block.ref_start[way + 1]] for way in chosen]
        texts: dict[int, str] = {}
        for way in chosen:
            first, last = int(block.tag_start[way]), int(block.tag_start[way + 1])
            made = tuple((_text(block, texts, k), _text(block, texts, v)) for k, v in block.tag[first:last].tolist())
            tags.append(seen.setdefault(made, made))
    ref_start = np.concatenate([[0], np.cumsum(np.concatenate(counts))]) if counts else np.zeros(1)
    node_ref = np.concatenate(refs) if refs else np.zeros(0, dtype=np.int64)
    at = np.minimum(np.searchsorted(node_id, node_ref), max(len(node_id) - 1, 0))
    known = node_id[at] == node_ref if len(node_id) else np.zeros(len(node_ref), dtype=bool)
    return PbfWays(
        way_id=np.concatenate(ids) if ids else np.zeros(0, dtype=np.int64),
        tags=tags,
        ref_start=ref_start.astype(np.int64),
        node_ref=node_ref,
        longitude=np.where(known, lon[at], np.nan) if len(node_id) else np.full(len(node_ref), np.nan),
        latitude=np.where(known, lat[at], np.nan) if len(node_id) else np.full(len(node_ref), np.nan),
    )


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Block:
    content: bytes
    string_start: Int64
    string_length: Int64
    node_id: Int64
    longitude: Float64
    latitude: Float64
    way_id: Int64
    tag_start: Int64
    tag: Int64
    ref_start: Int64
    ref: Int64


def _blobs(path: Path) -> Iterator[bytes]:
    """Yield each data block's content as it is stored, with its compression in the first byte."""
    with path.open("rb") as file:
        while head := file.read(4):
            if len(head) < 4:
                msg = "the file ends in the middle of a block"
                raise UnknownFormError(msg)
            (length,) = struct.unpack(">i", head)
            if not 0 < length <= _MOST_HEADER_BYTES:
                msg = "this is no OpenStreetMap PBF file"
                raise UnknownFormError(msg)
            header = dict(_fields(file.read(length)))
            size = header.get(3)
            blob = file.read(size) if isinstance(size, int) else b""
            if not isinstance(size, int) or len(blob) < size:
                msg = "the file ends in the middle of a block"
                raise UnknownFormError(msg)
            if header.get(1) == b"OSMData":
                yield blob


def _fields(message: bytes) -> Iterator[tuple[int, int | bytes]]:
    """Yield the fields of a small protocol buffer: number, and the value as a number or bytes."""
    at = 0
    while at < len(message):
        key, at = _number(message, at)
        match key & 7:
            case 0:
                value, at = _number(message, at)
                yield key >> 3, value
            case 2:
                length, at = _number(message, at)
                yield key >> 3, message[at : at + length]
                at += length
            case _:
                msg = "a block has a field of an unknown kind"
                raise UnknownFormError(msg)


def _number(message: bytes, at: int) -> tuple[int, int]:
    value, shift = 0, 0
    while True:
        byte = message[at]
        value |= (byte & 0x7F) << shift
        at += 1
        if byte < 0x80:
            return value, at
        shift += 7


def _read_block(blob: bytes) -> _Block:
    stored = dict(_fields(blob))
    if _ZLIB in stored:
        content = zlib.decompress(stored[_ZLIB])  # type: ignore[arg-type]
    elif _RAW in stored:
        content = bytes(stored[_RAW])
    else:
        msg = "a block is compressed in a way that is not known"
        raise UnknownFormError(msg)
    scale = np.array([100, 0, 0], dtype=np.int64)
    parts = decode_block(np.frombuffer(content, dtype=np.uint8), scale)
    if parts[-1][0] != 0:
        msg = "a block has nodes that are not dense"
        raise UnknownFormError(msg)
    string_start, string_length, node_id, lat, lon, way_id, tag_start, tag, ref_start, ref, _ = parts
    return _Block(
        content=content,
        string_start=string_start,
        string_length=string_length,
        node_id=node_id,
        latitude=(scale[1] + scale[0] * lat) * _DEGREES,
        longitude=(scale[2] + scale[0] * lon) * _DEGREES,
        way_id=way_id,
        tag_start=tag_start,
        tag=tag.reshape(-1, 2),
        ref_start=ref_start,
        ref=ref,
    )


def _with_keys(block: _Block, keys: Sequence[bytes]) -> Int64:
    """Return the ways of a block that have one of some keys."""
    lengths = {len(key) for key in keys}
    candidates = np.flatnonzero(np.isin(block.string_length, list(lengths)))
    wanted = [
        i for i in candidates if block.content[block.string_start[i] : block.string_start[i] + block.string_length[i]] in keys
    ]
    if not wanted or not len(block.way_id):
        return np.zeros(0, dtype=np.int64)
    has = np.isin(block.tag[:, 0], wanted)
    before = np.concatenate([[0], np.cumsum(has)])
    return np.flatnonzero(before[block.tag_start[1:]] > before[block.tag_start[:-1]])


def _text(block: _Block, texts: dict[int, str], index: int) -> str:
    found = texts.get(index)
    if found is None:
        first = int(block.string_start[index])
        found = texts[index] = block.content[first : first + int(block.string_length[index])].decode("utf-8", "replace")
    return found


@compiled
def _varint(buffer: Bytes, at: int) -> tuple[int, int]:
    value = 0
    shift = 0
    while True:
        byte = int(buffer[at])
        value |= (byte & 0x7F) << shift
        at += 1
        if byte < 0x80:
            return value, at
        shift += 7


@compiled
def _signed(value: int) -> int:
    return (value >> 1) ^ -(value & 1)


@compiled
def _count_varints(buffer: Bytes, first: int, last: int) -> int:
    count = 0
    for at in range(first, last):
        count += buffer[at] < 0x80
    return count


@compiled
def _differences(buffer: Bytes, first: int, last: int) -> Int64:
    """Read numbers written as differences from the one before."""
    values = np.empty(_count_varints(buffer, first, last), dtype=np.int64)
    at, total = first, 0
    for i in range(len(values)):
        value, at = _varint(buffer, at)
        total += _signed(value)
        values[i] = total
    return values


@compiled
def decode_block(
    buffer: Bytes, scale: Int64
) -> tuple[Int64, Int64, Int64, Int64, Int64, Int64, Int64, Int64, Int64, Int64, Int64]:
    """Decode a block: its strings' places, nodes, and ways with their tags and nodes.

    `scale` is filled with granularity, latitude's and longitude's offset. The last array's only
    figure counts nodes that are not dense.
    """
    string_start, string_length = [np.int64(0)], [np.int64(0)]
    groups_first, groups_last = [np.int64(0)], [np.int64(0)]
    at = 0
    while at < len(buffer):
        key, at = _varint(buffer, at)
        kind, field = key & 7, key >> 3
        if kind == 0:
            value, at = _varint(buffer, at)
            if field == 17:
                scale[0] = value
            elif field == 19:
                scale[1] = value
            elif field == 20:
                scale[2] = value
            continue
        length, at = _varint(buffer, at)
        if field == 1:
            inner, end = at, at + length
            while inner < end:
                _, inner = _varint(buffer, inner)
                size, inner = _varint(buffer, inner)
                string_start.append(np.int64(inner))
                string_length.append(np.int64(size))
                inner += size
        elif field == 2:
            groups_first.append(np.int64(at))
            groups_last.append(np.int64(at + length))
        at += length
    node_id, node_lat, node_lon = np.zeros(0, np.int64), np.zeros(0, np.int64), np.zeros(0, np.int64)
    way_id, tag_start, tag = [np.int64(0)], [np.int64(0)], [np.int64(0)]
    ref_start, ref = [np.int64(0)], [np.int64(0)]
    loose = 0
    for g in range(1, len(groups_first)):
        at = int(groups_first[g])
        while at < groups_last[g]:
            key, at = _varint(buffer, at)
            field = key >> 3
            length, at = _varint(buffer, at)
            end = at + length
            if field == 1:
                loose += 1
            elif field == 2:
                inner = at
                while inner < end:
                    inner_key, inner = _varint(buffer, inner)
                    size, inner = _varint(buffer, inner)
                    inner_field = inner_key >> 3
                    if inner_field == 1:
                        node_id = np.concatenate((node_id, _differences(buffer, inner, inner + size)))
                    elif inner_field == 8:
                        node_lat = np.concatenate((node_lat, _differences(buffer, inner, inner + size)))
                    elif inner_field == 9:
                        node_lon = np.concatenate((node_lon, _differences(buffer, inner, inner + size)))
                    inner += size
            elif field == 3:
                inner = at
                keys_first, keys_last, vals_first = 0, 0, 0
                identity = 0
                while inner < end:
                    inner_key, inner = _varint(buffer, inner)
                    inner_field = inner_key >> 3
                    if inner_key & 7 == 0:
                        value, inner = _varint(buffer, inner)
                        if inner_field == 1:
                            identity = value
                        continue
                    size, inner = _varint(buffer, inner)
                    if inner_field == 2:
                        keys_first, keys_last = inner, inner + size
                    elif inner_field == 3:
                        vals_first = inner
                    elif inner_field == 8:
                        total = 0
                        place, last = inner, inner + size
                        while place < last:
                            value, place = _varint(buffer, place)
                            total += _signed(value)
                            ref.append(np.int64(total))
                    inner += size
                while keys_first < keys_last:
                    name, keys_first = _varint(buffer, keys_first)
                    word, vals_first = _varint(buffer, vals_first)
                    tag.append(np.int64(name))
                    tag.append(np.int64(word))
                way_id.append(np.int64(identity))
                tag_start.append(np.int64((len(tag) - 1) // 2))
                ref_start.append(np.int64(len(ref) - 1))
            at = end
    return (
        np.array(string_start[1:]),
        np.array(string_length[1:]),
        node_id,
        node_lat,
        node_lon,
        np.array(way_id[1:]),
        np.array(tag_start),
        np.array(tag[1:]),
        np.array(ref_start),
        np.array(ref[1:]),
        np.array([loose]),
    )
