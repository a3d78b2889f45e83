# SPDX-License-Identifier: Apache-2.0
"""Moxa EDR routers: the firewall policies as commands, of MX-ROS (``l3l7-policy``) and older releases (``firewall 3``).

What this rests on: the names and order of commands that a published library for testing these routers sends, and what
manuals show of the tables in the web interface. **No configuration that a device printed has been seen**, nor a manual
of the command line. So a policy with a line that is not among those commands is not understood, and these questions
stay open: what happens where no policy matches, unless ``default-action`` says it; whether the policies are in force,
unless ``l3l7-policy enable`` says it; packets of connections that exist; address translation.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from plantproof.errors import ContentError, Location
from plantproof.firewall.assembly import Assembly
from plantproof.firewall.dialects.moxa.blocks import Block, read_blocks
from plantproof.firewall.dialects.moxa.objects import ANY_WORDS, Objects, protocol
from plantproof.firewall.match import ALWAYS, UNKNOWN, Match, both, match
from plantproof.firewall.packets import V4, Dim, State, interface
from plantproof.firewall.program import Act, Listing, Rule
from plantproof.firewall.ranges import Ranges

__all__ = ["read"]

_ACTS: Final = {"allow": Act.FORWARD, "accept": Act.FORWARD, "deny": Act.DROP, "drop": Act.DROP}
_SILENT: Final = frozenset({"name", "action", "logging", "enable", "mode", "description"})
_SESSION: Final = Ranges.only(State.ESTABLISHED, State.RELATED)
_SWITCHES: Final = frozenset({("l3l7-policy", "enable"), ("l3l7-policy", "disable")})
_ENDS: Final = 2


def read(text: str) -> Listing:
    """Read a configuration; names of interfaces may be asked for in capital or small letters.

    Raises:
        ContentError: it has no firewall policies.
    """
    blocks = read_blocks(text)
    policies = [block for block in blocks if block.policy]
    if not policies and not any(block.words[0] == "l3l7-policy" for block in blocks):
        raise ContentError(
            "the configuration has no firewall policies ('l3l7-policy' or 'firewall 1')",
            code="content.firewall",
            hint="Give the running configuration of the router as text; an encrypted or binary backup cannot be read.",
            where=Location(line=1),
        )
    compiler = _Compiler(Objects(blocks))
    indexed = all(block.index is not None for block in policies)
    for block in sorted(policies, key=lambda block: block.index or 0) if indexed else policies:
        compiler.policy(block)
    compiler.default(blocks)
    return Listing(
        dialect="moxa-edr",
        rules=tuple(compiler.rules),
        program=compiler.assembly.build({Dim.SRC: V4, Dim.DST: V4}),
        lines=sum(1 + len(block.lines) for block in blocks if block.words[0] in {"l3l7-policy", "firewall", "object"}),
        interfaces=tuple(sorted(compiler.interfaces)),
        incomplete=tuple(_incomplete(blocks, policies)),
    )


@dataclass(slots=True)
class _Reading:
    """What of a policy has been read."""

    found: Match
    why: list[str]

    def narrow(self, more: Match, words: tuple[str, ...]) -> None:
        self.found = both(self.found, more)
        if any(not part.sure for part in more):
            self.why.append(" ".join(words)[:80])


class _Compiler:
    def __init__(self, objects: Objects) -> None:
        self.objects = objects
        self.assembly = Assembly()
        self.rules: list[Rule] = []
        self.interfaces: set[str] = set()
        self.assembly.add(Act.FORWARD, [{Dim.STATE: _SESSION}], sure=False)

    def policy(self, block: Block) -> None:
        """One policy."""
        text = " ".join([*block.words, *(f"; {' '.join(words)}" for _, words in block.lines)]).replace(" ;", ";")[:400]
        word = " ".join(block.said("action") or ())
        place = f"{block.words[0]} {block.index}" if block.index is not None else block.words[0]
        off = any(words in {("disable",), ("no", "enable")} for _, words in block.lines)
        if off and block.said("enable") is None:
            self.rules.append(
                Rule(line=block.line, text=text, action=f"{word or 'none'}, disabled", place=place, decides=False)
            )
            return
        reading = _Reading(ALWAYS, [])
        keys = [words[0] for _, words in block.lines if words[0] != "logging"]
        if off or len(set(keys)) < len(keys):
            reading.narrow(UNKNOWN, ("says the same thing twice",))
        else:
            for _, words in block.lines:
                self._line(words, reading)
        if block.said("interface") is None:
            reading.narrow(UNKNOWN, ("no interfaces",))
        if block.words[0] == "l3l7-policy" and block.said("enable") is None:
            reading.narrow(UNKNOWN, ("neither enabled nor disabled",))
        if (block.said("mode") or ("ip",)) != ("ip",):
            reading.narrow(UNKNOWN, ("mode", *(block.said("mode") or ()), "looks at hardware addresses"))
        act = _ACTS.get(word.lower(), Act.ANYTHING)
        if act is Act.ANYTHING:
            reading.why.append(f"action {word or 'missing'}")
        self.rules.append(
            Rule(
                line=block.line, text=text, action=word or "none", place=place,
                understood=not reading.why, why="; ".join(reading.why),
            )
        )  # fmt: skip
        for sure in (True, False):
            boxes = [part.box for part in reading.found if part.sure is sure]
            if boxes:
                self.assembly.add(act, boxes, sure=sure, rule=len(self.rules) - 1)

    def _line(self, words: tuple[str, ...], reading: _Reading) -> None:
        key, rest = words[0], words[1:]
        if key in _SILENT or words[:2] == ("no", "logging"):
            return
        if key == "interface" and len(rest) == _ENDS:
            for name, dim in zip(rest, (Dim.IN, Dim.OUT), strict=True):
                if name.lower() not in ANY_WORDS:
                    self.interfaces.add(name.casefold())
                    written = interface(name) | interface(name.upper()) | interface(name.casefold())
                    reading.narrow(match({dim: written}), words)
        elif key == "protocol" and len(rest) == 1:
            reading.narrow(protocol(rest[0]), words)
        elif key in {"src-ip", "dst-ip"} and rest:
            reading.narrow(self.objects.address(rest, Dim.SRC if key == "src-ip" else Dim.DST), words)
        elif key in {"src-port", "dst-port"} and rest:
            reading.narrow(self.objects.service(rest, Dim.SPORT if key == "src-port" else Dim.DPORT), words)
        else:
            reading.narrow(UNKNOWN, words)

    def default(self, blocks: list[Block]) -> None:
        """What happens where no policy matches."""
        said = [block for block in blocks if block.words[:2] == ("l3l7-policy", "default-action")]
        word = said[-1].words[2].lower() if said and len(said[-1].words) > _ENDS else ""
        act = _ACTS.get(word, Act.ANYTHING)
        why = "" if word in _ACTS else "no line says what happens where no policy matches (default-action)"
        text = " ".join(said[-1].words) if said else "default action"
        line = said[-1].line if said else 1
        action = f"default-action {word}" if word else "none"
        self.rules.append(Rule(line=line, text=text, action=action, understood=not why, why=why))
        self.assembly.add(act, rule=len(self.rules) - 1)


def _incomplete(blocks: list[Block], policies: list[Block]) -> Iterator[Rule]:
    states = [block for block in blocks if block.words in _SWITCHES]
    newer = any(block.words[0] == "l3l7-policy" for block in blocks)
    if newer and (not states or states[-1].words[1] == "disable"):
        what = "are switched off" if states else "may be switched off: no line says 'l3l7-policy enable'"
        yield _gap(states[-1] if states else policies[0] if policies else blocks[0], f"the policies {what}")
    kinds = {(block.words[0], block.index is None) for block in policies}
    if len(kinds) > 1 or (newer and ("firewall", False) in kinds):
        yield _gap(policies[0], "policies of several forms, whose common order is not known")
    numbers = [block.index for block in policies if block.index is not None]
    if len(set(numbers)) < len(numbers):
        yield _gap(policies[0], "two policies have the same number")
    known = {block.line for block in policies}
    for block in blocks:
        if block.cut:
            yield _gap(block, "the text ends within it: the configuration is not whole")
        words = block.words[1:] if block.words[0] == "no" else block.words
        own = words[:1] in {("l3l7-policy",), ("firewall",)} and block.line not in known
        told = block.words in _SWITCHES or block.words[:2] == ("l3l7-policy", "default-action")
        if own and not told:
            yield _gap(block, "a command for the firewall that is not understood")
        elif words[:1] == ("nat",) or words[:2] == ("ip", "nat"):
            yield _gap(block, "address translation, which is not read")


def _gap(block: Block, why: str) -> Rule:
    return Rule(line=block.line, text=" ".join(block.words)[:200], action="", understood=False, why=why)
