"""Theorems, definitions, exercises and their solutions, in the spellings of each tool."""

from __future__ import annotations

from pathlib import Path

import pytest
from lxml import etree
from tiny_book import TOML, chapter, read

from makeready.book.labels import labels_in_all_languages
from makeready.book.model import Element
from makeready.manuscript.statement_kinds import KINDS

TWO_CHAPTERS = TOML.replace('["chapter-1"]', '["chapter-1", "chapter-2"]')
THEOREMS = {
    "MyST": "```{prf:theorem} The *line*\n:label: thm-line\n\nText.\n```",
    "MyST in colons": ":::{prf:theorem} The *line*\n:label: thm-line\n\nText.\n:::",
    "MyST in capitals": ":::{prf:Theorem} The *line*\n:label: thm-line\nText.\n:::",
    "Quarto": "::: {#thm-line}\n## The *line*\n\nText.\n:::",
    "Quarto, by an attribute": '::: {#thm-line name="The *line*"}\nText.\n:::',
    "bookdown": '::: {.theorem #thm-line name="The *line*"}\nText.\n:::',
    "older bookdown": '```{theorem, label="thm-line", name="The *line*"}\nText.\n```',
    "Pandoc": "::: theorem\n## The *line*\n\nText.\n:::",
}


def statements(tree: Element) -> list[Element]:
    return [div for div in tree.iter("div") if "statement" in (div.get("class") or "").split()]


def words(element: Element) -> str:
    return " ".join("".join(map(str, element.itertext())).split())


def texts(root: Path, text: str, toml: str = TOML) -> list[str]:
    return [words(one) for one in statements(chapter(root, text, toml).section("chapter-1").tree)]


@pytest.mark.parametrize("text", THEOREMS.values(), ids=THEOREMS)
def test_a_theorem_has_its_number_and_name_in_its_first_line(tmp_path: Path, text: str) -> None:
    (theorem,) = statements(chapter(tmp_path, text).section("chapter-1").tree)
    assert theorem.get("class") == "statement theorem"
    (paragraph,) = theorem
    assert words(paragraph) == "Theorem 1.1 (The line). Text."
    assert paragraph.find("span[@class='statement-name']/em") is not None


REFERENCES = {
    "MyST": "{prf:ref}`thm-line`",
    "of any extension": "{some:ref}`thm-line`",
    "Quarto": "@thm-line",
    "ours": "[](#thm-line)",
    "MyST, with words": "[the line](thm-line)",
}


@pytest.mark.parametrize("text", REFERENCES.values(), ids=REFERENCES)
def test_a_theorem_is_referred_to(tmp_path: Path, text: str) -> None:
    book = chapter(tmp_path, f"{THEOREMS['MyST']}\n\nSee {text}.")
    link = book.section("chapter-1").tree.find(".//a")
    assert link is not None
    anchor = book.anchors[str(link.get("href")).removeprefix("#")]
    assert (anchor.kind, anchor.number, anchor.title) == ("theorem", "1.1", "The line")


def test_bookdown_refers_to_a_theorem_by_its_kind(tmp_path: Path) -> None:
    book = chapter(tmp_path, "::: {.lemma #short}\nText.\n:::\n\nLemma \\@ref(lem:short).")
    link = book.section("chapter-1").tree.find(".//a")
    assert link is not None
    assert (link.get("href"), link.get("data-form")) == ("#short", "numeral")


def test_each_kind_is_counted_by_chapter(tmp_path: Path) -> None:
    lemma = ":::{prf:lemma}\nText.\n:::\n\n"
    one = f"# One\n\n{lemma}{lemma}:::{{prf:theorem}}\nText.\n:::\n"
    two = f"# Two\n\n{lemma}"
    files = {"book.toml": TWO_CHAPTERS, "chapter-1.md": one, "chapter-2.md": two}
    book, found = read(tmp_path, files)
    assert book is not None
    assert found == []
    labels = [
        [words(one).partition(". ")[0] for one in statements(section.tree)]
        for section in book.sections
    ]
    assert labels == [["Lemma 1.1", "Lemma 1.2", "Theorem 1.1"], ["Lemma 2.1"]]


@pytest.mark.parametrize(
    ("captions", "numbers"),
    [("", "1.1 2.1 2.2"), ("chapter", "1.1 2.1 2.2"), ("book", "1 2 3")],
)
def test_they_are_counted_as_captions_are(captions: str, numbers: str, tmp_path: Path) -> None:
    theorem = ":::{prf:theorem}\nText.\n:::\n\n"
    toml = TWO_CHAPTERS + (f'numbering = {{ captions = "{captions}" }}\n' if captions else "")
    one, two = f"# One\n\n{theorem}", f"# Two\n\n{theorem}{theorem}"
    book, found = read(tmp_path, {"book.toml": toml, "chapter-1.md": one, "chapter-2.md": two})
    assert book is not None
    assert found == []
    labels = [words(one).split()[1] for s in book.sections for one in statements(s.tree)]
    assert " ".join(labels) == " ".join(f"{number}." for number in numbers.split())


UNNUMBERED = {
    ":::{prf:theorem}\n:nonumber:\n\nText.\n:::": "Theorem. Text.",
    ":::{exercise}\n:enumerated: false\n\nText.\n:::": "Exercise. Text.",
    "::: {.remark}\nText.\n:::": "Remark. Text.",
    "::: {.theorem .unnumbered}\nText.\n:::": "Theorem. Text.",
}


@pytest.mark.parametrize("text", UNNUMBERED)
def test_without_a_number(tmp_path: Path, text: str) -> None:
    assert texts(tmp_path, text) == [UNNUMBERED[text]]


EXERCISES = {
    "blocks": "```{exercise} Pots\n:label: e\n\nSow.\n```\n\n"
    "```{solution} e\n:label: s\n:class: dropdown\n\nDone.\n```",
    "gates": "```{exercise-start} Pots\n:label: e\n```\n\nSow.\n\n```{exercise-end}\n```\n\n"
    "```{solution-start} e\n:label: s\n:class: dropdown\n```\nDone.\n\n```{solution-end}\n```",
    "gates of colons": ":::{exercise-start} Pots\n:label: e\n:::\n\nSow.\n\n:::{exercise-end}\n"
    ":::\n\n:::{solution-start} e\n:label: s\n:::\nDone.\n\n:::{solution-end}\n:::",
}


@pytest.mark.parametrize("text", EXERCISES.values(), ids=EXERCISES)
def test_an_exercise_and_its_solution(tmp_path: Path, text: str) -> None:
    book = chapter(tmp_path, f"{text}\n\nSee {{ref}}`s`.")
    exercise, solution = statements(book.section("chapter-1").tree)
    assert words(exercise) == "Exercise 1.1 (Pots). Sow."
    label = solution.find(".//span[@class='statement-label']")
    assert label is not None
    assert label.text == "Solution to "
    assert [(a.get("href"), a.get("data-form")) for a in label] == [("#e", "number")]
    assert book.anchors["s"].kind == "solution"
    assert book.anchors["s"].number == "1.1"
    assert solution.get("class") == "statement solution unnumbered"


def test_code_and_headings_may_be_between_gates(tmp_path: Path) -> None:
    text = (
        "```{exercise-start}\n```\n## A head\n\n```python\na = 1\n```\n\n- x\n\n"
        "```{exercise-end}\n```\n\nAfter."
    )
    tree = chapter(tmp_path, text).section("chapter-1").tree
    exercise, after = tree
    assert [block.tag for block in exercise] == ["p", "p", "pre", "ul"]
    assert exercise[0].get("class") == "statement-title"
    assert after.tag == "p"
    assert not list(tree.iter("h2"))


START, END = "MAN-050", "MAN-058"
GATES_ALONE = {
    "an end": ("Text.\n\n```{exercise-end}\n```", [(END, 5)]),
    "a start": ("Text.\n\n```{exercise-start}\n```\n\nText.", [(START, 5)]),
    "another end": (
        "```{exercise-start}\n```\n\n```{solution-end}\n```\n\n```{exercise-end}\n```",
        [(START, 3), (END, 6), (END, 9)],
    ),
    "an end elsewhere": (
        "- ```{exercise-start}\n  ```\n\n```{exercise-end}\n```",
        [(START, 3), (END, 6)],
    ),
}


@pytest.mark.parametrize(("text", "expected"), GATES_ALONE.values(), ids=GATES_ALONE)
def test_a_gate_alone_is_reported(
    tmp_path: Path, text: str, expected: list[tuple[str, int]]
) -> None:
    _, found = read(tmp_path, {"chapter-1.md": f"# One\n\n{text}\n"})
    assert [(rule, line) for rule, _, line in found] == expected


ENDS = {
    "a paragraph": ("Text.", "Proof. Text. ■"),
    "a list": ("- a\n- b", "Proof.ab ■"),
    "a formula": ("Text\n\n$$a = b$$", "Proof. Text■"),
    "code": ("Text\n\n```\na\n```", "Proof. Texta■"),
    "a sign of the author's": ("Text. ∎", "Proof. Text. ∎"),
    "a command of the author's": (r"Text. $\square$", "Proof. Text."),
}


@pytest.mark.parametrize(("text", "expected"), ENDS.values(), ids=ENDS)
def test_a_proof_ends_with_a_mark(tmp_path: Path, text: str, expected: str) -> None:
    assert texts(tmp_path, f":::{{prf:proof}}\n{text}\n:::") == [expected]


def test_a_proof_of_something_is_called_so(tmp_path: Path) -> None:
    text = ":::{prf:proof} Proof of the line\nText.\n:::"
    assert texts(tmp_path, text) == ["Proof of the line. Text. ■"]


def test_a_statement_that_begins_with_another_block_has_a_line_for_its_label(
    tmp_path: Path,
) -> None:
    text = ":::{exercise}\n- a\n:::"
    (exercise,) = statements(chapter(tmp_path, text).section("chapter-1").tree)
    assert [(block.tag, block.get("class")) for block in exercise] == [
        ("p", "statement-title"),
        ("ul", None),
    ]


def test_a_class_that_other_blocks_have_is_no_statement_by_itself(tmp_path: Path) -> None:
    assert texts(tmp_path, "::: {.example}\nText.\n:::") == []
    assert texts(tmp_path, "::: {.example #e}\nText.\n:::") == ["Example 1.1. Text."]


def test_a_statement_is_called_in_the_language_of_the_book(tmp_path: Path) -> None:
    toml = TOML.replace('"en"', '"de"')
    assert texts(tmp_path, THEOREMS["MyST"], toml) == ["Satz 1.1 (The line). Text."]
    for kind in KINDS:
        assert all(labels_in_all_languages(kind)), kind
    assert all("{exercise}" in label for label in labels_in_all_languages("solution_of"))


def test_an_equation_may_have_the_name_of_a_heading(tmp_path: Path) -> None:
    text = "(pot)=\n## Pots\n\n$$a = b$$ (pot)\n\n{eq}`pot` and {ref}`pot`"
    tree = chapter(tmp_path, text).section("chapter-1").tree
    links = [(a.get("href"), a.get("data-form")) for a in tree.iter("a")]
    assert links == [("#chapter-1-pot", "eqref"), ("#pot", "title")]


def test_two_equations_of_one_name_are_reported(tmp_path: Path) -> None:
    text = "# One\n\n$$a = b$$ (pot)\n\n$$b = a$$ (pot)\n"
    _, found = read(tmp_path, {"chapter-1.md": text})
    assert found == [("REF-007", "chapter-1.md", 5)]


def test_ten_thousand_gates_are_read_in_time(tmp_path: Path) -> None:
    text = "```{exercise-start}\n```\nx\n\n" * 3_000 + ":::{prf:lemma}\n:::{solution-end}\n" * 3_000
    book, _ = read(tmp_path, {"chapter-1.md": f"# One\n\n{text}"})
    assert book is not None
    assert etree.tostring(book.sections[0].tree)
