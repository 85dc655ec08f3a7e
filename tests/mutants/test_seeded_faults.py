"""Faults that are seeded into modules, and the tests that are chosen to see them."""

from __future__ import annotations

import subprocess
from pathlib import Path
from textwrap import dedent

import pytest
from concerned import concerned_tests
from faults import faults_of
from seed_faults import main

from conftest import ROOT


@pytest.mark.parametrize(
    ("code", "wanted"),
    [
        ("a < b", {"a <= b", "a >= b"}),
        ("a >= b", {"a > b", "a < b"}),
        ("a == b", {"a != b"}),
        ("a is None", {"a is not None"}),
        ("a not in b", {"a in b"}),
        ("a < b < c", {"a <= b < c", "a >= b < c", "a < b <= c", "a < b >= c"}),
        ("a and b", {"a or b", "a", "b"}),
        ("a or b or c", {"a and b and c", "a or b", "a or c", "b or c"}),
        ("not a", {"a"}),
        ("max(a, b)", {"min"}),
        ("any(a)", {"all"}),
        ("a + b", {"a - b"}),
        ("a[b:c]", {"a[b + 1:c]", "a[b:c + 1]"}),
        ("a[:c]", {"a[1:c]", "a[:c + 1]"}),
        ("a[b:]", {"a[b + 1:]", "a[b:-1]"}),
        ("a[3:]", {"4", "2", "a[3:-1]"}),
        ("7", {"8", "6"}),
        ("1.5", {"2.5", "0.5"}),
        ("True", {"False"}),
        ("b if a else c", {"not a"}),
        ("'text'", set()),
        ("f'{1 + 2}'", set()),
    ],
)
def test_each_kind_of_expression_has_its_faults(code: str, wanted: set[str]) -> None:
    source = f"x = {code}\n".encode()
    found = faults_of(source)
    assert {fault.after for fault in found} == wanted
    for fault in found:
        seeded = fault.seed(source)
        compile(seeded, "seeded", "exec")
        assert seeded != source


def test_statements_lose_their_effect() -> None:
    source = dedent("""\
        def grow(things: list[int] = [], *, most: "int | None" = 5) -> str:
            '''Grow.'''
            assert len(things) < 3
            things.append(most)
            if things:
                total += step
            return "grown"
        """)
    assert {(fault.line, fault.before, fault.after) for fault in faults_of(source.encode())} == {
        (1, "5", "6"),
        (1, "5", "4"),
        (4, "things.append(most)", "None"),
        (5, "things", "not things"),
        (6, "step", "-step"),
        (7, 'return "grown"', "return None"),
    }


def test_every_fault_of_a_real_module_can_be_seeded() -> None:
    source = (ROOT / "scripts" / "makeready" / "printers" / "spine.py").read_bytes()
    found = faults_of(source)
    assert len(found) > 50
    for fault in found:
        compile(fault.seed(source), "seeded", "exec")


def names(groups: list[list[Path]]) -> list[list[str]]:
    return [[path.relative_to(ROOT / "tests").as_posix() for path in group] for group in groups]


def test_the_tests_of_a_module_are_those_that_import_it() -> None:
    own, elsewhere = names(concerned_tests(ROOT, "printers/spine"))
    assert own[0] == "printers/test_spine.py"
    # It takes its editions from a file that imports the module.
    assert "cover/test_wrap.py" in elsewhere
    assert {name.split("/")[0] for name in own} == {"printers"}
    assert "printers" not in {name.split("/")[0] for name in elsewhere}


def test_the_others_of_the_room_come_last_if_asked() -> None:
    few = names(concerned_tests(ROOT, "printers/spine"))
    *same, others = names(concerned_tests(ROOT, "printers/spine", room=True))
    assert same == few
    assert {name.split("/")[0] for name in others} == {"printers"}
    assert set(others).isdisjoint(few[0])


def test_a_module_without_tests_of_its_own_has_those_of_its_room() -> None:
    (room,) = names(concerned_tests(ROOT, "checks/print/no_such_module"))
    assert {name.rpartition("/")[0] for name in room} == {"checks/print"}
    (room,) = names(concerned_tests(ROOT, "templates/deeper/no_such_module"))
    assert {name.rpartition("/")[0] for name in room} == {"templates"}


def test_a_module_without_a_room_has_the_tests_that_import_it_or_bear_its_name() -> None:
    (own,) = names(concerned_tests(ROOT, "cache", room=True))
    assert "test_cache.py" in own
    assert "book/test_roman.py" not in own


@pytest.mark.slow
def test_a_fault_that_no_test_sees_is_listed(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    package = tmp_path / "scripts" / "makeready" / "book"
    tests = tmp_path / "tests" / "book"
    package.mkdir(parents=True)
    tests.mkdir(parents=True)
    for folder in (package.parent, package):
        (folder / "__init__.py").touch()
    (package / "age.py").write_text("def is_adult(age):\n    return age >= 18\n")
    (tests / "test_age.py").write_text(
        "from makeready.book.age import is_adult\n\n\n"
        "def test_age():\n    assert is_adult(18) and not is_adult(16)\n"
    )
    subprocess.run(["git", "init", "-q"], cwd=tmp_path, check=True)
    before = {path: path.read_bytes() for path in tmp_path.rglob("*.*") if path.is_file()}
    main(["book/age", "--jobs", "2"], tmp_path)
    assert capsys.readouterr().out.splitlines() == [
        "book/age.py:2: 18 → 17",
        "5 faults seeded, 4 seen, 1 survive",
    ]
    after = {path: path.read_bytes() for path in tmp_path.rglob("*.*") if path.is_file()}
    assert after == before
