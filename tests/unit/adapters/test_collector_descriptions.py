# SPDX-License-Identifier: Apache-2.0
from __future__ import annotations

from pathlib import Path

import pytest

from plantproof.adapters.collectors import read_collectors, role_folders
from plantproof.adapters.content import Content
from plantproof.errors import ContentError

GOOD = """\
schema: 1
collector: mine
version: '3'
title: Mine
impact: login
protocol: ssh
kinds:
  mine.thing:
    title: A thing
    media: txt
    freshness: 12h
    sensitivity: internal
    commands: [look]
    files: [/etc/thing]
"""


@pytest.fixture
def role(tmp_path: Path) -> Path:
    folder = tmp_path / "collectors" / "roles" / "mine"
    (folder / "meta").mkdir(parents=True)
    (folder / "tasks").mkdir()
    (folder / "meta" / "evidence.yml").write_text(GOOD)
    (folder / "tasks" / "main.yml").write_text("- name: x\n  plantproof.ot.my_read:\n    host: a\n")
    plugins = tmp_path / "collectors" / "plugins"
    (plugins / "modules").mkdir(parents=True)
    (plugins / "module_utils").mkdir()
    imported = "from ansible_collections.plantproof.ot.plugins.module_utils import (\n    talk as t,\n    other,\n)\n"
    (plugins / "modules" / "my_read.py").write_text(imported)
    (plugins / "module_utils" / "talk.py").write_text(
        "from ansible_collections.plantproof.ot.plugins.module_utils.deep import x\n"
    )
    (plugins / "module_utils" / "deep.py").write_text("x = 1\n")
    (plugins / "module_utils" / "unused.py").write_text("y = 1\n")
    return folder


def digest(role: Path) -> str:
    return read_collectors(Content(role.parents[2]))["mine"].digest


def test_the_shipped_collectors_say_what_they_read() -> None:
    found = read_collectors(Content())
    assert list(found) == ["cli_device", "linux_host", "modbus", "opcua"]
    assert found["linux_host"].kinds["linux.host"].freshness == 7 * 86_400
    assert "id -u" in found["linux_host"].kinds["linux.host"].commands
    assert "cat /etc/os-release" in found["linux_host"].kinds["linux.host"].commands
    assert {kind.platform for kind in found["cli_device"].kinds.values()} == {"cisco_ios", "frr"}
    assert {info.impact for info in found.values()} == {"login", "probe"}
    assert all(kind.commands for info in found.values() for kind in info.kinds.values())
    assert len({info.digest for info in found.values()}) == 4


def test_a_workspaces_own_collector_stands_beside_them(role: Path) -> None:
    found = read_collectors(Content(role.parents[2]))
    assert set(found) == {"cli_device", "linux_host", "mine", "modbus", "opcua"}
    kind = found["mine"].kinds["mine.thing"]
    assert (kind.freshness, kind.commands, kind.platform) == (43_200, ("look", "cat /etc/thing"), "")
    assert role_folders(Content(role.parents[2]))["mine"] == role


@pytest.mark.parametrize(
    "changed", ["roles/mine/tasks/main.yml", "plugins/modules/my_read.py", "plugins/module_utils/deep.py"]
)
def test_the_digest_covers_the_role_and_every_module_that_it_uses(role: Path, changed: str) -> None:
    before = digest(role)
    path = role.parents[1] / changed
    path.write_text(path.read_text() + "# changed\n")
    assert digest(role) != before


@pytest.mark.parametrize("other", ["plugins/module_utils/unused.py", "roles/mine/__pycache__/x.pyc"])
def test_the_digest_covers_nothing_else(role: Path, other: str) -> None:
    before = digest(role)
    path = role.parents[1] / other
    path.parent.mkdir(exist_ok=True)
    path.write_text("changed")
    assert digest(role) == before


@pytest.mark.parametrize(
    ("old", "new", "line", "said", "code"),
    [
        ("schema: 1", "schema: 2", 1, "the schema must be 1", "content.version"),
        ("collector: mine", "collector: yours", 2, "is called 'yours', but its role 'mine'", "content.schema"),
        ("version: '3'", "version: 3", 3, "version must be a text", "content.schema"),
        ("impact: login", "impact: mild", 5, "impact is 'mild'; it may be none, login, probe", "content.schema"),
        ("media: txt", "media: pdf", 10, "media is 'pdf'", "content.schema"),
        ("freshness: 12h", "freshness: soon", 11, "freshness must be a span of time", "content.schema"),
        ("commands: [look]", "commands: look", 13, "commands must be a list of texts", "content.schema"),
        ("files: [/etc/thing]", "files: [1]", 14, "files must be a list of texts", "content.schema"),
        ("    files: [/etc/thing]", "    platform: ''", 14, "platform must be a text", "content.schema"),
    ],
)
def test_what_is_wrong_is_named_with_file_and_line(  # noqa: PLR0917 - a table
    role: Path, old: str, new: str, line: int, said: str, code: str
) -> None:
    path = role / "meta" / "evidence.yml"
    path.write_text(GOOD.replace(old, new))
    with pytest.raises(ContentError, match=said) as caught:
        read_collectors(Content(role.parents[2]))
    assert caught.value.code == code
    assert caught.value.where is not None
    assert (caught.value.where.file, caught.value.where.line) == (str(path), line)


@pytest.mark.parametrize("kinds", ["kinds: [a]", "", "kinds:\n  mine.thing: none"])
def test_kinds_must_be_maps(role: Path, kinds: str) -> None:
    (role / "meta" / "evidence.yml").write_text(GOOD.partition("kinds:")[0] + kinds + "\n")
    with pytest.raises(ContentError, match="must be a map"):
        read_collectors(Content(role.parents[2]))
