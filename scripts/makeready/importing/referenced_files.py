"""The files that a text shows or includes: images, listings and other Markdown."""

from __future__ import annotations

import re
from collections.abc import Iterator

IMAGES = (".png", ".jpg", ".jpeg", ".gif", ".svg", ".webp")
_TOKEN = re.compile(r"[^\s()\[\]<>\"'`|,;={}]+")
_IN_ANGLES = re.compile(r"[<\"'(]([^<>\"'()\n]{1,300})[>\"')]")
_INCLUDES = (
    re.compile(r"\{\{#\w{1,40}[ \t]+([^\s{}:]{1,500})"),
    re.compile(r"\{\{<[ \t]*(?:include|embed)[ \t]+[\"']?([^\s\"'<>]{1,500})"),
    re.compile(r"-{1,5}8<-{1,5}[ \t]+[\"']?([^\s\"':]{1,500})"),
    re.compile(r"\{![ \t]*([^\s{}!]{1,500})[ \t]*!\}"),
    re.compile(r"\{(?:include|literalinclude|code-include|embed)\}[ \t]*([^\s`]{1,500})"),
    re.compile(r"<<(?:\[[^\]\n]{0,300}\])?\(([^()\s]{1,500})\)"),
    re.compile(r"\[(?:import|include)[^\]\n]{0,100}\]\(([^()\s]{1,500})\)"),
    re.compile(r"\{%[ \t]*include[ \t]+[\"']([^\"'\n]{1,500})[\"']"),
    re.compile(r"\b(?:file|include|child|code)[ \t]*[:=][ \t]*[\"']?([^\s\"',{}]{1,500})"),
)


def image_references(text: str) -> Iterator[str]:
    """Yield what may be the paths of images in a text, each once."""
    seen: set[str] = set()
    for token in _TOKEN.finditer(text):
        seen.add(token[0])
    for quoted in _IN_ANGLES.finditer(text):
        seen.add(quoted[1].strip())
    for path in sorted(seen):
        plain = path.split("#")[0].split("?")[0]
        if plain.lower().endswith(IMAGES) and "://" not in path:
            yield path


def include_references(text: str) -> Iterator[str]:
    """Yield the paths that directives of any tool include, each once."""
    found = {match[1] for pattern in _INCLUDES for match in pattern.finditer(text)}
    yield from sorted(path for path in found if "://" not in path)
