"""Typeset any number of random texts with footnotes, and say what became of the notes.

::

    python tests/engine/check_note_texts.py 0 200

The numbers are those of the first text and of the one after the last; ``--columns`` adds columns.
"""

from __future__ import annotations

import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT / "scripts"), str(ROOT / "tests")]

from note_report import report  # noqa: E402
from note_texts import NoteWriter  # noqa: E402

from conftest import CACHE  # noqa: E402
from makeready.fonts import seal_fontconfig  # noqa: E402
from makeready.fonts.instances import load_fonts  # noqa: E402


def main(first: int, last: int, *, columns: bool) -> int:
    """Check the texts, and return how many have faults."""
    fonts = load_fonts(ROOT / "styles" / "fonts.toml", CACHE / "faces")
    seal_fontconfig(fonts)
    # The engine is imported only after fontconfig is sealed.
    from makeready.engine.fetcher import BookFetcher  # noqa: PLC0415
    from makeready.engine.text_cache import cached_text_layout  # noqa: PLC0415
    from makeready.engine.typesetter import Typesetter  # noqa: PLC0415

    faulty = pages = notes = divided = late = widowed = nearly_without_text = 0
    start = time.process_time()
    for seed in range(first, last):
        text = NoteWriter(seed, columns=columns).text()
        typesetter = Typesetter((text.style,), fonts, BookFetcher({}))
        with cached_text_layout():
            result = report(typesetter.typeset(text.markup, 1, on_verso=False).pages)
        if result.faults:
            faulty += 1
            print(f"{seed} ({text.page}): {result.faults}")
        pages += result.pages
        notes += len(result.notes)
        divided += result.divided
        late += len(result.late)
        widowed += len(result.widowed)
        nearly_without_text += len(result.nearly_without_text)
    print(f"{last - first} texts, {faulty} with faults; {pages} pages, {notes} notes")
    print(f"{divided} divided, {widowed} with a widow, {late} after the page of their call")
    print(f"{nearly_without_text} pages with no more than a line of text above notes")
    print(f"{time.process_time() - start:.0f} s of CPU")
    return faulty


if __name__ == "__main__":
    arguments = [argument for argument in sys.argv[1:] if argument != "--columns"]
    sys.exit(main(*map(int, arguments), columns="--columns" in sys.argv) > 0)
