"""In e-books a dash is not parted from its word where no space is between them."""

from __future__ import annotations

import pytest
from lxml import etree

from makeready.templates.joined_dashes import join_dashes


def joined(markup: str, language: str = "es") -> str:
    tree = etree.fromstring(f"<div><p>{markup}</p></div>")
    text = "".join(tree.itertext())
    join_dashes(tree, language)
    assert "".join(tree.itertext()) == text
    made = etree.tostring(tree[0], encoding="unicode")
    return (
        made.removeprefix("<p>")
        .removesuffix("</p>")
        .replace('<span class="joined">', "[")
        .replace("</span>", "]")
    )


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("—Hola —dijo él—. Adiós.", "[—Hola] [—dijo] [él—.] Adiós."),
        ("—¿Qué? —<em>dijo</em>— y —calló.", "[—¿Qué?] —<em>dijo</em>— y [—calló.]"),
        ("Ya <em>era</em> —creo— tarde—", "Ya <em>era</em> [—creo—] [tarde—]"),
        ("<em>Sí</em> –dijo él–. Ya.", "<em>Sí</em> [–dijo] [él–.] Ya."),
        (
            "<code>a —b</code> —c <svg><text>a —b</text></svg> —d",
            "<code>a —b</code> [—c] <svg><text>a —b</text></svg> [—d]",
        ),
        ("Uno — dos, tres-cuatro.", "Uno — dos, tres-cuatro."),
    ],
)
def test_a_word_with_its_dash_does_not_wrap(text: str, wanted: str) -> None:
    assert joined(text) == wanted


@pytest.mark.parametrize("language", ["fr", "en", "ru", "tlh"])
def test_other_languages_have_spaces_or_no_such_dashes(language: str) -> None:
    assert "[" not in joined("—Hola —dijo él—. Adiós.", language)
