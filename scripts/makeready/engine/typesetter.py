"""One section at a time through the engine: a document in, its pages and their places out."""

from __future__ import annotations

import logging
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any
from xml.etree import ElementTree

from cssselect2 import ElementWrapper
from weasyprint import CSS, HTML
from weasyprint.document import Document, Page
from weasyprint.text.fonts import FontConfiguration

from makeready.engine.fetcher import BookFetcher
from makeready.engine.messages import with_location
from makeready.engine.resources import BASE_URL
from makeready.engine.runts import runt_control
from makeready.errors import FindingsError
from makeready.fonts import Font
from makeready.pdf.inks import InkConverter

DOCUMENT_URL = f"{BASE_URL}book/"


@dataclass(frozen=True, slots=True)
class TypesetSection:
    """The pages of one section; ``anchors`` gives the page each fell on, counted from 0.

    ``root`` is the tree that was set.
    """

    document: Document
    root: ElementTree.Element
    anchors: dict[str, int]
    messages: tuple[str, ...] = ()

    @property
    def pages(self) -> list[Page]:
        """The engine's pages, in order."""
        return list(self.document.pages)


class _Collector(logging.Handler):
    """Keeps what the engine logs, so that nothing it says is lost."""

    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.messages: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.messages.append(record.getMessage())


@contextmanager
def listening() -> Iterator[list[str]]:
    """Collect the engine's warnings for as long as the context lasts."""
    logger = logging.getLogger("weasyprint")
    collector = _Collector()
    kept = logger.handlers, logger.propagate
    logger.handlers, logger.propagate = [collector], False
    try:
        yield collector.messages
    finally:
        logger.handlers, logger.propagate = kept


class SectionHTML(HTML):  # type: ignore[misc]
    """A document that is already well-formed, taken as the tree it is.

    The engine's own parser would close a paragraph before a note with blocks of its own.
    """

    def __init__(self, markup: str, fetcher: BookFetcher) -> None:
        try:
            root = ElementTree.fromstring(markup)  # noqa: S314 - expat bounds what entities grow to
        except ElementTree.ParseError as error:
            raise FindingsError(
                f"A layout does not give well-formed XML: {error}.",
                "Close every element, and write characters instead of named entities.",
            ) from error
        self.base_url = DOCUMENT_URL
        self.url_fetcher = fetcher
        self.media_type = "print"
        self.wrapper_element = ElementWrapper.from_html_root(root, content_language=None)
        self.etree_element = self.wrapper_element.etree_element


@dataclass
class Typesetter:
    """The engine made ready for one edition: its stylesheets parsed once, its fonts known."""

    stylesheets: Sequence[str]
    fonts: Sequence[Font]
    fetcher: BookFetcher
    variant: str | None = None
    ink: InkConverter | None = None
    messages: list[str] = field(default_factory=list)
    _sheets: list[CSS] = field(default_factory=list)
    _images: dict[str, Any] = field(default_factory=dict)
    _font_config: FontConfiguration = field(default_factory=FontConfiguration)

    def __post_init__(self) -> None:
        for text in (font_face_rules(self.fonts), *self.stylesheets):
            with listening() as messages:
                self._sheets.append(self._sheet(text))
            self.messages.extend(with_location(message, text) for message in messages)

    def typeset(self, markup: str, first_number: int, *, on_verso: bool) -> TypesetSection:
        """Typeset one document whose first page has the number ``first_number``.

        ``on_verso``: it begins on a left-hand page; pages alternate from there.
        """
        start = f"@page:first{{counter-reset:page {first_number}}}"
        if on_verso:
            start += "html{break-before:left}"
        with listening() as messages, runt_control():
            html = SectionHTML(markup, self.fetcher)
            document = html.render(
                font_config=self._font_config,
                stylesheets=[*self._sheets, self._sheet(start)],
                cache=self._images,
                pdf_variant=self.variant,
            )
        anchors: dict[str, int] = {}
        for index, page in enumerate(document.pages):
            for anchor in page.anchors:
                anchors.setdefault(anchor, index)
        return TypesetSection(document, html.etree_element, anchors, (*self.messages, *messages))

    def _sheet(self, text: str) -> CSS:
        return CSS(
            string=text,
            base_url=DOCUMENT_URL,
            url_fetcher=self.fetcher,
            font_config=self._font_config,
        )


def write_pdf(sections: Sequence[TypesetSection], variant: str | None) -> bytes:
    """Write the pages of several sections as one PDF, as the engine itself does."""
    pages = [page for section in sections for page in section.pages]
    content: bytes = sections[0].document.copy(pages).write_pdf(pdf_variant=variant)
    return content


def font_face_rules(fonts: Sequence[Font]) -> str:
    """Return the ``@font-face`` rules of the fonts, as the sandboxed fetcher serves them."""
    return "".join(
        f'@font-face{{font-family:"{font.family}";font-style:{font.style};'
        f"font-weight:{font.weight};src:url({BASE_URL}faces/{font.path.name})}}"
        for font in fonts
    )
