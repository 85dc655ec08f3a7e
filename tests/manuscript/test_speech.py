"""Lines of speech that begin with a hyphen are paragraphs with a dash; lists stay lists."""

from __future__ import annotations

from pathlib import Path

import pytest
from tiny_book import TOML, body

from makeready.manuscript.speech import hyphen_run
from time_growth import growth_of_time

SPEECH = "- Где она? - спросил он.\n\n- Не здесь, - сказала она."


def tags(text: str, root: Path, language: str, typography: str = "") -> list[str]:
    toml = TOML.replace('"en"', f'"{language}"') + f"\n[typography]\n{typography}\n"
    made = body(root, text, toml)
    return [tag for tag in ("<p", "<ul>", "—") if tag in made]


def test_lines_of_speech_are_paragraphs(tmp_path: Path) -> None:
    toml = TOML.replace('"en"', '"ru"')
    assert body(tmp_path, SPEECH, toml).replace("\u00a0", "~") == (
        '<p class="dialogue">—~Где она?~— спросил он.</p>'
        '<p class="dialogue">—~Не здесь,~— сказала она.</p>'
    )


def test_each_line_of_a_tight_run_is_a_paragraph_of_its_own(tmp_path: Path) -> None:
    toml = TOML.replace('"en"', '"fr"')
    text = "Il entra.\n- Tu viens ? demanda-t-elle.\n- Oui, dit Paul,\nmais pas seul.\n- Bien !"
    made = body(tmp_path, text, toml).replace("\u00a0", "~").replace("\u202f", "|")
    assert made.replace(' class="dialogue"', "") == (
        "<p>Il entra.</p><p>—~Tu viens|? demanda-t-elle.</p>"
        "<p>—~Oui, dit Paul, mais pas seul.</p><p>—~Bien|!</p>"
    )


@pytest.mark.parametrize(
    ("language", "text"),
    [
        # In English, speech has no dash.
        ("en", '- Where is she? - he asked.\n\n- Not here, - she said."'),
        # Nothing shows that it is speech.
        ("ru", "- Хлеб.\n- Молоко."),
        # A list of words in a file with speech.
        ("ru", f"{SPEECH}\n\nКупить:\n\n- хлеб\n- молоко"),
        # A list of sentences with a list in it.
        ("ru", f"{SPEECH}\n\nДела.\n\n- Купить хлеб.\n  - Чёрный\n- Уйти."),
    ],
)
def test_lists_stay_lists(language: str, text: str, tmp_path: Path) -> None:
    assert "<ul>" in tags(text, tmp_path, language)


def test_the_book_may_say_what_such_lines_are(tmp_path: Path) -> None:
    plain = "- Да.\n- Нет."
    assert tags(plain, tmp_path / "a", "ru", 'dialogue = "hyphens"') == ["<p", "—"]
    assert "<ul>" in tags(SPEECH, tmp_path / "b", "ru", 'dialogue = "lists"')


@pytest.mark.parametrize(("dashes", "wanted"), [("em", "—"), ("en", "–"), ("language", "–")])
def test_the_book_may_say_what_two_hyphens_are(dashes: str, wanted: str, tmp_path: Path) -> None:
    toml = TOML + f'\n[typography]\ndashes = "{dashes}"\n'
    assert body(tmp_path, "wait--what", toml) == f"<p>wait{wanted}what</p>"


def test_speech_in_verse_has_its_dash_and_no_class(tmp_path: Path) -> None:
    toml = TOML.replace('"en"', '"es"')
    made = body(tmp_path, "/// verse\n¿Qué mueles?\n-Muelo el tiempo -\ndía a día.\n///", toml)
    assert "\n—Muelo el tiempo~–" in made.replace("<br/>", "\n").replace("\u00a0", "~")
    assert "dialogue" not in made


@pytest.mark.parametrize("unit", ["- Oui, dit Paul.\n", "- Oui, dit Paul,\nmais pas seul.\n"])
def test_long_speech_takes_time_as_its_length(unit: str, tmp_path: Path) -> None:
    toml = TOML.replace('"en"', '"fr"')

    def read_lines(length: int) -> None:
        assert "<ul>" not in body(tmp_path, unit * (length // len(unit)), toml)

    assert growth_of_time(read_lines) < 3


@pytest.mark.parametrize("unit", [".[^.", ".[^.]", " "])
def test_a_long_line_takes_time_as_its_length(unit: str) -> None:
    def find_run(length: int) -> None:
        hyphen_run([f"- A{unit * (length // len(unit))}1"], 0, "fr")
        hyphen_run([f"-{unit * (length // len(unit))}1"], 0, "fr")

    assert growth_of_time(find_run) < 3
