"""The limits that a container sets on this process: control groups of Linux, version 2 and version 1.

A group's limit holds for all groups below it, so the levels from this process' own group up to the highest that is visible here are
all asked. What a container cannot see does not exist for it.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path("/")
UNLIMITED = 2**60  # version 1 writes "no limit" as a huge number


@dataclass(frozen=True, slots=True)
class MemoryLimit:
    """The memory limit that would be hit first, in bytes.

    Attributes
    ----------
    limit : int
        What the group may use.
    working_set : int
        What it uses and cannot give back at once: usage without the file cache that was not touched lately.
    """

    limit: int
    working_set: int

    @property
    def headroom(self) -> int:
        """The bytes until the limit."""
        return max(self.limit - self.working_set, 0)


def memory_limit(root: Path = ROOT) -> MemoryLimit | None:
    """Return the memory limit with the least headroom, None when nothing limits this process.

    Parameters
    ----------
    root : Path
        Where ``proc`` and ``sys`` lie.
    """
    found = [limit for folder in _levels("memory", root) if (limit := _memory_of(folder)) is not None]
    return min(found, key=lambda limit: limit.headroom, default=None)


def cpu_quota(root: Path = ROOT) -> float | None:
    """Return how many cores' worth of time this process may use, None when nothing limits it."""
    return min((quota for folder in _levels("cpu", root) if (quota := _quota_of(folder)) is not None), default=None)


def _memory_of(folder: Path) -> MemoryLimit | None:
    limit = _number(folder / "memory.max") or _number(folder / "memory.limit_in_bytes")
    usage = _number(folder / "memory.current") or _number(folder / "memory.usage_in_bytes")
    if limit is None or usage is None or limit >= UNLIMITED:
        return None
    stat = dict(line.split(maxsplit=1) for line in _text(folder / "memory.stat").splitlines() if " " in line)
    cache = stat.get("total_inactive_file") or stat.get("inactive_file") or "0"  # version 1 has both; "total" counts the groups below
    return MemoryLimit(limit, max(usage - int(cache), 0))


def _quota_of(folder: Path) -> float | None:
    quota, _, period = _text(folder / "cpu.max").strip().partition(" ")
    if not quota:
        quota, period = _text(folder / "cpu.cfs_quota_us").strip(), _text(folder / "cpu.cfs_period_us").strip()
    if not (quota.isdecimal() and period.isdecimal() and int(period)):  # "max" or "-1": no limit
        return None
    return int(quota) / int(period)


def _levels(controller: str, root: Path) -> Iterator[Path]:
    """Walk from this process' group of `controller` up to the mount point."""
    mounted = _mount(controller, root)
    if mounted is None:
        return
    seen_as, mount, version = mounted
    inside = _group(controller, version, root)
    relative = inside.removeprefix(seen_as.rstrip("/")) if f"{inside}/".startswith(f"{seen_as.rstrip('/')}/") else ""
    parts = [part for part in relative.split("/") if part and part != ".."]
    for depth in range(len(parts), -1, -1):
        yield mount.joinpath(*parts[:depth])


def _mount(controller: str, root: Path) -> tuple[str, Path, int] | None:
    """Return which group is mounted, where, and the version; a controller of version 1 is not in version 2 at the same time."""
    unified = None
    for line in _text(root / "proc/self/mountinfo").splitlines():
        about, _, filesystem = line.partition(" - ")
        fields, kind = about.split(), filesystem.split()
        if len(fields) < 5 or len(kind) < 3:  # noqa: PLR2004 (proc(5): the fifth is the mount point, the third the options)
            continue
        mount = root / fields[4].replace("\\040", " ").lstrip("/")
        if kind[0] == "cgroup" and controller in kind[2].split(","):
            return fields[3], mount, 1
        if kind[0] == "cgroup2":
            unified = fields[3], mount, 2
    return unified


def _group(controller: str, version: int, root: Path) -> str:
    """Return the path of this process' group."""
    for line in _text(root / "proc/self/cgroup").splitlines():
        number, _, rest = line.partition(":")
        controllers, _, path = rest.partition(":")
        if controller in controllers.split(",") if version == 1 else number == "0":
            return path
    return "/"


def _number(file: Path) -> int | None:
    text = _text(file).strip()
    return int(text) if text.isdecimal() else None


def _text(file: Path) -> str:
    try:
        return file.read_text(encoding="utf-8", errors="replace")
    except OSError:
        return ""
