# SPDX-License-Identifier: Apache-2.0
"""Which hosts of another list the plant does not have yet, in which zone each belongs, and what is wrong with the list.

Nothing is lost: every candidate ends as a host to add, as one that is there already, as one without a place, or as an
error with its line.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace
from difflib import get_close_matches
from types import MappingProxyType
from typing import Final

from plantproof.core.finding import ERROR, WARNING, Finding
from plantproof.core.inventory.addresses import host_text, is_host, parse_address
from plantproof.core.inventory.candidate import Candidate, is_plain, safe_name
from plantproof.core.plant import Plant, Zone
from plantproof.core.zoning.homes import Homes

__all__ = ["BRING_RULES", "Allowed", "Brought", "There", "bring"]

BRING_RULES: Final[Mapping[str, str]] = MappingProxyType(
    {
        "no-zone": "A host's zone is named, or one zone's networks have its address.",
        "unknown-zone": "A zone that the list names is declared in plant/.",
        "bad-name": "A host's name can be written into an inventory.",
        "bad-address": "An address is a host's.",
        "twice": "A name and an address stand once in the list.",
        "not-there": "The list says that the host is in the network.",
        "other-zone": "The zone that the list names is the one that has the address.",
        "differs": "What the list says of a host agrees with the inventory.",
        "renamed": "A name needs no change to be written.",
        "more-addresses": "A host has one address.",
        "not-taken": "A title, platform or collector can be taken over as it is.",
    }
)
"""What holds of a list that can be brought in whole; the first five leave a host out."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Allowed:
    """What an inventory may name."""

    collectors: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    """Collectors, each with the protocol that its zone must allow; empty: it logs in."""
    platforms: Collection[str] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class There:
    """A candidate that the inventory has already."""

    candidate: Candidate
    name: str
    """As the inventory calls it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Brought:
    """What became of a list."""

    hosts: tuple[Candidate, ...]
    """To be added, by name; each with a safe name, a plain address and a declared zone."""
    unplaced: tuple[Candidate, ...]
    """As the hosts, but in no zone."""
    there: tuple[There, ...]
    left_out: tuple[Candidate, ...]
    """As the list has them; an error says why."""
    findings: tuple[Finding, ...]
    """In the order of the list."""


class _Bringing:
    def __init__(self, plant: Plant, existing: Mapping[str, str], allowed: Allowed) -> None:
        self.plant = plant
        self.homes = Homes(plant)
        self.allowed = allowed
        self.by_name = {name.casefold(): name for name in existing}
        self.by_address = {address: name for name, address in existing.items() if parse_address(address)}
        self.existing = existing
        self.zones_by_word: dict[str, set[str]] = {}
        for zone in plant.zones.values():
            for word in (zone.id.casefold(), zone.title.casefold()):
                self.zones_by_word.setdefault(word, set()).add(zone.id)
        self.hints: dict[str, str] = {}
        self.taken: dict[str, Candidate] = {}
        self.findings: list[Finding] = []
        self.hosts: list[Candidate] = []
        self.unplaced: list[Candidate] = []
        self.there: list[There] = []
        self.left_out: list[Candidate] = []

    def take(self, candidate: Candidate) -> None:
        host = self._readable(candidate)
        if host is None:
            self.left_out.append(candidate)
        elif not self._is_there(host):
            self._place(host)

    def say(self, rule: str, candidate: Candidate, message: str, hint: str, severity: str = ERROR) -> None:
        named = candidate.name.strip() or candidate.address.strip()
        about = named if named and is_plain(named) else "a host without a readable name"
        self.findings.append(
            Finding(
                id=rule,
                severity=severity,
                about=about,
                message=f"{about}: {message}",
                hint=hint,
                where=candidate.where,
            )
        )

    def _readable(self, candidate: Candidate) -> Candidate | None:
        """The candidate with a safe name and a plain address, the first of either; None: it is left out."""
        if candidate.note:
            message = f"the list says that it is {candidate.note}"
            self.say("not-there", candidate, message, "It is left out until it is in the network.", WARNING)
            return None
        address = self._address(candidate)
        if address is None:
            return None
        name = self._name(candidate, address)
        if not name:
            return None
        title = candidate.title or ("" if name == candidate.name.strip() else candidate.name.strip())
        host = replace(candidate, name=name, address=address, title=title)
        keys = {f"name {name.casefold()}": name}
        if parse_address(address):
            keys[f"address {address}"] = address
        for key, shown in keys.items():
            if key in self.taken:
                line = self.taken[key].where.line or "?"
                message = f"the {key.partition(' ')[0]} {shown} stands in line {line} already"
                self.say("twice", host, message, "The first is taken; correct the list, or remove one.")
                return None
        self.taken |= dict.fromkeys(keys, host)
        return host

    def _address(self, candidate: Candidate) -> str | None:
        """The first address in plain form, perhaps empty; None if it is none (said)."""
        words = [word for word in candidate.address.replace(",", " ").replace(";", " ").split() if word]
        if not words:
            return ""
        found = host_text(words[0])
        address = parse_address(found)
        if not found or (address is not None and not is_host(address)):
            what = "cannot be a host's" if found else "is neither an address nor a host's name"
            shown = words[0][:50] if is_plain(words[0]) else "what stands there"
            self.say("bad-address", candidate, f"{shown} {what}", "Write one address, such as 192.0.2.10.")
            return None
        if len(words) > 1:
            message = f"it has {len(words)} addresses, of which {found} is taken"
            self.say("more-addresses", candidate, message, "An asset is reached by one; see that it is this.", WARNING)
        return found

    def _name(self, candidate: Candidate, address: str) -> str:
        wanted = candidate.name.strip() or address
        name = safe_name(wanted)
        if not name:
            message = "it has no name and no address" if not wanted else "its name cannot be written into an inventory"
            hint = "Give it a name of letters, digits, '.', '-' and '_' that means nothing to Ansible."
            self.say("bad-name", candidate, message, hint)
        elif name != wanted:
            self.say(
                "renamed",
                candidate,
                f"it is called {name} here",
                "Names become folders, and are read by Ansible.",
                WARNING,
            )
        return name

    def _is_there(self, host: Candidate) -> bool:
        name = self.by_name.get(host.name.casefold()) or self.by_address.get(host.address)
        if name is None:
            return False
        self.there.append(There(candidate=host, name=name))
        address = self.existing[name]
        if host.address and address and host.address != address:
            message = f"the inventory has {name} at {address}, the list at {host.address}"
            self.say("differs", host, message, "Nothing was changed: find out which is right.", WARNING)
        asset = self.plant.assets.get(name)
        zone = self._zone_named(host.zone)
        if asset is not None and zone is not None and zone.id != asset.zone:
            message = f"the inventory has {name} in zone {asset.zone}, the list in {zone.id}"
            self.say("differs", host, message, "Nothing was changed: find out which is right.", WARNING)
        return True

    def _place(self, host: Candidate) -> None:
        address = parse_address(host.address)
        home = None if address is None else self.homes.declared(address)
        zone = self._zone_named(host.zone) if host.zone else home
        if zone is None:
            self._without_place(host)
            return
        if home is not None and home != zone and home not in self.plant.ancestors_of(zone.id):
            message = f"the list says zone {zone.id}, but zone {home.id} has {host.address}"
            self.say("other-zone", host, message, "The list's zone is kept; `zones check` will say so too.", WARNING)
        self.hosts.append(self._known_only(host, zone))

    def _without_place(self, host: Candidate) -> None:
        self.unplaced.append(replace(host, zone="", title=self._title(host), platform="", collectors=()))
        if host.zone:
            shown = host.zone if is_plain(host.zone) else "what stands there"
            self.say("unknown-zone", host, f"{shown} is no zone of the plant", self._nearest(host.zone))
        elif not host.address:
            hint = "Add a column with its zone or its address."
            self.say("no-zone", host, "it has neither a zone nor an address", hint)
        else:
            hint = "Name its zone in the list, or write its network into the zone."
            self.say("no-zone", host, f"no zone's networks have {host.address}", hint)

    def _zone_named(self, text: str) -> Zone | None:
        """By id, else by id or title without regard to case if that is one zone."""
        if text in self.plant.zones:
            return self.plant.zones[text]
        alike = self.zones_by_word.get(text.strip().casefold(), set())
        return self.plant.zones[next(iter(alike))] if len(alike) == 1 else None

    def _nearest(self, text: str) -> str:
        """What to do about a zone that is none; the same for a whole column, so looked for once."""
        if text not in self.hints:
            near = get_close_matches(text, self.plant.zones, n=1)
            self.hints[text] = f"Did you mean {near[0]}?" if near else "Declare it in plant/, or name another."
        return self.hints[text]

    def _known_only(self, host: Candidate, zone: Zone) -> Candidate:
        """The host with what the inventory's reader takes, and a word on what it does not."""
        platform = host.platform.strip().lower().replace("-", "_")
        if platform not in self.allowed.platforms:
            # Asset lists name platforms of every kind; only what a collector would do wrongly is worth a word.
            platform = ""
        collectors = tuple(name for name in host.collectors if self._can_collect(host, name, zone, platform))
        return replace(
            host, zone=zone.id, title=self._title(host), collectors=collectors,
            platform=platform if "cli_device" in collectors else "",
        )  # fmt: skip

    def _can_collect(self, host: Candidate, name: str, zone: Zone, platform: str) -> bool:
        protocol = self.allowed.collectors.get(name)
        shown = name if is_plain(name) else "what stands there"
        if protocol is None:
            known = ", ".join(sorted(self.allowed.collectors))
            self.say("not-taken", host, f"{shown} is no collector", f"Collectors: {known}.", WARNING)
        elif protocol and protocol not in zone.probing:
            hint = f"Zone {zone.id} would need probing: [{protocol}]; ask who answers for the zone."
            self.say("not-taken", host, f"{name} may not speak to assets of zone {zone.id}", hint, WARNING)
        elif name == "cli_device" and not platform:
            known = ", ".join(sorted(self.allowed.platforms))
            self.say("not-taken", host, "cli_device needs a platform that it knows", f"Platforms: {known}.", WARNING)
        else:
            return True
        return False

    def _title(self, host: Candidate) -> str:
        title = host.title.strip()
        if is_plain(title):
            return title
        message = "its title has control characters or a template, or has no end"
        self.say("not-taken", host, message, "Write a title of one line by hand.", WARNING)
        return ""


def bring(candidates: Iterable[Candidate], plant: Plant, existing: Mapping[str, str], allowed: Allowed) -> Brought:
    """Sort a list's hosts out.

    Args:
        candidates: The list, in its order.
        plant: The zones, and the assets that are there.
        existing: Every host of the inventory, also those outside of the plant, with its address or empty.
        allowed: Names that an inventory may use.
    """
    bringing = _Bringing(plant, existing, allowed)
    for candidate in candidates:
        bringing.take(candidate)
    return Brought(
        hosts=tuple(sorted(bringing.hosts, key=lambda one: one.name)),
        unplaced=tuple(sorted(bringing.unplaced, key=lambda one: one.name)),
        there=tuple(bringing.there),
        left_out=tuple(bringing.left_out),
        findings=tuple(bringing.findings),
    )
