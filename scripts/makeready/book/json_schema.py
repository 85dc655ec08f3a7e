"""The JSON schema of ``book.toml``, for editors: made of the models that read the file.

Editors that know TOML show what a key means, complete names, and mark what is wrong. What a schema
cannot say, such as the check digit of an ISBN, is left to a build.
"""

from __future__ import annotations

import json
import tomllib
from collections.abc import Mapping, Sequence
from functools import cache
from importlib.resources import files
from typing import Any

from makeready.book.kinds import GROUPS, KINDS
from makeready.book.labels import known_labels
from makeready.book.schema import NUMBER_FORMS, BookFile, relators
from makeready.book.store_names import store_names
from makeready.book.subject_codes import AUDIENCES

_DIALECT = "http://json-schema.org/draft-07/schema#"
_BOOK = "BookFile"
_LIST_ENTRY = "ListEntry"
_COLOUR = {"type": "string", "pattern": "^#([0-9a-fA-F]{3}|[0-9a-fA-F]{6})$"}
_LENGTH = {"type": "number", "minimum": 0, "maximum": 100}
_PATHS: dict[str, Any] = {
    "anyOf": [{"type": "string"}, {"type": "array", "items": {"type": "string"}}]
}
_SECTIONS = {
    "type": "array",
    "items": {"anyOf": [{"type": "string"}, {"$ref": f"#/$defs/{_LIST_ENTRY}"}]},
}


@cache
def key_descriptions() -> dict[str, dict[str, str]]:
    """Return what each key means, by model and key."""
    data = files("makeready.book").joinpath("key_descriptions.toml").read_text("utf-8")
    return tomllib.loads(data)


def book_json_schema(printers: Sequence[str]) -> dict[str, Any]:
    """Return the schema; ``printers`` are the names that an edition may have."""
    schema = BookFile.model_json_schema()
    models = schema.pop("$defs")
    models[_BOOK] = schema
    forms = _forms(printers)
    for name, model in models.items():
        descriptions = key_descriptions()[name]
        model["properties"] = {
            key: _property(value, descriptions[key], forms.get(f"{name}.{key}"))
            for key, value in model["properties"].items()
        }
        model.pop("title", None)
        model.pop("description", None)
    schema = models.pop(_BOOK)
    models[_LIST_ENTRY] = _list_entry()
    return {
        "$schema": _DIALECT,
        "title": "book.toml of makeready",
        "description": "The metadata of a book, the order of its sections, and its editions.",
        **schema,
        "$defs": models,
    }


def book_json_schema_text(printers: Sequence[str]) -> str:
    """Return the schema as the text of a file."""
    return json.dumps(book_json_schema(printers), ensure_ascii=False, indent=1) + "\n"


def _property(
    value: Mapping[str, Any], description: str, form: Mapping[str, Any] | None
) -> dict[str, Any]:
    """Return the schema of a key, in the form that TOML has it, with its description."""
    shown = {key: part for key, part in value.items() if key not in ("title", "description")}
    default = {"default": shown.pop("default")} if shown.get("default") is not None else {}
    shown.pop("default", None)
    if form is not None:
        shown = dict(form)
        default = {"default": form["default"]} if "default" in form else default
    elif "anyOf" in shown:
        # TOML has no null: a key that has no value is left out.
        kinds = [kind for kind in shown.pop("anyOf") if kind != {"type": "null"}]
        shown |= kinds[0] if len(kinds) == 1 else {"anyOf": kinds}
    if set(shown) == {"$ref"}:
        # Beside a reference the older dialects read nothing.
        shown = {"allOf": [shown]}
    return {"description": description, **shown, **_plain(default)}


def _plain(default: dict[str, Any]) -> dict[str, Any]:
    value = default.get("default")
    return {} if value in ("", [], {}) or isinstance(value, dict) else default


def _forms(printers: Sequence[str]) -> dict[str, dict[str, Any]]:
    """Return the forms of values that the models read in another one than TOML has."""
    stores = {"type": "array", "items": {"enum": list(store_names())}}
    place, number = {"$ref": "#/$defs/NotesFields"}, {"$ref": "#/$defs/NumberingFields"}
    places = {"enum": ["foot", "chapter-end", "book-end"]}
    return {
        f"{_BOOK}.audience": {"enum": [*AUDIENCES, ""]},
        f"{_BOOK}.slug": {"type": "string", "pattern": "^([a-z0-9]+(-[a-z0-9]+)*)?$"},
        f"{_BOOK}.frontmatter": _SECTIONS,
        f"{_BOOK}.bodymatter": _SECTIONS,
        f"{_BOOK}.backmatter": _SECTIONS,
        f"{_BOOK}.numbering": {"anyOf": [{"enum": list(NUMBER_FORMS)}, number]},
        f"{_BOOK}.notes": {"anyOf": [places, place]},
        f"{_BOOK}.words": {
            "type": "object",
            "properties": {label: {"type": "string"} for label in known_labels()},
            "additionalProperties": False,
        },
        "ContributorFields.role": {
            "anyOf": [
                {"const": code, "description": name} for code, name in sorted(relators().items())
            ],
            "default": "aut",
        },
        "SeriesFields.position": {"type": ["string", "number"]},
        "EditionFields.trim": {
            "type": "string",
            "pattern": r"^\s*\d+(\.\d+)?\s*[xX×]\s*\d+(\.\d+)?\s*(in|mm|cm|pt)\s*$",
            "examples": ["5x8in", "5.5x8.5in", "6x9in", "148x210mm"],
            "default": "5x8in",
        },
        "EditionFields.printer": {"enum": [*printers, ""]},
        "EditionFields.stores": stores,
        "EditionFields.spine_mm": {"type": "number", "minimum": 0.5, "maximum": 120},
        **{f"EditionFields.{key}_mm": _LENGTH for key in ("bleed", "inside", "outside")},
        "EditionFields.notes": {"anyOf": [places, place]},
        **{f"CoverFields.{key}": _COLOUR for key in ("ground", "ink", "accent")},
        "CitationFields.sources": _PATHS,
        "CitationFields.nocite": _PATHS,
    }


def _list_entry() -> dict[str, Any]:
    """Return the schema of a table in a list of sections."""
    descriptions = key_descriptions()[_LIST_ENTRY]
    options: dict[str, dict[str, Any]] = {
        "title": {"type": "string"},
        "numbered": {"type": "boolean"},
        "numbering": {"enum": list(NUMBER_FORMS)},
        "chapters": {"type": "string"},
    }
    kinds: dict[str, str] = {
        name: f"The file, or files, of a section of the kind {name}." for name in KINDS
    }
    for name in GROUPS:
        kinds[name] = f"The file of a {name}, or the title of one without text."
    return {
        "type": "object",
        "properties": {
            **{key: {"description": descriptions[key], **one} for key, one in options.items()},
            **{name: {"description": text, **_PATHS} for name, text in kinds.items()},
        },
        "additionalProperties": False,
    }
