"""What an answer holds besides text: a JSON value, or source code. Parsed, never evaluated."""

from __future__ import annotations

import json

from hfmagic.core.errors import HFMagicError


def value_of(text: str, answer_format: str) -> object:
    """Return what `text` holds in the given format; None for formats that are only looked at.

    Parameters
    ----------
    text : str
        A model's answer.
    answer_format : str
        ``json``: the whole answer, or its only fenced block, is one JSON value. ``code``: the fenced block; of several, those in the
        language of the first, joined by an empty line. Anything else: None.

    Raises
    ------
    HFMagicError
        The answer does not hold that.
    """
    if answer_format == "json":
        return _json(text)
    if answer_format == "code":
        return _code(text)
    return None


def _json(text: str) -> object:
    blocks = _fences(text)
    source = blocks[0][1] if len(blocks) == 1 else text
    try:
        return json.loads(source, parse_constant=_no_constant)
    except ValueError as error:
        raise HFMagicError(
            f"the answer is not JSON: {error}", "the text is kept (_hf in a notebook); ask for 'only JSON', or raise --max-new-tokens"
        ) from error


def _no_constant(name: str) -> object:
    raise ValueError(f"{name} is no JSON value")


def _code(text: str) -> str:
    blocks = _fences(text)
    if not any(source.strip() for _, source in blocks):
        raise HFMagicError(
            "the answer has no complete code block",
            "the text is kept (_hf in a notebook); ask for 'one code block', or raise --max-new-tokens",
        )
    language = blocks[0][0]
    return "\n".join(source for other, source in blocks if other == language).rstrip("\n")


def _fences(text: str) -> list[tuple[str, str]]:
    """Return language and source of every closed fenced block, those in lists and quotes included."""
    from markdown_it import MarkdownIt

    lines = text.splitlines()
    found = []
    for token in MarkdownIt("commonmark").parse(text):
        if token.type == "fence" and token.map:
            last = lines[token.map[1] - 1] if token.map[1] <= len(lines) else ""
            closed = token.map[1] - token.map[0] > 1 and last.strip(" >\t").startswith(token.markup)
            if closed:
                found.append(((token.info.split() or [""])[0].lower(), token.content))
    return found
