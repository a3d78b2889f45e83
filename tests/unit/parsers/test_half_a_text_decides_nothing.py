# SPDX-License-Identifier: Apache-2.0
"""Half a configuration proves nothing, and accuses nobody either."""

from __future__ import annotations

import pytest

from plantproof.adapters.content import Content
from plantproof.adapters.rules import load_all_checks
from plantproof.checks.engine import evaluate
from plantproof.checks.explain import outcome_of
from plantproof.checks.subjects import KindEvidence, Subject
from plantproof.core.plant import Asset
from plantproof.core.verdicts import Verdict
from plantproof.parsers.registry import parse

IOS = "version 15.2\nhostname sw1\nno ip http server\nline vty 0 4\n transport input ssh\nend\n"
FRR = "frr version 8.4.4\nfrr defaults traditional\nhostname r1\nline vty\nexit\nend\n"
NFT = """@@ command nft -j list ruleset
{"nftables": [{"metainfo": {"version": "1.0.6", "json_schema_version": 1}},
{"table": {"family": "inet", "name": "filter", "handle": 1}},
{"chain": {"family": "inet", "table": "filter", "name": "input", "type": "filter", "hook": "input", "prio": 0, "policy": "drop"}}]}
"""
SAVE = "@@ command iptables-save\n*filter\n:INPUT DROP [0:0]\n-A INPUT -i lo -j ACCEPT\nCOMMIT\n"
KERNEL = "@@ command grep nft_do_chain /proc/kallsyms; cat /proc/net/ip_tables_names\nnf_tables no\nip_tables no\n"
NONE = '@@ command nft -j list ruleset\n{"nftables": []}\n'
ALONE = NFT.replace("[{", "[\n{", 1)


@pytest.mark.parametrize(
    ("kind", "text"),
    [
        ("cisco_ios.config", IOS),
        ("frr.config", FRR),
        ("linux.firewall", NFT),
        ("linux.firewall", SAVE),
        ("linux.firewall", KERNEL),
        ("linux.firewall", NONE),
        ("linux.firewall", ALONE),
    ],
)
def test_a_whole_text_is_not_called_broken(kind: str, text: str) -> None:
    facts = parse(kind, text)
    assert (facts.broken, facts.unparsed) == ("", ())


@pytest.mark.parametrize(
    ("kind", "text", "said"),
    [
        ("cisco_ios.config", IOS.removesuffix("end\n"), "does not end with the line `end`, but with line 5"),
        ("cisco_ios.config", "", "does not end with the line `end`: nothing is there"),
        ("cisco_ios.config", IOS + "sw1#\n" + IOS, "line 8 stands after the configuration's end in line 6"),
        ("cisco_ios.config", IOS.replace("end\n", " end\n"), "does not end with the line `end`"),
        (
            "cisco_ios.config",
            IOS.replace("no ip http", "banner motd ^C\nKeep out\nno ip http").replace(
                "line vty", "banner login ^C hi ^C\nline vty"
            ),
            "line 3 never ends",
        ),
        ("cisco_ios.config", IOS.replace("line vty", "banner motd ^CKeep out\nline vty"), "line 4 never ends"),
        ("frr.config", FRR[: len(FRR) // 2], "does not end with the line `end`"),
        ("linux.firewall", NFT[:-12] + "\n", "the JSON of line 2 does not begin and end"),
        ("linux.firewall", NFT.replace('{"table": {', '{"table": '), "line 3 is not the JSON that it should be"),
        ("linux.firewall", SAVE.removesuffix("COMMIT\n"), "the table that begins in line 2 has no COMMIT"),
        ("linux.firewall", SAVE.replace("COMMIT", "*nat\nCOMMIT"), "the table that begins in line 2 has no COMMIT"),
        ("linux.firewall", SAVE.replace("-i lo", '-i "lo'), "line 4 is no line of a table"),
        ("linux.firewall", SAVE.replace("*filter\n", ""), "line 2 is no line of a table"),
        ("linux.firewall", NFT.partition("\n")[0] + "\n", "the answer to line 1 is empty"),
        (
            "linux.firewall",
            "@@ command nft -j list ruleset\nnetlink: Error: cache initialization failed: Operation not permitted\n",
            "the JSON of line 2 does not begin",
        ),
        ("linux.firewall", KERNEL.replace("no", "yes", 1), "line 2 says that the kernel holds nf_tables"),
        ("linux.firewall", "@@ file /etc/firewalld/firewalld.conf\nDefaultZone=drop\n", "neither rules are listed nor"),
    ],
)
def test_half_a_text_is_called_broken_and_makes_every_check_inconclusive(kind: str, text: str, said: str) -> None:
    facts = parse(kind, text)
    assert said in facts.broken
    evidence = {kind: KindEvidence(kind=kind, facts=facts)}
    subject = Subject(asset=Asset(id="a", zone="z"), evidence=evidence, expected=frozenset({kind}))
    checks = [check for check in load_all_checks(Content()) if check.check.kinds == (kind,)]
    evaluation = evaluate(checks, [subject], now="2026-11-23T00:00:00Z")
    outcomes = [outcome_of(evaluation, check, asked) for check, asked, _ in evaluation.asked()]
    assert outcomes
    assert {outcome.verdict for outcome in outcomes} == {Verdict.INCONCLUSIVE}
    assert all(said in outcome.message for outcome in outcomes)


def test_an_unended_banner_swallows_nothing() -> None:
    text = IOS.replace("no ip http", "banner motd ^C\nKeep out\nno ip http").replace(
        "line vty", "banner login ^C hi ^C\nline vty"
    )
    data = parse("cisco_ios.config", text).data
    http, lines, banners = data["http"], data["lines"], data["banners"]
    assert isinstance(http, dict)
    assert http["server"] is False
    assert isinstance(lines, list)
    assert len(lines) == 1
    assert isinstance(banners, list)
    assert [banner["kind"] for banner in banners] == ["login"]


@pytest.mark.parametrize("banner", ["line Hi there", "file /etc/motd", "default"])
def test_a_banner_of_frr_is_one_line_and_swallows_nothing(banner: str) -> None:
    facts = parse("frr.config", FRR.replace("hostname", f"banner motd {banner}\nhostname"))
    assert (facts.broken, facts.unparsed, facts.data["hostname"]) == ("", (), "r1")


@pytest.mark.parametrize(
    "shown",
    [
        "sw1#show running-config\n{}sw1#\n",
        "{}\nsw1# exit\n",
        "sw1>\n{}sw1(config)#",
        "Building configuration...\n\nCurrent configuration : 4102 bytes\n{}",
    ],
)
def test_a_terminal_around_the_text_does_no_harm(shown: str) -> None:
    facts = parse("cisco_ios.config", shown.format(IOS))
    assert (facts.broken, facts.unparsed) == ("", ())


@pytest.mark.parametrize(
    ("kind", "text", "lines"),
    [
        ("cisco_ios.config", "@@ command show running-config\n" + IOS.replace("no ip", " --More-- \nno ip"), (4,)),
        ("cisco_ios.config", IOS.replace("no ip", "description " + "x" * 30_000 + "\nno ip"), (3,)),
        ("cisco_ios.config", "@@ command show running-config\n" + IOS + "@@ cut show running-config\n", (8,)),
        ("cisco_ios.config", ("@@ command show running-config\n" + IOS) * 2, (8,)),
        ("cisco_ios.config", IOS.replace("no ip", "*Mar  1 00:01:02.123: %SYS-5-CONFIG_I: by con 0\nno ip"), (3,)),
        ("cisco_ios.config", IOS.replace("no ip", "000123: 1w2d: %SYS-5-CONFIG_I: by con 0\nno ip"), (3,)),
        ("cisco_ios.ssh", "SSH Enabled - version 2.0\n --More-- \n", (2,)),
        ("cisco_ios.ssh", "% Invalid input detected at '^' marker.\n", (1,)),
        ("cisco_ios.version", "Cisco IOS Software, Version 15.2(4)EA\n@@ cut show version\n", (2,)),
        ("cisco_ios.users", "    Line       User\n--More--\n", (2,)),
        ("cisco_ios.snmp", "", (1,)),
        ("cisco_ios.time", "Clock is synchronized, stratum 2, reference is 192.0.2.1\n% Error\n", (2,)),
        ("frr.config", FRR.replace("hostname", "% Unknown command\nhostname"), (3,)),
        ("frr.version", "FRRouting 8.4.4 (r1).\n--More--\n", (2,)),
    ],
)
def test_what_no_command_prints_is_a_line_that_was_not_understood(kind: str, text: str, lines: tuple[int, ...]) -> None:
    facts = parse(kind, text)
    assert (facts.broken, facts.unparsed) == ("", lines)


@pytest.mark.parametrize(
    ("line", "version", "hostname", "system"),
    [
        ("FRRouting 8.4.4 (rt-dosing) on Linux(6.1.0-18-amd64).", "8.4.4", "rt-dosing", "Linux(6.1.0-18-amd64)"),
        ("FRRouting 7.5.1 (r1).", "7.5.1", "r1", None),
        ("FRRouting 10.0_git", "10.0_git", None, None),
        ("FRRouting 9.1 (edge.example.org) on Linux", "9.1", "edge.example.org", "Linux"),
    ],
)
def test_frr_says_its_version_and_name(line: str, version: str, hostname: str | None, system: str | None) -> None:
    data = parse("frr.version", f"{line}\nCopyright 1996-2005 Kunihiro Ishiguro, et al.\n").data
    assert (data["version"], data.get("hostname"), data.get("system")) == (version, hostname, system)
