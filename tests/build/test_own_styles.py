"""A fault in the files of a book's own styles is told with its line, and is not our bug."""

from __future__ import annotations

import os
import shutil
from pathlib import Path
from xml.etree import ElementTree

import pytest

from conftest import ROOT
from makeready.errors import FindingsError, MissingToolError
from makeready.fonts import seal_fontconfig
from makeready.fonts.instances import load_fonts
from makeready.pagination.page_geometry import page_geometry


def broken(folder: Path, name: str, old: str, new: str) -> Path:
    path = folder / name
    shutil.copy(ROOT / "styles" / name, path)
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), "utf-8")
    return path


def told(error: FindingsError) -> str:
    assert error.hint
    return f"{error.message} {error.hint}"


@pytest.mark.parametrize(
    ("old", "new", "line", "words"),
    [
        ("size_pt = 10.5", 'size_pt = "10.5"', 6, "“measure.size_pt” must be a number, not “10.5”"),
        (
            "size_pt = 10.5",
            "size_pt = nan",
            6,
            "“measure.size_pt” must be a finite number, not nan",
        ),
        ("size_pt = 10.5", "sise_pt = 10.5", 6, "Did you mean “size_pt”?"),
        ("size_pt = 10.5\n", "", 4, "size_pt” is missing"),
        (
            "leading_pt = 13.5",
            "leading_pt = 0",
            7,
            "“measure.leading_pt” must be at least 4, not 0",
        ),
        ("[page]", "[pages]", 36, "Did you mean “page”?"),
        ("above = 0.43", "above = 2", 40, "“page.above” must be at most 1, not 2"),
        (
            "up_to_width_in = 1000.0",
            "up_to_width_in = 6",
            30,
            "no [[measure]] covers a page width of 7 in",
        ),
        ("text_height = 0.785", "text_height = 0.001", 32, "leaves no room for a line"),
        ("[page]", "[page", None, "cannot be read"),
    ],
)
def test_measures(tmp_path: Path, old: str, new: str, line: int | None, words: str) -> None:
    path = broken(tmp_path, "measures.toml", old, new)
    with pytest.raises(FindingsError) as caught:
        page_geometry(7 * 72, 10 * 72, 27, 18, path)
    assert caught.value.message.startswith(f"styles/measures.toml{f':{line}' if line else ''}")
    assert words in told(caught.value)


@pytest.mark.parametrize(
    ("old", "new", "line", "words"),
    [
        ("weight = 400", 'weight = "400"', 14, "weight"),
        ("weight = 400", "weight = 400\n  wieght = 400", 15, "Did you mean “weight”?"),
        (
            'style = "normal"',
            'style = "upright"',
            13,
            "must be “normal” or “italic”, not “upright”",
        ),
        ('file = "files/EBGaramond[wght].ttf"', 'file = "/etc/passwd"', 12, "inside the package"),
        ('file = "files/EBGaramond[wght].ttf"', 'file = "../x.ttf"', 12, "inside the package"),
        ('file = "files/EBGaramond[wght].ttf"', 'file = "x.ttf"', 12, "no file “x.ttf”"),
        ('file = "files/EBGaramond[wght].ttf"', 'file = "LICENSE"', 12, "cannot make a font from"),
        ("axes = { wght = 400 }", "axes = { wide = 400 }", 12, "the font has no axis wide"),
        ('licence = "LICENSE"', 'licence = "LICENCE"', 8, "no file “LICENCE”"),
        ('package = "fontpkg_eb_garamond"', 'package = "a.b"', 7, "package"),
        ("[[family]]", "[family]", None, "cannot be read"),
    ],
)
def test_fonts(tmp_path: Path, old: str, new: str, line: int | None, words: str) -> None:
    path = broken(tmp_path, "fonts.toml", old, new)
    with pytest.raises(FindingsError) as caught:
        load_fonts(path, tmp_path / "faces")
    assert caught.value.message.startswith(f"styles/fonts.toml{f':{line}' if line else ''}")
    assert words in told(caught.value)


@pytest.mark.long
def test_a_former_font_is_not_left_where_the_engine_looks(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FONTCONFIG_FILE", "")
    found = []
    for weight in (400, 500):
        path = broken(tmp_path, "fonts.toml", "wght = 400", f"wght = {weight}")
        fonts = load_fonts(path, tmp_path / "faces")
        seal_fontconfig(fonts)
        configuration = ElementTree.parse(os.environ["FONTCONFIG_FILE"])
        folder = Path(configuration.findtext("dir", ""))
        found.append([file.name for file in folder.iterdir()] == [fonts[0].path.name])
    assert found == [True, True]


def test_a_package_that_is_not_there_is_a_missing_tool(tmp_path: Path) -> None:
    path = broken(tmp_path, "fonts.toml", "fontpkg_eb_garamond", "fontpkg_none")
    with pytest.raises(MissingToolError):
        load_fonts(path, tmp_path / "faces")
