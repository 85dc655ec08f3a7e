"""The command ``makeready html``: what a Markdown file is read as, with its findings."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from lxml import etree

from conftest import makeready

TEXT = '# A "title"\n\nSee [^1] and ~~that~~.\n\n- [x] done\n\n[^1]: Note *b*.\n'
NAMESPACE = "{http://www.w3.org/1999/xhtml}"


def html(tmp_path: Path, text: str, *options: str) -> subprocess.CompletedProcess[bytes]:
    return subprocess.run(
        [sys.executable, "-m", "makeready", "html", *options],
        input=text.encode(),
        capture_output=True,
        cwd=tmp_path,
        check=False,
        timeout=60,
    )


def test_a_file_is_printed_as_xhtml_with_its_lines(tmp_path: Path) -> None:
    (tmp_path / "a.md").write_text(TEXT)
    run = html(tmp_path, "", "a.md")
    root = etree.fromstring(run.stdout)
    lines = {e.tag.removeprefix(NAMESPACE): e.get("data-line") for e in root.iter(f"{NAMESPACE}*")}
    assert (lines["h1"], lines["ul"]) == ("1", "5")
    assert "".join(root.itertext(f"{NAMESPACE}title")).strip() == "A “title”"
    call = root.find(f".//{NAMESPACE}a[@role='doc-noteref']")
    assert call is not None
    assert root.find(f".//*[@id='{call.get('href', '')[1:]}']") is not None
    assert (run.returncode, run.stderr) == (0, b"")


def test_front_matter_and_the_option_give_the_language(tmp_path: Path) -> None:
    (tmp_path / "a.md").write_text("---\nlang: fr\n---\n\n" + TEXT)
    (tmp_path / "b.md").write_text(TEXT)
    run = html(tmp_path, "", "a.md", "b.md", "--language", "de")
    assert "A «\u00a0title\u00a0»".encode() in run.stdout
    assert "A „title“".encode() in run.stdout


def test_the_standard_input_is_read_for_a_dash(tmp_path: Path) -> None:
    (tmp_path / "a.md").write_text(TEXT)
    assert html(tmp_path, TEXT, "-").stdout == html(tmp_path, "", "a.md").stdout
    run = html(tmp_path, "Text.\n\n![b](no.png)\n", "-")
    assert run.returncode == 1
    assert run.stderr.startswith(b"<stdin>:3: error IMG-001: ")


def test_citations_are_left_as_typed_since_the_works_are_the_books(tmp_path: Path) -> None:
    run = html(tmp_path, "# A\n\nAs [see @elm, p. 3] says.\n", "-")
    assert (run.returncode, run.stderr) == (0, b"")
    assert b"As [see @elm, p." in run.stdout


def test_each_file_is_written_to_a_folder(tmp_path: Path) -> None:
    for name in ("a.md", "b.md"):
        (tmp_path / name).write_text(TEXT)
    run = html(tmp_path, TEXT, "a.md", "b.md", "-", "--output", "out")
    assert (run.returncode, run.stdout) == (0, b"")
    written = sorted(path.name for path in (tmp_path / "out").iterdir())
    assert written == ["a.xhtml", "b.xhtml", "stdin.xhtml"]
    assert (tmp_path / "out/a.xhtml").read_bytes() == html(tmp_path, "", "a.md").stdout


@pytest.mark.parametrize(
    ("arguments", "code", "message"),
    [
        (("none.md",), 1, "none.md: error MAN-030"),
        (("a.md", "--language", "x--y"), 2, "is not a language tag"),
        (("a.md", "sub/a.md", "--output", "out"), 2, "a.xhtml"),
    ],
)
def test_what_cannot_be_done_is_told(
    arguments: tuple[str, ...], code: int, message: str, tmp_path: Path
) -> None:
    (tmp_path / "sub").mkdir()
    for name in ("a.md", "sub/a.md"):
        (tmp_path / name).write_text(TEXT)
    run = makeready("html", *arguments, cwd=tmp_path)
    assert run.code == code
    assert message in run.err
    assert not (tmp_path / "out").exists()
