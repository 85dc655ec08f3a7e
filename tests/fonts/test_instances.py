"""Static font instances: their outlines equal the variable font's, and their names are unique."""

from __future__ import annotations

import hashlib
import io
import tomllib
from collections.abc import Iterator
from importlib.util import find_spec
from itertools import pairwise, product
from pathlib import Path

import pathops
import pytest
import uharfbuzz
from fontTools.ttLib import TTFont

from conftest import CACHE
from makeready.book.styles_folder import built_in_styles
from makeready.epub.fonts import subset
from makeready.errors import UsageError
from makeready.fonts import Font
from makeready.fonts.instances import load_fonts
from makeready.pdf.fonts import font_program

DECLARATION = built_in_styles() / "fonts.toml"
LETTERS = "AVTaefijlory1234567890/.,’“–ÉçІҚқ"
FEATURES = ({}, {"smcp": True}, {"c2sc": True}, {"onum": True}, {"frac": True}, {"tnum": True})


@pytest.fixture(scope="module")
def fonts(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Font]:
    made = load_fonts(DECLARATION, tmp_path_factory.mktemp("faces"))
    return {font.file_name: font for font in made}


def font_of(content: bytes, **axes: float) -> uharfbuzz.Font:
    font = uharfbuzz.Font(uharfbuzz.Face(uharfbuzz.Blob(content)))
    font.set_variations(axes)
    return font


def set_text(font: uharfbuzz.Font, text: str, features: dict[str, bool]) -> list[object]:
    """Shape a text; return the position and outline of each glyph, but not its id."""
    buffer = uharfbuzz.Buffer()
    buffer.add_str(text)
    buffer.guess_segment_properties()
    uharfbuzz.shape(font, buffer, features)
    pen: list[object] = []
    for info, position in zip(buffer.glyph_infos, buffer.glyph_positions, strict=True):
        pen.append((position.x_advance, position.y_advance, position.x_offset, position.y_offset))
        font.draw_glyph_with_pen(info.codepoint, Pen(pen))
    return pen


class Pen:
    def __init__(self, strokes: list[object]) -> None:
        self.strokes = strokes

    def __getattr__(self, name: str) -> object:
        return lambda *points: self.strokes.append(
            (name, [(round(x), round(y)) for x, y in points])
        )


def variable(package: str, file: str) -> bytes:
    spec = find_spec(package)
    assert spec is not None and spec.submodule_search_locations
    return (Path(next(iter(spec.submodule_search_locations))) / file).read_bytes()


def test_an_instance_shows_the_variable_font_at_its_axes(fonts: dict[str, Font]) -> None:
    compared = 0
    for font, whole in with_variable_font(fonts):
        static = font_of(font.path.read_bytes())
        for first, second in pairwise(LETTERS):
            # A point may be rounded to either side of a half.
            assert near(advances(static, first + second), advances(whole, first + second))
            compared += 1
        for letter in LETTERS:
            one, other = united_area(static, letter), united_area(whole, letter)
            assert one == pytest.approx(other, rel=0.015), letter
    assert compared > 100


@pytest.mark.parametrize("medium", ["page", "e-book"])
def test_the_contours_of_embedded_fonts_do_not_overlap(fonts: dict[str, Font], medium: str) -> None:
    overlapping = 0
    letters = "gçøłąœzQ&$014698r"
    for font, whole in with_variable_font(fonts):
        static = font_of(font.path.read_bytes())
        if medium == "e-book":
            embedded = subset(font, frozenset(map(ord, letters)))
        else:
            embedded = font_program(font, {static.get_nominal_glyph(ord(x)) for x in letters})
        # The file for a page keeps the ids of glyphs, and has no letters.
        glyphs = font_of(embedded) if medium == "e-book" else static
        for letter in letters:
            glyph = glyphs.get_nominal_glyph(ord(letter))
            path = glyph_outline(font_of(embedded), glyph)
            area = abs(path.area)
            path.simplify(clockwise=True)
            assert area == pytest.approx(abs(path.area), rel=0.001), letter
            assert area == pytest.approx(united_area(static, letter), rel=0.005), letter
            overlaps = abs(outline(whole, letter).area) > 1.005 * united_area(whole, letter)
            overlapping += overlaps
    # The test sees overlaps where there are some.
    assert overlapping > 10


def with_variable_font(fonts: dict[str, Font]) -> Iterator[tuple[Font, uharfbuzz.Font]]:
    """Yield each instance with the variable font at its axes, but no font of last resort."""
    declaration = tomllib.loads(DECLARATION.read_text("utf-8"))
    for family in declaration["family"]:
        if family["name"] in declaration["roles"]["symbols"]:
            continue
        for declared in family["face"]:
            name = f"{family['slug']}-{declared['weight']}-{declared['style']}.ttf"
            content = variable(family["package"], declared["file"])
            yield fonts[name], font_of(content, **declared["axes"])


def advances(font: uharfbuzz.Font, text: str) -> list[object]:
    return [part for part in set_text(font, text, {}) if not isinstance(part[0], str)]


def glyph_outline(font: uharfbuzz.Font, glyph: int | None) -> pathops.Path:
    path = pathops.Path()
    font.draw_glyph_with_pen(glyph, path.getPen())
    return path


def outline(font: uharfbuzz.Font, letter: str) -> pathops.Path:
    return glyph_outline(font, font.get_nominal_glyph(ord(letter)))


def united_area(font: uharfbuzz.Font, letter: str) -> float:
    path = outline(font, letter)
    path.simplify(clockwise=True)
    return abs(path.area)


def shown(font: uharfbuzz.Font, text: str, features: dict[str, bool]) -> tuple[object, ...]:
    """Return where the glyphs of a text are, and how much ink they have, to some thousandths."""
    buffer = uharfbuzz.Buffer()
    buffer.add_str(text)
    buffer.guess_segment_properties()
    uharfbuzz.shape(font, buffer, features)
    inks = []
    for info in buffer.glyph_infos:
        path = glyph_outline(font, info.codepoint)
        path.simplify(clockwise=True)
        inks.append(pytest.approx(abs(path.area), rel=0.005, abs=20))
    places = [(p.x_advance, p.x_offset, p.y_offset) for p in buffer.glyph_positions]
    return (*places, *inks)


def near(one: object, other: object) -> bool:
    if isinstance(one, int) and isinstance(other, int):
        return abs(one - other) <= 1
    if isinstance(one, list | tuple) and isinstance(other, list | tuple):
        return len(one) == len(other) and all(map(near, one, other))
    return one == other


def test_fonts_are_static_and_no_two_share_a_name(fonts: dict[str, Font]) -> None:
    names = set()
    for font in fonts.values():
        with TTFont(font.path, checkChecksums=2) as tables:
            assert all(map(tables.reader.__getitem__, list(tables.reader.keys())))
            assert not {"fvar", "gvar", "HVAR", "DSIG"} & set(tables.keys())
            assert tables["OS/2"].usWeightClass == font.weight
            names.add((tables["name"].getDebugName(4), tables["name"].getDebugName(6)))
    assert len(names) == len(fonts)


def test_fonts_made_again_are_the_same_bytes(fonts: dict[str, Font], tmp_path: Path) -> None:
    again = load_fonts(DECLARATION, tmp_path)
    assert [f.path.name for f in again] == [f.path.name for f in fonts.values()]
    for font in again:
        assert font.path.read_bytes() == fonts[font.file_name].path.read_bytes()


def test_a_subset_sets_its_letters_as_the_whole_font_does(fonts: dict[str, Font]) -> None:
    for font in fonts.values():
        whole = font.path.read_bytes()
        cut = subset(font, frozenset(map(ord, LETTERS)))
        assert len(cut) < len(whole) / 5
        one, other = font_of(whole), font_of(cut)
        for (first, second), features in product(pairwise(LETTERS), FEATURES):
            text = first + second
            assert shown(one, text, features) == shown(other, text, features), text
        with TTFont(io.BytesIO(cut)) as tables, TTFont(io.BytesIO(whole)) as all_tables:
            assert set(tables.getBestCmap() or {}) <= set(map(ord, LETTERS))
            assert tables["name"].getDebugName(13) and tables["name"].getDebugName(0)
            outline = all_tables["glyf"][".notdef"].numberOfContours
            assert tables["glyf"][".notdef"].numberOfContours == outline
            # A font of last resort may have an empty one.
            assert outline > 0 or not set(map(ord, LETTERS)) & set(all_tables.getBestCmap())


@pytest.mark.parametrize("damage", [b"", b"not a font", None])
def test_a_damaged_instance_is_made_again(damage: bytes | None, fonts: dict[str, Font]) -> None:
    font = next(iter(fonts.values()))
    whole = font.path.read_bytes()
    # None: a font that somebody else put there, with a digest that anybody can make.
    content = damage if damage is not None else whole.replace(b"glyf", b"GLYF")
    font.path.write_bytes(content)
    if damage is None:
        digest = hashlib.sha256(font.file_name.encode() + b"\0" + content).digest()
        font.path.with_name(f"{font.path.name}.digest").write_bytes(digest)
    again = load_fonts(DECLARATION, font.path.parent)
    assert font in again
    assert font.path.read_bytes() == whole
    written = font.path.stat().st_mtime_ns
    load_fonts(DECLARATION, font.path.parent)
    assert font.path.stat().st_mtime_ns == written


def test_fonts_are_not_written_through_a_link(tmp_path: Path) -> None:
    (tmp_path / "victim").mkdir()
    (tmp_path / "faces").symlink_to(tmp_path / "victim")
    with pytest.raises(UsageError, match="symbolic link"):
        load_fonts(DECLARATION, tmp_path / "faces")
    assert list((tmp_path / "victim").iterdir()) == []


def test_an_optional_family_is_left_out_without_its_package(tmp_path: Path) -> None:
    text = (built_in_styles() / "fonts.toml").read_text("utf-8")
    for package, is_there in (("no_such_package", False), ("manimgx_fonts", True)):
        own = text.replace(
            'package = "manimgx_fonts"\ncredit = "Noto Sans Thai',
            f'optional = true\npackage = "{package}"\ncredit = "Noto Sans Thai',
        )
        assert own != text
        (tmp_path / "fonts.toml").write_text(own, "utf-8")
        families = {font.family for font in load_fonts(tmp_path / "fonts.toml", CACHE / "fonts")}
        assert ("Noto Sans Thai" in families) is is_there
