"""The preview in Chromium: from a save to the page, from the page to the source, and back."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urljoin

import pytest
from preview_runs import Preview, Shown, chromium, preview_of, wait_for

from conftest import makeready

pytestmark = pytest.mark.slow

_LONG = "\n\n".join(f"Paragraph {number} is about the rain on the roof." for number in range(90))
_WRAPPED = "Quinces ripen late in the year\nand medlars later still,\nwhen the frost has been."

_EDITOR = """
import pathlib, sys
pathlib.Path(sys.argv[1]).write_text(" ".join(sys.argv[2:]))
"""


@pytest.fixture(scope="module")
def opened(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The file to which the editor of these tests writes what it is to open."""
    return tmp_path_factory.mktemp("editor") / "opened"


@pytest.fixture(scope="module")
def preview(opened: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Preview]:
    folder = tmp_path_factory.mktemp("preview")
    script = opened.with_name("editor.py")
    script.write_text(_EDITOR, "utf-8")
    editor = f"{sys.executable} {script} {opened} {{file}} {{line}}"
    with preview_of(folder, "leaflet", "--editor", editor, edit=_commit) as preview:
        yield preview
        assert preview.end() == 130
        assert "Traceback" not in preview.said()


def _commit(book: Path) -> None:
    """Write a longer chapter, and put the book into git."""
    (book / "chapter-2.md").write_text(f"# Two\n\n{_WRAPPED}\n\n{_LONG}\n", "utf-8")
    author = ("-c", "user.name=Ann", "-c", "user.email=ann@example.org")
    for words in (("init", "-q"), ("add", "."), ("commit", "-qm", "First"), ("tag", "v1")):
        subprocess.run(["git", *author, *words], cwd=book, check=True)


@pytest.fixture(scope="module")
def shown(preview: Preview) -> Iterator[Shown]:
    with chromium() as browser:
        shown = Shown(browser, preview)
        wait_for(lambda: shown.page.locator(".page").count() > 6)
        yield shown
        # What is asked for may be out of date when the answer comes.
        assert [one for one in shown.complaints if "404 (Not Found)" not in one] == []


def replace_in(path: Path, old: str, new: str) -> None:
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new), "utf-8")


def test_a_saved_page_is_drawn_anew_and_nothing_else_moves(preview: Preview, shown: Shown) -> None:
    shown.go_to("3")
    shown.page.evaluate("document.querySelector('#pages').scrollTop += 37")
    wait_for(lambda: shown.drawn("4"))
    before, other, scroll = shown.drawn("3"), shown.drawn("4"), shown.scroll()
    shown.asked.clear()
    replace_in(preview.book / "chapter-2.md", "medlars", "sloes")
    wait_for(lambda: shown.drawn("3") != before)
    shown.page.wait_for_selector(".line:has-text('sloes')", state="attached")
    assert shown.drawn("4") == other
    assert shown.scroll() == scroll
    images = [path for path in shown.asked if path.endswith(".webp")]
    assert len(images) == 1
    assert "Page 3 has changed" in shown.text("#status")


def test_pages_before_it_do_not_move_what_is_looked_at(preview: Preview, shown: Shown) -> None:
    shown.go_to("3")
    line = shown.page.locator(".line:has-text('Quinces')")
    top = line.bounding_box()["y"]
    count = shown.page.locator(".page").count()
    # Two pages more of the first chapter: the second one begins two pages later.
    replace_in(preview.book / "chapter-1.md", "A first", f"{_LONG[:2600]}\n\nA first")
    wait_for(lambda: shown.page.locator(".page").count() > count)
    shown.page.wait_for_selector(".page[aria-label='Page 5'] .line:has-text('Quinces')")
    wait_for(lambda: shown.page.locator(".line:has-text('Quinces')").count() == 1)
    assert shown.page.locator(".line:has-text('Quinces')").bounding_box()["y"] == top
    replace_in(preview.book / "chapter-1.md", f"{_LONG[:2600]}\n\nA first", "A first")
    wait_for(lambda: shown.page.locator(".page").count() == count)
    shown.page.wait_for_selector(".page[aria-label='Page 3'] .line:has-text('Quinces')")


def test_a_click_opens_the_source_line_and_a_cursor_its_page(
    preview: Preview, shown: Shown, opened: Path
) -> None:
    shown.go_to("3")
    # The paragraph begins in line 3; these words of it are on the next one.
    shown.page.click(".line:has-text('sloes')")
    wait_for(lambda: opened.is_file() and opened.read_text("utf-8"))
    file, line = opened.read_text("utf-8").rsplit(" ", 1)
    assert Path(file).name == "chapter-2.md"
    assert int(line) in {3, 4}

    opened.unlink()
    shown.go_to("1")
    image = shown.page.locator(".page[aria-label='Page 1'] .line[data-line='7']").first
    assert image.bounding_box()["height"] > 60
    image.click()
    wait_for(lambda: opened.is_file() and opened.read_text("utf-8"))
    assert opened.read_text("utf-8").endswith("chapter-1.md 7")

    shown.page.press("body", "End")
    run = makeready("preview", "--goto", f"{preview.book}/chapter-1.md:5")
    assert run.code == 0, run.err
    shown.page.wait_for_selector(".line.target:has-text('points to')")
    assert "page 1" in shown.text("#status")
    run = makeready("preview", "--goto", f"{preview.book}/../elsewhere.md:5")
    assert run.code == 2
    assert "No preview" in run.err


def test_what_has_changed_is_shown_side_by_side(preview: Preview, shown: Shown) -> None:
    page = shown.page
    page.press("body", "v")
    replace_in(preview.book / "chapter-2.md", "Paragraph 80 is", "Paragraph 80 speaks")
    page.wait_for_selector(".pair-texts ins:has-text('speaks')")
    assert page.locator(".pair", has_text="sloes").count() == 1
    pair = page.locator(".pair", has_text="speaks")
    assert pair.locator("del").all_inner_texts() == ["is"]
    heading = pair.locator("h2").inner_text()
    label = heading.removeprefix("Page ").removesuffix(": changed in 1 place")
    assert label.isdigit()
    for side in ("old", "new"):
        assert pair.locator(f".face-of.{side} .difference").count() == 1
    pair.scroll_into_view_if_needed()
    loaded = "images => images.every(image => image.complete && image.naturalWidth > 99)"
    wait_for(lambda: pair.locator("img").evaluate_all(loaded))
    assert "the preview was started" in shown.text("#changes-summary")

    # At the tag the book was what it was at the start.
    page.select_option("#since", "v1")
    page.wait_for_selector("#changes-summary:has-text('Since v1 (')")
    page.wait_for_selector(".pair-texts ins:has-text('speaks')")
    page.press("body", "End")
    assert page.locator(".pair:focus", has_text="speaks").count() == 1
    pair.get_by_role("button").click()
    page.wait_for_selector(f".page[aria-label='Page {label}'] .line:has-text('speaks')")
    assert page.locator("#changes").is_hidden()


def test_a_finding_is_listed_and_marked_and_a_broken_book_keeps_its_pages(
    preview: Preview, shown: Shown
) -> None:
    chapter = preview.book / "chapter-1.md"
    whole = chapter.read_text("utf-8")
    shown.go_to("1")
    shown.page.press("body", "f")
    replace_in(chapter, "[](#chapter-2)", "[](#nowhere)")
    shown.page.wait_for_selector(".finding.error:has-text('REF-001')")
    assert "chapter-1.md:5" in shown.text(".finding.error")
    shown.page.wait_for_selector(".page[aria-label='Page 1'] .mark.error", state="attached")
    assert shown.page.locator(".page .line.error").count() > 0

    book = preview.book / "book.toml"
    toml = book.read_text("utf-8")
    count = shown.page.locator(".page").count()
    book.write_text(toml.replace('title = "A', "title = A"), "utf-8")
    shown.page.wait_for_selector("#problem:not([hidden])")
    # It waits for the next save, and does not try again and again.
    shown.page.wait_for_timeout(500)
    assert preview.said().count("could not be made") == 1
    assert shown.page.locator(".page").count() == count
    assert shown.page.locator(".page img").count() > 0
    book.write_text(toml, "utf-8")
    chapter.write_text(whole, "utf-8")
    shown.page.wait_for_selector("#problem", state="hidden")
    shown.page.wait_for_selector(".finding.error", state="detached")
    shown.page.press("body", "f")


def test_the_ebook_is_beside_the_pages(shown: Shown) -> None:
    shown.page.press("body", "e")
    frame = shown.page.frame_locator("#device-frame iframe >> nth=-1")
    shown.page.wait_for_selector("#device-frame iframe", timeout=60_000)
    shown.page.select_option("#device", "reader")
    value = shown.page.get_attribute("#ebook-contents option:has-text('Two')", "value")
    shown.page.select_option("#ebook-contents", value)
    frame.locator("p", has_text="sloes").wait_for(state="attached")
    width = shown.page.get_attribute("#device-frame iframe", "width")
    assert width == "536"
    wait_for(lambda: shown.text("#ebook-place").startswith("1 of ") and not _is_last(shown))
    shown.page.click("#ebook-next")
    # A new file of the book may be on its way.
    wait_for(lambda: shown.text("#ebook-place").startswith("2 of "))
    while not _is_last(shown):
        shown.page.click("#ebook-next")
    # The last screen is as wide as the others, its outer margin included.
    at = frame.locator("html").evaluate("html => html.scrollLeft")
    assert at == (int(shown.text("#ebook-place").split()[0]) - 1) * 536
    shown.page.press("body", "e")


def test_an_ebook_that_is_shown_can_still_be_read_when_another_is_made(
    shown: Shown, preview: Preview
) -> None:
    def asked(path: str) -> tuple[int, str]:
        answer = shown.page.request.get(urljoin(preview.address, path))
        return answer.status, answer.text()

    def digest() -> str:
        return str(json.loads(asked("/editions/ebook/epub.json")[1])["digest"])

    def chapter() -> str:
        return asked(f"/epub/ebook/{digests[-1]}/EPUB/text/chapter-2.xhtml")[1]

    def is_new() -> bool:
        if digest() != digests[-1]:
            digests.append(digest())
        return "Paragraph 89 was" in chapter()

    wait_for(lambda: asked("/editions/ebook/epub.json")[0] == 200)
    digests = [digest()]
    assert "Paragraph 89 is" in chapter()
    replace_in(preview.book / "chapter-2.md", "Paragraph 89 is", "Paragraph 89 was")
    # The files of earlier edits may come before it.
    wait_for(is_new)
    digests.pop()
    assert "Paragraph 89 is" in chapter()


def _is_last(shown: Shown) -> bool:
    screen, _, screens = shown.text("#ebook-place").partition(" of ")
    return screen == screens


def test_facing_pages_are_put_as_a_reader_holds_them(shown: Shown) -> None:
    units = "(...given) => import('/assets/pages.js').then((made) => made.unitsOf(...given))"
    call = f"given => ({units})(...given)"
    assert shown.page.evaluate(call, [4, True, False]) == [[None, 0], [1, 2], [3, None]]
    assert shown.page.evaluate(call, [5, True, True]) == [[0, None], [2, 1], [4, 3]]
    assert shown.page.evaluate(call, [2, False, False]) == [[0], [1]]


def test_a_revision_that_git_does_not_know_is_refused_at_once(preview: Preview) -> None:
    run = makeready("preview", "--since", "v9", "--book", preview.book)
    assert run.code == 2
    assert "Git knows no revision “v9”" in run.err
