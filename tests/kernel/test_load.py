def test_smoke(kernel):
    reply = kernel.run("print('a'); 1+1").check()
    assert reply.text == "a\n2\n"
    r = kernel.run("1/0")
    assert r.status == "error" and r.ename == "ZeroDivisionError"

    def stop(m):
        if m["msg_type"] == "stream":
            kernel.interrupt()

    r = kernel.run("import time\nprint('x', flush=True)\ntime.sleep(30)", on_message=stop)
    assert r.ename == "KeyboardInterrupt"
    assert "abs" in kernel.complete("ab")["matches"]
