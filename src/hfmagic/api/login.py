"""``hfmagic.login``: log in with the token that is already here; the function behind ``%hf_login``."""

from __future__ import annotations

import os
import sys

from hfmagic.core.errors import HFMagicError
from hfmagic.core.settings import settings
from hfmagic.hub.identity import TOKENS_PAGE, Identity, find_token, whoami


def login(*, timeout: float | None = None) -> Identity:
    """Say who you are on the Hub, with the token of the environment or of a stored login.

    Every library that talks to the Hub uses the same token by itself; this checks it and says whose it is.

    Parameters
    ----------
    timeout : float, optional
        Seconds to wait for the Hub; by default ``settings.hub_timeout``.

    Returns
    -------
    Identity
        Whose the token is, and where it comes from. The token itself is not in it.

    Raises
    ------
    HFMagicError
        There is no token, or it is not valid, or the Hub cannot be reached; the hint says what to do next.
    """
    patience = settings.hub_timeout if timeout is None else timeout
    if not patience > 0:
        raise HFMagicError(f"the Hub cannot answer within {patience:g} seconds", "give a timeout above 0")
    found = find_token()
    if found is None:
        raise HFMagicError("no Hugging Face token found: neither HF_TOKEN in the environment nor a stored login", _next_step())
    return whoami(found, patience)


def _next_step() -> str:
    """Say what to do where the user is."""
    if "google.colab" in sys.modules or "COLAB_RELEASE_TAG" in os.environ:
        return (
            f"open the key in the left bar, add a secret HF_TOKEN with a token from {TOKENS_PAGE}, switch on notebook access, and run\n"
            'import os; from google.colab import userdata; os.environ["HF_TOKEN"] = userdata.get("HF_TOKEN")'
        )
    return (
        f"make a token at {TOKENS_PAGE}, then run `hf auth login` in a terminal (no restart needed),\n"
        "or set HF_TOKEN in the environment before the kernel starts"
    )
