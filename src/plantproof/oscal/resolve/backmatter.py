# SPDX-License-Identifier: Apache-2.0
"""Final phase, back-matter: the resources of all documents, one for each uuid.

It combines only; what nothing refers to is pruned in ``references``.
"""

from __future__ import annotations

from collections.abc import Iterable

from plantproof.oscal.resolve.shape import Json, Place, kept_always, members, optional


def own_resources(document: Json, place: Place) -> list[Json]:
    """Return the resources of a document's own back-matter.

    Raises:
        ContentError: ``content.schema`` if they are no list of objects.
    """
    return members(optional(document, "back-matter", place), "resources", place / "back-matter")


def combine_resources(sources: Iterable[Iterable[Json]]) -> list[Json]:
    """Put the resources of all imports and then the profile's own into one list.

    Of two with the same uuid the later one stays, at its later place, unless only the earlier one is marked
    ``keep: always``.
    """
    found: dict[str | int, Json] = {}
    for resources in sources:
        for resource in resources:
            uuid = resource.get("uuid")
            key: str | int = uuid.lower() if isinstance(uuid, str) else id(resource)
            earlier = found.get(key)
            if earlier is not None:
                if earlier is resource or (kept_always(earlier) and not kept_always(resource)):
                    continue
                del found[key]
            found[key] = resource
    return list(found.values())
