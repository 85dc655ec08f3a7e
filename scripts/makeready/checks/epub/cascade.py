"""The colours and sizes that a document's elements get from its stylesheets.

Only rules that apply on every screen count, and only what a program can know: a colour in a
variable, a picture as background, or text that is placed over something is unknown.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

import cssselect2
import tinycss2
import tinycss2.color3
from lxml import etree

from makeready.checks.epub.publication import inner_path, source_line
from makeready.checks.epub.stylesheets import parsed_declarations

XHTML = "{http://www.w3.org/1999/xhtml}"
_FONT = frozenset({"font", "font-size", "font-weight"})
_BACKGROUND = ("background", "background-color", "background-image")
_PROPERTIES = _FONT.union(_BACKGROUND, {"color", "display", "visibility", "opacity", "position"})
_EVERY_SCREEN = frozenset({"", "all", "screen", "only screen"})
_DEEPEST_IMPORT = 5
_HIDDEN_ELEMENTS = frozenset(
    {"head", "script", "style", "template", "title"}
    | {"audio", "canvas", "iframe", "noscript", "object", "video"}
)
"""Elements whose text is not shown, or only where the element itself is not supported."""
_OTHER_NAMESPACES = ("{http://www.w3.org/2000/svg}", "{http://www.w3.org/1998/Math/MathML}")
_MEDIUM_PX = 16.0
_SIZES = {
    "xx-small": 9.0,
    "x-small": 10.0,
    "small": 13.0,
    "medium": _MEDIUM_PX,
    "large": 18.0,
    "x-large": 24.0,
    "xx-large": 32.0,
}
_RELATIVE_SIZES = {"smaller": 1 / 1.2, "larger": 1.2}
_PX_OF_UNIT = {"px": 1.0, "pt": 4 / 3, "pc": 16.0, "in": 96.0, "cm": 96 / 2.54, "mm": 96 / 25.4}
_FACTORS = {"h1": 2.0, "h2": 1.5, "h3": 1.17, "h5": 0.83, "h6": 0.67, "small": 0.83, "big": 1.17}
_BOLD_ELEMENTS = frozenset({"h1", "h2", "h3", "h4", "h5", "h6", "b", "strong", "th"})
_BOLD_FROM = 600
_ALL_ELSE = (1_000_000, 0, 0)
"""The specificity of a style attribute, above that of any selector."""

Rgb = tuple[float, float, float]
WHITE, BLACK = (1.0, 1.0, 1.0), (0.0, 0.0, 0.0)


@dataclass(frozen=True, slots=True)
class Declaration:
    """A declaration of one property, and the file, the line and the selector of its rule."""

    name: str
    value: tuple[Any, ...]
    is_important: bool
    path: str
    line: int
    selector: str


@dataclass(frozen=True, slots=True)
class Style:
    """What an element gets: colours from 0 to 1, None if unknown, and its text size in pixels.

    ``colour_set`` and ``background_set`` are the declarations that the colours come from.
    """

    colour: Rgb | None = BLACK
    background: Rgb | None = WHITE
    size_px: float = _MEDIUM_PX
    is_bold: bool = False
    is_shown: bool = True
    colour_set: Declaration | None = None
    background_set: Declaration | None = None


Rule = tuple[Any, list[Declaration]]
"""A compiled selector, and what it declares of the properties that are read."""


class StyleReader:
    """A reader of the stylesheets of an EPUB, which reads a file once.

    ``read`` returns the content of a file of the EPUB, None if there is none.
    """

    def __init__(self, read: Callable[[str], bytes | None]) -> None:
        self._read = read
        self._files: dict[str, list[Rule]] = {}

    def rules_of(self, path: str, tree: etree._Element) -> list[Rule]:
        """Return the rules of the stylesheets that a document links and has, in their order."""
        rules: list[Rule] = []
        for element in tree.iter(f"{XHTML}link", f"{XHTML}style"):
            relations = set((element.get("rel") or "").lower().split())
            if not _is_for_every_screen(element.get("media") or ""):
                continue
            if element.tag == f"{XHTML}style":
                parsed = tinycss2.parse_stylesheet(element.text or "", True, True)
                rules += self._rules(path, parsed, source_line(element) or 1, 0, {})
            elif "stylesheet" in relations and "alternate" not in relations:
                rules += self._rules_of_file(inner_path(path, element.get("href") or ""))
        return rules

    def _rules_of_file(self, path: str, depth: int = 0) -> list[Rule]:
        if path not in self._files:
            # Set before it is read: a stylesheet may import itself.
            self._files[path] = []
            parsed, _ = tinycss2.parse_stylesheet_bytes(
                self._read(path) or b"", skip_comments=True, skip_whitespace=True
            )
            self._files[path] = list(self._rules(path, parsed, 1, depth, {}))
        return self._files[path]

    def _rules(
        self, path: str, parsed: Sequence[Any], first: int, depth: int, prefixes: dict[str, str]
    ) -> Iterator[Rule]:
        for rule in parsed:
            if rule.type == "qualified-rule":
                yield from _compiled(path, rule, first, prefixes)
            elif rule.type != "at-rule":
                continue
            elif rule.lower_at_keyword == "namespace":
                _add_prefix(rule, prefixes)
            elif rule.lower_at_keyword == "import" and depth < _DEEPEST_IMPORT:
                reference, media = _import(rule)
                if reference and _is_for_every_screen(media):
                    yield from self._rules_of_file(inner_path(path, reference), depth + 1)
            elif _is_block_for_every_screen(rule):
                inner = tinycss2.parse_rule_list(rule.content, True, True)
                yield from self._rules(path, inner, first, depth, prefixes)


def _is_block_for_every_screen(rule: Any) -> bool:
    is_media = rule.lower_at_keyword == "media" and rule.content
    return bool(is_media) and _is_for_every_screen(tinycss2.serialize(rule.prelude))


def _compiled(path: str, rule: Any, first: int, prefixes: dict[str, str]) -> Iterator[Rule]:
    selector = " ".join(tinycss2.serialize(rule.prelude).split())
    declared = _declared(rule.content, path, first, selector)
    if not declared:
        return
    try:
        compiled = cssselect2.compile_selector_list(rule.prelude, prefixes)
    except cssselect2.SelectorError:
        # Reading systems ignore such a rule.
        return
    for one in compiled:
        yield one, declared


def styled_elements(
    path: str, tree: etree._Element, rules: Sequence[Rule]
) -> Iterator[tuple[etree._Element, Style]]:
    """Yield the shown elements of a document, each with its style, parents first."""
    matcher = cssselect2.Matcher()
    for selector, declared in rules:
        matcher.add_selector(selector, declared)
    pending = [(cssselect2.ElementWrapper.from_xml_root(tree), Style())]
    while pending:
        wrapper, inherited = pending.pop()
        element = wrapper.etree_element
        tag = str(element.tag)
        if tag.startswith(_OTHER_NAMESPACES) or tag.removeprefix(XHTML) in _HIDDEN_ELEMENTS:
            continue
        style = _style(element, inherited, _winners(path, wrapper, matcher))
        if style is not None:
            yield element, style
            children = (child for child in wrapper.iter_children() if _is_element(child))
            pending += reversed([(child, style) for child in children])


def _is_element(wrapper: Any) -> bool:
    """Return whether a node is an element, and no comment or processing instruction."""
    return isinstance(wrapper.etree_element.tag, str)


def _winners(path: str, wrapper: Any, matcher: cssselect2.Matcher) -> dict[str, Declaration]:
    """Return the declaration of each property that wins the cascade for an element."""
    candidates: list[tuple[tuple[Any, ...], Declaration]] = []
    for specificity, order, pseudo, declared in matcher.match(wrapper):
        if pseudo is None:
            candidates += [((one.is_important, specificity, order), one) for one in declared]
    element = wrapper.etree_element
    if own := element.get("style"):
        name = f"{str(element.tag).removeprefix(XHTML)} style"
        line = source_line(element) or 1
        inline = [replace(one, line=line) for one in _declared(own, path, line, name)]
        candidates += [((one.is_important, _ALL_ELSE, 0), one) for one in inline]
    # Of two in one rule the later wins, as the sort keeps their order.
    candidates.sort(key=lambda candidate: candidate[0])
    return {one.name: one for _, one in candidates}


def _style(
    element: etree._Element, inherited: Style, declared: dict[str, Declaration]
) -> Style | None:
    """Return the style of an element, None if neither it nor what it holds is shown."""
    if _keyword(declared.get("display")) == "none" or _is_hidden(element, declared):
        return None
    name = str(element.tag).removeprefix(XHTML)
    style = inherited
    if _keyword(declared.get("position")) in {"absolute", "fixed"}:
        # What it is placed over is unknown.
        style = replace(style, background=None)
    style = _with_background(style, declared)
    if name == "a" and element.get("href") is not None:
        # A reading system gives links a colour of its own, unless a rule for them does.
        style = replace(style, colour=None, colour_set=None)
    if (colour := declared.get("color")) is not None:
        style = _with_colour(style, inherited, colour)
    if (visibility := _keyword(declared.get("visibility"))) is not None:
        style = replace(style, is_shown=visibility == "visible")
    if "opacity" in declared:
        style = replace(style, colour=None)
    return replace(
        style,
        size_px=_size_px(declared, inherited.size_px, _FACTORS.get(name, 1.0)),
        is_bold=_is_bold(declared, inherited.is_bold or name in _BOLD_ELEMENTS),
    )


def _is_hidden(element: etree._Element, declared: dict[str, Declaration]) -> bool:
    return element.get("hidden") is not None and "display" not in declared


def _with_background(style: Style, declared: dict[str, Declaration]) -> Style:
    for name in _BACKGROUND:
        declaration = declared.get(name)
        if declaration is None or _keyword(declaration) in {"inherit", "initial", "unset", "none"}:
            continue
        if any(map(_is_unknown, declaration.value)):
            style = replace(style, background=None, background_set=declaration)
            continue
        colour = _colour(declaration, style.background)
        if colour is not None:
            style = replace(style, background=colour, background_set=declaration)
    return style


def _with_colour(style: Style, inherited: Style, declaration: Declaration) -> Style:
    keyword = _keyword(declaration)
    if keyword in {"inherit", "unset", "currentcolor"}:
        return replace(style, colour=inherited.colour, colour_set=inherited.colour_set)
    if keyword in {"initial", "transparent"}:
        return replace(style, colour=None, colour_set=None)
    return replace(style, colour=_colour(declaration, style.background), colour_set=declaration)


def _colour(declaration: Declaration, behind: Rgb | None) -> Rgb | None:
    """Return the colour that a declaration names, blended with the one behind it."""
    for token in declaration.value:
        colour = tinycss2.color3.parse_color(token)
        if isinstance(colour, tinycss2.color3.RGBA) and colour.alpha > 0:
            if colour.alpha < 1 and behind is None:
                return None
            under = behind or WHITE
            red, green, blue = (
                part * colour.alpha + below * (1 - colour.alpha)
                for part, below in zip(colour[:3], under, strict=True)
            )
            return red, green, blue
    return None


def _is_unknown(token: Any) -> bool:
    """Return whether a background is a picture, a gradient or a variable."""
    if token.type == "url":
        return True
    return bool(token.type == "function" and not token.lower_name.startswith(("rgb", "hsl")))


def _size_px(declared: dict[str, Declaration], inherited: float, factor: float) -> float:
    declaration = declared.get("font-size") or declared.get("font")
    for token in declaration.value if declaration is not None else ():
        if token.type == "percentage":
            return inherited * float(token.value) / 100
        if token.type == "dimension":
            unit = token.lower_unit
            base = {"em": inherited, "rem": _MEDIUM_PX, "ex": inherited / 2}.get(unit)
            scale = _PX_OF_UNIT.get(unit, inherited) if base is None else base
            return float(token.value) * scale
        if token.type == "ident" and token.lower_value in _SIZES:
            return _SIZES[token.lower_value]
        if token.type == "ident" and token.lower_value in _RELATIVE_SIZES:
            return inherited * _RELATIVE_SIZES[token.lower_value]
    return inherited * factor


def _is_bold(declared: dict[str, Declaration], inherited: bool) -> bool:
    declaration = declared.get("font-weight") or declared.get("font")
    for token in declaration.value if declaration is not None else ():
        if token.type == "ident" and token.lower_value in {"bold", "bolder"}:
            return True
        if token.type == "ident" and token.lower_value in {"normal", "lighter"}:
            return False
        if token.type == "number" and declaration is not None and "weight" in declaration.name:
            return bool(token.value >= _BOLD_FROM)
    return inherited


def _keyword(declaration: Declaration | None) -> str | None:
    """Return the value of a declaration, if it is one word."""
    words = [] if declaration is None else [t for t in declaration.value if t.type != "whitespace"]
    is_word = len(words) == 1 and words[0].type == "ident"
    return str(words[0].lower_value) if is_word else None


def _declared(content: Any, path: str, first_line: int, selector: str) -> list[Declaration]:
    return [
        Declaration(
            one.lower_name,
            tuple(one.value),
            one.important,
            path,
            one.source_line + first_line - 1,
            selector,
        )
        for one in parsed_declarations(content)
        if one.lower_name in _PROPERTIES
    ]


def _is_for_every_screen(media: str) -> bool:
    queries = (" ".join(query.lower().split()) for query in media.split(","))
    return any(query in _EVERY_SCREEN for query in queries)


def _import(rule: Any) -> tuple[str, str]:
    """Return the address and the media of an import."""
    tokens = [token for token in rule.prelude if token.type != "whitespace"]
    first = tokens[0] if tokens else None
    if first is not None and first.type in {"string", "url"}:
        return str(first.value), tinycss2.serialize(rule.prelude[rule.prelude.index(first) + 1 :])
    return "", ""


def _add_prefix(rule: Any, prefixes: dict[str, str]) -> None:
    words = [token for token in rule.prelude if token.type in {"ident", "string", "url"}]
    if len(words) > 1 and words[0].type == "ident":
        prefixes[words[0].value] = words[1].value
