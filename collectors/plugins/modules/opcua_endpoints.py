# SPDX-License-Identifier: Apache-2.0
"""Ansible module: ask an OPC UA server which endpoints it offers (GetEndpoints). It opens no session."""

from __future__ import annotations

DOCUMENTATION = r"""
module: opcua_endpoints
short_description: Read which endpoints an OPC UA server offers
version_added: "0.1.0"
author: The Plantproof authors
description:
  - Opens one channel without security, asks GetEndpoints, closes. This is what any client does before it connects.
  - It opens no session and reads no node. It is an active probe all the same; ask whoever runs the plant.
options:
  url:
    description: C(opc.tcp://host:port/path).
    type: str
    required: true
  nonce:
    description: Letters and digits that every mark carries.
    type: str
    default: ""
  connect_timeout:
    description: Seconds for one answer.
    type: float
    default: 10
  total_timeout:
    description: Seconds for everything.
    type: float
    default: 30
"""

EXAMPLES = r"""
- name: Read the endpoints
  plantproof.ot.opcua_endpoints:
    url: opc.tcp://filter-plc.example.org:4840
"""

RETURN = r"""
stdout:
  description: Marked text with the section opcua.endpoints, in JSON.
  type: str
  returned: success
"""

import asyncio
import logging
import time
from typing import Any
from urllib.parse import urlsplit

from ansible.module_utils.basic import AnsibleModule
from ansible_collections.plantproof.ot.plugins.module_utils import endpoints as shape
from ansible_collections.plantproof.ot.plugins.module_utils import marks

KIND = "opcua.endpoints"
ARGUMENTS = {
    "url": {"type": "str", "required": True},
    "nonce": {"type": "str", "default": ""},
    "connect_timeout": {"type": "float", "default": 10.0},
    "total_timeout": {"type": "float", "default": 30.0},
}


async def _ask(url: str, seconds: float, total: float) -> list[Any]:
    from asyncua import Client

    client = Client(url, timeout=seconds)
    return list(await asyncio.wait_for(client.connect_and_get_server_endpoints(), total))


def _reason(error: Exception, where: str, seconds: float) -> str:
    if isinstance(error, ConnectionRefusedError):
        return f"{where} refuses the connection"
    if isinstance(error, (TimeoutError, asyncio.TimeoutError)):
        return f"no answer to GetEndpoints from {where} within {seconds:.0f} s"
    if isinstance(error, OSError) and not isinstance(error, ConnectionError):
        return f"{where} cannot be reached: {error.strerror or type(error).__name__}"
    return f"{where} does not answer GetEndpoints as OPC UA does: {type(error).__name__}"


def main() -> None:
    module = AnsibleModule(argument_spec=ARGUMENTS, supports_check_mode=True)
    url, seconds, total = (module.params[name] for name in ("url", "connect_timeout", "total_timeout"))
    try:
        parts = urlsplit(url)
        known = parts.scheme == "opc.tcp" and bool(parts.hostname)
        where = f"{parts.hostname}:{parts.port or 4840}"
        output = marks.Marked(module.params["nonce"], "opcua", "1")
    except ValueError as error:
        module.fail_json(msg=f"refused, nothing was sent: {error}")
    if not known:
        module.fail_json(msg=f"refused, nothing was sent: {url[:100]!r} is no opc.tcp:// address")
    begun = time.monotonic()
    logging.getLogger("asyncua").addHandler(logging.NullHandler())
    logging.getLogger("asyncua").propagate = False
    try:
        found = asyncio.run(_ask(url, min(seconds, total), total))
        document = shape.describe(found)
    except ImportError:
        module.fail_json(msg="this needs the library asyncua on the machine that collects: pip install plantproof[ot]")
    except Exception as error:
        module.fail_json(msg=_reason(error, where, min(seconds, total)))
    output.begin(KIND)
    output.document(document)
    if len(found) > shape.MOST:
        output.note(KIND, f"cut after {shape.MOST} of {len(found)} endpoints")
    else:
        output.end(KIND)
    module.exit_json(changed=False, stdout=output.text(), seconds=round(time.monotonic() - begun, 3))


if __name__ == "__main__":
    main()
