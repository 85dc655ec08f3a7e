"""Braces: an attribute list is read to its own brace, and everything else is text."""

from __future__ import annotations

from pathlib import Path

import pytest
from generated_books import body, chapter, lines, markup
from tiny_book import TOML, read

LISTS = {
    "[w]{.smallcaps} and {x} end": '<p><span class="smallcaps">w</span> and {x} end</p>',
    "*w*{.a} {b} and *x*{.c} d": '<p><em class="a">w</em> {b} and <em class="c">x</em> d</p>',
    "[a [b]{.c} {d}]{.e} f": '<p><span class="e">a <span class="c">b</span> {d}</span> f</p>',
    '[w]{lang=fr title="b} c"} {d}': '<p><span lang="fr" title="b} c">w</span> {d}</p>',
    "[w]{.a\n#b} c": '<p><span class="a" id="b">w</span> c</p>',
    "words {a}\nof it\n{: .b #c}": '<p class="b" id="c">words {a} of it</p>',
    "words  \n{.b}": '<p class="b">words</p>',
    "- a {b}\n{.c}\n    - d {e}": '<ul><li class="c">a {b}<ul><li>d {e}</li></ul></li></ul>',
    "a {b} {.c}\n: d\n{.e}": '<dl><dt class="c">a {b}</dt><dd class="e">d</dd></dl>',
    "## a {b} and {c} {#d .e}": '<h2 id="d" class="e">a {b} and {c}</h2>',
    "## C# {#d}": '<h2 id="d">C#</h2>',
    "## C ## {#d}": '<h2 id="d">C</h2>',
    "a\n\n## {#d .e}\n\nb": '<p>a</p><p id="d">b</p>',
    "a\n\n## <!-- new page --> {.e}\n\nb": "<p>a</p><p>b</p>",
    "a\n\n##\n\nb": "<p>a</p><p>b</p>",
}
TEXTS = (
    "[w]{{x}} y", "*w*{x} y", "*w*{x {y} z", "[w]{ } x", "[w]{.a {b} c", "a {.b} c", "`a`{b c}",
    "a {b} {c", "a} {b} {", "{{a}} {: b} {:c", "[a] {.b}", "*a*{b and c} d", "a[^1]{b}\n\n[^1]: c",
)  # fmt: skip


@pytest.mark.parametrize("text", LISTS)
def test_a_list_ends_at_its_own_brace(text: str) -> None:
    assert body(text).replace("~", " ") == LISTS[text]


@pytest.mark.parametrize("text", TEXTS)
@pytest.mark.parametrize("form", ["{}", "- {}", "[b]{{.c}} {}", "a\n{}"])
def test_other_braces_are_text(text: str, form: str) -> None:
    book, findings = chapter(form.format(text))
    # What looks like another tool's is told, and left as it is.
    assert {found[0] for found in findings} <= {"MAN-044"}
    braces = [c for c in markup(book.sections[0].tree) if c in "{}"]
    assert braces == [c for c in text if c in "{}"]


def test_plain_words_after_a_span_are_unknown_attributes() -> None:
    assert lines("[w]{smallcaps}") == [("MAN-016", "chapter-1.md", 3)]


def test_lines_after_a_list_over_two_lines_are_known() -> None:
    assert lines("[w]{.a\n#b} and <b onclick='x'>this</b>") == [("MAN-016", "chapter-1.md", 4)]


@pytest.mark.parametrize(("given", "told"), [(', title = "Two"', []), ("", ["MAN-007"])])
def test_a_title_without_words_is_the_one_of_the_list(
    tmp_path: Path, given: str, told: list[str]
) -> None:
    config = TOML.replace('"chapter-1"', f'{{ chapter = "c.md"{given} }}')
    text = "# <!-- new page --> {.unlisted}\n\nText.\n"
    book, found = read(tmp_path, {"book.toml": config, "c.md": text})
    assert [finding[0] for finding in found] == told
    assert told or (book is not None and book.sections[0].title == "Two")
