"""Tables and figures that stand on their side, in the spellings of other tools."""

from __future__ import annotations

import time
from pathlib import Path

import pytest
from tiny_book import body, read

ROWS = "| a | b |\n|---|---|\n| 1 | 2 |\n"
FORMS = {
    "Quarto": f"::: {{.landscape}}\n{ROWS}\n:::\n",
    "HTML": f'<div class="landscape">\n\n{ROWS}\n</div>\n',
    "a caption": f"{ROWS}\n: Words {{.turned}}\n",
    "a caption with an id": f"{ROWS}\n: Words {{#tbl-a .landscape}}\n",
    "a table of HTML": '<table class="turned"><tr><td>a</td></tr></table>\n',
    "MyST": f"```{{table}} Words\n:class: sideways\n\n{ROWS}```\n",
    "bookdown": f"\\blandscape\n\n{ROWS}\n\\elandscape\n",
    "LaTeX": f"\\begin{{landscape}}\n\n{ROWS}\n\\end{{landscape}}\n",
    "sidewaystable": f"\\begin{{sidewaystable}}[ht]\n\n{ROWS}\n\\end{{sidewaystable}}\n",
    "fences": (
        f"```{{=latex}}\n\\begin{{landscape}}\n```\n\n{ROWS}\n"
        "```{=tex}\n\\end{landscape}\n```\n"
    ),
    "officedown": f"<!---BLOCK_LANDSCAPE_START--->\n\n{ROWS}\n<!---BLOCK_LANDSCAPE_STOP--->\n",
}


@pytest.mark.parametrize("form", FORMS)
def test_a_table_is_turned(form: str, tmp_path: Path) -> None:
    found = body(tmp_path, f"{FORMS[form]}\nText.\n")
    assert found.count('class="turned"') == 1
    assert "landscape" not in found
    assert found.endswith("<p>Text.</p>")


def test_other_text_is_not_turned(tmp_path: Path) -> None:
    text = f"::: {{.other}}\n{ROWS}\n:::\n\nText on a landscape.\n"
    assert "turned" not in body(tmp_path, text)


@pytest.mark.parametrize(
    "text",
    [
        f"> {FORMS['Quarto']}".replace("\n", "\n> "),
        f"- x\n\n  {FORMS['Quarto']}".replace("\n", "\n  "),
        f":::: {{.callout-note}}\n{FORMS['Quarto']}\n::::\n",
    ],
)
def test_a_block_on_a_page_with_other_text_is_reported(text: str, tmp_path: Path) -> None:
    _, found = read(tmp_path, {"chapter-1.md": f"# One\n\n{text}\n"})
    assert [finding[0] for finding in found] == ["MAN-053"]


def test_a_mark_without_its_end_is_reported(tmp_path: Path) -> None:
    _, found = read(tmp_path, {"chapter-1.md": f"# One\n\n\\begin{{landscape}}\n\n{ROWS}\n"})
    assert found == [("MAN-044", "chapter-1.md", 3)]


def test_a_mark_without_an_end_in_a_quotation_does_not_hide_later_ones(tmp_path: Path) -> None:
    text = f"# One\n\n> \\blandscape\n\n{FORMS['bookdown']}"
    book, found = read(tmp_path, {"chapter-1.md": text})
    assert found == [("MAN-044", "chapter-1.md", 3)]
    assert book is not None
    assert book.section("chapter-1").tree.find("div[@class='turned']") is not None


def test_many_marks_are_read_in_linear_time(tmp_path: Path) -> None:
    def seconds(count: int) -> float:
        begin = time.process_time()
        read(tmp_path / str(count), {"chapter-1.md": "# One\n\n" + "\\blandscape\n\n" * count})
        return time.process_time() - begin

    assert seconds(8000) < 24 * max(seconds(1000), 0.05)
