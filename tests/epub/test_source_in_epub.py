"""Every paragraph of the source stands in the finished EPUB, in its order."""

from __future__ import annotations

import re
import zipfile
from pathlib import Path

from lxml import etree

ROOT = Path(__file__).resolve().parents[2]
_ALIKE = str.maketrans({"’": "'", "‘": "'", "“": '"', "”": '"', "–": "-", "\u00a0": " "})
_XHTML = "{http://www.w3.org/1999/xhtml}"
_OPF = "{http://www.idpf.org/2007/opf}"


def alike(text: str) -> str:
    """Set aside what typography may change: quotes, dashes and kinds of space."""
    return " ".join(text.translate(_ALIKE).split())


def text_of_spine(path: Path) -> str:
    with zipfile.ZipFile(path) as archive:
        package = etree.fromstring(archive.read("EPUB/content.opf"))
        hrefs = {item.get("id"): item.get("href") for item in package.iter(f"{_OPF}item")}
        bodies = [
            etree.fromstring(archive.read(f"EPUB/{hrefs[ref.get('idref')]}")).find(f"{_XHTML}body")
            for ref in package.iter(f"{_OPF}itemref")
        ]
    return alike(" ".join("".join(body.itertext()) for body in bodies if body is not None))


def test_every_paragraph_in_order(interview: Path) -> None:
    whole = text_of_spine(interview / "kazakhstan.epub")
    source = (ROOT / "tests" / "data" / "interview.txt").read_text("utf-8")
    paragraphs = [alike(part) for part in re.split(r"\n+", source) if part.strip()]
    assert len(paragraphs) > 30
    position = 0
    for paragraph in paragraphs:
        found = whole.find(paragraph, position)
        assert found >= position, paragraph
        position = found + len(paragraph)


def test_no_query_reaches_it(interview: Path) -> None:
    manuscript = "".join(p.read_text("utf-8") for p in (ROOT / "manuscript").glob("*.md"))
    queries = [" ".join(query.split()) for query in re.findall(r"\{>>(.+?)<<\}", manuscript, re.S)]
    assert len(queries) > 5
    with zipfile.ZipFile(interview / "kazakhstan.epub") as archive:
        texts = [n for n in archive.namelist() if n.endswith((".xhtml", ".opf", ".ncx", ".css"))]
        everything = " ".join(
            " ".join(archive.read(name).decode("utf-8") for name in texts).split()
        )
    assert "{>>" not in everything
    for query in queries:
        assert query[:30] not in everything


def test_everyone_who_made_the_book_is_on_its_copyright_page(garden: Path) -> None:
    with zipfile.ZipFile(garden / "walled-garden.epub") as archive:
        page = etree.fromstring(archive.read("EPUB/text/copyright-page.xhtml"))
    lines = [" ".join("".join(p.itertext()).split()) for p in page.iter("{*}p")]
    assert lines[1:3] == ["by Ann O’Hara", "Illustrated by Bertrand Lefèvre"]
