"""The register for the visiting day: on this computer, or taken along as one file that works without a network."""

import json
import re
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from importlib import resources
from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from siting.page.asking import ask, engage_address, go_to, home_of, refusals
from siting.page.forms import Form, FormError, posting
from siting.page.guard import MEGABYTE
from siting.page.language import words_in
from siting.page.opened_folder import FoundPlan
from siting.page.presence import user_name
from siting.page.templating import language_of, render

DAY_EVENTS = (
    ("attended", "Came to the visit"),
    ("spoke", "We spoke"),
    ("concern", "Raised a concern"),
    ("follow-up", "Something to follow up"),
    ("opted-out", "Wants no more contact"),
)
_KIND = "siting day 1"
_MOST_NOTED = 2_000
_MARK = re.compile(r"[0-9a-f-]{8,40}")


async def day(request: Request) -> Response:
    """Show the register for the visiting day: big buttons, an entry a press."""
    plan, name = home_of(request)
    return await _page(request, plan, name)


async def along(request: Request) -> Response:
    """Hand out one file with the day's visits, which notes answers on a tablet without any network."""
    plan, name = home_of(request)
    board, unread = await _board(request, plan, name)
    if unread:
        # A file without the visits would be taken along for the day's.
        return await _page(request, plan, name, unread)
    say = words_in(language_of(request))
    own = resources.files("siting.page") / "static"
    values = {
        "home": name,
        "days": board,
        "style": (own / "along.css").read_text(encoding="utf-8"),
        "code": (own / "along.js").read_text(encoding="utf-8"),
        "given": {
            "kind": _KIND,
            "home": name,
            "events": [{"event": event, "words": say(words)} for event, words in DAY_EVENTS],
            "words": {key: say(text) for key, text in _WORDS.items()},
        },
    }
    answer = render(request, "along.html", values, plan=plan)
    answer.headers["content-disposition"] = f'attachment; filename="{_file_name(name)}"'
    answer.headers["content-type"] = "application/octet-stream"
    return answer


async def bring(request: Request, form: Form) -> Response:
    """Write what was noted on a tablet into the register; bringing the same twice adds nothing."""
    plan, name = home_of(request)
    upload = form.file("answers")
    text = (await upload.read()).decode("utf-8", errors="replace") if upload else form.text("pasted")
    read = read_answers(text, name)
    if isinstance(read, str):
        return await _page(request, plan, name, [FormError(field="answers" if upload or not text else "pasted", text=read)])
    values = {"plan": str(plan.path), "home": name, "out": str(plan.out), "noted": read, "who": user_name()}
    outcome = await ask(request, "bring_day", values)
    if not outcome.is_well:
        return await _page(request, plan, name, refusals(outcome, "answers"))
    told = outcome.done
    if told["refused"]:
        return await _page(request, plan, name, (), told)
    say = words_in(language_of(request))
    said = say("{n} entries are written into the register; {known} were there already.", n=told["added"], known=told["known"])
    return go_to(request, engage_address(plan, name, "/day"), said)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Note:
    """One answer of the day as a tablet keeps it; everything in it was typed or tapped by a person."""

    mark: str
    at: str
    event: str
    about: str
    note: str


def read_answers(text: str, home: str) -> list[dict[str, str]] | str:
    """Return what a tablet's file holds, or a sentence on why it cannot be taken."""
    try:
        told = json.loads(text)
        entries = told["entries"]
        if told["kind"] != _KIND or not isinstance(entries, list):
            raise ValueError  # noqa: TRY301 - told as the others are
        if told["home"] != home:
            return "These answers are of another home. Open that home first."
        if len(entries) > _MOST_NOTED:
            return "There are too many answers in this file."
        notes = [_Note(**{key: str(one[key])[:2_000] for key in ("mark", "at", "event", "about", "note")}) for one in entries]
    except (ValueError, KeyError, TypeError, RecursionError):
        return "Choose the file of answers that the tablet saved, or paste its answers"
    if not all(_MARK.fullmatch(one.mark) for one in notes):
        return "Choose the file of answers that the tablet saved, or paste its answers"
    return [asdict(one) for one in notes]


async def _page(
    request: Request, plan: FoundPlan, name: str, errors: Sequence[FormError] = (), told: dict[str, Any] | None = None
) -> Response:
    days, unread = await _board(request, plan, name)
    errors = [*errors, *unread]
    values = {"home": name, "days": days, "events": DAY_EVENTS, "brought": told}
    return render(request, "day.html", values, plan=plan, errors=errors, status=422 if errors else 200)


async def _board(request: Request, plan: FoundPlan, name: str) -> tuple[dict[str, list[dict[str, Any]]], list[FormError]]:
    """Return who is promised which time, by day, and why that cannot be read; those who wait for one stand last, under no day."""
    outcome = await ask(request, "visits", {"plan": str(plan.path), "home": name, "out": str(plan.out)})
    households = outcome.done["households"] if outcome.is_well else []
    days: dict[str, list[dict[str, Any]]] = {}
    for one in sorted(households, key=lambda one: (not one["start"], one["start"], one["host"])):
        days.setdefault(one["start"][:10], []).append(one)
    return days, refusals(outcome, "answers")


def _file_name(home: str) -> str:
    return f"visiting-day-{re.sub(r'[^A-Za-z0-9]+', '-', home)[:40]}.html"


_WORDS = {
    "note": "Note (only what is needed)",
    "noted": "Noted",
    "back": "Take back",
    "none": "Nothing is noted yet.",
    "count": "{n} entries are noted on this tablet.",
    "lost": "This browser does not keep what you note. Save the answers before you close this page.",
    "copied": "The answers are copied.",
    "unsaved": "{n} of them are not saved as a file yet.",
}
ROUTES = [
    Route("/plan/{plan}/engage/{home}/day", day),
    Route("/plan/{plan}/engage/{home}/day/along", along),
    Route("/plan/{plan}/engage/{home}/day/bring", posting(bring, most_bytes=5 * MEGABYTE), methods=["POST"]),
]
