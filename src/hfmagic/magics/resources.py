"""``%hf_resources``: one snapshot of the machine as a table."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from hfmagic.magics.arguments import MagicParser

if TYPE_CHECKING:
    from hfmagic.magics.call import Call
    from hfmagic.sampler.memory import Ram
    from hfmagic.sampler.nvml import Gpu
    from hfmagic.sampler.sample import Cpu, Disk, Sample

Row = tuple[str, str, str, str]

PARSER = MagicParser(
    "hf_resources",
    "Show what this machine has and what is in use.",
    examples=("%hf_resources", "%hf_resources --interval 1", "%hf_resources --json"),
)
PARSER.add_argument("--interval", type=float, default=0.2, metavar="SECONDS", help="how long to watch the processor")
PARSER.add_argument("--json", action="store_true", help="print every reading as JSON: bytes, percent, degrees Celsius, watts")

HEADER = ("", "in use", "of", "")
MOST_CORES = 8  # shown one by one


def run(call: Call) -> None:
    """Take a sample and show it."""
    from hfmagic.api.resources import resources

    sample = resources(call.args.interval)
    if call.args.json:
        _print_json(sample)
        return
    from IPython.display import display

    from hfmagic.core.settings import settings
    from hfmagic.display.table import table_bundle

    display(table_bundle(rows(sample), HEADER, theme=settings.theme), raw=True)  # type: ignore[no-untyped-call]


def rows(sample: Sample) -> list[Row]:
    """Return the table: what, how much of it is in use, of how much, and what else there is to say."""
    gpus = [row for gpu in sample.gpus for row in _gpu(gpu)]
    return [_cpu(sample.cpu), *_ram(sample.ram), *_disk(sample.disk), *(gpus or [("GPU", "–", "–", "none that can be seen")])]


def _cpu(cpu: Cpu) -> Row:
    notes = []
    if cpu.usable is not None and cpu.cores is not None and cpu.usable < cpu.cores:
        notes.append(f"{cpu.usable:g} usable here")
    if 1 < len(cpu.per_core) <= MOST_CORES:
        notes.append("each " + " ".join(f"{percent:.0f}" for percent in cpu.per_core))
    if cpu.load is not None:
        notes.append(f"load {cpu.load:.1f}")
    cores = "–" if cpu.cores is None else f"{cpu.cores} core{'' if cpu.cores == 1 else 's'}"
    return "CPU", _percent(cpu.percent), cores, ", ".join(notes)


def _ram(ram: Ram) -> list[Row]:
    from hfmagic.display.text import size

    rows = [("RAM", size(ram.used), size(ram.total), f"{size(ram.available)} available")]
    if ram.limit is not None:
        rows.append(("container", size(ram.working_set), size(ram.limit), "beyond its limit the kernel is killed"))
    return [*rows, ("this kernel", size(ram.kernel), "", "")]


def _disk(disk: Disk | None) -> list[Row]:
    from hfmagic.display.text import size

    if disk is None:
        return [("disk", "–", "–", "the working folder is gone")]
    return [("disk", size(disk.total - disk.free), size(disk.total), f"{size(disk.free)} free in {disk.folder}")]


def _gpu(gpu: Gpu) -> list[Row]:
    from hfmagic.display.text import size

    what = f"GPU {gpu.index}"
    if gpu.problem:
        return [(what, "–", "–", f"cannot be read: {gpu.problem}")]
    notes = [gpu.name or "no name"]
    if gpu.temperature is not None:
        notes.append(f"{gpu.temperature} °C")
    if gpu.power is not None:
        notes.append(f"{gpu.power:.0f} W")
    if gpu.driver:
        notes.append(f"driver {gpu.driver}")
    return [(what, _percent(gpu.utilisation), "", ", ".join(notes)), (f"{what} memory", size(gpu.memory_used), size(gpu.memory_total), "")]


def _percent(value: float | None) -> str:
    return "–" if value is None else f"{value:.0f} %"


def _print_json(sample: Sample) -> None:
    import json
    from dataclasses import asdict

    sys.stdout.write(f"{json.dumps(asdict(sample), indent=2)}\n")
