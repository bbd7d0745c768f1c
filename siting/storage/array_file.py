"""Named arrays in one file: written whole or not at all, checked at every opening, mapped into memory.

safetensors does much of this but checks no content; with a checksum beside it, it is no faster
(docs/decisions/own-arrays-and-joins.md).
"""

import json
import os
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import xxhash
from numpy.typing import NDArray

from siting.faults import SitingError

Arrays = dict[str, NDArray[Any]]

_MAGIC = b"siting arrays 02"
_ALIGNMENT = 64
_NUMBER_BYTES = 8
_HEAD_BYTES = len(_MAGIC) + 2 * _NUMBER_BYTES


class DamagedFileError(SitingError, OSError):
    """The file is not what was written, to the last byte."""


def write_arrays(path: Path, arrays: Mapping[str, NDArray[Any]], plain: Mapping[str, Any]) -> None:
    """Write arrays and plain values (as JSON) beside `path` and move the file into place when it is whole."""
    entries: dict[str, tuple[str, tuple[int, ...], int]] = {}
    offset = 0
    for name, array in arrays.items():
        entries[name] = (array.dtype.str, array.shape, offset)
        offset += array.nbytes + -array.nbytes % _ALIGNMENT
    header = json.dumps({"arrays": entries, "plain": plain}, ensure_ascii=False).encode()
    header += b" " * (-(len(header) + _HEAD_BYTES) % _ALIGNMENT)
    size = len(header).to_bytes(_NUMBER_BYTES, "little")
    # How long the header is tells where each array begins, so that it is checked with the rest.
    digest = xxhash.xxh3_64(size + header)
    with tempfile.NamedTemporaryFile(dir=path.parent, prefix=path.name, suffix=".part", delete=False) as file:
        file.write(_MAGIC + size + bytes(_NUMBER_BYTES) + header)
        for array in arrays.values():
            content = np.ascontiguousarray(array).reshape(-1).view(np.uint8).data
            for part in (content, bytes(-len(content) % _ALIGNMENT)):
                digest.update(part)
                file.write(part)
        file.seek(len(_MAGIC) + _NUMBER_BYTES)
        file.write(digest.intdigest().to_bytes(_NUMBER_BYTES, "little"))
        file.flush()
        os.fsync(file.fileno())
    Path(file.name).replace(path)


def read_arrays(path: Path) -> tuple[Arrays, dict[str, Any]]:
    """Open such a file; the arrays stay in it, read-only, and are read as they are used.

    Raises
    ------
    DamagedFileError
        Where a single byte is not as it was written.
    OSError
        Where the file is not there.
    """
    # As a plain array: each slice of a memmap costs microseconds, of which there are many.
    content = np.asarray(np.memmap(path, dtype=np.uint8, mode="r")) if path.stat().st_size else np.zeros(0, np.uint8)
    head = content[:_HEAD_BYTES].tobytes()
    size_bytes = head[len(_MAGIC) : len(_MAGIC) + _NUMBER_BYTES]
    size = int.from_bytes(size_bytes, "little")
    body = content[_HEAD_BYTES:]
    digest = xxhash.xxh3_64(size_bytes)
    digest.update(body.data)
    sound = head.startswith(_MAGIC) and len(head) == _HEAD_BYTES and size <= len(body)
    if not sound or digest.intdigest() != int.from_bytes(head[-_NUMBER_BYTES:], "little"):
        msg = f"{path.name} is damaged."
        raise DamagedFileError(msg)
    header = json.loads(body[:size].tobytes())
    arrays: Arrays = {}
    for name, (dtype, shape, offset) in header["arrays"].items():
        count = int(np.prod(shape, dtype=np.int64))
        first = size + offset
        arrays[name] = body[first : first + count * np.dtype(dtype).itemsize].view(dtype).reshape(shape)
    return arrays, header["plain"]


def read_kept(path: Path) -> tuple[Arrays, dict[str, Any]] | None:
    """Open such a file if it is there and whole; None where it must be made again."""
    try:
        return read_arrays(path)
    except (DamagedFileError, FileNotFoundError):
        return None
