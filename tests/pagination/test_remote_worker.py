"""A remote worker typesets a section only with the right files; time limits in threads."""

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


def test_a_missing_dependency_of_a_worker_is_a_finding(typeset_book, monkeypatch):
    digests = module("pagination.remote_worker").FileDigests
    digest_of = digests.digest_of

    def another(self, path):
        return "0" * 64 if path.suffix == ".png" else digest_of(self, path)

    monkeypatch.setattr(digests, "digest_of", another)
    with ThreadPoolExecutor(1) as threads:
        typeset_book.pagination.section_pool = module("pagination.section_pool").SectionPool(
            1, 120, threads, remote=True
        )
        with pytest.raises(module("pagination.fixed_point").SectionFailedError):
            typeset_book.interior()
    (finding,) = typeset_book.findings
    assert (finding.id, finding.location.path) == ("LAY-030", "chapter-1.md")
    assert re.search(
        r"A cluster worker .*: \S+ has a different file \S+/images/square\.png\.$", finding.message
    )


# The first exception may be raised in a callback of pytest, which reports it as unraisable.
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
    outcomes = []

    def run():
        try:
            outcomes.append(work())
        except module("workers.time_limit").TimeLimitError as error:
            outcomes.append(type(error).__name__)

    thread = threading.Thread(target=run)
    thread.start()
    thread.join(30)
    return outcomes


def busy():
    deadline = time.monotonic() + 20
    while time.monotonic() < deadline:
        pass
    return "done"


def test_a_time_limit_holds_in_any_thread(typeset_book):  # noqa: ARG001 - seals fontconfig
    within = module("workers.time_limit").run_within
    assert in_thread(lambda: within(20, lambda: "done")) == ["done"]
    assert in_thread(lambda: within(0.1, busy)) == ["TimeLimitError"]
