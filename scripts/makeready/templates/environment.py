"""Finding layouts and stylesheets, and rendering layouts."""

from __future__ import annotations

import re
import traceback
from functools import cache
from pathlib import Path

import jinja2
from jinja2.sandbox import SandboxedEnvironment
from stdnum import isbn

from makeready.errors import FindingsError, UsageError
from makeready.templates.balance import balance, running_head

_STYLES = "styles"
_LAYOUTS = f"{_STYLES}/layouts"
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
    """

    def __init__(self, book_root: Path | None = None) -> None:
        self.built_in = built_in_styles()
        self.book_styles = _book_styles(book_root)
        folders = [self.built_in / "layouts"]
        if self.book_styles is not None:
            folders.insert(0, self.book_styles / "layouts")
        built_in = jinja2.FileSystemLoader(self.built_in / "layouts")
        self._environment = SandboxedEnvironment(
            loader=jinja2.ChoiceLoader(
                [jinja2.FileSystemLoader(folders), jinja2.PrefixLoader({"house": built_in})]
            ),
            autoescape=True,
            undefined=jinja2.StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )
        self._environment.filters["balance"] = balance
        self._environment.filters["running_head"] = running_head
        self._environment.filters["isbn"] = isbn.format

    def has(self, name: str) -> bool:
        """Return whether there is a layout of that name."""
        try:
            self._environment.get_template(f"{name}.html.j2")
        except jinja2.TemplateNotFound:
            return False
        return True

    def render(self, name: str, **context: object) -> str:
        """Render the layout ``name``; FindingsError, with its line, if the layout has an error."""
        try:
            return self._environment.get_template(f"{name}.html.j2").render(**context)
        except jinja2.TemplateSyntaxError as error:
            raise FindingsError(
                f"the layout cannot be read: {error.message}",
                "Fix this line of the layout.",
                f"{_LAYOUTS}/{error.name}",
                error.lineno,
            ) from error
        except jinja2.TemplateError as error:
            path, line = _error_location(error, f"{name}.html.j2")
            problem = f"the layout cannot be filled in: {error.message}"
            raise FindingsError(problem, "Fix the layout.", path, line) from error

    def stylesheet(self, name: str) -> str:
        """Return the text of a stylesheet, with the book's own rules after the built-in ones."""
        text = (self.built_in / "css" / name).read_text("utf-8")
        if self.book_styles is not None and (self.book_styles / "css" / name).is_file():
            book_rules = (self.book_styles / "css" / name).read_text("utf-8")
            text += f"\n/* {_STYLES}/css/{name} */\n{book_rules}"
        return text

    def book_files(self) -> list[Path]:
        """Return every file of the book's own styles, sorted."""
        if self.book_styles is None:
            return []
        return sorted(path for path in self.book_styles.rglob("*") if path.is_file())

    def data_file(self, name: str) -> Path:
        """Return the path of a data file of the styles: the book's own, or the built-in one."""
        if self.book_styles is not None and (self.book_styles / name).is_file():
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
        if not path.resolve().is_relative_to(root):
            raise FindingsError(
                "this is outside the book's folder.",
                "Copy the file into the book's styles folder.",
                f"{_STYLES}/{path.name}",
            )
    return book_styles


def _error_location(error: jinja2.TemplateError, name: str) -> tuple[str, int | None]:
    """Return the path of the layout an error was raised in, and the line if it is known."""
    locations = [
        (Path(frame.filename), frame.lineno)
        for frame in traceback.extract_tb(error.__traceback__)
        if frame.filename.endswith(".j2")
    ]
    if not locations:
        return f"{_LAYOUTS}/{name}", None
    path, line = locations[-1]
    return f"{_LAYOUTS}/{path.name}", line
