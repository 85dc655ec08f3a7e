"""Blocks inside elements that have room for one line of text only, such as a heading or a link."""

from __future__ import annotations

from lxml import etree

from makeready.book.model import Element
from makeready.manuscript.allowed_html import HEADINGS
from makeready.manuscript.content_items import (
    PARTS,
    ROW_GROUPS,
    TRANSPARENT,
    Item,
    attributes_of,
    clone,
    contains,
    is_block_item,
    is_space,
    runs,
    tag_of,
    take_items,
    with_items,
)
from makeready.manuscript.line_numbers import LINE

# Elements that contain parts, and no text.
_STRUCTURES = frozenset({"ul", "ol", "dl", "table", "tr", "details", "figure"}) | ROW_GROUPS
# Blocks that stand for their text only, where there is no room for blocks.
_PLAIN_BLOCKS = frozenset(
    {"address", "article", "aside", "blockquote", "div", "footer", "header", "main", "nav", "p"}
) | {"section", *HEADINGS}


def split_at_blocks(element: Element, items: list[Item]) -> list[Item]:
    """Return an element of one line as several, with the blocks it contained between them."""
    if not any(map(is_block_item, items)):
        return [with_items(element, items)]
    out: list[Item] = []
    has_id = False
    for is_block_run, run in runs(items, is_block_item):
        if is_block_run:
            out += run
        else:
            out.append(clone(element, run, with_id=not has_id))
            has_id = True
    return out


def pushed_into_blocks(element: Element, items: list[Item]) -> list[Item]:
    """Return blocks, each with the inline ``element`` around its text, and the text between."""
    used = False

    def wrapped(run: list[Item]) -> Element:
        nonlocal used
        copy = clone(element, run, with_id=not used)
        used = True
        return copy

    def wrap(block: Element) -> Element:
        content: list[Item] = []
        for item in take_items(block):
            is_inside = is_block_item(item) or tag_of(item) in PARTS
            content.append(wrap(item) if is_inside and not isinstance(item, str) else item)
        if block.tag in _STRUCTURES:
            return with_items(block, content)
        out: list[Item] = []
        for is_inside, run in runs(content, lambda i: is_block_item(i) or tag_of(i) in PARTS):
            out += run if is_inside else [wrapped(run)]
        return with_items(block, out)

    out: list[Item] = []
    for is_block_run, run in runs(items, is_block_item):
        if is_block_run:
            out += [item if isinstance(item, str) else wrap(item) for item in run]
        else:
            out.append(wrapped(run))
    return out


def flattened(items: list[Item], line_end: str | None) -> list[Item]:
    """Return content with plain blocks as lines of text, divided by breaks or ``line_end``."""
    lines: list[list[Item]] = []
    for is_block_run, run in runs(items, is_block_item):
        if is_block_run:
            lines += [_flat_block(item, line_end) for item in run if not isinstance(item, str)]
        else:
            lines.append(run)
    out: list[Item] = []
    for line in lines:
        if out and line and not is_block_item(out[-1]) and not is_block_item(line[0]):
            out.append(line_end or etree.Element("br"))
        out += line
    return out


def _flat_block(block: Element, line_end: str | None) -> list[Item]:
    if block.tag in TRANSPARENT:
        return [with_items(block, flattened(take_items(block), line_end))]
    if not _is_plain_block(block):
        return [block]
    content = flattened(take_items(block), line_end)
    if any(key != LINE for key in block.attrib):
        return [with_items(etree.Element("span", attributes_of(block)), content)]
    return content


def _is_plain_block(block: Element) -> bool:
    return block.tag in _PLAIN_BLOCKS | TRANSPARENT and all(
        _is_plain_block(child) for child in block if is_block_item(child)
    )


def divided_at(element: Element, items: list[Item], tags: frozenset[str]) -> list[Item]:
    """Return an element divided at the elements inside it that have one of the names."""
    out: list[Item] = []
    run: list[Item] = []
    used = False

    def flush() -> None:
        nonlocal used
        if any(not is_space(item) for item in run):
            out.append(clone(element, run, with_id=not used))
            used = True
        else:
            out.extend(run)
        run.clear()

    for item in items:
        if isinstance(item, str) or not contains([item], tags):
            run.append(item)
        elif item.tag in tags:
            flush()
            out.append(item)
        else:
            for piece in divided_at(item, take_items(item), tags):
                if tag_of(piece) in tags:
                    flush()
                    out.append(piece)
                else:
                    run.append(piece)
    flush()
    return out
