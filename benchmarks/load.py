"""What ``%load_ext`` costs, hfmagic beside its rivals, in one run: a Markdown table.

Every row is a fresh ``ipython -c "%load_ext NAME"`` of the same interpreter; rounds are interleaved, the first one warms up and is not
counted, and the table has the medians of what is above bare IPython. CPU time (user and system, from ``wait4``) is the number that
a busy machine disturbs least.

    python benchmarks/load.py                                   # makes a temporary environment for the rivals with pip
    python benchmarks/load.py --rivals-python venv/bin/python   # uses one that has ipython, jupyter-ai-magics, jupysql and gradio
"""

from __future__ import annotations

import argparse
import os
import platform
import subprocess
import sys
import tempfile
import time
import venv
from dataclasses import dataclass
from pathlib import Path
from statistics import median

SOURCE = Path(__file__).parents[1] / "src"
RIVALS = ("jupyter-ai-magics", "jupysql", "gradio")
EXTENSIONS = {"bare IPython": "", "hfmagic": "hfmagic", "jupyter-ai-magics": "jupyter_ai_magics", "jupysql": "sql", "gradio": "gradio"}


@dataclass(frozen=True, slots=True)
class Run:
    """One start of IPython: seconds, modules, bytes."""

    cpu: float
    wall: float
    modules: int
    memory: int


def main() -> None:
    """Measure, and print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rivals-python", type=Path, help="interpreter that has IPython and the rivals")
    parser.add_argument("--rounds", type=int, default=7, help="how often each is started")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as home:
        python = asked.rivals_python or make_environment(Path(home) / "rivals")
        runs: dict[str, list[Run]] = {name: [] for name in EXTENSIONS}
        for round_ in range(asked.rounds + 1):
            for name, extension in EXTENSIONS.items():
                run = start(python, extension, Path(home))
                if round_:
                    runs[name].append(run)
        print(about(python), table(runs), sep="\n\n")


def make_environment(folder: Path) -> Path:
    """Install IPython and the rivals beside nothing else."""
    venv.create(folder, with_pip=True)
    python = folder / "bin" / "python"
    subprocess.run([python, "-m", "pip", "install", "--quiet", "ipython", *RIVALS], check=True, stdout=sys.stderr)
    return python


def start(python: Path, extension: str, home: Path) -> Run:
    """Start IPython once with one extension."""
    note = home / "modules.txt"
    load = f"get_ipython().run_line_magic('load_ext', '{extension}')\n" if extension else ""
    code = f"{load}import sys\nopen({str(note)!r}, 'w').write(str(len(sys.modules)))"
    environment = {name: os.environ[name] for name in ("PATH", "LANG") if name in os.environ}
    environment |= {"HOME": str(home), "PYTHONPATH": str(SOURCE), "HF_HUB_OFFLINE": "1", "GRADIO_ANALYTICS_ENABLED": "False"}
    command = [str(python), "-W", "ignore", "-m", "IPython", "--no-banner", "-c", code]
    note.unlink(missing_ok=True)
    begun = time.perf_counter()
    with subprocess.Popen(command, env=environment, cwd=home, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process:
        _, status, usage = os.wait4(process.pid, 0)
        wall = time.perf_counter() - begun
        process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode or not note.is_file():
        raise SystemExit(f"{extension or 'bare IPython'} does not load in {python}")
    return Run(usage.ru_utime + usage.ru_stime, wall, int(note.read_text()), usage.ru_maxrss * 1024)


def table(runs: dict[str, list[Run]]) -> str:
    """Return medians above bare IPython, and bare IPython itself."""
    bare = runs["bare IPython"]
    rows = ["| `%load_ext` | CPU | wall | modules | memory |", "|---|---:|---:|---:|---:|"]
    for name, several in runs.items():
        sign, base = ("", Run(0, 0, 0, 0)) if several is bare else ("+", middle(bare))
        here = middle(several)
        cpu, wall, modules = 1000 * (here.cpu - base.cpu), 1000 * (here.wall - base.wall), here.modules - base.modules
        memory = (here.memory - base.memory) / 1e6
        width = f"{sign}," if sign else ","
        rows.append(f"| {name} | {cpu:{width}.0f} ms | {wall:{width}.0f} ms | {modules:{width}d} | {memory:{width}.1f} MB |")
    return "\n".join(rows)


def middle(several: list[Run]) -> Run:
    """Return the median of each number."""
    return Run(
        median(run.cpu for run in several),
        median(run.wall for run in several),
        round(median(run.modules for run in several)),
        round(median(run.memory for run in several)),
    )


def about(python: Path) -> str:
    """Say what was measured, and where."""
    names = ", ".join(f"'{name}'" for name in ("ipython", *RIVALS))
    code = f"from importlib.metadata import version as v; print(', '.join(f'{{n}} {{v(n)}}' for n in ({names})))"
    versions = subprocess.run([python, "-c", code], check=True, capture_output=True, text=True).stdout.strip()
    machine = f"{platform.system()} {platform.machine()}, {os.cpu_count()} cores"
    return f"{time.strftime('%Y-%m-%d')}, {machine}, Python {platform.python_version()}, {versions}"


if __name__ == "__main__":
    main()
