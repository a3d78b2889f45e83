# SPDX-License-Identifier: Apache-2.0
"""What the device roles say of themselves is true, and no task of any role can change anything."""

from __future__ import annotations

import ast
import json
from pathlib import Path
from typing import Any

import pytest
import yaml

from fakes.collection_code import COLLECTION, load

read_only = load("module_utils.read_only")

ROLES = sorted(path for path in (COLLECTION / "roles").iterdir() if (path / "tasks").is_dir())
READ_ONLY_MODULES = {
    "ansible.builtin.raw",
    "plantproof.ot.cli_read",
    "plantproof.ot.modbus_identify",
    "plantproof.ot.opcua_endpoints",
}
KEYWORDS = {"name", "register", "vars", "changed_when", "check_mode", "no_log"}
CODE = sorted((COLLECTION / "plugins").rglob("*.py"))


def read(path: Path) -> Any:
    return yaml.safe_load(path.read_text(encoding="utf-8"))


@pytest.mark.parametrize("role", ROLES, ids=lambda path: str(path.name))
def test_every_task_is_of_a_read_only_module_and_never_changed(role: Path) -> None:
    files = sorted((role / "tasks").rglob("*.yml"))
    assert files
    assert not (role / "handlers").exists()
    for file in files:
        for task in read(file):
            modules = set(task) - KEYWORDS
            assert len(modules) == 1, file
            assert modules <= READ_ONLY_MODULES, file
            assert task["changed_when"] is False
            assert task["check_mode"] is False


@pytest.mark.parametrize("role", ["cli_device", "opcua", "modbus"])
def test_device_tasks_run_here_and_without_privileges(role: str) -> None:
    (task,) = read(COLLECTION / "roles" / role / "tasks" / "main.yml")
    assert task["vars"]["ansible_connection"] == "local"
    assert task["vars"]["ansible_become"] is False
    assert task["vars"]["ansible_pipelining"] is True


@pytest.mark.parametrize("role", ROLES, ids=lambda path: str(path.name))
def test_every_default_is_specified_and_carries_the_roles_name(role: Path) -> None:
    options = read(role / "meta" / "argument_specs.yml")["argument_specs"]["main"]["options"]
    defaults = read(role / "defaults" / "main.yml")
    assert set(defaults) == set(options)
    assert all(name.startswith(f"{role.name}_") for name in options)


def test_evidence_lists_exactly_the_commands_of_the_read_only_table() -> None:
    evidence = read(COLLECTION / "roles" / "cli_device" / "meta" / "evidence.yml")
    for name, table in read_only.PLATFORMS.items():
        kinds = {kind: entry for kind, entry in evidence["kinds"].items() if entry["platform"] == name}
        assert list(kinds) == list(table.kinds)
        listed = {command for entry in kinds.values() for command in entry["commands"]}
        assert listed == table.allowed
        for kind, commands in table.kinds.items():
            assert set(commands) <= set(kinds[kind]["commands"])
            assert set(kinds[kind]["commands"]) - set(commands) <= {*table.session, table.leave, table.clock}
    assert {entry["platform"] for entry in evidence["kinds"].values()} == set(read_only.PLATFORMS)


@pytest.mark.parametrize("platform", sorted(read_only.PLATFORMS))
def test_every_listed_line_passes_both_locks(platform: str) -> None:
    for command in read_only.PLATFORMS[platform].allowed:
        read_only.check(platform, command)


@pytest.mark.parametrize(
    "command",
    [
        "configure terminal", "enable", "reload", "write memory", "copy running-config tftp:", "clear counters",
        "show running-config | redirect flash:x", "show running-config > x", "show version\nreload", "show tech-support",
        "terminal monitor", "debug all", "", "show", " show version", "show version ", "SHOW VERSION", "do reload",
    ],
)  # fmt: skip
@pytest.mark.parametrize("platform", sorted(read_only.PLATFORMS))
def test_anything_else_is_refused(platform: str, command: str) -> None:
    with pytest.raises(read_only.RefusedError):
        read_only.check(platform, command)
    with pytest.raises(read_only.RefusedError):
        read_only.plan(platform, commands=[command])


def test_a_line_that_slips_into_the_table_still_needs_the_shape_of_reading(monkeypatch: pytest.MonkeyPatch) -> None:
    slipped = read_only.Platform(session=(), kinds={"x.config": ("reload in 5",)}, ends={})
    monkeypatch.setitem(read_only.PLATFORMS, "x", slipped)
    with pytest.raises(read_only.RefusedError):
        read_only.plan("x")


def test_a_platform_without_a_list_is_refused() -> None:
    with pytest.raises(read_only.RefusedError, match="known: cisco_ios, frr"):
        read_only.plan("hirschmann_hios")


@pytest.mark.parametrize("path", CODE, ids=lambda path: str(path.stem))
def test_modules_import_nothing_of_ansible_but_its_bsd_part(path: Path) -> None:
    names = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            names.add(node.module or "")
    of_ansible = {name for name in names if name.split(".")[0] == "ansible"}
    assert of_ansible <= {"ansible.module_utils.basic"}
    if path.parent.name == "module_utils":
        assert not of_ansible


def test_slow_libraries_are_imported_where_they_are_used() -> None:
    for path in CODE:
        for node in ast.parse(path.read_text(encoding="utf-8")).body:
            names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
            names += [node.module or ""] if isinstance(node, ast.ImportFrom) else []
            assert not {name.split(".")[0] for name in names} & {
                "netmiko",
                "paramiko",
                "asyncua",
                "pymodbus",
                "cryptography",
            }


def test_the_modbus_module_can_ask_for_nothing_but_identification() -> None:
    path = COLLECTION / "plugins" / "modules" / "modbus_identify.py"
    calls = {
        node.func.attr
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)
        if isinstance(node.func.value, ast.Name) and node.func.value.id == "client"
    }
    assert calls == {"connect", "close", "read_device_information"}
    module = load("modules.modbus_identify")
    pdu = type("Pdu", (), {"function_code": 3})()
    with pytest.raises(RuntimeError):
        module.gate(True, pdu)
    assert module.gate(False, pdu) is pdu
    pdu.function_code = 0x2B
    assert module.gate(True, pdu) is pdu


def test_documented_options_are_the_modules_arguments() -> None:
    for name in ("cli_read", "modbus_identify", "opcua_endpoints"):
        module = load(f"modules.{name}")
        documented = yaml.safe_load(module.DOCUMENTATION)
        assert documented["module"] == name
        assert set(documented["options"]) == set(module.ARGUMENTS)
        for option, entry in documented["options"].items():
            assert entry["type"] == module.ARGUMENTS[option]["type"], option
            assert entry.get("default") == module.ARGUMENTS[option].get("default"), option
        assert yaml.safe_load(module.EXAMPLES)
        assert json.dumps(yaml.safe_load(module.RETURN))
