r"""References and labels of LaTeX in the text: ``\ref{fig:a}``, ``\label{fig:a}``."""

from __future__ import annotations

import time
from pathlib import Path

import pytest
from tiny_book import PNG, chapter, read

from makeready.book.model import Element
from makeready.findings import Findings
from makeready.manuscript.xhtml import xhtml_of_text

TARGETS = r"""## Beds \label{sec:beds}

![A pot\label{fig:pot}](a.png)

![A bed](a.png "A bed \label{fig:bed}")

$$ x \label{eq:x} $$

| a |
|---|
| b |

Table: Pots \label{tab:pots}

## Pots

\label{sec:pots}

"""
REFERENCES = {
    r"\ref{fig:pot}": [("1", "numeral")],
    r"Figure~\ref{fig:bed}": [("2", "numeral")],
    r"\autoref{fig:bed}, \Cref{tab:pots}": [("2", "number"), ("1", "number")],
    r"\cref{fig:pot,fig:bed}": [("1", "number"), ("2", "number")],
    r"\nameref{sec:beds}, \ref{sec:pots}": [("", "title"), ("", "text")],
    r"\eqref{eq:x}, $\eqref{eq:x}$": [("1", "eqref"), ("1", "eqref")],
    r"($\ref{eq:x}$), $(\ref{eq:x})$": [("1", "numeral"), ("1", "numeral")],
    r"`\ref{gone}`, \ref, \ref{two words}": [],
}


def _paragraph(tmp_path: Path, text: str) -> tuple[Element, list[tuple[str, str]]]:
    """Return the last paragraph of a chapter, and the number and form of each of its links."""
    book, _ = read(tmp_path, {"chapter-1.md": f"# One\n\n{TARGETS}{text}\n", "a.png": PNG})
    assert book is not None
    last = book.section("chapter-1").tree[-1]
    links = [(str(a.get("href"))[1:], str(a.get("data-form"))) for a in last.iter("a")]
    return last, [(book.anchors[name].number, form) for name, form in links]


@pytest.mark.parametrize("text", REFERENCES)
def test_a_reference(tmp_path: Path, text: str) -> None:
    assert _paragraph(tmp_path, text)[1] == REFERENCES[text]


def test_what_is_around_a_reference_stays(tmp_path: Path) -> None:
    text = (
        r"See Fig.~\ref{fig:pot}, Fig.\ \ref{fig:pot}, Fig.\,\ref{fig:pot}, "
        r"H~2~O with $(\ref{eq:x})$ and more words."
    )
    last, _ = _paragraph(tmp_path, text)
    found = "".join(map(str, last.itertext()))
    found = found.replace("\N{NO-BREAK SPACE}", "~")
    assert found == "See Fig.~, Fig.~, Fig.~, H2O with () and more words."


def test_labels_leave_no_trace(tmp_path: Path) -> None:
    files = {"a_png": PNG}
    book = chapter(tmp_path, TARGETS + "Text.", **files)
    tree = book.section("chapter-1").tree
    text = " ".join("".join(map(str, tree.itertext())).split())
    assert "label" not in text and "sec:" not in text and "fig:" not in text
    assert [image.get("alt") for image in tree.iter("img")] == ["A pot", "A bed"]
    assert len(list(tree.iter("figcaption"))) == 2


def test_a_reference_that_leads_nowhere_is_reported(tmp_path: Path) -> None:
    _, found = read(tmp_path, {"chapter-1.md": "# One\n\nText\nof \\ref{fig:gone}.\n"})
    assert [(rule, line) for rule, _, line in found] == [("REF-001", 4)]


@pytest.mark.parametrize("unit", [r"\ref{", r"$\ref{a", "~\\ref{a,", r"\label{"])
def test_references_are_read_in_linear_time(unit: str) -> None:
    start = time.process_time()
    xhtml_of_text((unit * (100_000 // len(unit))).encode(), Path("a.md"), "en", Findings())
    assert time.process_time() - start < 5
