"""Where the lines of a paragraph may end, and how wide the text is up to each of these places."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import NamedTuple

from weasyprint.text.line_break import get_log_attrs

from makeready.book.hyphenation import repeats_hyphens
from makeready.engine.lines.choose import Break, Reach
from makeready.engine.lines.hyphenation import hyphen_positions
from makeready.engine.lines.paragraph import NEWLINE, OBJECT, Edge, Paragraph, Piece
from makeready.engine.lines.shape import (
    SOFT_HYPHEN,
    SPACE,
    SPACES,
    EngineOnlyError,
    TextStyle,
)

_HYPHENS = "-\u2010"
_DASHES = "\u2014\u2013\u2015"
_QUOTATION_MARKS = "“„‘‚«»‹›\"'"
_BEFORE_A_WORD = _QUOTATION_MARKS + "([{¿¡"
_AROUND_A_WORD = _BEFORE_A_WORD + "”’.,;:!?)]}…—–"
_OPENS_A_WORD = _BEFORE_A_WORD + _DASHES
"""What a line does not end with at the head of a word: —dijo, “—and."""

_IDEOGRAPH = "\u2e80"
"""A letter with the break opportunities that images in a line have."""

_CACHED_WORDS = 16384
_LONGEST_WORD = 400
_WIDEST_LETTER_EM = 3

FORBIDDEN = 10_000.0
"""A penalty so high that a line ends there only where it cannot end elsewhere."""


@dataclass(frozen=True, slots=True)
class BreakPenalties:
    """What it costs to end a line at a place other than a space."""

    hyphen: float = 118.0
    in_name: float = 130.0
    """The same in a word with a capital, which is often a name."""

    in_compound: float = 500.0
    """The same in a word that has a hyphen already."""

    after_dash: float = 30.0
    repeated_hyphen: float = 2000.0
    """The same after a hyphen of the word that the next line would have to begin with."""

    before_dash: float = FORBIDDEN
    anywhere: float = 5000.0
    """The cost of ending between any two letters of a word that is wider than a line."""


PENALTIES = BreakPenalties()


class Point(NamedTuple):
    """A place inside a word where a line may end.

    ``before_px`` is the width of what stands on the line, its hyphen too, and
    ``removed_px`` how much narrower the rest of the word is than the whole. The widths of
    letters that may be expanded are given again in ``before_letters_px`` and
    ``removed_letters_px``. ``right_px`` hangs out of the measure. ``is_flagged`` says that the
    line ends with a hyphen of whatever kind.
    """

    offset: int
    is_hyphenation: bool
    before_px: float
    before_letters_px: float
    removed_px: float
    removed_letters_px: float
    right_px: float
    penalty: float
    is_flagged: bool


class _Part(NamedTuple):
    """A part of a word in one style, an object, or an edge, which has no text.

    ``width_px`` is that of an object or an edge; ``opens`` is whether an edge is a box's first.
    A line may end inside it if it ``wraps``, and before it unless it ``is_joined``.
    """

    style: TextStyle | None
    text: str
    width_px: float = 0.0
    wraps: bool = True
    opens: bool = False
    is_joined: bool = False


class WordBreaks:
    """A word of one style or of several: its widths, and where it may be divided.

    None of its parts is wider than ``widest_px``, with a hyphen.
    """

    def __init__(self, parts: Sequence[_Part], text: str) -> None:
        if len(text) > _LONGEST_WORD:
            # Its parts are shaped again for each place where it may be divided.
            raise EngineOnlyError("a very long word")
        self.parts, self.text = parts, text
        self.width_px = self.letters_px = self.widest_px = 0.0
        for part in parts:
            width_px, letters_px = _widths(part, part.text)
            self.width_px += width_px
            self.letters_px += letters_px
            self.widest_px += max(width_px, 0.0)
            if part.style is not None and part.style.hyphens != "none":
                self.widest_px += _WIDEST_LETTER_EM * len(part.style.hyphen) * part.style.size_px
        first = next((part for part in parts if part.style), None)
        last = next((part for part in reversed(parts) if part.style), None)
        self.style = first.style if first else None
        self.left_px = self.before_px = self.right_px = self.after_px = 0.0
        if first is parts[0] and first.style is not None:
            word = first.style.shape(first.text)
            self.left_px, self.before_px = word.left_px, word.before_px
        if last is parts[-1] and last.style is not None:
            word = last.style.shape(last.text)
            self.right_px, self.after_px = word.right_px, word.after_px
        # A letter alone may be that of many words.
        self.bare = text.strip(_AROUND_A_WORD).casefold() if text[1:] else ""
        self._points: tuple[Point, ...] | None = None
        self._hyphenated: tuple[Point, ...] | None = None

    def points(self, *, hyphenated: bool) -> tuple[Point, ...]:
        """Return where the word may be divided, with or without its hyphenation, in order."""
        if self._points is None:
            self._points = tuple(self._allowed(self._points_between_letters()))
        if not hyphenated:
            return self._points
        if self._hyphenated is None:
            points = (*self._points, *self._allowed(self._hyphenation()))
            self._hyphenated = tuple(sorted(points, key=lambda point: point.offset))
        return self._hyphenated

    def points_anywhere(self) -> tuple[Point, ...]:
        """Return a point between any two letters, for a word wider than a line."""
        if self.style is None or not self.style.breaks_anywhere:
            return self.points(hyphenated=True)
        known = {point.offset: point for point in self.points(hyphenated=True)}
        attributes = get_log_attrs(self.text, self.style.language)
        anywhere = (
            self._point(offset, PENALTIES.anywhere, is_hyphenation=False)
            for offset in range(1, len(self.text))
            if offset not in known and attributes[offset].is_cursor_position
        )
        known.update((point.offset, point) for point in self._allowed(anywhere))
        return tuple(known[offset] for offset in sorted(known))

    def _allowed(self, points: Iterable[Point]) -> Iterator[Point]:
        """Yield the points but those where the boxes that the word is in do not wrap."""
        kept_whole: set[int] = set()
        at = 0
        for part in self.parts:
            if not part.wraps:
                kept_whole.update(range(at + 1, at + len(part.text)))
            if part.is_joined:
                kept_whole.add(at)
            at += len(part.text)
        return (point for point in points if point.offset not in kept_whole)

    def _points_between_letters(self) -> Iterator[Point]:
        if self.text.isalpha():
            return
        text = self.text.replace(OBJECT, _IDEOGRAPH)
        language = self.style.language if self.style is not None else None
        for offset in _break_opportunities(text, language):
            if text[offset - 1] == SOFT_HYPHEN or not text[:offset].strip(_OPENS_A_WORD):
                continue
            is_before_dash = text[offset] in _DASHES
            penalty = PENALTIES.before_dash if is_before_dash else PENALTIES.after_dash
            if text[offset - 1] not in _HYPHENS + _DASHES and not is_before_dash:
                penalty = 0.0
            elif (
                text[offset - 1] in _HYPHENS and language is not None and repeats_hyphens(language)
            ):
                penalty = PENALTIES.repeated_hyphen
            yield self._point(offset, penalty, is_hyphenation=False)

    def _hyphenation(self) -> Iterator[Point]:
        style = self.style
        if style is None or style.hyphens == "none":
            return
        own = [i + 1 for i, letter in enumerate(self.text[:-1]) if letter == SOFT_HYPHEN]
        if own:
            for offset in own:
                yield self._point(offset, PENALTIES.hyphen, is_hyphenation=True)
            return
        if style.hyphens != "auto":
            return
        is_name = self.text.lstrip(_BEFORE_A_WORD)[:1].isupper()
        penalty = PENALTIES.in_name if is_name else PENALTIES.hyphen
        if any(hyphen in self.text for hyphen in _HYPHENS):
            penalty = PENALTIES.in_compound
        for offset in hyphen_positions(self.text, style.language, style.hyphen_limits):
            yield self._point(offset, penalty, is_hyphenation=True)

    def _point(self, offset: int, penalty: float, *, is_hyphenation: bool) -> Point:
        """Return a point, with the parts on both sides shaped as what they are."""
        before_px = before_letters_px = rest_px = rest_letters_px = right_px = 0.0
        at = 0
        for part in self.parts:
            end = at + len(part.text)
            is_before = end < offset or (end == offset and not part.opens)
            if is_before or (at < offset and part.style is not None):
                shown = part.text[: offset - at]
                if is_hyphenation and end >= offset and part.style is not None:
                    shown += part.style.hyphen
                width_px, letters_px = _widths(part, shown)
                before_px, before_letters_px = before_px + width_px, before_letters_px + letters_px
                right_px = part.style.shape(shown).right_px if part.style is not None else 0.0
            if not is_before:
                width_px, letters_px = _widths(part, part.text[max(0, offset - at) :])
                rest_px, rest_letters_px = rest_px + width_px, rest_letters_px + letters_px
            at = end
        return Point(
            offset,
            is_hyphenation,
            before_px,
            before_letters_px,
            self.width_px - rest_px,
            self.letters_px - rest_letters_px,
            right_px,
            penalty,
            is_hyphenation or self.text[offset - 1] in _HYPHENS,
        )


def _widths(part: _Part, text: str) -> tuple[float, float]:
    """Return the width of a part's text, and of the letters in it that may be expanded."""
    if part.style is None:
        return part.width_px, 0.0
    width_px = part.style.shape(text).width_px
    return width_px, width_px if part.style.expands else 0.0


@lru_cache(_CACHED_WORDS)
def _break_opportunities(text: str, language: str | None) -> tuple[int, ...]:
    """Return where a line may end inside a word without a hyphen being added."""
    attributes = get_log_attrs(text, language)
    places = range(1, len(text))
    return tuple(i for i in places if attributes[i].is_line_break or _begins_quotation(text, i))


def _begins_quotation(text: str, offset: int) -> bool:
    """Whether a quotation begins after a dash, where Unicode (UAX 14) has no opportunity."""
    is_after_dash = text[offset - 1] in _DASHES and text[offset] in _QUOTATION_MARKS
    return is_after_dash and text[offset + 1 : offset + 2].isalpha()


@dataclass(slots=True)
class _Sums:
    """The widths of a text so far."""

    all_px: float = 0.0
    letters_px: float = 0.0
    spaces_px: float = 0.0


@dataclass(slots=True)
class _PlacedWord:
    """A word and where it is, with the sums before it and after it."""

    start: int
    end: int
    breaks: WordBreaks
    before_px: float
    before_letters_px: float
    before_spaces_px: float
    following: int | None = None
    """Where a line that begins after it starts, None where no line ends after it."""

    after_no_break_space: int | None = None
    """The same where it is followed by a space at which a line ends only in need."""


@dataclass
class BreakFinder:
    """The places where the lines of a part of a paragraph may end; ``end`` is a line's forced end.

    ``hang`` says whether letters hang out of the measure, ``hang_start`` whether they do so at
    the start.
    """

    paragraph: Paragraph
    start: int
    end: int
    hang: bool
    hang_start: bool
    _words: list[_PlacedWord] = field(default_factory=list)
    _sums: _Sums = field(default_factory=_Sums)

    def __post_init__(self) -> None:
        self._place_words()

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing to set."""
        return not self._words

    def first(self) -> Break:
        """Return the place before the first line."""
        first = Break(self.start, self.start)
        word = self._words[0].breaks
        first.left_px = word.left_px if self.hang_start else 0.0
        first.first_word = word.bare
        return first

    def breaks(self, *, hyphenated: bool, anywhere: bool, reach: Reach) -> Iterator[Break]:
        """Yield where lines may end, the end of the text last; not all places that are too near.

        With ``hyphenated`` words are divided; with ``anywhere`` also before dashes, at no-break
        spaces, and between any two letters where their style says so.
        """
        words = self._words
        for index, word in enumerate(words):
            breaks = word.breaks
            widest_px, letters_px = word.before_px + breaks.widest_px, word.before_letters_px
            widest_letters_px = letters_px + breaks.widest_px
            if reach.of(widest_px, widest_letters_px, word.before_spaces_px) < reach.least_px:
                continue
            points = breaks.points_anywhere() if anywhere else breaks.points(hyphenated=hyphenated)
            for point in points:
                if anywhere or point.penalty < FORBIDDEN:
                    yield self._inside(word, point)
            if index + 1 == len(words):
                continue
            following = words[index + 1]
            if word.following is not None:
                if anywhere or following.breaks.text[0] not in _DASHES:
                    yield self._after(word, following, word.following)
            elif anywhere and word.after_no_break_space is not None:
                end = self._after(word, following, word.after_no_break_space)
                end.penalty = FORBIDDEN
                yield end
        yield self._last()

    def _inside(self, word: _PlacedWord, point: Point) -> Break:
        own = Break(word.start + point.offset, word.start + point.offset)
        own.end_px = word.before_px + point.before_px
        own.end_letters_px = word.before_letters_px + point.before_letters_px
        own.end_spaces_px = own.start_spaces_px = word.before_spaces_px
        own.start_px = word.before_px + point.removed_px
        own.start_letters_px = word.before_letters_px + point.removed_letters_px
        own.is_hyphenation, own.is_flagged = point.is_hyphenation, point.is_flagged
        own.penalty, own.word_start = point.penalty, word.start
        own.right_px = point.right_px if self.hang else 0.0
        return own

    def _after(self, word: _PlacedWord, following: _PlacedWord, start: int) -> Break:
        own = Break(word.end, start)
        own.end_px = word.before_px + word.breaks.width_px
        own.end_letters_px = word.before_letters_px + word.breaks.letters_px
        own.end_spaces_px = word.before_spaces_px
        own.start_px, own.start_letters_px = following.before_px, following.before_letters_px
        own.start_spaces_px = following.before_spaces_px
        own.last_word, own.first_word = word.breaks.bare, following.breaks.bare
        own.word_start = word.start
        own.is_flagged = word.breaks.text[-1] in _HYPHENS
        if following.breaks.text[0] in _DASHES:
            own.penalty = FORBIDDEN
        if self.hang:
            own.right_px, own.left_px = word.breaks.right_px, following.breaks.left_px
        return own

    def _last(self) -> Break:
        word = self._words[-1]
        own = Break(word.end, None)
        own.end_px = word.before_px + word.breaks.width_px
        own.end_letters_px = word.before_letters_px + word.breaks.letters_px
        own.end_spaces_px = word.before_spaces_px
        own.word_start = word.start
        own.right_px = word.breaks.right_px if self.hang else 0.0
        return own

    def _place_words(self) -> None:
        """Measure the text from the start to the end, word by word."""
        paragraph, words, sums = self.paragraph, self._words, self._sums
        pieces, has_edges = paragraph.pieces, bool(paragraph.edges)
        index = bisect_right(pieces, self.start, key=lambda piece: piece.end)
        for match in paragraph.token.finditer(paragraph.text, self.start, self.end):
            start, end = match.span()
            token = match[0]
            while pieces[index].end <= start:
                index += 1
            if token in SPACES:
                self._place_space(token, pieces[index], end)
                continue
            if token == NEWLINE:
                continue
            piece = pieces[index]
            breaks: WordBreaks | None = None
            if end <= piece.end and not has_edges and piece.style is not None:
                breaks = piece.style.breaks.get(token)
            if breaks is None:
                breaks = _word_at(paragraph, index, start, end, token)
            gap = paragraph.gaps.get(start) if words else None
            if gap is not None:
                sums.all_px += gap.width_px - gap.spread_px
                sums.spaces_px += gap.spread_px
                words[-1].following = start if gap.may_end else None
            elif words and words[-1].end != start:
                sums.all_px += words[-1].breaks.after_px + breaks.before_px
            words.append(
                _PlacedWord(start, end, breaks, sums.all_px, sums.letters_px, sums.spaces_px)
            )
            sums.all_px += breaks.width_px
            sums.letters_px += breaks.letters_px

    def _place_space(self, space: str, piece: Piece, end: int) -> None:
        if not self._words:
            return
        if piece.style is not None:
            share = self.paragraph.stretch_share(piece.style)
            self._sums.spaces_px += share * piece.style.space_px
            self._sums.all_px += (1 - share) * piece.style.space_px
        if piece.wraps:
            if space == SPACE:
                self._words[-1].following = end
            else:
                self._words[-1].after_no_break_space = end


def _word_at(paragraph: Paragraph, first: int, start: int, end: int, text: str) -> WordBreaks:
    """Return the word at a place, from the pieces it is in and the edges of boxes at it.

    ``first`` is the index of the piece that it begins in.
    """
    pieces = paragraph.pieces
    piece = pieces[first]
    own_edges = [
        edge
        for edge in paragraph.edges_between(start, end)
        if not (edge.position == start and not edge.is_start)
        and not (edge.position == end and edge.is_start)
    ]
    if end <= piece.end and not own_edges and piece.style is not None:
        known: WordBreaks | None = piece.style.breaks.get(text)
        if known is None:
            known = WordBreaks((_Part(piece.style, text, wraps=piece.wraps),), text)
            piece.style.breaks[text] = known
        return known
    parts: list[_Part] = []
    for index in range(first, len(pieces)):
        piece = pieces[index]
        if piece.start >= end:
            break
        low, high = max(start, piece.start), min(end, piece.end)
        if low >= high:
            continue
        parts.extend(_edge_parts(own_edges, low))
        own_text = text[low - start : high - start]
        is_joined = bool(parts) and not paragraph.may_end_between(pieces[index - 1], piece)
        parts.append(_Part(piece.style, own_text, piece.width_px, piece.wraps, is_joined=is_joined))
    parts.extend(_edge_parts(own_edges, end))
    return WordBreaks(tuple(parts), text)


def _edge_parts(edges: Sequence[Edge], position: int) -> Iterator[_Part]:
    for edge in edges:
        if edge.position == position:
            yield _Part(None, "", edge.width_px, opens=edge.is_start)
