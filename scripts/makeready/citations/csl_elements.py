"""The elements of CSL styles: those of citeproc-py, with what its version 0.11 lacks.

citeproc-py makes an element of the class that has its name; of two such classes it takes the one
that is defined last. So these replace its own as soon as the module is imported.

What they add can go when citeproc-py has it: names without initials (``initialize="false"``),
``disambiguate`` in conditions, the case of words in braces, attributes of dates that are not kept
for the next date, sorting by an alphabet, and names that are found, left out or shown alone.
"""

from __future__ import annotations

import html
import re
from collections.abc import Callable
from typing import Any

from citeproc import model
from citeproc.model import CitationStylesElement, ConditionFailed

from makeready.citations.given_names import WithGivenName
from makeready.citations.text_case import recased

_TAGS = re.compile(r"<[^<>]*>")
_QUOTES = "“”„‘’«»\"'([ "
_NUMERIC = re.compile(r"[A-Za-z]*\d+[A-Za-z]*(?:\s*(?:[-–,]|&amp;)\s*[A-Za-z]*\d+[A-Za-z]*){0,50}")
_LARGEST_ROMAN = 4_999


class StyleError(Exception):
    """A style that cannot be used; the message completes “cannot be used:”."""


class NamesFound(Exception):  # noqa: N818 - it ends a search, and is no error
    """The names of a work, when they alone are asked for."""


class Budget:
    """What the setting of one work may take: a style can be made to take for ever."""

    def __init__(self) -> None:
        self.renew()

    def renew(self) -> None:
        """Begin with another work."""
        self._steps, self._letters = 30_000, 1_000_000

    def spend(self, text: object) -> None:
        """Count a step and its text; raise StyleError beyond the limit."""
        self._steps -= 1
        if text is not None:
            self._letters -= len(str(text)) if isinstance(text, str) else 100
        if self._steps < 0 or self._letters < 0:
            raise StyleError("it takes too long to set one work")


def plain(text: object) -> str:
    """Return a piece of markup as plain text."""
    return html.unescape(_TAGS.sub("", str(text)))


_NEXT_FORMS = {"verb-short": "verb", "symbol": "short", "short": None, "verb": None}


class _WithTerms:
    """An element that shows terms: of one without the form asked for, the next form is shown."""

    def get_single_term(self, name: str, form: str | None = None, **kwargs: Any) -> Any:
        """Return the singular of a term."""
        return getattr(self._term_of(name, form, kwargs), "single", "")

    def get_plural_term(self, name: str, form: str | None = None, **kwargs: Any) -> Any:
        """Return the plural of a term."""
        return getattr(self._term_of(name, form, kwargs), "multiple", "")

    def _term_of(self, name: str, form: str | None, kwargs: dict[str, Any]) -> Any:
        while True:
            term = self.get_term(name, form=form, **kwargs)  # type: ignore[attr-defined]
            if term is not None or form is None:
                return term
            form = _NEXT_FORMS.get(form)


class Text(_WithTerms, model.Text, CitationStylesElement):  # type: ignore[misc]
    """Text of a variable, a macro, a term or a value."""

    def calls_variable(self) -> bool:
        """Return whether it shows a variable, which for a macro is found out once."""
        name = self.get("macro")
        if name is None or "variable" in self.attrib:
            return bool(super().calls_variable())
        known: dict[str, bool] = self.get_root().calls
        if name not in known:
            known[name] = False
            known[name] = bool(super().calls_variable())
        return known[name]

    def get_macro(self, name: str) -> Any:
        """Return a macro of the style."""
        return self.get_root().macros[name]

    def process(self, item: Any, context: Any = None, **kwargs: Any) -> Any:
        """Return the text without its form, and its language; a macro knows what it is for."""
        if "macro" not in self.attrib or "variable" in self.attrib:
            return super().process(item, context=context, **kwargs)
        macro = self.get_macro(self.get("macro"))
        return macro.render(item, self if context is None else context, **kwargs), ""

    def render(self, *args: Any, **kwargs: Any) -> Any:
        """Return its text."""
        text = super().render(*args, **kwargs)
        self.get_root().budget.spend(text)
        return text

    def case(self, text: Any, language: str = "") -> Any:
        """Return a text in the case that is asked for."""
        return recased(text, self.get("text-case"), language)


class _Cased:
    """Text of the style itself, whose language is the style's."""

    def case(self, text: Any, _language: str = "") -> Any:
        """Return a text in the case that is asked for."""
        return recased(text, self.get("text-case"), "en")  # type: ignore[attr-defined]


class Label(_WithTerms, _Cased, model.Label, CitationStylesElement):  # type: ignore[misc]
    """A word before or after what it belongs to: “ed.”, “p.”."""


class Number(_Cased, model.Number, CitationStylesElement):  # type: ignore[misc]
    """A number."""

    def format_number(self, number: Any) -> Any:
        """Return a number in its form; a large one is not written in Roman numerals."""
        text = str(number)
        if self.get("form") == "roman" and text.isdigit() and int(text[:9]) > _LARGEST_ROMAN:
            return text
        return super().format_number(number)


class Names(model.Names, CitationStylesElement):  # type: ignore[misc]
    """Names; the first that are shown of a work are noted, and can be left out."""

    def render(self, item: Any, **kwargs: Any) -> Any:
        """Return the names, or nothing if the cite is to have none."""
        if kwargs.get("sort_options") or item.get("is_in_names"):
            return super().render(item, **kwargs)
        item["is_in_names"] = True
        try:
            text = super().render(item, **kwargs)
        finally:
            item["is_in_names"] = False
        if not text or "names" in item:
            return text
        item["names"] = str(text)
        if item.get("shows") == "names":
            raise NamesFound
        return None if item.get("shows") == "rest" else text


class Name(model.Name, CitationStylesElement):  # type: ignore[misc]
    """The form of names; in short ones given names may tell people apart."""

    def process(
        self, item: Any, variable: str, context: Any = None, sort_options: Any = None, **kwargs: Any
    ) -> Any:
        """Return the names of a variable of a work."""
        shown = self.get_root().given_names.get(item.key)
        is_short = self.get_option("form", context, sort_options) == "short"
        if not shown or not is_short or sort_options:
            return super().process(item, variable, context, sort_options, **kwargs)
        names = item.reference.get(variable, [])
        mark = self.get_option("initialize-with", context)
        item.reference[variable] = [self._with_given(n, shown, mark, context) for n in names]
        try:
            return super().process(item, variable, context, sort_options, **kwargs)
        finally:
            item.reference[variable] = names

    def _with_given(self, name: Any, shown: Any, mark: str | None, context: Any) -> Any:
        given, family = str(name.get("given") or ""), str(name.get("family") or "")
        is_whole = shown.get((family, given))
        if is_whole is None:
            return name
        whole = given if is_whole or mark is None else self.initialize(given, mark, context)
        return WithGivenName(name, whole)

    def initialize(self, given: str, mark: str, context: Any) -> str:
        """Return given names as initials; whole, but for single letters, if they are kept."""
        if not self._keeps_names():
            return str(super().initialize(given, mark, context))
        words = given.split(" ")
        return " ".join(f"{w}{mark.strip()}" if len(w) == 1 and w.isupper() else w for w in words)

    def _keeps_names(self) -> bool:
        holders = (self, *self.iterancestors())
        values = (element.get("initialize") for element in holders)
        return next((value for value in values if value), "true") == "false"


class _Condition:
    """A condition; that two works have the same citation is never true."""

    def render(self, item: Any, context: Any = None, delimiter: str = "", **kwargs: Any) -> Any:
        if "disambiguate" in self.attrib and self.get("match") != "none":  # type: ignore[attr-defined]
            raise ConditionFailed
        return super().render(  # type: ignore[misc]
            item, context=context, delimiter=delimiter, **kwargs
        )

    def _is_numeric(self, item: Any) -> list[Any]:
        """Return whether the variables are numbers; the locator is none of the work's."""
        found = []
        for name in self.get("is-numeric").split():  # type: ignore[attr-defined]
            if name == "locator":
                value = item["locator"].identifier if item.has_locator else ""
            else:
                value = str(item.reference.get(name, ""))
            found.append(_NUMERIC.fullmatch(value) is not None)
        return found


class If(_Condition, model.If, CitationStylesElement):  # type: ignore[misc]
    """The first condition of several."""


class Else_If(_Condition, model.Else_If, CitationStylesElement):  # type: ignore[misc]  # noqa: N801
    """Another condition."""


class Date_Part(_Cased, model.Date_Part, CitationStylesElement):  # type: ignore[misc]  # noqa: N801
    """A part of a date: citeproc-py writes what one date changes into the style."""

    def render(self, *args: Any, **kwargs: Any) -> Any:
        """Return the part."""
        attributes = dict(self.attrib)
        try:
            return super().render(*args, **kwargs)
        finally:
            self.attrib.clear()
            self.attrib.update(attributes)


class Key(model.Key, CitationStylesElement):  # type: ignore[misc]
    """A key that works are sorted by."""

    def get_macro(self, name: str) -> Any:
        """Return a macro of the style."""
        return self.get_root().macros[name]


class Sort(model.Sort, CitationStylesElement):  # type: ignore[misc]
    """The order of works: by the book's alphabet; works without a key are last."""

    def sort(self, items: list[Any], context: Any) -> list[Any]:
        """Return the works in order."""
        root = self.get_root()
        for key in reversed(self.findall("cs:key", self.nsmap)):
            values = key.sort_keys(items, context)
            root.budget.renew()
            pairs = [(_sortable(v, root.sort_key), i) for v, i in zip(values, items, strict=True)]
            known = [pair for pair in pairs if pair[0] is not None]
            is_descending = key.get("sort") == "descending"
            known.sort(key=lambda pair: pair[0], reverse=is_descending)
            items = [i for _, i in known] + [i for value, i in pairs if value is None]
        return items


def _sortable(value: Any, sort_key: Callable[[str], Any]) -> Any:
    text = "" if value is None else plain(value).strip(_QUOTES)
    if not text:
        return None
    is_number = text.lstrip("-").isdigit() and len(text) < 20  # noqa: PLR2004
    return (0, int(text), ()) if is_number else (1, 0, sort_key(text))


class Layout(model.Layout, CitationStylesElement):  # type: ignore[misc]
    """The layout of a citation, or of an entry of the list of works."""

    def cite(self, item: Any) -> str:
        """Return one work of a citation, without what is around and between works."""
        self.repressed: dict[str, list[str]] = {}
        self.get_root().budget.renew()
        return str(self.render_children(item) or "")

    def around(self, text: str) -> str:
        """Return the works of a citation with what is around them."""
        return str(self.format(self.wrap(text)) or "")

    def entry(self, item: Any, *, has_label: bool) -> tuple[str, str]:
        """Return the label of an entry, if it has one, and its text."""
        self.repressed = {}
        self.get_root().budget.renew()
        if not has_label:
            return "", str(self.format(self.wrap(self.render_children(item))) or "")
        label, *rest = list(self)
        shown = label.render(item)
        pieces: list[str] = []
        for child in rest:
            try:
                pieces.append(str(child.render(item) or ""))
            except model.VariableError:
                continue
        return str(shown or ""), str(self.format(self.wrap("".join(pieces))) or "")
