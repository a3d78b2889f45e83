# SPDX-License-Identifier: Apache-2.0
"""Every form of inventory that Ansible reads, and what is never done with one."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from plantproof.adapters.workspace.ansible_inventory import host_variables, source_files
from plantproof.errors import ContentError, SetupError

VAULT = "$ANSIBLE_VAULT;1.1;AES256\n3132\n3334\n"
CANARY = "canary" + "-7f3a"


def write(root: Path, files: dict[str, str]) -> None:
    for name, text in files.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(text)


def test_ini_with_variables_beside_it(tmp_path: Path) -> None:
    write(
        tmp_path,
        {
            "hosts.ini": "[cell]\nplc-[1:2] plantproof_timeout=5\n[cell:vars]\nplantproof_zone=cell-1\n",
            "host_vars/plc-2.yml": "plantproof_zone: cell-2\n",
            "group_vars/all/main.yml": "plantproof_title: T\n",
        },
    )
    found = host_variables(tmp_path / "hosts.ini")
    assert {host: (one["plantproof_zone"], one["plantproof_title"], one["plantproof_timeout"]) for host, one in found.items()} == {
        "plc-1": ("cell-1", "T", 5),
        "plc-2": ("cell-2", "T", 5),
    }  # fmt: skip


def test_a_folder_of_files_and_hosts_without_variables(tmp_path: Path) -> None:
    write(
        tmp_path / "inventory",
        {
            "10-a.yml": "all: {hosts: {bare: }}\n",
            "20-b": "[cell]\nplc-1\n",
            "group_vars/cell.yml": "plantproof_zone: c\n",
            "README.md": "# not an inventory",
            ".hidden": "[broken",
        },
    )
    found = host_variables(tmp_path / "inventory")
    assert found["bare"] == {}
    assert found["plc-1"]["plantproof_zone"] == "c"
    assert [path.name for path in source_files(tmp_path / "inventory")] == ["10-a.yml", "20-b", "README.md", "cell.yml"]


def test_encrypted_values_and_files_stay_unread_and_are_no_error(tmp_path: Path) -> None:
    write(
        tmp_path,
        {
            "inventory.yml": "all: {hosts: {plc: {plantproof_zone: c}}}\n",
            "group_vars/all/vault.yml": VAULT,
            "group_vars/all/main.yml": "ansible_password: !vault |\n  " + VAULT.replace("\n", "\n  ") + "\n",
        },
    )
    variables = host_variables(tmp_path / "inventory.yml")["plc"]
    assert variables["plantproof_zone"] == "c"
    assert variables["ansible_password"] == {"__ansible_vault": VAULT}


def test_templates_are_not_evaluated_and_programs_are_not_run(tmp_path: Path) -> None:
    mark = tmp_path / "ran"
    lookup = "{{ lookup('ansible.builtin.pipe', 'touch " + str(mark) + "') }}"
    write(tmp_path, {"inventory.yml": f'all: {{hosts: {{plc: {{x: "{lookup}"}}}}}}\n'})
    assert host_variables(tmp_path / "inventory.yml")["plc"]["x"] == lookup
    script = tmp_path / "dynamic"
    script.write_text(f"#!/bin/sh\ntouch {mark}\necho '{{}}'\n")
    script.chmod(0o755)
    with pytest.raises(ContentError):
        host_variables(script)
    assert not mark.exists()


def test_the_users_own_ansible_settings_take_no_part(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write(
        tmp_path, {"inventory.yml": "all: {hosts: {plc: }}\n", "ansible.cfg": "[defaults]\ninventory = /none\nbroken"}
    )
    write(tmp_path, {"ansible/__init__.py": "raise SystemExit(9)"})
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("ANSIBLE_CONFIG", str(tmp_path / "ansible.cfg"))
    monkeypatch.setenv("ANSIBLE_INVENTORY_ENABLED", "script")
    assert list(host_variables(Path("inventory.yml"))) == ["plc"]


@pytest.mark.parametrize(
    ("name", "text", "said", "line"),
    [
        ("inventory.yml", "all:\n  hosts:\n    plc: {a: [\n", "is not YAML", 4),
        ("inventory.ini", "plc x='" + CANARY + "\n", "a quote is not closed", None),
        ("inventory.ini", "[cell]\nplc " + CANARY + "\n", "no key=value", None),
        ("inventory.ini", "[cell:" + CANARY + "]\nplc\n", "a section is neither", None),
        ("inventory.ini", "[cell:vars]\nx=1\n", "a group that no section declares", None),
        ("inventory.ini", "[cell:vars\n" + CANARY + "=1\n", "is not an inventory that Ansible can read", None),
        (
            "inventory.yml",
            "all:\n  hosts: [" + CANARY + "]\n",
            "hosts, vars and children of a group must be maps",
            None,
        ),
        ("inventory.yml", "- " + CANARY + "\n", "its form is not that of an inventory", None),
        ("inventory.yml", "x: \x07" + CANARY, "is not YAML", None),
    ],
)
def test_a_broken_inventory_names_the_file_and_quotes_nothing(
    tmp_path: Path, name: str, text: str, said: str, line: int | None
) -> None:
    write(tmp_path, {name: text})
    with pytest.raises(ContentError) as caught:
        host_variables(tmp_path / name)
    assert said in str(caught.value)
    assert caught.value.where is not None
    assert (caught.value.where.file, caught.value.where.line) == (str(tmp_path / name), line)
    assert CANARY not in f"{caught.value}{caught.value.hint}"
    assert "plantproof-inventory-" not in str(caught.value)


def test_a_broken_file_of_variables_is_named(tmp_path: Path) -> None:
    write(tmp_path, {"inventory.yml": "all: {hosts: {plc: }}\n", "host_vars/plc.yml": "a: 1\nb: [\n"})
    with pytest.raises(ContentError) as caught:
        host_variables(tmp_path / "inventory.yml")
    assert caught.value.where is not None
    assert caught.value.where.file == str(tmp_path / "host_vars" / "plc.yml")


def test_a_file_that_cannot_be_read_is_named(tmp_path: Path) -> None:
    write(tmp_path, {"inventory.yml": "all: {hosts: {plc: }}\n"})
    (tmp_path / "group_vars").mkdir()
    (tmp_path / "group_vars" / "all.yml").symlink_to(tmp_path / "gone.yml")
    with pytest.raises(SetupError) as caught:
        host_variables(tmp_path / "inventory.yml")
    assert caught.value.where is not None
    assert caught.value.where.file.endswith("all.yml")


def test_a_repeated_key_in_a_file_of_variables_has_its_place(tmp_path: Path) -> None:
    write(tmp_path, {"inventory.yml": "all: {hosts: {plc: }}\n", "host_vars/plc.yml": "a: 1\nb: 1\na: 2\n"})
    with pytest.raises(ContentError, match="a key occurs twice") as caught:
        host_variables(tmp_path / "inventory.yml")
    assert caught.value.where is not None
    assert (caught.value.where.file, caught.value.where.line) == (str(tmp_path / "host_vars/plc.yml"), 3)


def test_a_repeated_key_is_refused(tmp_path: Path) -> None:
    write(tmp_path, {"inventory.yml": "all:\n  hosts:\n    plc:\n    plc:\n      plantproof_zone: c\n"})
    with pytest.raises(ContentError, match="a key occurs twice"):
        host_variables(tmp_path / "inventory.yml")


def test_a_missing_inventory_is_said_before_ansible_is_asked(tmp_path: Path) -> None:
    with pytest.raises(SetupError) as caught:
        host_variables(tmp_path / "none.yml")
    assert "plantproof.yml names it" in caught.value.hint


def test_an_inventory_that_takes_for_ever_ends(tmp_path: Path) -> None:
    write(tmp_path, {"inventory.yml": "all: {hosts: {plc: }}\n"})
    with pytest.raises(ContentError) as caught:
        host_variables(tmp_path / "inventory.yml", timeout=0.01)
    assert "within 0.01 s" in str(caught.value)


def test_without_ansible_the_install_is_the_matter(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write(tmp_path, {"inventory.yml": "all: {hosts: {plc: }}\n"})
    monkeypatch.setattr(sys, "executable", str(tmp_path / "no-python"))
    with pytest.raises(SetupError) as caught:
        host_variables(tmp_path / "inventory.yml")
    assert caught.value.code == "environment.missing-program"


@pytest.mark.parametrize(
    ("program", "error"),
    [
        ("echo no json", ContentError),
        ('echo "No module named ansible" >&2; exit 1', SetupError),
        ("echo '[]'", ContentError),
    ],
)
def test_an_answer_that_is_none(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, program: str, error: type[Exception]
) -> None:
    write(tmp_path, {"inventory.yml": "all: {hosts: {plc: }}\n"})
    python = tmp_path / "python"
    python.write_text(f"#!/bin/sh\n{program}\n")
    python.chmod(0o755)
    monkeypatch.setattr(sys, "executable", str(python))
    with pytest.raises(error):
        host_variables(tmp_path / "inventory.yml")
