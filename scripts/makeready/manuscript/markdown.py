r"""The Markdown parser: CommonMark and GitHub's extensions, with the forms of a book.

markdown-it-py reads the blocks and the inline markup; Python-Markdown is the frame, in which its
extensions and tree processors go on with the tree.

The syntax beyond Markdown:

* ``[^id]`` is a note call, ``[^id]: …`` the note (``notes.py``), ``^[words]`` both;
* ``[](#id)`` is a cross-reference by number (``{.title}`` by title, ``{.page}`` by page),
  ``[words](#id)`` one with its own words (``references.py``);
* an image alone in its paragraph with a caption is a figure: the caption is the image's
  title, ``![what it shows](images/a.jpg "Caption"){#fig-a}``, or, if it contains markup, a
  block ``/// caption`` directly after it (``figures.py``);
* captions of tables in the spellings of other tools (``table_captions.py``);
* cross-references of Quarto, bookdown, MyST and Sphinx (``cross_references.py``);
* citations of Pandoc and MyST, ``[@key, p. 4]`` (``citation_markup.py``);
* ``[words]{.smallcaps}``, ``[mots]{lang=fr}``;
* ``[term]{.index}``, an entry of the index (``index_terms.py``), and the spellings of LaTeX, MyST
  and Markua (``foreign_index_terms.py``);
* blocks ``/// epigraph``, ``/// verse``, ``/// div`` (``blocks.py``), and ``::: {.class}``
  (``fenced_divs.py``);
* callouts in the spellings of other tools (``callouts.py``);
* theorems, exercises and the like (``statements.py``), and MyST's directives
  (``block_directives.py``);
* ``{>> an editor's query <<}`` and suggested changes (``query_marks.py``);
* ``$…$``, ``$$…$$``, ``\(…\)``, ``\[…\]``, formulas in TeX (``mathematics.py``);
* definition lists, tables, abbreviations, ``^superscript^``, ``~subscript~``, ``{#id .class}``.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import cache
from xml.etree import ElementTree

from markdown import Markdown
from markdown.blockparser import BlockParser
from markdown.extensions import Extension
from markdown_it import MarkdownIt
from markdown_it.common.utils import normalizeReference
from markdown_it.ruler import RuleOptionsType
from markdown_it.token import Token
from mdit_py_plugins.gfm_autolink import gfm_autolink_plugin
from mdit_py_plugins.subscript import sub_plugin
from mdit_py_plugins.superscript import superscript_plugin

from makeready.book.model import CodeStyle, Dialogue, Element
from makeready.book.queries import Query
from makeready.findings import Findings, SourceLocation
from makeready.manuscript import (
    block_rules,
    callouts,
    citation_markup,
    cross_references,
    inline_rules,
)
from makeready.manuscript.attribute_lines import (
    attribute_line,
    attributed_reference,
    set_attribute_lines,
)
from makeready.manuscript.attribute_lists import AttributeLists
from makeready.manuscript.block_directives import directive_fence
from makeready.manuscript.blocks import book_block
from makeready.manuscript.code_fences import attributes_before_fences
from makeready.manuscript.definition_lists import definition_list
from makeready.manuscript.fenced_divs import fenced_div
from makeready.manuscript.foreign_index_terms import index_command, index_fence, index_role
from makeready.manuscript.foreign_markup import report_foreign_markup
from makeready.manuscript.grid_tables import grid_table
from makeready.manuscript.includes import IncludedFiles
from makeready.manuscript.keys import keys
from makeready.manuscript.landscape_marks import landscape
from makeready.manuscript.latex_references import (
    latex_label,
    latex_reference,
    space_before_reference,
)
from makeready.manuscript.lettered_lists import lettered_list
from makeready.manuscript.listing_captions import caption_listings, listing_component
from makeready.manuscript.markdown_in_html import markdown_after_tag
from makeready.manuscript.mathematics import (
    definitions,
    displayed_formula,
    formula,
    with_formulas,
)
from makeready.manuscript.new_pages import new_page
from makeready.manuscript.notes import note_definition
from makeready.manuscript.parse_run import Addresses, BlockRule, ParseRun, with_positions
from makeready.manuscript.query_marks import suggestion
from makeready.manuscript.source import MAX_DEPTH, Lines
from makeready.manuscript.statements import join_gates
from makeready.manuscript.table_captions import table_caption, with_widths
from makeready.manuscript.text_references import put_in_text_references
from makeready.manuscript.text_tables import text_table
from makeready.manuscript.token_tree import TokenTree
from makeready.manuscript.tree import to_lxml

_MAX_NESTING = MAX_DEPTH + 4
"""What is deeper is not read; it is reported as what is beyond ``MAX_DEPTH`` in the tree."""
_TITLE = re.compile(r"<h1[\s>]", re.IGNORECASE)
_NO_TEXT = re.compile(r"!?\[|<(?:a|img|span)\b", re.IGNORECASE)
_BEFORE_TITLE = frozenset({"html_block", "paragraph_open", "inline", "paragraph_close"}) | {
    "definition",
    "book_block_open",
    "book_block_close",
    "page_break_open",
    "page_break_close",
}


@cache
def _reader() -> MarkdownIt:
    """Return markdown-it with the rules of a book."""
    md = MarkdownIt(
        "commonmark",
        {"maxNesting": _MAX_NESTING, "tasklists": True, "inline_definitions": True},
    )
    md.inline = inline_rules.PositionedInline()
    md.inline.ruler.disable("linkify")
    md.enable(["table", "strikethrough"])
    # Which addresses a book may link to is decided, and reported, later.
    md.validateLink = lambda url: True  # type: ignore[method-assign]  # noqa: ARG005
    # An address that is printed stays as it was typed: decoded, %20 would be a space in it.
    md.normalizeLinkText = lambda link: link  # type: ignore[method-assign]
    _set_block_rules(md)
    _set_inline_rules(md)
    return md


def _set_block_rules(md: MarkdownIt) -> None:
    ruler = md.block.ruler
    anywhere: RuleOptionsType = {"alt": ["paragraph", "reference", "blockquote", "list"]}
    ruler.before("fence", "index_fence", index_fence, anywhere)
    ruler.before("fence", "book_block", book_block, anywhere)
    ruler.before("fence", "list_of_works", citation_markup.list_of_works, anywhere)
    ruler.before("fence", "listing_component", listing_component, anywhere)
    ruler.before("fence", "fenced_div", fenced_div, anywhere)
    ruler.before("fence", "block_break", block_rules.block_break, anywhere)
    ruler.before("fence", "directive_fence", directive_fence, anywhere)
    ruler.before("fence", "callout_fence", callouts.callout_fence, anywhere)
    ruler.before("fence", "attribute_line", attribute_line, anywhere)
    ruler.before("fence", "new_page", new_page, anywhere)
    ruler.before("fence", "landscape", landscape, anywhere)
    ruler.before("fence", "tagged_callout", callouts.tagged_callout, anywhere)
    ruler.before("fence", "indented_callout", callouts.indented_callout, anywhere)
    ruler.before("table", "grid_table", grid_table, {"alt": ["paragraph", "reference"]})
    ruler.before("table", "text_table", text_table)
    ruler.before("table", "alert_mark", callouts.alert_mark)
    ruler.before("list", "leanpub_box", callouts.leanpub_box)
    ruler.before("fence", "formula", displayed_formula, anywhere)
    ruler.before("fence", "definitions", definitions, anywhere)
    ruler.before("html_block", "markdown_after_tag", markdown_after_tag, anywhere)
    ruler.before("reference", "attributed_reference", attributed_reference, anywhere)
    ruler.before("reference", "note", note_definition, anywhere)
    ruler.before("reference", "abbreviation", block_rules.abbreviation, anywhere)
    ruler.before("reference", "block_label", cross_references.block_label, anywhere)
    ruler.before("paragraph", "table_caption", table_caption, {"alt": ["blockquote"]})
    ruler.before(
        "paragraph",
        "definition_list",
        definition_list,
        {"alt": ["paragraph", "reference", "blockquote"]},
    )
    ruler.before("list", "lettered_list", lettered_list, anywhere)
    ruler.before("list", "speech", block_rules.speech, {"alt": ["paragraph", "list"]})
    ruler.before("list", "ordinal", block_rules.ordinal, {"alt": ["list"]})
    ruler.at("paragraph", block_rules.paragraph)
    ruler.at("fence", block_rules.fence, anywhere)
    changes: dict[str, Callable[[BlockRule], BlockRule]] = {
        "blockquote": callouts.with_alerts,
        "fence": lambda rule: with_formulas(block_rules.with_closed_fences(rule)),
        "list": block_rules.with_item_findings,
        "table": lambda rule: with_widths(block_rules.with_all_cells(rule)),
    }
    for rule in ruler.__rules__:
        changed = changes[rule.name](rule.fn) if rule.name in changes else rule.fn
        rule.fn = with_positions(changed, rule.name)


def _set_inline_rules(md: MarkdownIt) -> None:
    md.use(gfm_autolink_plugin).use(sub_plugin).use(superscript_plugin)
    ruler = md.inline.ruler
    ruler.before("escape", "latex_reference", latex_reference)
    ruler.before("escape", "space_before_reference", space_before_reference)
    ruler.before("escape", "latex_label", latex_label)
    ruler.before("escape", "formula", formula)
    ruler.before("strikethrough", "underscores_in_word", inline_rules.underscores_in_word)
    ruler.before("strikethrough", "many_tildes", inline_rules.many_tildes)
    ruler.before("escape", "bookdown_reference", cross_references.bookdown_reference)
    ruler.before("escape", "index_command", index_command)
    ruler.before("link", "index_role", index_role)
    ruler.before("link", "mark", inline_rules.mark)
    ruler.before("link", "insertion", inline_rules.insertion)
    ruler.before("link", "keys", keys)
    ruler.before("link", "quarto_reference", cross_references.quarto_reference)
    ruler.before("link", "references_in_brackets", cross_references.references_in_brackets)
    cited = citation_markup.when_cited
    ruler.before("link", "citation_role", cited(citation_markup.citation_role))
    ruler.before("link", "role", cross_references.role)
    ruler.before("link", "note_call", inline_rules.note_call)
    ruler.before("link", "inline_note", inline_rules.inline_note)
    ruler.before("link", "span", inline_rules.span)
    ruler.before("link", "bracketed_citation", cited(citation_markup.bracketed_citation))
    ruler.before("link", "citation_in_text", cited(citation_markup.citation_in_text))
    ruler.before("link", "query", inline_rules.query)
    ruler.before("link", "suggestion", suggestion)
    ruler.before("link", "attribute_list", inline_rules.attribute_list)
    ruler.after("image", "image_with_spaces", inline_rules.image_with_spaces)
    ruler.after("html_inline", "unclosed_comment", inline_rules.unclosed_comment)
    for rule in ruler.__rules__:
        if rule.name in {"link", "image"}:
            rule.fn = inline_rules.whole_links(rule.fn)
        elif rule.name.startswith("gfm_autolink"):
            rule.fn = inline_rules.within_address(rule.fn)
        elif rule.name == "sub":
            rule.fn = inline_rules.single_tildes(rule.fn)
    md.core.ruler.after("block", "caption_listings", caption_listings)
    md.core.ruler.after("block", "attributes_before_fences", attributes_before_fences)
    md.core.ruler.after("block", "attribute_lines", set_attribute_lines)
    md.core.ruler.after("block", "text_references", put_in_text_references)
    md.core.ruler.after("block", "statement_gates", join_gates)
    md.core.ruler.at("inline", inline_rules.read_inline)
    md.core.ruler.after("inline", "foreign_markup", report_foreign_markup)
    # Text is joined when the tree is built: it knows its positions until then.
    md.inline.ruler2.disable("fragments_join")
    md.core.ruler.disable("text_join")


class _CommonMarkParser(BlockParser):
    """Parses a whole text at once, its inline markup too.

    ``origins`` has the line in the file of each line of the text.
    """

    def __init__(self, md: Markdown, abbreviations: dict[str, str]) -> None:
        super().__init__(md)
        self._abbreviations = abbreviations
        self.language = "en"
        self.code = CodeStyle()
        self.includes: IncludedFiles | None = None
        self.labels: Mapping[str, str] = {}
        self.reads_citations: bool | None = False
        self.dialogue = Dialogue.AUTO
        self.origins: Sequence[int] = ()
        self.addresses = Addresses()
        self.definitions: list[tuple[str, int]] = []
        self.queries: list[Query] = []
        self.run = self._new_run("")

    def _new_run(self, source: str) -> ParseRun:
        return ParseRun(
            source,
            self.origins or range(1, source.count("\n") + 2),
            self.language,
            self._abbreviations,
            self.code,
            self.includes,
            self.labels,
            self.reads_citations,
            self.dialogue,
        )

    def parseDocument(self, lines: Iterable[str]) -> ElementTree.ElementTree:  # noqa: N802
        """Return the tree of the lines."""
        source = "\n".join(lines)
        self.run = self._new_run(source)
        self.addresses = Addresses()
        env = {"run": self.run, "references": self.addresses}
        tokens = _reader().parse(source, env)
        self.definitions = [
            (str(token.meta["label"]), self.run.line(int(token.meta["at"])))
            for token in tokens
            if token.type == "definition"
        ]
        tree = TokenTree(self.md.doc_tag, self.run)
        root = tree.build(tokens)
        self.queries = tree.queries
        return ElementTree.ElementTree(root)

    def block_tokens(self, lines: Sequence[str]) -> list[Token]:
        """Return the tokens of the blocks of a text, whose inline markup is not read."""
        source = "\n".join(lines)
        env = {"run": self._new_run(source), "references": Addresses()}
        tokens: list[Token] = []
        _reader().block.parse(source, _reader(), env, tokens)
        return tokens


class CommonMark(Extension):
    """Puts the CommonMark parser in the place of Python-Markdown's own."""

    def extendMarkdown(self, md: Markdown) -> None:  # noqa: N802
        """Register the parser; the steps that it does itself are taken out."""
        parser = _CommonMarkParser(md, md.treeprocessors["abbr"].abbrs)  # type: ignore[attr-defined]
        parser.blockprocessors = md.parser.blockprocessors
        md.parser = parser
        for name in ("normalize_whitespace", "html_block"):
            md.preprocessors.deregister(name)
        for name in ("inline", "prettify"):
            md.treeprocessors.deregister(name)


def new_markdown() -> Markdown:
    """Return Python-Markdown with the parser and the extensions of a book."""
    return Markdown(extensions=["abbr", AttributeLists(), CommonMark()])


@cache
def _markdown() -> Markdown:
    """Return the shared parser: creating one takes longer than parsing a short chapter."""
    return new_markdown()


class MarkdownParser:
    """Parses the text of one section.

    All instances share one parser, so an instance must not be used after the next is created.
    """

    def __init__(
        self,
        path: str,
        language: str,
        findings: Findings,
        code: CodeStyle | None = None,
        includes: IncludedFiles | None = None,
        labels: Mapping[str, str] | None = None,
        *,
        reads_citations: bool | None = False,
        dialogue: Dialogue = Dialogue.AUTO,
    ) -> None:
        self._md = _markdown().reset()
        assert isinstance(self._md.parser, _CommonMarkParser)
        self._parser = self._md.parser
        self._parser.language = language
        self._parser.code = code or CodeStyle()
        self._parser.includes = includes
        self._parser.labels = labels or {}
        self._parser.reads_citations = reads_citations
        self._parser.dialogue = dialogue
        self._path = path
        self._findings = findings

    def parse(self, lines: Lines) -> Element:
        """Return the tree of the lines: a ``div`` of blocks, each element with its line.

        The notes are in it where they are defined.
        """
        self._parser.origins = lines.origin
        root = self._parser.parseDocument(lines.text).getroot()
        assert root is not None
        for treeprocessor in self._md.treeprocessors:
            changed = treeprocessor.run(root)
            root = root if changed is None else changed
        for problem in self._parser.run.problems:
            location = SourceLocation(self._path, problem.line)
            self._findings.add(problem.rule, location, **problem.values)
        return to_lxml(root, self._path, self._findings)

    def title_end(self, lines: Lines) -> int:
        """Return the index after the title that the text begins with, 0 if it has none.

        Before it may be images, anchors and comments.
        """
        self._parser.origins = lines.origin
        for token in self._parser.block_tokens(lines.text):
            is_html = token.type == "html_block"
            is_heading = token.type == "heading_open" and token.tag == "h1"
            if token.map and (is_heading or (is_html and _TITLE.search(token.content))):
                return token.map[1]
            is_text = token.type == "inline" and not _NO_TEXT.match(token.content)
            is_block = token.level == 0 and token.type not in _BEFORE_TITLE
            if is_text or is_block:
                return 0
        return 0

    @property
    def queries(self) -> list[Query]:
        """The editor's queries in the text."""
        return self._parser.queries

    @property
    def has_lost_headings(self) -> bool:
        """Whether headings are text of an element that is never closed, and have no ids."""
        return self._parser.run.has_lost_headings

    def unused_addresses(self) -> list[tuple[str, int]]:
        """Return the names of the addresses of links that no link uses, each with its line."""
        used = self._parser.addresses.used
        return [
            (name, line)
            for name, line in self._parser.definitions
            if normalizeReference(name) not in used
        ]
