"""Every rule: a clean book, and the same book broken in one place, with that finding only."""

from __future__ import annotations

import io
import json
import os
import tomllib
from collections.abc import Callable
from importlib.resources import files
from pathlib import Path

import diagram_programs
import pytest
from PIL import Image
from tiny_book import PNG, Reported, png, read, reported, write_book

from makeready.book.labels import labels_for
from makeready.findings import Findings
from makeready.manuscript.reader import read_book

CLEAN: dict[str, str | bytes] = {
    "book.toml": """\
title = "Tiny"
language = "en"
modified = 2026-11-01
slug = "tiny"
frontmatter = ["titlepage", "preface"]
bodymatter = ["chapter-1", "chapter-2"]

[[contributors]]
name = "Ann"
role = "aut"

[editions.paperback]
kind = "print"
trim = "5x8in"
isbn = "978-0-306-40615-7"

[editions.hardback]
kind = "print"

[cover]
ground = "#17324a"

[[ignore]]
id = "TYP-001"
reason = "It is meant."
""",
    "preface.md": "# Before\n\nSome words.\n",
    "chapter-1.md": """\
# One

A first paragraph.[^1]

See [](#chapter-2), [](#spot), [](#tab) and [a page][page].

![A square](images/a.png "A square"){#spot}

## Under it

| a | b |
|---|---|
| 1 | 2 |

/// caption | #tab
A table
///

- an item

    more of it

- another

The *end*.

[^1]: The note.

[page]: https://example.org/
""",
    "chapter-2.md": "# Two\n\nThe other end.\n",
    "images/a.png": PNG,
}

Breaking = Callable[[Path], None]


def swap(name: str, old: str, new: str) -> Breaking:
    def change(book: Path) -> None:
        text = (book / name).read_text("utf-8")
        assert text.count(old) == 1, (old, text.count(old))
        (book / name).write_text(text.replace(old, new), "utf-8")

    return change


def toml(old: str, new: str) -> Breaking:
    return swap("book.toml", old, new)


def one(old: str, new: str) -> Breaking:
    return swap("chapter-1.md", old, new)


def end(words: str) -> Breaking:
    """Replace the last paragraph, on line 25."""
    return one("The *end*.", words)


def two(content: str | bytes) -> Breaking:
    return with_file("chapter-2.md", content)


def with_file(name: str, content: str | bytes) -> Breaking:
    raw = content if isinstance(content, bytes) else content.encode()
    return lambda book: (book / name).write_bytes(raw) and None


def in_unknown_language(book: Path) -> None:
    """Give the book a language of which nothing is known, and all labels in it."""
    labels = labels_for("en", {}, Findings())
    words = "".join(f"{key} = {json.dumps(label)}\n" for key, label in labels.items())
    text = (book / TOML).read_text("utf-8").replace('"en"', '"tlh"')
    (book / TOML).write_text(f"{text}\n[words]\n{words}", "utf-8")


def in_broken_theme(book: Path) -> None:
    """Set the book in a theme of its own whose ``theme.toml`` has an unknown key."""
    toml("\n[cover]", '\n[design]\ntheme = "seaside"\n\n[cover]')(book)
    theme = book / "styles" / "themes" / "seaside"
    theme.mkdir(parents=True)
    (theme / "theme.toml").write_text("colour = 1\n", "utf-8")


def in_a_folder(book: Path) -> None:
    toml('"chapter-2"', '"chapter-2", { chapter = "src/a.md" }')(book)
    (book / "src").mkdir()
    for name in ("a", "b", "README", "SUMMARY"):
        (book / "src" / f"{name}.md").write_text("# Three\n\nText.\n", "utf-8")


def without_files(*names: str) -> Breaking:
    return lambda book: [(book / name).unlink() for name in names] and None


def link(name: str, target: str) -> Breaking:
    def change(book: Path) -> None:
        outside = book.parent / "outside"
        outside.write_bytes(PNG if name.endswith("png") else b"# Out\n\nSide.\n")
        (book / name).unlink()
        (book / name).symlink_to(outside if target == "outside" else target)

    return change


def with_folder(name: str, folder: bool = True) -> Breaking:
    def change(book: Path) -> None:
        (book / name).unlink()
        (book / name).mkdir() if folder else (book / name).symlink_to(name)

    return change


def epoch(value: str) -> Breaking:
    def change(book: Path) -> None:
        toml("modified = 2026-11-01\n", "")(book)
        os.environ["SOURCE_DATE_EPOCH"] = value

    return change


def without_a_body(book: Path) -> None:
    without_files("chapter-1.md", "chapter-2.md", "images/a.png")(book)
    toml('["chapter-1", "chapter-2"]', "[]")(book)


def ambiguous(book: Path) -> None:
    two("# Two\n\n[The]{#spot} other end.\n")(book)
    swap("preface.md", "Some words.", "See [](#spot).")(book)


WORKS = "@book{tree, title = {Trees}, author = {Ann Elm}, year = 1999}\n"


def citing(
    text: str = "See [@tree].", *, works: str = WORKS, table: str = "", listed: bool = True
) -> Breaking:
    """Return a change that gives the book a source, ``[citations]`` in line 23, and a text."""

    def change(book: Path) -> None:
        fields = "" if "sources" in table else 'sources = ["works.bib"]\n'
        end(text)(book)
        toml("[cover]", f"[citations]\n{fields}{table}\n[cover]")(book)
        toml("bodymatter", 'backmatter = ["bibliography"]\nbodymatter' if listed else "bodymatter")(
            book
        )
        (book / "works.bib").write_text(works, "utf-8")

    return change


def with_endless_style(book: Path) -> None:
    macro = '<macro name="a"><text macro="a"/></macro>'
    layout = '<layout><text variable="title"/></layout>'
    (book / "works.csl").write_text(
        '<style xmlns="http://purl.org/net/xbiblio/csl" class="in-text" version="1.0">'
        f'{macro}<citation><layout><text macro="a"/></layout></citation>'
        f"<bibliography>{layout}</bibliography></style>"
    )
    citing(table='style = "works.csl"\n')(book)


EBOOK = '[editions.ebook]\nkind = "epub"\n'
TOML, ONE, TWO, IMAGE = "book.toml", "chapter-1.md", "chapter-2.md", "images/a.png"
DEEP = ">" * 70 + " deep"
SVG = '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9">{}</svg>'


def moving_png() -> bytes:
    held = io.BytesIO()
    frames = [Image.new("L", (4, 4), shade) for shade in (0, 255)]
    frames[0].save(held, "PNG", save_all=True, append_images=frames[1:])
    return held.getvalue()


def drawing(content: str) -> Breaking:
    def change(book: Path) -> None:
        (book / IMAGE).unlink()
        (book / "images/a.svg").write_text(content, "utf-8")
        one("a.png", "a.svg")(book)

    return change


# The rule, what breaks the clean book, the file and the line that the finding names.
MISTAKES: list[tuple[str, Breaking, str, int | None]] = [
    ("MET-001", without_files(TOML), TOML, None),
    ("MET-002", with_file(TOML, b'title = "Tiny"\nlanguage = "\xff"\n'), TOML, 2),
    ("MET-003", toml('slug = "tiny"', 'slug = "tiny'), TOML, 4),
    ("MET-003", toml('slug = "tiny"', "slug = " + "[" * 3000 + "]" * 3000), TOML, 1),
    ("MET-003", toml('slug = "tiny"', 'title = "again"'), TOML, 4),
    ("MET-004", toml("slug =", "slugg ="), TOML, 4),
    ("MET-004", toml("title =", "titel ="), TOML, 1),
    ("MET-004", toml("modified =", "modifed ="), TOML, 3),
    ("MET-004", toml("bodymatter =", "bodymater ="), TOML, 6),
    ("MET-004", toml("[cover]", '[cover]\nbackmatter = ["chapter-3"]'), TOML, 21),
    ("MET-004", toml("name =", "nam ="), TOML, 9),
    ("MET-004", toml("[cover]", '[words]\nchaptre = "x"\n[cover]'), TOML, 21),
    ("MET-005", toml('slug = "tiny"', "slug = 3"), TOML, 4),
    ("MET-005", toml('["chapter-1", "chapter-2"]', '"chapter-1"'), TOML, 6),
    ("MET-005", toml('["chapter-1", "chapter-2"]', '["chapter-1", 2]'), TOML, 6),
    ("MET-005", toml('title = "Tiny"', 'title = " "'), TOML, 1),
    ("MET-005", toml('name = "Ann"', "name = 3"), TOML, 9),
    ("MET-005", toml('[cover]\nground = "#17324a"', "[cover.ground]"), TOML, 20),
    ("MET-006", toml('title = "Tiny"\n', ""), TOML, 1),
    ("MET-006", toml('kind = "print"\ntrim', "trim"), TOML, 12),
    ("MET-007", toml('role = "aut"', 'role = "auth"'), TOML, 10),
    ("MET-008", toml("40615-7", "40615-8"), TOML, 15),
    ("MET-009", toml('"en"', '"English!"'), TOML, 2),
    ("MET-010", toml("modified = 2026-11-01\n", ""), TOML, 1),
    ("MET-011", toml('"en"', '"tlh"'), TOML, 2),
    ("TYP-002", in_unknown_language, TOML, 2),
    ("TYP-003", toml('"en"', '"mt"'), TOML, 2),
    ("MET-012", toml('slug = "tiny"', 'slug = "Tiny Book"'), TOML, 4),
    ("MET-012", toml("[editions.hardback]", '[editions."a b"]'), TOML, 17),
    ("MET-013", toml("5x8in", "5 by 8"), TOML, 14),
    ("MET-013", toml("5x8in", "0x8in"), TOML, 14),
    ("MET-014", toml("#17324a", "navy"), TOML, 21),
    ("MET-015", toml("2026-11-01", '"last May"'), TOML, 3),
    ("MET-016", toml("[editions.hardback]", '[editions.hardback]\nisbn = "0306406152"'), TOML, 18),
    ("MET-017", toml("[cover]", "#" * 1_000_001 + "\n[cover]"), TOML, None),
    ("MET-018", with_folder(TOML), TOML, None),
    ("MET-019", epoch("yesterday"), TOML, 1),
    ("MET-020", toml('slug = "tiny"', 'rights = "a\\u0007b"'), TOML, 4),
    ("MET-021", toml('trim = "5x8in"', "spine_mm = -2"), TOML, 14),
    ("MET-023", toml('trim = "5x8in"', 'price = "19.95"'), TOML, 14),
    ("MET-024", toml("[editions.hardback]", '[editions.hardback]\nprice = "USD 5"'), TOML, 18),
    ("MET-025", toml("[cover]", f'{EBOOK}page_list = "no"\n[cover]'), TOML, 22),
    ("MET-030", toml("[editions.hardback]", '[editions.hardback]\npage_list = "none"'), TOML, 18),
    ("MET-030", toml("[editions.hardback]", '[editions.hardback]\nstores = ["kobo"]'), TOML, 18),
    ("MET-030", toml("[cover]", f'{EBOOK}paper = "cream"\n[cover]'), TOML, 22),
    ("MET-031", toml("slug =", 'bisac = ["GAR00"]\nslug ='), TOML, 4),
    ("MET-031", toml("slug =", 'bisac = [\n"GAR000000 Gardens",\n"XX"]\nslug ='), TOML, 6),
    ("MET-032", toml("slug =", 'thema = ["ZZ9"]\nslug ='), TOML, 4),
    ("MET-032", toml("slug =", 'thema = ["WM", "7D"]\nslug ='), TOML, 4),
    ("MET-033", toml("slug =", 'thema = ["1DDU", "5AN"]\nslug ='), TOML, 4),
    ("MET-034", toml("slug =", 'series = { title = "S", issn = "0028-0837" }\nslug ='), TOML, 4),
    ("MET-035", toml("slug =", 'territories = ["US", "Canada"]\nslug ='), TOML, 4),
    ("MET-036", toml("slug =", 'series = { title = "S", position = "II" }\nslug ='), TOML, 4),
    ("MET-006", toml("slug =", "series = { position = 2 }\nslug ="), TOML, 4),
    ("MET-037", toml('trim = "5x8in"', 'prices = ["EUR 5", "XYZ 5"]'), TOML, 14),
    ("MET-038", toml("slug =", 'audience = "grown-ups"\nslug ='), TOML, 4),
    ("MET-022", toml('trim = "5x8in"', 'bleed_mm = "3mm"'), TOML, 14),
    ("MET-039", toml('name = "Ann"', 'name = "The Garden Club"'), TOML, 9),
    ("MAN-001", without_files(TWO), TOML, 6),
    ("MAN-001", lambda book: (book / TWO).rename(book / "chapter-02.md") and None, TOML, 6),
    ("MAN-002", with_file("chapter-3.md", "# Three\n\nText.\n"), "chapter-3.md", 1),
    ("MAN-003", toml('"chapter-2"]', '"chapter-2", "chapter-2"]'), TOML, 6),
    ("MAN-004", toml('"chapter-2"]', '"chaptr-2"]'), TOML, 6),
    ("MAN-005", toml(', "chapter-2"]', ']\nbackmatter = ["chapter-2"]'), TOML, 7),
    ("MAN-006", two(""), TWO, 1),
    ("MAN-006", two("# Two\n"), TWO, 1),
    ("MAN-007", two("The other end.\n"), TWO, 1),
    ("MAN-007", two("# <b></b>\n\nThe other end.\n"), TWO, 1),
    ("MAN-008", one("## Under it", "# Under it"), ONE, 9),
    ("MAN-009", one("## Under it", "### Under it"), ONE, 9),
    ("MET-042", toml("\n[[cont", 'backmatter = ["endnotes"]\n\n[[cont'), TOML, 7),
    ("MET-030", toml("[cover]", f'{EBOOK}notes = "foot"\n[cover]'), TOML, 22),
    ("MET-005", toml("[cover]", '[notes]\nplace = "margin"\n[cover]'), TOML, 21),
    ("MET-043", toml("\n[cover]", '\n[design]\ntheme = "seaside"\n\n[cover]'), TOML, 21),
    ("MET-044", in_broken_theme, "styles/themes/seaside/theme.toml", 1),
    ("MET-041", toml('language = "en"', 'language = "it"\nnumbering = "words"'), TOML, 3),
    ("MET-040", toml('"chapter-2"]', '\n{ title = "Two" }]'), TOML, 7),
    ("MET-040", toml('"chapter-2"]', '\n{ chapter = "chapter-2.md", part = "x.md" }]'), TOML, 7),
    ("MET-004", toml('"chapter-2"]', '\n{ chaptr = "chapter-2.md" }]'), TOML, 7),
    ("MET-005", toml('"chapter-2"]', "\n{ chapter = 2 }]"), TOML, 6),
    ("MET-005", toml('"chapter-2"]', '\n{ chapters = ["chapter-2.md"] }]'), TOML, 7),
    ("MET-005", toml('"chapter-2"]', '{ chapter = "chapter-2.md", numbered = 1 }]'), TOML, 6),
    ("MET-005", toml('"chapter-2"]', '{ chapters = "chapter-2.md", title = "T" }]'), TOML, 6),
    ("MAN-003", toml('"chapter-2"]', '"chapter-2",\n{ chapter = "chapter-2.md" }]'), TOML, 7),
    ("MAN-025", toml('"chapter-2"]', '"chapter-2",\n{ chapter = "a/../../b.md" }]'), TOML, 7),
    ("MAN-045", toml('"chapter-2"]', '"chapter-2",\n{ chapter = ["src/a.md"] }]'), TOML, 7),
    ("MAN-046", toml('"chapter-2"', '{ chapter = "chapter-2.md", title = "Other" }'), TWO, 1),
    ("MAN-047", in_a_folder, "src/b.md", 1),
    ("MAN-010", two(b"# Two\n\nThe \xff end.\n"), TWO, 3),
    ("MAN-011", two(b"# Two\n\nThe \x07 end.\n"), TWO, 3),
    ("MAN-012", two("# Two\n\n" + "word " * 900_000), TWO, None),
    ("MAN-013", two(f"# Two\n\n{DEEP}\n"), TWO, 3),
    ("MAN-013", end("<b>" * 70 + "x" + "</b>" * 70), ONE, 25),
    ("MAN-015", end("The <object>x</object> end."), ONE, 25),
    ("MAN-015", end("The <blink>x</blink> end."), ONE, 25),
    ("MAN-015", end('<video id="film">x</video> and [](#film)'), ONE, 25),
    ("MAN-016", end('The <b style="color: red">end</b>.'), ONE, 25),
    ("MAN-016", end('The <b onclick="x()">end</b>.'), ONE, 25),
    ("MAN-017", end("The [end](javascript:alert)."), ONE, 25),
    ("MAN-018", end("The <b>end."), ONE, 25),
    ("MAN-018", end("The end.</b>"), ONE, 25),
    ("MAN-018", end("The <div>end</div>."), ONE, 25),
    ("MAN-018", one("## Under it", "<div>\n<b>Under it\n</div>"), ONE, 10),
    ("MAN-019", end("The end {>> which? <<}."), ONE, 25),
    ("MAN-095", end("The end {++ of it ++}."), ONE, 25),
    ("MAN-020", end("The end {>> which?"), ONE, 25),
    ("MAN-020", end("The end <<}."), ONE, 25),
    ("MAN-021", end("The end.\n\n/// div"), ONE, 27),
    ("MAN-021", end("The end.\n\n///"), ONE, 27),
    ("MAN-022", end("/// sidebar | #side\nThe end.\n///\n\n[](#side)"), ONE, 25),
    ("MAN-023", end("The end.\n\n/// caption | #end\nWords\n///\n\n[](#end){.number}"), ONE, 27),
    ("MAN-024", one("    more of it", " more of it"), ONE, 21),
    ("MAN-037", one("| 1 | 2 |", "| 1 | 2 | 3 |"), ONE, 13),
    ("MAN-038", end("The end.\n\n[Ann]: Hello"), ONE, 27),
    ("MAN-038", one("A first paragraph.[^1]", "[Ann]: Hello\n\nFirst.[^1]"), ONE, 3),
    ("MAN-036", end("The end.\n\nSee ![a dot](images/a.png){.bleed} here."), ONE, 27),
    ("MAN-036", end("The end.\n\n> ![a dot](images/a.png){.bleed}"), ONE, 27),
    ("MAN-039", two("---\ntitle: Two\ndate: x\n---\n\nThe other end.\n"), TWO, 3),
    ("MAN-040", two("# Chapter 2: Two\n\nThe other end.\n"), TWO, 1),
    ("MAN-041", two("# Chapter Two\n\nThe other end.\n"), TWO, 1),
    ("MAN-068", two("# Chapter 3: Three\n\nThe other end.\n"), TWO, 1),
    ("MAN-042", end("The end.\n\n<table>\n<tr>a</tr>\n</table>"), ONE, 28),
    ("MAN-025", link(TWO, "outside"), TWO, None),
    ("MAN-025", link(TOML, "outside"), TOML, None),
    ("MAN-026", one("## Under it", "```\ncode"), ONE, 9),
    ("MAN-028", end('<table><tr><td colspan="99">x</td></tr></table>'), ONE, 25),
    ("MAN-029", one("# One", "Before it.\n\n# One"), ONE, 1),
    ("MAN-030", with_folder(TWO), TWO, None),
    ("MAN-030", with_folder(TWO, folder=False), TWO, None),
    ("MAN-031", with_file(TOML, 'title = "Tiny"\nmodified = 2026-11-01\n'), TOML, 1),
    ("MAN-031", without_a_body, TOML, 6),
    ("MAN-032", one("caption | #tab", "caption | #tab wide=yes"), ONE, 15),
    ("MAN-033", one("## Under it", "<!-- ## Under it"), ONE, 9),
    ("MAN-034", end("The end:\n2. an item"), ONE, 26),
    ("MAN-044", end("The {% raw %} end."), ONE, 25),
    ("MAN-043", end("1984. The end."), ONE, 25),
    ("MAN-060", end("```py\n" + "x = 1\n" * 20_000 + "```"), ONE, 25),
    ("MAN-061", end("```{r}\nx\n```"), ONE, 25),
    ("MAN-063", one("## Under it", "## Under it\n\n\tThe frost came late that year.\n"), ONE, 11),
    ("MAN-062", end("{{#include ../other.md}}"), ONE, 25),
    ("MAN-069", end("{{#include none.md}}"), ONE, 25),
    ("MAN-069", end("The {{< include none.md >}} end."), ONE, 25),
    ("MAN-069", end('--8<-- "none.md"'), ONE, 25),
    ("MAN-069", end("```{include} none.md\n```"), ONE, 25),
    ("MAN-070", end("The $x^$ end."), ONE, 25),
    ("MAN-071", end("The end.\n\n$$\nx"), ONE, 27),
    ("MAN-072", end("Salt in the\nEvening air, and\nNobody came\nHome by the river."), ONE, 25),
    ("MAN-062", end("```py\n{{#include none.py}}\n```"), ONE, 26),
    ("MAN-050", end("The end.\n\n::: note"), ONE, 27),
    ("MAN-058", end("The end.\n\n:::"), ONE, 27),
    ("MAN-052", end("!!! note\nThe end."), ONE, 25),
    ("MAN-057", end(":::{iframe} https://example.org\n:::\n\nThe end."), ONE, 25),
    ("MAN-051", end('::: {.content-visible when-format="html"}\nThe end.\n:::'), ONE, 25),
    ("MAN-053", end("The end.\n\n> ::: {.landscape}\n> The end.\n> :::"), ONE, 27),
    ("MAN-035", one("## Under it", "<div>\n\nUnder it"), ONE, 9),
    ("REF-001", one("#chapter-2", "#chapter-9"), ONE, 5),
    ("REF-001", one("#chapter-2", "#%00%1b%EF%BF%BF"), ONE, 5),
    ("REF-002", end("The end.[^2]"), ONE, 25),
    ("REF-002", one("paragraph.[^1]", "paragraph.[^one]"), ONE, 3),
    ("REF-002", one("[^1]: The", "[^1] The"), ONE, 3),
    ("REF-003", one("paragraph.[^1]", "paragraph."), ONE, 27),
    ("REF-004", one("The note.", "The note.\n\n[^1]: Again [x]{#x}.\n\nAnd [](#x)."), ONE, 29),
    ("REF-007", one("## Under it", "## Under it {#spot}"), ONE, 9),
    ("REF-007", one("## Under it", "## Under it {#chapter-2}"), ONE, 9),
    ("REF-008", end('<span id="1 st">x</span> and [](#1%20st)'), ONE, 25),
    ("REF-009", one("(#chapter-2)", "(chapter-3.md)"), ONE, 5),
    ("REF-014", ambiguous, "preface.md", 3),
    ("REF-010", one("(#chapter-2)", "(#preface){.number}"), ONE, 5),
    ("REF-011", one("[page]: https://example.org/\n", ""), ONE, 5),
    ("REF-012", one("[^1]: The note.", "[^1]:"), ONE, 27),
    ("REF-013", end("The [end]()."), ONE, 25),
    ("REF-020", citing(table='sources = ["work.bib"]\n'), TOML, 22),
    ("REF-020", citing(table='sources = ["../works.bib"]\n'), TOML, 22),
    ("REF-020", citing(table='sources = ["works.bib", "preface.json"]\n'), TOML, 22),
    ("REF-021", citing(works=WORKS + WORKS), "works.bib", 2),
    ("REF-021", citing(works=WORKS + "@book{elm, title = {Elms\n"), "works.bib", 2),
    ("REF-022", citing("See [@tree] and [also @three, p. 4]."), ONE, 25),
    ("REF-022", citing(table='nocite = ["three"]\n'), TOML, 23),
    ("REF-023", citing("See [@tree] and @three."), ONE, 25),
    ("REF-024", with_endless_style, TOML, 23),
    ("REF-025", citing(table='style = "chicago"\n'), TOML, 23),
    ("REF-025", citing(table='style = "works.csl"\n'), TOML, 23),
    ("REF-026", citing(listed=False), TOML, 20),
    ("REF-027", citing("No work."), TOML, 6),
    ("TYP-001", end('He said, "The end.'), ONE, 25),
    ("IMG-001", without_files(IMAGE), ONE, 7),
    ("IMG-001", one("images/a.png", "images/aa.png"), ONE, 7),
    ("IMG-002", end("![x](https://example.org/x.png){#x} and [](#x)"), ONE, 25),
    ("IMG-002", end("![x](/etc/x.png)"), ONE, 25),
    ("IMG-002", end("![x](data:image/png;base64,AA)"), ONE, 25),
    ("IMG-003", end("![x](../x.png)"), ONE, 25),
    ("IMG-003", end("![x](%2e%2e/x.png)"), ONE, 25),
    ("IMG-003", link(IMAGE, "outside"), ONE, 7),
    ("IMG-004", with_file(IMAGE, "no picture"), ONE, 7),
    ("IMG-004", with_file(IMAGE, png(200)[:60]), ONE, 7),
    ("IMG-004", with_file(IMAGE, png(4, "BMP")), ONE, 7),
    ("IMG-005", one("![A square]", "![]"), ONE, 7),
    ("IMG-006", drawing(SVG.format("<script/>")), ONE, 7),
    ("IMG-006", drawing(SVG.format('<rect fill="url(x.svg#a)"/>')), ONE, 7),
    ("IMG-006", drawing(SVG.format('<image href="b.png"/>')), ONE, 7),
    ("IMG-006", drawing(SVG.format("<g>")), ONE, 7),
    ("IMG-006", drawing("<!DOCTYPE svg [<!ENTITY a 'b'>]>" + SVG.format("")), ONE, 7),
    ("IMG-006", drawing(SVG.format('<g id="a"><use href="#a"/></g>')), ONE, 7),
    ("IMG-007", with_file("images/b.png", PNG), "images/b.png", None),
    ("IMG-008", with_file(IMAGE, png(4, "JPEG")), ONE, 7),
    ("IMG-009", with_file(IMAGE, moving_png()), ONE, 7),
    ("IMG-001", end("![x](images/%00%1b.png)"), ONE, 25),
    ("IMG-006", drawing(SVG.format("<style>@\\69mport 'x.css'</style>")), ONE, 7),
    ("IMG-013", drawing(SVG.format('<rect><animate attributeName="x"/></rect>')), ONE, 7),
    ("IMG-014", end('```d2 caption="End"\na -> b\n```'), ONE, 25),
    ("IMG-015", end('```dot caption="End"\ndigraph {\nwrong }\n```'), ONE, 27),
    ("IMG-016", end("```dot\ndigraph { a }\n```"), ONE, 25),
    ("IMG-011", one('"A square"){#spot}', '"A square"){#spot width=wide}'), ONE, 7),
    ("IMG-011", one('"A square"){#spot}', '"A square"){#spot height=0}'), ONE, 7),
]


@pytest.fixture(autouse=True)
def _no_epoch(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "")


def broken(root: Path, breaking: Breaking) -> Reported:
    write_book(root, CLEAN)
    breaking(root)
    findings = Findings()
    read_book(root, findings)
    return reported(findings)


def test_the_clean_book_has_no_finding(tmp_path: Path) -> None:
    book, found = read(tmp_path, CLEAN)
    assert book is not None
    assert found == []


@pytest.mark.parametrize(
    ("rule", "breaking", "path", "line"),
    MISTAKES,
    ids=[f"{fault[0]}-{number}" for number, fault in enumerate(MISTAKES)],
)
def test_one_mistake_is_one_finding(
    rule: str,
    breaking: Breaking,
    path: str,
    line: int | None,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    if rule.startswith("IMG"):
        diagram_programs.install(tmp_path, monkeypatch)
    found = broken(tmp_path / "book", breaking)
    if rule == "MET-011":
        # Of each language with punctuation there are labels.
        found.remove(("TYP-002", path, line))
    assert found == [(rule, path, line)]


ELSEWHERE = {"MET-045", "MET-046", "MET-047"}
"""Tested with books in vertical lines: ``tests/epub/test_vertical_writing.py``."""


def test_every_rule_of_the_manuscript_is_tested() -> None:
    text = files("makeready").joinpath("rules").joinpath("manuscript.toml").read_text("utf-8")
    assert {fault[0] for fault in MISTAKES} | ELSEWHERE == set(tomllib.loads(text))


def test_two_mistakes_are_two_findings(tmp_path: Path) -> None:
    def breaking(book: Path) -> None:
        one("#chapter-2", "#chapter-9")(book)
        end("The <b>end.")(book)
        toml("slug =", "slugg =")(book)

    assert sorted(broken(tmp_path / "book", breaking)) == [
        ("MAN-018", ONE, 25),
        ("MET-004", TOML, 4),
        ("REF-001", ONE, 5),
    ]


def test_findings_before_a_breaking_one_are_kept(tmp_path: Path) -> None:
    def breaking(book: Path) -> None:
        one("A first", "A <b>first")(book)
        one("## Under it", "```\n[](#nowhere)")(book)

    assert sorted(broken(tmp_path / "book", breaking)) == [("MAN-018", ONE, 3), ("MAN-026", ONE, 9)]


@pytest.mark.parametrize(
    ("unclosed", "rule"),
    [
        ("<div>", "MAN-035"),
        ("<table>", "MAN-035"),
        ("<details><summary>More</summary>", "MAN-035"),
        ("> ```\n> code", "MAN-026"),
        ("- <!-- aside", "MAN-033"),
    ],
)
def test_findings_after_an_unclosed_construct_are_kept(
    unclosed: str, rule: str, tmp_path: Path
) -> None:
    def breaking(book: Path) -> None:
        end(f"{unclosed}\n\nThe <b>end.\n\n![](images/missing.png)")(book)

    found = broken(tmp_path / "book", breaking)
    line = 27 + unclosed.count("\n")
    expected = [("IMG-001", ONE, line + 2), (rule, ONE, 25), ("MAN-018", ONE, line)]
    assert sorted(found) == sorted(expected)


def test_a_missing_target_is_found_beside_an_unclosed_element(tmp_path: Path) -> None:
    def breaking(book: Path) -> None:
        one("#chapter-2", "#chapter-9")(book)
        end("<div>\n\n## Last\n\n[](#last)")(book)

    assert broken(tmp_path / "book", breaking) == [("MAN-035", ONE, 25), ("REF-001", ONE, 5)]


@pytest.mark.parametrize("unclosed", ["<div>", "<table>", "<h4>The end"])
def test_invalid_html_after_an_unclosed_element_is_reported(unclosed: str, tmp_path: Path) -> None:
    invalid = "<table>\n<tr>a</tr>\n</table>"
    found = broken(tmp_path / "book", end(f"{unclosed}\n\nWords.\n\n{invalid}"))
    assert found == [("MAN-035", ONE, 25), ("MAN-042", ONE, 30)]


def test_what_an_unclosed_element_contains_is_no_second_mistake(tmp_path: Path) -> None:
    def heading(book: Path) -> None:
        end("<h4>The end\n\n## Last\n\n- [](#last)")(book)

    def preformatted(book: Path) -> None:
        end("<pre>\nThe end\n\n## Last\n\n- [](#last)")(book)

    assert broken(tmp_path / "heading", heading) == [("MAN-035", ONE, 25)]
    assert broken(tmp_path / "preformatted", preformatted) == [("MAN-026", ONE, 25)]
