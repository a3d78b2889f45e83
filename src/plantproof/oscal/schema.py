# SPDX-License-Identifier: Apache-2.0
"""Whether a document has the shape that OSCAL 1.2.1 asks for, by compliance-trestle's models.

The models accept any ``oscal-version`` and dangling references; :mod:`plantproof.oscal.references` looks at those.
The document itself is never re-serialised through the models: they rewrite timestamps.
"""

from __future__ import annotations

import importlib
from collections.abc import Iterator, Mapping
from textwrap import shorten
from typing import Final

from plantproof.errors import ContentError, Location

__all__ = ["MODELS", "SUPPORTED_VERSIONS", "model_of", "schema_defects"]

MODELS: Final[Mapping[str, str]] = {
    "catalog": "trestle.oscal.catalog",
    "profile": "trestle.oscal.profile",
    "component-definition": "trestle.oscal.component",
    "assessment-results": "trestle.oscal.assessment_results",
    "plan-of-action-and-milestones": "trestle.oscal.poam",
    "mapping-collection": "trestle.oscal.mapping",
    "system-security-plan": "trestle.oscal.ssp",
}
SUPPORTED_VERSIONS: Final = frozenset(
    {*(f"1.0.{n}" for n in range(7)), *(f"1.1.{n}" for n in range(4)), "1.2.0", "1.2.1"}
)
_Loc = tuple[int | str, ...]
_Found = tuple[_Loc, str]
_MOST = 50
"""More defects than this tell nobody anything new."""


def model_of(data: Mapping[str, object]) -> str:
    """The OSCAL model of a document: its one top-level key beside ``$schema``.

    Raises:
        ContentError: it is none of :data:`MODELS`.
    """
    keys = [key for key in data if key != "$schema"]
    if len(keys) == 1 and keys[0] in MODELS:
        return keys[0]
    known = ", ".join(MODELS)
    message = f"is not an OSCAL document that Plantproof reads: its top-level keys are {', '.join(keys) or 'none'}"
    raise ContentError(message, code="content.schema", hint=f"Expected one of: {known}.")


def schema_defects(data: Mapping[str, object]) -> Iterator[ContentError]:
    """Yield what does not fit, each with a JSON pointer; at most 50, then stop.

    Raises:
        ContentError: the document is of no known model, or of a version that is not read.
    """
    import pydantic

    model = model_of(data)
    body = data[model]
    yield from _version(model, body)
    module = importlib.import_module(MODELS[model])
    # `combine.method` stood in OSCAL 1.0's profiles and is still in published ones: read it, never write it.
    shown = {key: value for key, value in data.items() if key != "$schema"}
    try:
        module.Model.model_validate(_without_method(shown) if model == "profile" else shown)
    except pydantic.ValidationError as error:
        found = [(item["loc"], item["msg"]) for item in error.errors(include_url=False)]
        for loc, message in _meant(shown, found)[:_MOST]:
            yield _defect(data, loc, message)


def _meant(data: Mapping[str, object], found: list[_Found]) -> list[_Found]:
    """Where a value may have one of several shapes, the complaints of the shape that it comes nearest to.

    OSCAL lets a group hold groups or controls: a group of controls with one wrong title is no failed group of groups.
    """
    shapes: dict[_Loc, dict[str, int]] = {}
    named = [(loc, message, _shape(data, loc)) for loc, message in found]
    for loc, _, (place, shape) in named:
        if shape:
            depths = shapes.setdefault(place, {})
            depths[shape] = max(depths.get(shape, 0), len(loc))
    return [
        (loc, message)
        for loc, message, (place, shape) in named
        if not shape or shape == max(shapes[place], key=shapes[place].__getitem__)
    ]


def _shape(data: Mapping[str, object], loc: _Loc) -> tuple[_Loc, str]:
    """The first step that is no place in the document but the name of a shape, and where it stands."""
    place: object = data
    for number, step in enumerate(loc):
        key = _real_key(place, step)
        if key is None:
            is_shape = isinstance(step, str) and number + 1 < len(loc) and isinstance(place, Mapping)
            return loc[:number], str(step) if is_shape else ""
        place = place[key]  # type: ignore[index]  # _real_key said that it is there
    return loc, ""


def _version(model: str, body: object) -> Iterator[ContentError]:
    metadata = body.get("metadata") if isinstance(body, Mapping) else None
    version = metadata.get("oscal-version") if isinstance(metadata, Mapping) else None
    if version is not None and version not in SUPPORTED_VERSIONS:
        pointer = f"/{model}/metadata/oscal-version"
        message = f"oscal-version {version!r} is not one that this release reads"
        hint = "Write '1.2.1', or convert the document with NIST's oscal-cli."
        yield ContentError(message, code="content.version", hint=hint, where=Location(pointer=pointer))


def _without_method(data: dict[str, object]) -> dict[str, object]:
    profile = data.get("profile")
    merge = profile.get("merge") if isinstance(profile, dict) else None
    combine = merge.get("combine") if isinstance(merge, dict) else None
    if not isinstance(profile, dict) or not isinstance(merge, dict) or not isinstance(combine, dict):
        return data
    kept = {key: value for key, value in merge.items() if key != "combine"}
    return {"profile": {**profile, "merge": kept}}


def _defect(data: Mapping[str, object], loc: _Loc, message: str) -> ContentError:
    pointer = ""
    place: object = data
    for step in loc:
        key = _real_key(place, step)
        if key is None:
            continue  # pydantic names union members and python attributes too; they are no place in the file
        place = place[key]  # type: ignore[index]  # _real_key said that it is there
        pointer += "/" + str(key).replace("~", "~0").replace("/", "~1")
    missing = [str(step) for step in loc[-1:] if message == "Field required"]
    text = f"lacks {missing[0]!r}" if missing else _plain(message, place)
    return ContentError(text, code="content.schema", where=Location(pointer=pointer))


def _plain(message: str, value: object) -> str:
    shown = repr(value) if not isinstance(value, dict | list) else ""
    shown = shorten(shown, 60)
    if "Extra inputs" in message:
        return "is a key that OSCAL does not have here"
    if "valid string" in message and isinstance(value, int | float | bool):
        return f"{shown} must be text: put it in quotes"
    text = message[0].lower() + message[1:]
    return f"{shown}: {text}" if shown else text


def _real_key(place: object, step: int | str) -> int | str | None:
    if isinstance(place, list) and isinstance(step, int) and step < len(place):
        return step
    if isinstance(place, Mapping) and isinstance(step, str):
        return next((name for name in (step, step.replace("_", "-")) if name in place), None)
    return None
