"""One sample of the machine: processor, memory, disk, GPUs. Every reading degrades alone."""

from __future__ import annotations

import math
import os
import platform
import shutil
import subprocess
import time
from dataclasses import dataclass

from hfmagic.core.errors import HFMagicError
from hfmagic.sampler.cgroup import cpu_quota
from hfmagic.sampler.memory import Ram, read_ram
from hfmagic.sampler.nvml import Gpu, nvidia_gpus

LONGEST_INTERVAL = 60.0


@dataclass(frozen=True, slots=True)
class Cpu:
    """The processor; None for what cannot be read.

    Attributes
    ----------
    percent : float or None
        Share of all cores' time that was used during the interval, by everybody on this machine.
    per_core : tuple of float
        The same for each core; empty when it cannot be read.
    cores : int or None
        Cores that this machine shows.
    usable : float or None
        Cores' worth of time that this process may use: its affinity and the container's quota, the smaller one.
    load : float or None
        Processes that ran or waited to run, as the mean of the last minute.
    """

    percent: float | None = None
    per_core: tuple[float, ...] = ()
    cores: int | None = None
    usable: float | None = None
    load: float | None = None


@dataclass(frozen=True, slots=True)
class Disk:
    """The file system of the working folder, in bytes."""

    folder: str
    total: int
    free: int


@dataclass(frozen=True, slots=True)
class Sample:
    """One reading of the machine.

    Attributes
    ----------
    time : float
        When it was taken, in seconds since 1970.
    cpu : Cpu
    ram : Ram
    disk : Disk or None
        None when the working folder is gone.
    gpus : tuple of Gpu
    """

    time: float
    cpu: Cpu
    ram: Ram
    disk: Disk | None
    gpus: tuple[Gpu, ...]


def take_sample(interval: float = 0.2) -> Sample:
    """Read the machine once.

    Parameters
    ----------
    interval : float
        Seconds over which the processor is watched, from 0.01 to 60; the call takes as long.

    Returns
    -------
    Sample
        What could be read; the rest is None or empty.
    """
    if not 0.01 <= interval <= LONGEST_INTERVAL:  # noqa: PLR2004 (the processor's clock ticks a hundred times a second)
        raise HFMagicError(f"the interval cannot be {interval} seconds", f"give seconds between 0.01 and {LONGEST_INTERVAL:.0f}")
    cpu = _read_cpu(interval)
    return Sample(time.time(), cpu, read_ram(), _read_disk(), nvidia_gpus() or _apple_gpu())


def usable_cores() -> float | None:
    """Return how many cores' worth of time this process may use."""
    affinity = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    return min((cores for cores in (affinity, cpu_quota()) if cores is not None), default=None)


def _read_cpu(interval: float) -> Cpu:
    import psutil

    per_core: list[float] = []
    try:
        per_core = psutil.cpu_percent(interval, percpu=True)
    except (psutil.Error, OSError, ValueError, IndexError, RuntimeError):
        time.sleep(interval)
    try:
        load = os.getloadavg()[0]
    except (OSError, AttributeError):
        load = None
    percent = math.fsum(per_core) / len(per_core) if per_core else None
    return Cpu(percent, tuple(per_core), len(per_core) or os.cpu_count(), usable_cores(), load)


def _read_disk() -> Disk | None:
    try:
        folder = os.getcwd()  # noqa: PTH109 (the string itself is wanted)
        usage = shutil.disk_usage(folder)
    except OSError:
        return None
    return Disk(folder, usage.total, usage.free)


def _apple_gpu() -> tuple[Gpu, ...]:
    """Return the GPU of an Apple chip by its name; what it does is not for everyone to read."""
    if (platform.system(), platform.machine()) != ("Darwin", "arm64"):
        return ()
    try:
        asked = subprocess.run(
            ["/usr/sbin/sysctl", "-n", "machdep.cpu.brand_string"], capture_output=True, text=True, timeout=2, check=False
        )
        name = asked.stdout.strip()
    except (OSError, subprocess.SubprocessError):
        name = ""
    return (Gpu(0, name=f"{name or 'Apple'} GPU"),)
