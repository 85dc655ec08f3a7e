"""The images of an EPUB: what is packed is what was checked, whatever has become of the file."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
from PIL import Image

from makeready.book.model import Resource
from makeready.epub.image_scaling import ImageScaler
from makeready.epub.images import ImageItem
from makeready.errors import FindingsError

SVG = '<svg xmlns="http://www.w3.org/2000/svg">{}</svg>'


def encoded(form: str) -> bytes:
    out = io.BytesIO()
    Image.new("L", (4, 4)).save(out, form)
    return out.getvalue()


def item(path: Path, media_type: str, content: bytes) -> ImageItem:
    path.write_bytes(content)
    resource = Resource(path.name, media_type)
    return ImageItem("image-1", path.name, resource, path.parent, ImageScaler(None))


@pytest.mark.parametrize(
    ("media_type", "content"),
    [
        ("image/png", encoded("PNG")),
        ("image/jpeg", encoded("JPEG")),
        ("image/gif", encoded("GIF")),
        ("image/webp", encoded("WEBP")),
        ("image/svg+xml", SVG.format("<g/>").encode()),
    ],
)
def test_an_image_is_packed_as_it_is(tmp_path: Path, media_type: str, content: bytes) -> None:
    assert item(tmp_path / "a", media_type, content).get_content() == content


def test_a_drawing_is_packed_without_what_is_not_allowed(tmp_path: Path) -> None:
    content = SVG.format('<g xmlns:a="b" a:onload="c()"/><style>@font-face{src:url(d)}</style>')
    packed = item(tmp_path / "a.svg", "image/svg+xml", content.encode()).get_content()
    assert b"onload" not in packed and b"url" not in packed and b"<g" in packed


@pytest.mark.parametrize(
    ("media_type", "content"),
    [
        ("image/png", encoded("JPEG")),
        ("image/png", b"<html xmlns='http://www.w3.org/1999/xhtml'/>"),
        ("image/png", SVG.format("<script/>").encode()),
        ("image/svg+xml", SVG.format("<script/>").encode()),
        ("image/svg+xml", SVG.format("<g>").encode()),
        ("image/svg+xml", encoded("PNG")),
        ("image/svg+xml", b""),
    ],
)
def test_an_image_that_became_another_is_refused(
    tmp_path: Path, media_type: str, content: bytes
) -> None:
    with pytest.raises(FindingsError, match="a has changed while the book was built"):
        item(tmp_path / "a", media_type, content).get_content()
