"""What a form brought: checked for the session's token, its files limited in size and kind."""

import hmac
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

from starlette.datastructures import FormData, UploadFile
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import Message

from siting import pipeline
from siting.page.guard import FORM_FIELD, FORM_HEADER, MEGABYTE, SMALL_BODY, Access

Posting = Callable[[Request, "Form"], Awaitable[Response]]


@dataclass(frozen=True, slots=True, kw_only=True)
class FormError:
    """What is wrong with one field, and what to do; or with a `file` that a plan names, or that it lacks (`column`)."""

    field: str
    text: str
    file: str = ""
    column: str = ""


class Form:
    """The fields of a form, each as text, and its files."""

    def __init__(self, data: FormData) -> None:
        self._data = data
        self.errors: list[FormError] = []

    def text(self, name: str) -> str:
        """Return a field's text without spaces around it; empty where it is not there."""
        value = self._data.get(name, "")
        return value.strip() if isinstance(value, str) else ""

    def texts(self, name: str) -> list[str]:
        """Return every value of a field that may stand several times."""
        return [value.strip() for value in self._data.getlist(name) if isinstance(value, str)]

    def names(self) -> list[str]:
        """Return the fields that are there."""
        return list(dict.fromkeys(self._data.keys()))

    def wanted(self, name: str, words: str) -> str:
        """Return a field that must be filled in; `words` say what to do where it is not."""
        value = self.text(name)
        if not value:
            self.errors.append(FormError(field=name, text=words))
        return value

    def number(self, name: str, words: str, *, least: float, most: float, whole: bool = False) -> float | None:
        """Return a number within limits, read as in tables; None where the field is empty or an error was added."""
        value = self.text(name)
        if not value:
            return None
        try:
            number = float(pipeline.read_number(value))
        except ValueError:
            number = float("nan")
        if least <= number <= most and (number.is_integer() or not whole):
            return number
        self.errors.append(FormError(field=name, text=words))
        return None

    def file(self, name: str) -> UploadFile | None:
        """Return an uploaded file; None where none was chosen."""
        value: Any = self._data.get(name)
        return value if isinstance(value, UploadFile) and value.filename else None


def posting(view: Posting, *, most_bytes: int = SMALL_BODY) -> Callable[[Request], Awaitable[Response]]:
    """Make the view of a form: the body is read up to a limit, and refused without the session's token."""

    async def answer(request: Request) -> Response:
        access: Access = request.app.state.access
        _refuse_long(request, most_bytes)
        limited = Request(request.scope, _limited(request, most_bytes))
        async with limited.form(max_files=5, max_fields=20_000, max_part_size=MEGABYTE) as data:
            given = request.headers.get(FORM_HEADER) or data.get(FORM_FIELD)
            if not isinstance(given, str) or not hmac.compare_digest(given.encode(), access.form_token.encode()):
                raise HTTPException(403, "Another page asked for this, so nothing was done.")
            return await view(request, Form(data))

    return answer


def _refuse_long(request: Request, most_bytes: int) -> None:
    length = request.headers.get("content-length", "0")
    if not length.isdecimal() or int(length) > most_bytes:
        raise HTTPException(413, "This is more than is taken here at once.")


def _limited(request: Request, most_bytes: int) -> Callable[[], Awaitable[Message]]:
    """Count what comes, since its length may not be told before."""
    seen = 0

    async def receive() -> Message:
        nonlocal seen
        message = await request.receive()
        seen += len(message.get("body", b""))
        if seen > most_bytes:
            raise HTTPException(413, "This is more than is taken here at once.")
        return message

    return receive
