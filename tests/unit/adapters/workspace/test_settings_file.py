# SPDX-License-Identifier: Apache-2.0
from __future__ import annotations

import zoneinfo
from pathlib import Path

import pytest

from plantproof.adapters.documents import parse_document
from plantproof.adapters.workspace import Settings, load_settings
from plantproof.adapters.workspace.entries import Defects
from plantproof.adapters.workspace.settings import read_settings, seconds_of
from plantproof.errors import ContentError, UsageError

GOOD = """\
version: 1
plant: {name: Works, owner: Town}
"""


def read(text: str) -> tuple[Settings, list[str]]:
    defects = Defects()
    settings = read_settings(parse_document(text, name="plantproof.yml", is_yaml=True), defects)
    return settings, [str(error) for error in defects.found]


def test_what_is_absent_has_a_default() -> None:
    settings, said = read(GOOD)
    assert said == []
    assert (settings.plant_name, settings.timezone, settings.inventory) == ("Works", "UTC", "inventory.yml")
    assert (settings.locker, settings.output, settings.signing.key) == ("evidence", "out", ".plantproof/keys/signing")
    assert settings.profiles == {n: f"iec62443-3-3-sl{n}" for n in (1, 2, 3, 4)}
    assert settings.freshness == {}


def test_everything_can_be_said() -> None:
    settings, said = read(
        "version: 1\nplant: {name: W, owner: T, timezone: Europe/Paris}\ninventory: hosts\nlocker: ../l\noutput: o\n"
        "profiles: {2: own.yaml}\nsigning: {key: k, name: N, email: e}\nfreshness: {linux.sshd: 7d, linux.time: 90m}\n"
    )
    assert said == []
    assert settings.timezone == "Europe/Paris"
    assert (settings.profiles[2], settings.profiles[3]) == ("own.yaml", "iec62443-3-3-sl3")
    assert (settings.signing.key, settings.signing.name, settings.signing.email) == ("k", "N", "e")
    assert settings.freshness == {"linux.sshd": 604_800, "linux.time": 5400}


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("version: 1\n", "plantproof.yml:1: the workspace has no plant"),
        ("version: 1\nplant: Works\n", "plantproof.yml:2 at /plant: the workspace: plant must be a map, not 'Works'"),
        ("version: 1\nplant:\n  name: W\n", "plantproof.yml:2 at /plant: plant has no owner"),
        (GOOD + "lockr: x\n", "plantproof.yml:3 at /lockr: the workspace: unknown key 'lockr'"),
        (GOOD + "profiles: {5: x}\n", "plantproof.yml:3 at /profiles/5: profiles: 5 is not a security level"),
        (GOOD + "profiles: {2: 3}\n", "plantproof.yml:3 at /profiles/2: profiles: a profile must be a path or a shipped name"),
        (GOOD + "freshness: {sshd: 7d}\n", "plantproof.yml:3 at /freshness/sshd: freshness: 'sshd' is not an evidence kind"),
        (GOOD + "freshness: {linux.sshd: 7}\n", "plantproof.yml:3 at /freshness/linux.sshd: freshness: 7 is not a span of time"),
        (GOOD + "signing: {kee: x}\n", "plantproof.yml:3 at /signing/kee: signing: unknown key 'kee'"),
        (GOOD.replace("Town", "Town, timezone: Europe/Pariss"), "plantproof.yml:2 at /plant/timezone: plant: 'Europe/Pariss' is not a time zone"),
    ],
)  # fmt: skip
def test_a_defect_has_its_place(text: str, said: str) -> None:
    assert read(text)[1] == [said]


@pytest.mark.parametrize("version", ["2", "true", "'1'", "", "1.5"])
def test_another_version_is_refused_at_once(version: str) -> None:
    with pytest.raises(ContentError) as caught:
        read(f"version: {version}\nplant: 1\nwhatever: 2\n")
    assert caught.value.code == "content.version"


def test_a_machine_without_time_zones_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(zoneinfo, "available_timezones", set)
    defects = Defects()
    document = parse_document(GOOD.replace("Town", "Town, timezone: Asia/Tokyo"), name="p", is_yaml=True)
    read_settings(document, defects)
    assert "tzdata" in defects.found[0].hint


@pytest.mark.parametrize(
    ("span", "seconds"), [("2w", 1_209_600), ("12h", 43_200), ("0d", None), ("7", None), (7, None)]
)
def test_spans(span: object, seconds: int | None) -> None:
    assert seconds_of(span) == seconds


def test_a_folder_without_settings_is_no_workspace(tmp_path: Path) -> None:
    with pytest.raises(UsageError) as caught:
        load_settings(tmp_path)
    assert caught.value.code == "usage.not-a-workspace"
    assert "plantproof init" in caught.value.hint


def test_settings_alone_give_the_paths(tmp_path: Path) -> None:
    (tmp_path / "plantproof.yml").write_text(GOOD + "locker: /elsewhere\n")
    _, paths = load_settings(tmp_path)
    assert paths.locker == Path("/elsewhere")
    assert paths.fingerprint_key == tmp_path / ".plantproof" / "keys" / "fingerprint.key"
