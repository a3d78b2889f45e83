# SPDX-License-Identifier: Apache-2.0
"""What the plant's firewalls let through, as ``reach``, ``draw`` and the portal show it: read, judged and told once."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from plantproof.core.plant import Plant
from plantproof.ports.locker import StoredItem

if TYPE_CHECKING:
    from plantproof.render.firewall_page import FirewallView

__all__ = ["firewall_view"]


def firewall_view(
    root: Path,
    plant: Plant,
    items: Callable[[], Mapping[str, StoredItem]],
    at: str,
    *,
    sources: Collection[str] = (),
    targets: Collection[str] = (),
) -> FirewallView:
    """Read every configuration, with progress, and hold it against the conduits.

    Args:
        root: The workspace.
        plant: With its firewalls.
        items: Gives what the locker holds, asked for only if a configuration is taken from there.
        at: Instant as text; evidence that is stale then is named.
        sources: Only what these zones reach; empty: all.
        targets: Only what reaches these zones; empty: all.

    Raises:
        ContentError: a configuration cannot be read; with file and line.
    """
    from plantproof.adapters.configurations import read_devices
    from plantproof.cli.output import progress
    from plantproof.firewall.reach import findings_of, judge
    from plantproof.render.firewall_page import FirewallView

    with progress(len(plant.firewalls), "reading configurations") as advance:
        devices, notes = read_devices(root, plant, items, at, advance)
    with progress(len(sources) or len(plant.zones), "following packets from zone to zone") as advance:
        report = judge(plant, devices, sources, targets, notes, tell=advance)
    return FirewallView(devices, report, tuple(findings_of(plant, devices, report)))
