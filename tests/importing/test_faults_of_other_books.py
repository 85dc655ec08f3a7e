"""What a foreign book has wrong comes as plain text, and the report names it."""

from __future__ import annotations

import base64
from pathlib import Path

import pytest
from click.testing import CliRunner

from importing.source_book import Imported, imported, write_files
from makeready.cli.main import makeready
from makeready.findings import Finding, Findings, Severity, SourceLocation
from makeready.importing.fault_repairs import RULES, repaired
from makeready.manuscript.reader import read_book
from time_growth import growth_of_time

PNG = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR4nGNgYGBgAAAABQABpfZFQAAAAABJRU5ErkJggg=="
)
CONFIG = "site_name: Kettles\nsite_author: Ann Lee\n"


def brought(tmp_path: Path, text: str, more: dict[str, str | bytes] | None = None) -> Imported:
    """Import a site of MkDocs with a text on the lines from 3 of its page."""
    files = {"mkdocs.yml": CONFIG, "docs/a.md": f"# A\n\n{text}\n", "docs/b.md": "# B\n\nWords.\n"}
    return imported(write_files(tmp_path / "source", {**files, **(more or {})}), tmp_path / "book")


def errors_of(book: Imported) -> list[str]:
    findings = Findings()
    read_book(book.folder, findings)
    return [str(finding) for finding in findings if finding.severity is Severity.ERROR]


LINK = "leads nowhere; its words are plain text."


@pytest.mark.parametrize(
    ("text", "expected", "reported"),
    [
        ("A [b](#no) c.", "A b c.", f"The link to #no {LINK}"),
        ("A [b](b.md#no) c.", "A b c.", f"The link to b.md#no {LINK}"),
        ("A [`b`](#no){.x} c.", "A `b` c.", f"The link to #no {LINK}"),
        ("A <a href='#no'>b</a> c.", "A <a>b</a> c.", f"The link to #no {LINK}"),
        ("A [b][c] d.\n\n[c]: #no", "A b d.\n\n", f"The link to #no {LINK}"),
        ("A [b](irc://x.org) c.", "A b c.", f"The link to irc://x.org {LINK}"),
        ("A <irc://x.org/> c.", "A irc://x.org/ c.", f"The link to irc://x.org/ {LINK}"),
        ("A [b]() c.", "A b c.", "A link has no address; its words are plain text."),
        ("A [b](#) c.", "A b c.", "A link has no address; its words are plain text."),
        (
            "A [b][no] c.",
            "A b c.",
            "The link [b][no] has no address; its words are plain text.",
        ),
        ("A [](#no) c.", "A no c.", "There is no no to refer to; the name is plain text."),
        (
            "A @fig-no c.",
            "A \\@fig-no c.",
            "There is no fig-no to refer to; the reference is plain text.",
        ),
        (
            "A {ref}`no` c.",
            "A no c.",
            "There is no no to refer to; the reference is plain text.",
        ),
        ("A[^no] c.", "A\\[^no\\] c.", "The note [^no] has no text; its call is printed as typed."),
        (
            "![Alt *b*](no.png){ width=9 }",
            "Alt *b*",
            "The image no.png is missing; its description is in its place.",
        ),
        (
            "![Alt][no]\n\n[no]: no.png",
            "Alt\n\n",
            "The image no.png is missing; its description is in its place.",
        ),
        (
            '<img src="no.png" alt="Alt">',
            "Alt",
            "The image no.png is missing; its description is in its place.",
        ),
        (
            '```admonish title="B"\n![Alt](no.png)\n```',
            '```admonish title="B"\nAlt\n```',
            "The image no.png is missing; its description is in its place.",
        ),
        (
            "![Alt](bad.png)",
            "Alt",
            "The image bad.png cannot be used; its description is in its place.",
        ),
        ("A <iframe src='x'></iframe> c.", "A  c.", "<iframe> is left out."),
        (
            'A\n\n<iframe src="https://x.org/v"></iframe>',
            "A\n\n<https://x.org/v>",
            "<iframe> is left out.",
        ),
        (
            "A (<GC>) c.",
            "A (&lt;GC>) c.",
            "The tag <gc> has no other half, and is printed as typed.",
        ),
        (
            "![Alt (<GC>)](pixel.png){#fig-b}",
            "![Alt (&lt;GC>)](pixel.png){#fig-b}",
            "The tag <gc> is none of HTML, and is printed as typed.",
        ),
        (
            "A <b-c x='1'>d</b-c> e.",
            "A d e.",
            "The tag <b-c> is none of HTML, and is left out; its text is kept.",
        ),
        (
            "A\\index{b}\\index{c!d|see {no}} e.",
            "A\\index{b} e.",
            "The index has no entry no to refer to; the reference is left out.",
        ),
        (
            "A\\index{b|(}\\index{c} d.",
            "A\\index{b}\\index{c} d.",
            "A range of b in the index has no other half; it is one page.",
        ),
        (
            "A\\index{c}\\index{b|)} d.",
            "A\\index{c}\\index{b} d.",
            "A range of b in the index has no other half; it is one page.",
        ),
        ("A </b> c.", "A  c.", "The tag </b> has no other half, and is left out."),
        ("A\n\n<div>\n\nB", "A\n\n\n\nB", "The tag <div> has no other half, and is left out."),
        (
            "A\n\n<!-- B",
            "A\n\n&lt;!-- B",
            "The comment has no end; its mark is printed as typed.",
        ),
        (
            "A\n\n::: {.b}\nC",
            "A\n\n\\::: {.b}\nC",
            "A block has no other half; its mark is left out or printed as typed.",
        ),
        ("A\n\n```\nB", "A\n\n```\nB\n```", "The code block has no end, and ends with its text."),
        (
            "- A\n\n  ```\n  B\n\n- C",
            "- A\n\n  ```\n  B\n  ```\n- C",
            "The code block has no end, and ends with its text.",
        ),
        (
            "## B {#c}\n\nD.\n\n## E {#c}\n\nF.",
            "## B {#c}\n\nD.\n\n## E\n\nF.",
            "The id c is there twice; it is left out here.",
        ),
        ("A {{#include no.rs}}", "A (no.rs is not in this book)", "no.rs cannot be included."),
        (
            "A $\\frac{1}{2$ and $x$.",
            "A `$\\frac{1}{2$` and $x$.",
            "The formula cannot be set; its TeX is printed.",
        ),
        (
            "$$\n\\frac{1}{2\n$$",
            "```latex\n\\frac{1}{2\n```",
            "The formula cannot be set; its TeX is printed.",
        ),
        (
            "|A|\n|-|\n|`b | c`|",
            "|A|\n|-|\n|`b \\| c`|",
            "A | in the code of a table's cell ends the cell; it is code here.",
        ),
    ],
)
def test_a_fault_becomes_text(tmp_path: Path, text: str, expected: str, reported: str) -> None:
    book = brought(tmp_path, text, {"docs/bad.png": "no image", "docs/pixel.png": PNG})
    assert book.text("docs/a.md").rstrip("\n") == f"# A\n\n{expected}".rstrip("\n")
    assert len(book.left_out) == 1
    assert book.left_out[0].startswith("docs/a.md:")
    assert book.left_out[0].endswith(f": {reported}")
    assert errors_of(book) == []
    assert (tmp_path / "source/docs/a.md").read_text("utf-8") == f"# A\n\n{text}\n"


@pytest.mark.parametrize(
    "text",
    [
        "A [b](#b) c.\n\n## B\n\nD.",
        "A `[b](#no)` and `</b>` and `[^no]`.",
        "```\n[b](#no) [^no] </b> ::: {.b}\n```",
        "A[^b].\n\n[^b]: C.",
        "A <ftp://x.org/y> c.",
    ],
)
def test_what_is_right_stays(tmp_path: Path, text: str) -> None:
    book = brought(tmp_path, text)
    assert book.text("docs/a.md") == f"# A\n\n{text}\n"
    assert book.left_out == []


def test_a_fault_in_an_included_file_is_reported_there(tmp_path: Path) -> None:
    book = brought(tmp_path, "--8<-- 'part.md'", {"docs/part.md": "One.\n\nA [b](#no).\n"})
    assert book.left_out == [f"docs/part.md:3: The link to #no {LINK}"]
    assert errors_of(book) == []


def test_an_id_of_several_sections_is_the_first_where_all_are_one_text(tmp_path: Path) -> None:
    files: dict[str, str | bytes] = {
        "_bookdown.yml": "rmd_files: [index.Rmd, a.Rmd, b.Rmd, c.Rmd]\n",
        "index.Rmd": "---\ntitle: T\nauthor: Ann Lee\n---\n\n# Start\n\nWords.\n",
        "a.Rmd": "# A\n\n## Same {#same}\n\nWords.\n",
        "b.Rmd": "# B\n\n## Same {#same}\n\nWords.\n",
        "c.Rmd": "# C\n\nSee [it](#same), \\@ref(same).\n",
    }
    book = imported(write_files(tmp_path / "source", files), tmp_path / "book")
    assert errors_of(book) == []
    assert "See [it](a.Rmd#same), [](a.Rmd#same).\n" in book.text("c.Rmd")
    assert book.left_out == ["c.Rmd:3: #same is in several sections; the link leads to a.Rmd#same."]


@pytest.mark.parametrize(
    ("path", "address"),
    [
        ("../LICENSE", "https://github.com/ann/kettles/blob/HEAD/LICENSE"),
        ("more/c.md#d", "https://ann.example/kettles/more/c/#d"),
        ("more/index.md", "https://ann.example/kettles/more/"),
        ("x.csv", "https://ann.example/kettles/x.csv"),
    ],
)
def test_a_link_to_a_file_that_is_no_section_leads_to_the_web(
    tmp_path: Path, path: str, address: str
) -> None:
    settings = (
        f"{CONFIG}site_url: https://ann.example/kettles\n"
        "repo_url: https://github.com/ann/kettles/\nnav:\n  - a.md\n  - b.md\n"
    )
    files: dict[str, str | bytes] = {
        "mkdocs.yml": settings,
        "LICENSE": "Free.",
        "docs/x.csv": "1",
        "docs/more/c.md": "# C\n",
        "docs/more/index.md": "# More\n",
    }
    book = brought(tmp_path, f"A [b]({path}) c.", files)
    assert book.text("docs/a.md") == f"# A\n\nA [b]({address}) c.\n"
    plain = path.partition("#")[0]
    now = f"it leads to {address.partition('#')[0]} now"
    told = f"A link leads to {plain}, which is not in the book; {now}."
    assert book.left_out == [f"docs/a.md:3: {told}"]


def test_a_link_to_a_folder_leads_to_its_first_section(tmp_path: Path) -> None:
    book = brought(tmp_path, "A [b](deep/).", {"docs/deep/c.md": "# C\n\nWords.\n"})
    assert "A [b](deep/c.md)." in book.text("docs/a.md")
    assert book.left_out == []


def test_images_in_the_text_become_files(tmp_path: Path) -> None:
    data = f"data:image/png;base64,{base64.b64encode(PNG).decode()}"
    text = f"![A]({data}) and ![B][b]\n\n[b]: <{data}>\n\n`{data}`"
    book = brought(tmp_path, text)
    written = book.text("docs/a.md")
    assert "![A](a-image-1.png) and ![B][b]\n\n[b]: <a-image-1.png>\n\n`data:" in written
    assert (book.folder / "docs/a-image-1.png").read_bytes() == PNG
    assert book.left_out == []
    assert errors_of(book) == []


def test_a_query_of_an_image_is_no_part_of_its_name(tmp_path: Path) -> None:
    book = brought(tmp_path, "![A](a.png?raw=true)", {"docs/a.png": PNG})
    assert book.text("docs/a.md") == "# A\n\n![A](a.png)\n"
    assert errors_of(book) == []


@pytest.mark.parametrize(
    ("text", "escaped", "reported"),
    [
        ("A [@no, p. 4].", "A [\\@no, p. 4].", "The work no is missing; its citation is"),
        (
            "A [@no; @k; @nor].",
            "A [\\@no; @k; \\@nor].",
            "2 works are missing, such as no; their citations are",
        ),
    ],
)
def test_citations_of_works_that_are_missing_are_text(
    tmp_path: Path, text: str, escaped: str, reported: str
) -> None:
    source = write_files(
        tmp_path / "source",
        {
            "_quarto.yml": "project:\n  type: book\nbook:\n  title: T\n  author: Ann Lee\n"
            "  chapters: [index.qmd]\nbibliography: a.bib\n",
            "index.qmd": f"# A\n\n{text}\n",
            "a.bib": "@book{k, title={T}, author={A, B}, year=2000}\n",
        },
    )
    book = imported(source, tmp_path / "book")
    assert book.text("index.qmd") == f"# A\n\n{escaped}\n"
    assert book.left_out == [f"index.qmd:3: {reported} printed as typed."]
    assert errors_of(book) == []


def test_a_work_whose_key_looks_like_a_reference_is_cited(tmp_path: Path) -> None:
    source = write_files(
        tmp_path / "source",
        {
            "_bookdown.yml": "rmd_files: [index.Rmd]\n",
            "index.Rmd": "---\ntitle: T\nauthor: Ann Lee\nbibliography: a.bib\n---\n\n"
            "# A\n\nB [@alg-manual] and @alg-none.\n",
            "a.bib": "@book{alg-manual, title={T}, author={A, B}, year=2000}\n",
        },
    )
    book = imported(source, tmp_path / "book")
    assert "B [@{alg-manual}] and \\@alg-none.\n" in book.text("index.Rmd")
    assert book.left_out == [
        "index.Rmd:9: There is no alg-none to refer to; the reference is plain text."
    ]
    assert errors_of(book) == []


def test_r_markdown_is_as_its_website_shows_it(tmp_path: Path) -> None:
    files: dict[str, str | bytes] = {
        "_bookdown.yml": "rmd_files: [index.Rmd]\n",
        "index.Rmd": "---\ntitle: T\nauthor: Ann Lee\n---\n\n# Start\n\n\\mainmatter\n\n"
        "`r if (knitr::is_latex_output()) '<!--'`\n\n"
        'A`r if (is_html_output(excludes = "epub")) " b"` c.\n',
    }
    book = imported(write_files(tmp_path / "source", files), tmp_path / "book")
    assert book.text("index.Rmd").endswith("# Start\n\n\n\n\n\nA b c.\n")
    assert book.left_out == []


def test_a_chunk_of_r_has_the_indent_of_its_first_line(tmp_path: Path) -> None:
    files: dict[str, str | bytes] = {
        "_bookdown.yml": "rmd_files: [index.Rmd]\n",
        "index.Rmd": "---\ntitle: T\nauthor: Ann Lee\n---\n\n# Start\n\n"
        "1. A\n\n    ```{r}\nx <- 1\n# No title\n\n      y\n    ```\n\n    B\n\n2. C\n",
    }
    book = imported(write_files(tmp_path / "source", files), tmp_path / "book")
    assert "    ```{r}\n    x <- 1\n    # No title\n\n      y\n    ```\n" in book.text("index.Rmd")
    assert len(book.division("bodymatter")) == 1
    assert errors_of(book) == []


def test_a_fence_of_mkdocs_may_be_indented(tmp_path: Path) -> None:
    text = (
        "3. A\n\n        ```py\n        b\n            c\n        ```\n\n    ```py\n    d\n    ```"
    )
    book = brought(tmp_path, text)
    assert book.text("docs/a.md").startswith(
        "# A\n\n3. A\n\n    ```py\n    b\n        c\n    ```\n"
    )


def test_a_build_on_the_fly_reports_faults_as_warnings(tmp_path: Path) -> None:
    source = write_files(
        tmp_path / "source",
        {"mkdocs.yml": CONFIG, "docs/a.md": "# A\n\nA [b](#no) ![C](no.png).\n"},
    )
    options = ["--output", tmp_path / "out", "--cache", tmp_path / "cache", "--jobs", "1"]
    arguments = ["build", "--kind", "epub", "--book", source, *options]
    result = CliRunner().invoke(makeready, list(map(str, arguments)))
    assert result.exit_code == 0, result.output
    start = f"{source}/docs/a.md:3: warning MAN-090: Not brought from MkDocs: The"
    assert f"{start} link to #no {LINK}" in result.output
    assert f"{start} image no.png is missing" in result.output


@pytest.mark.parametrize(
    "unit",
    ["[", "[a](", "[]()", "<a href=", "{ref}`", "@a", "[^a]", "<iframe>", "$", "`", "{{#", "|`"],
)
def test_faults_are_repaired_in_linear_time(unit: str) -> None:
    place = SourceLocation("a.md", 1)
    faults = [
        Finding(rule, Severity.ERROR, "“no” [^no] has <iframe> [no] is not defined", "", place)
        for rule in sorted(RULES)
    ]

    def repair(length: int) -> None:
        count = length // len(unit)
        repaired(unit * count + "\n" + f"{unit}\n" * count, faults, is_one_page=False)

    assert growth_of_time(repair) < 3
