"""Hub tokens in text: find them, mask them."""

from __future__ import annotations

import re

# User access tokens are `hf_` and 34 letters and digits; organisation tokens `api_org_`; OAuth tokens `hf_oauth_` and a JWT.
# Shorter ones are taken too (a token cut while pasting is still half a secret) unless they read like a Python name.
TOKEN = re.compile(
    r"""(?<![A-Za-z0-9_])(?:
        hf_(?:oauth|jwt)_[A-Za-z0-9_.\-]{10,}
      | api_org_[A-Za-z0-9]{10,}
      | hf_(?=[A-Za-z0-9]*[0-9A-Z])[A-Za-z0-9]{10,}
      | hf_[A-Za-z0-9]{20,}
    )""",
    re.VERBOSE,
)


def mask_tokens(text: str) -> str:
    """Replace every Hub token in `text` by ``hf_***``."""
    return TOKEN.sub("hf_***", text)


def has_token(text: str) -> bool:
    """Tell whether something in `text` looks like a Hub token."""
    return TOKEN.search(text) is not None
