"""The fonts of a book's own folder, of packages and of the machine, by role and by script."""

from __future__ import annotations

import json
import os
import re
import zipfile
from pathlib import Path

import cssselect2
import pikepdf
import pytest
from lxml import etree
from pdf_reading import page_texts

from conftest import CACHE, makeready
from made_fonts import (
    LATIN,
    as_postscript,
    as_woff2,
    renamed,
    small_font,
    with_permissions,
    write_fonts,
)
from makeready.book.styles_folder import built_in_styles
from makeready.errors import FindingsError
from makeready.fonts import Font
from makeready.fonts.family_rules import family_rules
from makeready.fonts.instances import load_book_fonts, load_fonts
from makeready.fonts.scripts import is_language_of
from makeready.fonts.sources import _installed

HOUSE = built_in_styles() / "fonts.toml"
HINDI = "नमस्ते दुनिया"
HEADER = """\
title = "Roles"
language = "en"
modified = 2026-11-01
bodymatter = ["chapter-1", "chapter-2"]
backmatter = ["colophon"]
[[contributors]]
name = "Ann Bell"
[editions.paperback]
kind = "print"
printer = "generic"
trim = "6x9in"
[editions.ebook]
kind = "epub"
"""
CHAPTERS = {
    "chapter-1.md": f"# One\n\nThe *office* of **words** and ***both***, {HINDI}, `code`.\n\n"
    f"::: {{lang=hi}}\n{HINDI} (12) and Latin.\n:::\n",
    "chapter-2.md": "# Two\n\n![A drawing](drawing.svg)\n",
    "drawing.svg": (
        '<svg xmlns="http://www.w3.org/2000/svg" width="90" height="30">'
        '<text y="20" font-family="sans-serif">Sans</text></svg>'
    ),
}
OWN = """\
[roles]
text = "Test Roman"
sans = "Test Sans"

[scripts]
deva = { text = "Test Deva", size = 0.9 }
"""


@pytest.fixture(scope="module")
def house() -> dict[str, Font]:
    return {f"{f.family} {f.weight} {f.style}": f for f in load_fonts(HOUSE, CACHE / "faces")}


@pytest.fixture(scope="module")
def roman(house: dict[str, Font]) -> dict[str, bytes]:
    """Return four fonts of a family with outlines of PostScript, by the names of their files."""
    return {
        f"roman-{weight}-{style}.otf": as_postscript(
            small_font(
                house[f"EB Garamond {min(weight, 600)} {style}"].path.read_bytes(),
                "Test Roman",
                LATIN,
                weight=weight,
                italic=style == "italic",
            )
        )
        for weight in (400, 700)
        for style in ("normal", "italic")
    }


def fonts_of(book: Path, own: str) -> tuple[Font, ...]:
    (book / "styles").mkdir(parents=True, exist_ok=True)
    (book / "styles/fonts.toml").write_text(own, "utf-8")
    return load_book_fonts((HOUSE, book / "styles/fonts.toml"), book, book / "cache/faces")


@pytest.fixture(scope="module")
def built(
    tmp_path_factory: pytest.TempPathFactory, house: dict[str, Font], roman: dict[str, bytes]
) -> Path:
    book = tmp_path_factory.mktemp("roles") / "book"
    write_fonts(book / "fonts", roman.items())
    noto = house["Noto Sans Devanagari 400 normal"].path.read_bytes()
    deva = small_font(noto, "Test Deva", HINDI + "().12 ")
    dejavu = small_font(house["DejaVu Sans 400 normal"].path.read_bytes(), "Test Sans", LATIN)
    write_fonts(book / "fonts/more", [("deva.woff2", as_woff2(deva)), ("sans.ttf", dejavu)])
    (book / "fonts/OFL.txt").write_text("The licence of Test Roman.\n")
    (book / "styles").mkdir()
    (book / "styles/fonts.toml").write_text(OWN)
    for name, text in {"book.toml": HEADER, **CHAPTERS}.items():
        (book / name).write_text(text, "utf-8")
    folders = ("--book", book, "--output", book.parent / "out", "--cache", CACHE)
    run = makeready("build", *folders, "--json")
    assert [f for f in run.findings if f[0] not in ("LAY-007", "LAY-041")] == []
    return book.parent / "out"


def test_print_is_set_in_the_fonts_of_the_book(built: Path) -> None:
    with pikepdf.open(built / "roles-paperback.pdf") as pdf:
        embedded = {}
        for page in pdf.pages:
            for holder in (page, *page.resources.get("/XObject", {}).values()):
                for font in holder.get("/Resources", {}).get("/Font", {}).values():
                    descriptor = font.DescendantFonts[0].FontDescriptor
                    embedded[str(font.BaseFont).partition("+")[2]] = set(descriptor.keys())
    for name in ("Test-Roman", "Test-Roman-Italic", "Test-Roman-Semi-Bold", "Test-Deva"):
        assert any(one.startswith(name) for one in embedded), (name, embedded)
    assert any(one.startswith("Test-Sans") for one in embedded), "the drawing's sans"
    assert not [one for one in embedded if one.startswith(("EB-Garamond", "Noto-Sans-Deva"))]
    # The family has no small capitals, and none are made of its capitals.
    assert not [name for name in embedded if "Small-Caps" in name]
    # Outlines of PostScript became those of TrueType, which all printers take.
    assert all("/FontFile2" in keys for keys in embedded.values())
    text = "".join(page_texts(built / "roles-paperback.pdf"))
    assert "office" in text and "Test Roman" in text


def test_the_e_book_has_them_with_their_licence(built: Path) -> None:
    with zipfile.ZipFile(built / "roles.epub") as archive:
        names = archive.namelist()
        css = archive.read("EPUB/style/book.css").decode()
        licence = archive.read("EPUB/fonts/test-roman-licence.txt")
    assert "EPUB/fonts/test-roman-600-italic.ttf" in names
    assert "EPUB/fonts/test-deva-400-normal.ttf" in names
    assert not [name for name in names if "eb-garamond" in name]
    assert licence == b"The licence of Test Roman.\n"
    assert "var(--font" not in css
    assert "font-synthesis-small-caps: none" in css
    assert 'font-family: "Test Roman", "Test Deva", serif' in css
    assert '[lang|="hi"], [lang|="hi"] > body { font-family: "Test Deva", "Test Roman"' in css


def test_a_font_for_a_script_leaves_latin_letters_to_the_text(
    tmp_path: Path, house: dict[str, Font], roman: dict[str, bytes]
) -> None:
    write_fonts(tmp_path / "fonts", roman.items())
    noto = house["Noto Sans Devanagari 400 normal"].path.read_bytes()
    write_fonts(tmp_path / "fonts", [("deva.ttf", small_font(noto, "Test Deva", HINDI + "aé1("))])
    fonts = fonts_of(tmp_path, OWN.replace('sans = "Test Sans"\n', ""))
    text, deva = fonts[0], next(f for f in fonts if f.family == "Test Deva")
    assert text.roles == ("text",) and text.family == "Test Roman"
    assert deva.scripts == ("deva",) and deva.is_fallback and not deva.is_last_resort
    assert deva.characters & set(map(ord, "aé1(न")) == set(map(ord, "1(न"))
    assert "EB Garamond" not in {font.family for font in fonts}


@pytest.mark.parametrize(
    ("permissions", "words"), [(2, "fsType 2"), (0x100, "fsType 256"), (0x200, "fsType 512")]
)
def test_a_font_that_forbids_embedding_is_refused(
    tmp_path: Path, roman: dict[str, bytes], permissions: int, words: str
) -> None:
    content = with_permissions(roman["roman-400-normal.otf"], permissions)
    write_fonts(tmp_path / "fonts", [("roman.otf", content)])
    with pytest.raises(FindingsError) as caught:
        fonts_of(tmp_path, '[roles]\ntext = "Test Roman"\n')
    assert caught.value.message.startswith("styles/fonts.toml:2: the font “roman.otf” of Test")
    assert words in caught.value.message and "allow embedding" in caught.value.hint


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("a.ttf", b"not a font", "it is not a TrueType"),
        ("a.woff2", b"wOF2" + bytes(60), "cut off"),
        ("a.woff", b"wOFF" + bytes(60), "damaged"),
        ("a.ttf", b"\0\1\0\0" + bytes(60), "no table"),
        ("a.ttc", b"ttcf\0\1\0\0\xff\xff\xff\xff" + bytes(60), "no table"),
        ("a.otf", b"OTTO\xff\xff" + bytes(60), "no table"),
    ],
)
def test_a_damaged_font_is_named(tmp_path: Path, name: str, content: bytes, words: str) -> None:
    write_fonts(tmp_path / "fonts", [(name, content)])
    with pytest.raises(FindingsError) as caught:
        fonts_of(tmp_path, '[roles]\ntext = "Test Roman"\n')
    assert f"the font “fonts/{name}” cannot be read" in caught.value.message
    assert words in caught.value.message


def test_a_compressed_font_that_is_a_bomb_is_refused(
    tmp_path: Path, roman: dict[str, bytes]
) -> None:
    brotli = pytest.importorskip("brotli")
    whole = as_woff2(roman["roman-400-normal.otf"])
    compressed = int.from_bytes(whole[20:24], "big")
    bomb = brotli.compress(bytes(200_000_000), quality=1)
    start = len(whole) - compressed - (-compressed % 4)
    content = bytearray(whole[:start] + bomb)
    content[20:24], content[8:12] = len(bomb).to_bytes(4, "big"), len(content).to_bytes(4, "big")
    write_fonts(tmp_path / "fonts", [("bomb.woff2", bytes(content))])
    with pytest.raises(FindingsError, match=r"larger than 64 MB unpacked|cannot be unpacked"):
        fonts_of(tmp_path, '[roles]\ntext = "Test Roman"\n')


def test_a_font_outside_the_book_is_not_read(tmp_path: Path, roman: dict[str, bytes]) -> None:
    write_fonts(tmp_path / "outside", roman.items())
    (tmp_path / "book/fonts").mkdir(parents=True)
    for name in roman:
        (tmp_path / "book/fonts" / name).symlink_to(tmp_path / "outside" / name)
    with pytest.raises(FindingsError) as caught:
        fonts_of(tmp_path / "book", '[roles]\ntext = "Test Roman"\n')
    assert "“Test Roman” is not in the book's folder" in caught.value.message
    assert "pip install fontpkg-test-roman" in caught.value.hint
    (tmp_path / "book/linked").symlink_to(tmp_path / "outside")
    for folder in ("../outside", str(tmp_path / "outside"), "linked"):
        own = f'[roles]\ntext = "Test Roman"\n[[family]]\nname = "Test Roman"\nfolder = "{folder}"'
        with pytest.raises(FindingsError):
            fonts_of(tmp_path / "book", own)


def test_a_family_of_the_machine_is_found_by_its_name(
    tmp_path: Path, roman: dict[str, bytes], monkeypatch: pytest.MonkeyPatch
) -> None:
    write_fonts(tmp_path / "data/fonts/deep", [*roman.items(), ("broken.ttf", b"x")])
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    _installed.cache_clear()
    try:
        fonts = fonts_of(tmp_path / "book", '[roles]\ntext = "test roman"\n')
    finally:
        _installed.cache_clear()
    assert fonts[0].source == "installed: roman-400-normal.otf"
    assert {(f.weight, f.style) for f in fonts if "text" in f.roles} == {
        (weight, style) for weight in (400, 600) for style in ("normal", "italic")
    }


def test_an_unknown_script_names_the_nearest(tmp_path: Path) -> None:
    with pytest.raises(FindingsError) as caught:
        fonts_of(tmp_path, '[scripts.arabic]\ntext = "Amiri"\n')
    assert "styles/fonts.toml:1: no script “arabic” is known" in caught.value.message
    assert caught.value.hint == "Did you mean “arab”?"


@pytest.mark.parametrize(
    ("own", "line"),
    [
        ('[scripts]\ntaml = {text = "A"}\nknda = {text = "A", size = 0.9}\n', 3),
        ('[roles]\ntext = "A"\n[scripts]\ntaml = {text = "a", size = 0.9}\n', 4),
        ('[roles]\ntext = "A"\n[[family]]\nname = "A"\nsize = 0.9\n', 5),
        ('[roles]\ntext = "A"\n[[family]]\nname = "A"\nwithout = "x"\n', 5),
    ],
)
def test_a_size_that_would_do_nothing_is_an_error(tmp_path: Path, own: str, line: int) -> None:
    with pytest.raises(FindingsError, match=rf"fonts\.toml:{line}: .*(does nothing|differs)"):
        fonts_of(tmp_path, own)


@pytest.mark.parametrize(
    ("tag", "code", "expected"),
    [
        ("pnb", "arab", True),
        ("ku-IQ", "arab", True),
        ("iw", "hebr", True),
        ("sr", "cyrl", True),
        ("sr-Latn-RS", "cyrl", False),
        ("az-Arab", "arab", True),
        ("zh-TW", "hans", False),
        ("hi-IN", "deva", True),
        ("ja-Hira", "jpan", True),
    ],
)
def test_the_languages_of_a_script(tag: str, code: str, expected: bool) -> None:
    assert is_language_of([code], tag) is expected
    font = Font("Own", "own", "normal", 400, HOUSE, None, "Own", scripts=(code,))
    text = cssselect2.ElementWrapper.from_html_root(etree.fromstring(f'<p lang="{tag}"/>'))
    rules = re.findall(r"([^{}]+) \{ font-family: ([^;]+);", family_rules([font]))
    families = [family for selector, family in rules if text.matches(selector)]
    # Chinese of another script is set in the family that there is.
    assert ("Own" in families[-1]) is (expected or tag == "zh-TW")


def test_the_manifest_names_the_fonts(built: Path) -> None:
    fonts = json.loads((built / "manifest.json").read_text("utf-8"))["fonts"]
    roman = [font for font in fonts if font["family"] == "Test Roman"]
    assert len(roman) == 4
    assert all(len(font["sha256"]) == 64 for font in fonts)
    assert {font["from"] for font in roman} >= {"book, fonts: roman-700-italic.otf"}
    assert not [font for font in fonts if os.sep + "home" in font["from"]]


def test_a_licence_is_that_of_the_font(tmp_path: Path, roman: dict[str, bytes]) -> None:
    (tmp_path / "node_modules").mkdir()
    for name in ("LICENSE", "copyright-page.md", "node_modules/OFL.txt", "zz/OFL.txt"):
        write_fonts((tmp_path / name).parent, [(Path(name).name, b"of another thing")])
    write_fonts(tmp_path / "art/roman", roman.items())
    own = '[roles]\ntext = "Test Roman"\n[[family]]\nname = "Test Roman"\nface = [\n' + "".join(
        f'{{ file = "art/roman/{name}", style = "{name[10:-4]}", weight = {name[6:9]} }},\n'
        for name in roman
    )
    assert fonts_of(tmp_path, own + "]\n")[0].licence is None
    write_fonts(tmp_path / "art", [("OFL.txt", b"of the font")])
    assert fonts_of(tmp_path, own + "]\n")[0].licence == tmp_path / "art/OFL.txt"


@pytest.mark.parametrize("own", ["symbols = ['a\"b']", 'symbols = [""]', "emoji = 'a\"b'"])
def test_a_name_that_no_family_has_is_an_error(tmp_path: Path, own: str) -> None:
    with pytest.raises(FindingsError, match=r"styles/fonts\.toml:2: "):
        fonts_of(tmp_path, f"[roles]\n{own}\n")


def test_families_have_files_of_their_own(tmp_path: Path, roman: dict[str, bytes]) -> None:
    small = roman["roman-400-normal.otf"]
    names = ["A B", "A-B", "源ノ明朝", "あ"]
    write_fonts(
        tmp_path / "fonts",
        [(f"{n}.otf", renamed(small, name)) for n, name in enumerate(names)],
    )
    own = '[roles]\ntext = "A B"\n' + "".join(f'[[family]]\nname = "{name}"\n' for name in names)
    slugs = {font.family: font.family_slug for font in fonts_of(tmp_path, own)}
    assert slugs["A B"] == "a-b" and slugs["A-B"].startswith("a-b-")
    assert len({slugs[name] for name in names}) == len(names)


@pytest.mark.parametrize("tag", ["head", "hhea"])
def test_a_font_without_measures_is_damaged(
    tmp_path: Path, roman: dict[str, bytes], tag: str
) -> None:
    content = bytearray(roman["roman-400-normal.otf"])
    entry = content.index(tag.encode())
    content[entry + 12 : entry + 16] = (4).to_bytes(4, "big")
    write_fonts(tmp_path / "fonts", [("a.otf", bytes(content))])
    with pytest.raises(FindingsError, match="head or hhea is cut off"):
        fonts_of(tmp_path, '[roles]\ntext = "Test Roman"\n')
