"""`{{name}}` in prompts: by lookup only, and nothing else is touched."""

import collections
import contextlib
import datetime as dt
import math
import string
import types

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hfmagic.core.errors import PromptError
from hfmagic.core.tokens import has_token
from hfmagic.magics.interpolation import escape, render

DATA = {
    "name": "fox",
    "größe": 3,
    "_hf": "last",
    "x": 3.14159,
    "n": 1234567,
    "nothing": None,
    "seq": ["a", ["b", "c"]],
    "d": {"key": 1, "two words": 2, "inner": {"deep": [10, 20]}, 0: "zero", "a.b": "dot"},
    "when": dt.datetime(2026, 11, 23, 9, 5, tzinfo=dt.UTC),
    "obj": types.SimpleNamespace(attr="value", child=types.SimpleNamespace(items_=[{"k": "v"}]), _private="secret"),
    "math": math,
    "braces": "{{name}}",
}

UNTOUCHED = [
    '{"a": 1, "b": {"c": [2]}}',
    "interface P { name: string; f: { (x: number): string } }",
    "const s = {{a: 1, b: 2}}",
    'style={{color: "red", margin: 0}}',
    "style={{ color: 'red' }}",
    "value={{ user, setUser }}",
    r"\frac{a}{b} {{x}^2} \sum_{i=1}^{n}",
    "{% for row in rows %}{{ row | upper }}{% endfor %}",
    "{{{name}}}",
    "{{{{name}}}}",
    "{{#each rows}}{{/each}}",
    "{{f(x)}}",
    "{{x + 1}}",
    "{{x: .2f}}",
    "{{name!r}}",
    "{{0}}",
    "{{}}",
    "{{ }}",
    "{{d[key]}}",
    "{{d['a'\n]}}",
    "{{name\n}}",
    "{{x:{n}}}",
    "{{x:.{n}f}}",
    "{{ name",
    "name }}",
    "{ {name} }",
    "{name}",
    "$name {name} %(name)s %s",
    "{{seq[0:1]}}",
    "{{a.}}",
    "{{.a}}",
    "{{a..b}}",
    '{{d["a]}}',
    "{{lambda: 1}}",
    "{{__import__('os')}}",
    "{{2x}}",
]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a {{name}} b", "a fox b"),
        ("{{ name }}{{\tname\t}}", "foxfox"),
        ("{{größe}}", "3"),
        ("{{_hf}}", "last"),
        ("{{nothing}}", "None"),
        ("{{x:.2f}} {{ x :.2f }} {{n:,}} {{n:>10}}|", "3.14 3.14 1,234,567    1234567|"),
        ("{{name:*^9}}", "***fox***"),
        ("{{when:%Y-%m-%d %H:%M}}", "2026-11-23 09:05"),
        ("{{seq[0]}}{{seq[-1][1]}}", "ac"),
        ("""{{d["key"]}}{{d['two words']}}{{d["inner"]["deep"][1]}}{{d[0]}}{{d["a.b"]}}""", "1220zerodot"),
        ("{{obj.attr}} {{obj.child.items_[0]['k']}}", "value v"),
        ("{{math.pi:.3f}}", "3.142"),
        ("{{braces}}", "{{name}}"),
        ('{"name": "{{name}}", "n": {{n}}}', '{"name": "fox", "n": 1234567}'),
        ("x^{{n}}", "x^1234567"),
        (r"\{{name}}", "{{name}}"),
        (r"\\{{name}}", "\\fox"),
        (r"\\\{{name}}", r"\{{name}}"),
        (r"\frac\{{a}}\{{b}}", r"\frac{{a}}{{b}}"),
        (r"\{name} \n \{ {{name}}", r"\{name} \n \{ fox"),
        ("{{name}}" * 3, "foxfoxfox"),
    ],
)
def test_what_is_replaced(text, expected):
    assert render(text, DATA) == expected


@pytest.mark.parametrize("text", UNTOUCHED)
def test_what_goes_through_untouched(text):
    assert render(text, DATA) == text
    assert escape(text) == text


class Trap:
    """Everything that must not be used says so."""

    used: list  # filled by the test

    def __init__(self):
        object.__setattr__(self, "used", [])

    def __getattr__(self, name):
        self.used.append(name)
        raise AttributeError(name)

    def __call__(self, *_):
        self.used.append("call")

    @property
    def broken(self):
        raise RuntimeError("not today")

    @property
    def half_broken(self):
        raise AttributeError("inside")


class Unwritable:
    def __str__(self):
        raise ValueError("no text for this")


@pytest.mark.parametrize(
    ("text", "message", "hint"),
    [
        ("{{nmae}}", "there is no variable nmae", "did you mean name?"),
        ("{{zzz}}", "there is no variable zzz", r"\{{…}}"),
        (r"\frac{{a}}{{b}}", "there is no variable a", r"\{{…}}"),
        ("{{name}} {{nothere}}", "there is no variable nothere", ""),
        ("{{obj.atr}}", "obj is a SimpleNamespace and has no attribute atr", "did you mean attr?"),
        ("{{obj.child.itms_}}", "obj.child is a SimpleNamespace and has no attribute itms_", "items_"),
        ("{{obj._private}}", "{{obj._private}} is private", ""),
        ("{{obj.__class__}}", "is private", ""),
        ("{{name.__class__.__mro__}}", "{{name.__class__}} is private", ""),
        ('{{d["kye"]}}', "d has no key 'kye'", "did you mean key?"),
        ('{{d["inner"]["dep"]}}', "d[\"inner\"] has no key 'dep'", "deep"),
        ("{{seq[9]}}", "seq has no item 9: it has 2 items", ""),
        ('{{seq["a"]}}', "seq is a list and has no item 'a'", ""),
        ("{{n[0]}}", "n is an int and has no item 0", ""),
        ("{{x:.2q}}", "{{x}} is a float and cannot be written as '.2q'", ""),
        ("{{nothing:.2f}}", "{{nothing}} is a NoneType and cannot be written as '.2f'", ""),
        ("{{unwritable}}", "cannot be written as text: no text for this", ""),
        ("{{trap.broken}}", "trap.broken cannot be read: RuntimeError: not today", ""),
        ("{{trap.half_broken}}", "trap is a Trap and has no attribute half_broken", ""),
        ("{{defaults['new']}}", "defaults has no key 'new'", ""),
        ("{{secret}}", "the value of {{secret}} holds a Hugging Face token", ""),
        ("{{secrets[0]}}", "holds a Hugging Face token", ""),
    ],
)
def test_what_is_refused(text, message, hint):
    token = "hf_" + "AbCdEfGhIjKlMnOpQrStUvWxYz01234567"
    more = {
        "trap": Trap(),
        "unwritable": Unwritable(),
        "defaults": collections.defaultdict(int),
        "secret": token,
        "secrets": [{"inside": token}],
    }
    with pytest.raises(PromptError) as raised:
        render(text, {**DATA, **more})
    assert message in str(raised.value)
    assert hint in raised.value.hint
    assert more["defaults"] == {}
    assert token not in str(raised.value) + raised.value.hint
    assert len(raised.value._render_traceback_()) <= 5


def test_suggestions_are_variables_and_not_functions():
    with pytest.raises(PromptError) as raised:
        render("{{opne}}", {"open": open, "opened": 1})
    assert raised.value.hint.startswith("did you mean opened?")


def test_a_private_attribute_is_never_asked_for_and_nothing_is_called():
    trap = Trap()
    for text in (
        "{{trap._x}}",
        "{{trap.__dict__}}",
        "{{trap.a._b}}",
        "{{trap()}}",
        "{{trap.a()}}",
        "{{trap:{trap()}}}",
        "{{trap.__call__}}",
    ):
        with contextlib.suppress(PromptError):
            render(text, {"trap": trap})
    assert [name for name in trap.used if name == "call" or name.startswith("_")] == []


@given(st.text().filter(lambda text: "{{" not in text))
def test_text_without_double_braces_is_unchanged(text):
    assert render(text, DATA) == text


FRAGMENTS = st.sampled_from(
    [
        "{{",
        "}}",
        "{",
        "}",
        "\\",
        "name",
        "obj",
        ".",
        "_",
        "[",
        "]",
        '"',
        "'",
        "0",
        "-",
        ":",
        ".2f",
        " ",
        "\n",
        "d",
        "x",
        "trap",
        "()",
        "(",
        "é",
    ]
)
SOUP = st.lists(FRAGMENTS, max_size=25).map("".join)


@given(SOUP | st.text())
def test_escaping_undoes_rendering(text):
    assert render(escape(text), {}) == text


@given(SOUP)
def test_any_text_renders_or_is_a_prompt_error_and_never_evaluates(text):
    trap = Trap()
    try:
        assert isinstance(render(text, {**DATA, "trap": trap}), str)
    except PromptError as error:
        assert len(error._render_traceback_()) <= 5  # noqa: PT017 (most texts are no error)
    assert [name for name in trap.used if name == "call" or name.startswith("_")] == []


@given(
    st.text().filter(lambda text: not has_token(text)),
    st.text(alphabet=string.printable).filter(lambda text: not text.endswith("\\") and not text.endswith("{")),
    st.text(),
)
def test_a_value_stands_exactly_where_its_name_stood(value, before, after):
    quiet = before.replace("{", "(")
    assert render(f"{quiet}{{{{v}}}}{after.replace('{', '(')}", {"v": value}) == f"{quiet}{value}{after.replace('{', '(')}"


@pytest.mark.parametrize("junk", ["{{" * 20000, "{{x" + " " * 50000, "\\" * 50000, "{{d['" * 20000, "{{x:" + "a" * 50000, "{{a." * 20000])
@pytest.mark.timeout(20)
def test_long_junk_takes_no_time(junk):
    assert render(junk, DATA) == junk
