"""Read ``book.toml``: strict, every fault a finding with its line."""

from __future__ import annotations

import difflib
import tomllib
import typing
import uuid
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from makeready.book.fields import BookFile, ContributorFields, file_as_of
from makeready.book.kinds import Division
from makeready.book.model import (
    Contributor,
    CoverColours,
    Edition,
    EditionKind,
    Ignore,
    Metadata,
)
from makeready.book.moment import modified_at
from makeready.book.slugs import file_slug
from makeready.book.toml_lines import TomlLines
from makeready.book.words import words_for
from makeready.findings import Findings, SourceLocation

FILE = "book.toml"
MAX_BYTES = 1_000_000
_PLACEHOLDER_TITLE = "Untitled"
_DEFAULT_EDITIONS = (
    Edition("paperback", EditionKind.PRINT),
    Edition("screen", EditionKind.SCREEN),
    Edition("ebook", EditionKind.EPUB),
)


@dataclass(frozen=True, slots=True)
class ListedSection:
    """A section as ``book.toml`` lists it."""

    name: str
    division: Division
    line: int


@dataclass(frozen=True, slots=True)
class BookConfig:
    """All that ``book.toml`` says, in the model's values."""

    metadata: Metadata
    sections: tuple[ListedSection, ...]
    editions: tuple[Edition, ...]
    cover: CoverColours
    words: dict[str, str]
    acronyms_small_caps: bool
    ignores: tuple[Ignore, ...]


def read_config(root: Path, findings: Findings) -> BookConfig | None:
    """Read ``<root>/book.toml``; None when it cannot be read as TOML at all.

    A value at fault is a finding and is then left out, so that one run reports them all.
    """
    text = _read_text(root, findings)
    if text is None:
        return None
    try:
        data = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        line = _line_of_syntax_error(str(error), text)
        findings.add("MET-003", SourceLocation(FILE, line), problem=_lower_first(str(error)))
        return None
    except RecursionError:
        findings.add("MET-003", SourceLocation(FILE, 1), problem="it is nested too deep")
        return None
    lines = TomlLines(text)
    return _build(_validate(data, lines, findings), lines, findings)


def _read_text(root: Path, findings: Findings) -> str | None:
    path = root / FILE
    try:
        if not path.resolve().is_relative_to(root.resolve()):
            findings.add("MAN-025", SourceLocation(FILE), path=FILE)
            return None
        if path.stat().st_size > MAX_BYTES:
            findings.add("MET-017", SourceLocation(FILE), size=path.stat().st_size)
            return None
        raw = path.read_bytes()
    except FileNotFoundError:
        findings.add("MET-001", SourceLocation(FILE))
        return None
    except (OSError, RuntimeError) as error:
        problem = getattr(error, "strerror", None) or str(error)
        findings.add("MET-018", SourceLocation(FILE), problem=problem)
        return None
    try:
        return raw.decode("utf-8-sig").replace("\r\n", "\n")
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        findings.add("MET-002", SourceLocation(FILE, line))
        return None


def _line_of_syntax_error(message: str, text: str) -> int:
    _, _, place = message.rpartition("(at line ")
    number = place.split(",")[0]
    return int(number) if number.isdigit() else text.rstrip("\n").count("\n") + 1


def _validate(data: dict[str, Any], lines: TomlLines, findings: Findings) -> BookFile:
    """Validate, leaving out what is at fault until the rest holds."""
    first = True
    while True:
        try:
            return BookFile.model_validate(data)
        except ValidationError as problem:
            for error in problem.errors(include_url=False):
                # A required value that was at fault and left out is not missing too.
                if first or error["type"] != "missing":
                    _report(error, lines, findings)
                _leave_out(data, error)
        first = False


def _report(error: ErrorDetails, lines: TomlLines, findings: Findings) -> None:
    path = _place(error)
    location = SourceLocation(FILE, lines.line_of(path))
    key = ".".join(str(part) for part in path if isinstance(part, str))
    kind = error["type"]
    if kind == "extra_forbidden":
        last, known = str(path[-1]), _known_keys(path[:-1])
        advice = nearest(last, known)
        if len(path) > 1 and last in BookFile.model_fields and last not in known:
            advice = f"“{last}” belongs above the first [table] of the file."
        findings.add("MET-004", location, key=key, nearest=advice)
    elif kind == "missing":
        findings.add("MET-006", location, key=key)
    elif kind.startswith("MET-"):
        findings.add(kind, location, key=key, value=error["input"], **error.get("ctx", {}))
    else:
        findings.add("MET-005", location, key=key, problem=_lower_first(error["msg"]))


def _place(error: ErrorDetails) -> tuple[str | int, ...]:
    """Return the path of a fault; one in a key, not its value, ends in a mark of pydantic."""
    path = error["loc"]
    return path[:-1] if path and path[-1] == "[key]" else path


def _lower_first(text: str) -> str:
    return text[:1].lower() + text[1:]


def _leave_out(data: dict[str, Any], error: ErrorDetails) -> None:
    """Take the value at fault out of ``data``; put a title where there is none."""
    path = _place(error)
    if error["type"] == "missing":
        if path == ("title",):
            data["title"] = _PLACEHOLDER_TITLE
            return
        path = path[:-1]
    holder: Any = data
    for depth, part in enumerate(path):
        inside = holder[part] if _has(holder, part) else None
        last = depth == len(path) - 1
        if last or not isinstance(inside, dict | list) or not _has(inside, path[depth + 1]):
            # An element of an array keeps its place, so that later paths still hold.
            if isinstance(holder, list):
                holder[int(part)] = _NOTHING.get(str(path[0]), "")
            else:
                holder.pop(part, None)
            return
        holder = inside


_NOTHING: dict[str, Any] = {
    "contributors": {"name": "Unknown"},
    "ignore": {"id": "none", "reason": "left out"},
}


def _has(holder: Any, part: str | int) -> bool:
    if isinstance(holder, dict):
        return part in holder
    return isinstance(holder, list) and isinstance(part, int) and part < len(holder)


def _known_keys(path: tuple[str | int, ...]) -> list[str]:
    """Return the keys that the table at ``path`` may have."""
    model: type[BaseModel] | None = BookFile
    for part in path:
        field = model.model_fields.get(str(part)) if model else None
        if field is not None:
            model = _model_in(field.annotation)
    return list(model.model_fields) if model else []


def _model_in(annotation: Any) -> type[BaseModel] | None:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    for inner in typing.get_args(annotation):
        if (model := _model_in(inner)) is not None:
            return model
    return None


def nearest(word: str, known: list[str]) -> str:
    """Return the known words nearest to ``word``, as a message can show them."""
    close = difflib.get_close_matches(word.lower(), known, n=1, cutoff=0.5)
    return f"Did you mean “{close[0]}”?" if close else f"Known are: {', '.join(known)}."


def _build(file: BookFile, lines: TomlLines, findings: Findings) -> BookConfig:
    words = words_for(file.language, findings, SourceLocation(FILE, lines.line_of(("language",))))
    return BookConfig(
        metadata=_metadata(file, lines, findings),
        sections=tuple(
            ListedSection(name, division, lines.line_of((division.value,), name))
            for division, names in (
                (Division.FRONT, file.frontmatter),
                (Division.BODY, file.bodymatter),
                (Division.BACK, file.backmatter),
            )
            for name in names
            if name
        ),
        editions=_editions(file, lines, findings),
        cover=CoverColours(**file.cover.model_dump()),
        words=words | file.words,
        acronyms_small_caps=file.typography.acronyms == "small-caps",
        ignores=tuple(
            Ignore(entry.id, entry.reason, entry.path, lines.line_of(("ignore", index)))
            for index, entry in enumerate(file.ignore)
            if entry.id != _NOTHING["ignore"]["id"]
        ),
    )


def _metadata(file: BookFile, lines: TomlLines, findings: Findings) -> Metadata:
    people = tuple(_contributor(fields) for fields in file.contributors)
    first_author = next((c.name for c in people if c.role == "aut"), "")
    name = "\n".join((file.title, file.language, first_author))
    return Metadata(
        title=file.title,
        slug=file.slug or file_slug(file.title),
        language=file.language,
        identifier=file.identifier or f"urn:uuid:{uuid.uuid5(uuid.NAMESPACE_URL, name)}",
        modified=modified_at(
            file.modified, file.date, findings, SourceLocation(FILE, lines.line_of(("title",)))
        ),
        subtitle=file.subtitle,
        display_title=file.display_title,
        contributors=people,
        publisher=file.publisher,
        date=file.date,
        rights=file.rights,
        source=file.source,
        description=file.description,
        subjects=tuple(file.subjects),
    )


def _contributor(fields: ContributorFields) -> Contributor:
    return Contributor(fields.name, fields.file_as or file_as_of(fields.name), fields.role)


def _editions(file: BookFile, lines: TomlLines, findings: Findings) -> tuple[Edition, ...]:
    seen: dict[str, str] = {}
    editions = []
    for name, fields in file.editions.items():
        width_pt, height_pt = fields.trim
        if fields.isbn and fields.isbn in seen:
            location = SourceLocation(FILE, lines.line_of(("editions", name, "isbn")))
            findings.add("MET-016", location, isbn=fields.isbn, other=seen[fields.isbn], name=name)
        seen.setdefault(fields.isbn, name)
        editions.append(
            Edition(
                name=name,
                kind=EditionKind(fields.kind),
                trim_width_pt=width_pt,
                trim_height_pt=height_pt,
                printer=fields.printer,
                paper=fields.paper,
                ink=fields.ink,
                isbn=fields.isbn,
                chapters_open=fields.chapters_open,
            )
        )
    return tuple(editions) or _DEFAULT_EDITIONS
