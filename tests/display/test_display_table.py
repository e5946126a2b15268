from hfmagic.display.table import table_bundle, table_text

ROWS = [["cpu", "2 cores"], ["日本", "<b>x</b>"], ["short"]]


def test_text_is_aligned():
    assert table_text(ROWS, ["what", "how\tmuch"]) == "what   how much\n─────  ────────\ncpu    2 cores\n日本   <b>x</b>\nshort"


def test_html_is_escaped_and_never_a_formula():
    html = table_bundle([["<img src=x onerror=y>", "$a$\nb"]], ["a", "b"])["text/html"]
    assert "<td>&lt;img src=x onerror=y&gt;</td><td><span>$</span>a<span>$</span><br>b</td>" in html


def test_bundle_has_no_other_kind():
    assert set(table_bundle([], ["a"])) == {"text/html", "text/plain"}
    assert table_bundle([], ["a"])["text/plain"] == "a\n─"
