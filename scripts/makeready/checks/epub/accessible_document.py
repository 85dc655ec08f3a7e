"""Accessibility of one document of an EPUB: images, headings, languages, tables, links."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from posixpath import basename

from lxml import etree

from makeready.checks.epub.page_lists import TYPE
from makeready.checks.epub.publication import source_line, text_of

XHTML = "{http://www.w3.org/1999/xhtml}"
SVG = "{http://www.w3.org/2000/svg}"
_XML_LANG = "{http://www.w3.org/XML/1998/namespace}lang"
_HEADINGS = {f"{XHTML}h{level}": level for level in range(1, 7)}
# A BCP 47 tag, as far as a screen reader uses it to choose a voice.
_LANGUAGE = re.compile(r"(?:[a-z]{2,8}|x)(?:-[a-z\d]{1,8})*", re.IGNORECASE)
_IMAGE_FILE = re.compile(r"\.(?:gif|jpe?g|png|svg|tiff?|webp)$", re.IGNORECASE)
_DECORATIVE_ROLES = frozenset({"none", "presentation"})
_VAGUE_LINK_TEXTS = frozenset({"click here", "here", "link", "more", "read more", "this"})
_TITLE_PAGES = frozenset({"cover", "titlepage", "halftitlepage", "imprint", "colophon"})
# Languages by the script they are written in; other languages are not checked.
_SCRIPTS = {
    "LATIN": "cs cy da de en es et eu fi fr ga hu id is it la lt lv ms nl no pl pt ro sk sl sv tr",
    "CYRILLIC": "be bg kk ky mk mn ru tg uk",
    "GREEK": "el grc",
    "ARABIC": "ar fa ur",
    "HEBREW": "he yi",
    "ARMENIAN": "hy",
    "GEORGIAN": "ka",
}
_SCRIPT_OF_LANGUAGE = {
    language: script for script, languages in _SCRIPTS.items() for language in languages.split()
}
# A name may be in another script; this many words are a passage.
_PASSAGE_WORDS = 3
_IN_ADDRESS = re.compile(r"\S://\S|\S@\S|[\w-]\.[\w-]")
"""A part of an address on the web, of e-mail or of a file, which is the same in every language."""

_WORD = re.compile(r"[^\W\d_]{2,}")
_LATIN_RANGE = "\u0000-\u024f"
_OTHER_LETTER = re.compile(rf"[^\W\d_{_LATIN_RANGE}]")
"""A letter that may be of another script than the Latin one."""


@dataclass(frozen=True, slots=True)
class Fault:
    """A violation of a rule in a document: the rule's id, the line, the values of its message."""

    rule: str
    line: int | None
    values: dict[str, object]


def document_faults(tree: etree._Element) -> Iterator[Fault]:
    """Yield the faults of a document."""
    yield from _title(tree)
    yield from _languages(tree)
    yield from _images(tree)
    yield from _headings(tree)
    yield from _tables(tree)
    yield from _links(tree)


def has_description(element: etree._Element) -> bool:
    """Return whether an image has a description, or is marked as decorative."""
    return is_decorative(element) or bool(_accessible_name(element))


def is_decorative(element: etree._Element) -> bool:
    """Return whether an image is marked as decorative."""
    return (
        element.get("alt") == ""
        or element.get("role") in _DECORATIVE_ROLES
        or element.get("aria-hidden") == "true"
    )


def is_cover(element: etree._Element) -> bool:
    """Return whether an image shows the title or the publisher's mark: no content of the book."""
    if element.get("role") == "doc-cover":
        return True
    around = (one.get(TYPE) or "" for one in (element, *element.iterancestors()))
    return any(_TITLE_PAGES.intersection(kinds.split()) for kinds in around)


def images_in(tree: etree._Element) -> Iterator[etree._Element]:
    """Yield the images and drawings of a document."""
    for element in tree.iter(f"{XHTML}img", f"{SVG}svg"):
        if not any(ancestor.tag == f"{SVG}svg" for ancestor in element.iterancestors()):
            yield element


def _accessible_name(element: etree._Element) -> str:
    """Return the accessible name of an element, from its attributes or an SVG title."""
    for attribute in ("aria-label", "alt", "aria-labelledby", "title"):
        if (element.get(attribute) or "").strip():
            return (element.get(attribute) or "").strip()
    title = element.find(f"{SVG}title")
    return text_of(title).strip() if title is not None else ""


def _title(tree: etree._Element) -> Iterator[Fault]:
    title = tree.find(f"{XHTML}head/{XHTML}title")
    if title is None or not text_of(title).strip():
        yield Fault("ACC-010", source_line(tree), {})


def _images(tree: etree._Element) -> Iterator[Fault]:
    for image in images_in(tree):
        source = basename(image.get("src") or "") or "(a drawing)"
        name = _accessible_name(image)
        if not has_description(image):
            yield Fault("ACC-011", source_line(image), {"image": source})
        elif _IMAGE_FILE.search(name):
            yield Fault("ACC-012", source_line(image), {"image": source, "name": name})


def _headings(tree: etree._Element) -> Iterator[Fault]:
    previous = 0
    for heading in tree.iter(*_HEADINGS):
        level = _HEADINGS[heading.tag]
        if not _has_spoken_text(heading):
            yield Fault("ACC-013", source_line(heading), {"level": level})
        if previous and level > previous + 1:
            yield Fault(
                "ACC-014", source_line(heading), {"level": level, "previous_level": previous}
            )
        previous = level


def _languages(tree: etree._Element) -> Iterator[Fault]:
    if not (tree.get("lang") or tree.get(_XML_LANG) or "").strip():
        yield Fault("ACC-015", source_line(tree), {})
    for element in tree.iter(etree.Element):
        own, other = element.get("lang"), element.get(_XML_LANG)
        for tag in dict.fromkeys((own, other)):
            if tag and not _LANGUAGE.fullmatch(tag):
                yield Fault(
                    "ACC-016",
                    source_line(element),
                    {"language": tag, "problem": "is not a language tag"},
                )
        if own is not None and other is not None and own.lower() != other.lower():
            problem = f"contradicts “{other}” on the same element"
            yield Fault("ACC-016", source_line(element), {"language": own, "problem": problem})
    yield from _foreign_passages(tree)


def _is_code(element: etree._Element) -> bool:
    """Return whether an element is code or in it, which is in the script of its language."""
    around = (element, *element.iterancestors())
    return any(etree.QName(one).localname in ("code", "pre", "samp", "kbd") for one in around)


def _foreign_passages(tree: etree._Element) -> Iterator[Fault]:
    body = tree.find(f"{XHTML}body")
    if body is None or (_is_all_latin(tree) and not _OTHER_LETTER.search(text_of(body))):
        return
    for element in body.iter(etree.Element):
        script = _SCRIPT_OF_LANGUAGE.get(_language_of(element).partition("-")[0].lower())
        if script is None or _is_code(element):
            continue
        for text in (element.text, *(child.tail for child in element)):
            tokens = [token for token in (text or "").split() if not _IN_ADDRESS.search(token)]
            words = _WORD.findall(" ".join(tokens))
            foreign = [word for word in words if _script_of(word) != script]
            known = [word for word in foreign if _script_of(word) in _SCRIPTS]
            if len(known) >= _PASSAGE_WORDS:
                passage = " ".join(known[:_PASSAGE_WORDS])
                yield Fault("ACC-017", source_line(element), {"words": passage})


def _is_all_latin(tree: etree._Element) -> bool:
    """Return whether all languages that a document names are written in Latin, or not known."""
    tags = tree.xpath("//@lang | //@xml:lang")
    assert isinstance(tags, list)
    named = {str(tag).partition("-")[0].lower() for tag in tags}
    return {_SCRIPT_OF_LANGUAGE.get(language, "LATIN") for language in named} <= {"LATIN"}


def _language_of(element: etree._Element) -> str:
    for one in (element, *element.iterancestors()):
        language = one.get("lang") or one.get(_XML_LANG)
        if language:
            return str(language)
    return ""


def _script_of(word: str) -> str:
    return unicodedata.name(word[0], "").partition(" ")[0]


def _tables(tree: etree._Element) -> Iterator[Fault]:
    for table in tree.iter(f"{XHTML}table"):
        if table.find(f".//{XHTML}th") is None and not _is_for_layout(table):
            yield Fault("ACC-018", source_line(table), {})


def _is_for_layout(table: etree._Element) -> bool:
    """Return whether a table only places what is in it, so that no cell heads another.

    Its role says so; or it has one row or one column, or holds tables, and has no caption.
    """
    if table.get("role") in _DECORATIVE_ROLES:
        return True
    if table.find(f"{XHTML}caption") is not None:
        return False
    if table.find(f".//{XHTML}table") is not None:
        return True
    rows = list(table.iter(f"{XHTML}tr"))
    columns = max((len(row.findall(f"{XHTML}td")) for row in rows), default=0)
    return len(rows) <= 1 or columns <= 1


def _links(tree: etree._Element) -> Iterator[Fault]:
    for link in tree.iter(f"{XHTML}a"):
        if link.get("href") is None or _is_region(link):
            continue
        name = (link.get("aria-label") or text_of(link)).strip()
        if not _has_spoken_text(link):
            yield Fault("ACC-019", source_line(link), {"address": link.get("href")})
        elif name.casefold() in _VAGUE_LINK_TEXTS and not _is_in_navigation(link):
            yield Fault("ACC-020", source_line(link), {"text": name})


def _is_region(link: etree._Element) -> bool:
    """Return whether a link names a region of a picture, which reading systems do not show."""
    lists = link.iterancestors(f"{XHTML}nav")
    return any("region-based" in (nav.get(TYPE) or "").split() for nav in lists)


def _is_in_navigation(link: etree._Element) -> bool:
    """Return whether a link is in a navigation list, where its text is a title."""
    return next(link.iterancestors(f"{XHTML}nav"), None) is not None


def _has_spoken_text(element: etree._Element) -> bool:
    """Return whether a screen reader has something to read for an element."""
    return bool(
        text_of(element).strip()
        or _accessible_name(element)
        or any(_accessible_name(image) for image in images_in(element))
    )
