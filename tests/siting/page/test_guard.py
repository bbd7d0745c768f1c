"""What another site, another tab, another name for this machine and a stranger can do: nothing."""

import re
from collections.abc import Iterator
from typing import Any

import pytest
from starlette.routing import Route

from siting.page.app import ROUTES
from siting.page.guard import FORM_FIELD, HEADERS

OWN = "http://127.0.0.1:8765"
POSTED = sorted({route.path for route in ROUTES if isinstance(route, Route) and route.methods and "POST" in route.methods})


def _address(path: str) -> str:
    return re.sub(r"{[^}]*}", "1", path)


def test_nothing_is_shown_without_the_address_that_was_printed(page: Any) -> None:
    for path in ("/", "/plan/1", "/asset/page.css"):
        for root in ("", page.access.root, page.access.root[:-1], page.access.root + "x"):
            assert page.stranger.get(root + path).status_code == 403
    assert page.stranger.get("/?token=wrong").status_code == 403


def test_the_address_is_exchanged_for_a_cookie_that_no_script_and_no_other_site_can_use(page: Any) -> None:
    answer = page.stranger.get(f"/?token={page.access.token}")
    assert answer.status_code == 200
    cookie = answer.headers["set-cookie"].lower()
    assert "httponly" in cookie
    assert "samesite=strict" in cookie
    assert f"path={page.access.root};".lower() in cookie
    assert page.access.token not in answer.text
    assert page.stranger.get(f"{page.access.root}/").status_code == 200


def test_the_cookie_alone_opens_nothing(page: Any) -> None:
    """Whoever got hold of a cookie does not know where the page is."""
    page.stranger.cookies.set(page.access.cookie, page.access.session)
    for path in (
        "/",
        "/plan/1",
        "/asset/page.css",
        page.access.root[:-1] + "/",
        page.access.root + "x/",
        "/x" + page.access.root,
    ):
        assert page.stranger.get(path).status_code == 403


@pytest.mark.parametrize(
    "host", ["evil.example:8765", "evil.example", "127.0.0.1", "127.0.0.1:9999", "localhost.evil.example:8765", ""]
)
def test_a_name_that_was_made_to_point_here_is_not_answered(host: str, page: Any) -> None:
    """DNS rebinding: the browser believes that it asks another site, and says so in the Host."""
    for path in ("/", f"/?token={page.access.token}"):
        answer = page.client.get(path, headers={"host": host})
        assert answer.status_code == 421
        assert "set-cookie" not in answer.headers


@pytest.mark.parametrize(
    "origin", ["https://evil.example", "null", "http://127.0.0.1:9999", "http://127.0.0.1:8765.evil.example", None]
)
def test_a_page_in_another_tab_changes_nothing(origin: str | None, page: Any) -> None:
    headers = {"origin": origin} if origin else {}
    for path in POSTED:
        answer = page.client.post(_address(path), data={FORM_FIELD: page.access.form_token}, headers=headers)
        assert answer.status_code == 403, path
    assert not list(page.folder.iterdir())


def test_a_request_that_the_browser_calls_cross_site_changes_nothing(page: Any) -> None:
    headers = {"origin": OWN, "sec-fetch-site": "cross-site"}
    assert page.client.post("/sample", data={FORM_FIELD: page.access.form_token}, headers=headers).status_code == 403


@pytest.mark.parametrize("path", POSTED)
@pytest.mark.parametrize("token", ["", "wrong"])
def test_every_form_carries_the_sessions_token(path: str, token: str, page: Any) -> None:
    answer = page.client.post(_address(path), data={FORM_FIELD: token}, headers={"origin": OWN})
    assert answer.status_code == 403
    assert not list(page.folder.iterdir())


@pytest.mark.parametrize("site", ["cross-site", "same-site"])
def test_a_part_of_a_page_is_not_shown_to_a_page_of_another_server(site: str, page: Any) -> None:
    """A server at another port of this machine is sent the same cookies, and may ask in its visitor's name."""
    for mode in ("no-cors", "cors", "websocket"):
        answer = page.client.get("/", headers={"sec-fetch-site": site, "sec-fetch-mode": mode})
        assert answer.status_code == 403
        assert "govuk" not in answer.text
    assert page.client.get("/", headers={"sec-fetch-site": "same-origin", "sec-fetch-mode": "cors"}).status_code == 200


@pytest.mark.parametrize("method", ["PUT", "DELETE", "PATCH", "OPTIONS", "TRACE"])
def test_other_methods_are_refused(method: str, page: Any) -> None:
    assert page.client.request(method, "/").status_code == 405


def test_every_answer_carries_the_policy(page: Any) -> None:
    for answer in (page.get("/"), page.get("/nowhere"), page.stranger.get("/"), page.client.get("/", headers={"host": "x"})):
        for name, value in HEADERS.items():
            assert answer.headers[name] == value
    assert "unsafe" not in HEADERS["content-security-policy"]


def test_what_comes_is_limited_also_where_its_length_is_not_told(page: Any) -> None:
    big = b"x" * 2_000_000
    headers = {"origin": OWN, "content-type": "application/x-www-form-urlencoded"}
    assert page.client.post("/sample", content=big, headers=headers).status_code == 413

    def pieces() -> Iterator[bytes]:
        yield from (b"a=" + b"x" * 500_000 for _ in range(10))

    assert page.client.post("/sample", content=pieces(), headers=headers).status_code in {400, 413}


def test_no_page_has_code_or_styles_of_its_own(page: Any) -> None:
    """Else the policy would have to allow them, and with them whatever a cell could bring in."""
    for path in ("/", "/start"):
        text = page.get(path).text
        assert not re.search(r"<script(?![^>]*\bsrc=)", text)
        assert not re.search(r"\son[a-z]+=|\sstyle=|<style", text)
        assert not re.search(r"""(?:src|href|action)=["'](?:https?:)?//""", text)
