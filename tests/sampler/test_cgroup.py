"""Limits of containers, from the files that Linux shows in the usual places; and from the ones that it shows here."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hfmagic.sampler.cgroup import MemoryLimit, cpu_quota, memory_limit
from hfmagic.sampler.memory import available, read_ram

V2 = "30 23 0:26 / /sys/fs/cgroup rw,nosuid shared:4 - cgroup2 cgroup2 rw,nsdelegate"
V1 = "35 31 0:32 {seen} /sys/fs/cgroup/{name} rw,relatime - cgroup cgroup rw,{name}"


@pytest.fixture
def machine(tmp_path):
    """Write the given files into a file system of its own and return it."""

    def build(groups, mounts, **files):
        everything = {"proc/self/cgroup": groups, "proc/self/mountinfo": "\n".join(["22 1 8:1 / / rw - ext4 /dev/sda rw", *mounts])}
        for name, text in {**everything, **{f"sys/fs/cgroup/{name}": text for name, text in files.items()}}.items():
            file = tmp_path / name
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(f"{text}\n")
        return tmp_path

    return build


def test_version_2_in_a_container(machine):
    root = machine(
        "0::/",
        [V2],
        **{
            "memory.max": "4294967296",
            "memory.current": "3000000000",
            "memory.stat": "anon 900000000\nfile 2000000000\ninactive_file 1500000000\nactive_file 500000000",
            "cpu.max": "150000 100000",
        },
    )
    assert memory_limit(root) == MemoryLimit(limit=4294967296, working_set=1_500_000_000)
    assert cpu_quota(root) == 1.5


def test_version_2_the_level_with_the_least_headroom_counts(machine):
    root = machine(
        "0::/user.slice/job.scope",
        [V2],
        **{
            "user.slice/job.scope/memory.max": "max",
            "user.slice/job.scope/memory.current": "100",
            "user.slice/job.scope/cpu.max": "max 100000",
            "user.slice/memory.max": "8000",
            "user.slice/memory.current": "7500",
            "user.slice/memory.stat": "inactive_file 100",
            "user.slice/cpu.max": "400000 100000",
            "memory.max": "9000",
            "memory.current": "8000",
        },
    )
    assert memory_limit(root) == MemoryLimit(limit=8000, working_set=7400)
    assert cpu_quota(root) == 4


def test_version_1_in_a_container_that_sees_the_path_of_its_host(machine):
    seen = "/docker/0123abcd"
    root = machine(
        f"5:memory:{seen}\n4:cpu,cpuacct:{seen}\n0::{seen}",
        [V1.format(seen=seen, name="memory"), V1.format(seen=seen, name="cpu"), V2.replace("/sys/fs/cgroup", "/sys/fs/cgroup/unified")],
        **{
            "memory/memory.limit_in_bytes": "2000000000",
            "memory/memory.usage_in_bytes": "1200000000",
            "memory/memory.stat": "inactive_file 1\ntotal_inactive_file 700000000",
            "cpu/cpu.cfs_quota_us": "50000",
            "cpu/cpu.cfs_period_us": "100000",
        },
    )
    assert memory_limit(root) == MemoryLimit(limit=2_000_000_000, working_set=500_000_000)
    assert cpu_quota(root) == 0.5


def test_a_group_below_the_mount_is_found(machine):
    root = machine(
        "5:memory:/docker/abc/inner",
        [V1.format(seen="/docker/abc", name="memory")],
        **{"memory/inner/memory.limit_in_bytes": "1000", "memory/inner/memory.usage_in_bytes": "400"},
    )
    assert memory_limit(root) == MemoryLimit(limit=1000, working_set=400)


def test_a_group_with_the_mount_as_the_beginning_of_its_name_is_another_one(machine):
    root = machine(
        "5:memory:/docker/abcdef",
        [V1.format(seen="/docker/abc", name="memory")],
        **{"memory/memory.limit_in_bytes": "1000", "memory/memory.usage_in_bytes": "400", "memory/def/memory.limit_in_bytes": "1"},
    )
    assert memory_limit(root) == MemoryLimit(limit=1000, working_set=400)


def test_more_in_use_than_the_limit_is_no_headroom():
    assert MemoryLimit(limit=10, working_set=12).headroom == 0


@pytest.mark.parametrize(
    ("groups", "mounts", "files"),
    [
        pytest.param("", [], {}, id="no control groups"),
        pytest.param("0::/", [V2], {"memory.max": "max", "memory.current": "5", "cpu.max": "max 100000"}, id="v2 unlimited"),
        pytest.param("0::/", [V2], {"memory.max": "100"}, id="v2 usage missing"),
        pytest.param(
            "5:memory:/\n4:cpu:/",
            [V1.format(seen="/", name="memory"), V1.format(seen="/", name="cpu")],
            {
                "memory/memory.limit_in_bytes": "9223372036854771712",
                "memory/memory.usage_in_bytes": "5",
                "cpu/cpu.cfs_quota_us": "-1",
                "cpu/cpu.cfs_period_us": "100000",
            },
            id="v1 unlimited",
        ),
    ],
)
def test_nothing_limits(machine, groups, mounts, files):
    root = machine(groups, mounts, **files)
    assert memory_limit(root) is None
    assert cpu_quota(root) is None


@given(groups=st.text(), mounts=st.text(), stat=st.text(), limit=st.text(), cpu=st.text())
def test_no_text_in_these_files_makes_a_reading_fail(tmp_path_factory, groups, mounts, stat, limit, cpu):
    root = tmp_path_factory.mktemp("root")
    files = {
        "proc/self/cgroup": f"0::/\n{groups}",
        "proc/self/mountinfo": f"{V2}\n{mounts}",
        "sys/fs/cgroup/memory.stat": stat,
        "sys/fs/cgroup/memory.max": limit,
        "sys/fs/cgroup/memory.current": "7",
        "sys/fs/cgroup/cpu.max": cpu,
    }
    for name, text in files.items():
        file = root / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(text.encode("utf-8", "surrogatepass"))
    memory_limit(root)
    cpu_quota(root)


def test_the_memory_of_this_machine_is_plausible():
    ram = read_ram()
    assert 0 < ram.available <= ram.total
    assert ram.used == ram.total - ram.available
    assert 5_000_000 < ram.kernel < ram.total
    assert (ram.limit is None) == (ram.working_set is None)
    assert 0 <= available() <= ram.total
