"""The elements and attributes that are allowed in a book's trees."""

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
# All void elements of HTML, for parsing what an author wrote.
HTML_VOID = VOID | _names("area base embed input link meta param source track")
# Elements whose text gets no typography.
VERBATIM = frozenset({"code", "pre", "kbd", "samp", "var"})
OBSOLETE = {
    "acronym": "abbr",
    "big": "span",
    "center": "div",
    "dir": "ul",
    "font": "span",
    "nobr": "span",
    "strike": "s",
    "tt": "code",
}
"""Elements of earlier versions of HTML, with those that they are read as."""
# Elements removed with their content; the content of other unknown elements is kept.
ACTIVE = _names(
    """
    script style iframe object embed form input button select option textarea link meta base
    svg math video audio source track canvas template noscript frame frameset applet param
    area map head title
    """
)
HEADINGS = ("h1", "h2", "h3", "h4", "h5", "h6")

# The attributes of an index term.
INDEX_ATTRIBUTES = frozenset({"entry", "sort", "see", "see-also", "range", "main"})

GIVEN_NUMBER = "data-given-number"
"""The attribute of a listing with the number that its author gave it."""

LAYOUT_ATTRIBUTES = ("layout", "layout-ncol", "layout-nrow", "layout-align", "layout-valign")
"""The attributes of Quarto's blocks that say how what is in them stands side by side."""

GLOBAL_ATTRIBUTES = frozenset({"id", "class", "lang", "dir", "title"})
HEADING_MARK = "data-heading"
"""The attribute of a paragraph that is a heading in a callout, until headings have ids."""

TERM = "data-term"
"""The attribute of words with the term of the glossary that they are a link to."""

UNCLOSED = "data-unclosed"
"""The attribute of an element whose end tag is missing, until its content is checked."""

_ATTRIBUTES = {
    "p": {HEADING_MARK},
    "a": {"href"},
    "div": {"data-widths", "fig-alt", *LAYOUT_ATTRIBUTES},
    "figure": {GIVEN_NUMBER, "fig-alt", *LAYOUT_ATTRIBUTES},
    "table": {"data-widths"},
    "img": {"src", "alt", "width", "height", "style"},
    "td": {"colspan", "rowspan"},
    "th": {"colspan", "rowspan", "scope"},
    "col": {"span"},
    "colgroup": {"span"},
    "ol": {"start", "type", "reversed"},
    "li": {"value"},
    "time": {"datetime"},
    "data": {"value"},
    "details": {"open"},
    "span": INDEX_ATTRIBUTES | {"data-line-number", "data-place", TERM},
}
# Attributes that mean nothing on a page, in HTML and in Quarto, dropped without a finding.
MEANINGLESS_ATTRIBUTES = _names(
    """
    axis background bgcolor border bordercolor cellpadding cellspacing char charoff clear
    compact contenteditable crossorigin custom-style decoding download fetchpriority fig-align
    fig-env fig-pos fig-scap float frame group headers hreflang hspace itemprop itemscope
    itemtype lightbox loading markdown noshade nowrap referrerpolicy rel role rules spellcheck
    summary tabindex target tbl-align tbl-cap-location tbl-pos tbl-scap translate valign
    vspace
    """
)
ALIGNMENTS = _names("left center right justify")
SPAN_ATTRIBUTES = frozenset({"colspan", "rowspan", "span"})

# The elements of a note and of its call before notes are numbered; HTML has no such names.
NOTE, NOTE_CALL = "_note", "_noteref"
NOTE_ID = "data-ref"
CAPTION_BESIDE = "caption-beside"
"""The class of a caption that follows its image in a paragraph, while the tree is built."""
LISTING, FILE_NAME = "listing", "file-name"
"""The classes of a figure of code, and of the name of its file in the caption."""
CAPTION_BEFORE = "caption-before"
"""The class of a caption whose table follows it, while the tree is built."""
PAGE_BREAK, NEW_PAGE = "page-break", "new-page"
"""The classes of what a page ends with, while the tree is built, and of what begins one."""
COLUMN_WIDTHS = "data-widths"
"""The attribute of a table, or of its caption, with the shares of its columns."""

# A citation and a work in it, before they are spans.
CITATION, CITE = "_citation", "_cite"
CITATION_ATTRIBUTES = frozenset({"data-form", "data-raw", "data-key", "data-hides"})

# A formula in TeX, before it is set; and the attributes of it that are not an author's.
FORMULA = "_formula"
FORMULA_ATTRIBUTES = frozenset({"data-display", "data-continues", "data-mark", "id"})

# A diagram around its source, before it is drawn; and its attributes.
DIAGRAM = "_diagram"
DIAGRAM_ATTRIBUTES = frozenset(
    {"data-language", "data-before", "data-caption", "data-alt", "data-width", "data-height", "id"}
)


def is_allowed(tag: str, attribute: str) -> bool:
    """Return whether an element of that name may have the attribute."""
    return attribute in GLOBAL_ATTRIBUTES or attribute in _ATTRIBUTES.get(tag, ())
