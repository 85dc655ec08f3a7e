"""A chapter each in Arabic, Hebrew, Chinese and Japanese, in print, on the screen and as e-book."""

from __future__ import annotations

from importlib.util import find_spec
from pathlib import Path

import pypdfium2
import pytest

from conftest import BOOKS, CACHE, makeready

pytestmark = pytest.mark.long

_CJK = Path("/usr/share/fonts/opentype/noto/NotoSerifCJK-Regular.ttc")
_HAS_FONTS = {
    "ar": find_spec("fontpkg_amiri") is not None,
    "he": find_spec("fontpkg_frank_ruhl_libre") is not None,
    "ja": _CJK.is_file(),
    "zh": _CJK.is_file(),
}
_WORDS = {"ar": "الميناء", "he": "הנמל", "ja": "帳面", "zh": "码头"}


@pytest.mark.parametrize("language", sorted(_HAS_FONTS))
def test_a_book_in_the_language_is_made_and_checked(language: str, tmp_path: Path) -> None:
    if not _HAS_FONTS[language]:
        pytest.skip("its fonts are not installed")
    arguments = ("--book", BOOKS / "languages" / language, "--output", tmp_path, "--cache", CACHE)
    built = makeready("build", *arguments)
    assert built.code == 0, built.out + built.err
    checked = makeready("check", *arguments, "--json")
    assert [finding for finding in checked.findings if finding[0] != "LAY-007"] == []
    (screen,) = tmp_path.glob("*screen.pdf")
    with pypdfium2.PdfDocument(screen) as pdf:
        text = "".join(page.get_textpage().get_text_range() for page in pdf)
    assert _WORDS[language] in text
