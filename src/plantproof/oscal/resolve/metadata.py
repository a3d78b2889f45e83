# SPDX-License-Identifier: Apache-2.0
"""Final phase, metadata: the profile's own, and what says where the result came from.

Only what the specification asks to take from imported documents is taken: the newest OSCAL version, and roles and
parties marked ``keep: always``.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from plantproof.errors import ContentError
from plantproof.oscal.resolve.shape import Json, Place, kept_always, members, name_of, objects, optional, ordered

OSCAL_VERSION: Final = "1.2.1"
"""The newest OSCAL version whose profiles this resolver knows."""

TOOL: Final = "Plantproof"

_ORDER: Final = (
    *("title", "published", "last-modified", "version", "oscal-version", "revisions", "document-ids"),
    *("props", "links", "roles", "locations", "parties", "responsible-parties", "actions", "remarks"),
)
_VERSION: Final = re.compile(r"v?(\d+)\.(\d+)(?:\.(\d+))?")


def resolved_metadata(
    profile: Json, sources: Sequence[Json], *, uri: str, instant: str, place: Place
) -> dict[str, object]:
    """Build the metadata of the resulting catalog.

    Args:
        profile: The profile, for its ``metadata``.
        sources: The metadata of all imported documents, depth first.
        uri: Canonical URI of the profile, for the ``source-profile`` link.
        instant: Text of ``last-modified``.
        place: Where the profile stands, for errors.

    Raises:
        ContentError: ``content.version`` if major OSCAL versions differ.
    """
    own = optional(profile, "metadata", place)
    here = place / "metadata"
    props = [p for p in members(own, "props", here) if p.get("name") != "resolution-tool"]
    links = [link for link in members(own, "links", here) if link.get("rel") != "source-profile"]
    result = dict(own) | {
        "last-modified": instant,
        "oscal-version": _newest_version(own, sources, here),
        "props": [*props, {"name": "resolution-tool", "value": TOOL}],
        "links": [{"href": uri, "rel": "source-profile"}, *links],
    }
    for key, identity in (("roles", "id"), ("parties", "uuid")):
        mine = members(own, key, here)
        known = {name_of(thing, identity) for thing in mine}
        for source in sources:
            for thing in objects(source, key):
                if kept_always(thing) and name_of(thing, identity) not in known:
                    known.add(name_of(thing, identity))
                    mine.append(thing)
        if mine:
            result[key] = mine
    return ordered(result, _ORDER)


def _newest_version(own: Json, sources: Sequence[Json], place: Place) -> str:
    """Return the newest OSCAL version among the documents, but none newer than this resolver's."""
    ours = _parsed(OSCAL_VERSION)
    newest, text = (0, 0, 0), OSCAL_VERSION
    for metadata in (own, *sources):
        written = metadata.get("oscal-version")
        version = _parsed(written)
        if version is None:
            continue
        if ours is not None and version[0] != ours[0]:
            raise ContentError(
                f"OSCAL version {written} cannot be mixed with {OSCAL_VERSION}",
                code="content.version",
                hint="Convert the document to OSCAL 1 with NIST's converters.",
                where=(place / "oscal-version").location,
            )
        if version > newest:
            newest, text = version, str(written)
    return OSCAL_VERSION if ours is not None and newest > ours else text


def _parsed(text: object) -> tuple[int, int, int] | None:
    match = _VERSION.match(text) if isinstance(text, str) else None
    return None if match is None else (int(match[1]), int(match[2]), int(match[3] or 0))
