"""What a screen reader meets in one document of an EPUB: images, headings, languages, links."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from posixpath import basename

from lxml import etree

from makeready.checks.epub.publication import line_of, text_of

XHTML = "{http://www.w3.org/1999/xhtml}"
SVG = "{http://www.w3.org/2000/svg}"
_XML_LANG = "{http://www.w3.org/XML/1998/namespace}lang"
_HEADINGS = {f"{XHTML}h{level}": level for level in range(1, 7)}
# A tag of BCP 47, as far as a screen reader chooses its voice by it.
_LANGUAGE = re.compile(r"(?:[a-z]{2,8}|x)(?:-[a-z\d]{1,8})*", re.IGNORECASE)
_IMAGE_FILE = re.compile(r"\.(?:gif|jpe?g|png|svg|tiff?|webp)$", re.IGNORECASE)
_PASSED_OVER = frozenset({"none", "presentation"})
_SAYS_NOTHING = frozenset({"click here", "here", "link", "more", "read more", "this"})
# The script that each language's letters are of; of others nothing is asked.
_SCRIPTS = {
    "LATIN": "cs cy da de en es et eu fi fr ga hu id is it la lt lv ms nl no pl pt ro sk sl sv tr",
    "CYRILLIC": "be bg kk ky mk mn ru tg uk",
    "GREEK": "el grc",
    "ARABIC": "ar fa ur",
    "HEBREW": "he yi",
    "ARMENIAN": "hy",
    "GEORGIAN": "ka",
}
_SCRIPT_OF = {language: script for script, all_ in _SCRIPTS.items() for language in all_.split()}
# Names may stand in their own letters; as many words as this are a passage.
_PASSAGE_WORDS = 3
_WORD = re.compile(r"[^\W\d_]{2,}")


@dataclass(frozen=True, slots=True)
class Fault:
    """What a rule has against a document: the rule, the line, the values of its message."""

    rule: str
    line: int | None
    values: dict[str, object]


def faults_of(tree: etree._Element) -> Iterator[Fault]:
    """Yield what keeps a document from being read aloud as it is meant."""
    yield from _title(tree)
    yield from _languages(tree)
    yield from _images(tree)
    yield from _headings(tree)
    yield from _tables(tree)
    yield from _links(tree)


def described(element: etree._Element) -> bool:
    """Tell whether an image has a description, or says that it needs none."""
    return is_decorative(element) or bool(_name_of(element))


def is_decorative(element: etree._Element) -> bool:
    """Tell whether an image says of itself that there is nothing to describe."""
    return (
        element.get("alt") == ""
        or element.get("role") in _PASSED_OVER
        or element.get("aria-hidden") == "true"
    )


def is_cover(element: etree._Element) -> bool:
    """Tell whether an image is the book's cover, which says what its title says."""
    return element.get("role") == "doc-cover"


def pictures(tree: etree._Element) -> Iterator[etree._Element]:
    """Yield the images and drawings of a document."""
    for element in tree.iter(f"{XHTML}img", f"{SVG}svg"):
        if not any(above.tag == f"{SVG}svg" for above in element.iterancestors()):
            yield element


def _name_of(element: etree._Element) -> str:
    """Return what an element is called: its own label, or that of what it leads with."""
    for attribute in ("aria-label", "alt", "aria-labelledby", "title"):
        if (element.get(attribute) or "").strip():
            return (element.get(attribute) or "").strip()
    title = element.find(f"{SVG}title")
    return text_of(title).strip() if title is not None else ""


def _title(tree: etree._Element) -> Iterator[Fault]:
    title = tree.find(f"{XHTML}head/{XHTML}title")
    if title is None or not text_of(title).strip():
        yield Fault("ACC-010", line_of(tree), {})


def _images(tree: etree._Element) -> Iterator[Fault]:
    for picture in pictures(tree):
        source = basename(picture.get("src") or "") or "a drawing"
        name = _name_of(picture)
        if not described(picture):
            yield Fault("ACC-011", line_of(picture), {"src": source})
        elif _IMAGE_FILE.search(name):
            yield Fault("ACC-012", line_of(picture), {"src": source, "name": name})


def _headings(tree: etree._Element) -> Iterator[Fault]:
    before = 0
    for heading in tree.iter(*_HEADINGS):
        level = _HEADINGS[heading.tag]
        if not _has_words(heading):
            yield Fault("ACC-013", line_of(heading), {"level": level})
        if before and level > before + 1:
            yield Fault("ACC-014", line_of(heading), {"level": level, "before": before})
        before = level


def _languages(tree: etree._Element) -> Iterator[Fault]:
    if not (tree.get("lang") or tree.get(_XML_LANG) or "").strip():
        yield Fault("ACC-015", line_of(tree), {})
    for element in tree.iter(etree.Element):
        own, other = element.get("lang"), element.get(_XML_LANG)
        for tag in dict.fromkeys((own, other)):
            if tag and not _LANGUAGE.fullmatch(tag):
                yield Fault("ACC-016", line_of(element), {"tag": tag, "reason": "is no language"})
        if own is not None and other is not None and own.lower() != other.lower():
            reason = f"contradicts “{other}” beside it"
            yield Fault("ACC-016", line_of(element), {"tag": own, "reason": reason})
    yield from _foreign_passages(tree)


def _foreign_passages(tree: etree._Element) -> Iterator[Fault]:
    body = tree.find(f"{XHTML}body")
    if body is None:
        return
    for element in body.iter(etree.Element):
        script = _SCRIPT_OF.get(_language_of(element).partition("-")[0].lower())
        if script is None:
            continue
        for text in (element.text, *(child.tail for child in element)):
            foreign = [word for word in _WORD.findall(text or "") if _script_of(word) != script]
            known = [word for word in foreign if _script_of(word) in _SCRIPTS]
            if len(known) >= _PASSAGE_WORDS:
                words = " ".join(known[:_PASSAGE_WORDS])
                yield Fault("ACC-017", line_of(element), {"words": words})


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
        if table.get("role") in _PASSED_OVER or table.find(f".//{XHTML}th") is not None:
            continue
        yield Fault("ACC-018", line_of(table), {})


def _links(tree: etree._Element) -> Iterator[Fault]:
    for link in tree.iter(f"{XHTML}a"):
        if link.get("href") is None:
            continue
        name = (link.get("aria-label") or text_of(link)).strip()
        if not _has_words(link):
            yield Fault("ACC-019", line_of(link), {"href": link.get("href")})
        elif name.casefold() in _SAYS_NOTHING and not _is_listed(link):
            yield Fault("ACC-020", line_of(link), {"name": name})


def _is_listed(link: etree._Element) -> bool:
    """Tell whether a link stands in a list of the navigation, where it has the words of a title."""
    return next(link.iterancestors(f"{XHTML}nav"), None) is not None


def _has_words(element: etree._Element) -> bool:
    """Tell whether there is something to be read out of an element."""
    return bool(
        text_of(element).strip()
        or _name_of(element)
        or any(_name_of(picture) for picture in pictures(element))
    )
