# SPDX-License-Identifier: Apache-2.0
"""The rules of iptables' chains as instructions."""

from __future__ import annotations

from dataclasses import dataclass, replace
from ipaddress import ip_address
from typing import Final

from plantproof.firewall.assembly import Assembly
from plantproof.firewall.dialects.iptables.document import Chain, Saved, Table
from plantproof.firewall.dialects.iptables.matches import Spoken, read_words
from plantproof.firewall.match import Match, unsure
from plantproof.firewall.packets import V4, V6, Dim, State, addresses
from plantproof.firewall.program import Act, Rewrite, Rule
from plantproof.firewall.ranges import Ranges

__all__ = ["Compiler"]

_SILENT: Final = frozenset(
    {
        "",
        "LOG",
        "NFLOG",
        "ULOG",
        "MARK",
        "CONNMARK",
        "TCPMSS",
        "TOS",
        "DSCP",
        "TTL",
        "HL",
        "CLASSIFY",
        "AUDIT",
        "SECMARK",
    }
    | {"CONNSECMARK", "CHECKSUM", "SET", "TRACE", "RATEEST", "LED", "IDLETIMER", "HMARK", "ECN", "TEE"}
)
"""Targets after which a packet goes on as it was."""
_NAT: Final = {"DNAT": Dim.DST, "SNAT": Dim.SRC, "MASQUERADE": Dim.SRC, "NETMAP": Dim.DST, "BALANCE": Dim.DST}


@dataclass(slots=True)
class _Context:
    table: Table
    chain: Chain
    onward: str
    before_tracking: bool


class Compiler:
    """Turns chains into instructions. Each built-in chain has its own copy of what it calls."""

    def __init__(self, assembly: Assembly, rules: list[Rule]) -> None:
        self.assembly = assembly
        self.rules = rules
        self.interfaces: set[str] = set()
        self._indices: dict[int, int] = {}
        self._waiting: list[_Context] = []
        self._done: set[str] = set()
        self._reached: set[int] = set()

    def base(self, table: Table, chain: Chain, policy: str, onward: str) -> None:
        """A built-in chain and its policy."""
        before = table.name == "raw"
        self._rules(_Context(table, chain, onward, before))
        self.assembly.label(policy)
        dropped = chain.policy in {"DROP", "REJECT"}
        rule = self._rule(id(chain), Rule(
            line=chain.line,
            text=f":{chain.name} {chain.policy}",
            action=f"policy {chain.policy}",
            place=_place(table, chain),
            decides=dropped or chain.name == "FORWARD",
            understood=chain.policy != "QUEUE",
            why="a program decides" if chain.policy == "QUEUE" else "",
        ))  # fmt: skip
        if chain.policy == "QUEUE":
            self.assembly.add(Act.ANYTHING, rule=rule)
        elif dropped:
            self.assembly.add(Act.DROP, rule=rule)
            return
        self.assembly.add(Act.GO, rule=rule, to=onward)

    def called(self) -> None:
        """The chains that were jumped to, until none is left."""
        while self._waiting:
            context = self._waiting.pop()
            self.assembly.label(_label(context, context.chain))
            self._rules(context)
            self.assembly.add(Act.RETURN)

    def unused(self, tables: list[Table]) -> None:
        """Rules that no forwarded packet meets: for the listing only."""
        for table in tables:
            for chain in table.chains.values():
                if id(chain) not in self._reached:
                    for saved in chain.rules:
                        spoken = read_words(saved.words, six=table.six, tracked=True, opening=False)
                        self._rule(id(saved), _shown(table, chain, saved, spoken))

    def _rule(self, identity: int, rule: Rule) -> int:
        if identity not in self._indices:
            self._indices[identity] = len(self.rules)
            self.rules.append(rule)
        return self._indices[identity]

    def _rules(self, context: _Context) -> None:
        self._reached.add(id(context.chain))
        for saved in context.chain.rules:
            spoken = read_words(
                saved.words,
                six=context.table.six,
                tracked=not context.before_tracking,
                opening=context.table.name == "nat",
            )
            self.interfaces.update(spoken.interfaces)
            index = self._rule(id(saved), _shown(context.table, context.chain, saved, spoken))
            self._act(spoken, context, index)

    def _add(self, act: Act, found: Match, index: int, *, to: str = "", rewrites: tuple[Rewrite, ...] = ()) -> None:
        for sure in (True, False):
            boxes = [part.box for part in found if part.sure is sure]
            if boxes:
                self.assembly.add(act, boxes, sure=sure, rule=index, to=to, rewrites=rewrites)

    def _act(self, spoken: Spoken, context: _Context, index: int) -> None:
        target, found = spoken.target, spoken.found
        if target == "ACCEPT":
            self._add(Act.GO, found, index, to=context.onward)
        elif target in {"DROP", "REJECT", "TARPIT", "REDIRECT"}:  # what is redirected goes to the device itself
            self._add(Act.DROP, found, index)
        elif target == "RETURN":
            self._add(Act.RETURN, found, index)
        elif target in _SILENT:
            return
        elif target == "NOTRACK" or (target == "CT" and "--notrack" in spoken.options):
            self._add(Act.GO, found, index, rewrites=(Rewrite(Dim.STATE, Ranges.only(State.UNTRACKED)),))
        elif target == "CT":
            return
        elif target in _NAT:
            self._translate(spoken, context, index)
        elif target in {"QUEUE", "NFQUEUE", "TPROXY", "SYNPROXY"}:
            self._doubt(index, f"{target}: a program decides")
            self._add(Act.DROP, unsure(found), index)
            self._add(Act.GO, found, index, to=context.onward)
        else:
            self._call(spoken, context, index)

    def _call(self, spoken: Spoken, context: _Context, index: int) -> None:
        chain = context.table.chains.get(spoken.target)
        if chain is None or chain.policy:
            self._doubt(index, f"target {spoken.target} is not known")
            self._add(Act.ANYTHING, spoken.found, index)
            return
        label = _label(context, chain)
        if label not in self._done:
            self._done.add(label)
            self._waiting.append(replace(context, chain=chain))
        self._add(Act.GO if spoken.tail else Act.CALL, spoken.found, index, to=label)

    def _doubt(self, index: int, why: str) -> None:
        if self.rules[index].understood:
            self.rules[index] = replace(self.rules[index], understood=False, why=why)

    def _translate(self, spoken: Spoken, context: _Context, index: int) -> None:
        dim = _NAT[spoken.target]
        if spoken.target == "NETMAP" and context.onward and "POSTROUTING" in context.chain.name:
            dim = Dim.SRC
        port_dim = Dim.DPORT if dim is Dim.DST else Dim.SPORT
        family = V6 if context.table.six else V4
        text = spoken.options.get("--to-destination") or spoken.options.get("--to-source") or ""
        rewrites = []
        if text:
            values, ports = _destination(text)
            if values is None and ports is None:
                self._doubt(index, f"not understood: {text}")
                values = family
            if values is not None:
                rewrites.append(Rewrite(dim, values))
            if ports is not None:
                rewrites.append(Rewrite(port_dim, ports))
        else:
            rewrites.append(Rewrite(dim, family))  # some address of the device, or of the mapped network
        self._add(Act.GO, spoken.found, index, to=context.onward, rewrites=tuple(rewrites))


def _destination(text: str) -> tuple[Ranges | None, Ranges | None]:
    """``address[-address][:port[-port]]``, IPv6 in brackets if a port follows."""
    host, ports = text, ""
    if text.startswith("["):
        host, _, rest = text[1:].partition("]")
        ports = rest.removeprefix(":")
    elif text.count(":") == 1:
        host, _, ports = text.partition(":")
    try:
        first, _, last = host.partition("-")
        values = addresses(ip_address(first), ip_address(last or first)) if host else None
        low, _, high = ports.partition("/")[0].partition("-")
        return values, Ranges.of([(int(low), int(high or low))]) if ports else None
    except ValueError:
        return None, None


def _place(table: Table, chain: Chain) -> str:
    return f"{'ip6 ' if table.six else ''}{table.name} {chain.name}"


def _label(context: _Context, chain: Chain) -> str:
    return f"{context.onward} {_place(context.table, chain)}"


def _shown(table: Table, chain: Chain, saved: Saved, spoken: Spoken) -> Rule:
    calls = spoken.target in table.chains
    return Rule(
        line=saved.line,
        text=saved.text,
        action=f"{'goto' if spoken.tail else 'jump'} {spoken.target}" if calls else spoken.target or "none",
        place=_place(table, chain),
        understood=not spoken.doubts,
        why="; ".join(dict.fromkeys(spoken.doubts)),
        decides=not calls and spoken.target not in _SILENT and spoken.target not in {"RETURN", "CT", "NOTRACK"},
    )
