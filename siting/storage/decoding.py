"""Bytes of a text file to text, whichever of the usual encodings it was saved in."""


def decode_text(content: bytes) -> str:
    """Decode UTF-8 with or without a byte-order mark, else Windows-1252 as Excel saves it."""
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return content.decode("cp1252", errors="replace")
