"""Run pip in a virtual environment; if it has none, unpack that of Python first.

To install it, as ``python -m venv`` does, takes 3 seconds, and to run it from its
archive one second more each time.
"""

from __future__ import annotations

import ensurepip
import importlib.util
import runpy
import sys
import sysconfig
from pathlib import Path
from zipfile import ZipFile

if importlib.util.find_spec("pip") is None:
    # Linux distributions may keep the wheels of ensurepip in a folder of their own.
    bundled = Path(ensurepip.__file__).with_name("_bundled")
    folder = Path(sysconfig.get_config_var("WHEEL_PKG_DIR") or bundled)
    wheels = sorted(folder.glob("pip-*.whl"))
    if not wheels:
        sys.exit(f"{folder} has no wheel of pip; install Python's venv as a whole")
    ZipFile(wheels[-1]).extractall(sysconfig.get_path("purelib"))
    importlib.invalidate_caches()
runpy.run_module("pip", run_name="__main__", alter_sys=True)
