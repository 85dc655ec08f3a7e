"""Left and right change places in the stylesheets of a book that is read from right to left."""

from __future__ import annotations

import pytest

from conftest import ROOT
from makeready.templates.mirrored_css import mirrored


@pytest.mark.parametrize(
    ("css", "expected"),
    [
        ("p { margin-left: 1em }", "p { margin-right: 1em }"),
        ("p { margin: 1pt 2pt 3pt 4pt !important; }", "p { margin: 1pt 4pt 3pt 2pt !important; }"),
        ("p { margin: 1pt 2pt }", "p { margin: 1pt 2pt }"),
        ("p { TEXT-ALIGN: Left }", "p { text-align: right }"),
        ("p { border-radius: 1px 2px 3px 4px }", "p { border-radius: 2px 1px 4px 3px }"),
        ("p { border-radius: 9px / 5px 3px; }", "p { border-radius: 9px / 3px 5px 3px 5px; }"),
        ("p { border-radius: 9px 8px / 5px }", "p { border-radius: 8px 9px 8px 9px / 5px }"),
        (
            "p { background: linear-gradient(to right, #000, #fff) }",
            "p { background: linear-gradient(to left, #000, #fff) }",
        ),
        (
            "@page body:left { @top-left { content: 'left' } }",
            "@page body:right { @top-right { content: 'left' } }",
        ),
        ("@media print { .left { left: 0 } }", "@media print { .left { right: 0 } }"),
        (
            "/* @noflip */ pre { left: 0 } p { left: 0 }",
            "/* @noflip */ pre { left: 0 } p { right: 0 }",
        ),
        ("p { /* @noflip */ left: 0; right: 1px }", "p { /* @noflip */ left: 0; left: 1px }"),
        (":root { --left: left }", ":root { --left: left }"),
    ],
)
def test_sides_change_places(css: str, expected: str) -> None:
    assert mirrored(css).replace('"', "'") == expected


@pytest.mark.parametrize("name", ["book.css", "print.css", "epub.css", "screen.css", "cover.css"])
def test_twice_mirrored_is_the_same_and_keeps_its_lines(name: str) -> None:
    css = (ROOT / "styles" / "css" / name).read_text("utf-8")
    assert mirrored(css) != css or name == "screen.css"
    assert mirrored(css).count("\n") == css.count("\n")
    assert mirrored(mirrored(mirrored(css))) == mirrored(css)
