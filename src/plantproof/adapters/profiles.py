# SPDX-License-Identifier: Apache-2.0
"""Profiles from files to baselines: read, resolve, and remember within one command."""

from __future__ import annotations

from collections.abc import Mapping

from plantproof.adapters.content import Content
from plantproof.errors import ContentError, Location
from plantproof.oscal.baseline import Baseline, read_baseline
from plantproof.oscal.resolve import Note, Notes, resolve

__all__ = ["load_baseline", "load_levels", "resolve_profile"]


def silent(_: Note) -> None:
    """Take no notice."""


def resolve_profile(content: Content, name: str, note: Notes = silent) -> Mapping[str, object]:
    """Resolve a profile by path or shipped name to a ``{"catalog": ...}`` document.

    Its ``last-modified`` is the profile's own: the same inputs give the same bytes.

    Raises:
        UsageError: there is no such profile.
        ContentError: the profile, or what it imports, cannot be read or resolved.
    """
    uri, path = content.find_profile(name)
    document = content.read(path)
    body = document.data.get("profile")
    metadata = body.get("metadata") if isinstance(body, dict) else None
    instant = metadata.get("last-modified") if isinstance(metadata, dict) else None
    if not isinstance(instant, str):
        message = "is not an OSCAL profile with metadata and last-modified"
        raise ContentError(message, code="content.schema", where=Location(file=str(path)))
    return resolve(document.data, uri=uri, fetch=content.fetcher(path.parent), instant=instant, note=note)


def load_baseline(content: Content, name: str) -> Baseline:
    """Resolve a profile and read what judgement needs; see :func:`resolve_profile`."""
    return read_baseline(resolve_profile(content, name))


def load_levels(content: Content, profiles: Mapping[int, str]) -> Mapping[int, Baseline]:
    """The baseline of each security level; the highest holds every requirement that judgement looks at."""
    return {level: load_baseline(content, name) for level, name in sorted(profiles.items())}
