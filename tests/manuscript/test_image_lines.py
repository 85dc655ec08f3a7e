"""An image on a line of its own in a paragraph stays on one."""

from __future__ import annotations

from pathlib import Path

import pytest
from tiny_book import chapter, markup, png

IMG = '<img src="image">'
CASES = {
    "**Above**\n![A](pots/a.png)": f"<p><strong>Above</strong> <br>{IMG}</p>",
    "Above\n![A](pots/a.png)\nbelow": f"<p>Above <br>{IMG}<br>below</p>",
    "![A](pots/a.png)\nbelow *it*": f"<p>{IMG}<br>below <em>it</em></p>",
    "Above\n[![A](pots/a.png)](https://e.org)": f"<p>Above <br><a>{IMG}</a></p>",
    "Above\n![A](pots/a.png)\n![A](pots/a.png)\nbelow": f"<p>Above <br>{IMG} {IMG}<br>below</p>",
    "![A](pots/a.png)\n![A](pots/a.png)": f"<p>{IMG} {IMG}</p>",
    "In ![A](pots/a.png) a line\nand ![A](pots/a.png).": f"<p>In {IMG} a line and {IMG}.</p>",
    "- Item\n  ![A](pots/a.png)\n  - sub": f"<ul><li>Item <br>{IMG}<ul><li>sub</li></ul></li></ul>",
}


@pytest.mark.parametrize(("text", "wanted"), CASES.items(), ids=range(len(CASES)))
def test_breaks_are_between_text_and_an_image_alone_on_its_line(
    tmp_path: Path, text: str, wanted: str
) -> None:
    tree = chapter(tmp_path, text, pots__a_png=png()).section("chapter-1").tree
    for element in tree.iter():
        element.attrib.clear()
        if element.tag == "img":
            element.set("src", "image")
    (block,) = tree
    assert markup(block).replace("/>", ">").replace("\xa0", " ") == wanted
