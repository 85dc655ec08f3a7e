"""Short last words of paragraphs, bound to the word before them."""

from __future__ import annotations

import pytest
from lxml import etree

from makeready.templates.last_words import bind_last_words

ASKED = "It was all that he had ever asked of"


def bound(markup: str) -> str:
    """Return markup in which last words are bound, a no-break space written as ``~``."""
    tree = etree.fromstring(f"<div>{markup}</div>")
    bind_last_words(tree)
    text: str = etree.tostring(tree, encoding="unicode")
    return text.removeprefix("<div>").removesuffix("</div>").replace("\u00a0", "~")


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("The record has not been of use.", "The record has not been of~use."),
        ("He served in the Embassy of the US", "He served in the Embassy of the~US"),
        ("They went home <em>by</em> it.", "They went home <em>by</em>~it."),
        ("The record has not been found.", "The record has not been found."),
        ("It has been growing since 2000.", "It has been growing since 2000."),
        ("They went by", "They went by"),
        ("Not so.", "Not so."),
    ],
)
def test_a_last_word_narrower_than_an_indent_is_bound(text: str, wanted: str) -> None:
    assert bound(f"<p>{text}</p>") == f"<p>{wanted}</p>"


@pytest.mark.parametrize("last", ["<code>ls</code>", '<img src="a.png" alt="A square"/>'])
def test_what_is_no_text_is_not_bound_to_the_word_before_it(last: str) -> None:
    markup = f"<p>{ASKED} {last}.</p>"
    assert bound(markup) == markup


def test_items_and_captions_are_bound_but_neither_verse_nor_titles() -> None:
    kept = f'<h2>{ASKED} it.</h2><div class="verse"><p>{ASKED} it.</p></div>'
    markup = f"{kept}<ul><li>{ASKED} it.</li></ul><figcaption>{ASKED} it.</figcaption>"
    start, end = bound(markup).split("<ul>")
    assert start == kept
    assert end.count("of~it.") == 2
