"""The checks on an EPUB's container: a clean file, and the same file broken in one place."""

from __future__ import annotations

from pathlib import Path

import pytest
from check_samples import epub_2, jpeg, pack, small_epub

from makeready.checks.epub.container import check_container
from makeready.findings import Findings


def check(path: Path) -> list[tuple[str, str]]:
    findings = Findings()
    check_container(path, findings)
    assert {str(finding.location) for finding in findings} <= {path.name}
    return [(finding.id, finding.message) for finding in findings]


@pytest.fixture
def target(tmp_path: Path) -> Path:
    return tmp_path / "book.epub"


def test_a_clean_epub(target: Path) -> None:
    assert check(pack(small_epub(), target)) == []


def test_mimetype_compressed(target: Path) -> None:
    ((rule, message),) = check(pack(small_epub(), target, compress_mimetype=True))
    assert rule == "EPU-002" and message.endswith("mimetype is compressed.")


def test_mimetype_with_an_extra_field(target: Path) -> None:
    ((rule, message),) = check(pack(small_epub(), target, extra=b"\xfe\xca\x00\x00"))
    assert rule == "EPU-002" and message.endswith("mimetype has an extra field.")


def test_mimetype_not_first(target: Path) -> None:
    files = small_epub()
    files["mimetype"] = files.pop("mimetype")
    ((rule, message),) = check(pack(files, target))
    assert rule == "EPU-002" and message.endswith("the first entry is not mimetype.")


def test_something_before_the_archive(target: Path) -> None:
    content = pack(small_epub(), target).read_bytes()
    target.write_bytes(b"#!/bin/sh\n" + content)
    ((rule, _),) = check(target)
    assert rule == "EPU-002"


def test_mimetype_of_something_else(target: Path) -> None:
    ((rule, _),) = check(pack({**small_epub(), "mimetype": b"application/zip"}, target))
    assert rule == "EPU-002"


def _with_package(old: bytes, new: bytes) -> dict[str, bytes]:
    files = small_epub()
    assert old in files["EPUB/package.opf"]
    return {**files, "EPUB/package.opf": files["EPUB/package.opf"].replace(old, new)}


@pytest.mark.parametrize(
    ("old", "new", "count"),
    [
        (b' properties="nav"', b"", 0),
        (b'properties="cover-image"', b'properties="cover-image nav"', 2),
    ],
)
def test_one_navigation_document(target: Path, old: bytes, new: bytes, count: int) -> None:
    ((rule, message),) = check(pack(_with_package(old, new), target))
    assert rule == "EPU-003" and f"has {count} navigation document" in message


@pytest.mark.parametrize("count", [0, 2])
def test_modified_said_once(target: Path, count: int) -> None:
    meta = b'<meta property="dcterms:modified">2024-01-01T00:00:00Z</meta>'
    ((rule, message),) = check(pack(_with_package(meta, meta * count), target))
    assert rule == "EPU-004" and f"has {count} modification date" in message


def test_no_cover(target: Path) -> None:
    files = _with_package(b' properties="cover-image"', b"")
    # The cover's pixels are then those of an inside image, which may have fewer.
    files["EPUB/cover.jpg"] = jpeg(160, 256)
    assert check(pack(files, target)) == [("EPU-005", "No image is marked as the cover.")]


def _of_epub_2(old: str = "", new: str = "") -> dict[str, bytes]:
    files = epub_2(small_epub())
    package = files["EPUB/package.opf"].decode()
    assert not old or package.count(old) == 1
    return {**files, "EPUB/package.opf": package.replace(old, new).encode()}


_COVER_META = '<meta name="cover" content="cover"/>'
_GUIDE = '<guide><reference type="cover" title="Cover" href="{}"/></guide></package>'


def _with_guide(href: str) -> dict[str, bytes]:
    files = _of_epub_2(_COVER_META)
    package = files["EPUB/package.opf"].decode().replace("</package>", _GUIDE.format(href))
    return {**files, "EPUB/package.opf": package.encode()}


@pytest.mark.parametrize(
    "files",
    [
        _of_epub_2(),
        _of_epub_2(_COVER_META, '<meta content="cover" name="cover"/>'),
        _with_guide("nav.xhtml#here"),
        _with_guide("cover.jpg"),
        # An EPUB 3 may mark its cover in the old way alone, as stores ask for it too.
        _with_package(b' properties="cover-image"/>', f"/>{_COVER_META}".encode()),
        # EPUBCheck reports that a package names no version.
        _with_package(b' version="3.0"', b""),
    ],
)
def test_each_version_is_held_to_its_own_rules(target: Path, files: dict[str, bytes]) -> None:
    assert check(pack(files, target)) == []


@pytest.mark.parametrize(
    ("files", "expected"),
    [
        (_of_epub_2(' toc="ncx"'), "EPU-014 The spine names no NCX; an EPUB 2.0 must have one."),
        (_of_epub_2('toc="ncx"', 'toc="nav"'), "EPU-014 The spine names no NCX;"),
        (_of_epub_2(_COVER_META), "EPU-005 No image is marked as the cover."),
        (_of_epub_2('content="cover"', 'content="nav"'), "EPU-005 No image is marked as"),
        (_with_guide("lost.xhtml"), "EPU-005 No image is marked as the cover."),
    ],
)
def test_an_epub_2_broken_in_one_place(
    target: Path, files: dict[str, bytes], expected: str
) -> None:
    ((rule, message),) = check(pack(files, target))
    assert f"{rule} {message}".startswith(expected)


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("EPUB/what?.txt", "it contains ?"),
        ("EPUB/a:b.txt", "it contains :"),
        ("EPUB/bell\x07.txt", "it contains U+0007"),
        ("EPUB/own\ue000.txt", "it contains U+E000"),
        ("EPUB/end.", "it ends with a full stop"),
        ("EPUB/" + "n" * 256, "longer than 255 bytes"),
        ("EPUB/NAV.xhtml", "only in case"),
        ("/etc/passwd", "it is an absolute path"),
        ("EPUB/../../out.txt", "it points outside the book"),
    ],
)
def test_a_name_that_cannot_stand(target: Path, name: str, reason: str) -> None:
    ((rule, message),) = check(pack({**small_epub(), name: b""}, target))
    assert rule == "EPU-009"
    assert reason in message


@pytest.mark.parametrize("content", [b"", b"hello", b"PK\x03\x04"])
def test_what_is_no_zip(target: Path, content: bytes) -> None:
    target.write_bytes(content)
    ((rule, _),) = check(target)
    assert rule == "EPU-001"


@pytest.mark.parametrize("missing", ["META-INF/container.xml", "EPUB/package.opf"])
def test_an_epub_without_its_package(target: Path, missing: str) -> None:
    files = small_epub()
    del files[missing]
    ((rule, message),) = check(pack(files, target))
    assert rule == "EPU-001" and missing in message


def test_a_container_that_is_not_xml(target: Path) -> None:
    files = {**small_epub(), "META-INF/container.xml": b"<container"}
    ((rule, _),) = check(pack(files, target))
    assert rule == "EPU-001"


def test_a_container_that_names_no_package(target: Path) -> None:
    files = {**small_epub(), "META-INF/container.xml": b"<container/>"}
    ((rule, message),) = check(pack(files, target))
    assert rule == "EPU-001" and "names no package document" in message


@pytest.mark.parametrize("damage", [b"\xff" * 40, b"\x00" * 40])
def test_a_package_that_is_damaged(target: Path, damage: bytes) -> None:
    content = bytearray(pack(small_epub(), target).read_bytes())
    start = content.index(b"EPUB/package.opf") + len(b"EPUB/package.opf")
    content[start : start + len(damage)] = damage
    target.write_bytes(content)
    ((rule, _),) = check(target)
    assert rule == "EPU-001"


def test_a_locked_archive(target: Path) -> None:
    content = bytearray(pack(small_epub(), target).read_bytes())
    central = content.index(b"PK\x01\x02")
    while central >= 0:
        content[central + 8] |= 1
        central = content.find(b"PK\x01\x02", central + 4)
    target.write_bytes(content)
    ((rule, message),) = check(target)
    assert rule == "EPU-001" and "encrypted" in message


def test_a_container_larger_than_any_is_not_parsed(target: Path) -> None:
    files = small_epub()
    container = files["META-INF/container.xml"]
    files["META-INF/container.xml"] = container + b"\n" * 1_000_001
    ((rule, message),) = check(pack(files, target))
    assert rule == "EPU-001" and "container.xml is larger than 1 MB" in message


def test_an_archive_that_is_a_bomb_is_not_opened(target: Path) -> None:
    content = bytearray(pack({**small_epub(), "EPUB/zeros.bin": b"zeros"}, target).read_bytes())
    central = content.rindex(b"PK\x01\x02")
    content[central + 24 : central + 28] = (250_000_000).to_bytes(4, "little")
    target.write_bytes(content)
    ((rule, message),) = check(target)
    assert rule == "EPU-012" and "unpacks to 250 MB" in message
