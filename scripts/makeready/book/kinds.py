"""The kinds of section a book can have.

``epub:type`` values are of the EPUB Structural Semantics Vocabulary 1.1, roles of
DPUB-ARIA 1.1; a kind that neither names takes the nearest value that both allow on a
``section``.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum


class Division(StrEnum):
    """The division of a book that a section belongs to; the values are epub:type values too."""

    FRONT = "frontmatter"
    BODY = "bodymatter"
    BACK = "backmatter"


class Opening(StrEnum):
    """The side a section has to begin on; ``NEXT`` is the next page, recto or verso."""

    RECTO = "recto"
    VERSO = "verso"
    NEXT = "next"


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of section: its semantics, and how it behaves in a printed book.

    ``generated``: can be made from the metadata alone, so it needs no file.
    ``titled``: shows a heading; a kind that does not takes its title from the labels of the
    language, for the navigation only.
    ``listed``: has an entry in the contents.
    ``display``: a display page, without running head or folio.
    ``depends_on_page_numbers``: its text, and not only the page numbers in it, depends on the
    pages of the other sections, so it is typeset after them.
    ``layout``: the name of its Jinja2 layout, where that is not the kind's own.
    """

    name: str
    divisions: tuple[Division, ...]
    epub_type: str
    role: str
    opening: Opening = Opening.RECTO
    generated: bool = False
    titled: bool = True
    listed: bool = True
    display: bool = False
    numbered: bool = False
    depends_on_page_numbers: bool = False
    layout: str = "section"


BIBLIOGRAPHY = "bibliography"

GROUPS = ("book", "part")
"""The names of the kinds that hold the sections after them, the highest first."""

ENDNOTES = "endnotes"
"""The name of the kind that holds the notes at the end of the book."""

_FRONT, _BODY, _BACK = Division.FRONT, Division.BODY, Division.BACK

KINDS: dict[str, Kind] = {
    kind.name: kind
    for kind in (
        Kind(
            "halftitlepage",
            (_FRONT,),
            "halftitlepage",
            "",
            generated=True,
            titled=False,
            listed=False,
            display=True,
            layout="halftitlepage",
        ),
        Kind(
            "titlepage",
            (_FRONT,),
            "titlepage",
            "",
            generated=True,
            titled=False,
            listed=False,
            display=True,
            layout="titlepage",
        ),
        Kind(
            "copyright-page",
            (_FRONT, _BACK),
            "copyright-page",
            "",
            Opening.VERSO,
            generated=True,
            titled=False,
            listed=False,
            display=True,
            layout="copyright-page",
        ),
        Kind(
            "dedication",
            (_FRONT,),
            "dedication",
            "doc-dedication",
            titled=False,
            listed=False,
            display=True,
            layout="dedication",
        ),
        Kind(
            "epigraph",
            (_FRONT,),
            "epigraph",
            "doc-epigraph",
            titled=False,
            listed=False,
            display=True,
            layout="dedication",
        ),
        Kind("toc", (_FRONT,), "toc", "doc-toc", generated=True, listed=False, layout="toc"),
        Kind("foreword", (_FRONT,), "foreword", "doc-foreword"),
        Kind("preface", (_FRONT,), "preface", "doc-preface"),
        Kind("acknowledgments", (_FRONT, _BACK), "acknowledgments", "doc-acknowledgments"),
        Kind("introduction", (_FRONT, _BODY), "introduction", "doc-introduction"),
        Kind("prologue", (_FRONT, _BODY), "prologue", "doc-prologue"),
        Kind("book", (_BODY,), "volume", "doc-part", display=True, numbered=True, layout="book"),
        Kind("part", (_BODY,), "part", "doc-part", display=True, numbered=True, layout="part"),
        Kind("chapter", (_BODY,), "chapter", "doc-chapter", numbered=True, layout="chapter"),
        Kind("epilogue", (_BODY, _BACK), "epilogue", "doc-epilogue"),
        Kind("conclusion", (_BODY, _BACK), "conclusion", "doc-conclusion"),
        Kind("afterword", (_BACK,), "afterword", "doc-afterword"),
        Kind(
            "appendix",
            (_BODY, _BACK),
            "appendix",
            "doc-appendix",
            numbered=True,
            layout="appendix",
        ),
        Kind("biography", (_BACK,), "appendix", "doc-appendix"),
        Kind("chronology", (_BACK,), "appendix", "doc-appendix"),
        Kind(
            ENDNOTES,
            (_BACK,),
            "endnotes",
            "doc-endnotes",
            generated=True,
            depends_on_page_numbers=True,
        ),
        Kind("glossary", (_FRONT, _BACK), "glossary", "doc-glossary"),
        Kind(BIBLIOGRAPHY, (_BACK,), "bibliography", "doc-bibliography"),
        Kind(
            "index",
            (_BACK,),
            "index",
            "doc-index",
            generated=True,
            depends_on_page_numbers=True,
            layout="index",
        ),
        Kind(
            "colophon",
            (_FRONT, _BACK),
            "colophon",
            "doc-colophon",
            Opening.NEXT,
            generated=True,
            titled=False,
            listed=False,
            display=True,
            layout="colophon",
        ),
        Kind("about-the-author", (_BACK,), "appendix", "doc-appendix"),
    )
}

_NAME = re.compile(r"(?P<kind>[a-z]+(?:-[a-z]+)*)(?:-(?P<ordinal>[1-9][0-9]*))?")


def kind_of(name: str) -> Kind | None:
    """Return the kind that a section's name begins with (``chapter-3`` is a chapter), or None."""
    match = _NAME.fullmatch(name)
    return KINDS.get(match["kind"]) if match else None
