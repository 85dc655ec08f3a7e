"""Finding layouts and stylesheets, and rendering layouts."""

from __future__ import annotations

import re
from functools import cached_property
from pathlib import Path

from makeready.book.model import PageMap
from makeready.book.styles_folder import STYLES, built_in_styles
from makeready.book.themes import theme_of
from makeready.book.writing import is_right_to_left, script_of
from makeready.errors import FindingsError
from makeready.templates.document_faults import document_fault, page_fault
from makeready.templates.filling_in import LayoutFiller
from makeready.templates.layout_files import LayoutFault
from makeready.templates.layout_process import LayoutProcess
from makeready.templates.layout_reader import read_layouts
from makeready.templates.letter_counts import LetterCounts, read_letter_counts
from makeready.templates.mirrored_css import mirrored
from makeready.templates.own_stylesheet import read_own_stylesheet
from makeready.templates.plain_conversion import plain
from makeready.templates.plain_values import Plain
from makeready.templates.stylesheet_urls import with_book_paths

_SCRIPT_FOLDERS = {
    **dict.fromkeys(("Arab", "Syrc", "Nkoo", "Thaa", "Adlm", "Rohg", "Mand"), "arabic"),
    **dict.fromkeys(("Hebr", "Samr"), "hebrew"),
    **dict.fromkeys(("Cyrl", "Grek"), "cyrillic-greek"),
    **dict.fromkeys(("Hans", "Hant", "Jpan", "Kore"), "east-asian"),
}
"""The folders of the rules of scripts, which have stylesheets of the same names."""

_HTML = frozenset({"kit-form", "kit-report"})
"""Layouts that make HTML for a browser, which need not be XML."""

BOOK_RULES = re.compile(
    rf"^/\* (?P<path>{STYLES}/(?:themes/[a-z0-9-]+/)?css/\S+) \*/\n", re.MULTILINE
)
"""The line before rules of the book in a stylesheet, with the name of their file."""


class Layouts:
    """The layouts and stylesheets of one book: built-in ones, its theme's, and the book's own.

    A ``layouts/NAME.html.j2`` of a theme replaces the built-in layout, and can extend it as
    ``house/NAME.html.j2``; one of the book, in ``styles/``, replaces both, and can extend that of
    the theme as ``theme/NAME.html.j2``. A ``css/NAME.css`` is added after the stylesheets before
    it. Layouts of a book are filled in by a process of their own, with limits.
    """

    def __init__(self, book_root: Path | None = None) -> None:
        self.built_in = built_in_styles()
        self.book_root = book_root
        self.book_styles = _book_styles(book_root)
        self.theme = theme_of(book_root)
        own = self.book_styles / "layouts" if self.book_styles is not None else None
        files = read_layouts(self.built_in / "layouts", self.theme, own)
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
        """Return the text of a stylesheet: built-in rules, the theme's, and the book's own.

        For a ``language`` of a script with rules of its own these are before the book's, and for
        one that is written from right to left the sheet is mirrored.
        """
        text = (self.built_in / "css" / name).read_text("utf-8")
        script = _SCRIPT_FOLDERS.get(script_of(language), "") if language else ""
        added = [self.built_in / "css" / script / name] if script else []
        if not self.theme.is_own:
            added.insert(0, self.theme.folder / "css" / name)
        for path in filter(Path.is_file, added):
            text += f"\n{path.read_text('utf-8')}"
        if own := self.book_rules(name):
            text += f"\n{own}"
        return mirrored(text) if language and is_right_to_left(language) else text

    def book_rules(self, name: str) -> str:
        """Return the book's own rules in a stylesheet, empty if it has none.

        Before those of each file is a line with its name. The files that they name are paths in
        the book's folder.
        """
        if self.book_styles is None:
            return ""
        folders = [(self.book_styles, STYLES)]
        if self.theme.is_own:
            folders.insert(0, (self.theme.folder, self.theme.shown_path))
        texts = []
        for folder, shown in folders:
            path, shown_path = folder / "css" / name, f"{shown}/css/{name}"
            if path.exists():
                own = read_own_stylesheet(path, shown_path)
                rules = with_book_paths(own, path, self.book_styles.parent)
                texts.append(f"/* {shown_path} */\n{rules}")
        return "\n".join(texts)

    def book_files(self) -> list[Path]:
        """Return every file of the book's own styles, sorted."""
        if self.book_styles is None:
            return []
        return sorted(path for path in self.book_styles.rglob("*") if path.is_file())

    @cached_property
    def letters(self) -> LetterCounts:
        """The letters that fit on a line of titles and running heads."""
        return read_letter_counts(self.data_files("measures.toml"))

    def data_files(self, name: str) -> tuple[Path, ...]:
        """Return the paths of a data file: the built-in one, the theme's, and the book's own."""
        folders = [self.theme.folder]
        if self.book_styles is not None:
            folders.append(self.book_styles)
        found = (folder / name for folder in folders if (folder / name).exists())
        return (self.built_in / name, *found)


def _book_styles(book_root: Path | None) -> Path | None:
    """Return the book's own styles folder, if it has one; FindingsError if it leads outside."""
    if book_root is None:
        return None
    book_styles = (book_root / STYLES).resolve()
    if not book_styles.is_dir():
        return None
    root = book_root.resolve()
    for path in (book_styles, *book_styles.rglob("*")):
        if not _leads_into(root, path):
            raise FindingsError(
                "this is outside the book's folder.",
                "Copy the file into the book's styles folder.",
                (Path(STYLES) / path.relative_to(book_styles)).as_posix(),
            )
    return book_styles


def _leads_into(root: Path, path: Path) -> bool:
    try:
        return path.resolve().is_relative_to(root)
    except RuntimeError:
        # A circle of links leads nowhere.
        return False
