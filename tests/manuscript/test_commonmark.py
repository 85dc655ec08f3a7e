"""CommonMark and GitHub's extensions: the specification's examples, and a second parser's view."""

from __future__ import annotations

import gc
import re
import time
from xml.etree import ElementTree

import cmarkgfm
import pytest
from cmarkgfm.cmark import Options
from commonmark_spec import comparable, difference, examples, read_markdown, tree_of_html
from generated_books import body, chapter
from hypothesis import given, settings
from hypothesis import strategies as st

from makeready.manuscript.line_numbers import COLUMN, LINE
from makeready.manuscript.markdown import new_markdown

EXCEPTIONS = {
    24: "the class of a language is made of letters: foo+bar is foopbar",
    144: "a language that has no letters has no class",
    173: "the HTML parser of this test drops the content of an unclosed <style>",
    608: "GitHub's bare addresses",
    611: "GitHub's bare addresses",
    612: "GitHub's bare addresses",
}
"""The examples of the specification that are read differently, by number, and why."""


@pytest.mark.slow
def test_the_examples_of_the_specification_are_read_as_it_says() -> None:
    found = examples()
    assert len(found) == 652
    wrong = [e.number for e in found if difference(e.source, e.html) is not None]
    assert wrong == list(EXCEPTIONS)


GITHUB = [
    # Tables.
    "| a | b |\n|---|---|\n| c | d |",
    "a | b\n:-:|--:\nc | *d*",
    "| a |\n|---|\n| `b \\| c` **\\|** |",
    "| a | b |\n|---|---|\n| c | d |\n> e",
    "| a | b |\n|---|---|\n| c | d |\ne\n\nf",
    "| a | b |\n|---|\n| c |",
    "| a | b |\n|---|---|\n| c |",
    "| a |\n|---|",
    "- | a |\n  |---|\n  | b |",
    "a\n| b |\n|---|\n| c |",
    # Task lists.
    "- [ ] a\n- [x] b\n- [X] c",
    "- [x] a\n  - [ ] b\n  - [x] c\n- [ ] d",
    "1. [ ] a\n2. [x] b",
    "- [] a\n- [ ]b\n- [y] c",
    "- [ ] a\n\n- [x] b\n\n  c",
    # Strikethrough.
    "~~a~~ b",
    "~~a\n\nb~~",
    "a~~~b~~~c",
    "~~a *b* c~~ **~~d~~**",
    # Bare addresses.
    "www.a.example",
    "see www.a.example/b.",
    "(www.a.example/b_(c)) and www.a.example/b)",
    "www.a.example/b?c=d&e=f&amp;",
    "http://a.example https://b.example/(c)",
    "a@b.example a.b-c_d@e.example.",
    "a@b.c_d a@b.c-",
    "*www.a.example* ~~http://b.example~~",
    "http://a.example/b<c",
    "https:// (http://) [:](https://\na.example/b)",
]


def _as_in_a_book(markup: str) -> str:
    """Return the HTML of a second parser with the signs that a book has for check boxes."""
    box = re.compile(r'<input type="checkbox" ([^>]*?)/> (\n<p>)?')
    return box.sub(
        lambda match: f"{match[2] or ''}{'☑' if 'checked' in match[1] else '☐'} ", markup
    )


def _second_parser(source: str) -> str:
    options = Options.CMARK_OPT_UNSAFE
    return _as_in_a_book(cmarkgfm.github_flavored_markdown_to_html(source, options=options))


@pytest.mark.parametrize("source", GITHUB)
def test_githubs_extensions_are_read_as_by_github(source: str) -> None:
    assert difference(source, _second_parser(source)) is None


def test_one_tilde_lowers() -> None:
    # GitHub strikes this out; books lower more often.
    assert body("H~2~O") == "<p>H<sub>2</sub>O</p>"


def test_an_image_whose_name_has_spaces_is_an_image() -> None:
    made = read_markdown("a ![b *c*](images/d e.png 'f') ![g](h i) ![j](<k l.png>)")
    images = [
        (image.get("src"), image.get("alt"), image.get("title")) for image in made.iter("img")
    ]
    assert images == [("images/d%20e.png", "b *c*", "f"), ("k%20l.png", "j", None)]


def test_a_cell_without_a_head_is_kept() -> None:
    made = read_markdown("| a |\n|---|\n| b | c |")
    assert [cell.text for cell in made.iter("td")] == ["b", "c"]


# What books write otherwise (attributes, notes, abbreviations, bare addresses next to other
# text), and what the second parser reads otherwise than the specification, are not among these.
PIECES = [
    "a", "b", " c", "word", "é", "*", "**", "_", "__", "`", "``", "[", "]", "(", ")", "![",
    "](/u)", "[r]", "[r][]", "[x][r]", "<http://e.org>", "\\*", "\\[", "&amp;", "&", '"', " ",
    "\n", "\n\n", "    ", "# ", "## ", "- ", "+ ", "1. ", "2) ", "10. ", "> ", ">", "---\n",
    "***\n", "===\n", "```\n", "~~~\n", "  \n", "\\\n", "\n\n| a | b |\n|---|:-:|\n| c | d |\n",
    "\n- x\n", "\n  - y\n", "\n1. z\n\n   q\n", " ~~d~~ ",
]  # fmt: skip
TEXTS = st.lists(st.sampled_from(PIECES), max_size=25).map(
    lambda pieces: "".join(pieces).replace("*[", "* [") + "\n\n[r]: /ref\n"
)


@pytest.mark.slow
@settings(derandomize=True, max_examples=1000, deadline=None)
@given(TEXTS)
def test_any_text_is_read_as_by_a_second_parser(text: str) -> None:
    made, wanted = read_markdown(text), tree_of_html(_second_parser(text))
    for tree in (made, wanted):
        # The second parser does not write strong emphasis in strong emphasis.
        for strong in tree.xpath("//strong[ancestor::strong]"):
            strong.tag = "span"
    assert comparable(made, with_languages=False) == comparable(wanted, with_languages=False)


POSITIONS = """# A *b*

- c `d`
  > e **f** [g](#h)

| i | j \\| *k* |
|---|---|
| l | ~~m~~ |

[^1]: n *o*

    p <u>q</u>

T
:   u ![v](w)
"""


def test_every_element_knows_its_line_and_column() -> None:
    lines = POSITIONS.splitlines()
    root = new_markdown().parser.parseDocument(lines).getroot()
    assert root is not None
    marks = {
        "em": "*", "code": "`", "blockquote": ">", "strong": "**", "a": "[g", "h1": "#", "li": "-",
        "ul": "-", "th": "ij", "td": "l~", "del": "~~", "u": "<u", "img": "![", "_note": "[^",
        "table": "|", "thead": "|", "tbody": "|", "tr": "|", "p": "cenpu", "dl": "T", "dt": "T",
        "dd": ":",
    }  # fmt: skip
    elements = list(root.iter())[1:]
    assert {element.tag for element in elements} <= set(marks)
    for element in elements:
        text = _source_at(element, lines)
        expected = marks[element.tag]
        is_found = text[0] in expected if len(expected) > 1 and expected.isalpha() else False
        assert is_found or text.startswith(expected) or text[0] in expected, (element.tag, text)


def _source_at(element: ElementTree.Element, lines: list[str]) -> str:
    return lines[int(element.get(LINE, "")) - 1][int(element.get(COLUMN, "")) - 1 :]


UNITS = [
    "[", "![", "*a ", "**a_", "<a ", "<b>", "`a ", "&a", "&amp;", "{a ", "x{.a ", "^a", "~a~",
    "www.a ", "a@", "http:", "http://", "{>> ", "[a](", "[^a] ", "<!-- ", "<?", "[]", "\\[",
    '<a b="', "a\n", "- a\n", "/// div\n", "[^a]: b\n\n", "T\n: b\n\n", "[a]: b\n", "<div>\n\n",
    "1. a\n\n", "a {>>\n\n", "```\n", "<p x\n\n", "*[a]: b\n", "> - ", "| a ",
]  # fmt: skip


@pytest.mark.slow
@pytest.mark.parametrize("unit", UNITS)
def test_the_time_of_reading_grows_with_the_length(unit: str) -> None:
    def seconds(length: int) -> float:
        text = unit * (length // len(unit))
        gc.collect()
        gc.disable()
        start = time.process_time()
        read_markdown(text)
        taken = time.process_time() - start
        gc.enable()
        return taken

    # Twice the text takes twice the time, or four times if it grows with the square.
    ratios = []
    for length in (8_000, 16_000, 30_000, 60_000):
        ratios.append(seconds(2 * length) / max(seconds(length), 0.02))
        if ratios[-1] < 3:
            return
    pytest.fail(f"twice the text takes {min(ratios):.1f} times as long")


def test_text_that_many_marks_begin_is_a_book() -> None:
    _, findings = chapter("[" * 20_000 + "\n\n" + "*a " * 20_000)
    assert findings == []
