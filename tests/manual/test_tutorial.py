"""The tutorial, typed as it stands in an empty folder, ends in kits for KDP and Kindle."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator
from pathlib import Path

import pytest
from markdown_it import MarkdownIt

from conftest import CACHE, ROOT, makeready

TUTORIAL = ROOT / "docs" / "manual" / "tutorial.md"
NO_ISBN = {"ONX-001"}
_FILE = re.compile(r'\w+ title="([^"]+)"')


def steps() -> Iterator[tuple[str, str]]:
    """Yield what is typed in order: the name of a file, or nothing for a command; and the text."""
    for token in MarkdownIt("commonmark").parse(TUTORIAL.read_text("utf-8")):
        if token.type == "fence" and (file := _FILE.fullmatch(token.info)):
            yield file[1], token.content
        elif token.type == "fence" and token.info == "sh":
            yield from (("", line) for line in token.content.splitlines())


def test_the_tutorial_names_the_commands_and_files_of_the_way() -> None:
    typed = list(steps())
    commands = [text.split()[1] for name, text in typed if not name and "makeready" in text]
    assert commands == ["build", "build", "build", "cover", "check", "explain", "kit"]
    assert {name for name, _ in typed} >= {"book.toml", "chapter-1.md", "chapter-3.md"}


@pytest.mark.long
def test_the_tutorial_ends_in_two_kits(tmp_path: Path) -> None:
    folder = tmp_path
    for name, text in steps():
        words = shlex.split(text) if not name else []
        if name:
            (folder / name).write_text(text, "utf-8")
        elif words[0] == "mkdir":
            (folder / words[1]).mkdir()
        elif words[0] == "cd":
            folder /= words[1]
        else:
            cache = ("--cache", CACHE) if words[1] != "explain" else ()
            run = makeready(*words[1:], *cache, cwd=folder)
            assert run.code == 0, text + run.out + run.err
            if words[1] != "explain":
                warned = set(re.findall(r" warning ([A-Z]+-\d+)", run.out + run.err))
                assert warned == (NO_ISBN if words[1] == "kit" else set()), text
    kits = folder / "dist" / "kit"
    assert {path.name for path in kits.iterdir()} == {"kdp", "kindle"}
    for kit, suffixes in {"kdp": {".pdf"}, "kindle": {".epub", ".jpg"}}.items():
        names = [path.name for path in (kits / kit).iterdir()]
        assert {"form.html", "report.html", "SHA256SUMS"} <= set(names)
        assert suffixes <= {Path(name).suffix for name in names}
    assert len(list((kits / "kdp").glob("*.pdf"))) == 2
