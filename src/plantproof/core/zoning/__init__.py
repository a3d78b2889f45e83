# SPDX-License-Identifier: Apache-2.0
"""Rules of common sense for zones and conduits, each a pure function over the plant. Ids of clauses are ids only.

A plant may break a rule on purpose: ``exception:`` of a conduit silences what is said about that conduit's ends until
it runs out. What contradicts the plant's own words (a flow against a diode) has no exception.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from types import MappingProxyType
from typing import Final

from plantproof.core.finding import ERROR, Finding
from plantproof.core.plant import Plant
from plantproof.core.zoning.apart import guests_apart, office_apart, safety_apart, safety_conduit
from plantproof.core.zoning.belonging import asset_zone, firewall_networks, zone_alone
from plantproof.core.zoning.ways import conduit_level, exception_expired, flow_service, one_way

__all__ = ["RULES", "zoning_findings"]

RULES: Final[Mapping[str, str]] = MappingProxyType(
    {
        "safety-apart": "A safety zone shares neither its inside nor its networks with zones that are none.",
        "safety-conduit": "A conduit of a safety zone leads to control or safety zones only.",
        "office-apart": "No conduit joins office, cloud or outside directly with supervision, control or safety.",
        "temporary-apart": "Zones of temporarily connected devices and zones of the process do not lie in one another.",
        "wireless-apart": "Wireless zones and zones of the process do not lie in one another.",
        "remote-access-apart": "Zones of remote access and zones of the process do not lie in one another.",
        "asset-zone": "An asset is in one zone, the one that has its address.",
        "one-way": "No flow of a one-way conduit runs backwards or past it.",
        "exception-expired": "An exception has not run out.",
        "conduit-level": "A conduit has at least the FR5 target of each zone that it lets something into.",
        "zone-alone": "A zone has a conduit, or a description that says why it has none.",
        "flow-service": "A flow's service can be compared with the rules of a firewall.",
        "firewall-networks": "A zone that a firewall names has networks.",
    }
)
"""What holds in a well-cut plant, by rule; in the order in which findings are told."""


_JUDGES: Final[tuple[Callable[[Plant, str], Iterator[Finding]], ...]] = (
    safety_apart,
    safety_conduit,
    office_apart,
    guests_apart,
    asset_zone,
    one_way,
    exception_expired,
    conduit_level,
    zone_alone,
    flow_service,
    firewall_networks,
)


def zoning_findings(plant: Plant, at: str) -> tuple[Finding, ...]:
    """Judge the plant by every rule.

    Args:
        plant: Zones, conduits, assets and firewalls that fit together.
        at: The instant as text; exceptions that ended before it do not count.

    Returns:
        Findings, errors first, each kind in the order of :data:`RULES` and of the files.
    """
    order = list(RULES)
    found = [finding for rule in _JUDGES for finding in rule(plant, at)]
    return tuple(sorted(found, key=lambda one: (one.severity != ERROR, order.index(one.id))))
