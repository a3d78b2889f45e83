# SPDX-License-Identifier: Apache-2.0
"""Conduits: what they let through, how well they shut, and for how long they may depart from a rule."""

from __future__ import annotations

from collections.abc import Iterator
from difflib import get_close_matches

from plantproof.core.finding import ERROR, WARNING, Finding
from plantproof.core.levels import FR
from plantproof.core.plant import Plant
from plantproof.core.services import SERVICES
from plantproof.core.zoning.conduits import excused, joined

__all__ = ["conduit_level", "exception_expired", "flow_service", "one_way"]


def one_way(plant: Plant, at: str) -> Iterator[Finding]:
    """Flows against a diode, or past it."""
    del at
    for conduit in plant.conduits.values():
        way = conduit.one_way
        for flow in conduit.flows if way else ():
            if way and (flow.source, flow.target) != (way.source, way.target):
                lets = f"lets traffic through from {way.source} to {way.target} only"
                flows = f"{flow.service} flows from {flow.source} to {flow.target}"
                yield Finding(
                    id="one-way",
                    severity=ERROR,
                    about=conduit.id,
                    message=f"conduit {conduit.id} {lets}, but {flows}",
                    hint="Take the flow out, lead it through another conduit, or correct one-way:.",
                    clause="ZCR 6.4",
                    where=flow.declared,
                )


def exception_expired(plant: Plant, at: str) -> Iterator[Finding]:
    """Exceptions that ran out."""
    for conduit in plant.conduits.values():
        if conduit.exception and not conduit.exception.holds(at):
            said = f"ran out on {conduit.exception.until[:10]} (approved by {conduit.exception.approved_by})"
            yield Finding(
                id="exception-expired",
                severity=WARNING,
                about=conduit.id,
                message=f"the exception of conduit {conduit.id} {said}",
                hint="End what it excused and take it out, or have it approved again.",
                where=conduit.declared,
            )


def conduit_level(plant: Plant, at: str) -> Iterator[Finding]:
    """Conduits that shut a zone off less than the zone asks for."""
    for conduit in plant.conduits.values():
        holds, _ = excused(conduit, at)
        entered = {flow.target for flow in conduit.flows} or {*conduit.zones}
        for zone in joined(plant, conduit):
            have, want = conduit.sl_t[FR.RDF], zone.sl_t[FR.RDF]
            if zone.id in entered and have < want and not holds:
                yield Finding(
                    id="conduit-level",
                    severity=WARNING,
                    about=conduit.id,
                    message=f"conduit {conduit.id}, FR5 at {have}, leads into zone {zone.id}, which asks for {want}",
                    hint=f"Raise RDF in the conduit's sl-t to {want}: a zone is no better shut off than its ways in.",
                    clause="ZCR 5.6",
                    where=conduit.declared,
                )


def flow_service(plant: Plant, at: str) -> Iterator[Finding]:
    """Flows that only people understand."""
    del at
    for conduit in plant.conduits.values():
        for flow in conduit.flows:
            if flow.services:
                continue
            near = _near(flow.service)
            hint = f"Did you mean {near!r}? " if near else ""
            said = f"{flow.service!r} is no known service, so no firewall can be compared with it"
            yield Finding(
                id="flow-service",
                severity=WARNING,
                about=conduit.id,
                message=f"conduit {conduit.id}: {said}",
                hint=f"{hint}Name it after a comma: {flow.service}, {near or 'tcp/PORT'}.",
                where=flow.declared,
            )


def _near(words: str) -> str:
    """The service that words for people seem to mean: ``Modbus TCP`` is modbus; empty if none is near."""
    squeezed = "".join(char for char in words.lower() if char.isalnum())
    begun = [name for name in SERVICES if squeezed.startswith(name.replace("-", ""))]
    return max(begun, key=len) if begun else next(iter(get_close_matches(squeezed, SERVICES, n=1, cutoff=0.7)), "")
