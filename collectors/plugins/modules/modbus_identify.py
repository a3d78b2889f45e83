# SPDX-License-Identifier: Apache-2.0
"""Ansible module: ask a Modbus device what it is (function 0x2B, MEI type 0x0E). It can send no other function."""

from __future__ import annotations

DOCUMENTATION = r"""
module: modbus_identify
short_description: Ask a Modbus device what it is
version_added: "0.1.0"
author: The Plantproof authors
description:
  - Sends Read Device Identification (function 0x2B, MEI type 0x0E) over Modbus TCP and nothing else. No register and no
    coil is ever read or written; a gate in front of the connection refuses every other function.
  - It is an active probe all the same; ask whoever runs the plant. Some old devices stop on functions they do not know.
options:
  host:
    description: Name or address of the device or gateway.
    type: str
    required: true
  port:
    description: Its port.
    type: int
    default: 502
  unit:
    description: Unit identifier behind a gateway.
    type: int
    default: 1
  nonce:
    description: Letters and digits that every mark carries.
    type: str
    default: ""
  connect_timeout:
    description: Seconds for the connection and for each answer.
    type: float
    default: 5
  total_timeout:
    description: Seconds for everything.
    type: float
    default: 30
"""

EXAMPLES = r"""
- name: Ask the pump controller
  plantproof.ot.modbus_identify:
    host: pump-1.example.org
"""

RETURN = r"""
stdout:
  description: Marked text with the section modbus.identification, in JSON.
  type: str
  returned: success
"""

import logging
import time
from collections.abc import Mapping
from typing import Any

from ansible.module_utils.basic import AnsibleModule
from ansible_collections.plantproof.ot.plugins.module_utils import marks

KIND = "modbus.identification"
IDENTIFY = 0x2B
EXTENDED = 3  # basic 1, regular 2, extended 3: read codes, and the low bits of the conformity level
PRIVATE = 0x80
MOST_REQUESTS = 12
NAMES = (
    "vendor_name",
    "product_code",
    "major_minor_revision",
    "vendor_url",
    "product_name",
    "model_name",
    "user_application_name",
)
ARGUMENTS = {
    "host": {"type": "str", "required": True},
    "port": {"type": "int", "default": 502},
    "unit": {"type": "int", "default": 1},
    "nonce": {"type": "str", "default": ""},
    "connect_timeout": {"type": "float", "default": 5.0},
    "total_timeout": {"type": "float", "default": 30.0},
}


class SilentError(Exception):
    """No identification; the message says why."""


def gate(sending: bool, pdu: Any) -> Any:  # noqa: FBT001 -- pymodbus calls it so
    """Refuse to send anything but the identification request."""
    if sending and pdu.function_code != IDENTIFY:
        raise RuntimeError("a Modbus function that is not on the read-only list")
    return pdu


def _read(options: Mapping[str, Any]) -> tuple[int, dict[int, object]]:
    from pymodbus.client import ModbusTcpClient

    where = f"{options['host']}:{options['port']}"
    client = ModbusTcpClient(
        options["host"], port=options["port"], timeout=options["connect_timeout"], retries=0, trace_pdu=gate
    )
    if not client.connect():
        raise SilentError(f"no connection with {where} within {options['connect_timeout']:.0f} s")
    try:
        return _objects(client, options, where)
    finally:
        client.close()


def _objects(client: Any, options: Mapping[str, Any], where: str) -> tuple[int, dict[int, object]]:
    """Conformity level and objects by number, asked level by level, as far as the device says that it goes."""
    deadline = time.monotonic() + options["total_timeout"]
    found: dict[int, object] = {}
    level = 0
    code, at = 1, 0
    for _ in range(MOST_REQUESTS):
        if time.monotonic() > deadline:
            raise SilentError(f"{options['total_timeout']:.0f} s were not enough for {where}")
        try:
            answer = client.read_device_information(read_code=code, object_id=at, device_id=options["unit"])
        except Exception as error:
            raise SilentError(f"{where}, unit {options['unit']}, gives no identification: {_kind(error)}") from None
        if answer.isError():
            if level:
                return level, found  # a level that it promised and does not give: what came before stands
            number = getattr(answer, "exception_code", "unknown")
            raise SilentError(f"{where}, unit {options['unit']}, refuses identification with exception {number}")
        level = answer.conformity
        found.update(answer.information)
        if answer.more_follows and answer.next_object_id > at:
            at = answer.next_object_id
        elif code < level & EXTENDED:
            code, at = code + 1, (PRIVATE if code + 1 == EXTENDED else 0)
        else:
            break
    return level, found


def _kind(error: Exception) -> str:
    return "no answer" if "No response" in str(error) or isinstance(error, TimeoutError) else type(error).__name__


def _text(value: object) -> str:
    if isinstance(value, list):
        value = b" ".join(value)
    return value.decode("utf-8", "replace")[:253] if isinstance(value, bytes) else str(value)[:253]


def _document(options: Mapping[str, Any], level: int, found: Mapping[int, object]) -> dict[str, object]:
    return {
        "unit": options["unit"],
        "transport": "tcp",
        "conformity_level": level,
        "objects": {name: _text(found[number]) for number, name in enumerate(NAMES) if found.get(number)},
        "extended": [{"id": number, "text": _text(found[number])} for number in sorted(found) if number >= PRIVATE],
    }


def main() -> None:
    module = AnsibleModule(argument_spec=ARGUMENTS, supports_check_mode=True)
    options = module.params
    try:
        output = marks.Marked(options["nonce"], "modbus", "1")
    except ValueError as error:
        module.fail_json(msg=f"refused, nothing was sent: {error}")
    logging.getLogger("pymodbus").addHandler(logging.NullHandler())
    logging.getLogger("pymodbus").propagate = False
    begun = time.monotonic()
    try:
        level, found = _read(options)
    except ImportError:
        module.fail_json(msg="this needs the library pymodbus on the machine that collects: pip install plantproof[ot]")
    except SilentError as reason:
        module.fail_json(msg=str(reason))
    output.begin(KIND)
    output.document(_document(options, level, found))
    output.end(KIND)
    module.exit_json(changed=False, stdout=output.text(), seconds=round(time.monotonic() - begun, 3))


if __name__ == "__main__":
    main()
