# SPDX-License-Identifier: Apache-2.0
"""Every error code with one line of meaning. A code is a promise: it is never renamed or reused.

The family is the part before the dot; ``site/pages/reference/errors.md`` explains each (a test compares).
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

CODES: Final[Mapping[str, str]] = MappingProxyType(
    {
        "usage.bad-argument": "An argument or option has a value that the command cannot take.",
        "usage.not-a-workspace": "The folder has no plantproof.yml.",
        "usage.exists": "A file or folder that would be written is already there.",
        "usage.unknown-name": "No zone, asset, control, profile or platform of that name exists.",
        "environment.missing-program": "A program that this step needs is not installed.",
        "environment.missing-extra": "An optional Python library that this step needs is not installed.",
        "environment.file": "A file or folder cannot be read or written.",
        "content.syntax": "A file is not well-formed YAML or JSON.",
        "content.schema": "A document does not fit its schema.",
        "content.reference": "A document refers to something that does not exist, or twice to one id.",
        "content.version": "A document has a version that this release does not read.",
        "content.plant": "The plant's description contradicts itself.",
        "content.firewall": "A firewall's configuration is not what its dialect writes, or ends too early.",
        "content.crosswalk": "A crosswalk's row cannot be understood, or nobody stands behind it.",
        "content.licensed": "A file of licensed text belongs to no control, or cannot be one control's text.",
        "content.table": "A table or page that should become a catalog has a line that cannot be read.",
        "content.flows": "Observed flows are in no known format, lack a column, or hold no readable line.",
        "content.circular-import": "Profiles import one another in a circle.",
        "content.import": "A profile imports something that cannot be found or read.",
        "content.profile": "A profile asks for something that its imports do not hold.",
        "content.expression": "A check's expression uses something outside the permitted language.",
        "content.check": "A check is not well-formed, or names a kind or control that does not exist.",
        "collection.no-redactor": "A kind of evidence has no redactor, so it is refused.",
        "collection.secret-found": "A secret was found in text about to be stored; nothing was stored.",
        "collection.runner": "The collection run could not be started or was broken off.",
        "collection.incomplete": "Some evidence could not be collected.",
        "collection.format": "Collected output does not have the expected marks.",
        "collection.not-allowed": "A command, module or protocol is not on the read-only list.",
        "integrity.digest": "Stored bytes do not match their digest.",
        "integrity.missing": "An item that the manifest lists is missing, or one it does not list is there.",
        "integrity.chain": "A manifest does not follow from the one before it.",
        "integrity.signature": "A commit is unsigned, or signed by a key that is not allowed.",
        "integrity.history": "The locker's history was rewritten since it was last seen.",
        "integrity.locker": "The locker cannot be read or written as a git repository.",
    }
)
