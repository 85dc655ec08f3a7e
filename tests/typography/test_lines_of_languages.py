"""A chapter in each of six languages, and a short novel, are set as printed books of each are."""

from __future__ import annotations

import json
import re
import subprocess
import sys
import zipfile
from pathlib import Path

import pypdfium2 as pdfium
import pytest

from conftest import CACHE, ROOT
from makeready.external import epubcheck
from makeready.typography.measure import measure_pdf

BOOKS = ROOT / "tests" / "books"
LANGUAGES = BOOKS / "languages"
HYPHEN = "[-\u2010\ufffe\x02]"

# By language: what stands in its pages, line ends being spaces.
WORDS = {
    "ru": [
        "— Опоздали, — сказал он, не оборачиваясь. — Паром ушёл.",
        "«Кто скажет: „Я знаю реку“, — тот её не знает»",
        "+1,40; +1,55; −0,20 — и так",
        "она уже и нас переносила —",
        "Содержание",
        "Указатель",
    ],
    "kk": [
        "– Кешіктің, балам, – деді ол маған бұрылмай. – Жел тұрды.",
        "«Сәреке, ұлыма көлді үйретіңіз. Ол кітаптан „су – тіршілік“ дегенді ғана оқыған», – деген",
        "+12 °C, −25 °C",
        "Мазмұны",
    ],
    "de": [
        "„Ich komme mit dem Zug um 16.40 Uhr. Sag dem Kind: ‚Es war nicht deine Schuld.‘ Mehr ist",
        "„Hat’s halt gedreht“, sagten die Leute, „was weiß so ’n Kind.“",
        "12–15 t",
        "Ich hab’ unterschrieben.",
        "Inhalt",
    ],
    "fr": [
        "— Vous cherchez quelqu’un ? demanda une voix.",
        "l’éclusier “mon brave” »",
        "Ouvrez, fermez, le bateau glisse,",
        "Table des matières",
    ],
    "es": [
        "—¿Quién la ha soltado? —preguntó el alcalde.",
        "—Nadie —dijo la viuda Robledo—. Se ha soltado ella.",
        "“Dadme una palanca y moveré el mundo”. Busquemos la palanca».",
        "—Muelo el tiempo, compañero,",
        "Índice",
    ],
    "el": [
        "— Μπες μέσα, μάνα, της είπε ο πατέρας μου. Θα πνιγείς.",
        "«δεν είναι καλά. Μη γελάσετε. Όταν ρωτήσει: “Ήρθε;”, θα πείτε: “Έρχεται”».",
        "σαν να ’ξερε τον δρόμο",
        "Περιεχόμενα",
    ],
    "novel": [
        "“That’s never Sam,” I says to meself, “Sam don’t skip.”’",
        "She says, “Tell that girl,”’ – and here",
        "Part One",
    ],
}


def built(name: str, output: Path) -> Path:
    book = BOOKS / name if name == "novel" else LANGUAGES / name
    command = [sys.executable, "-m", "makeready", "build", "--book", str(book)]
    options = ["--output", str(output), "--cache", str(CACHE), "--strict"]
    run = subprocess.run([*command, *options], capture_output=True, text=True, check=False)
    assert run.returncode == 0, run.stdout + run.stderr
    return output


def text_of(path: Path) -> str:
    """Return the words of the pages, with words that lines divide in one piece."""
    with pdfium.PdfDocument(path) as document:
        pages = [page.get_textpage().get_text_range() for page in document]
    joined = re.sub(rf"(?<=\w){HYPHEN}\s*\n(?=\w)", "", "\n".join(pages))
    return " ".join(joined.replace("\u00a0", " ").replace("\u202f", " ").split())


@pytest.mark.slow
@pytest.mark.parametrize(
    "name",
    ["kk", *(pytest.param(name, marks=pytest.mark.long) for name in WORDS if name != "kk")],
)
def test_a_book_is_set_as_its_language_has_it(name: str, tmp_path: Path) -> None:
    output = built(name, tmp_path)
    files = json.loads((output / "manifest.json").read_text("utf-8"))["files"]
    pdf = output / next(one["path"] for one in files if one["kind"] == "print")
    text = text_of(pdf)
    assert [words for words in WORDS[name] if words not in text] == []
    assert not re.search(r"(?<!\w)-(?!\w)|\"|'", text), "no typed mark is left"
    figures = measure_pdf(pdf).figures
    assert figures.overfull_lines == figures.ladders_of_4_or_more == 0
    assert figures.dashes_begin_lines == 0
    epub = next(output.glob("*.epub"))
    language = "en-GB" if name == "novel" else name
    with zipfile.ZipFile(epub) as archive:
        chapter = archive.read("EPUB/text/chapter-1.xhtml").decode()
        assert f'xml:lang="{language}"' in chapter
        assert "hyphens: auto" in archive.read("EPUB/style/book.css").decode()
    messages = epubcheck.run_epubcheck(epub, reports=epubcheck.report_cache(CACHE))
    assert [m for m in messages if m.id != "CSS-028"] == []
