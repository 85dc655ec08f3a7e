"""Keys of a keyboard as MkDocs has them, ``++ctrl+alt+"x"++``: a ``kbd`` for each key."""

from __future__ import annotations

import re

from markdown_it.rules_inline import StateInline
from pymdownx import keymap_db

_NAME = r"[a-z0-9][a-z0-9-]{0,30}|\"[^\"\n]{1,30}\""
_KEYS = re.compile(rf"\+\+((?:{_NAME})(?:\+(?:{_NAME})){{0,7}})\+\+(?![+\w])")


def keys(state: StateInline, silent: bool) -> bool:
    """Read keys, if all of them are known or in quotation marks."""
    found = _KEYS.match(state.src, state.pos, state.posMax)
    if found is None or (state.pos and state.src[state.pos - 1] not in " \t\n([\"'“‘—*_"):
        return False
    names = [_shown(name) for name in re.findall(_NAME, found[1])]
    if "" in names:
        return False
    if not silent:
        for number, name in enumerate(names):
            if number:
                state.push("text", "", 0).content = "+"
            state.push("kbd_open", "kbd", 1)
            state.push("text", "", 0).content = name
            state.push("kbd_close", "kbd", -1)
    state.pos = found.end()
    return True


def _shown(name: str) -> str:
    """Return what stands on a key; empty if it is not known."""
    if name[0] == '"':
        return name[1:-1]
    name = keymap_db.aliases.get(name, name)
    return str(keymap_db.keymap.get(name, ""))
