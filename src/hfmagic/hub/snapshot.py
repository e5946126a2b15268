"""Fetch what a causal language model needs from the Hub: its small files and its safetensors, nothing else."""

from __future__ import annotations

import io
import shutil
from dataclasses import dataclass
from fnmatch import fnmatch
from pathlib import Path
from typing import TYPE_CHECKING, Any

from hfmagic.core.errors import CancelledError, HFMagicError
from hfmagic.core.settings import settings

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from threading import Event

    from hfmagic.core.protocols import Progress

SMALL_FILES = ("*.json", "*.jinja", "*.txt", "*.model")
WEIGHTS = ("model.safetensors", "model-*-of-*.safetensors")


@dataclass(frozen=True, slots=True)
class Snapshot:
    """One commit of a model on this machine's disk."""

    folder: Path
    commit: str
    from_cache: bool


def fetch_model(model: str, revision: str | None, say: Progress, cancel: Event) -> Snapshot:
    """Return the folder with the files of `model`, downloading what the cache lacks.

    Parameters
    ----------
    model : str
        A Hub id, ``org/name``.
    revision : str or None
        Branch, tag or commit; None for the main branch.
    say : Progress
        Is told what goes on.
    cancel : threading.Event
        Ends a download between two chunks when set.

    Raises
    ------
    HFMagicError
        There is no such model, it is gated or private, it has no safetensors, the disk is too small, or the Hub cannot be reached
        and the cache does not hold it.
    CancelledError
        `cancel` was set.
    """
    from huggingface_hub import snapshot_download

    say(f"asking the Hub about {model}")
    try:
        commit, files = _look_up(model, revision)
    except _Offline as offline:
        return _from_cache(model, revision, say, offline)
    names = _needed(model, list(files))
    missing = sum(files[name] for name in names if not _cached(model, name, commit))
    _check_disk(model, missing)
    if cancel.is_set():
        raise CancelledError
    with_progress = _progress_class(f"downloading {model}", say, cancel)
    try:
        folder = snapshot_download(model, revision=revision, allow_patterns=names, tqdm_class=with_progress)
    except CancelledError:
        raise
    except Exception as error:
        raise _translated(error, model, revision) from error
    return Snapshot(Path(folder), Path(folder).name, from_cache=missing == 0)


class _Offline(Exception):  # noqa: N818 (a turn in the road, not an error that anybody sees)
    """The Hub did not answer, or may not be asked."""


def _look_up(model: str, revision: str | None) -> tuple[str, dict[str, int]]:
    """Return the commit and the size in bytes of each file."""
    from huggingface_hub import HfApi
    from huggingface_hub.errors import HfHubHTTPError, HFValidationError

    try:
        info = HfApi().model_info(model, revision=revision, files_metadata=True, timeout=settings.hub_timeout)
    except (HfHubHTTPError, HFValidationError) as error:
        raise _translated(error, model, revision) from error
    except _network_errors() as error:
        raise _Offline from error
    return str(info.sha), {file.rfilename: file.size or 0 for file in info.siblings or ()}


def _network_errors() -> tuple[type[BaseException], ...]:
    """Return what the client raises without an answer (offline mode is an OSError); its HTTP library changed between majors."""
    try:
        from huggingface_hub.utils import httpx  # type: ignore[attr-defined]
    except ImportError:
        import httpx  # type: ignore[no-redef]
    return (httpx.HTTPError, OSError)


def _needed(model: str, files: Sequence[str]) -> list[str]:
    """Return the files to fetch: top level only, safetensors in transformers' own naming where there is a choice."""
    top = [name for name in files if "/" not in name]
    weights = [name for name in top if any(fnmatch(name, pattern) for pattern in WEIGHTS)]
    if not weights:
        weights = [name for name in top if name.endswith(".safetensors")]
    if not weights:
        raise HFMagicError(f"{model} has no *.safetensors weights", "other formats can run code when loaded; pick a model with safetensors")
    return [*(name for name in top if any(fnmatch(name, pattern) for pattern in SMALL_FILES)), *weights]


def _cached(model: str, name: str, commit: str) -> bool:
    from huggingface_hub import try_to_load_from_cache

    return isinstance(try_to_load_from_cache(model, name, revision=commit), str)


def _check_disk(model: str, missing: int) -> None:
    from huggingface_hub import constants

    cache = Path(constants.HF_HUB_CACHE)
    place = next(folder for folder in (cache, *cache.parents) if folder.exists())
    free = shutil.disk_usage(place).free
    if missing > free:
        raise HFMagicError(
            f"{model} needs {missing / 1e9:.1f} GB on disk, {free / 1e9:.1f} GB are free",
            "delete models that you no longer need (hf cache rm), or set HF_HOME to a larger disk and restart the kernel",
        )


def _from_cache(model: str, revision: str | None, say: Progress, offline: _Offline) -> Snapshot:
    from huggingface_hub import try_to_load_from_cache

    say(f"the Hub cannot be reached, looking for {model} in the cache")
    config = try_to_load_from_cache(model, "config.json", revision=revision)
    if not isinstance(config, str):
        hint = "check the network (and HF_HUB_OFFLINE), or use -m demo"
        raise HFMagicError(f"{model} is not in the cache and the Hub cannot be reached", hint) from offline.__cause__
    folder = Path(config).parent
    return Snapshot(folder, folder.name, from_cache=True)


def _progress_class(what: str, say: Progress, cancel: Event) -> type:
    """Return a tqdm class that draws nothing, tells `say` how many bytes are here, and ends the download on `cancel`."""
    from huggingface_hub.utils.tqdm import tqdm

    class Bar(tqdm):
        def __init__(self, *args: Any, **kwargs: Any) -> None:
            kwargs |= {"file": io.StringIO(), "disable": False}
            kwargs.pop("name", None)
            super().__init__(*args, **kwargs)  # type: ignore[no-untyped-call]

        def update(self, n: float | None = 1) -> bool | None:
            if cancel.is_set():
                raise CancelledError
            shown: bool | None = super().update(n)
            if self.unit == "B" and self.total:
                say(f"{what}: {self.n / 1e6:,.1f} of {self.total / 1e6:,.1f} MB", min(self.n / self.total, 1.0))
            return shown

    return Bar


def _translated(error: Exception, model: str, revision: str | None) -> HFMagicError:
    """Say what the Hub's refusal means and what to do."""
    from huggingface_hub import errors

    link = f"https://huggingface.co/{model}"
    answers: tuple[tuple[type[BaseException], Callable[[], HFMagicError]], ...] = (
        (
            errors.GatedRepoError,
            lambda: HFMagicError(f"{model} is gated", f"ask for access at {link}, then %hf_login with a token that may read it"),
        ),
        (errors.RevisionNotFoundError, lambda: HFMagicError(f"{model} has no revision {revision!r}", f"see {link}/commits/main")),
        (
            errors.RepositoryNotFoundError,
            lambda: HFMagicError(f"the Hub has no model {model}, or it is private", f"check the name at {link}; %hf_login if it is yours"),
        ),
        (
            errors.HFValidationError,
            lambda: HFMagicError(f"{model!r} is neither a folder here nor a Hub id", "a Hub id looks like org/name"),
        ),
    )
    for kind, answer in answers:
        if isinstance(error, kind):
            return answer()
    first = (str(error).strip().splitlines() or [""])[0]
    return HFMagicError(f"the Hub did not give {model}: {type(error).__name__}: {first}", "try again; %hf_login if it asks for a token")
