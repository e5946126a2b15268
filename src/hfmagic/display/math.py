r"""Which formulas a front end may typeset: those made of commands that can only draw mathematics.

JupyterLab and Notebook give ``$…$`` in an output to MathJax, which knows commands that link (``\href``), load (``\require``), define
(``\def``), style, place (``\raise``, ``\hspace``, ``\rule``) and mark up (``\class``, ``\cssId``). So there is a list of what is let
through, and everything else is shown as its source. Imported together with `hfmagic.display.markdown` only.
"""

from __future__ import annotations

import html
import re
from typing import TYPE_CHECKING, Any

from mdit_py_plugins.dollarmath import dollarmath_plugin

if TYPE_CHECKING:
    from collections.abc import Sequence

    from markdown_it import MarkdownIt
    from markdown_it.rules_block import StateBlock
    from markdown_it.rules_inline import StateInline
    from markdown_it.token import Token

MOST = 2000  # characters of one formula
MOST_FORMULAS = 200  # of one answer: typesetting one costs the browser milliseconds
DEEPEST = 24  # braces within braces
MOST_BACKWARD = 8  # \! moves backwards: a few are typography, many put text over what stands there

_COMMAND_NAMES = """
    alpha beta gamma delta epsilon varepsilon zeta eta theta vartheta iota kappa varkappa lambda mu nu xi omicron pi varpi rho varrho
    sigma varsigma tau upsilon phi varphi chi psi omega Gamma Delta Theta Lambda Xi Pi Sigma Upsilon Phi Psi Omega
    aleph beth gimel hbar hslash ell imath jmath wp Re Im partial nabla infty emptyset varnothing forall exists nexists neg lnot top bot
    angle measuredangle triangle square Box Diamond blacksquare lozenge star bigstar dagger ddagger prime backprime complement degree
    pm mp times div cdot ast circ bullet oplus ominus otimes oslash odot cap cup uplus sqcap sqcup vee lor wedge land setminus wr amalg
    smallsetminus bigcirc ltimes rtimes barwedge veebar boxplus boxtimes boxdot
    sum prod coprod int iint iiint oint bigcap bigcup bigsqcup bigvee bigwedge bigoplus bigotimes bigodot biguplus limits nolimits
    le leq ge geq ne neq lt gt ll gg lll ggg equiv sim simeq approx approxeq cong doteq propto asymp prec succ preceq succeq
    subset supset subseteq supseteq subsetneq supsetneq sqsubset sqsupset sqsubseteq sqsupseteq in ni notin owns
    vdash dashv models vDash Vdash perp parallel nparallel mid nmid bowtie smile frown lesssim gtrsim leqslant geqslant
    nleq ngeq nless ngtr nsubseteq nsupseteq triangleq coloneqq eqqcolon therefore because
    to gets leftarrow rightarrow leftrightarrow Leftarrow Rightarrow Leftrightarrow longleftarrow longrightarrow longleftrightarrow
    Longleftarrow Longrightarrow Longleftrightarrow uparrow downarrow updownarrow Uparrow Downarrow Updownarrow mapsto longmapsto
    hookleftarrow hookrightarrow leftharpoonup leftharpoondown rightharpoonup rightharpoondown rightleftharpoons leftrightharpoons
    nearrow searrow swarrow nwarrow iff implies impliedby rightsquigarrow xleftarrow xrightarrow nrightarrow nleftarrow
    twoheadrightarrow upharpoonright circlearrowleft circlearrowright curvearrowleft curvearrowright
    lbrace rbrace lbrack rbrack langle rangle lceil rceil lfloor rfloor lvert rvert lVert rVert vert Vert ulcorner urcorner
    left right middle big Big bigg Bigg bigl bigr Bigl Bigr biggl biggr Biggl Biggr bigm Bigm
    ldots cdots vdots ddots dots dotsb dotsc dotsi dotsm dotso colon backslash
    frac dfrac tfrac cfrac binom dbinom tbinom sqrt root of over choose atop stackrel overset underset
    hat widehat bar overline underline vec overrightarrow overleftarrow overleftrightarrow tilde widetilde dot ddot dddot acute grave
    check breve mathring overbrace underbrace cancel bcancel xcancel boxed not
    mathbb mathbf mathcal mathfrak mathit mathrm mathscr mathsf mathtt boldsymbol bm pmb bf it rm sf tt cal Bbb frak scr
    text textbf textit textrm textsf texttt textnormal mathop mathbin mathrel mathord mathopen mathclose mathpunct mathinner
    displaystyle textstyle scriptstyle scriptscriptstyle operatorname substack
    arccos arcsin arctan arg cos cosh cot coth csc deg det dim exp gcd hom inf injlim ker lg lim liminf limsup ln log max min mod bmod
    pmod pod Pr projlim sec sin sinh sup tan tanh argmax argmin
    quad qquad thinspace medspace thickspace nobreakspace space enspace hline cr tag notag nonumber begin end
"""
_ENVIRONMENT_NAMES = """
    matrix pmatrix bmatrix Bmatrix vmatrix Vmatrix smallmatrix cases array align align* aligned alignat aligned* alignedat gather gather*
    gathered split equation equation* multline multline*
"""
_COMMANDS = frozenset(_COMMAND_NAMES.split())
_ENVIRONMENTS = frozenset(_ENVIRONMENT_NAMES.split())
_TOKEN = re.compile(r"\\([A-Za-z]+|.|\Z)", re.DOTALL)
_SIGNS = frozenset("\\ ,;:!>|{}$%&#_'\n")  # \, \{ and the like
_PLACES = re.compile(r"\\\\\s*\[")  # \\[1000em]: how far away the next row stands
_NAME = re.compile(r"\\(?:begin|end)\s*(?:\{([^{}]*)\})?")
_BARE_DOLLAR = re.compile(r"(?<!\\)\$")
_CLOSING = {r"\(": r"\)", r"\[": r"\]"}


def with_formulas(parser: MarkdownIt) -> None:
    r"""Make `parser` find ``$…$``, ``$$…$$``, ``\(…\)`` and ``\[…\]``; ``env["typeset"]`` says whether any may be typeset at all."""
    dollarmath_plugin(parser, allow_labels=False, allow_space=False, allow_digits=False, allow_blank_lines=False, double_inline=True)
    parser.inline.ruler.before("escape", "math_bracket", _bracket_formula)
    parser.block.ruler.before("fence", "math_bracket_block", _bracket_block)
    parser.add_render_rule("math_inline", _formula)
    parser.add_render_rule("math_inline_double", _formula)
    parser.add_render_rule("math_block", _formula_block)


def can_typeset(formula: str) -> bool:
    """Tell whether a front end may typeset `formula` (the text between its delimiters)."""
    if len(formula) > MOST or _BARE_DOLLAR.search(formula) or _PLACES.search(formula) or _depth(formula) > DEEPEST:
        return False
    commands = [match[1] for match in _TOKEN.finditer(formula)]
    return (
        all(command in _COMMANDS or command in _SIGNS for command in commands)
        and commands.count("!") <= MOST_BACKWARD
        and all(match[1] in _ENVIRONMENTS for match in _NAME.finditer(formula))
    )


def _depth(formula: str) -> int:
    """Return how deep braces stand in braces."""
    deepest = depth = 0
    for char in formula:
        depth += (char == "{") - (char == "}")
        deepest = max(deepest, depth)
    return deepest


def _formula(_renderer: object, tokens: Sequence[Token], index: int, _options: object, env: dict[str, Any]) -> str:
    source = _source(tokens[index])
    return f'<span class="hfm-math">{html.escape(source)}</span>' if _typeset(tokens[index], env) else f"<code>{html.escape(source)}</code>"


def _formula_block(_renderer: object, tokens: Sequence[Token], index: int, _options: object, env: dict[str, Any]) -> str:
    source = html.escape(_source(tokens[index]))
    return f'<div class="hfm-math">{source}</div>\n' if _typeset(tokens[index], env) else f"<pre><code>{source}</code></pre>\n"


def _source(token: Token) -> str:
    """Return a formula between its own delimiters."""
    return token.markup + token.content + {r"\(": r"\)", r"\[": r"\]"}.get(token.markup, token.markup)


def _typeset(token: Token, env: dict[str, Any]) -> bool:
    """Count the formula and tell whether the front end gets it."""
    env["formulas"] = env.get("formulas", 0) + 1
    return bool(env.get("typeset", True)) and env["formulas"] <= MOST_FORMULAS and can_typeset(token.content)


def _bracket_formula(state: StateInline, silent: bool) -> bool:  # noqa: FBT001 (markdown-it's own signature)
    r"""Find ``\(…\)`` and ``\[…\]`` within a paragraph."""
    opening = state.src[state.pos : state.pos + 2]
    closing = _CLOSING.get(opening)
    if closing is None:
        return False
    end = state.src.find(closing, state.pos + 2, min(state.posMax, state.pos + 2 + MOST))
    content = state.src[state.pos + 2 : end]
    if end < 0 or not content.strip() or state.src.startswith("(", end + 2):  # \[text\](…) is an escaped link
        return False
    if not silent:
        token = state.push("math_inline", "math", 0)
        token.content, token.markup = content, opening
    state.pos = end + 2
    return True


def _bracket_block(state: StateBlock, start: int, end: int, silent: bool) -> bool:  # noqa: FBT001 (markdown-it's own signature)
    r"""Find ``\[`` at the start of a line up to ``\]`` at the end of one, without a blank line between."""
    if state.is_code_block(start) or not state.src.startswith(r"\[", state.bMarks[start] + state.tShift[start]):
        return False
    line = start
    while line < end and not state.isEmpty(line) and state.sCount[line] >= state.blkIndent:
        if state.src[state.bMarks[line] : state.eMarks[line]].rstrip().endswith(r"\]"):
            break
        line += 1
    else:
        return False
    if silent:
        return True
    content = state.getLines(start, line + 1, state.blkIndent, False).strip().removeprefix(r"\[").removesuffix(r"\]")
    if line >= end or not content.strip():
        return False
    token = state.push("math_block", "math", 0)
    token.block, token.content, token.markup, token.map = True, content, r"\[", [start, line + 1]
    state.line = line + 1
    return True
