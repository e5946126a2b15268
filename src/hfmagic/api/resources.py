"""``hfmagic.resources``: one sample of the machine; the function behind ``%hf_resources``."""

from __future__ import annotations

from hfmagic.sampler.sample import Sample, take_sample


def resources(interval: float = 0.2) -> Sample:
    """Read processor, memory, disk and GPUs once.

    Parameters
    ----------
    interval : float
        Seconds over which the processor is watched; the call takes as long.

    Returns
    -------
    Sample
        The readings, in bytes, percent, degrees Celsius and watts; None or empty for what this machine does not tell.
    """
    return take_sample(interval)
