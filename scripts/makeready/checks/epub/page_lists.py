"""The lists of an EPUB's navigation against its documents: contents in their order, and pages."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from lxml import etree

from makeready.checks.epub.publication import OPF, Publication, inner_path, text_of

_XHTML = "{http://www.w3.org/1999/xhtml}"
_TYPE = "{http://www.idpf.org/2007/ops}type"
_DC_SOURCE = "{http://purl.org/dc/elements/1.1/}source"
_LEADS_NOWHERE = "leads to no mark of a page"

Found = tuple[str, dict[str, object]]
"""A rule, and the values of its message."""


def page_breaks(tree: etree._Element) -> Iterator[etree._Element]:
    """Yield the marks of a document where a printed page begins."""
    for element in tree.iter(etree.Element):
        is_mark = "pagebreak" in (element.get(_TYPE) or "").split()
        if is_mark or element.get("role") == "doc-pagebreak":
            yield element


def navigations_of(tree: etree._Element) -> dict[str, etree._Element]:
    """Return the lists of a navigation document by their kind."""
    return {
        kind: nav for nav in tree.iter(f"{_XHTML}nav") for kind in (nav.get(_TYPE) or "").split()
    }


def listing_faults(
    publication: Publication, path: str, navigation: etree._Element, breaks: Sequence[str]
) -> Iterator[Found]:
    """Yield what is wrong with the lists of the navigation document ``path``.

    ``breaks`` are the pages that are marked, as ``file#id`` and in reading order.
    """
    lists = navigations_of(navigation)
    if "toc" in lists:
        yield from _contents_faults(publication, _targets(path, lists["toc"]))
    pages = lists.get("page-list")
    if pages is None:
        if breaks:
            yield "ACC-023", {"count": len(breaks)}
        return
    listed = [target for target, _ in _targets(path, pages)]
    lost = [label for target, label in _targets(path, pages) if target not in set(breaks)]
    unlisted = [target.rpartition("#")[2] for target in breaks if target not in set(listed)]
    if lost:
        yield "ACC-024", {"label": lost[0], "reason": f"{_LEADS_NOWHERE}{_and_others(lost)}"}
    elif unlisted:
        yield "ACC-024", {"label": unlisted[0], "reason": f"is missing{_and_others(unlisted)}"}
    elif listed != list(breaks):
        yield "ACC-024", {"label": "1 and after", "reason": "stand in another order than the text"}
    if not _names_source(publication):
        yield "ACC-025", {}


def _contents_faults(
    publication: Publication, targets: Sequence[tuple[str, str]]
) -> Iterator[Found]:
    order = {item.path: place for place, item in enumerate(publication.spine())}
    before = -1
    for target, label in targets:
        place = order.get(target.partition("#")[0])
        if place is None:
            yield "ACC-022", {"label": label, "reason": "leads out of the reading order"}
        elif place < before:
            yield "ACC-022", {"label": label, "reason": "stands after what follows it in the book"}
        before = max(before, place or 0)


def _targets(path: str, nav: etree._Element) -> list[tuple[str, str]]:
    """Return where the links of a list lead, as ``file#id``, and what they say."""
    found = []
    for link in nav.iter(f"{_XHTML}a"):
        reference = link.get("href") or ""
        anchor = reference.partition("#")[2]
        file = inner_path(path, reference) if not reference.startswith("#") else path
        label = " ".join(text_of(link).split())
        found.append((f"{file}#{anchor}" if anchor else file, label))
    return found


def _and_others(labels: Sequence[str]) -> str:
    return f", and {len(labels) - 1} others" if len(labels) > 1 else ""


def _names_source(publication: Publication) -> bool:
    """Tell whether the package names what its page numbers are those of."""
    metas = list(publication.package.iter(f"{OPF}meta"))
    named = any((meta.get("property") or "").endswith("pageBreakSource") for meta in metas)
    refined = any(meta.get("property") == "source-of" for meta in metas)
    return named or (refined and publication.package.find(f".//{_DC_SOURCE}") is not None)
