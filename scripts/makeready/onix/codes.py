"""The code lists of ONIX, as far as makeready needs them."""

from __future__ import annotations

import tomllib
from functools import cache
from importlib.resources import files
from typing import Any

_PACKAGE = "makeready.onix"


@cache
def codes() -> dict[str, Any]:
    """Return the codes by their meaning, a table for each subject."""
    return tomllib.loads(files(_PACKAGE).joinpath("codes.toml").read_text("utf-8"))


@cache
def _languages() -> dict[str, str]:
    data = tomllib.loads(files(_PACKAGE).joinpath("languages.toml").read_text("utf-8"))
    return dict(data["codes"])


def language_code(tag: str) -> str:
    """Return the code of a BCP 47 language tag, empty if there is none (code list 74)."""
    primary = tag.partition("-")[0].lower()
    return primary if len(primary) == 3 else _languages().get(primary, "")  # noqa: PLR2004


def role_code(relator: str) -> str:
    """Return the code of a MARC relator; that of other roles if it has none."""
    roles = codes()["roles"]
    return str(roles["codes"].get(relator, roles["other"]))


def thema_scheme(code: str) -> str:
    """Return the scheme of a Thema code; subjects and each kind of qualifier have their own."""
    thema = codes()["thema"]
    return str(thema["qualifiers"].get(code[0], thema["subject"]))
