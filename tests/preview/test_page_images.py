"""Pages are drawn for several browsers at once."""

from __future__ import annotations

import random
import subprocess
import sys
import threading
from pathlib import Path

import pypdfium2
import pytest

from makeready.preview.page_images import PageImages

_THREADS, _PAGES = 8, 150


def draw_at_once(file: Path) -> None:
    """Draw and read pages in several threads."""
    images = PageImages()
    images.open(file)
    with pypdfium2.PdfDocument(file) as pdf:
        count = len(pdf)

    def work(thread: int) -> None:
        chance = random.Random(thread)
        for number in range(_PAGES):
            page = chance.randrange(count)
            if number % 2:
                images.image(file, page, f"{thread}-{number}", chance.randrange(60, 300))
            else:
                images.texts(file, page, [(50.0, 50.0, 200.0, 20.0)] * 5)

    threads = [threading.Thread(target=work, args=(number,)) for number in range(_THREADS)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()


@pytest.mark.long
def test_pages_are_drawn_and_read_at_once(interview: Path) -> None:
    # PDFium ends the whole process when two threads use it.
    for _ in range(5):
        run = subprocess.run(
            [sys.executable, __file__, interview / "kazakhstan-screen.pdf"], check=False
        )
        assert run.returncode == 0


if __name__ == "__main__":
    draw_at_once(Path(sys.argv[1]))
