"""Files that were uploaded: known by what is in them, kept under names that the page chooses."""

import hashlib
import os
import shutil
import tempfile
import time
import zipfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import IO, BinaryIO

from starlette.concurrency import run_in_threadpool
from starlette.datastructures import UploadFile

from siting import pipeline
from siting.page.guard import MEGABYTE

_PBF_HEAD = b"OSMHeader"
_HEAD_BYTES = 64

_ARRIVING = ".arriving-"
_CUT_OFF_AFTER_S = 3600.0
"""A file that has been arriving for so long is one that a server which was killed left."""
MOST_TABLE_BYTES = 25 * MEGABYTE
MOST_UNPACKED_BYTES = 300 * MEGABYTE
"""A spreadsheet is a packed folder; one that unpacks to more was made to fill the memory."""


def keep_network(folder: Path, file: BinaryIO) -> str | None:
    """Keep an extract in a folder under a name made from its content; None where it is no extract."""
    head = file.read(_HEAD_BYTES)
    if _PBF_HEAD not in head:
        return None
    file.seek(0)
    digest = hashlib.sha256()
    while piece := file.read(MEGABYTE):
        digest.update(piece)
    name = f"roads-{digest.hexdigest()[:10]}.osm.pbf"
    file.seek(0)
    keep_bytes(folder / name, file)
    return name


def keep_schools(folder: Path, file: BinaryIO) -> str | None:
    """Keep a list of schools in a folder under a name made from its content; None where it is no table of text."""
    if table_kind(file) != ".csv":
        return None
    digest = hashlib.sha256()
    while piece := file.read(MEGABYTE):
        digest.update(piece)
    name = f"schools-{digest.hexdigest()[:10]}.csv"
    file.seek(0)
    keep_bytes(folder / name, file)
    return name


def picture_kind(head: bytes) -> str | None:
    """Return the ending that a picture's first bytes ask for, or None where it is no picture that a browser shows."""
    if head[:3] == b"\xff\xd8\xff":
        return ".jpg"
    if head[:8] == b"\x89PNG\r\n\x1a\n":
        return ".png"
    return ".webp" if head[:4] == b"RIFF" and head[8:12] == b"WEBP" else None


def keep_bytes(path: Path, file: IO[bytes]) -> None:
    """Write a file whole or not at all; what was cut off in its folder long ago is cleared away."""
    for left in path.parent.glob(f"{_ARRIVING}*"):
        if time.time() - left.stat().st_mtime > _CUT_OFF_AFTER_S:
            left.unlink(missing_ok=True)
    with tempfile.NamedTemporaryFile(dir=path.parent, prefix=_ARRIVING, delete=False) as arriving:
        shutil.copyfileobj(file, arriving)
        arriving.flush()
        os.fsync(arriving.fileno())
    Path(arriving.name).replace(path)


@asynccontextmanager
async def staged_upload(upload: UploadFile, ending: str = "") -> AsyncIterator[Path]:
    """Hold an upload as a file for as long as the block lasts, in a folder for this user alone.

    It is no temporary folder: what a kill leaves is found and cleared. The name that the file came with is
    never made into a path.
    """
    with await run_in_threadpool(lambda: pipeline.private_folder()) as folder:  # noqa: PLW0108 - it is loaded when first asked for
        kept = folder / f"upload{ending}"
        with kept.open("wb") as file:
            while piece := await upload.read(MEGABYTE):
                file.write(piece)
        yield kept


def table_kind(file: IO[bytes]) -> str | None:
    """Return the ending that a table's content asks for, or None where it is none that is taken."""
    file.seek(0)
    head = file.read(4096)
    file.seek(0)
    if head[:2] == b"PK":
        return _packed_kind(file)
    if head[:4] == b"\xd0\xcf\x11\xe0":
        return ".xls"
    return None if b"\x00\x00\x00" in head or not head.strip() else ".csv"


def _packed_kind(file: IO[bytes]) -> str | None:
    try:
        with zipfile.ZipFile(file) as packed:
            if sum(entry.file_size for entry in packed.infolist()) > MOST_UNPACKED_BYTES:
                return None
            names = set(packed.namelist())
    except (zipfile.BadZipFile, ValueError):
        return None
    finally:
        file.seek(0)
    if "xl/workbook.xml" in names or "xl/workbook.bin" in names:
        return ".xlsx"
    return ".ods" if "content.xml" in names else None
