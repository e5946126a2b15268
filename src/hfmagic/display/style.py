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

# The class three times over: the hosts style what is in an output with up to two classes of their own.
_SHEET = """
div.hfm.hfm.hfm{color-scheme:light dark;contain:content;max-width:62em;line-height:1.5;overflow-wrap:anywhere;padding:.25em 0;COLOURS;
html[theme=light] &,[data-jp-theme-light=true] &,.vscode-light &,&.hfm-light{color-scheme:light}
html[theme=dark] &,[data-jp-theme-light=false] &,.vscode-dark &,&.hfm-dark{color-scheme:dark}
&.hfm-light,&.hfm-dark{color:light-dark(INK);background:light-dark(PAPER);padding:.5em .8em}
>:first-child{margin-top:0}
>:last-child{margin-bottom:0}
p,ul,ol{margin:.55em 0}
li>p,li>ul,li>ol{margin:.15em 0}
h1,h2,h3,h4,h5,h6{margin:.9em 0 .4em;font-size:1em;font-weight:600;line-height:1.25}
h1{font-size:1.5em}
h2{font-size:1.3em}
h3{font-size:1.13em}
a{color:var(--hfm-link);text-decoration:underline}
code{font-family:var(--jp-code-font-family,ui-monospace,Menlo,Consolas,monospace);font-size:.92em;color:inherit;\
background:rgba(SHADE,.14);padding:.1em .3em;border-radius:3px}
pre{margin:.7em 0;padding:.6em .8em;border:0;border-radius:4px;background:rgba(SHADE,.11);color:inherit;\
white-space:pre;overflow-x:auto;overflow-wrap:normal;tab-size:4;line-height:1.4;font-size:1em}
pre code{background:none;padding:0;white-space:inherit}
pre.hfm-text{white-space:pre-wrap;overflow-wrap:anywhere;background:none;padding:0;line-height:inherit}
pre.hfm-text code{font:inherit;font-family:var(--jp-content-font-family,inherit)}
table{display:block;max-width:100%;overflow-x:auto;margin:.7em 0;border-collapse:collapse;border:0;font-size:1em}
tr{background:none}
th,td{padding:.3em .75em;border:0;border-bottom:1px solid rgba(SHADE,.3);\
text-align:left;vertical-align:top;white-space:normal;max-width:none}
th{border-bottom-width:2px;font-weight:600}
blockquote{margin:.7em 0;padding:.1em 0 .1em .9em;border:0;border-left:3px solid rgba(SHADE,.45);color:var(--hfm-quiet)}
hr{border:0;border-top:1px solid rgba(SHADE,.4);margin:1em 0}
div.hfm-math{overflow:auto hidden}
.hfm-quiet,.hfm-url,.hfm-img{color:var(--hfm-quiet);font-size:.87em}
.hfm-quiet{font-variant-numeric:tabular-nums}
pre span{background:none;border:0;color:inherit;font-weight:400}
pre [class^=k],pre .ow,pre .nt{color:var(--hfm-keyword)}
pre [class^=s],pre .gi{color:var(--hfm-string)}
pre [class^=m]{color:var(--hfm-number)}
pre [class^=c]{color:var(--hfm-comment);font-style:italic}
pre :is(.nf,.nc,.nb,.nd,.na){color:var(--hfm-name)}
pre .gd{color:var(--hfm-wrong)}
}
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
    sheet = _SHEET.replace("COLOURS", colours).replace("INK", ",".join(INK)).replace("PAPER", ",".join(PAPER)).replace("SHADE", SHADE)
    return sheet.replace("\n", "")


_TEX = re.compile(r"[$\\]")
SHEET = _sheet()
