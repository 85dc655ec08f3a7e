"""Workers that may be on another machine set a section with what it needs, or not at all."""

import importlib
import re
import threading
import time
from concurrent.futures import ThreadPoolExecutor

import pytest
from typeset_fixtures import TypesetBook

from conftest import BOOKS


def module(name):
    """Return a module that imports the engine: fontconfig has to be sealed first."""
    return importlib.import_module(f"makeready.{name}")


@pytest.fixture
def typeset_book(tmp_path):
    return TypesetBook(BOOKS / "leaflet", tmp_path / "fragments")


def test_what_a_worker_lacks_is_a_finding(typeset_book, monkeypatch):
    digests = module("pagination.remote_worker").FileDigests
    digest_of = digests.digest_of

    def another(self, path):
        return "0" * 64 if path.suffix == ".png" else digest_of(self, path)

    monkeypatch.setattr(digests, "digest_of", another)
    with ThreadPoolExecutor(1) as threads:
        typeset_book.pagination.section_pool = module("pagination.section_pool").SectionPool(
            1, 120, threads, elsewhere=True
        )
        with pytest.raises(module("pagination.fixed_point").SectionFailedError):
            typeset_book.interior()
    (finding,) = typeset_book.findings
    assert (finding.id, finding.location.path) == ("LAY-030", "chapter-1.md")
    assert re.search(
        r"A cluster worker .*: \S+ has a different file \S+/images/square\.png\.$", finding.message
    )


# The first stroke may fall in a callback of the tests' own tools, which loses it and says so.
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
def test_a_section_in_a_thread_is_stopped_in_time(typeset_book):
    with ThreadPoolExecutor(2) as threads:
        typeset_book.pagination.section_pool = module("pagination.section_pool").SectionPool(
            1, 0.001, threads
        )
        with pytest.raises(module("pagination.fixed_point").SectionFailedError):
            typeset_book.interior()
    assert {finding.id for finding in typeset_book.findings} == {"LAY-009"}


def in_thread(work):
    came = []

    def run():

        try:
            came.append(work())
        except module("workers.time_limit").TimeLimitError as error:
            came.append(type(error).__name__)

    thread = threading.Thread(target=run)
    thread.start()
    thread.join(30)
    return came


def busy():
    deadline = time.monotonic() + 20
    while time.monotonic() < deadline:
        pass
    return "done"


def test_limit_holds_in_any_thread(typeset_book):  # noqa: ARG001 - seals fontconfig
    within = module("workers.time_limit").run_within
    assert in_thread(lambda: within(20, lambda: "done")) == ["done"]
    assert in_thread(lambda: within(0.1, busy)) == ["TimeLimitError"]
