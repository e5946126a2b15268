"""What IPython makes of a cell that holds our lines."""

import types

import pytest
from hypothesis import given
from hypothesis import strategies as st
from IPython.core.inputtransformer2 import TransformerManager

from hfmagic.magics.lines import keep_lines


@pytest.fixture
def transform():
    manager = TransformerManager()
    keep_lines(types.SimpleNamespace(input_transformer_manager=manager, input_transformers_cleanup=manager.cleanup_transforms))
    return manager.transform_cell


def called(line):
    return f"get_ipython().run_line_magic('hf_infer', {line!r})"


@pytest.mark.parametrize(
    ("cell", "expected"),
    [
        ("%hf_infer What is the moon?", called("What is the moon?")),
        ("%hf_infer What's the moon?", called("What's the moon?")),
        ("%hf_infer Really?? ", called("Really??")),
        ("%hf_infer -m demo -- Ist das größer?", called("-m demo -- Ist das größer?")),
        ("x = %hf_infer What is the moon?", f"x = {called('What is the moon?')}"),
        ("a, b.c = %hf_infer q, r?", f"a, b.c = {called('q, r?')}"),
        ("rows[i] = %hf_infer What is {{rows[i]}}?", f"rows[i] = {called('What is {{rows[i]}}?')}"),
        ("if 1:\n    %hf_infer What is it?\n    y = 2", f"if 1:\n    {called('What is it?')}\n    y = 2"),
        ("%hf_infer a b?\n%hf_infer c d?\nx = 1", f"{called('a b?')}\n{called('c d?')}\nx = 1"),
        ("%time %hf_infer What is it?", "get_ipython().run_line_magic('time', '%hf_infer What is it?')"),
        ("%hf_infer?", "get_ipython().run_line_magic('pinfo', '%hf_infer')"),
        ("%hf_infer??", "get_ipython().run_line_magic('pinfo2', '%hf_infer')"),
        ("%%hf_infer?", "get_ipython().run_line_magic('pinfo', '%%hf_infer')"),
        ("moon?", "get_ipython().run_line_magic('pinfo', 'moon')"),
        ("%hf_infer a b?\nmoon?", f"{called('a b?')}\nget_ipython().run_line_magic('pinfo', 'moon')"),
        ("%timeit moon?", "get_ipython().run_line_magic('pinfo', 'moon')"),
        ("s = '''\n%hf_infer What is it?\n'''", "s = '''\n%hf_infer What is it?\n'''"),
        ("# %hf_infer What is it?", "# %hf_infer What is it?"),
        ("100 %hf_infer\n", "100 %hf_infer"),
        ("%%hf_infer -h", "get_ipython().run_cell_magic('hf_infer', '-h', ' \\n')"),
        ("%%hf_infer\n", "get_ipython().run_cell_magic('hf_infer', '', ' \\n')"),
        ("%%hf_infer What is it?", "get_ipython().run_cell_magic('hf_infer', 'What is it?', ' \\n')"),
        ("%%hf_infer -m demo\nWhat is it?", "get_ipython().run_cell_magic('hf_infer', '-m demo', 'What is it?\\n')"),
        ("%%time", "get_ipython().run_cell_magic('time', '', '')"),
        ("%%hf_inferno", "get_ipython().run_cell_magic('hf_inferno', '', '')"),
    ],
)
def test_cells(transform, cell, expected):
    assert transform(cell).rstrip("\n") == expected


def test_a_terminal_still_waits_for_the_body(transform):
    manager = transform.__self__
    assert manager.check_complete("%%hf_infer -m demo")[0] == "incomplete"
    assert manager.check_complete("%%hf_infer -m demo\nWhat is it?\n\n")[0] == "complete"
    assert manager.check_complete("%hf_infer What is it?")[0] == "complete"


@given(
    st.lists(
        st.sampled_from(["%", "hf_infer", "=", "x", "?", "(", ")", "[", "]", " ", "\n", "'", "time", "    ", "1", "#", '"""', "\\"])
    ).map("".join)
)
def test_no_cell_breaks_the_reading_that_ipython_can_read(cell):
    def outcome(manager):
        try:
            return manager.transform_cell(cell)
        except Exception as error:  # noqa: BLE001 (whatever IPython itself raises)
            return type(error)

    plain, ours = TransformerManager(), TransformerManager()
    keep_lines(types.SimpleNamespace(input_transformer_manager=ours, input_transformers_cleanup=ours.cleanup_transforms))
    before, after = outcome(plain), outcome(ours)
    assert before == after or "hf_infer" in cell
    assert isinstance(after, str) or not isinstance(before, str)
