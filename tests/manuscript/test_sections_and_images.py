"""The lists in ``book.toml`` against the files, the structure of sections, and images."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
from generated_books import book_of, found, png, write_book
from PIL import Image

from makeready.findings import Findings
from makeready.manuscript.reader import read_book

BOOK: dict[str, str | bytes] = {
    "book.toml": (
        'title = "A Book"\nmodified = "2024-05-01"\nfrontmatter = ["titlepage", "preface"]\n'
        'bodymatter = [\n"chapter-1",\n"chapter-2",\n]\n'
    ),
    "preface.md": "# Before\n\nText.\n",
    "chapter-1.md": "# One\n\n![A dot](images/dot.png)\n",
    "chapter-2.md": "# Two\n\n## Sub\n\n### Subsub\n\nText.\n",
    "images/dot.png": png(),
}
SVG = '<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink">{}</svg>'


def changed(**files: str | bytes | None) -> dict[str, str | bytes]:
    book = dict(BOOK)
    for name, text in files.items():
        name = name.replace("__", "/").replace("_", "-") + ".md"  # noqa: PLW2901
        if text is None:
            del book[name]
        else:
            book[name] = text
    return book


def two(text: str) -> dict[str, str | bytes]:
    return {**BOOK, "chapter-2.md": f"# Two\n\n{text}\n"}


def listed(old: str, new: str) -> dict[str, str | bytes]:
    toml = str(BOOK["book.toml"])
    assert old in toml
    return {**BOOK, "book.toml": toml.replace(old, new)}


def test_sections_are_in_the_listed_order():
    seen: list[str] = []
    with book_of(BOOK) as (book, findings):
        assert not findings
        assert [(s.name, s.number, s.title, s.source_path) for s in book.sections] == [
            ("titlepage", None, "Title page", ""),
            ("preface", None, "Before", "preface.md"),
            ("chapter-1", 1, "One", "chapter-1.md"),
            ("chapter-2", 2, "Two", "chapter-2.md"),
        ]
        assert [(r.path, r.media_type) for r in book.resources] == [("images/dot.png", "image/png")]
        read_book(book.root, Findings(), seen.append)
    assert seen == ["titlepage", "preface", "chapter-1", "chapter-2"]


MISTAKES = {
    "missing file": (changed(chapter_2=None), "MAN-001", "book.toml", 6),
    "unlisted file": (changed(chapter_3="# T\n\na"), "MAN-002", "chapter-3.md", 1),
    "listed twice": (listed('-2",', '-2",\n"chapter-1",'), "MAN-003", "book.toml", 7),
    "no kind": (listed('"chapter-2",', '"chapter-2",\n"chaptre-3",'), "MAN-004", "book.toml", 7),
    "wrong division": (listed('"preface"]', '"preface"]\nbackmatter = ["dedication"]')
                       | {"dedication.md": "For you."}, "MAN-005", "book.toml", 4),
    "empty": (changed(chapter_2="\n \n"), "MAN-006", "chapter-2.md", 1),
    "title alone": (changed(chapter_2="# Two\n"), "MAN-006", "chapter-2.md", 1),
    "no title": (changed(chapter_2="Text.\n"), "MAN-007", "chapter-2.md", 1),
    "level jump": (changed(chapter_2="# Two\n\na\n\n### Sub\n\nb\n"), "MAN-009", "chapter-2.md", 5),
    "not UTF-8": (changed(chapter_2=b"# Two\n\na \xff\n"), "MAN-010", "chapter-2.md", 3),
    "control character": (changed(chapter_2="# Two\n\na \x00b\n"), "MAN-011", "chapter-2.md", 3),
    "noncharacter": (changed(chapter_2="# Two\n\na \ufdd0b\n"), "MAN-011", "chapter-2.md", 3),
    "too large": (two("word " * 900_000), "MAN-012", "chapter-2.md", None),
    "rule before the title": (changed(chapter_2="---\n\n# Two\n\nb"), "MAN-029", "chapter-2.md", 1),
    "text before the title": (changed(chapter_2="a\n\n# Two\n\nb"), "MAN-029", "chapter-2.md", 1),
    "missing image": (two("a ![b](images/Dot.png)"), "IMG-001", "chapter-2.md", 3),
    "remote image": (two("a ![b](http://c.d/e.png)"), "IMG-002", "chapter-2.md", 3),
    "rooted image": (two("a ![b](/etc/passwd)"), "IMG-002", "chapter-2.md", 3),
    "image outside": (two("a ![b](../../etc/passwd)"), "IMG-003", "chapter-2.md", 3),
    "no image": (two("a ![b](book.toml)"), "IMG-004", "chapter-2.md", 3),
    "no description": (two("a ![](images/dot.png)"), "IMG-005", "chapter-2.md", 3),
}  # fmt: skip


@pytest.mark.parametrize("name", MISTAKES)
def test_a_mistake_is_one_finding(name: str):
    files, rule, path, line = MISTAKES[name]
    with book_of(files) as (_, findings):
        assert found(findings) == [(rule, path, line)]


def test_a_file_of_a_generated_kind_extends_it():
    with book_of({**BOOK, "titlepage.md": "Illustrated.\n"}) as (book, findings):
        assert not findings
        section = book.section("titlepage")
        assert (section.title, len(section.tree)) == ("Title page", 1)


def test_every_mistake_is_reported_in_one_run():
    files = changed(chapter_1="# One\n\n[](#a)\n", chapter_2="# Two\n\n[](#b)\n", preface="c\n")
    with book_of(files) as (_, findings):
        assert found(findings) == [
            ("MAN-007", "preface.md", 1),
            ("REF-001", "chapter-1.md", 3),
            ("REF-001", "chapter-2.md", 3),
        ]


def picture(kind: str) -> bytes:
    buffer = io.BytesIO()
    Image.new("RGB", (40, 30), "red").save(buffer, kind)
    return buffer.getvalue()


NAMES = {
    "plan_#1.png": ("plan_#1.png", "plan_%231.png"),
    "100%.png": ("100%.png", "100%25.png"),
    "50%20off.png": ("50%20off.png", "50%2520off.png"),
    "my plan.png": ("<images/my plan.png>", "my%20plan.png"),
    "what?.PNG": ("what?.PNG", "what%3F.PNG"),
    "Zürich.png": ("Zürich.png", "Z%C3%BCrich.png", "Zu\u0308rich.png"),
    "Zu\u0308rich.png": ("Zürich.png",),
    "示意图.png": ("示意图.png", "%E7%A4%BA%E6%84%8F%E5%9B%BE.png"),
    "a&b.png": ("a&b.png", "a&amp;b.png", "a%26b.png"),
    "a;b=c+d,e.png": ("a;b=c+d,e.png", "a%3Bb%3Dc%2Bd%2Ce.png"),
}


@pytest.mark.parametrize("name", NAMES)
def test_a_name_is_taken_as_it_is_and_as_in_a_url(name: str) -> None:
    for written in NAMES[name]:
        source = written if written.startswith("<") else f"images/{written}"
        files = {"chapter-1.md": f"# T\n\na ![b]({source})", f"images/{name}": picture("PNG")}
        with book_of(files) as (book, findings):
            assert (written, found(findings, notes=True)) == (written, [])
            assert [r.path for r in book.resources] == [f"images/{name}"]


@pytest.mark.parametrize(
    ("name", "data", "media_type"),
    [
        ("a.jpg", picture("JPEG"), "image/jpeg"),
        ("a.gif", picture("GIF"), "image/gif"),
        ("a.webp", picture("WEBP"), "image/webp"),
        ("a.svg", SVG.format('<g id="b"/><use href="#b"/>').encode(), "image/svg+xml"),
        ("my a.png", picture("PNG"), "image/png"),
    ],
)
def test_the_type_of_an_image_is_that_of_its_content(name: str, data: bytes, media_type: str):
    files = {"chapter-1.md": f"# T\n\na ![b](<images/{name}>)", f"images/{name}": data}
    with book_of(files) as (book, findings):
        assert not findings
        assert [(r.path, r.media_type) for r in book.resources] == [(f"images/{name}", media_type)]


@pytest.mark.parametrize(
    ("name", "data", "rule"),
    [
        ("a.png", picture("JPEG"), "IMG-008"),
        ("a.png", picture("PNG")[:60], "IMG-004"),
        ("a.jpg", picture("JPEG")[:400], "IMG-004"),
        ("a.tif", picture("TIFF"), "IMG-004"),
        ("a.png", b"", "IMG-004"),
        ("a.svg", SVG.format("<script>b()</script>").encode(), "IMG-006"),
        ("a.svg", SVG.format('<g onload="b()"/>').encode(), "IMG-006"),
        ("a.svg", SVG.format('<image xlink:href="file:///etc/passwd"/>').encode(), "IMG-006"),
        ("a.svg", SVG.format('<use href="http://b.c/d.svg#e"/>').encode(), "IMG-006"),
        ("a.svg", SVG.format('<g style="fill:url(http://b.c)"/>').encode(), "IMG-006"),
        ("a.svg", SVG.format("<style>@import 'b';</style>").encode(), "IMG-006"),
        ("a.svg", SVG.format("<foreignObject/>").encode(), "IMG-006"),
        ("a.svg", SVG.format("<g>").encode(), "IMG-006"),
        ("a.svg", b'<!DOCTYPE svg [<!ENTITY a "b">]>' + SVG.format("&a;").encode(), "IMG-006"),
        ("a.svg", SVG.format("".join(
            f'<g id="a{n}">' + f'<use href="#a{n - 1}"/>' * 10 + "</g>" for n in range(9)
        )).encode(), "IMG-006"),
        ("a.svg", SVG.format('<g id="a"><use href="#a"/></g>').encode(), "IMG-006"),
    ],
)  # fmt: skip
def test_a_mistake_in_an_image(name: str, data: bytes, rule: str):
    files = {"chapter-1.md": f"# T\n\na ![b](images/{name})", f"images/{name}": data}
    with book_of(files) as (_, findings):
        assert found(findings) == [(rule, "chapter-1.md", 3)]


def test_an_unused_image_is_reported():
    with book_of({**BOOK, "images/old.png": png()}) as (_, findings):
        assert found(findings, notes=True) == [("IMG-007", "images/old.png", None)]


@pytest.mark.parametrize(
    ("link", "rule"), [("chapter-2.md", "MAN-025"), ("images/dot.png", "IMG-003")]
)
def test_a_symlink_out_of_the_book_is_refused(tmp_path: Path, link: str, rule: str):
    root = write_book(tmp_path / "book", BOOK)
    secret = tmp_path / Path(link).name
    (root / link).rename(secret)
    (root / link).symlink_to(secret)
    findings = Findings()
    read_book(root, findings)
    assert [f.id for f in findings] == [rule]


@pytest.mark.parametrize(
    ("source", "shape"),
    [
        ("![A dot](images/dot.png){.bleed}", "figure.bleed(img)"),
        ("![A dot](images/dot.png)\n{.bleed}", "figure.bleed(img)"),
        ("![](images/dot.png){.bleed .decorative}", "figure.bleed(img.decorative)"),
        ('![A dot](images/dot.png "A dot"){.bleed}', "figure.bleed(img figcaption)"),
        (
            "![A dot](images/dot.png)\n\n/// caption | .bleed\nA dot\n///",
            "figure.bleed(img figcaption)",
        ),
        ("![A dot](images/dot.png)", "p(img)"),
        ("Words.\n{.bleed}", "p.bleed()"),
    ],
)
def test_an_image_with_bleed_is_a_figure(source: str, shape: str) -> None:
    def shown(element):
        return ".".join([element.tag, *filter(None, [element.get("class")])])

    with book_of(two(f"Before.\n\n{source}")) as (book, findings):
        assert not findings
        block = book.section("chapter-2").tree[1]
        assert f"{shown(block)}({' '.join(shown(child) for child in block)})" == shape
