"""The looks: one small style sheet of our own, for every notebook and both themes.

Every output brings the sheet with it, so that a saved notebook looks right wherever it is opened. Colours are written once for both
themes with ``light-dark()``; which of the two holds is read from the host's page: JupyterLab and Notebook 7
(``data-jp-theme-light``), Colab (``html[theme]``), VS Code (a class of the body), else the browser's own preference.
"""

from __future__ import annotations

import html
import re

from hfmagic.display.text import plain

# name: (light, dark); the tests compute the contrast of each against the backgrounds of the hosts
COLOURS = {
    "quiet": ("#57606a", "#b3bac2"),
    "link": ("#0b57d0", "#8ab4f8"),
    "keyword": ("#8a1fa0", "#d7a6f5"),
    "string": ("#0a6620", "#9bd88f"),
    "number": ("#0550ae", "#8cc4ff"),
    "comment": ("#5c6670", "#b0b8c0"),
    "name": ("#7a4200", "#e8c07d"),
    "wrong": ("#a3261c", "#ffa99f"),
}
INK = ("#1f2328", "#e8eaed")  # of a forced theme; else the host's own
PAPER = ("#ffffff", "#111111")  # of a forced theme; else the host's own
SHADE = "127,127,127"  # of code and lines: half-way between light and dark, so that it shows on any paper

_SHEET = """
.hfm{color-scheme:light dark;contain:content;max-width:62em;line-height:1.5;overflow-wrap:anywhere;VARS}
html[theme=light] .hfm,[data-jp-theme-light=true] .hfm,.vscode-light .hfm,div.hfm.hfm-light{color-scheme:light}
html[theme=dark] .hfm,[data-jp-theme-light=false] .hfm,.vscode-dark .hfm,div.hfm.hfm-dark{color-scheme:dark}
div.hfm-light,div.hfm-dark{color:light-dark(INK);background:light-dark(PAPER);padding:.5em .8em}
.hfm>:first-child{margin-top:0}
.hfm>:last-child{margin-bottom:0}
div.hfm p,div.hfm ul,div.hfm ol{margin:.55em 0}
div.hfm li>p,div.hfm li>ul,div.hfm li>ol{margin:.15em 0}
div.hfm h1,div.hfm h2,div.hfm h3,div.hfm h4,div.hfm h5,div.hfm h6{margin:.9em 0 .4em;font-weight:600;line-height:1.25}
div.hfm h1{font-size:1.5em}
div.hfm h2{font-size:1.3em}
div.hfm h3{font-size:1.13em}
div.hfm h4,div.hfm h5,div.hfm h6{font-size:1em}
div.hfm a{color:var(--hfm-link);text-decoration:underline}
div.hfm code{font-family:var(--jp-code-font-family,ui-monospace,Menlo,Consolas,monospace);font-size:.92em;color:inherit;\
background:rgba(SHADE,.14);padding:.1em .3em;border-radius:3px}
div.hfm pre{margin:.7em 0;padding:.6em .8em;border-radius:4px;background:rgba(SHADE,.11);color:inherit;\
white-space:pre;overflow-x:auto;tab-size:4;line-height:1.4;font-size:1em}
div.hfm pre code{background:none;padding:0;white-space:inherit}
div.hfm pre.hfm-text{white-space:pre-wrap;background:none;padding:0;font-family:inherit;line-height:inherit}
div.hfm pre.hfm-text code{font:inherit}
div.hfm table{display:block;max-width:100%;overflow-x:auto;margin:.7em 0;border-collapse:collapse;border:0;font-size:1em}
div.hfm tr{background:none}
div.hfm th,div.hfm td{padding:.3em .75em;border:0;border-bottom:1px solid rgba(SHADE,.3);\
text-align:left;vertical-align:top;white-space:normal;max-width:none}
div.hfm th{border-bottom-width:2px;font-weight:600}
div.hfm blockquote{margin:.7em 0;padding:.1em 0 .1em .9em;border-left:3px solid rgba(SHADE,.45);color:var(--hfm-quiet)}
div.hfm hr{border:0;border-top:1px solid rgba(SHADE,.4);margin:1em 0}
div.hfm .hfm-quiet,div.hfm .hfm-url,div.hfm .hfm-img{color:var(--hfm-quiet);font-size:.87em}
div.hfm .hfm-quiet{font-variant-numeric:tabular-nums}
.hfm pre span{background:none;border:0}
.hfm pre [class^=k],.hfm pre .ow,.hfm pre .nt{color:var(--hfm-keyword);font-weight:400}
.hfm pre [class^=s],.hfm pre .gi{color:var(--hfm-string)}
.hfm pre [class^=m]{color:var(--hfm-number)}
.hfm pre [class^=c]{color:var(--hfm-comment);font-style:italic}
.hfm pre .nf,.hfm pre .nc,.hfm pre .nb,.hfm pre .nd,.hfm pre .na{color:var(--hfm-name)}
.hfm pre .o,.hfm pre .p,.hfm pre .n,.hfm pre .err{color:inherit}
.hfm pre .gd{color:var(--hfm-wrong)}
"""


def wrap(content: str, theme: str = "auto") -> str:
    """Put our own style sheet and our own frame around HTML that is safe already.

    Parameters
    ----------
    content : str
        Cleaned or escaped HTML.
    theme : {"auto", "light", "dark"}, optional
        Follow the notebook, or force one of the two.

    Returns
    -------
    str
        ``<style>…</style><div class="hfm">…</div>``.
    """
    forced = f" hfm-{theme}" if theme in {"light", "dark"} else ""
    return f'<style>{SHEET}</style><div class="hfm{forced}">{content}</div>'


def inert(text: str) -> str:
    r"""Escape `text` for HTML, and keep a front end from finding formulas in it.

    JupyterLab typesets ``$…$``, ``\(…\)`` and ``\begin{…}`` in any output, but looks for them within one run of text only: a dollar
    or a backslash in an element of its own stays what it is.

    Parameters
    ----------
    text : str
        What is to be shown, letter by letter.

    Returns
    -------
    str
        HTML without anything but ``<span>``.
    """
    return _TEX.sub(r"<span>\g<0></span>", html.escape(plain(text)))


def quiet_line(text: str) -> str:
    """Return `text` as one small, muted line."""
    return f'<div class="hfm-quiet">{inert(text)}</div>'


def _sheet() -> str:
    """Fill in the colours and take out the line ends."""
    colours = ";".join(f"--hfm-{name}:light-dark({light},{dark})" for name, (light, dark) in COLOURS.items())
    sheet = _SHEET.replace("VARS", colours).replace("INK", ",".join(INK)).replace("PAPER", ",".join(PAPER)).replace("SHADE", SHADE)
    return sheet.replace("\n", "")


_TEX = re.compile(r"[$\\]")
SHEET = _sheet()
