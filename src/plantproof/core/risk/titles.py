# SPDX-License-Identifier: Apache-2.0
"""The steps of IEC 62443-3-2 by id: short titles, facts as in the catalog (a test compares)."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

__all__ = ["RECORDED", "TITLES", "label_of"]

TITLES: Final[Mapping[str, str]] = MappingProxyType(
    {
        "zcr-1": "Identify the SUC",
        "zcr-1.1": "Identify the SUC perimeter and access points",
        "zcr-2": "Initial cyber security risk assessment",
        "zcr-2.1": "Perform initial cyber security risk assessment",
        "zcr-3": "Partition the SUC into zones and conduits",
        "zcr-3.1": "Establish zones and conduits",
        "zcr-3.2": "Separate business and IACS assets",
        "zcr-3.3": "Separate safety related assets",
        "zcr-3.4": "Separate temporarily connected devices",
        "zcr-3.5": "Separate wireless devices",
        "zcr-3.6": "Separate devices connected via external networks",
        "zcr-4": "Risk comparison",
        "zcr-4.1": "Compare initial risk to tolerable risk",
        "zcr-5": "Perform a detailed cyber security risk assessment",
        "zcr-5.1": "Identify threats",
        "zcr-5.2": "Identify vulnerabilities",
        "zcr-5.3": "Determine consequence and impact",
        "zcr-5.4": "Determine unmitigated likelihood",
        "zcr-5.5": "Determine unmitigated cyber security risk",
        "zcr-5.6": "Determine SL-T",
        "zcr-5.7": "Compare unmitigated risk with tolerable risk",
        "zcr-5.8": "Identify and evaluate existing countermeasures",
        "zcr-5.9": "Reevaluate likelihood and impact",
        "zcr-5.10": "Determine residual risk",
        "zcr-5.11": "Compare residual risk with tolerable risk",
        "zcr-5.12": "Identify additional cyber security countermeasures",
        "zcr-5.13": "Document and communicate results",
        "zcr-6": "Document cyber security requirements, assumptions and constraints",
        "zcr-6.1": "Cyber security requirements specification",
        "zcr-6.2": "SUC description",
        "zcr-6.3": "Zone and conduit drawings",
        "zcr-6.4": "Zone and conduit characteristics",
        "zcr-6.5": "Operating environment assumptions",
        "zcr-6.6": "Threat environment",
        "zcr-6.7": "Organizational security policies",
        "zcr-6.8": "Tolerable risk",
        "zcr-6.9": "Regulatory requirements",
        "zcr-7": "Asset owner approval",
        "zcr-7.1": "Attain asset owner approval",
    }
)
"""Groups (``zcr-1``) each before its steps (``zcr-1.1``)."""

RECORDED: Final = ("zcr-5.13", "zcr-6.1", "zcr-6.5", "zcr-6.6", "zcr-6.7", "zcr-6.9")
"""Steps that live in documents: plant files can only say where."""


def label_of(step: str) -> str:
    """The id as people write it: ``ZCR 5.6``."""
    return step.upper().replace("-", " ")
