# SPDX-License-Identifier: Apache-2.0
"""The rules of nftables' chains as instructions: matches in order, then one verdict or translation."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from plantproof.core.services import TCP
from plantproof.firewall.assembly import Assembly
from plantproof.firewall.dialects.nftables.document import Chain, Key, Ruleset, Statement
from plantproof.firewall.dialects.nftables.fields import Field, field_of, read_target
from plantproof.firewall.dialects.nftables.matches import Reader
from plantproof.firewall.dialects.nftables.text import expression_text, rule_text
from plantproof.firewall.match import ALWAYS, Match, Part, both, match, unsure
from plantproof.firewall.packets import V4, V6, Dim, State
from plantproof.firewall.program import Act, Rewrite, Rule
from plantproof.firewall.ranges import Ranges

__all__ = ["Compiler"]

_SILENT: Final = frozenset(
    {"counter", "log", "comment", "secmark", "dup", "last", "ct helper", "ct timeout", "ct expectation", "audit"}
)
"""Statements that let a packet go on as it is."""
_MAYBE: Final = frozenset({"limit", "quota", "ct count", "meter", "connlimit"})
"""Statements that match or not by rate or count."""
_HARMLESS: Final = frozenset(
    {"LOG", "NFLOG", "ULOG", "MARK", "CONNMARK", "TCPMSS", "TOS", "DSCP", "comment", "CLASSIFY"}
)
_NAMED: Final = frozenset(
    {"accept", "drop", "reject", "return", "continue", "queue", "dnat", "snat", "masquerade", "redirect", "vmap"}
    | {"synproxy", "tproxy", "xt"}
)
"""Statements that a listing of rules calls their action."""
_TRACKED_AFTER: Final = -200
"""Priority at which connection tracking looks at a packet first (NF_IP_PRI_CONNTRACK)."""
_REWRITTEN: Final = {"saddr": Dim.SRC, "daddr": Dim.DST, "sport": Dim.SPORT, "dport": Dim.DPORT}


@dataclass(slots=True)
class _Context:
    """Where a rule stands: its chain, how it reads matches, where an accept leads."""

    chain: Chain
    reader: Reader
    onward: str
    callee: str
    """Prefix of the labels of chains that it may call: a chain is compiled once per base chain that reaches it."""


class Compiler:
    """Turns chains into instructions. Each base chain has its own copy of what it calls."""

    def __init__(self, ruleset: Ruleset, assembly: Assembly, rules: list[Rule]) -> None:
        self.ruleset = ruleset
        self.assembly = assembly
        self.rules = rules
        self.interfaces: set[str] = set()
        self._indices: dict[int, int] = {}
        self._waiting: list[tuple[Chain, _Context]] = []
        self._done: set[str] = set()
        self._reached: set[Key] = set()

    def base(self, chain: Chain, policy: str, onward: str) -> None:
        """A base chain and its policy."""
        before = chain.hook == "ingress" or (chain.hook == "prerouting" and chain.priority < _TRACKED_AFTER)
        context = _Context(
            chain,
            Reader(
                self.ruleset.sets,
                chain.key[:2],
                tracked=not before,
                opening=chain.kind == "nat",
                hook=chain.hook,
            ),
            onward,
            onward,
        )
        self._rules(chain, context)
        self.assembly.label(policy)
        dropped = chain.policy == "drop"
        decides = dropped or chain.hook == "forward"
        rule = self._rule(id(chain), Rule(
            line=chain.line,
            text=f"chain {chain.key[2]} policy {chain.policy}",
            action=f"policy {chain.policy}",
            place=" ".join(chain.key),
            decides=decides,
        ))  # fmt: skip
        if dropped:
            self.assembly.add(Act.DROP, rule=rule)
        else:
            self.assembly.add(Act.GO, rule=rule, to=onward)

    def called(self) -> None:
        """The chains that were jumped to, until none is left."""
        while self._waiting:
            chain, context = self._waiting.pop()
            self.assembly.label(f"{context.callee} {' '.join(chain.key)}")
            self._rules(chain, context)
            self.assembly.add(Act.RETURN)

    def unused(self, entries: list[Chain]) -> None:
        """Rules that no forwarded packet meets: for the listing only."""
        passed = {chain.key for chain in entries} | self._reached
        for key, chain in self.ruleset.chains.items():
            if key not in passed:
                for statement in chain.rules:
                    self._rule(id(statement), _shown(chain, statement))

    def _rule(self, identity: int, rule: Rule) -> int:
        if identity not in self._indices:
            self._indices[identity] = len(self.rules)
            self.rules.append(rule)
        return self._indices[identity]

    def _rules(self, chain: Chain, context: _Context) -> None:
        self._reached.add(chain.key)
        for statement in chain.rules:
            self._statement(statement, context)

    def _statement(self, statement: Statement, context: _Context) -> None:
        index = self._rule(id(statement), _shown(context.chain, statement))
        found: Match = ALWAYS
        for part in statement.expressions:
            kind, body = next(iter(part.items()), ("", None))
            self._mentioned(part)
            if len(part) != 1:
                found = self._strange(found, index, part)
            elif kind == "match":
                found = self._narrowed(found, context.reader.match(body), index, part)
            elif kind in _MAYBE or (kind == "set" and isinstance(body, Mapping) and "stmt" in body):
                self._doubt(index, f"{kind} depends on what came before")
                found = unsure(found)
            elif kind in _SILENT or kind in {"set", "map"}:
                continue
            elif kind == "vmap":
                self._verdict_map(found, body, context, index)
            elif kind in {"mangle", "notrack", "flow", "xt"}:
                found = self._changed(kind, body, found, index)
            elif not self._ends(kind, body, found, context, index):
                found = self._strange(found, index, part)
            if not found:
                return

    def _narrowed(self, found: Match, more: Match, index: int, part: object) -> Match:
        if any(not each.sure for each in more):
            self._doubt(index, f"not known of a packet: {expression_text(part)}")
        return both(found, more)

    def _strange(self, found: Match, index: int, part: object) -> Match:
        """An expression that may be a match, a verdict or neither."""
        self._doubt(index, f"not understood: {expression_text(part)}")
        self._add(Act.ANYTHING, found, index)
        return unsure(found)

    def _doubt(self, index: int, why: str) -> None:
        rule = self.rules[index]
        if rule.understood:
            self.rules[index] = Rule(
                line=rule.line, text=rule.text, action=rule.action, place=rule.place, understood=False, why=why,
                decides=rule.decides,
            )  # fmt: skip

    def _mentioned(self, part: Mapping[str, object]) -> None:
        body = part.get("match")
        field = field_of(body.get("left")) if isinstance(body, Mapping) else None
        if field and field.dim in {Dim.IN, Dim.OUT} and isinstance(body, Mapping):
            right = body.get("right")
            named = right.get("set") if isinstance(right, Mapping) else right
            for name in named if isinstance(named, list) else [named]:
                if isinstance(name, str) and not name.startswith("@"):
                    self.interfaces.add(name)

    def _add(self, act: Act, found: Match, index: int, *, to: str = "", rewrites: tuple[Rewrite, ...] = ()) -> None:
        for sure in (True, False):
            boxes = [part.box for part in found if part.sure is sure]
            if boxes:
                self.assembly.add(act, boxes, sure=sure, rule=index, to=to, rewrites=rewrites)

    def _ends(self, kind: str, body: object, found: Match, context: _Context, index: int) -> bool:
        """A statement with a verdict, or one that changes the packet; False if it is unknown."""
        if kind == "accept":
            self._add(Act.GO, found, index, to=context.onward)
        elif kind in {"drop", "reject"}:
            self._add(Act.DROP, both(found, _refusable(body)), index)
        elif kind == "return":
            self._add(Act.RETURN, found, index)
        elif kind == "continue":
            pass
        elif kind in {"jump", "goto"} and isinstance(body, Mapping):
            return self._call(kind, str(body.get("target")), found, context, index)
        elif kind in {"queue", "synproxy", "tproxy"}:
            self._doubt(index, f"{kind}: a program decides")
            self._add(Act.DROP, unsure(found), index)
            self._add(Act.GO, found, index, to=context.onward)
        elif kind == "redirect":
            self._add(Act.DROP, found, index)  # the device itself takes it
        elif kind in {"dnat", "snat", "masquerade"}:
            return self._translate(kind, body, found, context, index)
        else:
            return False
        return True

    def _call(self, kind: str, target: str, found: Match, context: _Context, index: int) -> bool:
        chain = self.ruleset.chains.get((*context.chain.key[:2], target))
        if chain is None:
            return False
        label = f"{context.callee} {' '.join(chain.key)}"
        if label not in self._done:
            self._done.add(label)
            self._waiting.append((chain, _Context(chain, context.reader, context.onward, context.callee)))
        self._add(Act.CALL if kind == "jump" else Act.GO, found, index, to=label)
        return True

    def _verdict_map(self, found: Match, body: object, context: _Context, index: int) -> None:
        """``key vmap { value : verdict }``: a packet without a fitting value goes on."""
        entries, fields, whole = self._entries(body, context)
        if not whole:
            self._doubt(index, "a map whose content is not known")
            self._add(Act.ANYTHING, found, index)
        for key, verdict in entries:
            fitting = both(found, context.reader.element(fields, key))
            kind, target = (
                next(iter(verdict.items()), ("", None)) if isinstance(verdict, dict) else (str(verdict), None)
            )
            if not self._ends(kind, target, fitting, context, index):
                self._doubt(index, "a verdict that is not understood")
                self._add(Act.ANYTHING, fitting, index)

    def _entries(self, body: object, context: _Context) -> tuple[list[tuple[object, object]], list[Field], bool]:
        if not isinstance(body, Mapping):
            return [], [], False
        key, data = body.get("key"), body.get("data")
        parts = key["concat"] if isinstance(key, dict) and isinstance(key.get("concat"), list) else [key]
        fields = [field for field in (field_of(part) for part in parts) if field is not None]
        whole = len(fields) == len(parts)
        elements: object = data.get("set") if isinstance(data, dict) else None
        if isinstance(data, str) and data.startswith("@"):
            named = self.ruleset.sets.get((*context.chain.key[:2], data[1:]))
            elements = named.elements if named and not named.fleeting else None
        pairs = elements if isinstance(elements, list) else []
        whole = whole and isinstance(elements, list) and all(isinstance(p, list) and len(p) == 2 for p in pairs)  # noqa: PLR2004
        return ([(pair[0], pair[1]) for pair in pairs] if whole else []), fields, whole

    def _translate(self, kind: str, body: object, found: Match, context: _Context, index: int) -> bool:
        address, port = (Dim.DST, Dim.DPORT) if kind == "dnat" else (Dim.SRC, Dim.SPORT)
        body = body if isinstance(body, Mapping) else {}
        targets = body.get("addr")
        if isinstance(targets, Mapping) and "map" in targets:
            entries, fields, whole = self._entries(targets["map"], context)
            if whole:
                for key, value in entries:
                    fitting = both(found, context.reader.element(fields, key))
                    self._rewrite(fitting, context, index, (address, value), (port, body.get("port")))
                return True
            self._doubt(index, "a map whose content is not known")
            targets = {"unknown": None}
        if "flags" in body and "netmap" in str(body["flags"]):
            targets = {"unknown": None}
        self._rewrite(found, context, index, (address, targets), (port, body.get("port")))
        return True

    def _rewrite(
        self, found: Match, context: _Context, index: int, address: tuple[Dim, object], port: tuple[Dim, object]
    ) -> None:
        """Rewrite and leave this base chain. A target that is not known may be any address of the family."""
        masked = address[1] is None and address[0] is Dim.SRC  # masquerade: the address of some interface
        ranges = read_target(address[0], address[1])
        for family in (V4, V6):
            fitting = both(found, match({Dim.SRC: family}))
            values = family if masked or (ranges is None and address[1] is not None) else ranges
            rewrites = []
            if values is not None:
                values &= family
                if not values:
                    continue
                rewrites.append(Rewrite(address[0], values))
            if port[1] is not None:
                ports = read_target(port[0], port[1])
                rewrites.append(Rewrite(port[0], ports or Ranges.of([(0, 65535)])))
            self._add(Act.GO, fitting, index, to=context.onward, rewrites=tuple(rewrites))

    def _changed(self, kind: str, body: object, found: Match, index: int) -> Match:
        """A statement that changes packets or their way; returns what the rest of the rule still speaks of."""
        if kind == "notrack":
            return self._set(Dim.STATE, Ranges.only(State.UNTRACKED), found, index)
        if kind == "flow":  # later packets of the connection pass by all further chains
            established = both(found, match({Dim.STATE: Ranges.only(State.ESTABLISHED)}))
            self._doubt(index, "established packets may take the flow table's short way")
            self._add(Act.FORWARD, unsure(established), index)
            return found
        if kind == "xt":
            return self._extension(body, found, index)
        return self._mangled(body, found, index)

    def _extension(self, body: object, found: Match, index: int) -> Match:
        """A match or target of iptables, of which the listing tells only the name."""
        name, role = (str(body.get("name")), body.get("type")) if isinstance(body, Mapping) else ("", "")
        if name in _HARMLESS:
            return found
        self._doubt(index, f"extension {name or '(unnamed)'}: only its name is listed")
        if role == "match":
            return unsure(found)
        self._add(Act.DROP if name == "REJECT" else Act.ANYTHING, found, index)
        return unsure(found)

    def _mangled(self, body: object, found: Match, index: int) -> Match:
        key = body.get("key") if isinstance(body, Mapping) else None
        payload = key.get("payload") if isinstance(key, dict) else None
        dim = _REWRITTEN.get(str(payload.get("field"))) if isinstance(payload, dict) else None
        if dim is None or not isinstance(body, Mapping):
            return found  # marks, priorities, DSCP: nothing that the model looks at
        values = read_target(dim, body.get("value"))
        rest: list[Part] = []
        for family in (V4, V6):
            within = family if dim in {Dim.SRC, Dim.DST} else Ranges.of([(0, 65535)])
            rewritten = within if values is None else values & within
            if rewritten:
                rest += self._set(dim, rewritten, both(found, match({Dim.SRC: family})), index)
        return tuple(rest)

    def _set(self, dim: Dim, values: Ranges, found: Match, index: int) -> Match:
        self._add(Act.GO, found, index, rewrites=(Rewrite(dim, values),))
        # What the rule looked at has changed under it, so the rest of the rule meets the packets only for all we know.
        changed = ({**part.box, dim: values} for part in found)
        return tuple(Part(box, part.sure and dim not in part.box) for part, box in zip(found, changed, strict=True))


def _refusable(body: object) -> Match:
    """What a reject can answer: nft leaves out of its listing the family that the kind of answer implies."""
    kind = body.get("type") if isinstance(body, Mapping) else None
    families = {"icmp": {Dim.SRC: V4}, "icmpv6": {Dim.SRC: V6}, "tcp reset": {Dim.PROTO: Ranges.only(TCP)}}
    return match(families[kind]) if kind in families else ALWAYS


def _shown(chain: Chain, statement: Statement) -> Rule:
    verdicts = list(_verdicts(statement))
    return Rule(
        line=statement.line,
        text=rule_text(statement.expressions, statement.comment),
        action=verdicts[0] if verdicts else "none",
        place=" ".join(chain.key),
        decides=any(verdict.split(" ")[0] not in {"jump", "goto", "return", "continue"} for verdict in verdicts),
    )


def _verdicts(statement: Statement) -> Iterator[str]:
    for part in statement.expressions:
        for kind, body in part.items():
            if kind in _NAMED:
                yield kind
            elif kind in {"jump", "goto"} and isinstance(body, Mapping):
                yield f"{kind} {body.get('target')}"
