"""The marked content of pages: the text and the drawings of each mark, and what is in none.

ISO 32000-1, 14.6. The text is what a program reads that does not look where letters are: a space
is one only if the file has one. Each form is read once.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field
from typing import Any, NamedTuple

import pikepdf

from makeready.pdf_content.font_glyphs import FontGlyphs
from makeready.pdf_content.font_text import UNKNOWN, FontText
from makeready.pdf_content.graphics_state import IDENTITY, MALFORMED_CONTENT, read_matrix
from makeready.pdf_content.resources import entry, name_text
from makeready.pdf_content.structure_tree import NO_OBJECT, ObjectId, text_of

_PAINTING = frozenset(["f", "F", "f*", "B", "B*", "b", "b*", "S", "s", "sh"])
_SHOWING = frozenset({"Tj", "TJ", "'", '"'})
_OPERATORS = (
    "BMC BDC EMC BT Tf Tj TJ ' \" TL Td TD T* Tm cm Do f F f* B B* b b* S s sh BI ID EI q Q"
)
_DEEPEST_FORM = 12
_MOST_LETTERS = 200_000
"""So many letters no page of a book has; those of a page with more are not all kept."""
_SAMPLE_LETTERS = 60
_MOST_SAMPLES = 10
_LETTERS_AT_ENDS = 30
_WRITTEN_OPERATOR = re.compile(
    rb"[\s\]>](?:(?P<end>EMC)|(?P<begin>BDC|BMC)|(?P<form>Do)"
    rb"|(?P<painting>T[jJ]|f\*?|F|S|B\*?|b\*?|s|sh|BI))(?=\s|$)"
)
"""The operators that mark and that paint, in content as the engine writes it."""
_WRITTEN_NUMBER = re.compile(rb"/MCID\s+(\d+)")
_ARTIFACT = "/Artifact"
_REVERSED = "/ReversedChars"
"""Text whose letters are drawn from its end (ISO 32000-1, 14.8.2.3.3)."""

_MIRRORED = str.maketrans("()[]{}<>«»‹›", ")(][}{><»«›‹")
"""Signs that are drawn as each other in such a text."""

Mark = tuple[ObjectId, int]
"""The page or form that a mark counts in, and its number."""


@dataclass(slots=True)
class MarkedText:
    """The content of a mark; ``times`` is how often its number was given.

    ``lines`` are the heights of its first and its last letters above the foot of the page, and
    ``size`` the size of the letters, in units of the page.
    """

    pieces: list[str] = field(default_factory=list)
    paints: bool = False
    times: int = 0
    lines: tuple[float, float] | None = None
    size: float = 0.0
    line_ends: list[tuple[str, str]] = field(default_factory=list)
    """The last letters of each line of it but the last, with the first letters of the next."""

    @property
    def text(self) -> str:
        """The text of the mark."""
        return "".join(self.pieces)


@dataclass(slots=True)
class StreamMarks:
    """The content of a page or a form outside its marks, and how these are nested.

    ``text`` is all that a form shows, ``paints`` whether it shows anything.
    """

    text: str = ""
    paints: bool = False
    unmarked_text: str = ""
    has_unmarked: bool = False
    has_artifact_in_tag: bool = False
    has_tag_in_artifact: bool = False
    has_tags: bool = False
    has_artifacts: bool = False


@dataclass(slots=True)
class MarkedContents:
    """The marked content of all pages of a PDF, which are numbered from 0.

    ``undecoded`` are codes without a character, by the objects of their fonts, and
    ``missing_glyphs`` those without a glyph; ``painted`` is how often each form is painted, and
    ``form_pages`` the first page it is on.
    """

    pages: list[StreamMarks] = field(default_factory=list)
    page_ids: list[ObjectId] = field(default_factory=list)
    marks: dict[Mark, MarkedText] = field(default_factory=dict)
    unreadable: list[int] = field(default_factory=list)
    undecoded: dict[ObjectId, tuple[Any, Counter[int]]] = field(default_factory=dict)
    missing_glyphs: dict[ObjectId, tuple[Any, Counter[int]]] = field(default_factory=dict)
    painted: Counter[ObjectId] = field(default_factory=Counter)
    form_pages: dict[ObjectId, int] = field(default_factory=dict)


def read_marked_contents(pdf: pikepdf.Pdf, *, with_text: bool = True) -> MarkedContents:
    """Read the marked content of all pages.

    Without text it is read ten times as fast, but only in a file that the engine wrote, where
    each operator is a word of its own.
    """
    reader = _DocumentReader(with_text=with_text)
    contents = reader.contents
    for number, page in enumerate(pdf.pages):
        contents.page_ids.append(page.obj.objgen)
        try:
            contents.pages.append(reader.read_page(page, number))
        except MALFORMED_CONTENT:
            contents.pages.append(StreamMarks())
            contents.unreadable.append(number)
    return contents


class _DocumentReader:
    """The reader of all pages, which keeps forms and fonts."""

    def __init__(self, *, with_text: bool) -> None:
        self.contents = MarkedContents()
        self._with_text = with_text
        self._forms: dict[ObjectId, StreamMarks] = {}
        self._fonts: dict[ObjectId, tuple[FontText, FontGlyphs]] = {}
        self._page = 0

    def read_page(self, page: pikepdf.Page, number: int) -> StreamMarks:
        self._page = number
        reader = _StreamReader(self, page.resources, page.obj.objgen, 0)
        if self._with_text:
            return reader.read(page)
        return reader.scan(_written(page.obj.get("/Contents")))

    def form(self, form: Any, resources: Any, depth: int) -> StreamMarks:
        """Return what a form has, which is read the first time."""
        form_id = form.objgen
        self.contents.painted[form_id] += 1
        if form_id not in self._forms:
            # A form that paints itself paints nothing there.
            self._forms[form_id] = StreamMarks()
            self.contents.form_pages[form_id] = self._page
            if depth < _DEEPEST_FORM:
                own = form.get("/Resources", resources)
                reader = _StreamReader(self, own, form_id, depth + 1)
                self._forms[form_id] = (
                    reader.read(form) if self._with_text else reader.scan(_written(form))
                )
        return self._forms[form_id]

    def font(self, font: Any) -> tuple[FontText, FontGlyphs]:
        font_id = font.objgen
        if font_id == NO_OBJECT:
            return FontText(font), FontGlyphs(font)
        if font_id not in self._fonts:
            self._fonts[font_id] = FontText(font), FontGlyphs(font)
        return self._fonts[font_id]


def _written(contents: Any) -> bytes:
    """Return content as it is written."""
    if isinstance(contents, pikepdf.Array):
        return b"\n".join(stream.read_bytes() for stream in contents)
    return b"" if contents is None else bytes(contents.read_bytes())


class _Open(NamedTuple):
    """A sequence of marked content that has begun."""

    is_artifact: bool
    has_number: bool
    is_replaced: bool
    is_reversed: bool


class _State(NamedTuple):
    """The graphics state that ``q`` keeps, as far as it places and decodes text."""

    matrix: pikepdf.Matrix = IDENTITY
    font: Any = None
    font_text: FontText | None = None
    font_glyphs: FontGlyphs | None = None
    size: float = 0.0
    leading: float = 0.0


class _StreamReader:
    """The reader of one page or form."""

    def __init__(
        self, document: _DocumentReader, resources: Any, holder: ObjectId, depth: int
    ) -> None:
        self._document = document
        self._resources = resources
        self._holder = holder
        self._depth = depth
        self._marks = StreamMarks()
        self._open: list[_Open] = []
        self._mcids: list[int] = []
        self._artifacts = self._replaced = self._reversed = 0
        self._letters = 0
        self._all: list[str] = []
        self._unmarked: list[str] = []
        self._state = _State()
        self._saved: list[_State] = []
        self._line = IDENTITY

    def read(self, stream: Any) -> StreamMarks:
        for instruction in pikepdf.parse_content_stream(stream, _OPERATORS):
            if isinstance(instruction, pikepdf.ContentStreamInlineImage):
                self._add("")
                continue
            operator, operands = str(instruction.operator), instruction.operands
            if operator in _SHOWING:
                self._show(operator, operands)
            elif operator in ("BDC", "BMC"):
                self._begin_sequence(operands)
            elif operator == "EMC":
                self._end()
            elif operator == "Do":
                if operands:
                    self._paint(entry(self._resources, "/XObject", operands[-1]))
            elif operator in _PAINTING:
                self._add("")
            else:
                self._change_state(operator, operands)
        self._marks.text = "".join(self._all)
        self._marks.unmarked_text = "".join(self._unmarked)
        return self._marks

    def scan(self, content: bytes) -> StreamMarks:
        """Read content as the engine writes it, without its text."""
        position = 0
        for match in _WRITTEN_OPERATOR.finditer(content):
            operands = content[position : match.start() + 1]
            position = match.end()
            kind = match.lastgroup
            if kind == "painting":
                self._add("")
            elif kind == "end":
                self._end()
            elif kind == "begin":
                number = _WRITTEN_NUMBER.search(operands)
                tag = _ARTIFACT if b"/Artifact" in operands else ""
                self._begin(tag, int(number[1]) if number else None, None)
            else:
                name = operands.rpartition(b"/")[2].strip().decode("latin-1")
                self._paint(entry(self._resources, "/XObject", f"/{name}"))
        return self._marks

    def _change_state(self, operator: str, operands: Any) -> None:
        state = self._state
        match operator:
            case "q":
                self._saved.append(state)
            case "Q":
                self._state = self._saved.pop() if self._saved else state
            case "cm":
                self._state = state._replace(matrix=read_matrix(operands) @ state.matrix)
            case "BT":
                self._line = IDENTITY
            case "Tm":
                self._line = read_matrix(operands)
            case "Td" | "TD":
                self._line = pikepdf.Matrix(1, 0, 0, 1, *map(float, operands)) @ self._line
                if operator == "TD":
                    self._state = state._replace(leading=-float(operands[1]))
            case "T*":
                self._next_line()
            case "TL":
                self._state = state._replace(leading=float(operands[0]))
            case "Tf":
                font = entry(self._resources, "/Font", operands[0])
                is_font = isinstance(font, pikepdf.Dictionary)
                font_text, glyphs = self._document.font(font) if is_font else (None, None)
                self._state = state._replace(
                    font=font, font_text=font_text, font_glyphs=glyphs, size=float(operands[1])
                )

    def _next_line(self) -> None:
        self._line = pikepdf.Matrix(1, 0, 0, 1, 0, -self._state.leading) @ self._line

    def _begin_sequence(self, operands: Any) -> None:
        tag = name_text(operands[0]) if operands else ""
        properties = operands[1] if len(operands) > 1 else None
        if isinstance(properties, pikepdf.Name):
            properties = entry(self._resources, "/Properties", properties)
        mcid = entry(properties, "/MCID")
        replacement = text_of(entry(properties, "/ActualText"))
        self._begin(tag, mcid if isinstance(mcid, int) else None, replacement)

    def _begin(self, tag: str, mcid: int | None, replacement: str | None) -> None:
        is_artifact = tag == _ARTIFACT
        has_number = mcid is not None and not is_artifact
        if is_artifact:
            self._marks.has_artifacts = True
            self._marks.has_artifact_in_tag |= bool(self._mcids)
        if mcid is not None and has_number:
            self._marks.has_tags = True
            self._marks.has_tag_in_artifact |= bool(self._artifacts)
            self._mcids.append(mcid)
            self._mark(mcid).times += 1
        if replacement is not None and not self._replaced:
            self._add(replacement, is_drawn=False)
        is_reversed = tag == _REVERSED
        self._open.append(_Open(is_artifact, has_number, replacement is not None, is_reversed))
        self._reversed += is_reversed
        self._artifacts += is_artifact
        self._replaced += replacement is not None

    def _end(self) -> None:
        if not self._open:
            return
        ended = self._open.pop()
        self._artifacts -= ended.is_artifact
        self._replaced -= ended.is_replaced
        self._reversed -= ended.is_reversed
        if ended.has_number:
            self._mcids.pop()

    def _mark(self, mcid: int) -> MarkedText:
        return self._document.contents.marks.setdefault((self._holder, mcid), MarkedText())

    def _show(self, operator: str, operands: Any) -> None:
        if operator in ("'", '"'):
            self._next_line()
        shown = operands[-1] if operands else None
        parts = shown if isinstance(shown, pikepdf.Array) else [shown]
        codes = b"".join(bytes(part) for part in parts if isinstance(part, pikepdf.String))
        if not codes:
            return
        state = self._state
        if state.font_text is None:
            self._add(UNKNOWN)
            return
        pieces = []
        for code, text in state.font_text.characters(codes):
            if state.font_glyphs is not None and state.font_glyphs.lacks(code):
                missing = self._document.contents.missing_glyphs
                missing.setdefault(state.font.objgen, (state.font, Counter()))[1][code] += 1
            if text is None:
                undecoded = self._document.contents.undecoded
                undecoded.setdefault(state.font.objgen, (state.font, Counter()))[1][code] += 1
            pieces.append(UNKNOWN if text is None else text)
        if self._reversed:
            pieces = [piece.translate(_MIRRORED) for piece in reversed(pieces)]
        self._add("".join(pieces))

    def _add(self, text: str, *, is_drawn: bool = True) -> None:
        """Add text, or something without text that is drawn, to the mark that is open."""
        if self._replaced:
            # What stands for it was added where the sequence began.
            text = ""
        self._marks.paints |= is_drawn
        if self._artifacts:
            return
        if self._letters > _MOST_LETTERS:
            text = ""
        self._letters += len(text)
        self._all.append(text)
        if not self._mcids:
            if is_drawn:
                self._marks.has_unmarked = True
                self._add_sample(text)
            return
        mark = self._mark(self._mcids[-1])
        mark.paints |= is_drawn
        if text:
            self._place(mark, text)
            mark.pieces.append(text)

    def _add_sample(self, text: str) -> None:
        if text and len(self._unmarked) < _MOST_SAMPLES:
            self._unmarked.append(text[:_SAMPLE_LETTERS])

    def _place(self, mark: MarkedText, text: str) -> None:
        """Note where a text is, and the end of a line before it in its mark."""
        matrix = self._line @ self._state.matrix
        height, size = matrix.f, abs(self._state.size * matrix.d)
        if mark.lines is None:
            mark.lines = (height, height)
        elif abs(height - mark.lines[1]) > size / 2:
            mark.line_ends.append((mark.pieces[-1][-_LETTERS_AT_ENDS:], text[:_LETTERS_AT_ENDS]))
            mark.lines = (mark.lines[0], height)
        mark.size = size

    def _paint(self, form: Any) -> None:
        if not isinstance(form, pikepdf.Stream):
            return
        if form.get("/Subtype") != "/Form":
            self._add("")
            return
        inner = self._document.form(form, self._resources, self._depth)
        is_tagged = bool(self._mcids)
        self._marks.has_tags |= inner.has_tags
        self._marks.has_artifacts |= inner.has_artifacts
        self._marks.has_tag_in_artifact |= inner.has_tags and bool(self._artifacts)
        self._marks.has_artifact_in_tag |= inner.has_artifacts and is_tagged
        if not (inner.has_tags or inner.has_artifacts) or is_tagged:
            if inner.paints:
                self._add("" if inner.has_tags else inner.text)
            return
        self._marks.paints |= inner.paints
        if inner.has_unmarked and not self._artifacts:
            self._marks.has_unmarked = True
            self._add_sample(inner.unmarked_text)
