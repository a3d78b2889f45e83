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


@pytest.mark.parametrize(
    ("kind", "text"),
    [("cisco_ios.config", IOS), ("frr.config", FRR), ("linux.firewall", NFT), ("linux.firewall", SAVE)],
)
def test_a_whole_text_is_not_called_broken(kind: str, text: str) -> None:
    assert parse(kind, text).broken == ""


@pytest.mark.parametrize(
    ("kind", "text", "said"),
    [
        ("cisco_ios.config", IOS.removesuffix("end\n"), "does not end with the line `end`"),
        ("cisco_ios.config", IOS.replace("line vty", "banner motd ^CKeep out\nline vty"), "line 4 never ends"),
        ("frr.config", FRR[: len(FRR) // 2], "does not end with the line `end`"),
        ("linux.firewall", NFT[:-12] + "\n", "the JSON of line 2 does not begin and end"),
        ("linux.firewall", NFT.replace('{"table": {', '{"table": '), "line 3 is not the JSON that it should be"),
        ("linux.firewall", SAVE.removesuffix("COMMIT\n"), "the table that begins in line 2 has no COMMIT"),
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
