"""Who am I on the Hub: find the token that is already here, and ask the Hub whose it is.

The token must not come out again: not in a ``repr``, not in a message, not through an exception's causes (the HTTP library's errors hold
the request with its headers) and not in the local variables of a traceback. Therefore the Hub is asked in a thread of its own, which
hands out an `Identity` or a finished error of ours, never what it caught.
"""

from __future__ import annotations

import os
import re
import threading
from dataclasses import dataclass, field
from pathlib import Path
from time import monotonic
from typing import Any

from hfmagic.core.errors import HFMagicError, TimedOutError
from hfmagic.core.tokens import mask_tokens

VARIABLES = ("HF_TOKEN", "HUGGING_FACE_HUB_TOKEN")
TOKENS_PAGE = "https://huggingface.co/settings/tokens"
LOOK = 0.05
UNAUTHORIZED, TOO_MANY = 401, 429


@dataclass(frozen=True, slots=True)
class Found:
    """A token and where it comes from; it shows the latter only."""

    token: str = field(repr=False)
    source: str


@dataclass(frozen=True, slots=True)
class Identity:
    """Whose a token is.

    Attributes
    ----------
    name : str
        The account's name.
    kind : str
        ``user`` or ``org``.
    token_name : str or None
        What the token is called in the account's settings.
    role : str or None
        What it may do: ``read``, ``write``, ``fineGrained``, …
    orgs : tuple of str
        The organisations that the account belongs to.
    source : str
        Where the token comes from.
    """

    name: str
    kind: str
    token_name: str | None
    role: str | None
    orgs: tuple[str, ...]
    source: str


def find_token() -> Found | None:
    """Return the token of the environment, else the one that a login stored on this machine, else None.

    The places and their order are those of huggingface_hub, so that every library here uses the same token. Platform vaults are not
    asked. Nothing is imported and no network is used.
    """
    for variable in VARIABLES:
        if token := _clean(os.environ.get(variable, "")):
            return Found(token, f"{variable} in the environment")
    file = token_file()
    try:
        stored = file.read_bytes()
    except FileNotFoundError:
        return None
    except OSError as error:
        raise HFMagicError(f"the stored login {_short(file)} cannot be read: {error.strerror}", "check its permissions") from None
    token = _clean(stored.decode(errors="replace"))
    return Found(token, f"the stored login {_short(file)}") if token else None


def token_file() -> Path:
    """Return where a login stores the token: ``HF_TOKEN_PATH``, else ``token`` in ``HF_HOME``, else in the user's cache."""
    caches = os.environ.get("XDG_CACHE_HOME") or "~/.cache"
    home = os.environ.get("HF_HOME") or f"{caches}/huggingface"
    return Path(os.path.expandvars(os.environ.get("HF_TOKEN_PATH") or f"{home}/token")).expanduser()


def whoami(found: Found, timeout: float) -> Identity:
    """Ask the Hub whose a token is.

    Parameters
    ----------
    found : Found
        From `find_token`.
    timeout : float
        Seconds after which the Hub counts as not reachable.

    Returns
    -------
    Identity
        The Hub's answer.

    Raises
    ------
    TimedOutError
        The Hub did not answer in time.
    HFMagicError
        The token is not valid, the Hub cannot be reached, or it may not be asked (``HF_HUB_OFFLINE``).
    """
    if not re.fullmatch(r"[!-~]+", found.token):
        raise HFMagicError(f"what stands in {found.source} is no token: it holds spaces or letters that no token has", _renew(found))
    from huggingface_hub import constants  # before the clock starts: a slow disk is not a slow Hub

    if constants.HF_HUB_OFFLINE:
        raise HFMagicError(f"{_there(found)}, but HF_HUB_OFFLINE forbids to ask the Hub", "unset it and restart the kernel")
    url = f"{constants.ENDPOINT}/api/whoami-v2"
    answers: list[Identity | HFMagicError] = []
    worker = threading.Thread(target=lambda: answers.append(_ask(found, url, timeout)), name="hfmagic-whoami", daemon=True)
    worker.start()
    deadline = monotonic() + timeout
    while worker.is_alive():
        if monotonic() > deadline:
            raise TimedOutError(f"{_there(found)}, but the Hub did not answer within {timeout:g} s", "check the network and try again")
        worker.join(LOOK)  # short, so that an interrupt comes through on every system
    answer = answers[0]
    if isinstance(answer, HFMagicError):
        raise answer
    return answer


def _ask(found: Found, url: str, timeout: float) -> Identity | HFMagicError:
    """Ask through the Hub's own client; whatever happens, return it without the exception that said so.

    This is the request of ``HfApi.whoami``, which itself has no timeout, asks for a list of agents first and, after a 401, for the
    secret in Colab's vault. The client's timeout is a little longer than ours: it ends this thread, not the user's patience.
    """
    try:
        from huggingface_hub import get_session

        headers = {"authorization": f"Bearer {found.token}", "user-agent": "hfmagic"}
        response = get_session().get(url, headers=headers, timeout=timeout + 1)
        if response.status_code != 200:  # noqa: PLR2004 (HTTP's word for yes)
            return _refused(found, response.status_code)
        return _identity(response.json(), found)
    except Exception as error:  # noqa: BLE001 (its text may quote a header, its attributes hold the request: only its type is safe)
        return HFMagicError(f"{_there(found)}, but the Hub cannot be reached ({type(error).__name__})", "check the network and try again")


def _refused(found: Found, status: int) -> HFMagicError:
    if status == UNAUTHORIZED:
        return HFMagicError(f"the Hub does not accept the token from {found.source}: it is wrong, expired or revoked", _renew(found))
    if status == TOO_MANY:
        return HFMagicError(f"{_there(found)}, but the Hub was asked too often who you are", "wait a few minutes and try again")
    return HFMagicError(f"{_there(found)}, but the Hub answered with error {status}", "try again later")


def _identity(answer: Any, found: Found) -> Identity | HFMagicError:
    """Take what is needed from the Hub's answer, whose strings are shown with the token blotted out should they repeat it."""

    def text(value: object) -> str | None:
        return mask_tokens(value.replace(found.token, "hf_***")) if isinstance(value, str) and value else None

    def part(value: object, name: str) -> Any:
        return value.get(name) if isinstance(value, dict) else None

    name = text(part(answer, "name"))
    if name is None:
        return HFMagicError(f"{_there(found)}, but the Hub's answer has no name in it", "check HF_ENDPOINT")
    token = part(part(answer, "auth"), "accessToken")
    orgs = part(answer, "orgs")
    return Identity(
        name=name,
        kind=text(part(answer, "type")) or "user",
        token_name=text(part(token, "displayName")),
        role=text(part(token, "role")),
        orgs=tuple(org for entry in (orgs if isinstance(orgs, list) else ()) if (org := text(part(entry, "name")))),
        source=found.source,
    )


def _renew(found: Found) -> str:
    make = f"make a new token at {TOKENS_PAGE}"
    if found.source.endswith("in the environment"):
        return f"{make} and set {found.source.split()[0]} to it where you set it before, then restart the kernel"
    return f"{make} and run `hf auth login` in a terminal"


def _there(found: Found) -> str:
    return f"a token is there (from {found.source})"


def _clean(token: str) -> str:
    """Take away what comes along when a token is pasted."""
    return token.replace("\r", "").replace("\n", "").strip()


def _short(file: Path) -> str:
    """Return the path with the home folder as ``~``."""
    try:
        return f"~/{file.relative_to(Path.home())}"
    except (ValueError, RuntimeError):
        return str(file)
