"""Where layouts and stylesheets are found, and how they are filled in."""

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

_OWN_STYLES = "styles"
_LAYOUTS = f"{_OWN_STYLES}/layouts"
OWN_RULES = re.compile(rf"^/\* (?P<path>{_OWN_STYLES}/css/\S+) \*/\n", re.MULTILINE)
"""The line a book's own rules come after in a stylesheet, with the name of their file."""


@cache
def house_styles() -> Path:
    """Return the folder of the house styles: beside the sources, or in the installed package."""
    package = Path(__file__).resolve().parents[1]
    for candidate in (package / "styles", package.parents[1] / "styles"):
        if (candidate / "layouts").is_dir():
            return candidate
    raise UsageError("The house styles are missing.", "Install makeready again.")


class Layouts:
    """The layouts and stylesheets of one book: the house's, extended by the book's own.

    A book's ``styles/layouts/NAME.html.j2`` takes the place of the house's (and can extend it
    as ``house/NAME.html.j2``); its ``styles/css/NAME.css`` is added after the house's.
    """

    def __init__(self, book_root: Path | None = None) -> None:
        self.house = house_styles()
        self.own = _own_styles(book_root)
        folders = [self.house / "layouts"]
        if self.own is not None:
            folders.insert(0, self.own / "layouts")
        house = jinja2.FileSystemLoader(self.house / "layouts")
        self._environment = SandboxedEnvironment(
            loader=jinja2.ChoiceLoader(
                [jinja2.FileSystemLoader(folders), jinja2.PrefixLoader({"house": house})]
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
        """Tell whether there is a layout of that name."""
        try:
            self._environment.get_template(f"{name}.html.j2")
        except jinja2.TemplateNotFound:
            return False
        return True

    def render(self, name: str, **context: object) -> str:
        """Fill in the layout ``name``; a fault in a layout stops the build, with its line."""
        try:
            return self._environment.get_template(f"{name}.html.j2").render(**context)
        except jinja2.TemplateSyntaxError as error:
            raise FindingsError(
                f"The layout cannot be read: {error.message}",
                "Mend that line of the layout.",
                f"{_LAYOUTS}/{error.name}",
                error.lineno,
            ) from error
        except jinja2.TemplateError as error:
            path, line = _place_in_layout(error, f"{name}.html.j2")
            problem = f"The layout cannot be filled in: {error.message}"
            raise FindingsError(problem, "Mend the layout.", path, line) from error

    def stylesheet(self, name: str) -> str:
        """Return the text of a stylesheet, the book's own rules after the house's."""
        text = (self.house / "css" / name).read_text("utf-8")
        if self.own is not None and (self.own / "css" / name).is_file():
            own = (self.own / "css" / name).read_text("utf-8")
            text += f"\n/* {_OWN_STYLES}/css/{name} */\n{own}"
        return text

    def own_files(self) -> list[Path]:
        """Return every file of the book's own styles, in an order that is always the same."""
        if self.own is None:
            return []
        return sorted(path for path in self.own.rglob("*") if path.is_file())

    def data_file(self, name: str) -> Path:
        """Return the path of a data file of the styles: the book's own, or the house's."""
        if self.own is not None and (self.own / name).is_file():
            return self.own / name
        return self.house / name


def _own_styles(book_root: Path | None) -> Path | None:
    """Return the book's own styles folder, if it has one that stays inside the book."""
    if book_root is None:
        return None
    own = (book_root / _OWN_STYLES).resolve()
    if not own.is_dir():
        return None
    root = book_root.resolve()
    for path in (own, *own.rglob("*")):
        if not path.resolve().is_relative_to(root):
            raise FindingsError(
                "This leads outside the book's folder.",
                "Put a copy of the file into the book's styles folder.",
                f"{_OWN_STYLES}/{path.name}",
            )
    return own


def _place_in_layout(error: jinja2.TemplateError, name: str) -> tuple[str, int | None]:
    """Return the layout, and its line, that was being filled in when an error was met."""
    places = [
        (Path(frame.filename), frame.lineno)
        for frame in traceback.extract_tb(error.__traceback__)
        if frame.filename.endswith(".j2")
    ]
    if not places:
        return f"{_LAYOUTS}/{name}", None
    path, line = places[-1]
    return f"{_LAYOUTS}/{path.name}", line
