# SPDX-License-Identifier: Apache-2.0
"""``linux.listeners``: sockets that wait for others, and which process owns them (ss, netstat or /proc/net)."""

from __future__ import annotations

import re

from plantproof.core.facts import LINE, Facts
from plantproof.parsers.blocks import Block, Blocks
from plantproof.parsers.linux.shapes import facts
from plantproof.parsers.settings import Table, integer

__all__ = ["parse"]

Record = dict[str, object]

_PROCESS = re.compile(r'\("([^"]{1,100})",pid=([0-9]{1,9})')
_NETSTAT_OWNER = re.compile(r"([0-9]{1,9})/(.{1,100})")
_PROTOCOLS = {"tcp", "udp", "tcp6", "udp6"}
_HEX = re.compile(r"[0-9A-F]{1,32}")
_LISTEN, _UNCONNECTED = "0A", "07"


def parse(text: str) -> Facts:
    """Read the section.

    Facts: ``sockets`` (protocol, address, port, loopback, wildcard, process, pid), ``source``, ``owners_known``.
    """
    blocks = Blocks.read(text)
    sockets: list[Record] = []
    unparsed: list[int] = []
    data = Table()
    for pattern, source, reader in (("ss *", "ss", _ss), ("netstat *", "netstat", _netstat)):
        for block in blocks.commands(pattern):
            if not sockets and "source" not in data and block.first():
                sockets, unparsed = reader(block)
                data["source"] = source
    if "source" not in data:
        for block in blocks.files("/proc/net/*"):
            data["source"] = "proc"
            _proc(block, sockets, unparsed)
    data["sockets"] = sockets
    data["owners_known"] = bool(sockets) and all("process" in socket for socket in sockets)
    return facts("linux.listeners/1", blocks, data, unparsed)


def _socket(number: int, protocol: str, address: str, port: int) -> Record:
    """One record; an interface after ``%`` and brackets are taken off the address."""
    bare, _, interface = address.strip("[]").partition("%")
    bare = bare.strip("[]")
    plain = bare.removeprefix("::ffff:")
    record: Record = {
        "protocol": protocol.rstrip("6"),
        "address": bare,
        "port": port,
        "loopback": plain.startswith("127.") or plain == "::1",
        "wildcard": bare in {"0.0.0.0", "::", "*"},  # noqa: S104  # compared with, not bound to
        LINE: number,
    }
    if interface:
        record["interface"] = interface
    return record


def _port(text: str) -> int | None:
    number = integer(text)
    return number if number is not None and 0 <= number <= 65535 else None  # noqa: PLR2004  # 16 bits


def _ss(block: Block) -> tuple[list[Record], list[int]]:
    sockets: list[Record] = []
    unparsed: list[int] = []
    for number, line in block.content():
        fields = line.split(None, 6)
        if fields[0] == "Netid":
            continue
        address, _, port_text = fields[4].rpartition(":") if len(fields) > 4 else ("", "", "")  # noqa: PLR2004  # Local Address:Port
        port = _port(port_text)
        if fields[0] not in _PROTOCOLS or not address or port is None:
            unparsed.append(number)
            continue
        record = _socket(number, fields[0], address, port)
        owners = _PROCESS.findall(fields[6]) if len(fields) > 6 else []  # noqa: PLR2004  # the column after Peer
        if owners:
            record.update(process=owners[0][0], pid=int(owners[0][1]))
            record["processes"] = sorted({name for name, _ in owners})
        sockets.append(record)
    return sockets, unparsed


def _netstat(block: Block) -> tuple[list[Record], list[int]]:
    sockets: list[Record] = []
    unparsed: list[int] = []
    for number, line in block.content():
        fields = line.split(None, 6)
        if fields[0] in {"Active", "Proto", "(Not", "will"}:
            continue
        address, _, port_text = fields[3].rpartition(":") if len(fields) > 4 else ("", "", "")  # noqa: PLR2004  # Foreign Address
        port = _port(port_text)
        if fields[0] not in _PROTOCOLS or not address or port is None:
            unparsed.append(number)
            continue
        record = _socket(number, fields[0], address, port)
        owner = _NETSTAT_OWNER.fullmatch(fields[-1].strip()) or _NETSTAT_OWNER.fullmatch(" ".join(fields[5:]).strip())
        if owner:
            name = owner[2].partition(":")[0].strip()
            record.update(process=name, pid=int(owner[1]), processes=[name])
        sockets.append(record)
    return sockets, unparsed


def _proc(block: Block, sockets: list[Record], unparsed: list[int]) -> None:
    """/proc/net/tcp and its kin: hexadecimal, addresses in the host's byte order (little endian is assumed)."""
    protocol = block.name.rpartition("/")[2]
    for number, line in block.content():
        fields = line.split()
        if fields[0] == "sl":
            continue
        address, _, port_text = fields[1].partition(":") if len(fields) > 3 else ("", "", "")  # noqa: PLR2004  # local, remote, state
        if not _HEX.fullmatch(address) or not _HEX.fullmatch(port_text) or len(port_text) != 4:  # noqa: PLR2004  # 16 bits
            unparsed.append(number)
            continue
        if fields[3] == (_LISTEN if protocol.startswith("tcp") else _UNCONNECTED):
            record = _socket(number, protocol, _hex_address(address), int(port_text, 16))
            uid = integer(fields[7]) if len(fields) > 7 else None  # noqa: PLR2004  # proc(5)
            if uid is not None:
                record["uid"] = uid
            sockets.append(record)


def _hex_address(text: str) -> str:
    if len(text) == 8:  # noqa: PLR2004  # IPv4
        return ".".join(str(int(text[index : index + 2], 16)) for index in (6, 4, 2, 0))
    words = [text[start : start + 8] for start in range(0, len(text), 8)]
    swapped = "".join(word[6:8] + word[4:6] + word[2:4] + word[0:2] for word in words).lower()
    if swapped == "0" * 32:
        return "::"
    if swapped == "0" * 31 + "1":
        return "::1"
    return ":".join(swapped[start : start + 4] for start in range(0, len(swapped), 4))
