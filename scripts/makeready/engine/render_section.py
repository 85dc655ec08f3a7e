"""One section set as a fragment; this is what a worker does."""

from __future__ import annotations

import hashlib
import io
import re
import zlib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import weasyprint.pdf.fonts as engine_fonts
from weasyprint.document import Document

from makeready.engine.page_number_marks import PageNumberMarks
from makeready.engine.page_positions import page_starts
from makeready.engine.proofread import Proofreader
from makeready.engine.section_job import SectionJob
from makeready.engine.text_cache import cached_text_layout
from makeready.engine.typesetter import TypesetSection, Typesetter, listening
from makeready.findings import Findings
from makeready.pdf.extract import ELSEWHERE, extract_section
from makeready.pdf.fragment import Bookmark, Destination, FontUse, Fragment
from makeready.pdf.page_numbers import settable

_ID = re.compile(r' id="([^"]+)"')
_LINK = re.compile(r' href="#([^"]+)"')
_TRUETYPE = b"\x00\x01\x00\x00"
_PT_PER_PX = 0.75


def render_section(typesetter: Typesetter, section_job: SectionJob) -> Fragment:
    """Typeset a section, read its proof, and draw it as a fragment."""
    with cached_text_layout():
        section = typesetter.typeset(
            _localised(section_job.markup), section_job.first_number, on_verso=section_job.on_verso
        )
        findings = Findings()
        Proofreader(typesetter.fonts, findings).read(section_job.source_path, section.pages)
        return _draw(section, section_job, typesetter, findings)


def _draw(
    section: TypesetSection, section_job: SectionJob, typesetter: Typesetter, findings: Findings
) -> Fragment:
    """Draw a typeset section, its fonts left out."""
    document = section.document
    recorder = PageNumberMarks(document)
    out = io.BytesIO()
    with listening() as messages, recorder.recording(), _fonts_left_out() as digests:
        document.write_pdf(out, pdf_variant=typesetter.variant)
    pages = extract_section(out.getvalue(), section_job.name, ink=typesetter.ink)
    marked = (zlib.decompress(s.data) for s in pages.objects.streams if s.marked)
    return Fragment(
        extracted=pages,
        source_path=section_job.source_path,
        page_count=len(document.pages),
        destinations=tuple(_destinations(document)),
        bookmarks=_bookmarks(document.make_bookmark_tree(_PT_PER_PX, transform_pages=True)),
        numbers=tuple(settable(recorder.numbers, marked)),
        fonts=_font_uses(document, digests),
        starts=page_starts(section.root, section.pages),
        messages=(*section.messages, *messages),
        findings=tuple(findings),
    )


def _localised(markup: str) -> str:
    """Give links to other sections an address that becomes the name of their place."""
    own = set(_ID.findall(markup))

    def elsewhere(match: re.Match[str]) -> str:
        return match[0] if match[1] in own else f' href="{ELSEWHERE}{match[1]}"'

    return _LINK.sub(elsewhere, markup)


@contextmanager
def _fonts_left_out() -> Iterator[dict[int, str]]:
    """Write fonts as stubs, noting the digest of each font's file by the font's identity."""
    digests: dict[int, str] = {}
    original = engine_fonts.Font.clean

    def clean(self: Any, _to_unicode: Any, _hinting: Any) -> None:
        digests[id(self)] = hashlib.sha256(self.file_content).hexdigest()
        self.file_content = _TRUETYPE

    engine_fonts.Font.clean = clean
    try:
        yield digests
    finally:
        engine_fonts.Font.clean = original


def _destinations(document: Document) -> Iterator[Destination]:
    seen: set[str] = set()
    for index, page in enumerate(document.pages):
        for anchor, place in page.anchors.items():
            if anchor not in seen:
                seen.add(anchor)
                x, y = place[0], place[1]
                yield Destination(anchor, index, x * _PT_PER_PX, (page.height - y) * _PT_PER_PX)


def _bookmarks(tree: Sequence[Any]) -> tuple[Bookmark, ...]:
    return tuple(
        Bookmark(title, page, x, y, _bookmarks(children))
        for title, (page, x, y), children, _ in tree
    )


def _font_uses(document: Document, digests: dict[int, str]) -> dict[str, FontUse]:
    """Gather the fonts of a document by the name its content streams call them by."""
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
                letters={},
            )
        use.widths.update(font.widths)
        for glyph, text in font.to_unicode.items():
            use.letters.setdefault(glyph, text)
    return uses
