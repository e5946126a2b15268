"""Logging in with the real client, from a server on loopback that knows one token."""

from __future__ import annotations

import pytest


def test_the_environments_token(login, hub, token):
    me = login(HF_TOKEN=f" {token}\n")
    assert me.pop("seconds") < 60
    assert me == {
        "name": "ada",
        "kind": "user",
        "token_name": "my laptop",
        "role": "read",
        "orgs": ["engines", "looms"],
        "source": "HF_TOKEN in the environment",
    }
    assert hub.requests == ["/api/whoami-v2"]


def test_the_older_variable(login, token):
    assert login(HUGGING_FACE_HUB_TOKEN=token)["source"] == "HUGGING_FACE_HUB_TOKEN in the environment"
    assert login(HUGGING_FACE_HUB_TOKEN="hf_other", HF_TOKEN=token)["source"] == "HF_TOKEN in the environment"


@pytest.mark.parametrize(
    ("file", "environment"),
    [
        (".cache/huggingface/token", {"HF_HOME": ""}),
        ("my-cache/huggingface/token", {"HF_HOME": "", "XDG_CACHE_HOME": "~/my-cache"}),
        ("hf-home/token", {"HF_HOME": "$HOME/hf-home"}),
        ("elsewhere/key", {"HF_TOKEN_PATH": "~/elsewhere/key"}),
    ],
)
def test_a_stored_login_is_found_where_the_client_looks(login, tmp_path, token, file, environment):
    place = tmp_path / file
    place.parent.mkdir(parents=True)
    place.write_text(f"{token}\n")
    assert login(HF_TOKEN="", **environment)["source"] == f"the stored login ~/{file}"


def test_the_client_itself_finds_the_same_token(tmp_path, token, hub):
    import os
    import subprocess
    import sys

    kept = {name: value for name, value in os.environ.items() if not name.startswith(("HF_", "HUGGING", "XDG_"))}
    places = [
        {},
        {"XDG_CACHE_HOME": str(tmp_path / "xdg")},
        {"HF_HOME": "$HOME/a"},
        {"HF_TOKEN_PATH": "~/b/key"},
        {"HF_HOME": "", "XDG_CACHE_HOME": ""},
    ]
    script = (
        "from huggingface_hub import constants, get_token\nfrom hfmagic.hub.identity import find_token, token_file\n"
        "file = token_file(); file.parent.mkdir(parents=True, exist_ok=True); file.write_text(' hf_fromTheFile123 \\n')\n"
        "assert get_token() == find_token().token == 'hf_fromTheFile123', (file, constants.HF_TOKEN_PATH)"
    )
    for place in places:
        where = {name: value for name, value in place.items() if value}
        done = subprocess.run(
            [sys.executable, "-c", script],
            env=kept | {"HOME": str(tmp_path)} | where,
            capture_output=True,
            text=True,
            check=False,
            cwd=tmp_path,
        )
        assert (done.returncode, done.stderr) == (0, ""), place


def test_no_token_says_what_to_do(login, hub):
    answer = login()
    assert answer["error"].startswith("no Hugging Face token found")
    assert "https://huggingface.co/settings/tokens" in answer["hint"]
    assert "hf auth login" in answer["hint"]
    assert hub.requests == []


def test_no_token_in_colab_names_the_key_in_the_left_bar(login):
    hint = login(COLAB_RELEASE_TAG="release-colab_20261101")["hint"]
    assert "key in the left bar" in hint
    assert 'userdata.get("HF_TOKEN")' in hint


def test_an_empty_store_is_no_login(login, tmp_path):
    (tmp_path / "hf").mkdir()
    (tmp_path / "hf/token").write_text("\n")
    assert login()["error"].startswith("no Hugging Face token found")


def test_a_store_that_cannot_be_read_says_so(login, tmp_path):
    (tmp_path / "hf/token").mkdir(parents=True)
    answer = login()
    assert answer["error"] == "the stored login ~/hf/token cannot be read: Is a directory"


@pytest.mark.parametrize("stored", [False, True])
def test_a_token_that_the_hub_refuses(login, tmp_path, token, stored):
    wrong = token[:-1] + ("a" if token[-1] != "a" else "b")
    if stored:
        (tmp_path / "hf").mkdir()
        (tmp_path / "hf/token").write_text(wrong)
        answer = login()
        assert "the stored login ~/hf/token" in answer["error"]
        assert "hf auth login" in answer["hint"]
    else:
        answer = login(HF_TOKEN=wrong)
        assert "HF_TOKEN in the environment" in answer["error"]
        assert "set HF_TOKEN to it" in answer["hint"]
    assert "wrong, expired or revoked" in answer["error"]
    assert "https://huggingface.co/settings/tokens" in answer["hint"]


@pytest.mark.parametrize("mode", ["slow", "trickle"])
def test_a_hub_that_does_not_answer_is_given_up(login, hub, token, mode):
    hub.mode = mode
    answer = login(timeout=1.0, HF_TOKEN=token)
    assert answer["kind"] == "TimedOutError"
    assert answer["error"] == "a token is there (from HF_TOKEN in the environment), but the Hub did not answer within 1 s"
    assert answer["seconds"] >= 1


@pytest.mark.parametrize(
    ("mode", "error"),
    [
        ("drop", "cannot be reached (RemoteProtocolError)"),
        ("html", "cannot be reached (JSONDecodeError)"),
        (500, "answered with error 500"),
        (429, "was asked too often"),
    ],
)
def test_a_hub_that_fails_is_told_from_a_token_that_is_wrong(login, hub, token, mode, error):
    hub.mode = mode
    answer = login(HF_TOKEN=token)
    assert answer["error"].startswith("a token is there (from HF_TOKEN in the environment), but the Hub ")
    assert error in answer["error"]


@pytest.mark.parametrize("answer", [[], "ada", None, {}, {"name": None}, {"name": 7}, {"name": ""}, {"name": {"a": 1}}])
def test_an_answer_without_a_name_is_no_login(login, hub, token, answer):
    hub.answer = answer
    assert "has no name in it" in login(HF_TOKEN=token)["error"]


@pytest.mark.parametrize("junk", [{"auth": 3}, {"auth": {"accessToken": []}, "orgs": 5}, {"orgs": [1, {}, {"name": "x"}], "type": None}])
def test_what_else_is_missing_in_an_answer_does_no_harm(login, hub, token, junk):
    hub.answer = {"name": "ada", **junk}
    me = login(HF_TOKEN=token)
    assert (me["name"], me["kind"], me["token_name"], me["role"]) == ("ada", "user", None, None)


def test_a_port_where_nobody_listens(login, token):
    answer = login(HF_TOKEN=token, HF_ENDPOINT="http://127.0.0.1:9")
    assert "cannot be reached (ConnectError)" in answer["error"]


def test_offline_means_offline(login, hub, token):
    assert "HF_HUB_OFFLINE" in login(HF_TOKEN=token, HF_HUB_OFFLINE="1")["error"]
    assert hub.requests == []


@pytest.mark.parametrize("pasted", ["hf_abc def", "hf_ключ0123456789", "hf_abc\x00", 'token="hf_x"\tplease'])
def test_what_no_header_can_carry_is_no_token(login, hub, tmp_path, pasted):
    (tmp_path / "hf").mkdir()
    (tmp_path / "hf/token").write_text(pasted)
    answer = login()
    assert answer["error"].startswith("what stands in the stored login ~/hf/token is no token")
    assert pasted not in answer["error"] + answer["hint"]
    assert hub.requests == []


@pytest.mark.parametrize("timeout", [0, -1, float("nan")])
def test_a_timeout_that_makes_no_sense_is_refused(timeout):
    from hfmagic.api.login import login
    from hfmagic.core.errors import HFMagicError

    with pytest.raises(HFMagicError, match="cannot answer within"):
        login(timeout=timeout)
