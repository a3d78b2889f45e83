# SPDX-License-Identifier: Apache-2.0
"""Hirschmann HiSecOS and HiOS (EAGLE20/30/40): the packet filter in the XML export of a configuration.

A packet passes the ingress rules of the interface that it arrives on, then the egress rules of the one that it leaves
by, each list by ascending priority; the first match decides, and where none matches the default policy does. A rule
that is assigned to no interface does nothing. Destination translation comes before the filter.

What this rests on: the shape of the file as other tools read it, the columns, numbers and defaults of the public MIBs,
and pages of the manual. **No export with firewall rules from a real device has been seen.** Where these sources say
nothing the answer is inconclusive: whether the default policy also speaks at the egress of a packet that an ingress
rule has accepted, the order of equal priorities, how several kinds of translation meet, ports in a form of their own.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from plantproof.firewall.assembly import Assembly
from plantproof.firewall.dialects.hirschmann.document import Export, Row, broken, read_export
from plantproof.firewall.dialects.hirschmann.fields import ACTIONS, PROTOCOLS, conditions, network, port_ranges
from plantproof.firewall.match import Match, both, match, unsure
from plantproof.firewall.packets import V4, Box, Dim, State, interface
from plantproof.firewall.program import Act, Listing, Rewrite, Rule
from plantproof.firewall.ranges import Ranges

__all__ = ["read"]

_POLICIES: Final = {"1": "accept", "2": "drop", "3": "reject"}
_ACTIVE, _INACTIVE, _TRUE = "1", "2", "1"
_INGRESS, _EGRESS, _BOTH_WAYS = 1, 2, 3
_KNOWN: Final = frozenset(
    {"hm2L3Rule", "hm2L3RuleIfMapping", "hm2DnatRule", "hm2DnatRuleIfMapping", "hm21to1Rule", "hm2MasqRule"}
    | {"hm2MasqRuleIfMapping", "hm2DoubleNatRule", "hm2DoubleNatRuleIfMapping", "hm2DonatRuleIfMapping"}
)
_READ: Final = frozenset({"HM2-FW-MIB", "HM2-NAT-MIB"})
_TRANSLATIONS: Final = (
    ("hm2DnatRule", "hm2DnatTargetAddress", "hm2DnatNewTargetAddress", "hm2DnatRowStatus"),
    ("hm21to1Rule", "hm21to1TargetAddress", "hm21to1NewTargetAddress", "hm21to1RowStatus"),
    ("hm2DoubleNatRule", "hm2DonatLocalExternalIp", "hm2DonatLocalInternalIp", "hm2DonatRowStatus"),
    ("hm2DoubleNatRule", "hm2DonatRemoteInternalIp", "hm2DonatRemoteExternalIp", "hm2DonatRowStatus"),
)
"""Rows, the destination that a packet arrives with, the one that it gets, and the column that says whether it acts."""
_ELSEWHERE: Final = ("hm2AgentAclRule", "hm2AgentAclMacRule")


@dataclass(frozen=True, slots=True)
class _Assigned:
    """A rule where it acts."""

    index: int
    action: str
    found: Match


def read(text: str) -> Listing:
    """Read an export.

    Raises:
        ContentError: it is not whole, is no export, or has no packet filter.
    """
    export = read_export(text)
    rows = {row.number("hm2L3RuleIndex", -1): row for row in export.rows("hm2L3Rule")}
    if not rows and "hm2DefaultPolicy" not in export.scalars:
        hint = "Export the whole configuration of a device with the HiSecOS packet filter as XML."
        raise broken(1, "has no packet filter (HM2-FW-MIB)", hint)
    compiler = _Compiler(export, rows)
    compiler.compile()
    count = sum(len(row.attributes) for (mib, _), table in export.tables.items() if mib in _READ for row in table)
    return Listing(
        dialect="hirschmann-hios",
        rules=tuple(compiler.rules),
        program=compiler.assembly.build({Dim.SRC: V4, Dim.DST: V4}),
        lines=count + ("hm2DefaultPolicy" in export.scalars),
        interfaces=tuple(sorted(compiler.interfaces)),
        incomplete=tuple(_incomplete(export)),
    )


class _Compiler:
    def __init__(self, export: Export, rows: Mapping[int, Row]) -> None:
        self.export = export
        self.rows = rows
        self.assembly = Assembly()
        self.rules: list[Rule] = []
        self.interfaces: set[str] = set()

    def compile(self) -> None:
        add, label = self.assembly.add, self.assembly.label
        add(Act.FORWARD, [{Dim.STATE: Ranges.only(State.ESTABLISHED)}])
        add(Act.FORWARD, [{Dim.STATE: Ranges.only(State.RELATED)}], sure=False, rule=self._related())
        self._translate()
        ingress, egress = self._assigned(_INGRESS), self._assigned(_EGRESS)
        self._unassigned()
        policy, by_default, doubt = self._default()
        for rule in ingress:
            self._add(rule, Act.GO, to="accepted")
        if policy == "accept":
            add(Act.GO, rule=by_default, to="accepted")
        elif policy not in {"drop", "reject"}:
            add(Act.ANYTHING, rule=by_default)
        for rule in egress:  # no ingress rule spoke, and the default policy is to drop
            self._add(rule, Act.ANYTHING)
        add(Act.DROP, rule=by_default)
        label("accepted")
        for rule in egress:
            self._add(rule, Act.FORWARD)
        add(Act.FORWARD if policy == "accept" else Act.ANYTHING, rule=doubt)

    def _related(self) -> int:
        """Understood, and said in answers about such packets only."""
        text = "packets of connections that belong to another"
        why = "rules may name them (state=rel), so that they may not pass by themselves"
        self.rules.append(Rule(line=1, text=text, action="accept", why=why, decides=False))
        return len(self.rules) - 1

    def _add(self, rule: _Assigned, accepted: Act, to: str = "") -> None:
        for sure in (True, False):
            boxes = [part.box for part in rule.found if part.sure is sure]
            if not boxes:
                continue
            if rule.action in {"drop", "reject"}:
                self.assembly.add(Act.DROP, boxes, sure=sure, rule=rule.index)
            elif rule.action in ACTIONS.values():
                self.assembly.add(accepted, boxes, sure=sure, rule=rule.index, to=to)
            else:
                self.assembly.add(Act.ANYTHING, boxes, rule=rule.index)

    def _rule(self, line: int, text: str, action: str, why: str = "", *, decides: bool = True) -> int:
        self.rules.append(
            Rule(
                line=line, text=text, action=action, place="packet filter", understood=not why, why=why, decides=decides
            )
        )  # fmt: skip
        return len(self.rules) - 1

    def _default(self) -> tuple[str, int, int]:
        scalar = self.export.scalars.get("hm2DefaultPolicy")
        policy = _POLICIES.get(scalar.text if scalar else "1", "unknown")
        line = scalar.line if scalar else 1
        text = f"default policy {policy}" + ("" if scalar else " (not in the file: the MIB's default)")
        why = "a default policy that the MIB does not name" if policy == "unknown" else ""
        by_default = self._rule(line, text, f"policy {policy}", why)
        why = (
            "no egress rule matches, and no source says whether the default policy drops what an ingress rule accepted"
        )
        return policy, by_default, self._rule(line, text, f"policy {policy}", why) if policy != "accept" else by_default

    def _mappings(self, direction: int) -> Iterator[tuple[str, int, Row, bool]]:
        for row in self.export.rows("hm2L3RuleIfMapping"):
            status, way = row.text("hm2L3IfmRowStatus"), row.number("hm2L3IfmDirection", -1)
            told = way in {_INGRESS, _EGRESS, _BOTH_WAYS}
            if status != _INACTIVE and (not told or way in {direction, _BOTH_WAYS}):
                sure = status == _ACTIVE and told
                yield row.text("hm2L3IfmInterface"), row.number("hm2L3IfmPriority", -1), row, sure

    def _assigned(self, direction: int) -> list[_Assigned]:
        dim, word = (Dim.IN, "ingress") if direction == _INGRESS else (Dim.OUT, "egress")
        mappings = sorted(self._mappings(direction), key=lambda each: each[:2])
        actions: dict[tuple[str, int], set[int]] = {}
        for name, priority, mapping, _ in mappings:
            row = self.rows.get(mapping.number("hm2L3IfmRuleIndex", -1))
            actions.setdefault((name, priority), set()).add(row.number("hm2L3Action", 1) if row else -1)
        found = []
        for name, priority, mapping, sure in mappings:
            row = self.rows.get(mapping.number("hm2L3IfmRuleIndex", -1))
            if row is None or row.text("hm2L3RowStatus") == _INACTIVE:
                continue
            matched, why = conditions(row, "hm2L3")
            converted = mapping.attributes.get("hm2L3IfmInterface")
            if converted is not None and name and not name.isdigit():
                self.interfaces.add(name)
                matched = both(matched, match({dim: interface(name)}))
            else:
                why.append(f"interface {name or '(none)'}: not a name")
                matched = unsure(matched)
            if len(actions[name, priority]) > 1:
                why.append(f"another rule has priority {priority} too")
                matched = unsure(matched)
            if not sure or row.text("hm2L3RowStatus") != _ACTIVE or priority < 0:
                why.append("its status, direction or priority is not told")
                matched = unsure(matched)
            action = ACTIONS.get(row.number("hm2L3Action", 1), row.text("hm2L3Action"))
            text = f"{_text(row)} ({name} {word} priority {priority})"
            found.append(_Assigned(self._rule(row.line, text, action, "; ".join(why)), action, matched))
        return found

    def _unassigned(self) -> None:
        """Rules that nothing meets: for the listing only."""
        used = {
            row.number("hm2L3IfmRuleIndex", -1)
            for row in self.export.rows("hm2L3RuleIfMapping")
            if row.text("hm2L3IfmRowStatus") != _INACTIVE
        }
        for index, row in self.rows.items():
            active = row.text("hm2L3RowStatus") != _INACTIVE
            if index not in used or not active:
                what = "not assigned" if active else "not active"
                action = ACTIONS.get(row.number("hm2L3Action", 1), row.text("hm2L3Action"))
                self._rule(row.line, _text(row), f"{action}, {what}", decides=False)

    def _translate(self) -> None:
        """Destination translation; how the kinds and their interfaces meet is not documented, so both ways are open."""
        for table, outer, inner, status in _TRANSLATIONS:
            for row in self.export.rows(table):
                if row.text(status) == _INACTIVE:
                    continue
                before, after = _target(row, outer), _target(row, inner)
                box: Box = {Dim.DST: before}
                changes = [Rewrite(Dim.DST, after)]
                if row.text("hm2DnatNewTargetPort", "any").lower() != "any":
                    changes.append(Rewrite(Dim.DPORT, _new_port(row)))
                text = f"{table.removesuffix('Rule')} {row.text(outer)} to {row.text(inner)}"
                rule = self._rule(
                    row.line, text, "translate", "how translation is chosen is not documented", decides=False
                )
                self.assembly.add(Act.GO, [box], sure=False, rule=rule, to="filter", rewrites=tuple(changes))
        self.assembly.label("filter")


def _target(row: Row, name: str) -> Ranges:
    try:
        return network(row.text(name)) or V4
    except ValueError:
        return V4


def _new_port(row: Row) -> Ranges:
    try:
        return port_ranges(row.text("hm2DnatNewTargetPort")) or Ranges.of([(0, 65535)])
    except ValueError:
        return Ranges.of([(0, 65535)])


def _text(row: Row) -> str:
    """A rule in one line, its values as they stand in the file."""
    number = row.number("hm2L3Proto", 9)
    words = [f"rule {row.text('hm2L3RuleIndex')}:"]
    words += [f"proto {PROTOCOLS.get(number, (str(number), None))[0]}"]
    words += [f"src {row.text('hm2L3SourceAddress', 'any')} port {row.text('hm2L3SourcePort', 'any')}"]
    words += [f"dst {row.text('hm2L3TargetAddress', 'any')} port {row.text('hm2L3TargetPort', 'any')}"]
    words += [f"params {row.text('hm2L3RuleParams')}"] if row.text("hm2L3RuleParams") else []
    words += [f'"{row.text("hm2L3Description")}"'] if row.text("hm2L3Description") else []
    return " ".join(words)


def _incomplete(export: Export) -> Iterator[Rule]:
    for name, scalar in export.scalars.items():
        if name.endswith("PendingActions") and scalar.text == _TRUE:
            why = "rules were changed and not committed: the device works with others than these"
            yield _gap(scalar.line, f"{name} true", why)
    for name, attribute in export.twice.items():
        if name.startswith("hm2"):
            yield _gap(attribute.line, name, "the file says two different things")
    yield from _loose(export)
    for (mib, name), rows in export.tables.items():
        other = mib in _READ and "Rule" in name and name not in _KNOWN
        if rows and (other or name in _ELSEWHERE):
            yield _gap(rows[0].line, f"table {name}", "a table that may decide about packets and is not read")


def _loose(export: Export) -> Iterator[Rule]:
    """Rules and assignments that cannot be told apart or put together."""
    known: set[int] = set()
    for row in export.rows("hm2L3Rule"):
        index = row.number("hm2L3RuleIndex", -1)
        if index < 1 or index in known:
            yield _gap(row.line, f"rule {row.text('hm2L3RuleIndex')}", "its index is missing, or another rule has it")
        known.add(index)
    for row in export.rows("hm2L3RuleIfMapping"):
        if row.text("hm2L3IfmRowStatus") != _INACTIVE and row.number("hm2L3IfmRuleIndex", -1) not in known:
            yield _gap(row.line, f"assignment of rule {row.text('hm2L3IfmRuleIndex')}", "the file has no such rule")


def _gap(line: int, text: str, why: str) -> Rule:
    return Rule(line=line, text=text[:200], action="", understood=False, why=why)
