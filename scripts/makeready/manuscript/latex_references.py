r"""References and labels of LaTeX in the text, read as our own.

=========================================  ====================================================
``\ref{fig:a}``                            ``[](#fig:a){.numeral}``: the number without the word
``\eqref{eq:a}``                           ``[](#eq:a){.eqref}``: the number in brackets
``\autoref{fig:a}``, ``\cref{fig:a,fig:b}``  ``[](#fig:a)``
``\nameref{sec:a}``                        ``[](#sec:a){.title}``
``$\eqref{eq:a}$``, ``$(\ref{eq:a})$``     the same outside of a formula, as MathJax sets it
``\label{fig:a}``                          an id of the block that it is in, or that is before it
=========================================  ====================================================

A tilde, or a backslash before a space or a comma, before a reference is a space at which no line
ends.
"""

from __future__ import annotations

import re

from markdown_it.rules_inline import StateInline

from makeready.manuscript.cross_references import (
    LABEL_OF_PREVIOUS,
    SHORT,
    push_label,
    push_reference,
)
from makeready.manuscript.tree import NO_BREAK_SPACE

_FORMS = {"ref": "numeral", "eqref": "eqref", "nameref": "title"}
_NAME = r"[^\s{}\\,$]{1,200}"
_COMMAND = (
    r"\\(?P<command>ref|eqref|autoref|[cC]ref|nameref)\*?"
    rf"\{{[ ]?(?P<names>{_NAME}(?:,[ ]?{_NAME}){{0,20}})[ ]?\}}"
)
_REFERENCE = re.compile(_COMMAND)
_IN_FORMULA = re.compile(rf"\$[ ]?(?P<before>\(?)[ ]?{_COMMAND}[ ]?(?P<after>\)?)[ ]?\$")
_SPACE = re.compile(rf"(?:~|\\[ ,])(?={_COMMAND})")
_LABEL = re.compile(r"\\label\{([^\s{}\\]{1,200})\}")


def latex_reference(state: StateInline, silent: bool) -> bool:
    r"""Read ``\ref{fig:a}`` and its like, or such a command alone in a formula."""
    patterns = {"\\": _REFERENCE, "$": _IN_FORMULA}
    pattern = patterns.get(state.src[state.pos])
    found = pattern.match(state.src, state.pos, state.posMax) if pattern else None
    if found is None or state.linkLevel:
        return False
    if not silent:
        parts = found.groupdict("")
        state.pending += parts.get("before", "")
        for number, name in enumerate(parts["names"].split(",")):
            if number:
                state.push("text", "", 0).content = ", "
            push_reference(state, name.strip(), form=_FORMS.get(parts["command"], SHORT))
        if parts.get("after"):
            state.push("text", "", 0).content = parts["after"]
    state.pos = found.end()
    return True


def space_before_reference(state: StateInline, silent: bool) -> bool:
    r"""Read the tilde of ``Figure~\ref{fig:a}``, a space, or its like."""
    found = _SPACE.match(state.src, state.pos, state.posMax)
    if found is None:
        return False
    if not silent:
        state.pending += NO_BREAK_SPACE
    state.pos = found.end()
    return True


def latex_label(state: StateInline, silent: bool) -> bool:
    r"""Read ``\label{fig:a}``, an id of what it is in."""
    found = _LABEL.match(state.src, state.pos, state.posMax)
    if found is None:
        return False
    if not silent:
        state.pending = state.pending.rstrip(" ")
        push_label(state, found[1], LABEL_OF_PREVIOUS)
    state.pos = found.end()
    return True


def without_label(text: str) -> tuple[str, str]:
    r"""Return a plain text without the ``\label{…}`` in it, and the label, empty if it has none."""
    found = _LABEL.search(text)
    return (_LABEL.sub("", text).strip(), found[1]) if found else (text, "")
