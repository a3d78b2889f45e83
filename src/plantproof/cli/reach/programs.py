# SPDX-License-Identifier: Apache-2.0
"""A report as JSON."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from plantproof.firewall.program import Rule
from plantproof.firewall.reach import Device, Finding, Pair, Report, hosts_text, named_rules
from plantproof.firewall.reach.services import services_text

__all__ = ["report_json"]


def report_json(devices: Mapping[str, Device], report: Report, findings: Iterable[Finding]) -> dict[str, object]:
    """Everything, for programs."""
    return {
        "firewalls": [
            {
                "id": name,
                "dialect": device.listing.dialect,
                "rules": len(device.listing.rules),
                "lines": device.listing.lines,
                "not_understood": sum(not rule.understood for rule in device.listing.rules),
                "incomplete": [rule.why for rule in device.listing.incomplete],
            }
            for name, device in devices.items()
        ],
        "pairs": [_pair_json(devices, pair) for pair in report.pairs.values()],
        "findings": [_finding_json(devices, finding) for finding in findings],
        "unused": [_rule_json(devices, name, rule) for name, rule in report.unused],
        "strays": [
            {
                "firewall": one.firewall,
                "way": one.way.value,
                "family": one.family,
                "rules": [_rule_json(devices, one.firewall, rule) for rule in one.rules],
            }
            for one in report.strays
        ],
        "unknown": [{"about": one.about, "why": one.why} for one in report.unknown],
    }


def _pair_json(devices: Mapping[str, Device], pair: Pair) -> dict[str, object]:
    return {
        "from": pair.source,
        "to": pair.target,
        "unfiltered": pair.unfiltered,
        "passages": [
            {
                "outcome": str(passage.outcome),
                "service": services_text(passage.arriving),
                "hosts": hosts_text(passage),
                "by": [_rule_json(devices, name, rule) for name, rule in named_rules(devices, passage)],
            }
            for passage in pair.passages
        ],
    }


def _finding_json(devices: Mapping[str, Device], finding: Finding) -> dict[str, object]:
    return {
        "outcome": str(finding.outcome),
        "severity": "error" if finding.error else "warning",
        "from": finding.source,
        "to": finding.target,
        "service": finding.service,
        "message": finding.message,
        "hint": finding.hint,
        "hosts": finding.hosts,
        "rules": [_rule_json(devices, name, rule) for name, rule in finding.rules],
        "declared": {"file": finding.where.file, "line": finding.where.line} if finding.where else None,
    }


def _rule_json(devices: Mapping[str, Device], firewall: str, rule: Rule) -> dict[str, object]:
    found: dict[str, object] = {"firewall": firewall, "file": devices[firewall].source, "line": rule.line}
    found |= {"text": rule.text, "action": rule.action}
    return found if rule.understood else {**found, "why": rule.why}
