"""Messages that libraries print by themselves."""

from __future__ import annotations

import logging
import warnings


def silence_libraries() -> None:
    """Keep libraries from printing warnings and tracebacks, in this process and its children.

    What is wrong with a file is reported as a finding. Handlers that collect messages, such as
    that of the engine's warnings, still get them.
    """
    logging.getLogger().addHandler(logging.NullHandler())
    warnings.simplefilter("ignore")
