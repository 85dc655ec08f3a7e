"""The message itself: valid in both releases of ONIX, in XSD and RNG, whatever a book says."""

from __future__ import annotations

import io
from dataclasses import replace
from functools import cache
from pathlib import Path

import onixcheck
import pytest
from lxml import etree
from onixcheck import schema

from makeready.book.model import Contributor, Edition, EditionKind, Metadata, Series, SubjectCode
from makeready.book.prices import normalised_trade_price
from makeready.book.schema import relators
from makeready.book.subject_codes import AUDIENCES
from makeready.onix.accessibility import Feature
from makeready.onix.codes import codes, language_code, role_code
from makeready.onix.message import RELEASES, Release, message
from makeready.onix.product import Extent, Identifier, Measure, Product, Relation

METADATA = Metadata(
    title="The Walled Garden & after",
    slug="walled-garden",
    language="en-GB",
    identifier="urn:uuid:5f0a4a0e-7c39-4a5a-9a0f-4d1b6a6b0c11",
    modified="2026-11-01T00:00:00Z",
    subtitle="Notes <of> a year",
    contributors=(
        Contributor("Ann O’Hara", "O’Hara, Ann"),
        Contributor("Sammy Davis Jr.", "Davis, Sammy, Jr.", "ill"),
        Contributor("Homer", "Homer", "aft"),
        Contributor("Institute of Soil", "Institute of Soil", "fnd", corporate=True),
    ),
    publisher="Potting Shed Press",
    imprint="Shed Books",
    date="2026",
    description="A small book.\n\nWith two paragraphs.",
    subjects=("Gardening",),
    subject_codes=(
        SubjectCode("BISAC", "GAR000000", "GARDENING / General"),
        SubjectCode("BISAC", "GAR010000"),
        SubjectCode("Thema", "WMB", "Gardens"),
        SubjectCode("Thema", "1DDU"),
    ),
    keywords=("walls", "pears"),
    series=Series("Walls", "2.1", "0028-0836"),
    audience="general",
    territories=("GB", "IE"),
)
PRINTED = Product(
    edition=Edition("paperback", EditionKind.PRINT, printer="kdp"),
    reference="urn:uuid:1",
    identifiers=(Identifier("15", "9780306406157"),),
    forms=("BC", "B305"),
    measures=(Measure("01", "203.2"), Measure("02", "127.0"), Measure("03", "1.8")),
    extents=(Extent("00", "20", "03"), Extent("06", "28", "03")),
    relations=(Relation("27", (Identifier("22", "urn:uuid:2"),)),),
    prices=("USD 19.95", "EUR 17.90"),
    on_demand=True,
)
EBOOK = Product(
    edition=Edition("ebook", EditionKind.EPUB),
    reference="urn:uuid:2",
    identifiers=(Identifier("01", "garden-2", "identifier of the publication"),),
    forms=("ED", "E101", "E200"),
    features=(Feature("09", "00", "All of it."), Feature("09", "52"), Feature("12", "00")),
    extents=(Extent("08", "20", "03"), Extent("22", "1.08", "19")),
    relations=(Relation("13", (Identifier("15", "9780306406157"),)),),
    prices=("GBP 5.00",),
)


def complaints(content: bytes) -> list[str]:
    """Return what the schemas of both kinds say of a message."""
    file = io.BytesIO(content)
    file.name = "onix.xml"
    return [one.short for one in onixcheck.validate(file, ("xsd", "rng"))]


def told(name: str, metadata: Metadata = METADATA, product: Product = PRINTED) -> list[str]:
    """Return the texts of the elements of a name, of the message about one product."""
    tree = etree.fromstring(message(metadata, (product,), "3.1"))
    return [element.text or "" for element in tree.iter(f"{{{tree.nsmap[None]}}}{name}")]


BOOKS = {
    "full": METADATA,
    "bare": Metadata("Bare", "bare", "en", "urn:uuid:3", "2026-11-01T00:00:00Z"),
    "forthcoming": replace(METADATA, date="2027-02-03", territories=("WORLD",)),
    "series without a number": replace(METADATA, series=Series("Walls")),
    "imprint alone": replace(METADATA, publisher="", date="2026-10"),
    "moment": replace(METADATA, date="2026-10-31T23:30:00-05:00"),
    "language without a code": replace(METADATA, language="qq"),
    "every role": replace(
        METADATA, contributors=tuple(Contributor("A B", "B, A", role) for role in relators())
    ),
}


@pytest.mark.parametrize("release", RELEASES)
@pytest.mark.parametrize("name", BOOKS)
def test_a_message_is_valid(name: str, release: Release) -> None:
    content = message(BOOKS[name], (PRINTED, EBOOK), release)
    assert complaints(content) == []
    assert content == message(BOOKS[name], (PRINTED, EBOOK), release)


@pytest.mark.parametrize("release", RELEASES)
def test_the_schemas_see_a_fault(release: Release) -> None:
    content = message(METADATA, (PRINTED,), release)
    assert complaints(content.replace(b"<ProductForm>BC<", b"<ProductForm>QQ<")) != []


def test_names_are_told_apart() -> None:
    assert told("KeyNames") == ["O’Hara", "Davis", "Homer"]
    assert told("NamesBeforeKey") == ["Ann", "Sammy"]
    assert told("SuffixToKey") == ["Jr."]
    assert told("CorporateName") == ["Institute of Soil"]
    assert told("ContributorRole") == ["A01", "A12", "A19", "Z99"]
    assert told("ContributorDescription") == ["funder"]


def test_subjects_have_their_schemes_and_one_main_subject_each() -> None:
    assert told("SubjectSchemeIdentifier") == ["10", "10", "93", "94", "20"]
    assert told("MainSubject") == ["", ""]
    assert told("SubjectHeadingText")[-1] == "walls; pears; Gardening"


@pytest.mark.parametrize(
    ("date", "form", "written", "status", "availability"),
    [
        ("2026", "05", "2026", "04", "23"),
        ("2026-12", "01", "202612", "02", "12"),
        ("2026-11-01", "00", "20261101", "04", "23"),
        ("2026-11-02", "00", "20261102", "02", "12"),
    ],
)
def test_a_date_says_whether_the_book_is_out(
    date: str, form: str, written: str, status: str, availability: str
) -> None:
    metadata = replace(METADATA, date=date)
    tree = etree.fromstring(message(metadata, (PRINTED,), "3.1"))
    (element,) = tree.iter(f"{{{tree.nsmap[None]}}}Date")
    assert (element.get("dateformat"), element.text) == (form, written)
    assert told("PublishingStatus", metadata) == [status]
    assert told("ProductAvailability", metadata) == [availability]


def test_prices_say_whether_tax_is_in_them() -> None:
    assert list(zip(told("CurrencyCode"), told("PriceType"), strict=True)) == [
        ("USD", "01"),
        ("EUR", "02"),
    ]
    assert told("PriceAmount") == ["19.95", "17.90"]


@pytest.mark.parametrize("change", [{"publisher": ""}, {}])
def test_what_is_not_known_is_not_made_up(change: dict[str, str]) -> None:
    product = PRINTED if change else replace(PRINTED, prices=())
    metadata = replace(METADATA, **change)
    assert told("ProductSupply", metadata, product) == []
    assert told("PublisherName", metadata, product) == ([] if change else ["Potting Shed Press"])
    assert told("SenderName", metadata, product) == (
        ["makeready"] if change else ["Potting Shed Press"]
    )


@cache
def _listed(number: int) -> set[str]:
    tree = etree.parse(Path(schema.O31_XSD_REFERENCE).with_name("ONIX_BookProduct_CodeLists.xsd"))
    xsd = "{http://www.w3.org/2001/XMLSchema}"
    (lists,) = (e for e in tree.iter(f"{xsd}simpleType") if e.get("name") == f"List{number}")
    return {entry.get("value") or "" for entry in lists.iter(f"{xsd}enumeration")}


def test_every_code_is_in_its_list() -> None:
    told = codes()["accessibility"]
    tables = (
        "features",
        "sufficient",
        "standards",
        "older",
        "guidelines",
        "levels",
        "descriptions",
    )
    used = {code for table in (*tables, "exemptions") for code in told[table].values()}
    assert used | {"89", "93"} <= _listed(196)
    assert set(codes()["hazards"]["codes"].values()) <= _listed(143)
    assert {role_code(role) for role in relators()} <= _listed(17)
    assert set(codes()["roles"]["codes"]) <= set(relators())
    assert set(codes()["audiences"]["codes"]) == set(AUDIENCES)
    assert set(codes()["audiences"]["codes"].values()) <= _listed(28)
    forms = list(codes()["forms"]["codes"].values())
    assert {form for form, *_ in forms} <= _listed(150)
    assert {detail for _, *details in forms for detail in details} <= _listed(175)


def test_every_language_and_currency_is_in_its_list() -> None:
    letters = "abcdefghijklmnopqrstuvwxyz"
    tags = [a + b for a in letters for b in letters]
    languages = {code for tag in tags if (code := language_code(tag))}
    assert len(languages) == 183
    assert languages <= _listed(74)
    names = [a + b + c for a in letters.upper() for b in letters.upper() for c in letters.upper()]
    currencies = {name for name in names if normalised_trade_price(f"{name} 1")}
    assert len(currencies) > 150
    assert currencies <= _listed(96)
