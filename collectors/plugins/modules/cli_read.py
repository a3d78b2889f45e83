# SPDX-License-Identifier: Apache-2.0
"""Ansible module: read a network device's command line. The work is in module_utils; this is the door."""

from __future__ import annotations

DOCUMENTATION = r"""
module: cli_read
short_description: Read a network device's command line, and nothing but read
version_added: "0.1.0"
author: The Plantproof authors
description:
  - Logs in over SSH, asks the commands that the platform's read-only list holds, and returns what the device printed,
    with marks between the kinds of evidence.
  - Runs on the machine that collects. Never enters a privileged or configuration mode.
  - What is not on the list is refused before a connection is opened.
options:
  platform:
    description: Whose read-only list to use, C(cisco_ios) or C(frr).
    type: str
    required: true
  host:
    description: Name or address of the device.
    type: str
    required: true
  port:
    description: Port of its SSH server.
    type: int
    default: 22
  user:
    description: Whom to log in as. A user that may only read is enough, and best.
    type: str
    required: true
  password:
    description: That user's password. Never part of the result or of any message.
    type: str
  key_file:
    description: File of a private key, instead of a password.
    type: path
  kinds:
    description: Kinds of evidence to collect; all of the platform if none is named.
    type: list
    elements: str
    default: []
  commands:
    description: Ask only these of the listed commands.
    type: list
    elements: str
    default: []
  nonce:
    description: Letters and digits that every mark carries.
    type: str
    default: ""
  known_hosts:
    description: File with the device's host key; those that ssh itself reads if none is named.
    type: path
  host_key_checking:
    description:
      - Set to false for a first contact only. An unknown key is then accepted and reported; a changed one never is.
    type: bool
    default: true
  connect_timeout:
    description: Seconds for the connection and the log-in, each.
    type: float
    default: 10
  read_timeout:
    description: Seconds of silence in the middle of an answer.
    type: float
    default: 30
  total_timeout:
    description: Seconds for everything.
    type: float
    default: 60
  max_bytes:
    description: How much one answer may hold.
    type: int
    default: 4194304
attributes:
  check_mode:
    support: full
    description: Changes nothing, so there is nothing to hold back.
"""

EXAMPLES = r"""
- name: Read the switch
  plantproof.ot.cli_read:
    platform: cisco_ios
    host: sw-filter.example.org
    user: auditor
    password: "{{ vault_auditor }}"
"""

RETURN = r"""
stdout:
  description: Marked text, one section per kind.
  type: str
  returned: success
sent:
  description: Every line that was sent, in order.
  type: list
  returned: success
host_key:
  description: C(verified) or C(unverified).
  type: str
  returned: success
"""

import signal
import time
from typing import Any

from ansible.module_utils.basic import AnsibleModule
from ansible_collections.plantproof.ot.plugins.module_utils import conversation as talk
from ansible_collections.plantproof.ot.plugins.module_utils import marks, read_only, ssh_login

ARGUMENTS = {
    "platform": {"type": "str", "required": True},
    "host": {"type": "str", "required": True},
    "port": {"type": "int", "default": 22},
    "user": {"type": "str", "required": True},
    "password": {"type": "str", "no_log": True},
    "key_file": {"type": "path", "no_log": False},
    "kinds": {"type": "list", "elements": "str", "default": []},
    "commands": {"type": "list", "elements": "str", "default": []},
    "nonce": {"type": "str", "default": ""},
    "known_hosts": {"type": "path"},
    "host_key_checking": {"type": "bool", "default": True},
    "connect_timeout": {"type": "float", "default": 10.0},
    "read_timeout": {"type": "float", "default": 30.0},
    "total_timeout": {"type": "float", "default": 60.0},
    "max_bytes": {"type": "int", "default": 4 * 1024 * 1024},
}


class OutOfTimeError(BaseException):
    """Raised by the alarm; no library below catches it by mistake."""


def _alarm(_number: int, _frame: object) -> None:
    raise OutOfTimeError


def main() -> None:
    module = AnsibleModule(argument_spec=ARGUMENTS, supports_check_mode=True)
    options = dict(module.params)
    # The result must hold what the device printed, letter for letter. Ansible would blank every place where a short
    # password happens to occur in it, so the password is taken out of the module's own record instead: neither the
    # result nor its "invocation" can hold it then, and none of our messages does.
    module.params["password"] = None
    module.no_log_values.clear()
    try:
        chosen = read_only.plan(options["platform"], options["kinds"], options["commands"])
        output = marks.Marked(options["nonce"], "cli_device", "1")
    except (read_only.RefusedError, ValueError) as refusal:
        module.fail_json(msg=f"refused, nothing was sent: {refusal}")
    signal.signal(signal.SIGALRM, _alarm)
    signal.setitimer(signal.ITIMER_REAL, options["total_timeout"] + 3.0)
    try:
        result = _read(options, chosen, output)
    except (ssh_login.NotConnectedError, talk.LostError, read_only.RefusedError) as reason:
        module.fail_json(msg=str(reason))
    except OutOfTimeError:
        module.fail_json(msg=f"{options['total_timeout']:.0f} s were not enough for {options['host']}")
    signal.setitimer(signal.ITIMER_REAL, 0)
    module.exit_json(changed=False, **result)


def _read(options: dict[str, Any], chosen: dict[str, list[str]], output: marks.Marked) -> dict[str, object]:
    begun = time.monotonic()
    login = {name: options[name] for name in ("host", "port", "user", "password", "key_file", "connect_timeout")}
    with ssh_login.session(
        **login, known_hosts=options["known_hosts"] or "", first_contact=not options["host_key_checking"]
    ) as (channel, known):
        limits = talk.Limits(
            silence=options["read_timeout"],
            total=max(1.0, options["total_timeout"] - (time.monotonic() - begun)),
            size=options["max_bytes"],
        )
        device = talk.Conversation(channel, options["platform"], limits, time.monotonic)
        device.start()
        clock = talk.collect(device, options["platform"], chosen, output)
        device.leave()
    host_key = "verified" if known else "unverified"
    return {
        "stdout": output.text(clock=clock, host_key=host_key),
        "sent": device.sent,
        "host_key": host_key,
        "seconds": round(time.monotonic() - begun, 3),
    }


if __name__ == "__main__":
    main()
