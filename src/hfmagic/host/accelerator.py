"""Where to compute and how precisely: the device and the dtype that a model gets on this machine."""

from __future__ import annotations

from dataclasses import dataclass

from hfmagic.core.errors import HFMagicError

AUTO = "auto"
DTYPES = {
    "float32": "float32",
    "float16": "float16",
    "bfloat16": "bfloat16",
    "fp32": "float32",
    "fp16": "float16",
    "bf16": "bfloat16",
}
NATIVE_BFLOAT16 = (8, 0)  # Ampere; a T4 (7.5) computes bfloat16 by emulation, and torch calls that "supported"


@dataclass(frozen=True, slots=True)
class Accelerators:
    """What torch can compute on here, beside the CPU.

    Attributes
    ----------
    cuda : tuple of bool
        One entry per CUDA (or ROCm) device: whether it has bfloat16 natively.
    mps : bool
        Whether there is an Apple GPU.
    """

    cuda: tuple[bool, ...] = ()
    mps: bool = False

    @property
    def names(self) -> list[str]:
        """The devices that can be asked for, the best first."""
        return [*(f"cuda:{i}" for i in range(len(self.cuda))), *(["mps"] if self.mps else []), "cpu"]


def device_and_dtype(device: str | None, dtype: str | None, checkpoint_dtype: str | None) -> tuple[str, str]:
    """Return the device and the dtype for a model on this machine. Imports torch.

    Parameters
    ----------
    device : str or None
        ``cpu``, ``cuda``, ``cuda:1``, ``mps``; None or ``auto`` is the best there is.
    dtype : str or None
        ``float32``, ``float16``, ``bfloat16`` or the short ``fp32``, ``fp16``, ``bf16``; None or ``auto`` follows the checkpoint as far
        as the device computes it natively.
    checkpoint_dtype : str or None
        What the checkpoint is stored in, as its ``config.json`` says.

    Returns
    -------
    tuple of str
        The device for torch, and the dtype's full name.

    Raises
    ------
    HFMagicError
        There is no such device or dtype; the message names what there is.
    """
    return choose(device, dtype, checkpoint_dtype, accelerators())


def accelerators() -> Accelerators:
    """Ask torch what there is."""
    import torch

    cuda: tuple[bool, ...] = ()
    if torch.cuda.is_available():
        rocm = torch.version.hip is not None  # AMD's numbers mean something else; torch takes bfloat16 there as given
        cuda = tuple(rocm or torch.cuda.get_device_capability(i) >= NATIVE_BFLOAT16 for i in range(torch.cuda.device_count()))
    return Accelerators(cuda, mps=torch.backends.mps.is_available())


def choose(device: str | None, dtype: str | None, checkpoint_dtype: str | None, there: Accelerators) -> tuple[str, str]:
    """Decide for the machine described by `there`; see `device_and_dtype`."""
    place = _device(device, there)
    wanted = (dtype or AUTO).strip().lower().removeprefix("torch.")
    if wanted in DTYPES:
        return place, DTYPES[wanted]
    if wanted != AUTO:
        raise HFMagicError(f"there is no dtype {dtype!r} for weights", f"use auto, {', '.join(DTYPES)}")
    return place, _dtype(place, (checkpoint_dtype or "float32").removeprefix("torch."), there)


def _device(device: str | None, there: Accelerators) -> str:
    wanted = (device or AUTO).strip().lower()
    if wanted == AUTO:
        return "cuda" if there.cuda else there.names[0]
    if wanted in there.names or (wanted == "cuda" and there.cuda):
        return wanted
    if wanted.startswith("cuda") and not there.cuda:
        hint = f"use {' or '.join(there.names)}; a GPU also needs a torch that was built for it"
    else:
        hint = f"use auto, {', '.join(there.names)}"
    raise HFMagicError(f"there is no device {device!r} here", hint)


def _dtype(place: str, checkpoint: str, there: Accelerators) -> str:
    """Follow the checkpoint; 16-bit weights in the 16-bit format that `place` computes natively."""
    if checkpoint == "float32":
        return "float32"
    if place == "cpu":  # float16 is slow on CPUs and misses operators; bfloat16 is neither
        return "bfloat16" if checkpoint == "bfloat16" else "float32"
    if checkpoint == "float16" or place == "mps":
        return "float16"
    native = there.cuda[int(place.partition(":")[2] or 0)]
    return "bfloat16" if native else "float16"  # bfloat16, and what is stored still smaller (float8)
