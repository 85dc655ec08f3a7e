"""The typesetter: one section's document in, its laid-out pages and the warnings out."""

from __future__ import annotations

import logging
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass, field
from typing import Any
from xml.etree import ElementTree

from cssselect2 import ElementWrapper
from weasyprint import CSS, HTML
from weasyprint.css.counters import CounterStyle
from weasyprint.document import Document, Page
from weasyprint.text.fonts import FontConfiguration

from makeready.book.model import Balance
from makeready.engine.bare_boxes import bare_boxes_passed_over
from makeready.engine.colours import colours_drawn
from makeready.engine.divided_boxes import end_side_lines_with_content
from makeready.engine.embedded_fonts import contours_united
from makeready.engine.fallback_lines import fallback_lines_even
from makeready.engine.fetcher import BookFetcher
from makeready.engine.footnotes import footnote_control
from makeready.engine.images import ImageLoader, page_matrices_known
from makeready.engine.images_in_lines import images_in_lines_sized
from makeready.engine.lines.emphasis import emphasis_drawn
from makeready.engine.lines.hyphenation import book_exceptions
from makeready.engine.lines.line_ends import line_ends_recorded
from makeready.engine.lines.typeset import set_text_drawn, whole_paragraphs
from makeready.engine.list_markers import markers_with_content
from makeready.engine.messages import with_location
from makeready.engine.page_number_marks import PageNumberRecorder
from makeready.engine.page_styles import page_styles_kept
from makeready.engine.resources import BASE_URL
from makeready.engine.small_capitals import small_capitals_not_made
from makeready.engine.spreads.balance import pages_balanced
from makeready.engine.svg_numbers import svg_numbers_read
from makeready.engine.tagging.document import document_tagged
from makeready.engine.tagging.second_codes import SecondCodes
from makeready.engine.tall_rows import tall_rows_divided
from makeready.engine.trailing_spaces import trailing_spaces_measured
from makeready.engine.turned_pages import pages_turned
from makeready.errors import FindingsError
from makeready.fonts import Font
from makeready.fonts.family_rules import role_rules
from makeready.pdf.images import ImageConverter, ImageTarget
from makeready.pdf.inks import InkConverter

DOCUMENT_URL = f"{BASE_URL}book/"
TAGGED = "pdf/ua-1"
"""The variant of a document with a structure tree."""


@dataclass(frozen=True, slots=True)
class TypesetSection:
    """A typeset section.

    ``root`` is the tree that was typeset, ``anchors`` the page of each anchor, counted from 0,
    ``messages`` the engine's warnings, and ``notes`` the boxes of its footnotes before layout.
    ``line_counts`` says how many paragraphs the engine broke, by reason, and how many were broken
    as a whole, under the empty one.
    """

    document: Document
    root: ElementTree.Element
    anchors: dict[str, int]
    messages: tuple[str, ...] = ()
    notes: tuple[Any, ...] = ()
    line_counts: dict[str, int] = field(default_factory=dict)

    @property
    def pages(self) -> list[Page]:
        """The engine's pages, in order."""
        return list(self.document.pages)


class _WarningCollector(logging.Handler):
    """A log handler that keeps the messages of all warnings and errors."""

    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.messages: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.messages.append(record.getMessage())


@contextmanager
def collected_warnings() -> Iterator[list[str]]:
    """Collect the engine's warnings in the list it yields, instead of printing them."""
    logger = logging.getLogger("weasyprint")
    collector = _WarningCollector()
    before = logger.handlers, logger.propagate
    logger.handlers, logger.propagate = [collector], False
    try:
        yield collector.messages
    finally:
        logger.handlers, logger.propagate = before


class SectionHTML(HTML):  # type: ignore[misc]
    """A document parsed as XML, so that the engine takes the tree as it is.

    The engine has only an HTML parser, which closes a paragraph before a footnote with
    paragraphs of its own, as HTML demands (see WeasyPrint #1833, open). When the engine takes a
    parsed tree, the tree can be passed to it and this class can go.
    """

    def __init__(self, markup: str, fetcher: BookFetcher) -> None:
        try:
            root = ElementTree.fromstring(markup)  # noqa: S314 - expat limits entity expansion
        except ElementTree.ParseError as error:
            raise FindingsError(
                f"the layout does not produce well-formed XML: {error}.",
                "Close every element, and use characters instead of named entities.",
            ) from error
        self.base_url = DOCUMENT_URL
        self.url_fetcher = fetcher
        self.media_type = "print"
        self.wrapper_element = ElementWrapper.from_html_root(root, content_language=None)
        self.etree_element = self.wrapper_element.etree_element


@dataclass
class Typesetter:
    """The engine set up for one edition: stylesheets parsed, fonts loaded, images cached.

    ``messages`` are the warnings about the stylesheets.
    """

    stylesheets: Sequence[str]
    fonts: Sequence[Font]
    fetcher: BookFetcher
    variant: str | None = None
    images: ImageLoader = field(default_factory=lambda: ImageLoader(ImageConverter(ImageTarget())))
    balance: Balance = Balance.NONE
    messages: list[str] = field(default_factory=list)
    _css: list[CSS] = field(default_factory=list)
    _font_config: FontConfiguration = field(default_factory=FontConfiguration)
    _counter_style: CounterStyle = field(default_factory=CounterStyle)

    def __post_init__(self) -> None:
        rules = font_face_rules(self.fonts) + role_rules(self.fonts) if self.fonts else ""
        for text in (rules, *self.stylesheets):
            with collected_warnings() as messages:
                self._css.append(self._parse(text))
            self.messages.extend(with_location(message, text) for message in messages)
        self._css.append(self._parse(self._root_font_rule()))

    @property
    def ink(self) -> InkConverter | None:
        """The converter to the inks of a print edition; None for a screen."""
        return self.images.converter.target.ink

    def typeset(self, markup: str, first_number: int, *, on_verso: bool) -> TypesetSection:
        """Typeset one document whose first page has the number ``first_number``.

        With ``on_verso`` the first page is a verso; pages alternate from there. Raises
        FindingsError if the document is not well-formed XML.
        """
        start = f"@page:first{{counter-reset:page {first_number}}}"
        if on_verso:
            start += "html{break-before:verso}"
        with (
            collected_warnings() as messages,
            markers_with_content() as beside_markers,
            whole_paragraphs(beside_markers) as lines,
            tall_rows_divided(),
            images_in_lines_sized(),
            trailing_spaces_measured(),
            fallback_lines_even(),
            line_ends_recorded(),
            small_capitals_not_made(),
            pages_turned(),
            page_styles_kept(),
            bare_boxes_passed_over(),
            self.images.loading(),
            footnote_control() as notes,
            pages_balanced(self.balance, on_verso=on_verso),
        ):
            html = SectionHTML(markup, self.fetcher)
            book_exceptions.use(html.etree_element.get("data-hyphenation", ""))
            document = html.render(
                font_config=self._font_config,
                counter_style=self._counter_style,
                stylesheets=[*self._css, self._parse(start)],
                pdf_variant=self.variant,
            )
        anchors: dict[str, int] = {}
        for index, page in enumerate(document.pages):
            end_side_lines_with_content(page._page_box)
            for anchor in page.anchors:
                anchors.setdefault(anchor, index)
        return TypesetSection(
            document,
            html.etree_element,
            anchors,
            (*self.messages, *messages),
            tuple(notes),
            {"": lines.whole, **dict(sorted(lines.by_engine.items()))},
        )

    def _root_font_rule(self) -> str:
        """Return a rule that gives the root element the body's fonts.

        Margin boxes inherit from the root element, and stylesheets set fonts on the body.
        """
        with collected_warnings():
            html = SectionHTML("<html><body>.</body></html>", self.fetcher)
            document = html.render(font_config=self._font_config, stylesheets=self._css)
        root = document.pages[0]._page_box.children[0]
        body = next(box for box in root.descendants() if box.element_tag == "body")
        families = ",".join(f'"{name}"' for name in body.style["font_family"])
        return f"html{{font-family:{families}}}"

    def _parse(self, text: str) -> CSS:
        return CSS(
            string=text,
            base_url=DOCUMENT_URL,
            url_fetcher=self.fetcher,
            font_config=self._font_config,
            counter_style=self._counter_style,
        )


def write_pdf(
    sections: Sequence[TypesetSection], variant: str | None, fonts: Sequence[Font]
) -> bytes:
    """Write the pages of several sections as one PDF, with the engine's own writer.

    ``fonts`` are those that they are set in.
    """
    pages = [page for section in sections for page in section.pages]
    with contours_united(fonts):
        return write_document(sections[0].document.copy(pages), variant)


def write_document(
    document: Document,
    variant: str | None = None,
    ink: InkConverter | None = None,
    recorder: PageNumberRecorder | None = None,
    *,
    with_second_codes: bool = False,
) -> bytes:
    """Write a typeset document as a PDF, with the engine's own writer.

    With ``ink`` it is for a press. ``recorder`` records the page numbers that are drawn. In a
    tagged document ``with_second_codes`` gives glyphs a second code for a second text: the linker
    knows of them, the engine's fonts do not.
    """
    recording = recorder.recording() if recorder else nullcontext()
    codes = SecondCodes() if with_second_codes else None
    tagging = document_tagged(document, codes) if variant == TAGGED else nullcontext()
    with (
        set_text_drawn(),
        emphasis_drawn(),
        svg_numbers_read(),
        recording,
        page_matrices_known(),
        colours_drawn(ink),
        tagging,
    ):
        content: bytes = document.write_pdf(pdf_variant=variant)
        return content


def font_face_rules(fonts: Sequence[Font]) -> str:
    """Return the ``@font-face`` rules of the fonts, with the URLs that the fetcher serves."""
    return "".join(
        f'@font-face{{font-family:"{font.family}";font-style:{font.style};'
        f"font-weight:{font.weight};src:url({BASE_URL}fonts/{font.path.name})}}"
        for font in fonts
    )
