"""Directives of MyST that show images: ``{figure}``, ``{image}`` and ``{figure-md}``.

The first paragraph of a figure is its caption, those after it are its legend. A figure that names
no file holds its images as Markdown, the caption below them.
"""

from __future__ import annotations

import re

from markdown_it.rules_block import StateBlock
from markdown_it.token import Token

from makeready.manuscript.allowed_html import ALIGNMENTS
from makeready.manuscript.callouts import read_content
from makeready.manuscript.directives import Directive
from makeready.manuscript.parse_run import line_start

FIGURES = frozenset({"figure", "figure-md", "image", "subfigure"})
IMAGE = "image_block"
"""The type of the token of an image that is no part of a paragraph."""

_PARAGRAPH = ["paragraph_open", "inline", "paragraph_close"]
_SCALE = re.compile(r"(\d{1,3})[ ]?%?")
_MARKUP = re.compile(r"\{[\w:-]+\}(?=`)|[`*$]|!?\[|\](?:\([^()\n]*\))?")
_ONLY_IMAGES = re.compile(r"(?:\s*!\[[^\[\]\n]*\]\([^()\n]*\)(?:\{[^{}\n]*\})?)+\s*")
_FROM_ROOT = re.compile(r"/(?![/\\])")
"""The start of a path from the folder of the book, as Sphinx writes it."""
_IMAGE_FILE = re.compile(r"\S+\.(?:png|jpe?g|gif|svg|webp)", re.IGNORECASE)


def image_in_options(directive: Directive) -> str:
    """Return the path of an image that an option of any directive names; or nothing."""
    paths = (value for value in directive.options.values() if _IMAGE_FILE.fullmatch(value))
    return next((path for path in paths if "://" not in path), "")


def read_figure(state: StateBlock, directive: Directive, source: str = "") -> None:
    """Push the tokens of an image or figure; ``source`` is the path of its image."""
    attributes = _attributes(directive)
    source = source or ("" if directive.name == "figure-md" else directive.argument)
    if _FROM_ROOT.match(source):
        source = source[1:]
    if directive.name == "figure-md" and directive.argument:
        attributes.setdefault("id", directive.argument)
    if directive.name == "image" or (source and directive.is_empty):
        _open(state, directive, "p", attributes)
        _push_image(state, directive, source, directive.options.get("alt", ""))
        state.push("figure_close", "p", -1)
        return
    _open(state, directive, "figure", attributes)
    if source:
        index = len(state.tokens)
        _push_caption(state, directive)
        words = _words(state.tokens[index:])
        caption = state.tokens[index:]
        del state.tokens[index:]
        _push_image(state, directive, source, directive.options.get("alt") or words)
        state.tokens += caption
    else:
        _read_images(state, directive)
    state.push("figure_close", "figure", -1)


def _attributes(directive: Directive) -> dict[str, str | int | float]:
    attributes: dict[str, str | int | float] = dict(directive.attributes())
    names = [str(attributes.pop("class", "")), directive.options.get("figclass", "")]
    alignment = directive.options.get("align", "").lower()
    if alignment in ALIGNMENTS - {"center"}:
        names.append(f"align-{alignment}")
    if joined := " ".join(" ".join(names).split()):
        attributes["class"] = joined
    return attributes


def _open(
    state: StateBlock, directive: Directive, tag: str, attributes: dict[str, str | int | float]
) -> None:
    token = state.push("figure_open", tag, 1)
    token.map = [directive.start, directive.stop]
    token.meta["at"] = line_start(state, directive.start)
    token.attrs = attributes


def _push_image(state: StateBlock, directive: Directive, source: str, alt: str) -> None:
    options = directive.options
    token = state.push(IMAGE, "img", 0)
    token.map = [directive.start, directive.start + 1]
    token.meta["at"] = directive.at
    width = options.get("width") or options.get("figwidth", "")
    scale = _SCALE.fullmatch(options.get("scale", ""))
    if not width and scale:
        width = f"{scale[1]}%"
    given = {"src": source, "alt": alt, "width": width, "height": options.get("height", "")}
    token.attrs = {key: value for key, value in given.items() if value or key in {"src", "alt"}}


def _push_caption(state: StateBlock, directive: Directive) -> None:
    """Push the caption: of one paragraph its text, of more all of them."""
    token = state.push("figcaption_open", "figcaption", 1)
    token.map = [directive.first, directive.stop]
    token.meta["at"] = line_start(state, directive.first)
    index = len(state.tokens)
    read_content(state, directive.first, directive.stop)
    content = state.tokens[index:]
    if [one.type for one in content] == _PARAGRAPH:
        state.tokens[index:] = [content[1]]
    state.push("figcaption_close", "figcaption", -1)


def _words(tokens: list[Token]) -> str:
    """Return the words of the first paragraph, which describe an image that has none."""
    first = next((token.content for token in tokens if token.type == "inline"), "")
    return " ".join(_MARKUP.sub("", first).split())


def _read_images(state: StateBlock, directive: Directive) -> None:
    """Read a figure's images, and make the last paragraph, if it is none, the caption."""
    index = len(state.tokens)
    read_content(state, directive.first, directive.stop)
    content = state.tokens[index:]
    level = content[0].level if content else 0
    last = [token.type for token in content[-3:]]
    is_text = last == _PARAGRAPH and content[-1].level == level
    if (
        is_text
        and len(content) > len(_PARAGRAPH)
        and not _ONLY_IMAGES.fullmatch(content[-2].content)
    ):
        opening, _, closing = content[-3:]
        opening.type, closing.type = "figcaption_open", "figcaption_close"
        opening.tag = closing.tag = "figcaption"
