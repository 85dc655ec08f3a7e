"""Filling in one layout, and finding the line of a layout that a failure comes from."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from types import CodeType, FrameType, GeneratorType
from typing import Any

import jinja2
from jinja2.environment import Template
from jinja2.parser import Parser

from makeready.errors import FindingsError
from makeready.templates.layout_files import LAYOUTS, LayoutFault, LayoutFiles
from makeready.templates.plain_values import Plain
from makeready.templates.sandbox import SandboxedLayouts

MOST_LETTERS = 20_000_000
"""The length of the longest document that a layout may make."""

MOST_SECONDS = 10
"""The time of the processor that one document may take."""

MOST_MEMORY_BYTES = 1_000_000_000

_JINJA_COMPILER = frozenset({"jinja2.compiler", "jinja2.lexer", "jinja2.parser"})
_SUFFIX = ".html.j2"
_FIX_LINE, _FIX = "Fix this line of the layout.", "Fix the layout."
_DEBUG_INFO = re.compile(r"^debug_info = '([\d=&]*)'\s*\Z", re.MULTILINE)
_TOO_DEEP = "the layout includes itself without end, or its blocks are nested too deeply."


class TooLongError(Exception):
    """A layout makes a document that is longer than any book needs."""


class TooSlowError(Exception):
    """A layout takes too long."""


class _CompilingError(Exception):
    """Python cannot compile what Jinja2 made of a layout."""

    def __init__(self, path: str, line: int | None) -> None:
        super().__init__(_TOO_DEEP)
        self.path, self.line = path, line


TOO_MUCH_MEMORY = f"the layout needs more than {MOST_MEMORY_BYTES // 1_000_000:,} MB of memory."
TOO_SLOW = f"the layout takes longer than {MOST_SECONDS} s."
_PROBLEMS: Mapping[type[BaseException], str] = {
    MemoryError: TOO_MUCH_MEMORY,
    RecursionError: _TOO_DEEP,
    _CompilingError: _TOO_DEEP,
    TooLongError: f"the layout makes more than {MOST_LETTERS:,} characters of text.",
    TooSlowError: TOO_SLOW,
    ZeroDivisionError: "the layout divides by zero.",
}
"""What is wrong with a layout, by what filling it in or compiling it raised."""

_LASTING = (MemoryError, TooLongError, TooSlowError)


@dataclass(frozen=True, slots=True)
class Filled:
    """A document, and the anchors whose page labels it asked for."""

    text: str
    labels_asked: frozenset[str]


class LayoutFiller:
    """Fills in the layouts of one book."""

    def __init__(self, files: LayoutFiles) -> None:
        self._files = files
        self.environment = _Environment(files.loader)

    def fill_in(self, name: str, values: Mapping[str, Plain]) -> Filled | LayoutFault:
        """Return the document that the layout ``name`` makes, or what is wrong with it."""
        self.environment.labels_asked = set()
        try:
            text = "".join(self._pieces(self._template(name), values))
            return Filled(text, frozenset(self.environment.labels_asked))
        except FindingsError as error:
            return LayoutFault(error.problem, error.hint, error.path, error.line)
        except Exception as error:
            return self._fault(error, f"{name}{_SUFFIX}")

    def place_of(
        self, name: str, values: Mapping[str, Plain], position: int
    ) -> tuple[str, int | None]:
        """Return the path and the line of the layout that the letter at ``position`` comes from."""
        template = self._template(name)
        stream = template.root_render_func(template.new_context(dict(values)))
        path, line, letters = self._files.path_of(f"{name}{_SUFFIX}"), None, 0
        for piece in stream:
            place = _place_in(stream)
            if place is not None:
                path, line = place
            if position < letters + len(piece):
                # A piece of constant text begins on its line, and may have more.
                is_constant = place is not None and "\n" in piece
                more = piece.count("\n", 0, position - letters) if is_constant else 0
                return path, line + more if line is not None else None
            letters += len(piece)
        return path, line

    def _template(self, name: str) -> Template:
        return self.environment.get_template(f"{name}{_SUFFIX}")

    def _pieces(self, template: Template, values: Mapping[str, Plain]) -> Iterator[str]:
        letters = 0
        stream = template.root_render_func(template.new_context(dict(values)))
        for piece in stream:
            letters += len(piece)
            if letters > MOST_LETTERS:
                assert isinstance(stream, GeneratorType)
                # Raised where the layout has come to, the error has its line.
                stream.throw(TooLongError())
            yield piece

    def _fault(self, error: BaseException, name: str) -> LayoutFault:
        path, line = self._place(error, name)
        advice = _FIX if line is None else _FIX_LINE
        problem = _PROBLEMS.get(type(error))
        if problem is None:
            kind = "read" if isinstance(error, jinja2.TemplateSyntaxError) else "filled in"
            problem = f"the layout cannot be {kind}: {_message(error).rstrip('.')}."
        return LayoutFault(problem, advice, path, line, is_lasting=isinstance(error, _LASTING))

    def _place(self, error: BaseException, name: str) -> tuple[str, int | None]:
        """Return the path of the layout an error comes from, and the line if it is known.

        That is the innermost line of the book's own layouts, if there is one.
        """
        if isinstance(error, jinja2.TemplateSyntaxError):
            return self._files.path_of(error.name or name), error.lineno
        if isinstance(error, _CompilingError):
            return error.path, error.line
        places = list(_places(error))
        own = [place for place in places if place[0].startswith(f"{LAYOUTS}/")]
        if places:
            return (own or places)[-1]
        return self._files.path_of(name), None


def _message(error: BaseException) -> str:
    """Return what an error says, without the names of Python's classes."""
    if isinstance(error, jinja2.TemplateNotFound):
        # The names may be any values.
        names = " or ".join(f"“{name}”" for name in error.templates)
        return f"there is no layout {names}"
    return str(getattr(error, "message", None) or error) or type(error).__name__


class _Environment(SandboxedLayouts):
    """The environment, with the line of a layout that Python cannot compile."""

    def _compile(self, source: str, filename: str) -> CodeType:
        try:
            return super()._compile(source, filename)
        except (SyntaxError, MemoryError, RecursionError) as error:
            raise _CompilingError(filename, _layout_line(source, error)) from error


def _layout_line(source: str, error: BaseException) -> int | None:
    """Return the line of a layout for an error in the Python code that it was compiled to."""
    code_line, found = getattr(error, "lineno", None), _DEBUG_INFO.search(source)
    if not code_line or found is None:
        return None
    pairs = (pair.partition("=") for pair in found[1].split("&"))
    lines = [int(line) for line, _, code in pairs if int(code) <= code_line]
    return lines[-1] if lines else 1


def _places(error: BaseException) -> Iterator[tuple[str, int]]:
    """Yield the lines of layouts that an error came through, the innermost last."""
    trace = error.__traceback__
    while trace is not None:
        frame = trace.tb_frame
        template = frame.f_globals.get("__jinja_template__")
        if template is not None:
            yield template.filename, template.get_corresponding_lineno(trace.tb_lineno)
        elif frame.f_globals.get("__name__") in _JINJA_COMPILER:
            yield from _place_while_compiling(frame)
        trace = trace.tb_next


def _place_while_compiling(frame: FrameType) -> Iterator[tuple[str, int]]:
    """Yield the line of a layout that a function of Jinja2's compiler was at."""
    names = frame.f_locals
    own, node = names.get("self"), names.get("node")
    filename = getattr(own, "filename", None) or names.get("filename")
    if isinstance(own, Parser):
        line: object = own.stream.current.lineno
    else:
        line = names.get("lineno") or getattr(node, "lineno", None)
    if isinstance(filename, str) and isinstance(line, int):
        yield filename, line


def _place_in(stream: Any) -> tuple[str, int] | None:
    """Return the line of a layout that a stream of its pieces has come to."""
    place = None
    while isinstance(stream, GeneratorType) and stream.gi_frame is not None:
        frame = stream.gi_frame
        template = frame.f_globals.get("__jinja_template__")
        if template is not None:
            place = template.filename, template.get_corresponding_lineno(frame.f_lineno)
        # What includes a layout goes through its pieces one by one.
        stream = stream.gi_yieldfrom or frame.f_locals.get("gen")
    return place
