"""The output of `makeready printers`."""

import json
import re
from datetime import date
from types import SimpleNamespace

import pytest
from click.testing import CliRunner

from conftest import makeready
from makeready.cli import main as cli
from makeready.cli.tables import show_printer, show_printers
from makeready.printers.description import describe_printer, is_stale, oldest_check_date
from makeready.printers.profile import printer_names, read_profile
from makeready.printers.tables import SourcedTable


def sheet(name, title):
    return next(one for one in describe_printer(read_profile(name)).tables if one.title == title)


@pytest.mark.parametrize("name", printer_names())
def test_every_table_is_shown_with_its_sources_and_its_choices(name):
    profile = read_profile(name)
    description = describe_printer(profile)
    shown = " ".join(" ".join(one.notes) for one in description.tables)
    for _, figures in profile.rules.tables():
        assert figures.choice in shown
        assert figures.conflict in shown
        for source in figures.source:
            assert f"{source}, read {figures.checked_on}" in description.sources
    names = {table for table, _ in profile.rules.tables()}
    assert len(description.tables) == len(names)


def test_lengths_are_shown_in_inches_and_millimetres():
    inside = sheet("kdp", "Inside margin")
    assert inside.columns == ("rule", "figure")
    assert inside.rows[0] == (
        "inside",
        "to 150 pages: 0.375 in (9.5 mm)\nto 300 pages: 0.5 in (12.7 mm)\n"
        "to 500 pages: 0.625 in (15.9 mm)\nto 700 pages: 0.75 in (19.0 mm)\n"
        "to 828 pages: 0.875 in (22.2 mm)",
    )
    spines = sheet("kdp", "Spine")
    assert spines.columns == ("bindings", "papers", "inks", "width", "source")
    assert spines.rows[1][:4] == (
        "paperback",
        "cream",
        "black",
        "0.0025 in (0.0635 mm) a page",
    )
    assert spines.rows[-1][3] == "0.002347 in (0.0596 mm) a page and 0.18898 in (4.8 mm)"


def test_limits_by_ink_and_paper():
    row = sheet("kdp", "Trim sizes").rows[3]
    assert row[:3] == (
        "paperback",
        "8.27 × 11.69",
        "black white 780, cream 730, groundwood 764\npremium-colour white 590",
    )


def test_a_single_account_is_marked():
    assert sheet("ingramspark", "Papers and inks").rows[0][-1].endswith(" (one source)")


def test_long_tables_have_a_column_per_binding():
    cover = sheet("kdp", "Cover")
    assert cover.columns == ("binding", "paperback", "hardcover")
    assert ("hinge place", "", "inside") in cover.rows


@pytest.mark.parametrize(
    ("today", "stale"),
    [(date(2027, 9, 30), False), (date(2027, 10, 1), True)],
)
def test_figures_are_stale_after_a_year(today, stale, capsys):
    kdp = read_profile("kdp")
    assert oldest_check_date(kdp) == date(2026, 9, 30)
    assert is_stale(oldest_check_date(kdp), today) is stale
    show_printers([kdp], today, as_json=False)
    listed = capsys.readouterr().out
    assert ("over a year old" in listed) is stale
    assert ("compare them with the printer" in " ".join(listed.split())) is stale
    show_printer(kdp, today, as_json=False)
    shown = " ".join(capsys.readouterr().out.split())
    assert ("compare them with the printer" in shown) is stale


def test_the_oldest_figure_counts():
    tables = [
        ("a", SourcedTable(source=("makeready",), checked_on=date(2026, 5, 1))),
        ("b", SourcedTable(source=("makeready",), checked_on=date(2025, 5, 1))),
    ]
    profile = SimpleNamespace(rules=SimpleNamespace(tables=lambda: iter(tables)))
    assert oldest_check_date(profile) == date(2025, 5, 1)


def told(*arguments):
    result = CliRunner().invoke(cli.makeready, ["printers", *arguments], env={"COLUMNS": "120"})
    assert result.exit_code == 0, result.output
    return result.output


def test_the_command_lists_printers():
    listed = told()
    for name in printer_names():
        assert re.search(rf"\b{name}\b.*\d{{4}}-\d\d-\d\d", listed), listed


def test_the_command_shows_a_printer_and_its_sources():
    shown = told("kdp")
    assert "Amazon KDP" in shown
    assert "0.375 in (9.5 mm)" in shown
    assert "https://kdp.amazon.com/en_US/help/topic/GVBQ3CMEQW3W2VL6, read 2026-09-30" in shown


def test_the_command_prints_json():
    listed = json.loads(told("--json"))
    assert [one["name"] for one in listed] == list(printer_names())
    for one in listed:
        assert one["bindings"] == list(read_profile(one["name"]).bindings)
    lulu = json.loads(told("lulu", "--json"))
    assert lulu["rules"]["bleed"]["edges"] == "four"
    assert lulu["rules"]["pages"][0]["checked_on"] == "2026-09-03"


def test_an_unknown_printer_is_a_usage_error():
    run = makeready("printers", "kpd")
    assert run.code == 2
    assert "Did you mean “kdp”?" in run.err
