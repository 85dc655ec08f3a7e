"""What a text of a foreign book has wrong, made plain text: a repair for each rule it breaks.

No repair adds or removes a line.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Container, Sequence

from makeready.findings import Finding
from makeready.importing.dead_links import (
    IMAGE_RULES,
    LINK_RULES,
    Repair,
    fill_no_address,
    name_in,
    remove_dead_links,
)
from makeready.importing.links import outside_code
from makeready.importing.outline import Fence, outline_of
from makeready.manuscript.allowed_html import ACTIVE, BLOCKS, HTML_VOID, INLINES
from makeready.manuscript.formula import FormulaError, set_formula

_IN_ANGLES = re.compile(r"<(/?[A-Za-z][\w.:-]*)")
_FOOTNOTE = re.compile(r"\[\^(.+?)\] (?:has|is)")
_CITED_ROLE = re.compile(r"\{cite(?::\w{1,20})?\}`(?P<keys>[^`\n]{1,1000})`")
_TAG_SOURCE = re.compile(r"\b(?:src|data|href)[ \t]*=[ \t]*[\"']?(https?://[^\s\"'<>]{1,1000})")
_INCLUDE = re.compile(
    r"\{\{#[^{}\n]{1,500}\}\}|\{\{<[^<>\n]{1,500}>\}\}|-{1,5}8<-{1,5}[^\n]{1,500}"
    r"|\{![^{}\n]{1,500}!\}|<<(?:\[[^\]\n]{0,300}\])?\([^()\n]{1,500}\)|\{%[^%\n]{1,500}%\}"
    r"|!?\[(?:import|include)[^\]\n]{0,100}\]\([^()\n]{1,500}\)"
)
_INLINE_FORMULA = re.compile(
    r"(?<![\\$])(?P<mark>\${1,2})(?P<dollars>[^$\n]{1,2000}?)(?<!\\)(?P=mark)"
    r"|\\\((?P<round>[^\n]{1,2000}?)\\\)"
)
_DISPLAY_START = re.compile(r"(?P<before>[ \t>]*)(?P<mark>\$\$|\\\[|\\begin\{(?P<name>\w+\*?)\})")
_MARKED_LINE = re.compile(r"(?P<before>[ \t>]*)(?P<mark>[/:]{3,})")
_INDEX_TERM = r"\\index(?:\[[\w-]{1,40}\])?\{(?:[^{}|\n]|\{[^{}\n]{0,200}\}){1,300}"
_INDEX_SEE = re.compile(
    rf"{_INDEX_TERM}\|\s*see(?:also)?\s*\{{(?P<target>[^{{}}\n]{{1,200}})\}}\s*\}}"
)
_INDEX_RANGE = re.compile(rf"(?P<entry>{_INDEX_TERM})\|[()]\}}")
_CODE_SPAN = re.compile(r"(?<!`)(`+)(?!`)([^\n]{1,1000}?)(?<!`)\1(?!`)")
_HEX = re.compile(r"U\+([0-9A-F]{4,6})")
_MOST_LINES = 2_000

Lines = list[str]


def repaired(
    text: str, faults: Sequence[Finding], *, is_one_page: bool, works: Container[str] = ()
) -> Repair:
    """Return a text without its faults, as far as there is a repair for their rules.

    ``is_one_page``: the tool reads all texts as one, so that an id in another is meant where its
    own text has none. ``works`` are the keys of the works that the book can cite.
    """
    repair = Repair(text)
    remove_dead_links(repair, faults, works, is_one_page=is_one_page)
    by_rule: dict[str, list[Finding]] = {}
    for fault in faults:
        by_rule.setdefault(fault.id, []).append(fault)
    for rule, found in by_rule.items():
        if rule in _WHOLE_TEXT:
            _WHOLE_TEXT[rule](repair, found)
        elif rule in _ONE_LINE:
            lines = repair.text.split("\n")
            for fault in found:
                line = fault.location.line or 1 if fault.location else 1
                if line <= len(lines) and (done := _ONE_LINE[rule](lines, line - 1, fault)):
                    repair.add(line, done)
            repair.text = "\n".join(lines)
    repair.done.sort(key=lambda each: each[0])
    return repair


def _escape_calls(repair: Repair, faults: Sequence[Finding]) -> None:
    """Print the calls of notes that have no text, or an empty one, as they are typed."""
    names = {found[1].casefold() for f in faults if (found := _FOOTNOTE.search(f.message))}

    def call(match: re.Match[str], line: int) -> str:
        if match["name"].casefold() not in names:
            return match[0]
        if match["colon"]:
            return ""
        repair.add(line, f"The note {match[0]} has no text; its call is printed as typed.")
        return f"\\[^{match['name']}\\]"

    pattern = re.compile(
        r"(?<![\\\]])\[\^(?P<name>[^\[\]\n]{1,300})\](?P<colon>:(?=[ \t]*$))?", re.M
    )
    repair.text = outside_code(repair.text, pattern, call)


def _escape_keys(repair: Repair, faults: Sequence[Finding]) -> None:
    """Print citations of works that the book has not as they are typed."""
    keys = {name_in(fault) for fault in faults}
    lines: dict[str, int] = {}

    def told(key: str, line: int) -> None:
        lines.setdefault(key, line)

    def cited(match: re.Match[str], line: int) -> str:
        key = match["braced"] or match["key"].rstrip(".:-")
        if key not in keys:
            return match[0]
        told(key, line)
        return f"\\{match[0]}"

    def role(match: re.Match[str], line: int) -> str:
        all_keys = [key.strip() for key in match["keys"].split(",")]
        known = [key for key in all_keys if key not in keys]
        if len(known) == len(all_keys):
            return match[0]
        for key in all_keys:
            if key in keys:
                told(key, line)
        start = match[0].partition("`")[0]
        rest = f"{start}`{','.join(known)}` " if known else ""
        return f"{rest}({', '.join(key for key in all_keys if key in keys)})"

    pattern = re.compile(
        r"(?<![\w@\\/])@(?:\{(?P<braced>[^{}\n]{1,200})\}|(?P<key>\w[\w:.#$%&+?<>~/-]{0,200}))"
    )
    repair.text = outside_code(repair.text, pattern, cited)
    repair.text = outside_code(repair.text, _CITED_ROLE, role)
    first, *others = sorted(lines, key=lines.__getitem__) or [""]
    if others:
        works = f"{len(lines)} works are missing, such as {first}"
        repair.add(lines[first], f"{works}; their citations are printed as typed.")
    elif first:
        repair.add(lines[first], f"The work {first} is missing; its citation is printed as typed.")


def _remove_active(repair: Repair, faults: Sequence[Finding]) -> None:
    """Remove elements that are no text; a website that they show becomes a link."""
    for tag in dict.fromkeys(found[1] for f in faults if (found := _IN_ANGLES.search(f.message))):
        if tag.lower() not in ACTIVE:
            _remove_unknown(repair, tag)
            continue

        def removed(match: re.Match[str], line: int, tag: str = tag) -> str:
            repair.add(line, f"<{tag}> is left out.")
            source = _TAG_SOURCE.search(match["tag"])
            words = (
                f"<{source[1]}>" if source and tag.lower() in {"iframe", "video", "embed"} else ""
            )
            return words + "\n" * match[0].count("\n")

        pattern = re.compile(
            rf"(?P<tag><{re.escape(tag)}\b[^<>]{{0,4000}}>)"
            rf"(?:(?:[^<]|<(?!/?{re.escape(tag)}\b)){{0,50000}}</{re.escape(tag)}\s*>)?",
            re.IGNORECASE,
        )
        repair.text = outside_code(repair.text, pattern, removed)


def _remove_unknown(repair: Repair, tag: str) -> None:
    """Remove the tags of an element that is none of HTML; print one that is no pair as typed."""
    is_pair = re.search(rf"</{re.escape(tag)}\s*>", repair.text, re.IGNORECASE) is not None

    def shown(match: re.Match[str], line: int) -> str:
        done = "left out; its text is kept" if is_pair else "printed as typed"
        repair.add(line, f"The tag <{tag}> is none of HTML, and is {done}.")
        return "" if is_pair else f"&lt;{match[0][1:]}"

    pattern = re.compile(rf"</?{re.escape(tag)}(?![\w-])[^<>\n]{{0,2000}}>", re.IGNORECASE)
    repair.text = outside_code(repair.text, pattern, shown)


def _take_tag(lines: Lines, index: int, fault: Finding) -> str:
    """Leave out a tag without its other half; one that is none of HTML is printed as typed."""
    found = _IN_ANGLES.search(fault.message)
    if found is None:
        return ""
    name = found[1]
    is_known = name.lstrip("/").lower() in BLOCKS | INLINES | HTML_VOID | ACTIVE
    tag = re.compile(rf"<(?P<tag>{re.escape(name)}(?![\w-])(?:[^<>\n]{{0,2000}}>)?)", re.IGNORECASE)
    new, count = tag.subn("" if is_known else r"&lt;\g<tag>", lines[index], count=1)
    if not count:
        return ""
    lines[index] = new
    done = "left out" if is_known else "printed as typed"
    return f"The tag <{name}> has no other half, and is {done}."


def _escape_comment(lines: Lines, index: int, _: Finding) -> str:
    if "<!--" not in lines[index]:
        return ""
    lines[index] = lines[index].replace("<!--", "&lt;!--", 1)
    return "The comment has no end; its mark is printed as typed."


def _escape_marks(lines: Lines, index: int, _: Finding) -> str:
    found = _MARKED_LINE.match(lines[index])
    if found is None:
        return ""
    rest = lines[index][found.end() :]
    # Marks that end nothing say nothing.
    lines[index] = f"{found['before']}\\{found['mark']}{rest}" if rest.strip() else found["before"]
    return "A block has no other half; its mark is left out or printed as typed."


def _close_code(lines: Lines, index: int, _: Finding) -> str:
    """Close a block of code where its container ends, as its tool does."""
    for fence in outline_of("\n".join(lines)).fences:
        if fence.line - 1 != index:
            continue
        mark = re.search(r"`{3,}|~{3,}", lines[index])
        if mark is None:
            return ""
        before = re.sub(r"[^\s>]", " ", lines[index][: mark.start()])
        last = index + fence.content.count("\n")
        if last + 1 >= len(lines):
            lines.append("")
        end = next((n for n in (last, last + 1) if n > index and not lines[n].strip(" >")), 0)
        lines[end] = before + mark[0] if end else lines[end]
        return "The code block has no end, and ends with its text." if end else ""
    return ""


def _take_id(lines: Lines, index: int, fault: Finding) -> str:
    name = re.escape(name_in(fault))
    patterns = (
        (rf"\s*\{{#{name}\}}", ""),
        (rf"(?<=[\s{{])#{name}(?=[\s}}])", ""),
        (rf"\s(?:id|name)=([\"']?){name}\1(?=[\s>/}}])", ""),
        (rf"^\({name}\)=\s*$", ""),
        (rf"^(\s*):(?:name|label):\s*{name}\s*$", ""),
        (rf"(\$\$)\s*\({name}\)", r"\1"),
    )
    for pattern, new in patterns:
        changed, count = re.subn(pattern, new, lines[index], count=1)
        if count:
            lines[index] = changed
            return f"The id {name_in(fault)} is there twice; it is left out here."
    return ""


def _rename_note(lines: Lines, index: int, fault: Finding) -> str:
    found = _FOOTNOTE.search(fault.message)
    mark = f"[^{found[1]}]:" if found else ""
    if not mark or mark not in lines[index]:
        return ""
    name = f"{mark[2:-2]}-{index + 1}"
    lines[index] = lines[index].replace(mark, f"[^{name}]:", 1)
    return f"The note {mark[:-1]} is there twice; the second is not called."


def _take_reference(lines: Lines, index: int, fault: Finding) -> str:
    text, label = name_in(fault), ""
    found = re.search(r"\[([^\[\]]*)\] is not defined", fault.message)
    label = found[1] if found else ""
    for written in (f"[{text}][{label}]", f"[{text}][]"):
        if written in lines[index]:
            lines[index] = lines[index].replace(written, text)
            return f"The link {written} has no address; its words are plain text."
    return ""


def _take_characters(lines: Lines, index: int, fault: Finding) -> str:
    found = _HEX.search(fault.message)
    if found is None:
        return ""
    lines[index] = lines[index].replace(chr(int(found[1], 16)), "")
    return f"A control character (U+{found[1]}) is left out."


def _take_include(lines: Lines, index: int, fault: Finding) -> str:
    name = name_in(fault)
    words = f"({name} is not in this book)"
    fence = _fence_at(lines, index)
    if fence is not None and "{" in fence.info and fence.line - 1 == index:
        end = min(index + fence.content.count("\n") + 1, len(lines) - 1)
        lines[index : end + 1] = [words, *[""] * (end - index)]
    else:
        new, count = _INCLUDE.subn(lambda _: words, lines[index], count=1)
        if not count:
            return ""
        lines[index] = new
    return f"{name} cannot be included."


def _show_source(lines: Lines, index: int, _: Finding) -> str:
    """Show the source of a diagram that cannot be drawn."""
    fence = _fence_at(lines, index)
    if fence is None or not fence.info:
        return ""
    lines[fence.line - 1] = lines[fence.line - 1].replace(fence.info, "text", 1)
    return "The diagram cannot be drawn; its source is printed."


def _fence_at(lines: Lines, index: int) -> Fence | None:
    return next(
        (
            fence
            for fence in outline_of("\n".join(lines)).fences
            if fence.line - 1 <= index <= fence.line + fence.content.count("\n")
        ),
        None,
    )


def _show_tex(lines: Lines, index: int, _: Finding) -> str:
    """Show the TeX of a formula that cannot be set."""
    done = "The formula cannot be set; its TeX is printed."
    start = _DISPLAY_START.match(lines[index])
    if start is not None:
        mark = start["mark"]
        closing = {"$$": "$$", "\\[": "\\]"}.get(mark, f"\\end{{{start['name']}}}")
        rest = lines[index][start.end() :]
        if closing not in rest:
            for end in range(index + 1, min(len(lines), index + _MOST_LINES)):
                if closing in lines[end]:
                    break
            else:
                return ""
            is_bare = (
                not rest.strip() and not lines[end].strip(" \t>").removeprefix(closing).strip()
            )
            if is_bare and start["name"] is None:
                lines[index] = f"{start['before']}```latex"
                lines[end] = f"{start['before']}```"
            else:
                lines[index] = f"{start['before']}`{lines[index][len(start['before']) :].rstrip()}"
                lines[end] = f"{lines[end].rstrip()}`"
            return done
    found = list(_INLINE_FORMULA.finditer(lines[index]))
    for match in reversed(found):
        tex = match["dollars"] or match["round"]
        if len(found) > 1 and _can_be_set(tex):
            continue
        code = "``" if "`" in tex else "`"
        lines[index] = (
            f"{lines[index][: match.start()]}{code}{match[0]}{code}{lines[index][match.end() :]}"
        )
    return done if found else ""


def _can_be_set(tex: str) -> bool:
    try:
        set_formula(tex, is_displayed=False)
    except FormulaError:
        return False
    return True


def _escape_pipes(lines: Lines, index: int, _: Finding) -> str:
    """Keep the lines in the code of a row's cell from being its ends."""

    def code(match: re.Match[str]) -> str:
        return re.sub(r"(?<!\\)\|", r"\\|", match[0])

    new = _CODE_SPAN.sub(code, lines[index])
    if new == lines[index]:
        return ""
    lines[index] = new
    return "A | in the code of a table's cell ends the cell; it is code here."


def _take_see(lines: Lines, index: int, fault: Finding) -> str:
    """Leave out an entry of the index that refers to one that the book has not."""
    target = name_in(fault)

    def taken(match: re.Match[str]) -> str:
        words = " ".join(match["target"].split())
        return "" if words.casefold() == target.casefold() else match[0]

    new = _INDEX_SEE.sub(taken, lines[index])
    if new == lines[index]:
        return ""
    lines[index] = new
    return f"The index has no entry {target} to refer to; the reference is left out."


def _take_range(lines: Lines, index: int, fault: Finding) -> str:
    """Make a place of a range in the index that has no other half."""
    entry = name_in(fault).rpartition("!")[2]

    def place(match: re.Match[str]) -> str:
        return f"{match['entry']}}}" if entry in match["entry"] else match[0]

    new, _ = _INDEX_RANGE.subn(place, lines[index])
    if new == lines[index]:
        return ""
    lines[index] = new
    return f"A range of {entry} in the index has no other half; it is one page."


Change = Callable[[Lines, int, Finding], str]
_ONE_LINE: dict[str, Change] = {
    **dict.fromkeys(("MAN-018", "MAN-035", "MAN-042"), _take_tag),
    **dict.fromkeys(("MAN-021", "MAN-022", "MAN-050"), _escape_marks),
    "MAN-011": _take_characters,
    "MAN-026": _close_code,
    "MAN-033": _escape_comment,
    "MAN-037": _escape_pipes,
    **dict.fromkeys(("MAN-062", "MAN-069"), _take_include),
    "MAN-070": _show_tex,
    "IMG-015": _show_source,
    "REF-032": _take_see,
    **dict.fromkeys(("REF-033", "REF-034", "REF-035"), _take_range),
    "REF-004": _rename_note,
    "REF-007": _take_id,
    "REF-008": _take_id,
    "REF-011": _take_reference,
}
_WHOLE_TEXT: dict[str, Callable[[Repair, Sequence[Finding]], None]] = {
    "MAN-015": _remove_active,
    "REF-002": _escape_calls,
    "REF-012": _escape_calls,
    "REF-013": fill_no_address,
    "REF-022": _escape_keys,
}
RULES = frozenset({*LINK_RULES, *IMAGE_RULES, *_ONE_LINE, *_WHOLE_TEXT})
"""The rules whose findings can be repaired."""
