# SPDX-License-Identifier: Apache-2.0
"""Who may come in from far away, and all that holds until a day: what people stated, allowed or promised."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from plantproof.core.remote_access import RemoteAccess, ways_in
from plantproof.render.html import findings_table, link, mark, slug, status_badge, table, text
from plantproof.render.view import PortalView, RegisterView

__all__ = ["dates_page", "remote_access_page"]

_ASKED: Final = ("sr-1.13", "sr-1.13.re-1", "sr-1.1.re-2", "sr-2.6")
"""What IEC 62443-3-3 asks of access from networks that nobody trusts."""
_ITEMS: Final = 3
_SAID: Final = {True: "yes", False: "no", None: "nobody said"}


def remote_access_page(view: PortalView, registers: RegisterView) -> str:
    """Markdown of the register of remote access."""
    ways = list(ways_in(view.plant))
    return "\n".join(
        [
            "# Remote access\n",
            "Who may come in from far away, by which conduits, until when, and what shows the sessions. The register is the "
            "owner's word; what the firewalls really let through is on their page.\n",
            table(
                ["Party", "Way in", "To", "Conditions", "Until", "Evidence"],
                [_access(view, one) for one in registers.register],
                searched=False,  # it names evidence
                empty="The register is empty.",
            ),
            "## Findings\n",
            findings_table(registers.findings, "The register is in order."),
            "## What is asked of the ways in\n",
            table(
                ["Conduit", *(view.assessment.controls[name].label for name in _asked(view))],
                [_way(view, conduit) for conduit in ways],
                empty="No conduit lets anybody in from far away.",
            ),
        ]
    )


def _asked(view: PortalView) -> Iterator[str]:
    yield from (name for name in _ASKED if name in view.assessment.controls)


def _access(view: PortalView, one: RemoteAccess) -> list[str]:
    at = view.assessment.at
    who = f"<br><small>{text(one.contact)}</small>" if one.contact else ""
    order = f"<br><small>{text(one.reference)}</small>" if one.reference else ""
    lapsed = one.why_not(at)
    state = mark("stale", "◷", lapsed) if lapsed else mark("ok", "✓", "holds")
    said = (("two factors", one.multi_factor), ("supervised", one.supervised), ("recorded", one.recorded))
    return [
        f'<b id="{slug(one.id)}">{text(one.party)}</b>{who}{order}<br><small>{text(one.purpose)}</small>',
        "<br>".join(link(view.plant.title_of(name), view.page_of(name)) for name in one.conduits),
        text(", ".join(one.assets)) or "all that is there",
        "<br>".join(f"{text(name)}: {_SAID[value]}" for name, value in said),
        f"{text(one.until[:10])} {state}<br><small>{text(one.owner)}, approved by {text(one.approved_by)}</small>",
        _evidence(view, one),
    ]


def _evidence(view: PortalView, one: RemoteAccess) -> str:
    items = [item for item in view.evidence if item.asset in one.shown_by]
    shown = [f'<code class="pp-path">{text(item.path)}</code> {text(item.clocks.collected[:10])}' for item in items]
    more = [f"and {len(shown) - _ITEMS} more"] if len(shown) > _ITEMS else []
    told = "<br>".join([*shown[:_ITEMS], *more])
    return told or ("nothing collected of " + text(", ".join(one.shown_by)) if one.shown_by else "nobody said")


def _way(view: PortalView, conduit: str) -> list[str]:
    status = view.assessment.conduits[conduit]
    return [
        link(view.plant.title_of(conduit), view.page_of(conduit)),
        *(
            _linked(f"controls/{slug(name)}.html#{slug(conduit)}", status_badge(status.controls[name]))
            for name in _asked(view)
        ),
    ]


def _linked(href: str, badge: str) -> str:
    """A badge that leads somewhere."""
    return f'<a href="{text(href)}">{badge}</a>'


def dates_page(view: PortalView, registers: RegisterView) -> str:
    """Markdown of everything that holds until a day, the earliest first."""
    at = view.assessment.at
    rows = [
        [
            f"{text(one.until[:10])} {mark('stale', '◷', 'ran out') if one.ended(at) else ''}",
            text(one.kind.replace("-", " ")),
            text(one.about),
            text(one.who),
            f'<code class="pp-path">{text(view.place(one.where))}</code>',
        ]
        for one in registers.deadlines
    ]
    return (
        "# What runs out\n\nWhat people stated, allowed or promised until a day; nothing of it holds a day longer. "
        "Evidence has its own dates, on its page.\n\n"
        + table(["Until", "What", "About", "Who", "Where"], rows, filterable=True, empty="Nothing has an end.")
    )
