"""Texts keep their lines when links, titles, images and components in them are changed."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from importing.source_book import imported, write_files
from makeready.importing.components import with_components
from makeready.importing.first_title import with_title_first
from makeready.importing.gitbook_tags import with_gitbook_tags
from makeready.importing.knitr_figures import labels_of_cells, with_figures, without_references
from makeready.importing.knitr_texts import with_text_chunks
from makeready.importing.leanpub_marks import with_leanpub_marks
from makeready.importing.links import with_links
from makeready.importing.not_brought import not_brought
from makeready.importing.outline import outline_of
from makeready.importing.referenced_files import image_references, include_references


def rewritten(text: str) -> str:
    """Rewrite the links in a text: those to gone.md lead nowhere, one to old.md to new.md."""
    paths = {"gone.md": "", "old.md": "new.md", "a.png": "b/a.png"}
    return with_links(text, lambda path, _is_image, _line: paths.get(path))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a [b](old.md) c", "a [b](new.md) c"),
        ("[b](gone.md) [c](kept.md)", "b [c](kept.md)"),
        ('[b](old.md "Title")', '[b](new.md "Title")'),
        ("[`a[0]`](gone.md)", "`a[0]`"),
        ("[two\nlines](gone.md)", "two\nlines"),
        ("`[b](gone.md)` ``[b](gone.md)``", "`[b](gone.md)` ``[b](gone.md)``"),
        ("```\n[b](gone.md)\n```", "```\n[b](gone.md)\n```"),
        ("![b](a.png)", "![b](b/a.png)"),
        ("[![b](a.png)](gone.md)", "![b](b/a.png)"),
        ("![b](https://example.com/a.png)", "[b](https://example.com/a.png)"),
        ("![](https://example.com/a.png)", "<https://example.com/a.png>"),
        ("[![b](https://example.com/a.png)](old.md)", "[b](new.md)"),
        ('<img src="a.png" alt="b">', '<img src="b/a.png" alt="b">'),
        ('<img src="https://example.com/a.png" alt="b">', "b"),
        ("[b][x] and [x] [y]\n\n[x]: gone.md\n", "b and x [y]\n\n\n"),
        ("[b][x]\n\n[x]: old.md 'T'\n", "[b][x]\n\n[x]: new.md 'T'\n"),
        ("[b](#here) [c](mailto:a@b.c)", "[b](#here) [c](mailto:a@b.c)"),
    ],
)
def test_links(text: str, expected: str) -> None:
    assert rewritten(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("# One\n\nText.", "# One\n\nText."),
        ("Badge\n\n# One\n\nText.", "# One\n\nBadge\n\nText."),
        ("(label)=\n# One", "(label)=\n# One"),
        ('<a id="x"></a>\n\n# One', '<a id="x"></a>\n\n# One'),
        ("## Early\n\n# Late\n\nLater\n=====", "## Early\n\n## Late\n\nLater\n-----"),
        ("---\ntitle: T\n---\n\nText\n\n# One", "---\ntitle: T\n---\n\nText\n\n# One"),
    ],
)
def test_the_title_is_first(text: str, expected: str) -> None:
    assert with_title_first(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("---\ntitle: Walls\nlang: en\n---\n\n# One", "---\n#\nlang: en\n---\n\n# One"),
        ("---\nlang: en\ntitle: >\n  Walls\n---\n# One", "---\nlang: en\n#\n#\n---\n# One"),
        ('---\ntitle: "Walls"\n---\n\n# One', "\n\n\n\n# One"),
        (
            "---\ntitle: Walls\nauthor:\n- Ann Lee\nlang: en\nsubtitle: By hand\n---\n\n# One",
            "---\n#\n#\n#\nlang: en\n#\n---\n\n# One",
        ),
        ("---\ntitle: Gates\n---\n\n# One", "---\ntitle: Gates\n---\n\n# One"),
        ("---\ntitle: Walls\n---\n\n## One", "---\ntitle: Walls\n---\n\n## One"),
        (
            "---\ntitle: Walls\n---\n\n# One\n\n# Two",
            "---\ntitle: Walls\n---\n\n# One\n\n# Two",
        ),
    ],
)
def test_the_title_of_the_book_is_none_of_a_section_that_has_its_own(
    text: str, expected: str
) -> None:
    assert with_title_first(text, "Walls") == expected


@pytest.mark.parametrize(
    ("text", "expected", "left_out"),
    [
        ("```{asis}\nSome *text*.\n```\n\nMore.", "\nSome *text*.\n\n\nMore.", []),
        ("````{asis, echo=TRUE}\nText.\n````", "\nText.\n", []),
        ("A\n\n```{asis, echo=!knitr::is_latex_output()}\nText.\n```\nB", "A\n\n\n\n\nB", [3]),
        ("```{asis, echo = is_html_output()}\nText.\n```", "\n\n", [1]),
        ("```{asis, echo = knitr::is_latex_output()}\nText.\n```", "\nText.\n", []),
        ("```{block, type='tip'}\nText.\n```", "::: {.tip}\nText.\n:::", []),
        ('```{block2, note, type="tip", echo=TRUE}\nA\n\nB\n```', "::: {.tip}\nA\n\nB\n:::", []),
        ("```{asis}\nText.", "\nText.", []),
        ("````md\n```{asis}\nText.\n```\n````", "````md\n```{asis}\nText.\n```\n````", []),
        ("````md\n```{r}`r ''`\n1\n```\n````", "````md\n```{r}\n1\n```\n````", []),
        ("```{r}\nasis\n```", "```{r}\nasis\n```", []),
        ("A `r if (knitr::is_html_output()) ' '`B", "A B", []),
        (
            "A `r if (is_html_output()) 'a' else 'b'`",
            "A `r if (is_html_output()) 'a' else 'b'`",
            [],
        ),
        ("A\n\n```{=html}\n<!--\n### No\n-->\n```\n\nB", "A\n\n\n\n\n\n\n\nB", []),
        ("```{=html}\n<!-- a --> b\n```", "```{=html}\n<!-- a --> b\n```", []),
    ],
)
def test_text_in_chunks_of_knitr_is_text(text: str, expected: str, left_out: list[int]) -> None:
    assert with_text_chunks(text) == (expected, left_out)


def test_a_cell_that_shows_an_image_is_that_image() -> None:
    text = (
        "```{r}\n#| label: fig-a\n#| fig-cap: |\n#|   The\n#|   whole.\n#| fig-alt: A drawing\n"
        'knitr::include_graphics("a.png", dpi = 270)\n```\n\n'
        '```{r pic, fig.cap="Two", out.width="50%"}\ninclude_graphics("b.png")\n```\n\n'
        "```{r}\nplot(1)\n```\n"
    )
    lines = with_figures(text).split("\n")
    assert lines[0] == '![The whole.](a.png){#fig-a fig-alt="A drawing"}'
    assert lines[9] == "![Two](b.png){#fig:pic width=50%}"
    assert lines[13:] == ["```{r}", "plot(1)", "```", ""]
    assert len(lines) == len(text.split("\n"))


@pytest.mark.parametrize(
    "cell",
    [
        '```{r a, fig.cap="Two & two", fig.subcap=c("One", "Two"), out.width="49%"}\n'
        'knitr::include_graphics(c("a.png", "b c.png"))\n```\n',
        '```{r}\n#| label: a\n#| fig-cap: "Two & two"\n#| fig-subcap:\n#|   - "One"\n'
        "#|   - \"Two\"\n#| out-width: 49%\ninclude_graphics(c('a.png', 'b c.png'))\n```\n",
    ],
)
def test_a_cell_that_shows_several_images_is_a_figure_of_them(cell: str) -> None:
    lines = with_figures(cell).split("\n")
    one, two = (
        f'<figure><img src="{name}" alt="{words}" width="49%">'
        f"<figcaption>{words}</figcaption></figure>"
        for name, words in (("a.png", "One"), ("b%20c.png", "Two"))
    )
    caption = "<figcaption>Two &amp; two</figcaption>"
    assert lines[0] == f'<figure id="fig:a">{one}{two}{caption}</figure>'
    assert len(lines) == len(cell.split("\n"))


def test_images_with_a_caption_each_are_figures_of_their_own() -> None:
    cell = (
        "```{r, beds, fig.cap=c('Wet', 'Dry, and \"old\"')}\n"
        "knitr::include_graphics(c('a.png', 'b.png'))\n```"
    )
    assert with_figures(cell).split("\n") == [
        '<figure id="fig:beds-1"><img src="a.png" alt="Wet"><figcaption>Wet</figcaption></figure>'
        '<figure id="fig:beds-2"><img src="b.png" alt="Dry, and &quot;old&quot;">'
        "<figcaption>Dry, and &quot;old&quot;</figcaption></figure>",
        "",
        "",
    ]


def test_a_cell_in_a_list_that_shows_an_image_is_that_image() -> None:
    text = "- A\n\n    ```{r}\n    #| label: fig-a\n    #| fig-cap: C\n"
    text += '    include_graphics("a.png")\n    ```\n\n- [B](gone.md)\n'
    assert with_figures(text).split("\n")[2:4] == ["    ![C](a.png){#fig-a}", ""]


@pytest.mark.parametrize(
    ("options", "image"),
    [
        ("#| fig-cap: A `y` [b](c.md)", '![A `y` [b](c.md)](a.png){fig-alt="A y (b)(c.md)"}'),
        ("#| label: b\n#| fig-cap: 1] of *it*", "![1) of *it*](a.png){#fig:b}"),
        (
            '#| label: fig-b\n#| fig-cap: It\n#| fig-alt: Say "{x}" twice\n#| out-width: 40%',
            '![It](a.png){#fig-b fig-alt="Say ”(x)” twice" width=40%}',
        ),
        ("#| fig-alt: Words", "![Words](a.png)"),
    ],
)
def test_a_caption_of_a_cell_is_markdown(options: str, image: str) -> None:
    text = f"```{{r}}\n{options}\nknitr::include_graphics('a.png')\n```\n"
    assert with_figures(text).split("\n")[0] == image


def test_links_in_code_in_a_list_stay() -> None:
    text = "- A\n\n    ```\n    [B](gone.md)\n    ```\n"
    assert rewritten(text) == text


def test_components_become_their_captions() -> None:
    text = (
        '<Sketch number="2-1" caption="A `Vec<T>`">\n\n```rust\n<Listing>\n```\n\n</Sketch>\n'
        "\n<div>\n\nText <Listing>\n\n> <Note>\n> A\n"
    )
    found, names = with_components(text)
    assert found.split("\n") == [
        "**Sketch 2-1**: A `Vec<T>`",
        *("{.listing-caption}", "```rust", "<Listing>", "```", "", ""),
        *("", "<div>", "", "Text <Listing>", "", ">", "> A", ""),
    ]
    assert names == {"Sketch": 1, "Note": 13}


@pytest.mark.parametrize(
    "text",
    [
        '<Listing number="2-1" caption="A">\n\n```rust\n<A>\n```\n\n</Listing>\n',
        '> <Listing\n> caption="A">\n>\n> ```rust\n> <A>\n> ```\n>\n> </Listing>\n',
    ],
)
def test_listings_stay_as_they_are(text: str) -> None:
    assert with_components(text) == (text, {})


@pytest.mark.parametrize(
    ("tag", "words"),
    [
        ('<Listing number="1" file-name="a.rs" caption="B">', "**Listing 1** (`a.rs`): B"),
        ('<Listing file-name="a.rs">', "`a.rs`"),
        ('<Code filename="a_b.js" title="T">', "`a_b.js`: T"),
    ],
)
def test_components_keep_the_names_of_files(tag: str, words: str) -> None:
    assert with_components(f"{tag}\n\nA\n")[0] == f"{words}\n\nA\n"


def test_links_in_the_text_of_a_directive_are_changed() -> None:
    inner = "[a](a.md)\n\n```python\n[b](b.md)\n```\n\n```{tip}\n[c](c.md)\n```\n"
    text = f"````{{exercise}}\n{inner}````\n\n```{{code-cell}}\n[d](d.md)\n```\n"
    found = with_links(text, lambda path, is_image, line: path.upper())  # noqa: ARG005
    assert found == text.replace("(a.md)", "(A.MD)").replace("(c.md)", "(C.MD)")


def test_references_to_cells_that_are_not_run_become_words() -> None:
    text = "```{r}\n#| label: fig-a\nplot(1)\n```\n\n```{r b, fig.cap='B'}\nplot(2)\n```\n"
    labels = labels_of_cells(text)
    assert labels == {"fig-a", "b"}
    found = without_references("In @fig-a, @fig-b and \\@ref(fig:b).", labels, "X")
    assert found == "In X, @fig-b and X."


def test_references_to_figures_of_cells_of_myst_become_words() -> None:
    cell = (
        "```{code-cell} python\n---\nmystnb:\n  figure:\n    caption: Sums\n    name: sums\n---\n"
    )
    text = f"{cell}name: x\n```\n\n```{{code-cell}}\n:name: other\nplot()\n```\n"
    assert labels_of_cells(text) == {"sums", "other"}
    references = "See {numref}`sums`, [](other), [](#sums) and {ref}`kept`."
    replaced = without_references(references, labels_of_cells(text), "(none)")
    assert replaced == "See (none), (none), (none) and {ref}`kept`."


def test_links_to_labels_of_myst_stay_and_those_to_other_projects_become_words(
    tmp_path: Path,
) -> None:
    text = (
        "(a_part)=\n# One\n\n[Here](a_part), [](eq:a), {doc}`two`, {doc}`lib:page/deep`, "
        "{doc}`their words <lib:page>`.\n\n$$\nx\n$$ (eq:a)\n"
    )
    files = {"_toc.yml": "format: jb-book\nroot: one\nchapters:\n- file: two\n", "one.md": text}
    write_files(tmp_path / "source", {**files, "two.md": "# Two\n\nText.\n"})
    book = imported(tmp_path / "source", tmp_path / "book")
    line = "[Here](#a_part), [](#eq:a), {doc}`two`, deep, their words."
    assert book.text("one.md").split("\n")[3] == line
    assert book.left_out[:2] == [
        "one.md:4: A link leads to lib:page/deep, which is in another project.",
        "one.md:4: A link leads to lib:page, which is in another project.",
    ]


def test_marks_of_leanpub() -> None:
    text = "{id: a}\n# A\n\n{blurb, class: warning}\nHot.\n{/blurb}\n\n```\n{#b}\n```\n"
    assert with_leanpub_marks(text) == (
        '<a id="a"></a>\n# A\n\n::: {.callout-warning}\nHot.\n:::\n\n```\n{#b}\n```\n'
    )


def test_files_that_texts_name_are_found() -> None:
    text = (
        '{{#include a.rs:3:5}} {{< include b.qmd >}}\n--8<-- "c.txt"\n```{literalinclude} d.py\n'
        "```\n<<(e.rb)\n![x](<f g.png>) ![y](h.svg?raw=true) https://example.com/i.png\n"
    )
    assert set(include_references(text)) == {"a.rs", "b.qmd", "c.txt", "d.py", "e.rb"}
    assert {"f g.png", "h.svg?raw=true"} <= set(image_references(text))
    assert not any("example.com" in path for path in image_references(text))


def test_nothing_outside_the_folder_is_brought(tmp_path: Path) -> None:
    write_files(tmp_path, {"secret.png": b"secret", "secret.md": "# Secret\n"})
    source = write_files(
        tmp_path / "source",
        {
            "a.md": "# A\n\n![x](../secret.png) {{#include ../secret.md}}\n",
            "b.md": "# B\n\nWords.\n",
        },
    )
    (source / "c.md").symlink_to(tmp_path / "secret.md")
    (source / "d.png").symlink_to(tmp_path / "secret.png")
    book = imported(source, tmp_path / "book")
    files = {path.name for path in book.folder.rglob("*") if path.is_file()}
    assert files == {"a.md", "b.md", "book.toml"}


@pytest.mark.parametrize(
    "unit",
    [
        "[",
        "![",
        "[a](",
        "[![a](b)](",
        "`",
        "``` ",
        "<Listing ",
        '<a b="',
        "{{#include ",
        "# ",
        "]: ",
    ],
)
def test_texts_are_read_in_linear_time(unit: str) -> None:
    text = unit * (50_000 // len(unit))
    start = time.perf_counter()
    rewritten(text)
    with_components(text)
    with_title_first(text)
    with_text_chunks(text)
    list(not_brought(text, is_computed=True))
    list(image_references(text))
    list(include_references(text))
    outline_of(text)
    assert time.perf_counter() - start < 8


def test_tags_of_gitbook_are_left_out() -> None:
    text = (
        '{% tabs %}\n> {% tab title="On a `Mac`" %}\nRun.\n{% endtab %}  \n{% endtabs %}\n'
        '{% embed url="https://example.org/a" %}\n{% hint style="info" %}\nHint.\n{% endhint %}\n'
        "```\n{% raw %}\n```\nAn inline {% tag %}.\n"
    )
    new, found = with_gitbook_tags(text)
    assert new.split("\n") == [
        *("", "> **On a `Mac`**", "Run.", "", "", "<https://example.org/a>"),
        *('{% hint style="info" %}', "Hint.", "{% endhint %}"),
        *("```", "{% raw %}", "```", "An inline {% tag %}.", ""),
    ]
    assert found == {"tabs": 1, "tab": 2, "embed": 6}


def test_leanpubs_words_for_the_layout_are_left_out() -> None:
    text = '{align: left}\n![A](a.png)\n\n{ align="center", float: left }\n{title: x}\n{align}\n'
    assert with_leanpub_marks(text).split("\n") == [
        *("", "![A](a.png)", "", "", "{title: x}", "{align}", "")
    ]
