"""Who is answered: only the browser that has the token, and only with the book's built files."""

from __future__ import annotations

import json
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest
from preview_runs import Preview, chromium, preview_of, wait_for

from conftest import makeready
from makeready.errors import UsageError
from makeready.preview.server import listen

pytestmark = pytest.mark.slow

_SCRIPT = "parent.document.title = 'taken'"
_HOSTILE = (
    f'# Two\n\n<script>{_SCRIPT}</script><img src="images/square.png" alt="" onload="{_SCRIPT}">'
)


@pytest.fixture(scope="module")
def preview(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Preview]:
    with preview_of(tmp_path_factory.mktemp("preview"), "leaflet") as preview:
        (preview.book / "secret.txt").write_text("secret", "utf-8")
        wait_for(lambda: preview.own("/editions/paperback/pages.json").status == 200)
        yield preview


def test_the_token_is_taken_once_and_becomes_a_cookie(preview: Preview) -> None:
    answer = preview.ask(f"/?token={preview.token}")
    assert answer.status == 303
    assert answer.headers["location"] == "/"
    cookie = answer.headers["set-cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=strict" in cookie
    page = preview.own("/")
    assert page.status == 200
    policy = page.headers["content-security-policy"]
    assert "script-src 'self'" in policy
    assert "unsafe" not in policy
    assert preview.token not in page.content.decode()


@pytest.mark.parametrize("path", ["/", "/editors.json", "/events", "/assets/main.js", "/goto"])
def test_without_the_token_nothing_is_answered(preview: Preview, path: str) -> None:
    for headers in ({}, {"Cookie": f"makeready-{preview.port}=wrong"}, {"Cookie": '=;="\x7f'}):
        answer = preview.ask(path, **headers)
        assert answer.status == 403
        assert b"token" in answer.content
    assert preview.ask(f"{path}?token=wrong").status == 403


def test_other_hosts_and_sites_are_refused(preview: Preview) -> None:
    path = "/editions/paperback/pages.json"
    # The name of a stranger's site may lead to this machine (DNS rebinding).
    for host in ("example.org", f"example.org:{preview.port}", "127.0.0.1", ""):
        assert preview.own(path, Host=host).status == 421, host
    for origin in ("http://example.org", "null", "http://127.0.0.1", "http://localhost:1"):
        assert preview.own(path, Origin=origin).status == 403, origin
    for site in ("cross-site", "same-site"):
        assert preview.own(path, Sec_Fetch_Site=site).status == 403, site
    own = f"http://127.0.0.1:{preview.port}"
    assert preview.own(path, Origin=own, Sec_Fetch_Site="same-origin").status == 200
    assert preview.own(path, Host=f"localhost:{preview.port}").status == 200


def test_it_listens_on_the_loopback_address_only(preview: Preview) -> None:
    others = {info[4][0] for info in socket.getaddrinfo(socket.gethostname(), None, socket.AF_INET)}
    for address in others - {"127.0.0.1"}:
        with socket.socket() as client, pytest.raises(OSError, match=r"."):
            client.settimeout(2)
            client.connect((address, preview.port))


@pytest.mark.parametrize(
    "path",
    [
        "/assets/..%2f..%2fcli%2fmain.py",
        "/assets/../state.py",
        "/assets/%2e%2e/application.py",
        "/assets/.hidden.js",
        "/book.toml",
        "/secret.txt",
        "/editions/paperback/images/..%2f..%2fetc%2fpasswd/100.webp",
        "/editions/..%2f..%2f/pages.json",
        "/editions/paperback/lines/999.json",
        "/epub/ebook/wrong/nav.xhtml",
    ],
)
def test_nothing_but_the_books_files_is_served(preview: Preview, path: str) -> None:
    assert preview.own(path).status == 404


def test_images_have_a_size_within_reason(preview: Preview) -> None:
    pages = json.loads(preview.own("/editions/paperback/pages.json").content)["pages"]
    digest = next(digest for _, digest, section, _ in pages if section >= 0)
    image = f"/editions/paperback/images/{digest}"
    assert preview.own(f"{image}/200.webp").content[8:12] == b"WEBP"
    for width in ("0", "4097", "1000000000", "-5"):
        assert preview.own(f"{image}/{width}.webp").status == 404


def test_a_page_cannot_have_a_command_run(preview: Preview) -> None:
    # No command was given, and none is taken from a request.
    body = json.dumps({"path": "chapter-1.md", "line": 1, "command": "true"})
    assert preview.own("/open", method="POST", body=body).status == 403
    body = json.dumps({"path": "/etc/passwd", "line": 1})
    assert preview.own("/goto", method="POST", body=body).status == 404
    editors = json.loads(preview.own("/editors.json").content)
    assert "command" not in editors["editors"]


def test_a_strangers_book_runs_no_script(preview: Preview) -> None:
    (preview.book / "chapter-2.md").write_text(_HOSTILE, "utf-8")
    made = wait_for(lambda: _ebook(preview))
    assert isinstance(made, dict)
    name = next(name for name in made["spine"] if name.endswith("chapter-2.xhtml"))
    address = f"/epub/ebook/{made['digest']}/{name}"
    answer = preview.own(address)
    policy = answer.headers["content-security-policy"]
    assert "sandbox allow-same-origin" in policy
    assert "script" not in policy
    assert preview.own(f"/epub/ebook/{made['digest']}/META-INF/container.xml").status == 404
    with chromium() as browser:
        page = browser.new_page()
        page.goto(preview.address)
        page.evaluate(
            """address => new Promise((done) => {
                const frame = document.createElement("iframe");
                frame.onload = done;
                frame.src = address;
                document.body.append(frame);
            })""",
            address,
        )
        assert page.frames[-1].locator("h1").inner_text()
        # Even a script that got into the book would not run, by the header alone.
        page.evaluate(
            """() => {
                const inside = document.querySelector("iframe").contentDocument;
                const script = inside.createElementNS("http://www.w3.org/1999/xhtml", "script");
                script.textContent = "parent.document.title = 'taken'";
                const image = inside.createElementNS("http://www.w3.org/1999/xhtml", "img");
                image.setAttribute("onerror", script.textContent);
                image.setAttribute("src", "missing.png");
                inside.body.append(script, image);
            }"""
        )
        page.wait_for_timeout(300)
        assert page.title() != "taken"


def _ebook(preview: Preview) -> object:
    answer = preview.own("/editions/ebook/epub.json")
    return json.loads(answer.content) if answer.status == 200 else None


def test_a_port_in_use_is_said_or_passed_over(preview: Preview) -> None:
    with pytest.raises(UsageError, match=f"Port {preview.port} is in use"):
        listen(preview.port)
    with listen(None) as first, listen(None) as second:
        assert {first.getsockname()[0], second.getsockname()[0]} == {"127.0.0.1"}
        assert second.getsockname()[1] > first.getsockname()[1]


def test_an_order_that_cannot_be_met_ends_with_its_reason(tmp_path: Path) -> None:
    run = makeready("preview", "--no-open", "--port", "0", "--book", tmp_path)
    assert run.code == 2
    assert "has no book.toml" in run.err


@pytest.mark.parametrize("path", ["/open", "/goto"])
@pytest.mark.parametrize("body", ["", "{", "[]", "[" * 5000, "\xff"])
def test_a_request_that_is_no_object_is_refused(preview: Preview, path: str, body: str) -> None:
    assert preview.own(path, method="POST", body=body).status == 400
