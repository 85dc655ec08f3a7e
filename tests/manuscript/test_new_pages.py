"""Breaks between pages that a text asks for, in the spellings of other tools."""

from __future__ import annotations

from pathlib import Path

import pytest
from tiny_book import body, read

BREAKS = {
    "newpage": "\\newpage",
    "main matter": "\\mainmatter",
    "newpage with braces": "\\newpage{}",
    "pagebreak": "\\pagebreak",
    "pagebreak with a number": "\\pagebreak[4]",
    "clearpage": "\\clearpage",
    "indented": "  \\newpage  ",
    "raw text in a line": "`\\newpage`{=latex}",
    "raw text": "```{=latex}\n\\clearpage\n```",
    "Markua": "{pagebreak}",
    "Quarto": "{{< pagebreak >}}",
    "Quarto, close": "{{<pagebreak>}}",
    "a style": '<div style="page-break-after: always"></div>',
    "a style with others": '<div style="break-after:page; visibility: hidden">&nbsp;</div>',
    "a paragraph": '<p style="page-break-before: always;">&nbsp;</p>',
    "Word": '<br clear="all" style="page-break-before:always"/>',
    "a class": '<div class="page-break"></div>',
    "another class": '<div class="pagebreak"></div>',
    "two in a row": "\\newpage\n\n{pagebreak}",
}
CONTAINERS = {
    "": "<p>One.</p>{}",
    "> ": "<blockquote><p>One.</p>{}</blockquote>",
    "- ": "<ul><li><p>One.</p>{}</li></ul>",
}


@pytest.mark.parametrize("name", BREAKS)
@pytest.mark.parametrize("container", CONTAINERS)
def test_the_block_after_a_break_begins_a_page(tmp_path: Path, name: str, container: str) -> None:
    after = container if container == "> " else " " * len(container)
    lines = f"One.\n\n{BREAKS[name]}\n\nTwo.".split("\n")
    text = "\n".join((after if n else container) + line for n, line in enumerate(lines))
    wanted = CONTAINERS[container].format('<p class="new-page">Two.</p>')
    assert body(tmp_path, text) == f"{wanted}"


@pytest.mark.parametrize(
    ("source", "wanted"),
    [
        ("One.\n\\newpage\nTwo.", '<p>One.</p><p class="new-page">Two.</p>'),
        ("One.\n\n\\newpage\n## Two", '<p>One.</p><h2 class="new-page" id="one-two">Two</h2>'),
        ("> One.\n>\n> \\newpage\n\nTwo.", "<blockquote><p>One.</p></blockquote>"
         '<p class="new-page">Two.</p>'),
        ("- One.\n\n  \\newpage\n\n- Two.", '<ul><li><p>One.</p></li><li class="new-page">'
         "<p>Two.</p></li></ul>"),
        ("One.\n\n\\newpage", "<p>One.</p>"),
        ("One.\n\n    \\newpage", None),
        ("One.\n\n## Two {.page-break-before}", '<p>One.</p><h2 class="new-page" id="one-two">'
         "Two</h2>"),
        ('One.\n\n<p style="page-break-before: always">Two.</p>', '<p>One.</p>'
         '<p class="new-page">Two.</p>'),
        ('<p style="page-break-after: always">One.</p>\n\nTwo.', '<p>One.</p>'
         '<p class="new-page">Two.</p>'),
    ],
)  # fmt: skip
def test_where_a_page_begins(tmp_path: Path, source: str, wanted: str | None) -> None:
    found = body(tmp_path, source).replace("chapter-1-", "one-")
    assert found == wanted if wanted else "new-page" not in found


def test_a_break_before_the_title_has_no_effect(tmp_path: Path) -> None:
    book, found = read(tmp_path, {"chapter-1.md": "\\newpage\n\n# One\n\nText.\n"})
    assert book is not None and found == []
    assert [e.get("class") for e in book.section("chapter-1").tree] == [None]


@pytest.mark.parametrize("text", ["\\noindent Words.", "\\vspace{1cm}", "Words \\newpage more."])
def test_other_commands_are_still_reported(tmp_path: Path, text: str) -> None:
    _, found = read(tmp_path, {"chapter-1.md": f"# One\n\n{text}\n"})
    assert [(rule, line) for rule, _, line in found] == [("MAN-044", 3)]
