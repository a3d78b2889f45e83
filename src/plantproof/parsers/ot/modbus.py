# SPDX-License-Identifier: Apache-2.0
"""``modbus.identification``: what a Modbus device says of itself (function 0x2B, MEI type 0x0E), into facts."""

from __future__ import annotations

from types import MappingProxyType
from typing import Final

from plantproof.core.facts import LINES, Facts
from plantproof.parsers.ot.documents import Shape, line_of, members, read_document, unreadable

__all__ = ["parse_identification"]

_KIND: Final = "modbus.identification"
_TOP: Final[Shape] = MappingProxyType({"unit": int, "conformity_level": int, "transport": str})
_OBJECTS: Final[Shape] = MappingProxyType(
    dict.fromkeys(
        (
            *("vendor_name", "product_code", "major_minor_revision", "vendor_url", "product_name", "model_name"),
            "user_application_name",
        ),
        str,
    )
)


def parse_identification(text: str) -> Facts:
    """Read the item.

    Facts: ``unit``, ``conformity_level``, ``transport`` (``tcp`` or ``tls``), ``objects`` (vendor_name, product_code,
    major_minor_revision, vendor_url, product_name, model_name, user_application_name), ``extended`` (id and text of
    further objects).
    """
    document = read_document(text)
    if isinstance(document, int):
        return unreadable(_KIND, document)
    unparsed: list[int] = []
    data = members(document, _TOP, unparsed, 1)
    data["objects"] = members(document.get("objects"), _OBJECTS, unparsed, line_of(document, "objects"))
    extended = document.get("extended")
    data["extended"] = [
        members(row, {"id": int, "text": str}, unparsed, line_of(document, "extended"))
        for row in (extended if isinstance(extended, list) else [])
    ]
    data[LINES] = document[LINES]
    return Facts(kind=_KIND, parser=f"{_KIND}/1", data=data, unparsed=tuple(sorted(set(unparsed))))
