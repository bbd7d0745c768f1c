"""Who may ask the page: this machine's own browser, opened with the address that was printed, and no other page in it.

A request is refused unless its Host is the server's own (so that no name of another site can be
made to point here), its path begins with the session's own, its cookie holds the session's secret
and, where it changes something, its Origin is the page itself and it carries the session's form token.

The path is what keeps the cookie here. Browsers do not tell the ports of a machine apart, so a cookie
for all paths would be sent to any other server of this machine that its user is led to; one for a
path that nobody else knows is not.
"""

import hmac
import secrets
import time
from dataclasses import dataclass, field
from http.cookies import CookieError, SimpleCookie

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import HTMLResponse, PlainTextResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

SAFE_METHODS = {"GET", "HEAD"}
FORM_FIELD = "csrf"
FORM_HEADER = "x-csrf"

MEGABYTE = 1_000_000
SMALL_BODY = MEGABYTE
"""The most bytes of a request that brings no file."""

_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
HEADERS = {
    "content-security-policy": _POLICY,
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "referrer-policy": "same-origin",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "permissions-policy": "geolocation=(), camera=(), microphone=()",
    "cache-control": "no-store",
}

_ENTERING = (
    '<!doctype html><html lang="en-GB"><head><meta charset="utf-8"><meta http-equiv="refresh" content="0;url={root}/">'
    '<link rel="icon" href="data:,"><title>Opening</title></head><body><p><a href="{root}/">Open the planner</a></p></body>'
    "</html>"
)
_CLOSED = (
    '<!doctype html><html lang="en-GB"><head><meta charset="utf-8"><title>Not open here</title></head><body><main><h1>This '
    "page is not open in this browser</h1><p>Use the whole address that <code>siting open</code> printed, or run it again.</p>"
    "</main></body></html>"
)


@dataclass(slots=True, kw_only=True)
class Access:
    """The secrets of one server and when it was last asked.

    `token` stands in the printed address; `session` in the cookie that the address is exchanged for,
    which is sent below `root` alone, the path of every page.
    """

    port: int
    root: str = field(default_factory=lambda: f"/{secrets.token_urlsafe(24)}")
    token: str = field(default_factory=lambda: secrets.token_urlsafe(32))
    session: str = field(default_factory=lambda: secrets.token_urlsafe(32))
    last_asked_s: float = field(default_factory=time.monotonic)

    @property
    def cookie(self) -> str:
        """The cookie's name; it holds the port, so that two planners do not take each other's place."""
        return f"siting-{self.port}"

    @property
    def hosts(self) -> frozenset[str]:
        """What may stand in the Host of a request."""
        return frozenset({f"127.0.0.1:{self.port}", f"localhost:{self.port}"})

    @property
    def form_token(self) -> str:
        """What every form and every change carries."""
        return hmac.new(self.session.encode(), b"form", "sha256").hexdigest()

    @property
    def address(self) -> str:
        """The address to open."""
        return f"http://127.0.0.1:{self.port}/?token={self.token}"


class Guard:
    """Lets through only what the session's own page asks, and puts the policy's headers on every answer."""

    def __init__(self, app: ASGIApp, access: Access) -> None:
        self.app = app
        self.access = access

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request, or refuse it."""
        if scope["type"] != "http":
            if scope["type"] == "lifespan":
                await self.app(scope, receive, send)
            return
        answer = self._refusal(scope)
        if answer is None:
            self.access.last_asked_s = time.monotonic()
        await (answer or self.app)(scope, receive, self._with_headers(send))

    def _refusal(self, scope: Scope) -> Response | None:
        headers = Headers(scope=scope)
        if headers.getlist("host") != [headers.get("host", "")] or headers.get("host", "").lower() not in self.access.hosts:
            return PlainTextResponse("This server answers to its own address only.", 421)
        method = scope["method"]
        if method not in {*SAFE_METHODS, "POST"}:
            return PlainTextResponse("This is not done here.", 405)
        if _is_of_another_site(headers) or (method == "POST" and not self._is_own(headers)):
            return PlainTextResponse("Another page asked for this, so nothing was done.", 403)
        if method in SAFE_METHODS and scope["path"] == "/" and scope["query_string"].startswith(b"token="):
            return self._enter(scope["query_string"].removeprefix(b"token="))
        begins, after = scope["path"][: len(self.access.root)], scope["path"][len(self.access.root) :]
        is_within = _same(begins, self.access.root) and after[:1] in {"", "/"}
        if not is_within or not _same(self._cookie(headers), self.access.session):
            return HTMLResponse(_CLOSED, 403)
        scope["root_path"] = self.access.root
        return None

    def _is_own(self, headers: Headers) -> bool:
        """Tell whether the page itself asks; every browser names the origin of what is posted."""
        own = {f"http://{host}" for host in self.access.hosts}
        return headers.get("origin") in own and headers.get("sec-fetch-site", "same-origin") in {"same-origin", "none"}

    def _enter(self, token: bytes) -> Response:
        """Exchange the address's token for the cookie, on a page of its own: a strict cookie is not sent on a redirect."""
        if not _same(token.decode("latin-1"), self.access.token):
            return HTMLResponse(_CLOSED, 403)
        answer = HTMLResponse(_ENTERING.format(root=self.access.root))
        answer.set_cookie(self.access.cookie, self.access.session, httponly=True, samesite="strict", path=self.access.root)
        return answer

    def _cookie(self, headers: Headers) -> str:
        jar: SimpleCookie = SimpleCookie()
        try:
            jar.load(headers.get("cookie", ""))
        except CookieError:
            return ""
        found = jar.get(self.access.cookie)
        return found.value if found else ""

    def _with_headers(self, send: Send) -> Send:
        async def with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in HEADERS.items():
                    headers.setdefault(name, value)
            await send(message)

        return with_headers


def _is_of_another_site(headers: Headers) -> bool:
    """Tell whether another page asks for a part of this one; another server of this machine counts as another page.

    That somebody follows a link to the page is another thing.
    """
    return headers.get("sec-fetch-site", "none") in {"cross-site", "same-site"} and headers.get("sec-fetch-mode") != "navigate"


def _same(one: str, other: str) -> bool:
    return hmac.compare_digest(one.encode(), other.encode())
