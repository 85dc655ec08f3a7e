"""Citations and lists of works, from the files of works to the text of the sections."""

from __future__ import annotations

import json
import time
from pathlib import Path

import pytest
from lxml import etree
from tiny_book import Reported, read

from makeready.book.model import Book
from makeready.findings import Findings
from makeready.manuscript.reader import read_book
from makeready.manuscript.reuse import UnchangedSections

WORKS = r"""
@string{elm = "Elm Press"}
@book{trees, title = {The {Kew} book of trees}, author = {Elm, Ann and Birch, Bo},
  publisher = elm, year = 1999}
@article{frost, author = {{\L}ukasz M{\"u}ller}, title = {On frost}, journal = {The Garden},
  volume = 4, number = 2, pages = {11--13}, year = 2001, doi = {10.1000/182}}
@online{ice1, author = {Winter, Cy}, title = {Ice}, url = {https://example.org/ice_1}, year = 2010}
@online{ice2, author = {Winter, Cy}, title = {Snow}, url = {https://example.org/ice_2}, year = 2010}
@incollection{pear, author = {Lee, Di and others}, title = {Pears}, crossref = {trees}}
"""


def book_of(
    root: Path,
    text: str | dict[str, str],
    *,
    style: str = "apa",
    fields: str = "",
    works: dict[str, str] | None = None,
    back: bool = True,
    language: str = "en",
) -> tuple[Book, Reported]:
    chapters = {"chapter-1.md": text} if isinstance(text, str) else text
    names = [name.removesuffix(".md") for name in chapters if name.startswith("chapter")]
    sources = works or {"works.bib": WORKS}
    toml = (
        f'title = "Tiny"\nlanguage = "{language}"\nmodified = 2026-11-01\n'
        f"bodymatter = {json.dumps(names)}\n"
        + ('backmatter = ["bibliography"]\n' if back else "")
        + f'[citations]\nsources = {json.dumps(list(sources))}\nstyle = "{style}"\n{fields}\n'
    )
    titled = {name: f"# One\n\n{chapter}\n" for name, chapter in chapters.items()}
    book, found = read(root, {"book.toml": toml, **titled, **sources})
    assert book is not None
    return book, found


def words(tree: etree._Element) -> str:
    return " ".join("".join(map(str, tree.itertext())).replace("\u00a0", " ").split())


def text_of(root: Path, text: str, **about: str) -> str:
    book, found = book_of(root, text, fields='nocite = ["trees"]', **about)  # type: ignore[arg-type]
    assert found == []
    return words(book.section("chapter-1").tree)


def entries(book: Book, section: str = "bibliography") -> list[str]:
    return [words(item) for item in book.section(section).tree.iterfind(".//ul/li")]


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("See [@trees].", "See (Elm & Birch, 1999)."),
        ("[@trees, p. 4]", "(Elm & Birch, 1999, p. 4)"),
        ("[@trees, 4]", "(Elm & Birch, 1999, p. 4)"),
        ("[@trees, pp. 33-35, 38 and *passim*]", "(Elm & Birch, 1999, pp. 33–35, 38 and passim)"),
        ("[@trees, {p. 4, left}]", "(Elm & Birch, 1999, p. 4, left)"),
        ("[@trees, I believe]", "(Elm & Birch, 1999, I believe)"),
        (
            "[see @trees, pp. 33-35; also @frost, chap. 1]",
            "(see Elm & Birch, 1999, pp. 33–35; also Müller, 2001, Chapter 1)",
        ),
        ("Elm [-@trees, p. 4] says", "Elm (1999, p. 4) says"),
        ("@trees says", "Elm and Birch (1999) says"),
        ("@trees [p. 33] says", "Elm and Birch (1999, p. 33) says"),
        ("So (@trees).", "So (Elm and Birch (1999))."),
        ("@{trees}, and [@{frost}]", "Elm and Birch (1999), and (Müller, 2001)"),
        ("{cite}`trees,frost`", "(Elm & Birch, 1999; Müller, 2001)"),
        (
            "{cite:p}`frost` {cite:t}`frost` :cite:`frost`",
            "(Müller, 2001) Müller (2001) (Müller, 2001)",
        ),
        ("[@ice1] [@ice2]", "(Winter, 2010a) (Winter, 2010b)"),
        ("[@ice1; @trees; @ice2]", "(Elm & Birch, 1999; Winter, 2010a, 2010b)"),
        ("[@pear]", "(Lee et al., 1999)"),
        ("`[@trees]` a@b.example \\@trees", "[@trees] a@b.example @trees"),
        ("[\\@trees] [see \\@no, \\@nor]", "[@trees] [see @no, @nor]"),
        ("[words @trees](https://example.org/)", "words @trees"),
        ("A note.^[By @frost.]", "A note."),
    ],
)
def test_the_spellings_of_citations(text: str, shown: str, tmp_path: Path) -> None:
    got = text_of(tmp_path, text)
    assert got == shown


def test_a_cross_reference_is_no_citation(tmp_path: Path) -> None:
    book, found = book_of(tmp_path, "See @sec-a and [@trees].\n\n## Soil {#sec-a}\n\nText.")
    assert found == []
    links = book.section("chapter-1").tree.findall(".//a")
    assert [link.get("href") for link in links] == ["#sec-a", "#ref-trees"]


def test_a_citation_leads_to_its_entry(tmp_path: Path) -> None:
    book, found = book_of(tmp_path, "See [@frost, p. 12].")
    assert found == []
    link = book.section("chapter-1").tree.find(".//a")
    item = book.section("bibliography").tree.find(".//li")
    assert link is not None
    assert item is not None
    assert link.get("href") == f"#{item.get('id')}" == "#ref-frost"
    assert book.anchors["ref-frost"].section == "bibliography"
    address = item.find("a")
    assert address is not None
    assert address.get("href") == address.text == "https://doi.org/10.1000/182"


def test_only_cited_works_are_listed_in_the_order_of_the_style(tmp_path: Path) -> None:
    book, _ = book_of(tmp_path, "[@ice1] [@frost]", fields='nocite = ["trees"]')
    assert [entry.split(",")[0] for entry in entries(book)] == ["Elm", "Müller", "Winter"]
    assert entries(book)[0] == "Elm, A., & Birch, B. (1999). The Kew book of trees. Elm Press."
    assert "<i>The Kew book of trees</i>" in etree.tostring(
        book.section("bibliography").tree, encoding="unicode"
    )


def test_all_works_are_listed_by_a_star(tmp_path: Path) -> None:
    book, found = book_of(tmp_path, "No citation.", fields='nocite = ["*"]')
    assert found == []
    assert len(entries(book)) == 5


def test_a_numeric_style_has_labels(tmp_path: Path) -> None:
    book, found = book_of(tmp_path, "[@ice1], [@trees, p. 4] and @frost.", style="ieee")
    assert found == []
    assert words(book.section("chapter-1").tree) == "[1], [2, p. 4] and Müller [3]."
    labels = [words(s) for s in book.section("bibliography").tree.iterfind(".//li/span")]
    assert labels == ["[1]", "[2]", "[3]"]


def test_numbers_that_follow_each_other_are_a_range(tmp_path: Path) -> None:
    assert text_of(tmp_path, "[@ice1; @ice2; @frost] [@ice2; @frost]", style="nature") == "1–3 2,3"


def test_a_note_style_makes_notes(tmp_path: Path) -> None:
    text = "Frost [@frost, p. 12]. As @trees says.^[Own, [@trees].] Again [@frost]."
    book, found = book_of(tmp_path, text, style="chicago-notes-bibliography")
    assert found == []
    section = book.section("chapter-1")
    assert words(section.tree) == "Frost. As Elm and Birch says. Again."
    calls = [a.get("data-note") for a in section.tree.iter("a") if a.get("data-note")]
    assert calls == ["1", "2", "3", "4"]
    notes = [words(note.tree) for note in section.notes]
    assert notes[0].startswith("Łukasz Müller, “On Frost,” The Garden 4, no. 2 (2001): 12")
    assert notes[2] == "Own, Elm and Birch, The Kew Book of Trees."
    assert notes[3] == "Müller, “On Frost.”"
    assert section.tree.findtext("p") == "Frost."


def test_a_list_stands_where_the_text_says(tmp_path: Path) -> None:
    for number, place in enumerate(
        ("::: {#refs}\n:::", '<div id="refs"></div>', "```{bibliography}\n:style: unsrt\n```")
    ):
        text = {"chapter-1.md": "[@trees]", "chapter-2.md": f"[@frost]\n\n{place}\n\nEnd."}
        book, found = book_of(tmp_path / str(number), text, back=False)
        assert found == []
        assert len(entries(book, "chapter-2")) == 2
        assert [block.tag for block in book.section("chapter-2").tree] == ["p", "ul", "p"]


def test_lists_of_chapters_have_the_works_of_the_chapter(tmp_path: Path) -> None:
    place = "```{bibliography}\n:filter: docname in docnames\n```"
    text = {"chapter-1.md": f"[@trees]\n\n{place}", "chapter-2.md": f"[@frost]\n\n{place}"}
    book, found = book_of(tmp_path, text, back=False)
    assert found == []
    assert [len(entries(book, f"chapter-{n}")) for n in (1, 2)] == [1, 1]


def test_the_text_of_a_file_stands_before_its_list(tmp_path: Path) -> None:
    text = {"chapter-1.md": "[@trees]", "bibliography.md": "What we read."}
    book, found = book_of(tmp_path, text)
    assert found == []
    assert [block.tag for block in book.section("bibliography").tree] == ["p", "ul"]


def test_the_language_is_that_of_the_book(tmp_path: Path) -> None:
    got = text_of(tmp_path, "[@trees, S. 4] und @trees", language="de")
    assert got == "(Elm & Birch, 1999, S. 4) und Elm und Birch (1999)"


def test_json_and_yaml_have_the_same_works(tmp_path: Path) -> None:
    work = {
        "id": "trees",
        "type": "book",
        "title": "The <span class='x'>Kew</span> & book",
        "author": [{"family": "Elm", "given": "Ann"}],
        "issued": {"date-parts": [["1999"]]},
    }
    yaml = (
        "references:\n- id: trees\n  type: book\n  title: The <span class='x'>Kew</span> & book\n"
        "  author:\n  - family: Elm\n    given: Ann\n  issued: 1999\n"
    )
    shown = []
    for name, content in (("a.json", json.dumps([work])), ("a.yaml", yaml)):
        book, found = book_of(tmp_path / name, "[@trees]", works={name: content})
        assert found == []
        shown.append(entries(book))
    assert shown[0] == shown[1] == ["Elm, A. (1999). The Kew & book."]


def test_an_edited_source_changes_the_text(tmp_path: Path) -> None:
    cache = tmp_path / "cache"
    book_of(tmp_path / "book", "[@trees]")

    def shown() -> str:
        book = read_book(tmp_path / "book", Findings(), None, UnchangedSections(cache))
        assert book is not None
        return words(book.section("chapter-1").tree)

    assert shown() == shown() == "(Elm & Birch, 1999)"
    source = tmp_path / "book/works.bib"
    source.write_text(source.read_text("utf-8").replace("1999", "1998"), "utf-8")
    assert shown() == "(Elm & Birch, 1998)"


@pytest.mark.parametrize(
    "works",
    [
        "@book{trees, title = {" + "{" * 500_000 + "x" + "}" * 500_000 + "}}",
        "@book{trees, title = {" + "{" * 1_000_000,
        "@book{trees, author = {" + "A and " * 160_000 + "B}}",
        '@book{trees, title = "a"' + ' # "a"' * 160_000 + "}",
        "@string{a0 = {xxxxxxxxxx}}\n"
        + "".join(f"@string{{a{n} = a{n - 1} # a{n - 1}}}\n" for n in range(1, 60))
        + "@book{trees, title = a59}",
        "".join(f"@book{{k{n}, title = {{T}}}}\n" for n in range(40_000)),
        "@book{trees, pages = {" + "1" * 900_000 + "}}",
    ],
    ids=["deep", "open", "names", "pieces", "doubled", "many", "digits"],
)
def test_a_megabyte_of_bibtex_takes_seconds(works: str, tmp_path: Path) -> None:
    start = time.process_time()
    book_of(tmp_path, "[@trees] and [@three]", works={"works.bib": works})
    assert time.process_time() - start < 20


STYLE = (
    '<style xmlns="http://purl.org/net/xbiblio/csl" class="in-text" version="1.0">{}'
    "<citation><layout>{}</layout></citation></style>"
)


def test_a_style_that_never_ends_is_stopped(tmp_path: Path) -> None:
    macros = '<macro name="m0"><text value="x"/></macro>' + "".join(
        f'<macro name="m{n}"><text macro="m{n - 1}"/><text macro="m{n - 1}"/></macro>'
        for n in range(1, 60)
    )
    style = STYLE.format(macros, '<text macro="m59"/>')
    works = {"works.bib": WORKS, "works.csl": style}
    toml = 'title = "T"\nmodified = 2026-11-01\nbodymatter = ["chapter-1"]\n[citations]\n'
    toml += 'sources = ["works.bib"]\nstyle = "works.csl"\n'
    start = time.process_time()
    book, found = read(
        tmp_path, {"book.toml": toml, "chapter-1.md": "# One\n\n[@trees]\n", **works}
    )
    assert time.process_time() - start < 10
    assert [rule for rule, _, _ in found] == ["REF-024"]
    assert book is not None
    assert words(book.section("chapter-1").tree) == "Elm 1999"


def test_a_style_has_no_entities(tmp_path: Path) -> None:
    bomb = '<!DOCTYPE s [<!ENTITY a SYSTEM "file:///etc/passwd">]>'
    style = bomb + STYLE.format("", '<text value="&a;"/>')
    toml = 'title = "T"\nmodified = 2026-11-01\nbodymatter = ["chapter-1"]\n[citations]\n'
    toml += 'sources = ["works.bib"]\nstyle = "works.csl"\n'
    files = {"chapter-1.md": "# One\n\n[@trees]\n", "works.bib": WORKS, "works.csl": style}
    _, found = read(tmp_path, {"book.toml": toml, **files})
    assert [rule for rule, _, _ in found] == ["REF-025", "REF-026"]


def test_a_title_in_another_script_keeps_its_case(tmp_path: Path) -> None:
    works = {
        "works.bib": "@book{a, author={Elm, Ann}, title={On the water of bogs}, year=1999}\n"
        "@book{b, author={Иванов, К.}, title={Вода в болотах}, year=1975}\n"
    }
    book, found = book_of(tmp_path, "See [@a; @b].", style="chicago-author-date", works=works)
    assert found == []
    assert entries(book) == [
        "Elm, Ann. 1999. On the Water of Bogs.",
        "Иванов, К. 1975. Вода в болотах.",
    ]


def test_keys_of_other_letters_have_an_id_each(tmp_path: Path) -> None:
    keys = ["мох", "вода", "торф"]
    bib = "\n".join(f"@book{{{key}, author={{Elm}}, title={{T{key}}}, year=1999}}" for key in keys)
    book, found = book_of(tmp_path, "[@мох; @вода; @торф]", works={"works.bib": bib})
    assert found == []
    items = book.section("bibliography").tree.findall(".//li")
    assert sorted(str(item.get("id")) for item in items) == ["ref-", "ref--2", "ref--3"]


SMITHS = """
@book{a, title = {One}, author = {Smith, John and Lee, Ann}, year = 2001}
@book{b, title = {Two}, author = {Smith, Paula}, year = 2003}
@book{c, title = {Three}, author = {Brown, Anna and Smith, Paula}, year = 2003}
@book{d, title = {Four}, author = {Brown, Alice}, year = 2003}
@book{e, title = {Five}, author = {van Gogh, Vincent}, year = 2003}
@book{f, title = {Six}, author = {van Gogh, Theo}, year = 2003}
"""


@pytest.mark.parametrize(
    ("style", "shown"),
    [
        ("apa", "(J. Smith & Lee, 2001; P. Smith, 2003) J. Smith and Lee (2001)"),
        ("chicago-author-date", "(J. Smith and Lee 2001; P. Smith 2003) J. Smith and Lee (2001)"),
        ("harvard-cite-them-right", "(Smith and Lee, 2001; Smith, 2003) Smith and Lee (2001)"),
    ],
)
def test_given_names_tell_authors_of_one_name_apart(style: str, shown: str, tmp_path: Path) -> None:
    book, found = book_of(tmp_path, "[@a; @b] @a", style=style, works={"works.bib": SMITHS})
    assert found == []
    assert words(book.section("chapter-1").tree) == shown


def test_given_names_are_whole_where_initials_are_the_same(tmp_path: Path) -> None:
    book, _ = book_of(tmp_path, "[@c; @d]", works={"works.bib": SMITHS})
    assert words(book.section("chapter-1").tree) == "(Alice Brown, 2003; Anna Brown & Smith, 2003)"


def test_given_names_are_before_particles(tmp_path: Path) -> None:
    book, _ = book_of(tmp_path, "[@e] [@f]", works={"works.bib": SMITHS})
    assert words(book.section("chapter-1").tree) == "(V. van Gogh, 2003) (T. van Gogh, 2003)"


def test_a_name_of_one_person_has_no_given_name(tmp_path: Path) -> None:
    book, _ = book_of(tmp_path, "[@b] [@d]", works={"works.bib": SMITHS})
    assert words(book.section("chapter-1").tree) == "(Smith, 2003) (Brown, 2003)"
