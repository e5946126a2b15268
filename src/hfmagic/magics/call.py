"""One use of a magic, as its word's ``run`` gets it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from argparse import Namespace
    from collections.abc import Mapping

    from IPython.core.interactiveshell import InteractiveShell


@dataclass(frozen=True, slots=True)
class Call:
    """What was asked, understood and filled in.

    Attributes
    ----------
    args : argparse.Namespace
        The options by their names, and the rest of the line where the word takes one.
    body : str or None
        The cell below the line, its ``{{name}}`` replaced; ``""`` when it is blank, None for the line form.
    shell : InteractiveShell
        The notebook's shell.
    variables : Mapping
        The names that are visible where the magic stands: local ones first, then the notebook's.
    """

    args: Namespace
    body: str | None
    shell: InteractiveShell
    variables: Mapping[str, object]
