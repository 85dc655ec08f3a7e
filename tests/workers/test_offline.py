"""A program that is started offline reaches nothing by the network, and works otherwise."""

import platform
import socket
import subprocess
import sys

import pytest

from makeready.external.launch import ending_with_us

CONNECT = "import socket, sys; socket.create_connection(('{host}', {port})); print('reached')"
LOCAL = "import socket; a, b = socket.socketpair(); a.send(b'local'); print(b.recv(5).decode())"


def run(script, offline):
    command = ending_with_us([sys.executable, "-c", script], offline=offline)
    return subprocess.run(command, capture_output=True, text=True, check=False, timeout=60)


@pytest.mark.skipif(
    sys.platform != "linux" or platform.machine() not in ("x86_64", "aarch64"),
    reason="only Linux, on these processors, refuses a program its sockets",
)
@pytest.mark.parametrize(("family", "host"), [("AF_INET", "127.0.0.1"), ("AF_INET6", "::1")])
def test_only_an_offline_program_is_refused_a_connection(family, host):
    try:
        listening = socket.create_server((host, 0), family=getattr(socket, family))
    except OSError:
        # A machine without IPv6 has nothing to refuse there.
        assert family == "AF_INET6"
        return
    with listening:
        script = CONNECT.format(host=host, port=listening.getsockname()[1])
        assert run(script, offline=False).stdout == "reached\n"
        refused = run(script, offline=True)
    assert refused.returncode == 1
    assert "PermissionError" in refused.stderr


def test_an_offline_program_may_talk_to_itself():
    assert run(LOCAL, offline=True).stdout == "local\n"
