"""Which device and dtype a model gets: T4, A100, Apple and CPU machines described, this one asked."""

from __future__ import annotations

import pytest

from hfmagic.core.errors import HFMagicError
from hfmagic.host.accelerator import Accelerators, accelerators, choose, device_and_dtype

CPU = Accelerators()
T4 = Accelerators(cuda=(False,))
A100 = Accelerators(cuda=(True,))
MIXED = Accelerators(cuda=(False, True))
APPLE = Accelerators(mps=True)


@pytest.mark.parametrize(
    ("there", "checkpoint", "expected"),
    [
        (CPU, "float32", ("cpu", "float32")),
        (CPU, "float16", ("cpu", "float32")),
        (CPU, "bfloat16", ("cpu", "bfloat16")),
        (CPU, "torch.bfloat16", ("cpu", "bfloat16")),
        (CPU, None, ("cpu", "float32")),
        (CPU, "float8_e4m3fn", ("cpu", "float32")),
        (T4, "bfloat16", ("cuda", "float16")),
        (T4, "float16", ("cuda", "float16")),
        (T4, "float32", ("cuda", "float32")),
        (T4, "float8_e4m3fn", ("cuda", "float16")),
        (A100, "bfloat16", ("cuda", "bfloat16")),
        (A100, "float16", ("cuda", "float16")),
        (A100, "float8_e4m3fn", ("cuda", "bfloat16")),
        (MIXED, "bfloat16", ("cuda", "float16")),
        (APPLE, "bfloat16", ("mps", "float16")),
        (APPLE, "float32", ("mps", "float32")),
    ],
)
def test_auto_follows_the_checkpoint_as_far_as_the_device_computes_it(there, checkpoint, expected):
    assert choose("auto", "auto", checkpoint, there) == expected
    assert choose(None, None, checkpoint, there) == expected


def test_the_device_that_was_asked_for_decides_the_dtype():
    assert choose("cuda:1", "auto", "bfloat16", MIXED) == ("cuda:1", "bfloat16")
    assert choose("cuda:0", "auto", "bfloat16", MIXED) == ("cuda:0", "float16")
    assert choose("cpu", "auto", "bfloat16", T4) == ("cpu", "bfloat16")
    assert choose(" CUDA ", "auto", "bfloat16", A100) == ("cuda", "bfloat16")


@pytest.mark.parametrize(
    ("asked", "expected"),
    [("fp32", "float32"), ("fp16", "float16"), ("bf16", "bfloat16"), ("BFloat16", "bfloat16"), ("torch.float16", "float16")],
)
@pytest.mark.parametrize("there", [CPU, T4, APPLE])
def test_a_dtype_that_was_asked_for_is_kept(asked, expected, there):
    assert choose("auto", asked, "float32", there)[1] == expected


@pytest.mark.parametrize(
    ("device", "there", "named"),
    [
        ("cuda", CPU, "use cpu;"),
        ("cuda:0", APPLE, "use mps or cpu;"),
        ("cuda:3", MIXED, "use auto, cuda:0, cuda:1, cpu"),
        ("cuda:x", T4, "use auto, cuda:0, cpu"),
        ("mps", CPU, "use auto, cpu"),
        ("gpu", A100, "use auto, cuda:0, cpu"),
        ("meta", CPU, "use auto, cpu"),
    ],
)
def test_a_device_that_is_not_there_is_refused_with_what_there_is(device, there, named):
    with pytest.raises(HFMagicError, match="there is no device") as caught:
        choose(device, "auto", None, there)
    assert device in str(caught.value)
    assert caught.value.hint.startswith(named)


@pytest.mark.parametrize("dtype", ["int8", "float64", "half", "4bit"])
def test_a_dtype_that_does_not_exist_is_refused(dtype):
    with pytest.raises(HFMagicError, match="there is no dtype") as caught:
        choose("auto", dtype, None, CPU)
    assert "bfloat16" in caught.value.hint


@pytest.mark.torch
def test_this_machine_computes_what_is_chosen():
    import torch

    for checkpoint in ("float32", "float16", "bfloat16"):
        device, dtype = device_and_dtype("auto", "auto", checkpoint)
        square = torch.ones(4, 4, device=device, dtype=getattr(torch, dtype))
        assert float((square @ square).sum()) == 64
    assert accelerators().names[-1] == "cpu"
    with pytest.raises(HFMagicError, match="cuda:97"):
        device_and_dtype("cuda:97", None, None)
