"""The web site of a book: its pages as files, in a browser, and what does not get into it."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import unquote, urlsplit

import pytest
from lxml import etree
from playwright.sync_api import Page, sync_playwright
from tinyhtml5.parser import HTMLParser

from conftest import BOOKS, CACHE, Run, makeready
from makeready.deletion import clean

_ADDRESSES = ("href", "src")
PAGES = {
    *("index", "copyright-page", "dedication", "epigraph", "foreword", "part-1", "chapter-1"),
    *("chapter-2", "chapter-3", "appendix-1", "glossary", "bibliography", "index-page", "colophon"),
}
"""Of the garden; its second part is a title alone."""


def made(book: Path, output: Path, *arguments: str) -> Run:
    return makeready("site", "--book", book, "--output", output, "--cache", CACHE, *arguments)


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    output = tmp_path_factory.mktemp("site")
    run = made(BOOKS / "garden", output)
    assert run.code == 0, run.out + run.err
    assert f"{output.as_posix()}/site/  open index.html" in run.out
    return output / "site"


@pytest.fixture(scope="module")
def chromium() -> Iterator[Callable[..., Page]]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"))

        def opened(address: Path, width: int = 1440, **options: object) -> Page:
            page = browser.new_page(viewport={"width": width, "height": 900}, **options)
            page.goto(address.as_uri())
            return page

        yield opened
        browser.close()


def tree(path: Path) -> etree._Element:
    return etree.fromstring(path.read_bytes(), etree.HTMLParser())


def ids(path: Path) -> set[str]:
    return {str(e.get("id")) for e in tree(path).iter() if e.get("id")}


def test_each_section_with_a_text_is_a_page(site: Path) -> None:
    assert {path.stem for path in site.glob("*.html")} == PAGES


def test_pages_have_no_script_but_that_of_every_site(site: Path) -> None:
    scripts = [s for path in site.glob("*.html") for s in tree(path).iter("script")]
    assert {(str(s.get("src")), s.text) for s in scripts} == {("style/site.js", None)}


def test_pages_are_valid_html(site: Path) -> None:
    for path in site.glob("*.html"):
        parser = HTMLParser()
        parser.parse(path.read_text("utf-8"))
        assert parser.errors == [], path.name


def test_every_address_leads_to_a_file_and_an_id(site: Path) -> None:
    count = 0
    for path in site.glob("*.html"):
        for element in tree(path).iter(etree.Element):
            for name in _ADDRESSES:
                value = element.get(name)
                if value is None or (element.tag == "a" and urlsplit(value).scheme):
                    continue
                parts = urlsplit(value)
                assert not parts.scheme, f"{path.name}: {value}"
                assert not parts.netloc, f"{path.name}: {value}"
                target = site / unquote(parts.path) if parts.path else path
                assert target.is_file(), f"{path.name}: {value}"
                assert not parts.fragment or unquote(parts.fragment) in ids(target), value
                count += 1
    assert count > 200


def test_pages_follow_each_other(site: Path) -> None:
    name, seen = "index.html", list[str]()
    while name:
        seen.append(name.removesuffix(".html"))
        following = tree(site / name).find(".//a[@rel='next']")
        name = str(following.get("href")) if following is not None else ""
    assert set(seen) == PAGES
    assert len(seen) == len(PAGES)
    back = tree(site / "chapter-1.html").find(".//a[@rel='prev']")
    assert back is not None
    assert back.get("href") == f"{seen[seen.index('chapter-1') - 1]}.html"


def test_the_contents_mark_the_page(site: Path) -> None:
    for name in ("chapter-2", "glossary"):
        current = tree(site / f"{name}.html").findall(
            ".//nav[@id='web-contents']//a[@aria-current]"
        )
        assert [link.get("href") for link in current] == [f"{name}.html"]


def test_two_runs_give_the_same_bytes(site: Path, tmp_path: Path) -> None:
    assert made(BOOKS / "garden", tmp_path).code == 0
    again = tmp_path / "site"
    paths = {path.relative_to(site) for path in site.rglob("*") if path.is_file()}
    assert paths == {path.relative_to(again) for path in again.rglob("*") if path.is_file()}
    assert [p for p in paths if (site / p).read_bytes() != (again / p).read_bytes()] == []


def test_clean_deletes_the_site_and_keeps_other_files(site: Path, tmp_path: Path) -> None:
    shutil.copytree(site, tmp_path / "site")
    (tmp_path / "site" / "CNAME").write_text("garden.example\n")
    clean(tmp_path, [])
    assert [path.name for path in tmp_path.rglob("*") if path.is_file()] == ["CNAME"]


def test_what_runs_or_is_fetched_gets_into_no_page(
    broken_book: Callable[..., Path], tmp_path: Path
) -> None:
    book, output = broken_book(), tmp_path / "dist"
    for file, text in {
        "layouts/webpage.html.j2": "<html><body><script>1</script></body></html>",
        "css/web.css": "@import url(https://style.example/a.css);",
    }.items():
        path = book / "styles" / file
        path.parent.mkdir(parents=True)
        path.write_text(text, "utf-8")
    run = made(book, output, "--json")
    assert run.code == 1
    assert {one[0] for one in run.findings} == {"EPU-015", "MET-091"}
    assert not (output / "site").exists()


def test_the_search_leads_to_a_passage(site: Path, chromium: Callable[..., Page]) -> None:
    page = chromium(site / "foreword.html")
    page.keyboard.press("/")
    page.keyboard.type("salt-cellar")
    page.wait_for_selector(".web-results a")
    page.keyboard.press("Enter")
    page.wait_for_url("**/chapter-2.html")
    page.fill(".web-search input", "zyzzyva")
    # What is searched is loaded when it is first needed.
    page.wait_for_function("document.querySelector('.web-results').innerText == 'Nothing found'")


def test_light_and_dark_are_kept(site: Path, chromium: Callable[..., Page]) -> None:
    page = chromium(site / "chapter-1.html", color_scheme="dark")

    def background() -> str:
        return str(page.evaluate("getComputedStyle(document.body).backgroundColor"))

    dark = background()
    page.click(".web-tools button")
    light = background()
    assert light != dark
    page.reload()
    assert background() == light


def test_a_phone_has_the_contents_as_a_panel(site: Path, chromium: Callable[..., Page]) -> None:
    page = chromium(site / "chapter-2.html", 390)
    panel = page.locator("#web-contents")
    assert not panel.is_visible()
    page.click(".web-menu")
    assert panel.is_visible()
    page.keyboard.press("Escape")
    assert not panel.is_visible()
    page.click(".web-menu")
    panel.get_by_text("The ground").first.click()
    page.wait_for_url("**/chapter-1.html")


@pytest.mark.parametrize("width", [390, 1440])
def test_no_page_is_wider_than_the_screen(
    site: Path, chromium: Callable[..., Page], width: int
) -> None:
    page = chromium(site / "index.html", width)
    for path in sorted(site.glob("*.html")):
        page.goto(path.as_uri())
        wider = page.evaluate("document.documentElement.scrollWidth - innerWidth")
        assert wider <= 0, path.name


def test_without_scripts_all_can_be_read(site: Path, chromium: Callable[..., Page]) -> None:
    page = chromium(site / "chapter-1.html", 390, java_script_enabled=False)
    page.click(".web-menu")
    page.get_by_role("link", name="Sowing by the calendar").click()
    assert "salt-cellar" in page.inner_text("main")
