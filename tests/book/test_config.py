"""Reading ``book.toml``: its values, and a finding with its line for every mistake."""

from __future__ import annotations

from pathlib import Path

import pytest

from makeready.book.config import BookConfig, read_config
from makeready.book.labels import labels_for
from makeready.book.model import Contributor, EditionKind, Series, SubjectCode
from makeready.book.prices import price_digits
from makeready.book.slugs import file_slug, slug_of
from makeready.findings import Findings

CLEAN = """title = "The Garden"
subtitle = "A Year"
language = "en-GB"
modified = 2024-05-01
bodymatter = [
    "chapter-1",
    "chapter-2",
]

[[contributors]]
name = "Ada Lovelace"

[[contributors]]
name = "Jean-Luc Dupont"
role = "trl"

[editions.paperback]
kind = "print"
printer = "kdp"
trim = "148x210mm"
isbn = "0-306-40615-2"

[editions.ebook]
kind = "epub"

[cover]
ground = "#ABC"

[words]
chapter = "Part the"

[[ignore]]
id = "IMG-005"
reason = "a mere ornament"
"""


def read(root: Path, text: str | bytes) -> tuple[BookConfig | None, list[tuple[str, int | None]]]:
    (root / "book.toml").write_bytes(text if isinstance(text, bytes) else text.encode())
    findings = Findings()
    config = read_config(root, findings)
    return config, [(f.id, f.location.line if f.location else None) for f in findings]


def config_of(root: Path, text: str) -> BookConfig:
    config, findings = read(root, text)
    assert findings == []
    assert config is not None
    return config


def test_every_value_is_read(tmp_path: Path):
    config = config_of(tmp_path, CLEAN)
    assert config.metadata.slug == "the-garden"
    assert config.metadata.modified == "2024-05-01T00:00:00Z"
    assert config.metadata.contributors == (
        Contributor("Ada Lovelace", "Lovelace, Ada", "aut"),
        Contributor("Jean-Luc Dupont", "Dupont, Jean-Luc", "trl"),
    )
    assert [(s.name, s.line) for s in config.sections] == [("chapter-1", 6), ("chapter-2", 7)]
    paperback, ebook = config.editions
    assert (round(paperback.trim_width_pt, 2), round(paperback.trim_height_pt, 2)) == (
        419.53,
        595.28,
    )
    assert (paperback.isbn, ebook.kind) == ("9780306406157", EditionKind.EPUB)
    assert (config.cover.ground, config.labels["chapter"]) == ("#abc", "Part the")
    assert [(i.id, i.line) for i in config.ignores] == [("IMG-005", 32)]


def test_binding_ink_and_spine_are_read(tmp_path: Path):
    more = 'isbn = "0-306-40615-2"\nbinding = "hardcover"\nink = "premium-colour"\nspine_mm = 14'
    paperback, ebook = config_of(tmp_path, CLEAN.replace('isbn = "0-306-40615-2"', more)).editions
    assert (paperback.binding, paperback.ink) == ("hardcover", "premium-colour")
    assert (paperback.spine_mm, ebook.spine_mm) == (14.0, None)
    assert (ebook.binding, ebook.ink) == ("paperback", "black")


TWICE = """
[editions.second]
kind = "print"
printer = "ingramspark"
trim = "5.83x8.27in"
isbn = "0-306-40615-2"
"""


@pytest.mark.parametrize(
    ("old", "new", "ids"),
    [
        ("", "", []),
        ('printer = "ingramspark"', 'printer = "kdp"', ["MET-016"]),
        ('trim = "5.83x8.27in"', 'trim = "6x9in"', ["MET-016"]),
        # 1.5 pt are 0.529 mm.
        ('trim = "5.83x8.27in"', 'trim = "148.52x209.48mm"', []),
        ('trim = "5.83x8.27in"', 'trim = "148.54x210mm"', ["MET-016"]),
        ('trim = "5.83x8.27in"', 'trim = "148x209.46mm"', ["MET-016"]),
        ('kind = "print"', 'kind = "screen"', ["MET-016"]),
        ("isbn =", 'binding = "hardcover"\nisbn =', ["MET-016"]),
    ],
    ids=[
        "same book",
        "same printer",
        "another size",
        "rounded otherwise",
        "too wide",
        "too low",
        "another kind",
        "another binding",
    ],
)
def test_one_product_from_two_printers_may_share_an_isbn(
    tmp_path: Path, old: str, new: str, ids: list[str]
):
    text = CLEAN.replace("\n[cover]", TWICE.replace(old, new) + "\n[cover]", 1)
    config, findings = read(tmp_path, text)
    assert config is not None
    assert [rule for rule, _ in findings] == ids


def test_a_title_alone_is_a_valid_book(tmp_path: Path):
    config = config_of(tmp_path, 'title = "T"\ndate = "2006"\n')
    assert [(e.name, e.kind.value) for e in config.editions] == [
        ("paperback", "print"), ("screen", "screen"), ("ebook", "epub"),
    ]  # fmt: skip
    assert config.metadata.modified == "2006-01-01T00:00:00Z"
    assert config.acronyms_small_caps


def test_the_identifier_depends_on_the_book_alone(tmp_path: Path):
    one, two = (config_of(tmp_path, 'title = "T"\ndate = 2006-07-06\n') for _ in range(2))
    other = config_of(tmp_path, 'title = "U"\ndate = 2006-07-06\n')
    assert one.metadata.identifier == two.metadata.identifier != other.metadata.identifier
    assert one.metadata.identifier.startswith("urn:uuid:")


@pytest.mark.parametrize(
    ("given", "wanted"),
    [
        ('"2024-05-01T12:00:00+02:00"', "2024-05-01T10:00:00Z"),
        ("2024-05-01T12:00:00", "2024-05-01T12:00:00Z"),
        ('"2024-05"', "2024-05-01T00:00:00Z"),
    ],
)
def test_modified_is_utc(tmp_path: Path, given: str, wanted: str):
    config = config_of(tmp_path, f'title = "T"\nmodified = {given}\n')
    assert config.metadata.modified == wanted


def test_modified_never_comes_from_the_clock(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "86400")
    assert config_of(tmp_path, 'title = "T"\n').metadata.modified == "1970-01-02T00:00:00Z"
    monkeypatch.delenv("SOURCE_DATE_EPOCH")
    config, findings = read(tmp_path, 'title = "T"\n')
    assert [rule for rule, _ in findings] == ["MET-010"]
    assert config is not None
    assert config.metadata.modified == "2000-01-01T00:00:00Z"


@pytest.mark.parametrize(
    ("written", "price", "digits"),
    [
        ("USD 19.95", "USD 19.95", "51995"),
        ("7 usd", "USD 7.00", "50700"),
        ("CAD 24.50", "CAD 24.50", "62450"),
        ("GBP 9.99", "GBP 9.99", "00999"),
        ("USD 120", "USD 120.00", "59999"),
        ("none", "none", "90000"),
        ("", "", ""),
    ],
)
def test_a_price_and_its_barcode_digits(tmp_path: Path, written: str, price: str, digits: str):
    given = CLEAN.replace('isbn = "', f'price = "{written}"\nisbn = "', 1)
    edition = config_of(tmp_path, given).editions[0]
    assert edition.price == price
    assert price_digits(price) == digits


TRADE_METADATA = """series = { title = "Gardens", position = 2, issn = "00280836" }
bisac = ["gar000000 GARDENING / General", "GAR010000"]
thema = ["WMB Gardens", "1DDU"]
keywords = ["walls", "pears"]
audience = "general"
imprint = "Shed Books"
territories = ["gb", "IE"]
language = "en-GB\"
"""


def test_trade_metadata_is_read(tmp_path: Path):
    text = CLEAN.replace('language = "en-GB"\n', TRADE_METADATA).replace(
        'kind = "epub"', 'kind = "epub"\nprice = "GBP 5"\nprices = ["EUR 5.50", "7 kzt"]'
    )
    config = config_of(tmp_path, text)
    metadata = config.metadata
    assert metadata.series == Series("Gardens", "2", "0028-0836")
    assert metadata.subject_codes == (
        SubjectCode("BISAC", "GAR000000", "GARDENING / General"),
        SubjectCode("BISAC", "GAR010000"),
        SubjectCode("Thema", "WMB", "Gardens"),
        SubjectCode("Thema", "1DDU"),
    )
    assert (metadata.keywords, metadata.audience, metadata.imprint) == (
        ("walls", "pears"), "general", "Shed Books",
    )  # fmt: skip
    assert metadata.territories == ("GB", "IE")
    assert config.editions[1].prices == ("EUR 5.50", "KZT 7.00")


def test_an_organisation_is_filed_by_its_name(tmp_path: Path):
    text = CLEAN.replace('name = "Ada Lovelace"', 'name = "Institute of Soil"\ncorporate = true')
    assert config_of(tmp_path, text).metadata.contributors[0] == Contributor(
        "Institute of Soil", "Institute of Soil", "aut", corporate=True
    )


MISTAKES = {
    "unknown key": ('subtitle = "A Year"', 'subtitel = "A Year"', "MET-004", 2),
    "key out of place": ('name = "Ada Lovelace"', 'name = "A"\ndate = "2024"', "MET-004", 12),
    "key of an edition": ('printer = "kdp"', 'priner = "kdp"', "MET-004", 19),
    "word": ('chapter = "Part the"', 'chaptr = "Part"', "MET-004", 30),
    "type": ('subtitle = "A Year"', "subtitle = 3", "MET-005", 2),
    "kind of edition": ('kind = "epub"', 'kind = "ebook"', "MET-005", 24),
    "empty title": ('title = "The Garden"', 'title = " "', "MET-005", 1),
    "no title": ('title = "The Garden"\n', "\n", "MET-006", 1),
    "no reason": ('reason = "a mere ornament"\n', "", "MET-006", 32),
    "role": ('role = "trl"', 'role = "translater"', "MET-007", 15),
    "ISBN": ("0-306-40615-2", "0-306-40615-3", "MET-008", 21),
    "price without currency": ('"148x210mm"', '"148x210mm"\nprice = "19.95"', "MET-023", 21),
    "price in a currency that no barcode says":
        ('"148x210mm"', '"148x210mm"\nprice = "EUR 19.95"', "MET-023", 21),
    "price without ISBN": ('isbn = "0-306-40615-2"', 'price = "USD 1"', "MET-024", 21),
    "printer of an e-book": ('kind = "epub"', 'kind = "epub"\nprinter = "kdp"', "MET-030", 25),
    "language": ('"en-GB"', '"English!"', "MET-009", 3),
    "edition's name": ("[editions.ebook]", '[editions."E book"]', "MET-012", 23),
    "trim size": ('"148x210mm"', '"A5"', "MET-013", 20),
    "spine in words": ('"148x210mm"', '"148x210mm"\nspine_mm = "wide"', "MET-021", 21),
    "spine without width": ('"148x210mm"', '"148x210mm"\nspine_mm = 0', "MET-021", 21),
    "spine of a metre": ('"148x210mm"', '"148x210mm"\nspine_mm = 1000', "MET-021", 21),
    "bleed with a unit": ('"148x210mm"', '"148x210mm"\nbleed_mm = "3mm"', "MET-022", 21),
    "margin below nothing": ('"148x210mm"', '"148x210mm"\ninside_mm = -1', "MET-022", 21),
    "margin of a cubit": ('"148x210mm"', '"148x210mm"\noutside_mm = 450', "MET-022", 21),
    "unknown binding": ('"148x210mm"', '"148x210mm"\nbinding = "glued"', "MET-005", 21),
    "giant trim size": ('"148x210mm"', '"900x900in"', "MET-013", 20),
    "colour": ('"#ABC"', '"navy"', "MET-014", 27),
    "date": ("modified = 2024-05-01", 'modified = "May"', "MET-015", 4),
    "ISBN twice": ('kind = "epub"', 'kind = "epub"\nisbn = "9780306406157"', "MET-016", 25),
    "control character": ('"A Year"', '"A\\u0001Year"', "MET-020", 2),
}  # fmt: skip


@pytest.mark.parametrize("name", MISTAKES)
def test_a_mistake_is_one_finding_on_its_line(
    tmp_path: Path, name: str, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "0")
    old, new, rule, line = MISTAKES[name]
    assert old in CLEAN
    assert read(tmp_path, CLEAN.replace(old, new, 1))[1] == [(rule, line)]


@pytest.mark.parametrize(
    ("text", "rule", "line"),
    [
        ('title = "T"\nsubtitle = "a\n', "MET-003", 2),
        (b'title = "T"\nsubtitle = "\xff"\n', "MET-002", 2),
        ('a = """\n', "MET-003", 1),
    ],
)
def test_a_file_that_cannot_be_parsed(tmp_path: Path, text: str | bytes, rule: str, line: int):
    config, findings = read(tmp_path, text)
    assert config is None
    assert findings == [(rule, line)]


def test_a_folder_without_the_file(tmp_path: Path):
    findings = Findings()
    assert read_config(tmp_path, findings) is None
    assert [f.id for f in findings] == ["MET-001"]


def test_a_symlink_out_of_the_book_is_refused(tmp_path: Path):
    outside = tmp_path / "secret.toml"
    outside.write_text('title = "T"\n')
    book = tmp_path / "book"
    book.mkdir()
    (book / "book.toml").symlink_to(outside)
    findings = Findings()
    assert read_config(book, findings) is None
    assert [f.id for f in findings] == ["MAN-025"]


def test_the_hint_names_the_nearest_key(tmp_path: Path):
    (tmp_path / "book.toml").write_text('title = "T"\ndate = "2006"\npublsher = "x"\n')
    findings = Findings()
    read_config(tmp_path, findings)
    assert [f.hint for f in findings] == ["Correct or remove it. Did you mean “publisher”?"]


@pytest.mark.parametrize(
    ("title", "slug"),
    [
        ("Über die Straße", "uber-die-strasse"),
        ("Война и мир", "voyna-i-mir"),
        ("Абай жолы: Қазақ", "abay-zholy-qazaq"),
        ("It’s Ø — 2nd ed.", "its-o-2nd-ed"),
        ("Ёлка", "yolka"),
    ],
)
def test_a_slug_is_ascii(title: str, slug: str):
    assert slug_of(title) == file_slug(title) == slug


def test_a_title_in_any_script_has_a_slug():
    assert file_slug("論語") != file_slug("老子")
    assert file_slug("論語").isascii()


@pytest.mark.parametrize("language", ["de-AT", "zh-TW", "zh-Hans-SG", "no", "sr-Latn", "kk-Latn"])
def test_a_supported_language_has_every_label(language: str):
    findings = Findings()
    labels = labels_for(language, {}, findings)
    assert not findings
    assert set(labels) == set(labels_for("en", {}, findings))
    assert all(label for key, label in labels.items() if key != "by")


WORDS = {
    "none": ({}, "Chapter, Part, Appendix, Contents and so on are", "the labels"),
    "one": (
        {"chapter": "Kafli"},
        "Part, Appendix, Contents, page and so on are",
        "part, appendix, toc, page, ",
    ),
    "all but two": (
        {key: "x" for key in labels_for("en", {}, Findings()) if key not in {"toc", "isbn"}},
        "Contents, ISBN are",
        "toc, isbn in",
    ),
    "all but one": (
        {key: "x" for key in labels_for("en", {}, Findings()) if key != "toc"},
        "Contents is",
        "toc in",
    ),
}


@pytest.mark.parametrize("name", WORDS)
def test_a_language_without_labels_has_those_of_the_book_and_english_ones(
    name: str, tmp_path: Path
):
    words, shown, keys = WORDS[name]
    table = "".join(f'{key} = "{word}"\n' for key, word in words.items())
    head = CLEAN.partition("[editions")[0].replace('"en-GB"', '"tlh"')
    (tmp_path / "book.toml").write_text(f"{head}[words]\n{table}", encoding="utf-8")
    findings = Findings()
    config = read_config(tmp_path, findings)
    assert config is not None
    assert config.labels == labels_for("en", {}, Findings()) | words
    finding, _ = findings
    assert finding.message == f"No labels for the language “tlh”: {shown} in English."
    assert finding.hint.startswith(f"Set {keys}")


def test_a_book_may_have_every_label_of_its_language_itself(tmp_path: Path):
    table = "".join(f'{key} = "x"\n' for key in labels_for("en", {}, Findings()))
    head = CLEAN.partition("[editions")[0].replace('"en-GB"', '"tlh"')
    assert [found[0] for found in read(tmp_path, f"{head}[words]\n{table}")[1]] == ["TYP-002"]


def test_a_few_words_replace_those_of_a_language_with_labels(tmp_path: Path):
    head = CLEAN.partition("[editions")[0].replace('"en-GB"', '"de-CH"')
    config, findings = read(tmp_path, f'{head}[words]\ntoc = "x"\n')
    assert config is not None
    assert findings == []
    assert config.labels == {**labels_for("de", {}, Findings()), "toc": "x"}


@pytest.mark.parametrize(
    ("screen", "trim_pt"),
    [("", (432.0, 648.0)), ('trim = "5x8in"', (360.0, 576.0))],
)
def test_a_screen_edition_has_the_trim_of_the_first_print_edition(
    tmp_path: Path, screen: str, trim_pt: tuple[float, float]
) -> None:
    config = config_of(
        tmp_path,
        'title = "T"\nlanguage = "en"\nmodified = 2026-11-01\nbodymatter = ["chapter-1"]\n'
        + f'[editions.screen]\nkind = "screen"\n{screen}\n'
        + '[editions.large]\nkind = "print"\nprinter = "generic"\ntrim = "6x9in"\n'
        + '[editions.small]\nkind = "print"\nprinter = "generic"\ntrim = "5x8in"\n',
    )
    edition = config.editions[0]
    assert (edition.trim_width_pt, edition.trim_height_pt) == trim_pt


@pytest.mark.parametrize(
    ("value", "exceptions"),
    [
        ('["ma-ke-ready", "Tokaev"]', {"en": ("ma-ke-ready", "Tokaev")}),
        (
            '{ de = ["Stau-becken"], "en-US" = ["rec-ord"] }',
            {"de": ("Stau-becken",), "en": ("rec-ord",)},
        ),
        ('{ pt = ["ca-sa"], "pt-BR" = ["bra-sa"] }', {"pt": ("ca-sa", "bra-sa")}),
        ("[]", {}),
    ],
)
def test_exceptions_of_hyphenation_are_of_a_language(
    value: str, exceptions: dict[str, tuple[str, ...]], tmp_path: Path
):
    config, findings = read(tmp_path, f"{CLEAN}\n[typography.hyphenation]\nexceptions = {value}\n")
    assert config is not None
    assert (config.hyphenation, findings) == (exceptions, [])


@pytest.mark.parametrize("word", ["two words", "a--b", "-a", "a1"])
def test_an_exception_is_a_word_with_hyphens(word: str, tmp_path: Path):
    text = f'{CLEAN}\n[typography.hyphenation]\nexceptions = ["{word}"]\n'
    line = text.count("\n")
    assert read(tmp_path, text)[1] == [("MET-005", line)]
