"""Workers on other machines: a Dask cluster as an executor."""

from __future__ import annotations

from concurrent.futures import Executor

from makeready.errors import MissingToolError, UsageError

_CONNECT_SECONDS = 10


def cluster_executor(address: str) -> Executor:
    """Return an executor that runs its tasks on the workers of a Dask cluster.

    ``address`` is that of the scheduler, ``tcp://host:port``. Raises MissingToolError where
    `distributed` is not installed, and UsageError where no scheduler answers or it has no
    workers.
    """
    try:
        from distributed import Client  # noqa: PLC0415 - an optional dependency
    except ImportError:
        raise MissingToolError(
            "--scheduler needs the Python package `distributed`, which is not installed.",
            "Install it beside makeready: pip install distributed",
        ) from None
    try:
        client = Client(address, timeout=_CONNECT_SECONDS, set_as_default=False)
    except (OSError, ValueError, TimeoutError, ImportError) as error:
        raise UsageError(
            f"No scheduler answers at {address}.",
            "Start one with `dask scheduler`, and use the address it prints.",
        ) from error
    if not client.scheduler_info()["workers"]:
        raise UsageError(
            f"The scheduler at {address} has no workers.",
            f"Start some on each machine: `dask worker {address} --nthreads 1`.",
        )
    executor: Executor = client.get_executor(pure=False)
    return executor
