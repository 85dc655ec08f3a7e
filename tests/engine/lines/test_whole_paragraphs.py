"""Paragraphs of every kind come out of the finished PDF whole, and fill their measure."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import pypdfium2 as pdfium
import pytest
from pypdfium2 import raw

from conftest import CACHE, ROOT
from makeready.fonts import seal_fontconfig
from makeready.fonts.instances import load_fonts

if TYPE_CHECKING:
    from makeready.engine.lines.typeset import LineCounts
    from makeready.engine.typesetter import Typesetter

TEXT = """
the garden wall was built by men who had no plan of it and stood for years in the rain of a
valley where nothing else had ever been so straight or so high as these old bricks appear to be
when somebody comes over the hill and finds the gate open in the evening notwithstanding every
consideration that circumstances recommend to neighbours otherwise accustomed to extraordinary
weather difficult figures office affairs
"""
WORDS = TEXT.split()
EDGE_PT = 72.0
WITHIN_ITS_WIDTH = "demnhlistu"
"""Letters that do not reach out of the width that they are set with."""

TOLERANCE_PT = 0.02
"""Glyphs of a font have widths in whole thousandths of an em."""

STYLE = """
@page { size: 600pt 800pt; margin: 72pt }
body { margin: 0 }
p { margin: 0 0 12pt; font: 11pt/14pt "EB Garamond"; text-align: justify; hyphens: auto;
    hyphenate-character: "\u2010"; hyphenate-limit-chars: 6 3 3 }
.indented { text-indent: 14pt } .hung { text-indent: -14pt; padding-left: 14pt }
.left { text-align: left } .middle { text-align: center } .right { text-align: right }
.caps { font-variant-caps: small-caps; letter-spacing: 0.05em }
.box { padding: 0 3pt; border: 0.5pt solid } u { text-decoration: underline }
code { font-family: "Fira Code"; font-size: 0.8em; hyphens: none }
.image { display: inline-block; width: 20pt; height: 8pt }
"""


@dataclass
class Line:
    """A line on a page: its text, and where its first and its last glyph end, in points."""

    text: str
    left: float
    right: float
    gaps_in_code: list[float] = field(default_factory=list)
    """The spaces between the words "or" and "not"."""


@dataclass
class Typeset:
    """Paragraphs typeset one to a page: the lines of each, and the counts of all."""

    counts: LineCounts
    paragraphs: list[list[Line]] = field(default_factory=list)


@pytest.fixture(scope="module")
def typesetter() -> Typesetter:
    fonts = load_fonts(ROOT / "styles" / "fonts.toml", CACHE / "faces")
    seal_fontconfig(fonts)
    # The engine is imported only after fontconfig is sealed.
    from makeready.engine.fetcher import BookFetcher  # noqa: PLC0415
    from makeready.engine.typesetter import Typesetter  # noqa: PLC0415

    return Typesetter((STYLE,), fonts, BookFetcher({"fonts": CACHE / "faces"}))


def typeset(
    typesetter: Typesetter, monkeypatch: pytest.MonkeyPatch, paragraphs: Sequence[str]
) -> Typeset:
    """Typeset paragraphs, as markup, and read their lines from the PDF."""
    from makeready.engine.lines import typeset as lines  # noqa: PLC0415
    from makeready.engine.typesetter import write_document  # noqa: PLC0415

    counts = lines.LineCounts()
    monkeypatch.setattr(lines, "LineCounts", lambda: counts)
    pages = [
        f'<div style="break-after: page" lang="en">{paragraph}</div>' for paragraph in paragraphs
    ]
    section = typesetter.typeset(f"<html><body>{''.join(pages)}</body></html>", 1, on_verso=False)
    assert section.messages == ()
    pdf = pdfium.PdfDocument(write_document(section.document))
    found = Typeset(counts)
    for page in list(pdf)[: len(paragraphs)]:
        found.paragraphs.append(list(lines_of(page)))
    return found


def lines_of(page: pdfium.PdfPage) -> Iterator[Line]:
    """Yield the lines of a page from the places of its glyphs."""
    text_page = page.get_textpage()
    line: Line | None = None
    baseline = 0.0
    for index in range(text_page.count_chars()):
        letter = chr(raw.FPDFText_GetUnicode(text_page, index))
        if letter in "\r\n":
            continue
        x, y = raw.c_double(), raw.c_double()
        raw.FPDFText_GetCharOrigin(text_page, index, x, y)
        if line is None or abs(y.value - baseline) > 6:
            if line is not None:
                yield line
            line, baseline = Line("", x.value, x.value), y.value
        box = raw.FS_RECTF()
        raw.FPDFText_GetLooseCharBox(text_page, index, box)
        if line.text.endswith(" or ") and letter == "n":
            line.gaps_in_code.append(x.value - line.right)
        line.text += letter
        if letter != " ":
            line.right = box.right
    if line is not None:
        yield line


def words_of(lines: Sequence[Line]) -> str:
    """Return the words of lines, with divided words joined."""
    text = " ".join(line.text.strip() for line in lines)
    return " ".join(text.replace("\ufffe", "\u2010").replace("\u2010 ", "").split())


def letters_of(text: str) -> str:
    return "".join(text.split())


def some_words(chance: random.Random, least: int, most: int) -> str:
    return " ".join(chance.choice(WORDS) for _ in range(chance.randint(least, most)))


def marked_up(chance: random.Random, number: int) -> tuple[str, str]:
    """Return some words with inline elements, as markup and as plain text."""
    parts = []
    for _ in range(chance.randint(3, 9)):
        words = some_words(chance, 1, 9)
        template = chance.choice(
            [
                "{}",
                "{}",
                "<em>{}</em>",
                "<strong>{}</strong>",
                '<span class="caps">{}</span>',
                '<span class="box">{}</span>',
                "<u>{}</u>",
                '<a id="{n}"></a>{}',
                "<em>{} <strong>and</strong></em>",
            ]
        )
        markup = template.format(words, n=f"x{number}-{len(parts)}")
        joined = chance.choice([" ", " ", " ", ", ", "\u2014"])
        parts.append((markup, words + (" and" if "and</strong>" in template else ""), joined))
    markup = "".join(markup + joined for markup, _, joined in parts).strip()
    plain = "".join(words + joined for _, words, joined in parts).strip()
    return markup, " ".join(plain.split())


@pytest.mark.parametrize("kind", ["", "indented", "hung", "left", "middle", "right"])
def test_all_words_come_out_in_order_and_no_line_is_too_wide(
    typesetter: Typesetter, monkeypatch: pytest.MonkeyPatch, kind: str
) -> None:
    chance = random.Random(f"lines {kind}")
    wanted, paragraphs, widths = [], [], []
    for number in range(12):
        markup, plain = marked_up(chance, number)
        width = chance.choice([130, 170, 216.5, 260, 301, 400])
        wanted.append(plain)
        widths.append(width)
        paragraphs.append(f'<p class="{kind}" style="width:{width}pt">{markup}</p>')
    done = typeset(typesetter, monkeypatch, paragraphs)
    assert not done.counts.by_engine
    # A line may end after a dash, and a border's padding may be read as a space.
    assert [letters_of(words_of(lines)) for lines in done.paragraphs] == list(
        map(letters_of, wanted)
    )
    hanging_pt = 4.0
    for lines, width in zip(done.paragraphs, widths, strict=True):
        left = EDGE_PT - hanging_pt
        right = EDGE_PT + width + hanging_pt + (14 if kind == "hung" else 0)
        assert all(left <= line.left and line.right <= right for line in lines)


@pytest.mark.parametrize("kind", ["", "indented"])
def test_every_justified_line_but_the_last_reaches_the_edge(
    typesetter: Typesetter, monkeypatch: pytest.MonkeyPatch, kind: str
) -> None:
    chance = random.Random(f"edges {kind}")
    widths = [170, 216.5, 260, 301, 333.25, 400] * 2
    paragraphs = [
        f'<p class="{kind}" style="width:{width}pt">{some_words(chance, 40, 90)}</p>'
        for width in widths
    ]
    done = typeset(typesetter, monkeypatch, paragraphs)
    reached = 0
    for lines, width in zip(done.paragraphs, widths, strict=True):
        assert len(lines) > 2
        for line in lines[:-1]:
            if line.text.rstrip()[-1] in WITHIN_ITS_WIDTH:
                assert line.right == pytest.approx(EDGE_PT + width, abs=TOLERANCE_PT), line.text
                reached += 1
        for line in lines[1:]:
            assert line.left == pytest.approx(EDGE_PT, abs=TOLERANCE_PT)
        indent = 14 if kind else 0
        assert lines[0].left == pytest.approx(EDGE_PT + indent, abs=TOLERANCE_PT)
    assert reached > 25


def test_punctuation_and_hyphens_hang_out_of_the_measure(
    typesetter: Typesetter, monkeypatch: pytest.MonkeyPatch
) -> None:
    text = "notwithstanding. " * 40 + "“Notwithstanding” " * 40
    done = typeset(typesetter, monkeypatch, [f'<p style="width:301pt">{text}</p>'])
    (lines,) = done.paragraphs
    edge = EDGE_PT + 301
    ended = {line.text.rstrip()[-1]: line.right - edge for line in lines[:-1]}
    assert 1.0 < ended["."] < 2.5
    hyphen = ended.get("\u2010", ended.get("\ufffe"))
    assert hyphen is not None
    assert 1.0 < hyphen < 3.0
    begun = [EDGE_PT - line.left for line in lines if line.text.startswith("“")]
    assert begun
    assert all(1.0 < distance < 4.0 for distance in begun)


@pytest.mark.parametrize("item", ["{}", "<p>{}</p>", "<p>{}</p><p>office affairs</p>"])
def test_what_begins_beside_a_marker_does_not_hang(
    typesetter: Typesetter, monkeypatch: pytest.MonkeyPatch, item: str
) -> None:
    text = item.format("“Notwithstanding” " * 40)
    style = "width:301pt; margin:0; padding:0; text-align:justify; font: 11pt EB Garamond"
    done = typeset(typesetter, monkeypatch, [f'<ul style="{style}"><li>{text}</li></ul>'])
    (lines,) = done.paragraphs
    first, *others = (line.left for line in lines if line.text.startswith("“"))
    assert first == pytest.approx(EDGE_PT, abs=TOLERANCE_PT)
    assert others
    assert all(1.0 < EDGE_PT - left < 4.0 for left in others)


@pytest.mark.parametrize(("indent_pt", "hangs"), [(0, True), (14, False)])
def test_what_begins_an_indented_paragraph_does_not_hang(
    typesetter: Typesetter, monkeypatch: pytest.MonkeyPatch, indent_pt: int, *, hangs: bool
) -> None:
    text = "“offices” “affairs” " * 20
    done = typeset(
        typesetter,
        monkeypatch,
        [f'<p style="width:301pt; text-indent:{indent_pt}pt">{text}</p>'],
    )
    (lines,) = done.paragraphs
    first, *others = (line.left for line in lines if line.text.startswith("“"))
    hung_pt = EDGE_PT + indent_pt - first
    assert 1.0 < hung_pt < 4.0 if hangs else hung_pt == pytest.approx(0, abs=TOLERANCE_PT)
    assert others
    assert all(1.0 < EDGE_PT - left < 4.0 for left in others)


@pytest.mark.parametrize(("around", "is_even"), [("the office affairs are ", True), ("", False)])
def test_spaces_in_code_are_hardly_stretched_unless_all_is_code(
    typesetter: Typesetter, monkeypatch: pytest.MonkeyPatch, around: str, is_even: bool
) -> None:
    text = f"{around}<code>weather or not </code>" * 20
    widths = [216.5, 260, 301, 333.25]
    paragraphs = [f'<p style="width:{width}pt">{text}</p>' for width in widths]
    done = typeset(typesetter, monkeypatch, paragraphs)
    gaps = [gap for lines in done.paragraphs for line in lines[:-1] for gap in line.gaps_in_code]
    assert len(gaps) > 40
    letter_pt = 0.6 * 0.8 * 11
    even = [gap == pytest.approx(letter_pt, rel=0.3) for gap in gaps]
    assert all(even) if is_even else not all(even)


def test_a_line_with_one_way_to_break_is_as_the_engine_breaks_it(
    typesetter: Typesetter, monkeypatch: pytest.MonkeyPatch
) -> None:
    texts = ["One line.", "Two<br/>lines", "A<br/><br/>gap", "office affairs fi fl"]
    paragraphs = [f'<p class="left" style="width:301pt">{text}</p>' for text in texts]
    ours = typeset(typesetter, monkeypatch, paragraphs)
    monkeypatch.setattr("makeready.engine.lines.typeset._unread_reason", lambda *_: "left")
    engines = typeset(typesetter, monkeypatch, paragraphs)
    for own, other in zip(ours.paragraphs, engines.paragraphs, strict=True):
        assert [line.text.strip() for line in own] == [line.text.strip() for line in other]
        for line, engine_line in zip(own, other, strict=True):
            assert line.left == pytest.approx(engine_line.left, abs=TOLERANCE_PT)
            assert line.right == pytest.approx(engine_line.right, abs=0.05)


def test_soft_hyphens_divide_where_they_stand_and_nowhere_else(
    typesetter: Typesetter, monkeypatch: pytest.MonkeyPatch
) -> None:
    word = "notwith\u00adstanding"
    text = " ".join([word] * 30)
    done = typeset(typesetter, monkeypatch, [f'<p style="width:180pt">{text}</p>'])
    (lines,) = done.paragraphs
    assert words_of(lines) == text.replace("\u00ad", "")
    divided = [line.text.strip() for line in lines if line.text.strip()[-1] in "\u2010\ufffe"]
    assert divided
    assert all(line[:-1].endswith("notwith") for line in divided)


def test_no_line_ends_with_the_dash_before_a_word(
    typesetter: Typesetter, monkeypatch: pytest.MonkeyPatch
) -> None:
    text = " ".join(["“—and” so —said he— it was—too"] * 20)
    bodies = [f'<p style="width:{width}pt">{text}</p>' for width in range(120, 220, 4)]
    for lines in typeset(typesetter, monkeypatch, bodies).paragraphs:
        words = [line.text.split()[-1] for line in lines]
        assert set(words).isdisjoint({"—", "“—"})


def test_a_line_may_end_with_the_dash_before_a_quotation(
    typesetter: Typesetter, monkeypatch: pytest.MonkeyPatch
) -> None:
    text = " ".join(["nodding at the corpse—“O’Brien were his name—‘twas so”—he said"] * 12)
    bodies = [f'<p style="width:{width}pt">{text}</p>' for width in range(120, 220, 4)]
    done = typeset(typesetter, monkeypatch, bodies)
    lines = [line.text.split() for lines in done.paragraphs for line in lines]
    assert {"corpse—", "name—"} <= {words[-1] for words in lines}
    assert all(not words[0].startswith(("—", "”")) for words in lines)


def test_a_word_wider_than_its_line_is_broken_only_where_its_style_says_so(
    typesetter: Typesetter, monkeypatch: pytest.MonkeyPatch
) -> None:
    word = "abcdefghijklmnopqrstuvwxyz" * 3
    style = "width:140pt;hyphens:none"
    done = typeset(
        typesetter,
        monkeypatch,
        [
            f'<p class="left" style="{style};overflow-wrap:anywhere">So {word} it is</p>',
            f'<p class="left" style="{style}">So {word} it is</p>',
        ],
    )
    anywhere, nowhere = done.paragraphs
    assert "".join(line.text.replace(" ", "") for line in anywhere) == f"So{word}itis"
    assert all(line.right <= EDGE_PT + 140 + TOLERANCE_PT for line in anywhere)
    assert word in [line.text.strip() for line in nowhere]
    assert done.counts.by_engine == {"a word wider than its line": 1}


def test_words_joined_by_no_break_spaces_are_parted_only_where_they_fit_on_no_line(
    typesetter: Typesetter, monkeypatch: pytest.MonkeyPatch
) -> None:
    joined = "the gate and the wall and the hill and the rain of a year".replace(" ", "\xa0")
    pair = "and then nine and forty{}pages"
    done = typeset(
        typesetter,
        monkeypatch,
        [
            f'<p style="width:140pt">{joined}</p>',
            *(f'<p style="width:110pt">{pair.format(space)}</p>' for space in "\xa0 "),
        ],
    )
    parted, kept, free = done.paragraphs
    assert words_of(parted).replace("\xa0", " ") == joined.replace("\xa0", " ")
    assert len(parted) > 1
    assert all(line.right <= EDGE_PT + 140 + TOLERANCE_PT for line in parted)
    assert letters_of(kept[-1].text) == "fortypages"
    assert letters_of(free[-1].text) == "pages"
    assert not done.counts.by_engine


def test_lines_beside_a_float_keep_clear_of_it_and_fill_their_room(
    typesetter: Typesetter, monkeypatch: pytest.MonkeyPatch
) -> None:
    chance = random.Random("float")
    floated = '<div style="float:left;width:60pt;height:50pt;margin-right:10pt"></div>'
    text = some_words(chance, 90, 90)
    done = typeset(
        typesetter, monkeypatch, [f'<div style="width:301pt">{floated}<p>{text}</p></div>']
    )
    (lines,) = done.paragraphs
    assert words_of(lines) == text
    beside = [line for line in lines if line.left > EDGE_PT + 50]
    assert len(beside) == 4
    assert all(line.left == pytest.approx(EDGE_PT + 70, abs=TOLERANCE_PT) for line in beside)
    assert not done.counts.by_engine


def test_other_scripts_from_left_to_right_are_broken_as_a_whole(
    typesetter: Typesetter, monkeypatch: pytest.MonkeyPatch
) -> None:
    texts = {
        "ru": "Все счастливые семьи похожи друг на друга, а эта нет; ",
        "el": "Όλες οι ευτυχισμένες οικογένειες μοιάζουν μεταξύ τους, αλλά όχι αυτή· ",
        "hy": "Բոլոր երջանիկ ընտանիքները նման են միմյանց, բայց ոչ այս մեկը. ",
        "ka": "ყველა ბედნიერი ოჯახი ერთმანეთს ჰგავს, მაგრამ ეს არა. ",
    }
    paragraphs = [
        f'<p lang="{language}" style="width:301pt">{text * 6}</p>'
        for language, text in texts.items()
    ]
    done = typeset(typesetter, monkeypatch, paragraphs)
    assert done.counts.whole == len(texts)
    assert not done.counts.by_engine
    for lines, text in zip(done.paragraphs, texts.values(), strict=True):
        full = [line.right for line in lines if line.right > EDGE_PT + 250]
        assert len(full) >= 3
        # What hangs there is at most a hyphen or a comma.
        assert all(EDGE_PT + 301 - TOLERANCE_PT <= right < EDGE_PT + 305 for right in full), text


def test_text_from_right_to_left_is_broken_as_a_whole(
    typesetter: Typesetter, monkeypatch: pytest.MonkeyPatch
) -> None:
    word = "\u05e9\u05dc\u05d5\u05dd"
    text = f"{word} <em>{word} Latin</em> <b>words</b> ({word} 1931) " * 12
    style = "text-align: justify; text-indent: 20pt"
    done = typeset(typesetter, monkeypatch, [f'<p dir="rtl" style="{style}">{text}</p>'])
    assert done.counts.by_engine == {}
    assert done.counts.whole == 1


def test_what_is_left_to_the_engine_is_counted_with_its_reason(
    typesetter: Typesetter, monkeypatch: pytest.MonkeyPatch
) -> None:
    paragraphs = [
        "<p>Left to right.</p>",
        "<p>a\u2029b</p>",
        '<p style="white-space:pre-wrap">a  b</p>',
    ]
    done = typeset(typesetter, monkeypatch, paragraphs)
    assert done.counts.whole == 1
    assert done.counts.by_engine == {
        "a control character": 1,
        "white space that is kept": 1,
    }


def test_copied_text_has_its_ligatures_and_small_capitals_as_letters(
    typesetter: Typesetter, monkeypatch: pytest.MonkeyPatch
) -> None:
    done = typeset(
        typesetter,
        monkeypatch,
        ['<p>The office affords five flights, <span class="caps">A. D. fifty</span>.</p>'],
    )
    ((line,),) = done.paragraphs
    assert line.text.strip() == "The office affords five flights, A. D. fifty."


def test_text_that_does_not_wrap_is_kept_on_one_line(
    typesetter: Typesetter, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept = "notwithstanding-every consideration"
    text = " ".join(f'so <span style="white-space:nowrap">{kept}</span> it is' for _ in range(9))
    done = typeset(typesetter, monkeypatch, [f'<p style="width:301pt">{text}</p>'])
    (lines,) = done.paragraphs
    assert sum(line.text.count(kept) for line in lines) == 9
    assert not done.counts.by_engine


def test_images_in_a_row_are_words_of_their_own(
    typesetter: Typesetter, monkeypatch: pytest.MonkeyPatch
) -> None:
    image = '<span class="image"></span>'
    kept = f'<span style="white-space:nowrap">{image * 3}</span>'
    paragraphs = [
        f'<p style="width:301pt">go {image * 40} on</p>',
        f'<p style="width:301pt">go {kept * 14} on</p>',
    ]
    done = typeset(typesetter, monkeypatch, paragraphs)
    assert not done.counts.by_engine
    free, in_threes = done.paragraphs
    # They take three lines; what is before the last word is whole images, or whole threes.
    assert [line.text.strip() for line in free] == ["go", "on"]
    assert (free[1].left - EDGE_PT) % 20 < 4
    assert (in_threes[1].left - EDGE_PT) % 60 < 4


def test_a_break_inside_a_word_is_outside_of_a_border_that_begins_there(
    typesetter: Typesetter, monkeypatch: pytest.MonkeyPatch
) -> None:
    text = "a well-<span class='box'>known</span> word " * 30
    done = typeset(typesetter, monkeypatch, [f'<p class="right" style="width:101pt">{text}</p>'])
    (lines,) = done.paragraphs
    assert letters_of(words_of(lines)) == letters_of("a well-known word " * 30)
    for line in lines:
        edge = EDGE_PT + 101 - (3.5 if line.text.rstrip().endswith("known") else 0)
        assert line.right == pytest.approx(edge, abs=0.1)
