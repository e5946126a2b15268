import html
import re

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from hfmagic.display.code import LANGUAGES, MOST_CODE, highlighted
from hfmagic.display.markdown import MOST_OPEN, MOST_TEXT, MarkdownStream, safe_html
from hfmagic.display.math import can_typeset
from hostile import violations

RELAXED = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])  # the machine may be busy
LINK = 'target="_blank" rel="noopener noreferrer nofollow"'
PIECES = st.sampled_from([
    "a", "b c", " ", "  ", "    ", "\n", "\n\n", "\t", "# ", "- ", "* ", "1. ", "> ", "```", "```python\n", "~~~\n", "---", "===",
    "|", "|-|", "| a | b |\n|---|---|\n", "*", "**", "_", "~~", "`", "``", "[", "](", ")", "[x](https://a.b/)", "![", "[r]",
    "[r]: https://c.d/\n", "<", ">", "<b>", "<!--", "&lt;", "&#106;", "$", "$$", "$x$", "\\(", "\\)", "\\[", "\\]", "\\", "\\frac",
    "{", "}", "javascript:", "<https://a.b>", "\0", "\r", "\x1b[1m", "\u202e", "\ud800", "é",
])  # fmt: skip
LONELY = [*"[]()*_`~<>&\\$!|#-=+:\"' \n\t\0é", "![", "[a](", "- ", "> ", "\\[", "$a$ ", "a|b\n", "1. ", "\ud800", "\u202e", "<a"]
TEXTS = st.lists(PIECES, max_size=30).map("".join)


@pytest.mark.parametrize(
    ("markdown", "expected"),
    [
        ("![alt](https://e/x.png)", '<p><span class="hfm-img">[image: alt] https://e/x.png</span></p>'),
        ("![d](data:image/png;base64,AAA)", "<p>![d](data:image/png;base64,AAA)</p>"),
        ("[c](&#106;avascript:alert(1))", "<p>[c](javascript:alert(1))</p>"),
        ("[c](//evil/x) [c](/lab/tree)", "<p>[c](//evil/x) [c](/lab/tree)</p>"),
        ('[c](HTTPS://hf.co "tt")', f'<p><a href="HTTPS://hf.co" title="tt" {LINK}>c</a> <span class="hfm-url">(HTTPS://hf.co)</span></p>'),
        ("<b>raw</b> <!-- c -->", "<p>&lt;b&gt;raw&lt;/b&gt; &lt;!-- c --&gt;</p>"),
        ("```mermaid\ngraph TD\n```", '<pre class="highlight"><code>graph TD\n</code></pre>'),
        ("$x^2<y$", '<p><span class="hfm-math">$x^2&lt;y$</span></p>'),
        (r"$\href{javascript:alert(1)}{x}$", r"<p><code>$\href{javascript:alert(1)}{x}$</code></p>"),
        ("- [x] task", "<ul>\n<li>[x] task</li>\n</ul>"),
        ("- - -\n~~gone~~", "<hr>\n<p><s>gone</s></p>"),
        ("3. c", '<ol start="3">\n<li>c</li>\n</ol>'),
        ("    <b>", '<pre class="highlight"><code>&lt;b&gt;\n</code></pre>'),
        ("`<b>`", "<p><code>&lt;b&gt;</code></p>"),
    ],
)
def test_in_and_out(markdown, expected):
    assert safe_html(markdown).rstrip("\n") == expected


def test_alignment_is_the_only_style():
    out = safe_html("| a | b |\n|:-|-:|\n| 1 | 2 |")
    assert re.findall(r'style="[^"]*"', out) == ['style="text-align:left"', 'style="text-align:right"'] * 2


@pytest.mark.parametrize(
    ("markdown", "shown"),
    [
        ("[https://huggingface.co](https://evil.example/)", "https://huggingface.co (https://evil.example/)"),
        ("[huggingface.co](https://huggingface.co.evil.example/)", "huggingface.co (https://huggingface.co.evil.example/)"),
        ("[x](https://xn--80ak6aa92e.com/)", "x (https://xn--80ak6aa92e.com/)"),
        ("[apple](https://аpple.com/)", "apple (https://xn--pple-43d.com/)"),
        ("<https://аpple.com/>", "https://аpple.com/ (https://xn--pple-43d.com/)"),
        ("<https://a.b/c?d=e&f=g>", "https://a.b/c?d=e&f=g"),
        ("[a.b](https://a.b/)", "a.b"),
        ("<x@y.z>", "x@y.z"),
        ("[mail](mailto:x@y.z)", "mail (mailto:x@y.z)"),
        ("[![alt](https://i/)](https://l/)", "[image: alt] https://i/ (https://l/)"),
        ("[chapter](#chapter)", "chapter"),
        ("[**bold** `code`](https://a.b/)", "bold code (https://a.b/)"),
        ("[x](https://huggingface.co@evil.example/)", "[x](https://huggingface.co@evil.example/)"),
        ("[x](https:evil)", "[x](https:evil)"),
        ("[x](https://a.b/$c$)", "x (https://a.b/$c$)"),
    ],
)
def test_a_link_says_where_it_leads(markdown, shown):
    assert text_of(safe_html(markdown)) == shown


def test_a_long_address_is_cut_behind_the_whole_host():
    host = "https://huggingface.co." + "a." * 60 + "evil.example"
    out = text_of(safe_html(f"[x]({host}/{'p' * 200})"))
    assert host in out
    assert out.endswith("p…)")


def test_a_place_in_the_text_is_no_link():
    assert "<a" not in safe_html("[chapter](#chapter)")


@pytest.mark.parametrize(
    ("markdown", "formulas"),
    [
        ("price $5 and $6", []),
        ("between $5-$6, US$7", []),
        ("$a+b$ and $5", ["$a+b$"]),
        ("$$\\sum_i x_i$$", ["$$\\sum_i x_i$$"]),
        ("$$\na\\\\b\n$$", ["$$\na\\\\b\n$$"]),
        ("so $$a$$ inline", ["$$a$$"]),
        (r"\(x_1*y*z\)", [r"\(x_1*y*z\)"]),
        ("\\[\nx\n= y\n- z\n\\]\nend", ["\\[\nx\n= y\n- z\n\\]"]),
        ("- \\[\n  x\n  \\]\n- b", ["\\[\nx\n\\]"]),
        (r"\[link\](https://a.b)", []),
        ("\\[ open\n\nnext", []),
        (r"\\(x\\) \begin{equation}x\end{equation} \ref{a}", []),
        ("`$x$` and\n\n```\n$y$ \\(z\\)\n```", []),
    ],
)
def test_which_formulas_are_found(markdown, formulas):
    out = safe_html(markdown)
    assert [
        html.unescape(found) for found in re.findall(r'<(?:div|span) class="hfm-math">(.*?)</(?:div|span)>', out, re.DOTALL)
    ] == formulas
    rest = re.sub(r'<(div|span) class="hfm-math">.*?</\1>|<code.*?</code>|<span>.</span>', "", out, flags=re.DOTALL)
    assert "$" not in rest, "a front end could typeset it"
    assert "\\" not in rest, "a front end could typeset it"


def test_while_it_streams_a_formula_is_its_source():
    assert safe_html("$x$ $$y$$", typeset=False) == "<p><code>$x$</code> <code>$$y$$</code></p>\n"
    assert MarkdownStream().html("$x$") == "<p><code>$x$</code></p>\n"


def test_only_so_many_formulas_are_typeset():
    assert safe_html("$x$ " * 300).count("hfm-math") == 200


@pytest.mark.parametrize(
    "formula",
    [
        r"\frac{a}{b}",
        r"a \\ b",
        r"\begin{pmatrix}1&2\\3&4\end{pmatrix}",
        r"\text{if } x>0\,\{y\}",
        r"\left[\sum_{i=0}^n x_i\right]",
        r"50\% \$ \#",
    ],
)
def test_mathematics_is_typeset(formula):
    assert can_typeset(formula)


@pytest.mark.parametrize(
    "formula",
    [
        *(rf"\{name}{{x}}" for name in "href url html class cssId style data require includegraphics unicode bbox def gdef let".split()),  # noqa: SIM905
        *(rf"\{name}{{x}}" for name in "newcommand renewcommand csname rule hspace kern raise input mmlToken texttip hskip".split()),  # noqa: SIM905
        r"\begin{verbatim}x\end{verbatim}",
        r"\begin{html}x\end{html}",
        r"\begin x",
        r"a\\[-9em]b",
        r"a\\ [9em]b",
        r"a $ b",
        r"\(x\)",
        "\\",
        "{" * 30 + "}" * 30,
        "x" * 2001,
        r"\!" * 9,
    ],
)
def test_what_is_not_mathematics_is_not_typeset(formula):
    assert not can_typeset(formula)


@pytest.mark.parametrize("language", sorted(LANGUAGES))
def test_code_is_coloured_and_its_text_is_exact(language):
    code = '\n# <x> & "y"\ndef f(a): return "a\\n" // 1 /* c */\n\n\tx = 0x1F -- c\n+added\n\n'
    out = highlighted(code, language)
    assert html.unescape(re.sub(r"</?span[^>]*>", "", out)) == code
    assert violations(f"<pre><code>{out}</code></pre>") == []
    assert "<span class=" in out


def test_code_in_the_page():
    assert safe_html("```PYTHON x=1\nif 1: pass\n```").startswith(
        '<pre class="highlight"><code class="language-python"><span class="k">if</span>'
    )
    assert safe_html("```javascript\nlet x\n```").startswith('<pre class="highlight"><code class="language-javascript">')
    assert safe_html("```c++ onclick\nx\n```").startswith('<pre class="highlight"><code class="language-c++">')
    assert "span" not in safe_html("```brainf\nif 1: pass\n```")
    assert "span" not in highlighted("if 1: pass\n" * (MOST_CODE // 10), "python")


@pytest.mark.parametrize(("language", "code"), [("c", "/" * 20_000), ("c#", "a\n" * 10_000), ("java", "\n" * 20_000)])
def test_colouring_gives_up_where_the_lexer_is_slow(language, code):
    assert html.unescape(re.sub(r"</?span[^>]*>", "", highlighted(code, language))) == code


@pytest.mark.parametrize(
    "char", [*"[]()*_`~<>&\\$!|#-=+:\"' \n\t\0é", "![", "[a](", "- ", "> ", "\\[", "$a$ ", "a|b\n", "1. ", "\ud800", "\u202e", "<a"]
)
def test_a_megabyte_of_anything_is_shown(char):
    assert violations(safe_html(char * (1_000_000 // len(char)))) == []
    assert violations(safe_html(char * (MOST_OPEN // len(char)))) == []


def test_too_long_for_formatting_is_shown_unformatted():
    text = "# not a heading\n" * (MOST_TEXT // 16 + 1)
    assert safe_html(text) == f'<pre class="hfm-text"><code>{text}</code></pre>\n'
    assert MarkdownStream().html(text) == safe_html(text)


@RELAXED
@given(TEXTS)
@example("a" + "\n> " * 30 + "- " * 30)
def test_anything_gives_clean_html(text):
    assert violations(safe_html(text)) == []


@RELAXED
@given(TEXTS, st.lists(st.integers(0, 200), max_size=12))
@example("- a\n---\n--- x", [7, 8, 9, 10, 11])
@example("[r]\n\n[r]: https://c.d/\n", [3, 5, 22])
def test_a_stream_is_clean_at_every_cut_and_ends_the_same(text, cuts):
    stream = MarkdownStream()
    for cut in [*sorted(cut for cut in cuts if cut < len(text)), len(text)]:
        assert violations(stream.html(text[:cut])) == []
    assert stream.final(text) == safe_html(text)


@RELAXED
@given(TEXTS.map(lambda text: text.replace("[r]: ", "[r]; ").replace("\r", "")), st.lists(st.integers(0, 200), max_size=12))
@example("- a\n---\n--- x", [8, 9, 10, 11])
def test_unless_links_are_defined_later_a_stream_looks_like_the_whole(text, cuts):
    stream = MarkdownStream()
    for cut in sorted(cut for cut in cuts if cut < len(text)):
        stream.html(text[:cut])
    assert stream.html(text) == safe_html(text, typeset=False)


def test_a_stream_parses_finished_blocks_once():
    stream = MarkdownStream()
    text = "".join(f"paragraph {i}\n\n" for i in range(50))
    for end in range(len(text)):
        stream.html(text[:end])
    assert len(text) - len(stream._text) < 40


def test_a_stream_begins_anew_when_the_text_is_another():
    stream = MarkdownStream()
    stream.html("one\n\ntwo\n\n")
    assert stream.html("three") == "<p>three</p>\n"


def text_of(markup):
    """What a person reads."""
    return " ".join(html.unescape(re.sub(r"<[^>]+>", "", markup)).split())
