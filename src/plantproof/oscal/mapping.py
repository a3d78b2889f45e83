# SPDX-License-Identifier: Apache-2.0
"""From an OSCAL mapping-collection (OSCAL 1.2, control mapping model) to crosswalks.

By whose word a row stands is written in props of our namespace, on the row, its mapping or the document, the nearest
counting: ``authority`` (a name), ``official`` (yes or no) and ``source-document``. A relation that only says that two
controls were put side by side is ``related-to`` in our namespace, because OSCAL has no word for it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Final

from plantproof.core.crosswalk.relations import Relation
from plantproof.core.crosswalk.rows import CONFIDENCES, Authority, ControlRef, Crosswalk, Row
from plantproof.core.identity import PROP_NS
from plantproof.errors import ContentError, Location

__all__ = ["NO_RELATION", "read_mappings"]

NO_RELATION: Final = "no-relationship"
"""Says that two controls have nothing in common: nothing to walk along."""

_SAME: Final = {"equivalent-to": Relation.EQUAL}
_SURE: Final = ((0.8, "high"), (0.5, "medium"))
_Json = Mapping[str, object]


def read_mappings(document: _Json, name: str, key_of: Callable[[str], str]) -> list[Crosswalk]:
    """Read every mapping of a document that fits its schema.

    Args:
        document: With the top-level key ``mapping-collection``.
        name: What the crosswalk is called; a document of several mappings numbers them.
        key_of: From the href of a source or target resource to its catalog's key.

    Raises:
        ContentError: a relation is unknown, or a row stands by nobody's word.
    """
    body = document["mapping-collection"]
    assert isinstance(body, Mapping)  # noqa: S101 - the schema says so
    metadata = body["metadata"]
    assert isinstance(metadata, Mapping)  # noqa: S101 - the schema says so
    found = []
    mappings = _items(body, "mappings")
    for number, mapping in enumerate(mappings):
        pointer = f"/mapping-collection/mappings/{number}"
        source, target = (key_of(_href(mapping, side)) for side in ("source-resource", "target-resource"))
        said = _said(metadata) | _said(mapping)
        found.append(
            Crosswalk(
                name=name if len(mappings) == 1 else f"{name}#{number + 1}",
                title=str(metadata["title"]),
                source=source,
                target=target,
                authority=_authority(said, pointer),
                rows=tuple(_rows(mapping, pointer, source, target, said)),
                unmapped_sources=_left_out(mapping, "source"),
                unmapped_targets=_left_out(mapping, "target"),
            )
        )
    return found


def _rows(mapping: _Json, base: str, source: str, target: str, said: dict[str, str]) -> Iterator[Row]:
    default = _confidence(mapping, "high")
    for number, row in enumerate(_items(mapping, "maps")):
        pointer = f"{base}/maps/{number}"
        word = str(row["relationship"])
        if word == NO_RELATION:
            continue
        yield Row(
            uuid=str(row["uuid"]),
            sources=tuple(ControlRef(source, str(item["id-ref"])) for item in _items(row, "sources")),
            targets=tuple(ControlRef(target, str(item["id-ref"])) for item in _items(row, "targets")),
            relation=_relation(word, pointer),
            authority=_authority(said | _said(row), pointer),
            confidence=_confidence(row, default),
            rationale=str(row.get("remarks", "")).strip(),
        )


def _relation(word: str, pointer: str) -> Relation:
    if word in _SAME:
        return _SAME[word]
    try:
        return Relation(word)
    except ValueError:
        known = ", ".join([*_SAME, *Relation, NO_RELATION])
        where = Location(pointer=f"{pointer}/relationship")
        message = f"{word!r} is not a relation that can be reasoned with"
        raise ContentError(message, code="content.crosswalk", hint=f"Known: {known}.", where=where) from None


def _authority(said: Mapping[str, str], pointer: str) -> Authority:
    if not said.get("authority") or said.get("official") not in {"yes", "no"}:
        message = "nobody stands behind this: it has no prop 'authority', or none that says whether it is official"
        hint = f"Add props authority and official (yes or no), ns {PROP_NS}, to the row, its mapping or the metadata."
        raise ContentError(message, code="content.crosswalk", hint=hint, where=Location(pointer=pointer))
    return Authority(
        name=said["authority"], official=said["official"] == "yes", document=said.get("source-document", "")
    )


def _said(holder: _Json) -> dict[str, str]:
    return {
        str(prop["name"]): str(prop["value"])
        for prop in _items(holder, "props")
        if prop.get("ns") == PROP_NS and prop.get("name") in {"authority", "official", "source-document"}
    }


def _left_out(mapping: _Json, side: str) -> dict[str, str]:
    """OSCAL's gap summary has room for ids alone; the reasons stand in props beside it."""
    found: dict[str, str] = {}
    summary = mapping.get(f"{side}-gap-summary")
    for selection in _items(summary, "unmapped-controls") if isinstance(summary, Mapping) else []:
        ids = selection.get("with-ids")
        found.update(dict.fromkeys(map(str, ids if isinstance(ids, list) else []), ""))
    for prop in _items(mapping, "props"):
        if prop.get("ns") == PROP_NS and prop.get("name") == f"unmapped-{side}":
            found[str(prop["value"])] = str(prop.get("remarks", "")).strip()
    return found


def _confidence(holder: _Json, default: str) -> str:
    score = holder.get("confidence-score")
    if not isinstance(score, Mapping):
        return default
    category = str(score.get("category", "")).lower()
    if category in CONFIDENCES:
        return category
    try:
        share = float(str(score.get("percentage", "")))
    except ValueError:
        return CONFIDENCES[-1]
    return next((word for least, word in _SURE if share >= least), CONFIDENCES[-1])


def _href(mapping: _Json, side: str) -> str:
    resource = mapping[side]
    return str(resource["href"]) if isinstance(resource, Mapping) else ""


def _items(holder: _Json, key: str) -> list[_Json]:
    value = holder.get(key)
    return [item for item in value if isinstance(item, Mapping)] if isinstance(value, list) else []
