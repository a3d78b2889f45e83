# SPDX-License-Identifier: Apache-2.0
"""One SSH key, one account: an expression cannot group records."""

from __future__ import annotations

from collections.abc import Mapping

from plantproof.checks.functions.judged import Judged, records, undecided
from plantproof.core.verdicts import Verdict

__all__ = ["keys_open_one_account"]


def keys_open_one_account(names: Mapping[str, object]) -> Judged:
    """No authorized key opens more than one account, so that a login tells who came.

    Facts: ``accounts.authorized_keys`` with ``fingerprint``, ``users`` and ``path``. A key file that belongs to no
    known account counts as an account of its own.
    """
    found = records(names, "accounts", "authorized_keys")
    if found is None:
        return undecided("accounts.authorized_keys is not in the evidence")
    accounts: dict[str, set[str]] = {}
    lines: dict[str, list[int]] = {}
    for line, record in found:
        fingerprint = record.get("fingerprint")
        if not isinstance(fingerprint, str):
            return undecided("a key has no fingerprint", (line,) if line else ())
        accounts.setdefault(fingerprint, set()).update(_owners(record))
        lines.setdefault(fingerprint, []).append(line)
    shared = [fingerprint for fingerprint, users in accounts.items() if len(users) > 1]
    if not shared:
        return Judged(verdict=Verdict.SATISFIED, message=f"{len(accounts)} key(s), each for one account")
    message = "; ".join(f"{each} opens {', '.join(sorted(accounts[each]))}" for each in shared)
    told = tuple(sorted(line for each in shared for line in lines[each] if line))
    return Judged(verdict=Verdict.NOT_SATISFIED, message=message, lines=told)


def _owners(record: Mapping[str, object]) -> set[str]:
    users = record.get("users")
    if isinstance(users, list) and users:
        return {str(user) for user in users}
    return {str(record.get("path", "an unknown account"))}
