# SPDX-License-Identifier: Apache-2.0
from __future__ import annotations

import re
import shutil
import stat
from pathlib import Path

import pytest

from plantproof.adapters.documents import read_document
from plantproof.adapters.workspace.entries import Defects
from plantproof.adapters.workspace.firewalls import read_firewalls
from plantproof.adapters.workspace.init import SCHEMAS, init_workspace, refresh_schemas, write_secret
from plantproof.adapters.workspace.zones import read_zones
from plantproof.core.plant import DIALECTS
from plantproof.errors import SetupError, UsageError


def test_keys_are_new_and_private(tmp_path: Path) -> None:
    made: list[Path] = []

    def make(path: Path) -> None:
        made.append(path)
        path.write_text("private")
        path.with_name("signing.pub").write_text("public")

    for name in ("a", "b"):
        written = init_workspace(tmp_path / name, make_signing_key=make)
        assert all(path.is_file() for path in written)
    keys = [tmp_path / name / ".plantproof/keys/fingerprint.key" for name in ("a", "b")]
    texts = [key.read_text() for key in keys]
    assert all(re.fullmatch(r"[0-9a-f]{64}\n", text) for text in texts)
    assert texts[0] != texts[1]
    assert stat.S_IMODE(keys[0].stat().st_mode) == 0o600
    assert stat.S_IMODE(keys[0].parent.stat().st_mode) == 0o700
    if shutil.which("ssh-keygen"):
        assert made == [key.with_name("signing") for key in keys]
        assert {path.name for path in written} >= {"signing", "signing.pub"}


def test_without_ssh_keygen_there_is_no_signing_key(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    written = init_workspace(tmp_path / "a", make_signing_key=lambda path: pytest.fail(str(path)))
    assert "signing" not in {path.name for path in written}


@pytest.mark.parametrize(
    "there", ["plantproof.yml", "plant/zones.yml", ".gitignore", ".plantproof/keys/fingerprint.key"]
)
def test_nothing_is_overwritten_and_nothing_is_written_then(tmp_path: Path, there: str) -> None:
    path = tmp_path / there
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("mine")
    with pytest.raises(UsageError) as caught:
        init_workspace(tmp_path)
    assert caught.value.code == "usage.exists"
    assert there in f"{caught.value}"
    assert [one for one in tmp_path.rglob("*") if one.is_file()] == [path]
    assert path.read_text() == "mine"


def test_a_dangling_link_is_in_the_way_too(tmp_path: Path) -> None:
    (tmp_path / "plantproof.yml").symlink_to(tmp_path / "elsewhere")
    with pytest.raises(UsageError):
        init_workspace(tmp_path)
    assert not (tmp_path / "elsewhere").exists()


def test_a_file_is_no_folder(tmp_path: Path) -> None:
    (tmp_path / "a").write_text("")
    with pytest.raises(UsageError, match="is no folder"):
        init_workspace(tmp_path / "a")


@pytest.mark.parametrize("name", ['A "quoted" name: {x} # y', "Zürich\n- b", "yes", "1", "{name}"])
def test_any_name_survives(tmp_path: Path, name: str) -> None:
    init_workspace(tmp_path / "w", name=name, owner=name)
    assert read_document(tmp_path / "w" / "plantproof.yml").data["plant"] == {
        "name": name,
        "owner": name,
        "timezone": "UTC",
    }


def test_a_folder_lends_its_name(tmp_path: Path) -> None:
    init_workspace(tmp_path / "Waterworks")
    assert 'name: "Waterworks"' in (tmp_path / "Waterworks" / "plantproof.yml").read_text()


def test_schemas_are_where_the_editor_looks_and_can_be_refreshed(tmp_path: Path) -> None:
    written = init_workspace(tmp_path)
    for path in (path for path in written if path.suffix == ".yml" and path.name != "inventory.yml"):
        match = re.match(r"# yaml-language-server: \$schema=(\S+)\n", path.read_text())
        assert match
        assert (path.parent / match[1]).resolve() in {one.resolve() for one in written}
    assert refresh_schemas(tmp_path) == []
    (tmp_path / "schema" / "plant.schema.json").write_text("{}")
    assert refresh_schemas(tmp_path) == [tmp_path / "schema" / "plant.schema.json"]
    assert len(list((tmp_path / "schema").iterdir())) == len(SCHEMAS)


def test_a_secret_is_never_written_over(tmp_path: Path) -> None:
    write_secret(tmp_path / "a" / "key", "one")
    with pytest.raises(SetupError):
        write_secret(tmp_path / "a" / "key", "two")
    assert (tmp_path / "a" / "key").read_text() == "one\n"


def test_the_examples_in_a_new_plant_file_read_as_they_stand(tmp_path: Path) -> None:
    init_workspace(tmp_path)
    path = tmp_path / "plant" / "zones.yml"
    first, *lines = path.read_text(encoding="utf-8").splitlines()
    shown = [re.sub(r"^( *)# ( *(?:- )?(?:\{name|[a-z-]+):)", r"\1\2", line) for line in lines]
    path.write_text("\n".join([first, *shown]), encoding="utf-8")
    document, defects = read_document(path), Defects()
    zones, conduits = read_zones([document], defects)
    walls = read_firewalls([document], zones=zones, dialects=DIALECTS, assets=None, defects=defects)
    assert [str(error) for error in defects.found] == []
    assert [*zones] == ["supervision", "cell-1", "cell-1-safety", "maker"]
    assert all(one.one_way and one.exception and one.channels for one in conduits.values())
    assert [len(wall.interfaces) for wall in walls.values()] == [2]
