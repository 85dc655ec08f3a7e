"""Repair of HTML that breaks the content model, where it is plain what was meant.

A list item without a list gets one, a paragraph ends before a block inside it, as in a browser.
No text is lost or reordered, except a caption, summary or foot of a table, which gets the place
at which it is shown. What could be meant otherwise is reported as well.
"""

from __future__ import annotations

from itertools import groupby

from lxml import etree

from makeready.book.content_model import content_faults, excluded_in, is_inline
from makeready.book.model import Element
from makeready.findings import Findings, SourceLocation
from makeready.manuscript.allowed_html import HEADINGS, NOTE_CALL, UNCLOSED
from makeready.manuscript.content_items import (
    CELLS,
    PARENTS,
    PARTS,
    ROW_GROUPS,
    TABLE_PARTS,
    TRANSPARENT,
    Item,
    append_items,
    contains,
    elements_of,
    is_block_item,
    is_space,
    new_element,
    runs,
    set_items,
    tag_of,
    take_items,
    with_items,
)
from makeready.manuscript.content_lines import (
    divided_at,
    flattened,
    pushed_into_blocks,
    split_at_blocks,
)
from makeready.manuscript.line_numbers import LINE

_LINKS = frozenset({"a", NOTE_CALL})
_OWN_PARTS = {
    "ul": frozenset({"li"}),
    "ol": frozenset({"li"}),
    "dl": frozenset({"dt", "dd"}),
    "table": TABLE_PARTS,
    "tbody": CELLS | {"tr"},
    "thead": CELLS | {"tr"},
    "tfoot": CELLS | {"tr"},
    "tr": CELLS,
    "details": frozenset({"summary"}),
    "figure": frozenset({"figcaption"}),
    "ruby": frozenset({"rt", "rp"}),
    "colgroup": frozenset({"col"}),
}
_ONE_LINE = frozenset({*HEADINGS, "pre", "rt", "summary"})


def repair_content(tree: Element, summary: str, path: str, findings: Findings) -> None:
    """Make the content of ``tree`` valid; ``summary`` is the label of details without one."""
    for element in tree.iter("time"):
        # What is added to its text later would make it invalid.
        if element.get("datetime") is None:
            element.tag = "span"
    if _is_valid(tree):
        return
    repair = _Repair(summary, path, findings)
    _simplify(tree)
    set_items(tree, repair.items_of(tree))


def report_content(tree: Element, path: str, findings: Findings) -> None:
    """Report what breaks the content model, but not what follows from a missing end tag."""
    for fault in content_faults(tree):
        parent = fault.element.getparent()
        if not any(e is not None and UNCLOSED in e.attrib for e in (fault.element, parent)):
            _report(fault.element, fault.problem, path, findings)
    for element in tree.iter():
        element.attrib.pop(UNCLOSED, "")


def _is_valid(tree: Element) -> bool:
    links_in_links = (call for link in tree.iter("a") for call in link.iter(NOTE_CALL))
    return next(content_faults(tree), None) is None and next(links_in_links, None) is None


def _report(element: Element, problem: str, path: str, findings: Findings) -> None:
    ancestors = (element, *element.iterancestors())
    line = next((int(e.get(LINE, "")) for e in ancestors if e.get(LINE, "").isdigit()), 1)
    findings.add("MAN-042", SourceLocation(path, line), problem=problem)


def _simplify(tree: Element) -> None:
    """Rename elements that lack an attribute they need, or are inside one that excludes them."""
    for element in tree.iter():
        tag = str(element.tag)
        if (tag == "bdo" and not element.get("dir")) or (
            tag == "data" and element.get("value") is None
        ):
            element.tag = "span"
        elif tag in {"address", "dfn", "footer", "header"} and any(
            tag in excluded_in(str(ancestor.tag)) for ancestor in element.iterancestors()
        ):
            element.tag = "span" if tag == "dfn" else "div"


class _Repair:
    """The repair of one tree, from the innermost elements outwards."""

    def __init__(self, summary: str, path: str, findings: Findings) -> None:
        self._summary, self._path, self._findings = summary, path, findings
        self._is_in_unclosed = False

    def _report(self, element: Element, problem: str) -> None:
        """Report an element, if it is not only its missing end tag that makes it invalid."""
        if not self._is_in_unclosed:
            _report(element, problem, self._path, self._findings)

    def items_of(self, element: Element) -> list[Item]:
        """Return the repaired content of an element that is valid where it is."""
        tag = str(element.tag)
        own_parts = _OWN_PARTS.get(tag, frozenset())
        items: list[Item] = []
        for item in take_items(element):
            items += [item] if isinstance(item, str) else self._repaired(item, tag)
        return self._with_parents(items, own_parts)

    def _repaired(self, element: Element, parent: str) -> list[Item]:
        """Return what an element becomes, whose parent has the name ``parent``."""
        tag = str(element.tag)
        if tag == "div" and parent == "dl":
            return self._group(element)
        items = self.items_of(element)
        is_in_unclosed = self._is_in_unclosed
        self._is_in_unclosed |= UNCLOSED in element.attrib
        repaired = self._with_structure(element, items)
        self._is_in_unclosed = is_in_unclosed
        return repaired

    def _with_structure(self, element: Element, items: list[Item]) -> list[Item]:
        """Return an element with its repaired content, in the structure that its name needs."""
        tag = str(element.tag)
        structure = {
            "ul": self._list,
            "ol": self._list,
            "dl": self._definitions,
            "table": self._table,
            "tr": self._row,
            "details": self._details,
            "figure": self._figure,
            "ruby": self._ruby,
            "rp": self._parenthesis,
            "colgroup": self._columns,
            "p": split_at_blocks,
            **dict.fromkeys(ROW_GROUPS, self._row_group),
            **dict.fromkeys(_ONE_LINE, self._one_line),
        }.get(tag)
        if structure is not None:
            return structure(element, items)
        if tag in _LINKS and contains(items, _LINKS | {"details"}):
            return self._link(element, items)
        if tag not in TRANSPARENT and is_inline(tag) and any(map(is_block_item, items)):
            return pushed_into_blocks(element, items)
        return [with_items(element, items)]

    def _with_parents(self, items: list[Item], own_parts: frozenset[str]) -> list[Item]:
        """Return content in which parts of lists, tables and others have their parents."""
        if not any(tag_of(item) in PARTS - own_parts for item in items):
            return items
        out: list[Item] = []
        for parent, run in runs(items, lambda item: _missing_parent(item, own_parts)):
            if parent is None:
                out += run
            elif parent == "":
                for item in run:
                    out += _without_role(item)
            else:
                out += self._repaired(with_items(new_element(parent, run), run), "div")
        return out

    def _list(self, element: Element, items: list[Item]) -> list[Item]:
        out: list[Item] = []
        for kind, run in runs(items, _kind_in_list):
            last = next((i for i in reversed(out) if not isinstance(i, str)), None)
            if kind == "li":
                out += run
            elif kind == "list" and last is not None:
                append_items(last, run)
            else:
                out.append(with_items(new_element("li", run), run))
        if element.tag == "ul":
            for item in out:
                if not isinstance(item, str):
                    item.attrib.pop("value", "")
        return [with_items(element, out)]

    def _group(self, element: Element) -> list[Item]:
        """Return a group of a definition list: a ``div`` with its terms and definitions."""
        items: list[Item] = []
        for item in take_items(element):
            items += [item] if isinstance(item, str) else self._repaired(item, "div")
        items = self._with_parents(items, _OWN_PARTS["dl"])
        if not any(tag_of(item) in {"dt", "dd"} for item in items):
            return [with_items(element, items)]
        before, content = _definition_groups(items)
        return [*before, with_items(element, content)] if content else before

    def _definitions(self, element: Element, items: list[Item]) -> list[Item]:
        groups = [item for item in items if _is_group(item)]
        elements = [item for item in items if not isinstance(item, str)]
        if groups and len(groups) == len(elements):
            return [with_items(element, items)]
        flat: list[Item] = []
        for item in items:
            if isinstance(item, str) or not _is_group(item):
                flat.append(item)
                continue
            if (name := item.get("id")) and not item[0].get("id"):
                item[0].set("id", name)
            flat += take_items(item)
        before, content = _definition_groups(flat)
        return [*before, with_items(element, content)] if content else before

    def _table(self, element: Element, items: list[Item]) -> list[Item]:
        captions = elements_of(items, "caption")
        columns = elements_of(items, "col", "colgroup")
        before: list[Item] = []
        if contains(captions, frozenset({"table"})):
            before = [_as_block(caption) for caption in captions]
            captions = []
        for other in captions[1:]:
            append_items(captions[0], [etree.Element("br"), *take_items(other)])
        rest = [i for i in items if tag_of(i) not in {"caption", "col", "colgroup"}]
        bodies = self._bodies(rest, element)
        return [*before, with_items(element, [*captions[:1], *_column_groups(columns), *bodies])]

    def _bodies(self, items: list[Item], like: Element) -> list[Item]:
        """Return the head, the bodies or rows, and the foot of a table, in this order."""
        heads: list[Item] = []
        bodies: list[Item] = []
        feet: list[Item] = []
        for kind, run in runs(items, _kind_in_table):
            if kind == "group":
                for item in run:
                    if tag_of(item) == "thead" and not heads and not bodies:
                        heads.append(item)
                    elif tag_of(item) == "tfoot" and not feet:
                        feet.append(item)
                    elif not isinstance(item, str):
                        item.tag = "tbody"
                        bodies.append(item)
            else:
                bodies += self._rows(run, like)
        if any(tag_of(item) == "tbody" for item in bodies):
            bodies = [
                item
                for kind, run in runs(bodies, tag_of)
                for item in (
                    run if kind == "tbody" else [with_items(new_element("tbody", run), run)]
                )
            ]
        return [*heads, *bodies, *feet]

    def _row_group(self, element: Element, items: list[Item]) -> list[Item]:
        return [with_items(element, self._rows(items, element))]

    def _rows(self, items: list[Item], like: Element) -> list[Item]:
        out: list[Item] = []
        for kind, run in runs(items, _kind_in_table):
            if kind == "tr":
                out += run
            else:
                out += self._row(new_element("tr", run, like), run)
        return out

    def _row(self, element: Element, items: list[Item]) -> list[Item]:
        out: list[Item] = []
        for is_cell, run in runs(items, lambda item: tag_of(item) in CELLS):
            if is_cell:
                out += run
                continue
            out.append(cell := with_items(new_element("td", run, element), run))
            self._report(cell, "a table has content outside its cells")
        return [with_items(element, out)]

    def _details(self, element: Element, items: list[Item]) -> list[Item]:
        summaries = elements_of(items, "summary")
        summary = summaries[0] if summaries else new_element("summary", [], element)
        if not summaries:
            summary.text = self._summary
        rest = [
            _as_block(item) if not isinstance(item, str) and item.tag == "summary" else item
            for item in items
            if item is not summary
        ]
        return [with_items(element, [summary, *rest])]

    def _figure(self, element: Element, items: list[Item]) -> list[Item]:
        while items and (is_space(items[-1]) or tag_of(items[-1]) == "br"):
            items = items[:-1]
        shown = [item for item in items if not is_space(item)]
        captions = elements_of(shown, "figcaption")
        kept = next((c for c in captions if c is shown[0] or c is shown[-1]), None)
        out = [
            _as_block(item) if not isinstance(item, str) and item in captions and item is not kept
            else item
            for item in items
        ]  # fmt: skip
        return [with_items(element, out)]

    def _ruby(self, element: Element, items: list[Item]) -> list[Item]:
        last = max((n for n, item in enumerate(items) if tag_of(item) == "rt"), default=-1)
        if last < 0 or any(map(is_block_item, items)):
            element.tag = "span"
            items = [i for item in items for i in _without_role(item)]
            return self._repaired_inline(element, items)
        while last + 1 < len(items) and tag_of(items[last + 1]) == "rp":
            last += 1
        inside, after = items[: last + 1], items[last + 1 :]
        ruby = with_items(element, inside)
        if next(content_faults(ruby), None) is not None:
            # The parentheses are for readers that cannot show ruby.
            ruby = with_items(ruby, [i for i in take_items(ruby) if tag_of(i) != "rp"])
        return [ruby, *(i for item in after for i in _without_role(item))]

    def _parenthesis(self, element: Element, items: list[Item]) -> list[Item]:
        if any(not isinstance(item, str) for item in items):
            return self._repaired_inline(_with_tag(element, "span"), items)
        return [with_items(element, items)]

    def _columns(self, element: Element, items: list[Item]) -> list[Item]:
        columns = [item for item in items if tag_of(item) == "col"]
        if columns:
            element.attrib.pop("span", "")
        rest = [item for item in items if tag_of(item) != "col"]
        return [with_items(element, columns), *rest]

    def _repaired_inline(self, element: Element, items: list[Item]) -> list[Item]:
        if any(map(is_block_item, items)):
            return pushed_into_blocks(element, items)
        return [with_items(element, items)]

    def _one_line(self, element: Element, items: list[Item]) -> list[Item]:
        """Return a heading, preformatted text or summary, without blocks inside."""
        blocks = [tag_of(item) for item in items if is_block_item(item)]
        if element.tag == "summary" and len(blocks) == 1 and blocks[0] in HEADINGS:
            return [with_items(element, items)]
        items = flattened(items, "\n" if element.tag == "pre" else None)
        if not any(map(is_block_item, items)):
            return [with_items(element, items)]
        name = str(element.tag)
        inner = next(str(item.tag) for item in items if is_block_item(item))  # type: ignore[union-attr]
        problem = f"<{inner}> cannot be inside <{name}>"
        self._report(element, problem)
        pieces = split_at_blocks(element, items)
        elements = [piece for piece in pieces if tag_of(piece) == name]
        for piece in elements if name == "pre" else elements[1:]:
            if name != "pre" and not isinstance(piece, str):
                piece.tag = "p"
        return pieces

    def _link(self, element: Element, items: list[Item]) -> list[Item]:
        """Return a link that contains others, divided at them."""
        if any(map(is_block_item, items)):
            problem = "a link contains blocks with another link or <details>"
            self._report(element, problem)
            return items
        return divided_at(element, items, _LINKS)


def _missing_parent(item: Item, own_parts: frozenset[str]) -> str | None:
    """Return the parent that a part needs and lacks: empty if it can only lose its role."""
    tag = tag_of(item)
    return None if tag in own_parts or tag not in PARTS else PARENTS.get(tag, "")


def _without_role(item: Item) -> list[Item]:
    """Return a caption, summary or part of ruby as text without that role."""
    if isinstance(item, str):
        return [item]
    if item.tag in {"rt", "rp"}:
        return [_with_tag(item, "span")]
    return [_as_block(item)] if item.tag in {"figcaption", "summary", "caption"} else [item]


def _with_tag(element: Element, tag: str) -> Element:
    element.tag = tag
    return element


def _as_block(element: Element) -> Element:
    """Return an element as a paragraph, or as a ``div`` if it contains blocks."""
    return _with_tag(element, "div" if any(map(is_block_item, element)) else "p")


def _kind_in_list(item: Item) -> str:
    tag = tag_of(item)
    return {"li": "li", "ol": "list", "ul": "list"}.get(tag, "other")


def _kind_in_table(item: Item) -> str:
    tag = tag_of(item)
    if tag in ROW_GROUPS:
        return "group"
    return "tr" if tag == "tr" else "other"


def _is_group(item: Item) -> bool:
    """Return whether an item of a definition list is a ``div`` with terms and definitions."""
    return not isinstance(item, str) and item.tag == "div" and item.find("dt") is not None


def _definition_groups(items: list[Item]) -> tuple[list[Item], list[Item]]:
    """Return what is before the first term, as blocks, and the terms with their definitions."""
    before: list[Item] = []
    content: list[Item] = []
    for kind, run in runs(items, lambda item: tag_of(item) if tag_of(item) in {"dt", "dd"} else ""):
        last = content[-1] if content else None
        if kind == "dt" or (kind == "dd" and last is not None):
            content += run
        elif kind == "dd":
            for item in run:
                before += [item] if isinstance(item, str) else _blocks(take_items(item), item)
        elif last is None:
            before += _blocks(run)
        elif not isinstance(last, str) and last.tag == "dd":
            append_items(last, run)
        else:
            content.append(with_items(new_element("dd", run), run))
        while content and isinstance(content[-1], str):
            content.pop()
    if content and tag_of(content[-1]) == "dt":
        content.append(new_element("dd", content[-1:]))
    return before, content


def _blocks(items: list[Item], like: Element | None = None) -> list[Item]:
    """Return content with its lines of text as paragraphs, in the line of an element."""
    out: list[Item] = []
    for is_block_run, run in runs(items, is_block_item):
        out += run if is_block_run else [with_items(new_element("p", run, like), run)]
    return out


def _column_groups(columns: list[Element]) -> list[Item]:
    groups: list[Item] = []
    for tag, run in groupby(columns, key=lambda column: column.tag):
        if tag == "colgroup":
            groups += run
        else:
            groups.append(with_items(etree.Element("colgroup"), run))
    return groups
