"""The website and the repository of a foreign book, where what is not in the new book can be."""

from __future__ import annotations

import posixpath
import re
from dataclasses import dataclass
from urllib.parse import quote

_WEB = re.compile(r"https?://[^\s<>\"]{1,500}", re.IGNORECASE)
_HOSTED = re.compile(r"https?://(?:www\.)?(github|gitlab)\.com/[\w.-]+/[\w.-]+", re.IGNORECASE)
_EDIT = re.compile(r"(https?://[^\s<>\"{}]{1,500}?)/edit/([^\s<>\"{}]{1,300}?)/?\{path\}")
_PAGES = (".md", ".markdown", ".qmd", ".rmd", ".ipynb")
_INDEXES = frozenset({"index", "readme"})


@dataclass(frozen=True, slots=True)
class Published:
    """Where the files of a book's folder are on the web; empty addresses are unknown.

    ``site`` and ``files`` end in a slash. The pages of the site are made of the files in
    ``folder``, and their addresses end in ``page_ending``. ``files`` shows files as they are.
    """

    site: str = ""
    folder: str = ""
    page_ending: str = ".html"
    files: str = ""

    def address_of(self, name: str) -> str:
        """Return the address of a file of the folder; empty if it is not known."""
        inside = posixpath.relpath(name, self.folder or ".")
        if self.site and not inside.startswith(".."):
            stem, suffix = posixpath.splitext(inside)
            if suffix.lower() not in _PAGES:
                return self.site + quote(inside)
            if posixpath.basename(stem).lower() in _INDEXES:
                folder = posixpath.dirname(stem)
                return self.site + (f"{quote(folder)}/" if folder else "")
            return self.site + quote(stem) + self.page_ending
        return self.files + quote(name) if self.files else ""


def site_address(written: str) -> str:
    """Return the address of a website with a slash at its end; empty if it is none."""
    return f"{written.rstrip('/')}/" if _WEB.fullmatch(written) else ""


def files_address(repository: str, branch: str = "", folder: str = "") -> str:
    """Return where a repository shows its files; empty if that is not known.

    ``folder`` is that of the book in it.
    """
    plain = repository.removesuffix("/").removesuffix(".git").removeprefix("git+")
    if re.fullmatch(r"[\w.-]+/[\w.-]+", plain):
        plain = f"https://github.com/{plain}"
    found = _HOSTED.match(plain)
    if found is None:
        return ""
    blob = "/-/blob/" if found[1].lower() == "gitlab" else "/blob/"
    inside = "" if folder in {"", "."} else f"{folder.strip('/')}/"
    return f"{found[0]}{blob}{branch or 'HEAD'}/{inside}"


def files_of_template(template: str) -> str:
    """Return where files are shown by an address to edit them at, which has ``{path}``."""
    found = _EDIT.fullmatch(template)
    return f"{found[1]}/blob/{found[2]}/" if found else ""
