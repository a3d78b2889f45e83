# SPDX-License-Identifier: Apache-2.0
"""Import phase, hrefs: from an import's ``href`` to a document, through the caller's fetch.

An href that begins with ``#`` names a resource in the profile's own back-matter. This module opens nothing itself.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, Protocol

import orjson

from plantproof.errors import ContentError
from plantproof.oscal.resolve.backmatter import own_resources
from plantproof.oscal.resolve.shape import Json, Place, members


class Fetch(Protocol):
    """How the caller lets the resolver reach documents."""

    def __call__(self, href: str, base: str) -> tuple[str, Mapping[str, object]]:
        """Return the canonical URI and the document for an href.

        Args:
            href: As written in the profile; never a bare ``#fragment``.
            base: Canonical URI of the document that holds the href (RFC 3986, section 5).

        Returns:
            The URI by which the document is known from now on, and ``{"catalog": ...}`` or ``{"profile": ...}``.

        Raises:
            ContentError: ``content.import`` if there is no such document.
        """
        ...


_JSON, _YAML, _OTHER, _XML = range(4)


def acquire(href: str, profile: Json, uri: str, place: Place, fetch: Fetch) -> tuple[str, Json]:
    """Return the canonical URI and the document that an import's href stands for.

    Raises:
        ContentError: ``content.import`` if it cannot be had.
    """
    if not href.startswith("#"):
        return fetch(href, uri)
    name = href[1:].lower()
    for position, resource in enumerate(own_resources(profile, Place(place.file) / "profile")):
        if str(resource.get("uuid", "")).lower() == name:
            inside = Place(place.file) / "profile" / "back-matter" / "resources" / position
            return _from_resource(resource, uri, inside, fetch)
    raise _no_import(
        place,
        f"no resource in the back-matter has the uuid {href[1:]!r}",
        "Compare the href with the resources' uuids.",
    )


def _from_resource(resource: Json, uri: str, place: Place, fetch: Fetch) -> tuple[str, Json]:
    """Try the resource's links, JSON before YAML before the rest, then what it embeds."""
    links = sorted(members(resource, "rlinks", place), key=_preference)
    problem: ContentError | None = None
    for link in links:
        href = link.get("href")
        if not isinstance(href, str) or href.startswith("#"):
            continue
        try:
            return fetch(href, uri)
        except ContentError as error:
            if error.code != "content.import":
                raise
            problem = problem or error
    if "base64" in resource:
        return f"{uri}#{resource.get('uuid', '')}", _embedded(resource["base64"], place / "base64")
    raise problem or _no_import(place, "the resource has no link to follow", "Give it an rlink with an href.")


def _preference(link: Json) -> int:
    """Rank a link by its media type, or by the file name's ending when it has none."""
    kind = str(link.get("media-type") or link.get("href", "")).lower()
    if kind.endswith("json"):
        return _JSON
    if kind.endswith(("yaml", "yml")):
        return _YAML
    return _XML if kind.endswith("xml") else _OTHER


def _embedded(value: object, place: Place) -> Json:
    import base64  # hardly a profile embeds its source, and starting up counts

    try:
        content = value.get("value") if isinstance(value, Mapping) else value
        document = orjson.loads(base64.b64decode(str(content), validate=True))
    except ValueError as error:
        raise _no_import(place, f"the embedded document is not JSON in base64: {error}", _EMBED_HINT) from error
    if not isinstance(document, dict):
        raise _no_import(place, "the embedded document is no object", _EMBED_HINT)
    return document


_EMBED_HINT: Final = "Embed an OSCAL JSON catalog or profile, or link to it with an rlink."


def _no_import(place: Place, message: str, hint: str) -> ContentError:
    return ContentError(message, code="content.import", hint=hint, where=place.location)
