"""``%hf_login``: one quiet line that says who you are."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from hfmagic.magics.arguments import MagicParser

if TYPE_CHECKING:
    from hfmagic.hub.identity import Identity
    from hfmagic.magics.call import Call

PARSER = MagicParser(
    "hf_login",
    "Log in to Hugging Face with the token that is already here, and say who you are.",
    examples=("%hf_login", "%hf_login --timeout 30"),
)
PARSER.add_argument("--timeout", type=float, metavar="SECONDS", help="how long to wait for the Hub (%%config HFMagic.hub_timeout)")


def run(call: Call) -> None:
    """Check the token and print whose it is."""
    from hfmagic.api.login import login

    sys.stdout.write(f"{sentence(login(timeout=call.args.timeout))}\n")


def sentence(me: Identity) -> str:
    """Return who is logged in, with which token."""
    from hfmagic.display.text import plain

    token = f"token '{me.token_name}'" if me.token_name else "token"
    about = ", ".join(part for part in (token, me.role, f"from {me.source}") if part)
    return " ".join(plain(f"Logged in as {me.name} ({about})").split())
