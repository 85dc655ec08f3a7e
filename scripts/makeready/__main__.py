"""``python -m makeready``, and the command ``makeready``."""

from __future__ import annotations

import gc
import signal
import sys

_MISSING = 3
"""The exit code of ``errors.MissingToolError``, whose module may not be there."""
_COLLECTED_AT = (50_000, 20, 100)
"""The collector's thresholds: most of what a build makes lives to its end, and need not be gone
through time and again, which takes a seventh of the time of a build without its layout."""

_WINDOWS = """\
makeready: makeready does not run on Windows itself, but in its Subsystem for Linux (WSL).
  hint: Type `wsl --install` in PowerShell, restart, and in the window of Ubuntu:
    sudo apt-get update && sudo apt-get install --no-install-recommends pipx libpangoft2-1.0-0 \
libharfbuzz-subset0
    pipx install makeready"""


def main() -> None:
    """Run the command line; say which Python package is missing if it cannot be loaded."""
    if sys.platform == "win32":
        print(_WINDOWS, file=sys.stderr)
        sys.exit(_MISSING)
    gc.set_threshold(*_COLLECTED_AT)
    # The command line takes care of Ctrl-C once it is loaded; until then no traceback is shown.
    if signal.getsignal(signal.SIGINT) != signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.SIG_DFL)
    try:
        from makeready.cli.main import main as run  # noqa: PLC0415
    except ImportError as error:
        install = f"{sys.executable} -m pip install makeready"
        print(
            f"makeready: A Python package is missing or cannot be loaded: {error}.\n"
            f"  hint: Install makeready again with all its packages: {install}",
            file=sys.stderr,
        )
        sys.exit(_MISSING)
    run()


# A worker that is begun by spawning imports this module under another name.
if __name__ == "__main__":
    main()
