"""Words are sorted by the alphabet of the book's language."""

from __future__ import annotations

import random

import pytest

from makeready.manuscript.collation import alphabet_of

ORDERS = [
    ("en", "Äpfel apple banana cliché zebra"),
    ("sv", "Adam Öst? zebra Åbo Ängel Öst"),
    ("da", "abe zebra Æble Øst Ål"),
    ("de", "Ader Äpfel Arm Öl Osten Zug"),
    ("cs", "cesta čas dům had chata internet řeka sůl škola žena"),
    ("sk", "čaj hora chata idol"),
    ("pl", "Azja ąŁ? bez Ćma dom lato łoś zima źle żaba"),
    ("hu", "cukor csiga dió gomb gyerek ól ős öz? zöld zseb"),
    ("hr", "cesta čaj ćup dan džep đak lopta ljubav nada njiva zub žaba"),
    ("lt", "iki yra jis ša? žodis"),
    ("et", "sõna šokk zebra žanr tee õun äri öö üks"),
    ("ro", "apă înger? iarnă țară"),
    ("tr", "Ceviz Çay ılık Irmak İzmir ot öz şal"),
    ("es", "nube ñandú oro"),
    ("cy", "cath chwaer dafad ddoe llan mam"),
    ("is", "Akur Ár Éar? ör"),
    ("vi", "an ăn ầm dê đi"),
    ("ru", "ёж ель жук"),
    ("uk", "гора ґанок ємність їжак"),
    ("sr", "дан ђак џеп шума"),
    ("sr-Latn", "dan džep đak"),
    ("kk", "ана әке бала ғалым дала қала ңғ? өмір ұл үй"),
    ("kk-Latn", "ana äke bala ğalym"),
    ("el", "άνθρωπος βήμα ήλιος ωραίος"),
]


@pytest.mark.parametrize(("language", "words"), ORDERS)
def test_words_are_in_the_order_of_the_language(language: str, words: str) -> None:
    wanted = [word for word in words.split() if not word.endswith("?")]
    shuffled = list(wanted)
    random.Random(7).shuffle(shuffled)
    assert sorted(shuffled, key=alphabet_of(language).key) == wanted


@pytest.mark.parametrize(
    ("language", "word", "letter"),
    [
        ("cs", "chata", "Ch"),
        ("sv", "ångström", "Å"),
        ("en", "ångström", "A"),
        ("hr", "Ljubav", "Lj"),
        ("hu", "ősz", "Ö"),
        ("tr", "iz", "İ"),
        ("tr", "Irmak", "I"),
        ("da", "Østersø", "Ø"),
        ("pl", "łoś", "Ł"),
        ("vi", "ầm", "Â"),
        ("en", "Łódź", "L"),
    ],
)
def test_a_word_stands_under_its_letter(language: str, word: str, letter: str) -> None:
    assert alphabet_of(language).initial_letter(word) == letter
