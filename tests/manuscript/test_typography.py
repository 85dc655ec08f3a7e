"""Typography: the conversion of plain typing; words are never changed."""

from __future__ import annotations

import re
import time

import pytest
from generated_books import chapter, lines, markup
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from makeready.findings import Findings
from makeready.manuscript.typography import apply_typography, with_typography

ENGLISH = [
    ('"a *b*" c', "“a <em>b</em>” c"),
    ('*"a"* ("b")—"c"', "<em>“a”</em> (“b”)—“c”"),
    ("'a \"b\" c'", "‘a “b” c’"),
    ("\"He said, 'no.'\"", "“He said, ‘no.’”"),
    ('"Wait---" he said', "“Wait—” he said"),
    ('"`a`" b', "“<code>a</code>” b"),
    ("it's the dogs' day", "it’s the dogs’ day"),
    ("'98 and '90s, 'tis, rock 'n' roll", "’98 and ’90s, ’tis, rock ’n’ roll"),
    ("6'2\" and 5' 10\" tall", "6′2″ and 5′ 10″ tall"),
    ("1992-1994, 1983-84, pp. 12-15", "1992–1994, 1983–84, pp.~12–15"),
    ("2024-01-15, 555-1234, ISBN 978-0-306", "2024-01-15, 555-1234, ISBN 978-0-306"),
    ("ISO 8859-1 and 3-2", "ISO 8859-1 and 3-2"),
    ("12-12, 12-13, 112-12, 112-13", "12-12, 12–13, 112-12, 112–13"),
    # A number of two parts is no range; after a plural one pair is a range.
    ("See Figure 4-5, Listing 9-7 and RFC 21-39.", "See Figure~4-5, Listing~9-7 and RFC 21-39."),
    ("Tab. 1-2, fig. 2-3, § 3-4, Appendix 5-6", "Tab. 1-2, fig.~2-3, §~3-4, Appendix~5-6"),
    (
        "Figures 4-5 and 4-6, Figures 3-5, Chapters 3-5",
        "Figures 4-5 and 4-6, Figures 3–5, Chapters~3–5",
    ),
    ("Figure 4-5 and 10-15 others, Nos. 5-7", "Figure~4-5 and 10–15 others, Nos.~5–7"),
    ("April-June and May 3-June 5", "April–June and May~3–June~5"),
    ("a--b and a - b", "a–b and a~– b"),
    ("wait... what....", "wait… what...."),
    ("5 x 8 inches", "5~×~8 inches"),
    ("Mr. Tokaev, J. R. Smith, No. 5", "Mr.~Tokaev, J.~R.~Smith, No.~5"),
    ("60 million, 30 percent, 50 km", "60~million, 30~percent, 50~km"),
    ("July 6, 6 July, June 2003", "July~6, 6~July, June 2003"),
    ("Chapter 3 and page 41", "Chapter~3 and page~41"),
    ("“a” ‘b’ c’s – d… e", "“a” ‘b’ c’s~– d… e"),
    (
        "see http://a.b/c--d?e='f'g now",
        """see <a href="http://a.b/c--d?e='f'g">http://a.b/c--d?e='f'g</a> now""",
    ),
    ('see "http://a.b/c"', 'see “<a href="http://a.b/c">http://a.b/c</a>”'),
    ("`a--b 'c' 1-2` d", "<code>a--b 'c' 1-2</code> d"),
    # A single mark that nothing closes is an apostrophe.
    (
        "\"'Ello, 'Arry,\" she said. \"'E's gone 'ome.\"",
        "“’Ello, ’Arry,” she said. “’E’s gone ’ome.”",
    ),
    (
        "'You can 'ave it, Miss 'Ortense,' 'e said, and 'e went 'ome.",
        "‘You can ’ave it, Miss ’Ortense,’ ’e said, and ’e went ’ome.",
    ),
    ("'Tis 'ard to say 'ow", "’Tis ’ard to say ’ow"),
    ("''Tis so,' he said", "‘’Tis so,’ he said"),
    ("He went 'ome and said 'hello'.", "He went ’ome and said ‘hello’."),
    ("'Now,' said 'Ugo, 'I don't 'old with it.'", "‘Now,’ said ’Ugo, ‘I don’t ’old with it.’"),
    ("'Arry took the dogs' food.", "’Arry took the dogs’ food."),
    (
        "the runnin' dog and the 'quick' fox o' the hills",
        "the runnin’ dog and the ‘quick’ fox o’ the hills",
    ),
    ("'\"Go,\" he said,' she said", "‘“Go,” he said,’ she said"),
    ("\"'Stop' and 'go',\" and 'so'.", "“‘Stop’ and ‘go’,” and ‘so’."),
    (
        "'Cause and effect' was it, 'cause he liked it.",
        "‘Cause and effect’ was it, ’cause he liked it.",
    ),
    # A space is missing, or there is none.
    ("He said:\"no\", and:'so'.", "He said:“no”, and:‘so’."),
    ('The sign—"keep out"—was old.', "The sign—“keep out”—was old."),
    ('"yes","no"', "“yes”,“no”"),
    ('l\'"ami" and 他说:"你好"。', "l’“ami” and 他说:“你好”。"),
]
OTHERS = [
    ("de", "\"a 'b' c\"", "„a ‚b‘ c“"),
    ("fr", '"Quoi ? " : l\'un; "oui!"', "«~Quoi_?~»~: l’un_; «~oui_!~»"),
    ("fr", "à 12:30, page 3", "à 12:30, page~3"),
    ("es", '"a "b" c"', "«a “b” c»"),
    ("ru", '"а "б" в", 5 млн', "«а „б“ в», 5~млн"),
    ("kk", '"а", 3 мың', "«а», 3~мың"),
    ("de", "Abbildung 4-5, Tab. 2-3, Seiten 4-5", "Abbildung~4-5, Tab.~2-3, Seiten~4–5"),
    ("ru", "рис. 2-3, Рисунок 4-5, с. 12-15", "рис.~2-3, Рисунок 4-5, с.~12–15"),
    ("de", "\"Er rief: 'Komm!'\", sagte sie.", "„Er rief: ‚Komm!‘“, sagte sie."),
    (
        "de",
        "Ich hab' 'nen Hund. Hans' Auto. 's ist gut.",
        "Ich hab’ ’nen Hund. Hans’ Auto. ’s ist gut.",
    ),
    ("de", "Er sagte: 'Ich hab 'ne Idee.'", "Er sagte: ‚Ich hab ’ne Idee.‘"),
    (
        "de",
        "»Wo ist sie?«, fragte er. »Er rief: ›Komm!‹«",
        "»Wo ist sie?«, fragte er. »Er rief: ›Komm!‹«",
    ),
    (
        "nl",
        "'s Avonds is 't stil. 's Avonds zei hij 'ja'.",
        "’s Avonds is ’t stil. ’s Avonds zei hij ‘ja’.",
    ),
    ("fr", '« Il dit : « non » » (« oui »), l\'"ami"', "«~Il dit~: «~non~»~» («~oui~»), l’«~ami~»"),
    ("ru", '"Он сказал: "Нет"", а', "«Он сказал: „Нет“», а"),
    ("it", "un po' di 'sto vino e 'ciao'", "un po’ di ’sto vino e “ciao”"),
    # A language of which nothing is known keeps the straight marks, but for apostrophes.
    ("tlh", "\"Qapla'\" he isn't 'so'...", "\"Qapla’\" he isn’t 'so'…"),
    ("he", "צה\"ל וז'בוטינסקי", "צה״ל וז׳בוטינסקי"),
]


def set_text(source: str, language: str = "en") -> str:
    """Return a heading with typography."""
    book, findings = chapter(f"## {source}\n\nText.", language)
    # A language without labels is reported at its line of book.toml.
    assert [finding for finding in findings if finding[0] not in ("MET-011", "TYP-002")] == []
    return re.sub(r"</?h2[^>]*>|<p>.*</p>|</?abbr[^>]*>", "", markup(book.sections[0].tree))


@pytest.mark.parametrize(("source", "wanted"), ENGLISH)
def test_english(source: str, wanted: str):
    assert set_text(source) == wanted


@pytest.mark.parametrize(("language", "source", "wanted"), OTHERS)
def test_other_languages(language: str, source: str, wanted: str):
    assert set_text(source, language) == wanted


def test_a_span_follows_its_own_language():
    assert set_text('"a" [il dit "b"]{lang=de} "c"') == (
        '“a” <span lang="de">il dit „b“</span> “c”'
    )


@pytest.mark.parametrize(
    ("source", "wanted"),
    [
        ("The WTO and NGOs.", '<abbr class="caps">WTO</abbr> and <abbr class="caps">NGO</abbr>s.'),
        ("the US, a B.", "the US, a B."),
        ("in FAQ.md, TODO.", 'in FAQ.md, <abbr class="caps">TODO</abbr>.'),
        ("DO NOT ENTER here", "DO NOT ENTER here"),
        ("[OSCE]{.smallcaps} x", '<span class="smallcaps">OSCE</span> x'),
        ("of SILOA'S brook", 'of <abbr class="caps">SILOA’S</abbr> brook'),
        (
            "of O'BRIEN, NATO's",
            'of <abbr class="caps">O’BRIEN</abbr>, <abbr class="caps">NATO</abbr>’s',
        ),
    ],
)
def test_acronyms(source: str, wanted: str):
    book, _ = chapter(f"{source} And so the long sentence goes on")
    assert wanted in markup(book.sections[0].tree)


def test_an_open_quotation_is_reported_unless_the_next_paragraph_opens_again():
    assert lines('"One.\n\nTwo.') == [("TYP-001", "chapter-1.md", 3)]
    assert lines('"One.\n\n"Two."') == []


def test_a_single_mark_that_the_next_paragraph_repeats_opens_a_quotation():
    book, findings = chapter("'One goes on.\n\n'Two ends it.'\n\n's one\n\n's two")
    assert findings == []
    assert [p.text for p in book.sections[0].tree] == [
        "‘One goes on.", "‘Two ends it.’", "’s one", "’s two",
    ]  # fmt: skip


@pytest.mark.parametrize("mark", ['"', "'"])
def test_many_marks_take_time_in_proportion(mark: str):
    start = time.process_time()
    with_typography(mark * 30_000, "en")
    assert time.process_time() - start < 6


# Everything that a rule looks at, in any order, through any markup.
MARKS = """
    " ' “ ” « » - -- --- ... . , : ; ! ? ( ) / @ www. http://a.b x 5 12 1992 1994 Mr. No. page km
    million July April WTO NGOs 'tis 'n' № стр. п M. n° J.
"""
FRAGMENTS = st.one_of(
    st.sampled_from(MARKS.split()),
    st.sampled_from([" ", " ", "  ", "\u00a0", "\n"]),
    st.text(min_size=1, max_size=6),
)
PIECES = st.lists(st.tuples(st.lists(FRAGMENTS, max_size=8), st.integers(0, 3)), max_size=6)


def tree_of(pieces: list[tuple[list[str], int]]) -> etree._Element:
    root = etree.Element("div")
    paragraph = etree.SubElement(root, "p")
    for fragments, markup_kind in pieces:
        text = re.sub(r"[^\t\n\x20-\ud7ff\ue000-\ufffd]", "", "".join(fragments))
        if markup_kind == 0 and len(paragraph) == 0:
            paragraph.text = (paragraph.text or "") + text
        elif markup_kind == 1 and len(paragraph):
            paragraph[-1].tail = (paragraph[-1].tail or "") + text
        else:
            child = etree.SubElement(paragraph, ("em", "strong", "code", "a")[markup_kind])
            child.text = text
    return root


def letters(tree: etree._Element) -> str:
    """Return the letters and digits in order, a multiplication sign as the letter x."""
    text = re.sub(r"(?<=\d)[ \u00a0]×[ \u00a0](?=\d)", " x ", "".join(tree.itertext()))
    return "".join(c for c in text if c.isalnum())


@settings(max_examples=250, derandomize=True)
@given(PIECES, st.sampled_from(["en", "de", "fr", "es", "ru", "kk", "ja"]))
def test_words_are_never_changed_removed_or_moved(
    pieces: list[tuple[list[str], int]], language: str
):
    tree = tree_of(pieces)
    before, codes = letters(tree), [c.text for c in tree.iter("code")]
    apply_typography(tree, language, "a.md", Findings(), acronyms=True)
    assert letters(tree) == before
    assert [c.text for c in tree.iter("code")] == codes
    once = etree.tostring(tree)
    apply_typography(tree, language, "a.md", Findings(), acronyms=True)
    assert letters(tree) == before
    assert etree.fromstring(once) is not None
