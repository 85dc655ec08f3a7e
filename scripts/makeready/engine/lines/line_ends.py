"""How lines end, which a reader who does not see them has to know.

The breaker of whole paragraphs knows it for its own lines. Of the lines of the engine it is
found out while they are broken: afterwards a hyphen looks like any other letter.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from enum import Enum, auto
from typing import Any

from weasyprint.layout import inline

from makeready.engine.replaced_functions import replaced


class LineEnd(Enum):
    """The place where a line was broken: at an added hyphen, at a space, or within a word."""

    HYPHEN = auto()
    SPACE = auto()
    IN_WORD = auto()


def set_line_end(textbox: Any, line_end: LineEnd) -> None:
    """Record how the line ends whose last text is in a box."""
    textbox.line_end = line_end


def line_end_of(textbox: Any) -> LineEnd | None:
    """Return how the line ends after a text; None if it goes on, or if that is not known."""
    found: LineEnd | None = vars(textbox).get("line_end")
    return found


@contextmanager
def line_ends_recorded() -> Iterator[None]:
    """Have it recorded how the engine's lines end, for as long as the context lasts."""
    original = inline.split_text_box

    def split_text_box(
        context: Any, box: Any, width: Any, skip: int, *rest: Any, **more: Any
    ) -> Any:
        new, following, is_kept_break = original(context, box, width, skip, *rest, **more)
        if new is not None and following is not None:
            octets = box.text.encode()
            # After a line feed at the end of a block there is no other line.
            if following < len(octets):
                set_line_end(new, _line_end(octets[skip:following].decode(), new.text))
        return new, following, is_kept_break

    with replaced(inline, split_text_box=split_text_box):
        yield


def _line_end(taken: str, shown: str) -> LineEnd:
    """Return how a line ends: ``taken`` is its text in the source, ``shown`` is what it shows."""
    if not taken.startswith(shown):
        return LineEnd.HYPHEN
    return LineEnd.SPACE if taken[-1:].isspace() else LineEnd.IN_WORD
