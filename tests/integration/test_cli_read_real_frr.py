# SPDX-License-Identifier: Apache-2.0
"""The role cli_device on a real FRRouting router behind a real sshd, in a network namespace."""

from __future__ import annotations

import secrets
from pathlib import Path

import pytest

from fakes.real_frr import running_router, why_not
from fakes.role_runs import run_role
from plantproof.core.facts import SectionState
from plantproof.parsers.registry import parse
from plantproof.parsers.sections import split_sections

COMMANDS = Path(__file__).parents[1] / "fixtures" / "devices" / "frr-commands.txt"

pytestmark = [pytest.mark.integration, pytest.mark.xdist_group("frr")]


@pytest.mark.skipif(bool(why_not()), reason=f"real FRR: {why_not()}")
def test_a_real_router_is_read_and_understood(tmp_path: Path) -> None:
    canary = secrets.token_hex(4)
    commands = COMMANDS.read_text(encoding="utf-8").replace("SECRET", canary)
    with running_router(tmp_path, commands) as router:
        host = {
            "ansible_host": "127.0.0.1",
            "ansible_port": router.port,
            "ansible_user": "root",
            "ansible_ssh_private_key_file": str(router.key_file),
            "plantproof_platform": "frr",
            "cli_device_known_hosts": str(router.known_hosts),
            "cli_device_nonce": "abc123",
        }
        run = run_role(tmp_path / "run", "cli_device", {"rt": host}, prefix=router.prefix)
    text = run.stdout("rt")
    assert run.results["rt"]["sent"] == ["terminal length 0", "show version", "show running-config", "exit"]
    assert run.results["rt"]["changed"] is False
    marked = split_sections(text, "abc123")
    assert not marked.problems
    sections = {section.kind: section for section in marked.sections}
    assert {kind: section.state for kind, section in sections.items()} == {
        "frr.version": SectionState.COMPLETE,
        "frr.config": SectionState.COMPLETE,
    }
    version = parse("frr.version", sections["frr.version"].text)
    assert str(version.data["version"])[0].isdigit()
    assert not version.unparsed
    config = parse("frr.config", sections["frr.config"].text)
    assert not config.unparsed, [sections["frr.config"].text.split("\n")[line - 1] for line in config.unparsed]
    assert config.broken == ""
    services = config.data["services"]
    assert isinstance(services, dict)
    assert services["password_encryption"] is True
    neighbors = {row["name"]: row for row in config.data["neighbors"]}  # type: ignore[attr-defined]
    assert neighbors["10.20.0.1"]["password"] is True
    assert neighbors["10.20.0.2"]["password"] is False
    assert f"{canary}_bgp" in sections["frr.config"].text
    assert canary not in str(config.data)
    assert canary not in run.printed
