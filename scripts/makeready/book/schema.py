"""The keys of ``book.toml``, and the form of their values.

An invalid value raises a ``PydanticCustomError`` whose type is the id of its rule.
"""

from __future__ import annotations

import difflib
import re
import tomllib
from datetime import date, datetime
from functools import cache
from importlib.resources import files
from typing import Annotated, Any, Literal, get_args

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field
from pydantic_core import PydanticCustomError
from stdnum import isbn as stdnum_isbn

from makeready.book.dates import normalised_datetime
from makeready.book.labels import known_labels
from makeready.book.prices import barcode_currencies, normalised_price, normalised_trade_price
from makeready.book.store_names import store_names
from makeready.book.subject_codes import (
    bisac_code,
    known_audience,
    normalised_issn,
    series_position,
    territory,
    thema_code,
)

_POINTS = {"in": 72.0, "mm": 72 / 25.4, "cm": 72 / 2.54, "pt": 1.0}
_TRIM = re.compile(r"(\d+(?:\.\d+)?)\s*[x×]\s*(\d+(?:\.\d+)?)\s*(in|mm|cm|pt)")
_TRIM_RANGE_PT = (72.0, 2880.0)
_SPINE_RANGE_MM = (0.5, 120.0)
_MARGIN_RANGE_MM = (0.0, 100.0)
# RFC 5646: language, script, region, variants, extensions and private use.
_LANGUAGE = re.compile(
    r"[a-z]{2,3}(?:-[a-z]{4})?(?:-(?:[a-z]{2}|\d{3}))?(?:-(?:[a-z\d]{5,8}|\d[a-z\d]{3}))*"
    r"(?:-[a-wy-z\d](?:-[a-z\d]{2,8})+)*(?:-x(?:-[a-z\d]{1,8})+)?",
    re.IGNORECASE,
)
_COLOUR = re.compile(r"#(?:[0-9a-f]{3}|[0-9a-f]{6})", re.IGNORECASE)
_SLUG = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
_UNPRINTABLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ufdd0-\ufdef\ufffe\uffff]")


@cache
def relators() -> dict[str, str]:
    """Return the names of the supported MARC relators by their codes."""
    return tomllib.loads(files("makeready.book").joinpath("relators.toml").read_text("utf-8"))


def _prose(value: str) -> str:
    if _UNPRINTABLE.search(value):
        raise PydanticCustomError("MET-020", "control character")
    return value.strip()


def _one_line(value: str) -> str:
    return " ".join(_prose(value).split())


def _not_empty(value: str) -> str:
    if not value:
        raise PydanticCustomError("empty", "must not be empty")
    return value


def _date_as_text(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date | datetime) else value


def _date(value: str) -> str:
    try:
        if value.strip():
            normalised_datetime(value)
    except (ValueError, OverflowError) as error:
        raise PydanticCustomError("MET-015", "date") from error
    return value.strip()


def is_language(value: str) -> bool:
    """Return whether a value has the form of a language tag."""
    return _LANGUAGE.fullmatch(value) is not None


def _language(value: str) -> str:
    if not is_language(value):
        raise PydanticCustomError("MET-009", "language")
    return value


def _role(value: str) -> str:
    code = value.strip().lower()
    if code not in relators():
        by_name = {name: known for known, name in relators().items()}
        close = difflib.get_close_matches(code, [*relators(), *by_name], n=1, cutoff=0.5)
        known = by_name.get(close[0], close[0]) if close else "aut"
        raise PydanticCustomError(
            "MET-007", "relator", {"nearest": known, "name": relators()[known]}
        )
    return code


def trim_pt(text: str) -> tuple[float, float] | None:
    """Return the width and height in points of a trim size such as ``5x8in``; None if invalid."""
    try:
        return _trim(text)
    except PydanticCustomError:
        return None


def _trim(value: Any) -> tuple[float, float]:
    match = _TRIM.fullmatch(str(value).strip().lower())
    if match is None:
        raise PydanticCustomError("MET-013", "trim")
    unit_pt = _POINTS[match[3]]
    width_pt, height_pt = (round(float(match[i]) * unit_pt, 4) for i in (1, 2))
    smallest, largest = _TRIM_RANGE_PT
    if not (smallest <= width_pt <= largest and smallest <= height_pt <= largest):
        raise PydanticCustomError("MET-013", "trim")
    return width_pt, height_pt


def _spine_mm(value: Any) -> float:
    return _in_range(value, _SPINE_RANGE_MM, "MET-021")


def _margin_mm(value: Any) -> float:
    return _in_range(value, _MARGIN_RANGE_MM, "MET-022")


def _in_range(value: Any, least_and_most: tuple[float, float], rule: str) -> float:
    least, most = least_and_most
    number = isinstance(value, int | float) and not isinstance(value, bool)
    if not number or not least <= value <= most:
        raise PydanticCustomError(rule, "length")
    return float(value)


def _isbn(value: str) -> str:
    if not value.strip():
        return ""
    if not stdnum_isbn.is_valid(value):
        raise PydanticCustomError("MET-008", "isbn")
    return str(stdnum_isbn.to_isbn13(stdnum_isbn.compact(value)))


def _price(value: str) -> str:
    price = normalised_price(value) if value.strip() else ""
    if price is None:
        raise PydanticCustomError(
            "MET-023", "price", {"currencies": ", ".join(barcode_currencies())}
        )
    return price


def _trade_price(value: str) -> str:
    price = normalised_trade_price(value) if value.strip() else ""
    if price is None:
        raise PydanticCustomError("MET-037", "price")
    return price


def _store(value: str) -> str:
    if value and value not in store_names():
        close = difflib.get_close_matches(value.lower(), store_names(), n=1, cutoff=0.5)
        listed = f"Known stores: {', '.join(store_names())}."
        hint = f"Did you mean “{close[0]}”? {listed}" if close else listed
        raise PydanticCustomError("STO-024", "store", {"suggestion": hint})
    return value


def _colour(value: str) -> str:
    if not _COLOUR.fullmatch(value):
        raise PydanticCustomError("MET-014", "colour")
    return value.lower()


def _slug(value: str) -> str:
    if value and not _SLUG.fullmatch(value):
        raise PydanticCustomError("MET-012", "name")
    return value


def _known_label(value: str) -> str:
    if value not in known_labels():
        close = difflib.get_close_matches(value, known_labels(), n=1, cutoff=0.5)
        hint = (
            f"Did you mean “{close[0]}”?"
            if close
            else f"Known labels: {', '.join(known_labels())}."
        )
        raise PydanticCustomError("MET-004", "word", {"suggestion": hint})
    return value


def _list_entry(value: Any) -> Any:
    if not isinstance(value, str | dict):
        raise PydanticCustomError("list_entry", "name or table")
    return value


ListEntry = Annotated[Any, AfterValidator(_list_entry)]
"""A name in a list of sections, or a table, which ``section_lists`` reads."""
Prose = Annotated[str, AfterValidator(_prose)]
OneLine = Annotated[str, AfterValidator(_one_line)]
Required = Annotated[OneLine, AfterValidator(_not_empty)]
DateText = Annotated[str, BeforeValidator(_date_as_text), AfterValidator(_date)]
Slug = Annotated[str, AfterValidator(_slug)]


class _Table(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)


class ContributorFields(_Table):
    """The table ``[[contributors]]``."""

    name: Required
    file_as: OneLine = ""
    role: Annotated[str, AfterValidator(_role)] = "aut"
    corporate: bool = False


class SeriesFields(_Table):
    """The table ``[series]``."""

    title: Required
    position: Annotated[str, BeforeValidator(series_position)] = ""
    issn: Annotated[str, AfterValidator(normalised_issn)] = ""


def _note_place(value: Any) -> Any:
    return {"place": value} if isinstance(value, str) else value


class NotesFields(_Table):
    """The table ``[notes]``, also of an edition; a text is the place."""

    place: Literal["foot", "chapter-end", "book-end"] = "foot"
    numbering: Literal["section", "chapter", "book"] = "chapter"


NotesTable = Annotated[NotesFields, BeforeValidator(_note_place)]


class EditionFields(_Table):
    """The table ``[editions.NAME]``."""

    kind: Literal["print", "screen", "epub"]
    trim: Annotated[tuple[float, float], BeforeValidator(_trim)] = (360.0, 576.0)
    printer: OneLine = ""
    paper: OneLine = ""
    ink: Literal["black", "colour", "standard-colour", "premium-colour"] = "black"
    isbn: Annotated[str, AfterValidator(_isbn)] = ""
    price: Annotated[str, AfterValidator(_price)] = ""
    prices: list[Annotated[str, AfterValidator(_trade_price)]] = []
    page_list: OneLine = ""
    stores: list[Annotated[OneLine, AfterValidator(_store)]] | None = None
    chapters_open: Literal["recto", "any"] = "recto"
    pdf_x: Literal["x-1a:2001", "x-3:2002", "x-4", "none"] | None = None
    pdf_a: Literal["2a", "3a", "none"] = "none"
    binding: Literal["paperback", "hardcover", "linen-wrap", "saddle-stitch", "coil"] = "paperback"
    spine_mm: Annotated[float | None, BeforeValidator(_spine_mm)] = None
    bleed: bool = False
    bleed_mm: Annotated[float | None, BeforeValidator(_margin_mm)] = None
    inside_mm: Annotated[float | None, BeforeValidator(_margin_mm)] = None
    outside_mm: Annotated[float | None, BeforeValidator(_margin_mm)] = None
    size_pt: Annotated[float | None, Field(ge=6, le=36)] = None
    leading_pt: Annotated[float | None, Field(ge=6, le=72)] = None
    writing: Literal["horizontal", "vertical"] = "horizontal"
    notes: NotesTable = NotesFields()


class CoverFields(_Table):
    """The table ``[cover]``."""

    ground: Annotated[str, AfterValidator(_colour)] = "#17324a"
    ink: Annotated[str, AfterValidator(_colour)] = "#f6efe0"
    accent: Annotated[str, AfterValidator(_colour)] = "#d9a441"
    blurb: Prose = ""
    image: OneLine = ""
    back_image: OneLine = ""
    portrait: OneLine = ""
    mark: OneLine = ""
    crop: Literal["centre", "top", "bottom", "left", "right"] = "centre"
    series: bool = False
    panel: bool = True


class DesignFields(_Table):
    """The table ``[design]``."""

    theme: OneLine = "press"


class AccessibilityFields(_Table):
    """The table ``[accessibility]``."""

    certified_by: Required
    credential: OneLine = ""
    report: OneLine = ""


def _divided_words(
    value: list[str] | dict[str, list[str]],
) -> list[str] | dict[str, list[str]]:
    by_language = value if isinstance(value, dict) else {"en": value}
    for language, words in by_language.items():
        if not is_language(language):
            raise ValueError(f"has a key that is not a language: “{language}”")
        for word in words:
            if not all(part.isalpha() for part in word.split("-")):
                raise ValueError(
                    f"must have words with hyphens where they may be divided, not “{word}”"
                )
    return value


class HyphenationFields(_Table):
    """The table ``[typography.hyphenation]``."""

    exceptions: Annotated[list[str] | dict[str, list[str]], AfterValidator(_divided_words)] = []


class TypographyFields(_Table):
    """The table ``[typography]``."""

    acronyms: Literal["small-caps", "capitals"] = "small-caps"
    balance: Literal["spreads", "pages", "none"] = "spreads"
    hyphenation: HyphenationFields = HyphenationFields()
    dashes: Literal["language", "em", "en"] = "language"
    dialogue: Literal["auto", "hyphens", "lists"] = "auto"


class CodeFields(_Table):
    """The table ``[code]``."""

    highlighting: Literal["one-ink", "none"] = "one-ink"
    line_numbers: bool = False


def _listed(value: Any) -> Any:
    return [value] if isinstance(value, str) else value


class CitationFields(_Table):
    """The table ``[citations]``."""

    sources: Annotated[list[OneLine], BeforeValidator(_listed)]
    style: Required = "chicago-author-date"
    nocite: Annotated[list[OneLine], BeforeValidator(_listed)] = []


class MathematicsFields(_Table):
    """The table ``[mathematics]``; macros of TeX by their names."""

    macros: dict[str, str] = {}
    macro_file: str = ""


def _numbering(value: Any) -> Any:
    return {"chapter": value} if isinstance(value, str) else value


NumberForm = Literal["arabic", "roman", "words", "none"]
NUMBER_FORMS = get_args(NumberForm)


class NumberingFields(_Table):
    """The table ``[numbering]``; a text is that of the chapters."""

    chapter: NumberForm = "arabic"
    part: NumberForm = "arabic"
    book: NumberForm = "arabic"
    appendix: Literal["letters", "arabic", "roman", "none"] = "letters"
    captions: Literal["book", "chapter"] | None = None
    restart: Literal["never", "part", "book"] | None = None
    headings: Literal[1, 2, 3] = 1


class ContentsFields(_Table):
    """The table ``[contents]``: how deep the contents and the navigation of an e-book go."""

    depth: Literal[1, 2, 3] = 1


class IgnoreFields(_Table):
    """The table ``[[ignore]]``."""

    id: Required
    reason: Required
    path: OneLine = ""


class BookFile(_Table):
    """The whole of ``book.toml``."""

    title: Required
    subtitle: OneLine = ""
    display_title: Prose = ""
    slug: Slug = ""
    language: Annotated[str, AfterValidator(_language)] = "en"
    identifier: OneLine = ""
    modified: DateText = ""
    date: DateText = ""
    publisher: OneLine = ""
    rights: Prose = ""
    source: Prose = ""
    description: Prose = ""
    subjects: list[OneLine] = []
    keywords: list[OneLine] = []
    bisac: list[Annotated[OneLine, AfterValidator(bisac_code)]] = []
    thema: list[Annotated[OneLine, AfterValidator(thema_code)]] = []
    series: SeriesFields | None = None
    audience: Annotated[OneLine, AfterValidator(known_audience)] = ""
    imprint: OneLine = ""
    edition_statement: OneLine = ""
    territories: list[Annotated[OneLine, AfterValidator(territory)]] = []
    contributors: list[ContributorFields] = []
    frontmatter: list[ListEntry] = []
    bodymatter: list[ListEntry] = []
    backmatter: list[ListEntry] = []
    numbering: Annotated[NumberingFields, BeforeValidator(_numbering)] = NumberingFields()
    notes: NotesTable = NotesFields()
    editions: dict[Slug, EditionFields] = {}
    design: DesignFields = DesignFields()
    cover: CoverFields = CoverFields()
    typography: TypographyFields = TypographyFields()
    code: CodeFields = CodeFields()
    contents: ContentsFields = ContentsFields()
    citations: CitationFields | None = None
    mathematics: MathematicsFields = MathematicsFields()
    accessibility: AccessibilityFields | None = None
    words: dict[Annotated[str, AfterValidator(_known_label)], OneLine] = {}
    ignore: list[IgnoreFields] = []
