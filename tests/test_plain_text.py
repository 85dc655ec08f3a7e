"""The manuscript keeps every word of the source, in its order, as it stands."""

import re
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
MANUSCRIPT = ROOT / "manuscript"
SOURCE = ROOT / "tests" / "data" / "interview.txt"

HEAD_LINES = 2
SOURCE_SECTIONS = ["introduction", *(f"chapter-{number}" for number in range(1, 8)), "biography"]
QUERY = re.compile(r"\{>>.*?<<\}", re.DOTALL)


def paragraphs_of_source():
    return [line for line in SOURCE.read_text("utf-8").splitlines() if line.strip()]


def paragraphs_of_section(name):
    text = QUERY.sub("", (MANUSCRIPT / f"{name}.md").read_text("utf-8"))
    text = re.sub(r"^\{[^}\n]*\}$", "", text, flags=re.MULTILINE)
    text = re.sub(r"\*([^*\n]+)\*", r"\1", text)
    blocks = (block.strip() for block in re.split(r"\n\s*\n", text))
    return [block.removeprefix("# ").replace("\n", " ") for block in blocks if block]


def section_texts():
    return {path.stem: path.read_text("utf-8") for path in sorted(MANUSCRIPT.glob("*.md"))}


def test_every_paragraph_of_the_source_stands_in_its_order():
    written = [text for name in SOURCE_SECTIONS for text in paragraphs_of_section(name)]
    heading, *rest = written
    assert heading == "Introduction"
    assert rest == paragraphs_of_source()[HEAD_LINES:]


def test_head_of_the_source_is_the_metadata():
    book = tomllib.loads((MANUSCRIPT / "book.toml").read_text("utf-8"))
    headline, writer = paragraphs_of_source()[:HEAD_LINES]
    assert f"{book['display_title']}: {book['subtitle']}" == headline
    assert book["title"].upper() == book["display_title"]
    assert [person["name"] for person in book["contributors"]] == [writer]


def test_sections_of_the_source_are_listed_in_its_order():
    book = tomllib.loads((MANUSCRIPT / "book.toml").read_text("utf-8"))
    listed = [*book["frontmatter"], *book["bodymatter"], *book["backmatter"]]
    assert [name for name in listed if name in SOURCE_SECTIONS] == SOURCE_SECTIONS


@pytest.mark.parametrize(("name", "text"), section_texts().items())
def test_queries_are_well_formed(name, text):
    assert text.count("{>>") == text.count("<<}") == len(QUERY.findall(text)), name
    for query in QUERY.findall(text):
        assert "\n" not in query, "a query stands on the line of the words it concerns"
        assert re.fullmatch(r"\{>> \S.*[.?] <<\}", query), "a query is a sentence"


def test_chronology_is_in_order_and_only_of_years_the_biography_gives():
    chronology = section_texts()["chronology"]
    years = re.findall(r"^(\d{4})$", chronology, re.MULTILINE)
    assert years == sorted(set(years))
    biography = " ".join(paragraphs_of_section("biography"))
    told = set(re.findall(r"\b\d{4}\b", biography))
    assert set(re.findall(r"\b\d{4}\b", chronology)) <= told
    titles = re.findall(r"\*([^*]+)\*", chronology)
    assert len(titles) == 5
    assert all(title in biography for title in titles)


def test_every_abbreviation_occurs_in_the_text():
    text = " ".join(paragraphs_of_source())
    terms = re.findall(r"^(\S+)\n:", section_texts()["glossary"], re.MULTILINE)
    assert terms == sorted(terms)
    assert [term for term in terms if term not in text] == []
