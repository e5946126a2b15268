"""``%hf_infer`` and ``%%hf_infer``: a prompt, a model, a streamed answer."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from hfmagic.core.errors import HFMagicError, Interrupted
from hfmagic.magics.arguments import MagicParser, variable_name
from hfmagic.magics.completion import cached_models, variables

if TYPE_CHECKING:
    from hfmagic.inference.result import Result
    from hfmagic.magics.call import Call

LATEST = "_hf"

PARSER = MagicParser(
    "hf_infer",
    "Run a model on a prompt and stream its answer.",
    rest="prompt",
    body="prompt",
    examples=(
        "%hf_infer -m demo Tell me a story about a fox",
        "answer = %hf_infer -m demo What is the moon?",
        "%%hf_infer -m Qwen/Qwen3-0.6B --system 'You are brief.' -o answer\nExplain {{topic}} to a ten-year-old.",
        "%%hf_infer --chat fox\nWhat was its name?",
    ),
)
PARSER.add_argument(
    "-m", "--model", default="", metavar="MODEL", complete=cached_models, help="a Hub id (org/name), a local folder, or demo"
)
PARSER.add_argument("--system", default="", metavar="TEXT", help="the system message")
PARSER.add_argument("--max-new-tokens", type=int, metavar="N", help="most tokens of the answer (%%config HFMagic.max_new_tokens)")
PARSER.add_argument("--temperature", type=float, metavar="T", help="0 is greedy, higher is more varied (the model's own setting)")
PARSER.add_argument("--top-p", type=float, metavar="P", help="sample from this share of the probability")
PARSER.add_argument("--top-k", type=int, metavar="K", help="sample from the K most probable tokens")
PARSER.add_argument("--seed", type=int, metavar="N", help="makes sampling repeatable")
PARSER.add_argument(
    "--stop",
    action="append",
    default=[],
    metavar="TEXT",
    help=r"end the answer before TEXT (\n is a new line); may be given more than once",
)
PARSER.add_argument(
    "--dtype", default="auto", metavar="D", complete=lambda _: ("auto", "float32", "float16", "bfloat16"), help="precision of the weights"
)
PARSER.add_argument(
    "--device", default="auto", metavar="D", complete=lambda _: ("auto", "cpu", "cuda", "mps"), help="where to run: cpu, cuda, cuda:1, mps"
)
PARSER.add_argument("--revision", metavar="R", help="branch, tag or commit of a Hub model")
PARSER.add_argument("--chat", default="", metavar="NAME", help="go on with the conversation NAME (hfmagic.chats)")
PARSER.add_argument("--reset", action="store_true", help="begin the conversation of --chat anew")
PARSER.add_argument(
    "-o", "--output", type=variable_name, default="", metavar="VAR", complete=variables, help="variable that gets the result, beside _hf"
)
PARSER.add_argument("--raw", action="store_true", help="send the prompt as it stands, without chat template")
PARSER.add_argument("--quiet", action="store_true", help="show nothing; the result is in _hf and VAR")
PARSER.add_argument("--timeout", type=float, metavar="SECONDS", help="stop after so long, loading included; the text so far is kept")
PARSER.add_argument(
    "--format",
    default="markdown",
    choices=("markdown", "text", "json", "code"),
    help="how to show the answer; json parses it into .value, code puts its code block into the next cell",
)


def run(call: Call) -> Result | None:
    """Answer the prompt; the line form returns the result, the cell form only keeps it."""
    from hfmagic.api.infer import infer
    from hfmagic.display.result import just_shown
    from hfmagic.inference.chats import chats

    args = call.args
    prompt = args.prompt if call.body is None else call.body
    if args.reset and not args.chat:
        raise HFMagicError("--reset begins a conversation anew, but none is named", "add --chat NAME")
    if args.reset and not prompt.strip():
        chats.pop(args.chat, None)
        return None
    try:
        result = infer(
            prompt,
            model=args.model,
            system=args.system,
            max_new_tokens=args.max_new_tokens,
            temperature=args.temperature,
            top_p=args.top_p,
            top_k=args.top_k,
            seed=args.seed,
            stop=[stop.replace(r"\n", "\n").replace(r"\t", "\t") for stop in args.stop],
            dtype=args.dtype,
            device=args.device,
            revision=args.revision,
            chat=args.chat,
            reset=args.reset,
            raw=args.raw,
            timeout=args.timeout,
            format=args.format,
            stream=not args.quiet,
        )
    except (HFMagicError, Interrupted) as error:
        if error.result is not None:
            _keep(call, error.result)
        raise
    _keep(call, result)
    if args.format == "code":
        call.shell.set_next_input(result.value)
    if call.body is not None:
        return None
    return just_shown(result)


def _keep(call: Call, result: Any) -> None:
    """Put the result into ``_hf`` and the variable that was asked for."""
    names = {LATEST, call.args.output or LATEST}
    call.shell.user_ns.update(dict.fromkeys(names, result))
