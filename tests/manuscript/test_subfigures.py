"""Several images in one figure, and images beside each other, in the spellings of other tools."""

from __future__ import annotations

import time
from io import BytesIO
from pathlib import Path

import pytest
from lxml import etree
from PIL import Image
from tiny_book import chapter, read

from makeready.book.model import Book, Element

A, B = "pots/a.png", "pots/b.png"


def image(width: int, height: int) -> bytes:
    held = BytesIO()
    Image.new("L", (width, height), 128).save(held, "PNG")
    return held.getvalue()


IMAGES = {"pots__a_png": image(30, 20), "pots__b_png": image(20, 20)}


def book_of(root: Path, text: str) -> Book:
    return chapter(root, text, **IMAGES)


def tree_of(root: Path, text: str) -> Element:
    return book_of(root, text).section("chapter-1").tree


def rows(tree: Element) -> list[list[str]]:
    """Return the names of the images in each row."""
    found = tree.iterfind(".//div[@class='image-row']")
    return [[str(i.get("src"))[5:-4] for i in row.iter("img")] for row in found]


def shares(tree: Element) -> list[float]:
    cells = tree.iterfind(".//*[@class='image-cell']")
    return [round(float(str(cell.get("data-share"))), 2) for cell in cells]


def captions(tree: Element) -> list[str]:
    return ["".join(map(str, c.itertext())) for c in tree.iter("figcaption")]


QUARTO = f"""::: {{#fig-pots layout-ncol=2}}

![Clay]({A}){{#fig-clay}}

![*Tin*]({B}){{#fig-tin}}

Two pots
:::
"""
FORMS = {
    "Quarto": QUARTO,
    "words without ids": (
        f"::: {{#fig-pots layout-ncol=2}}\n![Clay]({A})\n\n![Tin]({B})\n\nTwo pots\n:::\n"
    ),
    "rows": (f"::: {{#fig-pots layout-nrow=1}}\n![Clay]({A})\n\n![Tin]({B})\n\nTwo pots\n:::\n"),
    "blocks inside": (
        f"::::: {{#fig-pots layout-ncol=2}}\n::: {{#fig-clay}}\n![a pot]({A})\n\nClay\n:::\n\n"
        f"::: {{#fig-tin}}\n![a pot]({B})\n\nTin\n:::\n\nTwo pots\n:::::\n"
    ),
    "pandoc-crossref": (
        f'<div id="fig:pots">\n\n![Clay]({A}){{#fig:clay}}\n![Tin]({B}){{#fig:tin}}\n\nTwo pots\n\n'
        "</div>\n"
    ),
    "HTML": (
        f'<figure id="fig-pots"><figure><img src="{A}" alt="a"><figcaption>Clay</figcaption>'
        f'</figure><figure><img src="{B}" alt="b"><figcaption>Tin</figcaption></figure>'
        "<figcaption>Two pots</figcaption></figure>\n"
    ),
    "with titles": (
        f'![a]({A} "Clay") ![b]({B} "Tin")\n\n/// caption | #fig-pots\nTwo pots\n///\n'
    ),
}


@pytest.mark.parametrize("form", FORMS)
def test_one_figure_has_several_images(form: str, tmp_path: Path) -> None:
    book = book_of(tmp_path, FORMS[form])
    tree = book.section("chapter-1").tree
    assert rows(tree) == [["a", "b"]]
    assert captions(tree) == ["(a) Clay", "(b) Tin", "Figure\u00a01. Two pots"]
    # The images are equally high: their widths are as 3 to 2.
    assert shares(tree) == [0.58, 0.39]
    assert all(i.get("alt") for i in tree.iter("img"))
    numbers = [anchor.number for anchor in book.anchors.values() if anchor.kind == "figure"]
    assert numbers == ["1", "1a", "1b"]


@pytest.mark.parametrize(
    "text",
    [
        f'::: {{#fig-x fig-cap="Two *pots*" fig-alt="seen"}}\n![]({A})\n:::\n',
        f'::: {{#fig-x fig-alt="seen"}}\n![]({A})\n\nTwo *pots*\n:::\n',
    ],
)
def test_a_block_has_the_caption_and_the_description_as_attributes(
    text: str, tmp_path: Path
) -> None:
    tree = tree_of(tmp_path, text)
    assert captions(tree) == ["Figure\u00a01. Two pots"]
    assert [i.get("alt") for i in tree.iter("img")] == ["seen"]


@pytest.mark.parametrize("caption", ['{#lst-x lst-cap="Words"}\n', "{#lst-x}\n"])
def test_a_block_around_code_is_a_listing(caption: str, tmp_path: Path) -> None:
    last = "" if "cap" in caption else "\nWords\n"
    book = book_of(tmp_path, f"::: {caption}```py\nx\n```\n{last}:::\n\n@lst-x\n")
    tree = book.section("chapter-1").tree
    assert captions(tree) == ["Listing\u00a01. Words"]
    assert book.anchors["lst-x"].number == "1"


def test_references_of_pandoc_crossref_are_read(tmp_path: Path) -> None:
    text = FORMS["pandoc-crossref"] + "\nSee @fig:pots, [@fig:clay; @fig:tin] and {@fig:tin}.\n"
    tree = tree_of(tmp_path, text)
    links = [link for link in tree.iter("a") if link.get("data-form") == "number"]
    assert [str(link.get("href")).rpartition("-")[2] for link in links] == [
        *("pots", "clay", "tin", "tin")
    ]


def test_references_reach_the_images(tmp_path: Path) -> None:
    text = f"{QUARTO}\n@fig-pots, @fig-clay, [-@fig-tin]\n"
    book = book_of(tmp_path, text)
    assert {k: book.anchors[k].number for k in ("fig-pots", "fig-clay", "fig-tin")} == {
        "fig-pots": "1",
        "fig-clay": "1a",
        "fig-tin": "1b",
    }


def test_an_image_without_an_id_has_that_of_its_figure_and_a_number(tmp_path: Path) -> None:
    text = f"{FORMS['words without ids']}\nSee @fig-pots-2.\n"
    assert book_of(tmp_path, text).anchors["fig-pots-2"].number == "1b"


def test_without_captions_of_their_own_images_have_no_letters(tmp_path: Path) -> None:
    text = (
        f'<figure>\n<img src="{A}" alt="a">\n<img src="{B}" alt="b">\n'
        "<figcaption>Two pots</figcaption>\n</figure>\n"
    )
    tree = tree_of(tmp_path, text)
    assert (rows(tree), captions(tree)) == ([["a", "b"]], ["Figure\u00a01. Two pots"])


def test_a_figure_without_a_caption_has_a_number_for_its_letters(tmp_path: Path) -> None:
    text = QUARTO.replace("Two pots\n", "")
    assert captions(tree_of(tmp_path, text)) == ["(a) Clay", "(b) Tin", "Figure\u00a01."]


@pytest.mark.parametrize(
    ("options", "expected", "widths"),
    [
        ("layout-ncol=3", [["a", "a", "a"]], [0.31] * 3),
        ("layout-ncol=2", [["a", "a"], ["a"]], [0.48, 0.48, 0.48]),
        ('layout="[[1,1],[1]]"', [["a", "a"], ["a"]], [0.48, 0.48, 1.0]),
        ('layout="[[1],[1,1]]"', [["a"], ["a", "a"]], [1.0, 0.48, 0.48]),
        ('layout="[30,70]"', [["a", "a"], ["a"]], [0.29, 0.68, 0.29]),
        ('layout="[[40,-20,40],[100]]"', [["a", "a"], ["a"]], [0.39, 0.39, 1.0]),
        ("layout-nrow=2", [["a", "a"], ["a"]], [0.48, 0.48, 0.48]),
    ],
)
def test_the_layout_is_the_authors(
    options: str, expected: list[list[str]], widths: list[float], tmp_path: Path
) -> None:
    images = "\n\n".join([f"![a]({A})"] * 3)
    tree = tree_of(tmp_path, f"::: {{#fig-x {options}}}\n{images}\n\nThree\n:::\n")
    assert rows(tree) == expected
    assert shares(tree) == pytest.approx(widths, abs=0.011)


def test_images_beside_each_other_are_figures_of_their_own(tmp_path: Path) -> None:
    text = f'::: {{layout-ncol=2}}\n![a]({A} "Clay"){{#x}}\n\n![b]({B} "Tin")\n:::\n'
    tree = tree_of(tmp_path, text)
    assert rows(tree) == [["a", "b"]]
    assert captions(tree) == ["Figure\u00a01. Clay", "Figure\u00a02. Tin"]


@pytest.mark.parametrize(
    "text",
    [
        f'![a]({A}){{width="45%"}} ![b]({B}){{width="45%"}}',
        f'<p align="center">\n<img src="{A}" alt="a" width="45%">\n'
        f'<img src="{B}" alt="b" width="45%">\n</p>',
        f':::: {{.columns}}\n::: {{.column width="50%"}}\n![a]({A})\n:::\n'
        f"::: {{.column}}\n![b]({B})\n:::\n::::",
    ],
)
def test_images_are_in_one_row(text: str, tmp_path: Path) -> None:
    assert rows(tree_of(tmp_path, text)) == [["a", "b"]]


@pytest.mark.parametrize(
    "block", ["::: {layout-ncol=2}\n{}\n:::", '<div layout="[1,1]">\n\n{}\n\n</div>']
)
@pytest.mark.parametrize(
    ("inside", "told"), [("One.\n\nTwo.", True), (f"![a]({A})\n\n![b]({B})", False)]
)
def test_only_images_stand_side_by_side(
    block: str, inside: str, told: bool, tmp_path: Path
) -> None:
    files = {name.replace("__", "/").replace("_png", ".png"): f for name, f in IMAGES.items()}
    text = f"# One\n\nA paragraph.\n\n{block.replace('{}', inside)}\n"
    _, found = read(tmp_path, {"chapter-1.md": text, **files})
    assert found == ([("MAN-051", "chapter-1.md", 5)] if told else [])


def test_a_figure_in_a_quotation_and_in_a_list(tmp_path: Path) -> None:
    quoted = "".join(f"> {line}\n" for line in QUARTO.splitlines())
    item = "- Item\n\n" + "".join(
        f"  {line}\n" for line in QUARTO.replace("#fig-", "#fig-x").splitlines()
    )
    assert rows(tree_of(tmp_path, f"{quoted}\n{item}")) == [["a", "b"], ["a", "b"]]


def test_many_images_are_read_in_linear_time(tmp_path: Path) -> None:
    def seconds(count: int) -> float:
        text = "::: {#fig-x layout-ncol=2}\n" + f"![a]({A})\n\n" * count + "Many\n:::\n"
        begin = time.process_time()
        read(tmp_path / str(count), {"chapter-1.md": f"# One\n\n{text}"})
        return time.process_time() - begin

    assert seconds(4000) < 24 * max(seconds(500), 0.05)


def test_the_tree_is_valid(tmp_path: Path) -> None:
    tree = tree_of(tmp_path, QUARTO)
    figure = tree.find("figure")
    assert figure is not None
    assert [child.tag for child in figure] == ["div", "figcaption"]
    assert b"caption-beside" not in etree.tostring(tree)
