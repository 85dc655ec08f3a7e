"""A book with a construct of each kind, and the structure tree of its screen edition."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from itertools import count
from pathlib import Path

import pikepdf
from PIL import Image

from makeready.pdf_content.marked_content import MarkedContents, read_marked_contents
from makeready.pdf_content.structure_tree import (
    Element,
    MarkedContent,
    ObjectReference,
    StructureTree,
    read_structure_tree,
)

_WORDS = (
    "of unmistakably ordinary extraordinariness continues throughout straightforward "
    "paragraphs, notwithstanding typographical circumstances."
)
_NUMBERED = re.compile(r"Sentence (\d+) of")

_CONSTRUCTS = """\
# All of [them]{.index}

@first[^long]

## Of words

*Emphasis with **strong** in it*, `code`, <q>a saying</q>, [mots français]{lang=fr}, struck
~~words~~, and [a link with so many words that it is broken over a line, as no short one is
](https://example.org/long). <abbr title="by the way">btw</abbr>, see [](#map) and
[](#rows).[^called]

#### Left out

> @quotation
>
> The second paragraph of a quotation.[^called]

- An item.

    A second paragraph of the item.

- An item with a list:
    1. one
    2. two

term
:   What it means.

::: {.verse}
Roses are red,
violets are blue.
:::

> [!WARNING]
> A callout.

## Of pictures

![A map of the rooms](images/map.png "The rooms"){#map}

![](images/map.png){.decorative width=30%}

[![A linked map](images/map.png){width=20%}](https://example.org/map)

The formula $a^2 + b^2$ is in a line, and $a + b + c + d + e + f + g + h + i + j + k + l + m + n$
in two. This one is not:

$$
c = \\sqrt{a^2 + b^2}
$$

```python
def weigh(first, second, third, fourth):
    return "a line of code that is too long for the page, and so is turned over"
```

***

## Of tables

@table
: Rows [of]{.index} a table {#rows}

<table>
<thead><tr><th rowspan="2">Bed</th><th colspan="2">Seeds</th></tr><tr><th>Sown</th><th>Up</th></tr>
</thead>
<tbody><tr><th scope="row">1</th><td>30</td><td></td></tr><tr><th scope="row">2</th><td>40</td></tr>
</tbody>
</table>

<p lang="he" dir="rtl">שלום עולם</p>

@last

[^long]: @note

    The last paragraph of a note, with [a link](https://example.org/note).

[^called]: Called twice.
"""


def write_book(folder: Path) -> Path:
    """Write the book; its sentences are numbered in the order in which they are read."""
    numbers = count(1)
    (folder / "images").mkdir(parents=True)
    Image.new("L", (600, 300), 160).save(folder / "images" / "map.png")
    (folder / "book.toml").write_text(
        'title = "Constructs"\nlanguage = "en"\nmodified = 2026-01-01\n'
        'frontmatter = ["titlepage", "toc"]\n'
        'bodymatter = ["part-1", "chapter-1", "chapter-2"]\n'
        'backmatter = ["glossary", "index"]\n[[contributors]]\nname = "A"\n'
        "[contents]\ndepth = 2\n"
        '[editions.screen]\nkind = "screen"\ntrim = "4.5x6in"\n',
        "utf-8",
    )

    def sentences(number: int) -> str:
        return " ".join(f"Sentence {next(numbers)} {_WORDS}" for _ in range(number))

    table = "| A | B |\n|---|--:|\n" + "".join(f"| row {n} | {n} |\n" for n in range(40))
    # The note is read after the paragraph that calls it.
    first, note, quotation, last = (sentences(n) for n in (24, 40, 12, 3))
    texts = {"table": table, "first": first, "note": note, "quotation": quotation, "last": last}
    text = re.sub(r"@(\w+)", lambda match: texts[match[1]], _CONSTRUCTS)
    (folder / "part-1.md").write_text("# A part\n", "utf-8")
    (folder / "chapter-1.md").write_text(text, "utf-8")
    (folder / "chapter-2.md").write_text(
        f"# Another [one](https://example.org/one)[^1]\n\n{sentences(2)}\n\n[^1]: Note.\n", "utf-8"
    )
    (folder / "glossary.md").write_text("# Glossary\n\nbed\n:   Where seeds are.\n", "utf-8")
    return folder


@dataclass
class TaggedPdf:
    """A tagged PDF: its structure tree, and the text of what is in it."""

    content: bytes

    @cached_property
    def pdf(self) -> pikepdf.Pdf:
        return pikepdf.open(io.BytesIO(self.content))

    @cached_property
    def tree(self) -> StructureTree:
        tree = read_structure_tree(self.pdf)
        assert tree is not None
        return tree

    @cached_property
    def contents(self) -> MarkedContents:
        return read_marked_contents(self.pdf)

    @cached_property
    def elements(self) -> list[Element]:
        """All elements, in the order of reading."""
        return list(self.tree.elements())

    def of(self, tag: str, text: str = "") -> list[Element]:
        """Return the elements with a tag whose text has a text in it."""
        return [e for e in self.elements if e.tag == tag and text in self.text(e)]

    def one(self, tag: str, text: str = "") -> Element:
        """Return the only element with a tag and a text."""
        (found,) = self.of(tag, text)
        return found

    def text(self, element: Element) -> str:
        """Return the text in an element and in all elements in it, without soft hyphens."""
        return " ".join(self.letters(element).replace("\u00ad", "").split())

    def letters(self, element: Element) -> str:
        """Return all letters in an element and in all elements in it."""
        return "".join(self._pieces(element))

    def _pieces(self, element: Element) -> Iterator[str]:
        for kid in element.kids:
            if isinstance(kid, Element):
                yield from self._pieces(kid)
            elif isinstance(kid, MarkedContent):
                yield self.contents.marks[kid.holder, kid.mcid].text

    def pages(self, element: Element) -> set[int]:
        """Return the pages that an element has content on, from 0."""
        pages = {
            self.contents.page_ids.index(kid.page)
            for kid in element.kids
            if isinstance(kid, MarkedContent)
        }
        return pages.union(*(self.pages(kid) for kid in element.elements))

    def annotations(self, element: Element) -> list[pikepdf.Object]:
        """Return the annotations of an element."""
        return [kid.target for kid in element.kids if isinstance(kid, ObjectReference)]

    def sentences(self, element: Element) -> list[int]:
        """Return the numbers of the sentences in an element, in the order of reading."""
        return [int(number) for number in _NUMBERED.findall(self.text(element))]
