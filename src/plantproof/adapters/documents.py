# SPDX-License-Identifier: Apache-2.0
"""YAML and JSON files as plain data that can say where each value stands.

Reading is YAML 1.2 in spirit: ``no`` is a word, ``2026-11-23`` is text, a key may not occur twice. Lines are looked
up only when somebody asks, because that costs a second parse.
"""

from __future__ import annotations

import gc
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import orjson

from plantproof.errors import ContentError, Location, SetupError

if TYPE_CHECKING:
    import yaml

__all__ = ["Document", "dump_json", "dump_yaml", "parse_document", "read_document", "read_text"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """A parsed file."""

    data: Mapping[str, object]
    name: str
    """The path as the user wrote it, for messages."""
    text: str = field(repr=False)
    is_yaml: bool

    def locate(self, pointer: str) -> Location:
        """Where a JSON pointer's value starts; the nearest enclosing value if the pointer leads nowhere."""
        return Location(file=self.name, line=_line_of(self, pointer), pointer=pointer)


def read_text(path: Path) -> str:
    """Read a UTF-8 text file.

    Raises:
        SetupError: it is missing or cannot be read.
        ContentError: it is not UTF-8.
    """
    try:
        return path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        where = Location(file=str(path))
        message = f"is not UTF-8 text: byte {error.start} is {error.object[error.start]:#04x}"
        raise ContentError(message, code="content.syntax", hint="Save the file as UTF-8.", where=where) from None
    except OSError as error:
        where = Location(file=str(path))
        reason = error.strerror or str(error)
        message = f"cannot be read: {reason}"
        raise SetupError(
            message, code="environment.file", hint="Check the path and permissions.", where=where
        ) from error


def read_document(path: Path) -> Document:
    """Read a ``.json``, ``.yml`` or ``.yaml`` file whose top level is a map.

    Raises:
        SetupError: it is missing or cannot be read.
        ContentError: it is not well-formed, or its top level is not a map.
    """
    return parse_document(read_text(path), name=str(path), is_yaml=path.suffix.lower() != ".json")


def parse_document(text: str, *, name: str, is_yaml: bool) -> Document:
    """Parse text as YAML or JSON; see :func:`read_document`."""
    with _gc_paused():
        data = _parse_yaml(text, name) if is_yaml else _parse_json(text, name)
    if not isinstance(data, dict):
        message = f"the top level is {_kind(data)}, not a map of keys to values"
        raise ContentError(message, code="content.syntax", hint="", where=Location(file=name, line=1))
    return Document(data=data, name=name, text=text, is_yaml=is_yaml)


def dump_json(data: Mapping[str, object]) -> bytes:
    """Write as indented JSON in the given key order, UTF-8, final newline."""
    return orjson.dumps(data, option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE)


def dump_yaml(data: Mapping[str, object]) -> str:
    """Write as YAML in the given key order; texts of several lines or words as blocks."""
    import yaml

    class Dumper(yaml.CSafeDumper):
        """Keeps key order, folds prose."""

    def text(dumper: yaml.CSafeDumper, value: str) -> yaml.ScalarNode:
        style = "|" if "\n" in value else None
        if _looks_unsafe(value):
            style = "'" if "\n" not in value else '"'
        return dumper.represent_scalar("tag:yaml.org,2002:str", value, style=style)

    Dumper.add_representer(str, text)
    return yaml.dump(data, Dumper=Dumper, sort_keys=False, allow_unicode=True, width=110)


def _looks_unsafe(value: str) -> bool:
    """Whether our reader or another YAML reader would take the plain word for something else than text."""
    return value.lower() in {"no", "yes", "on", "off", "y", "n"} or (value != value.rstrip() and "\n" in value)


def _parse_json(text: str, name: str) -> object:
    try:
        return orjson.loads(text)
    except orjson.JSONDecodeError as error:
        where = Location(file=name, line=error.lineno)
        raise ContentError(f"is not JSON: {error.msg}", code="content.syntax", where=where) from None


def _parse_yaml(text: str, name: str) -> object:
    import yaml

    try:
        if _may_be_deep(text):
            _refuse_depth(text, name)
        return yaml.load(text, Loader=_loader())  # noqa: S506 - a subclass of the C safe loader
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        where = Location(file=name, line=mark.line + 1 if mark else None)
        message = f"is not YAML: {error.problem or error.context}"
        hint = "Look at the line and the one above it: indentation, a missing colon, an unclosed quote."
        raise ContentError(message, code="content.syntax", hint=hint, where=where) from None
    except (yaml.YAMLError, ValueError) as error:
        message = f"is not YAML: {error}"
        raise ContentError(message, code="content.syntax", where=Location(file=name)) from None


def _may_be_deep(text: str) -> bool:
    """Cheap test that lets ordinary files pass: nesting needs an opener or an indentation for each level."""
    openers = sum(text.count(mark) for mark in ("[", "{", "- - ", "? ? "))
    return openers > _DEEPEST or " " * _DEEPEST in text


def _refuse_depth(text: str, name: str) -> None:
    """The C loader recurses without a limit of its own and would take the process down."""
    import yaml

    depth = 0
    for event in yaml.parse(text, Loader=yaml.CSafeLoader):
        if isinstance(event, yaml.CollectionStartEvent):
            depth += 1
            if depth > _DEEPEST:
                mark = event.start_mark
                where = Location(file=name, line=mark.line + 1 if mark else None)
                raise ContentError("is nested too deeply", code="content.syntax", where=where)
        elif isinstance(event, yaml.CollectionEndEvent):
            depth -= 1


def _old_bool(first: str, tag: str) -> bool:
    """YAML 1.1's yes, no, on and off, which start with these letters; true and false stay."""
    return tag.endswith(":bool") and first in "yYnNoO"


@cache
def _loader() -> type[yaml.CSafeLoader]:
    import yaml

    class Loader(yaml.CSafeLoader):
        """Safe, without YAML 1.1's surprises, and strict about repeated keys."""

        yaml_implicit_resolvers = {  # noqa: RUF012 - PyYAML declares it on the instance
            first: [(tag, pattern) for tag, pattern in resolvers if tag in _KEPT and not _old_bool(first, tag)]
            for first, resolvers in yaml.CSafeLoader.yaml_implicit_resolvers.items()
        }

    def mapping(loader: yaml.CSafeLoader, node: yaml.MappingNode) -> dict[object, object]:
        loader.flatten_mapping(node)
        result: dict[object, object] = {}
        for key_node, value_node in node.value:
            key = loader.construct_object(key_node, deep=True)
            if not isinstance(key, str | int):
                raise yaml.constructor.ConstructorError(None, None, "a key must be text", key_node.start_mark)
            if key in result:
                raise yaml.constructor.ConstructorError(
                    None, None, f"the key {key!r} occurs twice", key_node.start_mark
                )
            result[key] = loader.construct_object(value_node, deep=True)
        return result

    Loader.add_constructor("tag:yaml.org,2002:map", mapping)
    return Loader


_DEEPEST = 100
_KEPT = {f"tag:yaml.org,2002:{name}" for name in ("bool", "int", "float", "null", "merge")}


def _line_of(document: Document, pointer: str) -> int | None:
    # YAML's grammar holds JSON, so one lookup serves both; tabs in JSON are the one thing it dislikes.
    import yaml

    text = document.text if document.is_yaml else document.text.replace("\t", " ")
    try:
        node: object = yaml.compose(text, Loader=yaml.CSafeLoader)
    except yaml.YAMLError:
        return None
    line, place = 1, node
    for token in _tokens(pointer):
        step = _step(place, token)
        if step is None:
            break
        line, place = step
    return line


def _tokens(pointer: str) -> list[str]:
    return [part.replace("~1", "/").replace("~0", "~") for part in pointer.split("/")[1:]]


def _step(node: object, token: str) -> tuple[int, object] | None:
    import yaml

    if isinstance(node, yaml.MappingNode):
        for key, value in node.value:
            if key.value == token:
                return key.start_mark.line + 1, value
    if isinstance(node, yaml.SequenceNode) and token.isdigit() and int(token) < len(node.value):
        item = node.value[int(token)]
        return item.start_mark.line + 1, item
    return None


def _kind(value: object) -> str:
    if value is None:
        return "empty"
    return "a list" if isinstance(value, list) else "a single value"


@contextmanager
def _gc_paused() -> Iterator[None]:
    """Hold the garbage collector off: a parse makes only live objects, and scanning them costs half the time."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()
