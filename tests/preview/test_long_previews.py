"""The preview over a longer time, on screens of all sizes, and when its processes end."""

from __future__ import annotations

import json
import os
import signal
from pathlib import Path

import pytest
from preview_runs import Preview, Shown, chromium, preview_of, wait_for

pytestmark = [pytest.mark.slow, pytest.mark.long]

_CONTRAST = """
() => {
    const number = (text) => {
        const [r, g, b, a = 1] = text.match(/[\\d.]+/g).map(Number);
        return [r, g, b, a];
    };
    const light = ([r, g, b]) => {
        const [x, y, z] = [r, g, b].map((v) => v / 255).map((v) =>
            v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4);
        return 0.2126 * x + 0.7152 * y + 0.0722 * z;
    };
    const behind = (element) => {
        for (let one = element; one; one = one.parentElement) {
            const colour = number(getComputedStyle(one).backgroundColor);
            if (colour[3] > 0.99) return colour;
        }
        return [255, 255, 255, 1];
    };
    const faint = [];
    for (const element of document.querySelectorAll("body *")) {
        const text = [...element.childNodes].some((n) => n.nodeType === 3 && n.data.trim());
        if (!text || !element.checkVisibility()) continue;
        if (element.closest(".lines, .unseen, .skip")) continue;
        const one = light(number(getComputedStyle(element).color));
        const other = light(behind(element));
        const ratio = (Math.max(one, other) + 0.05) / (Math.min(one, other) + 0.05);
        if (ratio < 4.5) faint.push(`${element.outerHTML.slice(0, 80)} ${ratio}`);
    }
    return faint;
}
"""


@pytest.mark.parametrize("width", [390, 820, 1440])
def test_everything_can_be_read_on_every_screen(tmp_path: Path, width: int) -> None:
    with preview_of(tmp_path, "lighthouse") as preview, chromium() as browser:
        chapter = preview.book / "chapter-2.md"
        chapter.write_text(f"{chapter.read_text('utf-8')}\n[](#nowhere)\n", "utf-8")
        shown = Shown(browser, preview, width=width)
        page = shown.page
        for theme in ("light", "dark"):
            for panel in ("f", "e", "c", "v", "?"):
                page.keyboard.press(panel)
                page.wait_for_timeout(800)
                assert page.evaluate(_CONTRAST) == [], (theme, panel)
                page.screenshot(path=tmp_path / f"{width}-{theme}-{ord(panel)}.png")
                overflow = "document.documentElement.scrollWidth - window.innerWidth"
                assert page.evaluate(overflow) <= 0, (theme, panel)
                page.keyboard.press("Escape" if panel == "?" else panel)
            page.keyboard.press("d")
        names = page.evaluate(
            """() => [...document.querySelectorAll("button, select, input, nav, aside, main")]
                .filter((one) => one.checkVisibility())
                .filter((one) => !(one.ariaLabel || one.textContent.trim() || one.title
                    || one.closest("label")))
                .map((one) => one.outerHTML)"""
        )
        assert names == []


def test_a_server_that_ends_is_back_with_the_same_pages(tmp_path: Path) -> None:
    with preview_of(tmp_path, "leaflet") as preview, chromium() as browser:
        shown = Shown(browser, preview)
        wait_for(lambda: shown.text("#working") == "")
        before = preview.own("/editions/paperback/pages.json").content
        parent = preview.process.pid
        children = Path(f"/proc/{parent}/task/{parent}/children").read_text("utf-8").split()
        os.kill(int(children[0]), signal.SIGKILL)
        wait_for(lambda: _is_answered(preview))
        after = preview.own("/editions/paperback/pages.json").content
        known, again = json.loads(before), json.loads(after)
        assert known["pages"] == again["pages"]
        assert known["revision"] != again["revision"]
        digest = shown.digest("1")
        chapter = preview.book / "chapter-1.md"
        chapter.write_text(chapter.read_text("utf-8").replace("A first", "Another"), "utf-8")
        wait_for(lambda: shown.digest("1") != digest)
        assert preview.end(signal.SIGTERM) == 143
        assert "Traceback" not in preview.said()


def _is_answered(preview: Preview) -> bool:
    try:
        return preview.own("/editions/paperback/pages.json").status == 200
    except OSError:
        return False


def test_files_that_come_and_go_are_followed(tmp_path: Path) -> None:
    with preview_of(tmp_path, "leaflet") as preview, chromium() as browser:
        shown = Shown(browser, preview)
        toml = preview.book / "book.toml"
        whole = toml.read_text("utf-8")
        (preview.book / "chapter-3.md").write_text("# Pears\n\nOf pears.\n", "utf-8")
        toml.write_text(whole.replace('"chapter-2"]', '"chapter-2", "chapter-3"]'), "utf-8")
        wait_for(lambda: "Pears" in preview.own("/editions/paperback/pages.json").content.decode())
        shown.page.wait_for_selector("#status:has-text('changed')")
        shown.page.press("body", "End")
        shown.page.wait_for_selector(".line:has-text('Of pears')", state="attached")
        (preview.book / "chapter-3.md").unlink()
        shown.page.press("body", "f")
        shown.page.wait_for_selector(".finding.error:has-text('chapter-3.md')")
        toml.write_text(whole, "utf-8")
        shown.page.wait_for_selector(".line:has-text('Of pears')", state="detached")
        shown.page.wait_for_selector(".finding.error", state="detached")
