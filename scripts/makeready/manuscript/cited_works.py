"""The works that a book cites: its citations in the words of a style, and its lists of works."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from makeready.book.config import BookConfig
from makeready.book.model import CitationConfig
from makeready.book.source_files import FileRefusedError, read_book_file
from makeready.citations.csl_elements import StyleError
from makeready.citations.sources import Sources, read_sources
from makeready.citations.style import (
    LARGEST_STYLE,
    Style,
    is_note_style,
    nearest_style,
    parent_of,
    style_content,
)
from makeready.findings import Findings, SourceLocation
from makeready.manuscript.cache import SectionCache
from makeready.manuscript.citation_markup import (
    IN_TEXT,
    NAMES_ONLY,
)
from makeready.manuscript.citation_text import replace_element, write_citation
from makeready.manuscript.draft import Draft
from makeready.manuscript.lists_of_works import ListsOfWorks
from makeready.manuscript.sanitise import source_line
from makeready.manuscript.structure import plain_text
from makeready.manuscript.styled_citations import CitationMark, Rendering, marks_of
from makeready.manuscript.suppressed import MissingTargets

DEFAULT_STYLE = "chicago-author-date"
_ALL = frozenset({"*", "@*"})


def read_works(root: Path, config: CitationConfig | None, findings: Findings) -> Sources:
    """Return the works of a book's sources, of which it may have none."""
    if config is None:
        return Sources()
    return read_sources(root, config.sources, config.location("sources"), findings)


def keys_for_notes(
    root: Path, config: CitationConfig | None, works: Sources
) -> frozenset[str] | None:
    """Return the keys of the works if the style puts citations into notes, and None if not."""
    if config is None:
        return None
    try:
        is_note = is_note_style(_style_content(root, config.style))
    except StyleError:
        is_note = False
    return frozenset(works) if is_note else None


def cite_works(
    drafts: Sequence[Draft],
    sources: Sources,
    root: Path,
    config: BookConfig,
    cache: SectionCache | None,
    findings: Findings,
    missing_targets: MissingTargets,
    location_in_list: Callable[[str], SourceLocation],
) -> None:
    """Write the citations of a book and its lists of works; report works that are not there.

    ``location_in_list`` returns the location of a section's name in ``book.toml``.
    """
    if config.citations is None:
        return
    marks = [mark for draft in drafts for mark in marks_of(draft)]
    is_whole = not marks and sources.is_complete and not missing_targets.has_unread_text
    marks = [mark for mark in marks if _check(mark, sources, config.citations, findings)]
    uncited = _uncited(config.citations, sources, findings)
    works = list(dict.fromkeys([*(key for mark in marks for key in mark.keys), *uncited]))
    content = _usable_style(root, config, findings)
    data = {key: dict(sources.item(key)) for key in works if key in sources}
    rendered = Rendering(content, config.metadata.language, data, marks).result(cache)
    for key, problem in rendered.problems.items():
        findings.add(
            "REF-024", config.citations.location("style"), key=key or "order", problem=problem
        )
    lists = ListsOfWorks(drafts, marks, uncited, rendered, config, findings)
    for mark, markup in zip(marks, rendered.citations, strict=True):
        begins_note = rendered.is_note_style and mark.form != NAMES_ONLY
        write_citation(mark, markup, lists.ids, config.metadata.language, begins_note=begins_note)
    without_works = lists.write(missing_targets)
    if (is_whole or data) and not config.citations.nocite:
        reason = "the style has no list of works" if data else "no work is cited"
        for draft in without_works:
            findings.add("REF-027", location_in_list(draft.name), reason=reason)
    for draft in drafts:
        if draft.path and any(m.draft is draft for m in marks):
            draft.title = plain_text(draft.title_tree) or draft.title


def _check(
    mark: CitationMark, sources: Sources, config: CitationConfig, findings: Findings
) -> bool:
    """Report the works of a citation that no source has; return whether it is a citation.

    Text such as ``@name`` that is no key of a source stays what it is.
    """
    unknown = [c for c in mark.cites if c.get("data-key") not in sources]
    if not unknown or mark.form == NAMES_ONLY:
        return True
    is_text = mark.form == IN_TEXT and str(mark.element.get("data-raw", "")).startswith("@")
    for cite in unknown if sources.is_complete else []:
        location = SourceLocation(mark.location.path, source_line(cite))
        rule = "REF-023" if is_text else "REF-022"
        _report_unknown(rule, location, str(cite.get("data-key")), sources, config, findings)
    if is_text:
        replace_element(mark.element, [], str(mark.element.get("data-raw")))
    return not is_text


def _report_unknown(
    rule: str,
    location: SourceLocation,
    key: str,
    sources: Sources,
    config: CitationConfig,
    findings: Findings,
) -> None:
    files = ", ".join(config.sources)
    suggestion = _suggestion(sources.nearest(key))
    findings.add(rule, location, key=key, files=files, suggestion=suggestion)


def _suggestion(nearest: str) -> str:
    return f" Did you mean “{nearest}”?" if nearest else ""


def _uncited(config: CitationConfig, sources: Sources, findings: Findings) -> list[str]:
    """Return the works that are listed without a citation."""
    if _ALL & set(config.nocite):
        return list(sources)
    keys = [key.removeprefix("@") for key in config.nocite]
    for key in keys:
        if key not in sources and sources.is_complete:
            _report_unknown("REF-022", config.location("nocite"), key, sources, config, findings)
    return [key for key in keys if key in sources]


def _style_content(root: Path, style: str) -> bytes:
    if not style.lower().endswith(".csl"):
        return style_content(style)
    try:
        content = read_book_file(root, style, LARGEST_STYLE)
    except FileRefusedError as error:
        raise StyleError(error.problem) from error
    parent = parent_of(content)
    return style_content(parent) if parent else content


def _usable_style(root: Path, config: BookConfig, findings: Findings) -> bytes:
    """Return the content of the style; report one that cannot be used, and return another."""
    assert config.citations is not None
    style = config.citations.style
    try:
        content = _style_content(root, style)
        Style(content, config.metadata.language, str)
    except StyleError as error:
        suggestion = _suggestion(nearest_style(style))
        location = config.citations.location("style")
        findings.add("REF-025", location, style=style, problem=str(error), suggestion=suggestion)
        return style_content(DEFAULT_STYLE)
    return content
