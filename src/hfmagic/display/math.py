r"""Which formulas a front end may typeset: those made of commands that can only draw mathematics.

JupyterLab and Notebook give ``$…$`` in an output to MathJax, which knows commands that link (``\href``), load (``\require``), define
(``\def``), style, place (``\raise``, ``\hspace``, ``\rule``) and mark up (``\class``, ``\cssId``). So there is a list of what is let
through, and everything else is shown as its source. Imported together with `hfmagic.display.markdown` only.
"""

from __future__ import annotations

import html
import re
from typing import TYPE_CHECKING, Any

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
# What stands between the delimiters, up to where the closing one must be; \\$ is a sign, no delimiter.
_CLOSING = {"$$": "$$", "$": "$", r"\(": r"\)", r"\[": r"\]"}
_CONTENT = {"$": re.compile(r"(?:[^\\$]|\\.)+", re.DOTALL), "\\": re.compile(r"(?:[^\\]|\\[^()\[\]])+", re.DOTALL)}


def with_formulas(parser: MarkdownIt) -> None:
    r"""Make `parser` find ``$…$``, ``$$…$$``, ``\(…\)`` and ``\[…\]``; ``env["typeset"]`` says whether any may be typeset at all."""
    parser.inline.ruler.before("escape", "formula", _find_inline)
    parser.block.ruler.before("fence", "formula_block", _find_block)
    parser.add_render_rule("formula", _formula)
    parser.add_render_rule("formula_block", _formula_block)


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
    return token.markup + token.content + _CLOSING[token.markup]


def _typeset(token: Token, env: dict[str, Any]) -> bool:
    """Count the formula and tell whether the front end gets it."""
    env["formulas"] = env.get("formulas", 0) + 1
    return bool(env.get("typeset", True)) and env["formulas"] <= MOST_FORMULAS and can_typeset(token.content)


def _find_inline(state: StateInline, silent: bool) -> bool:  # noqa: FBT001 (markdown-it's own signature)
    """Find a formula within a paragraph; ``$5 and $6`` is none."""
    text, start = state.src, state.pos
    opening = next((delimiter for delimiter in _CLOSING if text.startswith(delimiter, start)), "")
    found = _CONTENT[opening[0]].match(text, start + len(opening), min(state.posMax, start + MOST)) if opening else None
    if found is None or not found[0].strip() or not text.startswith(_CLOSING[opening], found.end()):
        return False
    end = found.end() + len(opening)
    if opening == "$" and (found[0] != found[0].strip() or _is_digit(text, start - 1) or _is_digit(text, end)):
        return False
    if opening == r"\[" and text.startswith("(", end):  # an escaped link
        return False
    if not silent:
        token = state.push("formula", "math", 0)
        token.content, token.markup = found[0], opening
    state.pos = end
    return True


def _find_block(state: StateBlock, start: int, end: int, silent: bool) -> bool:  # noqa: FBT001 (markdown-it's own signature)
    r"""Find ``$$`` or ``\[`` at the start of a line up to its counterpart at the end of one, without a blank line between."""
    first = state.bMarks[start] + state.tShift[start]
    opening = state.src[first : first + 2]
    if state.is_code_block(start) or opening not in {"$$", r"\["}:
        return False
    closing = _CLOSING[opening]
    line = start
    while line < end and not state.isEmpty(line) and state.sCount[line] >= state.blkIndent:
        line += 1
        content = state.src[state.bMarks[line - 1] + state.tShift[line - 1] : state.eMarks[line - 1]].strip()
        if line == start + 1:
            content = content[2:]
        if closing in content:
            break
    else:
        return False
    formula = state.getLines(start, line, state.blkIndent, False).strip()[2:].removesuffix(closing)
    if not content.endswith(closing) or closing in formula or not formula.strip():
        return False
    if not silent:
        token = state.push("formula_block", "math", 0)
        token.block, token.content, token.markup, token.map = True, formula, opening, [start, line]
        state.line = line
    return True


def _is_digit(text: str, index: int) -> bool:
    return 0 <= index < len(text) and text[index].isdigit()
