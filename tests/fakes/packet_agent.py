# SPDX-License-Identifier: Apache-2.0
"""Runs inside a namespace of its own: sends frames by raw sockets and says which came out, and where.

Reads one JSON line per batch from standard input: ``[[id, device, frame as hex], ...]``; answers with
``{"id": device, ...}`` of the frames whose payload arrived on another device.
"""

from __future__ import annotations

import json
import select
import socket
import struct
import sys
import time

ETH_IP, ETH_IP6 = 0x0800, 0x86DD
MARK = b"PPRF"
QUIET = 0.15


def main(devices: list[str]) -> None:
    sockets = {}
    for device in devices:
        raw = socket.socket(socket.AF_PACKET, socket.SOCK_RAW, socket.htons(0x0003))
        raw.bind((device, 0))
        raw.setsockopt(socket.SOL_SOCKET, 33, 1 << 24)  # SO_RCVBUFFORCE
        raw.setblocking(False)
        sockets[raw] = device
    by_name = {device: raw for raw, device in sockets.items()}
    print("ready", flush=True)
    for line in sys.stdin:
        batch = json.loads(line)
        seen: dict[int, str] = {}
        for index, (_, device, frame) in enumerate(batch):
            by_name[device].send(bytes.fromhex(frame))
            if index % 64 == 63:
                drain(sockets, seen, 0.0)
        deadline = time.monotonic() + QUIET
        while time.monotonic() < deadline:
            if drain(sockets, seen, QUIET / 3):
                deadline = time.monotonic() + QUIET
        print(json.dumps(seen), flush=True)


def drain(sockets: dict[socket.socket, str], seen: dict[int, str], wait: float) -> bool:
    ready, _, _ = select.select(list(sockets), [], [], wait)
    for raw in ready:
        while True:
            try:
                frame, (_, _, kind, _, _) = raw.recvfrom(4096)
            except BlockingIOError:
                break
            ident = probe_of(frame) if kind != 4 else None  # 4: outgoing, our own
            if ident is not None:
                seen[ident] = sockets[raw]
    return bool(ready)


def probe_of(frame: bytes) -> int | None:
    """The id in the payload of a probe; None for anything else, errors that quote a probe included."""
    ethertype = struct.unpack("!H", frame[12:14])[0]
    if ethertype == ETH_IP:
        proto, at = frame[23], 14 + (frame[14] & 15) * 4
    elif ethertype == ETH_IP6:
        proto, at = frame[20], 54
    else:
        return None
    size = {6: 20, 17: 8, 1: 8, 58: 8}.get(proto, 0)
    body = frame[at + size : at + size + 8]
    return struct.unpack("!I", body[4:])[0] if body[:4] == MARK else None


if __name__ == "__main__":
    main(sys.argv[1:])
