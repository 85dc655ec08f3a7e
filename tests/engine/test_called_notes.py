"""A called footnote that is not on the pages, is there twice or comes late is a finding."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from conftest import CACHE, ROOT
from makeready.findings import Finding, Severity
from makeready.fonts import seal_fontconfig
from makeready.fonts.instances import load_fonts

STYLE = """
@page { size: 400px 140px; margin: 0; @footnote { margin: 0 } }
html { font: 10px/10px "EB Garamond"; orphans: 2; widows: 2 }
body, p { margin: 0 }
.footnote { float: footnote; footnote-policy: line }
.footnote::footnote-call { font: inherit; vertical-align: baseline }
"""
"""Pages of 14 lines."""

Proofread = Callable[..., list[Finding]]


@pytest.fixture(scope="module")
def proofread() -> Proofread:
    """Typeset lines of text in which some call notes, and proofread the pages."""
    fonts = load_fonts(ROOT / "styles" / "fonts.toml", CACHE / "faces")
    seal_fontconfig(fonts)
    # The engine is imported only after fontconfig is sealed.
    from makeready.engine.fetcher import BookFetcher  # noqa: PLC0415
    from makeready.engine.render_section import render_section  # noqa: PLC0415
    from makeready.engine.section_job import SectionJob  # noqa: PLC0415
    from makeready.engine.typesetter import Typesetter  # noqa: PLC0415

    def findings(*lines: str, style: str = "") -> list[Finding]:
        typesetter = Typesetter((STYLE + style,), fonts, BookFetcher({}), variant="pdf/ua-1")
        head = '<head><title>Notes</title><meta name="author" content="Somebody"/></head>'
        body = "<br/>".join(lines)
        markup = f'<html lang="en">{head}<body><p data-line="1">{body}</p></body></html>'
        job = SectionJob("chapter-1", "chapter-1.md", markup, 1, on_verso=False)
        return list(render_section(typesetter, job).findings)

    return findings


def note(number: int, text: str) -> str:
    return f'<aside class="footnote" data-note="{number}" data-line="{number + 100}">{text}</aside>'


def words(lines: int) -> str:
    return "<br/>".join(["words"] * lines)


TEXT = ["text"] * 8
LINES = [*TEXT, "a" + note(1, "one"), "b" + note(2, words(9)), "c" + note(3, "three"), *TEXT, *TEXT]
"""The second note is divided over the two pages."""


def test_nothing_is_found_when_all_notes_are_printed(proofread: Proofread) -> None:
    assert proofread(*LINES) == []


@pytest.mark.parametrize(
    "style",
    [
        ".footnote { text-transform: uppercase }",
        ".footnote::footnote-marker { content: none }",
        ".footnote::footnote-marker { content: counter(footnote) '. ' counter(page) }",
        ".footnote { footnote-display: inline }",
        ".footnote { hyphens: auto; width: 20px }",
        ".footnote::first-letter { font-size: 12px }",
        ".footnote::before { content: 'Note ' }",
    ],
)
def test_no_style_of_notes_is_taken_for_a_loss(proofread: Proofread, style: str) -> None:
    ids = [finding.id for finding in proofread(*LINES, style=style)]
    assert not {"LAY-013", "LAY-014"} & set(ids)


def told(findings: list[Finding]) -> list[tuple[str, str, Severity]]:
    return [(found.id, str(found.location), found.severity) for found in findings]


def test_a_note_on_no_page(proofread: Proofread, monkeypatch: pytest.MonkeyPatch) -> None:
    from makeready.engine import footnotes  # noqa: PLC0415

    calls = footnotes._calls

    def all_but_the_first(box: Any) -> Iterator[Any]:
        return (each for each in calls(box) if each.element.get("data-note") != "1")

    monkeypatch.setattr(footnotes, "_calls", all_but_the_first)
    assert told(proofread(*LINES)) == [("LAY-013", "chapter-1.md:101", Severity.ERROR)]


def test_the_rest_of_a_note_on_no_page(
    proofread: Proofread, monkeypatch: pytest.MonkeyPatch
) -> None:
    from makeready.engine.note_layout import Fit, NoteLayout  # noqa: PLC0415

    lay_out_finally = NoteLayout.lay_out_finally

    def without_rest(self: NoteLayout, *arguments: Any) -> tuple[Any, Fit]:
        box, fit = lay_out_finally(self, *arguments)
        return box, fit._replace(skip_stack=None)

    monkeypatch.setattr(NoteLayout, "lay_out_finally", without_rest)
    assert told(proofread(*LINES)) == [("LAY-013", "chapter-1.md:102", Severity.ERROR)]


def test_a_note_whose_call_is_on_no_page(proofread: Proofread) -> None:
    """The engine leaves out the head of a table that is taller than a page."""
    head = f"<thead><tr><td>{words(20)}{note(1, 'one')}</td></tr></thead>"
    table = f"<table>{head}<tbody><tr><td>cell</td></tr></tbody></table>"
    found = [each for each in told(proofread(*TEXT, table, *TEXT)) if each[0] != "LAY-007"]
    assert found == [("LAY-013", "chapter-1.md:101", Severity.ERROR)]


def test_a_table_in_a_note_repeats_its_head(proofread: Proofread) -> None:
    rows = "".join(f"<tr><td>{number}</td></tr>" for number in range(9))
    table = f"<table><thead><tr><td>head</td></tr></thead><tbody>{rows}</tbody></table>"
    findings = proofread(*TEXT, "a" + note(1, f"<p>one</p>{table}"), *TEXT, *TEXT, *TEXT)
    assert findings == []


def test_a_note_that_begins_twice(proofread: Proofread, monkeypatch: pytest.MonkeyPatch) -> None:
    from makeready.engine.footnotes import FootnoteContext  # noqa: PLC0415

    begin_page = FootnoteContext.begin_page

    def begin_notes_again(self: FootnoteContext, page_number: int) -> None:
        self._next_skip_stack = None
        begin_page(self, page_number)

    monkeypatch.setattr(FootnoteContext, "begin_page", begin_notes_again)
    assert told(proofread(*LINES)) == [("LAY-014", "chapter-1.md:102", Severity.ERROR)]


def test_a_note_that_begins_after_the_page_of_its_call(proofread: Proofread) -> None:
    notes = "".join(note(number, words(9)) for number in (1, 2, 3))
    findings = proofread("a" + notes, *TEXT, *TEXT, *TEXT)
    assert told(findings) == [("LAY-006", "chapter-1.md:103", Severity.WARNING)]


def test_a_last_page_of_nothing_but_notes(proofread: Proofread) -> None:
    assert proofread(*TEXT, "a" + note(1, words(5))) == []
    findings = proofread(*TEXT, "a" + note(1, words(7)))
    assert told(findings) == [("LAY-012", "chapter-1.md:101", Severity.WARNING)]


def test_a_note_called_twice_on_a_page(proofread: Proofread) -> None:
    lines = ["a" + note(1, "one"), "b" + note(1, "one"), *TEXT]
    assert proofread(*lines) == []


def test_a_further_call_on_a_page_without_the_note(
    proofread: Proofread, monkeypatch: pytest.MonkeyPatch
) -> None:
    from makeready.engine import footnotes  # noqa: PLC0415

    further = note(1, "one").replace('data-line="101"', 'data-line="301"')
    text = ["a" + note(1, "one"), *TEXT, *TEXT, "b" + further, *TEXT]
    assert proofread(*text) == []
    calls = footnotes._calls

    def all_but_the_further(box: Any) -> Iterator[Any]:
        return (each for each in calls(box) if each.element.get("data-line") != "301")

    monkeypatch.setattr(footnotes, "_calls", all_but_the_further)
    assert told(proofread(*text)) == [("LAY-013", "chapter-1.md:301", Severity.ERROR)]
