"""The static faces: what the variable font is at that place, under names of their own."""

from __future__ import annotations

import io
import tomllib
from importlib.util import find_spec
from itertools import pairwise, product
from pathlib import Path

import pytest
import uharfbuzz
from fontTools.ttLib import TTFont

from makeready.epub.fonts import subset
from makeready.fonts import Face
from makeready.fonts.instances import load_faces
from makeready.templates.environment import house_styles

DECLARATION = house_styles() / "fonts.toml"
LETTERS = "AVTaefijlory1234567890/.,’“–ÉçІҚқ"
FEATURES = ({}, {"smcp": True}, {"c2sc": True}, {"onum": True}, {"frac": True}, {"tnum": True})


@pytest.fixture(scope="module")
def faces(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Face]:
    made = load_faces(DECLARATION, tmp_path_factory.mktemp("faces"))
    return {face.file_name: face for face in made}


def font_of(content: bytes, **axes: float) -> uharfbuzz.Font:
    font = uharfbuzz.Font(uharfbuzz.Face(uharfbuzz.Blob(content)))
    font.set_variations(axes)
    return font


def set_text(font: uharfbuzz.Font, text: str, features: dict[str, bool]) -> list[object]:
    """Shape a text; each glyph's place and outline, which its number does not change."""
    buffer = uharfbuzz.Buffer()
    buffer.add_str(text)
    buffer.guess_segment_properties()
    uharfbuzz.shape(font, buffer, features)
    pen: list[object] = []
    for info, place in zip(buffer.glyph_infos, buffer.glyph_positions, strict=True):
        pen.append((place.x_advance, place.y_advance, place.x_offset, place.y_offset))
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


def test_a_face_is_what_the_variable_font_is_at_its_place(faces: dict[str, Face]) -> None:
    compared = 0
    for family in tomllib.loads(DECLARATION.read_text("utf-8"))["family"]:
        for declared in family["face"]:
            name = f"{family['slug']}-{declared['weight']}-{declared['style']}.ttf"
            static = font_of(faces[name].path.read_bytes())
            whole = font_of(variable(family["package"], declared["file"]), **declared["axes"])
            for first, second in pairwise(LETTERS):
                # A point may be rounded to either side of a half.
                assert near(
                    set_text(static, first + second, {}), set_text(whole, first + second, {})
                )
                compared += 1
    assert compared > 100


def near(one: object, other: object) -> bool:
    if isinstance(one, int) and isinstance(other, int):
        return abs(one - other) <= 1
    if isinstance(one, list | tuple) and isinstance(other, list | tuple):
        return len(one) == len(other) and all(map(near, one, other))
    return one == other


def test_faces_are_static_and_no_two_share_a_name(faces: dict[str, Face]) -> None:
    names = set()
    for face in faces.values():
        with TTFont(face.path) as font:
            assert not {"fvar", "gvar", "HVAR", "DSIG"} & set(font.keys())
            assert font["OS/2"].usWeightClass == face.weight
            names.add((font["name"].getDebugName(4), font["name"].getDebugName(6)))
    assert len(names) == len(faces)


def test_faces_made_again_are_the_same_bytes(faces: dict[str, Face], tmp_path: Path) -> None:
    again = load_faces(DECLARATION, tmp_path)
    assert [f.path.name for f in again] == [f.path.name for f in faces.values()]
    for face in again:
        assert face.path.read_bytes() == faces[face.file_name].path.read_bytes()


def test_a_cut_down_face_sets_its_letters_as_the_whole_one_does(faces: dict[str, Face]) -> None:
    for face in faces.values():
        whole = face.path.read_bytes()
        cut = subset(face, frozenset(map(ord, LETTERS)))
        assert len(cut) < len(whole) / 5
        one, other = font_of(whole), font_of(cut)
        for (first, second), features in product(pairwise(LETTERS), FEATURES):
            text = first + second
            assert set_text(one, text, features) == set_text(other, text, features), text
        with TTFont(io.BytesIO(cut)) as font:
            assert set(font.getBestCmap()) <= set(map(ord, LETTERS))
            assert font["name"].getDebugName(13) and font["name"].getDebugName(0)
            assert font["glyf"][".notdef"].numberOfContours > 0
