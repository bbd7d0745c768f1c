"""Takes a person, or a whole home, out of everything that the program wrote; what it cannot reach is listed.

Lists lose their rows and calendars their events; papers, which hold everybody at once, are deleted and
made anew by the next pack. Of the person nothing is kept but a mark that does not say whom it is of.
"""

import csv
import functools
import io
import re
import unicodedata
import zipfile
from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from engagement.around.addresses import Address
from engagement.around.same_address import is_exactly, parts_of, parts_of_address
from siting.documents.pdf_text import pdf_text
from siting.storage.decoding import decode_text, encoding_by_its_start
from siting.storage.moving_into_place import OutputError, explain
from siting.storage.staging import opened_staging

PAPERS = {
    "neighbours.pdf": "the contact list and its street map",
    "letters.pdf": "letters that were printed, and copies of those delivered",
    "letters.docx": "letters that were printed from Word",
    "labels.pdf": "sheets of labels",
    "runsheets.pdf": "run sheets of the visiting days",
    "notify.csv": "what was uploaded to GOV.UK Notify",
    "visits.ics": "shared calendars: take in visits-cancelled.ics, which calls the visits off",
    "neighbours.xlsx": "printed or e-mailed workbooks",
    "map-internal.html": "printed or e-mailed maps of the street",
}
"""What may lie on desks and in bags, by the file that it was made from."""
_ALWAYS_MADE = PAPERS.keys() - {"notify.csv"}
KEPT_FILES = {"register.sqlite", "visits.ics", "issue.json"}
_LISTS = {".csv"}
_TEXTS = {".csv", ".txt", ".json", ".html", ".svg", ".md", ".ics", ".xml", ".toml"}
_MOST_BYTES = 200 << 20
_PDF = b"%PDF"
_LOCKED_OFFICE = bytes.fromhex("d0cf11e0a1b11ae1")
_LOCKED_PART = "EncryptedPackage".encode("utf-16-le")
_PACKED = (b"PK\x03\x04", b"\x1f\x8b", b"7z\xbc\xaf\x27\x1c", b"Rar!")
"""How files begin in which others are packed: zip, as Office files are, gzip, 7z and rar."""
"""An Office file with a password begins as those of before 2007 do, and holds a part of this name."""
_AROUND = 100
"""Bytes before and after a loose match that say whether it is one."""
_LEAST_FIGURES = 5
"""A shorter number stands in too many texts for another reason; such a person is known by the address."""


@dataclass(frozen=True, slots=True)
class Terms:
    """How a person may stand in a file: patterns for its text, and looser ones for its bytes in lower case."""

    patterns: tuple[re.Pattern[str], ...]
    loose: tuple[re.Pattern[bytes], ...] = ()

    def found_in_bytes(self, content: bytes) -> bool:
        """Tell whether bytes name the person, as UTF-8; of a large file only what lies about a loose match is read."""
        lowered = content.lower()
        return any(
            self.found_in(content[max(0, seen.start() - _AROUND) : seen.end() + _AROUND].decode("utf-8", errors="replace"))
            for pattern in self.loose
            for seen in pattern.finditer(lowered)
        )

    def found_in(self, text: str) -> bool:
        """Tell whether a text names the person, also where letters and their marks are written apart."""
        whole = text if text.isascii() else unicodedata.normalize("NFC", text)
        return any(pattern.search(whole) for pattern in self.patterns)


def terms_of(address: Address, others: Iterable[Address]) -> Terms:
    """Return how an address may stand in a file: its number, its line, and as much of the door as is no other's."""
    texts = {address.written, ", ".join(part for part in (address.door, address.street) if part)}
    if not address.sub_building and address.street:
        texts.add(f"{address.number or address.building_name} {address.street}".strip())
    if address.building_name and not address.sub_building and not any(
        other.building_name == address.building_name and other.key != address.key for other in others
    ):  # fmt: skip
        texts.add(address.building_name)
    told = [text for text in sorted(texts) if len(parts_of(text).words) + len(parts_of(text).door) > 1]
    patterns = [_pattern(text) for text in told]
    loose = [_loose(text) for text in told]
    if address.uprn and len(address.uprn) >= _LEAST_FIGURES:
        patterns.append(re.compile(rf"(?<!\d)0*{address.uprn.lstrip('0')}(?!\d)"))
        loose.append(re.compile(address.uprn.lstrip("0").encode()))
    return Terms(tuple(patterns), tuple(loose))


def terms_of_lines(lines: Iterable[str]) -> Terms:
    """Return how any of several people may stand in a file, of whom no more is known than their address on one line."""
    texts = {told for line in lines for told in (line, _as_far_as_street(line)) if told}
    return Terms(tuple(map(_pattern, texts)), tuple(map(_loose, texts)))


def _as_far_as_street(line: str) -> str:
    """Return so much of an address as has two words beside its numbers: `Flat 1, 12 Station Road` of what goes on with a town."""
    parts = line.split(",")
    prefixes = (",".join(parts[:count]) for count in range(1, len(parts) + 1))
    return next((prefix for prefix in prefixes if len(parts_of(prefix).words) > 1), "")


def _pattern(text: str) -> re.Pattern[str]:
    words = [re.escape(word) for word in re.findall(r"\w+", unicodedata.normalize("NFC", text))]
    # A number before it would make it another's door: 12 Station Road is not 2 Station Road.
    ends = r"(?!\w|[ ,]+(?:north|south|east|west)\b)"
    return re.compile(r"(?<![\w/-])" + r"[\W_]+".join(words) + ends, re.IGNORECASE)


def _loose(text: str) -> re.Pattern[bytes]:
    # Bytes are lowered as ASCII alone: a letter beyond it may be any, whether written as one sign or as a letter with a mark.
    words = [
        re.sub(rb"[\x80-\xff]+", rb"[a-z]?[\\x80-\\xff]+", re.escape(w).encode())
        for w in re.findall(r"\w+", unicodedata.normalize("NFC", text).lower())
    ]
    return re.compile(rb"[\W_]+".join(words))


text_of_pdf = functools.lru_cache(maxsize=64)(pdf_text)
"""The text of a PDF, read once while somebody is forgotten; to be cleared when that is done."""


class NotSearchedError(Exception):
    """A file, or a part of it, that cannot be read: whom it names is not known."""


def texts_in(path: Path) -> Iterator[str]:
    """Yield what can be read in a file: as it is, the pages of a PDF, and inside a zip, as Office files are.

    Raises
    ------
    NotSearchedError
        Where it is damaged or locked, has pages without text, or a part that is too large; after all that can be read.
    """
    content = path.read_bytes()
    if path.suffix.lower() in _TEXTS:
        yield decode_text(content)
        return
    yield content.decode("utf-8", errors="replace")
    missed = content.startswith(_LOCKED_OFFICE) and _LOCKED_PART in content
    if content.startswith(_PDF):
        pages = text_of_pdf(content)
        missed |= pages is None
        yield pages or ""
    is_zip = zipfile.is_zipfile(io.BytesIO(content))
    missed |= content.startswith(_PACKED) and not is_zip
    if is_zip:
        for told in _texts_in_zip(content):
            missed |= told is None
            # A line may be parted by marks within a word, and from the next by nothing but marks.
            yield re.sub(r"<[^>]+>", "", told or "")
            yield re.sub(r"<[^>]+>", " ", told or "")
    if missed:
        raise NotSearchedError(path.name)


def _texts_in_zip(content: bytes) -> Iterator[str | None]:
    """Yield what stands in each part of a zip; None for one that is damaged, locked or too large."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            for entry in archive.infolist():
                try:
                    told = archive.read(entry).decode("utf-8", errors="replace") if entry.file_size <= _MOST_BYTES else None
                except Exception:  # noqa: BLE001 - whatever the library meets in a damaged or locked file
                    told = None
                yield told
    except zipfile.BadZipFile:
        yield None


@dataclass(frozen=True, slots=True)
class Searched:
    """The files of a folder that name somebody, and those of which that is not known, since they cannot be read."""

    naming: list[Path]
    not_searched: list[Path]


def search_folder(folder: Path, terms: Terms) -> Searched:
    """Search the files of a folder, and of those in it, for who is named in them; links are not followed."""
    searched = Searched([], [])
    for path in sorted(folder.rglob("*")):
        if path.is_symlink() or not path.is_file():
            continue
        try:
            if path.stat().st_size > _MOST_BYTES:
                searched.not_searched.append(path)
                continue
            content = path.read_bytes()
            packed = content.startswith((_PDF, _LOCKED_OFFICE, *_PACKED)) or zipfile.is_zipfile(io.BytesIO(content))
            read = packed or path.suffix.lower() in _TEXTS
            named = terms.found_in_bytes(content) or (read and any(terms.found_in(text) for text in texts_in(path)))
        except (NotSearchedError, OSError):
            searched.not_searched.append(path)
            continue
        if named:
            searched.naming.append(path)
    return searched


def files_that_name(folder: Path, terms: Terms) -> list[Path]:
    """Return the files of a folder, and of those in it, that name somebody; links are not followed."""
    return search_folder(folder, terms).naming


def pages_marked(folder: Path, marks: Iterable[str]) -> list[Path]:
    """Return the pages of a folder, and of those in it, that say of themselves by a mark whom they are about."""
    wanted = [mark.encode() for mark in marks]
    pages = (path for path in sorted(folder.rglob("*.pdf")) if path.is_file() and not path.is_symlink())
    return [path for path in pages if path.stat().st_size <= _MOST_BYTES and any(mark in path.read_bytes() for mark in wanted)]


def take_rows_out(path: Path, belongs: Callable[[str], bool]) -> int:
    """Take the rows out of a list that name somebody; how many they were. All others stay to the byte, as they were saved."""
    content = path.read_bytes()
    encoding = encoding_by_its_start(content) or ("utf-8" if _is_utf8(content) else "cp1252")
    lines = list(io.StringIO(decode_text(content), newline=""))
    reader = csv.reader(lines, delimiter=max(",;\t", key=lines[0].count) if lines else ",")
    kept, taken, begins = "", 0, 0
    for number, row in enumerate(reader):
        ends = reader.line_num
        if number and (belongs(", ".join(row)) or any(map(belongs, row))):
            taken += 1
        else:
            kept += "".join(lines[begins:ends])
        begins = ends
    replace_file(path, kept.encode(encoding, errors="replace"))
    return taken


def _is_utf8(content: bytes) -> bool:
    try:
        content.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def replace_file(path: Path, content: bytes) -> None:
    """Write over a file what it held, then put the new content in its place.

    Raises
    ------
    OutputError
        Where it cannot be written over; on a full disk it is as it was.
    """
    with opened_staging(path.parent) as staging:
        new = staging / path.name
        new.write_bytes(content)
        try:
            wipe(path)
            new.replace(path)
        except OSError as error:
            raise OutputError(explain(path, error)) from error


def wipe(path: Path) -> None:
    """Delete a file, written over first; on disks that write elsewhere that is the best that can be done."""
    if path.is_file() and not path.is_symlink():
        with path.open("r+b") as file:
            file.write(b"\0" * path.stat().st_size)
            file.flush()
    path.unlink(missing_ok=True)


def papers_of(folder: Path) -> list[Path]:
    """Return a pack's files that hold everybody at once: all but its lists, its calendar and the register."""
    return [
        path
        for path in sorted(folder.rglob("*"))
        if path.is_file()
        and path.name not in KEPT_FILES
        and path.suffix not in _LISTS
        and not path.name.startswith("register.sqlite")
    ]


def is_of(address: Address, about: str, written: str) -> bool:
    """Tell whether an entry of the register is about an address."""
    if address.uprn and about.isdecimal():
        return about.lstrip("0") == address.uprn.lstrip("0")
    said = parts_of(written or about)
    return any(is_exactly(said, parts) for parts in parts_of_address(address))


def printed(names: Collection[str], *, issued: bool, told: bool) -> list[str]:
    """Say what paper and what copies of a pack must be destroyed by hand.

    `names` are the files that it has; where it was `issued`, or somebody was `told` by the register, there was paper
    although its files are gone since.
    """
    made = {*names, *(_ALWAYS_MADE if issued else ()), *({"letters.pdf"} if told else ())}
    return [words for name, words in PAPERS.items() if name in made]
