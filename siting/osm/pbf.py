"""The ways of an `.osm.pbf` in columns, with the places of their nodes: fast, for the roads of a whole region.

The format is OpenStreetMap's own (wiki.openstreetmap.org/wiki/PBF_Format): blocks of compressed
protocol buffers, in which numbers are of variable length and written as differences. Every length,
number and index is checked against what holds it. Whatever this reader does not know or finds odd
(another compression, nodes that are not dense, several versions of a thing, places kept with the
ways, a number that runs on) it leaves to the general reader, which knows every form and says what
is wrong.
"""

import struct
import zlib
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from siting.arrays import Bool, Float64, Int64
from siting.kernels.compiled import compiled
from siting.kernels.listed import same_rows
from siting.kernels.ordered import first_not_below
from siting.progress import Progress, each, silent

Bytes = NDArray[np.uint8]

_UNITS_PER_DEGREE = 1e7
_NANODEGREES_PER_UNIT = 100
_MOST_UNITS = 2**31
"""What OpenStreetMap's own numbers hold."""
_MOST_HEADER_BYTES = 64 * 1024
_MOST_BLOCK_BYTES = 32 * 1024 * 1024
"""The format's own limits."""
_MOST_TEXT_BYTES = 255 * 4
"""The longest key or value that OpenStreetMap keeps, in UTF-8."""
_TEXT_KEY = 10
"""Before each text of a table: field 1, of a length that follows."""
_RAW, _RAW_SIZE, _ZLIB = 1, 2, 3
_KNOWN_FEATURES = {b"OsmSchema-V0.6", b"DenseNodes"}
_HARMLESS_FEATURES = {b"Sort.Type_then_ID", b"Has_Metadata", b"DenseNodes"}


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
        The sets of tags that occur, as pairs of text.
    tag_set
        Int64, which of them each way has.
    ref_start
        Where each way's nodes begin; one longer than the ways.
    node_ref
        Int64, the nodes of all ways.
    longitude, latitude
        Degrees (EPSG:4326), one a node of `node_ref`; NaN where the file does not have it.
    tagged
        Int64, the nodes that have one of some keys themselves.
    tags_of_tagged
        The tags of each of those.
    """

    way_id: Int64
    tags: Sequence[tuple[tuple[str, str], ...]]
    tag_set: Int64
    ref_start: Int64
    node_ref: Int64
    longitude: Float64
    latitude: Float64
    tagged: Int64
    tags_of_tagged: Sequence[tuple[tuple[str, str], ...]]


def read_ways(
    path: Path, keys: Sequence[str], ids: Sequence[int] = (), progress: Progress = silent, *, node_keys: Sequence[str] = ()
) -> PbfWays:
    """Read the ways that have one of the keys, or one of the numbers, and the tags of nodes that have one of theirs.

    How much of the file is read is told.

    Raises
    ------
    UnknownFormError
        Where the file is of another form; the general reader may know it.
    """
    return ways_in_columns(read_blocks(path, progress), keys, ids, node_keys=node_keys)


@dataclass(frozen=True, slots=True)
class PbfBlocks:
    """A file's blocks unpacked, and as a smaller file those of them that hold relations, with the header before them."""

    blocks: "Sequence[_Block]"
    with_relations: bytes


def read_blocks(path: Path, progress: Progress = silent) -> PbfBlocks:
    """Unpack a file's blocks; how much of it is read is told.

    Raises
    ------
    UnknownFormError
        Where the file is of another form, or a text in it is broken; the general reader may know it.
    """
    try:
        blobs = list(_blobs(path))
        data = [blob for blob in blobs if not blob.is_header]
        with ThreadPoolExecutor(max_workers=2) as pool:
            reading = [pool.submit(_read_block, blob.content) for blob in data]
            blocks = [read.result() for read in each(reading, "reading roads", progress)]
    except (ValueError, IndexError, zlib.error, OverflowError) as error:
        raise UnknownFormError(str(error)) from error
    related = [blob for blob, block in zip(data, blocks, strict=True) if block.has_relations]
    kept = [*(blob for blob in blobs if blob.is_header), *related]
    return PbfBlocks(blocks, b"".join([blob.before + blob.content for blob in kept]))


def ways_in_columns(read: PbfBlocks, keys: Sequence[str], ids: Sequence[int] = (), *, node_keys: Sequence[str] = ()) -> PbfWays:
    """Return the ways that have one of the keys, or one of the numbers, and the tags of nodes that have one of theirs.

    Raises
    ------
    UnknownFormError
        Where the file holds what is not known here.
    """
    try:
        return _in_columns(read.blocks, keys, np.array(ids, dtype=np.int64), node_keys)
    except (ValueError, IndexError, OverflowError) as error:
        raise UnknownFormError(str(error)) from error


def has_broken_texts(path: Path) -> bool:
    """Tell whether a text of a file holds a zero byte, at which libosmium would run beyond its end and stop the program.

    Of a form that is not known here nothing is told.
    """
    try:
        data = (blob.content for blob in _blobs(path) if not blob.is_header)
        return any(_is_broken(table) for blob in data for field, table in _fields(_content(blob)) if field == 1)
    except (ValueError, zlib.error, OverflowError):
        return False


def _is_broken(table: int | bytes) -> bool:
    # Nearly every table begins with an empty text, and few others are: most need not be taken apart.
    if isinstance(table, int) or (zero := table.find(0, 2)) < 0:
        return False
    at = 0
    while at < len(table):
        key, at = _number(table, at)
        if key != _TEXT_KEY:
            return any(isinstance(text, bytes) and 0 in text for _, text in _fields(table))
        length, at = _number(table, at)
        if zero < at:
            # It was a length, or stood before this text: the next one is looked for once for all texts before it.
            zero = table.find(0, at)
            if zero < 0:
                return False
        at += length
        if zero < at:
            return True
    return False


def _in_columns(blocks: "Sequence[_Block]", keys: Sequence[str], numbers: Int64, node_keys: Sequence[str]) -> PbfWays:
    node_id = np.concatenate([block.node_id for block in blocks] or [np.zeros(0, np.int64)])
    lon = np.concatenate([block.longitude for block in blocks] or [np.zeros(0)])
    lat = np.concatenate([block.latitude for block in blocks] or [np.zeros(0)])
    if len(node_id) > 1 and not (node_id[1:] > node_id[:-1]).all():
        order = np.argsort(node_id, kind="stable")
        node_id, lon, lat = node_id[order], lon[order], lat[order]
        if (node_id[1:] == node_id[:-1]).any():
            msg = "a node is there twice"
            raise UnknownFormError(msg)
    texts = _Texts()
    of_ways, of_nodes = _TagSets(texts), _TagSets(texts)
    ids, counts, refs, tagged = ([np.zeros(0, np.int64)] for _ in range(4))
    way_keys, keys_of_nodes = [key.encode() for key in keys], [key.encode() for key in node_keys]
    for block in blocks:
        nodes, tags_of_each, tags = _tagged_nodes(block, keys_of_nodes)
        tagged.append(nodes)
        of_nodes.add(block, tags_of_each, tags)
        chosen = _with_keys(block, way_keys, numbers)
        ids.append(block.way_id[chosen])
        counts.append(np.diff(block.ref_start)[chosen])
        refs.append(_of(block.ref, block.ref_start, chosen))
        of_ways.add(block, np.diff(block.tag_start)[chosen], _of(block.tag, block.tag_start, chosen))
    sets, tag_set = of_ways.distinct()
    if any(len(dict(tags)) < len(tags) for tags in sets):
        msg = "a way has a key twice"
        raise UnknownFormError(msg)
    way_id = np.concatenate(ids)
    if (np.diff(np.sort(way_id)) == 0).any():
        msg = "a way is there twice"
        raise UnknownFormError(msg)
    node_ref = np.concatenate(refs)
    at = _places_among(node_id, node_ref)
    nowhere = at < 0
    longitude, latitude = (axis[at] if len(node_id) else np.full(len(at), np.nan) for axis in (lon, lat))
    longitude[nowhere] = latitude[nowhere] = np.nan
    sets_of_nodes, set_of_node = of_nodes.distinct()
    return PbfWays(
        way_id=way_id,
        tags=sets,
        tag_set=tag_set,
        ref_start=np.concatenate([[0], np.cumsum(np.concatenate(counts))]).astype(np.int64),
        node_ref=node_ref,
        longitude=longitude,
        latitude=latitude,
        tagged=np.concatenate(tagged),
        tags_of_tagged=[sets_of_nodes[number] for number in set_of_node.tolist()],
    )


class _Texts:
    """The texts of a file by number: each is decoded once, in however many blocks it stands."""

    def __init__(self) -> None:
        self._number: dict[bytes, int] = {}

    def numbers(self, block: "_Block", used: Int64) -> Int64:
        """Return the numbers of some of a block's texts, which are given by their places in its table."""
        if len(used) and block.string_length[used].max() > _MOST_TEXT_BYTES:
            msg = "a text is longer than OpenStreetMap's"
            raise UnknownFormError(msg)
        number, content = self._number, block.content
        spans = zip(block.string_start[used].tolist(), block.string_length[used].tolist(), strict=True)
        return np.array([number.setdefault(content[at : at + length], len(number)) for at, length in spans], dtype=np.int64)

    def decoded(self) -> list[str]:
        """Return the texts by their numbers."""
        return [text.decode("utf-8") for text in self._number]


class _TagSets:
    """The tags of many things, of which most are like those of another."""

    def __init__(self, texts: _Texts) -> None:
        self._texts = texts
        self._counts, self._pairs = [np.zeros(0, np.int64)], [np.zeros((0, 2), np.int64)]

    def add(self, block: "_Block", counts: Int64, pairs: Int64) -> None:
        """Add things by how many tags each has, and the tags of all, as places among the block's texts."""
        if not len(counts):
            return
        is_used = np.zeros(len(block.string_start), dtype=bool)
        is_used[pairs] = True
        used = np.flatnonzero(is_used)
        number = np.zeros(len(is_used), dtype=np.int64)
        number[used] = self._texts.numbers(block, used)
        self._counts.append(counts)
        self._pairs.append(number[pairs])

    def distinct(self) -> tuple[list[tuple[tuple[str, str], ...]], Int64]:
        """Return the sets of tags that occur, as they are first met, and which of them each thing has."""
        texts, pairs = self._texts.decoded(), np.concatenate(self._pairs)
        start = np.concatenate([[0], np.cumsum(np.concatenate(self._counts))]).astype(np.int64)
        first, kind = same_rows(2 * start, pairs.ravel())
        spans = zip(start[first].tolist(), start[first + 1].tolist(), strict=True)
        return [tuple([(texts[key], texts[value]) for key, value in pairs[at:end].tolist()]) for at, end in spans], kind


def _tagged_nodes(block: "_Block", keys: Sequence[bytes]) -> tuple[Int64, Int64, Int64]:
    """Return the nodes of a block that have one of some keys, how many tags each has, and these as places among the texts."""
    if not len(block.node_tag):
        return np.zeros(0, np.int64), np.zeros(0, np.int64), block.node_tag
    is_chosen = np.zeros(len(block.node_id), dtype=bool)
    is_chosen[block.node_tag_at[_is_text(block, keys)[block.node_tag[:, 0]]]] = True
    nodes = np.flatnonzero(is_chosen)
    counts = np.bincount(block.node_tag_at, minlength=len(is_chosen))[nodes]
    return block.node_id[nodes], counts, block.node_tag[is_chosen[block.node_tag_at]]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Block:
    content: bytes
    string_start: Int64
    string_length: Int64
    node_id: Int64
    longitude: Float64
    latitude: Float64
    node_tag_at: Int64
    node_tag: Int64
    way_id: Int64
    tag_start: Int64
    tag: Int64
    ref_start: Int64
    ref: Int64
    has_relations: bool


class _Blob(NamedTuple):
    """A block as the file has it: its own header with the length before that, and its content, packed."""

    before: bytes
    content: bytes
    is_header: bool


def _blobs(path: Path) -> Iterator[_Blob]:
    """Yield the blocks of a file, after a look at what each header asks for."""
    with path.open("rb") as file:
        while head := file.read(4):
            if len(head) < 4:
                msg = "the file ends in the middle of a block"
                raise UnknownFormError(msg)
            (length,) = struct.unpack(">i", head)
            if not 0 < length <= _MOST_HEADER_BYTES:
                msg = "this is no OpenStreetMap PBF file"
                raise UnknownFormError(msg)
            packed_header = file.read(length)
            header = _single(packed_header)
            size = header.get(3)
            if not isinstance(size, int) or not 0 < size <= _MOST_BLOCK_BYTES:
                msg = "a block has no length, or too great a one"
                raise UnknownFormError(msg)
            blob = file.read(size)
            if len(blob) < size:
                msg = "the file ends in the middle of a block"
                raise UnknownFormError(msg)
            is_header = header.get(1) == b"OSMHeader"
            if is_header:
                _check_features(_content(blob))
            elif header.get(1) != b"OSMData":
                msg = "a block is of an unknown kind"
                raise UnknownFormError(msg)
            yield _Blob(head + packed_header, blob, is_header)


def _check_features(header: bytes) -> None:
    """Leave a file to the general reader that asks for more than plain ways and dense nodes, or offers what changes them."""
    for field, value in _fields(header):
        if (field == 4 and value not in _KNOWN_FEATURES) or (field == 5 and value not in _HARMLESS_FEATURES):
            msg = "the file has features that are not known here"
            raise UnknownFormError(msg)


def _single(message: bytes) -> dict[int, int | bytes]:
    """Return the fields of a small protocol buffer that has each at most once."""
    pairs = list(_fields(message))
    fields = dict(pairs)
    if len(fields) < len(pairs):
        msg = "a block has a field twice"
        raise UnknownFormError(msg)
    return fields


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
                if length > len(message) - at:
                    msg = "a field reaches beyond its block"
                    raise UnknownFormError(msg)
                yield key >> 3, message[at : at + length]
                at += length
            case _:
                msg = "a block has a field of an unknown kind"
                raise UnknownFormError(msg)


def _number(message: bytes, at: int) -> tuple[int, int]:
    value = 0
    for shift in range(0, 63, 7):
        if at >= len(message):
            break
        byte = message[at]
        value |= (byte & 0x7F) << shift
        at += 1
        if byte < 0x80:
            return value, at
    msg = "a number does not end"
    raise UnknownFormError(msg)


def _content(blob: bytes) -> bytes:
    """Return what a block holds, unpacked."""
    stored = _single(blob)
    packed, raw = stored.get(_ZLIB), stored.get(_RAW)
    if isinstance(packed, bytes) and raw is None:
        unpacking = zlib.decompressobj()
        content = unpacking.decompress(packed, _MOST_BLOCK_BYTES)
        if not unpacking.eof or unpacking.unused_data or stored.get(_RAW_SIZE) != len(content):
            msg = "a block is not as long as it says"
            raise UnknownFormError(msg)
        return content
    if isinstance(raw, bytes) and packed is None and len(stored) == 1 + (_RAW_SIZE in stored):
        return raw
    msg = "a block is compressed in a way that is not known"
    raise UnknownFormError(msg)


def _read_block(blob: bytes) -> _Block:
    content = _content(blob)
    scale = np.array([_NANODEGREES_PER_UNIT, 0, 0, 0], dtype=np.int64)
    parts = decode_block(np.frombuffer(content, dtype=np.uint8), scale)
    string_start, string_length, node_id, lat, lon, way_id, tag_start, tag, ref_start, ref, node_tag_at, node_tag = parts
    if not len(node_id) == len(lat) == len(lon):
        msg = "a block has nodes without a place, or places without a node"
        raise UnknownFormError(msg)
    if len(node_tag_at) and node_tag_at.max() >= len(node_id):
        msg = "a block has tags of nodes that are not there"
        raise UnknownFormError(msg)
    if any(len(named) and not 0 <= named.min() <= named.max() < len(string_start) for named in (tag, node_tag)):
        msg = "a tag names a text that is not there"
        raise UnknownFormError(msg)
    if len(string_start):
        first, last = int(string_start[0]), int(string_start[-1] + string_length[-1])
        if content.find(0, first, last) >= 0 and _holds_zero(content, string_start, string_length):
            msg = "a text holds a zero byte"
            raise UnknownFormError(msg)
    return _Block(
        content=content,
        string_start=string_start,
        string_length=string_length,
        node_id=node_id,
        latitude=_degrees(lat, int(scale[0]), int(scale[1]), 90.0),
        longitude=_degrees(lon, int(scale[0]), int(scale[2]), 180.0),
        node_tag_at=node_tag_at,
        node_tag=node_tag.reshape(-1, 2),
        way_id=way_id,
        tag_start=tag_start,
        tag=tag.reshape(-1, 2),
        ref_start=ref_start,
        ref=ref,
        has_relations=bool(scale[3]),
    )


def _holds_zero(content: bytes, start: Int64, length: Int64) -> bool:
    """Tell whether one of some texts holds a zero byte, at which libosmium would run beyond its end."""
    zeros = np.flatnonzero(np.frombuffer(content, dtype=np.uint8)[: int(start[-1] + length[-1])] == 0)
    text = np.searchsorted(start, zeros, side="right") - 1
    return bool((zeros < (start + length)[text])[text >= 0].any())


def _degrees(stored: Int64, granularity: int, offset: int, most: float) -> Float64:
    """Return degrees, NaN beyond the Earth's; the general reader's arithmetic, which cuts off below a ten-millionth."""
    if len(stored) and not (0 < granularity < 2**31 and abs(offset) < 2**60 and np.abs(stored).max() < 2**62 // granularity // 2):
        msg = "a node lies nowhere on the Earth"
        raise UnknownFormError(msg)
    units = np.trunc((offset + granularity * stored) / _NANODEGREES_PER_UNIT)
    if len(units) and np.abs(units).max() >= _MOST_UNITS:
        msg = "a node lies nowhere on the Earth"
        raise UnknownFormError(msg)
    degrees = units / _UNITS_PER_DEGREE
    return np.where(np.abs(degrees) <= most, degrees, np.nan)


def _is_text(block: _Block, texts: Sequence[bytes]) -> Bool:
    """Tell of each text of a block whether it is one of some."""
    candidates = np.flatnonzero(np.isin(block.string_length, [len(text) for text in texts]))
    first, length = block.string_start[candidates], block.string_length[candidates]
    spans = zip(candidates.tolist(), first.tolist(), (first + length).tolist(), strict=True)
    is_text = np.zeros(len(block.string_start), dtype=bool)
    is_text[[at for at, begin, end in spans if block.content[begin:end] in texts]] = True
    return is_text


def _with_keys(block: _Block, keys: Sequence[bytes], numbers: Int64) -> Int64:
    """Return the ways of a block that have one of some keys, or one of some numbers."""
    if not len(block.way_id):
        return np.zeros(0, dtype=np.int64)
    before = np.concatenate([[0], np.cumsum(_is_text(block, keys)[block.tag[:, 0]])])
    has_key = before[block.tag_start[1:]] > before[block.tag_start[:-1]]
    return np.flatnonzero(has_key | np.isin(block.way_id, numbers))


def _of(things: Int64, start: Int64, ways: Int64) -> Int64:
    """Return the things of some ways, one way after another; `start` is where each way's begin."""
    if len(ways) == len(start) - 1:
        return things
    lengths = np.diff(start)[ways]
    return np.asarray(things[np.arange(int(lengths.sum())) + np.repeat(start[:-1][ways] - np.cumsum(lengths) + lengths, lengths)])


@compiled
def _places_among(node_id: Int64, wanted: Int64) -> Int64:
    """Return where each wanted number stands among rising ones, -1 where it does not: most often beside the one before it."""
    places = np.empty(len(wanted), dtype=np.int64)
    at, last = 0, len(node_id) - 1
    for i in range(len(wanted)):
        number = wanted[i]
        if at < last and node_id[at + 1] == number:
            at += 1
        elif at > 0 and node_id[at - 1] == number:
            at -= 1
        else:
            at = min(first_not_below(node_id, number), max(last, 0))
        places[i] = at if last >= 0 and node_id[at] == number else -1
    return places


@compiled
def _varint(buffer: Bytes, at: int, end: int) -> tuple[int, int]:
    value = 0
    shift = 0
    while at < end and shift < 70:
        byte = int(buffer[at])
        value |= (byte & 0x7F) << shift
        at += 1
        if byte < 0x80:
            return value, at
        shift += 7
    raise ValueError("a number does not end")  # noqa: EM101, TRY003 - compiled code raises plain texts


@compiled
def _span(buffer: Bytes, at: int, end: int) -> tuple[int, int]:
    """Read a length, and where what is of that length begins and ends."""
    length, at = _varint(buffer, at, end)
    if length < 0 or length > end - at:
        raise ValueError("a field reaches beyond what holds it")  # noqa: EM101, TRY003
    return at, at + length


@compiled
def _past(buffer: Bytes, at: int, end: int, kind: int) -> int:
    """Return where a field that is not needed ends."""
    if kind == 0:
        _, at = _varint(buffer, at, end)
        return at
    if kind == 2:
        _, at = _span(buffer, at, end)
        return at
    raise ValueError("a field is of an unknown kind")  # noqa: EM101, TRY003


@compiled
def _signed(value: int) -> int:
    return ((value >> 1) & 0x7FFFFFFFFFFFFFFF) ^ -(value & 1)


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
        value, at = _varint(buffer, at, last)
        total += _signed(value)
        values[i] = total
    if at != last:
        raise ValueError("a number does not end")  # noqa: EM101, TRY003
    return values


@compiled
def _has_visibility(buffer: Bytes, at: int, end: int) -> bool:
    """Tell whether a thing's record says that it was deleted or not, as files of several versions do."""
    while at < end:
        key, at = _varint(buffer, at, end)
        if key >> 3 == 6:
            return True
        at = _past(buffer, at, end, key & 7)
    return False


@compiled
def decode_block(
    buffer: Bytes, scale: Int64
) -> tuple[Int64, Int64, Int64, Int64, Int64, Int64, Int64, Int64, Int64, Int64, Int64, Int64]:
    """Decode a block: its strings' places, nodes, ways with their tags and nodes, and whose each tag of a node is.

    `scale` is filled with granularity, latitude's and longitude's offset, and how many relations there are.

    Raises
    ------
    ValueError
        Where a length, a number or a kind of field is not as the format has it, or not known here.
    """
    string_start, string_length = [np.int64(0)], [np.int64(0)]
    groups_first, groups_last = [np.int64(0)], [np.int64(0)]
    at, size = 0, len(buffer)
    strings = 0
    while at < size:
        key, at = _varint(buffer, at, size)
        kind, field = key & 7, key >> 3
        if kind == 0:
            value, at = _varint(buffer, at, size)
            if field == 17:
                scale[0] = value
            elif field == 19:
                scale[1] = value
            elif field == 20:
                scale[2] = value
            continue
        if kind != 2:
            raise ValueError("a field is of an unknown kind")  # noqa: EM101, TRY003
        at, end = _span(buffer, at, size)
        if field == 1:
            strings += 1
            inner = at
            while inner < end:
                inner_key, inner = _varint(buffer, inner, end)
                if inner_key != 10:
                    raise ValueError("a text is of an unknown kind")  # noqa: EM101, TRY003
                inner, last = _span(buffer, inner, end)
                string_start.append(np.int64(inner))
                string_length.append(np.int64(last - inner))
                inner = last
        elif field == 2:
            groups_first.append(np.int64(at))
            groups_last.append(np.int64(end))
        at = end
    if strings > 1:
        raise ValueError("a block has two tables of texts")  # noqa: EM101, TRY003
    node_id, node_lat, node_lon = np.zeros(0, np.int64), np.zeros(0, np.int64), np.zeros(0, np.int64)
    way_id, tag_start, tag = [np.int64(0)], [np.int64(0)], [np.int64(0)]
    ref_start, ref = [np.int64(0)], [np.int64(0)]
    node_tag_at, node_tag = [np.int64(0)], [np.int64(0)]
    for g in range(1, len(groups_first)):
        at = int(groups_first[g])
        last_of_group = int(groups_last[g])
        while at < last_of_group:
            key, at = _varint(buffer, at, last_of_group)
            field = key >> 3
            if key & 7 != 2:
                raise ValueError("a group has a field of an unknown kind")  # noqa: EM101, TRY003
            at, end = _span(buffer, at, last_of_group)
            if field == 1:
                raise ValueError("a block has nodes that are not dense")  # noqa: EM101, TRY003
            if field == 4:
                scale[3] += 1
            if field == 2:
                inner = at
                tagged = len(node_id)
                while inner < end:
                    inner_key, inner = _varint(buffer, inner, end)
                    if inner_key & 7 != 2:
                        raise ValueError("nodes have a field of an unknown kind")  # noqa: EM101, TRY003
                    inner, last = _span(buffer, inner, end)
                    inner_field = inner_key >> 3
                    if inner_field == 1:
                        node_id = np.concatenate((node_id, _differences(buffer, inner, last)))
                    elif inner_field == 5:
                        if _has_visibility(buffer, inner, last):
                            raise ValueError("nodes may be deleted")  # noqa: EM101, TRY003
                    elif inner_field == 10:
                        place = inner
                        while place < last:
                            name, place = _varint(buffer, place, last)
                            if name == 0:
                                tagged += 1
                                continue
                            word, place = _varint(buffer, place, last)
                            node_tag_at.append(np.int64(tagged))
                            node_tag.append(np.int64(name))
                            node_tag.append(np.int64(word))
                    elif inner_field == 8:
                        node_lat = np.concatenate((node_lat, _differences(buffer, inner, last)))
                    elif inner_field == 9:
                        node_lon = np.concatenate((node_lon, _differences(buffer, inner, last)))
                    inner = last
            elif field == 3:
                inner = at
                keys_first, keys_last, vals_first, vals_last = 0, 0, 0, 0
                identity, seen = 0, 0
                while inner < end:
                    inner_key, inner = _varint(buffer, inner, end)
                    inner_field, inner_kind = inner_key >> 3, inner_key & 7
                    if (
                        inner_field < 1
                        or inner_field > 8
                        or seen >> inner_field & 1
                        or inner_kind != (0 if inner_field == 1 else 2)
                    ):
                        raise ValueError("a way has a field twice, or one that is not known")  # noqa: EM101, TRY003
                    seen |= 1 << inner_field
                    if inner_field == 1:
                        identity, inner = _varint(buffer, inner, end)
                        continue
                    inner, last = _span(buffer, inner, end)
                    if inner_field == 2:
                        keys_first, keys_last = inner, last
                    elif inner_field == 3:
                        vals_first, vals_last = inner, last
                    elif inner_field == 4:
                        if _has_visibility(buffer, inner, last):
                            raise ValueError("ways may be deleted")  # noqa: EM101, TRY003
                    elif inner_field == 8:
                        total = 0
                        place = inner
                        while place < last:
                            value, place = _varint(buffer, place, last)
                            total += _signed(value)
                            ref.append(np.int64(total))
                    inner = last
                while keys_first < keys_last:
                    name, keys_first = _varint(buffer, keys_first, keys_last)
                    word, vals_first = _varint(buffer, vals_first, vals_last)
                    tag.append(np.int64(name))
                    tag.append(np.int64(word))
                if vals_first != vals_last or seen >> 1 & 1 == 0:
                    raise ValueError("a way has values without keys, or no number")  # noqa: EM101, TRY003
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
        np.array(node_tag_at[1:]),
        np.array(node_tag[1:]),
    )
