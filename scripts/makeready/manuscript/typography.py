"""The typography of the text, applied to trees across inline markup.

Quotation marks, apostrophes, primes, dashes, ranges, ellipses, no-break spaces, small capitals.
Words are never changed, removed or moved, and correct typography is kept. Code, and web and mail
addresses in the text, are not changed.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import cache, partial
from itertools import zip_longest

from lxml import etree

from makeready.book.model import Element
from makeready.book.punctuation_rules import PunctuationRules, punctuation_rules
from makeready.findings import Findings, SourceLocation
from makeready.manuscript.acronyms import mark_acronyms
from makeready.manuscript.editable_text import Edit, EditableText, editable_texts
from makeready.manuscript.figures import classes
from makeready.manuscript.number_ranges import (
    MINUS,
    NARROW_NO_BREAK,
    NO_BREAK,
    SUBTRACTION,
    number_edits,
)
from makeready.manuscript.ordinals import ordinal_words
from makeready.manuscript.quotes import QUOTATION_MARKS, quote_edits
from makeready.manuscript.raw_html import xml_text
from makeready.manuscript.sanitise import source_line
from makeready.manuscript.speech import DIALOGUE, dialogue_edits, opens_speech, verse_edits

_A_DIGIT = re.compile(r"\d")
_ROMAN_DIGITS = "IVXLCХІ"
"""Those of numbers, the last two as they are typed with Cyrillic letters."""

_A_ROMAN_DIGIT = re.compile(f"[{_ROMAN_DIGITS}]")

_ADDRESS = re.compile(
    r"(?:https?://|www\.)\S+|(?<![^\s@])[^\s@]{1,200}@[^\s@]+\.[^\s@]+", re.IGNORECASE
)
_LONG = re.compile(
    r"(?<!-)---(?!-)|(?<!-)--(?!-)|(?<!\.)\.\.\.(?!\.)|(?<=\S) - (?=\S)|(?<=\S) -(?=\n|$)"
)
_LONG_FORMS = {"---": "—", "...": "…"}
_NOTHING = r"(?!)"
"""A pattern that matches nothing."""
_SPACED_DOTS = re.compile(r"(?: (?=\. \. \.))?\.(?: \.){2,3}(?!\S)")
_ROMAN = re.compile(r"(?<=\w)( )(?=(?P<number>[IVXLC]{2,}|[IVX])(?![\w’'-]))")
_LAST_WORD = re.compile(r"\w+$")
_SHORTEST_NAME, _LONGEST_NAME = 3, 24
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
    after_words: str
    beside_digits: str
    after_roman: str
    words: tuple[str, ...]
    dash: str

    @cache  # noqa: B019 - there is one instance for each language
    def _spaces(self, *, words: bool, digits: bool, roman: bool) -> re.Pattern[str] | None:
        forms = [self.after_words] * words + [self.beside_digits] * digits
        forms += [self.after_roman] * roman
        return re.compile("|".join(forms)) if forms else None

    def spaces(self, text: str) -> Iterator[re.Match[str]]:
        """Yield matches of no-break spaces, using only patterns that can match at all."""
        words = _holds_any(text, self.words)
        roman = _A_ROMAN_DIGIT.search(text) is not None
        pattern = self._spaces(words=words, digits=bool(_A_DIGIT.search(text)), roman=roman)
        return pattern.finditer(text) if pattern is not None else iter(())


def _holds_any(text: str, words: Iterable[str]) -> bool:
    for word in words:  # noqa: SIM110 - a generator costs more than the search
        if word in text:
            return True
    return False


def _alternatives(words: Iterable[str]) -> str:
    return "|".join(re.escape(w) for w in sorted(words, key=len, reverse=True))


@cache
def _language(tag: str) -> _Language:
    rules = punctuation_rules(tag) or PunctuationRules()
    month = f"(?:{_alternatives(rules.months)})" if rules.months else _NOTHING
    titles = _alternatives(rules.titles) or _NOTHING
    ordinals = _alternatives(ordinal_words(tag)) or _NOTHING
    roman = _alternatives(rules.after_roman) or _NOTHING
    after_words = [
        rf"(?<!\w)(?:{titles})( )(?=[^\W\d_])",
        rf"(?<!\w)(?:{_alternatives(rules.before_number)})( )(?=\d|[IVXLC]{{2,}}\b)",
    ]
    if rules.hour:
        after_words.append(rf"(?<=\d[ \u00a0]){re.escape(rules.hour)}( )(?=\d\d(?!\d))")
    if rules.one_letter_words:
        after_words.append(rf"(?<![\w’'-])[{rules.one_letter_words}]( )(?=\w)")
    return _Language(
        months=re.compile(
            rf"(?<!\w){month}(?:[ \u00a0]\d{{1,2}})?(-)(?={month}(?!\w))"
            rf"|(?<=\d)(?<!\d\d\d)(-)(?=\d{{1,2}}[ \u00a0]{month}(?!\w))"
        ),
        after_words="|".join(after_words),
        beside_digits=(
            rf"(?<=\d)( )(?=(?:{_alternatives(rules.units)})(?!\w))"
            rf"|(?<!\w){month}( )(?=\d{{1,2}}(?![\d\w]))"
            rf"|(?<!\w)\d{{1,2}}(?:\.|er)?( )(?={month}(?!\w))"
            rf"|(?<!\w)\d{{1,2}}\.( )(?=(?:{ordinals})(?!\w))"
        ),
        after_roman=rf"(?<!\w)[{_ROMAN_DIGITS}]+(?:e|ème|er)?( )(?=(?:{roman})(?!\w))",
        words=tuple(
            f"{word} "
            for word in (*rules.titles, *rules.before_number, *rules.one_letter_words, rules.hour)
        ),
        dash=rules.dash,
    )


def apply_typography(
    tree: Element,
    language: str,
    path: str,
    findings: Findings,
    *,
    acronyms: bool,
    dash: str = "",
) -> None:
    """Apply typography to a tree in place; ``acronyms`` sets acronyms in small capitals.

    ``dash`` is what ``--`` is set as, by default that of the language.
    """
    unclosed: SourceLocation | None = None
    texts = list(editable_texts(tree, language))
    for block_text, next_text in zip_longest(texts, texts[1:]):
        is_continued = next_text is not None and _begins_with_mark(next_text.text)
        if unclosed is not None and not _begins_with_mark(block_text.text):
            findings.add("TYP-001", unclosed)
        unclosed = None
        position = _set_text(block_text, is_continued=is_continued, own_dash=dash)
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


def _set_text(block_text: EditableText, *, is_continued: bool, own_dash: str) -> int | None:
    """Apply typography to a text; return the position of a quotation that is not closed."""
    unclosed = _set_punctuation(block_text, is_continued=is_continued, own_dash=own_dash)
    _apply(block_text, _space_edits)
    _apply(block_text, _french_edits)
    block_text.write()
    return unclosed


def _set_punctuation(
    block_text: EditableText, *, is_continued: bool = False, own_dash: str = ""
) -> int | None:
    _apply(block_text, _speech_edits)
    _apply(block_text, partial(_long_edits, own_dash=own_dash))
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


def _long_edits(block_text: EditableText, own_dash: str) -> list[Edit]:
    if not _holds_any(block_text.text, ("--", "...", " -")):
        return []
    edits = []
    sums = {m.start(1) for m in SUBTRACTION.finditer(block_text.text)}
    for match in _LONG.finditer(block_text.text):
        form = _LONG_FORMS.get(match[0])
        if form is None:
            dash = own_dash or _language(block_text.language_at(match.start())).dash
            form = match[0].replace("--", dash).replace("-", dash)
            if match.start() in sums:
                form = f"{NO_BREAK}{MINUS}{NO_BREAK}"
        edits.append((match.start(), match.end(), form))
    return edits


def _speech_edits(block_text: EditableText) -> list[Edit]:
    text, block = block_text.text, block_text.block
    if block.tag != "p" or ("-" not in text and not text.startswith(("–", "—"))):
        return []
    language = block_text.language_at(0)
    edits = []
    if text.startswith(("-", "–", "—")):
        parent = block.getparent()
        is_quoted = parent is not None and (parent.tag == "blockquote" or parent.get("class"))
        if opens_speech(text, language) and not is_quoted:
            block.set("class", " ".join([*classes(block), DIALOGUE]))
        edits = dialogue_edits(text, language)
    if "\n-" in text and any(True for _ in block.iter("br")):
        edits += verse_edits(text, language)
    return sorted(edits)


def _range_edits(block_text: EditableText) -> list[Edit]:
    text = block_text.text
    edits = number_edits(block_text) if _A_DIGIT.search(text) else []
    if "-" in text:
        for match in _language(block_text.language_at(0)).months.finditer(text):
            position = match.start(match.lastindex or 0)
            edits.append((position, position + 1, "–"))
    return sorted(set(edits))


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
    positions |= {m.start(1) for m in _ROMAN.finditer(text) if _is_after_name(block_text, m)}
    if ". ." in text:
        positions |= {
            position
            for match in _SPACED_DOTS.finditer(text)
            for position in range(*match.span())
            if text[position] == " "
        }
    languages = {piece.language for piece in block_text.pieces}
    for language in languages:
        for match in _language(language).spaces(text):
            position = match.start(match.lastindex or 0)
            if len(languages) == 1 or block_text.language_at(position) == language:
                positions.add(position)
    return [(position, position + 1, NO_BREAK) for position in sorted(positions)]


def _is_after_name(block_text: EditableText, roman: re.Match[str]) -> bool:
    """Return whether a Roman number may be that of a king, a chapter or a war: Louis XIV."""
    end = roman.start()
    word = _LAST_WORD.search(block_text.text, max(0, end - _LONGEST_NAME), end)
    is_pronoun = roman["number"] == "I" and block_text.language_at(end).startswith("en")
    return (
        word is not None
        and len(word[0]) >= _SHORTEST_NAME
        and word[0][0].isupper()
        and not is_pronoun
    )


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
