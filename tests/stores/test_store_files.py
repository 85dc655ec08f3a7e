"""Store files: every table has its source and date, and errors are named with their line."""

import re
from datetime import date
from importlib.resources import files

import pytest
from click.testing import CliRunner

from makeready.cli.main import makeready
from makeready.errors import UsageError
from makeready.printers.toml_reader import ProfileError
from makeready.stores.store import parse_store, read_store, store_names

STORES = ("apple", "draft2digital", "google", "ingramspark", "kindle", "kobo")
URL = re.compile(r"https://[a-z0-9.-]+/\S+")
DOCUMENTS = {
    "Amazon Kindle Publishing Guidelines 2019.2",
    "Apple Books Asset Guide 5.3.1",
    "IngramSpark User Guide 3.3, 24 August 2026",
    "Public account of Amazon KDP's production notes",
    "Public account of Draft2Digital's cover requirements",
}
KINDLE = files("makeready").joinpath("stores", "kindle.toml").read_text("utf-8")


def test_the_supported_stores():
    assert store_names() == STORES


@pytest.mark.parametrize("name", STORES)
def test_every_table_names_its_sources_and_day(name):
    for table, figures in read_store(name).rules.tables():
        assert figures.source, table
        for source in figures.source:
            assert URL.fullmatch(source) or source in DOCUMENTS, (table, source)
        assert date(2026, 9, 1) <= figures.checked_on <= date(2026, 11, 24), table


@pytest.mark.parametrize(
    ("old", "new", "where", "message"),
    [
        ("most_px =", "mosst_px =", "mosst_px", "unknown key “cover.mosst_px”."),
        ("[text]", "[texts]", "[texts]", "unknown key “texts”."),
        ('ncx = "accepted"', 'ncx = "?"', 'ncx = "?"', "must be “accepted” or “ignored”, not “?”."),
        ("most_mb = 5\n", 'most_mb = "5"\n', 'most_mb = "5"', "must be a number, not “5”."),
        ('choice = "5 MB.', 'hoice = "5 MB.', "hoice", "unknown key “cover.hoice”."),
    ],
)
def test_an_error_is_named_with_its_line(old, new, where, message):
    assert KINDLE.count(old) >= 1
    broken = KINDLE.replace(old, new, 1)
    line = broken[: broken.index(where)].count("\n") + 1
    with pytest.raises(ProfileError) as fault:
        parse_store("kindle", broken)
    assert fault.value.message.startswith(f"stores/kindle.toml:{line}: ")
    assert fault.value.message.endswith(message)


def test_a_conflict_needs_a_choice():
    broken = re.sub(r'(?m)^choice = "5 MB.*\n', "", KINDLE)
    with pytest.raises(ProfileError, match="a conflict needs a choice"):
        parse_store("kindle", broken)


def test_an_unknown_store_names_the_nearest():
    with pytest.raises(UsageError) as refusal:
        read_store("kindel")
    assert refusal.value.hint.startswith("Did you mean “kindle”?")


def test_stores_are_listed_and_shown():
    listed = CliRunner().invoke(makeready, ["stores"])
    assert listed.exit_code == 0
    assert all(name in listed.output for name in STORES)
    shown = CliRunner().invoke(makeready, ["stores", "kindle"], env={"COLUMNS": "120"})
    assert shown.exit_code == 0
    for words in ("1600 × 2560", "G6GTK3T3NUHKLEFX", "frameset", "negative margins"):
        assert words in shown.output
