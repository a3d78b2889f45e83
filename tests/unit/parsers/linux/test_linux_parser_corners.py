# SPDX-License-Identifier: Apache-2.0
"""Forms that whole-host fixtures do not hold, and lines that must be named as not understood."""

from __future__ import annotations

from typing import Any

import pytest

from plantproof.core.facts import Facts
from plantproof.parsers.registry import parse


def read(kind: str, *lines: str) -> Facts:
    return parse(f"linux.{kind}", "\n".join(lines) + "\n")


def data(kind: str, *lines: str) -> Any:
    return read(kind, *lines).data


@pytest.mark.parametrize(
    ("kind", "lines", "unparsed"),
    [
        ("host", ["@@ command uname -s -r -m", "Linux", "@@ command grep -E ^btime  /proc/stat", "btime x"], (2, 4)),
        ("accounts", ["@@ file /etc/passwd", "root:x:zero", "+@ops::::::", "@@ file /etc/shadow", "root:$6$x:1"], (2, 5)),
        ("accounts", ["@@ file /etc/group", "wheel:x:ten:", "+"], (2,)),
        ("accounts", ["@@ command ssh-keygen -l -f /root/.ssh/authorized_keys", "what"], (2,)),
        ("sudo", ["@@ file /etc/sudoers", "just words", "Defaults 5=6", "User_Alias X", "@include /etc/other", "a ALL"], (2, 3, 4, 5, 6)),
        ("sudo", ["@@ file /etc/sudoers", "a \\"], (2,)),
        ("sudo", ["@@ unreadable /etc/sudoers.d/secret"], (1,)),
        ("sudo", ["@@ file /etc/sudoers", ",".join(["a"] * 2001) + " ALL=ALL"], (2,)),
        ("sudo", ["@@ file /etc/sudoers", *["b" * 900 + "\\"] * 30, "ALL=ALL"], (2,)),
        ("sudo", ["@@ file /etc/doas.conf", "maybe root"], (2,)),
        ("pam", ["@@ file /etc/pam.d/x", "auth", "@@ unreadable /etc/pam.d/y"], (2, 3)),
        ("sshd", ["@@ file /etc/ssh/sshd_config", "Novelty yes", "!", "Include /opt/x.conf"], (2, 3, 4)),
        ("sshd", ["@@ unreadable /etc/ssh/sshd_config.d/a.conf"], (1,)),
        ("listeners", ["@@ command ss -t", "tcp LISTEN 0 0", "nl UNCONN 0 0 a:1 b", "tcp LISTEN 0 0 1.2.3.4:99999 *:*"], (2, 3, 4)),
        ("listeners", ["@@ command netstat -t", "tcp 0 0", "tcp 0 0 x 0.0.0.0:* LISTEN"], (2, 3)),
        ("listeners", ["@@ file /proc/net/tcp", "0: zz 0 0A"], (2,)),
        ("services", ["@@ command systemctl list-unit-files", "a.service novel", "b.mount enabled"], (2, 3)),
        ("services", ["@@ command systemctl list-units", "a.service loaded"], (2,)),
        ("packages", ["@@ command dpkg-query -W", "odd"], (2,)),
        ("packages", ["@@ command rpm -q -a", "ii a 1"], (2,)),
        ("packages", ["@@ command apk --no-network info -v", "WARNING: old", "odd"], (3,)),
        ("packages", ["@@ command opkg list-installed", "odd"], (2,)),
        ("packages", ["@@ command grep -E ^[^#] /etc/apt/sources.list", "odd"], (2,)),
        ("logging", ["@@ command auditctl -l", "-w", "-x /a", "nonsense here", "-w /a -F bad"], (2, 3, 4, 5)),
        ("firewall", ["@@ command nft -j list ruleset", "Error: no", '{"novel": {}}', "[" * 5000], (2, 3, 4)),
        ("firewall", ["@@ command iptables-save", "-A", '-A INPUT "', "what", "[0:0] -X"], (2, 3, 4, 5)),
        ("mounts", ["@@ file /etc/fstab", "only two"], (2,)),
        ("sessions", ["@@ file /etc/security/limits.conf", "* hard core", "@ops - nofile 5"], (2,)),
        ("kernel", ["@@ file /etc/sysctl.conf", "what", "@@ command od -A n /sys/firmware/efi/efivars/SecureBoot-1", "1 2"], (2, 4)),
        ("kernel", ["@@ unreadable /etc/sysctl.d/a.conf"], (1,)),
        ("time", ["@@ cut chronyc"], (1,)),
    ],
)  # fmt: skip
def test_what_is_not_understood_is_named(kind: str, lines: list[str], unparsed: tuple[int, ...]) -> None:
    assert read(kind, *lines).unparsed == unparsed


def test_openwrt_names_itself() -> None:
    facts = data(
        "host", "@@ file /etc/openwrt_release", "DISTRIB_ID='OpenWrt'", "DISTRIB_RELEASE='23.05'", "DISTRIB_TARGET='x'"
    )
    assert facts["os"]["version_id"] == "23.05"


def test_sudo_tags_carry_over_and_can_be_undone() -> None:
    line = (
        '%"Domain Admins", !bob, +net, %#50 h1, h2 = (a : b) NOPASSWD: NOEXEC: /bin/a, PASSWD: EXEC: /bin/b : h3 = ALL'
    )
    rules = data(
        "sudo", "@@ file /etc/sudoers", line, 'c ALL=(ALL) CWD=/tmp NOPASSWD:"/bin/x y" # why', "d ALL = () /bin/\\:z"
    )["rules"]
    first = [rule for rule in rules if rule["who"] == "Domain Admins"]
    assert [(rule["hosts"], rule["nopasswd"], rule["noexec"], rule["commands"]) for rule in first] == [
        (["h1", "h2"], True, True, ["/bin/a"]),
        (["h1", "h2"], False, False, ["/bin/b"]),
        (["h3"], False, False, ["ALL"]),
    ]
    assert (first[0]["run_as"], first[0]["run_as_groups"]) == (["a"], ["b"])
    assert {(rule["who"], rule["who_kind"], rule["negated"]) for rule in rules} >= {
        ("bob", "user", True), ("net", "netgroup", False), ("50", "gid", False),
    }  # fmt: skip
    (c,) = [rule for rule in rules if rule["who"] == "c"]
    assert (c["nopasswd"], c["commands"]) == (True, ['"/bin/x y"'])
    (d,) = [rule for rule in rules if rule["who"] == "d"]
    assert (d["run_as"], d["commands"]) == (["root"], ["/bin/\\:z"])


def test_doas_rules() -> None:
    rules = data("sudo", "@@ file /etc/doas.conf", "permit nopass :wheel", "deny bob cmd reboot", "permit persist")[
        "doas_rules"
    ]
    assert [(rule["who"], rule["who_kind"], rule["nopasswd"]) for rule in rules] == [
        ("wheel", "group", True), ("bob", "user", False), ("", "user", False),
    ]  # fmt: skip


def test_pam_options_win_over_files_and_lines_may_continue() -> None:
    facts = data(
        "pam",
        "@@ file /etc/pam.conf",
        "sshd auth required /lib/security/pam_tally2.so deny=3 \\",
        "  unlock_time=60 onerr=fail",
        "sshd password required pam_unix.so nullok_secure remember=5 rounds=65536",
        "@@ file /etc/security/faillock.conf",
        "deny = 9",
        "silent",
        "@@ file /etc/securetty",
        "tty1",
    )
    assert (facts["lockout"]["deny"], facts["lockout"]["unlock_time"], facts["lockout"]["silent"]) == (3, 60, True)
    assert facts["stack"][0]["service"] == "sshd"
    assert (facts["unix"]["nullok"], facts["unix"]["remember"]) == (True, 5)
    assert facts["root_terminals"] == ["tty1"]


def test_sshd_words_durations_and_nested_files() -> None:
    facts = data(
        "sshd",
        "@@ file /etc/ssh/sshd_config",
        "Include extra.conf",
        "LoginGraceTime = 1h30m",
        "ClientAliveInterval never",
        "Port 22",
        "Port 2222",
        "@@ file /etc/ssh/extra.conf",
        "Include /etc/ssh/sshd_config",
        "Match User x",
        "PermitRootLogin without-password",
        "@@ file /etc/default/dropbear",
        "DROPBEAR_PORT=22",
    )
    assert (facts["login_grace_time"], facts["client_alive_interval"], facts["port"]) == (5400, "never", [22, 2222])
    assert facts["match_blocks"][0]["settings"]["permit_root_login"] == "prohibit-password"
    assert "permit_root_login" not in facts
    assert facts["dropbear"][0]["text"] == "DROPBEAR_PORT=22"


def test_sshd_stops_at_too_many_includes_and_prints_keywords_without_a_value() -> None:
    assert read("sshd", "@@ file /etc/ssh/sshd_config", *["Include /etc/ssh/sshd_config.d/*.conf"] * 101).unparsed == (
        102,
    )
    facts = read(
        "sshd", "@@ command sshd -T", "port 22", "authorizedkeyscommanduser", "@@ file /etc/ssh/sshd_config", "Odd x"
    )
    assert facts.unparsed == ()


def test_sockets_from_the_kernels_own_tables() -> None:
    facts = data(
        "listeners",
        "@@ command ss -t -u -l -p -n",
        "@@ file /proc/net/tcp",
        "  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid",
        "   0: 0100007F:0277 00000000:0000 0A 00000000:00000000 00:00000000 00000000  1000        0 1",
        "   1: 0A0200C0:0016 00000000:0000 01 00000000:00000000 00:00000000 00000000     0        0 1",
        "@@ file /proc/net/tcp6",
        "   0: 00000000000000000000000000000000:12E8 0:0 0A 0 0 0 x",
        "   1: 00000000000000000000000001000000:0277 0:0 0A 0 0 0 0",
        "   2: B80D0120000000000000000001000000:0277 0:0 0A",
        "@@ file /proc/net/udp",
        "   0: 00000000:00A1 00000000:0000 07 0 0 0 0",
    )
    assert facts["source"] == "proc"
    assert [(s["address"], s["port"], s["loopback"], s["wildcard"]) for s in facts["sockets"]] == [
        ("127.0.0.1", 631, True, False),
        ("::", 4840, False, True),
        ("::1", 631, True, False),
        ("2001:0db8:0000:0000:0000:0000:0000:0001", 631, False, False),
        ("0.0.0.0", 161, False, True),
    ]
    assert facts["sockets"][0]["uid"] == 1000


def test_openrc_services() -> None:
    facts = data(
        "services",
        "@@ command rc-update show",
        "              sshd |      default",
        "             devfs |",
        "@@ command rc-status --all --nocolor",
        "Runlevel: default",
        " sshd                          [  started  ]",
        " ntpd                          [  stopped  ]",
    )
    assert facts["manager"] == "openrc"
    assert [(s["name"], s["enabled"], s["running"]) for s in facts["services"]] == [
        ("sshd", True, True),
        ("ntpd", False, False),
    ]


def test_init_scripts_without_links_are_not_enabled() -> None:
    facts = data(
        "services",
        "@@ command head -n 1 FILE...",
        "/proc/1/comm = init",
        "@@ command ls -1 /etc/init.d",
        "telnetd",
        "README",
    )
    assert [(s["name"], s["enabled"]) for s in facts["services"]] == [("telnetd", False)]
    assert data("services", "@@ command head -n 1 FILE...", "/proc/1/comm = runit")["manager"] == "runit"


def test_apk_and_opkg() -> None:
    apk = data(
        "packages",
        "@@ command apk --no-network info -v",
        "busybox-extras-1.36.1-r5",
        "@@ command apk --no-network version -l <",
        "Installed:                                Available:",
        "openssl-3.1.0-r1                        < 3.1.4-r0",
        "@@ command grep -E ^[^#] /etc/apk/repositories",
        "https://mirror.plant.example/alpine/v3.18/main",
    )
    assert (apk["manager"], apk["packages"][0]["name"], apk["pending"][0]["candidate"]) == (
        "apk",
        "busybox-extras",
        "3.1.4-r0",
    )
    assert (apk["pending_known"], apk["security_known"]) == (True, False)
    opkg = data(
        "packages",
        "@@ command opkg list-installed",
        "dropbear - 2022.82-2",
        "@@ command opkg list-upgradable",
        "dropbear - 2022.82-2 - 2022.83-1",
        "@@ command grep -E ^[^#] /etc/opkg/distfeeds.conf",
        "src/gz base https://mirror.plant.example/base",
        "option x",
    )
    assert (opkg["pending"][0]["installed"], opkg["repositories"][0]["id"]) == ("2022.82-2", "base")


def test_other_ways_to_send_logs() -> None:
    facts = data(
        "logging",
        "@@ file /etc/syslog.conf",
        "*.* @log.plant.example",
        "*.* /var/log/messages",
        "@@ file /etc/config/system",
        "option log_ip '192.0.2.9'",
        "@@ file /etc/systemd/journal-upload.conf",
        "[Upload]",
        "URL=https://[2001:db8::1]:19532",
        "@@ file /etc/audit/plugins.d/au-remote.conf",
        "active = yes",
        "@@ file /etc/audit/audisp-remote.conf",
        "remote_server = audit.plant.example",
        "@@ file /etc/rsyslog.d/relp.conf",
        'action(type="omrelp" target="r.plant.example" port="2514" tls="on")',
        'action(type="omfwd")',
        "*.* @[2001:db8::2]:5514",
        "@@ file /etc/syslog-ng/syslog-ng.conf",
        'destination d { syslog("s.plant.example"); };',
    )
    assert [(t["tool"], t["protocol"], t["host"], t["tls"]) for t in facts["forwarding"]] == [
        ("rsyslog", "relp", "r.plant.example", True),
        ("rsyslog", "udp", "2001:db8::2", False),
        ("syslog-ng", "tcp", "s.plant.example", False),
        ("openwrt", "udp", "192.0.2.9", False),
        ("syslogd", "udp", "log.plant.example", False),
        ("journal-upload", "https", "2001:db8::1", True),
        ("audisp-remote", "tcp", "audit.plant.example", False),
    ]


def test_lists_that_may_not_be_whole_are_left_out() -> None:
    facts = data("logging", "@@ unreadable /etc/rsyslog.d/a.conf", "@@ unreadable audit rules in the kernel")
    assert "forwarding" not in facts
    assert "audit_rules" not in facts
    assert "authorized_keys" not in data("accounts", "@@ command id -u", "1000")
    assert "rules" not in data("mounts", "@@ unreadable /etc/usbguard/rules.conf")["usbguard"]
    assert data("backups", "@@ unreadable /var/spool/cron/crontabs/*")["jobs_complete"] is False
    assert data("certificates", "@@ unreadable /etc/nginx/ssl/a.crt")["unreadable"][0]["path"] == "/etc/nginx/ssl/a.crt"


def test_audit_rules_from_files_and_their_newer_forms() -> None:
    facts = data(
        "logging",
        "@@ command auditctl -l",
        "@@ file /etc/audit/rules.d/a.rules",
        "-D",
        "--backlog_wait_time 60000",
        "-a always,exit -F path=/etc/shadow -F perm=wa -k shadow",
        "-a never,task -F auid>=1000",
        "-e 2",
    )
    assert facts["audit_rules_source"] == "files"
    assert facts["audit_immutable"] is True
    assert [(r["kind"], r.get("path"), r.get("perms"), r["fields"]) for r in facts["audit_rules"]] == [
        ("watch", "/etc/shadow", "aw", {}),
        ("syscall", None, None, {"auid": ">=1000"}),
    ]
    assert data("logging", "@@ command auditctl -l", "No rules")["audit_rules"] == []


def nft(*items: str) -> list[str]:
    return [
        "@@ command nft -j list ruleset",
        '{"nftables": [{"metainfo": {"version": "1"}},',
        *[f"{item}," for item in items[:-1]],
        items[-1] + "]}",
    ]


CHAIN = '{"chain": {"family": "ip", "table": "f", "name": "%s"%s}}'
BASE = CHAIN % ("input", ', "type": "filter", "hook": "input", "prio": "x", "policy": "accept"')


def rule(chain: str, *parts: str) -> str:
    return f'{{"rule": {{"family": "ip", "table": "f", "chain": "{chain}", "expr": [{", ".join(parts)}]}}}}'


@pytest.mark.parametrize(
    ("rules", "verdict"),
    [
        ([rule("input", '{"jump": {"target": "end"}}'), rule("end", '{"drop": null}')], "drop"),
        ([rule("input", '{"goto": {"target": "end"}}'), rule("input", '{"drop": null}')], "accept"),
        (
            [
                rule("input", '{"jump": {"target": "end"}}'),
                rule("end", '{"return": null}'),
                rule("input", '{"reject": null}'),
            ],
            "drop",
        ),
        ([rule("input", '{"jump": {"target": "input"}}')], "accept"),
        ([rule("input", '{"accept": null}'), rule("input", '{"drop": null}')], "accept"),
        ([rule("input", '{"match": {}}', '{"drop": null}')], "accept"),
        ([rule("input", '{"counter": null}', '{"drop": null}')], "drop"),
        ([rule("input", '{"limit": {"rate": 1}}', '{"drop": null}')], "accept"),
    ],
)
def test_what_becomes_of_the_unknown_packet(rules: list[str], verdict: str) -> None:
    facts = read("firewall", *nft(BASE, CHAIN % ("end", ""), *rules))
    assert facts.unparsed == ()
    found = facts.data["input"]
    assert isinstance(found, dict)
    assert found["ip"] == verdict


def test_nft_values_of_every_form() -> None:
    def match(left: str, right: str, op: str = "==") -> str:
        return f'{{"match": {{"op": "{op}", "left": {left}, "right": {right}}}}}'

    port = '{"payload": {"protocol": "tcp", "field": "dport"}}'
    source = '{"payload": {"protocol": "ip", "field": "saddr"}}'
    parts = [
        match(port, '{"set": [22, {"range": [1000, 2000]}]}'),
        match(source, '{"prefix": {"addr": "192.0.2.0", "len": 24}}'),
        match('{"meta": {"key": "oif"}}', "[1.5, null]", "!="),
        match('"odd"', "1"),
        '{"vmap": {}}',
    ]
    (found,) = data("firewall", *nft(rule("input", *parts), '{"rule": {"expr": 5}}'))["rules"][:1]
    assert (found["ports"], found["sources"], found["not_out_interfaces"]) == (
        [22, "1000-2000"],
        ["192.0.2.0/24"],
        ["1.5", ""],
    )
    assert found["action"] == "vmap"


def test_iptables_jumps_and_odd_options() -> None:
    facts = data(
        "firewall",
        "@@ command ip6tables-legacy-save",
        "*nat",
        ":POSTROUTING ACCEPT [0:0]",
        "*mangle",
        ":INPUT ACCEPT [0:0]",
        "[1:2] -A INPUT -p udp --dport 161 -g SNMP",
        "-A INPUT -m set --match-set a src -j LOG --log-prefix x",
        "COMMIT",
    )
    assert [(chain["type"], chain["hook"]) for chain in facts["chains"]] == [
        ("nat", "postrouting"),
        ("mangle", "input"),
    ]
    assert [(r["action"], r.get("target"), r["logged"]) for r in facts["rules"]] == [
        ("goto", "SNMP", False),
        ("log", None, True),
    ]


def test_ntp_that_is_in_step() -> None:
    facts = data(
        "time",
        "@@ command ntpq -p -n",
        "*192.0.2.1  .GPS. 1 u 33 64 377 1.1 +0.3 0.1",
        "@@ file /etc/openntpd/ntpd.conf",
        "servers pool.plant.example",
        "@@ file /etc/chrony.conf",
        "!comment",
        "@@ command stat -c %Y %n FILE...",
        "1795415831 /run/systemd/timesync/synchronized",
        "0 /nowhere",
        "@@ file /etc/adjtime",
        "LOCAL",
    )
    assert (facts["synchronised"], facts["stratum"], facts["rtc_local"]) == (True, 1, True)
    assert facts["servers"][0]["kind"] == "pool"
    assert (
        data("time", "@@ command stat -c %Y %n FILE...", "1795415831 /run/systemd/timesync/synchronized")[
            "synchronised"
        ]
        is True
    )
    assert "synchronised" not in data("time", "@@ command chronyc -n -c tracking", "506 Cannot talk to daemon")


def test_chrony_that_is_out_of_step() -> None:
    facts = data(
        "time",
        "@@ command chronyc -n -c tracking",
        ",,0,0,x,0,0,0,0,0,1,1,0,Not synchronised",
        "@@ command chronyc -n -c sources",
        "odd",
    )
    assert facts["synchronised"] is False
    assert "offset_seconds" not in facts


def test_sessions_of_kde_and_spans() -> None:
    facts = data(
        "sessions",
        "@@ file /etc/xdg/kscreenlockerrc",
        "Timeout=10",
        "@@ file /etc/systemd/logind.conf",
        "[Login]",
        "IdleActionSec=1h 30min",
        "StopIdleSessionSec=infinity",
        "@@ command grep -E TMOUT|umask /etc/profile",
        "readonly TMOUT",
        "TMOUT=300; export TMOUT",
    )
    assert facts["desktop"]["kscreenlocker_timeout"] == 10
    assert (facts["logind"]["idle_action_sec"], facts["logind"]["stop_idle_session_sec"]) == (5400, "infinity")
    assert (facts["shell_timeout"], facts["shell_timeout_readonly"]) == (300, True)


def test_backups_of_a_user_and_units_that_are_no_backups() -> None:
    facts = data(
        "backups",
        "@@ command systemctl show --no-pager -p Id *.timer",
        "Id=dpkg-db-backup.timer",
        "Unit=dpkg-db-backup.service",
        "",
        "Id=borg.timer",
        "Unit=borg.service",
        "LastTriggerUSec=n/a",
        "@@ command systemctl show --no-pager -p Id *backup*.service",
        "Id=borg.service",
        "Result=exit-code",
        "",
        "Id=x.mount",
        "@@ command grep -E backup /var/spool/cron/crontabs/root",
        "@daily borg create",
        "MAILTO=backup",
        "@@ command grep -E backup /opt/other",
        "1 1 * * * root borg",
    )
    assert [(job["source"], job.get("succeeded"), job.get("user")) for job in facts["jobs"]] == [
        ("timer", False, None),
        ("cron", None, "root"),
    ]
    assert facts["failed"] == ["borg"]
    assert "last_run" not in facts


def test_kernel_corners() -> None:
    facts = data(
        "kernel",
        "@@ file /sys/kernel/security/apparmor/profiles",
        "a (enforce)",
        "odd",
        "@@ file /etc/selinux/config",
        "SELINUX=disabled",
        "OTHER=x",
        "@@ command head -n 1 FILE...",
        "/sys/kernel/security/lockdown = odd",
        "/sys/devices/system/cpu/vulnerabilities/a = KVM: Mitigation: x",
        "/sys/devices/system/cpu/vulnerabilities/b = Processor vulnerable",
        "/other = 1",
        "@@ file /usr/lib/sysctl.d/10.conf",
        "a = 1",
        "@@ file /etc/sysctl.d/10.conf",
        "b = 1",
    )
    assert facts["apparmor"]["profiles"] == 1
    assert facts["selinux"]["configured"] == "disabled"
    assert facts["lockdown"] == "odd"
    assert [row["state"] for row in facts["cpu_vulnerabilities"]] == ["mitigated", "unknown"]
    assert "a" not in facts["sysctl_files"]
