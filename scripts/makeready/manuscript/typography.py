"""The typography of the text, applied to trees across inline markup.

Quotation marks, apostrophes, primes, dashes, ranges, ellipses, no-break spaces, small capitals.
Words are never changed, removed or moved, and correct typography is kept. Code, and web and mail
addresses in the text, are not changed.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from itertools import zip_longest

from lxml import etree

from makeready.book.model import Element
from makeready.book.punctuation_rules import PunctuationRules, punctuation_rules
from makeready.findings import Findings, SourceLocation
from makeready.manuscript.acronyms import mark_acronyms
from makeready.manuscript.editable_text import Edit, EditableText, editable_texts
from makeready.manuscript.quotes import QUOTATION_MARKS, quote_edits
from makeready.manuscript.raw_html import xml_text
from makeready.manuscript.sanitise import source_line

NO_BREAK = "\u00a0"
NARROW_NO_BREAK = "\u202f"
_A_DIGIT = re.compile(r"\d")
_PHONE = (3, 4)
_SHORT_RANGE = 2

_ADDRESS = re.compile(
    r"(?:https?://|www\.)\S+|(?<![^\s@])[^\s@]{1,200}@[^\s@]+\.[^\s@]+", re.IGNORECASE
)
_LONG = re.compile(r"(?<!-)---(?!-)|(?<!-)--(?!-)|(?<!\.)\.\.\.(?!\.)|(?<=\S) - (?=\S)")
_LONG_FORMS = {"---": "—", "...": "…"}
_NOTHING = r"(?!)"
"""A pattern that matches nothing."""
_DIGITS = re.compile(
    r"(?<![\w\-–/.:,#+])(?<!\d[ \u00a0])(?P<from>\d{1,4})-(?P<to>\d{1,4})(?![\w\-–/:+])(?![.,]\d)"
    r"(?![ \u00a0]\d)"
)
_NOT_A_RANGE = re.compile(
    r"(?:\b(?:ISBN|ISSN|ISO|IEC|IEEE|ANSI|DIN|EN|BS|RFC|PEP|CVE|DOI)|[Tt]el\.?|[Pp]hone|[Ff]ax)[^.;]{0,12}$"
)
_PAIR = r"\d{1,4}-\d{1,4}"
_PAIRS = rf"{_PAIR}(?:(?:,[ ]?(?:\w{{1,4}}[ ])?|[ ]\w{{1,4}}[ ]){_PAIR})*"
_FIRST_NUMBER = re.compile(r"(?<!-)(?<!\d)\d+(?=-)")
_TIMES = re.compile(r"(?<=\d)[ \u00a0](x)[ \u00a0](?=\d)")
# The sign is bound to both its numbers, or to their units: 4 × 1.2, 4 cm × 1.2 cm.
_AROUND_TIMES = re.compile(r"(?<=\w)( )(?=×[ \u00a0]\d)|(?<=\w[ \u00a0]×)( )(?=\d)")
_BEFORE_DASH = re.compile(r"(?<=\S)( )(?=[–—](?:\s|$))")
# The pattern begins at the full stop, because searching for a capital is slower.
_INITIAL = re.compile(r"\.(?<=(?<![\w.])[^\W\d_a-zа-я]\.)( )(?=[^\W\d_a-zа-я])")
_FRENCH_HIGH = re.compile(r"(?<=[\w»”’)\]%…])([ \u00a0\u202f]?)(?=[;!?]+(?!\w))")
_FRENCH_COLON = re.compile(r"(?<=[\w»”’)\]%])([ \u00a0\u202f]?)(?=:(?:\s|$))")
_FRENCH_OPEN = re.compile(r"(?<=«)([ \u00a0\u202f]?)(?=\S)")
_FRENCH_CLOSE = re.compile(r"(?<=\S)([ \u00a0\u202f]?)(?=»)")


@dataclass(frozen=True, slots=True)
class _Language:
    """The patterns of a language; the last group of a match is the character to replace.

    ``words`` are those whose following space is a no-break space, with that space; ``dash`` is
    what ``--`` is set as.
    """

    months: re.Pattern[str]
    compound_numbers: re.Pattern[str]
    after_words: str
    beside_digits: str
    words: tuple[str, ...]
    dash: str

    @cache  # noqa: B019 - there is one instance for each language
    def _spaces(self, *, words: bool, digits: bool) -> re.Pattern[str] | None:
        forms = [self.after_words] * words + [self.beside_digits] * digits
        return re.compile("|".join(forms)) if forms else None

    def spaces(self, text: str) -> Iterator[re.Match[str]]:
        """Yield matches of no-break spaces, using only patterns that can match at all."""
        words = _holds_any(text, self.words)
        pattern = self._spaces(words=words, digits=bool(_A_DIGIT.search(text)))
        return pattern.finditer(text) if pattern is not None else iter(())


def _holds_any(text: str, words: Iterable[str]) -> bool:
    for word in words:  # noqa: SIM110 - a generator costs more than the search
        if word in text:
            return True
    return False


def _alternatives(words: Iterable[str]) -> str:
    return "|".join(re.escape(w) for w in sorted(words, key=len, reverse=True))


def _with_plurals(words: Iterable[str]) -> str:
    """Return a pattern of words and of their plurals in s, which a group ``plural`` captures."""
    plain = _alternatives(word for word in words if not word.endswith("."))
    dotted = _alternatives(word.removesuffix(".") for word in words if word.endswith("."))
    return rf"(?:{plain})(?P<plural>s)?|(?:{dotted})(?P<plural_of_dotted>s)?\."


@cache
def _language(tag: str) -> _Language:
    rules = punctuation_rules(tag) or PunctuationRules()
    month = f"(?:{_alternatives(rules.months)})" if rules.months else _NOTHING
    titles = _alternatives(rules.titles) or _NOTHING
    after_words = [
        rf"(?<!\w)(?:{titles})( )(?=[^\W\d_])",
        rf"(?<!\w)(?:{_alternatives(rules.before_number)})( )(?=\d|[IVXLC]{{2,}}\b)",
    ]
    if rules.one_letter_words:
        after_words.append(rf"(?<![\w’'-])[{rules.one_letter_words}]( )(?=\w)")
    return _Language(
        months=re.compile(
            rf"(?<!\w){month}(?:[ \u00a0]\d{{1,2}})?(-)(?={month}(?!\w))"
            rf"|(?<=\d)(?<!\d\d\d)(-)(?=\d{{1,2}}[ \u00a0]{month}(?!\w))"
        ),
        compound_numbers=re.compile(
            rf"(?<![\w§])(?:{_with_plurals(rules.compound_number_after)})[ \u00a0]?({_PAIRS})",
            re.IGNORECASE,
        ),
        after_words="|".join(after_words),
        beside_digits=(
            rf"(?<=\d)( )(?=(?:{_alternatives(rules.units)})(?!\w))"
            rf"|(?<!\w){month}( )(?=\d{{1,2}}(?![\d\w]))"
            rf"|(?<!\w)\d{{1,2}}(?:\.|er)?( )(?={month}(?!\w))"
        ),
        words=tuple(
            f"{word} " for word in (*rules.titles, *rules.before_number, *rules.one_letter_words)
        ),
        dash=rules.dash,
    )


def apply_typography(
    tree: Element, language: str, path: str, findings: Findings, *, acronyms: bool
) -> None:
    """Apply typography to a tree in place; ``acronyms`` sets acronyms in small capitals."""
    unclosed: SourceLocation | None = None
    texts = list(editable_texts(tree, language))
    for block_text, next_text in zip_longest(texts, texts[1:]):
        is_continued = next_text is not None and _begins_with_mark(next_text.text)
        if unclosed is not None and not _begins_with_mark(block_text.text):
            findings.add("TYP-001", unclosed)
        unclosed = None
        position = _set_text(block_text, is_continued=is_continued)
        if position is not None:
            piece, _ = block_text.piece_at(min(position, len(block_text.text) - 1))
            unclosed = SourceLocation(
                path, source_line(_element_or_block(block_text, piece.element))
            )
        if acronyms:
            mark_acronyms(block_text)
    if unclosed is not None:
        findings.add("TYP-001", unclosed)


def with_typography(text: str, language: str) -> str:
    """Return plain text with the punctuation of its language: quotes, dashes, ellipses, ranges.

    Spaces are changed in French only, because booksellers show these texts too.
    """
    span = etree.Element("span")
    span.text = xml_text(text)
    for block_text in editable_texts(span, language):
        _set_punctuation(block_text)
        _apply(block_text, _french_edits)
        block_text.write()
    return span.text or ""


def _element_or_block(block_text: EditableText, element: Element | None) -> Element:
    return block_text.block if element is None else element


def _begins_with_mark(text: str) -> bool:
    return text.lstrip()[:1] in {*QUOTATION_MARKS}


def _set_text(block_text: EditableText, *, is_continued: bool) -> int | None:
    """Apply typography to a text; return the position of a quotation that is not closed."""
    unclosed = _set_punctuation(block_text, is_continued=is_continued)
    _apply(block_text, _space_edits)
    _apply(block_text, _french_edits)
    block_text.write()
    return unclosed


def _set_punctuation(block_text: EditableText, *, is_continued: bool = False) -> int | None:
    _apply(block_text, _long_edits)
    edits, unclosed = quote_edits(block_text, is_continued=is_continued)
    block_text.apply(_outside_addresses(block_text, edits))
    _apply(block_text, _range_edits)
    return unclosed


def _apply(block_text: EditableText, edits_of: Callable[[EditableText], list[Edit]]) -> None:
    edits = edits_of(block_text)
    if edits:
        block_text.apply(_outside_addresses(block_text, edits))


def _outside_addresses(block_text: EditableText, edits: list[Edit]) -> list[Edit]:
    if (
        "@" not in block_text.text
        and "www." not in block_text.text
        and "://" not in block_text.text
    ):
        return edits
    spans = [(m.start(), m.end()) for m in _ADDRESS.finditer(block_text.text)]
    return [e for e in edits if not any(start < e[0] < end - 1 for start, end in spans)]


def _long_edits(block_text: EditableText) -> list[Edit]:
    if not _holds_any(block_text.text, ("--", "...", " - ")):
        return []
    edits = []
    for match in _LONG.finditer(block_text.text):
        form = _LONG_FORMS.get(match[0])
        if form is None:
            dash = _language(block_text.language_at(match.start())).dash
            form = match[0].replace("--", dash).replace("-", dash)
        edits.append((match.start(), match.end(), form))
    return edits


def _range_edits(block_text: EditableText) -> list[Edit]:
    text = block_text.text
    edits: list[Edit] = []
    if "-" in text:
        compound = _compound_numbers(block_text)
        for match in _DIGITS.finditer(text):
            if (
                match.start() not in compound
                and _is_range(match["from"], match["to"])
                and not _NOT_A_RANGE.search(text, max(0, match.start() - 24), match.start())
            ):
                edits.append((match.end("from"), match.start("to"), "–"))
        for match in _language(block_text.language_at(0)).months.finditer(text):
            position = match.start(match.lastindex or 0)
            edits.append((position, position + 1, "–"))
    if " x " in text:
        edits.extend((m.start(1), m.end(1), "×") for m in _TIMES.finditer(text))
    return sorted(set(edits))


def _compound_numbers(block_text: EditableText) -> set[int]:
    """Return where numbers such as that of "Figure 4-5" begin, which are no ranges.

    After a plural, one pair is a range ("Figures 4-7"), and several of the same first number are
    not ("Figures 4-5 and 4-6").
    """
    positions: set[int] = set()
    for match in _language(block_text.language_at(0)).compound_numbers.finditer(block_text.text):
        start, end = match.span(match.re.groups)
        numbers = list(_FIRST_NUMBER.finditer(block_text.text, start, end))
        is_alike = [number[0] == numbers[0][0] for number in numbers]
        count = [*is_alike, False].index(False)
        if count > 1 or not (match["plural"] or match["plural_of_dotted"]):
            positions.update(number.start() for number in numbers[:count])
    return positions


def _is_range(first: str, last: str) -> bool:
    """Return whether two numbers are a range, the second possibly without leading digits."""
    if (len(first), len(last)) == _PHONE:
        return False
    if len(last) < len(first):
        return len(last) >= min(_SHORT_RANGE, len(first) - 1) and first[-len(last) :] < last
    return int(first) < int(last)


def _space_edits(block_text: EditableText) -> list[Edit]:
    text = block_text.text
    if " " not in text:
        return []
    positions: set[int] = set()
    if "–" in text or "—" in text:
        positions |= {m.start(1) for m in _BEFORE_DASH.finditer(text)}
    if "×" in text:
        positions |= {m.start() for m in _AROUND_TIMES.finditer(text)}
    positions |= {m.start(1) for m in _INITIAL.finditer(text)}
    languages = {piece.language for piece in block_text.pieces}
    for language in languages:
        for match in _language(language).spaces(text):
            position = match.start(match.lastindex or 0)
            if len(languages) == 1 or block_text.language_at(position) == language:
                positions.add(position)
    return [(position, position + 1, NO_BREAK) for position in sorted(positions)]


def _french_edits(block_text: EditableText) -> list[Edit]:
    if not any(piece.language.startswith("fr") for piece in block_text.pieces):
        return []
    edits: dict[int, Edit] = {}
    for pattern, space in (
        (_FRENCH_OPEN, NO_BREAK),
        (_FRENCH_CLOSE, NO_BREAK),
        (_FRENCH_COLON, NO_BREAK),
        (_FRENCH_HIGH, NARROW_NO_BREAK),
    ):
        for match in pattern.finditer(block_text.text):
            position = max(match.start() - 1, 0)
            if block_text.language_at(position).startswith("fr") and match[0] not in (
                NO_BREAK,
                NARROW_NO_BREAK,
            ):
                edits.setdefault(match.start(), (match.start(), match.end(), space))
    return [edits[position] for position in sorted(edits)]
