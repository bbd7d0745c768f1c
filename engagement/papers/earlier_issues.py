"""The papers of earlier issues: whoever is not invited any more is taken out of them when the pack is issued again.

A folder `reissue/DATE` holds the letters and labels of all whom that issue changed something for. One who must be left
alone since is named in them still, so that they go; the list of changes keeps its rows by number alone.
"""

import csv
import io
from collections.abc import Container
from dataclasses import dataclass
from pathlib import Path

from siting.faults import Fault, Severity
from siting.sentences import listed
from siting.storage.decoding import decode_text

REISSUE = "reissue"
CHANGES = "changes.csv"
_NEUTRAL = frozenset({"number", "what", "already_told"})
_HOLDS_ADDRESSES = ("letters.docx", "letters.pdf", "labels.pdf", "notify.csv", "notify-left-out.csv")


@dataclass(frozen=True, slots=True, kw_only=True)
class Cleaned:
    """What becomes of earlier issues: lists to write anew, by their names within the pack, and files that must go."""

    rewritten: dict[Path, bytes]
    gone: tuple[Path, ...]

    def told(self, home_id: str) -> tuple[Fault, ...]:
        """Say what was taken away, without a name."""
        days = sorted({path.parent.name for path in self.gone})
        if not days:
            return ()
        return (
            Fault(
                file=f"homes/{home_id}",
                problem=f"letters and labels of {REISSUE}/{listed(days)} named somebody who is not invited any more: they were "
                "taken away",
                remedy="Destroy what was printed of them",
                severity=Severity.WARNING,
            ),
        )


def clean_earlier(pack_folder: Path, standing: Container[int]) -> Cleaned:
    """Find what earlier issues say of those whose number on the list does not stand any more.

    A number is never given twice, so that it tells a household from another whatever address file it came from; where
    the record of numbers was lost, `standing` is empty, and nobody is left in them.
    """
    rewritten: dict[Path, bytes] = {}
    gone: list[Path] = []
    folder = pack_folder / REISSUE
    for day in sorted(folder.iterdir()) if folder.is_dir() and not folder.is_symlink() else ():
        told = day / CHANGES
        if not day.is_dir() or day.is_symlink():
            continue
        rows, named = _read(told, standing) if told.is_file() else ([], True)
        if not named:
            continue
        names = _HOLDS_ADDRESSES if rows else (*_HOLDS_ADDRESSES, CHANGES)
        gone += [path.relative_to(pack_folder) for name in names if (path := day / name).is_file()]
        if rows:
            content = io.StringIO(newline="")
            csv.writer(content, lineterminator="\n").writerows(rows)
            rewritten[told.relative_to(pack_folder)] = content.getvalue().encode("utf-8-sig")
    return Cleaned(rewritten=rewritten, gone=tuple(gone))


def _read(path: Path, standing: Container[int]) -> tuple[list[list[str]], bool]:
    """Return the rows of a list of changes without the addresses of those who are gone, and whether there were any."""
    rows = [row for row in csv.reader(io.StringIO(decode_text(path.read_bytes()), newline="")) if row]
    if not rows or not {"number", "address"} <= set(rows[0]):
        # Somebody has changed the list: whom it names cannot be known.
        return [], True
    number, address = rows[0].index("number"), rows[0].index("address")
    kept, named = rows[:1], False
    for row in rows[1:]:
        full = row + [""] * (len(rows[0]) - len(row))
        if full[address] and not (full[number].isdecimal() and int(full[number]) in standing):
            # A column that somebody added may say whom it is about too.
            full = [cell if name in _NEUTRAL else "" for name, cell in zip(rows[0], full, strict=False)]
            named = True
        kept.append(full)
    return kept, named
