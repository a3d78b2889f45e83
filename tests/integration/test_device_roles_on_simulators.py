# SPDX-License-Identifier: Apache-2.0
"""The device roles on the bundled simulators, well-behaved and not: honest results in bounded time."""

from __future__ import annotations

import contextlib
import json
import socket
import threading
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

from fakes.measured import measuring
from fakes.role_runs import RoleRun, run_role
from plantproof.adapters.simulators import DemoProcess, Fault
from plantproof.core.facts import SectionState
from plantproof.parsers.registry import parse
from plantproof.parsers.sections import MarkedOutput, split_sections

pytestmark = [pytest.mark.integration, pytest.mark.xdist_group("simulators")]

NONCE = "5ca1ab1e"
KINDS = ("version", "ssh", "users", "snmp", "time", "config")
Hosts = dict[str, dict[str, object]]


@pytest.fixture(scope="module")
def devices(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Mapping[str, Mapping[str, object]]]:
    with pytest.MonkeyPatch.context() as patch:
        for name, value in measuring().items():
            patch.setenv(name, value)
        stack = contextlib.ExitStack()
        running = stack.enter_context(DemoProcess(tmp_path_factory.mktemp("simulators"), faults=True))
    with stack:
        yield running.described


@pytest.fixture(scope="module")
def silent_port() -> Iterator[int]:
    """A listener that accepts and says nothing."""
    with socket.create_server(("127.0.0.1", 0), backlog=50) as listener:
        kept = []

        def accept() -> None:
            try:
                while True:
                    kept.append(listener.accept())
            except OSError:
                return

        thread = threading.Thread(target=accept, daemon=True)
        thread.start()
        yield int(listener.getsockname()[1])
        listener.shutdown(socket.SHUT_RDWR)
        thread.join()
        for connection, _ in kept:
            connection.close()


def password_of(devices: Mapping[str, Mapping[str, object]]) -> str:
    return Path(str(devices["switch"]["password_file"])).read_text(encoding="utf-8")


def switch(devices: Mapping[str, Mapping[str, object]], **more: object) -> dict[str, object]:
    described = devices["switch"]
    return {
        "ansible_host": "127.0.0.1",
        "ansible_port": described["port"],
        "ansible_user": described["user"],
        "ansible_password": password_of(devices),
        "plantproof_platform": "cisco_ios",
        "cli_device_known_hosts": described["known_hosts"],
        "cli_device_nonce": NONCE,
        "cli_device_connect_timeout": 5,
        "cli_device_read_timeout": 3,
        "cli_device_total_timeout": 15,
        **more,
    }


@pytest.fixture(scope="module")
def runs(
    devices: Mapping[str, Mapping[str, object]], silent_port: int, tmp_path_factory: pytest.TempPathFactory
) -> RoleRun:
    """One play over a healthy switch and every kind of unhealthy one."""
    folder = tmp_path_factory.mktemp("play")
    (folder / "other_hosts").write_text(
        f"[127.0.0.1]:{devices['switch']['port']} ssh-ed25519 "
        "AAAAC3NzaC1lZDI1NTE5AAAAIAABAgMEBQYHCAkKCwwNDg8QERITFBUWFxgZGhscHR4f\n",
        encoding="utf-8",
    )
    (folder / "no_hosts").write_text("", encoding="utf-8")
    hosts: Hosts = {"healthy": switch(devices)}
    hosts |= {fault.value: switch(devices, ansible_user=fault.value) for fault in Fault}
    hosts["flood"]["cli_device_total_timeout"] = 60  # its limit is its size, not the time
    hosts |= {
        "wrong-password": switch(devices, ansible_password="not-the-password"),
        "wrong-user": switch(devices, ansible_user="nobody-here"),
        "unknown-key": switch(devices, cli_device_known_hosts=str(folder / "no_hosts")),
        "changed-key": switch(devices, cli_device_known_hosts=str(folder / "other_hosts")),
        "first-contact": switch(
            devices, cli_device_known_hosts=str(folder / "no_hosts"), ansible_host_key_checking=False
        ),
        "changed-key-unchecked": switch(
            devices, cli_device_known_hosts=str(folder / "other_hosts"), ansible_host_key_checking=False
        ),
        "closed-port": switch(devices, ansible_port=1),
        "silent-port": switch(devices, ansible_port=silent_port),
        "no-such-name": switch(devices, ansible_host="no-such-device.invalid"),
        "other-platform": switch(devices, plantproof_platform="moxa"),
        "other-command": switch(devices, cli_device_commands=["reload"]),
        "other-kind": switch(devices, cli_device_kinds=["linux.sudo"]),
        "one-kind": switch(devices, cli_device_kinds=["cisco_ios.ssh"]),
        "bad-nonce": switch(devices, cli_device_nonce="a b"),
    }
    return run_role(folder, "cli_device", hosts)


def marked(runs: RoleRun, host: str) -> MarkedOutput:
    return split_sections(runs.stdout(host), NONCE)


def states(runs: RoleRun, host: str) -> dict[str, SectionState]:
    return {section.kind.partition(".")[2]: section.state for section in marked(runs, host).sections}


def config_of(runs: RoleRun, host: str) -> tuple[SectionState, str, str]:
    section = next(s for s in marked(runs, host).sections if s.kind == "cisco_ios.config")
    return section.state, " / ".join((*section.notes, section.reason)), section.text


def test_a_healthy_switch_is_read_whole_and_understood(runs: RoleRun) -> None:
    assert states(runs, "healthy") == dict.fromkeys(KINDS, SectionState.COMPLETE)
    output = marked(runs, "healthy")
    assert not output.problems
    assert (output.collector, output.version) == ("cli_device", "1")
    assert output.clock is not None
    for section in output.sections:
        facts = parse(section.kind, section.text)
        assert facts.data
        assert not facts.unparsed, section.kind


def test_only_listed_lines_are_sent_and_nothing_changes(
    runs: RoleRun, devices: Mapping[str, Mapping[str, object]]
) -> None:
    listed = [
        *("terminal length 0", "show clock", "show version", "show ip ssh", "show users", "show snmp user"),
        *("show ntp status", "show running-config", "exit"),
    ]
    assert runs.results["healthy"]["sent"] == listed
    assert runs.results["healthy"]["changed"] is False
    received = Path(str(devices["switch"]["log"])).read_text(encoding="utf-8").splitlines()
    assert set(received) <= set(listed)


@pytest.mark.parametrize(
    ("fault", "reason"),
    [
        ("hang", "said nothing for 3 s in the middle of 'show running-config'"),
        ("drop", "closed the connection in the middle of 'show running-config'"),
        ("flood", "bytes came, and the rest was cut, in 'show running-config'"),
        ("no-end", "the last line of 'show running-config' is not 'end'"),
        ("nonsense", "said nothing for 3 s in the middle of 'show running-config'"),
        ("renamed", "the prompt changed from 'sw-filter-SIMULATED#' to 'another-SIMULATED#'"),
    ],
)
def test_a_broken_answer_is_truncated_and_says_why(runs: RoleRun, fault: str, reason: str) -> None:
    state, said, text = config_of(runs, fault)
    assert state is SectionState.TRUNCATED
    assert reason in said
    assert text.startswith("@@ command show running-config\n")
    assert states(runs, fault) == dict.fromkeys(KINDS, SectionState.COMPLETE) | {"config": SectionState.TRUNCATED}


def test_a_slow_answer_is_waited_for_or_named_as_too_slow(runs: RoleRun) -> None:
    state, said, text = config_of(runs, "slow")
    healthy = config_of(runs, "healthy")[2]
    assert (state, text) == (SectionState.COMPLETE, healthy) or "s were not enough" in said


def test_a_pager_that_cannot_be_turned_off_ends_the_conversation(runs: RoleRun) -> None:
    found = states(runs, "pager")
    assert found["config"] is not SectionState.COMPLETE
    assert "pages its output" in json.dumps(runs.results["pager"])


def test_a_refused_command_is_not_collected_and_the_rest_is(runs: RoleRun) -> None:
    state, said, _ = config_of(runs, "denied")
    assert state is SectionState.NOT_COLLECTED
    assert "refuses it to this user: % Invalid input" in said
    assert states(runs, "denied")["version"] is SectionState.COMPLETE


def test_content_cannot_forge_marks(runs: RoleRun) -> None:
    state, _, text = config_of(runs, "forged")
    assert state is SectionState.COMPLETE
    assert "\n @@ command show version\n #plantproof 0 end" in text
    assert text.rstrip().endswith("end")


@pytest.mark.parametrize(
    ("host", "reason"),
    [
        ("mute", "logged in, but no prompt came within 3 s"),
        ("wrong-password", "failed: wrong user, key or password"),
        ("wrong-user", "failed: wrong user, key or password"),
        ("unknown-key", "is in no known_hosts file"),
        ("changed-key", "is not the one in known_hosts"),
        ("changed-key-unchecked", "is not the one in known_hosts"),
        ("closed-port", "127.0.0.1:1 refuses the connection"),
        ("silent-port", "accepts the connection, but no SSH session came of it within 5 s"),
        ("no-such-name", "the name no-such-device.invalid cannot be resolved"),
        ("other-platform", "refused, nothing was sent: platform 'moxa' is not on the read-only list"),
        ("other-command", "refused, nothing was sent: the command 'reload' is not on the read-only list"),
        ("other-kind", "refused, nothing was sent: kind 'linux.sudo' is not on the read-only list"),
        ("bad-nonce", "refused, nothing was sent: the nonce"),
    ],
)
def test_what_could_not_be_read_has_a_plain_reason(runs: RoleRun, host: str, reason: str) -> None:
    assert reason in runs.reason(host)


def test_a_first_contact_is_possible_and_shows(runs: RoleRun) -> None:
    assert runs.results["first-contact"]["host_key"] == "unverified"
    assert " host_key=unverified\n" in runs.stdout("first-contact")
    assert runs.results["healthy"]["host_key"] == "verified"


def test_one_kind_alone(runs: RoleRun) -> None:
    assert list(states(runs, "one-kind")) == ["ssh"]


def test_no_password_appears_anywhere(runs: RoleRun, devices: Mapping[str, Mapping[str, object]]) -> None:
    everything = runs.printed + json.dumps(runs.results)
    assert password_of(devices) not in everything
    assert "not-the-password" not in everything


def test_check_mode_reads_all_the_same(devices: Mapping[str, Mapping[str, object]], tmp_path: Path) -> None:
    hosts = {"m": {"modbus_host": "127.0.0.1", "modbus_port": devices["modbus"]["port"], "modbus_nonce": NONCE}}
    folder = tmp_path / "play"
    run = run_role(folder, "modbus", hosts, more=["-e", "ansible_check_mode=true"])
    section = split_sections(run.stdout("m"), NONCE).sections[0]
    facts = parse(section.kind, section.text)
    assert not facts.unparsed
    assert facts.data["unit"] == 1
    objects = facts.data["objects"]
    assert isinstance(objects, dict)
    assert "SIMULATED" in objects["product_name"]


def test_opc_ua_endpoints_of_each_token(
    devices: Mapping[str, Mapping[str, object]], silent_port: int, tmp_path: Path
) -> None:
    hosts: Hosts = {
        "good": {"opcua_port": devices["opcua_secured"]["port"], "opcua_path": "/SIMULATED"},
        "weak": {"opcua_port": devices["opcua_weak"]["port"], "opcua_path": "/SIMULATED"},
        "silent": {"opcua_port": silent_port},
        "closed": {"opcua_port": 1},
        "ssh": {"opcua_port": devices["switch"]["port"]},
        "http": {"opcua_url": "http://127.0.0.1"},
    }
    for host in hosts.values():
        host |= {"ansible_host": "127.0.0.1", "opcua_nonce": NONCE, "opcua_connect_timeout": 3}
    run = run_role(tmp_path, "opcua", hosts)
    good, weak = (
        parse("opcua.endpoints", split_sections(run.stdout(host), NONCE).sections[0].text) for host in ("good", "weak")
    )
    assert (good.data["anonymous"], good.data["unsecured"]) == (False, False)
    assert (weak.data["anonymous"], weak.data["unsecured"]) == (True, True)
    assert good.data["token_types"] == ["Certificate", "UserName"]
    assert good.data["modes"] == ["SignAndEncrypt"]
    assert not good.unparsed
    certificate = good.data["certificates"][0]  # type: ignore[index]
    assert certificate["self_signed"] is True
    assert certificate["key_bits"] == 2048
    assert "refuses the connection" in run.reason("closed")
    assert "within 3 s" in run.reason("silent")
    assert "does not answer GetEndpoints" in run.reason("ssh") or "no answer" in run.reason("ssh")
    assert "is no opc.tcp:// address" in run.reason("http")


def test_modbus_that_does_not_answer(
    devices: Mapping[str, Mapping[str, object]], silent_port: int, tmp_path: Path
) -> None:
    hosts: Hosts = {
        "silent": {"modbus_port": silent_port},
        "closed": {"modbus_port": 1},
        "ssh": {"modbus_port": devices["switch"]["port"]},
    }
    for host in hosts.values():
        host |= {"ansible_host": "127.0.0.1", "modbus_nonce": NONCE, "modbus_connect_timeout": 2}
    run = run_role(tmp_path, "modbus", hosts)
    assert "no connection with 127.0.0.1:1" in run.reason("closed")
    assert "gives no identification: " in run.reason("silent")
    assert "gives no identification" in run.reason("ssh")
