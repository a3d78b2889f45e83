# SPDX-License-Identifier: Apache-2.0
"""Envelopes as JSON: an in-toto Statement (v1) beside each item. No file is read or written here."""

from __future__ import annotations

from typing import Final

import orjson

from plantproof.adapters.locker.fields import Fields, clocks_json, parse_object
from plantproof.core.canonical import readable_json, sha256_hex
from plantproof.core.evidence import ENVELOPE_SCHEMA, CollectorId, Envelope
from plantproof.core.facts import SectionState
from plantproof.errors import IntegrityError, Location

__all__ = ["decode_envelope", "description_sha256", "encode_envelope", "envelope_path"]

STATEMENT: Final = "https://in-toto.io/Statement/v1"
_VERSION_KEY: Final = "predicateType"


def envelope_path(item: str) -> str:
    """Where an item's envelope lies: ``zone/asset/kind.envelope.json`` beside ``zone/asset/kind.txt``."""
    return item.rpartition(".")[0] + ".envelope.json"


def encode_envelope(envelope: Envelope, before: bytes = b"") -> bytes:
    """Write an envelope.

    Args:
        envelope: What it says.
        before: The envelope that it replaces, if any: fields of it that this release does not know are kept.

    Raises:
        PlantproofError: ``before`` is no envelope of a version that this release reads.
    """
    statement: dict[str, object] = {}
    predicate: dict[str, object] = {}
    if before:
        statement = parse_object(before, envelope.path, version_key=_VERSION_KEY, version=ENVELOPE_SCHEMA)
        old = statement.get("predicate")
        predicate = dict(old) if isinstance(old, dict) else {}
    predicate |= _description(envelope) | {"clocks": clocks_json(envelope.clocks), "run": envelope.run}
    statement |= {
        "_type": STATEMENT,
        "subject": [{"name": envelope.path, "digest": {"sha256": envelope.sha256}}],
        _VERSION_KEY: ENVELOPE_SCHEMA,
        "predicate": predicate,
    }
    return readable_json(statement)


def decode_envelope(data: bytes, name: str) -> Envelope:
    """Read an envelope; fields that this release does not know are ignored.

    Raises:
        IntegrityError: it is not one.
        ContentError: it has a version that this release does not read.
    """
    value = parse_object(data, name, version_key=_VERSION_KEY, version=ENVELOPE_SCHEMA)
    statement = Fields(value, name=name)
    subjects = tuple(statement.objects("subject"))
    predicate = statement.object("predicate")
    collector = predicate.object("collector")
    if len(subjects) != 1:
        raise _broken(name, "/subject", "does not hold exactly one subject")
    try:
        state = SectionState(predicate.text("state"))
    except ValueError as error:
        raise _broken(name, "/predicate/state", str(error)) from None
    return Envelope(
        path=subjects[0].text("name"),
        sha256=subjects[0].object("digest").text("sha256"),
        size=predicate.number("size"),
        zone=predicate.text("zone"),
        asset=predicate.text("asset"),
        kind=predicate.text("kind"),
        collector=CollectorId(
            name=collector.text("name"), version=collector.text("version"), digest=collector.text("digest")
        ),
        clocks=predicate.clocks("clocks"),
        state=state,
        run=predicate.text("run"),
        reason=predicate.text("reason"),
        notes=predicate.texts("notes"),
        redactor=predicate.text("redactor"),
        redactions=predicate.number("redactions"),
        fingerprint_key=predicate.text("fingerprint-key"),
        simulated=predicate.flag("simulated"),
    )


def description_sha256(envelope: Envelope) -> str:
    """Digest of all that an envelope says but for clocks and run: it tells whether an old one is still true."""
    value = _description(envelope) | {"path": envelope.path, "sha256": envelope.sha256}
    return sha256_hex(orjson.dumps(value, option=orjson.OPT_SORT_KEYS | orjson.OPT_APPEND_NEWLINE))


def _description(envelope: Envelope) -> dict[str, object]:
    return {
        "size": envelope.size,
        "zone": envelope.zone,
        "asset": envelope.asset,
        "kind": envelope.kind,
        "collector": {
            "name": envelope.collector.name,
            "version": envelope.collector.version,
            "digest": envelope.collector.digest,
        },
        "state": str(envelope.state),
        "reason": envelope.reason,
        "notes": list(envelope.notes),
        "redactor": envelope.redactor,
        "redactions": envelope.redactions,
        "fingerprint-key": envelope.fingerprint_key,
        "simulated": envelope.simulated,
    }


def _broken(name: str, pointer: str, what: str) -> IntegrityError:
    return IntegrityError(what, code="integrity.locker", where=Location(file=name, pointer=pointer))
