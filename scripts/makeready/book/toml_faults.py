"""Where a text is not valid TOML, and why, in words."""

from __future__ import annotations

import re
import sys

from makeready.book.validation import lower_first


def toml_fault(error: ValueError | RecursionError, text: str) -> tuple[int, str]:
    """Return the line and the fault for what `tomllib.loads` raised for ``text``."""
    if isinstance(error, RecursionError):
        return 1, "it is nested too deeply"
    message = str(error)
    if "int_max_str_digits" in message:
        # Python reads no longer numbers, as the time that takes grows with the square.
        most = sys.get_int_max_str_digits()
        number = re.search(rf"[\d_]{{{most + 1},}}", text)
        line = text.count("\n", 0, number.start()) + 1 if number else 1
        return line, f"this number has more than {most:,} digits"
    _, _, position = message.rpartition("(at line ")
    number_text = position.split(",")[0]
    line = int(number_text) if number_text.isdigit() else text.rstrip("\n").count("\n") + 1
    return line, lower_first(message)
