"""Given names in citations, which tell authors of the same family name apart (CSL 1.0.2).

A style asks for them by ``disambiguate-add-givenname``. By ``givenname-disambiguation-rule`` they
are those of all names, of the first name of each work, or of works whose citations are the same.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

Name = tuple[str, str]
"""A family name and given names."""
Shown = dict[Name, bool]
"""The names of a work that are shown with given names; whole ones, where initials are the same."""

_BY_CITE = "by-cite"


def shown_given_names(
    works: Mapping[str, Any], cites: Mapping[str, str], rule: str
) -> dict[str, Shown]:
    """Return the names that are shown with given names, by the ids of works.

    ``cites`` are the citations of the works without given names.
    """
    names = {key: list(_names(work)) for key, work in works.items()}
    if not rule or rule == _BY_CITE:
        same: dict[str, list[str]] = defaultdict(list)
        for key, text in cites.items():
            same[text].append(key)
        found: dict[str, Shown] = {}
        for keys in same.values():
            found |= _ambiguous({key: names[key] for key in keys} if len(keys) > 1 else {})
        return found
    if rule.startswith("primary-name"):
        names = {key: own[:1] for key, own in names.items()}
    return _ambiguous(names)


def _names(work: Any) -> Iterable[Name]:
    people = work.get("author") or work.get("editor") or work.get("translator") or []
    for person in people:
        given, family = str(person.get("given") or ""), str(person.get("family") or "")
        if given and family:
            yield family, given


def _ambiguous(names: Mapping[str, Sequence[Name]]) -> dict[str, Shown]:
    """Return the names whose family name is that of another person, by work."""
    people: dict[str, set[str]] = defaultdict(set)
    for own in names.values():
        for family, given in own:
            people[family].add(given)
    found: dict[str, Shown] = {}
    for key, own in names.items():
        shown: Shown = {}
        for family, given in own:
            others = people[family] - {given}
            if others:
                shown[family, given] = any(_initials(o) == _initials(given) for o in others)
        if shown:
            found[key] = shown
    return found


def _initials(given: str) -> str:
    return "".join(word[0] for word in re.findall(r"\w+", given))


class WithGivenName:
    """A name whose short form begins with given names."""

    def __init__(self, name: Any, given: str) -> None:
        self._name, self._given = name, given

    def parts(self) -> tuple[Any, ...]:
        """Return the parts of the name, the given names before its particle."""
        given, family, dropping, particle, suffix = self._name.parts()
        return given, family, dropping, f"{self._given} {particle or ''}".strip(), suffix
