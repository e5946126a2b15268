"""Every public function and class is documented as numpydoc wants it: parameters, returns, types, in that order."""

from __future__ import annotations

import inspect

import pytest
from numpydoc.validate import validate

import hfmagic

# No extended summary, examples or "see also" are asked for; a class may document its attributes instead of its constructor.
NOT_ASKED = {"ES01", "EX01", "SA01"}
NOT_ASKED_OF_CLASSES = NOT_ASKED | {"PR01", "PR02"}
FOR_IPYTHON = {"load_ipython_extension", "unload_ipython_extension"}


def public():
    """Return the full name of every function and class that `hfmagic` offers to people."""
    offered = [getattr(hfmagic, name) for name in hfmagic.__all__ if name not in FOR_IPYTHON]
    return sorted(f"{thing.__module__}.{thing.__qualname__}" for thing in offered if inspect.isfunction(thing) or inspect.isclass(thing))


def test_something_is_public():
    assert "hfmagic.api.infer.infer" in public()


@pytest.mark.parametrize("name", public())
def test_docstring(name):
    allowed = NOT_ASKED_OF_CLASSES if name.rsplit(".", 1)[1][0].isupper() else NOT_ASKED
    assert [error for error in validate(name)["errors"] if error[0] not in allowed] == []
