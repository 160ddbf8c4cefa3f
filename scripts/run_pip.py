"""Run the pip that comes with Python; installing it first takes 3 seconds."""

from __future__ import annotations

import ensurepip
import runpy
import sys
import sysconfig
from pathlib import Path

# Linux distributions may keep the wheels of ensurepip in a folder of their own.
bundled = Path(ensurepip.__file__).with_name("_bundled")
folder = Path(sysconfig.get_config_var("WHEEL_PKG_DIR") or bundled)
wheels = sorted(folder.glob("pip-*.whl"))
if not wheels:
    sys.exit(f"{folder} has no wheel of pip; install Python's module venv as a whole")
sys.path.insert(0, str(wheels[-1]))
runpy.run_module("pip", run_name="__main__", alter_sys=True)
