r"""Cross-references as Quarto, bookdown, MyST and Sphinx write them, read as our own.

============================================  ==================================================
``@fig-a``, ``[@fig-a; @tbl-b]`` (Quarto)     ``[](#fig-a)``; so ``@fig:a`` of pandoc-crossref
``[-@fig-a]``, ``\@ref(fig:a)`` (bookdown)     ``[](#fig-a){.numeral}``: the number without the word
``[Plate @fig-a]``                            Plate and the number
``{ref}`words <a>```, ``:ref:`a``` (MyST)     ``[words](#a)``; so ``numref``, ``prf:ref``, ``doc``
``{eq}`a```                                   ``[](#a){.eqref}``: the number in brackets
``(a)=`` before a block, ``:label:`a```       an id of the block after it, or before it
``(\#fig:a)`` in a caption                     its id
============================================  ==================================================
"""

from __future__ import annotations

import re

from markdown_it.rules_block import StateBlock
from markdown_it.rules_inline import StateInline

from makeready.manuscript.allowed_html import TERM
from makeready.manuscript.parse_run import line_text

LABEL_OF_PREVIOUS = "label-of-previous"
"""The class of an anchor that belongs to the block before it, while the tree is built."""

SHORT = "short"
"""The class of a reference of another tool: the number, or the title in quotation marks."""

_ID = r"[^\W_](?:[\w:.-]*\w)?"
_KINDS = "fig|tbl|tab|sec|eq|lst|thm|lem|cor|prp|cnj|def|exm|exr|rem|sol|alg"
_TARGET = rf"(?:{_KINDS}|nte|tip|wrn|imp|cau)-{_ID}|(?:fig|tbl|tab|sec|eq|lst):{_ID}"
_REFERENCE = re.compile(rf"@({_TARGET})|\{{@({_TARGET})\}}", re.IGNORECASE)
_ONE_OF_SEVERAL = re.compile(rf"\s*([^@;\[\]]*?)\s*(-?)@({_TARGET})\s*\Z", re.IGNORECASE)
_BRACKETS = re.compile(r"\[([^\[\]]{1,300})\](?![\[({:])")
_BOOKDOWN = re.compile(r"\\@ref\(([\w:.-]{1,200})\)")
_BOOKDOWN_LABEL = re.compile(r"\\#((?:fig|tab|eq|thm|lem|cor|prp|cnj|def|exm|exr):[\w.:-]+)\)")
_ELEMENTS = {
    "sub": "sub",
    "subscript": "sub",
    "sup": "sup",
    "superscript": "sup",
    "kbd": "kbd",
    "command": "code",
    "file": "code",
    "literal": "code",
    "program": "code",
    "samp": "samp",
    "dfn": "dfn",
    "emphasis": "em",
    "guilabel": "em",
    "menuselection": "em",
    "strong": "strong",
}
_WORDS = frozenset({"abbr", "download"})
_EQUATION_ROLES = frozenset({"eq", "eqref", "math:eqref"})
_ROLES = "|".join(("(?:[a-z]{1,20}:)?[a-z]{0,12}ref", "eq|doc|math|abbr|term|download", *_ELEMENTS))
_ROLE = re.compile(rf"(?:\{{({_ROLES})\}}|:({_ROLES}|label):)`([^`]{{1,500}})`(?!`)")
_EXPLAINED = re.compile(r"(.*\S)\s*\(([^()]+)\)\Z", re.DOTALL)
_TITLE_AND_TARGET = re.compile(r"(.*\S)\s*<([^<>\s]+)>\Z", re.DOTALL)
_WORDS_AND_TERM = re.compile(r"(.*\S)\s*<([^<>]+)>\Z", re.DOTALL)
_BLOCK_LABEL = re.compile(r"\(([^\s()]{1,200})\)=[ \t]*$")


def quarto_reference(state: StateInline, silent: bool) -> bool:
    """Read ``@fig-a``; what stands before it is no letter, as it is in an address of mail."""
    found = _REFERENCE.match(state.src, state.pos, state.posMax)
    if found is None or state.linkLevel or state.src[max(state.pos - 1, 0)].isalnum():
        return False
    if not silent:
        push_reference(state, found[1] or found[2], form=SHORT)
    state.pos = found.end()
    return True


def references_in_brackets(state: StateInline, silent: bool) -> bool:
    """Read ``[@fig-a; -@fig-b]``, if the brackets contain nothing else."""
    found = _BRACKETS.match(state.src, state.pos, state.posMax)
    if found is None or state.linkLevel or "@" not in found[1]:
        return False
    pieces = [_ONE_OF_SEVERAL.match(piece) for piece in found[1].split(";")]
    if None in pieces:
        return False
    if not silent:
        for number, piece in enumerate(pieces):
            assert piece is not None
            before, hyphen, target = piece.groups()
            text = (", " if number else "") + (f"{before}\u00a0" if before else "")
            if text:
                state.push("text", "", 0).content = text
            push_reference(state, target, form="numeral" if before or hyphen else SHORT)
    state.pos = found.end()
    return True


def bookdown_reference(state: StateInline, silent: bool) -> bool:
    r"""Read ``\@ref(fig:a)``, and ``(\#fig:a)``, which is the id of the caption it is in."""
    found = _BOOKDOWN.match(state.src, state.pos, state.posMax)
    label = None
    if found is None and state.src[max(state.pos - 1, 0)] == "(":
        label = _BOOKDOWN_LABEL.match(state.src, state.pos, state.posMax)
    match = found or label
    if match is None or (found and state.linkLevel):
        return False
    if not silent and found:
        push_reference(state, found[1], form="numeral")
    elif not silent and label:
        state.pending = state.pending.removesuffix("(")
        push_label(state, label[1], "")
    state.pos = match.end()
    return True


def role(state: StateInline, silent: bool) -> bool:
    """Read a role of MyST, ``{ref}`a```, or of Sphinx, ``:ref:`a```."""
    found = _ROLE.match(state.src, state.pos, state.posMax)
    if found is None or state.linkLevel or state.src[max(state.pos - 1, 0)] in "`\\":
        return False
    if not silent:
        name, text = found[1] or found[2], " ".join(found[3].split())
        if name == "label":
            push_label(state, text, LABEL_OF_PREVIOUS)
        elif name in _ELEMENTS:
            tag = _ELEMENTS[name]
            state.push(f"{tag}_open", tag, 1)
            state.push("text", "", 0).content = text
            state.push(f"{tag}_close", tag, -1)
        elif name == "math":
            token = state.push("formula", "", 0)
            token.content = text
            token.meta |= {"display": False, "label": ""}
        elif name in _WORDS:
            _push_words(state, name, text)
        elif name == "term":
            _push_term(state, text)
        else:
            _push_role(state, name, text)
    state.pos = found.end()
    return True


def _push_words(state: StateInline, name: str, text: str) -> None:
    """Push the words of a role that leads nowhere in a book, except to a website."""
    explained = _EXPLAINED.match(text) if name == "abbr" else None
    titled = _TITLE_AND_TARGET.match(text)
    words, target = titled.groups() if titled else (text, "")
    if explained is not None:
        state.push("abbr_open", "abbr", 1).attrs = {"title": explained[2]}
        state.push("text", "", 0).content = explained[1]
        state.push("abbr_close", "abbr", -1)
    elif name == "download" and "://" in target:
        state.push("link_open", "a", 1).attrs = {"href": target}
        state.push("text", "", 0).content = words
        state.push("link_close", "a", -1)
    else:
        state.push("text", "", 0).content = words


def _push_term(state: StateInline, text: str) -> None:
    """Push a term, which becomes a link to its entry in the glossary."""
    titled = _WORDS_AND_TERM.match(text)
    words, term = titled.groups() if titled else (text, text)
    state.push("term_open", "span", 1).attrs = {TERM: term}
    state.push("text", "", 0).content = words
    state.push("term_close", "span", -1)


def _push_role(state: StateInline, name: str, text: str) -> None:
    titled = _TITLE_AND_TARGET.match(text)
    title, target = titled.groups() if titled else ("", text)
    before, sign, after = (title.replace("{number}", "%s")).partition("%s")
    if name == "numref" and sign:
        if before:
            state.push("text", "", 0).content = before
        push_reference(state, target, form="numeral")
        if after:
            state.push("text", "", 0).content = after
    elif name in _EQUATION_ROLES and not title:
        push_reference(state, target, form="eqref")
    else:
        push_reference(state, target, title, is_file=name == "doc")


def block_label(state: StateBlock, start: int, end: int, silent: bool) -> bool:  # noqa: ARG001
    """Read ``(a)=``, the id of the block after it."""
    found = None if state.is_code_block(start) else _BLOCK_LABEL.match(line_text(state, start))
    if found is None:
        return False
    if not silent:
        token = state.push("paragraph_open", "p", 1)
        token.map = [start, start + 1]
        state.push("label_open", "span", 1).attrs = {"id": found[1]}
        state.push("label_close", "span", -1)
        state.push("paragraph_close", "p", -1)
        state.line = start + 1
    return True


def push_reference(
    state: StateInline, target: str, words: str = "", *, form: str = "", is_file: bool = False
) -> None:
    """Push a reference to an id or a file, in one of the forms of `references.py`."""
    href = target.lstrip("/") if is_file else f"#{target}"
    token = state.push("link_open", "a", 1)
    token.attrs = {"href": href, "class": form} if form else {"href": href}
    if words:
        state.push("text", "", 0).content = words
    state.push("link_close", "a", -1)


def push_label(state: StateInline, name: str, class_name: str) -> None:
    """Push an anchor without content."""
    attributes: dict[str, str | int | float] = {"id": name}
    if class_name:
        attributes["class"] = class_name
    state.push("label_open", "span", 1).attrs = attributes
    state.push("label_close", "span", -1)
