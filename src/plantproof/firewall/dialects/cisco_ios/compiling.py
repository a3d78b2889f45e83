# SPDX-License-Identifier: Apache-2.0
"""A configuration of IOS as a program: list of the way in, translation, zones, translation, list of the way out."""

from __future__ import annotations

from typing import Final

from plantproof.firewall.assembly import Assembly
from plantproof.firewall.dialects.cisco.naming import anycase
from plantproof.firewall.dialects.cisco.text import Line, bad
from plantproof.firewall.dialects.cisco_ios.document import Document
from plantproof.firewall.dialects.cisco_ios.interfaces import Interface
from plantproof.firewall.dialects.cisco_ios.lists import Entry, Reader
from plantproof.firewall.dialects.cisco_ios.translation import Translation
from plantproof.firewall.dialects.cisco_ios.zones import Criterion, Pair
from plantproof.firewall.match import Match, both, match
from plantproof.firewall.packets import V4, V6, Box, Dim, State, join
from plantproof.firewall.program import NO_RULE, Act, Rule
from plantproof.firewall.ranges import Ranges

__all__ = ["Compiler"]

_SESSION: Final = Ranges.only(State.ESTABLISHED, State.RELATED)
_MOST: Final = 400_000
"""Instructions; a list that hundreds of classes use would fill the memory."""


class Compiler:
    """Builds rules and instructions; ``compile`` is called once."""

    def __init__(self, document: Document) -> None:
        self.document = document
        self.assembly = Assembly()
        self.rules: list[Rule] = []
        self.translations = document.translations.read(document.interfaces)
        self._reader = Reader(document.groups, self._reflexive())
        self._entries: dict[tuple[int, str], list[tuple[Entry, int]]] = {}
        self._translating: dict[tuple[int, bool], int] = {}
        self._spent = 0
        self._bound = {
            (family, name) for each in document.interfaces.values() for (family, _), (_, name) in each.lists.items()
        }

    def compile(self) -> None:
        """All stages in the order in which a packet passes them."""
        self._features()
        self._stage("in", Dim.IN, "translate")
        self.assembly.label("translate")
        self._translate(inward=True)
        self._zones()
        self.assembly.label("leave")
        self._translate(inward=False)
        self.assembly.label("out")
        self._stage("out", Dim.OUT, "sent")
        self.assembly.label("sent")
        self.assembly.add(Act.FORWARD)
        for lists, family in ((self.document.lists, 4), (self.document.six, 6)):
            for name in lists:
                self._list(family, name)

    def _reflexive(self) -> frozenset[str]:
        return frozenset(
            words[at + 1]
            for lists in (self.document.lists, self.document.six)
            for each in lists.values()
            for _, _, words in each.entries
            for at, word in enumerate(words[:-1])
            if word == "reflect"
        )

    def rule(self, line: Line, action: str, place: str, why: str = "", *, decides: bool = True) -> int:
        """Index of a new rule."""
        self.rules.append(
            Rule(
                line=line.number, text=line.text, action=action, place=place, understood=not why, why=why,
                decides=decides,
            )
        )  # fmt: skip
        return len(self.rules) - 1

    def _up(self) -> list[Interface]:
        return list(self.document.interfaces.values())

    def _features(self) -> None:
        """What stands before all lists, or may."""
        add = self.assembly.add
        for each in self._up():
            place, name = f"interface {each.name}", anycase([each.name])
            ends: list[Box] = [{Dim.IN: name}, {Dim.OUT: name}]
            if each.shutdown is not None:
                add(Act.DROP, ends, rule=self.rule(each.shutdown, "shutdown", place))
            for line, why in each.doubts:
                add(Act.ANYTHING, ends, rule=self.rule(line, "", place, why))
            for line in each.policies:
                if self.document.zones.drops is not None:
                    why = f"a policy with {self.document.zones.drops.words[0]!r} may drop packets here"
                    add(Act.DROP, ends, sure=False, rule=self.rule(line, "drop", place, why))
            if each.inspects is not None:
                why = "packets of connections that are inspected pass the lists"
                rule = self.rule(each.inspects, "inspect", place, why)
                add(Act.FORWARD, [{Dim.STATE: _SESSION}], sure=False, rule=rule)

    # lists

    def _list(self, family: int, name: str) -> list[tuple[Entry, int]]:
        """Entries of a list with their rules, read once."""
        found = self._entries.get((family, name))
        if found is None:
            owner = (self.document.six if family == 6 else self.document.lists)[name]  # noqa: PLR2004 - IPv6
            place, bound = f"access list {name}", (family, name) in self._bound
            found = []
            if owner.doubt is not None:
                line, why = owner.doubt
                found.append((Entry(line, "", (), why, anything=True), self.rule(line, "", place, why)))
            for line, words, twice in owner.ordered():
                entry = self._reader.entry(owner, line, words, twice=twice)
                action = entry.action if bound else f"{entry.action}, not bound"
                found.append((entry, self.rule(line, action, place, entry.why, decides=bound)))
            self._entries[family, name] = found
        return found

    def _spend(self, count: int) -> None:
        self._spent += count
        if self._spent > _MOST:
            raise bad("the lists fall into too many parts", self.document.last.number, "Use fewer ports and groups.")

    def _emit(self, act: Act, found: Match, rule: int, *, to: str = "") -> None:
        for sure in (True, False):
            boxes = [part.box for part in found if part.sure is sure]
            self._spend(len(boxes))
            if boxes:
                self.assembly.add(act, boxes, sure=sure, rule=rule, to=to)

    def _stage(self, way: str, dim: Dim, done: str) -> None:
        """Each interface's list; where there is none everything passes."""
        bound: dict[tuple[int, str], tuple[Line, list[str]]] = {}
        for each in self._up():
            for (family, direction), (line, name) in each.lists.items():
                if direction == way:
                    bound.setdefault((family, name), (line, []))[1].append(each.name)
        for (family, name), (_, names) in bound.items():
            ends = V6 if family == 6 else V4  # noqa: PLR2004 - IPv6
            box = {dim: anycase(names), Dim.SRC: ends, Dim.DST: ends}
            self.assembly.add(Act.GO, [box], to=f"{way} {family} {name}")
        self.assembly.add(Act.GO, to=done)
        for (family, name), (line, _) in bound.items():
            self.assembly.label(f"{way} {family} {name}")
            self._filter(family, name, line, done)

    def _filter(self, family: int, name: str, line: Line, done: str) -> None:
        owner = (self.document.six if family == 6 else self.document.lists).get(name)  # noqa: PLR2004 - IPv6
        place = f"access list {name}"
        wrong = owner is not None and family == 4 and owner.kind not in {"standard", "extended"}  # noqa: PLR2004 - IPv4
        if owner is None and not (name.isdigit() and name.isascii() and not _number(name)):
            self.assembly.add(Act.GO, rule=self.rule(line, "permit", place, decides=True), to=done)
            return
        if owner is None or wrong or not (owner.entries or owner.doubt):
            why = "the list has no entries" if owner is not None else "a list of this number is not read"
            self.assembly.add(Act.ANYTHING, rule=self.rule(line, "", place, why))
            return
        for entry, rule in self._list(family, name):
            if entry.anything:
                self.assembly.add(Act.GO, sure=False, rule=rule, to=done)
                self.assembly.add(Act.DROP, sure=False, rule=rule)
            elif entry.action == "deny":
                self._emit(Act.DROP, entry.found, rule)
            else:
                self._emit(Act.GO, entry.found, rule, to=done)
        end = Line(owner.line, ("(end", "of", "the", f"list {name})"))
        if family == 6:  # noqa: PLR2004 - IPv6
            why = "lists let neighbour discovery pass at their end"
            discovery = match({Dim.PROTO: Ranges.only(58), Dim.DPORT: Ranges.of([(135 * 256, 136 * 256 + 255)])})
            rule = self.rule(end, "permit", place, why)
            self.assembly.add(Act.GO, [part.box for part in discovery], sure=False, rule=rule, to=done)
        self.assembly.add(Act.DROP, rule=self.rule(end, "deny", place))

    def _condition(self, acl: str, within: Match, hit: str, miss: str) -> None:
        """Packets that a list permits go to ``hit``, others to ``miss``; both, where that is open."""
        add = self.assembly.add
        families = [(4, self.document.lists), (6, self.document.six)]
        known = [(family, lists[acl]) for family, lists in families if acl in lists]
        if not known or not any(owner.entries for _, owner in known):
            for part in within:
                add(Act.GO, [part.box], sure=False, to=hit)
            add(Act.GO, to=miss)
            return
        for family, owner in known:
            ends: Match = match({Dim.SRC: owner.family, Dim.DST: owner.family})
            for entry, rule in self._list(family, acl):
                self._spend(1)
                if entry.anything:
                    add(Act.GO, [part.box for part in both(within, ends)], sure=False, rule=rule, to=hit)
                    add(Act.GO, sure=False, rule=rule, to=miss)
                else:
                    deny = entry.action == "deny"
                    self._emit(Act.GO, both(both(within, ends), entry.found), rule, to=miss if deny else hit)
        add(Act.GO, to=miss)

    # translation

    def _translate(self, *, inward: bool) -> None:
        """Addresses change where a packet enters from outside, or leaves from inside to outside."""
        sides = {side: anycase(each.name for each in self._up() if each.nat == side) for side in ("inside", "outside")}
        done = "zones" if inward else "out"
        for line in self.document.translations.others:
            why = "translation of this form is not read"
            either: list[Box] = [{Dim.IN: sides["outside"]}, {Dim.IN: sides["inside"], Dim.OUT: sides["outside"]}]
            boxes = [box for box in either if all(box.values())] if inward else []
            self.assembly.add(Act.ANYTHING, boxes, rule=self.rule(line, "", "ip nat", why))
        if sides["outside"] and (inward or sides["inside"]):
            ends: Box = {Dim.IN: sides["outside"]} if inward else {Dim.IN: sides["inside"], Dim.OUT: sides["outside"]}
            for index, each in enumerate(self.translations):
                if each.inward is inward:
                    self._translation(each, ends, f"nat {done} {index}", done)
        if inward:
            self.assembly.label(done)

    def _translation(self, each: Translation, ends: Box, label: str, done: str) -> None:
        box = join(join(ends, {Dim.SRC: V4, Dim.DST: V4}) or {}, each.box)
        if box is None:
            return
        why = "" if each.sure else "which packets it translates, or into what, is not known"
        rule = self._translating.get((each.line.number, each.sure))
        if rule is None:
            rule = self.rule(each.line, "translate", "ip nat", why, decides=False)
            self._translating[each.line.number, each.sure] = rule
        if each.acl:
            self._condition(each.acl, match(box), label, f"{label} not")
            self.assembly.label(label)
            box = {}
        self.assembly.add(Act.GO, [box], sure=each.sure, rule=rule, to=done, rewrites=each.rewrites)
        if each.acl:
            self.assembly.label(f"{label} not")

    # zones

    def _zones(self) -> None:
        zones, add = self.document.zones, self.assembly.add
        members: dict[str, list[Interface]] = {}
        for each in self._up():
            if each.zone:
                members.setdefault(each.zone, []).append(each)
        if not members:
            return
        everything = anycase(each.name for several in members.values() for each in several)
        others = anycase(each.name for each in self._up() if not each.zone)
        names = {zone: anycase(each.name for each in several) for zone, several in members.items()}
        pairs = [pair for (a, b), pair in zones.pairs.items() if a in names and b in names]
        for pair in pairs:
            self._answers(pair, names[pair.target], names[pair.source])
        for at, pair in enumerate(pairs):
            box = {Dim.IN: names[pair.source], Dim.OUT: names[pair.target]}
            add(Act.GO, [box], to=f"pair {at}")
        for zone, several in names.items():
            line = zones.names.get(zone) or Line(members[zone][0].line, ("zone-member", "security", zone))
            add(Act.GO, [{Dim.IN: several, Dim.OUT: several}], to="leave")
            rule = self.rule(line, "drop", "zones")
            add(Act.DROP, [{Dim.IN: several, Dim.OUT: everything}], rule=rule)
        if others:
            why = "between an interface in a zone and one in none: the router may drop everything"
            line = Line(next(iter(members.values()))[0].line, ("zone-member", "security"))
            boxes: list[Box] = [{Dim.IN: everything, Dim.OUT: others}, {Dim.IN: others, Dim.OUT: everything}]
            add(Act.ANYTHING, boxes, rule=self.rule(line, "", "zones", why))
        add(Act.GO, to="leave")
        for at, pair in enumerate(pairs):
            self.assembly.label(f"pair {at}")
            self._pair(at, pair, members)

    def _answers(self, pair: Pair, source: Ranges, target: Ranges) -> None:
        """Packets of connections that the other direction's policy inspects come back."""
        actions = self.document.zones.actions(pair.policy)
        if "inspect" not in actions:
            return
        sure = actions <= {"inspect", "drop"}
        why = "" if sure else "packets of inspected connections come back, others may not"
        rule = self.rule(pair.line, "inspect", "zones", why)
        for state in (State.ESTABLISHED, State.RELATED):
            box = {Dim.IN: source, Dim.OUT: target, Dim.STATE: Ranges.only(state)}
            self.assembly.add(Act.GO, [box], sure=sure and state is State.ESTABLISHED, rule=rule, to="leave")

    def _pair(self, at: int, pair: Pair, members: dict[str, list[Interface]]) -> None:
        zones, add = self.document.zones, self.assembly.add
        marks = {each.nat for zone in (pair.source, pair.target) for each in members[zone]}
        translated = bool(self.translations) and {"inside", "outside"} <= marks
        for index, one in enumerate(zones.policies.get(pair.policy, [])):
            label, after = f"pair {at} {index}", f"pair {at} after {index}"
            place, doubt = f"policy {pair.policy}", one.doubt
            doubt = doubt or ("" if one.action or one.name == "class-default" else "the class has no action")
            if translated and one.name != "class-default":
                doubt = doubt or "whether it sees addresses before or after translation is not known"
            rule = self.rule(one.line, one.action or "drop", place, doubt)
            if doubt:
                add(Act.ANYTHING, rule=rule)
            if one.name != "class-default":
                self._class(one.name, label, after)
            self.assembly.label(label)
            if one.action in {"inspect", "pass"}:
                add(Act.GO, rule=rule, to="leave")
            else:
                add(Act.DROP, rule=rule)
            self.assembly.label(after)
        why = "" if pair.policy in zones.policies or not pair.policy else f"there is no policy {pair.policy!r}"
        if why:
            add(Act.ANYTHING, rule=self.rule(pair.line, "", "zones", why))
        add(Act.DROP, rule=self.rule(pair.line, "drop", "zones"))

    def _class(self, name: str, hit: str, miss: str) -> None:
        criteria: list[Criterion] = self.document.zones.criteria(name)
        for at, one in enumerate(criteria):
            following = f"{hit} or {at}"
            if one.acl:
                self._condition(one.acl, one.found, hit, following)
            else:
                self._emit(Act.GO, one.found, NO_RULE, to=hit)
            self.assembly.label(following)
        self.assembly.add(Act.GO, to=miss)


def _number(name: str) -> bool:
    return len(name) < 6 and (1 <= int(name) <= 199 or 1300 <= int(name) <= 2699)  # noqa: PLR2004
