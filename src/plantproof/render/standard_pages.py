# SPDX-License-Identifier: Apache-2.0
"""Other standards as the requirements see them: which duty a requirement serves, who says so, and where it stands."""

from __future__ import annotations

from collections.abc import Iterator

from plantproof.render.html import in_markdown, link, slug, table, tally, text
from plantproof.render.view import Counterpart, PortalView, Standard

__all__ = ["in_other_standards", "standard_list", "standard_page"]

_CAUTION = (
    "A row says that a duty and a requirement share something, and why. That a requirement is satisfied does not fulfil the "
    "duty: read the relation. *superset-of*: the duty asks for all of the requirement, and more.\n"
)
_SEEN_FROM_REQUIREMENT = {"subset-of": "superset-of", "superset-of": "subset-of"}


def standard_list(view: PortalView) -> str:
    """Markdown of the list of other standards."""
    rows = [
        [
            link(standard.title, f"{slug(standard.key)}.html"),
            str(len(standard.duties)),
            str(standard.without),
            text(", ".join(sorted({_said(one) for one in _all(standard)}))),
        ]
        for standard in view.standards
    ]
    heads = ["Standard", "Duties with rows", "Without", "Who says so"]
    return "\n".join(
        ["# Other standards\n", _CAUTION, table(heads, rows, empty="No crosswalk leads from these requirements.")]
    )


def standard_page(view: PortalView, standard: Standard) -> str:
    """Markdown of one other standard: each duty with its requirements and where they stand in the zones."""
    known = view.assessment.controls
    rows = []
    for duty in standard.duties:
        ids = [one.control for one in duty.counterparts if one.control in known]
        served = "<br>".join(_requirement(view, one) for one in duty.counterparts if one.control in known)
        states = [zone.controls[ident] for zone in view.assessment.zones.values() for ident in ids]
        if ids:
            rows.append([f"<b>{text(duty.label)}</b> {text(duty.title)}", served, tally(states)])
    return "\n".join(
        [
            f"# {in_markdown(standard.title)}\n",
            _CAUTION,
            f"{standard.without} of its controls have no row to these requirements.\n" if standard.without else "",
            table(["Duty", "Requirements", "Where they stand, in all zones"], rows, filterable=True, empty="None."),
        ]
    )


def in_other_standards(view: PortalView, control: str) -> str:
    """Markdown of the part of a requirement's page that leads to other standards; empty if nothing does."""
    rows = [
        [
            link(standard.title, f"../standards/{slug(standard.key)}.html"),
            f"<b>{text(duty.label)}</b> {text(duty.title)}",
            text(_SEEN_FROM_REQUIREMENT.get(one.relation, one.relation)),
            text(_said(one)),
            text(one.reason),
        ]
        for standard in view.standards
        for duty in standard.duties
        for one in duty.counterparts
        if one.control == control
    ]
    heads = ["Standard", "Duty", "This requirement is", "Who says so", "Why"]
    return "## In other standards\n\n" + table(heads, rows, searched=False) if rows else ""


def _requirement(view: PortalView, one: Counterpart) -> str:
    info = view.assessment.controls[one.control]
    named = link(f"{info.label} {info.title}", f"../controls/{slug(info.id)}.html")
    return f'{named} <small title="{text(one.reason)}">{text(one.relation)}, {text(_said(one))}</small>'


def _said(one: Counterpart) -> str:
    return one.authority if one.official else f"{one.authority}'s own judgement"


def _all(standard: Standard) -> Iterator[Counterpart]:
    for duty in standard.duties:
        yield from duty.counterparts
