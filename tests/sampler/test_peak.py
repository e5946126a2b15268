"""Peak memory, each case in a process of its own: what a process once used stays in the kernel's books."""

from __future__ import annotations

import pytest

MB = 1_000_000
BEGIN = "import json\nfrom hfmagic.sampler.peak import PeakMemory, resident\nMB = 1_000_000\n"


def test_a_peak_between_two_polls_is_seen(in_process):
    before, peak, after = in_process(
        BEGIN + "before = resident(); peak = PeakMemory(); big = bytearray(b'x') * (200 * MB); del big\n"
        "print(json.dumps([before, peak.bytes(), resident()]))"
    )
    assert after < before + 50 * MB
    assert before + 190 * MB < peak < before + 260 * MB


def test_below_an_earlier_peak_the_polls_count(in_process):
    before, peak, later = in_process(
        BEGIN + "big = bytearray(b'x') * (300 * MB); del big\n"
        "before = resident(); peak = PeakMemory(); small = bytearray(b'x') * (100 * MB); peak.poll(); del small\n"
        "print(json.dumps([before, peak.bytes(), PeakMemory().bytes()]))"
    )
    assert before + 90 * MB < peak < before + 160 * MB
    assert later < before + 50 * MB


def test_torch_is_never_imported(in_process):
    loaded, gpu = in_process(
        "import json, sys\nfrom hfmagic.sampler.peak import PeakMemory\npeak = PeakMemory(); peak.poll(); peak.bytes()\n"
        "print(json.dumps(['torch' in sys.modules, peak.bytes('cuda')]))"
    )
    assert (loaded, gpu) == (False, None)


@pytest.mark.torch
def test_a_torch_without_cuda_has_no_peak_there():
    import torch

    from hfmagic.sampler.peak import PeakMemory

    peak = PeakMemory()
    expected = torch.cuda.max_memory_allocated() if torch.cuda.is_initialized() else None
    assert peak.bytes("cuda") == expected
    assert peak.bytes("cpu") > 5 * MB


def test_torchs_own_peak_starts_anew_and_is_asked_for_the_right_device(monkeypatch):
    """Without a GPU, torch's part is played; what counts is when it is asked what."""
    import sys
    from types import SimpleNamespace

    from hfmagic.sampler.peak import PeakMemory

    peaks = {"cuda:0": 70, "cuda:1": 80}

    def reset(device):
        peaks[f"cuda:{device}"] = 0

    cuda = SimpleNamespace(
        is_initialized=lambda: True, device_count=lambda: 2, reset_peak_memory_stats=reset, max_memory_allocated=peaks.__getitem__
    )
    monkeypatch.setitem(sys.modules, "torch", SimpleNamespace(cuda=cuda))
    peak = PeakMemory()
    peaks["cuda:1"] += 5
    assert peak.bytes("cuda:1") == 5
