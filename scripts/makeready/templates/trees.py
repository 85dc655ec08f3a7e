"""A section's normalised tree, made ready for one medium."""

from __future__ import annotations

import copy
from collections.abc import Callable
from enum import StrEnum
from hashlib import sha256
from pathlib import PurePosixPath
from typing import Protocol

from lxml import etree
from markupsafe import Markup

from makeready.book.model import Element, Section
from makeready.book.slugs import slug_of
from makeready.templates.forms import (
    group_definitions,
    name_figures,
    set_pictures_apart,
    split_verse_lines,
    wrap_wide_tables,
)

EPUB_NAMESPACE = "http://www.idpf.org/2007/ops"
EPUB_TYPE = f"{{{EPUB_NAMESPACE}}}type"
# Reading systems look for the prefix as well as for the namespace.
etree.register_namespace("epub", EPUB_NAMESPACE)
VOID = frozenset({"area", "br", "col", "embed", "hr", "img", "wbr"})
_INLINE = ("a", "abbr", "b", "cite", "code", "em", "i", "q", "span", "strong", "sub", "sup")
_LEAD_IN_WORDS = 3
_LEAD_IN_LETTERS = 24


class Medium(StrEnum):
    """What a document is set for."""

    PRINT = "print"
    SCREEN = "screen"
    EPUB = "epub"

    @property
    def paged(self) -> bool:
        """Whether the engine breaks it into pages."""
        return self is not Medium.EPUB


Resolve = Callable[[Element], None]


def image_name(path: str) -> str:
    """Return the name a resource's file has in the EPUB's images folder: plain ASCII words."""
    name = PurePosixPath(path.removeprefix("images/"))
    stem = slug_of(str(name.with_suffix("")))
    return (stem or sha256(path.encode()).hexdigest()[:8]) + name.suffix.lower()


def serialise(element: Element) -> str:
    """Write an element as XML that an HTML parser reads the same way."""
    for node in element.iter():
        if isinstance(node.tag, str) and node.tag not in VOID and len(node) == 0:
            node.text = node.text or ""
    return etree.tostring(element, encoding="unicode", with_tail=False)


def inner_markup(element: Element) -> Markup:
    """Return what an element holds, as markup for a document that declares ``epub``."""
    tree = copy.deepcopy(element)
    holder = etree.Element("div", nsmap={"epub": EPUB_NAMESPACE})
    holder.text = tree.text
    holder.extend(list(tree))
    markup = serialise(holder)
    return Markup(markup[markup.index(">") + 1 : markup.rindex("<")])  # noqa: S704 - from lxml


def title_markup(section: Section, resolve: Resolve, *, notes: bool, medium: Medium) -> Markup:
    """Return a section's title as markup, with its notes called only where ``notes`` is set."""
    tree = copy.deepcopy(section.title_tree)
    for call in list(tree.iter("a")):
        if call.get("data-note") is None:
            continue
        if notes:
            _set_note(call, section, resolve, medium)
        else:
            remove(call)
    for reference in list(tree.iter("a")):
        resolve(reference)
    return inner_markup(_clean(tree, medium))


def inline_markup(element: Element, medium: Medium) -> Markup:
    """Return what an inline element holds, as markup for one medium."""
    tree = copy.deepcopy(element)
    if medium.paged:
        isolate_spaces(tree)
    return inner_markup(_clean(tree, medium))


def is_plain(section: Section) -> bool:
    """Tell whether a title has no markup that shows: acronyms are in capitals among titles."""
    return all(child.tag == "abbr" for child in section.title_tree)


class Marks(Protocol):
    """What sets marks into a copy of a section's tree, and is told when references have words."""

    def set(self, tree: Element) -> None:
        """Set marks before references are resolved."""

    def finish(self) -> None:
        """Set what stands inside the words of references."""


def body_markup(
    section: Section, resolve: Resolve, medium: Medium, marks: Marks | None = None
) -> tuple[Markup, Markup]:
    """Return a section's blocks as markup, references resolved and notes in their place.

    The second value is the subtitle, the first paragraph where it has that class, or nothing.
    """
    tree = copy.deepcopy(section.tree)
    if marks is not None:
        marks.set(tree)
    for reference in list(tree.iter("a")):
        resolve(reference)
    if marks is not None:
        marks.finish()
    for call in list(tree.iter("a")):
        if call.get("data-note") is not None:
            _set_note(call, section, resolve, medium)
    subtitle = _take_subtitle(tree)
    group_definitions(tree)
    set_pictures_apart(tree)
    split_verse_lines(tree, keep_breaks=not medium.paged)
    if section.kind.name == "chapter":
        set_lead_in(tree)
    if medium.paged:
        for paragraph in list(tree.iter("p")):
            keep_last_word(paragraph)
        isolate_spaces(tree)
    else:
        wrap_wide_tables(tree)
        name_figures(tree, section.name)
    clean = _clean(tree, medium)
    return inner_markup(clean), inner_markup(_clean(subtitle, medium))


def note_bodies(section: Section, resolve: Resolve) -> list[tuple[int, Markup]]:
    """Return a section's notes by number, each as block markup with its link back (EPUB)."""
    bodies = []
    for note in section.notes:
        tree = copy.deepcopy(note.tree)
        for reference in tree.iter("a"):
            resolve(reference)
        bodies.append((note.number, inner_markup(_clean(tree, Medium.EPUB))))
    return bodies


def _set_note(call: Element, section: Section, resolve: Resolve, medium: Medium) -> None:
    number = int(call.attrib.pop("data-note"))
    if medium is Medium.EPUB:
        call.set(EPUB_TYPE, "noteref")
        call.set("role", "doc-noteref")
        call.set("id", f"{section.name}-noteref-{number}")
        call.set("href", f"#{section.name}-note-{number}")
        call.text = str(number)
        return
    note = next(n for n in section.notes if n.number == number)
    body = copy.deepcopy(note.tree)
    for reference in list(body.iter("a")):
        resolve(reference)
    body.tag = "aside"
    body.attrib.clear()
    body.set("class", "footnote")
    body.set("role", "doc-footnote")
    body.set("data-note", str(number))
    body.set("data-line", str(note.line))
    body.tail = call.tail
    parent = call.getparent()
    assert parent is not None
    parent.replace(call, body)


def remove(element: Element, *, with_space: bool = False) -> None:
    """Take an element out and leave its tail; ``with_space`` takes the space before it too."""
    parent = element.getparent()
    assert parent is not None
    previous = element.getprevious()
    before = (parent.text if previous is None else previous.tail) or ""
    text = (before.rstrip() if with_space else before) + (element.tail or "")
    if previous is None:
        parent.text = text
    else:
        previous.tail = text
    parent.remove(element)


def _clean(tree: Element, medium: Medium) -> Element:
    """Take out what only an earlier stage needs; source lines stay where pages are made."""
    for element in tree.iter():
        stale = ("data-form", "data-line") if medium is Medium.EPUB else ("data-form",)
        for name in stale:
            if name in element.attrib:
                del element.attrib[name]
        language = element.get("lang")
        if language and medium is Medium.EPUB:
            element.set("{http://www.w3.org/XML/1998/namespace}lang", language)
        if element.tag == "img":
            _set_image(element, medium)
    return tree


def _set_image(image: Element, medium: Medium) -> None:
    """Set an image for its medium; one that says nothing is passed over by a screen reader."""
    decorative = image.get("alt") == ""
    if medium is Medium.EPUB:
        image.set("src", f"../images/{image_name(image.get('src') or '')}")
        if decorative:
            image.set("role", "presentation")
    elif decorative:
        # The engine takes every img for a figure, and a figure of a tagged PDF says something.
        image.tag = "embed"
        del image.attrib["alt"]


def _take_subtitle(tree: Element) -> Element:
    """Take a subtitle out of the head of a section's blocks."""
    first = next((child for child in tree if isinstance(child.tag, str)), None)
    if first is None or "subtitle" not in (first.get("class") or "").split():
        return etree.Element("span")
    tree.remove(first)
    first.tail = None
    return first


def keep_last_word(paragraph: Element) -> None:
    """Mark a paragraph's last word, so that the engine does not break it over two lines."""
    last = paragraph[-1] if len(paragraph) else None
    text = (paragraph.text if last is None else last.tail) or ""
    before, space, word = text.rstrip().rpartition(" ")
    if not word or (last is not None and not space):
        return
    kept = etree.Element("span", {"class": "last-word"})
    kept.text = word
    if last is None:
        paragraph.text = before + space
    else:
        last.tail = before + space
    paragraph.append(kept)


def isolate_spaces(tree: Element) -> None:
    """Give the space before an inline element an element of its own.

    Where the text before one fits a line and the element does not, the engine splits that text
    again without its last space, and may then break at its first space instead of its last.
    """
    for element in list(tree.iter(*_INLINE)):
        parent, previous = element.getparent(), element.getprevious()
        if parent is None:
            continue
        before = (parent.text if previous is None else previous.tail) or ""
        if not before.endswith(" ") or not before.strip():
            continue
        if previous is None:
            parent.text = before[:-1]
        else:
            previous.tail = before[:-1]
        space = etree.Element("span", {"class": "space"})
        space.text = " "
        element.addprevious(space)


def set_lead_in(tree: Element) -> None:
    """Mark the first words of a chapter, to be set in small capitals.

    Only plain words at the head of a first paragraph qualify, with nothing but an epigraph
    before it: at most three, and no more letters than make about a third of a line.
    """
    blocks = (child for child in tree if isinstance(child.tag, str))
    first = next((b for b in blocks if "epigraph" not in (b.get("class") or "").split()), None)
    if first is None or first.tag != "p" or first.get("class"):
        return
    words = (first.text or "").split(" ")
    taken: list[str] = []
    for word in words[:_LEAD_IN_WORDS]:
        if not word or "\n" in word or len(" ".join([*taken, word])) > _LEAD_IN_LETTERS:
            break
        taken.append(word)
        if not word[-1].isalnum():
            break
    ends_the_text = len(taken) == len(words)
    if not taken or (ends_the_text and len(first)):
        return
    lead = etree.Element("span", {"class": "lead-in"})
    lead.text = " ".join(taken)
    lead.tail = first.text[len(lead.text) :] if first.text else ""
    first.text = None
    first.insert(0, lead)
