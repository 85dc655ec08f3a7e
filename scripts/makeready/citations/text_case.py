"""The cases of CSL, in text some of whose letters keep theirs."""

from __future__ import annotations

import re
import unicodedata
from typing import Any

from citeproc.string import MixedString, NoCase, String


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


_KEPT = re.compile(r"<[^<>]*>|&[a-z]+;")
_WORD = re.compile(r"[^\s\u00a0/–—-]+")
_LETTER = re.compile(r"[^\W\d_]")
_END_OF_SENTENCE = re.compile(r"[:.?!—“]\W*$")
_SMALL = _words(
    """
    a an and as at but by down for from in into nor of on onto or over so the till to up via with
    yet about against before between per than through under vs. vs v.
    """
)


def recased(text: Any, form: str | None, language: str) -> Any:
    """Return a text of citeproc in a case of CSL; title case is for English alone.

    A title in other letters than Latin ones is in no English.
    """
    if not form or (form == "title" and language != "en"):
        return text
    pieces = list(text) if isinstance(text, MixedString) else [text]
    plain = "".join(map(str, pieces))
    if form == "title" and not _is_latin(plain):
        return text
    kept = _kept_letters(pieces)
    letters = list(plain)
    if form == "title":
        _set_title(plain, letters)
    elif form == "sentence":
        if not plain.isupper():
            _set_all(letters, str.lower)
        _set_first(plain, letters, kept)
    elif form == "lowercase":
        _set_all(letters, str.lower)
    elif form == "uppercase":
        _set_all(letters, str.upper)
    elif form == "capitalize-first":
        _set_first(plain, letters, kept)
    elif form == "capitalize-all":
        for word in _WORD.finditer(plain):
            _capitalise(letters, word)
    return _in_pieces(pieces, [plain[i] if kept[i] else letters[i] for i in range(len(plain))])


def _is_latin(text: str) -> bool:
    letters = _LETTER.findall(_KEPT.sub("", text))
    latin = sum(unicodedata.name(letter, "").startswith("LATIN") for letter in letters)
    return 2 * latin >= len(letters)


def _kept_letters(pieces: list[Any]) -> list[bool]:
    kept: list[bool] = []
    for piece in pieces:
        kept += [isinstance(piece, NoCase)] * len(str(piece))
    for tag in _KEPT.finditer("".join(map(str, pieces))):
        kept[tag.start() : tag.end()] = [True] * len(tag[0])
    return kept


def _in_pieces(pieces: list[Any], letters: list[str]) -> Any:
    result = MixedString()
    start = 0
    for piece in pieces:
        end = start + len(str(piece))
        kind = type(piece) if isinstance(piece, String) else String
        result.append(kind("".join(letters[start:end])))
        start = end
    return result


def _set_all(letters: list[str], change: Any) -> None:
    letters[:] = [new if len(new := change(letter)) == 1 else letter for letter in letters]


def _set_first(plain: str, letters: list[str], kept: list[bool]) -> None:
    for found in _LETTER.finditer(plain):
        if not kept[found.start()] or plain[found.start() - 1 : found.start()] not in {"<", "/"}:
            letters[found.start()] = _upper(found[0])
            return


def _set_title(plain: str, letters: list[str]) -> None:
    words = list(_WORD.finditer(plain))
    for index, word in enumerate(words):
        is_inner = 0 < index < len(words) - 1 and not _END_OF_SENTENCE.search(
            plain, max(word.start() - 4, 0), word.start()
        )
        if word[0] == word[0].lower() and not (is_inner and word[0].strip("(“‘,;") in _SMALL):
            _capitalise(letters, word)


def _capitalise(letters: list[str], word: re.Match[str]) -> None:
    first = _LETTER.search(word[0])
    if first is not None and not any(map(str.isdigit, word[0][: first.start()])):
        letters[word.start() + first.start()] = _upper(first[0])


def _upper(letter: str) -> str:
    return new if len(new := letter.upper()) == 1 else letter
