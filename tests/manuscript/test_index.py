"""Index terms: collected and sorted, and every mistake reported with its line."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable
from importlib.resources import files
from itertools import groupby
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree
from tiny_book import Reported, read, write_book

from makeready.book.model import Book, IndexEntry, PageMap
from makeready.findings import Findings, SourceLocation
from makeready.manuscript.collation import alphabet_of
from makeready.manuscript.reader import read_book
from makeready.templates.index import EntryLine, IndexLayout
from makeready.templates.trees import Medium

_TOML = """\
title = "Tiny"
language = "{language}"
modified = 2026-11-01
bodymatter = ["chapter-1", "chapter-2"]
backmatter = {back}
"""
CLEAN = {
    "book.toml": _TOML.format(language="en", back='["index"]'),
    "chapter-1.md": """\
# One

The [soil]{.index} is [clay]{.index entry="soil!clay"}.

A wall[]{.index entry="walls" range=begin} and a [hedge]{.index see="walls"}.

The *end* of the wall[]{.index entry="walls" range=end}.
""",
    "chapter-2.md": '# Two\n\nMore [soil]{.index see-also="walls; soil!clay" sort="soils" main}.\n',
}
ONE, TWO, TOML = "chapter-1.md", "chapter-2.md", "book.toml"

# The rule, the file, what in it is broken, and the line that the finding names.
MISTAKES = [
    ("REF-030", ONE, "*end*", "[]{.index}", 7),
    ("REF-030", ONE, "*end*", "[ ]{.index sort=a}", 7),
    ("REF-031", ONE, "soil!clay", "soil!", 3),
    ("REF-031", ONE, "soil!clay", "a!b!c!d", 3),
    ("REF-031", ONE, "range=begin", "range=start", 5),
    ("REF-031", ONE, '[hedge]{.index see="walls"}', '[hedge]{.index see="walls;"}', 5),
    ("REF-031", TWO, 'sort="soils"', 'sort="a!soils"', 3),
    ("REF-032", ONE, 'see="walls"', 'see="wall"', 5),
    ("REF-032", ONE, 'see="walls"', 'see="hedge"', 5),
    ("REF-032", TWO, "soil!clay", "soil!sand", 3),
    ("REF-033", ONE, "range=end", "", 5),
    ("REF-034", ONE, " range=begin", "", 7),
    ("REF-035", ONE, "*end*", '[]{.index entry="walls" range=begin}end', 7),
    ("REF-036", ONE, "*end*", "[hedge]{.index}", 5),
    ("REF-037", ONE, "*end*", "[soil]{.index sort=earth}", 3),
    ("REF-038", ONE, "*end*", "[Soil]{.index}", 7),
    ("REF-039", TOML, '["index"]', "[]", 3),
    ("REF-041", ONE, "*end*", '[bank]{.index see="dike"} [dike]{.index see="bank"}', 7),
    ("MAN-016", ONE, "*end*", "[end]{entry=x}", 7),
]


def _broken(root: Path, name: str, old: str, new: str) -> Reported:
    assert CLEAN[name].count(old) == 1
    return read(root, {**CLEAN, name: CLEAN[name].replace(old, new)})[1]


def _of_terms(text: str) -> dict[str, str]:
    toml = _TOML.format(language="en", back='["index"]')
    return {
        "book.toml": toml,
        "chapter-1.md": f"# One\n\n{text}\n",
        "chapter-2.md": "# Two\n\nX.\n",
    }


def _book(root: Path, files_: dict[str, str]) -> Book:
    book, reported = read(root, files_)
    assert book is not None
    assert reported == []
    return book


def _named(entries: Iterable[IndexEntry]) -> list[str]:
    return [entry.path[-1] for entry in entries]


def _lines(book: Book, labels: dict[str, str]) -> dict[str, str]:
    """Return the text of each entry in the printed index, by its heading."""
    layout = IndexLayout(book, book.section("index"), Medium.PRINT, PageMap(labels))

    def description(line: EntryLine) -> str:
        shown = (f"*{at.label}*" if at.main else at.label for at in line.locators)
        return ", ".join(shown)

    return {
        str(line.markup): description(line) for group in layout.groups() for line in group.lines
    }


def test_a_clean_book_has_its_index(tmp_path: Path) -> None:
    index = _book(tmp_path, CLEAN).index
    assert _named(index) == ["hedge", "soil", "walls"]
    assert [entry.letter for entry in index] == ["H", "S", "W"]
    hedge, soil, walls = index
    assert (hedge.locators, hedge.see) == ((), (("walls",),))
    assert [(place.section, place.main) for place in soil.locators] == [
        ("chapter-1", False),
        ("chapter-2", True),
    ]
    assert soil.see_also == (("walls",), ("soil", "clay"))
    assert _named(soil.entries) == ["clay"]
    assert [(place.anchor, place.end) for place in walls.locators] == [
        ("chapter-1-index-3", "chapter-1-index-4")
    ]


def test_a_term_becomes_an_anchor_without_attributes(tmp_path: Path) -> None:
    book = _book(tmp_path, CLEAN)
    markup = etree.tostring(book.section("chapter-1").tree, encoding="unicode")
    assert '<span class="index-term" id="chapter-1-index-1">soil</span>' in markup
    assert "hedge</span>" in markup
    assert 'id="chapter-1-index-5"' not in markup
    assert "data-entry" not in markup
    assert "walls" not in markup


def test_a_term_may_be_within_another(tmp_path: Path) -> None:
    text = (
        "The [soil of [heavy *[clay]{.index}*]{.index lang=fr} in [*hills*]{.smallcaps}]{.index}."
    )
    book = _book(tmp_path, _of_terms(text))
    tree = book.section("chapter-1").tree
    assert "".join(map(str, tree.itertext())) == "The soil of heavy clay in hills."
    shown = [etree.tostring(entry.tree, encoding="unicode") for entry in book.index]
    assert shown == [
        "<span>clay</span>",
        '<span><span lang="fr">heavy <em>clay</em></span></span>',
        '<span>soil of <span lang="fr">heavy <em>clay</em></span> in '
        '<span class="smallcaps"><em>hills</em></span></span>',
    ]
    anchors = [entry.locators[0].anchor for entry in book.index]
    assert {a for a in anchors if tree.find(f".//span[@id='{a}']") is not None} == set(anchors)


def test_a_cycle_of_entries_is_reported_with_both_ends(tmp_path: Path) -> None:
    text = "# Two\n\n[a]{.index see=b} [b]{.index see=c}\n\n[c]{.index see=a} [d]{.index see=a}\n"
    findings = Findings()
    read_book(write_book(tmp_path, {**CLEAN, TWO: text}), findings)
    (reported,) = findings
    assert (reported.id, reported.location) == ("REF-041", SourceLocation(TWO, 3))
    assert "a → b → c → a (back from line 5 of chapter-2.md)" in reported.message


@pytest.mark.parametrize("more", ["[b]{.index}", '[]{.index entry="b!x"}'])
def test_entries_with_a_locator_are_not_a_cycle(tmp_path: Path, more: str) -> None:
    text = f"[a]{{.index see=b}} [b]{{.index see=a}} {more}"
    reported = read(tmp_path, _of_terms(text))[1]
    assert "REF-041" not in {rule for rule, _, _ in reported}


def test_without_an_index_no_term_has_an_id(tmp_path: Path) -> None:
    book, _ = read(tmp_path, {**CLEAN, TOML: CLEAN[TOML].replace('["index"]', "[]")})
    assert book is not None
    assert book.index == ()
    markup = etree.tostring(book.section("chapter-1").tree, encoding="unicode")
    assert "-index-" not in markup
    assert "data-entry" not in markup


@pytest.mark.parametrize(
    ("rule", "name", "old", "new", "line"), MISTAKES, ids=[f"{f[0]}-{f[3]}" for f in MISTAKES]
)
def test_one_mistake_is_one_finding(
    rule: str, name: str, old: str, new: str, line: int, tmp_path: Path
) -> None:
    path = ONE if rule == "REF-039" else TWO if rule == "REF-037" else name
    assert _broken(tmp_path, name, old, new) == [(rule, path, line)]


def test_an_index_without_terms_is_reported_where_it_is_listed(tmp_path: Path) -> None:
    assert read(tmp_path, _of_terms("No term."))[1] == [("REF-040", TOML, 5)]


def test_every_rule_of_the_index_is_tested() -> None:
    text = files("makeready").joinpath("rules").joinpath("indexing.toml").read_text("utf-8")
    assert {fault[0] for fault in MISTAKES} | {"REF-040"} == set(tomllib.loads(text)) | {"MAN-016"}


def test_terms_of_an_unreadable_section_are_not_reported_missing(tmp_path: Path) -> None:
    reported = read(tmp_path, {**CLEAN, ONE: CLEAN[ONE].replace("# One", "Before\n\n```\n# One")})[
        1
    ]
    assert [rule for rule, _, _ in reported if rule.startswith("REF")] == []


def test_a_term_in_a_title_links_to_its_section(tmp_path: Path) -> None:
    pages = {"chapter-1.md": "# One of [soil]{.index}\n\nText.\n"}
    book = _book(tmp_path, {**_of_terms(""), **pages})
    assert [place.anchor for place in book.index[0].locators] == ["chapter-1"]
    section = book.section("chapter-1")
    assert section.title == "One of soil"
    assert len(section.title_tree) == 0


def test_a_term_alone_in_its_paragraph_joins_the_block_before(tmp_path: Path) -> None:
    book = _book(tmp_path, _of_terms('Text.\n\n[]{.index entry="x"}\n\nMore.'))
    blocks = list(book.section("chapter-1").tree)
    assert ["".join(block.itertext()) for block in blocks] == ["Text.", "More."]
    assert [e.get("id") for e in blocks[0].iter("span")] == ["chapter-1-index-1"]


def test_a_heading_keeps_the_markup_of_its_term(tmp_path: Path) -> None:
    book = _book(
        tmp_path, _of_terms("[*Emma*]{.index}, [mot]{.index lang=fr}, [a[^1]]{.index}\n\n[^1]: N.")
    )
    trees = [etree.tostring(e.tree, encoding="unicode", with_tail=False) for e in book.index]
    assert trees == [
        "<span>a</span>",
        "<span><em>Emma</em></span>",
        '<span><span lang="fr">mot</span></span>',
    ]


def test_an_id_of_the_author_is_not_used_again(tmp_path: Path) -> None:
    text = "A [word]{#chapter-1-index-1}, a [soil]{.index} and a [wall]{.index #mine}."
    book = _book(tmp_path, _of_terms(text))
    assert [entry.locators[0].anchor for entry in book.index] == ["chapter-1-index-2", "mine"]


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("en", "2nd, 10th, aardvark, «ab», Abbé, abbey, Äbte, New Town, Newark, Œuvre, of, zoo"),
        ("en", "soil, soils, Алматы, Яблоко"),
        ("de", "Abt, Äbte, Abteil, strasse, Strasse, Straße, Zoo"),
        ("es", "nube, nuez, ñandú, oca"),
        ("fr", "cote, coté, côte, côté, coter"),
        ("ru", "елка, ёлка, ель, жук, Йод, Кадр, Garden"),
        ("kk", "ана, әке, бала, ғалым, дала, қала, нан, өзен, ұл, үй, хат, ыдыс, іс, яғни, Astana"),
    ],
)
def test_words_are_sorted_by_their_language(language: str, words: str) -> None:
    order = words.split(", ")
    assert sorted(set(order), key=alphabet_of(language).key) == order


@given(st.lists(st.text(max_size=6), max_size=8), st.sampled_from(["en", "es", "ru", "kk"]))
def test_every_letter_is_one_group(words: list[str], language: str) -> None:
    alphabet = alphabet_of(language)
    letters = [alphabet.initial_letter(word) for word in sorted(words, key=alphabet.key)]
    groups = [letter for letter, _ in groupby(letters)]
    assert len(groups) == len(set(groups)), groups
    assert "" not in groups[1:]


def test_entries_are_sorted_by_their_sort_text(tmp_path: Path) -> None:
    terms = (
        '[The Times]{.index sort="Times"} [a]{.index entry="x!10" sort="x!b"} '
        '[b]{.index entry="x!a"} y'
    )
    book = _book(tmp_path, _of_terms(f"[Uhr]{{.index}} {terms}"))
    assert _named(book.index) == ["The Times", "Uhr", "x"]
    assert _named(book.index[2].entries) == ["a", "10"]
    assert book.index[0].letter == "T"


@pytest.mark.parametrize(
    ("text", "pages", "description"),
    [
        ("[a]{.index} [a]{.index} [a]{.index}", ["4", "4", "5"], "4, 5"),
        ("[a]{.index} [a]{.index}", ["xi", "2"], "xi, 2"),
        ("[a]{.index} [a]{.index}", ["10", "9"], "9, 10"),
        ("[a]{.index} [a]{.index main}", ["4", "4"], "*4*"),
        ("[a]{.index range=begin} [a]{.index range=end}", ["41", "44"], "41–44"),
        ("[a]{.index range=begin} [a]{.index range=end}", ["41", "41"], "41"),
        ("[a]{.index range=begin} [a]{.index range=end}", ["ix", "3"], "ix–3"),
        ("[a]{.index range=begin} [a]{.index} [a]{.index range=end}", ["3", "4", "6"], "3–6"),
        (
            "[a]{.index range=begin} [a]{.index main} [a]{.index range=end}",
            ["3", "4", "6"],
            "3–6, *4*",
        ),
        ("[a]{.index range=begin} [a]{.index range=end main}", ["41", "44"], "*41–44*"),
        ("[a]{.index range=begin main} [a]{.index range=end}", ["41", "44"], "*41–44*"),
        (
            "[a]{.index range=begin} [a]{.index range=end} " * 2,
            ["3", "5", "5", "7"],
            "3–7",
        ),
    ],
)
def test_each_page_is_listed_once(
    text: str, pages: list[str], description: str, tmp_path: Path
) -> None:
    book = _book(tmp_path, _of_terms(text))
    anchors = [f"chapter-1-index-{number}" for number in range(1, len(pages) + 1)]
    assert _lines(book, dict(zip(anchors, pages, strict=True))) == {"a": description}


def test_an_ebook_without_pages_links_by_section(tmp_path: Path) -> None:
    files_ = _of_terms("[a]{.index} [b]{.index range=begin} [b]{.index range=end} [a]{.index}")
    files_["chapter-2.md"] = "# Two\n\n[a]{.index}\n"
    book = _book(tmp_path, files_)
    layout = IndexLayout(book, book.section("index"), Medium.EPUB)
    lines = {str(line.markup): line.locators for group in layout.groups() for line in group.lines}
    chapter = "Chapter\u00a0"
    assert "".join(f"{at.before}{at.label}" for at in lines["a"]) == (
        f", {chapter}1:\u00a01, 2; {chapter}2"
    )
    assert [at.href for at in lines["a"]] == [
        "chapter-1.xhtml#chapter-1-index-1",
        "chapter-1.xhtml#chapter-1-index-4",
        "chapter-2.xhtml#chapter-2-index-1",
    ]
    assert [(at.label, at.name) for at in lines["b"]] == [(f"{chapter}1", "")]


SPELLINGS = [
    (r"x\index{clay}", 'x[]{.index entry="clay"}'),
    (r"\index{clay}x", '[]{.index entry="clay"}x'),
    (r"x\index{soil!heavy!clay}", 'x[]{.index entry="soil!heavy!clay"}'),
    (r"x\index{Zola@\textit{Zola}}", 'x[]{.index entry="Zola"}'),
    (r"x\index{soil!map@\texttt{map\_of}}", 'x[]{.index entry="soil!map_of" sort="soil!map"}'),
    (r"x\index[names]{Zola, \'{E}mile}", 'x[]{.index entry="Zola, Émile"}'),
    (
        r"x\index{soil}\index{a|see{soil}}",
        'x[]{.index entry="soil"}[]{.index entry="a" see="soil"}',
    ),
    (
        r"x\index{soil}\index{a|seealso{soil}}",
        'x[]{.index entry="soil"}[]{.index entry="a" see-also="soil"}',
    ),
    (
        "x\\index{soil|(}\n\ny\\index{soil|)}",
        'x[]{.index entry="soil" range=begin}\n\ny[]{.index entry="soil" range=end}',
    ),
    (r"x\index{'@\texttt{`}} and `y`", 'x[]{.index entry="`" sort="\'"} and `y`'),
    (r"x\index{clay|textbf}", 'x[]{.index entry="clay" main}'),
    ("\\index{clay}\n\\index{soil}\n\nx", '[]{.index entry="clay"}[]{.index entry="soil"}x'),
    ("x\n\n- \\index{clay}y", 'x\n\n- []{.index entry="clay"}y'),
    (
        "```\nx\n```\n\n\\index{clay}\n\n* * *\n\ny",
        '```\nx\n```\n\n* * *\n\n[]{.index entry="clay"}y',
    ),
    ("The {index}`clay`.", "The [clay]{.index}."),
    ("The :index:`clay`.", "The [clay]{.index}."),
    ("The {index}`soil; clay`.", 'The [soil; clay]{.index entry="soil!clay"}.'),
    (
        "The {index}`pots <pair: pots; clay>`.",
        'The []{.index entry="clay!pots"}[pots]{.index entry="pots!clay"}.',
    ),
    ("The {index}`!clay`.", 'The [clay]{.index entry="clay" main}.'),
    ("x\n\n```{index} single: soil; clay\n```", 'x[]{.index entry="soil!clay"}'),
    (
        "x\n\n:::{index}\n:name: a\nclay, !loam\ntriple: a; b; c\n:::",
        'x[]{.index entry="clay"}[]{.index entry="loam" main}[]{.index entry="a!b c"}'
        '[]{.index entry="b!c, a"}[]{.index entry="c!a b"}',
    ),
    ('clay{i: "soil!clay"}', 'clay[]{.index entry="soil!clay"}'),
]


@pytest.mark.parametrize(("theirs", "ours"), SPELLINGS)
def test_the_spellings_of_other_tools_are_read_as_our_own(
    tmp_path: Path, theirs: str, ours: str
) -> None:
    books = [_book(tmp_path / name, _of_terms(text)) for name, text in (("a", theirs), ("b", ours))]
    (index, tree), (other_index, other_tree) = (
        (book.index, book.section("chapter-1").tree) for book in books
    )
    assert index == other_index
    assert index
    assert "".join(tree.itertext()).split() == "".join(other_tree.itertext()).split()
    assert not [p for p in tree.iter("p") if not "".join(p.itertext()).strip()]


@pytest.mark.parametrize(
    "text", [r'\index{a"!b}', r"\index{}", r"\index{a!b!c!d}", r"\index{never closed"]
)
def test_a_term_that_cannot_be_read_stays_text(tmp_path: Path, text: str) -> None:
    book, _reported = read(tmp_path, _of_terms(f"The {text} end."))
    assert book is not None
    assert book.index == ()
    assert "index{" in "".join(book.section("chapter-1").tree.itertext())


def test_terms_in_code_are_code(tmp_path: Path) -> None:
    book, reported = read(tmp_path, _of_terms("`\\index{a}`\n\n```\n\\index{b}\n```"))
    assert book is not None
    assert book.index == ()
    assert reported == [("REF-040", "book.toml", 5)]
