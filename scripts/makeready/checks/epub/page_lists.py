"""The lists of an EPUB's navigation document: contents in reading order, and page list."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from lxml import etree

from makeready.checks.epub.publication import OPF, Publication, inner_path, text_of
from makeready.wording import counted

_XHTML = "{http://www.w3.org/1999/xhtml}"
_NCX = "{http://www.daisy.org/z3986/2005/ncx/}"
TYPE = "{http://www.idpf.org/2007/ops}type"
"""The attribute that tells what an element of an EPUB 3 is."""
_DC_SOURCE = "{http://purl.org/dc/elements/1.1/}source"
_NO_PAGE_BREAK = "links to no page mark"

Violation = tuple[str, dict[str, object]]
"""The id of a rule, and the values of its message."""


def page_breaks(tree: etree._Element) -> Iterator[etree._Element]:
    """Yield the elements of a document that mark where a print page begins.

    One without an id or a label names no page: some programs mark forced breaks like this.
    """
    for element in tree.iter(etree.Element):
        is_mark = "pagebreak" in (element.get(TYPE) or "").split()
        if (is_mark or element.get("role") == "doc-pagebreak") and _names_page(element):
            yield element


def _names_page(mark: etree._Element) -> bool:
    named = any(mark.get(name) for name in ("id", "title", "aria-label"))
    return named or bool(text_of(mark).strip())


def navigation_lists(tree: etree._Element) -> dict[str, etree._Element]:
    """Return the lists of a navigation document by their kind."""
    return {
        kind: nav for nav in tree.iter(f"{_XHTML}nav") for kind in (nav.get(TYPE) or "").split()
    }


def ncx_lists(ncx: etree._Element) -> set[str]:
    """Return the lists that an NCX has, by the names of those of a navigation document."""
    points = {"toc": f"{_NCX}navPoint", "page-list": f"{_NCX}pageTarget"}
    return {kind for kind, tag in points.items() if next(ncx.iter(tag), None) is not None}


def ncx_pages(ncx: etree._Element) -> list[str]:
    """Return the references to the pages that an NCX lists."""
    return [
        content.get("src") or ""
        for target in ncx.iter(f"{_NCX}pageTarget")
        for content in target.iter(f"{_NCX}content")
    ]


def navigation_violations(
    publication: Publication, path: str, navigation: etree._Element, breaks: Sequence[str]
) -> Iterator[Violation]:
    """Yield the violations in the lists of the navigation document ``path``.

    ``breaks`` are the page breaks of all documents in reading order, as ``file#id``.
    """
    lists = navigation_lists(navigation)
    if "toc" in lists:
        yield from _contents_violations(publication, _targets(path, lists["toc"]))
    pages = lists.get("page-list")
    if pages is None:
        if breaks:
            yield "ACC-023", {"count": len(breaks)}
        return
    listed = [target for target, _ in _targets(path, pages)]
    dangling = [
        label for target, label in _targets(path, pages) if _misses_mark(target, set(breaks))
    ]
    unlisted = [target.rpartition("#")[2] for target in breaks if target not in set(listed)]
    if dangling:
        yield (
            "ACC-024",
            {"label": dangling[0], "problem": f"{_NO_PAGE_BREAK}{_and_others(dangling)}"},
        )
    elif unlisted:
        yield "ACC-024", {"label": unlisted[0], "problem": f"is missing{_and_others(unlisted)}"}
    elif [target for target in listed if target in set(breaks)] != list(breaks):
        yield "ACC-024", {"label": "1 and following", "problem": "are not in reading order"}
    if not _names_source(publication):
        yield "ACC-025", {}


def _misses_mark(target: str, breaks: set[str]) -> bool:
    """Return whether a page is linked to another place than a mark, in a document that has some.

    A page may begin with a document, or at a place that a CFI names.
    """
    document, _, place = target.partition("#")
    is_in_text = bool(place) and not place.startswith("epubcfi(")
    has_marks = any(mark.startswith(f"{document}#") for mark in breaks)
    return is_in_text and has_marks and target not in breaks


def _contents_violations(
    publication: Publication, targets: Sequence[tuple[str, str]]
) -> Iterator[Violation]:
    positions = {item.path: position for position, item in enumerate(publication.spine())}
    previous, reported = -1, set[str]()
    for target, label in targets:
        document = target.partition("#")[0]
        position = positions.get(document)
        if document in reported:
            continue
        if position is None or position < previous:
            reported.add(document)
        if position is None:
            yield "ACC-022", {"label": label, "problem": "is not in the reading order"}
        elif position < previous:
            yield (
                "ACC-022",
                {"label": label, "problem": "comes after entries that follow it in the book"},
            )
        previous = max(previous, position or 0)


def _targets(path: str, nav: etree._Element) -> list[tuple[str, str]]:
    """Return the targets of the links of a list, as ``file#id``, and their texts."""
    targets = []
    for link in nav.iter(f"{_XHTML}a"):
        reference = link.get("href") or ""
        anchor = reference.partition("#")[2]
        file = inner_path(path, reference) if not reference.startswith("#") else path
        label = " ".join(text_of(link).split())
        targets.append((f"{file}#{anchor}" if anchor else file, label))
    return targets


def _and_others(labels: Sequence[str]) -> str:
    return f" (and {counted(len(labels) - 1, 'other')})" if len(labels) > 1 else ""


def _names_source(publication: Publication) -> bool:
    """Return whether the package names the print edition of its page numbers."""
    metas = list(publication.package.iter(f"{OPF}meta"))
    has_source = any((meta.get("property") or "").endswith("pageBreakSource") for meta in metas)
    has_refined_source = any(meta.get("property") == "source-of" for meta in metas)
    return has_source or (
        has_refined_source and publication.package.find(f".//{_DC_SOURCE}") is not None
    )
