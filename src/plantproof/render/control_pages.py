# SPDX-License-Identifier: Apache-2.0
"""A page for each requirement: what it asks, how it is shown, and in which zone which line of which file proves it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence

from plantproof.core.judgement import ControlInfo, ControlStatus, Proof
from plantproof.core.levels import FR
from plantproof.core.statements import Attestation, Measure, Waiver
from plantproof.core.verdicts import Verdict
from plantproof.render.html import (
    badge,
    evidence_place,
    in_markdown,
    link,
    prose,
    slug,
    status_badge,
    table,
    tally,
    text,
)
from plantproof.render.standard_pages import in_other_standards
from plantproof.render.view import PortalView

__all__ = ["control_list", "control_page"]

_INSERT = re.compile(r"\{\{\s*insert:\s*param,\s*([^\s}]+)\s*\}\}")
_WIDEST = 5
"""Zones that get a column each in the list."""
_MOST, _FEWEST, _PAGE = 20, 3, 120
"""Outcomes shown for a requirement in a zone, at most and at least, and about how many a page carries; the check's own
page has them all."""
_Json = Mapping[str, object]


def control_list(view: PortalView) -> str:
    """Markdown of the list of requirements, with the verdict of each zone."""
    zones = [view.assessment.zones[zone] for zone in view.plant.zones]
    heads = [view.plant.zones[zone.zone].title for zone in zones] if len(zones) <= _WIDEST else ["Zones"]
    parts = ["# Requirements\n", f"{in_markdown(view.assessment.baseline)}.\n"]
    for fr in FR:
        rows = [
            [
                link(info.label, f"{slug(info.id)}.html"),
                text(info.title),
                f"SL {info.min_sl}",
                *(
                    [status_badge(zone.controls[info.id]) for zone in zones]
                    if len(zones) <= _WIDEST
                    else [tally(zone.controls[info.id] for zone in zones)]
                ),
            ]
            for info in view.assessment.controls.values()
            if info.fr is fr
        ]
        parts.append(f"## FR {int(fr)} {fr.title}\n")
        parts.append(table(["Requirement", "Title", "From", *heads], rows))
    return "\n".join(parts)


def control_page(view: PortalView, info: ControlInfo) -> str:
    """Markdown of one requirement's page."""
    control = view.controls[info.id]
    sections = [
        f"# {in_markdown(info.label)} {in_markdown(info.title)}\n",
        f'<p class="pp-lead">FR {int(info.fr)} {text(info.fr.title)} · from SL {info.min_sl}{_duty(control)}</p>\n',
        _part(control, "statement", view),
        _licensed(view, info),
        "## Where it stands\n",
        *(_part_status(view, part, info) for part in _told(view, info)),
        _untold(view, info),
        "## How it is shown in a plant\n",
        _part(control, "guidance", view),
        "## What an assessor looks at\n",
        _objectives(control, view),
        _methods(control, view),
        _params(control, view),
        _related(control, view),
        in_other_standards(view, info.id),
        '<p class="pp-fine">In our own words; where a contract or a regulator cites the standard, its own text counts.</p>\n',
    ]
    return "\n".join(section for section in sections if section)


def _licensed(view: PortalView, info: ControlInfo) -> str:
    words = view.licensed.get(info.id, "")
    if not words:
        return ""
    shown = text(words).replace("\n", "<br>")
    return f'<blockquote class="pp-licensed"><b>Text of the standard, licensed to this plant; not to be passed on.</b><br>{shown}</blockquote>\n'


def _duty(control: _Json) -> str:
    names = [str(prop["value"]).replace("-", " ") for prop in _list(control, "props") if prop.get("name") == "duty"]
    return f" · duty of {text(', '.join(names))}" if names else ""


def _told(view: PortalView, info: ControlInfo) -> Iterator[str]:
    """Every zone, and the conduits of which something can be said."""
    yield from view.plant.zones
    for conduit, status in view.assessment.conduits.items():
        one = status.controls[info.id]
        fields = (one.proofs, one.said.attestations, one.said.measures, one.said.waivers)
        if view.plant.assets_of_conduit(conduit) or any(fields):
            yield conduit


def _untold(view: PortalView, info: ControlInfo) -> str:
    told = set(_told(view, info))
    rest = [one for one in view.plant.conduits.values() if one.id not in told]
    names = ", ".join(
        f'<span id="{slug(one.id)}">{link(one.title, f"../conduits/{slug(one.id)}.html")}</span>' for one in rest
    )
    return f"<p>Nothing speaks to it in the conduits {names}: no asset is named for them.</p>\n" if rest else ""


def _part_status(view: PortalView, part: str, info: ControlInfo) -> str:
    status = view.assessment.parts[part].controls[info.id]
    title = link(view.plant.title_of(part), f"../{view.page_of(part)}#{info.fr.group}")
    what = " <small>conduit</small>" if part in view.plant.conduits else ""
    head = f'<h3 id="{slug(part)}">{title}{what} {status_badge(status)}</h3>\n'
    # What attests to it is told whole below.
    head += "" if status.attested else f"<p>{text(status.reason)}</p>\n"
    return head + _departures(view, status) + _proofs(view, status.proofs) + _attestations(status)


def _proofs(view: PortalView, proofs: Sequence[Proof]) -> str:
    if not proofs:
        return ""
    most = min(_MOST, max(_FEWEST, _PAGE // len(view.plant.zones)))
    # What an assessor must hear first comes first.
    ordered = sorted(proofs, key=lambda proof: proof.outcome.verdict in {Verdict.SATISFIED, Verdict.NOT_APPLICABLE})
    rows = [
        [
            link(view.checks[proof.outcome.check].title, f"../checks/{slug(proof.outcome.check)}.html"),
            str(proof.strength),
            text(proof.outcome.asset) or "<i>as a whole</i>",
            badge(proof.outcome.verdict),
            text(proof.outcome.message)
            + ("<br>" if proof.outcome.message and proof.outcome.evidence else "")
            + (evidence_place(proof.outcome.evidence[0], proof.outcome.lines) if proof.outcome.evidence else ""),
        ]
        for proof in ordered[:most]
    ]
    more = f"<p>And {len(ordered) - most} more, on the pages of the checks.</p>\n" if len(ordered) > most else ""
    return table(["Check", "Worth", "Asset", "Verdict", "Evidence"], rows, searched=False) + more


def _attestations(status: ControlStatus) -> str:
    return "".join(_attestation(item) for item in status.said.attestations)


def _attestation(item: Attestation) -> str:
    return (
        f'<blockquote class="pp-attested"><b>Attested</b> by {text(item.name)} ({text(item.role)}) on {text(item.stated[:10])}, '
        f"valid until {text(item.valid_until[:10])}: {text(item.statement)} <small><code>{text(item.path)}</code></small>"
        "</blockquote>\n"
    )


def _departures(view: PortalView, status: ControlStatus) -> str:
    at = view.assessment.at
    return "".join(
        [
            *(_measure(view, item, item.why_not(at)) for item in status.said.measures),
            *(_waiver(view, item, item.why_not(at)) for item in status.said.waivers),
        ]
    )


def _measure(view: PortalView, item: Measure, why_not: str) -> str:
    assets = f" on {text(', '.join(item.assets))}" if item.assets else ""
    review = f", reviewed by {text(item.reviewed_by)} on {text(item.reviewed[:10])}" if item.reviewed else ""
    counts = f" <b>Does not count: {text(why_not)}.</b>" if why_not else ""
    return (
        f'<blockquote class="pp-attested"><b>Compensating measure</b> {text(item.id)}{assets}, declared by '
        f"{text(item.declared_by)} on {text(item.declared[:10])}{review}, until {text(item.until[:10])}: "
        f"{text(item.instead)}{counts} <small><code>{text(view.place(item.where))}</code></small></blockquote>\n"
    )


def _waiver(view: PortalView, item: Waiver, why_not: str) -> str:
    assets = f" on {text(', '.join(item.assets))}" if item.assets else ""
    ticket = f" ({text(item.ticket)})" if item.ticket else ""
    holds = f" <b>Does not hold: {text(why_not)}.</b>" if why_not else ""
    return (
        f'<blockquote class="pp-attested"><b>Waiver</b> {text(item.id)}{assets}, asked for by {text(item.owner)}, approved '
        f"by {text(item.approved_by)} on {text(item.granted[:10])}{ticket}, until {text(item.until[:10])}: "
        f"{text(item.reason)}{holds} <small><code>{text(view.place(item.where))}</code></small></blockquote>\n"
    )


def _part(control: _Json, name: str, view: PortalView) -> str:
    return "\n".join(_prose(part, view) for part in _parts(control, name))


def _prose(part: _Json, view: PortalView) -> str:
    # Escape first, then put the values in: they are marked up, the prose is not.
    shown = prose(str(part.get("prose", "")))
    return _INSERT.sub(lambda match: f"<b>{text(view.params.get(match[1], match[1]))}</b>", shown) + "\n"


def _objectives(control: _Json, view: PortalView) -> str:
    rows = [
        _prose(part, view).strip() for top in _parts(control, "assessment-objective") for part in _list(top, "parts")
    ]
    return (
        '<ol class="pp-objectives" type="a">' + "".join(f"<li>{row}</li>" for row in rows) + "</ol>\n" if rows else ""
    )


def _methods(control: _Json, view: PortalView) -> str:
    rows = []
    for part in _parts(control, "assessment-method"):
        method = next((str(prop["value"]) for prop in _list(part, "props") if prop.get("name") == "method"), "")
        objects = " ".join(_prose(inner, view).strip() for inner in _list(part, "parts"))
        rows.append([f"<b>{text(method.capitalize())}</b>", objects])
    return table(["Method", "What"], rows) if rows else ""


def _params(control: _Json, view: PortalView) -> str:
    rows = [
        [
            f"<code>{text(param['id'])}</code>",
            text(param.get("label", "")),
            f"<b>{text(view.params.get(str(param['id']), ''))}</b>",
            " ".join(prose(str(line.get("prose", ""))) for line in _list(param, "guidelines")),
        ]
        for param in _list(control, "params")
    ]
    return "## Values that a plant decides\n\n" + table(["Parameter", "What", "Value", "Why"], rows) if rows else ""


def _related(control: _Json, view: PortalView) -> str:
    found = view.assessment.controls
    links = [
        link(f"{found[ident].label} {found[ident].title}", f"{slug(ident)}.html")
        for item in _list(control, "links")
        for ident in [str(item.get("href", "")).removeprefix("#")]
        if ident in found
    ]
    return "## Related\n\n<ul>" + "".join(f"<li>{item}</li>" for item in links) + "</ul>\n" if links else ""


def _parts(control: _Json, name: str) -> Iterator[_Json]:
    return (part for part in _list(control, "parts") if part.get("name") == name)


def _list(holder: _Json, key: str) -> list[_Json]:
    value = holder.get(key)
    return [item for item in value if isinstance(item, Mapping)] if isinstance(value, list) else []
