"""Who may ask the preview for anything: the browser that was given the token, on this machine.

Any page in a browser may send requests to a local address, under a name that leads there too (DNS
rebinding). So the ``Host`` must be this server's, and so must the ``Origin``, where there is one.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass, field
from http.cookies import CookieError, SimpleCookie
from urllib.parse import parse_qs

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import PlainTextResponse, RedirectResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; "
    "frame-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
BOOK_POLICY = (
    "default-src 'none'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; font-src 'self'; "
    "media-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'self'; "
    "sandbox allow-same-origin"
)
"""That of a file of an e-book: no scripts, and nothing from outside the book."""

_HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
}
_OWN_SITES = frozenset({"same-origin", "none"})
_WITH_TOKEN = frozenset({"/", "/goto"})
"""The paths that take the token in their address: the page, and what an editor calls."""

_REFUSED = (
    "This preview is only for the browser that it was opened in.\n"
    "Use the address that `makeready preview` printed; it ends in a token.\n"
)


@dataclass(frozen=True, slots=True)
class Access:
    """An application that answers only requests for this server that have its token.

    ``port`` is the server's, on the loopback address.
    """

    application: ASGIApp
    token: str
    port: int
    _hosts: frozenset[str] = field(init=False)

    def __post_init__(self) -> None:
        hosts = frozenset(f"{name}:{self.port}" for name in ("127.0.0.1", "localhost"))
        object.__setattr__(self, "_hosts", hosts)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request, or refuse it."""

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in _HEADERS.items():
                    headers[name] = value
                headers.setdefault("Content-Security-Policy", POLICY)
                headers.setdefault("Cache-Control", "no-store")
            await send(message)

        if scope["type"] == "http":
            answer = self._answer(scope) or self.application
            await answer(scope, receive, send_with_headers)

    @property
    def _cookie(self) -> str:
        """The name of the cookie; those of all ports of a host are sent to each."""
        return f"makeready-{self.port}"

    def _answer(self, scope: Scope) -> Response | None:
        """Return the answer to a request that is not for the application."""
        headers = Headers(scope=scope)
        if headers.get("host") not in self._hosts:
            return PlainTextResponse("This server is not at that address.\n", 421)
        origin = headers.get("origin")
        if origin is not None and origin not in {f"http://{host}" for host in self._hosts}:
            return PlainTextResponse("This server takes no requests of other sites.\n", 403)
        path = scope["path"]
        if path in _WITH_TOKEN and self._is_token(_parameter(scope, "token")):
            if path != "/":
                return None
            answer = RedirectResponse("/", 303)
            answer.set_cookie(self._cookie, self.token, httponly=True, samesite="strict")
            return answer
        if headers.get("sec-fetch-site", "none") not in _OWN_SITES:
            return PlainTextResponse("This server takes no requests of other sites.\n", 403)
        given = _cookie(headers, self._cookie) or _bearer(headers)
        return None if self._is_token(given) else PlainTextResponse(_REFUSED, 403)

    def _is_token(self, given: str) -> bool:
        return secrets.compare_digest(given.encode(), self.token.encode())


def _parameter(scope: Scope, name: str) -> str:
    query: bytes = scope["query_string"]
    return parse_qs(query.decode("latin-1")).get(name, [""])[-1]


def _bearer(headers: Headers) -> str:
    scheme, _, value = headers.get("authorization", "").partition(" ")
    return value if scheme == "Bearer" else ""


def _cookie(headers: Headers, name: str) -> str:
    try:
        cookies: SimpleCookie = SimpleCookie(headers.get("cookie", ""))
    except CookieError:
        return ""
    value: str = cookies[name].value if name in cookies else ""
    return value
