# SPDX-License-Identifier: Apache-2.0
"""The manifest of a run as JSON: every item that the locker holds, and the digest of the manifest before it."""

from __future__ import annotations

import json
from typing import Final

from plantproof.adapters.locker.fields import Fields, clocks_json, parse_object
from plantproof.core.canonical import readable_json
from plantproof.core.evidence import MANIFEST_SCHEMA, ManifestEntry, NotCollected, RunManifest

__all__ = ["MANIFEST", "decode_manifest", "encode_manifest"]

MANIFEST: Final = "manifest.json"
_ENTRY_KEYS: Final = frozenset({"clocks", "described", "envelope", "run", "sha256"})
_text = json.encoder.encode_basestring


def encode_manifest(manifest: RunManifest, before: bytes = b"") -> bytes:
    """Write a manifest, sorted, one value a line, so that git shows what changed.

    Args:
        manifest: What it says.
        before: The manifest that it replaces, if any: fields of it that this release does not know are kept, of the
            manifest itself and of the items that both hold.

    Raises:
        PlantproofError: ``before`` is no manifest of a version that this release reads.
    """
    old = parse_object(before, MANIFEST, version_key="schema", version=MANIFEST_SCHEMA) if before else {}
    unknown = _unknown_of_items(old)
    value = old | {
        "schema": MANIFEST_SCHEMA,
        "run": manifest.run,
        "started": manifest.started,
        "finished": manifest.finished,
        "previous": manifest.previous,
        "tool": manifest.tool,
        "items": {},
        "not-collected": [
            {"zone": item.zone, "asset": item.asset, "kind": item.kind, "reason": item.reason, "run": item.run}
            for item in manifest.not_collected
        ],
    }
    if unknown:
        items = {entry.path: unknown.get(entry.path, {}) | _entry_json(entry) for entry in manifest.entries}
        return readable_json(value | {"items": items})
    # The standard library indents in Python, ten times slower than it encodes: each entry is filled into its lines.
    entries = ",\n".join(_entry_lines(entry) for entry in sorted(manifest.entries, key=lambda entry: entry.path))
    items_lines = f'\n "items": {{\n{entries}\n }},\n' if entries else '\n "items": {},\n'
    return readable_json(value).replace(b'\n "items": {},\n', items_lines.encode(), 1)


def decode_manifest(data: bytes, name: str) -> RunManifest:
    """Read a manifest; fields that this release does not know are ignored.

    Raises:
        IntegrityError: it is not one.
        ContentError: it has a version that this release does not read.
    """
    value = parse_object(data, name, version_key="schema", version=MANIFEST_SCHEMA)
    fields = Fields(value, name=name)
    return RunManifest(
        run=fields.text("run"),
        started=fields.text("started"),
        finished=fields.text("finished"),
        previous=fields.text("previous"),
        tool=fields.text("tool"),
        entries=tuple(
            ManifestEntry(
                path=path,
                sha256=entry.text("sha256"),
                envelope_sha256=entry.text("envelope"),
                clocks=entry.clocks("clocks"),
                run=entry.text("run"),
                described=entry.text("described", ""),
            )
            for path, entry in fields.by_key("items")
        ),
        not_collected=tuple(
            NotCollected(
                zone=item.text("zone"),
                asset=item.text("asset"),
                kind=item.text("kind"),
                reason=item.text("reason"),
                run=item.text("run", ""),
            )
            for item in fields.objects("not-collected")
        ),
    )


def _entry_json(entry: ManifestEntry) -> dict[str, object]:
    return {
        "clocks": clocks_json(entry.clocks),
        "described": entry.described,
        "envelope": entry.envelope_sha256,
        "run": entry.run,
        "sha256": entry.sha256,
    }


def _entry_lines(entry: ManifestEntry) -> str:
    """What :func:`readable_json` makes of an entry at its place."""
    clocks = entry.clocks
    return (
        f"  {_text(entry.path)}: {{\n"
        f'   "clocks": {{\n'
        f'    "collected": {_text(clocks.collected)},\n'
        f'    "observed": {"null" if clocks.observed is None else _text(clocks.observed)},\n'
        f'    "received": {_text(clocks.received)},\n'
        f'    "valid-until": {_text(clocks.valid_until)}\n'
        f"   }},\n"
        f'   "described": {_text(entry.described)},\n'
        f'   "envelope": {_text(entry.envelope_sha256)},\n'
        f'   "run": {_text(entry.run)},\n'
        f'   "sha256": {_text(entry.sha256)}\n'
        f"  }}"
    )


def _unknown_of_items(old: dict[str, object]) -> dict[str, dict[str, object]]:
    """Unknown fields of the old manifest's items, by path; empty if this release knows all."""
    items = old.get("items")
    if not isinstance(items, dict):
        return {}
    return {
        path: {key: value for key, value in entry.items() if key not in _ENTRY_KEYS}
        for path, entry in items.items()
        if isinstance(entry, dict) and not entry.keys() <= _ENTRY_KEYS
    }
