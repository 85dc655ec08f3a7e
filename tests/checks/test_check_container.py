"""The checks on an EPUB's container: a clean file, and the same file broken in one place."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
from check_samples import jpeg, pack, small_epub
from PIL import Image

from makeready.checks.container import check_container
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
    assert rule == "EPU-002" and message.endswith("its first entry is not mimetype.")


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
    assert rule == "EPU-003" and f"names {count} navigation" in message


@pytest.mark.parametrize("count", [0, 2])
def test_modified_said_once(target: Path, count: int) -> None:
    meta = b'<meta property="dcterms:modified">2024-01-01T00:00:00Z</meta>'
    ((rule, message),) = check(pack(_with_package(meta, meta * count), target))
    assert rule == "EPU-004" and f"says {count} times" in message


def test_no_cover(target: Path) -> None:
    files = _with_package(b' properties="cover-image"', b"")
    # The cover's pixels are then those of an inside image, which may have fewer.
    files["EPUB/cover.jpg"] = jpeg(160, 256)
    assert check(pack(files, target)) == [("EPU-005", "No image is marked as the cover.")]


def _png() -> bytes:
    buffer = io.BytesIO()
    Image.new("RGB", (1600, 2560)).save(buffer, "PNG")
    return buffer.getvalue()


@pytest.mark.parametrize(
    ("cover", "rule", "words"),
    [
        (_png(), "EPU-006", "a PNG in RGB"),
        (jpeg(1600, 2560, "CMYK"), "EPU-006", "a JPEG in CMYK"),
        (jpeg(1600, 2560, "L"), "EPU-006", "a JPEG in L"),
        (b"nothing", "EPU-006", "not one that can be read"),
        (jpeg(1599, 2560), "EPU-007", "1599 × 2560 pixels"),
        (jpeg(1600, 2559), "EPU-007", "1600 × 2559 pixels"),
        (jpeg(1600, 2560) + bytes(5_000_000), "EPU-008", "takes 5.1 MB"),
    ],
)
def test_a_cover_that_stores_refuse(target: Path, cover: bytes, rule: str, words: str) -> None:
    ((found, message),) = check(pack({**small_epub(), "EPUB/cover.jpg": cover}, target))
    assert found == rule
    assert words in message


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("EPUB/what?.txt", "it has ?"),
        ("EPUB/a:b.txt", "it has :"),
        ("EPUB/bell\x07.txt", "it has U+0007"),
        ("EPUB/own\ue000.txt", "it has U+E000"),
        ("EPUB/end.", "it ends in a full stop"),
        ("EPUB/" + "n" * 256, "longer than 255 bytes"),
        ("EPUB/NAV.xhtml", "the same name where case does not count"),
    ],
)
def test_a_name_that_cannot_stand(target: Path, name: str, reason: str) -> None:
    ((rule, message),) = check(pack({**small_epub(), name: b""}, target))
    assert rule == "EPU-009"
    assert reason in message


def test_an_image_of_too_many_pixels(target: Path) -> None:
    files = {**small_epub(), "EPUB/figure.jpg": jpeg(2000, 1700)}
    ((rule, message),) = check(pack(files, target))
    assert rule == "EPU-010"
    assert message.startswith("The image EPUB/figure.jpg has 3.4 million pixels")


def test_an_image_that_claims_a_giant_size_is_not_decoded(target: Path) -> None:
    header = bytearray(jpeg(16, 16))
    frame = header.index(b"\xff\xc0")
    header[frame + 5 : frame + 9] = b"\xff\xff\xff\xff"
    ((rule, _),) = check(pack({**small_epub(), "EPUB/figure.jpg": bytes(header)}, target))
    assert rule == "EPU-010"


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
