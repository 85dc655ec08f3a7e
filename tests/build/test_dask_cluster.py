"""A cluster's workers typeset as the run's own do: the same bytes, the same limits."""

import json
import os
import signal
import subprocess
import sys
import time
import uuid
from pathlib import Path

import pytest

from conftest import CACHE, makeready

CLUSTER = """
import sys
from distributed import LocalCluster

if __name__ == "__main__":
    with LocalCluster(
        n_workers=2, threads_per_worker=2, processes=True, dashboard_address=None
    ) as cluster:
        print(cluster.scheduler_address, flush=True)
        sys.stdin.read()
"""


@pytest.fixture
def cluster(tmp_path):
    """The address of a cluster of two workers on this machine, each with two threads."""
    script = tmp_path / "cluster.py"
    script.write_text(CLUSTER)
    with subprocess.Popen(
        [sys.executable, script],
        cwd=tmp_path,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    ) as running:
        yield running.stdout.readline().strip()
        running.stdin.close()


def marked(book):
    """Give a book a text that no cache has."""
    chapter = book / "chapter-2.md"
    chapter.write_text(f"{chapter.read_text('utf-8')}\n{uuid.uuid4().hex}\n", "utf-8")
    return book


@pytest.mark.long
def test_a_cluster_gives_the_same_bytes(broken_book, tmp_path, cluster):
    book = marked(broken_book())
    made = {}
    for name, how in (("cluster", ("--scheduler", cluster)), ("own", ("--jobs", "2"))):
        run = makeready(
            *("build", "--kind", "print", "--book", book, "--output", tmp_path / name, *how),
            *("--cache", tmp_path / f"{name}-cache", "--profile", "--json"),
        )
        assert run.code == 0, run.out + run.err
        assert [lap["section"] for lap in json.loads(run.out)["profile"]["sections"]]
        made[name] = (tmp_path / name / "leaflet-paperback.pdf").read_bytes()
    assert made["cluster"] == made["own"]


def test_a_scheduler_that_is_not_there_is_refused(broken_book, tmp_path):
    run = makeready(
        *("build", "--kind", "print", "--book", broken_book(), "--output", tmp_path / "out"),
        *("--cache", CACHE, "--scheduler", "nonsense://nowhere"),
    )
    assert run.code == 2
    assert "makeready: No scheduler answers at nonsense://nowhere.\n" in run.err


@pytest.mark.long
def test_a_worker_that_dies_costs_no_section(broken_book, tmp_path):
    book = marked(broken_book())
    command = ["build", "--kind", "print", "--jobs", "2", "--book", book]
    command += ["--output", tmp_path / "out", "--cache", tmp_path / "cache"]
    with subprocess.Popen(
        [sys.executable, "-m", "makeready", *map(str, command)], stderr=subprocess.PIPE, text=True
    ) as run:
        for line in run.stderr:
            if line.startswith("Typesetting"):
                break
        (fork_pool,) = begun_by(run.pid)
        worker = begun_by(fork_pool, generations=1)[0]
        os.kill(worker, signal.SIGKILL)
        said = run.stderr.read()
    assert run.returncode == 0, said
    plain = makeready(
        *("build", "--kind", "print", "--book", book, "--output", tmp_path / "plain"),
        *("--cache", tmp_path / "other", "--jobs", "1"),
    )
    assert plain.code == 0
    name = "leaflet-paperback.pdf"
    assert (tmp_path / "out" / name).read_bytes() == (tmp_path / "plain" / name).read_bytes()


def begun_by(pid, generations=2, seconds=20):
    """Return the processes that a process has begun, or those that its children have."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        begun = [pid]
        for _ in range(generations):
            begun = [child for parent in begun for child in children_of(parent)]
        if begun:
            return begun
        time.sleep(0.01)
    raise AssertionError("there are no workers")


def children_of(pid):
    try:
        return list(map(int, Path(f"/proc/{pid}/task/{pid}/children").read_text().split()))
    except OSError:
        return []
