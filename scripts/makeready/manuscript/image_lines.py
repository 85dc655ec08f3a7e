"""Images on a line of their own in a paragraph of text, which stay on one in the book."""

from __future__ import annotations

from lxml import etree

from makeready.book.model import Element

_PARENTS = frozenset({"p", "li", "dd"})
_BLOCKS = frozenset({"aside", "blockquote", "br", "div", "dl", "figure", "ol", "p", "pre", "ul"})


def keep_image_lines(tree: Element) -> None:
    """Put line breaks between text and an image that its author has put on a line of its own.

    The line above would else be spaced to the full measure. Images in a row are left as they are.
    """
    for image in list(tree.iter("img")):
        target = _with_link(image)
        parent = target.getparent()
        if parent is None or parent.tag not in _PARENTS or not _is_alone(target, parent):
            continue
        if _is_text_after(target):
            line_break = etree.Element("br")
            line_break.tail, target.tail = (target.tail or "").lstrip(" \n"), None
            target.addnext(line_break)
        if _is_text_before(target, parent):
            parent.insert(parent.index(target), etree.Element("br"))


def _with_link(image: Element) -> Element:
    """Return the link that an image is the whole of; the image itself if it is in none."""
    parent = image.getparent()
    if parent is None or parent.tag != "a" or len(parent) > 1:
        return image
    return image if ((parent.text or "") + (image.tail or "")).strip() else parent


def _is_alone(target: Element, parent: Element) -> bool:
    """Return whether nothing else is on the line of the source that an image is on."""
    before, after = _text_before(target, parent), target.tail or ""
    following = target.getnext()
    is_first = target.getprevious() is None and not before.strip()
    is_last = not after.strip() and (following is None or following.tag in _BLOCKS)
    return (is_first or before.rstrip(" ").endswith("\n")) and (
        is_last or after.lstrip(" ").startswith("\n")
    )


def _is_text_before(target: Element, parent: Element) -> bool:
    if _text_before(target, parent).strip():
        return True
    previous = target.getprevious()
    return previous is not None and previous.tag not in _BLOCKS and not _is_image(previous)


def _is_text_after(target: Element) -> bool:
    if (target.tail or "").strip():
        return True
    following = target.getnext()
    return following is not None and following.tag not in _BLOCKS and not _is_image(following)


def _text_before(target: Element, parent: Element) -> str:
    previous = target.getprevious()
    return (parent.text if previous is None else previous.tail) or ""


def _is_image(element: Element) -> bool:
    return element.tag == "img" or (element.tag == "a" and element.find("img") is not None)
