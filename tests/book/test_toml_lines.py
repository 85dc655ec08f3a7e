"""The lines of keys in every form of TOML."""

from __future__ import annotations

import tomllib

import pytest

from makeready.book.toml_lines import TomlLines

TEXT = '''a = 1
text = """
b = 2
[c]
"""
list = [
  "x", # ]
  "y",
]
[d]
b.e = 3
"quoted key" = 4
[[f]]
g = 5
[[f]]
g = { h = [1,
  2] }
[f.i]
j = \'\'\'k = 1\'\'\'
l = 1
'''


@pytest.mark.parametrize(
    ("path", "line"),
    [
        (("a",), 1),
        (("text",), 2),
        (("list",), 6),
        (("d", "b", "e"), 11),
        (("d", "quoted key"), 12),
        (("f", 0, "g"), 14),
        (("f", 1, "g", "h"), 16),
        (("f", 1, "i", "j"), 19),
        (("f", 1, "i", "l"), 20),
        (("d", "nowhere"), 10),
        (("nowhere",), 1),
    ],
)
def test_the_line_of_a_key(path: tuple[str | int, ...], line: int):
    assert TomlLines(TEXT).line_of(path) == line


def test_the_line_of_a_string_in_a_list():
    assert TomlLines(TEXT).line_of(("list",), "y") == 8


@pytest.mark.parametrize(
    "text",
    [
        'a = 1\n[ design ] # [x]\nnames = [ # [y]\n  "[z]",\n]\ntheme = "old"\n[b]\nc = 2\n',
        'design.theme = "old"\na = 1\n["design".more]\n[b]\nc = 2\n',
        'design = { theme = """\n[x]""" }\na = 1\nb.c = 2',
    ],
)
def test_a_text_without_a_table(text: str):
    rest = TomlLines(text).without("design")
    assert tomllib.loads(rest) == {"a": 1, "b": {"c": 2}}
