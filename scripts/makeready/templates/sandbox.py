"""The Jinja2 environment of layouts, which may be a stranger's: what they can reach and call.

Jinja2's sandbox forbids a list of attributes; this one allows a list of them, by type, and
forbids all others.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from types import BuiltinMethodType, MethodType
from typing import Any

import jinja2
from jinja2.environment import TemplateModule
from jinja2.exceptions import SecurityError
from jinja2.filters import FILTERS
from jinja2.runtime import (
    BlockReference,
    Context,
    LoopContext,
    Macro,
    TemplateReference,
    Undefined,
)
from jinja2.sandbox import ImmutableSandboxedEnvironment
from jinja2.utils import Cycler, Joiner, Namespace
from markupsafe import Markup
from stdnum import isbn

from makeready.templates.balance import balance, running_head
from makeready.templates.plain_values import (
    Choice,
    Lookup,
    PageLabels,
    ReadOnlyMapping,
    View,
    field_of,
    view_name,
)

_LONGEST_RANGE = 100_000
_LONGEST_REPEATED = 1_000_000
"""Letters or items that a multiplication may make."""

_MOST_BITS = 4_096
"""The size of the largest number that a calculation may make."""


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


_TEXT_METHODS = _words(
    "capitalize casefold count endswith find index isalnum isalpha isdecimal isdigit islower "
    "isnumeric isspace istitle isupper join lower lstrip partition removeprefix removesuffix "
    "replace rfind rindex rpartition rsplit rstrip split splitlines startswith strip swapcase "
    "title upper"
)
_MAPPING_METHODS = frozenset({"get", "items", "keys", "values"})
_SEQUENCE_METHODS = frozenset({"count", "index"})
_METHODS: Mapping[type, frozenset[str]] = {
    str: _TEXT_METHODS,
    Choice: _TEXT_METHODS,
    Markup: _TEXT_METHODS | {"striptags", "unescape"},
    tuple: _SEQUENCE_METHODS,
    list: _SEQUENCE_METHODS,
    dict: _MAPPING_METHODS,
    ReadOnlyMapping: _MAPPING_METHODS,
    LoopContext: frozenset({"changed", "cycle"}),
    Cycler: frozenset({"next", "reset"}),
}
"""The methods that a layout may call, by type."""

_VALUES: Mapping[type, frozenset[str]] = {
    LoopContext: _words(
        "depth depth0 first index index0 last length nextitem previtem revindex revindex0"
    ),
    Cycler: frozenset({"current"}),
    BlockReference: frozenset({"super"}),
}
"""The attributes, besides methods, that a layout may read of Jinja2's own objects, by type."""

_WITH_ITEMS = (str, tuple, list, dict, range, ReadOnlyMapping, Lookup, TemplateReference)
_CALLABLE = (Macro, LoopContext, BlockReference, Joiner, Lookup)
_SHOWN = (str, int, float, type(None), View, ReadOnlyMapping, Lookup)
"""The types that ``{{ … }}`` shows, with lists of them. The text of other objects may differ from
run to run."""

_FILTERS = _words(
    "abs batch capitalize center count d default dictsort e escape filesizeformat first float "
    "forceescape groupby indent int items join last length list lower map max min reject "
    "rejectattr replace reverse round safe select selectattr slice sort string striptags sum "
    "title tojson trim truncate unique upper urlencode urlize wordcount wordwrap xmlattr"
)
"""Jinja2's filters but ``attr``, ``pprint``, which shows objects, and ``random``."""

_DESCRIPTIONS: tuple[tuple[tuple[type, ...], str], ...] = (
    ((str,), "a text"),
    ((tuple, list, range), "a list"),
    ((Mapping, Lookup), "a table"),
    ((int, float), "a number"),
    ((type(None),), "an empty value"),
)
_WIDE_FIELD = re.compile(r"%(?:\([^)]*\))?[-#0 +]*(?:\*|\d{4,}|\d*\.(?:\*|\d{4,}))")


class LayoutLimitError(Exception):
    """A calculation of a layout whose result would be too large."""


class SandboxedLayouts(ImmutableSandboxedEnvironment):
    """The environment of layouts: plain values, a few methods of them, and fixed functions.

    ``labels_asked`` has the anchors whose page labels were looked up.
    """

    intercepted_binops = frozenset({"*", "**", "%"})

    def __init__(self, loader: jinja2.BaseLoader) -> None:
        super().__init__(
            loader=loader,
            autoescape=True,
            undefined=jinja2.StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
            finalize=_shown,
            # Constants are calculated when a layout is filled in, where the limits hold.
            optimized=False,
        )
        self.labels_asked: set[str] = set()
        self.filters = {name: FILTERS[name] for name in sorted(_FILTERS)}
        self.filters |= {
            "balance": balance,
            "format": _formatted,
            "isbn": isbn.format,
            "running_head": running_head,
        }
        self.globals = {
            "range": limited_range,
            "dict": dict,
            "namespace": Namespace,
            "cycler": Cycler,
            "joiner": Joiner,
        }
        self.policies["json.dumps_function"] = _json_text

    def getattr(self, obj: Any, attribute: str) -> Any:
        """Return an attribute of a value, or an item of that name, if a layout may have it."""
        is_undefined = isinstance(obj, Undefined) and not attribute.startswith("_")
        if is_undefined or self._is_allowed(obj, attribute):
            # An undefined value raises here what is wrong with the layout.
            return getattr(obj, attribute, self._missing(obj, attribute))
        if isinstance(obj, View):
            return self._field(obj, attribute)
        if isinstance(obj, Choice) and attribute == "value":
            return str(obj)
        if isinstance(obj, PageLabels) and attribute == "label":
            return obj
        if attribute.startswith("_"):
            return self.unsafe_undefined(obj, attribute)
        return self._item(obj, attribute)

    def _is_allowed(self, obj: Any, attribute: str) -> bool:
        """Return whether a layout may have a Python attribute of an object."""
        kind = type(obj)
        if attribute in _METHODS.get(kind, ()) or attribute in _VALUES.get(kind, ()):
            return True
        if kind in {Namespace, TemplateModule}:
            # They have the names that a layout gave them.
            return not attribute.startswith("_")
        return isinstance(obj, tuple) and attribute in getattr(kind, "_fields", ())

    def getitem(self, obj: Any, argument: Any) -> Any:
        """Return an item of a value, or else an attribute of that name, as `getattr` does."""
        if isinstance(obj, _WITH_ITEMS):
            found = self._item(obj, argument)
            if not isinstance(found, Undefined) or not isinstance(argument, str):
                return found
        if isinstance(argument, str):
            return self.getattr(obj, str(argument))
        return self._missing(obj, argument)

    def _field(self, view: View, name: str) -> Any:
        try:
            return field_of(view, name)
        except KeyError:
            return self._missing(view, name)

    def _item(self, obj: Any, key: Any) -> Any:
        if not isinstance(obj, _WITH_ITEMS):
            return self._missing(obj, key)
        if isinstance(obj, PageLabels):
            self.labels_asked.add(str(key))
        try:
            return obj[key]
        except (TypeError, LookupError):
            return self._missing(obj, key)

    def _missing(self, obj: Any, name: Any) -> Undefined:
        return self.undefined(f"{_described(obj)} has no “{name}”", obj=obj, name=name)

    def unsafe_undefined(self, obj: Any, attribute: str) -> Undefined:
        """Return what raises SecurityError when the layout uses it."""
        hint = f"layouts cannot use “{attribute}” of {_described(obj)}"
        return self.undefined(hint, obj=obj, name=attribute, exc=SecurityError)

    def is_safe_callable(self, obj: Any) -> bool:
        """Return whether a layout may call an object."""
        if isinstance(obj, _CALLABLE):
            return True
        if isinstance(obj, (BuiltinMethodType, MethodType)):
            return obj.__name__ in _METHODS.get(type(obj.__self__), ())
        return any(obj is known for known in self.globals.values())

    def call(__self, __context: Context, __obj: Any, *args: Any, **kwargs: Any) -> Any:  # noqa: N805 - as in Jinja2
        """Call an object for a layout, if it may."""
        if isinstance(__obj, Undefined):
            return __obj(*args, **kwargs)
        if not __self.is_safe_callable(__obj):
            raise SecurityError(f"layouts cannot call {_described(__obj)}")
        if isinstance(__obj, PageLabels) and args:
            __self.labels_asked.add(str(args[0]))
        return __context.call(__obj, *args, **kwargs)

    def call_binop(self, context: Context, operator: str, left: Any, right: Any) -> Any:
        """Calculate, unless the result would be too large."""
        if operator == "%" and isinstance(left, str):
            return _with_fields(left, right)
        size = _size_of_power(left, right) if operator == "**" else _size_of_product(left, right)
        if operator != "%" and size > _MOST_BITS:
            raise LayoutLimitError("the result of a calculation is too large")
        return super().call_binop(context, operator, left, right)


def limited_range(*bounds: int) -> range:
    """Return a range, of so many numbers at most as a layout may count."""
    numbers = range(*bounds)
    try:
        count = len(numbers)
    except OverflowError:
        count = _LONGEST_RANGE + 1
    if count > _LONGEST_RANGE:
        raise LayoutLimitError(f"range() counts no further than {_LONGEST_RANGE:,}")
    return numbers


def _size_of_product(left: Any, right: Any) -> int:
    """Return the size of a product in bits; of a repeated text, more bits than a number has."""
    if isinstance(left, int) and isinstance(right, int):
        return left.bit_length() + right.bit_length()
    for sequence, count in ((left, right), (right, left)):
        if isinstance(count, int) and hasattr(sequence, "__len__"):
            return _MOST_BITS + 1 if len(sequence) * count > _LONGEST_REPEATED else 0
    return 0


def _size_of_power(base: Any, exponent: Any) -> int:
    is_whole = isinstance(base, int) and isinstance(exponent, int) and exponent > 0
    return base.bit_length() * exponent if is_whole else 0


def _formatted(value: str, *args: Any, **kwargs: Any) -> str:
    """Return ``value`` with its ``%`` fields filled in, as Jinja2's filter ``format`` does."""
    if args and kwargs:
        raise TypeError("format takes either names or values, not both")
    return _with_fields(value, kwargs or args)


def _with_fields(text: str, values: Any) -> str:
    if _WIDE_FIELD.search(text):
        raise LayoutLimitError("a field of a format is too wide")
    filled: str = text % values
    return filled


def _shown(value: Any) -> Any:
    """Return what ``{{ … }}`` shows of a value; TypeError for one that is no text or number."""
    if isinstance(value, (Undefined, TemplateModule)) or _is_shown(value):
        return value
    raise TypeError(f"{_described(value)} cannot be shown; add a filter such as join or length")


def _is_shown(value: Any) -> bool:
    if isinstance(value, (tuple, list)):
        return all(map(_is_shown, value))
    if isinstance(value, dict):
        return all(map(_is_shown, value.values()))
    return isinstance(value, _SHOWN)


def _described(value: Any) -> str:
    """Return in words what a value is."""
    if isinstance(value, View):
        return view_name(value)
    for kind, words in _DESCRIPTIONS:
        if isinstance(value, kind):
            return words
    return f"an object ({type(value).__name__})"


def _json_text(value: object, **options: Any) -> str:
    return json.dumps(value, default=_json_value, **options)


def _json_value(value: object) -> object:
    if isinstance(value, ReadOnlyMapping):
        return dict(value)
    raise TypeError(f"{_described(value)} cannot be written as JSON")
