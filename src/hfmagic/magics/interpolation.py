r"""Fill ``{{name}}`` in a prompt with the notebook's variables: strictly by looking up, never by evaluating.

What is replaced: ``{{name}}``, ``{{obj.attr}}``, ``{{d["key"]}}``, ``{{seq[0]}}``, any chain of these, and a format right after a
colon, as in ``{{share:.1%}}``. Blanks beside the braces do not matter. An attribute that begins with ``_`` is refused; nothing is called.

What is left alone: everything else. Single braces, three or more opening braces (``{{{x}}}``), ``{% … %}``, ``{{f(x)}}``,
``{{"a": 1}}``, ``{{a, b}}``, ``{{color: "red"}}``, ``{{x}^2}``. Closing braces pair with the nearest: ``{"n": {{n}}}`` is filled.

What looks like ours and is not meant (LaTeX ``\frac{{a}}{{b}}``) takes a backslash: ``\{{a}}`` becomes ``{{a}}``. As in a shell, two
backslashes before the braces stand for one backslash and a value. In an option's value the line's own quoting comes first: write
``--system '\{{a}}'``.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from difflib import get_close_matches

from hfmagic.core.errors import PromptError
from hfmagic.core.tokens import has_token

_NAME = r"[^\W\d]\w*"
_FIELD = re.compile(
    rf"""
    (?<!\{{) \{{\{{ [ \t]*
    (?P<path> {_NAME} (?: \.{_NAME} | \[-?[0-9]{{1,18}}\] | \["[^"\n]*"\] | \['[^'\n]*'\] )* ) [ \t]*
    (?: : (?P<spec> [^\s{{}}"'] [^{{}}"'\n]* ) )?
    \}}\}}
    """,
    re.VERBOSE,
)
_PART = re.compile(rf"""(?P<attribute>{_NAME})|\[(?P<index>-?[0-9]+)\]|\["(?P<double>[^"\n]*)"\]|\['(?P<single>[^'\n]*)'\]""")
_LITERAL = r"to keep the braces as they are, write \{{…}}"


def render(text: str, variables: Mapping[str, object]) -> str:
    """Return `text` with its fields filled; what a value brings in is not looked at again.

    Parameters
    ----------
    text : str
        The prompt, or the value of an option.
    variables : Mapping
        The names that can be used.

    Raises
    ------
    PromptError
        A name, attribute or key is unknown, a value cannot be formatted, or a value is a Hub token.
    """
    done: list[str] = []
    at = 0
    for field in _FIELD.finditer(text):
        before = text[at : field.start()]
        kept = before.rstrip("\\")
        slashes = len(before) - len(kept)
        done += [kept, "\\" * (slashes // 2), field.group() if slashes % 2 else _value(field, variables)]
        at = field.end()
    done.append(text[at:])
    return "".join(done)


def escape(text: str) -> str:
    """Return what `render` turns into `text` again, whatever the variables are."""
    done: list[str] = []
    at = 0
    for field in _FIELD.finditer(text):
        before = text[at : field.start()]
        slashes = len(before) - len(before.rstrip("\\"))
        done += [before, "\\" * (slashes + 1), field.group()]
        at = field.end()
    done.append(text[at:])
    return "".join(done)


def _value(field: re.Match[str], variables: Mapping[str, object]) -> str:
    path, spec = field["path"], (field["spec"] or "").rstrip()
    value = _look_up(path, variables)
    if re.search(r"[0-9]{5}", spec):
        raise PromptError(f"{{{{{path}:{spec}}}}} asks for more than 9999 characters", _LITERAL)
    try:
        text = format(value, spec) if spec else str(value)
    except Exception as error:
        how = f"cannot be written as {spec!r}" if spec else "cannot be written as text"
        raise PromptError(f"{{{{{path}}}}} is {_kind(value)} and {how}: {error}", _LITERAL) from error
    if has_token(text):
        raise PromptError(f"the value of {{{{{path}}}}} holds a Hugging Face token; it is not given to a model", "use another variable")
    return text


def _look_up(path: str, variables: Mapping[str, object]) -> object:
    parts = list(_PART.finditer(path))
    name = parts[0].group()
    if name not in variables:
        raise _unknown(
            f"there is no variable {name}",
            name,
            (other for other, value in variables.items() if not other.startswith("_") and not callable(value)),
        )
    value = variables[name]
    for part in parts[1:]:
        owner = path[: part.start()].rstrip(".")
        value = _attribute(value, part["attribute"], owner) if part["attribute"] else _item(value, part, owner)
    return value


def _attribute(value: object, name: str, owner: str) -> object:
    if name.startswith("_"):
        raise PromptError(f"{{{{{owner}.{name}}}}} is private: names after a dot must not begin with _", _LITERAL)
    try:
        return getattr(value, name)
    except AttributeError as error:
        found = _unknown(f"{owner} is {_kind(value)} and has no attribute {name}", name, _names(value))
        raise found from (error if hasattr(type(value), name) else None)
    except Exception as error:
        raise PromptError(f"{owner}.{name} cannot be read: {type(error).__name__}: {error}", _LITERAL) from error


def _item(value: object, part: re.Match[str], owner: str) -> object:
    key: int | str = int(part["index"]) if part["index"] else part["single"] if part["double"] is None else part["double"]
    if isinstance(value, Mapping) and key not in value:  # looking up would fill a defaultdict
        raise _unknown(f"{owner} has no key {key!r}", str(key), (other for other in value if isinstance(other, str)))
    try:
        return value[key]  # type: ignore[index]
    except IndexError as error:
        raise PromptError(f"{owner} has no item {key}: it has {_length(value)}", _LITERAL) from error
    except Exception as error:
        raise PromptError(f"{owner} is {_kind(value)} and has no item {key!r}", _LITERAL) from error


def _unknown(message: str, name: str, known: Iterable[str]) -> PromptError:
    near = get_close_matches(name, list(known), 3)
    advice = f"did you mean {' or '.join(near)}? " if near else ""
    return PromptError(message, advice + _LITERAL)


def _names(value: object) -> list[str]:
    try:
        return [name for name in dir(value) if not name.startswith("_")]
    except Exception:  # noqa: BLE001 - a stranger's __dir__
        return []


def _length(value: object) -> str:
    try:
        return f"{len(value)} items"  # type: ignore[arg-type]
    except Exception:  # noqa: BLE001 - a stranger's __len__
        return "fewer"


def _kind(value: object) -> str:
    name = type(value).__name__
    return f"{'an' if name[0] in 'aeiouAEIOU' else 'a'} {name}"
