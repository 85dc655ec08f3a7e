"""The wrap: a printed cover in one PDF, in inks, in the exact size the printer requires."""

from __future__ import annotations

import hashlib
import io
from dataclasses import dataclass, field
from math import floor
from typing import TYPE_CHECKING

import pikepdf
from PIL import ImageColor

from makeready.book.model import BOOK_FILE, CoverColours
from makeready.book.prices import price_digits
from makeready.cache import DiskCache, code_version
from makeready.cover.barcode_position import place_barcode
from makeready.cover.pictures import back_pictures, resolutions
from makeready.cover.wrap_layout import (
    BarcodeArea,
    BoardLayout,
    Label,
    SpineType,
    blurb_room_pt,
    board_layout,
    largest_spine_size_pt,
    lowest_label,
    tallest_label,
    wrap_document,
    wrap_rules,
)
from makeready.engine.messages import report_messages
from makeready.engine.section_job import TypesetterConfig
from makeready.findings import Findings, SourceLocation
from makeready.pagination.pagination import Pagination
from makeready.pdf.images import image_target
from makeready.pdf.inks import InkConverter, ink_converter
from makeready.pdf.pdfx import PDF_VERSIONS, write_pdfx
from makeready.pdf.press import finish_pages
from makeready.pdf.transparency import remove_transparency_groups
from makeready.printers.cover import CoverBox, CoverGeometry, cover_geometry, mm_to_pt
from makeready.printers.print_job import PrintJob
from makeready.printers.spine import check_spine
from makeready.printers.unsupported import UnsupportedError
from makeready.wording import counted

if TYPE_CHECKING:
    from makeready.engine.typesetter import TypesetSection

_LARGEST_PT, _SMALLEST_PT = 12.0, 8.5
_LEAST_SPINE_PT = 6.0
_SPINE_TEXT, _NO_SPINE_TEXT = b"1", b"0"
"""The first byte of a wrap in the cache: whether it has text on the spine."""


@dataclass(frozen=True, slots=True)
class FinishedWrap:
    """A finished wrap, its geometry, and the white background of its barcode."""

    content: bytes
    geometry: CoverGeometry
    barcode: CoverBox | None


def make_wrap(
    pagination: Pagination, job: PrintJob, pages: int, cache: DiskCache | None = None
) -> FinishedWrap | None:
    """Return the wrap of a print job of so many pages, from the cache if it is there.

    None, with a finding, where its printer publishes no measures for it.
    """
    edition, location = job.edition, job.location()
    try:
        right_to_left = pagination.book.metadata.direction == "rtl"
        geometry = cover_geometry(job, pages, right_to_left=right_to_left)
    except UnsupportedError as refusal:
        pagination.findings.add(
            "COV-010",
            location,
            edition=edition.name,
            problem=refusal.message,
            hint=refusal.hint,
        )
        return None
    least = job.minimum_pages_if_made
    if least is not None and pages < least:
        pagination.findings.add(
            "COV-010",
            location,
            edition=edition.name,
            problem=f"the book has {counted(pages, 'page')}; this binding needs at least {least}.",
            hint="Add pages, or choose another binding or printer.",
        )
        return None
    check_spine(job, pages, pagination.findings)
    wrap = _WrapMaker(pagination, job, geometry)
    wrap.report_resolutions()
    return wrap.make() if cache is None else wrap.from_cache(cache)


@dataclass
class _WrapMaker:
    """The maker of one wrap."""

    pagination: Pagination
    job: PrintJob
    geometry: CoverGeometry
    location: SourceLocation = field(init=False)
    boards: BoardLayout = field(init=False)
    foot_pictures: dict[str, CoverBox] = field(init=False)
    foot: CoverBox | None = field(init=False)

    def __post_init__(self) -> None:
        self.location = self.job.location()
        theme = self.pagination.layouts.theme
        self.boards = board_layout(self.geometry, has_cloth_spine=theme.has_cloth_spine)
        pictures = self.pagination.book.pictures
        self.foot_pictures = back_pictures(pictures, self.boards, self.geometry.barcode)
        # The text of the back is above what is at its foot.
        tops = [self.geometry.barcode, *self.foot_pictures.values()]
        self.foot = min(filter(None, tops), key=lambda box: box.top_mm, default=None)

    def from_cache(self, cache: DiskCache) -> FinishedWrap:
        """Return the wrap from the cache, or make it; one with findings is not cached."""
        barcode = self._barcode()
        key = self._key(barcode)
        content = cache.get(key)
        if content is not None:
            self._report_spine(has_text=content[:1] == _SPINE_TEXT)
            return FinishedWrap(content[1:], self.geometry, barcode.background if barcode else None)
        count = len(self.pagination.findings)
        wrap = self.make()
        new = [finding.id for finding in self.pagination.findings][count:]
        if set(new) <= {"COV-011"}:
            cache.put(key, (_NO_SPINE_TEXT if new else _SPINE_TEXT) + wrap.content)
            cache.evict()
        return wrap

    def make(self) -> FinishedWrap:
        """Typeset, finish and return the wrap; a text that does not fit is reported."""
        # Imported here because a wrap from the cache needs no engine.
        from makeready.engine.embedded_fonts import contours_united  # noqa: PLC0415
        from makeready.engine.proofread import Proofreader  # noqa: PLC0415
        from makeready.engine.typesetter import collected_warnings, write_document  # noqa: PLC0415

        barcode = self._barcode()
        spine = self._largest_spine()
        first = self._typeset(barcode, self._largest_label(), spine)
        fitting = self._fit_label(first, barcode, spine)
        label = fitting or tallest_label(self.boards, self.foot, _SMALLEST_PT)
        spine = self._fit_spine(first, spine)
        self._report_spine(has_text=spine.size_pt > 0)
        wrap = self._typeset(barcode, label, spine)
        if len(wrap.pages) > 1:
            self.pagination.findings.add("COV-001", self.location)
        found = Findings()
        Proofreader(self.pagination.fonts, found).check_pages(BOOK_FILE, wrap.pages)
        with collected_warnings() as messages, contours_united(self.pagination.fonts):
            typeset_pdf = write_document(wrap.document, ink=self._ink)
        report_messages((*wrap.messages, *messages), self.location, found)
        for finding in found:
            # A text that does not fit has been reported.
            if fitting is not None or finding.id != "LAY-005":
                self.pagination.findings.append(finding)
        content, opaque = finish_wrap(typeset_pdf, self.geometry, self._ink, self.job.pdf_x)
        if not opaque:
            self.pagination.findings.add("COV-015", self.location, edition=self.job.edition.name)
        return FinishedWrap(content, self.geometry, barcode.background if barcode else None)

    def report_resolutions(self) -> None:
        """Add a finding for each picture that is too coarse for its size in print."""
        rules, book = self.job.profile.rules.interior, self.pagination.book
        least = rules.minimum_image_dpi
        for key, path, dpi in resolutions(
            book.root, book.pictures, self.boards, self.geometry.barcode
        ):
            if least is not None and dpi < least - 0.5:
                self.pagination.findings.add(
                    "COV-038",
                    SourceLocation(BOOK_FILE, book.lines.get(f"cover.{key}")),
                    image=path,
                    dpi=f"{dpi:.0f}",
                    minimum=least,
                    printer=self.job.profile.title,
                    edition=self.job.edition.name,
                )

    @property
    def _ink(self) -> InkConverter:
        return ink_converter(self.job, black_only=False)

    def _key(self, barcode: BarcodeArea | None) -> str:
        """Return the key of the wrap in the cache: a digest of all that it depends on."""
        document = self._document(barcode, self._largest_spine())
        typesetter_config = self._typesetter_config(
            barcode, self._largest_label(), self._largest_spine()
        )
        digest = hashlib.sha256(
            self.pagination.config_digest(typesetter_config)
            + self.pagination.images_digest(typesetter_config, document)
        )
        inputs = (code_version(__name__), document, self.geometry, self._ink, self.job.pdf_x)
        digest.update(repr(inputs).encode())
        return digest.hexdigest()

    def _typesetter_config(
        self, barcode: BarcodeArea | None, label: Label, spine: SpineType
    ) -> TypesetterConfig:
        rules = wrap_rules(self.geometry, self.boards, barcode, label, spine, self.foot_pictures)
        return self.pagination.typesetter_config(
            self.pagination.layouts.stylesheet("cover.css", self.pagination.book.metadata.language),
            rules,
            images=image_target(self.job, self._ink),
        )

    def _typeset(
        self, barcode: BarcodeArea | None, label: Label, spine: SpineType
    ) -> TypesetSection:
        from makeready.pagination.worker import make_typesetter  # noqa: PLC0415

        document = self._document(barcode, spine)
        typesetter = make_typesetter(self._typesetter_config(barcode, label, spine))
        return typesetter.typeset(document, 1, on_verso=False)

    def _document(self, barcode: BarcodeArea | None, spine: SpineType) -> str:
        pagination = self.pagination
        colours = {
            name: _in_inks(getattr(pagination.book.cover, name), self._ink)
            for name in ("ground", "ink", "accent")
        }
        return wrap_document(
            pagination.book,
            pagination.layouts,
            CoverColours(**colours),
            self.geometry,
            barcode,
            spine=spine,
        )

    def _barcode(self) -> BarcodeArea | None:
        """Return the area of the barcode; None if the printer prescribes none."""
        box, isbn = self.geometry.barcode, self.job.edition.isbn
        if box is None or not isbn:
            return BarcodeArea(box) if box is not None else None
        price = price_digits(self.job.edition.price)
        area = place_barcode(isbn, price, box, self.geometry, self.boards)
        if area is None:
            self.pagination.findings.add("COV-013", self.location, edition=self.job.edition.name)
            return BarcodeArea(box)
        return area

    def _largest_spine(self) -> SpineType:
        """Return the largest type across the spine, of size 0 if none is readable or allowed."""
        if self.geometry.spine_text is None:
            return SpineType(0.0)
        size_pt = largest_spine_size_pt(self.boards, self.geometry.spine_text)
        return SpineType(size_pt if size_pt >= _LEAST_SPINE_PT else 0.0)

    def _fit_spine(self, wrap: TypesetSection, largest: SpineType) -> SpineType:
        """Return the type of the spine, as large as its line and its ink allow.

        Printers measure the distance to the folds from the ink, which is centred between them.
        """
        if not largest.size_pt or self.geometry.spine_text is None:
            return SpineType(0.0)
        from makeready.engine.measure import ink_edges_pt, widest_line_pt  # noqa: PLC0415

        room_pt = mm_to_pt(self.geometry.spine_text.height_mm)
        line_pt = widest_line_pt(wrap, "spine-text")
        publisher_pt = widest_line_pt(wrap, "spine-publisher")
        # The line is centred, so what the publisher takes at the bottom is lost at the top too.
        publisher_space_pt = publisher_pt + 2 * largest.size_pt
        publisher = publisher_pt > 0 and line_pt + 2 * publisher_space_pt <= room_pt
        names = ("spine-text", "spine-publisher") if publisher else ("spine-text",)
        edges_pt = [edge for name in names for edge in ink_edges_pt(wrap, name)]
        top_pt, bottom_pt = min(edges_pt), max(edges_pt)
        across_pt = mm_to_pt(self.geometry.spine_text.width_mm)
        scale = min(
            1.0,
            room_pt / line_pt if line_pt else 1.0,
            across_pt / (bottom_pt - top_pt) if bottom_pt > top_pt else 1.0,
        )
        size_pt, shift_pt = largest.size_pt * scale, -(top_pt + bottom_pt) / 2 * scale
        if size_pt < _LEAST_SPINE_PT:
            return SpineType(0.0)
        return SpineType(size_pt, shift_pt, publisher)

    def _report_spine(self, *, has_text: bool) -> None:
        """Add a finding with the reason if the spine has no text."""
        if has_text:
            return
        profile = self.job.profile
        rule = profile.rules.spine_text
        reason = "the spine is too narrow for readable type"
        if rule is None:
            reason = f"{profile.title} does not allow it"
        elif self.geometry.pages + self.geometry.pages % 2 < rule.from_pages:
            reason = f"{profile.title} allows it only from {rule.from_pages} pages"
        self.pagination.findings.add(
            "COV-011", self.location, edition=self.job.edition.name, reason=reason
        )

    def _largest_label(self) -> Label:
        """Return a label with the largest type; its position and height do not matter yet."""
        size_pt = min(_LARGEST_PT, floor(2.2 * mm_to_pt(self.boards.rem_mm)) / 2)
        return Label(0.0, 0.0, max(size_pt, _SMALLEST_PT))

    def _fit_label(
        self, wrap: TypesetSection, barcode: BarcodeArea | None, spine: SpineType
    ) -> Label | None:
        """Return the label with the largest type in which the text fits above the barcode.

        None, with a finding, if there is none.
        """
        from makeready.engine.measure import text_height_pt  # noqa: PLC0415

        size_pt = self._largest_label().size_pt
        room_pt = blurb_room_pt(self.boards, self.foot)
        while True:
            text_pt = text_height_pt(wrap, "blurb")
            label = lowest_label(self.boards, self.foot, text_pt, size_pt)
            if label is not None:
                return label
            if size_pt <= _SMALLEST_PT:
                break
            # The height of a text is about proportional to the square of its type size.
            estimate_pt = floor(2 * size_pt * (max(room_pt, 1.0) / text_pt) ** 0.5) / 2
            size_pt = max(_SMALLEST_PT, min(estimate_pt, size_pt - 0.5))
            wrap = self._typeset(barcode, Label(0.0, 0.0, size_pt), spine)
        blurb = self.pagination.book.blurb
        letters = len("".join(map(str, blurb.itertext()))) if blurb is not None else 0
        self.pagination.findings.add(
            "COV-012",
            self.location,
            edition=self.job.edition.name,
            size_pt=_SMALLEST_PT,
            characters=floor(letters * max(room_pt, 0.0) / text_pt / 50) * 50,
        )
        return None


def finish_wrap(
    content: bytes, geometry: CoverGeometry, ink: InkConverter, pdf_x: str
) -> tuple[bytes, bool]:
    """Finish a wrap for the press: boxes, inks, PDF/X, and nothing that does not print.

    Returns the file, and whether the page is opaque.
    """
    out = io.BytesIO()
    with pikepdf.open(io.BytesIO(content)) as pdf:
        for key in ("/Outlines", "/Names", "/Dests", "/OpenAction", "/PageMode", "/Metadata"):
            if key in pdf.Root:
                del pdf.Root[key]
        page = pdf.pages[0]
        sheet = [0, 0, *(round(side, 4) for side in (geometry.width_pt, geometry.height_pt))]
        trim = [round(edge, 4) for edge in geometry.trim.pdf_rect_pt(geometry.height_mm)]
        for key in ("/CropBox", "/ArtBox"):
            if key in page.obj:
                del page.obj[key]
        page.obj.MediaBox = page.obj.BleedBox = pikepdf.Array(sheet)
        page.obj.TrimBox = pikepdf.Array(trim)
        finish_pages(pdf, ink)
        opaque = remove_transparency_groups(page)
        write_pdfx(pdf, pdf.Root, pdf.docinfo, pdf_x)
        pdf.save(
            out,
            deterministic_id=True,
            force_version=PDF_VERSIONS[pdf_x],
            object_stream_mode=pikepdf.ObjectStreamMode.disable,
        )
    return out.getvalue(), opaque


def _in_inks(colour: str, ink: InkConverter) -> str:
    """Convert a colour, ``#rgb`` or ``#rrggbb``, to a CSS colour in inks."""
    red, green, blue = ImageColor.getrgb(colour)[:3]
    inks = " ".join(f"{part:g}" for part in ink.colour(red / 255, green / 255, blue / 255))
    return f"device-cmyk({inks})"
