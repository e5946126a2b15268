from __future__ import annotations

import pytest

from hfmagic.core.errors import HFMagicError
from hfmagic.inference.formats import value_of


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ('{"a": [1, null]}', {"a": [1, None]}),
        (" \n 3.5 \n", 3.5),
        ('```json\n{"a": 1}\n```', {"a": 1}),
        ("Here you are:\n\n```\n[1]\n```\nEnjoy!", [1]),
    ],
)
def test_json(text, value):
    assert value_of(text, "json") == value


@pytest.mark.parametrize(
    "text", ["", "no", "{'a': 1}", '{"a": NaN}', '{"a": 1', "```json\n{\n```", "```\n1\n```\n```\n2\n```", "__import__('os')"]
)
def test_what_is_not_json_is_refused(text):
    with pytest.raises(HFMagicError, match="not JSON"):
        value_of(text, "json")


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("Sure!\n\n```python\nprint(1)\n```\nThat prints one.", "print(1)"),
        ("~~~py\na = 1\n\nb = 2\n~~~", "a = 1\n\nb = 2"),
        ("```python\nx = '''\n``\n'''\n```", "x = '''\n``\n'''"),
        ("````md\n```python\n1\n```\n````", "```python\n1\n```"),
        ("1. first\n\n   ```python\n   def f():\n       return 1\n   ```\n", "def f():\n    return 1"),
        ("```python\na\n```\nrun it:\n```bash\npython a.py\n```\nthen\n```Python\nb\n```", "a\n\nb"),
        ("```\nplain\n```", "plain"),
    ],
)
def test_code(text, code):
    assert value_of(text, "code") == code


@pytest.mark.parametrize("text", ["", "print(1)", "```python\nprint(1)", "```python\n```", "`print(1)`", "```python\nprint(1)\n``"])
def test_no_complete_code_block_is_an_error(text):
    with pytest.raises(HFMagicError, match="no complete code block"):
        value_of(text, "code")


def test_other_formats_have_no_value():
    assert value_of("anything", "markdown") is None
    assert value_of("anything", "text") is None
