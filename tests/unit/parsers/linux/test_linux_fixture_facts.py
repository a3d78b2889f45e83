# SPDX-License-Identifier: Apache-2.0
"""What the parsers make of whole hosts: the shape that meta/evidence.yml promises, and the facts that checks ask for."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import jsonschema_rs
import pytest
import yaml

from fakes.linux_hosts import HOSTS, facts_of, output_of
from plantproof.core.facts import SectionState
from plantproof.parsers.registry import PARSERS, parse

ROLE = Path(__file__).parents[4] / "collectors/roles/linux_host"
EVIDENCE = yaml.safe_load((ROLE / "meta/evidence.yml").read_text(encoding="utf-8"))
KINDS = sorted(EVIDENCE["kinds"])


def data(host: str, kind: str) -> Any:
    return facts_of(host, f"linux.{kind}").data


def rows(records: list[dict[str, Any]], **values: object) -> list[dict[str, Any]]:
    return [record for record in records if all(record.get(key) == value for key, value in values.items())]


@pytest.mark.parametrize("host", HOSTS)
def test_every_fixture_is_whole_and_fully_understood(host: str) -> None:
    output = output_of(host)
    assert output.problems == ()
    assert [section.kind for section in output.sections] == list(EVIDENCE["kinds"])
    for section in output.sections:
        if section.state is SectionState.COMPLETE:
            facts = parse(section.kind, section.text)
            lines = section.text.split("\n")
            assert [lines[number - 1] for number in facts.unparsed] == [], section.kind


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("host", HOSTS)
def test_facts_have_the_promised_shape(host: str, kind: str) -> None:
    validator = jsonschema_rs.validator_for(EVIDENCE["kinds"][kind]["facts"])
    errors = [
        f"{error.instance_path}: {error.message}" for error in validator.iter_errors(dict(facts_of(host, kind).data))
    ]
    assert errors == []


@pytest.mark.parametrize("kind", KINDS)
def test_nothing_at_all_has_the_promised_shape_too(kind: str) -> None:
    facts = parse(kind, "")
    assert jsonschema_rs.validator_for(EVIDENCE["kinds"][kind]["facts"]).is_valid(dict(facts.data))
    assert facts.unparsed == ()


def test_the_role_and_the_registry_know_the_same_kinds() -> None:
    assert sorted(kind for kind in PARSERS if kind.startswith("linux.")) == KINDS


def test_hosts() -> None:
    assert data("rhel-9", "host")["os"]["id_like"] == ["fedora"]
    assert data("debian-12", "host")["release_text"] == "12.11"
    assert data("ubuntu-22.04", "host")["boot_time"] == "2026-05-28T20:26:40Z"
    assert data("debian-12", "host")["kernel"]["machine"] == "x86_64"


def test_accounts() -> None:
    good, bad, small = (data(host, "accounts") for host in ("rhel-9", "ubuntu-22.04", "busybox-1.35"))
    (anna,) = rows(good["users"], name="a.berg")
    assert (anna["password"], anna["hash_algorithm"], anna["max_days"], anna["inactive_days"]) == (
        "set",
        "sha512",
        90,
        30,
    )
    assert anna["groups"] == ["wheel", "a.berg"]
    assert rows(good["users"], name="root")[0]["locked"] is True
    assert good["sources"]["passwd"] == ["sss", "files", "systemd"]
    assert bad["uid_zero"] == ["root", "toor"]
    assert [(row["uid"], row["names"]) for row in bad["duplicate_uids"]] == [
        (0, ["root", "toor"]),
        (1000, ["operator", "vendor"]),
    ]
    (guest,) = rows(bad["users"], name="guest")
    assert (guest["password"], guest["login_shell"]) == ("empty", True)
    (vendor,) = rows(bad["users"], name="vendor")
    assert (vendor["must_change"], vendor["expires"]) == (True, "2024-10-04")
    assert {user["hash_algorithm"] for user in bad["users"] if "hash_algorithm" in user} == {"md5", "sha512", "des"}
    assert [(key["users"], key["bits"], key["type"]) for key in bad["authorized_keys"]] == [(["vendor"], 1024, "rsa")]
    assert bad["trusted_hosts"][0]["entry"] == "scada-1 operator"
    assert rows(small["users"], name="root")[0]["hash_algorithm"] == "md5"
    assert rows(small["users"], name="root")[0]["password"] == "set"


def test_sudo() -> None:
    good, bad = data("rhel-9", "sudo"), data("ubuntu-22.04", "sudo")
    (shift,) = rows(good["rules"], who="SHIFT")
    assert (shift["who_kind"], shift["noexec"], shift["commands"]) == ("alias", True, ["HISTORIAN"])
    assert good["aliases"][1]["members"] == [
        "/usr/bin/systemctl restart historian",
        "/usr/bin/systemctl status historian",
    ]
    assert (good["defaults"]["timestamp_timeout"], good["defaults"]["use_pty"]) == (5, True)
    assert rows(bad["rules"], who="vendor", nopasswd=True, all_commands=True)
    operator = rows(bad["rules"], who="operator")
    assert [(rule["nopasswd"], rule["run_as"], rule["commands"]) for rule in operator] == [
        (True, ["root"], ["/sbin/reboot"]),
        (False, ["root"], ["/usr/bin/apt"]),
        (False, ["www-data"], ["/usr/bin/php"]),
    ]
    assert rows(bad["rules"], who="1002", who_kind="uid")


def test_pam() -> None:
    good, bad = data("rhel-9", "pam"), data("ubuntu-22.04", "pam")
    assert (good["lockout"]["enabled"], good["lockout"]["deny"], good["lockout"]["unlock_time"]) == (True, 5, 600)
    assert good["lockout"]["even_deny_root"] is True
    assert (good["quality"]["minlen"], good["history"]["remember"]) == (14, 10)
    assert (good["unix"]["hash"], good["unix"]["nullok"]) == ("sha512", False)
    assert good["su_restricted"] is True
    assert [row["module"] for row in good["second_factors"]] == ["pam_google_authenticator"]
    assert (good["login_defs"]["umask"], good["login_defs"]["pass_max_days"]) == ("027", 90)
    assert good["useradd"]["inactive"] == 30
    assert good["access"][1] == {
        "allow": False,
        "users": ["ALL", "EXCEPT", "wheel"],
        "origins": ["ALL"],
        "_line": good["access"][1]["_line"],
    }
    assert (bad["lockout"]["enabled"], bad["unix"]["nullok"], bad["su_restricted"]) == (False, True, False)


def test_sshd() -> None:
    good, bad, real = (data(host, "sshd") for host in ("rhel-9", "ubuntu-22.04", "debian-12"))
    assert (good["source"], good["permit_root_login"], good["version"]) == ("effective", "no", "8.7p1")
    assert good["match_blocks"][0]["settings"]["allow_tcp_forwarding"] == "local"
    assert good["allow_groups"] == ["wheel"]
    assert (bad["source"], bad["permit_root_login"]) == ("files", "yes")
    # The included file stands first, so its word counts.
    assert bad["password_authentication"] == "yes"
    assert bad["client_alive_interval"] == 600
    assert "3des-cbc" in bad["ciphers"]
    assert "max_auth_tries" not in bad
    assert real["permit_root_login"] == "prohibit-password"
    assert {key["type"] for key in real["host_keys"]} >= {"ed25519", "rsa"}


def test_listeners() -> None:
    sockets = data("rhel-9", "listeners")["sockets"]
    assert rows(sockets, port=4840)[0]["interface"] == "ens3"
    assert [socket["loopback"] for socket in rows(sockets, process="chronyd")] == [True, True]
    bad = data("ubuntu-22.04", "listeners")
    assert (bad["owners_known"], rows(bad["sockets"], port=22)[0]["process"]) == (False, "sshd")
    assert rows(bad["sockets"], port=5900)[0]["wildcard"] is True
    assert [(s["protocol"], s["port"]) for s in data("busybox-1.35", "listeners")["sockets"]] == [
        ("tcp", 23),
        ("udp", 502),
    ]
    assert rows(data("debian-12", "listeners")["sockets"], port=4840)[0]["wildcard"] is True


def test_services() -> None:
    good, bad, small = (data(host, "services") for host in ("rhel-9", "ubuntu-22.04", "busybox-1.35"))
    assert (good["manager"], good["active_known"]) == ("systemd", True)
    assert rows(good["services"], name="rpcbind")[0]["enabled"] is False
    assert not rows(good["services"], name="ip6tables")
    assert bad["failed"] == ["x11vnc"]
    assert [service["name"] for service in bad["inetd"]] == ["telnet", "tftp"]
    assert small["manager"] == "init"
    assert rows(small["services"], name="telnet", enabled=True)
    assert data("debian-12", "services")["active_known"] is False


def test_packages() -> None:
    good, bad, real = (data(host, "packages") for host in ("rhel-9", "ubuntu-22.04", "debian-12"))
    assert good["pending_security"] == ["openssh-server"]
    assert [row["name"] for row in good["pending"]] == ["openssh-server", "openssl-libs"]
    assert (good["index_age_days"], good["repositories"][0]["signed"], good["rpm_settings"]["gpgcheck"]) == (2, True, 1)
    assert (bad["index_age_days"], bad["reboot_required"]) == (410, True)
    assert bad["not_fully_installed"] == ["broken-thing"]
    assert [row["signed"] for row in bad["repositories"]] == [True, False]
    assert bad["automatic_updates"]["unattended_upgrade"] == 0
    assert real["count"] > 100
    assert real["pending_known"] is True
    assert len(real["repositories"]) == 2


def test_time() -> None:
    good, bad = data("rhel-9", "time"), data("ubuntu-22.04", "time")
    assert (good["synchronised"], good["stratum"], good["timezone"]) == (True, 3, "Europe/Paris")
    assert [(server["authenticated"], server["nts"]) for server in good["servers"]] == [(True, False), (True, True)]
    assert (bad["synchronised"], bad["rtc_local"]) == (False, True)
    assert [server["daemon"] for server in bad["servers"]] == ["ntp", "timesyncd"]


def test_logging() -> None:
    good, bad, small = (data(host, "logging") for host in ("rhel-9", "ubuntu-22.04", "busybox-1.35"))
    assert (good["audit_rules_source"], good["audit_immutable"]) == ("kernel", True)
    assert [rule["key"] for rule in good["audit_rules"]] == ["identity", "scope", "setuid", "time-change"]
    assert good["auditd"]["disk_full_action"] == "suspend"
    assert [(t["host"], t["port"], t["tls"]) for t in good["forwarding"]] == [
        ("log-1.plant.example", 6514, True),
        ("log-2.plant.example", 10514, True),
    ]
    assert good["journald"]["storage"] == "persistent"
    assert [(t["tool"], t["protocol"], t["tls"], t["loopback"]) for t in bad["forwarding"]] == [
        ("rsyslog", "udp", False, False),
        ("rsyslog", "tcp", False, True),
        ("syslog-ng", "tcp", True, False),
        ("syslog-ng", "udp", False, False),
    ]
    assert rows(bad["files"], path="/var/log/auth.log")[0]["world_writable"] is True
    assert (bad["rotation"]["every"], bad["rotation"]["rotate"]) == ("weekly", 4)
    assert small["forwarding"][0]["host"] == "192.0.2.10"


def test_firewall() -> None:
    real, good, bad = (data(host, "firewall") for host in ("debian-12", "rhel-9", "ubuntu-22.04"))
    assert real["input"] == {"ip": "drop", "ip6": "drop"}
    assert real["output"] == {"ip": "accept", "ip6": "accept"}
    (ssh,) = [rule for rule in real["rules"] if 22 in rule.get("ports", [])]
    assert (ssh["sources"], ssh["action"], ssh["ports"]) == (["@engineering"], "accept", [22, 443])
    assert rows(real["rules"], comment="loopback")[0]["in_interfaces"] == ["lo"]
    assert [rule["not_sources"] for rule in real["rules"] if "not_sources" in rule] == [["192.0.2.10"]]
    assert len({rule["_line"] for rule in real["rules"]}) == len(real["rules"])
    # A policy of ACCEPT whose last rule drops everything is a default of drop.
    assert good["input"] == {"ip": "drop", "ip6": "drop"}
    assert rows(good["rules"], comment="engineering ssh")[0]["ports"] == [22]
    assert [rule["ports"] for rule in good["rules"] if "not_sources" in rule] == [[4840, "4843-4845"]]
    assert (bad["active"], bad["ufw_enabled"], bad["input"]["ip"]) == (False, False, "accept")


def test_mounts() -> None:
    good, bad = data("rhel-9", "mounts"), data("ubuntu-22.04", "mounts")
    (tmp,) = rows(good["mounts"], target="/tmp")
    assert (tmp["nodev"], tmp["nosuid"], tmp["noexec"]) == (True, True, True)
    assert rows(good["fstab"], target="/mnt/usb stick")
    assert good["usb_storage"] == {"loaded": False, "blacklisted": True, "disabled": True}
    assert (good["usbguard"]["installed"], good["usbguard"]["implicit_policy_target"]) == (True, "block")
    assert good["encrypted"][0]["name"] == "luks-root"
    assert rows(good["devices"], name="sr0")[0]["removable"] is True
    assert bad["usb_storage"]["loaded"] is True
    assert rows(bad["devices"], removable=True)[0]["target"] == "/media/operator/STICK"


def test_sessions() -> None:
    good, bad = data("rhel-9", "sessions"), data("ubuntu-22.04", "sessions")
    assert (good["shell_timeout"], good["shell_timeout_readonly"]) == (900, True)
    assert good["logind"]["idle_action_sec"] == 900
    assert good["desktop"]["desktop_session_idle_delay"] == 900
    assert "desktop_session_idle_delay" in good["desktop_locks"]
    assert (good["issue"]["present"], good["issue"]["names_system"], good["motd"]["present"]) == (True, False, False)
    assert rows(good["limits"], item="maxlogins")[0]["value"] == 4
    assert (bad["shell_timeout"], bad["issue"]["names_system"]) == (0, True)
    assert bad["display_manager"]["autologin_user"] == "operator"


def test_kernel() -> None:
    good, bad = data("rhel-9", "kernel"), data("ubuntu-22.04", "kernel")
    assert good["sysctl"]["kernel_randomize_va_space"] == 2
    assert good["sysctl_files"]["net_ipv4_conf_all_log_martians"] == 1
    assert (good["selinux"]["enforcing"], good["selinux"]["configured"]) == (True, "enforcing")
    assert (good["firmware"], good["secure_boot"], good["lockdown"]) == ("efi", True, "integrity")
    assert [row["state"] for row in good["cpu_vulnerabilities"]] == ["not-affected", "mitigated", "vulnerable"]
    assert (good["coredump"]["storage"], good["crypto_policy"]) == ("none", "FIPS")
    assert bad["apparmor"]["complaining"] == 1
    assert (bad["firmware"], bad["module_signatures"]) == ("bios", False)
    assert "secure_boot" not in bad


def test_certificates() -> None:
    real, good, bad = (data(host, "certificates") for host in ("debian-12", "rhel-9", "ubuntu-22.04"))
    hmi, ca = real["certificates"]
    assert (hmi["days_left"], hmi["key_algorithm"], hmi["curve"], hmi["names"]) == (
        20, "ec", "prime256v1", ["DNS:hmi-1.plant.example", "IP Address:192.0.2.30"],
    )  # fmt: skip
    assert (ca["ca"], ca["key_bits"], ca["self_signed"]) == (True, 2048, True)
    assert good["certificates"][0]["self_signed"] is False
    assert good["unreadable"][0]["path"] == "/etc/pki/tls/certs/broken.crt"
    assert (bad["certificates"][0]["days_left"], bad["certificates"][0]["key_bits"]) == (-326, 1024)


def test_backups() -> None:
    good, bad = data("rhel-9", "backups"), data("ubuntu-22.04", "backups")
    assert good["tools"] == ["rear", "restic"]
    (restic,) = rows(good["jobs"], tool="restic")
    assert (restic["last_run"], restic["succeeded"], restic["age_days"]) == ("2026-11-23T02:41:07Z", True, 0)
    assert good["age_days"] == 0
    assert [job["command"] for job in bad["jobs"]] == ["/usr/bin/rsnapshot alpha", "my-backup"]
    assert bad["age_days"] == 179
