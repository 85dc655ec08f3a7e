"""Documents of sections, made once for each set of page numbers that they show."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from makeready.book.model import PageMap, Section

Render = Callable[[Section, PageMap], str]


@dataclass(frozen=True, slots=True)
class _Asked(PageMap):
    """A page map that notes what it was asked."""

    answers: dict[str, str] = field(default_factory=dict)

    def label(self, anchor: str) -> str:
        """Return the page label of an anchor, and note it."""
        answer = PageMap.label(self, anchor)
        self.answers[anchor] = answer
        return answer


@dataclass
class Markups:
    """The documents of one edition's sections, as ``render`` makes them."""

    render: Render
    _made: dict[str, list[tuple[dict[str, str], str]]] = field(default_factory=dict)

    def __call__(self, section: Section, page_map: PageMap) -> str:
        """Return a section's document, the one made before where its page numbers are the same."""
        made = self._made.setdefault(section.name, [])
        for answers, markup in made:
            if all(page_map.label(anchor) == answer for anchor, answer in answers.items()):
                return markup
        asked = _Asked(page_map.labels)
        markup = self.render(section, asked)
        made.append((asked.answers, markup))
        return markup
