"""Markup of other programs that is not read is reported, and ordinary text is not."""

from __future__ import annotations

from pathlib import Path

import pytest
from tiny_book import read

MARKUP = {
    "heading without a space": "##Heading",
    "title without a space": "#Heading",
    "contents": "[TOC]",
    "contents of GitLab": "[[_TOC_]]",
    "contents of kramdown": "* TOC\n{:toc}",
    "wiki link": "See [[Another Page|words]].",
    "citation": "As is known [see @smith2001, p. 3].",
    "citation without the name": "Smith [-@smith2001] says.",
    "embedded file": "![[photo.png]]",
    "comment of Obsidian": "Text %%not this%% here.",
    "block id of Obsidian": "A paragraph. ^a1b2c3",
    "shortcode": "{{< video https://example.org/a.mp4 >}}",
    "embedded notebook": "{{< embed nb.ipynb#fig >}}",
    "shortcode of Hugo": "{{% notice info %}}",
    "mdBook": "{{#title The Walled Garden}}",
    "Jinja": "Version {{ site.version | upper }}.",
    "Liquid": "{% raw %}",
    "GitBook": '{% hint style="info" %}',
    "kramdown": "{::comment}",
    "inline R": "It has `r nrow(x)` rows.",
    "inline Python": "It has `{python} len(x)` rows.",
    "role of Sphinx": "See :pep:`x`.",
    "role of MyST": "See {pep}`x`.",
    "raw format": r"`\LaTeX`{=latex}",
    "directive of Sphinx": ".. note:: Beware",
    "directive of MyST": "```{list-table}\n* a\n```",
    "LaTeX command": r"An \textit{important} word.",
    "LaTeX index": r"Clay\index{a!b!c!d} is wet.",
    "LaTeX word": r"\noindent The text.",
    "LaTeX environment": r"\begin{center}",
    "Leanpub": "{mainmatter}",
    "emoji": "Well done :tada:",
    "Scrivener": "Draft of <$projecttitle>.",
    "Word": "See Error! Reference source not found.",
    "examples of Pandoc": "(@good) This is one.",
    "line block": "| Roses are red\n| Violets are blue",
    "grid table": "+---+---+\n| a | b |",
    "attributes of nothing": "A word{: .x} here.",
    "block mark of kramdown": "^",
    "title block": "% A title\n% An author",
    "comment of MyST": "% a comment",
    "metadata": "Title: A\nAuthor: B",
    "import of MDX": "import Tabs from '@theme/Tabs';",
    "export of MDX": "export const a = 1;",
    "comment of MDX": "Text {/* not this */} here.",
    "value of MDX": "It is {props.x} here.",
    "tag of MDX": "See <img src={require('./x.png').default} /> here.",
    "include of Pandoc": "!include a.md",
    "include of VuePress": "<<< @/a.js",
    "include of markdown-it": "@include(./a.md)",
    "icon": "See :material-check: here.",
    "field of Dataview": "key:: value",
    "field in a line": "It is [key:: value] here.",
    "block of Logseq": "See ((6a-b1)) here.",
    "tags": "#garden #pots/clay",
    "task": "- [/] half",
    "Templater": "On <% tp.date.now() %>.",
    "part of bookdown": "(PART) One",
    "part of Leanpub": "-# One",
    "item of Pandoc": "#. one",
    "centred": "C> centred",
    "quotation of TeX": "He said ``come'' to me.",
    "formula of MultiMarkdown": r"It is \\(x^2\\) here.",
    "citation of MultiMarkdown": "As he says[p. 23][#doe2006].",
    "label of MultiMarkdown": "See [(i) pots] here.",
    "raw text of another format": "```{=html}\n<b>x</b>\n```",
    "query of Obsidian": "```dataview\nTABLE x\n```",
    "simple table": "Right  Left\n-----  ----\n12345678     2",
}
TEXTS = (
    "#1 in the list, #MeToo and C# and a#b.",
    "#MeToo changed it.",
    "At 10:30:15 or a:b:c it said ::x:: and :unknownword: 100%% of 50%%.",
    "[[1]] [[1, 2], [3, 4]] {x: y} {a, b} {} {{}} { % } {1}",
    "| Counter | Use |\n|---|---|\n| % Idle Time | % |\n| #Faults | x |\n\n- % Processor time",
    "## % of all users",
    r"C:\new\part\text and \{% raw %} and \[[x]] and a \textual thing.",
    "`{{ code }}` `[[Page]]` `\\textit{x}` `:tada:` `r` `r x`",
    "```\n{% raw %}\n[[Page]]\n\\begin{center}\n```",
    "    {% raw %} [[Page]] :tada:",
    "<!-- {% raw %} -->",
    "See ^2^, 5^th, x^2 and a + b -- c.",
    "--- ---\n\nText",
    "Import it from there; export constants. C> is no prompt, and 5% of it.",
    "std::string a::b, x :: y, [a] (b) ((c)) ((2 + 3)) {1} { .x } ``a`` b",
    "It takes about\n~ 5 litres #. and more",
    "Use #1 and #2. [-] [x] (PART of it) + ++ +++ a ^ b",
    "Re: this\nand that: so",
    "`{=html}` and `<% x %>` and `!include x`",
    "ann@example.org and @ann said a | b.",
)


@pytest.mark.parametrize("text", MARKUP.values(), ids=MARKUP)
def test_other_markup_is_reported_at_its_line(tmp_path: Path, text: str) -> None:
    _, found = read(tmp_path, {"chapter-1.md": f"# One\n\nBefore\nit.\n\nx\n\n{text}\n"})
    lines = [line for rule, _, line in found if rule == "MAN-044"]
    first = 9 if text.startswith(("* TOC", "Right")) else 8
    assert lines == [first], found


def test_a_definition_of_pandoc_is_reported_on_its_line(tmp_path: Path) -> None:
    _, found = read(tmp_path, {"chapter-1.md": "# One\n\nA term\n  ~ Its definition\n"})
    assert found == [("MAN-044", "chapter-1.md", 3)]


@pytest.mark.parametrize("text", TEXTS)
def test_ordinary_text_and_code_are_not(tmp_path: Path, text: str) -> None:
    _, found = read(tmp_path, {"chapter-1.md": f"# One\n\n{text}\n"})
    assert "MAN-044" not in {rule for rule, _, _ in found}


def test_each_is_reported_once_in_a_file(tmp_path: Path) -> None:
    text = "# One\n\n{% a %} and\n{% b %}\n\n> {% c %}\n\n[[Page]]\n"
    _, found = read(tmp_path, {"chapter-1.md": text})
    assert found == [("MAN-044", "chapter-1.md", 3), ("MAN-044", "chapter-1.md", 8)]
