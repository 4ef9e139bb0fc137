"""What runs Ghala where it is installed: the systemd unit and the container file."""

import json
import os
import re
import shlex
import shutil
import signal
import socket
import subprocess
import sys
from configparser import RawConfigParser
from pathlib import Path

import httpx
import pytest

from ghala.testing.workspace import write_workspace

PACKAGING = Path(__file__).parents[2] / "packaging"
INSTALLED = "/opt/ghala/bin/ghala"
WORKSPACE = "/srv/ghala"


def unit():
    parser = RawConfigParser(strict=False, delimiters=("=",))
    parser.optionxform = str
    parser.read(PACKAGING / "ghala.service")
    return parser


def instructions():
    """Return the container file's instructions with what follows each."""
    text = (PACKAGING / "Containerfile").read_text().replace("\\\n", " ")
    lines = [line for line in text.splitlines() if line.strip() and not line.startswith("#")]
    return [tuple(re.split(r"\s+", line.strip(), maxsplit=1)) for line in lines]


def here(words, folder):
    """Return an installed command as it is on this machine."""
    program = str(Path(sys.executable).with_name("ghala"))
    places = {INSTALLED: program, WORKSPACE: str(folder)}
    return [places.get(word, word) for word in words]


def free_port():
    with socket.create_server(("127.0.0.1", 0)) as taken:
        return taken.getsockname()[1]


def serves(command, **variables):
    """Run a server's command until it answers, and stop it as systemd and containers do."""
    port = free_port()
    command = [*command, "--port", str(port)]
    clean = {name: value for name, value in os.environ.items() if not name.startswith("GHALA_")}
    process = subprocess.Popen(command, env=clean | variables, stdout=subprocess.PIPE, text=True)
    try:
        assert process.stdout.readline()
        with httpx.Client(trust_env=False, timeout=60) as client:
            ready = client.get(f"http://127.0.0.1:{port}/api/v1/health/ready")
        assert ready.status_code == 200
    finally:
        process.send_signal(signal.SIGTERM)
        assert process.wait(60) == 0
        process.stdout.close()


def test_the_unit_is_one_that_systemd_takes(tmp_path):
    program = shutil.which("systemd-analyze")
    if program is None:
        if os.environ.get("CI") == "true":
            pytest.fail("systemd-analyze is missing: .ci/run installs it")
        pytest.skip("systemd-analyze is not installed")
    text = (PACKAGING / "ghala.service").read_text().replace(INSTALLED, sys.executable)
    path = tmp_path / "ghala.service"
    path.write_text(text)
    done = subprocess.run(
        [program, "verify", "--man=no", str(path)], capture_output=True, text=True, check=False
    )
    assert [line for line in done.stderr.splitlines() if "ghala" in line] == []


def test_the_units_command_serves_and_ends_well(tmp_path):
    folder = write_workspace(tmp_path / "acme")
    command = shlex.split(unit()["Service"]["ExecStart"])
    assert command[0] == INSTALLED
    serves(here(command, folder))


def test_the_unit_gives_the_server_no_more_than_its_folder():
    service = unit()["Service"]
    assert service["User"] != "root"
    assert service["ProtectSystem"] == "strict"
    assert service["ReadWritePaths"] == service["WorkingDirectory"] == WORKSPACE
    assert service["NoNewPrivileges"] == "true"
    assert service["CapabilityBoundingSet"] == ""


def test_the_container_runs_as_a_user_without_rights_and_pins_what_it_installs():
    found = instructions()
    last_stage = found[max(n for n, (name, _) in enumerate(found) if name == "FROM") :]
    assert dict(last_stage)["USER"] not in {"0", "root"}
    assert all(
        re.search(r":[\w.]+", rest) and ":latest" not in rest
        for name, rest in found
        if name == "FROM"
    )
    installing = [rest for name, rest in found if name == "RUN" and "pip install" in rest]
    assert all("--require-hashes" in rest for rest in installing)


def test_the_containers_command_serves_and_ends_well(tmp_path):
    folder = write_workspace(
        tmp_path / "acme", "server: {public_url: 'https://data.acme.example'}\n"
    )
    said = dict(instructions())
    command = json.loads(said["ENTRYPOINT"]) + json.loads(said["CMD"])
    name, _, host = said["ENV"].partition("=")
    serves(here(command, folder), **{name: host})


def test_the_containers_health_is_asked_of_the_port_that_it_opens():
    said = dict(instructions())
    assert f"127.0.0.1:{said['EXPOSE']}/api/v1/health/ready" in said["HEALTHCHECK"]
