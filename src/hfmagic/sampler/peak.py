"""The peak memory of one piece of work."""

from __future__ import annotations

import os
import sys
from typing import Any


class PeakMemory:
    """Watches this process' memory, and torch's on CUDA, from its creation on.

    On Linux the kernel itself keeps the highest resident size (``VmHWM``): when it rose meanwhile it is the exact peak of this
    interval, also between two polls. When it did not rise, the peak of the interval lies below an earlier one, and the highest of the
    polled values stands for it. Elsewhere the polled values are all there is.

    torch's own peak starts anew, as ``torch.cuda.reset_peak_memory_stats`` does; torch is never imported for this.
    """

    def __init__(self) -> None:
        self._high_before = _high_water()
        self._polled = 0
        cuda = _cuda()
        if cuda is not None:  # not initialised yet: its peak begins at zero anyway
            for device in range(cuda.device_count()):
                cuda.reset_peak_memory_stats(device)
        self.poll()

    def poll(self) -> None:
        """Look once; a few microseconds on Linux. Call it often."""
        self._polled = max(self._polled, resident() or 0)

    def bytes(self, device: str = "cpu") -> int | None:
        """Return the peak so far.

        Parameters
        ----------
        device : str
            ``cpu`` for this process' resident memory, ``cuda`` or ``cuda:1`` for what torch allocated there.

        Returns
        -------
        int or None
            Bytes; None when it cannot be read.
        """
        if device.startswith("cuda"):
            cuda = _cuda()
            return None if cuda is None else int(cuda.max_memory_allocated(device))
        self.poll()
        high = _high_water()
        if high is not None and self._high_before is not None and high > self._high_before:
            return high
        return self._polled or None


def resident() -> int | None:
    """Return the resident memory of this process in bytes, None when it cannot be read."""
    try:
        with open("/proc/self/statm", "rb") as file:  # noqa: PTH123 (a third of the time of Path.read_bytes)
            return int(file.read().split()[1]) * os.sysconf("SC_PAGE_SIZE")
    except (OSError, ValueError, IndexError):
        return _resident_elsewhere()


def _resident_elsewhere() -> int | None:
    import psutil

    try:
        return int(psutil.Process().memory_info().rss)
    except (psutil.Error, OSError):
        return None


def _high_water() -> int | None:
    """Return the highest resident memory of this process so far, in bytes; Linux only."""
    try:
        with open("/proc/self/status", "rb") as file:  # noqa: PTH123 (see above)
            for line in file:
                if line.startswith(b"VmHWM:"):
                    return int(line.split()[1]) * 1024
    except (OSError, ValueError, IndexError):
        pass
    return None


def _cuda() -> Any:
    """Return ``torch.cuda`` when the notebook uses it already, else None."""
    torch = sys.modules.get("torch")
    cuda = getattr(torch, "cuda", None)  # None also while torch is being imported by another thread
    if cuda is None or not hasattr(cuda, "is_initialized") or not cuda.is_initialized():
        return None
    return cuda
