"""Citations and the list of works in a style, as markup."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from html import escape
from itertools import pairwise
from typing import Any

from citeproc.model import VariableError
from citeproc.source import Citation, CitationItem, LiteralDate

from makeready.citations.bibtex import OTHERS
from makeready.citations.csl_elements import NamesFound, StyleError, plain
from makeready.citations.given_names import shown_given_names
from makeready.citations.style import Formatter, Style
from makeready.citations.work import Work

_TAGS = r"(?:</?[a-z]+(?: [^<>]*)?>)*"
_DOUBLED_STOP = re.compile(rf"([.?!])({_TAGS}(?:’?[”“»]{_TAGS})?)\.(?![.\w])")
_STOP_AFTER_QUOTE = re.compile(r"(’?[”’](?:</[a-z]+>)*)([.,])")
_STOPS_BEFORE_QUOTE = re.compile(r"([?!.,])[.](?=(?:</[a-z]+>)*’?”)")
_SPACE_BEFORE = re.compile(r"[ ]+(?=[,.](?:\s|$|<))|(?<=\s)[ ]+")
_DOUBLED_COMMA = re.compile(r",(\s*),")
_ADDRESS = re.compile(r"(?:[,.]?\s)?(?:https?://|doi:)")
_LEAST_RUN = 3


@dataclass(frozen=True, slots=True)
class Cite:
    """A work that is cited; ``locator`` is a part of it, and ``label`` what that is.

    The locator, and the ``prefix`` and ``suffix`` around the work, are markup.
    """

    key: str
    locator: str = ""
    label: str = "page"
    prefix: str = ""
    suffix: str = ""
    hides_names: bool = False


@dataclass(frozen=True, slots=True)
class Cluster:
    """The works that are cited in one place; in the text, if ``is_textual``: “Knuth (1984)”.

    With ``has_names_only``, the rest is in a note.
    """

    cites: tuple[Cite, ...]
    is_textual: bool = False
    has_names_only: bool = False


@dataclass(frozen=True, slots=True)
class Entry:
    """An entry of the list of works, as markup."""

    key: str
    label: str
    text: str


@dataclass(frozen=True, slots=True)
class _Locator:
    label: str
    identifier: str


@dataclass(slots=True)
class _Part:
    item: Any
    cite: Cite
    text: str
    delimiter: str = ""


def link_to(key: str, text: str) -> str:
    """Return markup that leads to the entry of a work, up to the address that it may end with."""
    address = _ADDRESS.search(text)
    linked = text[: address.start()] if address else text
    if linked.count("<") != 2 * linked.count("</"):
        return text
    return f'<a data-work="{escape(key)}">{linked}</a>{text[len(linked) :]}'


@dataclass(slots=True)
class Renderer:
    """Cites works in a style; ``works`` has their data by key, in the order of their citations.

    ``problems`` are the keys of works that the style cannot set, each with the reason.
    """

    style: Style
    works: Mapping[str, Mapping[str, Any]]
    problems: dict[str, str] = field(default_factory=dict)
    keys: list[str] = field(default_factory=list)
    source: dict[str, Work] = field(default_factory=dict)
    formatter: Any = Formatter
    _ids: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        # citeproc-py changes the case of keys.
        self._ids = {key: f"w{number}" for number, key in enumerate(self.works)}
        self.source = {i: Work(i, self.works[key]) for key, i in self._ids.items()}
        self.keys = list(self.source)
        self._sort()
        self._add_given_names()
        self._add_year_suffixes()

    # Order

    def _sort(self) -> None:
        sort = self.style.bibliography_sort
        if sort is None:
            return
        items = [self._item(key) for key in self._ids]

        def in_order() -> list[str]:
            ordered = sort.sort(items, self.style.bibliography_layout)
            return [item.key for item in ordered]

        self.keys = self._attempt("", in_order, list(self.keys))

    def _add_given_names(self) -> None:
        """Tell authors of the same family name apart by their given names."""
        citation = self.style.citation
        if citation.get("disambiguate-add-givenname") != "true":
            return
        rule = citation.get("givenname-disambiguation-rule", "")
        citation.cites = []
        names = {i: key for key, i in self._ids.items()}
        cites = {i: self._cite_text(self._item(names[i]), names[i]) for i in self.keys}
        self.style.root.given_names = shown_given_names(self.source, cites, rule)

    def _add_year_suffixes(self) -> None:
        """Tell works of the same names and year apart by a letter."""
        if self.style.citation.get("disambiguate-add-year-suffix") != "true":
            return
        same: dict[str, list[str]] = defaultdict(list)
        names = {i: key for key, i in self._ids.items()}
        for i in self.keys:
            self.style.citation.cites = []
            same[self._cite_text(self._item(names[i]), names[i])].append(i)
        for group in same.values():
            for number, i in enumerate(group if len(group) > 1 else []):
                self.source[i]["year_suffix"] = self.source[i]["year-suffix"] = _letters(number)

    # Citations

    def cite(self, cluster: Cluster, earlier: list[Any]) -> str:
        """Return a citation; ``earlier`` are those before it, to which it is added."""
        self.style.citation.cites = earlier
        is_textual = cluster.is_textual and not self.style.is_note_style
        is_named = is_textual or cluster.has_names_only
        names = self._names_in_text(cluster.cites) if is_named else ""
        if cluster.has_names_only:
            return names
        cites = [
            Cite(c.key, c.locator, c.label, c.prefix, c.suffix, hides_names=True)
            if is_textual
            else c
            for c in cluster.cites
        ]
        parts = self._parts(cites, earlier)
        text = "".join(part.delimiter + part.text for part in parts)
        text = self._tidy(self.style.citation_layout.around(text)) if plain(text).strip() else ""
        if not text and cluster.cites:
            names = link_to(cluster.cites[0].key, names)
        return f"{names} {text}".strip() if names else text

    def _parts(self, cites: Sequence[Cite], earlier: list[Any]) -> list[_Part]:
        citation = Citation([])
        citation.bibliography = self
        items = [self._item(cite.key, cite, citation) for cite in cites]
        pairs = dict(zip(map(id, items), cites, strict=True))
        citation.cites = items
        sort, layout = self.style.citation_sort, self.style.citation_layout
        if sort is not None and all(cite.key in self.works for cite in cites):
            items = self._attempt("", lambda: sort.sort(items, layout), items)
        parts: list[_Part] = []
        delimiter = escape(self.style.citation_layout.get("delimiter", ""), quote=False)
        for item in items:
            cite = pairs[id(item)]
            part = _Part(item, cite, self._cite_text(item, cite.key), delimiter if parts else "")
            if cite.key in self.works:
                earlier.append(item)
            parts.append(part)
        parts = self._collapsed(parts)
        for part in parts:
            if part.cite.key in self.works:
                part.text = link_to(part.cite.key, part.text)
            part.text = f"{part.cite.prefix}{part.text}{part.cite.suffix}"
        return parts

    def _collapsed(self, parts: list[_Part]) -> list[_Part]:
        """Put together numbers that follow each other, and works of the same names."""
        collapse = self.style.citation.get("collapse", "")
        if collapse == "citation-number":
            return _runs(parts)
        if not collapse.startswith("year"):
            return parts
        between = escape(self.style.citation.get("cite-group-delimiter", ", "), quote=False)
        parts = _grouped(parts)
        for before, part in pairwise(parts):
            if _names_of(before) != _names_of(part) or part.cite.prefix or not _names_of(part):
                continue
            item = self._item(part.cite.key, part.cite, part.item.citation)
            item["shows"] = "rest"
            part.text, part.delimiter = self._cite_text(item, part.cite.key), between
        return parts

    def _cite_text(self, item: Any, key: str) -> str:
        if key not in self.works:
            return f"<b>{escape(key, quote=False)}?</b>"
        layout = self.style.citation_layout
        return str(self._attempt(key, lambda: layout.cite(item), self._plain_cite(key)))

    def _names_in_text(self, cites: Sequence[Cite]) -> str:
        names = [self._names(cite.key) for cite in cites if cite.key in self.works]
        *others, last = names or [""]
        before = ", ".join(others)
        return f"{before} {self.style.term('and', 'and')} {last}" if before else last

    def _names(self, key: str) -> str:
        """Return the names of a work as the style cites them, or else as the data has them."""
        item = self._item(key)
        item["shows"] = "names"
        layout = self.style.citation_layout
        if not self.style.is_numeric and not self.style.is_note_style:
            self._attempt(key, lambda: layout.cite(item), "")
            if item.get("names"):
                # The sign is for names in brackets.
                joint = f" {self.style.term('and', 'and')} "
                return self._tidy(str(item["names"])).replace(" &amp; ", joint)
        data = self.source[self._ids[key]]
        people = data.get("author") or data.get("editor") or data.get("translator") or []
        families = [str(name.get("literal") or name.get("family", "")) for name in people]
        if not families:
            return str(data.get("title_short") or data.get("title") or escape(key))
        et_al = self.style.term("et-al", "et al.")
        if len(families) > 2 or OTHERS in families:  # noqa: PLR2004
            return f"{families[0]} {et_al}"
        return f" {self.style.term('and', 'and')} ".join(families)

    # The list of works

    def entries(self) -> list[Entry]:
        """Return the entries of all works, in the order of the style."""
        layout = self.style.bibliography_layout
        if layout is None:
            return []
        names = {i: key for key, i in self._ids.items()}
        substitute = self.style.bibliography.get("subsequent-author-substitute")
        entries: list[Entry] = []
        before = ""
        for i in self.keys:
            key = names[i]
            item, plain_entry = self._item(key), ("", self._plain_entry(key))
            label, text = self._attempt(
                key, partial(layout.entry, item, has_label=self.style.has_labels), plain_entry
            )
            shown = str(item.get("names", ""))
            if substitute and shown and shown == before:
                text = text.replace(shown, escape(substitute, quote=False), 1)
            before = shown
            entries.append(Entry(key, self._tidy(label), self._tidy(text)))
        return entries

    # Markup

    def _tidy(self, text: str) -> str:
        """Return markup whose marks of punctuation are as the language has them."""
        if OTHERS in text:
            joint = "|".join(map(re.escape, (self.style.term("and", "and"), "&amp;")))
            et_al = self.style.term("et-al", "et al.")
            text = re.sub(rf",?\s*(?:{joint})?\s*{OTHERS}", f" {et_al}", text)
        if self.style.has_punctuation_in_quotes:
            text = _STOP_AFTER_QUOTE.sub(_moved_stop, text)
            text = _STOPS_BEFORE_QUOTE.sub(r"\1", text)
        text = _DOUBLED_STOP.sub(r"\1\2", text)
        text = _DOUBLED_COMMA.sub(r",\1", text)
        return _SPACE_BEFORE.sub("", text).strip()

    def _plain_entry(self, key: str) -> str:
        data = self.source[self._ids[key]]
        people = [_full_name(name) for name in data.get("author") or data.get("editor") or []]
        title = f"<i>{data['title']}</i>" if "title" in data else ""
        pieces = [", ".join(people), title, str(data.get("publisher", "")), _year(data)]
        return ". ".join(filter(None, pieces)) + "."

    def _plain_cite(self, key: str) -> str:
        data = self.source[self._ids[key]]
        people = data.get("author") or data.get("editor") or []
        first = str(people[0].get("literal") or people[0].get("family", "")) if people else key
        return f"{escape(first)} {_year(data)}".strip()

    def _item(self, key: str, cite: Cite | None = None, citation: Any = None) -> Any:
        item = CitationItem(self._ids.get(key, key))
        if cite is not None and cite.locator:
            item["locator"] = _Locator(cite.label, cite.locator)
        if cite is not None and cite.hides_names:
            item["shows"] = "rest"
        if citation is None:
            citation = Citation([item])
            citation.bibliography = self
        item.__dict__["citation"] = citation
        return item

    def _attempt(self, key: str, make: Callable[[], Any], otherwise: Any) -> Any:
        """Return what the style makes of a work, or else a plain form of it, with a problem."""
        try:
            return make()
        except NamesFound:
            return otherwise
        except StyleError as error:
            self.problems.setdefault(key, str(error))
        except VariableError:
            self.problems.setdefault(key, "the style asks for what the work does not have")
        except RecursionError:
            self.problems.setdefault(key, "its parts contain each other")
        # citeproc-py fails in many ways at what it does not have.
        except Exception as error:
            self.problems.setdefault(key, f"it needs what is not supported ({error})"[:120])
        return otherwise


def _moved_stop(found: re.Match[str]) -> str:
    # A single mark may be an apostrophe: the Smiths’.
    return found[0] if "”" not in found[1] else f"{found[2]}{found[1]}"


def _names_of(part: _Part) -> str:
    return str(part.item.get("names", "")) if part.item.get("shows") != "rest" else ""


def _grouped(parts: list[_Part]) -> list[_Part]:
    """Return the works of the same names next to each other, where the first of them is."""
    groups: dict[str, list[_Part]] = {}
    for number, part in enumerate(parts):
        is_alone = not _names_of(part) or part.cite.prefix
        groups.setdefault(f"{number}" if is_alone else f"={_names_of(part)}", []).append(part)
    delimiters = [part.delimiter for part in parts]
    ordered = [part for group in groups.values() for part in group]
    for part, delimiter in zip(ordered, delimiters, strict=True):
        part.delimiter = delimiter
    return ordered


def _runs(parts: list[_Part]) -> list[_Part]:
    """Return the works without those inside a run of three or more numbers: 1–3."""
    result: list[_Part] = []
    start = 0
    while start < len(parts):
        end = start + 1
        while end < len(parts) and _follows(parts[end - 1], parts[end]):
            end += 1
        run = parts[start:end]
        if len(run) >= _LEAST_RUN:
            run[-1].delimiter = "–"
            run = [run[0], run[-1]]
        result += run
        start = end
    return result


def _follows(before: _Part, part: _Part) -> bool:
    is_bare = not (before.cite.locator or before.cite.suffix or part.cite.locator)
    known = part.item.key in part.item.bibliography.keys and (
        before.item.key in part.item.bibliography.keys
    )
    return known and is_bare and not part.cite.prefix and part.item.number == before.item.number + 1


def _letters(number: int) -> str:
    letters = ""
    number += 1
    while number:
        number, rest = divmod(number - 1, 26)
        letters = chr(ord("a") + rest) + letters
    return letters


def _full_name(name: Mapping[str, str]) -> str:
    parts = (name.get("given"), name.get("non-dropping-particle"), name.get("family"))
    return str(name.get("literal") or " ".join(filter(None, parts)))


def _year(data: Mapping[str, Any]) -> str:
    issued = data.get("issued")
    if issued is None:
        return ""
    if isinstance(issued, LiteralDate):
        return str(issued["text"])
    return str(issued.get("begin", issued).get("year", ""))
