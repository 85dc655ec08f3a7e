"""The state of this machine: everything that makeready needs, as it is found."""

from __future__ import annotations

import platform
import sys
from dataclasses import dataclass

from makeready.external.diagrams import diagram_states
from makeready.external.epubcheck import epubcheck_state
from makeready.external.ghostscript import ghostscript_state
from makeready.external.java import java_state
from makeready.external.pandoc import pandoc_state
from makeready.external.python_packages import package_states, python_state
from makeready.external.system_libraries import library_states
from makeready.external.tool import ToolState
from makeready.external.verapdf import verapdf_state


@dataclass(frozen=True, slots=True)
class MachineState:
    """The name of the system, and the state of each tool and library.

    ``validators`` are tools that check more where they are installed, ``diagrams`` draw these, and
    ``importers`` read the documents of other programs.
    """

    system: str
    tools: tuple[ToolState, ...]
    validators: tuple[ToolState, ...]
    diagrams: tuple[ToolState, ...]
    importers: tuple[ToolState, ...]

    @property
    def builds_work(self) -> bool:
        """Whether everything that a build needs is there."""
        return not any(tool.is_missing and tool.is_required for tool in self.tools)


def machine_state() -> MachineState:
    """Return the state of this machine."""
    tools = (
        python_state(),
        *library_states(),
        *package_states(),
        java_state(),
        epubcheck_state(),
        ghostscript_state(),
    )
    return MachineState(_system(), tools, (verapdf_state(),), diagram_states(), (pandoc_state(),))


def _system() -> str:
    """Return the name of the system, such as "Debian GNU/Linux 12" or "macOS 15.1".

    Windows runs Linux beside itself (WSL), whose kernel says so.
    """
    if sys.platform == "darwin":
        return f"macOS {platform.mac_ver()[0]}"
    try:
        name = platform.freedesktop_os_release()["PRETTY_NAME"]
    except (OSError, KeyError):
        name = platform.system()
    return f"{name} in Windows (WSL)" if "microsoft" in platform.release().lower() else name
