"""Statements: theorems, definitions, exercises and the like, and the names that tools give them.

sphinx-proof writes ``{prf:theorem}``, bookdown ``::: {.theorem}``, Quarto ``::: {#thm-line}``. In
the tree a statement is ``div.statement`` with the name of its kind as a second class.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

STATEMENT = "statement"
UNNUMBERED = "unnumbered"
"""The class of a statement or listing that has no number."""


@dataclass(frozen=True, slots=True)
class StatementKind:
    """A kind of statement; its name is the key of its label.

    ``prefixes`` begin the ids of Quarto, ``thm-line``, and the references of bookdown.
    """

    name: str
    prefixes: tuple[str, ...] = ()
    is_numbered: bool = True


SOLUTION, PROOF, EXERCISE = "solution", "proof", "exercise"
_KINDS = (
    StatementKind("theorem", ("thm",)),
    StatementKind("lemma", ("lem",)),
    StatementKind("corollary", ("cor",)),
    StatementKind("proposition", ("prp", "prop")),
    StatementKind("conjecture", ("cnj",)),
    StatementKind("definition", ("def",)),
    StatementKind("example", ("exm",)),
    StatementKind("exercise", ("exr",)),
    StatementKind("hypothesis", ("hyp",)),
    StatementKind("algorithm", ("alg",)),
    StatementKind("axiom"),
    StatementKind("criterion"),
    StatementKind("property"),
    StatementKind("observation"),
    StatementKind("assumption"),
    StatementKind("claim"),
    StatementKind("remark", ("rem",)),
    StatementKind("solution", ("sol",), is_numbered=False),
    StatementKind("proof", is_numbered=False),
)
KINDS = {kind.name: kind for kind in _KINDS}
_BY_PREFIX = {prefix: kind for kind in _KINDS for prefix in kind.prefixes}
_PREFIX = re.compile(rf"({'|'.join(_BY_PREFIX)})-", re.IGNORECASE)
_DOMAINS = ("prf:", "proof:")
_WITHOUT_DOMAIN = frozenset({"exercise", "solution"})
_OF_BOOKDOWN = frozenset(
    {
        *("theorem", "lemma", "corollary", "proposition", "conjecture", "definition", "example"),
        *("exercise", "hypothesis", "remark", "solution", "proof"),
    }
)
_MADE_BY_ID = frozenset({"example"})
"""The classes that are used for other blocks too; with an id or a name they are statements."""


def kind_of_directive(name: str) -> StatementKind | None:
    """Return the kind of MyST's directive ``prf:theorem``, or of bookdown's cell ``theorem``."""
    for domain in _DOMAINS:
        if name.startswith(domain):
            return KINDS.get(name.removeprefix(domain))
    return KINDS[name] if name in _WITHOUT_DOMAIN or name in _OF_BOOKDOWN else None


def kind_of_id(name: str) -> StatementKind | None:
    """Return the kind that an id of Quarto says, such as ``thm-line``."""
    prefix = _PREFIX.match(name)
    return _BY_PREFIX[prefix[1].lower()] if prefix else None


def kind_of_class(name: str, *, is_named: bool) -> StatementKind | None:
    """Return the kind of bookdown's block of a class; ``is_named`` is whether it has an id."""
    if name not in _OF_BOOKDOWN or (name in _MADE_BY_ID and not is_named):
        return None
    return KINDS[name]
