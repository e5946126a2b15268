from __future__ import annotations

import pytest

from hfmagic.core.errors import HFMagicError
from hfmagic.inference.chats import chats, with_history
from hfmagic.inference.request import Request

HELLO = ({"role": "user", "content": "hello"},)


@pytest.mark.parametrize(
    "wrong",
    [
        {"max_new_tokens": 0},
        {"temperature": -0.1},
        {"temperature": float("nan")},
        {"top_p": 0.0},
        {"top_p": 1.5},
        {"top_k": 0},
        {"seed": -1},
        {"timeout": 0.0},
        {"stop": ("",)},
        {"stop": (None,)},
        {"seed": 1.5},
        {"temperature": "0.5"},
        {"max_new_tokens": 1e9},
    ],
)
def test_a_value_outside_its_range_is_named(wrong):
    with pytest.raises(HFMagicError) as caught:
        Request(messages=HELLO, model="demo", **wrong)
    assert next(iter(wrong)).split("_")[0] in str(caught.value)
    assert caught.value.hint


def test_a_chat_goes_on_is_reset_and_takes_a_new_system_turn(monkeypatch):
    system = {"role": "system", "content": "Be brief."}
    other = {"role": "system", "content": "Be long."}
    said = [system, {"role": "user", "content": "a"}, {"role": "assistant", "content": "b"}]
    monkeypatch.setitem(chats, "fox", list(said))
    assert with_history("fox", [*HELLO], reset=False) == [*said, *HELLO]
    assert with_history("fox", [other, *HELLO], reset=False) == [other, *said[1:], *HELLO]
    assert with_history("fox", [*HELLO], reset=True) == [*HELLO]
    assert with_history("hare", [*HELLO], reset=False) == [*HELLO]
    assert chats["fox"] == said
