"""The elements and attributes a book's tree may have."""

from __future__ import annotations


def _names(text: str) -> frozenset[str]:
    return frozenset(text.split())


BLOCKS = _names(
    """
    address article aside blockquote caption col colgroup dd details div dl dt figcaption
    figure footer h1 h2 h3 h4 h5 h6 header hr li main nav ol p pre section summary table tbody
    td tfoot th thead tr ul
    """
)
INLINES = _names(
    """
    a abbr b bdi bdo br cite code data del dfn em i img ins kbd mark q rp rt ruby s samp small
    span strong sub sup time u var wbr
    """
)
VOID = frozenset({"br", "col", "hr", "img", "wbr"})
# Those that HTML never closes, for reading what an author wrote.
NEVER_CLOSED = VOID | _names("area base embed input link meta param source track")
# Elements whose content is neither typeset prose nor touched.
VERBATIM = frozenset({"code", "pre", "kbd", "samp", "var"})
# Elements taken out with what they hold; any other unknown one leaves its content behind.
ACTIVE = _names(
    """
    script style iframe object embed form input button select option textarea link meta base
    svg math video audio source track canvas template noscript frame frameset applet param
    area map head title
    """
)
HEADINGS = ("h1", "h2", "h3", "h4", "h5", "h6")

# What a term says of its entry in the index.
INDEX = frozenset({"entry", "sort", "see", "see-also", "range", "main"})

_EVERYWHERE = frozenset({"id", "class", "lang", "dir", "title"})
_OF = {
    "a": {"href"},
    "img": {"src", "alt"},
    "td": {"colspan", "rowspan"},
    "th": {"colspan", "rowspan", "scope"},
    "col": {"span"},
    "colgroup": {"span"},
    "ol": {"start", "type", "reversed"},
    "li": {"value"},
    "time": {"datetime"},
    "data": {"value"},
    "span": INDEX,
}
SPANS = frozenset({"colspan", "rowspan", "span"})
NUMBERS = frozenset({"start", "value"})

# A call of a note as the conversion leaves it: no HTML can spell this name.
CALL = "_noteref"
REF = "data-ref"


def may_have(tag: str, attribute: str) -> bool:
    """Say whether an element of that name may keep the attribute."""
    return attribute in _EVERYWHERE or attribute in _OF.get(tag, ())
