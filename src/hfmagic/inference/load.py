"""Bring a causal language model into memory: find its files, see that it fits, load it with progress."""

from __future__ import annotations

import json
from collections.abc import Sized
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

from hfmagic.core.errors import CancelledError, HFMagicError, MissingPackageError
from hfmagic.inference.store import Loaded, store

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from hfmagic.inference.request import Request
    from hfmagic.inference.work import Work

DEMO = "demo"
DEMO_FOLDER = Path(__file__).parent / "demo"


@dataclass(frozen=True, slots=True)
class Found:
    """A model's files on this machine."""

    folder: Path
    revision: str | None


def load_model(request: Request, work: Work) -> Loaded:
    """Load the model of `request`, saying on `work` what goes on.

    Raises
    ------
    MissingPackageError
        torch is not installed.
    HFMagicError
        There is no such model, it is no causal language model in safetensors form, or it does not fit.
    CancelledError
        ``work.cancel`` was set meanwhile.
    """
    work.say("importing transformers")
    try:
        import torch  # noqa: F401 (transformers imports without it, and fails much later)
        from transformers import AutoModelForCausalLM, AutoTokenizer
    except ImportError as error:
        raise MissingPackageError("torch", "local") from error
    from safetensors import SafetensorError

    from hfmagic.fit.weights import check_fits, fits, free_memory, weights_bytes
    from hfmagic.host.accelerator import device_and_dtype

    _stop_if_asked(work)
    found = find_files(request, work)
    config = _config(found.folder, request.model)
    device, dtype = device_and_dtype(request.device, request.dtype, _checkpoint_dtype(config))
    needed = weights_bytes(found.folder, dtype, device)
    while not fits(needed, free_memory(device)) and store.drop_idle():
        work.say("making room for the model")
    check_fits(needed, free_memory(device), request.model, dtype=dtype, device=device)
    _stop_if_asked(work)
    try:
        with _shown(work, f"loading {request.model}"):
            tokenizer = AutoTokenizer.from_pretrained(found.folder, trust_remote_code=False)
            place = {} if device == "cpu" else {"device_map": device}  # straight to the accelerator, never twice in RAM
            model, report = AutoModelForCausalLM.from_pretrained(
                found.folder, trust_remote_code=False, use_safetensors=True, dtype=dtype, output_loading_info=True, **place
            )
    except (OSError, ValueError, KeyError, RuntimeError, SafetensorError) as error:
        raise HFMagicError(f"{request.model} cannot be loaded: {_first_line(error)}", _advice(found.folder, config)) from error
    if missing := sorted(report["missing_keys"]):
        raise HFMagicError(
            f"{request.model} has no weights for {missing[0]} and {len(missing) - 1} more parts of the model",
            "it is no text-generation model, or its files belong to two models; pick another one",
        )
    model.eval()
    return Loaded(name=request.model, revision=found.revision, model=model, tokenizer=tokenizer, device=device, dtype=dtype)


def find_files(request: Request, work: Work) -> Found:
    """Return where the model's files are, downloading them when they are on the Hub only."""
    if request.model == DEMO:
        return Found(DEMO_FOLDER, None)
    folder = Path(request.model).expanduser()
    if folder.is_dir():
        return Found(folder.resolve(), None)
    if request.model.startswith((".", "/", "~")):
        raise HFMagicError(
            f"there is no folder {request.model}", "give a folder with config.json and *.safetensors, or a Hub id such as org/name"
        )
    from hfmagic.hub.snapshot import fetch_model

    snapshot = fetch_model(request.model, request.revision, work.say, work.cancel)
    return Found(snapshot.folder, snapshot.commit)


def _config(folder: Path, name: str) -> dict[str, Any]:
    try:
        config = json.loads((folder / "config.json").read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise HFMagicError(f"{name} has no readable config.json", "give the folder that save_pretrained wrote, or a Hub id") from error
    if not isinstance(config, dict):
        raise HFMagicError(f"the config.json of {name} is not an object", "save the model again with save_pretrained")
    if not any(folder.glob("*.safetensors")):
        raise HFMagicError(
            f"{name} has no *.safetensors weights", "other formats can run code when loaded; pick a model with safetensors, or convert it"
        )
    return config


def _checkpoint_dtype(config: dict[str, Any]) -> str | None:
    text = config.get("text_config")
    for part in (config, text if isinstance(text, dict) else {}):
        dtype = part.get("dtype") or part.get("torch_dtype")
        if isinstance(dtype, str):
            return dtype
    return None


@contextmanager
def _shown(work: Work, what: str) -> Iterator[None]:
    """Say how far transformers is with the weights, instead of its own bar, and stop it when asked."""
    from transformers.utils import logging

    def bar(_factory: Any, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
        return _Weights(args[0] if args else kwargs.get("iterable", ()), kwargs.get("total"), work, what)

    work.say(what)
    before = logging.set_tqdm_hook(bar)
    try:
        with quiet_transformers():
            yield
    finally:
        logging.set_tqdm_hook(before)


@contextmanager
def quiet_transformers() -> Iterator[None]:
    """Keep what transformers would write below the cell: what matters of it is an error of ours."""
    from transformers.utils import logging

    before = logging.get_verbosity()
    logging.set_verbosity(logging.CRITICAL)
    try:
        yield
    finally:
        logging.set_verbosity(before)


class _Weights:
    """Stands in for a tqdm bar over the tensors of a model."""

    def __init__(self, iterable: Iterable[Any], total: int | None, work: Work, what: str) -> None:
        self._iterable = iterable
        self._total = total or (len(iterable) if isinstance(iterable, Sized) else None)
        self._work = work
        self._what = what

    def __iter__(self) -> Iterator[Any]:
        for number, item in enumerate(self._iterable):
            _stop_if_asked(self._work)
            self._work.say(self._what, number / self._total if self._total else None)
            yield item

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        """Nothing to close."""

    def __getattr__(self, _name: str) -> Any:
        return lambda *_args, **_kwargs: None  # update, set_postfix, close and the rest of tqdm


def _advice(folder: Path, config: dict[str, Any]) -> str:
    """Say what is the likely reason that transformers cannot load a model."""
    if not any((folder / name).is_file() for name in ("tokenizer.json", "tokenizer.model", "vocab.json", "vocab.txt", "spiece.model")):
        return "it has no tokenizer: save it beside the model with tokenizer.save_pretrained"
    if "auto_map" in config:
        return "it needs code of its own, which is never run; pick a model that transformers knows"
    return "pick a text-generation model that this version of transformers knows"


def _stop_if_asked(work: Work) -> None:
    if work.cancel.is_set():
        raise CancelledError


def _first_line(error: BaseException) -> str:
    return (str(error).strip().splitlines() or [type(error).__name__])[0]
