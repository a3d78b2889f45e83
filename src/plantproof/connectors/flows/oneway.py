# SPDX-License-Identifier: Apache-2.0
"""Records that go one way: a conversation has two, and neither says who began it."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from plantproof.core.observed.flow import ECHO_REPLIES, ECHO_REQUESTS, ObservedFlow, is_reply
from plantproof.core.services import TCP

__all__ = ["ACK", "RST", "SYN", "directed"]

SYN: Final = 0x02
RST: Final = 0x04
ACK: Final = 0x10


def directed(flow: ObservedFlow, source: int | None, flags: int | None = None) -> ObservedFlow:
    """The flow from the side that began it, with what its TCP flags say about an answer.

    Args:
        flow: As the record has it; its ``answered`` is kept where flags say nothing.
        source: Source port of the record.
        flags: All TCP flags seen, ored; None or 0 if the record does not say.
    """
    if flow.port is not None and flow.port == ECHO_REPLIES.get(flow.protocol):
        request = ECHO_REQUESTS[flow.protocol]
        return replace(flow, src=flow.dst, dst=flow.src, port=request, answered=True)
    if flow.port is None or source is None or flow.protocol in ECHO_REPLIES:
        return flow
    if source == flow.port:
        return replace(flow, directed=False, answered=_from_client(flow, flags))
    if is_reply(flow.protocol, source, flow.port):
        # Refused: the service sent RST and never SYN.
        refused = flow.protocol == TCP and flags and flags & RST and not flags & SYN
        return replace(flow, src=flow.dst, dst=flow.src, port=source, answered=not refused)
    answered = _from_client(flow, flags)
    return flow if answered is flow.answered else replace(flow, answered=answered)


def _from_client(flow: ObservedFlow, flags: int | None) -> bool | None:
    if flow.answered is not None or flow.protocol != TCP or not flags:
        return flow.answered
    # A client acknowledges only what it got.
    return True if flags & ACK else False if flags & SYN else None
