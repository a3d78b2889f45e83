# SPDX-License-Identifier: Apache-2.0
"""A page for each conduit: what it joins and lets through, what it consists of, and where it stands."""

from __future__ import annotations

from collections.abc import Iterator

from plantproof.core.plant import Conduit
from plantproof.render.html import in_markdown, link, prose, slug, table, text
from plantproof.render.standing import standing
from plantproof.render.view import PortalView

__all__ = ["conduit_page", "flows_of"]

_UNKNOWN = (
    '<div class="pp-note" role="note">No asset is known that this conduit consists of, so no check can speak for it. '
    "Name them by <code>assets:</code>, or the <code>asset:</code> of the firewalls between its zones.</div>\n"
)


def conduit_page(view: PortalView, conduit: Conduit) -> str:
    """Markdown of one conduit's page."""
    assets = view.plant.assets_of_conduit(conduit.id)
    ends = " ↔ ".join(link(view.plant.zones[zone].title, f"../zones/{slug(zone)}.html") for zone in conduit.zones)
    sections = [
        f"# {in_markdown(conduit.title)}\n",
        f'<p class="pp-lead">Conduit <code>{text(conduit.id)}</code> · {ends}</p>\n',
        prose(conduit.description) + "\n",
        _facts(conduit),
        "" if assets else _UNKNOWN,
        *standing(view, view.assessment.conduits[conduit.id], assets),
    ]
    return "\n".join(section for section in sections if section.strip())


def flows_of(conduit: Conduit) -> str:
    """What it lets through, a line for each flow."""
    return "<br>".join(
        text(f"{flow.source} → {flow.target}: {flow.service}{f' ({flow.reason})' if flow.reason else ''}")
        for flow in conduit.flows
    )


def _facts(conduit: Conduit) -> str:
    return table(["What", "As declared"], _rows(conduit), searched=False)


def _rows(conduit: Conduit) -> Iterator[list[str]]:
    yield ["Lets through", flows_of(conduit) or "nothing"]
    if conduit.channels:
        yield ["Channels", "<br>".join(text(f"{one.title} ({one.medium})") for one in conduit.channels)]
    if conduit.one_way:
        yield ["One way", text(f"{conduit.one_way.source} → {conduit.one_way.target}")]
    if conduit.trust_boundary:
        yield ["Trust boundary", "what comes through is not believed on the other side without a check"]
    if conduit.exception:
        said = conduit.exception
        yield [
            "Exception",
            text(f"{said.reason} (approved by {said.approved_by}, until {said.until[:10]})"),
        ]
