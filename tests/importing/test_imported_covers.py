"""The picture that another tool has for a cover is that of the book."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image

from importing.source_book import imported, write_files


def picture(width: int, height: int) -> bytes:
    held = BytesIO()
    Image.new("L", (width, height), 90).save(held, "PNG")
    return held.getvalue()


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        (picture(700, 1000), ""),
        (picture(700, 999), "it is only 999 pixels high"),
        (picture(1200, 1200), "it is wider than high"),
        (b"no picture", "it is no picture that can be read"),
        (None, "there is no such file"),
    ],
)
def test_a_cover_is_used_if_it_is_one(tmp_path: Path, content: bytes | None, problem: str) -> None:
    files: dict[str, str | bytes] = {
        "metadata.yaml": "title: Walls\nauthor: Ann Lee\nlang: en\ncover-image: art/front.png\n",
        "a.md": "# A\n\nText.\n",
        "b.md": "# B\n\nText.\n",
    }
    if content is not None:
        files["art/front.png"] = content
    book = imported(write_files(tmp_path / "source", files), tmp_path / "book")
    if problem:
        told = f"metadata.yaml:1: The cover image is not used, {problem}: art/front.png."
        assert told in book.left_out
        assert "cover" not in book.values
    else:
        assert book.values["cover"] == {"image": "art/front.png", "panel": False}
        assert (book.folder / "art" / "front.png").read_bytes() == content
