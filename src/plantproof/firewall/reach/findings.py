# SPDX-License-Identifier: Apache-2.0
"""What a report comes to in words: what people should look at, the gravest first."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from plantproof.core.plant import Plant
from plantproof.errors import Location
from plantproof.firewall.packets import Box, Dim
from plantproof.firewall.program import Rule
from plantproof.firewall.ranges import Ranges
from plantproof.firewall.reach.judge import Blocked, Outcome, Pair, Passage, Report
from plantproof.firewall.reach.services import services_text, sets_text
from plantproof.firewall.reach.spread import Device

__all__ = ["Finding", "findings_of", "hosts_text", "named_rules"]

ERRORS: Final = frozenset({Outcome.UNDECLARED, Outcome.BACKWARDS})
_ORDER: Final = (
    *(Outcome.UNDECLARED, Outcome.BACKWARDS, Outcome.UNFILTERED),
    *(Outcome.BLOCKED, Outcome.NO_ANSWER, Outcome.WRITES, Outcome.DOUBTFUL),
)


_OPEN: Final = "Open it, or take the flow out of the conduit if nobody needs it."
_READ: Final = (
    "Let a device that knows the protocol refuse writing, or the controller itself; a diode with a copy needs neither. "
    "Else write: true is the truth."
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One thing that people should look at."""

    outcome: Outcome
    source: str
    target: str
    service: str
    message: str
    hint: str
    rules: tuple[tuple[str, Rule], ...] = ()
    """Firewall and rule."""
    hosts: str = ""
    conduit: str = ""
    """The one that declares what is blocked; empty: none does."""
    where: Location | None = None

    @property
    def error(self) -> bool:
        """Whether it is more than a warning: something gets through that nobody declared."""
        return self.outcome in ERRORS


def findings_of(plant: Plant, devices: Mapping[str, Device], report: Report) -> list[Finding]:
    """All findings, the gravest first."""
    found = [finding for pair in report.pairs.values() for finding in _of_pair(plant, devices, pair)]
    return sorted(found, key=lambda finding: _ORDER.index(finding.outcome))


def _of_pair(plant: Plant, devices: Mapping[str, Device], pair: Pair) -> Iterator[Finding]:
    if pair.unfiltered and (pair.source < pair.target):
        yield _unfiltered(pair)
    for passage in pair.passages:
        if passage.outcome is not Outcome.DECLARED:
            yield _of_passage(devices, passage)
    for blocked in pair.blocked:
        yield _of_blocked(plant, blocked)


def _unfiltered(pair: Pair) -> Finding:
    lets = "a conduit joins them, and nothing" if pair.joined else "no conduit joins them, and nothing"
    return Finding(
        outcome=Outcome.UNFILTERED,
        source=pair.source,
        target=pair.target,
        service="any",
        message=f"{pair.source} and {pair.target} have no firewall between: {lets} that is declared filters",
        hint="Declare the firewall that stands between, or make one zone of the two.",
    )


def _of_passage(devices: Mapping[str, Device], passage: Passage) -> Finding:
    service = services_text(passage.arriving)
    way = f"{passage.source} {{}} {passage.target} by {service}"
    messages = {
        Outcome.UNDECLARED: (way.format("reaches") + ", and no conduit declares it", "Declare the flow, or close it."),
        Outcome.BACKWARDS: (
            way.format("reaches") + ", though the conduit is begun from the other side",
            "Close it: answers need no rule of their own on a stateful firewall.",
        ),
        Outcome.DOUBTFUL: (
            way.format("perhaps reaches") + ": what decides is not understood, or not known of a packet",
            "Look at the lines below by hand.",
        ),
    }
    message, hint = messages[passage.outcome]
    return Finding(
        outcome=passage.outcome,
        source=passage.source,
        target=passage.target,
        service=service,
        message=message,
        hint=hint,
        rules=named_rules(devices, passage),
        hosts=hosts_text(passage),
    )


def _of_blocked(plant: Plant, blocked: Blocked) -> Finding:
    flow = blocked.declared
    what, hint = {
        Outcome.BLOCKED: ("and no rule lets it through", _OPEN),
        Outcome.NO_ANSWER: ("and it gets through, but no answer comes back", _OPEN),
        Outcome.WRITES: ("for reading only, and what lets it through cannot tell reading from writing", _READ),
    }[blocked.outcome]
    conduit = plant.conduits[flow.conduit]
    return Finding(
        outcome=blocked.outcome,
        source=flow.source,
        target=flow.target,
        service=blocked.service,
        message=f"{flow.conduit} declares {blocked.service} from {flow.source} to {flow.target}, {what}",
        hint=hint,
        rules=blocked.rules,
        conduit=flow.conduit,
        where=conduit.flows[flow.number - 1].declared,
    )


def named_rules(devices: Mapping[str, Device], passage: Passage) -> tuple[tuple[str, Rule], ...]:
    """The rules that let a passage through, or leave it open, firewall by firewall."""
    found = []
    for hop in passage.hops:
        name, listing = hop.entry.firewall, devices[hop.entry.firewall].listing
        shown = hop.doubts if passage.outcome is Outcome.DOUBTFUL and hop.doubts else hop.rules
        found += [(name, listing.rules[rule]) for rule in shown]
        found += [(name, rule) for rule in hop.why]
    return tuple(found)


def hosts_text(passage: Passage) -> str:
    """Sources and destinations as sent, and the destination as translated."""
    sent, arriving = _together(passage.sent, Dim.DST), _together(passage.arriving, Dim.DST)
    text = f"{sets_text(_together(passage.sent, Dim.SRC))} > {sets_text(sent)}"
    return text if sent == arriving else f"{text}, translated to {sets_text(arriving)}"


def _together(boxes: Iterable[Box], dim: Dim) -> Ranges | None:
    several = list(boxes)
    if any(dim not in box for box in several):
        return None
    return Ranges.of(span for box in several for span in box[dim])
