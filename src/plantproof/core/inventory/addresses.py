# SPDX-License-Identifier: Apache-2.0
"""Addresses as inventories write them, and which of them can be a host's."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from ipaddress import IPv4Network, IPv6Address, IPv6Network, ip_address
from typing import Final

from plantproof.core.observed.addresses import is_everyone, stays_on_link
from plantproof.core.observed.flow import Address
from plantproof.core.plant import Asset, Network

__all__ = ["address_of", "edges", "host_address", "host_text", "is_host", "is_private", "parse_address"]

_HOST_NAME: Final = re.compile(r"(?=.{1,253}\Z)[A-Za-z0-9_](?:[A-Za-z0-9_.-]*[A-Za-z0-9])?\.?", re.ASCII)
_ONLY_DIGITS: Final = re.compile(r"[0-9.]+")
_LONGEST: Final = 100
_PRIVATE: Final[tuple[Network, ...]] = (
    IPv4Network("10.0.0.0/8"),  # RFC 1918
    IPv4Network("172.16.0.0/12"),
    IPv4Network("192.168.0.0/16"),
    IPv4Network("100.64.0.0/10"),  # RFC 6598
    IPv6Network("fc00::/7"),  # RFC 4193
)
_NO_BROADCAST: Final = 30
"""Longer prefixes have neither a broadcast nor a network address (RFC 3021)."""


def parse_address(text: str) -> Address | None:
    """An IPv4 or IPv6 address; None if the text is none.

    Brackets, a mask (``10.0.0.1/24``) and a scope (``fe80::1%eth0``) are dropped, an IPv4 address inside IPv6 is IPv4.
    """
    word = text.strip().partition("/")[0].strip().removeprefix("[").removesuffix("]").partition("%")[0]
    if len(word) > _LONGEST:
        return None
    try:
        found = ip_address(word)
    except ValueError:
        return None
    return found.ipv4_mapped or found if isinstance(found, IPv6Address) else found


def host_text(text: str) -> str:
    """An address or a host's name in its plain form; empty if the text is neither."""
    address = parse_address(text)
    if address is not None:
        return str(address)
    word = text.strip()
    # What has only digits and dots was meant as an address.
    return word if _HOST_NAME.fullmatch(word) and not _ONLY_DIGITS.fullmatch(word) else ""


def address_of(asset: Asset) -> str:
    """The address or host name under which an asset is reached; empty if the inventory does not say one in clear."""
    return host_address(asset.id, asset.variables)


def host_address(name: str, variables: Mapping[str, object]) -> str:
    """As :func:`address_of`, of a host by its name and variables. Only what has an address's form is told."""
    said = variables.get("ansible_host")
    if said is None:
        found = parse_address(name)
        return "" if found is None else str(found)
    return host_text(said) if isinstance(said, str) else ""


def is_private(address: Address) -> bool:
    """Whether it is of those that the internet does not route, because every network may have them."""
    return any(address in network for network in _PRIVATE if network.version == address.version)


def is_host(address: Address) -> bool:
    """Whether an address can be one host's: no group, not everyone, nothing that stays on a link."""
    return not (address.is_multicast or stays_on_link(address) or is_everyone(address))


def edges(networks: Iterable[Network]) -> frozenset[Address]:
    """The first and last address of each IPv4 network: the network itself and its broadcast."""
    return frozenset(
        address
        for network in networks
        if isinstance(network, IPv4Network) and network.prefixlen <= _NO_BROADCAST
        for address in (network.network_address, network.broadcast_address)
    )
