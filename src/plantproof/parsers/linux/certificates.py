# SPDX-License-Identifier: Apache-2.0
"""``linux.certificates``: public certificates on the host, how long they last and how strong they are."""

from __future__ import annotations

import re

from plantproof.core.facts import LINE, Facts
from plantproof.parsers.blocks import Block, Blocks
from plantproof.parsers.dates import days_from, openssl_date
from plantproof.parsers.linux.shapes import facts, observed_day
from plantproof.parsers.settings import Table

__all__ = ["parse"]

Record = dict[str, object]

_FIELDS = re.compile(r"(subject|issuer|serial|notBefore|notAfter|sha256 Fingerprint)\s{0,5}=\s{0,5}(.*)", re.IGNORECASE)
_TEXT = re.compile(r"\s*(Signature Algorithm|Public Key Algorithm|ASN1 OID): (\S{1,100}).*")
_BITS = re.compile(r"\s*(?:RSA |DSA )?Public-Key: \(([0-9]{1,6}) bit.*")
_KEYS = {"rsaencryption": "rsa", "id-ecpublickey": "ec", "dsaencryption": "dsa", "rsassapss": "rsa"}


def parse(text: str) -> Facts:
    """Read the section.

    Facts: ``observed_on``, ``certificates`` (path, subject, issuer, serial, not_before, not_after, days_left,
    self_signed, ca, key_algorithm, key_bits, signature_algorithm, sha256, names), ``unreadable`` (paths).
    """
    blocks = Blocks.read(text)
    data = Table()
    observed = observed_day(blocks)
    if observed:
        data.put("observed_on", observed[1], observed[0])
    certificates: list[Record] = []
    unreadable: list[Record] = []
    for block in blocks.commands("openssl x509 *"):
        record = _certificate(block, observed[1] if observed else "")
        if "not_after" in record:
            certificates.append(record)
        else:
            unreadable.append({"path": record["path"], LINE: block.line})
    unreadable += [{"path": block.name, LINE: block.line} for block in blocks.blocks if block.how == "unreadable"]
    data["certificates"] = certificates
    data["unreadable"] = unreadable
    return facts("linux.certificates/1", blocks, data)


def _certificate(block: Block, observed: str) -> Record:
    record: Record = {"path": block.name.removeprefix("openssl x509 -in "), LINE: block.line}
    previous = ""
    for _, line in block.lines:
        field, shown, bits = _FIELDS.fullmatch(line), _TEXT.fullmatch(line), _BITS.fullmatch(line)
        if field:
            _named(record, field[1].lower(), field[2].strip())
        elif shown:
            _algorithm(record, shown[1], shown[2])
        elif bits:
            record.setdefault("key_bits", int(bits[1]))
        elif "Basic Constraints" in previous:
            record["ca"] = "CA:TRUE" in line
        elif "Subject Alternative Name" in previous:
            record["names"] = [name.strip() for name in line.split(",") if name.strip()]
        previous = line
    not_after = record.get("not_after")
    left = days_from(observed, not_after) if isinstance(not_after, str) and observed else None
    if left is not None:
        record["days_left"] = left
    if "subject" in record and "issuer" in record:
        record["self_signed"] = record["subject"] == record["issuer"]
    return record


def _named(record: Record, name: str, value: str) -> None:
    dates = {"notbefore": "not_before", "notafter": "not_after"}
    if name in dates:
        instant = openssl_date(value)
        if instant:
            record[dates[name]] = instant
    elif name == "sha256 fingerprint":
        record["sha256"] = value.replace(":", "").lower()
    else:
        record[name] = value


def _algorithm(record: Record, name: str, value: str) -> None:
    if name == "Signature Algorithm":
        record.setdefault("signature_algorithm", value.lower())
    elif name == "ASN1 OID":
        record.setdefault("curve", value)
    else:
        record.setdefault("key_algorithm", _KEYS.get(value.lower(), value.lower()))
