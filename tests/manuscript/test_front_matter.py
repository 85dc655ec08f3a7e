"""Front matter of other tools at the head of a file."""

from __future__ import annotations

import pytest
from generated_books import book_of, found, markup
from tiny_book import TOML, read


def section(text: str) -> tuple[str, str]:
    """Return the title and the text of a section without findings but for unused keys."""
    with book_of({"chapter-1.md": text}) as (book, findings):
        assert {finding[0] for finding in found(findings)} <= {"MAN-039"}
        return book.sections[0].title, markup(book.sections[0].tree)


@pytest.mark.parametrize(
    ("text", "title", "body"),
    [
        ("---\ntitle: A\n---\n\n# B\n\nText.", "B", "<p>Text.</p>"),
        ("---\ntitle: A\n---\n\nB\n===\n\nText.", "B", "<p>Text.</p>"),
        ("---\ntitle: 'A: *b*'\n---\nText.", "A: b", "<p>Text.</p>"),
        ("---\ntitle: A: b\n---\nText.", "A: b", "<p>Text.</p>"),
        ("---\n# a comment\ntitle: >-\n  A\n  b\n...\n\nText.", "A b", "<p>Text.</p>"),
        ("---\ntitle: A\nItem id: 1\nAnthology item type: x\n...\n\nText.", "A", "<p>Text.</p>"),
        ("---\n---\n\n# B\n\nText.", "B", "<p>Text.</p>"),
        ("+++\ntitle = 'A'\n+++\nText.", "A", "<p>Text.</p>"),
        (
            "---\ntitle: A\n---\n```\n# no\n```",
            "A",
            '<pre><code><span class="code-line"># no</span></code></pre>',
        ),
        (
            "---\nsubtitle: S\nauthor: [Ann, {name: Bo}]\n---\n\n# B\n\nText.",
            "B",
            '<p class="subtitle">S</p><p class="author">Ann, Bo</p><p>Text.</p>',
        ),
        ('---\ntitle: A\nlang: de\n---\n\n"a"', "A", '<p lang="de">„a“</p>'),
    ],
)
def test_front_matter_is_read(text: str, title: str, body: str):
    assert section(text) == (title, body)


@pytest.mark.parametrize(
    "text",
    [
        "---\n\nA b: c\n\n---\n\n# T\n\nText.",
        "---\nNote: a scene\n\nIt was dark.\n\n---\n\n# T\n\nText.",
        "---\nShe said: no\nHe said: yes\n---\n\n# T\n\nText.",
        "---\ntitle: never closed\n\nText.\n\n# T",
    ],
)
def test_a_scene_break_at_the_head_is_no_front_matter(text: str):
    with book_of({"chapter-1.md": text}) as (book, findings):
        assert found(findings) == [("MAN-029", "chapter-1.md", 1)]
        assert markup(book.sections[0].tree).startswith('<hr class="break"/>')


def test_a_contributor_of_the_book_is_no_author_of_a_section(tmp_path):
    toml = TOML + '[[contributors]]\nname = "Ann Writer"\n'
    text = "---\nauthor: ann\n---\n\n# A\n\nText.\n"
    book, _ = read(tmp_path, {"book.toml": toml, "chapter-1.md": text})
    assert book is not None
    assert markup(book.sections[0].tree) == "<p>Text.</p>"


def test_lines_are_counted_from_the_head_of_the_file():
    with book_of({"chapter-1.md": "---\ntitle: A\n---\n\n[](#no)"}) as (_, findings):
        assert found(findings) == [("REF-001", "chapter-1.md", 5)]


def test_unused_keys_are_one_note_for_a_book():
    text = "---\ntitle: A\ndate: 2020\ntags:\n- x\n---\n\nText."
    with book_of({"chapter-1.md": text, "chapter-2.md": text}) as (_, findings):
        assert found(findings, notes=True) == [("MAN-039", "chapter-1.md", 3)]
        assert "date, tags" in next(iter(findings)).message
