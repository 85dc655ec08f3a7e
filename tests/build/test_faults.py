"""A clean book broken in one place gives that finding and nothing else, and nothing is lost."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from pdf_reading import page_texts

from conftest import CACHE, Run, makeready

Break = Callable[[Path], None]


def replacing(name: str, old: str, new: str) -> Break:
    def change(book: Path) -> None:
        text = (book / name).read_text("utf-8")
        assert old in text
        (book / name).write_text(text.replace(old, new), "utf-8")

    return change


def removing(name: str) -> Break:
    return lambda book: (book / name).unlink()


def writing(name: str, content: bytes) -> Break:
    return lambda book: (book / name).write_bytes(content) and None


FAULTS: list[tuple[str, Break, tuple[str, str, int | None]]] = [
    ("missing chapter", removing("chapter-2.md"), ("MAN-001", "book.toml", 6)),
    (
        "unlisted file",
        writing("chapter-3.md", b"# Three\n\nText.\n"),
        ("MAN-002", "chapter-3.md", 1),
    ),
    (
        "bad key",
        replacing("book.toml", 'slug = "leaflet"', 'slugg = "leaflet"'),
        ("MET-004", "book.toml", 4),
    ),
    (
        "invalid UTF-8",
        writing("chapter-2.md", b"# Two\n\nThe \xff end is here.\n"),
        ("MAN-010", "chapter-2.md", 3),
    ),
    ("missing image", removing("images/square.png"), ("IMG-001", "chapter-1.md", 7)),
    (
        "dead cross-reference",
        replacing("chapter-1.md", "(#chapter-2)", "(#chapter-9)"),
        ("REF-001", "chapter-1.md", 5),
    ),
    (
        "undefined footnote",
        replacing("chapter-1.md", "a note.[^1]", "a note.[^1] And one more.[^2]"),
        ("REF-002", "chapter-1.md", 3),
    ),
    (
        "doubled footnote",
        replacing("chapter-1.md", "[^1]: The note.", "[^1]: The note.\n\n[^1]: Again."),
        ("REF-004", "chapter-1.md", 11),
    ),
    (
        "missing glyphs",
        replacing("chapter-2.md", "is here", "is 漢字也 here 漢"),
        ("LAY-003", "chapter-2.md", 3),
    ),
]


def build(book: Path, output: Path, *more: str) -> Run:
    return makeready("build", "--book", book, "--output", output, "--cache", CACHE, "--json", *more)


def test_the_unbroken_book_has_no_finding(broken_book: Callable[..., Path], tmp_path: Path) -> None:
    run = build(broken_book(), tmp_path / "out")
    assert (run.code, run.findings) == (0, []), run.out + run.err


def test_a_note_that_is_never_called_stops_no_book(
    broken_book: Callable[..., Path], tmp_path: Path
) -> None:
    book = broken_book()
    replacing("chapter-1.md", "[^1]: The note.", "[^1]: The note.\n\n[^2]: Not called.")(book)
    run = build(book, tmp_path / "out")
    assert (run.code, run.findings) == (0, [("REF-003", "chapter-1.md", 11)]), run.out


@pytest.mark.parametrize(
    ("break_it", "expected"), [fault[1:] for fault in FAULTS], ids=[fault[0] for fault in FAULTS]
)
def test_a_fault_is_named_with_file_and_line(
    break_it: Break,
    expected: tuple[str, str, int | None],
    broken_book: Callable[..., Path],
    tmp_path: Path,
) -> None:
    book, output = broken_book(), tmp_path / "out"
    output.mkdir()
    break_it(book)
    run = build(book, output)
    assert run.code == 1, run.out + run.err
    assert run.findings == [expected], run.out
    assert "Traceback" not in run.out + run.err
    left = {path.name for path in output.iterdir()}
    assert not {name for name in left if name.endswith(".pdf")}


def test_a_failed_build_leaves_the_last_good_files_whole(
    broken_book: Callable[..., Path], tmp_path: Path
) -> None:
    book, output = broken_book(), tmp_path / "out"
    assert build(book, output).code == 0
    before = {path.name: path.read_bytes() for path in output.iterdir()}
    removing("chapter-2.md")(book)
    assert build(book, output).code == 1
    after = {path.name: path.read_bytes() for path in output.iterdir()}
    manifest = json.loads(after.pop("manifest.json"))
    assert all(file["outdated"] for file in manifest["files"])
    del before["manifest.json"]
    assert after == before


def test_a_person_reads_file_line_reason_and_remedy(
    broken_book: Callable[..., Path], tmp_path: Path
) -> None:
    book = broken_book()
    replacing("chapter-1.md", "(#chapter-2)", "(#chapter-9)")(book)
    run = makeready("build", "--book", book, "--output", tmp_path / "out", "--cache", CACHE)
    lines = run.err.splitlines()
    told = next(n for n, line in enumerate(lines) if "error" in line)
    assert lines[told].startswith(f"{book.as_posix()}/chapter-1.md:5: error REF-001: ")
    assert lines[told + 1].startswith("  hint: ")


def test_an_ignored_finding_needs_a_reason_and_must_exist(
    broken_book: Callable[..., Path], tmp_path: Path
) -> None:
    book = broken_book()
    with (book / "book.toml").open("a", encoding="utf-8") as file:
        file.write('\n[[ignore]]\nid = "LAY-003"\nreason = "None is there."\n')
    run = build(book, tmp_path / "out")
    assert run.code == 0
    assert [finding[0] for finding in run.findings] == ["MET-090"]


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (["build", "--book", "nowhere"], 1),
        (["build", "hardback", "--book", "leaflet"], 2),
        (["build", "--no-such-option"], 2),
        (["explain", "LAY-999"], 2),
        (["check", "--book", "leaflet", "--output", "empty"], 2),
    ],
)
def test_exit_codes(arguments: list[str], code: int, tmp_path: Path) -> None:
    from conftest import BOOKS  # noqa: PLC0415

    arguments = [str(BOOKS / "leaflet") if a == "leaflet" else a for a in arguments]
    run = makeready(*arguments, cwd=tmp_path)
    assert run.code == code, run.out + run.err
    assert "Traceback" not in run.err
    assert run.err.strip()


def test_an_image_without_a_description_is_one_finding(
    broken_book: Callable[..., Path], tmp_path: Path
) -> None:
    book = broken_book()
    replacing("book.toml", 'kind = "print"\nprinter = "generic"', 'kind = "screen"')(book)
    text = (book / "chapter-1.md").read_text("utf-8").replace("![A grey square]", "![]")
    (book / "chapter-1.md").write_text(text, "utf-8")
    run = build(book, tmp_path / "out", "paperback")
    assert run.code == 0, run.out
    assert run.findings == [("IMG-005", "chapter-1.md", 7)]


@pytest.mark.parametrize("command", ["build", "check", "kit", "onix", "cover"])
@pytest.mark.parametrize(
    ("folder", "rule", "words"),
    [
        ("nowhere", "MET-095", "does not exist"),
        ("file", "MET-095", "is a file, not a folder"),
        ("empty", "MET-001", "has no book.toml"),
    ],
)
def test_a_folder_without_a_book_is_reported_as_what_it_is(
    command: str, folder: str, rule: str, words: str, tmp_path: Path
) -> None:
    (tmp_path / "empty").mkdir()
    (tmp_path / "file").write_text("text", "utf-8")
    run = makeready(command, "--book", folder, cwd=tmp_path)
    assert run.code == 1
    assert [line for line in run.err.splitlines() if rule in line and words in line]


def test_the_current_folder_is_built_if_it_has_a_book(
    broken_book: Callable[..., Path], tmp_path: Path
) -> None:
    book = broken_book()
    cache = ("--cache", CACHE.resolve())
    run = makeready("build", "ebook", "--no-page-list", *cache, cwd=book)
    assert run.code == 0, run.err
    assert (book / "dist" / "leaflet.epub").is_file()
    # Where it has none, the book is in the folder manuscript.
    (tmp_path / "outer").mkdir()
    book.rename(tmp_path / "outer" / "manuscript")
    run = makeready("build", "ebook", "--no-page-list", *cache, cwd=tmp_path / "outer")
    assert run.code == 0, run.err
    assert (tmp_path / "outer" / "dist" / "leaflet.epub").is_file()


def test_notes_are_listed_on_request(broken_book: Callable[..., Path], tmp_path: Path) -> None:
    book = broken_book()
    replacing("chapter-2.md", "is here.", "is here. {>> Is it? <<}")(book)
    arguments = ("build", "ebook", "--no-page-list", "--book", book, "--cache", CACHE)
    run = makeready(*arguments, "--output", tmp_path / "out")
    assert run.err.splitlines()[-1] == "2 notes; add --notes to list the notes"
    assert "MAN-019" not in run.err
    run = makeready(*arguments, "--output", tmp_path / "out", "--notes")
    assert run.err.splitlines()[-1] == "2 notes"
    assert "chapter-2.md:3: note MAN-019" in run.err


def test_every_finding_can_be_explained() -> None:
    listed = makeready("explain").out.splitlines()
    ids = [line.split()[0] for line in listed]
    assert len(ids) == len(set(ids)) > 60
    run = makeready("explain", "lay-003")
    assert run.code == 0
    assert "Do: " in run.out
    assert "Why: " in run.out
    # Braces are shown as an author writes them.
    assert "{{" not in makeready("explain", "REF-030").out


def test_what_runs_over_an_edge_is_told_once_a_line(
    broken_book: Callable[..., Path], tmp_path: Path
) -> None:
    book = broken_book()
    head = "| " + " | ".join(f"column{n}" for n in range(14)) + " |\n|" + "---|" * 14
    row = "| " + " | ".join(["wordswords"] * 14) + " |"
    replacing("chapter-2.md", "The end is here.", f"{head}\n{row}\n\nThe end is here.")(book)
    run = build(book, tmp_path / "out", "paperback")
    found = [finding for finding in run.findings if finding[0] != "LAY-007"]
    assert found == [("LAY-005", "chapter-2.md", 3), ("LAY-005", "chapter-2.md", 5)]


def test_a_note_much_longer_than_the_text_is_warned_of_and_printed(
    broken_book: Callable[..., Path], tmp_path: Path
) -> None:
    book = broken_book()
    replacing("chapter-1.md", "The note.", "The note goes on, and on, and on again. " * 150)(book)
    run = build(book, tmp_path / "out", "paperback")
    assert run.code == 0
    assert run.findings == [("LAY-012", "chapter-1.md", 9)] * 2
    text = " ".join(" ".join(page_texts(tmp_path / "out" / "leaflet-paperback.pdf")).split())
    assert text.count("again.") == 150


def test_a_page_of_little_but_notes_is_told(
    broken_book: Callable[..., Path], tmp_path: Path
) -> None:
    book = broken_book()
    words = "Some words that make a paragraph of ordinary length, to fill a line or two. "
    notes = "".join(f"\n[^{n}]: {words * 4}\n" for n in range(9))
    calls = " ".join(f"word[^{n}]" for n in range(9))
    after = (words * 9 + "\n\n") * 6
    text = f"# Two\n\n{words * 26}\n\n{calls} and the rest. {after}\n{notes}"
    (book / "chapter-2.md").write_text(text, "utf-8")
    run = build(book, tmp_path / "out", "paperback")
    assert [f for f in run.findings if f[0] != "LAY-006"] == [("LAY-012", "chapter-2.md", 19)]


@pytest.mark.parametrize(
    ("rules", "line", "word"),
    [
        ("p { color: black }\np {\n  colour: black;\n}\n", 3, "unknown property"),
        ("p { color: black }\n\np:newborn { color: black }\n", 3, "newborn"),
    ],
)
def test_a_fault_in_a_stylesheet_of_the_book_is_told_once_and_where(
    rules: str, line: int, word: str, broken_book: Callable[..., Path], tmp_path: Path
) -> None:
    book = broken_book()
    (book / "styles" / "css").mkdir(parents=True)
    (book / "styles" / "css" / "print.css").write_text(rules, "utf-8")
    run = build(book, tmp_path / "out", "paperback")
    assert run.findings == [("LAY-001", "styles/css/print.css", line)]
    assert word in run.out
