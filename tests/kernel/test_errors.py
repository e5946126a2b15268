"""How errors look in a real kernel, and what they do to the cell."""

import pytest

FAILING = """
%load_ext hfmagic
import hfmagic.magics.infer as module
def run(call):
    raise failure
module.run = run
"""


@pytest.mark.parametrize(
    ("cell", "ename", "says"),
    [
        ("%hf_infer --modle x hello", "LineError", "did you mean --model?"),
        ("%hf_infer --model", "LineError", "--model needs a value: --model MODEL"),
        ("%hf_infer --system 'it", "LineError", "a quote is not closed: '"),
        ("%hf_infer --seed x hello", "LineError", "--seed takes a whole number, not 'x'"),
        ("%hf_infer --format jsn hello", "LineError", "did you mean json?"),
        ("%hf_infer hello --seed 3", "LineError", "the option --seed stands after the prompt has begun"),
        ("%%hf_infer hello\nhello", "LineError", "goes into the cell"),
        ("%%hf_infer hello", "LineError", "(one percent sign)"),
        ("%%hf_login\nhello", "LineError", "%%hf_login takes no body"),
        ("%hf_login hello", "LineError", "%hf_login takes options only, not 'hello'"),
        ("%%hf_infer\nTell me about {{anmial}}", "PromptError", "did you mean animal?"),
        ("%hf_infer --system {{animal.name}} hello", "PromptError", "has no attribute name"),
    ],
)
def test_an_error_is_short_says_what_next_and_fails_the_cell(shared_kernel, cell, ename, says):
    shared_kernel.run("animal = 'fox'").check()
    reply = shared_kernel.run(cell)
    assert (reply.status, reply.ename) == ("error", ename)
    assert len(reply.traceback) <= 5
    assert reply.traceback[0].startswith(f"{ename}: ")
    assert says in reply.text
    assert "Traceback" not in reply.text
    assert shared_kernel.run("import sys\nprint('torch' in sys.modules, 'transformers' in sys.modules)").check().text == "False False\n"


def test_what_was_not_foreseen_is_short_and_keeps_its_cause(kernel):
    kernel.run(FAILING + "failure = ZeroDivisionError('all of it\\nis gone')").check()
    reply = kernel.run("%hf_infer hello")
    assert (reply.status, reply.ename) == ("error", "HFMagicError")
    assert len(reply.traceback) <= 5
    assert "ZeroDivisionError: all of it" in reply.text
    assert "--debug shows the full traceback" in reply.text
    assert kernel.run("import sys\nprint(repr(sys.last_value.__cause__))").check().text == "ZeroDivisionError('all of it\\nis gone')\n"


@pytest.mark.parametrize("how", ["%hf_infer --debug hello", "%config HFMagic.debug = True\n%hf_infer hello"])
def test_debug_shows_everything(kernel, how):
    kernel.run(FAILING + "failure = ZeroDivisionError('all of it')").check()
    reply = kernel.run(how)
    assert reply.ename == "HFMagicError"
    assert "Traceback (most recent call last)" in reply.text
    assert "raise failure" in reply.text
    assert "direct cause" in reply.text


def test_debug_of_a_line_that_is_wrong_itself(kernel):
    kernel.run("%load_ext hfmagic").check()
    assert "Traceback" in kernel.run("%hf_infer --debug --modle x").text


def test_an_interrupt_is_one_line_and_the_next_cell_works(kernel):
    kernel.run("%load_ext hfmagic\nimport time, hfmagic.magics.infer as module").check()
    kernel.run("def run(call):\n    print('begun', flush=True)\n    time.sleep(60)\nmodule.run = run").check()
    reply = kernel.run("%hf_infer hello", on_message=lambda m: kernel.interrupt() if m["msg_type"] == "stream" else None)
    assert (reply.status, reply.ename) == ("error", "Interrupted")
    assert reply.traceback == ["Interrupted: stopped"]
    kernel.run("module.run = lambda call: call.args.prompt").check()
    assert kernel.run("%hf_infer hello").check().text == "'hello'\n"


def test_an_error_in_python_code_looks_as_always(kernel):
    kernel.run("%load_ext hfmagic").check()
    assert "ZeroDivisionError" in kernel.run("1 / 0").text
