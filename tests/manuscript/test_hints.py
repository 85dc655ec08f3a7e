"""What a hint proposes works: the text it gives, put into the book, leaves no finding."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from tiny_book import PNG, write_book

import makeready
from makeready.cli.main import makeready as command
from makeready.findings import Findings, rules_by_id
from makeready.manuscript.reader import read_book

RULES = rules_by_id()
TOML = """\
title = "Tiny"
language = "en"
modified = 2026-11-01
bodymatter = ["chapter-1", "chapter-2"]
"""
TWO = "# Two\n\nWords.\n\n## Frost {#frost}\n\nMore.\n"

Fix = Callable[[str], str]


def found(root: Path, text: str, toml: str = TOML) -> dict[str, str]:
    """Return the hints of the findings in a book with this chapter, by their rules.

    A backslash in its text stands for a finding: an author would see it in print.
    """
    files = {"book.toml": toml, "chapter-1.md": text, "chapter-2.md": TWO}
    if "a%20b.png" in text or "a b.png" in text:
        files |= {"images/a b.png": PNG}  # type: ignore[dict-item]
    if "a.png" in text:
        files |= {"images/a.png": PNG}  # type: ignore[dict-item]
    findings = Findings()
    book = read_book(write_book(root, files), findings)
    hints = {finding.id: finding.hint for finding in findings if finding.id != "MAN-019"}
    printed = "".join(book.section("chapter-1").tree.itertext()) if book is not None else ""
    return hints | ({"backslash": printed} if "\\" in printed else {})


def taken(pattern: str) -> Fix:
    """Return a function that takes from a hint what ``pattern`` has in its first group."""

    def fix(hint: str) -> str:
        match = re.search(pattern, hint)
        assert match is not None, hint
        return match[1]

    return fix


def with_hint(text: str, pattern: str, **replacing: str) -> Fix:
    """Return a function that puts what a hint proposes into a text, as its ``‹›``."""

    def fix(hint: str) -> str:
        proposed = taken(pattern)(hint)
        for old, new in replacing.items():
            proposed = proposed.replace("…" if old == "dots" else old, new)
        return text.replace("‹›", proposed)

    return fix


MARKDOWN: list[tuple[str, str, Fix]] = [
    ("MAN-007", "Words.", with_hint("‹›\n\nWords.", "“(.*)”")),
    ("MAN-017", "An [x](irc://a.b) end.", with_hint("An [x](‹›a.b) end.", "(https://)")),
    ("MAN-018", "A <b>x.", with_hint("A ‹›b>x.", "(&lt;)")),
    ("MAN-020", "A {>> x.", with_hint("A {>> x ‹›", r"(<<\})")),
    (
        "MAN-021",
        "/// div\nWords.",
        lambda hint: taken("“(/// )name”")(hint) + "div\nWords.\n" + taken("line “(///)”")(hint),
    ),
    ("MAN-022", "/// vers\nWords.\n///", with_hint("/// ‹›\nWords.\n///", "“([^”]*)”")),
    (
        "MAN-023",
        "Words.\n\n/// caption\nA table\n///",
        with_hint("| a |\n|---|\n| b |\n\n‹›\nA table\n///", "“(.*)”"),
    ),
    ("MAN-026", "```\ncode", with_hint("```\ncode\n‹›", "line (.*)\\.")),
    ("MAN-032", "/// div | x=y\nWords.\n///", with_hint("‹›\nWords.\n///", "“(.*)”")),
    ("MAN-033", "A <!-- x", with_hint("A <!-- x ‹›", "(-->)")),
    ("MAN-033", "<!-- x", with_hint("‹›!-- x", "(&lt;)")),
    ("MAN-034", "The end:\n2. it is", with_hint("The end:\n‹› it is", r"(2\\\.)")),
    ("MAN-043", "1984. It is", with_hint("‹› It is", r"(1984\\\.)")),
    ("MAN-035", "<div>\n\nWords.", with_hint("<div>\n\nWords.\n\n‹›", "(</div>)")),
    (
        "MAN-037",
        "| a | b |\n|---|---|\n| x | y | z |",
        with_hint("| a | b |\n|---|---|\n| x ‹› y | z |", r"(\\+\|)"),
    ),
    ("MAN-038", "Words.\n\n[Ann]: Hello", with_hint("Words.\n\n‹› Hello", r"(\\+\[Ann\]:)")),
    ("REF-001", "See [](#chapter-9).", with_hint("See [](‹›).", "mean “(.*)”")),
    ("REF-001", "See [](#frots).", with_hint("See [](‹›).", "mean “(.*)”")),
    (
        "REF-001",
        "See [](#x).\n\n## Deep",
        with_hint("See [](#x).\n\n## Deep ‹›", r"(\{#name\})", name="x"),
    ),
    ("REF-002", "Words.[^a]", with_hint("Words.[^a]\n\n‹›", "“(.*)”", dots="The note.")),
    (
        "REF-003",
        "Words.\n\n[^a]: Note.",
        with_hint("Words.‹›\n\n[^a]: Note.", r"(\[\^a\])"),
    ),
    ("REF-009", "See [two](chapter-9.md).", with_hint("See [two](‹›).", r"as \[\]\((#[^)]*)\)")),
    ("REF-009", "See [two](chapter-9.md#frost).", with_hint("See [two](‹›).", r"(#[\w-]+)")),
    ("REF-009", "See [two](frost.html).", with_hint("See [two](‹›).", r"(#[\w-]+)")),
    ("REF-010", "[](#frost){.number}", with_hint("‹›", r"(\[\].*?\.title\})")),
    ("REF-010", "[](#frost){.number}", with_hint("‹›", r"or (\[\].*\})")),
    ("REF-011", "See [this][x].", with_hint("See [this][x].\n\n‹›", "“(.*?)”", dots="a.example/")),
    (
        "REF-011",
        "See [this][x].",
        with_hint("See ‹›.", r"(\[words\]\(address\))", address="https://a.example/"),
    ),
    ("REF-012", "Words.[^a]\n\n[^a]:", lambda _: "Words.[^a]\n\n[^a]: Its text."),
    ("REF-013", "The [end]().", with_hint("The ‹› end.", r"or (\[\]\(#id\))", id="frost")),
    (
        "IMG-001",
        "![a](images/aa.png)\n\n![b](images/a.png)",
        with_hint("![a](‹›)\n\n![b](images/a.png)", "“(images/[^”]*)”"),
    ),
    ("IMG-002", "![x](/a.png)", with_hint("![x](‹›.png)", "write (images/name)", name="a")),
    ("IMG-005", "![](images/a.png)", with_hint("‹›", r"(!\[.*?\]\(.*?\))\.")),
    ("IMG-005", "![](images/a%20b.png)", with_hint("‹›", r"(!\[.*?\]\(.*?\))\.")),
    ("IMG-005", "![](images/a.png)", with_hint("![](images/a.png)‹›", r"(\{\.decorative\})")),
    (
        "IMG-011",
        "![x](images/a.png){width=wide}",
        with_hint("![x](images/a.png){‹›}", "(width=.*%)"),
    ),
    ("REF-030", "A []{.index}.", with_hint("A ‹›.", r"(\[term\]\{.*?\})")),
    ("REF-030", "A []{.index}.", with_hint("A ‹›.", r"or (\[\]\{.*?\})")),
    (
        "REF-033",
        'A [x]{.index range="begin"}.',
        with_hint('A [x]{.index range="begin"} and ‹›.', r"(\[\]\{.*?\})"),
    ),
    (
        "REF-033",
        'A [x]{.index entry="say “no” ‘1’" range=begin}.',
        with_hint('A [x]{.index entry="say “no” ‘1’" range=begin} and ‹›.', r"(\[\]\{.*?\})"),
    ),
    (
        "REF-034",
        "A [x]{.index range=end}.",
        with_hint("A ‹› [x]{.index range=end}.", r"(\[\]\{.*?\})"),
    ),
]


@pytest.mark.parametrize(
    ("rule", "text", "fix"), MARKDOWN, ids=[f"{case[0]}-{n}" for n, case in enumerate(MARKDOWN)]
)
def test_markdown_that_a_hint_proposes_works(
    rule: str, text: str, fix: Fix, tmp_path: Path
) -> None:
    toml = TOML + ('backmatter = ["index"]\n' if rule.startswith("REF-03") else "")
    title = "" if rule == "MAN-007" else "# One\n\n"
    hints = found(tmp_path / "one", f"{title}{text}\n", toml)
    assert rule in hints, hints
    fixed = fix(hints[rule])
    assert fixed != text
    assert found(tmp_path / "two", f"{title}{fixed}\n", toml) == {}, fixed


CONTEXTS = (
    "‹›\n" + TOML,
    TOML + '[editions.paperback]\nkind = "print"\nisbn = "978-0-306-40615-7"\n‹›\n',
    TOML + '[editions.ebook]\nkind = "epub"\n‹›\n',
    TOML + '[[contributors]]\nname = "Ann Writer"\n‹›\n',
    TOML + "[notes]\n‹›\n",
    TOML + "numbering = { ‹› }\n",
    TOML + '[series]\ntitle = "Series"\n‹›\n',
)
"""The places in ``book.toml`` that a hint may mean."""

SETTING = re.compile(r'\b([a-z_]+) = ("[^"]*"|\[[^\]]*\]|[\d.-]*\d|true|false)')


def settings() -> Iterator[tuple[str, str]]:
    """Yield the settings with a value that the hints of rules propose."""
    for rule in RULES.values():
        for key, value in SETTING.findall(rule.hint):
            if "…" not in value and "{" not in value:
                yield rule.id, f"{key} = {value.replace('YYYY-MM-DD', '2026-11-24')}"


@pytest.mark.parametrize(("rule", "setting"), list(settings()))
def test_a_setting_that_a_hint_proposes_is_taken(rule: str, setting: str, tmp_path: Path) -> None:
    key = setting.partition(" ")[0]
    results = []
    for number, context in enumerate(CONTEXTS):
        lines = context.replace("‹›", setting).splitlines()
        own = [line for line in lines if setting in line or not line.startswith(f"{key} =")]
        results.append(found(tmp_path / str(number), "# One\n\nWords.\n", "\n".join(own)))
    assert {} in results, (rule, setting, results)


def test_hints_propose_settings() -> None:
    assert len(list(settings())) > 15


def proposed_commands() -> Iterator[tuple[str, str]]:
    """Yield the command lines and options in the texts of rules and in those of the code."""
    texts = {rule.id: f"{rule.message} {rule.hint}" for rule in RULES.values()}
    package = Path(makeready.__file__).parent
    texts |= {path.name: path.read_text("utf-8") for path in sorted(package.rglob("*.py"))}
    for name, text in texts.items():
        for line in re.findall(r"(?:`|Run: )makeready ([^`\"]*)[`\"]", text):
            yield name, line
        for option in re.findall(r"(?<![-\w])--[a-z][a-z-]+", text) if name in RULES else ():
            yield name, option


@pytest.mark.parametrize(("name", "line"), sorted(set(proposed_commands())))
def test_a_command_that_a_hint_proposes_exists(name: str, line: str) -> None:
    words = line.split()
    commands = command.commands
    options = {
        option
        for one in ([commands[words[0]]] if words[0] in commands else commands.values())
        for parameter in one.params
        for option in parameter.opts
    }
    assert words[0] in commands or words[0].startswith("--"), (name, line)
    assert {word for word in words if word.startswith("--")} <= options, (name, line)


def test_a_file_without_a_kind_is_given_one_by_the_hint(tmp_path: Path) -> None:
    def hints(name: str, entry: str) -> dict[str, str]:
        toml = TOML.replace('"chapter-1"', entry)
        texts = {"frost.md": "# Frost\n\nWords.\n", "chapter-2.md": TWO}
        findings = Findings()
        read_book(write_book(tmp_path / name, {"book.toml": toml, **texts}), findings)
        return {finding.id: finding.hint for finding in findings}

    entry = re.findall(r"\{ chapter = \"[^\"]*\" \}", hints("one", '"frost"')["MAN-004"])
    assert entry == ['{ chapter = "frost.md" }']
    assert hints("two", entry[0]) == {}
