"""The proof as an e-book: queries at their paragraphs, a list of them, borders beside changes."""

from __future__ import annotations

import zipfile
from pathlib import Path

import proof_book
import pytest
from lxml import etree

from conftest import CACHE, makeready
from makeready.external.epubcheck import run_epubcheck

pytestmark = pytest.mark.slow

X = "{http://www.w3.org/1999/xhtml}"


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("proof")
    book = proof_book.committed(root)
    proof_book.edited(book)
    where = ("--book", book, "--output", root / "out", "--cache", CACHE, "--kind", "epub")
    run = makeready("proof", *where, "--since", "v1")
    assert run.code == 0, run.err
    return root / "out" / "proof.proof.epub"


@pytest.fixture(scope="module")
def documents(made: Path) -> dict[str, etree._Element]:
    with zipfile.ZipFile(made) as archive:
        return {
            Path(name).stem: etree.fromstring(archive.read(name))
            for name in archive.namelist()
            if name.endswith(".xhtml")
        }


def text_of(element: etree._Element) -> str:
    return " ".join("".join(map(str, element.itertext())).split())


def of_class(document: etree._Element, name: str) -> list[etree._Element]:
    return [e for e in document.iter() if name in (e.get("class") or "").split()]


def test_a_proof_is_valid(made: Path) -> None:
    assert [f for f in run_epubcheck(made) if f.severity in ("error", "warning")] == []


def test_queries_follow_their_paragraph(documents: dict[str, etree._Element]) -> None:
    chapter = documents["chapter-1"]
    notes = of_class(chapter, "proof-note")
    assert [text_of(note)[:2].strip() for note in notes] == ["1", "2", "3", "4", "5", "6", "7"]
    assert text_of(notes[0]) == "1 replace hour → day"
    assert proof_book.LONG_QUERY.strip() in text_of(notes[1])
    before = notes[0].getprevious()
    assert before is not None
    said = text_of(before)
    assert said.startswith("1 The keeper wrote the hour")
    assert [text_of(e) for e in before.iter(f"{X}mark")] == ["his book"]
    assert [text_of(e) for e in before.iter(f"{X}del")] == ["hour", "to bed"]
    calls = of_class(before, "proof-call")
    assert [call.get("href") for call in calls] == [f"#{note.get('id')}" for note in notes]
    assert text_of(calls[5].getparent()).count("north") >= 1
    (note,) = of_class(documents["chapter-2"], "proof-note")
    assert "Whose?" in text_of(note)


def test_changed_paragraphs_have_a_border(documents: dict[str, etree._Element]) -> None:
    changed = [text_of(e) for d in documents.values() for e in of_class(d, "proof-changed")]
    deleted = [text_of(e) for d in documents.values() for e in of_class(d, "proof-deleted")]
    assert len(changed) == 3
    assert "cruellest" in changed[0]
    assert changed[1].endswith("A paragraph that was not there before.")
    assert "cannot" in changed[2]
    assert len(deleted) == 1
    assert "as he went down, with the oil" in deleted[0]


def test_each_document_says_that_it_is_a_proof(documents: dict[str, etree._Element]) -> None:
    for name, document in documents.items():
        if name != "proof-queries":
            (head,) = of_class(document, "proof-head")
            assert text_of(head).startswith("Proof · 2026-10-01 · "), name


def test_the_list_leads_to_each_query(documents: dict[str, etree._Element]) -> None:
    listed = documents["proof-queries"]
    entries = list(listed.iter(f"{X}li"))
    assert len(entries) == 8
    for entry in entries:
        link = next(entry.iter(f"{X}a"))
        file, _, name = str(link.get("href")).partition(".xhtml#")
        assert documents[file].find(f".//*[@id='{name}']") is not None
    assert "One, paragraph 1: replace hour → day" in text_of(entries[0])
    assert "chapter-2.md:15" in text_of(entries[7])
    navigation = documents["nav" if "nav" in documents else "toc"]
    assert any(a.get("href") == "proof-queries.xhtml" for a in navigation.iter(f"{X}a"))
