"""Titles broken into lines of near equal length, as a compositor would break them.

The engine fills a first line and leaves the rest to the second; a title wants its lines
balanced, and none to end in a word that leans on the next one.
"""

from __future__ import annotations

from itertools import combinations, pairwise

from markupsafe import Markup

_LEANING = {
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
_MOST_LINES = 4
_MOST_WORDS = 40
_LEANING_PENALTY = 60.0
_LONGER_FIRST = 0.2


def balanced_lines(text: str, line_letters: int, language: str) -> list[str]:
    """Break a title into the fewest lines of at most ``line_letters`` letters, evenly.

    ``language`` (BCP 47) tells which words lean on the next one.
    """
    leaning = _LEANING.get(language.partition("-")[0].lower(), _NONE)
    words = text.split(" ")
    if len(words) > _MOST_WORDS:
        return [text]
    for count in range(1, _MOST_LINES + 1):
        if count > len(words):
            break
        best = min(
            (_lines(words, cuts) for cuts in combinations(range(1, len(words)), count - 1)),
            key=lambda lines: _unevenness(lines, leaning),
        )
        if max(map(len, best)) <= line_letters:
            return best
    return [text]


def balance(text: str, line_letters: int, language: str) -> Markup:
    """Return a title as markup, a ``span.line`` for each of its balanced lines."""
    line = Markup('<span class="line">{}</span>')
    parts = balanced_lines(text, line_letters, language)
    return Markup(" ").join(line.format(part) for part in parts)


def running_head(title: str, letters: int = 34) -> str:
    """Cut a title to what one running head holds, at a word."""
    if len(title) <= letters:
        return title
    return title[:letters].rsplit(" ", 1)[0].rstrip(" ,;:–—-") + "…"


def _lines(words: list[str], cuts: tuple[int, ...]) -> list[str]:
    edges = (0, *cuts, len(words))
    return [" ".join(words[a:b]) for a, b in pairwise(edges)]


def _unevenness(lines: list[str], leaning: frozenset[str]) -> float:
    """Sum the squared distances from the mean; a line that leans on the next one costs more."""
    mean = sum(map(len, lines)) / len(lines)
    cost = sum((len(line) - mean) ** 2 for line in lines)
    cost += sum(_LEANING_PENALTY for line in lines[:-1] if line.split(" ")[-1].lower() in leaning)
    return cost + _LONGER_FIRST * max(0, len(lines[-1]) - len(lines[0]))
