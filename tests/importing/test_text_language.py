"""The language of a book whose tool does not say it."""

from __future__ import annotations

from pathlib import Path

import pytest

from importing.source_book import imported, write_files
from makeready.importing.text_language import language_of

ENGLISH = "The boats came in with the tide, and nobody on the quay said that it was late. "
GERMAN = "Die Boote kamen mit der Flut, und auf der Mole sagte niemand, dass es nicht zu spät ist. "
FRENCH = "Les bateaux sont rentrés avec la marée, et dans le port personne ne dit que c’est tard. "


@pytest.mark.parametrize(
    ("text", "language"),
    [
        (ENGLISH * 10, "en"),
        (GERMAN * 10, "de"),
        (FRENCH * 10, "fr"),
        (ENGLISH, ""),
        ("港に船が戻ってきた。", "ja"),
        ("船们回到了港口，没有人说已经晚了。", "zh-Hans"),
        ("船們回到了港口，沒有人說這已經晚了。", "zh-Hant"),
        ("Корабли вернулись в гавань с приливом.", "ru"),
        ("Кемелер айлаққа қайтты, өте кеш еді.", "kk"),
        ("قایق‌ها با مد برگشتند و کسی چیزی نگفت.", "fa"),
        ("عادت القوارب مع المد ولم يقل أحد شيئا.", "ar"),
        ("הסירות חזרו עם הגאות.", "he"),
        (f"```\n{ENGLISH * 20}\n```\n\n{GERMAN * 10}", "de"),
        ("", ""),
    ],
)
def test_languages_are_known(text: str, language: str) -> None:
    assert language_of(text) == language


def test_a_book_gets_the_language_of_its_texts(tmp_path: Path) -> None:
    files: dict[str, str | bytes] = {
        "a.md": f"# A\n\n{GERMAN * 10}\n",
        "b.md": f"# B\n\n{GERMAN * 10}\n",
    }
    book = imported(write_files(tmp_path / "source", files), tmp_path / "book")
    assert book.values["language"] == "de"
    assert any("is taken to be de" in each for each in book.left_out)
