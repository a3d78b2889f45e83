# SPDX-License-Identifier: Apache-2.0
"""A configuration of the ASA as a program: connections, translation, list of the way in, list of the way out."""

from __future__ import annotations

from typing import Final

from plantproof.core.services import TCP, UDP
from plantproof.firewall.assembly import Assembly
from plantproof.firewall.dialects.cisco.naming import anycase
from plantproof.firewall.dialects.cisco.text import Line
from plantproof.firewall.dialects.cisco_asa.document import Document, Interface
from plantproof.firewall.dialects.cisco_asa.entries import Entry, Reader
from plantproof.firewall.dialects.cisco_asa.translation import translations
from plantproof.firewall.packets import Box, Dim, State
from plantproof.firewall.program import Act, Rule
from plantproof.firewall.ranges import Ranges

__all__ = ["Compiler"]

_SESSION: Final = Ranges.only(State.ESTABLISHED, State.RELATED)


class Compiler:
    """Builds rules and instructions; ``compile`` is called once."""

    def __init__(self, document: Document) -> None:
        self.document = document
        self.assembly = Assembly()
        self.rules: list[Rule] = []
        self.translations, self.gaps = translations(document)
        self._reader = Reader(document.groups, document.aliases, document.own())
        self._read: dict[str, list[tuple[Entry, int]]] = {}
        self._levelled: dict[int, Ranges] = {}
        several = document.interfaces.values()
        self._everything = anycase(each.name for each in several)
        self._unlevelled = anycase(each.name for each in several if each.level is None)
        self._bound = {name for _, name in document.bound.values()}

    def compile(self) -> None:
        """All stages in the order in which a packet passes them."""
        self._features()
        self._connections()
        self._translate()
        self._levels()
        self._ways_in()
        self.assembly.label("out")
        self._ways_out()
        for name in self.document.lists:
            self._entries(name)

    def rule(self, line: Line, action: str, place: str, why: str = "", *, decides: bool = True) -> int:
        """Index of a new rule."""
        rule = Rule(
            line=line.number, text=line.text, action=action, place=place, understood=not why, why=why, decides=decides
        )
        self.rules.append(rule)
        return len(self.rules) - 1

    def _features(self) -> None:
        for each in self.document.interfaces.values():
            ends: list[Box] = [{dim: anycase([each.name])} for dim in (Dim.IN, Dim.OUT)]
            place = f"interface {each.name}"
            if each.shutdown is not None:
                self.assembly.add(Act.DROP, ends, rule=self.rule(each.shutdown, "shutdown", place))
            for line, why in each.doubts:
                self.assembly.add(Act.ANYTHING, ends, rule=self.rule(line, "", place, why))
        for line, why, name in self.document.doubts:
            ends = [{dim: anycase([name])} for dim in (Dim.IN, Dim.OUT)]
            self.assembly.add(Act.ANYTHING, ends, rule=self.rule(line, "", f"interface {name}", why))

    def _connections(self) -> None:
        """Packets of connections that exist pass; which packets of other protocols belong to one is not known."""
        known: Box = {Dim.STATE: Ranges.only(State.ESTABLISHED), Dim.PROTO: Ranges.only(TCP, UDP)}
        self.assembly.add(Act.FORWARD, [known])
        line = Line(1, ("(connections", "that", "exist)"))
        why = "whether the device follows connections of this protocol depends on what it inspects"
        self.rules.append(Rule(line=1, text=line.text, action="permit", place="connections", why=why, decides=False))
        self.assembly.add(Act.FORWARD, [{Dim.STATE: _SESSION}], sure=False, rule=len(self.rules) - 1)

    def _translate(self) -> None:
        known: dict[tuple[int, bool, str], int] = {}
        for each in self.translations:
            key = (each.line.number, each.drops, each.why)
            if key not in known:
                action = "drop" if each.drops else "translate"
                known[key] = self.rule(each.line, action, "nat", each.why, decides=each.drops)
            if not all(each.box.values()):
                continue
            if each.drops:
                self.assembly.add(Act.DROP, [each.box], sure=False, rule=known[key])
            else:
                self.assembly.add(
                    Act.GO, [each.box], sure=each.sure, rule=known[key], to="real", rewrites=each.rewrites
                )
        self.assembly.label("real")

    # levels and lists

    def _levels(self) -> None:
        """Between interfaces of one level nothing passes, whatever lists say, unless a line permits it."""
        add, place = self.assembly.add, "same-security-traffic"
        levels: dict[int, list[Interface]] = {}
        for each in self.document.interfaces.values():
            if each.level is not None:
                levels.setdefault(each.level, []).append(each)
            box = {dim: anycase([each.name]) for dim in (Dim.IN, Dim.OUT)}
            if self.document.intra:
                add(Act.GO, [box], to="in")
            else:
                add(Act.DROP, [box], rule=self.rule(each.line, "deny intra-interface", place))
        for same in levels.values() if not self.document.inter else ():
            if len(same) > 1:
                box = {dim: anycase(each.name for each in same) for dim in (Dim.IN, Dim.OUT)}
                add(Act.DROP, [box], rule=self.rule(same[0].line, "deny inter-interface", place))
        self.assembly.label("in")

    def _upto(self, level: int) -> Ranges:
        """Interfaces of a level and of lower ones."""
        found = self._levelled.get(level)
        if found is None:
            several = self.document.interfaces.values()
            found = anycase(each.name for each in several if each.level is not None and each.level <= level)
            self._levelled[level] = found
        return found

    def _ways_in(self) -> None:
        document, add = self.document, self.assembly.add
        listed = self._lists("in")
        unlisted = [each for name, each in document.interfaces.items() if ("in", name) not in document.bound]
        following = "global" if ("global", "") in document.bound else "denied"
        for name, (_, names) in listed.items():
            add(Act.GO, [{Dim.IN: anycase(names)}], to=f"in {name}")
        if following == "global":
            add(Act.GO, to="global")
        else:
            self._implicit(unlisted)
        for name, (line, _) in listed.items():
            self.assembly.label(f"in {name}")
            self._filter(line, name, "out")
            if following == "global":
                add(Act.GO, to="global")
            else:
                add(Act.DROP, rule=self._end((line, name)))
        if following == "global":
            self.assembly.label("global")
            self._filter(*document.bound["global", ""], "out")
            self._after_global(unlisted)
            add(Act.DROP, rule=self._end(document.bound["global", ""]))

    def _after_global(self, unlisted: list[Interface]) -> None:
        """No source says for sure that a global list takes away what levels permit."""
        why = "whether levels still permit it beside a global list is not documented"
        for each in unlisted:
            box = {Dim.IN: anycase([each.name]), Dim.OUT: self._upto(each.level or 0) | self._unknown(each)}
            if box[Dim.OUT]:
                rule = self.rule(each.line, "", "security levels", why)
                self.assembly.add(Act.ANYTHING, [box], rule=rule)

    def _unknown(self, each: Interface) -> Ranges:
        """Interfaces of which it is not known whether their level is lower."""
        if each.level is None:
            return self._everything
        return self._unlevelled

    def _implicit(self, unlisted: list[Interface]) -> None:
        """Without a list, packets pass to lower levels, and to the same level where that is permitted at all."""
        add = self.assembly.add
        for each in unlisted:
            names = anycase([each.name])
            unknown = self._unknown(each)
            if unknown:
                why = "a security level is not given"
                box = {Dim.IN: names, Dim.OUT: unknown}
                add(Act.ANYTHING, [box], rule=self.rule(each.line, "", "security levels", why))
            level = each.level if each.level is not None else -1
            passed = self._upto(level)
            if passed:
                rule = self.rule(each.line, f"policy permit from level {level}", "security levels")
                add(Act.GO, [{Dim.IN: names, Dim.OUT: passed}], rule=rule, to="out")
            add(
                Act.DROP,
                [{Dim.IN: names}],
                rule=self.rule(each.line, f"policy deny from level {level}", "security levels"),
            )
        add(Act.DROP)

    def _ways_out(self) -> None:
        listed = self._lists("out")
        for name, (_, names) in listed.items():
            self.assembly.add(Act.GO, [{Dim.OUT: anycase(names)}], to=f"out {name}")
        self.assembly.label("sent")
        self.assembly.add(Act.FORWARD)
        for name, (line, _) in listed.items():
            self.assembly.label(f"out {name}")
            self._filter(line, name, "sent")
            self.assembly.add(Act.DROP, rule=self._end((line, name)))

    def _lists(self, way: str) -> dict[str, tuple[Line, list[str]]]:
        """Lists that are bound in one direction, where the first is, and to which interfaces."""
        found: dict[str, tuple[Line, list[str]]] = {}
        for (direction, end), (line, name) in self.document.bound.items():
            if direction == way and end in self.document.interfaces:
                found.setdefault(name, (line, []))[1].append(self.document.interfaces[end].name)
        return found

    def _end(self, bound: tuple[Line, str]) -> int:
        return self.rule(bound[0], "deny", f"access list {bound[1]} (end)")

    def _filter(self, line: Line, name: str, done: str) -> None:
        """A list: what it permits goes to ``done``, what no entry matches goes on."""
        add = self.assembly.add
        if not self.document.lists.get(name):
            add(Act.ANYTHING, rule=self.rule(line, "", f"access list {name}", "there is no such list"))
        for entry, rule in self._entries(name):
            if entry.inactive:
                continue
            if entry.anything:
                add(Act.GO, sure=False, rule=rule, to=done)
                add(Act.DROP, sure=False, rule=rule)
                continue
            for sure in (True, False):
                boxes = [part.box for part in entry.found if part.sure is sure]
                if boxes and entry.action == "deny":
                    add(Act.DROP, boxes, sure=sure, rule=rule)
                elif boxes:
                    add(Act.GO, boxes, sure=sure, rule=rule, to=done)

    def _entries(self, name: str) -> list[tuple[Entry, int]]:
        found = self._read.get(name)
        if found is None:
            found, bound = [], name in self._bound
            for line, words in self.document.lists.get(name, ()):
                entry = self._reader.entry(line, words)
                state = ", inactive" if entry.inactive else "" if bound else ", not bound"
                why = entry.why if bound and not entry.inactive else ""
                rule = self.rule(
                    line, entry.action + state, f"access list {name}", why, decides=bound and not entry.inactive
                )
                found.append((entry, rule))
            self._read[name] = found
        return found
