"""One section typeset, checked and written as a fragment."""

from __future__ import annotations

import hashlib
import re
import zlib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import lru_cache
from typing import Any
from xml.etree import ElementTree

import weasyprint.pdf.fonts as engine_fonts
from weasyprint.document import Document

from makeready.engine.image_uses import image_uses
from makeready.engine.page_number_marks import PageNumberRecorder
from makeready.engine.page_positions import page_positions
from makeready.engine.proofread import Proofreader
from makeready.engine.replaced_functions import replaced
from makeready.engine.section_job import SectionJob
from makeready.engine.tagging.second_codes import second_codes_of
from makeready.engine.text_cache import cached_text_layout
from makeready.engine.turned_lines import turned_lines_marked
from makeready.engine.typesetter import (
    TypesetSection,
    Typesetter,
    collected_warnings,
    write_document,
)
from makeready.findings import Findings
from makeready.pdf.extract import OTHER_SECTION_URL, extract_section
from makeready.pdf.fragment import Bookmark, Destination, FontUse, Fragment
from makeready.pdf.page_numbers import with_changeability
from makeready.templates.images import UNDESCRIBED

_ID = re.compile(r' id="([^"]+)"')
_LINK = re.compile(r' href="#([^"]+)"')
_NO_DESCRIPTION = re.compile(r'Image "(.*)" has no required alt description', re.DOTALL)
_TRUETYPE = b"\x00\x01\x00\x00"
_PT_PER_PX = 0.75
_CACHED_FONTS = 16


def render_section(typesetter: Typesetter, section_job: SectionJob) -> Fragment:
    """Typeset a section, proofread its pages, and write them as a fragment."""
    with cached_text_layout():
        section = typesetter.typeset(
            _with_external_links(section_job.markup),
            section_job.first_number,
            on_verso=section_job.on_verso,
        )
        findings = Findings()
        proofreader = Proofreader(typesetter.fonts, findings)
        proofreader.check_pages(section_job.source_path, section.pages, section.notes)
        return _write_fragment(section, section_job, typesetter, findings)


def _write_fragment(
    section: TypesetSection, section_job: SectionJob, typesetter: Typesetter, findings: Findings
) -> Fragment:
    """Write a typeset section as a fragment, without font programs."""
    document = section.document
    recorder = PageNumberRecorder(document)
    with (
        collected_warnings() as messages,
        turned_lines_marked(),
        _without_fonts() as digests,
    ):
        content = write_document(
            document, typesetter.variant, typesetter.ink, recorder, with_second_codes=True
        )
    extracted = extract_section(content, section_job.name, ink=typesetter.ink)
    marked_streams = (
        zlib.decompress(s.data) for s in extracted.objects.streams if s.has_page_numbers
    )
    page_starts, lines = page_positions(section.root, section.pages)
    return Fragment(
        extracted=extracted,
        source_path=section_job.source_path,
        page_count=len(document.pages),
        destinations=tuple(_destinations(document)),
        bookmarks=_bookmarks(document.make_bookmark_tree(_PT_PER_PX, transform_pages=True)),
        page_numbers=tuple(with_changeability(recorder.numbers, marked_streams)),
        fonts=_font_uses(document, digests),
        page_starts=page_starts,
        messages=(*section.messages, *_unreported(messages, section.root)),
        findings=tuple(findings),
        images=image_uses(section.root, section.pages),
        lines=lines,
        line_counts=section.line_counts,
    )


def _with_external_links(markup: str) -> str:
    """Give links to other sections an external URL, which `extract_section` makes a named one.

    The engine drops a link whose target is not in the document, with a warning.
    """
    own = set(_ID.findall(markup))

    def href(match: re.Match[str]) -> str:
        return match[0] if match[1] in own else f' href="{OTHER_SECTION_URL}{match[1]}"'

    return _LINK.sub(href, markup)


def _unreported(messages: Sequence[str], root: ElementTree.Element) -> Iterator[str]:
    """Yield the messages but those about images that a finding has reported, with its line."""
    undescribed = {image.get("src") for image in root.iter("img") if UNDESCRIBED in image.attrib}
    for message in messages:
        match = _NO_DESCRIPTION.fullmatch(message)
        if match is None or match[1] not in undescribed:
            yield message


@contextmanager
def _without_fonts() -> Iterator[dict[int, str]]:
    """Have fonts written as stubs; yield the SHA-256 of each font's file by the font's identity.

    The engine would subset each font for each section; `makeready.pdf.fonts` does it once, over
    the whole book.
    """
    digests: dict[int, str] = {}

    def clean(self: Any, _to_unicode: Any, _hinting: Any) -> None:
        digests[id(self)] = _sha256(self.file_content)
        self.file_content = _TRUETYPE

    with replaced(engine_fonts.Font, clean=clean):
        yield digests


@lru_cache(_CACHED_FONTS)
def _sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def _destinations(document: Document) -> Iterator[Destination]:
    """Yield where each anchor is; of two with one name the first counts."""
    known: set[str] = set()
    for index, page in enumerate(document.pages):
        for anchor, position in page.anchors.items():
            if anchor not in known:
                known.add(anchor)
                x, y = position[0], position[1]
                yield Destination(anchor, index, x * _PT_PER_PX, (page.height - y) * _PT_PER_PX)


def _bookmarks(tree: Sequence[Any]) -> tuple[Bookmark, ...]:
    return tuple(
        Bookmark(title, page, x, y, _bookmarks(children))
        for title, (page, x, y), children, _ in tree
    )


def _font_uses(document: Document, digests: dict[int, str]) -> dict[str, FontUse]:
    """Return the fonts of a document by their names in its content streams.

    The engine has a font for each size; all with one name are merged.
    """
    uses: dict[str, FontUse] = {}
    by_hash = {f.hash: digests[id(f)] for f in document.fonts.values() if id(f) in digests}
    for font in document.fonts.values():
        use = uses.get(font.hash)
        if use is None:
            use = uses[font.hash] = FontUse(
                name=font.name.decode(),
                family=font.family,
                digest=by_hash[font.hash],
                flags=font.flags,
                ascent=font.ascent,
                descent=font.descent,
                widths={},
                to_unicode={},
            )
        use.widths.update(font.widths)
        for glyph, text in font.to_unicode.items():
            use.to_unicode.setdefault(glyph, text)
        use.second_codes.update(second_codes_of(font))
    return uses
