# SPDX-License-Identifier: Apache-2.0
"""What the simulators keep between two starts, so that a second collection finds the same devices.

Ports, keys, certificates and passwords are made on first use in the caller's folder, readable by its owner only. None
is shipped, and none is of use anywhere else.
"""

from __future__ import annotations

import json
import secrets
import socket
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final

from plantproof.adapters.files import write_atomically

__all__ = ["Identity", "State", "load_state"]

_FILE: Final = "state.json"
_PORTS: Final = ("modbus", "opcua_secured", "opcua_weak", "switch")
_SECRETS: Final = ("password", "enable", "operator", "line", "snmp_auth", "ntp", "radius")
_SECONDS_A_YEAR: Final = 31_557_600


@dataclass(frozen=True, slots=True, kw_only=True)
class Identity:
    """Paths of a certificate (DER) and its private key (PEM)."""

    certificate: Path
    key: Path


@dataclass(frozen=True, slots=True, kw_only=True)
class State:
    """Everything that stays the same from start to start, as long as the ports are free."""

    folder: Path
    ports: Mapping[str, int]
    secrets: Mapping[str, str]

    def identity(self, name: str, application_uri: str, *, years: int) -> Identity:
        """The self-signed certificate of an application, made when first asked for."""
        found = Identity(certificate=self.folder / f"{name}.der", key=self.folder / f"{name}.pem")
        if not (found.certificate.is_file() and found.key.is_file()):
            _make_identity(found, name, application_uri, years)
        return found


def load_state(folder: Path) -> State:
    """Read the folder's state, or make it; a port that another program took meanwhile is replaced."""
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    path = folder / _FILE
    kept = _kept(path)
    ports = {name: _free_port(kept["ports"].get(name)) for name in _PORTS}
    words = {name: str(kept["secrets"].get(name) or secrets.token_hex(12)) for name in _SECRETS}
    write_atomically(path, json.dumps({"ports": ports, "secrets": words}, indent=1).encode(), mode=0o600)
    return State(folder=folder, ports=ports, secrets=words)


def _kept(path: Path) -> dict[str, dict[str, object]]:
    """What the file holds; a damaged one is made anew, for it is only a demo's."""
    try:
        kept = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        kept = {}
    kept = kept if isinstance(kept, dict) else {}
    return {name: kept[name] if isinstance(kept.get(name), dict) else {} for name in ("ports", "secrets")}


def _free_port(wanted: object) -> int:
    """The wanted loopback port if nobody listens there, else any that is free."""
    for port in (wanted if isinstance(wanted, int) and 0 < wanted < 65536 else 0, 0):  # noqa: PLR2004 -- TCP's range
        with socket.socket() as trial:
            trial.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                trial.bind(("127.0.0.1", port))
            except OSError:
                continue
            return int(trial.getsockname()[1])
    message = "no free port on loopback"
    raise OSError(message)


def _make_identity(identity: Identity, name: str, application_uri: str, years: int) -> None:
    from cryptography import x509
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import rsa
    from cryptography.x509.oid import ExtendedKeyUsageOID

    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    who = x509.Name(
        [
            x509.NameAttribute(x509.NameOID.ORGANIZATION_NAME, "Plantproof demo (SIMULATED)"),
            x509.NameAttribute(x509.NameOID.COMMON_NAME, f"SIMULATED {name}"),
        ]
    )
    begin = datetime.now(UTC).replace(microsecond=0)
    names = [x509.UniformResourceIdentifier(application_uri), x509.DNSName("localhost")]
    usage = x509.KeyUsage(
        digital_signature=True,
        content_commitment=True,
        key_encipherment=True,
        data_encipherment=True,
        key_agreement=False,
        key_cert_sign=False,
        crl_sign=False,
        encipher_only=False,
        decipher_only=False,
    )
    certificate = (
        x509.CertificateBuilder()
        .subject_name(who)
        .issuer_name(who)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(begin)
        .not_valid_after(begin + timedelta(seconds=years * _SECONDS_A_YEAR))
        .add_extension(x509.SubjectAlternativeName(names), critical=False)
        .add_extension(usage, critical=True)
        .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), critical=False)
        .sign(key, hashes.SHA256())
    )
    pem = key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    write_atomically(identity.key, pem, mode=0o600)
    write_atomically(identity.certificate, certificate.public_bytes(serialization.Encoding.DER), mode=0o644)
