"""Starting a module of this program as a process of its own, wherever the program lies."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import panel


def module_command(module: str, *words: str) -> list[str]:
    """The command line that runs one of our modules with this interpreter."""
    return [sys.executable, "-m", module, *words]


def module_environment() -> dict[str, str]:
    """This process's environment, in which that module is found from any folder."""
    home = str(Path(panel.__file__).resolve().parent.parent)
    paths = [home, *filter(None, [os.environ.get("PYTHONPATH")])]
    return os.environ | {"PYTHONPATH": os.pathsep.join(paths)}
