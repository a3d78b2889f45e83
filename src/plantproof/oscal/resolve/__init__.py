# SPDX-License-Identifier: Apache-2.0
"""OSCAL profile resolution: a profile and what it imports become one catalog.

Follows NIST's "OSCAL Profile Resolution" (usnistgov/OSCAL, src/specifications/profile-resolution): import, merge,
modify, then metadata, back-matter and pruning. It is pure: documents come through the caller's fetch, the time as
a text, and identifiers are derived. It must not validate documents against schemas; that is the loader's work.

Where the specification leaves room or contradicts itself:

- A selected control brings its parents along, as its prose and NIST's published privacy baseline have it, unless
  they are excluded: then the control moves up.
- An id under ``with-ids`` of an import that the source does not hold is refused; an excluded one is not.
- ``flat`` puts nested controls side by side, as the text demands, though NIST's own script leaves them nested.
- Parameters inside a group stay with it; only those whose group or control is gone are pruned.
- Values that a profile sets displace a parameter's selection, because the schema refuses both.
- An add whose ``by-id`` is the control's own id counts as implicit, as in NIST's example and published overlays; the
  text would ignore it.
- ``mapping`` of ids, which the text describes and no released schema has, is refused.
- Within one alter, removals come before additions.
- ``matching`` patterns are case-sensitive globs: ``*``, ``?`` and ``[...]``.
"""

from __future__ import annotations

from collections.abc import Mapping

from plantproof.core.identity import stable_uuid
from plantproof.errors import ContentError, Location
from plantproof.oscal.resolve.chain import Chain, Source
from plantproof.oscal.resolve.hrefs import Fetch
from plantproof.oscal.resolve.metadata import resolved_metadata
from plantproof.oscal.resolve.references import Pruner, mentioned, surviving_params, surviving_resources
from plantproof.oscal.resolve.shape import Json, Note, Notes, Place, mapping, optional
from plantproof.oscal.resolve.tree import render_control, render_group

__all__ = ["Fetch", "Note", "Notes", "resolve"]


def _silent(_: Note) -> None:
    """Take no notice; the default for callers who show no notes."""


def resolve(
    document: Mapping[str, object], *, uri: str, fetch: Fetch, instant: str, note: Notes = _silent
) -> dict[str, object]:
    """Resolve an OSCAL profile to an OSCAL catalog.

    The inputs are never changed. The result shares sub-trees with them, so treat it as read only. The same inputs
    give the same result, uuid included.

    Args:
        document: ``{"profile": {...}}`` in OSCAL's JSON shape.
        uri: Canonical URI of the profile; base of its relative hrefs, and written into the result.
        fetch: Gives the documents that are imported.
        instant: Text for ``last-modified``, an RFC 3339 date and time with a zone.
        note: Told about directives that have no effect, where the specification goes on.

    Returns:
        ``{"catalog": {...}}`` in OSCAL's canonical order.

    Raises:
        ContentError: With the document, a JSON pointer and a hint. ``content.import``: an import cannot be had;
            ``content.circular-import``; ``content.profile``: it asks for what cannot be done; ``content.schema``:
            a value has a wrong shape; ``content.version``: OSCAL versions do not go together.
    """
    place = Place(uri) / "profile"
    if "profile" not in document:
        raise ContentError(
            "the document is not an OSCAL profile",
            code="content.profile",
            hint="Only profiles are resolved; a catalog is one already.",
            where=Location(file=uri),
        )
    profile = mapping(document["profile"], place)
    try:
        source = Chain(fetch=fetch, note=note).profile(profile, uri)
        return {"catalog": _finish(profile, source, uri=uri, instant=instant, place=place)}
    except RecursionError as error:
        raise ContentError(
            "the documents are nested too deeply",
            code="content.schema",
            hint="OSCAL content is a few levels deep; look for a part, a control or a chain of profiles that repeats.",
            where=Location(file=uri),
        ) from error


def _finish(profile: Json, source: Source, *, uri: str, instant: str, place: Place) -> dict[str, object]:
    """Render the tree, prune what nothing refers to and put the catalog into canonical order."""
    tree = source.tree
    sources = [optional(document, "metadata", place) for document in source.documents[1:]]
    result: dict[str, object] = {
        "uuid": _identity(source),
        "metadata": resolved_metadata(profile, sources, uri=uri, instant=instant, place=place),
    }
    body: dict[str, object] = {
        "controls": [render_control(node) for node in tree.controls],
        "groups": [render_group(group) for group in tree.groups],
    }
    pruner = Pruner(mentioned([result["metadata"], body]))
    params = surviving_params(tree, pruner, source.pinned)
    pruner.want(mentioned(params))
    resources = surviving_resources(source.resources, pruner)
    result |= {key: value for key, value in {"params": params, **body}.items() if value}
    if resources:
        result["back-matter"] = {"resources": resources}
    return result


def _identity(source: Source) -> str:
    """Derive the result's uuid from the documents' identities and the controls that were selected."""
    parts = ["oscal-resolution"]
    for document in source.documents:
        metadata = document.get("metadata")
        modified = metadata.get("last-modified", "") if isinstance(metadata, Mapping) else ""
        parts += [str(document.get("uuid", "")), str(modified)]
    return stable_uuid(*parts, *(node.id for node in source.tree.every_control()))
