# SPDX-License-Identifier: Apache-2.0
"""A planted secret must be gone, everything else must be there, line for line."""

from __future__ import annotations

import string
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plantproof.adapters.fingerprints import Fingerprints
from plantproof.adapters.secret_scan import SecretScanner
from plantproof.errors import CollectionError, SetupError, UsageError
from plantproof.parsers.registry import PARSERS, parse
from plantproof.parsers.sections import split_sections
from plantproof.redactors.network import decode_type_7
from plantproof.redactors.registry import KINDS, PLATFORMS, redact, redact_platform
from plantproof.redactors.rules import TOKEN

FINGERPRINT = Fingerprints(b"k" * 32)
SECRETS = st.text(string.ascii_letters + string.digits, min_size=9, max_size=30).filter(lambda s: not s.isdigit())
SLOTS = {
    "cisco_ios": [
        "enable secret {}", "enable secret 0 {}", "enable password level 7 {}", "username op privilege 15 secret 0 {}",
        "username op password {}", "snmp-server community {} RO 10", "snmp-server host 192.0.2.1 version 2c {}",
        "snmp-server user nms grp v3 auth sha {} priv aes 128 other-one", "tacacs-server host 192.0.2.1 key {}",
        "radius-server key 0 {}", " key-string {}", "crypto isakmp key {} address 192.0.2.2",
        "ntp authentication-key 1 md5 {} 7", " neighbor 192.0.2.1 password {}", " ip ospf authentication-key {}",
        " ip ospf message-digest-key 1 md5 {}", " standby 1 authentication {}", " password {}", " password 0 {}",
        "vtp password {}", "ip ftp password {}", " ppp chap password 0 {}", " pre-shared-key {}", " wpa-psk ascii 0 {}",
        "archive path ftp://user:{}@192.0.2.1/x",
    ],
    "frr": [
        "password {}", "enable password {}", " neighbor 192.0.2.1 password {}", " ip ospf message-digest-key 1 md5 {}",
        "  key-string {}", " ip ospf authentication-key {}", " isis password clear {}", " ip rip authentication string {}",
    ],
    "linux": [
        "10 2 * * * root backup --password={} /srv", "10 2 * * * root backup --password {} /srv", "DB_PASSWORD={}",
        "export API_KEY='{}'", "ExecStart=/usr/bin/tool https://user:{}@192.0.2.1/", "password: {}",
        "Authorization: Bearer {}", "//192.0.2.1/share /mnt cifs username=u,password={},ro 0 0", "rocommunity {}",
        "createUser nms SHA {} AES other-one-too", "1 SHA256 HEX:{}", "  psk={}", "sshpass -p {} ssh x", "mysqldump -u root -p{} db",
        "curl -u user:{} https://192.0.2.1/",
    ],
}  # fmt: skip
CASES = [(platform, slot) for platform, slots in SLOTS.items() for slot in slots]
RECORDED = sorted((Path(__file__).parents[2] / "fixtures" / "linux_host").glob("*.txt"))


@pytest.mark.parametrize(("platform", "slot"), CASES, ids=[f"{p}: {s}" for p, s in CASES])
@given(secret=SECRETS)
def test_a_planted_secret_is_gone_and_the_rest_is_there(platform: str, slot: str, secret: str) -> None:
    text = f"first line\n{slot.format(secret)}\nlast line"
    found = redact_platform(platform, text, FINGERPRINT)
    # A secret may be a word of the line that holds it ("rocommunity community"): what was around it stays, no more.
    around = slot.format("\0")
    assert TOKEN.sub("\0", found.text).count(secret) == f"first line\n{around}\nlast line".count(secret)
    assert found.count >= 1
    lines = found.text.split("\n")
    assert (len(lines), lines[0], lines[2]) == (3, "first line", "last line")
    assert TOKEN.sub("", lines[1]).strip().startswith(slot.partition("{}")[0].strip().rstrip("'")[:12])
    assert redact_platform(platform, found.text, FINGERPRINT) == found.__class__(
        text=found.text, count=0, redactor=found.redactor
    )


@given(text=st.text(max_size=400), kind=st.sampled_from(sorted(KINDS)))
def test_any_text_keeps_its_lines(text: str, kind: str) -> None:
    assert redact(kind, text, FINGERPRINT).text.count("\n") == text.count("\n")


@pytest.mark.parametrize("path", RECORDED, ids=lambda path: path.stem)
def test_facts_are_the_same_before_and_after(path: Path) -> None:
    """Over-deletion destroys evidence: nothing that a parser reads may go."""
    scan = SecretScanner()
    for section in split_sections(path.read_text(encoding="utf-8")).sections:
        found = redact(section.kind, section.text, FINGERPRINT)
        assert parse(section.kind, found.text).data == parse(section.kind, section.text).data, section.kind
        assert scan(section.kind, found.text) == (), section.kind


def test_the_same_secret_has_the_same_fingerprint_wherever_it_stands_and_in_type_7() -> None:
    text = "username a password 7 0822455D0A16\nusername b password 0 cisco\nenable secret other-word-here"
    marks = [
        token.group().split(":")[2:] for token in TOKEN.finditer(redact("cisco_ios.config", text, FINGERPRINT).text)
    ]
    assert marks[0][0].rstrip(">") == marks[1][0].rstrip(">")
    assert marks[0][1] == "default>"
    assert len(marks[2]) == 1
    assert decode_type_7("nothing of the kind") == "nothing of the kind"


def test_a_key_chain_s_number_is_no_secret_and_a_server_s_key_is() -> None:
    text = "key chain K\n key 1\n  key-string plain-secret\nradius server R\n key another-secret"
    found = redact("cisco_ios.config", text, FINGERPRINT).text
    assert "\n key 1\n" in found
    assert "secret" not in TOKEN.sub("", found)


def test_private_keys_go_line_by_line() -> None:
    begin, end = "-----BEGIN " + "PRIVATE KEY-----", "-----END " + "PRIVATE KEY-----"
    text = f"before\n{begin}\nMIIEvQIBADANBgkq\nhkiG9w0BAQEFAASC\n{end}\nafter"
    found = redact("linux.sshd", text, FINGERPRINT).text.split("\n")
    assert found[0] == "before"
    assert found[-1] == "after"
    assert all(TOKEN.fullmatch(line) for line in found[2:4])


def test_what_nobody_wrote_a_redactor_for_is_refused() -> None:
    with pytest.raises(CollectionError, match="no redactor knows windows") as caught:
        redact("windows.users", "x", FINGERPRINT)
    assert caught.value.code == "collection.no-redactor"
    with pytest.raises(UsageError, match="is refused") as refused:
        redact_platform("cisco_iso", "x", FINGERPRINT)
    assert "Did you mean 'cisco_ios'?" in refused.value.hint
    assert PARSERS.keys() == KINDS.keys() == PLATFORMS.keys() & PARSERS.keys()


def test_the_last_net_finds_what_has_a_form_and_fails_closed(monkeypatch: pytest.MonkeyPatch) -> None:
    key = "AKIA" + "Q3EGRSYNB2ZT5VXK"
    scan = SecretScanner()
    assert scan("p", f"fine\n{key}\n") == (2,)
    assert scan("p", "x" * 30_000 + "\n") == ()
    assert scan("p", "-----BEGIN " + "RSA PRIVATE KEY----- MIIE") == (1,)
    monkeypatch.setattr(scan, "_detectors", [lambda _line: 1 / 0])
    assert scan("p", "a\nb") == (1, 2)


def test_the_fingerprint_key_is_kept_to_its_owner(tmp_path: Path) -> None:
    path = tmp_path / "keys" / "fingerprint.key"
    made = Fingerprints.load(path, create=True)
    assert path.stat().st_mode & 0o777 == 0o600
    assert Fingerprints.load(path)("x") == made("x") != Fingerprints.throwaway()("x")
    assert Fingerprints.load(path).key_id == made.key_id
    path.chmod(0o644)
    with pytest.raises(SetupError, match="read by others"):
        Fingerprints.load(path)
    path.write_text("abcd")
    path.chmod(0o600)
    with pytest.raises(SetupError, match="shorter than"):
        Fingerprints.load(path)
    path.write_text("no hex")
    with pytest.raises(SetupError, match="cannot be read"):
        Fingerprints.load(path)
