"""Images with captions become figures, captions find their tables."""

from __future__ import annotations

from lxml import etree

from makeready.book.model import BLEED, Element
from makeready.findings import Findings, SourceLocation
from makeready.manuscript.line_numbers import LINE
from makeready.manuscript.sanitise import remove_element, source_line
from makeready.manuscript.suppressed import MissingTargets

NUMBER = "data-number"


def classes(element: Element) -> list[str]:
    """Return the classes of an element."""
    return (element.get("class") or "").split()


def set_figures(
    tree: Element, name: str, findings: Findings, missing_targets: MissingTargets
) -> None:
    """Turn captioned images into figures and give tables their captions.

    A figure is ``figure > img + figcaption``; a table's caption is its first child. Both
    get their numbers and labels later, when the whole book is known.
    """
    for caption in [d for d in tree.iter("div") if "caption" in classes(d)]:
        _set_caption(caption, name, findings, missing_targets)
    for paragraph in list(tree.iter("p")):
        image = lone_image(paragraph)
        if image is None:
            continue
        if title := image.get("title"):
            words = etree.Element("figcaption", {LINE: paragraph.get(LINE, "1")})
            words.text = title
            _make_figure(paragraph, image, words)
        elif BLEED in (*classes(image), *classes(paragraph)):
            _make_figure(paragraph, image, None)
    _check_bleed(tree, name, findings)
    for image in tree.iter("img"):
        # Outside a figure a title would be a tooltip, which no page can show.
        image.attrib.pop("title", "")


def _set_caption(
    caption: Element, name: str, findings: Findings, missing_targets: MissingTargets
) -> None:
    target = caption.getprevious()
    image = lone_image(target) if target is not None and target.tag == "p" else None
    words = etree.Element("figcaption", {LINE: caption.get(LINE, "1")})
    if target is not None and image is not None:
        _move_words(caption, words)
        image.attrib.pop("title", "")
        remove_element(caption)
        figure = _make_figure(target, image, words)
    elif target is not None and target.tag == "table" and target.find("caption") is None:
        _move_words(caption, words)
        words.tag = "caption"
        remove_element(caption)
        target.insert(0, words)
        figure = target
    else:
        findings.add("MAN-023", SourceLocation(name, source_line(caption)))
        missing_targets.add(caption)
        return
    _give(caption, figure)


def _give(source: Element, target: Element) -> None:
    """Hand an id, a language and further classes on to what they were meant for."""
    for key in ("id", "lang"):
        if value := source.get(key):
            target.set(key, value)
    more = [c for c in classes(source) if c not in {"caption", "decorative", *classes(target)}]
    if more:
        target.set("class", " ".join([*classes(target), *more]))


def lone_image(paragraph: Element) -> Element | None:
    """Return the image that is all a paragraph holds."""
    if paragraph.tag != "p" or len(paragraph) != 1 or (paragraph.text or "").strip():
        return None
    image = paragraph[0]
    return image if image.tag == "img" and not (image.tail or "").strip() else None


def _check_bleed(tree: Element, name: str, findings: Findings) -> None:
    """Find the images that are to run off the page and are no figures, or inside something else."""
    for element in tree.iter("figure", "img", "p"):
        if BLEED not in classes(element) or (element.tag == "p" and element.find(".//img") is None):
            continue
        if element.tag != "figure" or element.getparent() is not tree:
            findings.add("MAN-036", SourceLocation(name, source_line(element)))


def _make_figure(paragraph: Element, image: Element, words: Element | None) -> Element:
    figure = etree.Element("figure", {LINE: paragraph.get(LINE, "1")})
    figure.tail, paragraph.tail = paragraph.tail, None
    _give(paragraph, figure)
    _give(image, figure)
    for key in ("id", "title", "lang"):
        image.attrib.pop(key, "")
    is_decorative = "decorative" in classes(image)
    image.attrib.pop("class", "")
    if is_decorative:
        image.set("class", "decorative")
    parent = paragraph.getparent()
    assert parent is not None
    parent.replace(paragraph, figure)
    image.tail = None
    figure.append(image)
    if words is not None:
        figure.append(words)
    return figure


def _move_words(caption: Element, words: Element) -> None:
    """Move what a caption says; a single paragraph gives its text alone."""
    children = list(caption)
    source = children[0] if len(children) == 1 and children[0].tag == "p" else caption
    words.text = source.text
    for child in list(source):
        words.append(child)
