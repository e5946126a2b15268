"""Compile the NVML stand-in; ``LD_LIBRARY_PATH`` with the returned folder in front makes pynvml load it."""

from __future__ import annotations

import subprocess
from pathlib import Path

SOURCE = Path(__file__).with_name("nvml.c")


def build_nvml(folder: Path) -> Path:
    name = "libnvidia-ml.so.1"
    command = ["cc", "-shared", "-fPIC", "-Wall", "-Wextra", "-Werror", f"-Wl,-soname,{name}", "-o", str(folder / name), str(SOURCE)]
    subprocess.run(command, check=True)
    return folder
