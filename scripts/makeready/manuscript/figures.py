"""Figures and captions: images with captions, and tables with theirs."""

from __future__ import annotations

import re

from lxml import etree

from makeready.book.model import BLEED, Element
from makeready.findings import Findings, SourceLocation
from makeready.manuscript.allowed_html import (
    CAPTION_BEFORE,
    CAPTION_BESIDE,
    COLUMN_WIDTHS,
    FILE_NAME,
    LISTING,
)
from makeready.manuscript.line_numbers import LINE
from makeready.manuscript.sanitise import remove_element, source_line
from makeready.manuscript.statement_kinds import UNNUMBERED
from makeready.manuscript.subfigures import (
    IMAGE_ROWS,
    LETTER,
    RATIO,
    Rows,
    image_rows,
    lay_out,
    layout_of,
)
from makeready.manuscript.subtables import build_table_group
from makeready.manuscript.suppressed import MissingTargets

NUMBER = "data-number"
_LABEL = re.compile(r"(?:fig|tbl|tab|lst)[-:]")
_BLOCKS_OF_LABELLED = 2
"""A figure or table, and its caption."""


def classes(element: Element) -> list[str]:
    """Return the classes of an element."""
    return (element.get("class") or "").split()


def build_figures(
    tree: Element, path: str, findings: Findings, missing_targets: MissingTargets
) -> None:
    """Make figures of images with captions, and add captions to their tables.

    A figure is ``figure > img + figcaption``; a table's caption is its first child. Both
    get their numbers and labels later, when all sections have been read.
    """
    # What is inside another is built first.
    for block in reversed(list(tree.iter("div", "figure"))):
        _build_block(block, path, findings, missing_targets)
    for caption in [d for d in tree.iter("div") if "caption" in classes(d)]:
        _set_caption(caption, path, findings, missing_targets)
    for paragraph in list(tree.iter("p")):
        own_caption = _caption_beside(paragraph)
        image = lone_image(paragraph)
        if image is None:
            _lay_out_paragraph(paragraph)
            continue
        if own_caption is not None:
            _make_figure(paragraph, image, own_caption)
            continue
        if title := image.get("title"):
            caption_text = etree.Element("figcaption", {LINE: paragraph.get(LINE, "1")})
            caption_text.text = title
            _make_figure(paragraph, image, caption_text)
        elif BLEED in (*classes(image), *classes(paragraph)):
            _make_figure(paragraph, image, None)
    for span in [s for s in tree.iter("span") if CAPTION_BESIDE in classes(s)]:
        remove_element(span)
    _check_bleed(tree, path, findings)
    for image in tree.iter("img"):
        # Outside a figure a title would be a tooltip, which a page cannot show.
        image.attrib.pop("title", "")
        image.attrib.pop(RATIO, "")


def _build_block(
    block: Element, path: str, findings: Findings, missing_targets: MissingTargets
) -> None:
    """Build the figure or table that a block of Quarto or HTML is, or the images in rows."""
    layout = layout_of(block)
    is_labelled = _LABEL.match(block.get("id") or "") is not None
    if block.tag == "figure" or layout or is_labelled or "columns" in classes(block):
        is_figure = block.tag == "figure" or is_labelled
        rows, caption = image_rows(block, words_are_captions=is_labelled)
        if rows:
            _lay_out_block(block, rows, caption, layout, is_figure=is_figure)
            return
    if is_labelled and (block.get("id") or "").startswith("lst"):
        _build_listing(block)
    elif block.tag == "div" and is_labelled:
        caption = _caption_of_group(block)
        has_tables = len(block.findall("table")) > 1
        for own in [d for d in block if d is not caption and "caption" in classes(d)]:
            if has_tables:
                _set_caption(own, path, findings, missing_targets)
        if not build_table_group(block, caption):
            _build_labelled_div(block)
    sides = [key for key in layout if key in {"layout", "layout-ncol", "layout-nrow"}]
    if sides and block.getparent() is not None:
        location = SourceLocation(path, source_line(block))
        findings.add("MAN-051", location, options=", ".join(sides))


def _caption_of_group(block: Element) -> Element | None:
    """Return the caption of a block with several tables: not that of the last of them."""
    tables = block.findall("table")
    if len(tables) <= 1 or tables[-1] is block[-1]:
        return None
    last = block[-1]
    is_of_table = (
        "caption" in classes(last)
        and last.getprevious() is tables[-1]
        and source_line(last) != source_line(block)
    )
    return None if is_of_table or last.get("id") or not _is_caption(last) else last


def _lay_out_block(
    block: Element, rows: Rows, caption: Element | None, layout: dict[str, str], *, is_figure: bool
) -> None:
    block.text = None
    for child in list(block):
        block.remove(child)
    if "columns" in classes(block) and not layout:
        layout = {"layout-ncol": str(sum(map(len, rows)))}
    anchor = (block.get("id") or "") if is_figure else ""
    lay_out(block, rows, layout, anchor=anchor, lettered=is_figure)
    if not is_figure:
        names = [name for name in classes(block) if name != "columns"]
        block.set("class", " ".join([*names, IMAGE_ROWS]))
        return
    block.tag = "figure"
    if caption is None and anchor and block.find(f".//*[@{LETTER}]") is not None:
        # Its images have letters, which belong to a number.
        caption = etree.Element("figcaption", {LINE: str(source_line(block))})
    if caption is not None:
        caption.tag, caption.tail = "figcaption", None
        caption.attrib.pop("class", "")
        block.append(caption)
        _take_label(caption, block)


def _lay_out_paragraph(paragraph: Element) -> None:
    """Make rows of a paragraph of images whose widths are all given in percent."""
    if paragraph.find(".//img") is None:
        return
    rows, _ = image_rows(paragraph, words_are_captions=False)
    if rows and all(cell.percent for row in rows for cell in row):
        paragraph.tag = "div"
        _lay_out_block(paragraph, rows, None, {}, is_figure=False)


def _build_labelled_div(div: Element) -> None:
    """Make a figure or table of Quarto's ``::: {#fig-a}``; the last block is its caption.

    It is a paragraph, or the caption that is an attribute of the block.
    """
    blocks = list(div)
    texts = [div.text, *(block.tail for block in blocks)]
    if len(blocks) != _BLOCKS_OF_LABELLED or any((text or "").strip() for text in texts):
        return
    target, last = blocks
    is_paragraph = last.tag == "p" and lone_image(last) is None and not last.get("id")
    if not is_paragraph and "caption" not in classes(last):
        return
    image = lone_image(target)
    last.attrib.pop("class", "")
    if image is not None and not image.get("title") and not image.get("id"):
        last.tag = "figcaption"
        _copy_attributes(div, _make_figure(target, image, last))
    elif target.tag == "table" and target.find("caption") is None and not target.get("id"):
        if widths := last.attrib.pop(COLUMN_WIDTHS, ""):
            target.set(COLUMN_WIDTHS, widths)
        last.tag = "caption"
        target.insert(0, last)
        if not (len(last) or (last.text or "").strip()):
            target.remove(last)
        _copy_attributes(div, target)
    else:
        if not is_paragraph:
            last.set("class", "caption")
        return
    remove_element(div, keep_content=True)


def _build_listing(block: Element) -> None:
    """Make a listing of Quarto's ``::: {#lst-a}``; its caption is the last block, or the first."""
    first, last = block[0], block[-1]
    if not (_is_caption(first) or _is_caption(last)) or len(block) < _BLOCKS_OF_LABELLED:
        return
    if any((text or "").strip() for text in (block.text, *(child.tail for child in block))):
        return
    caption = last if _is_caption(last) else first
    code = [child for child in block if child is not caption]
    if not any(next(child.iter("pre"), None) is not None for child in code):
        return
    names = [name for name in classes(block) if name not in {LISTING, UNNUMBERED}]
    block.tag, caption.tag = "figure", "figcaption"
    block.set("class", " ".join([*names, LISTING]))
    caption.attrib.pop("class", "")
    block.insert(0, caption)
    caption.tail = None
    files = block.findall(f"figure[@class='{LISTING} {UNNUMBERED}']")
    if len(files) == 1 and len(code) == 1:
        # The name of the file is all that its caption has.
        file = files[0][0]
        file.tag = "span"
        file.set("class", FILE_NAME)
        caption.append(file)
        remove_element(files[0], keep_content=True)


def _is_caption(block: Element) -> bool:
    is_text = block.tag == "p" and lone_image(block) is None and not block.get("id")
    return is_text or block.tag == "figcaption" or "caption" in classes(block)


def describe_images(tree: Element) -> None:
    """Give the image in a block of Quarto the description that is an attribute of the block."""
    for block in tree.iter("div", "figure"):
        description = str(block.attrib.pop("fig-alt", "")).strip()
        image = block.find(".//img") if description else None
        if image is not None and not (image.get("alt") or "").strip():
            image.set("alt", description)


def _set_caption(
    caption: Element, path: str, findings: Findings, missing_targets: MissingTargets
) -> None:
    target = caption.getnext() if CAPTION_BEFORE in classes(caption) else caption.getprevious()
    image = lone_image(target) if target is not None and target.tag == "p" else None
    caption_text = etree.Element("figcaption", {LINE: caption.get(LINE, "1")})
    rows = _rows_before_caption(target)
    if target is not None and rows:
        _move_content(caption, caption_text)
        remove_element(caption)
        figure = target
        if name := caption.get("id"):
            figure.set("id", name)
        _lay_out_block(figure, rows, caption_text, {}, is_figure=True)
    elif target is not None and image is not None:
        _move_content(caption, caption_text)
        image.attrib.pop("title", "")
        remove_element(caption)
        figure = _make_figure(target, image, caption_text)
    elif target is not None and target.tag == "table" and target.find("caption") is None:
        _move_content(caption, caption_text)
        caption_text.tag = "caption"
        remove_element(caption)
        figure = target
        _take_label(caption_text, figure)
        if caption.get("id") or len(caption_text) or (caption_text.text or "").strip():
            target.insert(0, caption_text)
    else:
        findings.add("MAN-023", SourceLocation(path, source_line(caption)))
        missing_targets.add(caption)
        return
    _copy_attributes(caption, figure)


def _rows_before_caption(target: Element | None) -> Rows:
    """Return the images of a paragraph of several, or of a block of them."""
    if target is None or target.tag not in {"p", "div"}:
        return []
    return image_rows(target, words_are_captions=False)[0]


def _copy_attributes(source: Element, target: Element) -> None:
    """Copy an id, a language and the author's classes to the element they are meant for."""
    for key in ("id", "lang", COLUMN_WIDTHS):
        if value := source.get(key):
            target.set(key, value)
    other_classes = [
        c
        for c in classes(source)
        if c not in {"caption", CAPTION_BEFORE, "decorative", *classes(target)}
    ]
    if other_classes:
        target.set("class", " ".join([*classes(target), *other_classes]))


def _caption_beside(paragraph: Element) -> Element | None:
    """Remove the caption beside a paragraph's image, and return it if that is alone.

    Of an image within text the words are only its description.
    """
    captions = [span for span in paragraph.iter("span") if CAPTION_BESIDE in classes(span)]
    for caption in captions:
        remove_element(caption)
    if len(captions) != 1 or lone_image(paragraph) is None:
        return None
    caption = captions[0]
    caption.tag = "figcaption"
    del caption.attrib["class"]
    caption.set(LINE, str(source_line(paragraph)))
    return caption


def lone_image(paragraph: Element) -> Element | None:
    """Return the image of a paragraph that contains nothing else; None if it contains more."""
    if paragraph.tag != "p" or len(paragraph) != 1 or (paragraph.text or "").strip():
        return None
    image = paragraph[0]
    return image if image.tag == "img" and not (image.tail or "").strip() else None


def _check_bleed(tree: Element, path: str, findings: Findings) -> None:
    """Report images with bleed that are not figures, or not at the top level of the section."""
    for element in tree.iter("figure", "img", "p"):
        if BLEED not in classes(element) or (element.tag == "p" and element.find(".//img") is None):
            continue
        if element.tag != "figure" or element.getparent() is not tree:
            findings.add("MAN-036", SourceLocation(path, source_line(element)))


def _make_figure(paragraph: Element, image: Element, caption_text: Element | None) -> Element:
    figure = etree.Element("figure", {LINE: paragraph.get(LINE, "1")})
    figure.tail, paragraph.tail = paragraph.tail, None
    _copy_attributes(paragraph, figure)
    _copy_attributes(image, figure)
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
    if caption_text is not None:
        figure.append(caption_text)
        _take_label(caption_text, figure)
    return figure


def _take_label(caption: Element, target: Element) -> None:
    """Give a figure or table the id that is written in its caption."""
    for label in list(caption.iter("span")):
        name = label.get("id")
        if name and not "".join(map(str, label.itertext())).strip() and not target.get("id"):
            target.set("id", name)
            remove_element(label)
            caption.text = (caption.text or "").lstrip() or None
            return


def _move_content(caption: Element, caption_text: Element) -> None:
    """Move the content of a caption; of a single paragraph, its text only."""
    children = list(caption)
    source = children[0] if len(children) == 1 and children[0].tag == "p" else caption
    caption_text.text = source.text
    for child in list(source):
        caption_text.append(child)
