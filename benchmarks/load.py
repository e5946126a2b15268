"""What ``%load_ext`` costs, hfmagic beside its rivals, in one run: a Markdown table.

Every row is a fresh IPython of the same interpreter that loads one extension; rounds are interleaved, the first one warms up and is not
counted, and the table has medians. The first column is the CPU time that the load itself takes inside the process, which a busy machine
disturbs least; the others are the whole process (CPU, wall and memory from ``wait4``) above bare IPython.

    python benchmarks/load.py                                   # makes a temporary environment for the rivals with pip
    python benchmarks/load.py --rivals-python venv/bin/python   # uses one that has ipython, jupyter-ai-magics, jupysql and gradio
"""

from __future__ import annotations

import argparse
import json
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

    load: float
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
    note = home / "note.json"
    load = f"get_ipython().extension_manager.load_extension({extension!r})" if extension else "None"
    code = "\n".join(
        [
            "import json, sys, time",
            "begun = time.process_time()",
            load,
            "load = time.process_time() - begun",
            f"open({str(note)!r}, 'w').write(json.dumps([load, len(sys.modules)]))",
        ]
    )
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
    seconds, modules = json.loads(note.read_text())
    return Run(seconds, usage.ru_utime + usage.ru_stime, wall, modules, usage.ru_maxrss * 1024)


def table(runs: dict[str, list[Run]]) -> str:
    """Return the medians; of all but bare IPython what is above it."""
    bare = middle(runs["bare IPython"])
    rows = [
        "| loaded | CPU of the load | CPU of the process | wall | modules | memory |",
        "|---|---:|---:|---:|---:|---:|",
        f"| bare IPython | | {1000 * bare.cpu:,.0f} ms | {1000 * bare.wall:,.0f} ms | {bare.modules} | {bare.memory / 1e6:.1f} MB |",
    ]
    for name in list(runs)[1:]:
        here = middle(runs[name])
        cpu, wall, memory = 1000 * (here.cpu - bare.cpu), 1000 * (here.wall - bare.wall), (here.memory - bare.memory) / 1e6
        more = f"{cpu:+,.0f} ms | {wall:+,.0f} ms | {here.modules - bare.modules:+,d} | {memory:+.1f} MB"
        rows.append(f"| {name} | {1000 * here.load:,.0f} ms | {more} |")
    return "\n".join(rows)


def middle(several: list[Run]) -> Run:
    """Return the median of each number."""
    return Run(
        median(run.load for run in several),
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
