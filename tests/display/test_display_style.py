import re

import pytest

from hfmagic.display import style

# The papers on which the output lies: JupyterLab and Notebook, Colab, VS Code, Kaggle; and ours when the theme is forced.
LIGHT = ["#ffffff", "#fafafa", "#f8f8f8"]
DARK = ["#111111", "#1e1e1e", "#1f1f1f", "#383838"]
AA = 4.5


def rgb(colour):
    return tuple(int(colour[i : i + 2], 16) for i in (1, 3, 5))


def luminance(colour):
    linear = [c / 12.92 if c <= 0.03928 else ((c + 0.055) / 1.055) ** 2.4 for c in (value / 255 for value in colour)]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one, other):
    lighter, darker = sorted([luminance(one), luminance(other)], reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def shaded(paper, alpha):
    """The code block's translucent shade on a paper."""
    shade = [float(part) for part in style.SHADE.split(",")]
    return tuple(s * alpha + p * (1 - alpha) for s, p in zip(shade, rgb(paper), strict=True))


@pytest.mark.parametrize("name", [*style.COLOURS, "ink"])
def test_every_colour_can_be_read_on_every_paper(name):
    alpha = float(re.search(r"pre\{[^}]*rgba\([\d,]+,\.(\d+)\)", style.SHEET)[1]) / 100
    light, dark = style.INK if name == "ink" else style.COLOURS[name]
    for colour, papers in ((light, LIGHT), (dark, DARK)):
        for paper in papers:
            assert contrast(rgb(colour), rgb(paper)) >= AA, (name, colour, paper)
            assert contrast(rgb(colour), shaded(paper, alpha)) >= AA, (name, colour, paper, "in code")


def test_contrast_is_computed_right():
    assert contrast(rgb("#000000"), rgb("#ffffff")) == pytest.approx(21)
    assert contrast(rgb("#777777"), rgb("#ffffff")) == pytest.approx(4.48, abs=0.01)


def test_the_sheet_is_small_and_touches_only_ours():
    assert len(style.SHEET) < 4000
    assert not re.search(r"COLOURS|INK|PAPER|SHADE|url\(|@|expression|position:|[<>\"]\s*/|</", style.SHEET)
    assert style.SHEET.startswith("div.hfm.hfm.hfm{"), "everything is nested in our own frame"
    depth = 0
    for index, char in enumerate(style.SHEET):
        depth += (char == "{") - (char == "}")
        assert depth > 0 or index < 16 or index == len(style.SHEET) - 1


def test_wrap_and_themes():
    assert style.wrap("<p>x</p>").endswith('<div class="hfm"><p>x</p></div>')
    assert style.wrap("x", "dark").endswith('<div class="hfm hfm-dark">x</div>')
    assert style.wrap("x", '"><script>').endswith('<div class="hfm">x</div>'), "only the two themes get into the page"


def test_inert_text_holds_no_formula_and_no_tag():
    assert style.inert("$a$ \\(b\\) <b>\x1b[1m&") == ("<span>$</span>a<span>$</span> <span>\\</span>(b<span>\\</span>) &lt;b&gt;&amp;")
    assert style.quiet_line("a < b") == '<div class="hfm-quiet">a &lt; b</div>'
