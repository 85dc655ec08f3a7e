"""A foreign EPUB makes nothing be fetched: not by document types, not by entities."""

from __future__ import annotations

import re
import socket
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from check_samples import pack, small_epub

from makeready.checks.epub.epub import check_epub
from makeready.external.epubcheck import run_epubcheck
from makeready.findings import Findings

_PACKAGE, _CONTAINER = "EPUB/package.opf", "META-INF/container.xml"


class Listener:
    """A server on a port of this machine, and the first line of each request to it."""

    def __init__(self) -> None:
        self.requests: list[bytes] = []
        self.socket = socket.create_server(("127.0.0.1", 0))
        self.address = f"127.0.0.1:{self.socket.getsockname()[1]}"
        threading.Thread(target=self._serve, daemon=True).start()

    def _serve(self) -> None:
        while True:
            try:
                connection, _ = self.socket.accept()
            except OSError:
                return
            with connection:
                self.requests.append(connection.recv(4000).partition(b"\r\n")[0])
                connection.sendall(b"HTTP/1.0 404 Not Found\r\n\r\n")


@pytest.fixture
def listener() -> Iterator[Listener]:
    server = Listener()
    yield server
    server.socket.close()


def with_doctype(path: str, doctype: str, encoding: str = "utf-8") -> dict[str, bytes]:
    """Return the files of a small EPUB, one of them with another document type."""
    files = small_epub()
    content = files[path].decode()
    body = re.sub(r"^\s*<\?xml.*?\?>|<!DOCTYPE[^>]*>", "", content)
    root = re.search(r"<([\w:]+)", body)
    assert root is not None
    declared = f'<?xml version="1.0" encoding="{encoding}"?>\n'
    files[path] = (declared + doctype.replace("ROOT", root[1]) + body).encode(encoding)
    return files


_SYSTEM = '<!DOCTYPE ROOT\n SYSTEM "{scheme}://{address}/x">'
_PUBLIC = '<!DOCTYPE ROOT PUBLIC "-//X//Y" "{scheme}://{address}/x">'
_ENTITY = '<!DOCTYPE ROOT [<!ENTITY e SYSTEM "{scheme}://{address}/x">]>'
_PARAMETER = '<!DOCTYPE ROOT [<!ENTITY % e SYSTEM "{scheme}://{address}/x"> %e;]>'


def checked(files: dict[str, bytes], path: Path) -> list[tuple[str, str]]:
    findings = Findings()
    check_epub(pack(files, path), findings)
    return [(one.id, str(one.location)) for one in findings]


@pytest.mark.parametrize("path", [_PACKAGE, _CONTAINER])
@pytest.mark.parametrize(
    ("doctype", "scheme", "encoding"),
    [
        (_SYSTEM, "http", "utf-8"),
        (_SYSTEM, "https", "utf-16"),
        (_PUBLIC, "ftp", "iso-8859-1"),
        (_PUBLIC, "jar:http", "windows-1252"),
        (_ENTITY, "file", "utf-8"),
        (_PARAMETER, "http", "utf-8"),
    ],
)
def test_an_address_is_refused_before_epubcheck_sees_it(
    tmp_path: Path, listener: Listener, path: str, doctype: str, scheme: str, encoding: str
) -> None:
    text = doctype.format(scheme=scheme, address=listener.address)
    found = checked(with_doctype(path, text, encoding), tmp_path / "book.epub")
    assert [one for one in found if one[0] != "ACC-026"] == [
        ("EPU-017", f"book.epub/{path}:{2 + ('SYSTEM' in text and doctype == _SYSTEM)}")
    ]
    assert listener.requests == []


@pytest.mark.slow
@pytest.mark.parametrize("scheme", ["http", "https", "ftp", "jar:http"])
def test_java_itself_has_no_network(tmp_path: Path, listener: Listener, scheme: str) -> None:
    text = _SYSTEM.format(scheme=scheme, address=listener.address)
    path = pack(with_doctype(_PACKAGE, text), tmp_path / "book.epub")
    assert "PKG-008" in [one.id for one in run_epubcheck(path, timeout_seconds=100)]
    assert listener.requests == []


@pytest.mark.slow
def test_a_document_type_that_epubcheck_knows_is_not_refused(tmp_path: Path) -> None:
    doctype = '<!DOCTYPE ROOT PUBLIC "+//ISBN 0-9673008-1-9//DTD OEB 1.2 Package//EN"\n'
    doctype += ' "http://openebook.org/dtds/oeb-1.2/oebpkg12.dtd">'
    found = checked(with_doctype(_PACKAGE, doctype), tmp_path / "book.epub")
    assert "EPU-017" not in dict(found)
    # EPUB 3 forbids it.
    assert "OPF-073" in dict(found)
