"""Any file that may hold a table to its cells; whatever goes wrong is said with a remedy."""

import io
import stat
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from siting.inputs.cells import MOST_BYTES, Book, Columns, Sheet, UnreadableError

_OLD_CONTAINER = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


def read_books(path: Path, taken: Callable[[Sheet], Columns | None] | None = None) -> list[Book]:
    """Read a file's cells: Excel (.xlsx, .xls), OpenDocument (.ods) or text; of text, one book a separator.

    What a file is shows in its content, not in its name. Of a large text table `taken` says, by the rows with which it begins,
    which columns are to be read; the cells of others are passed over below those rows.

    Raises
    ------
    UnreadableError
        Whatever is wrong with it, with what to do.
    """
    with _told():
        content = _content(path)
        if content.startswith(b"PK"):
            return [_unpack(content)]
        if content.startswith(_OLD_CONTAINER):
            from siting.inputs.old_excel import read_old_excel  # noqa: PLC0415 - only files of this format need it

            return [read_old_excel(content)]
        from siting.inputs.delimited import read_delimited  # noqa: PLC0415

        return read_delimited(content, taken)


def read_text_table(path: Path) -> str | None:
    """Return the text of a table that is text; None of any other.

    Raises
    ------
    UnreadableError
        Whatever is wrong with it, with what to do.
    """
    with _told():
        content = _content(path)
        if content.startswith((b"PK", _OLD_CONTAINER)):
            return None
        from siting.inputs.delimited import text_of  # noqa: PLC0415

        return text_of(content)


@contextmanager
def _told() -> Iterator[None]:
    """Make whatever goes wrong with a file an `UnreadableError`."""
    try:
        yield
    except UnreadableError:
        raise
    except OSError as error:
        raise UnreadableError(
            problem=f"the file cannot be read ({error.strerror})", remedy="Check its name, and close it where it is open"
        ) from error
    except Exception as error:
        # Whatever a reader makes of a damaged file, the user is told of the file.
        raise UnreadableError(
            problem="the file is damaged", remedy="Open it where it was made and save it again as .xlsx or CSV"
        ) from error


def _content(path: Path) -> bytes:
    status = path.stat()
    if not stat.S_ISREG(status.st_mode):
        raise UnreadableError(problem="this is no file that can be read", remedy="Name a file")
    if status.st_size > MOST_BYTES:
        raise UnreadableError(
            problem=f"the file has {status.st_size / 1e6:,.0f} MB, far more than a table",
            remedy="Keep the table alone in the file",
        )
    return path.read_bytes()


def _unpack(content: bytes) -> Book:
    from siting.inputs.excel import read_excel  # noqa: PLC0415
    from siting.inputs.opendocument import read_opendocument  # noqa: PLC0415

    try:
        archive = zipfile.ZipFile(io.BytesIO(content))
    except zipfile.BadZipFile as error:
        raise UnreadableError(
            problem="the file is damaged or cut off", remedy="Download or copy it again, or save it again where it was made"
        ) from error
    with archive:
        names = set(archive.namelist())
        if "mimetype" in names and "content.xml" in names:
            return read_opendocument(archive)
        if any(name.startswith("Index/") for name in names):
            raise UnreadableError(problem="this is a Numbers document", remedy="Export it as an Excel workbook (.xlsx) or CSV")
        return read_excel(archive)
