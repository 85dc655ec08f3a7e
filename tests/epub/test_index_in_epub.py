"""Index and glossary of the e-book: every link leads to the very place, and back."""

from __future__ import annotations

import zipfile
from pathlib import Path, PurePosixPath

import pytest
from lxml import etree
from sample_book import OPF, OPS, XHTML


@pytest.fixture(scope="module")
def documents(garden: Path) -> dict[str, etree._Element]:
    with zipfile.ZipFile(garden / "walled-garden.epub") as archive:
        return {
            PurePosixPath(name).name: etree.fromstring(archive.read(name))
            for name in archive.namelist()
            if name.endswith((".xhtml", ".opf"))
        }


@pytest.fixture(scope="module")
def index(documents: dict[str, etree._Element]) -> etree._Element:
    section = documents["index.xhtml"].find(f".//{XHTML}section")
    assert section is not None
    return section


def _place(documents: dict[str, etree._Element], href: str) -> etree._Element:
    name, _, anchor = href.partition("#")
    (place,) = documents[name or "index.xhtml"].xpath("//*[@id=$anchor]", anchor=anchor)
    return place


def test_it_says_what_it_is(documents: dict[str, etree._Element], index: etree._Element) -> None:
    assert (index.get("role"), index.get(f"{OPS}type")) == ("doc-index", "index")
    landmarks = documents["toc.xhtml"].iter(f"{XHTML}a")
    hrefs = [a.get("href") for a in landmarks if a.get(f"{OPS}type") == "index"]
    assert hrefs == ["index.xhtml"]
    features = documents["content.opf"].iterfind(f".//{OPF}meta")
    assert "index" in [m.text for m in features if m.get("property", "").endswith("Feature")]


def test_every_link_leads_to_its_term(
    documents: dict[str, etree._Element], index: etree._Element
) -> None:
    links = [a for a in index.iter(f"{XHTML}a") if a.get(f"{OPS}type") == "index-locator"]
    words = {"".join(_place(documents, a.get("href") or "").itertext()) for a in links}
    assert {"soil", "clay", "tools", "list of things found", ""} <= words
    for link in links:
        place = _place(documents, link.get("href") or "")
        assert place.tag == f"{XHTML}span"
        assert not list(place.iter(f"{XHTML}a"))


def test_see_leads_to_an_entry(documents: dict[str, etree._Element], index: etree._Element) -> None:
    seen = {
        "".join(a.itertext()): "".join(_place(documents, a.get("href") or "").itertext())
        for a in index.iter(f"{XHTML}a")
        if "xref" in (a.get(f"{OPS}type") or "")
    }
    assert seen == {
        "calendar": "calendar,\u00a08",
        "tools, lost": "lost,\u00a012",
    }


def test_a_term_and_its_definition_lead_to_each_other(
    documents: dict[str, etree._Element],
) -> None:
    (use,) = documents["chapter-1.xhtml"].xpath("//*[@role='doc-glossref']")
    term = _place(documents, use.get("href"))
    assert (term.tag, term.text, term.get(f"{OPS}type")) == (
        f"{XHTML}dt",
        "leaf mould",
        "glossterm",
    )
    definition = term.getnext()
    assert definition is not None
    assert definition.get(f"{OPS}type") == "glossdef"
    (back,) = documents["glossary.xhtml"].xpath("//*[@role='doc-backlink']")
    assert back in definition.iter(f"{XHTML}a")
    assert back.text == "Chapter\u00a01"
    assert _place(documents, back.get("href")) is use
