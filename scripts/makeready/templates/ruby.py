"""Readings above words: ruby, divided into single pairs and spaced for pages.

The engine knows no ruby. Each pair of a base and its reading is a box, in which the stylesheet
places the reading above the base in half its size; here it is spaced over the base, and the base
where the reading is wider (Requirements for Japanese Text Layout, 3.3.6).
"""

from __future__ import annotations

import copy
import re

from lxml import etree

from makeready.book.model import Element
from makeready.manuscript.structure import plain_text

_WIDE = re.compile(
    "[\u1100-\u11ff\u2e80-\ua4cf\ua960-\ua97f\uac00-\ud7ff\uf900-\ufaff\uff01-\uff60]"
)
_READING_SIZE = 0.5
_NARROW_EM = 0.5


def set_ruby(tree: Element) -> None:
    """Divide the ruby of a tree into pairs, each with its spacing.

    Ruby with a base without text, such as an image, stays as it is.
    """
    for ruby in list(tree.iter("ruby")):
        pairs, rest = _pairs(ruby)
        if not pairs or not all(plain_text(base).strip() for base, _ in pairs):
            continue
        parent = ruby.getparent()
        assert parent is not None
        made = [_pair(ruby, base, reading) for base, reading in pairs]
        for pair in made[1:]:
            if "id" in pair.attrib:
                del pair.attrib["id"]
        if not _is_empty(rest):
            rest.tag = "span"
            made.append(rest)
        made[-1].tail, ruby.tail = ruby.tail, None
        at = parent.index(ruby)
        parent[at : at + 1] = made


def _pairs(ruby: Element) -> tuple[list[tuple[Element, Element]], Element]:
    """Return each base with its reading, and what follows the last reading.

    A reading that follows another is a part of it.
    """
    pairs: list[tuple[Element, Element]] = []
    base = etree.Element("rb")
    base.text = ruby.text
    for child in ruby:
        if child.tag == "rt":
            reading = copy.deepcopy(child)
            reading.tail = None
            if pairs and _is_empty(base):
                _add_text(pairs[-1][1], reading.text)
                pairs[-1][1].extend(list(reading))
            else:
                pairs.append((base, reading))
            base = etree.Element("rb")
            base.text = child.tail
        elif child.tag == "rp":
            _add_text(base, child.tail)
        elif child.tag == "rb":
            _add_text(base, child.text)
            base.extend(copy.deepcopy(list(child)))
            _add_text(base, child.tail)
        else:
            base.append(copy.deepcopy(child))
    return pairs, base


def _is_empty(base: Element) -> bool:
    return not len(base) and not (base.text or "").strip()


def _add_text(base: Element, text: str | None) -> None:
    if not text or not text.strip():
        return
    if len(base):
        base[-1].tail = (base[-1].tail or "") + text
    else:
        base.text = (base.text or "") + text


def _pair(ruby: Element, base: Element, reading: Element) -> Element:
    pair = etree.Element("ruby", {str(k): str(v) for k, v in ruby.items()})
    base.text = (base.text or "").strip() or None
    pair.extend([base, reading])
    shown, read = plain_text(base), plain_text(reading).strip()
    free_em = _width_em(shown) - _READING_SIZE * _width_em(read)
    if free_em > 0 and len(read) > 1 and _is_wide(read) and _is_wide(shown):
        # Half of what is between two letters stands at each end.
        between = free_em / len(read) / _READING_SIZE
        reading.set("class", "spaced")
        reading.set("style", f"letter-spacing:{between:.3f}em;padding-left:{between / 2:.3f}em")
    elif free_em < 0:
        between = -free_em / len(shown)
        base.set("style", f"letter-spacing:{between:.3f}em")
        pair.set("style", f"padding-left:{between / 2:.3f}em;margin-right:{-between / 2:.3f}em")
        reading.set("style", f"right:{between / 2:.3f}em")
    return pair


def _is_wide(text: str) -> bool:
    return all(_WIDE.match(letter) for letter in text)


def _width_em(text: str) -> float:
    return sum(1.0 if _WIDE.match(letter) else _NARROW_EM for letter in text)
