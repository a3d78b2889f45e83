# SPDX-License-Identifier: Apache-2.0
from __future__ import annotations

import json
import uuid

from hypothesis import given
from hypothesis import strategies as st

from plantproof.core.canonical import canonical_json, readable_json, sha256_hex
from plantproof.core.identity import NAMESPACE, stable_uuid

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(st.characters(exclude_categories=["Cs"])),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(st.characters(exclude_categories=["Cs"])), inner),
    max_leaves=20,
)


@given(st.lists(st.text(st.characters(exclude_categories=["Cs"])), min_size=1))
def test_the_quick_uuid_is_the_library_s(parts: list[str]) -> None:
    assert stable_uuid(*parts) == str(uuid.uuid5(NAMESPACE, "\x1f".join(parts)))


def test_the_namespace_is_the_one_that_it_says() -> None:
    assert uuid.uuid5(uuid.NAMESPACE_URL, "urn:plantproof:ids:1") == NAMESPACE


def test_parts_are_kept_apart() -> None:
    assert stable_uuid("a", "bc") != stable_uuid("ab", "c")


@given(JSON)
def test_both_byte_forms_read_back_and_do_not_depend_on_key_order(value: object) -> None:
    for encode in (canonical_json, readable_json):
        data = encode(value)
        assert json.loads(data) == value
        assert data.endswith(b"\n")
    if isinstance(value, dict):
        turned = dict(reversed(list(value.items())))
        assert canonical_json(turned) == canonical_json(value)


def test_the_digest_is_sha_256() -> None:
    assert sha256_hex(b"").startswith("e3b0c44298fc1c14")
