"""A novel is read once, and written in three forms with the same words."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from compare_lines import OURS, REFERENCE, SHOWN, table
from lxml import etree
from novel import NovelChapter, Piece, as_markdown, as_tex, as_typst, curled, read_novel, word_count

from makeready.findings import Findings
from makeready.manuscript.xhtml import xhtml_of_text

TEXT = """A preface that no title is before.

# Part One

## Chapter I: The Inn

"It's a _fine_ inn--the 'best'," she said.
It costs $5 & 10%, #1 {x} ~y^2.

* * *

1842. A year of *much* rain...

CHAPTER II

He wrote: [a] <b> @c `d` = e + f \\ g_h.
"""


@pytest.fixture
def novel(tmp_path: Path) -> tuple[NovelChapter, ...]:
    path = tmp_path / "novel.txt"
    path.write_bytes(TEXT.replace("\n", "\r\n").encode("utf-8-sig"))
    return read_novel(path)


def test_chapters_and_paragraphs(novel: tuple[NovelChapter, ...]) -> None:
    assert [chapter.title for chapter in novel] == ["Chapter I: The Inn", "CHAPTER II"]
    first, second = novel[0].paragraphs
    assert first == (
        Piece("“It’s a "),
        Piece("fine", True),
        Piece(" inn—the ‘best’,” she said. It costs $5 & 10%, #1 {x} ~y^2."),
    )
    assert second == (Piece("1842. A year of "), Piece("much", True), Piece(" rain…"))
    assert word_count(novel) == 33


@pytest.mark.parametrize(
    ("typed", "set_as"),
    [
        ("\"'Tis\" and 'so'", "“‘Tis” and ‘so’"),
        ('He said, "No--"', "He said, “No—”"),
        ("(\"a\") 'b' the boys' hats", "(“a”) ‘b’ the boys’ hats"),
    ],
)
def test_quotation_marks(typed: str, set_as: str) -> None:
    assert curled(typed) == set_as


def words_of(novel: tuple[NovelChapter, ...]) -> list[str]:
    texts = []
    for chapter in novel:
        texts.append(chapter.title)
        texts += ["".join(piece.words for piece in one) for one in chapter.paragraphs]
    return " ".join(texts).split()


def test_makeready_reads_the_same_words(novel: tuple[NovelChapter, ...]) -> None:
    words: list[str] = []
    for chapter in novel:
        findings = Findings()
        raw = as_markdown(chapter).encode()
        document = xhtml_of_text(raw, Path("chapter.md"), "en-US", findings)
        assert document is not None
        assert not findings.errors
        body = etree.fromstring(document).find("{*}body")
        words += "".join(body.itertext()).replace("\u00a0", " ").split()
    assert words == words_of(novel)


def test_tex_and_typst_have_the_same_words(novel: tuple[NovelChapter, ...]) -> None:
    tex = re.sub(r"\\chaptertitle\{(.*)\}", r"\1", as_tex(novel))
    tex = tex.replace(r"\textbackslash{}", "\\\\").replace(r"\^{}", "^").replace(r"\~{}", "~")
    tex = re.sub(r"\\emph\{(.*?)\}", r"\1", tex)
    assert re.sub(r"\\(.)", r"\1", tex).split() == words_of(novel)
    typst = re.sub(r"#emph\[(.*?)\]", r"\1", as_typst(novel))
    typst = re.sub(r"(?m)^= ", "", typst)
    assert re.sub(r"\\(.)", r"\1", typst).split() == words_of(novel)


def test_a_table_has_the_ratio_to_the_reference() -> None:
    ours, theirs = dict.fromkeys(SHOWN, 3), dict.fromkeys(SHOWN, 4)
    shown = "\n".join(table({OURS: ours, REFERENCE: {**theirs, "widows": 0}}))
    assert "uneven spreads | 3 | 4 | 0.75" in shown
    assert "widows | 3 | 0 | –" in shown
    assert "ratio" not in "\n".join(table({OURS: ours}))
