"""Runt control keeps a paragraph's last word from standing alone, and changes nothing else."""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import pytest

from conftest import CACHE, ROOT
from makeready.fonts import seal_fontconfig
from makeready.fonts.instances import load_fonts

if TYPE_CHECKING:
    from makeready.engine.typesetter import Typesetter

TEXT = """
the garden wall was built by men who had no plan of it and stood for years in the rain
of a valley where nothing else had ever been so straight or so high as these old bricks
appear to be when somebody comes over the hill and finds the gate open in the evening
"""
WORDS = TEXT.split()


@dataclass(frozen=True)
class Line:
    text: str
    spacing_em: float


@pytest.fixture(scope="module")
def typesetter() -> Typesetter:
    fonts = load_fonts(ROOT / "styles" / "fonts.toml", CACHE / "faces")
    seal_fontconfig(fonts)
    # The engine is imported only after fontconfig is sealed.
    from makeready.engine.fetcher import BookFetcher  # noqa: PLC0415
    from makeready.engine.typesetter import Typesetter  # noqa: PLC0415

    style = 'p{margin:0;font:11pt/14pt "EB Garamond";text-align:justify}html{width:55mm}'
    kinds = ".ragged{text-align:left}.indented{text-indent:1.25em}"
    return Typesetter((style + kinds,), fonts, BookFetcher({}))


def typeset_lines(typesetter: Typesetter, paragraphs: list[str]) -> list[list[Line]]:
    """Typeset paragraphs, as markup, and return the lines of each."""
    from weasyprint.formatting_structure import boxes  # noqa: PLC0415

    pages = typesetter.typeset(
        f"<html><body>{''.join(paragraphs)}</body></html>", 1, on_verso=False
    ).pages
    found: dict[Any, list[Line]] = {}
    for page in pages:
        for box in page._page_box.descendants():
            if isinstance(box, boxes.LineBox) and box.element_tag == "p":
                texts = [b for b in box.descendants() if isinstance(b, boxes.TextBox)]
                text = "".join(b.text for b in texts).replace("\u00a0", " ").strip()
                em = max((b.justification_spacing / b.style["font_size"] for b in texts), default=0)
                found.setdefault(box.element, []).append(Line(text, em))
    return list(found.values())


def has_runt(paragraph: list[Line]) -> bool:
    return len(paragraph) > 1 and " " not in paragraph[-1].text


@pytest.mark.parametrize("markup", ["{}", "{} <em>{}</em> {}", '{}<span class="space"> </span>{}'])
@pytest.mark.parametrize("kind", ["", "ragged", "indented"])
def test_runts_are_fewer_and_line_counts_and_texts_the_same(
    typesetter: Typesetter, monkeypatch: pytest.MonkeyPatch, kind: str, markup: str
) -> None:
    parts = markup.count("{}")
    paragraphs = []
    for count in range(12, len(WORDS) + 1):
        cuts = [count * n // parts for n in range(parts + 1)]
        texts = [" ".join(WORDS[a:b]) for a, b in pairwise(cuts)]
        paragraphs.append(f'<p class="{kind}">{markup.format(*texts)}</p>')
    after = typeset_lines(typesetter, paragraphs)
    monkeypatch.setattr("makeready.engine.runts._ELEMENTS", frozenset())
    before = typeset_lines(typesetter, paragraphs)
    assert len(before) == len(after) == len(paragraphs)
    for source, greedy, kept in zip(paragraphs, before, after, strict=True):
        text = " ".join(re.sub("<[^>]*>", "", source).split())
        assert " ".join(line.text for line in kept) == text
        assert len(kept) == len(greedy)
        assert has_runt(greedy) or kept == greedy
        widest = max(line.spacing_em for line in greedy)
        assert max(line.spacing_em for line in kept) <= max(widest, 0.45)
    assert sum(map(has_runt, before)) > len(before) // 12
    if kind == "ragged":
        assert not any(map(has_runt, after))
    else:
        assert sum(map(has_runt, after)) < sum(map(has_runt, before))


def test_the_line_but_two_gives_up_a_word_where_the_line_above_cannot(
    typesetter: Typesetter,
) -> None:
    (lines,) = typeset_lines(typesetter, [f"<p>{' '.join(WORDS[4:28])}</p>"])
    assert [line.text for line in lines] == [
        "built by men who had no plan of",
        "it and stood for years in the rain",
        "of a valley where nothing else",
        "had ever",
    ]


@pytest.mark.parametrize(
    "paragraph",
    [
        "<p>It is a line of the poet’s,<br/>alone.</p>",
        "<p>the men who saw it never came to see whatever<br/>happened</p>",
        "<p>Unquestionably incomprehensible notwithstanding</p>",
    ],
)
def test_a_runt_after_a_forced_break_stays(typesetter: Typesetter, paragraph: str) -> None:
    (lines,) = typeset_lines(typesetter, [paragraph])
    assert " " not in lines[-1].text
