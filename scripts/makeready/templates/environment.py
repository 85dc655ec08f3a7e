"""Finding layouts and stylesheets, and rendering layouts."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

from makeready.book.model import PageMap
from makeready.book.writing import is_right_to_left, script_of
from makeready.errors import FindingsError, UsageError
from makeready.templates.document_faults import document_fault, page_fault
from makeready.templates.filling_in import LayoutFiller
from makeready.templates.layout_files import LayoutFault
from makeready.templates.layout_process import LayoutProcess
from makeready.templates.layout_reader import read_layouts
from makeready.templates.mirrored_css import mirrored
from makeready.templates.own_stylesheet import read_own_stylesheet
from makeready.templates.plain_conversion import plain
from makeready.templates.plain_values import Plain
from makeready.templates.stylesheet_urls import with_book_paths

_STYLES = "styles"
_SCRIPT_FOLDERS = {
    **dict.fromkeys(("Arab", "Syrc", "Nkoo", "Thaa", "Adlm", "Rohg", "Mand"), "arabic"),
    **dict.fromkeys(("Hebr", "Samr"), "hebrew"),
    **dict.fromkeys(("Hans", "Hant", "Jpan", "Kore"), "east-asian"),
}
"""The folders of the rules of scripts, which have stylesheets of the same names."""

_HTML = frozenset({"kit-form", "kit-report"})
"""Layouts that make HTML for a browser, which need not be XML."""

BOOK_RULES = re.compile(rf"^/\* (?P<path>{_STYLES}/css/\S+) \*/\n", re.MULTILINE)
"""The line before the rules of the book in a stylesheet, with the name of their file."""


@cache
def built_in_styles() -> Path:
    """Return the folder of the built-in styles: beside the sources, or in the package."""
    package = Path(__file__).resolve().parents[1]
    for candidate in (package / "styles", package.parents[1] / "styles"):
        if (candidate / "layouts").is_dir():
            return candidate
    raise UsageError("The built-in styles are missing.", "Install makeready again.")


class Layouts:
    """The layouts and stylesheets of one book: the built-in ones, extended by the book's own.

    A book's ``styles/layouts/NAME.html.j2`` replaces the built-in layout, and can extend it as
    ``house/NAME.html.j2``; its ``styles/css/NAME.css`` is added after the built-in stylesheet.
    Layouts of a book are filled in by a process of their own, with limits.
    """

    def __init__(self, book_root: Path | None = None) -> None:
        self.built_in = built_in_styles()
        self.book_root = book_root
        self.book_styles = _book_styles(book_root)
        own = self.book_styles / "layouts" if self.book_styles is not None else None
        files = read_layouts(self.built_in / "layouts", own)
        self._filler: LayoutFiller | LayoutProcess
        self._filler = LayoutProcess(files) if files.own else LayoutFiller(files)
        self._converted: dict[str, tuple[object, Plain]] = {}
        self._faults: dict[str, LayoutFault] = {}

    def render(self, name: str, **context: object) -> str:
        """Render the layout ``name``; FindingsError, with its line, if the layout has an error.

        The values of ``context`` are converted by `plain`; the page map looks up the labels that
        the layout shows.
        """
        values = {key: self._plain(key, value) for key, value in context.items()}
        if name in self._faults:
            # What takes too long is not tried once more for the next section.
            raise self._faults[name].error()
        filled = self._filler.fill_in(name, values)
        if isinstance(filled, LayoutFault):
            if filled.is_lasting:
                self._faults[name] = filled
            raise filled.error()
        page_map = context.get("pages")
        if isinstance(page_map, PageMap):
            for anchor in sorted(filled.labels_asked):
                page_map.label(anchor)
        if isinstance(self._filler, LayoutProcess):
            self._require_faultless(name, filled.text)
        return filled.text

    def _plain(self, key: str, value: object) -> Plain:
        """Return a value as layouts get it, the same one as long as it is the same object."""
        before = self._converted.get(key)
        source = value.labels if isinstance(value, PageMap) else value
        if before is None or before[0] is not source:
            before = self._converted[key] = source, plain(value)
        return before[1]

    def _require_faultless(self, name: str, text: str) -> None:
        """Raise FindingsError, with the line of the layout, for a document with a fault."""
        fault = page_fault(text) if name in _HTML else document_fault(text)
        if fault is not None:
            assert isinstance(self._filler, LayoutProcess)
            path, line = self._filler.place_of(name, fault.position)
            raise FindingsError(fault.problem, fault.hint, path, line)

    def stylesheet(self, name: str, language: str = "") -> str:
        """Return the text of a stylesheet, with the book's own rules after the built-in ones.

        For a ``language`` of a script with rules of its own these are between them, and for one
        that is written from right to left the sheet is mirrored.
        """
        text = (self.built_in / "css" / name).read_text("utf-8")
        folder = _SCRIPT_FOLDERS.get(script_of(language), "") if language else ""
        script_rules = self.built_in / "css" / folder / name
        if folder and script_rules.is_file():
            text += "\n" + script_rules.read_text("utf-8")
        if own := self.book_rules(name):
            text += f"\n/* {_STYLES}/css/{name} */\n{own}"
        return mirrored(text) if language and is_right_to_left(language) else text

    def book_rules(self, name: str) -> str:
        """Return the book's own rules in a stylesheet, empty if it has none.

        The files that they name are paths in the book's folder.
        """
        if self.book_styles is None or not (self.book_styles / "css" / name).exists():
            return ""
        path = self.book_styles / "css" / name
        shown_path = f"{_STYLES}/css/{name}"
        own = read_own_stylesheet(path, shown_path)
        return with_book_paths(own, path, self.book_styles.parent)

    def book_files(self) -> list[Path]:
        """Return every file of the book's own styles, sorted."""
        if self.book_styles is None:
            return []
        return sorted(path for path in self.book_styles.rglob("*") if path.is_file())

    def data_files(self, name: str) -> tuple[Path, ...]:
        """Return the paths of a data file of the styles: the built-in one, and the book's own."""
        return tuple(dict.fromkeys((self.built_in / name, self.data_file(name))))

    def data_file(self, name: str) -> Path:
        """Return the path of a data file of the styles: the book's own, or the built-in one."""
        if self.book_styles is not None and (self.book_styles / name).exists():
            return self.book_styles / name
        return self.built_in / name


def _book_styles(book_root: Path | None) -> Path | None:
    """Return the book's own styles folder, if it has one; FindingsError if it leads outside."""
    if book_root is None:
        return None
    book_styles = (book_root / _STYLES).resolve()
    if not book_styles.is_dir():
        return None
    root = book_root.resolve()
    for path in (book_styles, *book_styles.rglob("*")):
        if not _leads_into(root, path):
            raise FindingsError(
                "this is outside the book's folder.",
                "Copy the file into the book's styles folder.",
                (Path(_STYLES) / path.relative_to(book_styles)).as_posix(),
            )
    return book_styles


def _leads_into(root: Path, path: Path) -> bool:
    try:
        return path.resolve().is_relative_to(root)
    except RuntimeError:
        # A circle of links leads nowhere.
        return False
