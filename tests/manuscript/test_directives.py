"""Directives of MyST, Sphinx and their extensions, in back-ticks and in colons."""

from __future__ import annotations

from pathlib import Path

import pytest
from tiny_book import PNG, body, chapter, markup, read

FENCES = ("```", ":::")


@pytest.mark.parametrize("fence", FENCES)
def test_a_figure(tmp_path: Path, fence: str) -> None:
    text = (
        f"{fence}{{figure}} images/a.png\n:name: pot\n:alt: Clay.\n:width: 50%\n:figclass: wide\n\n"
        f"A *pot*.\n\nThe legend.\n{fence}\n\n{{numref}}`pot`, {{numref}}`Pl. {{number}} <pot>`"
    )
    assert body(tmp_path, text, images__a_png=PNG) == (
        '<figure id="pot" class="wide" data-number="1">'
        '<img src="images/a.png" alt="Clay." width="50%"/><figcaption>'
        '<p><span class="label">Figure\u00a01.</span> A <em>pot</em>.</p><p>The legend.</p>'
        '</figcaption></figure><p><a href="#pot" class="xref" data-form="number"></a>, '
        'Pl. <a href="#pot" class="xref" data-form="numeral"></a></p>'
    )


def test_the_caption_describes_an_image_without_a_description(tmp_path: Path) -> None:
    text = ":::{figure} /images/a.png\nA *pot* of $x$.\n:::"
    image = chapter(tmp_path, text, images__a_png=PNG).section("chapter-1").tree.find(".//img")
    assert image is not None
    assert (image.get("src"), image.get("alt")) == ("images/a.png", "A pot of x.")


def test_a_figure_of_images_in_markdown(tmp_path: Path) -> None:
    text = ":::{figure}\n:label: pots\n\n![One](images/a.png)\n\n![Two](images/a.png)\n\nPots.\n:::"
    tree = chapter(tmp_path, text, images__a_png=PNG).section("chapter-1").tree
    (figure,) = tree
    assert figure.get("id") == "pots"
    assert [image.get("alt") for image in figure.iter("img")] == ["One", "Two"]
    assert figure[-1].tag == "figcaption"


@pytest.mark.parametrize("fence", FENCES)
def test_an_image(tmp_path: Path, fence: str) -> None:
    text = f"{fence}{{image}} images/a.png\n:alt: A pot\n:align: center\n:scale: 40\n{fence}"
    assert body(tmp_path, text, images__a_png=PNG) == (
        '<p><img src="images/a.png" alt="A pot" width="40%"/></p>'
    )


NESTED = {
    "more outside": "::::{note}\n:::{tip}\nIn.\n:::\n::::\n\nOut.",
    "as many": ":::{note}\n:::{tip}\nIn.\n:::\n:::\n\nOut.",
    "of a name that is not known": "::::{note}\n:::{tip}\nIn.\n:::\n::::\n\nOut.",
    "in back-ticks": "````{note}\n```{tip}\nIn.\n```\n````\n\nOut.",
    "both": "::::{note}\n```{tip}\nIn.\n```\n::::\n\nOut.",
}


@pytest.mark.parametrize("text", NESTED.values(), ids=NESTED)
def test_directives_in_directives(tmp_path: Path, text: str) -> None:
    outer, after = chapter(tmp_path, text).section("chapter-1").tree
    assert "callout-note" in str(outer.get("class"))
    assert "callout-tip" in str(outer[1].get("class"))
    assert after.text == "Out."


def test_directives_that_are_not_known_are_counted_too(tmp_path: Path) -> None:
    text = "# One\n\n::::{plugin}\n:::{other}\nIn.\n:::\n::::\n\nOut.\n"
    _, found = read(tmp_path, {"chapter-1.md": text})
    assert found == [("MAN-057", "chapter-1.md", 3), ("MAN-057", "chapter-1.md", 4)]


LEFT_OUT = {
    "a widget": ":::{iframe} https://example.org/a\n:::",
    "HTML with a widget": '```{raw} html\n<iframe src="https://example.org"></iframe>\n```',
    "HTML with an image on a website": '```{raw} html\n<img src="https://example.org/a.png">\n```',
    "LaTeX": "```{raw} latex\n\\newpage\n```",
    "what is for a website": "```{only} html\nClick here.\n```",
    "what is not for print": ":::{only} not latex\nClick here.\n:::",
    "a plugin's": "```{quiz}\n:url: https://example.org/a\n```",
}


@pytest.mark.parametrize("text", LEFT_OUT.values(), ids=LEFT_OUT)
def test_what_is_for_a_screen_is_left_out_and_reported_once(tmp_path: Path, text: str) -> None:
    source = f"# One\n\nBefore.\n\n{text}\n\n{text}\n\nAfter.\n"
    book, found = read(tmp_path, {"chapter-1.md": source})
    assert found == [("MAN-057", "chapter-1.md", 5)]
    assert book is not None
    assert [block.text for block in book.sections[0].tree] == ["Before.", "After."]


WITHOUT_TRACE = {
    "contents": "```{tableofcontents}\n```",
    "a tree": "```{toctree}\n:hidden:\n\nchapter-1\n```",
    "contents in colons": ":::{contents}\n:local:\n:::",
    "a block break": "+++",
    "a block break with settings": '+++ {"tags": ["a"]}',
}


@pytest.mark.parametrize("text", WITHOUT_TRACE.values(), ids=WITHOUT_TRACE)
def test_what_a_website_has_leaves_no_trace(tmp_path: Path, text: str) -> None:
    assert body(tmp_path, f"One.\n\n{text}\n\nTwo.") == "<p>One.</p><p>Two.</p>"


KEPT = {
    "HTML": ("```{raw} html\n<p>Some <b>words</b></p>\n```", "<p>Some <b>words</b></p>"),
    "what is for print": (":::{only} latex or html\nText.\n:::", "<p>Text.</p>"),
    "what is not for a website": (":::{only} not html\nText.\n:::", "<p>Text.</p>"),
    "an epigraph": (
        "```{epigraph}\nA pot.\n\n-- A potter\n```",
        '<blockquote class="epigraph"><p>A pot.</p><p class="attribution">– A potter</p>'
        "</blockquote>",
    ),
    "a margin": (
        ":::{margin} Frost\nText.\n:::",
        '<aside class="callout callout-neutral"><p class="callout-title">Frost</p><p>Text.</p>'
        "</aside>",
    ),
    "a card": (
        ":::{card} Frost\nText.\n+++\nMore.\n:::",
        '<div class="card"><p class="tab-title">Frost</p><p>Text.</p><p>More.</p></div>',
    ),
    "a grid": (
        "::::{grid} 2\n:::{grid-item-card} Frost\nText.\n:::\n::::",
        '<div class="grid"><div class="grid-item-card"><p class="tab-title">Frost</p>'
        "<p>Text.</p></div></div>",
    ),
    "tabs": (
        "::::{tab-set}\n:::{tab-item} One\nText.\n:::\n::::",
        '<div class="tab-set"><div class="tab"><p class="tab-title">One</p><p>Text.</p></div>'
        "</div>",
    ),
    "a glossary": (
        ":::{glossary}\nLoam\n  A *soil*.\n\n  More.\nClay\n  Wet.\n:::",
        "<dl><dt>Loam</dt><dd><p>A <em>soil</em>.</p><p>More.</p></dd><dt>Clay</dt>"
        "<dd><p>Wet.</p></dd></dl>",
    ),
    "a rubric": ("```{rubric} Frost\n```", '<p class="callout-heading">Frost</p>'),
    "a button": (
        "```{button-link} https://example.org\nThe site\n```",
        '<p class="button"><a href="https://example.org">The site</a></p>',
    ),
    "code in colons": (
        ":::{code-block}\na = 1\n:::",
        '<pre><code><span class="code-line">a = 1</span></code></pre>',
    ),
}


@pytest.mark.parametrize(("text", "expected"), KEPT.values(), ids=KEPT)
def test_a_directive_is_a_block(tmp_path: Path, text: str, expected: str) -> None:
    assert body(tmp_path, text) == expected


def test_a_formula_in_colons_is_numbered(tmp_path: Path) -> None:
    book = chapter(tmp_path, ":::{math}\n:label: area\n\na = b\n:::\n\n{eq}`area`")
    assert book.anchors["area"].number == "1"


def test_an_image_of_a_plugin_is_printed(tmp_path: Path) -> None:
    text = "```{applet}\n:url: a/b\n:fig: images/a.png\n:name: pot\n\nA pot.\n```"
    files = {"chapter-1.md": f"# One\n\n{text}\n", "images/a.png": PNG}
    book, found = read(tmp_path, files)
    assert found == [("MAN-057", "chapter-1.md", 3)]
    assert book is not None
    assert book.anchors["pot"].number == "1"


ROLES = {
    "{term}`loam`, {term}`loams <loam>`": "<p>loam, loams</p>",
    "{abbr}`EB (easter bed)`": '<p><abbr title="easter bed">EB</abbr></p>',
    "{download}`data <data.csv>`": "<p>data</p>",
    "{download}`data <https://example.org/a.csv>`": (
        '<p><a href="https://example.org/a.csv">data</a></p>'
    ),
    "{file}`a.py`": "<p><code>a.py</code></p>",
    "{eq}`area`": '<p><a href="#area" class="xref" data-form="eqref"></a></p>',
}


@pytest.mark.parametrize("text", ROLES)
def test_a_role(tmp_path: Path, text: str) -> None:
    tree = chapter(tmp_path, f"$$a = b$$ (area)\n\n{text}").section("chapter-1").tree
    for element in tree.iter():
        element.attrib.pop("data-line", "")
    assert markup(tree[1]) == ROLES[text]


def test_code_that_looks_like_a_directive_stays_code(tmp_path: Path) -> None:
    text = "```{r}\nx <- 1\n```\n\n```{ojs}\nx = 1\n```\n\n```\n:::{note}\n```"
    book, found = read(tmp_path, {"chapter-1.md": f"# One\n\n{text}\n"})
    assert book is not None
    assert [block.tag for block in book.sections[0].tree] == ["pre", "pre", "pre"]
    assert [(rule, line) for rule, _, line in found] == [("MAN-061", 3), ("MAN-061", 7)]


def test_the_settings_of_a_cell_are_no_code(tmp_path: Path) -> None:
    settings = "---\nmystnb:\n  figure:\n    caption: Pots\ntags: [hide]\n---"
    text = f"# One\n\n```{{code-cell}} ipython3\n{settings}\na = 1\n```\n"
    book, _ = read(tmp_path, {"chapter-1.md": text})
    assert book is not None
    assert "".join(map(str, book.sections[0].tree.itertext())) == "a = 1"
