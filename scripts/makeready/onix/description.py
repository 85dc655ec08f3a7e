"""The description of a product: form and content. Source: ONIX for Books, block 1, P.3 to P.13."""

from __future__ import annotations

from makeready.book.model import Contributor, EditionKind, Metadata, Series, SubjectCode
from makeready.book.schema import relators
from makeready.onix.codes import codes, language_code, role_code, thema_scheme
from makeready.onix.markup import OnixBlock
from makeready.onix.product import Product

# Code list 2: a single product. Code list 81: text. Code list 144: no technical protection.
_SINGLE, _TEXT, _UNPROTECTED = "00", "10", "00"
# Code list 15: the title of a book. Code list 149: of a product, of a collection.
_TITLE, _OF_PRODUCT, _OF_COLLECTION = "01", "01", "02"
# Code list 27: BISAC codes, and keywords. Code list 29: the audiences of ONIX.
_BISAC, _KEYWORDS, _AUDIENCES = "10", "20", "01"


def write_form(block: OnixBlock, product: Product) -> None:
    """Write the form of a product."""
    form, *details = product.forms
    block.text("ProductComposition", _SINGLE)
    block.text("ProductForm", form)
    for detail in details:
        block.text("ProductFormDetail", detail)
    for feature in product.features:
        one = block.block("ProductFormFeature")
        one.text("ProductFormFeatureType", feature.kind)
        one.text("ProductFormFeatureValue", feature.code)
        one.text("ProductFormFeatureDescription", feature.description)
    block.text("PrimaryContentType", _TEXT)
    for measure in product.measures:
        one = block.block("Measure")
        one.text("MeasureType", measure.kind)
        one.text("Measurement", measure.value_mm)
        one.text("MeasureUnitCode", "mm")
    if product.edition.kind is not EditionKind.PRINT:
        block.text("EpubTechnicalProtection", _UNPROTECTED)


def write_content(block: OnixBlock, metadata: Metadata, product: Product) -> None:
    """Write series, titles, contributors, language, extents, subjects and audience."""
    if metadata.series is not None:
        _write_series(block.block("Collection"), metadata.series)
    title = _add_title(block)
    title.text("TitleElementLevel", _OF_PRODUCT)
    title.text("TitleText", metadata.title)
    title.text("Subtitle", metadata.subtitle)
    for number, person in enumerate(metadata.contributors, start=1):
        _write_contributor(block.block("Contributor"), number, person)
    if not metadata.contributors:
        block.flag("NoContributor")
    if code := language_code(metadata.language):
        language = block.block("Language")
        # Code list 22: the language of the text.
        language.text("LanguageRole", "01")
        language.text("LanguageCode", code)
    for extent in product.extents:
        one = block.block("Extent")
        one.text("ExtentType", extent.kind)
        one.text("ExtentValue", extent.value)
        one.text("ExtentUnit", extent.unit)
    _write_subjects(block, metadata)
    if metadata.audience:
        audience = block.block("Audience")
        audience.text("AudienceCodeType", _AUDIENCES)
        audience.text("AudienceCodeValue", codes()["audiences"]["codes"][metadata.audience])


def _add_title(block: OnixBlock) -> OnixBlock:
    detail = block.block("TitleDetail")
    detail.text("TitleType", _TITLE)
    return detail.block("TitleElement")


def _write_series(block: OnixBlock, series: Series) -> None:
    # Code list 148: a publisher's series. Code list 13: an ISSN, without its hyphen.
    block.text("CollectionType", "10")
    if series.issn:
        identifier = block.block("CollectionIdentifier")
        identifier.text("CollectionIDType", "02")
        identifier.text("IDValue", series.issn.replace("-", ""))
    title = _add_title(block)
    title.text("TitleElementLevel", _OF_COLLECTION)
    title.text("PartNumber", series.position)
    title.text("TitleText", series.title)


def _write_contributor(block: OnixBlock, number: int, person: Contributor) -> None:
    code = role_code(person.role)
    block.text("SequenceNumber", str(number))
    block.text("ContributorRole", code)
    if person.corporate:
        block.text("CorporateName", person.name)
    else:
        _write_names(block, person)
    if code == codes()["roles"]["other"]:
        block.text("ContributorDescription", relators()[person.role])


def _write_names(block: OnixBlock, person: Contributor) -> None:
    block.text("PersonName", person.name)
    block.text("PersonNameInverted", person.file_as)
    key, _, rest = person.file_as.partition(", ")
    before, _, suffix = rest.partition(", ")
    block.text("NamesBeforeKey", before)
    block.text("KeyNames", key)
    block.text("SuffixToKey", suffix)


def _write_subjects(block: OnixBlock, metadata: Metadata) -> None:
    schemes_with_main: set[str] = set()
    for subject in metadata.subject_codes:
        scheme = _BISAC if subject.scheme == "BISAC" else thema_scheme(subject.code)
        _write_subject(
            block.block("Subject"), subject, scheme, is_main=_may_be_main(scheme, schemes_with_main)
        )
        schemes_with_main.add(scheme)
    if metadata.search_terms:
        keywords = block.block("Subject")
        keywords.text("SubjectSchemeIdentifier", _KEYWORDS)
        keywords.text("SubjectHeadingText", "; ".join(metadata.search_terms))


def _may_be_main(scheme: str, schemes_with_main: set[str]) -> bool:
    is_subject_scheme = scheme in {_BISAC, codes()["thema"]["subject"]}
    return is_subject_scheme and scheme not in schemes_with_main


def _write_subject(block: OnixBlock, subject: SubjectCode, scheme: str, *, is_main: bool) -> None:
    if is_main:
        block.flag("MainSubject")
    block.text("SubjectSchemeIdentifier", scheme)
    block.text("SubjectCode", subject.code)
    block.text("SubjectHeadingText", subject.heading)
