"""What weights need, against what real models take; and files that are not what they claim to be."""

from __future__ import annotations

import contextlib
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hfmagic.core.errors import HFMagicError
from hfmagic.fit.weights import check_fits, fits, free_memory, weight_files, weights_bytes


def write(file, tensors, data=None):
    """Write a safetensors file: ``{name: (dtype, shape, bytes)}``."""
    header, at = {}, 0
    for name, (dtype, shape, size) in tensors.items():
        header[name] = {"dtype": dtype, "shape": shape, "data_offsets": [at, at + size]}
        at += size
    text = json.dumps({"__metadata__": {"format": "pt"}, **header}).encode()
    file.write_bytes(len(text).to_bytes(8, "little") + text + (b"\0" * at if data is None else data))
    return file


def save_index(folder, weight_map):
    (folder / "model.safetensors.index.json").write_text(json.dumps({"weight_map": weight_map}))


@pytest.fixture(scope="session")
def saved(tmp_path_factory):
    """Save a small real model in one file, and in shards, with a tied and an own output layer."""
    from transformers import LlamaConfig, LlamaForCausalLM

    def save(*, tied: bool, shards: bool):
        folder = tmp_path_factory.mktemp("model")
        config = LlamaConfig(
            vocab_size=100, hidden_size=32, intermediate_size=64, num_hidden_layers=3, num_attention_heads=4, tie_word_embeddings=tied
        )
        LlamaForCausalLM(config).save_pretrained(folder, max_shard_size="20KB" if shards else "1GB")
        return folder

    return save


@pytest.mark.torch
@pytest.mark.parametrize("tied", [True, False])
@pytest.mark.parametrize("shards", [True, False])
@pytest.mark.parametrize("dtype", ["float32", "float16", "bfloat16"])
def test_a_real_model_takes_what_was_said(saved, tied, shards, dtype):
    from transformers import AutoModelForCausalLM

    folder = saved(tied=tied, shards=shards)
    assert len(weight_files(folder)) == 1 or shards
    model = AutoModelForCausalLM.from_pretrained(folder, dtype=dtype, trust_remote_code=False)
    assert weights_bytes(folder, dtype) == sum(p.numel() * p.element_size() for p in model.parameters())


@pytest.mark.torch
def test_an_output_layer_that_is_stored_although_it_is_tied_counts_once(saved):
    from safetensors.torch import load_file, save_file

    folder = saved(tied=True, shards=False)
    before = weights_bytes(folder, "float32")
    tensors = load_file(folder / "model.safetensors")
    tensors["lm_head.weight"] = tensors["model.embed_tokens.weight"].clone()
    save_file(tensors, folder / "model.safetensors", {"format": "pt"})
    assert weights_bytes(folder, "float32") == before


def test_other_tensors_count_as_they_are_stored(tmp_path):
    write(
        tmp_path / "model.safetensors",
        {"a": ("F32", [2, 3], 24), "packed": ("U8", [10], 10), "ids": ("I64", [4], 32), "s": ("BF16", [], 2)},
    )
    assert weights_bytes(tmp_path, "float16") == 12 + 10 + 32 + 2
    assert weights_bytes(tmp_path, "float32") == 24 + 10 + 32 + 4


@pytest.mark.parametrize(
    ("method", "kind", "in_ram"), [("fp8", "F8_E4M3", 100 * 2), ("mxfp4", "U8", 100 * 2 * 2), ("bitsandbytes", "U8", 100)]
)
def test_quantised_weights_stay_small_on_cuda_and_are_unpacked_where_transformers_does_so(tmp_path, method, kind, in_ram):
    (tmp_path / "config.json").write_text(json.dumps({"quantization_config": {"quant_method": method}}))
    write(tmp_path / "model.safetensors", {"w": (kind, [10, 10], 100)})
    assert weights_bytes(tmp_path, "bfloat16", "cuda:0") == 100
    assert weights_bytes(tmp_path, "bfloat16") == in_ram


def test_only_the_files_that_are_loaded_count(tmp_path):
    for name in ("consolidated", "model-00001-of-00002", "model-00002-of-00002"):
        write(tmp_path / f"{name}.safetensors", {f"{name}.w": ("F16", [8], 16)})
    assert weights_bytes(tmp_path, "float16") == 48
    save_index(
        tmp_path,
        {"a": "model-00001-of-00002.safetensors", "b": "model-00002-of-00002.safetensors", "c": "model-00002-of-00002.safetensors"},
    )
    assert weights_bytes(tmp_path, "float16") == 32
    write(tmp_path / "model.safetensors", {"w": ("F16", [3], 6)})
    assert weights_bytes(tmp_path, "float16") == 6


def test_an_index_that_points_elsewhere_is_refused(tmp_path):
    inner = tmp_path / "inner"
    inner.mkdir()
    write(tmp_path / "secret.safetensors", {"w": ("F16", [3], 6)})
    for name in ("../secret.safetensors", str(tmp_path / "secret.safetensors")):
        save_index(inner, {"w": name})
        with pytest.raises(HFMagicError, match="outside"):
            weights_bytes(inner, "float16")


def test_a_missing_shard_is_named(tmp_path):
    save_index(tmp_path, {"w": "model-00001-of-00001.safetensors"})
    with pytest.raises(HFMagicError, match=r"model-00001-of-00001\.safetensors is missing"):
        weights_bytes(tmp_path, "float16")


def test_a_folder_without_weights_says_so(tmp_path):
    (tmp_path / "pytorch_model.bin").write_bytes(b"x")
    with pytest.raises(HFMagicError, match=r"no \*\.safetensors"):
        weights_bytes(tmp_path, "float16")


def test_a_download_that_was_cut_is_refused(tmp_path):
    file = write(tmp_path / "model.safetensors", {"w": ("F16", [500], 1000)})
    whole = file.read_bytes()
    for length in (0, 4, 8, 20, len(whole) - 1):
        file.write_bytes(whole[:length])
        with pytest.raises(HFMagicError, match="no readable safetensors file"):
            weights_bytes(tmp_path, "float16")
    file.write_bytes(whole)
    assert weights_bytes(tmp_path, "float16") == 1000


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=4) | st.dictionaries(st.sampled_from(["dtype", "shape", "data_offsets", "w"]), inner, max_size=4)
    ),
    max_leaves=12,
)


@given(header=JSON.map(lambda value: json.dumps(value).encode()) | st.binary(max_size=40), config=JSON, index=JSON)
def test_no_content_of_the_files_gives_another_error_than_ours(tmp_path_factory, header, config, index):
    folder = tmp_path_factory.mktemp("junk")
    (folder / "config.json").write_text(json.dumps(config))
    (folder / "model.safetensors.index.json").write_text(json.dumps({"weight_map": index}))
    (folder / "other.safetensors").write_bytes(len(header).to_bytes(8, "little") + header)
    with contextlib.suppress(HFMagicError):
        assert weights_bytes(folder, "float16") >= 0


def test_what_fits_and_what_does_not():
    assert fits(0, 30_000_000)
    assert fits(1000, None)
    assert fits(10_000_000_000, 11_700_000_000)
    assert not fits(10_000_000_000, 11_500_000_000)
    assert not fits(1, 0)
    check_fits(10_000_000_000, 11_700_000_000, "org/model")
    check_fits(10_000_000_000, None, "org/model")


def test_what_does_not_fit_is_refused_with_numbers_and_ways():
    with pytest.raises(HFMagicError) as caught:
        check_fits(16_400_000_000, 12_700_000_000, "org/model", dtype="float32")
    assert str(caught.value) == "org/model does not fit: its weights need 16.4 GB of memory and room to work in, 12.7 GB are free"
    assert "--dtype bfloat16 (--dtype float16 on an older GPU) takes 8.2 GB" in caught.value.hint
    assert "weights of at most 10.9 GB" in caught.value.hint
    assert "a runtime with a GPU" in caught.value.hint


def test_advice_is_given_only_where_it_helps():
    with pytest.raises(HFMagicError) as caught:
        check_fits(64_000_000_000, 12_000_000_000, "org/model", dtype="float32", device="cuda")
    assert "--dtype" not in caught.value.hint
    assert "GPU memory" in str(caught.value)
    assert "a runtime with a GPU" not in caught.value.hint
    with pytest.raises(HFMagicError) as caught:
        check_fits(500_000_000, 20_000_000, "org/model", dtype="bfloat16")
    assert caught.value.hint == "what would fit: a runtime with a GPU or more memory"


@given(free=st.integers(80_000_000, 10**13))
def test_the_largest_model_that_is_named_does_fit(free):
    with pytest.raises(HFMagicError) as caught:
        check_fits(10**14, free, "org/model")
    number, unit = caught.value.hint.split("at most ")[1].split(";")[0].split()
    step, scale = {"GB": (10**8, 10**9), "MB": (10**6, 10**6)}[unit]
    named = round(float(number) * scale)
    assert fits(named, free)
    assert not fits(named + 2 * step, free)


def test_the_free_memory_of_this_machine_is_plausible():
    import psutil

    free = free_memory("cpu")
    assert 0 < free <= psutil.virtual_memory().total
