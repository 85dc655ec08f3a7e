"""A number that an author writes into a caption is its number, and is printed once."""

from __future__ import annotations

from pathlib import Path

import pytest
from tiny_book import chapter, png

from makeready.templates.forms import assign_figure_ids

HTML = '<figure><img src="pots/a.png" alt="A"><figcaption>{}</figcaption></figure>'
CAPTIONS = {
    "Fig. 4: The pot": "Figure 4. The pot",
    "*Fig. 4: The pot*": "Figure 4. The pot",
    "**Figure 2-3.** The *old* pot": "Figure 2-3. The old pot",
    "**Figure 2.4** The pot": "Figure 2.4. The pot",
    "Figure 7 -- The pot": "Figure 7. The pot",
    "Abbildung A.2: Der Topf": "Figure A.2. Der Topf",
    "Figure 5a. The pot": "Figure 5a. The pot",
    "Fig. 4 (repeat): The pot": "Figure 4 (repeat). The pot",
    "Fig. 4": "Figure 4.",
    "Figure 1 shows the pot": "Figure 1. Figure 1 shows the pot",
    "Figure *one*: the pot": "Figure 1. Figure one: the pot",
    "Figure 1.5 of the pots": "Figure 1. Figure 1.5 of the pots",
    "Table 4: The pot": "Figure 1. Table 4: The pot",
    "The pot (Figure 3)": "Figure 1. The pot (Figure 3)",
}


@pytest.mark.parametrize(("typed", "printed"), CAPTIONS.items(), ids=CAPTIONS)
def test_the_number_of_a_figure_is_the_typed_one(tmp_path: Path, typed: str, printed: str) -> None:
    text = f"![{typed}](pots/a.png){{#fig-a}}"
    tree = chapter(tmp_path, text, pots__a_png=png()).section("chapter-1").tree
    (caption,) = tree.iter("figcaption")
    assert "".join(map(str, caption.itertext())).replace("\xa0", " ") == printed


def test_the_numbers_of_references_and_of_later_captions_follow(tmp_path: Path) -> None:
    text = "\n\n".join(
        (
            HTML.format("<em>Fig. 3: Clay</em>"),
            "![Fig. 5: Loam](pots/a.png){#fig-loam}",
            "![Sand](pots/a.png){#fig-sand}",
            "| a |\n|---|\n| b |\n\n: Table 8. Prices {#tbl-a}",
        )
    )
    tree = chapter(tmp_path, text, pots__a_png=png()).section("chapter-1").tree
    captions = [
        "".join(map(str, e.itertext())).replace("\xa0", " ")
        for e in tree.iter("figcaption", "caption")
    ]
    assert captions == ["Figure 3. Clay", "Figure 5. Loam", "Figure 6. Sand", "Table 8. Prices"]
    numbers = {str(e.get("id")): str(e.get("data-number")) for e in tree.iter() if e.get("id")}
    assert numbers == {"fig-loam": "5", "fig-sand": "6", "tbl-a": "8"}


def test_figures_with_one_number_have_ids_of_their_own(tmp_path: Path) -> None:
    captions = ("Fig. 4: The pot", "Fig. 4 (repeat): The pot", "Fig. 4-2: The lid")
    text = "\n\n".join(HTML.format(caption) for caption in captions)
    tree = chapter(tmp_path, text, pots__a_png=png()).section("chapter-1").tree
    assign_figure_ids(tree, "chapter-1")
    ids = [str(figure.get("id")) for figure in tree.iter("figure")]
    assert ids == ["chapter-1-figure-4", "chapter-1-figure-4-2", "chapter-1-figure-4-2-2"]
