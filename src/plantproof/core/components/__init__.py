# SPDX-License-Identifier: Apache-2.0
"""SL-C: what components can do by the word of their suppliers or of who certified them (IEC 62443-4-2).

A claim holds for a time and says what a component is able to do, not how it is set up: it never counts for SL-A. Where
the capability is below the target, something else has to be done, or another component bought.
"""

from plantproof.core.components.capability import capabilities, in_force, inherited, reach_of, zone_capability
from plantproof.core.components.claims import CLAIMS, STATES, TYPES, Component, ComponentClaim, Requirement
from plantproof.core.components.rules import COMPONENT_RULES, Described, component_findings

__all__ = [
    "CLAIMS",
    "COMPONENT_RULES",
    "STATES",
    "TYPES",
    "Component",
    "ComponentClaim",
    "Described",
    "Requirement",
    "capabilities",
    "component_findings",
    "in_force",
    "inherited",
    "reach_of",
    "zone_capability",
]
