"""Do the weights fit: what they need in memory, read from their headers, against what is free now."""

from __future__ import annotations

import json
import math
from typing import TYPE_CHECKING, Any

from hfmagic.core.errors import HFMagicError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

BYTES = {"float32": 4, "float16": 2, "bfloat16": 2}
FLOATS = {"F64", "F32", "F16", "BF16"}
LONGEST_HEADER = 100_000_000  # the format's own limit
KEPT_FREE = 0.05
FIXED_WORK = 25_000_000
SHARE_WORK = 0.10
# Quantised formats that transformers unpacks where no GPU computes them: how many values lie in one stored element.
UNPACKED = {"fp8": {"F8_E4M3": 1, "F8_E5M2": 1}, "mxfp4": {"U8": 2}}


def weights_bytes(folder: Path, dtype: str, device: str = "cpu") -> int:
    """Return how many bytes a checkpoint's weights take in memory, from its safetensors headers alone.

    Parameters
    ----------
    folder : Path
        Where ``model.safetensors``, or its shards and their index, lie.
    dtype : str
        What the floating point tensors are loaded as: ``float32``, ``float16`` or ``bfloat16``. Other tensors count as they are stored.
    device : str
        Where they go. Weights that are stored in 8 or 4 bits stay so on CUDA; elsewhere transformers unpacks some of these formats.

    Returns
    -------
    int
        Σ elements × bytes of `dtype` over the floating point tensors, plus the stored bytes of the others. An output layer that is
        stored although it is tied to the input embeddings counts once, as it is loaded.

    Raises
    ------
    HFMagicError
        There are no weights here, or a file is not what it claims to be.
    """
    config = _json_object(folder / "config.json")
    quantised = config.get("quantization_config")
    method = str(quantised.get("quant_method", "")) if isinstance(quantised, dict) else ""
    unpacked = {} if device.startswith("cuda") else UNPACKED.get(method, {})
    tensors = {name: tensor for file in weight_files(folder) for name, tensor in _header(file)}
    if config.get("tie_word_embeddings") is True and any(name.endswith("embed_tokens.weight") for name in tensors):
        tensors.pop("lm_head.weight", None)
    return sum(_in_memory(tensor, BYTES[dtype], unpacked) for tensor in tensors.values())


def weight_files(folder: Path) -> list[Path]:
    """Return the files that transformers would load: ``model.safetensors``, else the index's shards, else all there are."""
    if (single := folder / "model.safetensors").is_file():
        return [single]
    shards = _json_object(folder / "model.safetensors.index.json").get("weight_map")
    if isinstance(shards, dict) and shards:
        files = [folder / name for name in sorted({str(shard) for shard in shards.values()})]
        for file in files:
            if file.parent != folder:
                raise HFMagicError(f"the weights' index in {folder.name} points outside of its folder", "do not use this model")
            if not file.is_file():
                raise HFMagicError(f"{file.name} is missing in {folder.name}", "fetch the model again: its download is not complete")
        return files
    found = sorted(folder.glob("*.safetensors"))
    if not found:
        raise HFMagicError(f"there are no *.safetensors weights in {folder.name}", "pick a model with safetensors")
    return found


def fits(needed: int, free: int | None) -> bool:
    """Tell whether weights of `needed` bytes fit into `free` bytes, with head-room to work in.

    5 % of what is free stays free, and a short answer takes up to 10 % of the weights and 25 MB more: over dense models of 110 to 494
    million parameters on a CPU, the measured peak of an answer within 512 tokens lay 4 to 10 % above the weights (GPT-2: 32 %). At this
    very edge, in a control group with that limit, a model of 134 million parameters answered in float32 and bfloat16, stored as either:
    a cast needs no room for both, as what is stored is mapped and Linux takes those pages back. What is free is None when nobody can
    tell; then everything fits.
    """
    return free is None or needed + FIXED_WORK + SHARE_WORK * needed <= (1 - KEPT_FREE) * free


def check_fits(needed: int, free: int | None, what: str, *, dtype: str = "", device: str = "cpu") -> None:
    """Refuse what does not fit, before it is loaded.

    Parameters
    ----------
    needed : int
        Bytes of the weights, from `weights_bytes`.
    free : int or None
        Bytes that are free, from `free_memory`.
    what : str
        The model, as the user named it.
    dtype, device : str
        As they were chosen, for the advice.

    Raises
    ------
    HFMagicError
        It does not `fits`; the message has the numbers and the hint what would fit.
    """
    if fits(needed, free) or free is None:
        return
    where = "GPU memory" if device.startswith("cuda") else "memory"
    ways = []
    if dtype == "float32" and fits(needed // 2, free):
        ways.append(f"--dtype bfloat16 (--dtype float16 on an older GPU) takes {_gb(needed / 2)}")
    largest = ((1 - KEPT_FREE) * free - FIXED_WORK) / (1 + SHARE_WORK)
    if largest > FIXED_WORK:
        step = 1e8 if largest >= 1e9 else 1e6  # noqa: PLR2004 (one gigabyte)
        ways.append(f"a model with weights of at most {_gb(largest // step * step)}")  # rounded down: what is named must fit
    ways.append("%hf_infer in a runtime with more memory" if device.startswith("cuda") else "a runtime with a GPU or more memory")
    raise HFMagicError(
        f"{what} does not fit: its weights need {_gb(needed)} of {where} and room to work in, {_gb(free)} are free",
        "what would fit: " + "; ".join(ways),
    )


def free_memory(device: str) -> int | None:
    """Return the bytes that a model may take now on `device`; None when nobody can tell.

    On ``cpu`` the memory that is available without swapping, on this machine and in this container; on ``cuda`` what the driver says is
    free plus what torch keeps for reuse; on ``mps`` the smaller of both kinds.
    """
    if device.startswith("cuda"):
        import torch

        free, _total = torch.cuda.mem_get_info(device)
        return int(free + torch.cuda.memory_reserved(device) - torch.cuda.memory_allocated(device))
    from hfmagic.sampler.memory import available

    ram = available()
    if device != "mps":
        return ram
    import torch

    recommended = int(torch.mps.recommended_max_memory() - torch.mps.driver_allocated_memory())
    return recommended if ram is None else min(ram, recommended)


def _header(file: Path) -> Iterator[tuple[str, dict[str, Any]]]:
    """Read the names, dtypes and shapes at the beginning of a safetensors file: 8 bytes of length, then JSON."""
    broken = HFMagicError(f"{file.name} is no readable safetensors file", "fetch the model again: the file is damaged or not complete")
    try:
        with file.open("rb") as stream:
            length = int.from_bytes(stream.read(8), "little")
            room = file.stat().st_size - 8
            header = json.loads(stream.read(length)) if 0 < length <= min(room, LONGEST_HEADER) else None
    except (OSError, ValueError, RecursionError) as error:
        raise broken from error
    if not isinstance(header, dict):
        raise broken
    for name, tensor in header.items():
        if name == "__metadata__":
            continue
        if not _well_formed(tensor, room - length):
            raise broken
        yield name, tensor


def _well_formed(tensor: Any, room: int) -> bool:
    """Tell whether a header's entry has a dtype, a shape and a place inside of the file."""
    try:
        start, end = tensor["data_offsets"]
        return isinstance(tensor["dtype"], str) and all(type(n) is int and n >= 0 for n in tensor["shape"]) and 0 <= start <= end <= room
    except (TypeError, KeyError, ValueError):
        return False


def _in_memory(tensor: dict[str, Any], target: int, unpacked: dict[str, int]) -> int:
    kind: str = tensor["dtype"]
    elements: int = math.prod(tensor["shape"])
    if kind in FLOATS:
        return elements * target
    if kind in unpacked:
        return elements * unpacked[kind] * target
    start, end = tensor["data_offsets"]
    return int(end - start)


def _json_object(file: Path) -> dict[str, Any]:
    try:
        value = json.loads(file.read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError):
        return {}
    return value if isinstance(value, dict) else {}


def _gb(number: float) -> str:
    return f"{number / 1e9:.1f} GB" if number >= 1e9 else f"{number / 1e6:.0f} MB"  # noqa: PLR2004 (one gigabyte)
