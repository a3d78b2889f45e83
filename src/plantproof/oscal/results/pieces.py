# SPDX-License-Identifier: Apache-2.0
"""The small parts that every OSCAL result is made of: props, stable ids, and JSON as bytes."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Final

import orjson

from plantproof.core.identity import PROP_NS, stable_uuid
from plantproof.core.judgement import Attestation, ControlStatus, EvidenceRef
from plantproof.core.verdicts import Verdict

__all__ = [
    "Ids",
    "Sink",
    "compensation",
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


def compensation(status: ControlStatus) -> list[dict[str, str]]:
    """Props of a requirement that counts because something else is done instead: none, or one for each measure."""
    if not status.compensated:
        return []
    return [
        prop("compensated-by", measure.id, remarks=f"{measure.instead} (until {measure.until[:10]})")
        for measure in status.measures
    ]


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

    def observation(self, check: str, verdict: Verdict) -> str:
        """The observation of one check with one verdict."""
        return self.of("observation", check, verdict.name)

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
