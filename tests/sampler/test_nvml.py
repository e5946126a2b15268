"""NVIDIA GPUs through the real pynvml, from a library that is compiled for the test."""

from __future__ import annotations

import ctypes

GIB = 2**30
READ = """
import dataclasses, json, sys
from hfmagic.sampler.nvml import nvidia_gpus
assert "pynvml" not in sys.modules
print(json.dumps([[dataclasses.asdict(gpu) for gpu in nvidia_gpus()] for _ in range(2)]))
"""


def test_each_reading_is_lost_alone(in_process, nvml_folder):
    first, second = in_process(READ, LD_LIBRARY_PATH=str(nvml_folder))
    assert first == second
    healthy, partial, lost, mute = first
    assert healthy == {
        "index": 0,
        "name": "Tesla T4",
        "utilisation": 37,
        "memory_used": 3 * GIB,
        "memory_total": 16 * GIB,
        "temperature": 50,
        "power": 61.5,
        "driver": "580.95.05",
        "problem": None,
    }
    assert partial == healthy | {
        "index": 1,
        "name": "NVIDIA A100-SXM4-40GB MIG <1g.5gb>",
        "utilisation": None,
        "memory_used": 5 * GIB,
        "memory_total": 40 * GIB,
        "temperature": 51,
        "power": None,
    }
    assert (lost["problem"], mute["problem"]) == ("GPU is lost", "it gives no reading")
    for gpu in (lost, mute):
        assert {value for key, value in gpu.items() if key not in {"index", "driver", "problem"}} == {None}


def test_the_driver_is_let_go_after_each_reading(in_process, nvml_folder, tmp_path):
    in_process(READ, LD_LIBRARY_PATH=str(nvml_folder), NVML_STUB_LOG=str(tmp_path / "log"))
    assert (tmp_path / "log").read_text().split() == ["init", "shutdown"] * 2


def test_a_library_without_a_driver_is_no_gpu_and_no_noise(in_process, nvml_folder):
    assert in_process(READ, LD_LIBRARY_PATH=str(nvml_folder), NVML_STUB_INIT="9") == [[], []]


def test_no_library_is_no_gpu_and_no_noise(in_process):
    try:
        ctypes.CDLL("libnvidia-ml.so.1")
        there = True
    except OSError:
        there = False
    first, _second = in_process(READ)
    assert bool(first) == there


def test_no_pynvml_is_no_gpu_and_no_noise(in_process):
    blocked = "import sys; sys.modules['pynvml'] = None\n" + READ.replace('assert "pynvml" not in sys.modules', "")
    assert in_process(blocked) == [[], []]
