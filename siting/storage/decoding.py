"""Bytes of a text file to text, whichever of the usual encodings it was saved in."""

import codecs

_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
"""Byte-order marks, the longer before the shorter that it begins with."""

_LOOKED_AT_BYTES = 4_096


def decode_text(content: bytes) -> str:
    """Decode by the byte-order mark where there is one; else UTF-8, UTF-16 by its zeros, or as Excel saves it.

    That is Windows-1252, or the Macintosh's own letters, whose lines end in CR alone.

    What cannot be decoded stands as U+FFFD, which a reader names as a fault; nothing raises.
    """
    wide = encoding_by_its_start(content)
    if wide is not None:
        return content.decode(wide, errors="replace")
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError:
        return content.decode(single_byte_encoding(content), errors="replace")


def single_byte_encoding(content: bytes) -> str:
    """Return in which letters Excel saved a text that is no Unicode, by how its lines end."""
    return "mac_roman" if b"\r" in content and b"\n" not in content else "cp1252"


def encoding_by_its_start(content: bytes) -> str | None:
    """Return the encoding that the start of a text gives away, by its mark or by the zeros of UTF-16; None for any other."""
    for mark, encoding in _MARKS:
        if content.startswith(mark):
            return encoding
    zeros = _zeros_at(content)
    return None if zeros is None else "utf-16-le" if zeros else "utf-16-be"


def _zeros_at(content: bytes) -> int | None:
    """Tell whether every second byte of a text is zero, as in UTF-16 without a mark: 0 or 1, or None where not."""
    start = content[:_LOOKED_AT_BYTES]
    for odd in (0, 1):
        here, there = start[odd::2], start[1 - odd :: 2]
        if here and here.count(0) > len(here) * 0.8 and there.count(0) == 0:
            return odd
    return None
