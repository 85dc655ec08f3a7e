"""Links, references and images of a foreign book that lead nowhere, made plain text."""

from __future__ import annotations

import re
from collections.abc import Container, Sequence
from dataclasses import dataclass, field
from urllib.parse import unquote

from makeready.findings import Finding
from makeready.importing.links import outside_code, with_links

LINK_RULES = frozenset({"REF-001", "REF-009", "REF-010", "REF-014", "MAN-017"})
IMAGE_RULES = frozenset({"IMG-001", "IMG-002", "IMG-003", "IMG-004", "IMG-006"})
_SEVERAL = "REF-014"
_LONGEST_NAME = 80
"""The length at which findings cut an address."""
_QUOTED = re.compile(r"“(.*?)”", re.DOTALL)
_INVISIBLE = re.compile(r"[\x00-\x20\x7f-\xa0]")
_EMPTY_LINK = re.compile(
    r"\[\]\([ \t]*<?#?(?P<name>[^()\s<>]{1,300})>?[ \t]*\)(?:\{[^{}\n]{0,100}\})?"
)
_NO_ADDRESS = re.compile(
    r"(?<![!\\])\[(?P<words>(?:[^\[\]\\`]|\\.|`[^`\n]{0,300}`){1,1000})\]\([ \t]*(?:<>|\#)?[ \t]*\)"
    r"(?:\{[^{}\n]{0,100}\})?"
)
_ANCHOR_TAG = re.compile(
    r"(?P<start><a\b[^<>]{0,1000}?)\s+href[ \t]*=[ \t]*"
    r"(?:\"(?P<one>[^\"<>]{0,1000})\"|'(?P<two>[^'<>]{0,1000})'|(?P<three>[^\s\"'<>]{1,1000}))",
    re.IGNORECASE,
)
_AUTOLINK = re.compile(r"<(?P<name>[A-Za-z][A-Za-z0-9+.-]{1,31}:[^\s<>]{1,1000})>")
_CROSS_REFERENCE = re.compile(
    r"(?<![\w@\\/.])-?@(?P<quarto>[A-Za-z][\w:.-]{0,200}\w)"
    r"|\\@ref\((?P<bookdown>[\w:.-]{1,200})\)"
    r"|\\(?:eq|auto|[cC]|name)?ref\*?\{(?P<latex>[^\s{}\\,$]{1,200})\}"
    r"|(?:\{(?:(?:[a-z]{1,20}:)?[a-z]{0,12}ref|eq|doc)\}|(?<![\w:]):(?:num|eq)?ref:)"
    r"`(?:(?P<words>[^<>`]{1,300}?)[ \n]*<)?(?P<role>[\w:./-]{1,200})>?`"
)


@dataclass(slots=True)
class Repair:
    """A text whose faults are removed: ``done`` has the line and what was done, for each."""

    text: str
    done: list[tuple[int, str]] = field(default_factory=list)

    def add(self, line: int, what: str) -> None:
        """Add what was done in a line."""
        if (line, what) not in self.done:
            self.done.append((line, what))


def name_in(fault: Finding) -> str:
    """Return what a finding has in quotation marks; empty if there is nothing."""
    found = _QUOTED.search(fault.message)
    return found[1] if found else ""


def remove_dead_links(
    repair: Repair, faults: Sequence[Finding], works: Container[str], *, is_one_page: bool
) -> None:
    """Make words of links and references that lead nowhere, and descriptions of images.

    See `fault_repairs.repaired` for the arguments.
    """
    dead = {name_in(fault): fault for fault in faults if fault.id in LINK_RULES}
    images = {name_in(fault): fault for fault in faults if fault.id in IMAGE_RULES}
    if dead or images:
        _DeadTargets(repair, dead, images, works, is_one_page).make_plain()


@dataclass(frozen=True, slots=True)
class _DeadTargets:
    """The dead links of a text by their names, with their replacements."""

    repair: Repair
    dead: dict[str, Finding]
    images: dict[str, Finding]
    works: Container[str]
    is_one_page: bool

    def make_plain(self) -> None:
        """Change the text."""
        repair = self.repair
        for pattern, replaced in (
            (_EMPTY_LINK, self._empty_link),
            (_CROSS_REFERENCE, self._reference),
        ):
            repair.text = outside_code(repair.text, pattern, replaced)
        repair.text = with_links(repair.text, self._rewritten)
        for pattern, replaced in ((_ANCHOR_TAG, self._anchor), (_AUTOLINK, self._autolink)):
            repair.text = outside_code(repair.text, pattern, replaced)

    def _fault_of(self, path: str) -> Finding | None:
        name = _INVISIBLE.sub("", unquote(path))
        names = (path, unquote(path), name, name[:_LONGEST_NAME], f"#{path}")
        return next((self.dead[each] for each in names if each in self.dead), None)

    def _rewritten(self, path: str, is_image: bool, line: int) -> str | None:
        if is_image:
            plain = unquote(path)
            names = (plain, path, plain[:_LONGEST_NAME])
            fault = next((self.images[each] for each in names if each in self.images), None)
            if fault is None:
                return None
            is_gone = fault.id in {"IMG-001", "IMG-002", "IMG-003"}
            problem = "is missing" if is_gone else "cannot be used"
            self.repair.add(line, f"The image {path} {problem}; its description is in its place.")
            return ""
        if self._fault_of(path) is None:
            return None
        if target := self._first_of_several(path, line):
            return target
        self.repair.add(line, f"The link to {path} leads nowhere; its words are plain text.")
        return ""

    def _first_of_several(self, name: str, line: int) -> str:
        """Return the link to the first of several targets; empty if there is none."""
        fault = self._fault_of(name)
        if fault is None or fault.id != _SEVERAL or not self.is_one_page:
            return ""
        target = fault.hint.rpartition(": ")[2]
        self.repair.add(
            line, f"#{name.lstrip('#')} is in several sections; the link leads to {target}."
        )
        return target

    def _empty_link(self, match: re.Match[str], line: int) -> str:
        if self._fault_of(match["name"]) is None:
            return match[0]
        if target := self._first_of_several(match["name"], line):
            return f"[]({target})"
        self.repair.add(line, f"There is no {match['name']} to refer to; the name is plain text.")
        return match["name"].replace("_", "\\_")

    def _anchor(self, match: re.Match[str], line: int) -> str:
        path = match["one"] or match["two"] or match["three"] or ""
        new = self._rewritten(path, False, line)
        if new is None:
            return match[0]
        return f'{match["start"]} href="{new}"' if new else match["start"]

    def _autolink(self, match: re.Match[str], line: int) -> str:
        return match[0] if self._rewritten(match["name"], False, line) is None else match["name"]

    def _reference(self, match: re.Match[str], line: int) -> str:
        name = match["quarto"] or match["bookdown"] or match["latex"] or match["role"]
        if self._fault_of(name) is None:
            return match[0]
        if target := self._first_of_several(name, line):
            return f"[{match['words'] or ''}]({target})"
        if match["quarto"] and name in self.works:
            # The key of a work looks like a reference, such as that to an algorithm.
            return match[0].replace(f"@{name}", f"@{{{name}}}")
        self.repair.add(line, f"There is no {name} to refer to; the reference is plain text.")
        if match["quarto"]:
            return match[0].replace("@", "\\@")
        return match["words"] or name


def fill_no_address(repair: Repair, _: Sequence[Finding]) -> None:
    """Make plain words of links that have no address."""

    def words(match: re.Match[str], line: int) -> str:
        repair.add(line, "A link has no address; its words are plain text.")
        return match["words"]

    def anchor(match: re.Match[str], line: int) -> str:
        if (match["one"] or match["two"] or match["three"] or "#").strip() != "#":
            return match[0]
        repair.add(line, "A link has no address; its words are plain text.")
        return match["start"]

    repair.text = outside_code(repair.text, _NO_ADDRESS, words)
    repair.text = outside_code(repair.text, _ANCHOR_TAG, anchor)
