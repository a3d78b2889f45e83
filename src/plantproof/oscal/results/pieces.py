# SPDX-License-Identifier: Apache-2.0
"""The small parts that every OSCAL result is made of: props, stable ids, and JSON as bytes."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Final

import orjson

from plantproof.core.identity import PROP_NS, stable_uuid
from plantproof.core.judgement import ControlStatus, EvidenceRef, Outcome
from plantproof.core.statements import Attestation
from plantproof.core.verdicts import Verdict

__all__ = [
    "Ids",
    "Sink",
    "departures",
    "encode",
    "evidence_json",
    "fields",
    "metadata",
    "prop",
    "write_list",
]

OSCAL_VERSION: Final = "1.2.1"
Sink = Callable[[bytes], object]
"""Takes bytes as they come, for example ``file.write``."""

encode = orjson.dumps


def prop(name: str, value: object, **more: str) -> dict[str, str]:
    """A prop in our namespace; ``more`` may hold ``group``, ``class`` or ``remarks``."""
    return {"name": name, "ns": PROP_NS, "value": str(value), **more}


def departures(status: ControlStatus, at: str) -> list[dict[str, str]]:
    """Props of a requirement that is not met: one for each measure it counts by, or for each waiver that lets it go.

    Args:
        status: The requirement in a zone or conduit.
        at: The instant of judgement.
    """
    if status.compensated:
        return [
            prop("compensated-by", one.id, remarks=f"{one.instead} (until {one.until[:10]})")
            for one in status.said.measures
            if not one.why_not(at)
        ]
    if status.waived:
        return [
            prop("waived-by", one.id, remarks=f"{one.reason} ({one.approved_by}, until {one.until[:10]})")
            for one in status.said.waivers
            if not one.why_not(at)
        ]
    return []


@dataclass(frozen=True, slots=True)
class Ids:
    """Stable UUIDs of everything in one plant."""

    plant: str

    def of(self, *parts: str) -> str:
        """The UUID of the thing that the parts name, within the plant."""
        return stable_uuid("plant", self.plant, *parts)

    def zone(self, zone: str) -> str:
        """A zone's component."""
        return self.of("zone", zone)

    def conduit(self, conduit: str) -> str:
        """A conduit's component."""
        return self.of("conduit", conduit)

    def asset(self, asset: str) -> str:
        """An asset's inventory item."""
        return self.of("asset", asset)

    def subject(self, outcome: Outcome, what: str) -> tuple[str, str]:
        """UUID and OSCAL type of what an outcome is about: an asset's inventory item, else the component of a part.

        Args:
            outcome: Of a check.
            what: ``zone`` or ``conduit``, of the outcome's zone.
        """
        if outcome.asset:
            return self.asset(outcome.asset), "inventory-item"
        return self.zone(outcome.zone) if what == "zone" else self.conduit(outcome.zone), "component"

    def observation(self, check: str, verdict: Verdict) -> str:
        """The observation of one check with one verdict."""
        return self.of("observation", check, verdict.name)

    def single(self, outcome: Outcome) -> str:
        """The observation of one outcome alone."""
        home = () if outcome.asset else (outcome.zone,)
        return self.of("observation", outcome.check, outcome.verdict.name, outcome.asset, *home)

    def attestation(self, item: Attestation) -> str:
        """The observation of an attestation."""
        return self.of("attestation", item.zone, item.control, item.path, item.name, item.stated)

    def person(self, item: Attestation) -> str:
        """The party who attests."""
        return self.of("party", item.role, item.name)

    def finding(self, zone: str, control: str) -> str:
        """The finding on a requirement in a zone."""
        return self.of("finding", zone, control)


def metadata(title: str, at: str, tool: str, **more: object) -> dict[str, object]:
    """Metadata of a result: its version is the instant of judgement."""
    return {
        "title": title,
        "last-modified": at,
        "version": at,
        "oscal-version": OSCAL_VERSION,
        "props": [prop("tool", tool)],
        **more,
    }


def evidence_json(ref: EvidenceRef, lines: Iterable[int]) -> dict[str, object]:
    """Relevant evidence: the path within the locker, with what anyone needs to find the very bytes and lines."""
    props = [prop("sha256", ref.sha256), prop("commit", ref.commit), prop("collected", ref.collected)]
    shown = ", ".join(str(line) for line in lines)
    if shown:
        props.append(prop("lines", shown))
    if ref.simulated:
        props.append(prop("simulated", "true"))
    kind = "Simulated device: " if ref.simulated else ""
    return {"href": ref.path, "description": f"{kind}evidence item in the locker", "props": props}


def write_list(sink: Sink, key: str, items: Iterable[bytes], *, first: bool = False) -> None:
    """Write ``"key": [items]``, one item a line; nothing at all if there is no item (OSCAL has no empty lists)."""
    opened = False
    for item in items:
        if opened:
            sink(b",\n")
        else:
            sink((b"\n" if first else b",\n") + encode(key) + b": [\n")
            opened = True
        sink(item)
    if opened:
        sink(b"\n]")


def fields(value: Mapping[str, object]) -> bytes:
    """A map's fields as JSON without the braces, to stand among streamed ones."""
    return b",\n".join(encode(key) + b": " + encode(item) for key, item in value.items())
