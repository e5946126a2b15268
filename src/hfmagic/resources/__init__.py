"""What is used: one sample of the machine, and the peak memory of one piece of work.

The room shares its name with the public function: ``hfmagic.resources()`` takes a sample, also after this package has been imported and
stands in the function's place.
"""

from __future__ import annotations

import sys
from types import ModuleType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from hfmagic.resources.sample import Sample


class _Room(ModuleType):
    """The package as a module that can be called, as `hfmagic.api.resources.resources` is."""

    def __call__(self, interval: float = 0.2) -> Sample:
        from hfmagic.resources.sample import take_sample

        return take_sample(interval)


sys.modules[__name__].__class__ = _Room
