"""Cross-references of Quarto, bookdown, MyST and Sphinx are read as the book's own."""

from __future__ import annotations

from pathlib import Path

import pytest
from tiny_book import PNG, TOML, body, chapter, read

from makeready.book.model import PageMap
from makeready.templates.references import paged_resolver

FIGURE = '![A *big* pot](images/a.png){#fig-pot fig-alt="Clay." fig-align="center"}'
TABLE = "| a |\n|---|\n| 1 |\n\n: (\\#tab:x) Sizes"
BOOK = f"{FIGURE}\n\n{TABLE}\n\n(soil)=\n## Soil\n\nText\n\n## Sand\n:label:`sec_sand`\n\n"


def reference(target: str, form: str, words: str = "") -> str:
    return f'<a href="#{target}" class="xref" data-form="{form}">{words}</a>'


FORMS = {
    "Quarto": ("See @fig-pot.", f"See {reference('fig-pot', 'number')}."),
    "Quarto in brackets": ("See [@fig-pot].", f"See {reference('fig-pot', 'number')}."),
    "the number alone": ("Plate [-@fig-pot]", f"Plate {reference('fig-pot', 'numeral')}"),
    "a word of its own": ("[Plate @fig-pot]", f"Plate\u00a0{reference('fig-pot', 'numeral')}"),
    "several": (
        "[@fig-pot; @fig-pot]",
        f"{reference('fig-pot', 'number')}, {reference('fig-pot', 'number')}",
    ),
    "bookdown": (r"Table \@ref(tab:x)", f"Table {reference('chapter-1-tab-x', 'numeral')}"),
    "bookdown of a heading": (r"\@ref(soil)", reference("soil", "text", "“Soil”")),
    "MyST": ("{ref}`soil`", reference("soil", "title")),
    "MyST with words": ("{ref}`the soil <soil>`", reference("soil", "text", "the soil")),
    "MyST by number": ("{numref}`fig-pot`", reference("fig-pot", "number")),
    "MyST with a pattern": (
        "{numref}`Pl. %s here <fig-pot>`",
        f"Pl. {reference('fig-pot', 'numeral')} here",
    ),
    "Sphinx": (":numref:`fig-pot` x", f"{reference('fig-pot', 'number')} x"),
    "label below": (":ref:`sec_sand`", reference("sec_sand", "title")),
    "raised and lowered": ("H{sub}`2`O m{sup}`2`", "H<sub>2</sub>O m<sup>2</sup>"),
}


@pytest.mark.parametrize(("text", "expected"), FORMS.values(), ids=FORMS)
def test_a_reference(tmp_path: Path, text: str, expected: str) -> None:
    tree = body(tmp_path, f"{BOOK}{text}", images__a_png=PNG)
    assert tree.endswith(f"<p>{expected}</p>")


@pytest.mark.parametrize(
    ("language", "expected"),
    [
        ("en", ["“Wet soil”", "“Wet soil”", "Wet soil", "Say “no”"]),
        ("de", ["„Wet soil“", "„Wet soil“", "Wet soil", "Say „no“"]),
        ("fr", ["« Wet soil »", "« Wet soil »", "Wet soil", "Say « no »"]),
    ],
)
def test_a_title_in_the_place_of_a_number_is_quoted(
    tmp_path: Path, language: str, expected: list[str]
) -> None:
    text = (
        '## Wet soil {#sec-wet}\n\n## Say "no" {#sec-no}\n\n'
        "In @sec-wet, \\@ref(sec-wet), [](#sec-wet), @sec-no."
    )
    toml = TOML.replace('"en"', f'"{language}"')
    book = chapter(tmp_path, text, toml)
    links = [a for a in book.section("chapter-1").tree.iter("a") if a.get("data-form")]
    for link in links:
        paged_resolver(book, PageMap())(link)
    assert [" ".join((link.text or "").split()) for link in links] == expected


def test_the_words_of_an_image_with_a_figure_id_are_its_caption(tmp_path: Path) -> None:
    tree = chapter(tmp_path, FIGURE, images__a_png=PNG).section("chapter-1").tree
    figure = tree.find("figure")
    assert figure is not None
    image, caption = figure
    assert figure.get("id") == "fig-pot"
    assert image.get("alt") == "Clay."
    assert "".join(map(str, caption.itertext())) == "Figure\u00a01. A big pot"
    assert caption.find("em") is not None


def test_without_a_description_the_caption_is_one(tmp_path: Path) -> None:
    text = "![A pot](images/a.png){#fig-pot}\n\n- ![B](images/a.png){#fig-b} c"
    tree = chapter(tmp_path, text, images__a_png=PNG).section("chapter-1").tree
    assert [image.get("alt") for image in tree.iter("img")] == ["A pot", "B"]
    assert "".join(map(str, tree.itertext())) == "Figure\u00a01. A pot c"


def test_the_title_of_an_image_is_still_its_caption(tmp_path: Path) -> None:
    text = '![A pot](images/a.png "The pot"){#fig-pot}'
    tree = chapter(tmp_path, text, images__a_png=PNG).section("chapter-1").tree
    image = tree.find("figure/img")
    assert image is not None
    assert image.get("alt") == "A pot"
    assert "".join(map(str, tree.itertext())) == "Figure\u00a01. The pot"


def test_an_unknown_target_is_reported_at_its_line(tmp_path: Path) -> None:
    text = "# One\n\nSee\n@fig-pott and\n\\@ref(fig:b).\n"
    _, found = read(tmp_path, {"chapter-1.md": text})
    assert found == [("REF-001", "chapter-1.md", 4), ("REF-001", "chapter-1.md", 5)]


@pytest.mark.parametrize(
    "text",
    ["ann@fig-pot.org", "@ann said", "a@sec-b", "`@fig-pot`", r"\@fig-pot", "[@ann](#soil)", "(a)"],
)
def test_addresses_and_names_are_no_references(tmp_path: Path, text: str) -> None:
    tree = body(tmp_path, f"{BOOK}Text {text}", images__a_png=PNG)
    assert 'data-form="number"' not in tree
    assert "numeral" not in tree


def test_a_link_without_words_to_an_id_with_a_colon_is_a_reference(tmp_path: Path) -> None:
    text = "# One\n\nBy [](eq:sum).\n\n$$\na=b\n$$ (eq:sum)\n"
    book, found = read(tmp_path, {"chapter-1.md": text})
    assert book is not None
    assert found == []
    missing = read(tmp_path / "b", {"chapter-1.md": "# One\n\nBy [](eq:sum).\n"})[1]
    assert missing == [("REF-001", "chapter-1.md", 3)]
    refused = read(tmp_path / "c", {"chapter-1.md": "# One\n\nBy [](javascript:alert).\n"})[1]
    assert refused == [("MAN-017", "chapter-1.md", 3)]


def test_of_headings_with_one_name_the_title_is_meant_and_none_with_an_id(tmp_path: Path) -> None:
    toml = TOML.replace('["chapter-1"]', '["chapter-1", "chapter-2", "chapter-3"]')
    files = {
        "book.toml": toml,
        "chapter-1.md": "# One\n\n[a](#soils) [b](#sand)\n",
        "chapter-2.md": "# Soils\n\n## Sand {#fine-sand}\n\nText.\n",
        "chapter-3.md": "# Three\n\n## Soils\n\nText.\n\n## Sand\n\nText.\n",
    }
    book, found = read(tmp_path, files)
    assert book is not None
    assert found == []
    links = [link.get("href") for link in book.section("chapter-1").tree.iter("a")]
    assert links == ["#chapter-2", "#chapter-3-sand"]
    files["chapter-2.md"] = "# Two\n\n## Soils\n\nText.\n\n## Sand {#fine-sand}\n\nText.\n"
    assert read(tmp_path, files)[1] == [("REF-014", "chapter-1.md", 3)]
