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
    """The part of a book a section stands in; the values are epub:type values too."""

    FRONT = "frontmatter"
    BODY = "bodymatter"
    BACK = "backmatter"


class Opening(StrEnum):
    """The page a section must begin on; ``NEXT`` takes the next page, whichever it is."""

    RECTO = "recto"
    VERSO = "verso"
    NEXT = "next"


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of section: its semantics, and how it behaves in a printed book.

    ``generated``: can be made from the metadata alone, so it needs no file.
    ``titled``: shows a heading; a kind that is not takes its title from the words of the
    language, for the navigation only.
    ``listed``: has an entry in the contents.
    ``display``: a display page, without running head or folio.
    ``depends_on_page_numbers``: what stands in it, and not only its numbers, follows from the pages
    of the other sections, so it is set when they are.
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


_F, _B, _K = Division.FRONT, Division.BODY, Division.BACK

KINDS: dict[str, Kind] = {
    kind.name: kind
    for kind in (
        Kind(
            "halftitlepage",
            (_F,),
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
            (_F,),
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
            (_F, _K),
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
            (_F,),
            "dedication",
            "doc-dedication",
            titled=False,
            listed=False,
            display=True,
            layout="dedication",
        ),
        Kind(
            "epigraph",
            (_F,),
            "epigraph",
            "doc-epigraph",
            titled=False,
            listed=False,
            display=True,
            layout="dedication",
        ),
        Kind("toc", (_F,), "toc", "doc-toc", generated=True, listed=False, layout="toc"),
        Kind("foreword", (_F,), "foreword", "doc-foreword"),
        Kind("preface", (_F,), "preface", "doc-preface"),
        Kind("acknowledgments", (_F, _K), "acknowledgments", "doc-acknowledgments"),
        Kind("introduction", (_F, _B), "introduction", "doc-introduction"),
        Kind("prologue", (_F, _B), "prologue", "doc-prologue"),
        Kind("part", (_B,), "part", "doc-part", display=True, numbered=True, layout="part"),
        Kind("chapter", (_B,), "chapter", "doc-chapter", numbered=True, layout="chapter"),
        Kind("epilogue", (_B, _K), "epilogue", "doc-epilogue"),
        Kind("conclusion", (_B, _K), "conclusion", "doc-conclusion"),
        Kind("afterword", (_K,), "afterword", "doc-afterword"),
        Kind("appendix", (_K,), "appendix", "doc-appendix"),
        Kind("biography", (_K,), "appendix", "doc-appendix"),
        Kind("chronology", (_K,), "appendix", "doc-appendix"),
        Kind("glossary", (_F, _K), "glossary", "doc-glossary"),
        Kind("bibliography", (_K,), "bibliography", "doc-bibliography"),
        Kind(
            "index",
            (_K,),
            "index",
            "doc-index",
            generated=True,
            depends_on_page_numbers=True,
            layout="index",
        ),
        Kind(
            "colophon",
            (_F, _K),
            "colophon",
            "doc-colophon",
            Opening.NEXT,
            generated=True,
            titled=False,
            listed=False,
            display=True,
            layout="colophon",
        ),
        Kind("about-the-author", (_K,), "appendix", "doc-appendix"),
    )
}

_NAME = re.compile(r"(?P<kind>[a-z]+(?:-[a-z]+)*)(?:-(?P<ordinal>[1-9][0-9]*))?")


def kind_of(name: str) -> Kind | None:
    """Return the kind that a section's name says (``chapter-3`` is a chapter), or None."""
    match = _NAME.fullmatch(name)
    return KINDS.get(match["kind"]) if match else None
