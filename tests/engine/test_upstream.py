"""The faults in docs/upstream are those of the engine that is installed, and not makeready's."""

from __future__ import annotations

import re
from contextlib import nullcontext
from pathlib import Path
from typing import Any

import pytest
from note_report import area_of, lines_of, text_of

from conftest import CACHE, ROOT
from makeready.fonts import seal_fontconfig
from makeready.fonts.instances import load_fonts

FOLDER = ROOT / "docs" / "upstream"
FILES = sorted(path for path in FOLDER.glob("*.md") if path.name != "README.md")
_BLOCK = re.compile(r"```(?P<kind>html|text)\n(?P<text>.*?)```", re.DOTALL)


@pytest.fixture(scope="module", autouse=True)
def _fonts() -> None:
    # The engine is imported only after fontconfig is sealed.
    seal_fontconfig(load_fonts(ROOT / "styles" / "fonts.toml", CACHE / "faces"))


def blocks(path: Path) -> tuple[str, str, str]:
    """Return the input, what is expected and what happens."""
    found = [match["text"].strip() for match in _BLOCK.finditer(path.read_text("utf-8"))]
    source, expected, result = found
    return source, expected, result


def pages(source: str, *, controlled: bool) -> str:
    """Return the lines of each page as the files give them."""
    import weasyprint  # noqa: PLC0415

    from makeready.engine.footnotes import footnote_control  # noqa: PLC0415

    control: Any = footnote_control() if controlled else nullcontext()
    with control:
        try:
            document = weasyprint.HTML(string=source).render()
        except AssertionError:
            return "AssertionError"
    shown = []
    for number, page in enumerate(document.pages, 1):
        text = [text_of(line).strip() for line in lines_of(page._page_box.children[0])]
        area = area_of(page)
        notes = [text_of(line).strip() for line in lines_of(area)] if area else []
        shown.append(f"page {number}: {' '.join(text)} | {' '.join(notes)}".strip())
    return "\n".join(shown)


def test_there_are_files() -> None:
    assert len(FILES) >= 6


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_the_engine_by_itself(path: Path) -> None:
    source, _, result = blocks(path)
    assert pages(source, controlled=False) == result


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_the_engine_under_our_control(path: Path) -> None:
    source, expected, _ = blocks(path)
    assert pages(source, controlled=True) == expected


def test_the_list_is_complete() -> None:
    listed = re.findall(r"\]\(([\w-]+\.md)\)", (FOLDER / "README.md").read_text("utf-8"))
    assert sorted(listed) == [path.name for path in FILES]
