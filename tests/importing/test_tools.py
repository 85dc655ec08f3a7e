"""Books of each tool become a book.toml with their order, kinds and metadata."""

from __future__ import annotations

import base64
import json
import re
from pathlib import Path

import pytest

from importing.source_book import Imported, imported, write_files
from makeready.importing.source_folder import MARKDOWN

PNG = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010806000000"
    "1f15c4890000000d49444154789c6360606060000000050001a5f64540"
    "0000000049454e44ae426082"
)
TITLE = re.compile(r"(?:---\n[^-]*---\n\n?)?# [^\n]*\n+")
PNG_BASE64 = base64.b64encode(PNG).decode()


def brought(tmp_path: Path, files: dict[str, str | bytes], name: str = "") -> Imported:
    """Import a book; texts that are no more than a title have words below it."""
    files = {
        file: f"{text.rstrip()}\n\nWords.\n"
        if isinstance(text, str) and TITLE.fullmatch(text) and file.lower().endswith(MARKDOWN)
        else text
        for file, text in files.items()
    }
    write_files(tmp_path / "source", files)
    return imported(tmp_path / "source" / name, tmp_path / "book")


def test_mdbook(tmp_path: Path) -> None:
    book = brought(
        tmp_path,
        {
            "book.toml": '[book]\ntitle = "Kettles"\nauthors = ["Ann Lee", "Bo Ray"]\n'
            'description = "On kettles."\nlanguage = "en"\n\n[preprocessor.mermaid]\n'
            '[output.html]\nadditional-js = ["x.js"]\n',
            "src/SUMMARY.md": "# Summary\n\n[Foreword](foreword.md)\n\n# Making\n\n"
            "- [Steel](steel.md)\n  - [Hot `steel`](steel/hot.md)\n    - [Rolls](steel/rolls.md)\n"
            "- [Handles]()\n\n---\n\n# Using\n\n- [Tea](tea.md)\n\n[Glossary](words.md)\n",
            "src/foreword.md": "# Foreword\n\nWords.\n",
            "src/steel.md": "# Steel\n\n![A roll](img/roll.png)\n\n{{#include ../code/a.rs:2}}\n",
            "src/steel/hot.md": "# Hot\n\n![A roll](../img/roll.png) and <script>x()</script>\n",
            "src/steel/rolls.md": "# Rolls\n",
            "src/tea.md": "Water.\n",
            "src/words.md": "# Glossary\n",
            "src/img/roll.png": PNG,
            "src/img/unused.png": PNG,
            "code/a.rs": "// Main\nfn main() {}\n",
        },
    )
    assert book.tool == "mdBook"
    assert book.values["title"] == "Kettles"
    assert book.values["description"] == "On kettles."
    assert [c["name"] for c in book.values["contributors"]] == ["Ann Lee", "Bo Ray"]
    assert book.division("frontmatter") == [{"foreword": "src/foreword.md"}]
    assert book.division("bodymatter") == [
        {"part": "Making"},
        {"chapter": ["src/steel.md", "src/steel/hot.md", "src/steel/rolls.md"]},
        {"part": "Using"},
        {"chapter": "src/tea.md", "title": "Tea"},
    ]
    assert book.division("backmatter") == [{"glossary": "src/words.md"}]
    assert book.text("code/a.rs") == "// Main\nfn main() {}\n"
    assert (book.folder / "src/img/roll.png").read_bytes() == PNG
    assert not (book.folder / "src/img/unused.png").exists()
    assert book.left_out == [
        "src/SUMMARY.md:10: “Handles” has no file yet (a draft).",
        "book.toml:7: The preprocessor “mermaid” is not run.",
        "book.toml:9: The JavaScript is not used (additional-js).",
        "src/steel/hot.md:3: <script> is left out.",
    ]


def test_quarto(tmp_path: Path) -> None:
    book = brought(
        tmp_path,
        {
            "_quarto.yml": "project:\n  type: book\nbook:\n  title: Data\n  subtitle: A start\n"
            "  author:\n    - name: Ann Lee\n    - name:\n        given: Bo\n        family: Ray\n"
            '  date: "March 2, 2024"\n  cover-image: cover.png\n  chapters:\n    - index.qmd\n'
            '    - intro.qmd\n    - part: "Tools"\n      chapters:\n        - one.qmd\n'
            "        - sub/two.qmd\n    - part: last.qmd\n      chapters: [three.qmd]\n"
            "    - references.qmd\n  appendices:\n    - tools.qmd\nbibliography: refs.bib\n"
            "lang: en-GB\n",
            "index.qmd": "# Preface {.unnumbered}\n\nWelcome.\n",
            "intro.qmd": "# Introduction\n\nSee [two](sub/two.qmd#x).\n",
            "one.qmd": "---\ntitle: One\n---\n\n```{r}\n1 + 1\n```\n\nIt is `r 1 + 1`.\n",
            "sub/two.qmd": "# Two {#x}\n\nBack to [one](../one.qmd).\n\n![P](/img/p.png)\n",
            "last.qmd": "# The last {.unnumbered}\n",
            "three.qmd": "# Three\n",
            "references.qmd": "# References {.unnumbered}\n\n::: {#refs}\n:::\n",
            "tools.qmd": "# Tools to have\n",
            "refs.bib": "@book{a, title = {A}}\n",
            "img/p.png": PNG,
        },
    )
    assert book.tool == "Quarto"
    assert (book.values["title"], book.values["subtitle"]) == ("Data", "A start")
    assert (book.values["date"], book.values["language"]) == ("2024-03-02", "en-GB")
    assert [c["name"] for c in book.values["contributors"]] == ["Ann Lee", "Bo Ray"]
    assert book.division("frontmatter") == [{"preface": "index.qmd"}]
    assert book.division("bodymatter") == [
        {"chapter": "intro.qmd"},
        {"part": "Tools"},
        {"chapter": "one.qmd"},
        {"chapter": "sub/two.qmd"},
        {"part": "last.qmd"},
        {"chapter": "three.qmd"},
    ]
    assert book.division("backmatter") == [
        {"bibliography": "references.qmd"},
        {"appendix": "tools.qmd"},
    ]
    assert "[two](sub/two.qmd#x)" in book.text("intro.qmd")
    assert "[one](../one.qmd)" in book.text("sub/two.qmd")
    assert "![P](../img/p.png)" in book.text("sub/two.qmd")
    assert book.text("refs.bib")
    assert book.left_out == [
        "_quarto.yml:12: The cover image is not used, there is no such file: cover.png.",
        "one.qmd:9: 1 line with values that code computes.",
        "one.qmd:5: 1 block of code to run: the code is shown, what it makes is not.",
    ]


def test_bookdown(tmp_path: Path) -> None:
    book = brought(
        tmp_path,
        {
            "_bookdown.yml": "book_filename: plots\n",
            "index.Rmd": "---\ntitle: Plots\nauthor: Ann Lee, Bo Ray, Cy van Dam\n"
            "date: 2023-05-06\n"
            "bibliography: [b.bib]\n---\n\n# Preface {-}\n\nHello.\n",
            "02-lines.Rmd": "# Lines\n\nText.\n\n# Curves\n\nMore.\n",
            "01-dots.Rmd": "# (PART) First {-}\n\n# Dots\n\nText.\n",
            "10-extra.Rmd": "# (APPENDIX) Appendix {-}\n\n# More dots\n\nText.\n",
            "_draft.Rmd": "# No\n",
            "README.md": "# No\n",
            "b.bib": "",
        },
    )
    assert book.tool == "bookdown"
    assert book.values["citations"] == {"sources": ["b.bib"]}
    assert [c["name"] for c in book.values["contributors"]] == ["Ann Lee", "Bo Ray", "Cy van Dam"]
    assert book.division("frontmatter") == [{"preface": "index.Rmd"}]
    # The title in its front matter is that of the book.
    assert "title:" not in book.text("index.Rmd")
    assert book.division("bodymatter") == [
        {"part": "First"},
        {"chapter": "01-dots.Rmd"},
        {"chapter": "02-lines-1.Rmd"},
        {"chapter": "02-lines-2.Rmd"},
    ]
    assert book.division("backmatter") == [{"appendix": "10-extra.Rmd"}]
    # Each line has the number that it has in the original.
    assert book.text("01-dots.Rmd").split("\n") == ["", "", "# Dots", "", "Text.", ""]
    assert book.text("02-lines-2.Rmd").split("\n") == ["", "", "", "", "# Curves", "", "More.", ""]


@pytest.mark.parametrize(
    ("text", "last"),
    [
        (r"Pots.\index{pots}", ["index", "colophon"]),
        ("```{index} single: pots\n```", ["index", "colophon"]),
        ("The index of pots.", ["colophon"]),
    ],
)
def test_a_book_with_index_terms_has_an_index(tmp_path: Path, text: str, last: list[str]) -> None:
    book = brought(
        tmp_path, {"_bookdown.yml": "book_filename: plots\n", "index.Rmd": f"# Pots\n\n{text}\n"}
    )
    assert book.values["backmatter"] == last
    assert book.written.summary.startswith("Imported from bookdown: 1 section ")


def test_bookdown_lists_its_files(tmp_path: Path) -> None:
    book = brought(
        tmp_path,
        {
            "_bookdown.yml": "rmd_files:\n  html: [index.Rmd, b.Rmd, a.Rmd]\n  latex: [a.Rmd]\n",
            "index.Rmd": "# Start\n",
            "a.Rmd": "# A\n",
            "b.Rmd": "# B\n",
            "c.Rmd": "# C\n",
        },
    )
    assert [each["chapter"] for each in book.division("bodymatter")] == [
        "index.Rmd",
        "b.Rmd",
        "a.Rmd",
    ]


def test_mkdocs(tmp_path: Path) -> None:
    book = brought(
        tmp_path,
        {
            "mkdocs.yml": "site_name: Ovens\nsite_author: Ann Lee\n"
            "copyright: '&copy; 2024 <a href=\"x\">Ann</a>'\n"
            "markdown_extensions:\n  - pymdownx.emoji:\n"
            "      emoji_index: !!python/name:material.extensions.emoji.twemoji\n"
            "nav:\n  - index.md\n  - Use:\n      - Heat: heat.md\n      - Deep:\n"
            "          - use/a.md\n          - use/b.md\n  - Elsewhere: https://example.com\n"
            "  - about.md\n",
            "docs/index.md": "# Ovens\n\nHello.\n",
            "docs/heat.md": "# Heat\n\n{{ version }} and ![X](https://example.com/x.png)\n",
            "docs/use/a.md": "# A\n",
            "docs/use/b.md": "# B\n",
            "docs/about.md": "# About\n",
        },
    )
    assert book.tool == "MkDocs"
    assert book.values["rights"] == "© 2024 Ann"
    assert book.division("frontmatter") == [{"introduction": "docs/index.md"}]
    assert book.division("bodymatter") == [
        {"part": "Use"},
        {"chapter": "docs/heat.md"},
        {"chapter": ["group-1.md", "docs/use/a.md", "docs/use/b.md"]},
        {"chapter": "docs/about.md"},
    ]
    assert book.text("group-1.md") == "# Deep\n"
    assert book.left_out == [
        "mkdocs.yml:14: “Elsewhere” is a link to a website.",
        "docs/heat.md:3: The image is on a website: https://example.com/x.png.",
        "docs/heat.md:3: 1 line with {{ … }} or {% … %}, which is not filled in.",
    ]


def test_mkdocs_without_navigation(tmp_path: Path) -> None:
    book = brought(
        tmp_path,
        {
            "mkdocs.yml": "site_name: Ovens\n",
            "docs/b.md": "# B\n",
            "docs/index.md": "# Home\n",
            "docs/a2.md": "# A2\n",
            "docs/a10.md": "# A10\n",
        },
    )
    assert [each["chapter"] for each in book.division("bodymatter")] == [
        "docs/a2.md",
        "docs/a10.md",
        "docs/b.md",
    ]


def test_mkdocs_folders_in_the_order_of_their_own_files(tmp_path: Path) -> None:
    book = brought(
        tmp_path,
        {
            "mkdocs.yml": "site_name: Ovens\nsite_author: Ann\nplugins:\n  - awesome-pages\n",
            "docs/.pages": "nav:\n  - Start: index.md\n  - W/O: W-O\n  - ...\n"
            "  - away: https://example.com\n  - gone.md\n  - sub/../..\n  - Last: a.md\n",
            "docs/index.md": "# Home\n",
            "docs/a.md": "# A\n",
            "docs/B/.pages": "title: Bakers\norder: desc\n",
            "docs/B/README.md": "# About bakers\n",
            "docs/B/one.md": "# One\n",
            "docs/B/two.md": "# Two\n",
            "docs/B/secret/.pages": "hide: true\n",
            "docs/B/secret/x.md": "# X\n",
            "docs/W-O/z.md": "# Z\n",
            "docs/W-O/deep/.nav.yml": "nav:\n  - z*.md\n  - Rest: ['*']\n",
            "docs/W-O/deep/README.md": "# Deep down\n",
            "docs/W-O/deep/a.md": "# Deep A\n",
            "docs/W-O/deep/z.md": "# Deep Z\n",
            "docs/W-O/CD-tools/b.md": "# Tool B\n",
            "docs/W-O/CD-tools/c.md": "# Tool C\n",
        },
    )
    assert book.division("frontmatter") == [{"introduction": "docs/index.md"}]
    assert book.division("bodymatter") == [
        {"part": "W/O"},
        {"chapter": "docs/W-O/z.md"},
        {"chapter": ["group-1.md", "docs/W-O/CD-tools/b.md", "docs/W-O/CD-tools/c.md"]},
        {"chapter": ["group-2.md", *(f"docs/W-O/deep/{n}.md" for n in ("z", "README", "a"))]},
        {"part": "Bakers"},
        {"chapter": "docs/B/README.md"},
        {"chapter": "docs/B/two.md"},
        {"chapter": "docs/B/one.md"},
        {"chapter": "docs/a.md"},
    ]
    assert book.text("group-1.md") == "# CD tools\n"
    assert book.left_out == [
        "docs/.pages:5: “away” is a link to a website.",
        "docs/.pages:6: docs/gone.md has no page.",
        "docs/.pages:7: . has no page.",
    ]


def test_index_of_a_folder_of_mkdocs_opens_its_chapter(tmp_path: Path) -> None:
    book = brought(
        tmp_path,
        {
            "mkdocs.yml": "site_name: Ovens\n",
            "docs/index.md": "# Home\n",
            "docs/use/a.md": "# A\n",
            "docs/use/heat/README.md": "# Heat\n",
            "docs/use/heat/steam.md": "# Steam\n",
        },
    )
    assert book.division("bodymatter") == [
        {"part": "Use"},
        {"chapter": "docs/use/a.md"},
        {"chapter": ["docs/use/heat/README.md", "docs/use/heat/steam.md"]},
    ]


def test_leanpub(tmp_path: Path) -> None:
    book = brought(
        tmp_path,
        {
            "manuscript/Book.txt": "{frontmatter}\nthanks.txt\nhow.txt\n{mainmatter}\n"
            "one.txt\ntwo.md\nnone.md\n{backmatter}\nlast.txt\n",
            "manuscript/thanks.txt": "# Acknowledgments\n\nThanks.\n",
            "manuscript/how.txt": "# How to read this\n",
            "manuscript/one.txt": "-# Cold\n\n# Ice\n\n![Ice](ice.png)\n",
            "manuscript/two.md": "{class: part}\n# Warm\n\nTea.\n\n# Steam\n",
            "manuscript/last.txt": "# Tables\n",
            "manuscript/resources/ice.png": PNG,
        },
    )
    assert book.tool == "Leanpub"
    assert book.division("frontmatter") == [
        {"acknowledgments": "manuscript/thanks.txt"},
        {"preface": "manuscript/how.txt"},
    ]
    assert book.division("bodymatter") == [
        {"part": "Cold"},
        {"chapter": "manuscript/one.txt"},
        {"part": "Warm"},
        {"chapter": "manuscript/two.md"},
    ]
    assert book.division("backmatter") == [{"appendix": "manuscript/last.txt"}]
    assert "![Ice](resources/ice.png)" in book.text("manuscript/one.txt")
    assert "-#" not in book.text("manuscript/one.txt")
    assert "manuscript/Book.txt:7: none.md does not exist." in book.left_out


def notebook(*cells: dict[str, object]) -> str:
    return json.dumps({"cells": list(cells), "metadata": {}, "nbformat": 4})


def test_jupyter_book(tmp_path: Path) -> None:
    book = brought(
        tmp_path,
        {
            "_toc.yml": "format: jb-book\nroot: intro\nparts:\n- caption: Numbers\n  chapters:\n"
            "  - file: one\n    sections:\n    - file: deep/two\n  - file: three\n"
            "  - url: https://example.com\n    title: Site\n",
            "_config.yml": "title: Counting\nauthor: Ann Lee\ncopyright: '2024'\n",
            "intro.md": "# Counting\n\nHello.\n",
            "one.md": "# One\n\n```{code-cell}\n1\n```\n",
            "deep/two.md": "# Two\n",
            "three.ipynb": notebook(
                {"cell_type": "markdown", "source": ["# Three\n", "\n", "Text."]},
                {
                    "cell_type": "code",
                    "source": "x = 3\nx",
                    "outputs": [
                        {"output_type": "stream", "text": ["a\n"]},
                        {"output_type": "display_data", "data": {"image/png": PNG_BASE64}},
                        {"output_type": "execute_result", "data": {"text/plain": "3"}},
                        {"output_type": "display_data", "data": {"text/html": "<b>x</b>"}},
                    ],
                },
                {
                    "cell_type": "code",
                    "source": "secret",
                    "metadata": {"tags": ["remove-cell"]},
                    "outputs": [],
                },
            ),
        },
    )
    assert book.tool == "Jupyter Book"
    assert book.division("frontmatter") == [{"introduction": "intro.md"}]
    assert book.division("bodymatter") == [
        {"part": "Numbers"},
        {"chapter": ["one.md", "deep/two.md"]},
        {"chapter": "three.md"},
    ]
    text = book.text("three.md")
    assert text.startswith("# Three\n\nText.\n\n```python\nx = 3\nx\n```\n\n```text\na\n```\n")
    assert "](three-2-2.png)" in text
    assert "secret" not in text
    assert (book.folder / "three-2-2.png").read_bytes() == PNG
    assert book.left_out == [
        "_toc.yml:1: “Site” is a link to a website.",
        "three.ipynb:1: Output of cell 2 is not used: text/html.",
        "one.md:3: 1 block of code to run: the code is shown, what it makes is not.",
    ]


def test_myst(tmp_path: Path) -> None:
    book = brought(
        tmp_path,
        {
            "myst.yml": "version: 1\nproject:\n  title: Rain\n  authors:\n    - name: Ann Lee\n"
            "  toc:\n    - file: index.md\n    - title: Clouds\n      children:\n"
            "        - file: high.md\n        - pattern: 'low-*.md'\n",
            "index.md": "# Rain\n",
            "high.md": "# High\n",
            "low-2.md": "# Low two\n",
            "low-10.md": "# Low ten\n",
        },
    )
    assert book.tool == "MyST"
    assert book.division("bodymatter") == [
        {"part": "Clouds"},
        {"chapter": "high.md"},
        {"chapter": "low-2.md"},
        {"chapter": "low-10.md"},
    ]


def test_code_to_run_is_reported_once(tmp_path: Path) -> None:
    cell = "```{code-cell}\n1\n```\n"
    files = {"one.md": f"# One\n\n{cell}\n{cell}", "two.md": f"# Two\n\n{cell}"}
    book = brought(tmp_path, {"myst.yml": "project:\n  title: Rain\n", **files})
    problem = "3 blocks of code to run, in 2 files: the code is shown, what it makes is not."
    assert f"one.md:3: {problem}" in book.left_out
    assert sum("code to run" in line for line in book.left_out) == 1


def test_formulas_of_myst_have_no_spaces_at_their_dollar_signs(tmp_path: Path) -> None:
    text = (
        "# Rain\n\nLet $ t+1$ and $x $ be $y$ at \\$5, `$ z $`, and $ \\$ 5,\n000 $.\n\n"
        "```{note}\nSo $(n) $is.\n```\n\n```\n$ z $\n```\n\n$$\n a \n$$\n\nPay $6 or $7.\n"
    )
    files = {"myst.yml": "project:\n  title: Rain\n", "one.md": text, "two.md": "# Two\n"}
    book = brought(tmp_path, files)
    for old, new in (("$ t+1$", "$t+1$"), ("$x $", "$x$"), ("000 $", "000$"), ("(n) $", "(n)$")):
        text = text.replace(old, new)
    assert book.text("one.md") == text.replace("$ \\$", "$\\$")


def test_comments_of_myst_are_left_out(tmp_path: Path) -> None:
    text = (
        "# Rain\n\n% A comment\nText of 5\n%:::{note}\n\n```{note}\n% Another\nA note.\n```\n\n"
        "```{code-cell}\n%matplotlib inline\n```\n\n```\n% code\n```\n\n$$\na\n% TeX\nb\n$$\n"
    )
    files = {"myst.yml": "project:\n  title: Rain\n", "one.md": text, "two.md": "# Two\n"}
    kept = text.replace("% A comment", "").replace("%:::{note}", "").replace("% Another", "")
    assert brought(tmp_path, files).text("one.md") == kept


def test_tables_of_contents_of_sphinx(tmp_path: Path) -> None:
    tree = "```{toctree}\n:maxdepth: 2\n\n%s\n```\n"
    book = brought(
        tmp_path,
        {
            "index.md": "# Stones\n\n" + tree % "preface\nhard/index\nindex",
            "preface.md": "# Preface\n",
            "hard/index.md": "# Hard\n\n" + tree % "Flint <flint>\n../index\nmissing",
            "hard/flint.md": "# Flint\n",
        },
    )
    assert book.values["title"] == "Stones"
    assert book.division("frontmatter") == [{"preface": "preface.md"}]
    assert book.division("bodymatter") == [{"chapter": ["hard/index.md", "hard/flint.md"]}]
    assert [text for text in book.left_out if "missing" in text] == [
        "hard/index.md:8: missing does not exist, or is not Markdown."
    ]


def test_gitbook(tmp_path: Path) -> None:
    book = brought(
        tmp_path,
        {
            "book.json": '{"title": "Seeds", "author": "Ann Lee", "isbn": "978-0-306-40615-7",'
            ' "plugins": ["-search", "katex"]}',
            "README.md": "# Seeds\n\nHello.\n",
            "SUMMARY.md": "# Summary\n\n* [Introduction](README.md)\n\n## Sowing\n\n"
            "* [Beds](beds.md)\n    * [Rows](rows.md)\n    * [Deep](beds.md#deep)\n"
            "* [Appendix A: Tools](tools.md)\n",
            "beds.md": "# Beds\n",
            "rows.md": "# Rows\n",
            "tools.md": "# Tools\n",
            "GLOSSARY.md": "## Seed\n\nIt grows.\n",
        },
    )
    assert book.tool == "GitBook"
    assert book.values["editions"]["ebook"]["isbn"] == "978-0-306-40615-7"
    assert book.division("frontmatter") == [{"introduction": "README.md"}]
    assert book.division("bodymatter") == [
        {"part": "Sowing"},
        {"chapter": ["beds.md", "rows.md"]},
    ]
    assert book.division("backmatter") == [
        {"appendix": "tools.md"},
        {"glossary": "GLOSSARY.md", "title": "Glossary"},
    ]
    assert book.left_out == ["book.json:1: The plugin “katex” is not run."]


def test_pandoc_with_metadata(tmp_path: Path) -> None:
    book = brought(
        tmp_path,
        {
            "metadata.yaml": "---\ntitle: Walls\nauthor:\n- Ann Lee\nlang: en-GB\nidentifier:\n"
            "- scheme: ISBN\n  text: 978-0-306-40615-7\nrights: © 2024 Ann Lee\n...\n",
            "10-end.md": "# End\n",
            "2-middle.md": "# Middle\n",
            "1-start.md": "# Start\n",
            "preface.md": "# Preface\n",
            "LICENSE.md": "# Licence\n",
        },
    )
    assert book.tool == "Pandoc"
    assert book.values["rights"] == "© 2024 Ann Lee"
    assert book.values["editions"]["ebook"]["isbn"] == "978-0-306-40615-7"
    assert book.division("frontmatter") == [{"preface": "preface.md"}]
    assert [each["chapter"] for each in book.division("bodymatter")] == [
        "1-start.md",
        "2-middle.md",
        "10-end.md",
    ]


def test_pandoc_lists_its_files(tmp_path: Path) -> None:
    book = brought(
        tmp_path,
        {
            "defaults.yaml": "input-files: [b.md, a.md]\nmetadata:\n  title: Two\n",
            "a.md": "# A\n",
            "b.md": "# B\n",
            "c.md": "# C\n",
        },
    )
    assert [each["chapter"] for each in book.division("bodymatter")] == ["b.md", "a.md"]


@pytest.mark.parametrize(
    ("text", "chapters"),
    [
        (
            "% Walls\n% Ann Lee; Bo Ray\n% 2024\n\n# One\n\nText.\n\n```\n# no title\n```\n\n"
            "# Two\n\nText.\n",
            ["# One", "# Two"],
        ),
        (
            "---\ntitle: Walls\nauthor: [Ann Lee, Bo Ray]\ndate: 2024\n---\n\n"
            "# One\n\nText.\n\n# Two\n\nText.\n",
            ["# One", "# Two"],
        ),
        (
            "Title: Walls\nAuthor: Ann Lee and Bo Ray\nDate: 2024\n\n"
            "# One #\n\nText.\n\n# Two #\n\nText.\n",
            ["# One #", "# Two #"],
        ),
    ],
)
def test_one_file_with_several_chapters(tmp_path: Path, text: str, chapters: list[str]) -> None:
    book = brought(tmp_path, {"walls.md": text}, "walls.md")
    assert (book.values["title"], book.values["date"]) == ("Walls", "2024")
    assert [c["name"] for c in book.values["contributors"]] == ["Ann Lee", "Bo Ray"]
    names = [each["chapter"] for each in book.division("bodymatter")]
    assert [
        book.text(name).split() and book.text(name).strip().split("\n")[0] for name in names
    ] == (chapters)
    lines = text.split("\n")
    for name, title in zip(names, chapters, strict=True):
        assert book.text(name).split("\n").index(title) == lines.index(title)


def test_one_file_whose_only_title_is_that_of_the_book(tmp_path: Path) -> None:
    text = "# Walls\n\nBy hand.\n\n## One\n\n### In\n\n## Two\n\nText.\n"
    book = brought(tmp_path, {"walls.md": text}, "walls.md")
    assert book.values["title"] == "Walls"
    assert [each["chapter"] for each in book.division("bodymatter")] == ["walls-1.md", "walls-2.md"]
    assert book.text("walls-1.md").strip() == "# One\n\n## In"
    assert book.division("frontmatter") == [{"preface": "walls-0.md", "title": "Walls"}]


def test_several_books_in_a_folder(tmp_path: Path) -> None:
    def book_of(name: str, *chapters: str) -> dict[str, str | bytes]:
        title = f"# The Shed: {name} - 2nd Edition"
        files = {
            f"{name.lower()}/{n}.md": f"{title}\n# {t}\n\nText.\n"
            for n, t in (chapter.split("|") for chapter in chapters)
        }
        links = "\n".join(f"* [{n}]({n.partition('|')[0]}.md)" for n in chapters)
        return {f"{name.lower()}/README.md": f"{title}\n\n{links}\n", **files}

    book = brought(
        tmp_path,
        {
            "README.md": "# The Shed (series)\n\nRead the [Preface](preface.md).\n\n"
            "* [Nails](nails/README.md)\n* [Hammers](hammers/README.md)\n",
            "preface.md": "# The Shed - 2nd Edition\n# Preface\n\nText.\n",
            **book_of("Hammers", "foreword|Foreword", "ch2|Steel", "ch1|Wood", "apA|Appendix A"),
            **book_of("Nails", "ch1|Round", "ch2|Square", "thanks|Thank You!"),
            "saws/a.md": "# One\n\nText.\n",
        },
    )  # fmt: skip
    assert book.values["title"] == "The Shed (series)"
    assert book.division("frontmatter") == [{"preface": "preface.md"}]
    assert book.division("bodymatter") == [
        {"part": "Nails"},
        {"chapter": "nails/ch1.md"},
        {"chapter": "nails/ch2.md"},
        {"chapter": "nails/thanks.md", "numbered": False},
        {"part": "Hammers"},
        {"chapter": "hammers/foreword.md", "numbered": False},
        {"chapter": "hammers/ch2.md"},
        {"chapter": "hammers/ch1.md"},
        {"appendix": "hammers/apA.md"},
        {"part": "Saws"},
        {"chapter": "saws/a.md"},
    ]
    assert book.text("nails/ch1.md") == "\n# Round\n\nText.\n"
    listed = "The file lists the chapters, and is no section of the book."
    assert [text for text in book.left_out if listed in text] == [
        f"{name}README.md:1: {listed}" for name in ("hammers/", "nails/", "")
    ]


def test_a_folder_of_markdown(tmp_path: Path) -> None:
    book = brought(
        tmp_path,
        {
            "README.md": "# Bread\n\nHello.\n",
            "ch2.md": "# Two\n",
            "ch10.md": "# Ten\n",
            "ch1.md": "One.\n",
            "acknowledgements.md": "# Acknowledgements\n",
            "foreword.md": "# Foreword\n",
            "CONTRIBUTING.md": "# Help\n",
        },
    )
    assert book.values["title"] == "Bread"
    assert book.division("frontmatter") == [
        {"introduction": "README.md"},
        {"foreword": "foreword.md"},
    ]
    assert book.division("bodymatter") == [
        {"chapter": "ch1.md", "title": "Ch1"},
        {"chapter": "ch2.md"},
        {"chapter": "ch10.md"},
    ]
    assert book.division("backmatter") == [{"acknowledgments": "acknowledgements.md"}]


def test_a_title_below_other_headings_is_none(tmp_path: Path) -> None:
    book = brought(
        tmp_path,
        {
            "SUMMARY.md": "# Summary\n\n* [One](one.md)\n* [Two](two.md)\n",
            "README.md": "## About\n\nText.\n\n# Contents\n\nMore.\n",
            "one.md": "# One\n",
            "two.md": "# Two\n",
        },
    )
    assert book.division("frontmatter") == [{"introduction": "README.md", "title": "Introduction"}]
    assert book.text("README.md").split("\n")[4] == "## Contents"


def test_folders_in_a_folder_are_parts(tmp_path: Path) -> None:
    book = brought(
        tmp_path,
        {"1-flour/1.md": "# Rye\n", "1-flour/2.md": "# Wheat\n", "2-ovens/1.md": "# Brick\n"},
    )
    assert book.division("bodymatter") == [
        {"part": "Flour"},
        {"chapter": "1-flour/1.md"},
        {"chapter": "1-flour/2.md"},
        {"part": "Ovens"},
        {"chapter": "2-ovens/1.md"},
    ]


def folder_of(tmp_path: Path, files: dict[str, str | bytes]) -> Imported:
    texts: dict[str, str | bytes] = {"a.md": "# A\n\nWords.\n", "b.md": "# B\n\nWords.\n"}
    return brought(tmp_path, {**texts, **files})


CITATION = "authors:\n  - family-names: Lee\n    given-names: Ann\n  - name: The Kettle Club\n"
README = "# Of Kettles\n\nSee [A](a.md), [B](b.md).\n\n"
LICENSE = (
    "MIT License\n\nCopyright (c) 2019-2021 Bo Ray and contributors\n\nThe copyright holders …\n"
)


@pytest.mark.parametrize(
    ("files", "names"),
    [
        ({"CITATION.cff": CITATION, "LICENSE": LICENSE}, ["Ann Lee", "The Kettle Club"]),
        (
            {"package.json": '{"author": "Ann Lee <a@b.c> (https://b.c)"}', "LICENSE": LICENSE},
            ["Ann Lee"],
        ),
        ({"package.json": '{"author": {"name": "Ann Lee"}}'}, ["Ann Lee"]),
        (
            {"AUTHORS.md": "# Authors\n\nThe people who wrote it, in no order of any kind:\n\n"
            "- [Ann Lee](https://b.c)\n- Bo Ray <b@c.d>\n"},
            ["Ann Lee", "Bo Ray"],
        ),
        ({"LICENSE": LICENSE}, ["Bo Ray"]),
        ({"LICENSE.md": "# Licence\n\n© 2020 Ann Lee. All rights reserved.\n"}, ["Ann Lee"]),
        ({"LICENSE": "Copyright 2020 by Ann Lee <a@b.c>\n"}, ["Ann Lee"]),
        ({"README.md": README + "All texts are &copy; 2019-2022 Ann Lee.\n"}, ["Ann Lee"]),
        ({"README.md": README + "Copyright (c) 2022 by A. B. Lee Jr., Oslo.\n"}, ["A. B. Lee Jr."]),
    ],
)  # fmt: skip
def test_authors_are_those_of_the_repository(
    tmp_path: Path, files: dict[str, str | bytes], names: list[str]
) -> None:
    book = folder_of(tmp_path, {"README.md": README, **files})
    assert book.values["title"] == "Of Kettles"
    assert [person["name"] for person in book.values["contributors"]] == names
    assert not any("author" in line for line in book.left_out)


def test_a_license_without_a_name_names_no_author(tmp_path: Path) -> None:
    text = "Copyright and related rights are …\nCopyright (c) <year> <name>\ncopyright notice\n"
    book = folder_of(tmp_path, {"LICENSE": text, "package.json": "[", "AUTHORS": "None.\n"})
    assert [person["name"] for person in book.values["contributors"]] == ["Unknown Author"]
    assert book.values["title"] == "Source"
    assert book.left_out[-2:] == [
        "The book has no title, and is called “Source”: set title in book.toml.",
        "The book names no author: set name in book.toml.",
    ]


def test_a_folder_inside_has_the_authors_of_the_outer_one(tmp_path: Path) -> None:
    files: dict[str, str | bytes] = {
        "guide/SUMMARY.md": "# Summary\n\n- [A](a.md)\n- [B](b.md)\n",
        "guide/a.md": "# A\n\nWords.\n",
        "guide/b.md": "# B\n\nWords.\n",
        "README.md": "# Of Kettles\n",
        "CITATION.cff": CITATION,
    }
    book = brought(tmp_path, files)
    assert book.values["title"] == "Of Kettles"
    assert book.values["contributors"][0]["name"] == "Ann Lee"


def test_sections_without_text_are_left_out(tmp_path: Path) -> None:
    files: dict[str, str | bytes] = {
        "book.toml": '[book]\ntitle = "T"\nauthors = ["Ann Lee"]\n',
        "src/SUMMARY.md": "- [A](a.md)\n- [B](b.md)\n  - [C](c.md)\n- [D](d.md)\n- [E](e.md)\n"
        "- [A again](a.md)\n",
        "src/a.md": "# A\n\nWords.\n",
        "src/b.md": "# B\n\n<!-- later -->\n",
        "src/c.md": "# C\n\nWords.\n",
        "src/d.md": "D\n===\n\n<!-- later -->\n",
        "src/e.md": "",
    }
    book = brought(tmp_path, files)
    assert book.division("bodymatter") == [
        {"chapter": "src/a.md"},
        {"chapter": ["src/b.md", "src/c.md"]},
    ]
    assert book.left_out == [
        "src/SUMMARY.md:6: src/a.md is listed a second time.",
        "src/d.md:1: The section has no text yet, and is left out.",
        "src/e.md:1: The section has no text yet, and is left out.",
    ]


def test_works_that_are_listed_without_a_citation_are_brought(tmp_path: Path) -> None:
    book = brought(
        tmp_path,
        {
            "_quarto.yml": "project:\n  type: book\nbook:\n  title: Pots\n  chapters: [one.qmd]\n"
            "bibliography: refs.bib\nnocite: |\n  @elm:1999, @birch.\n",
            "one.qmd": '---\nnocite: ["@lee"]\n---\n\n# One\n\nText.\n',
            "refs.bib": "".join(
                f"@book{{{key}, title={{T}}}}" for key in ("elm:1999", "birch", "lee")
            ),
        },
    )
    assert book.values["citations"] == {
        "sources": ["refs.bib"],
        "nocite": ["elm:1999", "birch", "lee"],
    }
    assert "bibliography" in book.values["backmatter"]
