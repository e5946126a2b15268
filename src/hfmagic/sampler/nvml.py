"""NVIDIA GPUs as the driver reports them (NVML). No driver, no GPUs and no noise; each reading is lost alone.

NVML counts everybody's memory on the GPU, knows nothing of ``CUDA_VISIBLE_DEVICES`` and, on a slice of a GPU (MIG), has no utilisation.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Gpu:
    """One reading of one GPU; None for what it does not tell.

    Attributes
    ----------
    index : int
        The driver's number of the GPU.
    name : str or None
        As sold, such as ``Tesla T4``.
    utilisation : int or None
        Percent of the last moment (1/6 to 1 s) in which something computed on it.
    memory_used, memory_total : int or None
        Bytes, of all processes together.
    temperature : int or None
        Degrees Celsius.
    power : float or None
        Watts.
    driver : str or None
        The driver's version.
    problem : str or None
        Why nothing can be read.
    """

    index: int
    name: str | None = None
    utilisation: int | None = None
    memory_used: int | None = None
    memory_total: int | None = None
    temperature: int | None = None
    power: float | None = None
    driver: str | None = None
    problem: str | None = None


def nvidia_gpus() -> tuple[Gpu, ...]:
    """Return a reading of every NVIDIA GPU; empty without a driver."""
    try:
        import pynvml as nvml
    except ImportError:
        return ()
    try:
        nvml.nvmlInit()
    except (nvml.NVMLError, OSError):
        return ()
    try:
        driver = _text(_reading(nvml, nvml.nvmlSystemGetDriverVersion))
        count = _reading(nvml, nvml.nvmlDeviceGetCount) or 0
        return tuple(_gpu(nvml, index, driver) for index in range(count))
    finally:
        _reading(nvml, nvml.nvmlShutdown)


def _gpu(nvml: Any, index: int, driver: str | None) -> Gpu:
    try:
        handle = nvml.nvmlDeviceGetHandleByIndex(index)
    except nvml.NVMLError as error:
        return Gpu(index, driver=driver, problem=str(error))
    name = _text(_reading(nvml, nvml.nvmlDeviceGetName, handle))
    used, total = _memory(nvml, handle)
    rates = _reading(nvml, nvml.nvmlDeviceGetUtilizationRates, handle)
    temperature = _reading(nvml, nvml.nvmlDeviceGetTemperature, handle, nvml.NVML_TEMPERATURE_GPU)
    power = _reading(nvml, nvml.nvmlDeviceGetPowerUsage, handle)
    silent = all(reading is None for reading in (name, total, rates, temperature, power))
    return Gpu(
        index,
        name=name,
        utilisation=None if rates is None else int(rates.gpu),
        memory_used=used,
        memory_total=total,
        temperature=temperature,
        power=None if power is None else power / 1000,  # NVML says milliwatts
        driver=driver,
        problem="it gives no reading" if silent else None,
    )


def _memory(nvml: Any, handle: Any) -> tuple[int | None, int | None]:
    """Return used and total memory: without the driver's own reserve where the driver tells them apart, as nvidia-smi does."""
    memory = _reading(nvml, nvml.nvmlDeviceGetMemoryInfo, handle, getattr(nvml, "nvmlMemory_v2", None))
    if memory is None:
        memory = _reading(nvml, nvml.nvmlDeviceGetMemoryInfo, handle)
    return (None, None) if memory is None else (int(memory.used), int(memory.total))


def _reading(nvml: Any, ask: Callable[..., T], *arguments: Any) -> T | None:
    """Ask for one thing; None when the GPU or its driver cannot tell (names that are no UTF-8 are a ValueError)."""
    try:
        return ask(*arguments)
    except (nvml.NVMLError, ValueError):
        return None


def _text(value: str | bytes | None) -> str | None:
    """Return a string; old bindings give bytes."""
    return value.decode(errors="replace") if isinstance(value, bytes) else value
