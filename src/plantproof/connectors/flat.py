# SPDX-License-Identifier: Apache-2.0
"""A catalog as a flat table: a line per group and control, so that a spreadsheet or a page of text can hold it.

The columns say what people edit. What OSCAL holds beyond them stands in ``more`` as JSON, so that a catalog comes back
as it was; a table without that column is a catalog too, which is how somebody brings a framework of their own.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Final, cast

from plantproof.core.identity import PROP_NS, stable_uuid
from plantproof.errors import ContentError, Location

__all__ = ["COLUMNS", "Row", "document_of", "rows_of"]

COLUMNS: Final = (
    "kind", "id", "parent", "class", "label", "title", "overview", "statement", "guidance", "objectives", "examine",
    "interview", "test", "props", "params", "links", "more",
)  # fmt: skip
"""Several things in one cell stand on lines of their own; ``objectives`` as one a line, ``props`` as ``name=value``
(``oscal:name=value`` for OSCAL's own), ``params`` as ``id | label | value | reason``, ``links`` as ``rel href``."""

Row = Mapping[str, str]
"""A line of the table: column to text; a column may be missing."""

_Json = Mapping[str, object]
_RMF: Final = "http://csrc.nist.gov/ns/rmf"
_METHODS: Final = ("examine", "interview", "test")
_KINDS: Final = ("catalog", "group", "control")
_OSCAL: Final = "oscal:"
_ID: Final = re.compile(r"[A-Za-z_][A-Za-z0-9_.-]*")
_NESTED: Final = frozenset({"groups", "controls"})


def rows_of(body: _Json, key: str) -> Iterator[dict[str, str]]:
    """Lay a catalog's body out as rows: itself, then groups and controls in document order, each after its parent."""
    metadata = body.get("metadata")
    title = str(metadata.get("title", "")) if isinstance(metadata, Mapping) else ""
    rest = {name: value for name, value in body.items() if name not in _NESTED}
    yield _row({"kind": "catalog", "id": key, "title": title, "more": _dump(rest)})
    yield from _nested(body, "")


def _nested(holder: _Json, parent: str) -> Iterator[dict[str, str]]:
    for kind in ("groups", "controls"):
        entries = holder.get(kind)
        for entry in entries if isinstance(entries, list) else ():
            yield _entry_row(kind.removesuffix("s"), parent, entry)
            yield from _nested(entry, str(entry.get("id", "")))


def _entry_row(kind: str, parent: str, entry: _Json) -> dict[str, str]:
    row = _row({"kind": kind, "id": entry.get("id", ""), "parent": parent})
    row |= {"class": str(entry.get("class", "")), "title": str(entry["title"])}
    props = [p for p in _dicts(entry, "props") if set(p) <= {"name", "ns", "value"} and p.get("ns", PROP_NS) == PROP_NS]
    row["label"] = next((str(p["value"]) for p in props if p["name"] == "label" and "ns" not in p), "")
    row["props"] = _lines(
        f"{'' if 'ns' in p else _OSCAL}{p['name']}={p['value']}"
        for p in props
        if (p["name"], p.get("ns")) != ("label", None)
    )
    row["links"] = _lines(f"{p['rel']} {p['href']}" for p in _dicts(entry, "links") if set(p) == {"rel", "href"})
    row["params"] = _lines(_param_line(param) for param in _dicts(entry, "params"))
    for part in _dicts(entry, "parts"):
        column, text = _part_cell(part)
        if column and not row[column]:
            row[column] = text
    made = _entry(row)
    kept = {name: value for name, value in entry.items() if name not in _NESTED and made.get(name) != value}
    row["more"] = (
        _dump(kept | {name: None for name in made if name not in entry}) if kept or set(made) - set(entry) else ""
    )
    return row


def _param_line(param: _Json) -> str:
    values, reasons = param.get("values"), _dicts(param, "guidelines")
    value = str(values[0]) if isinstance(values, list) and len(values) == 1 else ""
    return " | ".join(
        (str(param["id"]), str(param.get("label", "")), value, str(reasons[0]["prose"]) if reasons else "")
    )


def _part_cell(part: _Json) -> tuple[str, str]:
    name = str(part["name"])
    if name in {"overview", "statement", "guidance"}:
        return name, str(part.get("prose", ""))
    if name == "assessment-objective":
        return "objectives", _lines(str(inner.get("prose", "")) for inner in _dicts(part, "parts"))
    if name == "assessment-method":
        method = next((str(p["value"]).lower() for p in _dicts(part, "props") if p["name"] == "method"), "")
        text = _lines(str(inner.get("prose", "")) for inner in _dicts(part, "parts"))
        return (method, text) if method in _METHODS else ("", "")
    return "", ""


def document_of(rows: Sequence[tuple[int, Row]], *, name: str, key: str = "", title: str = "") -> dict[str, object]:
    """Build a catalog document from rows.

    Args:
        rows: Each with the line on which it stands, in the order of the document.
        name: What to call the table in errors.
        key: Key of the catalog, if no row of kind ``catalog`` gives it.
        title: Its title, likewise.

    Raises:
        ContentError: a row lacks its id or title, repeats an id, names a parent that no earlier row has, or holds a
            cell that cannot be read. All such rows are told at once.
    """
    builder = _Builder(name)
    for line, row in rows:
        builder.add(line, row)
    return builder.document(key, title)


class _Builder:
    def __init__(self, name: str) -> None:
        self._name = name
        self._errors: list[ContentError] = []
        self._holders: dict[str, dict[str, object]] = {}
        self._top: dict[str, object] = {}
        self._head: Row = {}

    def add(self, line: int, row: Row) -> None:
        try:
            self._add(row)
        except _CellError as error:
            where = Location(file=self._name, line=line)
            self._errors.append(ContentError(str(error), code="content.table", hint=error.hint, where=where))

    def _add(self, row: Row) -> None:
        kind = row.get("kind", "").strip().lower() or ("group" if row.get("overview") else "control")
        if kind not in _KINDS:
            raise _CellError(f"the kind {kind!r} is none of {', '.join(_KINDS)}", "Leave the cell empty for a control.")
        if kind == "catalog":
            self._head = row
            return
        ident, parent = row.get("id", "").strip(), row.get("parent", "").strip()
        if not ident:
            raise _CellError("the id is missing", "Give every line an id, such as r-1.2.")
        if not _ID.fullmatch(ident):
            hint = "OSCAL ids begin with a letter and hold letters, digits, dots, hyphens and underscores: r-1.2."
            raise _CellError(f"{ident!r} cannot be an id", hint)
        if ident in self._holders:
            raise _CellError(f"the id {ident!r} stands on an earlier line already", "Ids are unique in a catalog.")
        if parent and parent not in self._holders:
            raise _CellError(f"the parent {parent!r} is on no earlier line", "Put parents before what belongs to them.")
        entry = _entry(row)
        if not entry.get("title"):
            raise _CellError(f"{ident} has no title", "A short title of your own; never the text of a paid standard.")
        entry = _with_more(entry, row)
        self._holders[ident] = entry
        holder = self._holders[parent] if parent else self._top
        inner = holder.setdefault(f"{kind}s", [])
        cast("list[object]", inner).append(entry)

    def document(self, key: str, title: str) -> dict[str, object]:
        if self._errors:
            first, *rest = self._errors
            raise ContentError(first.message, code=first.code, hint=first.hint, where=first.where, also=rest)
        key, title = self._head.get("id") or key, self._head.get("title") or title
        if not self._holders:
            where = Location(file=self._name, line=1)
            hint = "At least the columns id and title are needed."
            raise ContentError("the table has no controls", code="content.table", hint=hint, where=where)
        body = _load(self._head.get("more", "")) or {"uuid": stable_uuid("catalog", key)}
        body["metadata"] = {**cast("_Json", body.get("metadata") or _metadata(key)), "title": title}
        matter = {"back-matter": body.pop("back-matter")} if "back-matter" in body else {}
        return {"catalog": {**body, **self._top, **matter}}


class _CellError(Exception):
    def __init__(self, message: str, hint: str) -> None:
        super().__init__(message)
        self.hint = hint


def _metadata(key: str) -> dict[str, object]:
    props = [
        {"name": "catalog-key", "ns": PROP_NS, "value": key},
        {"name": "provenance", "ns": PROP_NS, "value": "Brought in from a table."},
        {"name": "rights", "ns": PROP_NS, "value": "Those of whoever made the table; say here what may be shared."},
    ]
    # No clock: the same table gives the same bytes. Whoever edits the catalog sets the date.
    rest = {"last-modified": "1970-01-01T00:00:00Z", "version": "1", "oscal-version": "1.2.1", "props": props}
    return {"title": "", **rest}


def _entry(row: Row) -> dict[str, object]:
    """What the columns alone say."""
    ident = row.get("id", "").strip()
    entry: dict[str, object] = {"id": ident} if ident else {}
    if row.get("class"):
        entry["class"] = row["class"]
    entry["title"] = row.get("title", "")
    parts = list(_parts(row, ident))
    held = {"params": _params(row), "props": _props(row), "links": _links(row), "parts": parts}
    return entry | {key: value for key, value in held.items() if value}


def _props(row: Row) -> list[_Json]:
    props: list[_Json] = [{"name": "label", "value": row["label"]}] if row.get("label") else []
    for line in _split(row.get("props", "")):
        name, equals, value = line.partition("=")
        if not equals or not value:
            raise _CellError(f"the prop {line!r} is not name=value", "One prop on each line of the cell.")
        own = not name.startswith(_OSCAL)
        props.append({"name": name.removeprefix(_OSCAL)} | ({"ns": PROP_NS} if own else {}) | {"value": value})
    return props


def _links(row: Row) -> list[_Json]:
    links: list[_Json] = []
    for line in _split(row.get("links", "")):
        rel, space, href = line.partition(" ")
        if not space:
            raise _CellError(f"the link {line!r} is not 'rel href'", "For example: related #r-1.3")
        links.append({"href": href, "rel": rel})
    return links


def _params(row: Row) -> list[_Json]:
    params: list[_Json] = []
    for line in _split(row.get("params", "")):
        ident, *rest = line.split(" | ", 3)
        label, value, reason = (*rest, "", "", "")[:3]
        param: dict[str, object] = {"id": ident}
        if label:
            param["label"] = label
        if value:
            param["values"] = [value]
        if reason:
            param["guidelines"] = [{"prose": reason}]
        params.append(param)
    return params


def _parts(row: Row, ident: str) -> Iterator[_Json]:
    for name, short in (("overview", "ovw"), ("statement", "smt"), ("guidance", "gdn")):
        if row.get(name):
            yield {"id": f"{ident}_{short}", "name": name, "prose": row[name]}
    objectives = _split(row.get("objectives", ""))
    if objectives:
        marks = [chr(ord("a") + n) if n < 26 else str(n + 1) for n in range(len(objectives))]  # noqa: PLR2004 - a to z
        inner = [
            {
                "id": f"{ident}_obj.{mark}",
                "name": "assessment-objective",
                "props": [{"name": "label", "value": f"{mark}."}],
                "prose": objective,
            }
            for mark, objective in zip(marks, objectives, strict=True)
        ]
        yield {"id": f"{ident}_obj", "name": "assessment-objective", "parts": inner}
    for method in _METHODS:
        if row.get(method):
            yield {
                "id": f"{ident}_{method}",
                "name": "assessment-method",
                "props": [{"name": "method", "ns": _RMF, "value": method.upper()}],
                "parts": [{"name": "assessment-objects", "prose": row[method]}],
            }


def _with_more(entry: dict[str, object], row: Row) -> dict[str, object]:
    more = _load(row.get("more", ""))
    whole = {name: value for name, value in {**entry, **more}.items() if value is not None}
    if more:
        # What stands in both places must agree, or an edit of a column would be lost without a word.
        again = _entry_row("control", "", whole)
        for column in (
            "label",
            "overview",
            "statement",
            "guidance",
            "objectives",
            *_METHODS,
            "props",
            "params",
            "links",
        ):
            if row.get(column, again[column]) != again[column]:
                message = f"the column {column} says something else than the column more"
                raise _CellError(message, "Empty the cell `more`, or change what it holds too.")
    return whole


def _load(text: str) -> dict[str, object]:
    if not text.strip():
        return {}
    try:
        found = json.loads(text)
    except ValueError as error:
        raise _CellError(f"the column more is no JSON: {error}", "Restore the cell, or empty it.") from error
    if not isinstance(found, dict):
        raise _CellError("the column more holds no JSON object", "Restore the cell, or empty it.")
    return found


def _dump(value: _Json) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def _row(found: Mapping[str, object]) -> dict[str, str]:
    return dict.fromkeys(COLUMNS, "") | {name: str(value) for name, value in found.items()}


def _lines(texts: Iterable[str]) -> str:
    return "\n".join(texts)


def _split(cell: str) -> list[str]:
    return [line.strip() for line in cell.split("\n") if line.strip()]


def _dicts(holder: _Json, key: str) -> list[_Json]:
    found = holder.get(key)
    return [item for item in found if isinstance(item, Mapping)] if isinstance(found, list) else []
