"""Source lines: every block has its own, whatever comes before it."""

from __future__ import annotations

import re

import pytest
from generated_books import book_of, chapter, png

from makeready.book.model import Element

# Each @N in the text is the line it must be found on; line 1 is the title.
EVERYTHING = """@3 Opening paragraph,
hard-wrapped.

@6 Same words.

@8 Same words.

```python
<div>@0</div>

[^x]: not a note
```

@16 After a fence.

<div class="box">
<p>@19 raw</p>

<p>@21 raw</p>
</div>

@24 After raw HTML.

<!-- a comment

of three lines -->

@30 After a comment.

- @32 item
- @33 item

    ```
    code @0
    ```

    @39 paragraph of the item

    - @41 inner
    - @42 inner
- @43 outer again

> @45 quoted
>
> > @47 twice
>
> ```
> code @0
> ```
>
> - @53 item

Term @55
:   @56 means

:   @58 or means

| @60 | b |
|-----|---|
| @62 | - |
| @63 | - |

/// verse
@66 Tyger
    @67 Tyger

@69 burning
///

/// epigraph
@73 Words.
///

## @76 Heading

Setext @78
----------

@81 See[^a] the note, {>> a query
over two lines <<}and on.

[^a]: @84 The note.

    @86 Its second paragraph.

@88 Last.
"""


def located(tree: Element) -> list[tuple[int, int]]:
    """Return for each leaf the line its text names, and the line it was given."""
    pairs = []
    for element in tree.iter():
        own = (element.text or "") + "".join(c.tail or "" for c in element if c.tag != "p")
        for mark in re.findall(r"@([1-9]\d*)", own):
            place = element
            while place.get("data-line") is None:
                place = place.getparent()
            pairs.append((int(mark), int(place.get("data-line"))))
    return pairs


def test_every_kind_of_block_has_its_line():
    book, findings = chapter(EVERYTHING)
    assert findings == []
    section = book.sections[0]
    pairs = located(section.tree)
    for note in section.notes:
        pairs += located(note.tree)
    wrong = [pair for pair in pairs if pair[0] != pair[1] and pair != (67, 66)]
    assert wrong == []
    expected = {int(n) for n in re.findall(r"@([1-9]\d*)", EVERYTHING)}
    assert {mark for mark, _ in pairs} == expected
    assert [(note.number, note.line) for note in section.notes] == [(1, 84)]
    assert [(query.text, query.line) for query in section.queries] == [
        ("a query over two lines", 81)
    ]


def test_blocks_have_lines_and_inline_elements_do_not():
    book, _ = chapter(EVERYTHING)
    tree = book.sections[0].tree
    inline = {"a", "em", "strong", "span", "code", "abbr", "br", "b"}
    for element in tree.iterdescendants():
        assert (element.get("data-line") is None) == (element.tag in inline), element.tag


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("Words\nand words\nand [](#nowhere).", 5),
        ("- item\n- item\n  goes on\n  [](#nowhere)", 6),
        ("| a |\n|---|\n| [](#nowhere) |", 5),
        ("> words\n> [](#nowhere)", 4),
        ("One *two\nthree [](#nowhere)* four", 4),
        ("Words[^1].\n\n[^1]: A note\n    on lines\n    [](#nowhere).", 7),
        ("{>> one\ntwo <<}\n\nWords {>> q\nr <<} more\n[](#nowhere)", 8),
    ],
)
def test_a_finding_inside_a_paragraph_names_its_own_line(text: str, line: int):
    assert chapter(text)[1] == [("REF-001", "chapter-1.md", line)]


HERE = '<a href="#nowhere">here</a>'


@pytest.mark.parametrize(
    ("text", "line"),
    [
        (f"<div>\n<p>raw</p>\n</div>\n\n{HERE}", 7),
        (f"<div>\n<p>raw</p>\n</div>\n{HERE}", 6),
        (f"<div>raw</div>{HERE}", 3),
        (f"<div>\nraw\n</div> {HERE}", 5),
        (f"<div>\n{HERE}\n</div>\n\n<div>\n<p>raw</p>\n</div>", 4),
        (f"<div>raw</div>\n\n<div>raw</div>\n\n<div>{HERE}</div>", 7),
        (f"<div>\n<p>a</p>\n\n<p>b</p>\n</div>\n\n<p>a</p>\n\n<p>{HERE}</p>", 11),
        (f"a\n\n<div>a</div>\n\na\n\n<div>\na\n</div>\n\na {HERE}", 13),
        (f"<div>\nraw\n</div>\n\n{HERE}\n\n{HERE}", 7),
    ],
)
@pytest.mark.parametrize(
    "end", ["", "\n", "\n\nMore words.\n"], ids=["last line", "line end", "more"]
)
def test_a_finding_next_to_raw_html_names_its_own_line(text: str, line: int, end: str):
    with book_of({"chapter-1.md": f"# Title\n\n{text}{end}"}) as (_, findings):
        reported = [f"{finding.id} {finding.location}" for finding in findings]
    lines = [number for number, source in enumerate(text.split("\n"), 3) if HERE in source]
    assert lines[0] == line
    assert reported == [f"REF-001 chapter-1.md:{number}" for number in lines]


def test_crlf_and_a_byte_order_mark_change_nothing():
    plain = "# Title\n\nOne\n\n[](#nowhere)\n"
    for raw in (plain.encode(), b"\xef\xbb\xbf" + plain.replace("\n", "\r\n").encode()):
        with book_of({"chapter-1.md": raw, "images/a.png": png()}) as (_, findings):
            assert [str(f.location) for f in findings.errors] == ["chapter-1.md:5"]
