"""Tables, their captions and the widths of their columns, in the spellings of other tools."""

from __future__ import annotations

import re
import time
from pathlib import Path

import pytest
from tiny_book import PNG, body, read

PIPES = "| a | b |\n|---|---|\n| 1 | 2 |\n"
ROWS = "<tr><th>a</th><th>b</th></tr></thead><tbody><tr><td>1</td><td>2</td></tr></tbody></table>"
ATTRIBUTE = re.compile(r' [a-z-]+="[^"]*"')
NUMBER = '<span class="label">Table\u00a01.</span> '


def captioned(caption: str, attributes: str = "") -> str:
    number = ' data-number="1"'
    return f"<table{attributes}{number}><caption>{NUMBER}{caption}</caption><thead>{ROWS}"


def in_order(markup: str) -> str:
    """Return markup with the attributes of each table in one order."""

    def ordered(match: re.Match[str]) -> str:
        return f"<table{''.join(sorted(ATTRIBUTE.findall(match[1])))}>"

    return re.sub(r"<table([^>]*)>", ordered, markup)


ID = ' id="tbl-a"'
FORMS = {
    "Pandoc, before": (f"Table: Words *a* {{#tbl-a}}\n\n{PIPES}", "Words <em>a</em>", ID),
    "Pandoc, after": (f"{PIPES}\nTable: Words {{#tbl-a}}\n", "Words", ID),
    "in lower case": (f"{PIPES}\ntable: Words {{#tbl-a}}\n", "Words", ID),
    "a colon, before": (f": Words {{#tbl-a}}\n\n{PIPES}", "Words", ID),
    "after a paragraph": (f"Text.\n\n: Words {{#tbl-a}}\n\n{PIPES}", "Words", ID),
    "directly after the rows": (f"{PIPES}: Words {{#tbl-a}}\n", "Words", ID),
    "directly before the head": (f"Table: Words {{#tbl-a}}\n{PIPES}", "Words", ID),
    "on two lines": (f"{PIPES}\n: Words\n  more {{#tbl-a}}\n", "Words more", ID),
    "without an id": (f"{PIPES}\nTable: Words\n", "Words", ""),
    "a class": (f"{PIPES}\n: Words {{.striped}}\n", "Words", ' class="striped"'),
    "widths": (
        f'{PIPES}\n: Words {{#tbl-a tbl-colwidths="[30,70]"}}\n',
        "Words",
        f' data-widths="30 70"{ID}',
    ),
    "MultiMarkdown, after": (f"{PIPES}[Words][tbl-a]\n", "Words", ID),
    "MultiMarkdown, before": (f"[Words *a*][tbl-a]\n{PIPES}", "Words <em>a</em>", ID),
    "MultiMarkdown, without a label": (f"{PIPES}[Words]\n", "Words", ""),
    "bookdown": (f"Table: (\\#tab:a) Words\n\n{PIPES}", "Words", ' id="one-a"'),
    "a text reference": (
        f"Table: (ref:a)\n\n{PIPES}\n(ref:a) Words *b*\n",
        "Words <em>b</em>",
        "",
    ),
    "Quarto, an attribute": (
        f'::: {{#tbl-a tbl-cap="Words *a*"}}\n{PIPES}\n:::\n',
        "Words <em>a</em>",
        ID,
    ),
    "Quarto, attributes": (
        f'::: {{#tbl-a tbl-cap="Words" tbl-colwidths="[30,70]"}}\n{PIPES}\n:::\n',
        "Words",
        f' data-widths="30 70"{ID}',
    ),
    "MyST": (f"```{{table}} Words\n:name: tbl-a\n\n{PIPES}```\n", "Words", ID),
    "MyST with colons": (f":::{{table}} Words\n:name: tbl-a\n{PIPES}:::\n", "Words", ID),
    "a list of lists": (
        "```{list-table} Words\n:header-rows: 1\n:name: tbl-a\n\n* - a\n  - b\n* - 1\n  - 2\n```\n",
        "Words",
        ID,
    ),
    "values": (
        ":::{csv-table} Words\n:header: a, b\n:name: tbl-a\n:widths: 30, 70\n\n1, 2\n:::\n",
        "Words",
        f' data-widths="30 70"{ID}',
    ),
    "a grid": (
        "+---+---+\n| a | b |\n+===+===+\n| 1 | 2 |\n+---+---+\n\nTable: Words {#tbl-a}\n",
        "Words",
        ID,
    ),
    "a grid, before": (
        ": Words {#tbl-a}\n\n+---+---+\n| a | b |\n+===+===+\n| 1 | 2 |\n+---+---+\n",
        "Words",
        ID,
    ),
    "a grid out of line": (
        ": Words {#tbl-a}\n\n+--+----+\n| a | b |\n+====+===+\n| 1 | 2    |\n+---+---+\n",
        "Words",
        ID,
    ),
    "a simple table": (
        "a       b\n------- -------\n1       2\n\nTable: Words {#tbl-a}\n",
        "Words",
        f"{ID} align",
    ),
    "a simple table, before, closed": (
        "Table: Words {#tbl-a}\n\na       b\n------- -------\n1       2\n------- -------\n",
        "Words",
        f"{ID} align",
    ),
    "a multiline table": (
        "---------------\na       b\n------- -------\n1       2\n---------------\n\n"
        ": Words {#tbl-a}\n",
        "Words",
        f"{ID} align",
    ),
    "options between lines": (
        f"```{{table}} Words\n---\nname: tbl-a\nwidths: [30, 70]\n---\n{PIPES}```\n",
        "Words",
        f' data-widths="30 70"{ID}',
    ),
}


@pytest.mark.parametrize("name", FORMS)
@pytest.mark.parametrize("container", ["", "> ", "- ", "1. "])
def test_a_table_with_its_caption(tmp_path: Path, name: str, container: str) -> None:
    source, caption, attributes = FORMS[name]
    after = container if container == "> " else " " * len(container)
    lines = source.rstrip("\n").split("\n")
    text = "\n".join(
        (container if not number else after) + line for number, line in enumerate(lines)
    )
    found = in_order(body(tmp_path, text))
    if "tab:" in source:
        attributes = re.search(r' id="[^"]*"', found)[0]  # type: ignore[index]
    if attributes.endswith(" align"):
        found = found.replace(' class="align-left"', "")
        attributes = attributes.removesuffix(" align")
    wanted = in_order(captioned(caption, attributes))
    assert wanted in found
    assert found.count("<table") == found.count("Words") == 1


def test_each_of_several_tables_has_its_own_caption(tmp_path: Path) -> None:
    first = body(tmp_path / "1", "\n".join(f"Table: C{n} x\n\n{PIPES}" for n in range(3)))
    second = body(tmp_path / "2", "\n".join(f"{PIPES}\nTable: C{n} x\n" for n in range(3)))
    for markup in (first, second):
        assert re.findall(r"C\d", markup) == ["C0", "C1", "C2"]
        assert markup.count("<caption>") == 3
    assert first == second


@pytest.mark.parametrize(
    "source",
    ["Table: a matter of taste.", "[Words][a]", f"{PIPES}\n[A link]\n\n[A link]: https://x.org"],
)
def test_what_is_no_caption_stays_text(tmp_path: Path, source: str) -> None:
    book, _ = read(tmp_path, {"chapter-1.md": f"# One\n\n{source}\n"})
    assert book is not None
    assert book.section("chapter-1").tree.find(".//caption") is None


def test_widths_without_a_caption(tmp_path: Path) -> None:
    markup = body(tmp_path, f'{PIPES}\n: {{tbl-colwidths="[30,70]"}}\n')
    assert '<table data-widths="30 70"><thead>' in markup and "caption" not in markup


LONG = "word " * 20


@pytest.mark.parametrize(
    ("source", "widths"),
    [
        (f"| a | b |\n|--|------|\n| {LONG}| 2 |\n", "2 6"),
        (f"| a | b |\n|:-|-----:|\n| {LONG}| 2 |\n", "2 6"),
        (f"| a | b |\n|---|---|\n| {LONG}| 2 |\n", ""),
        ("| a | b |\n|--|------|\n| 1 | 2 |\n", ""),
        (f"| a | {'b':{len(LONG)}} |\n|---|{'-' * (len(LONG) + 2)}|\n| 1 | {LONG} |\n", ""),
        (f"| Topic | Use |\n|-------|-----|\n| 1 | {LONG}|\n", ""),
    ],
    ids=[
        *("dashes", "with colons", "equal dashes", "short lines", "bars below each other"),
        "dashes below the head",
    ],
)
def test_dashes_are_widths_as_in_pandoc(tmp_path: Path, source: str, widths: str) -> None:
    found = re.search(r'data-widths="([^"]*)"', body(tmp_path, source))
    assert (found[1] if found else "") == widths


def test_a_table_of_lists_has_blocks_in_its_cells(tmp_path: Path) -> None:
    source = "```{list-table}\n:stub-columns: 1\n\n* - a\n  - b\n\n    - c\n* - d\n```"
    assert body(tmp_path, source) == (
        '<table><tbody><tr><th scope="row">a</th><td><p>b</p><ul><li>c</li></ul></td></tr>'
        '<tr><th scope="row">d</th><td></td></tr></tbody></table>'
    )


def test_a_table_of_a_file_of_values(tmp_path: Path) -> None:
    source = "```{csv-table}\n:file: data/x.csv\n:header-rows: 1\n:delim: ;\n```"
    markup = body(tmp_path, source, **{"data/x.csv": 'a;b\n1;"2; *c*\nd"\n'})
    assert "<th>a</th><th>b</th>" in markup
    assert "<td>1</td><td>2; <em>c</em> d</td>" in markup


GRID = """\
+-------------+------+-------------+
| Property    | min  | **max**     |
+:============+=====:+:===========:+
| Wide        | 1    | - one       |
|             +------+             |
| *two* lines | 2    | - two       |
+------+------+------+-------------+
| over | two         | `|` C++     |
+------+-------------+-------------+
"""


def test_a_grid_table_with_spans_blocks_and_alignment(tmp_path: Path) -> None:
    assert body(tmp_path, GRID) == (
        '<table><thead><tr><th colspan="2">Property</th><th class="align-right">min</th>'
        '<th class="align-center"><strong>max</strong></th></tr></thead><tbody>'
        '<tr><td colspan="2" rowspan="2"><p>Wide</p><p><em>two</em> lines</p></td>'
        '<td class="align-right">1</td><td class="align-center" rowspan="2">'
        "<ul><li><p>one</p></li><li><p>two</p></li></ul></td></tr>"
        '<tr><td class="align-right">2</td></tr>'
        '<tr><td class="align-left">over</td><td colspan="2">two</td>'
        '<td class="align-center"><code>|</code> C++</td></tr></tbody></table>'
    )


MULTILINE = """\
------------------------------------
 Centred    Right Left
    head     head aligned
--------- ------- ------------------
   One      12.0  *First* row, two
                  lines.

   Two       5.0  - Second row
                  - a list
------------------------------------
"""


def test_a_multiline_table(tmp_path: Path) -> None:
    assert body(tmp_path, MULTILINE) == (
        '<table><thead><tr><th class="align-center">Centred head</th>'
        '<th class="align-right">Right head</th><th class="align-left">Left aligned</th>'
        '</tr></thead><tbody><tr><td class="align-center">One</td>'
        '<td class="align-right">12.0</td><td class="align-left"><em>First</em> row, two lines.'
        '</td></tr><tr><td class="align-center">Two</td><td class="align-right">5.0</td>'
        '<td class="align-left"><ul><li>Second row</li><li>a list</li></ul></td></tr>'
        "</tbody></table>"
    )


def test_a_simple_table_is_aligned_by_its_head(tmp_path: Path) -> None:
    source = (
        "  Right Left     Centre  Plain\n------- ------- -------- -----\n   1    2          3     4"
    )
    markup = body(tmp_path, source)
    names = re.findall(r"<th( [^>]*|)>", markup)
    assert names == [f' class="align-{name}"' for name in ("right", "left", "center")] + [""]


def test_a_table_without_a_head_has_two_rows_and_words_in_its_columns(tmp_path: Path) -> None:
    rule = "------ ------"
    table = body(tmp_path / "1", f"{rule}\na      b\nc      d\n{rule}\n")
    assert table.count("<tr>") == 2 and "<thead>" not in table
    for text in (
        "a      b",
        "words over the columns\nand beyond them",
        "one     two\nlonger th an",
    ):
        scene = body(tmp_path / text[:4], f"x\n\n{rule}\n\n{text}\n\n{rule}\n")
        assert "<table" not in scene and scene.count("<hr") == 2


def test_wide_letters_take_two_columns(tmp_path: Path) -> None:
    grid = body(tmp_path / "1", "+------+---+\n| 日本 | b |\n+------+---+\n")
    simple = body(tmp_path / "2", "a    b\n---- ---\n日本 b\nc    d\n")
    assert "<td>日本</td><td>b</td>" in grid
    assert simple.count("<td") == 4 and ">日本<" in simple


def test_a_table_that_is_elsewhere_is_not_fetched_and_told(tmp_path: Path) -> None:
    for mark in ("```", ":::"):
        text = f"# One\n\nText.\n\n{mark}{{csv-table}}\n:url: https://x.org/a.csv\n{mark}\n"
        _, found = read(tmp_path / mark.strip("`"), {"chapter-1.md": text})
        assert ("MAN-044", "chapter-1.md", 5) in found
    text = "# One\n\nText.\n\n```{csv-table}\n:file: ../x.csv\n```\n"
    _, found = read(tmp_path / "out", {"chapter-1.md": text})
    assert ("MAN-062", "chapter-1.md", 5) in found


def test_a_finding_in_a_cell_has_its_line(tmp_path: Path) -> None:
    text = "# One\n\n```{csv-table}\na, b\n1, [x](#none)\n```\n"
    _, found = read(tmp_path, {"chapter-1.md": text})
    assert [(rule, line) for rule, _, line in found] == [("REF-001", 5)]


@pytest.mark.parametrize(
    "unit", ["Table: a\n\n", "[a][b]\n", "| a |\n|---|\n[a][b]\n", "(ref:a) b\n\n"]
)
def test_captions_are_read_in_time_that_grows_with_the_text(tmp_path: Path, unit: str) -> None:
    begun = time.process_time()
    read(tmp_path, {"chapter-1.md": "# One\n\n" + unit * (60_000 // len(unit))})
    assert time.process_time() - begun < 8


def test_the_last_paragraph_of_a_labelled_block_is_the_caption(tmp_path: Path) -> None:
    source = f"::: {{#tbl-a}}\n\n{PIPES}\nWords *a*.\n:::\n\n"
    source += "::: {#fig-a}\n![What](images/a.png)\n\nA pot *b*.\n:::\n"
    found = in_order(body(tmp_path, source, **{"images/a.png": PNG}))
    assert in_order(captioned("Words <em>a</em>.", ID)) in found
    assert '<figcaption><span class="label">Figure\u00a01.</span> A pot <em>b</em>.' in found
    assert "<div" not in found and found.count('id="fig-a"') == 1


@pytest.mark.parametrize("inside", ["Words.", f"{PIPES}\nOne.\n\nTwo.", "![a](images/a.png)"])
def test_another_block_with_such_an_id_stays_a_block(tmp_path: Path, inside: str) -> None:
    images = {"images/a.png": PNG} if "images" in inside else {}
    found = body(tmp_path, f"::: {{#fig-a}}\n{inside}\n:::\n", **images)
    assert '<div id="fig-a">' in found and "caption" not in found
