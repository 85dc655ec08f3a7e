"""The typography of the text, set on the tree and through its inline markup.

Quotation marks, apostrophes, primes, dashes, ranges, ellipses, spaces that hold, small
capitals. No word is ever changed, dropped or moved, and what already is as it should be
stays. Code, and addresses that stand in the text, are not touched.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from lxml import etree

from makeready.book.model import Element
from makeready.findings import Findings, SourceLocation
from makeready.manuscript.acronyms import set_acronyms
from makeready.manuscript.editable_text import Edit, EditableText, editable_texts
from makeready.manuscript.figures import classes
from makeready.manuscript.quotes import quote_edits
from makeready.manuscript.raw_html import xml_text
from makeready.manuscript.sanitise import source_line

NO_BREAK = "\u00a0"
NARROW = "\u202f"
# More letters are wider than the indent under them, and may stand alone on a line.
_RUNT_LETTERS = 3
_RUNT_REACH = 24
_RUNT_WORDS = 4
_A_DIGIT = re.compile(r"\d")
_PHONE = (3, 4)
_SHORT_RANGE = 2

_ADDRESS = re.compile(
    r"(?:https?://|www\.)\S+|(?<![^\s@])[^\s@]{1,200}@[^\s@]+\.[^\s@]+", re.IGNORECASE
)
_LONG = re.compile(r"(?<!-)---(?!-)|(?<!-)--(?!-)|(?<!\.)\.\.\.(?!\.)|(?<=\S) - (?=\S)")
_LONG_FORMS = {"---": "—", "--": "–", "...": "…", " - ": " – "}
_DIGITS = re.compile(
    r"(?<![\w\-–/.:,#+])(?<!\d[ \u00a0])(?P<from>\d{1,4})-(?P<to>\d{1,4})(?![\w\-–/:+])(?![.,]\d)"
    r"(?![ \u00a0]\d)"
)
_NOT_A_RANGE = re.compile(r"(?:ISBN|ISSN|ISO|[Tt]el\.?|[Pp]hone|[Ff]ax|DOI)[^.;]{0,12}$")
_TIMES = re.compile(r"(?<=\d)[ \u00a0](x)[ \u00a0](?=\d)")
# The sign stays with both its numbers, or with what they count: 4 × 1.2, 4 cm × 1.2 cm.
_AROUND_TIMES = re.compile(r"(?<=\w)( )(?=×[ \u00a0]\d)|(?<=\w[ \u00a0]×)( )(?=\d)")
_BEFORE_DASH = re.compile(r"(?<=\S)( )(?=[–—](?:\s|$))")
# It begins at the stop, which is quicker to look for than a capital.
_INITIAL = re.compile(r"\.(?<=(?<![\w.])[^\W\d_a-zа-я]\.)( )(?=[^\W\d_a-zа-я])")
_LAST_WORD = re.compile(r"(?<=\S)( )(\S+)$")
_FRENCH_HIGH = re.compile(r"(?<=[\w»”’)\]%…])([ \u00a0\u202f]?)(?=[;!?]+(?!\w))")
_FRENCH_COLON = re.compile(r"(?<=[\w»”’)\]%])([ \u00a0\u202f]?)(?=:(?:\s|$))")
_FRENCH_OPEN = re.compile(r"(?<=«)([ \u00a0\u202f]?)(?=\S)")
_FRENCH_CLOSE = re.compile(r"(?<=\S)([ \u00a0\u202f]?)(?=»)")
_RUNT_BLOCKS = frozenset({"p", "li", "dd", "figcaption"})


@dataclass(frozen=True, slots=True)
class _Language:
    """A language's own patterns; where one matches, its last group is what to change.

    ``words`` are those that bind the space after them, with it.
    """

    months: re.Pattern[str]
    after_words: str
    beside_digits: str
    words: tuple[str, ...]

    @cache  # noqa: B019 - there are as many languages as the table has
    def _spaces(self, *, words: bool, digits: bool) -> re.Pattern[str] | None:
        forms = [self.after_words] * words + [self.beside_digits] * digits
        return re.compile("|".join(forms)) if forms else None

    def spaces(self, text: str) -> Iterator[re.Match[str]]:
        """Find the spaces that bind, by the patterns alone that have anything to begin with."""
        words = _holds_any(text, self.words)
        pattern = self._spaces(words=words, digits=bool(_A_DIGIT.search(text)))
        return pattern.finditer(text) if pattern is not None else iter(())


def _holds_any(text: str, words: Iterable[str]) -> bool:
    for word in words:  # noqa: SIM110 - a generator costs more than the search
        if word in text:
            return True
    return False


def _any(words: Iterable[str]) -> str:
    return "|".join(re.escape(w) for w in sorted(words, key=len, reverse=True))


@cache
def _data() -> dict[str, dict[str, list[str]]]:
    text = files("makeready.manuscript").joinpath("typography.toml").read_text("utf-8")
    return tomllib.loads(text)


@cache
def _marks() -> dict[str, list[str]]:
    return {language: entry["quotes"] for language, entry in _data().items()}


@cache
def _language(tag: str) -> _Language:
    entry = _data().get(tag.split("-", maxsplit=1)[0], _data()["en"])
    month = f"(?:{_any(entry['months'])})"
    return _Language(
        months=re.compile(
            rf"(?<!\w){month}(?:[ \u00a0]\d{{1,2}})?(-)(?={month}(?!\w))"
            rf"|(?<=\d)(?<!\d\d\d)(-)(?=\d{{1,2}}[ \u00a0]{month}(?!\w))"
        ),
        after_words=(
            rf"(?<!\w)(?:{_any(entry['titles'])})( )(?=[^\W\d_])"
            rf"|(?<!\w)(?:{_any(entry['before_number'])})( )(?=\d|[IVXLC]{{2,}}\b)"
        ),
        beside_digits=(
            rf"(?<=\d)( )(?=(?:{_any(entry['units'])})(?!\w))"
            rf"|(?<!\w){month}( )(?=\d{{1,2}}(?![\d\w]))"
            rf"|(?<!\w)\d{{1,2}}(?:\.|er)?( )(?={month}(?!\w))"
        ),
        words=tuple(f"{word} " for word in (*entry["titles"], *entry["before_number"])),
    )


def set_typography(
    tree: Element, language: str, path: str, findings: Findings, *, acronyms: bool
) -> None:
    """Set the typography of a tree in place; ``acronyms`` puts them in small capitals."""
    unclosed: SourceLocation | None = None
    for run in editable_texts(tree, language):
        if unclosed is not None and run.text.lstrip()[:1] not in "\"“„«'‘‚":
            findings.add("TYP-001", unclosed)
        unclosed = None
        position = _set_run(run)
        if position is not None:
            piece, _ = run.piece_at(min(position, len(run.text) - 1))
            unclosed = SourceLocation(path, source_line(_where(run, piece.element)))
        if acronyms:
            set_acronyms(run)
    if unclosed is not None:
        findings.add("TYP-001", unclosed)


def with_typography(text: str, language: str) -> str:
    """Return plain words with the marks of their language: quotes, dashes, ellipses, ranges.

    Spaces stay as they are but for French: catalogues and stores show these words too.
    """
    holder = etree.Element("span")
    holder.text = xml_text(text)
    for run in editable_texts(holder, language):
        _set_marks(run)
        _pass(run, _french_edits)
        run.write()
    return holder.text or ""


def _where(run: EditableText, element: Element | None) -> Element:
    return run.block if element is None else element


def _set_run(run: EditableText) -> int | None:
    """Set one run; return where a quotation opens that is not closed."""
    unclosed = _set_marks(run)
    _pass(run, _space_edits)
    _pass(run, _french_edits)
    if run.block.tag in _RUNT_BLOCKS and "verse" not in _around(run.block):
        _pass(run, _runt_edits)
    run.write()
    return unclosed


def _set_marks(run: EditableText) -> int | None:
    _pass(run, _long_edits)
    edits, unclosed = quote_edits(run, _marks())
    run.edit(_outside_addresses(run, edits))
    _pass(run, _range_edits)
    return unclosed


def _around(block: Element) -> set[str]:
    parent = block.getparent()
    return set(classes(parent)) if parent is not None else set()


def _pass(run: EditableText, edits_of: Callable[[EditableText], list[Edit]]) -> None:
    edits = edits_of(run)
    if edits:
        run.edit(_outside_addresses(run, edits))


def _outside_addresses(run: EditableText, edits: list[Edit]) -> list[Edit]:
    if "@" not in run.text and "www." not in run.text and "://" not in run.text:
        return edits
    spans = [(m.start(), m.end()) for m in _ADDRESS.finditer(run.text)]
    return [e for e in edits if not any(start < e[0] < end - 1 for start, end in spans)]


def _long_edits(run: EditableText) -> list[Edit]:
    if not _holds_any(run.text, ("--", "...", " - ")):
        return []
    return [(m.start(), m.end(), _LONG_FORMS[m[0]]) for m in _LONG.finditer(run.text)]


def _range_edits(run: EditableText) -> list[Edit]:
    text = run.text
    edits: list[Edit] = []
    if "-" in text:
        for match in _DIGITS.finditer(text):
            if _is_range(match["from"], match["to"]) and not _NOT_A_RANGE.search(
                text, max(0, match.start() - 24), match.start()
            ):
                edits.append((match.end("from"), match.start("to"), "–"))
        for match in _language(run.language_at(0)).months.finditer(text):
            place = match.start(match.lastindex or 0)
            edits.append((place, place + 1, "–"))
    if " x " in text:
        edits.extend((m.start(1), m.end(1), "×") for m in _TIMES.finditer(text))
    return sorted(set(edits))


def _is_range(first: str, last: str) -> bool:
    """Say whether two numbers rise, the second perhaps without its leading digits."""
    if (len(first), len(last)) == _PHONE:
        return False
    if len(last) < len(first):
        return len(last) >= min(_SHORT_RANGE, len(first) - 1) and first[-len(last) :] < last
    return int(first) < int(last)


def _space_edits(run: EditableText) -> list[Edit]:
    text = run.text
    if " " not in text:
        return []
    positions: set[int] = set()
    if "–" in text or "—" in text:
        positions |= {m.start(1) for m in _BEFORE_DASH.finditer(text)}
    if "×" in text:
        positions |= {m.start() for m in _AROUND_TIMES.finditer(text)}
    positions |= {m.start(1) for m in _INITIAL.finditer(text)}
    languages = {piece.language for piece in run.pieces}
    for language in languages:
        for match in _language(language).spaces(text):
            place = match.start(match.lastindex or 0)
            if len(languages) == 1 or run.language_at(place) == language:
                positions.add(place)
    return [(place, place + 1, NO_BREAK) for place in sorted(positions)]


def _french_edits(run: EditableText) -> list[Edit]:
    if not any(piece.language.startswith("fr") for piece in run.pieces):
        return []
    edits: dict[int, Edit] = {}
    for pattern, space in (
        (_FRENCH_OPEN, NO_BREAK),
        (_FRENCH_CLOSE, NO_BREAK),
        (_FRENCH_COLON, NO_BREAK),
        (_FRENCH_HIGH, NARROW),
    ):
        for match in pattern.finditer(run.text):
            at = max(match.start() - 1, 0)
            if run.language_at(at).startswith("fr") and match[0] not in (NO_BREAK, NARROW):
                edits.setdefault(match.start(), (match.start(), match.end(), space))
    return [edits[place] for place in sorted(edits)]


def _runt_edits(run: EditableText) -> list[Edit]:
    """Bind a short last word to the one before it, so that it never stands alone."""
    text = run.text
    match = _LAST_WORD.search(text[-_RUNT_REACH:])
    if match is None or sum(c.isalnum() for c in match[2]) > _RUNT_LETTERS:
        return []
    place = len(text) - len(text[-_RUNT_REACH:]) + match.start(1)
    before = re.search(r"\S+$", text[:place].rpartition(" ")[2])
    if text.count(" ") < _RUNT_WORDS - 1 or before is None:
        return []
    if len(before[0]) + len(match[2]) > _RUNT_REACH:
        return []
    return [(place, place + 1, NO_BREAK)]
