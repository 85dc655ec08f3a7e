"""The measures of pages: ``measures.toml``, that of the house and what a book changes of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import floor
from pathlib import Path
from typing import Annotated

from pydantic import Field

from makeready.book.style_files import StyleFile, StyleTable
from makeready.book.validation import suggestion
from makeready.book.writing import script_of
from makeready.errors import FindingsError
from makeready.fonts.scripts import scripts as known_scripts
from makeready.printers.tables import PT_PER_INCH
from makeready.templates.letter_counts import LetterCounts

MeasureFiles = Path | Sequence[Path]
"""The files from the house's to the book's own, or one that has all."""

MOST_EM = 29.0
"""The longest line of smaller type, in ems: some 75 letters (Bringhurst, Elements, 2.1.2)."""

_Length = Annotated[float, Field(gt=0)]
_Size = Annotated[float, Field(ge=4, le=72)]
_Rule = Annotated[float, Field(ge=0, le=20)]
_Factor = Annotated[float, Field(ge=0.25, le=4)]
_Share = Annotated[float, Field(ge=0, le=1)]


class Measure(StyleTable):
    """A table ``[[measure]]``: type size, leading and length of lines by trim width."""

    up_to_width_in: _Length
    size_pt: _Size
    leading_pt: _Size
    line_em: _Length
    code_em: Annotated[float, Field(gt=0, le=2)] = 0.78


class _ScriptMeasure(StyleTable):
    """What the measures of other books are multiplied by for a script.

    With ``whole_em`` a line is as wide as a whole number of letters.
    """

    size: _Factor = 1.0
    leading: _Factor = 1.0
    whole_em: bool = False

    def of(self, measure: Measure) -> Measure:
        """Return the measure of a page with this script."""
        line_pt = measure.size_pt * measure.line_em
        size_pt = _in_quarters(measure.size_pt * self.size)
        line_em = line_pt / size_pt
        return measure.model_copy(
            update={
                "size_pt": size_pt,
                "leading_pt": _in_quarters(measure.leading_pt * self.leading),
                "line_em": float(floor(line_em)) if self.whole_em else line_em,
            }
        )


def _in_quarters(length_pt: float) -> float:
    return round(length_pt * 4) / 4


class PageShares(StyleTable):
    """The table ``[page]``: where the text and the running heads are on a page."""

    text_height: Annotated[float, Field(gt=0, le=1)]
    above: _Share
    inner: _Share
    head_pt: Annotated[float, Field(ge=0, le=72)] = 10.5
    head_from_edge_in: Annotated[float, Field(ge=0, le=2)] = 0.5

    def head_height_pt(self, leading_pt: float) -> float:
        """Return how far running heads extend above the text."""
        return leading_pt + self.head_pt


class TypeTable(StyleTable):
    """The table ``[type]``: what is smaller than the text, and rules, at the size of the measure.

    Printers want rules of 0.75 pt and more.
    """

    head_size_pt: _Size = 9.5
    head_leading_pt: _Size = 12.0
    note_em: Annotated[float, Field(ge=0.4, le=1)] = 0.85
    note_leading_pt: _Size = 12.0
    rule_pt: _Rule = 0.75
    table_rule_pt: _Rule = 1.0
    title_rule_pt: _Rule = 2.0


class _MeasuresFile(StyleTable):
    measure: list[Measure] = Field(default_factory=list)
    page: PageShares | None = None
    type: TypeTable | None = None
    letters: LetterCounts | None = None
    """Read by the layouts."""

    scripts: dict[str, _ScriptMeasure] = Field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class TypeSize:
    """The type size that an edition asks for, and its leading; None where it is the measure's."""

    size_pt: float | None = None
    leading_pt: float | None = None

    def of(self, measure: Measure) -> tuple[float, float]:
        """Return size and leading on pages of a measure: leading follows the size."""
        size_pt = self.size_pt or measure.size_pt
        if self.leading_pt is not None:
            return size_pt, self.leading_pt
        if size_pt == measure.size_pt:
            return size_pt, measure.leading_pt
        return size_pt, _in_quarters(size_pt * measure.leading_pt / measure.size_pt)


OF_THE_MEASURE = TypeSize()


@dataclass(frozen=True)
class Measures:
    """The measures of all widths and scripts, and the file that those of widths are in."""

    measures: tuple[Measure, ...]
    page: PageShares
    type: TypeTable
    scripts: Mapping[str, _ScriptMeasure]
    file: StyleFile

    def measure_for(self, width_pt: float, language: str = "") -> tuple[Measure, bool]:
        """Return the measure of a page, and whether its lines have a whole number of letters.

        It is the first that is wide enough, for the script of the language. Raises FindingsError
        if there is none.
        """
        number = self._number(width_pt)
        if number is None:
            raise self.file.error_at(
                ("measure", len(self.measures) - 1, "up_to_width_in"),
                f"no [[measure]] covers a page width of {width_pt / PT_PER_INCH:g} in",
                "Add a [[measure]] with a larger up_to_width_in at the end.",
            )
        measure = self.measures[number]
        own = self.scripts.get(script_of(language).lower()) if language else None
        return (own.of(measure), own.whole_em) if own is not None else (measure, False)

    def error_at(self, width_pt: float, key: str, problem: str, hint: str) -> FindingsError:
        """Return an error with the line of a key of the measure for a width."""
        return self.file.error_at(("measure", self._number(width_pt) or 0, key), problem, hint)

    def _number(self, width_pt: float) -> int | None:
        wide = (
            n for n, m in enumerate(self.measures) if width_pt <= m.up_to_width_in * PT_PER_INCH
        )
        return next(wide, None)


def read_measures(files: MeasureFiles) -> Measures:
    """Return the measures of files: of each kind of table those of the last that has it.

    Raises FindingsError, with a line, if a file is invalid.
    """
    paths = [files] if isinstance(files, Path) else files
    measures: tuple[Measure, ...] = ()
    page: PageShares | None = None
    smaller = TypeTable()
    scripts: dict[str, _ScriptMeasure] = {}
    for path in paths:
        file = StyleFile(path)
        read = file.read(_MeasuresFile)
        page, smaller = read.page or page, read.type or smaller
        for code in read.scripts:
            if code not in known_scripts():
                advice = suggestion(code, sorted(known_scripts()))
                raise file.error_at(("scripts", code), f"no script “{code}” is known", advice)
        scripts |= read.scripts
        if read.measure or not measures:
            measures, of_measures = tuple(read.measure), file
    if not measures or page is None:
        missing = "page" if measures else "measure"
        raise file.error_at((), f"“{missing}” is missing", f"Add {missing} = ….")
    return Measures(measures, page, smaller, scripts, of_measures)
