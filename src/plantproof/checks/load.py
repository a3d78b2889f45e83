# SPDX-License-Identifier: Apache-2.0
"""From a check file's plain data to a check, with errors that a reviewer can act on. Reads no file itself."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from plantproof.checks.compiled import CONTEXT, CompiledCheck, compile_check, name_of_kind
from plantproof.checks.expressions import nearest
from plantproof.core.checks import Assertion, Check
from plantproof.errors import ContentError, Location

__all__ = ["Locate", "load_check", "load_checks"]

Locate = Callable[[str], Location]
"""From a JSON pointer to its place in the file."""

_ID: Final = re.compile(r"[a-z][a-z0-9]*(?:-[a-z0-9]+)*")
_TEXTS: Final = ("title", "rationale", "remedy", "caution")
_REQUIRED: Final = ("id", "title", "kinds", "rationale", "remedy")
_KEYS: Final = ("id", "title", "kinds", "applies-to", "assert", "rationale", "remedy", "caution", "function")
_ASSERTION: Final = ("that", "otherwise")
_LONGEST: Final = 10_000


def load_checks(
    documents: Iterable[tuple[Mapping[str, object], Locate]], *, kinds: Collection[str]
) -> tuple[CompiledCheck, ...]:
    """Load check files; the result is in the order of ids.

    Raises:
        ContentError: see :func:`load_check`; also if two files have one id (``content.reference``).
    """
    found: dict[str, CompiledCheck] = {}
    for data, locate in documents:
        one = load_check(data, locate, kinds=kinds)
        if one.check.id in found:
            other = found[one.check.id].check.declared
            message = f"the check {one.check.id!r} exists twice: also in {other}"
            raise ContentError(message, code="content.reference", hint="Rename one of them.", where=locate("/id"))
        found[one.check.id] = one
    return tuple(found[key] for key in sorted(found))


def load_check(data: Mapping[str, object], locate: Locate, *, kinds: Collection[str]) -> CompiledCheck:
    """Load one check file.

    Args:
        data: its parsed content.
        locate: gives the place of a JSON pointer in it.
        kinds: evidence kinds that have a parser.

    Raises:
        ContentError: ``content.check`` for its form, ``content.expression`` for an expression.
    """
    reader = _Reader(locate)
    reader.keys(data, _KEYS, _REQUIRED, "")
    id_ = reader.text(data, "id", "")
    if not _ID.fullmatch(id_):
        raise reader.problem(f"{id_!r} is no id", "Write lower-case words joined by '-'.", "/id")
    needed = reader.kinds(data, kinds)
    texts = {key: reader.text(data, key, "") if key in data else "" for key in _TEXTS}
    function = reader.text(data, "function", "") if "function" in data else ""
    check = Check(
        id=id_,
        title=texts["title"],
        kinds=needed,
        when=reader.expression(data, "applies-to", "") if "applies-to" in data else "",
        assertions=reader.assertions(data, function),
        rationale=texts["rationale"],
        remedy=texts["remedy"],
        caution=texts["caution"],
        function=function,
        declared=locate(""),
        names={name_of_kind(kind): kind for kind in needed},
    )
    return compile_check(check, locate)


@dataclass(frozen=True, slots=True)
class _Reader:
    locate: Locate

    def problem(self, message: str, hint: str, pointer: str) -> ContentError:
        return ContentError(message, code="content.check", hint=hint, where=self.locate(pointer))

    def keys(self, data: Mapping[str, object], known: tuple[str, ...], required: tuple[str, ...], at: str) -> None:
        for key in data:
            if key not in known:
                hint = f"Keys here: {', '.join(known)}."
                raise self.problem(f"there is no key {key!r}{nearest(str(key), known)}", hint, f"{at}/{key}")
        for key in required:
            if key not in data:
                raise self.problem(f"the key {key!r} is missing", f"Required: {', '.join(required)}.", at)

    def text(self, data: Mapping[str, object], key: str, at: str) -> str:
        value = data[key]
        if not isinstance(value, str) or not value.strip() or len(value) > _LONGEST:
            hint = (
                f"Write a text of at most {_LONGEST} characters; one that begins with a quote or bracket needs quotes."
            )
            raise self.problem(f"{key!r} is no text", hint, f"{at}/{key}")
        return value.strip()

    def expression(self, data: Mapping[str, object], key: str, at: str) -> str:
        value = data[key]
        if isinstance(value, bool):  # `applies-to: true` needs no quotes
            return str(value).lower()
        return self.text(data, key, at)

    def kinds(self, data: Mapping[str, object], known: Collection[str]) -> tuple[str, ...]:
        listed = data["kinds"]
        if not isinstance(listed, list) or not listed or not all(isinstance(each, str) for each in listed):
            raise self.problem("'kinds' is no list of evidence kinds", "Write for example [linux.sshd].", "/kinds")
        names: dict[str, str] = {}
        for index, kind in enumerate(listed):
            at = f"/kinds/{index}"
            if kind not in known:
                hint = f"Kinds with a parser: {', '.join(sorted(known))}."
                raise self.problem(f"no parser reads the kind {kind!r}{nearest(kind, known)}", hint, at)
            name = name_of_kind(kind)
            if name in names or name in CONTEXT:
                other = names.get(name, "every check")
                hint = "Split it into two checks."
                raise self.problem(f"{kind!r} would be called {name!r} in expressions, as is {other}", hint, at)
            names[name] = kind
        return tuple(listed)

    def assertions(self, data: Mapping[str, object], function: str) -> tuple[Assertion, ...]:
        if ("assert" in data) is bool(function):
            hint = "Write assertions; name a function only where an expression cannot say it."
            raise self.problem("exactly one of 'assert' and 'function' is needed", hint, "")
        if function:
            return ()
        listed = data["assert"]
        if not isinstance(listed, list) or not listed:
            raise self.problem("'assert' is no list of assertions", "Write '- that: ...' lines below it.", "/assert")
        return tuple(self.assertion(each, f"/assert/{index}") for index, each in enumerate(listed))

    def assertion(self, data: object, at: str) -> Assertion:
        if not isinstance(data, dict):
            hint = "Write 'that: an expression' and 'otherwise: what is wrong if it does not hold'."
            raise self.problem("an assertion needs 'that' and 'otherwise'", hint, at)
        self.keys(data, _ASSERTION, _ASSERTION, at)
        return Assertion(that=self.expression(data, "that", at), otherwise=self.text(data, "otherwise", at))
