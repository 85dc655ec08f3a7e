"""What users read is plain English, and says counts as English does."""

from __future__ import annotations

import ast
import re
import string
import subprocess
from collections.abc import Iterator
from pathlib import Path

import click
import pytest
from click.testing import CliRunner

from conftest import ROOT
from makeready.cli.main import makeready as command_line
from makeready.findings import Rule, rules_by_id
from makeready.wording import counted, fill_in, with_placeholders

BANNED = re.compile(
    r"(?<!-)\b(?:mend\w*|anew|told|tells? of|faces?|ground|house styles?|"
    r"seen through|says nothing of|are no|there is no place|"
    r"nobody|whoever|thinks best|heeded|bears no|stands? (?:in|at|on)|lies? on|"
    r"as it thinks|is not there|what it is|a slip)\b"
    r"|\w\(s\)",
    re.IGNORECASE,
)
RULES = rules_by_id()
MODULES = sorted((ROOT / "scripts" / "makeready").rglob("*.py"))
FIELDS = string.Formatter()


def texts_of(rule: Rule) -> tuple[str, str, str]:
    return rule.message, rule.hint, rule.rationale


def fields_of(rule: Rule) -> set[str]:
    return {
        name for text in (rule.message, rule.hint) for _, name, _, _ in FIELDS.parse(text) if name
    }


def counts_of(rule: Rule) -> dict[str, str]:
    """Return the fields of a rule that are counts, each with its noun."""
    return {
        name: spec.removeprefix("count ").partition("|")[0]
        for text in (rule.message, rule.hint)
        for _, name, spec, _ in FIELDS.parse(text)
        if name and (spec or "").startswith("count ")
    }


@pytest.mark.parametrize("rule", RULES.values(), ids=RULES)
def test_a_rule_is_in_plain_words(rule: Rule) -> None:
    for text in texts_of(rule):
        assert not (found := BANNED.search(text)), f"{found[0]!r} in {text!r}"
        assert text.strip() == text
    assert rule.message.endswith((".", "}")), rule.message


@pytest.mark.parametrize("rule", RULES.values(), ids=RULES)
def test_a_hint_suits_an_installed_tool(rule: Rule) -> None:
    assert "`make " not in rule.hint
    assert "`make`" not in rule.hint


def explained(*arguments: str) -> str:
    result = CliRunner().invoke(command_line, ["explain", *arguments])
    assert result.exit_code == 0, result.output
    return result.output


@pytest.mark.parametrize("rule", RULES.values(), ids=RULES)
def test_explain_shows_no_field_of_a_template(rule: Rule) -> None:
    text = explained(rule.id)
    for name in fields_of(rule):
        assert not re.search(rf"(?<!#)\{{{name}[}}:!]", text), text
    assert "{{" not in text
    assert "_" not in "".join(re.findall("‹(.*?)›", text)), text
    assert text.splitlines()[0] in explained(rule.id.lower())


def test_explain_lists_every_rule_with_what_stands_for_its_values() -> None:
    listed = explained().splitlines()
    assert [line.split()[0] for line in listed] == list(RULES)
    for line, rule in zip(listed, RULES.values(), strict=True):
        assert line.endswith(with_placeholders(rule.message))


def test_explain_names_what_stands_for_a_value() -> None:
    assert explained("COV-021").splitlines()[0] == (
        "COV-021 (error): The cover is ‹width› × ‹height› in; ‹printer› needs ‹required width› × "
        "‹required height› in for ‹pages› pages (spine ‹spine› mm)."
    )
    assert '[]{.index entry="‹entry›" range=end}' in explained("REF-033")
    assert explained("PRN-020").splitlines()[1].startswith("Do: It depends on the problem")


@pytest.mark.parametrize(
    "rule", [rule for rule in RULES.values() if counts_of(rule)], ids=lambda r: r.id
)
def test_a_count_of_one_is_singular(rule: Rule) -> None:
    for text in (rule.message, rule.hint):
        names = {name: spec or "" for _, name, spec, _ in FIELDS.parse(text) if name}
        for number in (1, 2):
            values = {n: number if s.startswith("count ") else "x" for n, s in names.items()}
            plain = re.sub(r"\{(\w+):[^}c][^}]*\}", r"{\1}", text).replace("!r", "")
            filled = fill_in(plain, **values)
            for name, noun in counts_of(rule).items():
                if name in names:
                    assert f"{number} {noun}{'s' if number == 2 else ''}" in filled
                    assert (f"1 {noun}s" in filled) is False


@pytest.mark.parametrize(
    ("number", "arguments", "text"),
    [
        (0, ("page",), "0 pages"),
        (1, ("page",), "1 page"),
        (2, ("page",), "2 pages"),
        (1, ("entry", "entries"), "1 entry"),
        (2, ("entry", "entries"), "2 entries"),
    ],
)
def test_counts(number: int, arguments: tuple[str, ...], text: str) -> None:
    assert counted(number, *arguments) == text
    assert fill_in(f"{{n:count {'|'.join(arguments)}}}", n=number) == text


def sentences(path: Path) -> Iterator[str]:
    """Yield the strings of a module that are not docstrings and have more than one word."""
    tree = ast.parse(path.read_text("utf-8"))
    statements = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    for node in ast.walk(tree):
        is_text = isinstance(node, ast.Constant) and isinstance(node.value, str)
        if is_text and id(node) not in statements and " " in node.value.strip():
            yield node.value


@pytest.mark.parametrize("path", MODULES, ids=lambda path: path.stem)
def test_what_a_module_says_is_in_plain_words(path: Path) -> None:
    for text in sentences(path):
        assert not (found := BANNED.search(text)), f"{found[0]!r} in {text!r}"


def test_help_is_in_plain_words() -> None:
    context = click.Context(command_line, info_name="makeready")
    texts = [command_line.get_help(context)]
    texts += [
        command.get_help(click.Context(command, parent=context, info_name=name))
        for name, command in command_line.commands.items()
    ]
    assert len(texts) > 10
    assert "..." not in texts[0].partition("Commands:")[2], "each command's line is whole"
    for text in texts:
        assert not (found := BANNED.search(text)), f"{found[0]!r} in {text}"


def test_help_of_make_is_in_plain_words() -> None:
    listed = subprocess.run(
        ["make", "--no-print-directory", "help"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    assert "make all" in listed.stdout
    assert not BANNED.search(listed.stdout)


@pytest.mark.parametrize("layout", ["kit-form.html.j2", "kit-report.html.j2"])
def test_upload_pages_are_in_plain_words(layout: str) -> None:
    text = (ROOT / "styles" / "layouts" / layout).read_text("utf-8")
    assert not BANNED.search(text)
