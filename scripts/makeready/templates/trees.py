"""Conversion of a section's normalised tree to markup for one medium."""

from __future__ import annotations

import copy
import re
from collections.abc import Callable
from enum import StrEnum
from typing import Protocol

from lxml import etree
from markupsafe import Markup

from makeready.book.model import Element, Note, Section
from makeready.book.text_position import GENERATED
from makeready.manuscript.allowed_html import COLUMN_WIDTHS
from makeready.manuscript.notes import elements_with_notes
from makeready.manuscript.sanitise import remove_element
from makeready.manuscript.structure import plain_text
from makeready.templates.forms import (
    assign_figure_ids,
    group_definitions,
    keep_short_columns,
    mark_drama,
    mark_image_paragraphs,
    mark_long_numbers,
    split_verse_lines,
    wrap_wide_tables,
)
from makeready.templates.formulas import set_formulas
from makeready.templates.heading_numbers import insert_heading_numbers, title_bookmarks
from makeready.templates.image_rows import set_image_rows
from makeready.templates.images import set_image
from makeready.templates.joined_dashes import join_dashes
from makeready.templates.key_combinations import group_keys
from makeready.templates.last_words import bind_last_words
from makeready.templates.long_words import allow_breaks_in_long_words
from makeready.templates.note_placement import NUMBER, OWNER
from makeready.templates.ruby import set_ruby
from makeready.templates.table_columns import set_column_widths, set_given_widths

EPUB_NAMESPACE = "http://www.idpf.org/2007/ops"
EPUB_TYPE = f"{{{EPUB_NAMESPACE}}}type"
# Some reading systems check the prefix and not the namespace.
etree.register_namespace("epub", EPUB_NAMESPACE)
VOID = frozenset({"area", "br", "col", "embed", "hr", "img", "wbr"})
_INLINE = ("a", "abbr", "b", "cite", "code", "em", "i", "q", "span", "strong", "sub", "sup")
_BEFORE_TEXT = frozenset({"epigraph", "author"})
_WORD_JOINER = "\u2060"
_DROP_CAP_LETTERS = 200
_LEAD_IN_WORDS = 3
_LEAD_IN_LETTERS = 24


class Medium(StrEnum):
    """The medium of a document."""

    PRINT = "print"
    SCREEN = "screen"
    EPUB = "epub"

    @property
    def paged(self) -> bool:
        """Whether the document is broken into pages."""
        return self is not Medium.EPUB


Resolve = Callable[[Element], None]


def serialise(element: Element) -> str:
    """Return an element as XML that an HTML parser reads in the same way."""
    for node in element.iter():
        if isinstance(node.tag, str) and node.tag not in VOID and len(node) == 0:
            node.text = node.text or ""
    return etree.tostring(element, encoding="unicode", with_tail=False)


def inner_markup(element: Element) -> Markup:
    """Return the content of an element, as markup for a document that declares ``epub``."""
    tree = copy.deepcopy(element)
    wrapper = etree.Element("div", nsmap={"epub": EPUB_NAMESPACE})
    wrapper.text = tree.text
    wrapper.extend(list(tree))
    markup = serialise(wrapper)
    return Markup(markup[markup.index(">") + 1 : markup.rindex("<")])  # noqa: S704 - from lxml


def title_markup(section: Section, resolve: Resolve, *, notes: bool, medium: Medium) -> Markup:
    """Return a section's title as markup, with its note calls if ``notes`` is set."""
    tree = copy.deepcopy(section.title_tree)
    for call in list(tree.iter("a")):
        if call.get("data-note") is None:
            continue
        if notes:
            _place_note(call, section, resolve, medium)
        else:
            remove_element(call)
    for reference in list(tree.iter("a")):
        resolve(reference)
    if medium.paged:
        set_ruby(tree)
    return inner_markup(_without_internal_attributes(tree, medium))


def inline_markup(element: Element, medium: Medium) -> Markup:
    """Return the content of an inline element, as markup for one medium."""
    tree = copy.deepcopy(element)
    set_formulas(tree, paged=medium.paged)
    if medium.paged:
        set_ruby(tree)
        isolate_spaces(tree)
    return inner_markup(_without_internal_attributes(tree, medium))


def is_plain(section: Section) -> bool:
    """Return whether a title has no visible markup; acronyms in titles are in capitals."""
    return all(child.tag == "abbr" for child in section.title_tree)


class PageMarks(Protocol):
    """Markers to be inserted into a copy of a section's tree."""

    def insert(self, tree: Element) -> None:
        """Insert markers before references are resolved."""

    def finish(self) -> None:
        """Insert markers inside the text of references, after they are resolved."""


def body_markup(
    section: Section,
    resolve: Resolve,
    medium: Medium,
    marks: PageMarks | None = None,
    *,
    drop_caps: bool = False,
    numbered: int = 1,
    bookmarked: int = 1,
    language: str = "",
) -> tuple[Markup, Markup]:
    """Return a section's blocks as markup, with references resolved and notes inserted.

    With ``drop_caps``, the first letter of a chapter is marked. Headings down to the level
    ``numbered`` have numbers, and those down to ``bookmarked`` the titles of their bookmarks;
    ``language`` is the book's.
    The second value is the subtitle: the first paragraph if it has that class, or else empty.
    """
    tree = copy.deepcopy(section.tree)
    # Before notes are placed, whose text is no part of a title.
    title_bookmarks(section, tree, bookmarked, numbered)
    mark_image_paragraphs(tree)
    set_image_rows(tree, paged=medium.paged)
    if marks is not None:
        marks.insert(tree)
    for reference in list(tree.iter("a")):
        resolve(reference)
    if marks is not None:
        marks.finish()
    for call in list(tree.iter("a")):
        if call.get("data-note") is not None:
            _place_note(call, section, resolve, medium)
    set_formulas(tree, paged=medium.paged)
    subtitle = _extract_subtitle(tree)
    insert_heading_numbers(section, tree, numbered)
    name_callouts(tree, medium)
    group_keys(tree)
    group_definitions(tree)
    mark_long_numbers(tree)
    mark_drama(tree)
    split_verse_lines(tree, keep_breaks=not medium.paged)
    if section.kind.name == "chapter":
        mark_lead_in(tree, drop_cap=drop_caps)
    if medium.paged:
        set_ruby(tree)
        allow_breaks_in_long_words(tree)
        keep_short_columns(tree)
        set_column_widths(tree)
        isolate_spaces(tree)
    else:
        bind_last_words(tree)
        join_dashes(tree, language)
        set_given_widths(tree)
        wrap_wide_tables(tree)
        assign_figure_ids(tree, section.name)
    clean = _without_internal_attributes(tree, medium)
    return inner_markup(clean), inner_markup(_without_internal_attributes(subtitle, medium))


def note_bodies(section: Section, resolve: Resolve) -> list[tuple[int, Markup]]:
    """Return a section's notes for the EPUB, each as its number and block markup."""
    bodies = []
    for note in section.notes:
        tree = copy.deepcopy(note.tree)
        for reference in list(tree.iter("a")):
            resolve(reference)
        for call in list(tree.iter("a")):
            if call.get("data-note") is not None:
                _place_note(call, section, resolve, Medium.EPUB)
        name_callouts(tree, Medium.EPUB)
        bind_last_words(tree)
        bodies.append((note.number, inner_markup(_without_internal_attributes(tree, Medium.EPUB))))
    return bodies


def _place_note(call: Element, section: Section, resolve: Resolve, medium: Medium) -> None:
    number = int(call.attrib.pop("data-note"))
    shown = str(call.attrib.pop(NUMBER, str(number)))
    further_call = str(call.attrib.pop("data-call", ""))
    previous = call.getprevious()
    is_after_call = previous is not None and not previous.tail and _is_call(previous)
    note = next((note for note in section.notes if note.number == number), None)
    if medium is Medium.EPUB or note is None:
        owner = str(call.attrib.pop(OWNER, section.name))
        call.set("role", "doc-noteref")
        name = f"{owner}-noteref-{number}"
        call.set("id", f"{name}-{further_call}" if further_call else name)
        call.set("href", f"#{owner}-note-{number}")
        call.text = shown
        if medium is Medium.EPUB:
            call.set(EPUB_TYPE, "noteref")
        else:
            call.set(GENERATED, "")
            # No line begins with the number, also after a full stop.
            call.text = f"{_WORD_JOINER}{shown}"
        if is_after_call:
            call.set("class", f"{call.get('class')} after-call")
        return
    body = _with_inner_notes(note, section)
    for reference in list(body.iter("a")):
        resolve(reference)
    body.tag = "aside"
    body.attrib.clear()
    if further_call:
        # Printed only if the note is not on the page already: see engine/footnotes.py.
        body.set("data-call", further_call)
        for element in body.iter():
            element.attrib.pop("id", "")
    body.set("class", "footnote")
    body.set("role", "doc-footnote")
    body.set("data-note", str(number))
    body.set(NUMBER, shown)
    body.set("data-line", str(note.line))
    if is_after_call:
        body.set("data-after-call", "")
    body.tail = call.tail
    parent = call.getparent()
    assert parent is not None
    parent.replace(call, body)


def _with_inner_notes(note: Note, section: Section) -> Element:
    """Return a copy of a footnote's tree, with the notes called only in it after its text.

    The engine has no footnotes of footnotes.
    """
    trees = {note.number: note.tree for note in section.notes}
    body = copy.deepcopy(note.tree)
    for call in elements_with_notes(note.tree, trees):
        number = call.get("data-note")
        if number is None or call.get("data-call") is not None:
            continue
        inner = copy.deepcopy(trees[int(number)])
        inner.attrib.clear()
        inner.set("class", "inner-note")
        mark = etree.Element("span", {"class": "inner-note-number"})
        mark.text = f"{call.get(NUMBER, number)}. "
        first = inner[0] if len(inner) and inner[0].tag == "p" else inner
        mark.tail, first.text = first.text, None
        first.insert(0, mark)
        body.append(inner)
    for call in list(body.iter("a")):
        number = call.get("data-note")
        if number is not None:
            call.tag = "span"
            call.text = f"{_WORD_JOINER}{call.get(NUMBER, number)}"
            for name in ("data-note", "data-call", NUMBER):
                call.attrib.pop(name, "")
    return body


def _is_call(element: Element) -> bool:
    """Return whether an element is a note call, or the footnote that has replaced it."""
    return {"noteref", "footnote"} & set((element.get("class") or "").split()) != set()


def _without_internal_attributes(tree: Element, medium: Medium) -> Element:
    """Remove internal attributes, except source lines in paged media, and adapt images."""
    set_formulas(tree, paged=medium.paged)
    for element in tree.iter():
        internal = ("data-form", COLUMN_WIDTHS, *(("data-line",) if medium is Medium.EPUB else ()))
        for name in internal:
            if name in element.attrib:
                del element.attrib[name]
        language = element.get("lang")
        if language and medium is Medium.EPUB:
            element.set("{http://www.w3.org/XML/1998/namespace}lang", language)
        if element.tag == "img" and not (element.get("src") or "").startswith("data:"):
            set_image(element, paged=medium.paged)
    return tree


def _extract_subtitle(tree: Element) -> Element:
    """Remove and return the subtitle at the start of a section; an empty span without one."""
    first = next((child for child in tree if isinstance(child.tag, str)), None)
    if first is None or "subtitle" not in (first.get("class") or "").split():
        return etree.Element("span")
    tree.remove(first)
    first.tail = None
    return first


def name_callouts(tree: Element, medium: Medium) -> None:
    """Give callouts the roles of a tip or a note, and their titles as names."""
    for callout in tree.iter("aside"):
        names = (callout.get("class") or "").split()
        if "callout" not in names:
            continue
        is_tip = "callout-tip" in names
        callout.set("role", "doc-tip" if is_tip else "note")
        if is_tip and medium is Medium.EPUB:
            callout.set(EPUB_TYPE, "tip")
        first = next(iter(callout), None)
        if first is not None and "callout-title" in (first.get("class") or "").split():
            callout.set("aria-label", plain_text(first))


def isolate_spaces(tree: Element) -> None:
    """Wrap the space before each inline element in a span.

    If the text before it fits on a line and the element does not, WeasyPrint splits the text
    again without its last space, and may then break it at its first space.
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


def mark_lead_in(tree: Element, *, drop_cap: bool = False) -> None:
    """Wrap the first words of a chapter in a span, for small capitals.

    With ``drop_cap`` the first letter has a span in it, with a mark before it, if the paragraph
    is longer than the lines that the letter takes.

    They are plain words at the start of the first paragraph, which may follow an epigraph or the
    name of an author only: at most three, and together no longer than about a third of a line.
    """
    blocks = (child for child in tree if isinstance(child.tag, str))
    first = next(
        (b for b in blocks if _BEFORE_TEXT.isdisjoint((b.get("class") or "").split())), None
    )
    if first is None or first.tag != "p" or first.get("class"):
        return
    words = (first.text or "").split(" ")
    lead_words: list[str] = []
    for word in words[:_LEAD_IN_WORDS]:
        if not word or "\n" in word or len(" ".join([*lead_words, word])) > _LEAD_IN_LETTERS:
            break
        lead_words.append(word)
        if not word[-1].isalnum():
            break
    ends_the_text = len(lead_words) == len(words)
    if not lead_words or (ends_the_text and len(first)):
        return
    span = etree.Element("span", {"class": "lead-in"})
    span.text = " ".join(lead_words)
    span.tail = first.text[len(span.text) :] if first.text else ""
    first.text = None
    first.insert(0, span)
    has_room = drop_cap and len(plain_text(first)) >= _DROP_CAP_LETTERS
    letter = re.match(r"\W?\w", span.text) if has_room else None
    if letter is not None:
        initial = etree.SubElement(span, "span", {"class": "drop-cap"})
        initial.text, initial.tail = letter[0], span.text[letter.end() :]
        span.text = None
