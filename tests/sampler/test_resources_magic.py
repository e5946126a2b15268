"""``%hf_resources`` in a real kernel, with and without GPUs."""

from __future__ import annotations

import json


def test_one_table_and_no_value(kernel):
    reply = kernel.run("%load_ext hfmagic\n%hf_resources").check()
    assert [m["msg_type"] for m in reply.messages if m["msg_type"] not in {"status", "execute_input"}] == ["display_data"]
    (shown,) = reply.of("display_data")
    lines = shown["data"]["text/plain"].splitlines()
    assert [line.split("  ")[0].strip() for line in lines] == [
        "",
        "───────────",
        "CPU",
        "RAM",
        *(["container"] if "container" in reply.text else []),
        "this kernel",
        "disk",
        *([line.split("  ")[0] for line in lines if line.startswith("GPU")]),
    ]
    assert shown["data"]["text/html"].count("<tr>") == len(lines) - 1
    assert kernel.run("value = %hf_resources\nprint(value)").check().text.endswith("None\n")


def test_gpus_in_the_table(start_kernel, nvml_folder):
    kernel = start_kernel(LD_LIBRARY_PATH=str(nvml_folder))
    reply = kernel.run("%load_ext hfmagic\n%hf_resources").check()
    table = {line.split("  ")[0]: [part.strip() for part in line.split("  ")[1:] if part.strip()] for line in reply.text.splitlines()}
    assert table["GPU 0"] == ["37 %", "Tesla T4, 50 °C, 62 W, driver 580.95.05"]
    assert table["GPU 0 memory"] == ["3.2 GB", "17 GB"]
    assert table["GPU 1"] == ["–", "NVIDIA A100-SXM4-40GB MIG <1g.5gb>, 51 °C, driver 580.95.05"]
    assert table["GPU 1 memory"] == ["5.4 GB", "43 GB"]
    assert table["GPU 2"] == ["–", "–", "cannot be read: GPU is lost"]
    assert table["GPU 3"] == ["–", "–", "cannot be read: it gives no reading"]
    (shown,) = reply.of("display_data")
    assert "<1g" not in shown["data"]["text/html"]
    assert "&lt;1g.5gb&gt;" in shown["data"]["text/html"]


def test_json_is_json(kernel):
    reply = kernel.run("%load_ext hfmagic\n%hf_resources --json --interval 0.05").check()
    sample = json.loads(reply.text)
    assert set(sample) == {"time", "cpu", "ram", "disk", "gpus"}
    assert sample["ram"]["total"] > 0


def test_a_wrong_interval_fails_the_cell(kernel):
    kernel.run("%load_ext hfmagic").check()
    reply = kernel.run("%hf_resources --interval 0")
    assert (reply.status, reply.ename) == ("error", "HFMagicError")
    assert kernel.run("%hf_resources --interval fast").ename == "LineError"
