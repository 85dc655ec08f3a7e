"""Formulas on pages: images in lines of text, in pieces between which a line can end."""

from __future__ import annotations

from pathlib import Path

from lxml import etree
from tiny_book import TOML, read

from makeready.templates.formulas import set_formulas


def _set(tmp_path: Path, text: str) -> etree._Element:
    book, found = read(tmp_path, {"book.toml": TOML, "chapter-1.md": f"# One\n\n{text}\n"})
    assert found == []
    assert book is not None
    tree = book.section("chapter-1").tree
    set_formulas(tree, paged=True)
    return tree


def _described(tree: etree._Element) -> list[str]:
    return [str(image.get("alt")) for image in tree.iter("img")]


def test_a_short_formula_is_one_image(tmp_path: Path) -> None:
    tree = _set(tmp_path, "Let ($a + b$), then $x$.")
    assert _described(tree) == ["a + b", "x"]
    groups = [group for group in tree.iter("span") if group.get("class") == "formula-group"]
    assert [(group.text, group[0].tail) for group in groups] == [("(", "),"), ("", ".")]


def test_a_long_formula_is_in_pieces_of_which_one_has_the_text(tmp_path: Path) -> None:
    tex = "f(x) = a_0 + a_1 x + a_2 x^2 + a_3 x^3 = b_0 + b_1 y"
    tree = _set(tmp_path, f"Let (${tex}$), then.")
    assert _described(tree) == [tex]
    assert len(list(tree.iter("embed"))) > 2
    text = "".join(tree.itertext())
    assert text.split() == ["Let", "(", "),", "then."]
    # No line can end between what is in a group.
    first, *_, last = [one for one in tree.iter("span") if one.get("class") == "formula-group"]
    assert first.text == "("
    assert last.getparent().tail == " then." or last.tail == " then."


def test_a_wide_displayed_formula_has_an_image_for_each_measure(tmp_path: Path) -> None:
    tex = " = ".join(f"a_{n} + b_{n} + c_{n} + d_{n}" for n in range(5))
    tree = _set(tmp_path, f"$$\n{tex}\n$$\n\n$$\na = b\n$$")
    classes = [str(image.get("class")).split()[1:] for image in tree.iter("img")]
    assert classes == [["not-on-narrow", "not-on-wide"], ["on-wide"], ["on-narrow"], []]
    assert _described(tree)[:3] == [tex] * 3
