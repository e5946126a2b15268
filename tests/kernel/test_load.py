"""`%load_ext` and `%unload_ext` in a real kernel."""

STATE = """
_s = get_ipython()
_h = _s.history_manager
print(sorted(_s.magics_manager.magics["line"]) == _line, sorted(_s.magics_manager.magics["cell"]) == _cell,
      sorted(vars(_s.magics_manager.user_magics)) == _user, len(_s.Completer.custom_matchers) == _matchers,
      "_complete" in vars(_s.Completer), "store_inputs" in vars(_h), "log" in vars(_s.logger), "cache" in vars(_s.compile),
      "HFMagic" in [type(c).__name__ for c in _s.configurables], _s.events.callbacks["pre_run_cell"] == _events,
      len(_s.input_transformers_cleanup) + len(_s.input_transformer_manager.token_transformers) == _transformers)
"""
REMEMBER = """
_s = get_ipython()
_line, _cell, _user = (sorted(_s.magics_manager.magics["line"]), sorted(_s.magics_manager.magics["cell"]),
    sorted(vars(_s.magics_manager.user_magics)))
_matchers, _events = len(_s.Completer.custom_matchers), list(_s.events.callbacks["pre_run_cell"])
_transformers = len(_s.input_transformers_cleanup) + len(_s.input_transformer_manager.token_transformers)
"""
UNTOUCHED = "True True True True False False False False False True True"


def test_loading_says_nothing_and_registers_the_words(kernel):
    assert kernel.run("%load_ext hfmagic").check().text == ""
    listed = kernel.run("print(get_ipython().run_line_magic('lsmagic', ''))").check().text
    for word in ("%hf_infer", "%hf_login", "%hf_resources"):
        assert f" {word} " in listed
        assert f"%{word}" in listed


def test_unloading_undoes_everything(kernel):
    kernel.run(REMEMBER).check()
    assert kernel.run(STATE).check().text.strip() == UNTOUCHED
    kernel.run("%load_ext hfmagic").check()
    assert kernel.run(STATE).check().text.strip() != UNTOUCHED
    kernel.run("%unload_ext hfmagic").check()
    assert kernel.run(STATE).check().text.strip() == UNTOUCHED
    assert kernel.run("%hf_infer hi").ename in {"", "UsageError"}
    assert kernel.complete("%hf_infer --mo")["matches"] == []


def test_loading_twice_and_reloading_are_harmless(kernel):
    kernel.run(REMEMBER).check()
    kernel.run("%load_ext hfmagic\nimport hfmagic; hfmagic.load_ipython_extension(get_ipython())").check()
    kernel.run("%reload_ext hfmagic").check()
    assert kernel.complete("%hf_infer --mo")["matches"] == ["--model"]
    kernel.run("%unload_ext hfmagic").check()
    assert kernel.run(STATE).check().text.strip() == UNTOUCHED


def test_unloading_leaves_alone_what_others_did_since(kernel):
    kernel.run("""
        %load_ext hfmagic
        history = get_ipython().history_manager
        ours = history.store_inputs
        seen = []
        def theirs(*args, **options):
            seen.append(args[1])
            return ours(*args, **options)
        history.store_inputs = theirs
        get_ipython().register_magic_function(lambda line: "theirs", "line", "hf_infer")
        %unload_ext hfmagic
    """).check()
    token = "hf_" + "AbCdEfGhIjKlMnOpQrStUvWxYz01234567"
    kernel.run(f"x = '{token}'").check()
    assert kernel.run("print(token_kept := In[-2])").check().text == f"x = '{token}'\n"  # ours does nothing any more
    assert kernel.run("print(len(seen))").check().text == "3\n"
    assert kernel.run("%hf_infer anything").check().text == "'theirs'\n"
    kernel.run("%load_ext hfmagic").check()
    kernel.run(f"y = '{token}'").check()
    assert token not in kernel.run("print(In[-2])").check().text


def test_the_users_own_magic_of_that_name_comes_back(kernel):
    kernel.run("get_ipython().register_magic_function(lambda line: 'mine', 'line', 'hf_infer')").check()
    kernel.run("%load_ext hfmagic").check()
    assert kernel.run("%hf_infer --nothing").ename == "LineError"
    kernel.run("%unload_ext hfmagic").check()
    assert kernel.run("%hf_infer x").check().text == "'mine'\n"


def test_help_by_question_mark_and_by_option(kernel):
    kernel.run("%load_ext hfmagic").check()
    for cell in ("%hf_infer?", "%%hf_infer?", "hf_infer?"):
        page = kernel.run(cell).payload[0]["data"]["text/plain"]
        assert "--max-new-tokens N" in page
        assert "examples:" in page
    for cell in ("%hf_infer --help", "%hf_infer -h", "%%hf_infer -h", "%%hf_infer -h\n ", "%hf_infer --seed nonsense -h"):
        reply = kernel.run(cell)
        if "nonsense" in cell:
            assert reply.status == "ok"
        data = reply.check().of("display_data")[0]["data"]
        assert "--max-new-tokens N" in data["text/plain"]
        assert data["text/html"].startswith("<pre>")
        assert "<b" not in data["text/html"]


def test_settings_in_the_config_magic(kernel):
    kernel.run("%load_ext hfmagic").check()
    assert "HFMagic" in kernel.run("%config").check().text
    assert "HFMagic.max_new_tokens=<Int>" in kernel.run("%config HFMagic").check().text
    kernel.run("%config HFMagic.default_model = 'demo'").check()
    assert kernel.run("import hfmagic\nprint(hfmagic.settings.default_model)").check().text == "demo\n"


def test_settings_of_the_configuration_file(start_kernel, tmp_path):
    profile = tmp_path / "own" / "profile_default"
    profile.mkdir(parents=True)
    (profile / "ipython_config.py").write_text("c.InteractiveShellApp.extensions = ['hfmagic']\nc.HFMagic.max_new_tokens = 77\n")
    (profile / "ipython_kernel_config.py").write_text("load_subconfig('ipython_config.py')\n")
    kernel = start_kernel(IPYTHONDIR=str(tmp_path / "own"))
    assert kernel.run("import hfmagic\nprint(hfmagic.settings.max_new_tokens)").check().text == "77\n"
    assert kernel.complete("%hf_infer --mo")["matches"] == ["--model"]


def test_a_wrong_setting_is_a_short_error_and_leaves_nothing(kernel):
    kernel.run(REMEMBER).check()
    kernel.run("from traitlets.config import Config\nget_ipython().config.merge(Config(HFMagic=dict(max_new_tokens='many')))").check()
    reply = kernel.run("%load_ext hfmagic")
    assert reply.ename == "HFMagicError"
    assert len(reply.traceback) <= 5
    assert kernel.run(STATE).check().text.strip() == UNTOUCHED
