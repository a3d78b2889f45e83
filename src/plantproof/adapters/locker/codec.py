# SPDX-License-Identifier: Apache-2.0
"""Envelopes and manifests as JSON: an in-toto Statement beside each item, one manifest at the root."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Final

from plantproof.core.canonical import readable_json
from plantproof.core.evidence import (
    ENVELOPE_SCHEMA,
    MANIFEST_SCHEMA,
    Clocks,
    CollectorId,
    Envelope,
    ManifestEntry,
    NotCollected,
    RunManifest,
)
from plantproof.core.facts import SectionState
from plantproof.errors import IntegrityError, Location

__all__ = ["MANIFEST", "decode_envelope", "decode_manifest", "encode_envelope", "encode_manifest", "envelope_path"]

MANIFEST: Final = "manifest.json"
STATEMENT: Final = "https://in-toto.io/Statement/v1"
_Json = Mapping[str, object]


def envelope_path(item: str) -> str:
    """Where an item's envelope lies: ``zone/asset/kind.envelope.json`` beside ``zone/asset/kind.txt``."""
    return item.rpartition(".")[0] + ".envelope.json"


def encode_envelope(envelope: Envelope) -> bytes:
    """An in-toto Statement whose subject is the item and whose predicate holds everything else."""
    predicate = {
        "size": envelope.size,
        "zone": envelope.zone,
        "asset": envelope.asset,
        "kind": envelope.kind,
        "collector": {
            "name": envelope.collector.name,
            "version": envelope.collector.version,
            "digest": envelope.collector.digest,
        },
        "clocks": _clocks_json(envelope.clocks),
        "state": str(envelope.state),
        "reason": envelope.reason,
        "notes": list(envelope.notes),
        "run": envelope.run,
        "redactor": envelope.redactor,
        "redactions": envelope.redactions,
        "fingerprint-key": envelope.fingerprint_key,
        "simulated": envelope.simulated,
    }
    statement = {
        "_type": STATEMENT,
        "subject": [{"name": envelope.path, "digest": {"sha256": envelope.sha256}}],
        "predicateType": ENVELOPE_SCHEMA,
        "predicate": predicate,
    }
    return readable_json(statement)


def decode_envelope(data: bytes, name: str) -> Envelope:
    """Read an envelope; unknown fields are ignored.

    Raises:
        IntegrityError: it is not one, or of a version that this release does not read.
    """
    statement = _object(data, name)
    _version(statement, "predicateType", ENVELOPE_SCHEMA, name)
    try:
        subject, predicate = statement["subject"][0], statement["predicate"]  # type: ignore[index]  # guarded below
        collector = predicate["collector"]  # type: ignore[index]  # guarded below
        return Envelope(
            path=subject["name"],
            sha256=subject["digest"]["sha256"],
            size=predicate["size"],  # type: ignore[index]  # guarded below
            zone=predicate["zone"],  # type: ignore[index]  # guarded below
            asset=predicate["asset"],  # type: ignore[index]  # guarded below
            kind=predicate["kind"],  # type: ignore[index]  # guarded below
            collector=CollectorId(name=collector["name"], version=collector["version"], digest=collector["digest"]),
            clocks=_clocks(predicate["clocks"]),  # type: ignore[index]  # guarded below
            state=SectionState(predicate["state"]),  # type: ignore[index]  # guarded below
            run=predicate["run"],  # type: ignore[index]  # guarded below
            reason=predicate["reason"],  # type: ignore[index]  # guarded below
            notes=tuple(predicate["notes"]),  # type: ignore[index]  # guarded below
            redactor=predicate["redactor"],  # type: ignore[index]  # guarded below
            redactions=predicate["redactions"],  # type: ignore[index]  # guarded below
            fingerprint_key=predicate["fingerprint-key"],  # type: ignore[index]  # guarded below
            simulated=predicate["simulated"],  # type: ignore[index]  # guarded below
        )
    except (KeyError, TypeError, ValueError, IndexError) as error:
        raise _broken(name, f"lacks or misstates {error}") from None


def encode_manifest(manifest: RunManifest) -> bytes:
    """The manifest as JSON, one entry a few lines, sorted, so that git shows what changed."""
    return readable_json(
        {
            "schema": MANIFEST_SCHEMA,
            "run": manifest.run,
            "started": manifest.started,
            "finished": manifest.finished,
            "previous": manifest.previous,
            "tool": manifest.tool,
            "items": {
                entry.path: {
                    "sha256": entry.sha256,
                    "envelope": entry.envelope_sha256,
                    "clocks": _clocks_json(entry.clocks),
                    "run": entry.run,
                }
                for entry in manifest.entries
            },
            "not-collected": [
                {"zone": item.zone, "asset": item.asset, "kind": item.kind, "reason": item.reason}
                for item in manifest.not_collected
            ],
        }
    )


def decode_manifest(data: bytes, name: str) -> RunManifest:
    """Read a manifest.

    Raises:
        IntegrityError: it is not one, or of a version that this release does not read.
    """
    value = _object(data, name)
    _version(value, "schema", MANIFEST_SCHEMA, name)
    try:
        items, missing = value["items"], value["not-collected"]
        entries = tuple(
            ManifestEntry(
                path=path,
                sha256=entry["sha256"],
                envelope_sha256=entry["envelope"],
                clocks=_clocks(entry["clocks"]),
                run=entry["run"],
            )
            for path, entry in sorted(items.items())  # type: ignore[attr-defined]  # guarded below
        )
        return RunManifest(
            run=str(value["run"]),
            started=str(value["started"]),
            finished=str(value["finished"]),
            previous=str(value["previous"]),
            tool=str(value["tool"]),
            entries=entries,
            not_collected=tuple(
                NotCollected(zone=item["zone"], asset=item["asset"], kind=item["kind"], reason=item["reason"])
                for item in missing  # type: ignore[attr-defined]  # guarded below
            ),
        )
    except (KeyError, TypeError, AttributeError) as error:
        raise _broken(name, f"lacks or misstates {error}") from None


def _clocks_json(clocks: Clocks) -> dict[str, str | None]:
    return {
        "observed": clocks.observed,
        "collected": clocks.collected,
        "received": clocks.received,
        "valid-until": clocks.valid_until,
    }


def _clocks(value: Mapping[str, str]) -> Clocks:
    return Clocks(
        observed=value["observed"],
        collected=value["collected"],
        received=value["received"],
        valid_until=value["valid-until"],
    )


def _object(data: bytes, name: str) -> _Json:
    try:
        value = json.loads(data)
    except (ValueError, RecursionError):
        raise _broken(name, "is not JSON") from None
    if not isinstance(value, dict):
        raise _broken(name, "is not a JSON object")
    return value


def _version(value: _Json, key: str, wanted: str, name: str) -> None:
    if value.get(key) != wanted:
        raise _broken(name, f"has {key} {value.get(key)!r}; this release reads {wanted!r}")


def _broken(name: str, what: str) -> IntegrityError:
    return IntegrityError(what, code="integrity.locker", where=Location(file=name))
