"""docs/reference.md is what the parsers say."""

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]
PAGE = ROOT / "docs" / "reference.md"


def check(script=ROOT / "tools" / "reference.py"):
    return subprocess.run([sys.executable, str(script), "--check"], capture_output=True, text=True, check=False, timeout=120)


def test_the_page_is_up_to_date():
    done = check()
    assert done.returncode == 0, done.stderr


def test_a_page_that_is_not_is_told(tmp_path):
    script = tmp_path / "tools" / "reference.py"
    script.parent.mkdir()
    script.write_text((ROOT / "tools" / "reference.py").read_text())
    assert check(script).returncode == 1
    (tmp_path / "docs").mkdir()
    (tmp_path / "docs" / "reference.md").write_text(PAGE.read_text())
    assert check(script).returncode == 0
    (tmp_path / "docs" / "reference.md").write_text(PAGE.read_text().replace("--seed", "--sead"))
    done = check(script)
    assert done.returncode == 1
    assert "python tools/reference.py" in done.stderr


def test_every_word_and_option_is_on_the_page():
    from hfmagic.magics.words import WORDS

    page = PAGE.read_text()
    for word in WORDS:
        assert f"## `%{word.name}`" in page
        for action in word.parser.actions():
            assert action.option_strings[-1] in page
