"""Pages from templates, with the components of the GOV.UK Design System; whatever users typed is text in them."""

import datetime as dt
from collections.abc import Sequence
from typing import Any

from jinja2 import ChoiceLoader, Environment, PackageLoader, PrefixLoader, pass_context
from jinja2.runtime import Context
from starlette.requests import Request
from starlette.responses import HTMLResponse

from siting.page.forms import FormError
from siting.page.guard import FORM_FIELD, FORM_HEADER
from siting.page.language import ENGLISH, LANGUAGES, WELSH, parts_in, words_in
from siting.page.opened_folder import FoundPlan

LANGUAGE_COOKIE = "siting-language"
_GOVUK = "govuk_frontend_jinja"
_LOCALES = {ENGLISH: "en_GB", WELSH: "cy"}
SCENARIO_WORDS = {
    "free_flow": "Empty roads",
    "typical": "An ordinary weekday",
    "school_run": "The school run",
}
NOTHING = "\N{EN DASH}"
VERDICT_LOOK = {"pass": "green", "marginal": "yellow", "fail": "red", "unreachable": "grey"}


def make_environment(root: str) -> Environment:
    """Make what pages are rendered by; `root` is the path that all their addresses begin with."""
    loader = ChoiceLoader([PackageLoader("siting.page"), PrefixLoader({_GOVUK: PackageLoader(_GOVUK)})])
    environment = Environment(loader=loader, autoescape=True, trim_blocks=True, lstrip_blocks=True)
    environment.filters |= {"minutes": minutes, "pounds": pounds, "moment": moment, "sentence": sentence, "day": day}
    environment.globals |= {"root": root, "verdict_look": VERDICT_LOOK, "scenario_words": SCENARIO_WORDS}
    return environment


def render(
    request: Request,
    name: str,
    values: dict[str, Any],
    *,
    plan: FoundPlan | None = None,
    errors: Sequence[FormError] = (),
    status: int = 200,
) -> HTMLResponse:
    """Answer with a page."""
    state = request.app.state
    language = language_of(request)
    say = words_in(language)
    shown = state.environment.get_template("parts.html").module

    def tell(text: object) -> Any:  # noqa: ANN401 - marked-up text
        return shown.told(parts_in(language, str(text)))

    said_key = request.query_params.get("said", "")
    text = state.environment.get_template(name).render(
        values
        | {
            "t": say,
            "told": tell,
            "language": language,
            "languages": LANGUAGES,
            "path": request.url.path,
            "csrf": state.access.form_token,
            "csrf_field": FORM_FIELD,
            "csrf_header": FORM_HEADER,
            "plan": plan,
            "folder": state.folder.root.name or str(state.folder.root),
            "others": state.presence.others(),
            "unread_runs": getattr(request.state, "unread_runs", []),
            "shown_run": getattr(request.state, "shown_run", None),
            "said": state.said.get(said_key),
            "said_key": said_key,
            "errors": list(errors),
            "error_of": {error.field: {"html": tell(error.text)} for error in reversed(errors)},
        }
    )
    answer = HTMLResponse(text, status)
    if "lang" in request.query_params:
        answer.set_cookie(LANGUAGE_COOKIE, language, samesite="strict", httponly=True, path=state.access.root)
    return answer


def language_of(request: Request) -> str:
    """Return the language that is asked for, or was before."""
    asked = request.query_params.get("lang") or request.cookies.get(LANGUAGE_COOKIE, ENGLISH)
    return asked if asked in LANGUAGES else ENGLISH


def sentence(text: str) -> str:
    """Begin a sentence with a capital; what users typed in it stays as it is."""
    return text[:1].upper() + text[1:]


def minutes(value: object) -> str:
    """Write minutes; an empty value says that there is none."""
    return f"{value:.1f}" if isinstance(value, int | float) else NOTHING


def pounds(value: object) -> str:
    """Write money; an empty value says that it is not known."""
    return f"£{value:,.0f}" if isinstance(value, int | float) else "not given"


@pass_context
def day(context: Context, value: str) -> str:
    """Write a day of ISO 8601 for people: Monday 25 January 2027."""
    try:
        return _written(dt.date.fromisoformat(value[:10]), "EEEE d MMMM y", context)
    except ValueError:
        return value


@pass_context
def moment(context: Context, value: str) -> str:
    """Write a run's moment, `2026-11-26T161035Z.json` or as ISO 8601, for people, by the clock of this machine."""
    try:
        at = dt.datetime.fromisoformat(value.removesuffix(".json")).astimezone()
    except ValueError:
        return value
    return f"{_written(at.date(), 'd MMMM y', context)}, {at:%H:%M}"


def _written(date: dt.date, pattern: str, context: Context) -> str:
    from babel.dates import format_date  # noqa: PLC0415 - not every page has a date

    return str(format_date(date, pattern, locale=_LOCALES[context.get("language", ENGLISH)]))
