"""Printer files: every table has its source and date, and errors are named with their line."""

import re
from datetime import date
from importlib.resources import files

import pytest

from makeready.printers.profile import printer_names, read_profile
from makeready.printers.profile_file import parse_profile
from makeready.printers.toml_reader import ProfileError

URL = re.compile(r"https://[a-z0-9.-]+/\S+")
DOCUMENTS = {
    "makeready",
    "KDP cover calculator",
    "IngramSpark File Creation Guide 8.24.26",
    "IngramSpark User Guide 3.3, 24 August 2026",
    "IngramSpark weight and spine width calculator",
    "IngramSpark FAQ on selfpublish.org",
    "ingram-checker 0.1.8, rules",
    "Public account of IngramSpark's limits",
    "Public accounts of IngramSpark's sizes",
    "Lulu Book Creation Guide, 22 January 2026",
    "Lulu specification sheet of print products",
    "B&N Press help, article 5358034341275",
    "B&N Press help, article 5359031189787",
    "B&N Press interior quick guide",
}


def text_of(name):
    return files("makeready").joinpath("printers", f"{name}.toml").read_text("utf-8")


@pytest.mark.parametrize("name", printer_names())
def test_every_table_names_its_sources_and_day(name):
    for name_in_file, table in read_profile(name).rules.tables():
        assert table.source, name_in_file
        for source in table.source:
            assert URL.fullmatch(source) or source in DOCUMENTS, (name_in_file, source)
        assert date(2026, 9, 1) <= table.checked_on <= date(2026, 11, 24), name_in_file
        assert (table.attested == "makeready") == (table.source == ("makeready",)), name_in_file


@pytest.mark.parametrize("name", printer_names())
def test_tables_agree_with_each_other(name):
    rules = read_profile(name).rules
    for row in rules.pages:
        sizes = [one for one in rules.sizes if row.binding in one.bindings]
        assert bool(sizes) == bool(rules.trim)
        for one in sizes:
            if one.maximum is not None and row.maximum is not None:
                assert one.strictest_maximum() <= row.maximum
    listed = {size for one in rules.sizes for size in one.trims_in}
    assert {size for one in rules.units for size in one.trims_in} <= listed
    assert rules.file.pdf_x_default in rules.file.pdf_x


KDP = text_of("kdp")


def line_of(text, words):
    return text[: text.index(words)].count("\n") + 1


@pytest.mark.parametrize(
    ("old", "new", "where", "message", "hint"),
    [
        (
            "outside_in = 0.25",
            "outsid_in = 0.25",
            "outsid_in",
            "unknown key “margins.outsid_in”.",
            "Did you mean “outside_in”?",
        ),
        (
            "[blanks]",
            "[blankz]",
            "[blankz]",
            "unknown key “blankz”.",
            "Did you mean “blanks”?",
        ),
        (
            "minimum = 76",
            'minimum = "76"',
            'minimum = "76"',
            "“pages.minimum” must be a whole number, not “76”.",
            "",
        ),
        (
            "board_width_mm = 5",
            'board_width_mm = "5"',
            "board_width_mm",
            "unknown key “covers.board_width_mm”.",
            "Did you mean “board_width_in”?",
        ),
        (
            'edges = "three"',
            'edges = "two"',
            "edges",
            "“bleed.edges” must be “three” or “four”, not “two”.",
            "",
        ),
        (
            'source = "https://kdp.amazon.com/en_US/help/topic/GAVW3FZZAKA2KY3B"\n',
            'source = ""\n',
            'source = ""',
            "the table needs a source.",
            "",
        ),
        (
            'choice = "0.125, which is 3.2 mm."\n',
            "",
            'conflict = "The page gives the shift',
            "a conflict needs a choice.",
            "",
        ),
        (
            "[300, 0.5], [500, 0.625]",
            "[500, 0.625], [300, 0.5]",
            "inside_in",
            "page counts must increase.",
            "",
        ),
        (
            "caliper_in = 0.00235",
            "caliper_in = 0.00235\npages_per_inch = 425.5",
            '[[spines]]\nbindings = ["paperback"]\npapers = ["groundwood"]',
            "a spine needs one of caliper_in, pages_per_inch, readings_in and steps_in.",
            "",
        ),
        (
            '[[barcodes]]\nbindings = ["hardcover"]',
            '[[barcodes]]\nbindings = ["coil"]',
            'bindings = ["coil"]',
            "[[pages]] has no binding “coil”.",
            "",
        ),
    ],
    ids=lambda value: value[:24] if isinstance(value, str) else None,
)
def test_an_error_is_named_with_its_line(old, new, where, message, hint):
    assert KDP.count(old) >= 1
    broken = KDP.replace(old, new, 1)
    with pytest.raises(ProfileError) as fault:
        parse_profile("kdp", broken)
    assert fault.value.message == f"printers/kdp.toml:{line_of(broken, where)}: {message}"
    assert fault.value.hint == hint


def test_a_missing_key_is_named_with_its_table():
    broken = KDP.replace('edges = "three"\n', "", 1)
    with pytest.raises(ProfileError) as fault:
        parse_profile("kdp", broken)
    line = line_of(broken, "[bleed]")
    assert fault.value.message.startswith(f"printers/kdp.toml:{line}: “bleed.edges” is missing")


def test_a_file_that_is_not_toml_is_named():
    with pytest.raises(ProfileError) as fault:
        parse_profile("kdp", KDP.replace('title = "Amazon KDP"', "title = Amazon KDP", 1))
    assert fault.value.message.startswith("printers/kdp.toml: ")
    assert "line 5" in fault.value.message


def test_a_length_may_be_given_in_millimetres():
    cover = read_profile("kdp").rules.covers[1]
    assert cover.edge_in == pytest.approx(15 / 25.4)
    assert cover.hinge_in == pytest.approx(10 / 25.4)


def test_a_value_of_several_types_is_named_by_its_key():
    broken = text_of("lulu").replace("[[sizes]]", '[[sizes]]\nmaximum = "x"', 1)
    with pytest.raises(ProfileError) as fault:
        parse_profile("lulu", broken)
    line = line_of(broken, 'maximum = "x"')
    problem = "“sizes.maximum” must be a whole number, not “x”."
    assert fault.value.message == f"printers/lulu.toml:{line}: {problem}"
