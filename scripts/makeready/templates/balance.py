"""Titles broken into lines of similar length.

WeasyPrint fills the first line and leaves the rest for the second. In a title, lines should be
balanced, and none should end with a word that belongs to the next one, such as an article.
"""

from __future__ import annotations

from itertools import combinations, pairwise

from markupsafe import Markup

_BOUND_WORDS = {
    language: frozenset(words.split())
    for language, words in {
        "en": "a an and as at but by for from in into nor of on or over so the to under with",
        "de": "der die das ein eine im in mit und von zu zum zur",
        "fr": "à au aux de des du en et la le les sur un une",
        "es": "a al con de del el en la los las por que un una y",
        "ru": "в и к на о об от по с у",
        "kk": "мен және",
    }.items()
}
_NONE: frozenset[str] = frozenset()
_WIDER = 1.27
"""The lines of wide pages by those of narrow ones, with some room."""

_MAX_LINES = 4
_MAX_WORDS = 40
_BOUND_WORD_PENALTY = 60.0
_LONGER_LAST_LINE_PENALTY = 0.2


def balanced_lines(text: str, line_letters: int, language: str) -> list[str]:
    """Return a title as the fewest balanced lines of at most ``line_letters`` letters.

    ``language`` (BCP 47) decides which words must not be last on a line.
    """
    bound_words = _BOUND_WORDS.get(language.partition("-")[0].lower(), _NONE)
    words = text.split(" ")
    if len(words) > _MAX_WORDS:
        return [text]
    for count in range(1, _MAX_LINES + 1):
        if count > len(words):
            break
        best = min(
            (_lines(words, cuts) for cuts in combinations(range(1, len(words)), count - 1)),
            key=lambda lines: _cost(lines, bound_words),
        )
        if max(map(len, best)) <= line_letters:
            return best
    return [text]


def balance(text: str, line_letters: int, language: str) -> Markup:
    """Return a title as markup, with a ``span.line`` for each of its balanced lines.

    ``line_letters`` is for narrow pages. Lines that are one on a wide page, by the rules of its
    geometry, have the class ``one-if-wide``.
    """
    parts = balanced_lines(text, line_letters, language)
    fits_wide = len(parts) > 1 and len(text) <= line_letters * _WIDER
    line = Markup('<span class="{}">{}</span>')
    classes = "line one-if-wide" if fits_wide else "line"
    return Markup(" ").join(line.format(classes, part) for part in parts)


def running_head(title: str, letters: int = 34) -> str:
    """Return a title shortened, at a word, to the length of a running head."""
    if len(title) <= letters:
        return title
    return title[:letters].rsplit(" ", 1)[0].rstrip(" ,;:–—-") + "…"


def _lines(words: list[str], cuts: tuple[int, ...]) -> list[str]:
    edges = (0, *cuts, len(words))
    return [" ".join(words[a:b]) for a, b in pairwise(edges)]


def _cost(lines: list[str], bound_words: frozenset[str]) -> float:
    """Return the sum of squared differences from the mean length, plus penalties for bad ends."""
    mean = sum(map(len, lines)) / len(lines)
    cost = sum((len(line) - mean) ** 2 for line in lines)
    cost += sum(
        _BOUND_WORD_PENALTY for line in lines[:-1] if line.split(" ")[-1].lower() in bound_words
    )
    return cost + _LONGER_LAST_LINE_PENALTY * max(0, len(lines[-1]) - len(lines[0]))
