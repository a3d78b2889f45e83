# SPDX-License-Identifier: Apache-2.0
"""One host of somebody else's list, before anybody judged it."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, field
from typing import Final

from plantproof.errors import Location

__all__ = ["RESERVED", "SAFE_NAME", "Candidate", "is_plain", "safe_name"]

SAFE_NAME: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,127}")
"""Names of hosts that we write: they become folders in the locker. A colon would be a port to Ansible."""
RESERVED: Final = frozenset({"all", "ungrouped", "localhost", "none", "unplaced", "imported"})
"""Names that mean something else to Ansible, or to us."""

_TEMPLATE: Final = re.compile(r"\{[{%#]|[#%}]\}")
_OTHER: Final = re.compile(r"[^A-Za-z0-9._]+")
_LETTERS: Final = str.maketrans({"ß": "ss", "æ": "ae", "Æ": "AE", "ø": "o", "Ø": "O", "ł": "l", "Ł": "L", "đ": "d"})
_LONGEST: Final = 500
"""Characters of a name or title; nobody reads more."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """A host as a list names it."""

    name: str
    address: str = ""
    """As written: an IP address, perhaps with its mask, or a host name."""
    zone: str = ""
    """As written; empty: the list does not say."""
    title: str = ""
    platform: str = ""
    collectors: tuple[str, ...] = ()
    note: str = ""
    """Why the list itself says that the host is not in the network (``planned``); empty: it does not."""
    where: Location = field(default_factory=Location)


def is_plain(text: str) -> bool:
    """Whether a text can be kept as it is: one line of visible characters, no template, not endless."""
    return len(text) <= _LONGEST and text.isprintable() and not _TEMPLATE.search(text)


def safe_name(text: str) -> str:
    """A host's name made of what a folder and Ansible bear (``Füller 1`` becomes ``Fuller-1``); empty if it cannot be.

    A name that holds control characters or a template is not repaired: it was not written by somebody with a device in
    mind.
    """
    if not is_plain(text):
        return ""
    if SAFE_NAME.fullmatch(text):
        return text if text.lower() not in RESERVED else ""
    bare = unicodedata.normalize("NFKD", text.translate(_LETTERS)).encode("ascii", "ignore").decode("ascii")
    word = _OTHER.sub("-", bare).strip("-._")
    return word if SAFE_NAME.fullmatch(word) and word.lower() not in RESERVED else ""
