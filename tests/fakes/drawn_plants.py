# SPDX-License-Identifier: Apache-2.0
"""Plants to draw: one with every kind and sign, and one as large as wanted."""

from __future__ import annotations

from plantproof.core.levels import SLVector
from plantproof.core.plant import Asset, Conduit, Flow, OneWay, Plant, Zone
from plantproof.render.drawing import Mark, Overlay, Standing


def zone(ident: str, level: str = "", kind: str = "", *, parent: str = "", site: str = "", title: str = "") -> Zone:
    name = title or ident.replace("-", " ").capitalize()
    return Zone(
        id=ident, title=name, purdue=level, kind=kind, parent=parent, site=site, sl_t=SLVector.uniform(2)
    )  # fmt: skip


def conduit(
    ident: str, *flows: tuple[str, str, str], one_way: tuple[str, str] | None = None, trust: bool = False
) -> Conduit:
    zones = tuple(dict.fromkeys(end for source, target, _ in flows for end in (source, target)))
    return Conduit(
        id=ident,
        title=ident.replace("-", " "),
        zones=zones,
        sl_t=SLVector.uniform(2),
        flows=tuple(Flow(source=a, target=b, service=service) for a, b, service in flows if service),
        one_way=OneWay(source=one_way[0], target=one_way[1]) if one_way else None,
        trust_boundary=trust,
    )


def make(zones: list[Zone], conduits: list[Conduit], name: str = "Test works") -> Plant:
    assets = {f"a-{one.id}": Asset(id=f"a-{one.id}", zone=one.id) for one in zones}
    return Plant(
        name=name,
        owner="O",
        zones={one.id: one for one in zones},
        conduits={one.id: one for one in conduits},
        assets=assets,
    )


def rich_plant() -> Plant:
    """Every kind of zone, boxes in boxes, a diode, a trust boundary, a conduit of three zones, two sites."""
    zones = [
        zone("vendor", kind="external", title="Turbine vendor's service centre"),
        zone("historian-cloud", kind="cloud"),
        zone("office", "4"),
        zone("dmz", "3.5"),
        zone("jump-host", "3.5", "remote-access"),
        zone("north-operations", "3", site="north"),
        zone("north-line", "2", site="north", title="Filling line"),
        zone("north-plc", "1", parent="north-line", site="north"),
        zone("north-drives", "0", parent="north-line", site="north"),
        zone("north-sis", "1", "safety", parent="north-line", site="north", title="Emergency shutdown"),
        zone("north-wlan", "2", "wireless", site="north", title="Hand-held terminals"),
        zone("south-operations", "3", site="south"),
        zone("south-cell", "1", site="south"),
        zone("south-laptop", "2", "temporary", site="south", title="Maintenance laptops"),
    ]
    conduits = [
        conduit("vendor-access", ("vendor", "jump-host", "rdp"), trust=True),
        conduit("jump", ("jump-host", "north-operations", "ssh"), ("jump-host", "south-operations", "ssh")),
        conduit("to-cloud", ("dmz", "historian-cloud", "mqtt-tls"), trust=True),
        conduit("reports", ("office", "dmz", "https"), ("dmz", "office", "smtp")),
        conduit("north-export", ("north-operations", "dmz", "syslog"), one_way=("north-operations", "dmz")),
        conduit("south-export", ("south-operations", "dmz", "https")),
        conduit("north-control", ("north-operations", "north-plc", "opcua, s7, modbus, profinet")),
        conduit("north-io", ("north-plc", "north-drives", "profinet")),
        conduit("trip", ("north-sis", "north-drives", "Hard-wired trip")),
        conduit("sis-view", ("north-plc", "north-sis", "modbus")),
        conduit("terminals", ("north-wlan", "north-operations", "https")),
        conduit("south-control", ("south-operations", "south-cell", "modbus")),
        conduit("laptop", ("south-laptop", "south-cell", "")),
        conduit("office-to-cell", ("office", "south-cell", "modbus")),
    ]
    return make(zones, conduits)


def rich_overlay() -> Overlay:
    target = SLVector.uniform(2)
    levels = {"north-sis": (1, 1), "north-plc": (2, 3), "dmz": (0, 4), "north-line": (1, 2), "south-cell": (1, 4)}
    return Overlay(
        standings={
            ident: Standing(sl_t=target, proven=SLVector.uniform(have), possible=SLVector.uniform(may))
            for ident, (have, may) in levels.items()
        },
        marks={
            "conduit/office-to-cell": (Mark(warning=False, rule="office-apart", message="office joined with a cell"),),
            "zone/south-laptop": (Mark(warning=True, rule="zone-alone", message="nothing leads here"),) * 2,
        },
    )


def large_plant(sites: int = 8, cells: int = 8) -> Plant:
    """Some sites with cells of two boxes each below one office; eight by eight have 202 zones."""
    zones = [zone("office", "5"), zone("hq-dmz", "3.5")]
    conduits = [conduit("hq", ("office", "hq-dmz", "https"))]
    for number in range(1, sites + 1):
        site = f"site-{number}"
        zones += [
            zone(f"{site}-dmz", "3.5", site=site),
            zone(f"{site}-operations", "3", site=site),
            *(zone(f"{site}-area-{n}", "2", site=site) for n in range(1, cells)),
        ]
        conduits += [
            conduit(f"{site}-wan", (f"{site}-dmz", "hq-dmz", "https"), trust=True),
            conduit(
                f"{site}-up",
                (f"{site}-operations", f"{site}-dmz", "https"),
                one_way=(f"{site}-operations", f"{site}-dmz"),
            ),
        ]
        for n in range(1, cells + 1):
            area = f"{site}-area-{min(n, cells - 1)}"
            zones.append(zone(f"{site}-cell-{n}", "1", site=site))
            zones.append(zone(f"{site}-sis-{n}", "1", "safety", site=site))
            conduits += [
                conduit(f"{site}-control-{n}", (area, f"{site}-cell-{n}", "profinet")),
                conduit(f"{site}-trip-{n}", (f"{site}-cell-{n}", f"{site}-sis-{n}", "modbus")),
            ]
            if n < cells:
                conduits.append(conduit(f"{site}-view-{n}", (f"{site}-operations", area, "opcua, s7, http")))
    return make(zones, conduits, "Eight sites")
