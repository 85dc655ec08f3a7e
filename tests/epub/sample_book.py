"""A small but full book, made by hand, and an EPUB opened to be looked into."""

from __future__ import annotations

import zipfile
from dataclasses import dataclass
from pathlib import Path

from lxml import etree
from PIL import Image

from makeready.book.kinds import Division, kind_of
from makeready.book.labels import labels_for
from makeready.book.model import (
    Anchor,
    Book,
    Contributor,
    Edition,
    EditionKind,
    Metadata,
    Note,
    Resource,
    Section,
)
from makeready.epub.package import assemble, write_epub
from makeready.findings import Findings
from makeready.fonts import Font
from makeready.templates.environment import Layouts

XHTML = "{http://www.w3.org/1999/xhtml}"
OPS = "{http://www.idpf.org/2007/ops}"
OPF = "{http://www.idpf.org/2007/opf}"
DC = "{http://purl.org/dc/elements/1.1/}"
NCX = "{http://www.daisy.org/z3986/2005/ncx/}"

_FIGURE = (
    '<figure id="fig-steppe"><img src="images/maps/The Steppe.png" alt="Grass to the horizon"/>'
    '<figcaption><span class="label">Figure 1.</span> The steppe in spring</figcaption></figure>'
)
_TABLE = (
    '<table id="tab-area"><caption><span class="label">Table 1.</span> Area</caption>'
    "<thead><tr><th>Country</th><th>Area</th></tr></thead>"
    '<tbody><tr><td>Kazakhstan</td><td class="number">2,724,900</td></tr></tbody></table>'
)
_BODIES = {
    "copyright-page": "<p>All rights reserved.</p>",
    "introduction": "<p>The book begins before its first part.</p>",
    "part-1": "",
    "chapter-1": (
        "<h2 id='roads'>Roads &amp; rails</h2><p>A road goes <i lang='fr'>tout droit</i> over the"
        " plain.<a class='noteref' data-note='1'/> See <a class='xref' href='#chapter-2'"
        " data-form='number'/> and <a class='xref' href='#fig-steppe' data-form='number'/>.</p>"
        f"{_FIGURE}<p>It ends at a <strong>well</strong>.<a class='noteref' data-note='2'/></p>"
        "<blockquote><p>Water first.</p></blockquote><hr class='break'/>"
        "<ul><li><p>a camel</p></li><li><p>a horse</p></li></ul>"
    ),
    "chapter-2": (
        f"<p>The ministry of Kazakhstan, in Kazakh <span lang='kk'>Қазақстан</span>.</p>{_TABLE}"
        "<div class='verse'><p>A line,</p><p>and a line.</p></div>"
        "<p>Back to <a class='xref' href='#roads' data-form='title'/>.</p>"
    ),
    "part-2": "<p>A word before the second part.</p>",
    "chapter-3": "<p>The last chapter.</p>",
    "glossary": "<dl><dt>OSCE</dt><dd><p>a body for security in Europe</p></dd></dl>",
}
_NOTES = {
    "chapter-1": (
        "<p>Straight ahead.</p><p>See <a class='xref' href='#tab-area' data-form='number'/>.</p>",
        "<p>A deep one.</p>",
    )
}
_TITLES = {
    "titlepage": "Title page",
    "halftitlepage": "Half-title",
    "copyright-page": "Copyright",
    "toc": "Contents",
    "introduction": "Introduction",
    "part-1": "Over & under",
    "chapter-1": 'Roads <i lang="fr">à travers</i> "A & B"',
    "chapter-2": "Қазақстан – «дала»",
    "part-2": "Beyond",
    "chapter-3": "Less < more",
    "glossary": "Glossary",
    "colophon": "Colophon",
}
_DIVISIONS = {
    **dict.fromkeys(("halftitlepage", "titlepage", "copyright-page", "toc"), Division.FRONT),
    **dict.fromkeys(("glossary", "colophon"), Division.BACK),
}


def _tree(tag: str, markup: str) -> etree._Element:
    return etree.fromstring(f"<{tag}>{markup}</{tag}>")


def _section(name: str) -> Section:
    kind = kind_of(name)
    assert kind is not None
    title = _TITLES[name]
    is_markup = "<i" in title
    markup = title.replace("&", "&amp;") if is_markup else _escape(title)
    title_tree = _tree("span", markup)
    notes = tuple(
        Note(number, _tree("div", body), line=number)
        for number, body in enumerate(_NOTES.get(name, ()), start=1)
    )
    return Section(
        name=name,
        kind=kind,
        division=_DIVISIONS.get(name, Division.BODY),
        number=int(name.rpartition("-")[2]) if kind.numbered else None,
        title="".join(title_tree.itertext()),
        title_tree=title_tree,
        source_path=f"{name}.md" if name in _BODIES else "",
        tree=_tree("div", _BODIES.get(name, "")),
        notes=notes,
    )


def _escape(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;")


def make_book(root: Path) -> Book:
    """Write the images of the sample book under ``root`` and return the book."""
    (root / "images/maps").mkdir(parents=True)
    Image.new("RGB", (600, 300), "#8a9a5b").save(root / "images/maps/The Steppe.png")
    Image.new("RGB", (20, 20), "red").save(root / "images/unused.png")
    sections = tuple(_section(name) for name in _TITLES)
    places = [
        Anchor("roads", "chapter-1", "heading", "", "Roads & rails"),
        Anchor("fig-steppe", "chapter-1", "figure", "1", "The steppe in spring"),
        Anchor("tab-area", "chapter-2", "table", "1", "Area"),
        *(Anchor(s.name, s.name, s.kind.name, str(s.number or ""), s.title) for s in sections),
    ]
    return Book(
        root=root,
        metadata=Metadata(
            title='Salt & Grass: "a < b"',
            subtitle="Notes from the Қазақ steppe",
            slug="salt-and-grass",
            language="en",
            identifier="urn:uuid:6f0f1c1e-4f6b-5d59-9e5c-0c8a2f0f7a11",
            modified="2024-05-06T07:08:09Z",
            contributors=(
                Contributor("Ann O’Neill", "O’Neill, Ann"),
                Contributor("Béla <Tóth>", "Tóth, Béla", "trl"),
                Contributor("Cy Young", "Young, Cy"),
            ),
            publisher="Salt & Sons",
            date="2024",
            rights="© the authors",
            source="The Grass Gazette",
            description="A small book & a full one.",
            subjects=("Travel", "Steppes & plains"),
        ),
        sections=sections,
        resources=(
            Resource("images/maps/The Steppe.png", "image/png"),
            Resource("images/unused.png", "image/png"),
        ),
        editions=(EDITION,),
        anchors={anchor.id: anchor for anchor in places},
        labels=labels_for("en", {}, Findings()),
    )


EDITION = Edition("ebook", EditionKind.EPUB, isbn="978-3-16-148410-0")


@dataclass(frozen=True)
class Epub:
    """A written EPUB, opened: its path, and its files by name."""

    path: Path
    names: tuple[str, ...]
    files: dict[str, bytes]

    @classmethod
    def open(cls, path: Path) -> Epub:
        with zipfile.ZipFile(path) as archive:
            names = tuple(archive.namelist())
            return cls(path, names, {name: archive.read(name) for name in names})

    def xml(self, name: str) -> etree._Element:
        return etree.fromstring(self.files[f"EPUB/{name}"])

    @property
    def package(self) -> etree._Element:
        return self.xml("content.opf")

    @property
    def documents(self) -> dict[str, etree._Element]:
        """The XHTML documents, by file name."""
        return {
            name.rpartition("/")[2]: etree.fromstring(content)
            for name, content in self.files.items()
            if name.endswith(".xhtml")
        }

    def texts(self, name: str) -> list[str]:
        """The values of a Dublin Core element."""
        return [element.text or "" for element in self.package.iter(f"{DC}{name}")]

    def properties(self, name: str) -> list[str]:
        """The values of a meta property."""
        return [
            element.text or ""
            for element in self.package.iter(f"{OPF}meta")
            if element.get("property") == name
        ]


def write_book(
    book: Book, fonts: tuple[Font, ...], cover_jpeg: bytes, target: Path, edition: Edition = EDITION
) -> Epub:
    """Write a book as an EPUB, and open it."""
    publication = assemble(book, edition, Layouts(book.root), fonts)
    write_epub(publication, cover_jpeg, book.metadata.modified, target)
    return Epub.open(target)
