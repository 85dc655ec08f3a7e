"""CommonMark and GitHub's extensions: the specification's examples, and a second parser's view."""

from __future__ import annotations

import re
from xml.etree import ElementTree

import cmarkgfm
import pytest
from cmarkgfm.cmark import Options
from commonmark_spec import (
    alignments,
    comparable,
    difference,
    examples,
    read_markdown,
    tree_of_html,
)
from generated_books import chapter
from hypothesis import given, settings
from hypothesis import strategies as st

from makeready.book.model import Element
from makeready.manuscript.line_numbers import COLUMN, LINE
from makeready.manuscript.markdown import new_markdown
from time_growth import growth_of_time

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
    "| a | b |\n| - | - |\n| c d | e |\n",
    "a | b\n:-:|--:\nc | *d*",
    "| a | b c |\n:-: | ----------:\nd | e",
    "| a\\|b |\n| ------ |\n| c `\\|` d |\n| e **\\|** f |",
    "| a |\n|---|\n| `b \\| c` **\\|** |",
    "| a | b |\n|---|---|\n| c | d |\n> e",
    "| a | b |\n|---|---|\n| c | d |\n# e",
    "| a | b |\n|---|---|\n| c | d |\n- e",
    "| a | b |\n|---|---|\n| c | d |\n***",
    "| a | b |\n|---|---|\n| c | d |\n```\ne | f\n```",
    "| a | b |\n|---|---|\n| c | d |\n    e | f",
    "| a | b |\n|---|---|\n| c | d |\ne\n\nf",
    "| a | b |\n|---|\n| c |",
    "| a | b |\n|---|---|\n| c |",
    "| a | b | c |\n|---|---|---\n| d\n| e | f\n",
    "| a |\n|---|",
    "| a | b |\n|:-|:-:|\n\n| c | d |",
    "- | a |\n  |---|\n  | b |",
    "> | a |\n> |---|\n> | b |\nc",
    "a\n| b |\n|---|\n| c |",
    "a *b\n| c | d* |\n|---|---|\n| e | f |",
    "| a | | c |\n|---|---|---|\n| | d | |\n|e||f|",
    '|a|b|\n|:-:|-:|\n|`c`|[d](/u "e") ![f](g)|\n|<u>h</u>|<http://i.example>|',
    "| a |\n| - - |\n| b |",
    "| a |\n|:::|\n| b |",
    "a\n-\nb",
    "| a\n| -\n| b",
    "a|b\n---|---",
    "\\| a | b |\n|---|---|\n| c | d |",
    "1. a\n\n   | b | c |\n   |--:|---|\n   | d | e |\n\n2. f",
    # Task lists.
    "- [ ] a\n- [x] b\n- [X] c",
    "- [x] a\n  - [ ] b\n  - [x] c\n- [ ] d",
    "1. [ ] a\n2. [x] b",
    "* [ ] a\n+ [x] b",
    "- [] a\n- [ ]b\n- [y] c",
    "- [ ] a\n\n- [x] b\n\n  c",
    "- [x] [a](/b) *c*\n- [ ] `d`",
    "- [ ] \n- [x] a\n\nb",
    "- a [ ] b\n- \\[ ] c\n- [x](/d)",
    # Strikethrough.
    "~~a~~ b",
    "~~a\n\nb~~",
    "a~~~b~~~c",
    "a ~~~~~b~~~~~ c",
    "a ~b~~ ~~c~",
    "~~a *b* c~~ **~~d~~**",
    "~~ a~~ b ~~c ~~",
    "a~~b~~c ~~d~~.~~e~~",
    "\\~~a~~ `~~b~~`",
    # Bare addresses.
    "www.a.example",
    "see www.a.example/b.",
    "www.a.example www.b.example/c_d",
    "(www.a.example/b_(c)) and www.a.example/b)",
    "www.a.example/b?c=(d)\n\n(www.a.example/b?c=(d)))\n\n(www.a.example/b?c=(d)",
    "www.a.example/b?c=(d))+e",
    "www.a.example/b?c=d&e=f&amp;",
    "www.a.example/b?c=d&quot;",
    "www.a.example/b<c",
    "http://a.example https://b.example/(c)",
    "(see https://a.example/b?c=d+(e))",
    "http://a.example/b!? http://c.example/d~~ http://e.example:",
    "http://a.example/é http://b.example/c#d%20e",
    "\"http://a.example\" and 'https://b.example/c'",
    "a:http://b.example, c=http://d.example, e|http://f.example, -http://g.example/h-",
    "a@b.example a.b-c_d@e.example.",
    '"a@b.example" x:a@b.example',
    "a@b.c_d a@b.c-",
    "a+b@c.example a@ @b.example a@b",
    "mailto:a@b.example mailto:a.b@c.example. mailto:a@b.example/c mailto:a",
    "xmpp:a@b.example xmpp:a@b.example. xmpp:a@b.example/c",
    "*www.a.example* ~~http://b.example~~ **a@b.example**",
    "http://a.example/b<c",
    "https:// (http://) [:](https://\na.example/b)",
    "[http://a.example](/b) [www.a.example] ![c](http://d.example)",
    "<http://a.example> `http://b.example`",
    'xhttp://a.example awww.b.example "www.c.example"',
    "http://a_b.example http://a.b_c http://a.b_c.example",
    "http://a.example\\b http://c.example/d*e*f http://g.example/h_i_",
]

GITHUB_EXCEPTIONS = {
    "~a~ b": ("a tilde lowers, as in Pandoc and Quarto", "<p><sub>a</sub> b</p>"),
    "~a b~ c": ("what is lowered has no spaces", "<p>~a b~ c</p>"),
    "ftp://a.example": ("an address of ftp is a link in brackets only", "<p>ftp://a.example</p>"),
    "«http://a.example/b»": (
        "a quotation mark is no part of an address before which one stands",
        '<p>«<a href="http://a.example/b">http://a.example/b</a>»</p>',
    ),
    "| a |\n|---|\n| b | c |": (
        "no cell is left out",
        "<table><thead><tr><th>a</th></tr></thead><tr><td>b</td><td>c</td></tr></table>",
    ),
    "- [x] > a": (
        "a box stands before any block, not only before a paragraph",
        "<ul><li>☑<blockquote><p>a</p></blockquote></li></ul>",
    ),
    "www.a": ("there is no such domain", "<p>www.a</p>"),
    "a@b@c.example": ("an address has one @", "<p>a@b@c.example</p>"),
}
"""What GitHub reads otherwise: why, and what it is here."""

GITHUB_DISALLOWED = [
    "title", "textarea", "style", "xmp", "iframe", "noembed", "noframes", "script", "plaintext",
]  # fmt: skip


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
    wanted = _second_parser(source)
    assert difference(source, wanted) is None
    assert alignments(read_markdown(source)) == alignments(tree_of_html(wanted))


@pytest.mark.parametrize("source", GITHUB_EXCEPTIONS)
def test_what_is_not_read_as_by_github_has_a_reason(source: str) -> None:
    assert comparable(read_markdown(source)) == GITHUB_EXCEPTIONS[source][1]
    assert difference(source, _second_parser(source)) is not None


@pytest.mark.parametrize("tag", GITHUB_DISALLOWED)
def test_html_that_github_disallows_is_not_in_a_book(tag: str) -> None:
    book, found = chapter(f"a <{tag}>b</{tag}> c\n\n<{tag}>\nd\n</{tag}>")
    assert found and {rule for rule, _, _ in found} == {"MAN-015"}
    assert not list(book.sections[0].tree.iter(tag))


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


def _read_by_both(text: str) -> tuple[Element, Element]:
    made, wanted = read_markdown(text), tree_of_html(_second_parser(text))
    for tree in (made, wanted):
        # The second parser does not write strong emphasis in strong emphasis.
        for strong in tree.xpath("//strong[ancestor::strong]"):
            strong.tag = "span"
    return made, wanted


@pytest.mark.slow
@settings(derandomize=True, max_examples=1000, deadline=None)
@given(TEXTS)
def test_any_text_is_read_as_by_a_second_parser(text: str) -> None:
    made, wanted = _read_by_both(text)
    assert comparable(made, with_languages=False) == comparable(wanted, with_languages=False)


CELLS = st.lists(
    st.sampled_from([
        "a", " ", "*b*", "`c`", "`d \\| e`", "\\|", "~~f~~", "www.g.example", "[h](i)", "**",
        "<u>j</u>", " k@l.example ", ":", "-", "[ ]", "~~",
    ]),
    max_size=3,
).map("".join)  # fmt: skip
RULES = st.sampled_from(["---", ":--", "--:", ":-:", "-", " - "])
ROWS = st.builds(
    lambda cells, before, after: before + "r" + "|".join(cells) + after,
    st.lists(CELLS, min_size=1, max_size=3),
    st.sampled_from(["| ", ""]),
    st.sampled_from([" |", "|", ""]),
)
TABLES = st.builds(
    lambda head, rules, rows: "\n".join(["|" + head, "|" + "|".join(rules) + "|", *rows]),
    ROWS,
    st.lists(RULES, min_size=1, max_size=3),
    st.lists(ROWS, max_size=3),
)
TASKS = st.lists(
    st.tuples(
        st.sampled_from(["- ", "  - ", "1. ", "* ", "\n- "]),
        st.sampled_from(["[ ] ", "[x] ", "[X] ", "[] ", "[ ]", "", "[y] "]),
        st.just("z"),
        CELLS,
    ).map("".join),
    min_size=1,
    max_size=4,
).map("\n".join)
STRUCK = st.lists(
    st.sampled_from(["~~", "a", " ", "b c", ".", "`d`", "\\~\\~", "[e](f)", "~~~"]), max_size=10
).map(lambda pieces: "x " + "".join(pieces))
ADDRESSES = st.lists(
    st.tuples(
        st.sampled_from(["", "(", "*", "x", "'", '"', "a:", ";", "~~", "- "]),
        st.sampled_from([
            "www.a.example", "http://b.example", "https://c.example/d", "e@f.example", "http://",
            "mailto:g@h.example", "www.i.j", "http://j_k.l.example", "l@m", "n.o-p+q@r.example",
        ]),
        st.sampled_from(["", ")", "*", ".", "/s", "?t=(u)", "&v=w", "&amp;", "'", "~~"]),
        st.sampled_from(["", ")", ".", "/x", "!", ";", "<y"]),
    ).map("".join),
    min_size=1,
    max_size=3,
).map(" ".join)  # fmt: skip


@pytest.mark.slow
@settings(derandomize=True, max_examples=800, deadline=None)
@given(st.one_of(TABLES, TASKS, STRUCK, ADDRESSES))
def test_any_text_with_githubs_extensions_is_read_as_by_a_second_parser(text: str) -> None:
    made, wanted = _read_by_both(text)
    for table in made.iter("table"):
        columns = len(list(table.iter("th")))
        for cell in table.xpath(f".//td[position() > {columns}]"):
            cell.getparent().remove(cell)
    assert comparable(made) == comparable(wanted)
    assert alignments(made) == alignments(wanted)


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
    "[", "*a ", "<a ", "`a ", "&amp;", "x{.a ", "www.a ", "[^a] ", "<!-- ", "- a\n", "[a]: b\n",
    "<p x\n\n", "| a ",
]  # fmt: skip
MORE_UNITS = [
    "![", "**a_", "<b>", "&a", "{a ", "^a", "~a~", "a@", "http:", "http://", "{>> ", "[a](", "<?",
    "[]", "\\[", '<a b="', "a\n", "/// div\n", "[^a]: b\n\n", "T\n: b\n\n", "<div>\n\n", "1. a\n\n",
    "a {>>\n\n", "```\n", "*[a]: b\n", "> - ",
]  # fmt: skip


@pytest.mark.slow
@pytest.mark.parametrize(
    "unit", [*UNITS, *(pytest.param(unit, marks=pytest.mark.long) for unit in MORE_UNITS)]
)
def test_the_time_of_reading_grows_with_the_length(unit: str) -> None:
    def read(length: int) -> None:
        read_markdown(unit * (length // len(unit)))

    assert growth_of_time(read) < 3


def test_text_that_many_marks_begin_is_a_book() -> None:
    _, findings = chapter("[" * 20_000 + "\n\n" + "*a " * 20_000)
    assert findings == []
