"""The proof of an EPUB's documents before they are packed: valid content, and links that lead.

The manuscript is valid when it has been read. What is found here comes from the layouts.
"""

from __future__ import annotations

import posixpath
import re
from collections import Counter
from collections.abc import Collection, Iterable, Iterator
from urllib.parse import unquote, urlsplit

from lxml import etree

from makeready.book.content_model import content_faults, name_of
from makeready.findings import Findings, SourceLocation
from makeready.templates.stylesheet_urls import StylesheetUrls

_XHTML = "{http://www.w3.org/1999/xhtml}"
_LINKS = frozenset({"a", "area"})
_REFERENCES = (
    *("action", "cite", "data", "formaction", "href", "poster", "src"),
    "{http://www.w3.org/1999/xlink}href",
)
_SCHEME = re.compile(r"[a-z][a-z0-9+.-]*:|//", re.IGNORECASE)


class EpubDocuments:
    """The documents of a publication by their paths, and the paths of its other files."""

    def __init__(self, trees: dict[str, etree._Element], files: Iterable[str]) -> None:
        self._trees = trees
        self._ids = {
            path: Counter(str(e.get("id")) for e in tree.iter() if e.get("id"))
            for path, tree in trees.items()
        }
        self._files = {*files, *trees}

    def check(self, path: str, layout: str, findings: Findings) -> None:
        """Report what is invalid in a document that ``layout`` has produced."""
        location = SourceLocation(f"styles/layouts/{layout}.html.j2")
        for problem in dict.fromkeys(self._problems(path)):
            findings.add("EPU-016", location, problem=problem)

    def _problems(self, path: str) -> Iterator[str]:
        tree = self._trees[path]
        body = tree.find(f"{_XHTML}body")
        if body is None:
            yield "it has no <body> in the namespace of XHTML"
            return
        for fault in content_faults(body):
            yield fault.problem
        for name, count in self._ids[path].items():
            if count > 1:
                yield f"the id “{name[:80]}” occurs {count} times"
        for element in tree.iter(etree.Element):
            yield from self._broken_references(path, element)

    def _broken_references(self, path: str, element: etree._Element) -> Iterator[str]:
        for attribute in _REFERENCES:
            target = element.get(attribute)
            if target is not None and not self._leads(path, element, target.strip()):
                yield f"“{target[:80]}” leads to nothing in the e-book"
        style = element.text if name_of(element) == "style" else element.get("style")
        for url in StylesheetUrls(style or "").urls:
            if url.is_import or not self._leads(path, element, url.url):
                yield f"“{url.url[:80]}” leads to nothing in the e-book"

    def _leads(self, path: str, element: etree._Element, target: str) -> bool:
        if _SCHEME.match(target):
            return name_of(element) in _LINKS or target.lower().startswith("data:")
        url = urlsplit(target)
        file = posixpath.normpath(posixpath.join(posixpath.dirname(path), unquote(url.path)))
        file = file if url.path else path
        if file not in self._files:
            return False
        return not url.fragment or file not in self._ids or self._has(file, url.fragment)

    def _has(self, file: str, fragment: str) -> bool:
        ids: Collection[str] = self._ids[file]
        return fragment in ids or unquote(fragment) in ids
