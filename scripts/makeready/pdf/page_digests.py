"""Digests of what each page of a fragment shows, to know which pages an edit has changed."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from makeready.pdf.fragment import Fragment
from makeready.pdf.objects import PLACEHOLDER, Objects

_NOT_SHOWN = re.compile(
    rb"/Annots (?:\[[^\]]*\]|\x01[^\x02]*\x02)|/StructParents? \x01[^\x02]*\x02"
)
"""What a page has of links and structure."""


def page_digests(fragment: Fragment) -> tuple[bytes, ...]:
    """Return a digest of each page of a fragment, whatever numbers its objects have.

    The page numbers on it count as those that it was typeset with.
    """
    shown = _ShownObjects(fragment.extracted.objects)
    return tuple(shown.digest(number) for number in fragment.extracted.pages)


def numbered_digest(
    digest: bytes, fragment: Fragment, page: int, label: str, label_of: Callable[[str], str]
) -> str:
    """Return the digest of a fragment's page with the page numbers that it shows in the file.

    ``label`` is its own, and ``label_of`` returns that of an anchor.
    """
    texts: Sequence[str] = [
        label_of(number.target) if number.target else label
        for number in fragment.page_numbers
        if number.page == page
    ]
    return hashlib.sha256(digest + "\0".join(texts).encode()).hexdigest()[:24]


@dataclass
class _ShownObjects:
    """The objects of a fragment, each with the digest of itself and of all that it refers to."""

    _objects: Objects
    _digests: dict[int, bytes] = field(default_factory=dict)

    def digest(self, number: int) -> bytes:
        """Return the digest of an object."""
        if number not in self._digests:
            # One that refers to itself.
            self._digests[number] = b""
            plain = self._objects.plain
            if number < len(plain):
                content = self._with_digests(plain[number])
            else:
                stream = self._objects.streams[number - len(plain)]
                content = self._with_digests(stream.dictionary) + stream.data
            self._digests[number] = hashlib.sha256(content).digest()
        return self._digests[number]

    def _with_digests(self, text: bytes) -> bytes:
        def replace(match: re.Match[bytes]) -> bytes:
            return self.digest(int(match[1])) if match[1].isdigit() else match[1]

        return PLACEHOLDER.sub(replace, _NOT_SHOWN.sub(b"", text))
