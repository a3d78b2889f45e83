# SPDX-License-Identifier: Apache-2.0
"""Envelopes and manifests: what is written is read back, unknown fields stay, and no input ends in a traceback."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plantproof.adapters.locker.envelopes import decode_envelope, description_sha256, encode_envelope
from plantproof.adapters.locker.manifests import decode_manifest, encode_manifest
from plantproof.core.canonical import canonical_json, readable_json, sha256_hex
from plantproof.core.evidence import Clocks, CollectorId, Envelope, ManifestEntry, NotCollected, RunManifest
from plantproof.core.facts import SectionState
from plantproof.errors import PlantproofError

TEXT = st.text(st.characters(codec="utf-8"), max_size=12)
HEX = st.text("0123456789abcdef", min_size=64, max_size=64)
CLOCKS = st.builds(Clocks, observed=st.none() | TEXT, collected=TEXT, received=TEXT, valid_until=TEXT)
NUMBERS = st.integers(min_value=0, max_value=2**53)
ENVELOPES = st.builds(
    Envelope,
    path=TEXT,
    sha256=HEX,
    size=NUMBERS,
    zone=TEXT,
    asset=TEXT,
    kind=TEXT,
    collector=st.builds(CollectorId, name=TEXT, version=TEXT, digest=HEX),
    clocks=CLOCKS,
    state=st.sampled_from(SectionState),
    run=TEXT,
    reason=TEXT,
    notes=st.lists(TEXT, max_size=3).map(tuple),
    redactor=TEXT,
    redactions=NUMBERS,
    fingerprint_key=TEXT,
    simulated=st.booleans(),
)
ENTRIES = st.builds(ManifestEntry, path=TEXT, sha256=HEX, envelope_sha256=HEX, clocks=CLOCKS, run=TEXT, described=TEXT)
MANIFESTS = st.builds(
    RunManifest,
    run=TEXT,
    started=TEXT,
    finished=TEXT,
    previous=TEXT,
    tool=TEXT,
    entries=st.lists(ENTRIES, max_size=4, unique_by=lambda entry: entry.path).map(
        lambda entries: tuple(sorted(entries, key=lambda entry: entry.path))
    ),
    not_collected=st.lists(st.builds(NotCollected, zone=TEXT, asset=TEXT, kind=TEXT, reason=TEXT), max_size=2).map(
        tuple
    ),
)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-5, 5) | TEXT,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXT, inner, max_size=3),
    max_leaves=5,
)


@given(ENVELOPES)
def test_an_envelope_is_read_back(envelope: Envelope) -> None:
    data = encode_envelope(envelope)
    assert decode_envelope(data, "x") == envelope
    assert data == readable_json(json.loads(data))


@given(MANIFESTS)
def test_a_manifest_is_read_back(manifest: RunManifest) -> None:
    data = encode_manifest(manifest)
    assert decode_manifest(data, "x") == manifest
    assert data == readable_json(json.loads(data))


@given(ENVELOPES, CLOCKS, TEXT)
def test_a_description_does_not_depend_on_clocks_and_run(envelope: Envelope, clocks: Clocks, run: str) -> None:
    assert description_sha256(replace(envelope, clocks=clocks, run=run)) == description_sha256(envelope)


@given(ENVELOPES, ENVELOPES)
def test_descriptions_differ_when_anything_else_does(one: Envelope, other: Envelope) -> None:
    same = replace(one, clocks=other.clocks, run=other.run) == other
    assert (description_sha256(one) == description_sha256(other)) == same


@given(JSON)
def test_a_description_is_digested_in_canonical_form(value: object) -> None:
    """The digest is made with a faster encoder; it must be the one that the canonical form would give."""
    import orjson

    fast = orjson.dumps(value, option=orjson.OPT_SORT_KEYS | orjson.OPT_APPEND_NEWLINE)
    assert sha256_hex(fast) == sha256_hex(canonical_json(value))


@given(ENVELOPES, ENVELOPES, JSON)
def test_unknown_fields_of_an_envelope_stay(old: Envelope, new: Envelope, unknown: object) -> None:
    value = json.loads(encode_envelope(old))
    value["x-later"] = value["predicate"]["x-later"] = unknown
    data = encode_envelope(new, readable_json(value))
    assert decode_envelope(data, "x") == new
    assert json.loads(data)["x-later"] == unknown
    assert json.loads(data)["predicate"]["x-later"] == unknown


@given(MANIFESTS, MANIFESTS, JSON)
def test_unknown_fields_of_a_manifest_stay(old: RunManifest, new: RunManifest, unknown: object) -> None:
    value = json.loads(encode_manifest(old))
    value["x-later"] = unknown
    for entry in value["items"].values():
        entry["x-later"] = unknown
    data = encode_manifest(new, readable_json(value))
    assert decode_manifest(data, "x") == new
    assert data == readable_json(json.loads(data))
    written = json.loads(data)
    assert written["x-later"] == unknown
    both = written["items"].keys() & value["items"].keys()
    assert all(written["items"][path]["x-later"] == unknown for path in both)


@given(ENVELOPES, MANIFESTS, st.data())
def test_no_damage_ends_in_a_traceback(envelope: Envelope, manifest: RunManifest, data: st.DataObject) -> None:
    for whole, decode in ((encode_envelope(envelope), decode_envelope), (encode_manifest(manifest), decode_manifest)):
        value = json.loads(whole)
        place = value
        while isinstance(place, dict | list) and place:
            keys = list(place) if isinstance(place, dict) else list(range(len(place)))
            key = data.draw(st.sampled_from(keys))
            if data.draw(st.booleans()):
                place[key] = data.draw(JSON)
                break
            place = place[key]
        refused = None
        try:
            decode(readable_json(value), "x")
        except PlantproofError as error:
            refused = error
        assert refused is None or (refused.where and refused.code in {"integrity.locker", "content.version"})


@given(st.binary(max_size=40))
def test_no_bytes_end_in_a_traceback(data: bytes) -> None:
    for decode in (decode_envelope, decode_manifest):
        with pytest.raises(PlantproofError):
            decode(data, "x")


@pytest.mark.parametrize("decode", [decode_envelope, decode_manifest])
def test_another_version_is_refused(decode: object) -> None:
    value = {"schema": "urn:plantproof:manifest:2", "predicateType": "urn:plantproof:envelope:2"}
    with pytest.raises(PlantproofError, match="this release reads") as caught:
        decode(readable_json(value), "z/a/k.txt")  # type: ignore[operator]
    assert caught.value.code == "content.version"
    assert caught.value.where is not None
    assert caught.value.where.file == "z/a/k.txt"
