from __future__ import annotations

import json
import shutil
from dataclasses import asdict
from pathlib import Path

import pytest

import hfmagic
from hfmagic.api.resources import resources
from hfmagic.core.errors import HFMagicError
from hfmagic.sampler.sample import take_sample


def test_a_sample_of_this_machine_is_plausible():
    sample = take_sample(0.1)
    assert 0 <= sample.cpu.percent <= 100
    assert len(sample.cpu.per_core) == sample.cpu.cores >= 1
    assert 0 < sample.cpu.usable <= sample.cpu.cores
    assert sample.disk.folder == str(Path.cwd())
    assert 0 < sample.disk.free <= sample.disk.total == shutil.disk_usage(".").total
    assert json.loads(json.dumps(asdict(sample)))["ram"]["total"] == sample.ram.total


def test_a_busy_processor_is_seen():
    import threading
    import time

    stop = threading.Event()

    def spin():
        while not stop.is_set():
            sum(range(1000))

    worker = threading.Thread(target=spin)
    worker.start()
    before = time.process_time()
    sample = take_sample(0.5)
    burnt = time.process_time() - before
    stop.set()
    worker.join()
    assert (
        max(sample.cpu.per_core) >= 100 * burnt / 0.5 / sample.cpu.cores * 0.5
    )  # at least half of what this process burnt, wherever it ran


def test_a_working_folder_that_is_gone_takes_only_the_disk_away(in_process, tmp_path):
    gone = str(tmp_path / "gone")
    disk, total = in_process(
        "import json, os, shutil\nfrom hfmagic.sampler.sample import take_sample\ntake_sample(0.05)\n"
        f"os.makedirs({gone!r}); os.chdir({gone!r}); shutil.rmtree({gone!r})\n"
        "sample = take_sample(0.05)\nprint(json.dumps([sample.disk, sample.ram.total]))"
    )
    assert disk is None
    assert total > 0


@pytest.mark.parametrize("interval", [0, -1, 61, float("nan"), float("inf")])
def test_an_interval_that_makes_no_sense_is_refused(interval):
    with pytest.raises(HFMagicError, match="interval cannot be"):
        resources(interval)


def test_no_room_takes_the_place_of_a_public_function():
    rooms = {path.parent.name for path in Path(hfmagic.__file__).parent.glob("*/__init__.py")}
    assert "sampler" in rooms
    assert not rooms & set(hfmagic.__all__), "importing hfmagic.ROOM.x would replace the function of that name"
    assert hfmagic.resources(interval=0.05).cpu.cores >= 1
