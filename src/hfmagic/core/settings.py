"""The user's settings: ``%config HFMagic``, ``c.HFMagic.… = …`` in ipython_config.py, or ``hfmagic.settings`` in a script."""

from __future__ import annotations

from traitlets import Bool, Enum, Float, Int, Unicode
from traitlets.config import Configurable


class HFMagic(Configurable):
    """Settings of hfmagic. ``%config HFMagic`` lists them; ``%config HFMagic.max_new_tokens = 200`` sets one."""

    default_model = Unicode("", help="Model used without -m: a Hub id, a folder or 'demo'. Empty: the demo model.").tag(config=True)
    max_new_tokens = Int(512, min=1, help="Most tokens of an answer when --max-new-tokens is not given.").tag(config=True)
    timeout = Float(0.0, min=0.0, help="Seconds after which an answer is stopped when --timeout is not given; 0: never.").tag(config=True)
    hub_timeout = Float(10.0, min=0.1, help="Seconds that one question to the Hub may take.").tag(config=True)
    loaded_models = Int(2, min=1, help="How many models stay in memory; the least recently used one leaves first.").tag(config=True)
    theme = Enum(["auto", "light", "dark"], default_value="auto", help="Colours of the output; auto follows the notebook.").tag(config=True)
    interpolate = Bool(default_value=True, help="Replace {{name}} in prompts and options by the notebook's variables.").tag(config=True)
    debug = Bool(default_value=False, help="Show full tracebacks, as --debug does for one cell.").tag(config=True)


settings = HFMagic()
