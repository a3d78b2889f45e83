# SPDX-License-Identifier: Apache-2.0
"""Logging in to a device over SSH with netmiko, and saying in plain words why that failed, without any secret."""

from __future__ import annotations

import contextlib
import logging
import os
import pwd
import socket
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

EXTRA = "this needs the library netmiko on the machine that collects: pip install plantproof[network]"


_SSH = 22
_LINKS = 6


class NotConnectedError(Exception):
    """No session; the message says why, in words for a report."""


class Channel:
    """A paramiko channel as a conversation wants it."""

    def __init__(self, raw: Any) -> None:
        self._raw = raw

    def send(self, data: bytes) -> None:
        self._raw.settimeout(10.0)
        self._raw.sendall(data)

    def receive(self, seconds: float) -> bytes:
        self._raw.settimeout(max(seconds, 0.001))
        try:
            return bytes(self._raw.recv(65536))
        except socket.timeout:  # noqa: UP041 -- paramiko raises this name
            raise TimeoutError from None


def known_hosts_files(path: str = "") -> list[str]:
    """The named file, or those that ssh itself reads. The home folder is the account's, whatever HOME says."""
    if path:
        return [str(Path(path).expanduser())]
    with contextlib.suppress(KeyError):
        home = Path(pwd.getpwuid(os.getuid()).pw_dir)
        return [str(home / ".ssh" / "known_hosts"), "/etc/ssh/ssh_known_hosts"]
    return ["/etc/ssh/ssh_known_hosts"]


def _connection_class() -> Any:
    try:
        from netmiko.base_connection import BaseConnection
    except ImportError:
        raise NotConnectedError(EXTRA) from None
    import paramiko

    class _Accept(paramiko.MissingHostKeyPolicy):
        """Lets an unknown key pass and keeps it nowhere; a key that differs from a known one never comes here."""

        def missing_host_key(self, *_unused: object) -> None:
            return

    class Device(BaseConnection):
        """Connects and authenticates; sends nothing by itself."""

        known_hosts: Sequence[str] = ()
        first_contact = False

        def _build_ssh_client(self) -> Any:
            client = paramiko.SSHClient()
            for path in self.known_hosts:
                with contextlib.suppress(OSError):
                    # "system" host keys: read, never written back
                    client.load_system_host_keys(path)
            client.set_missing_host_key_policy(_Accept() if self.first_contact else paramiko.RejectPolicy())
            return client

    return Device


@contextlib.contextmanager
def session(
    *,
    host: str,
    port: int,
    user: str,
    password: str | None,
    key_file: str | None,
    connect_timeout: float,
    known_hosts: str,
    first_contact: bool,
) -> Iterator[tuple[Channel, bool]]:
    """Log in; gives a channel and whether the host key was one that we knew. Raises NotConnectedError."""
    for name in ("paramiko", "netmiko"):
        logging.getLogger(name).addHandler(logging.NullHandler())
        logging.getLogger(name).propagate = False
    device = _connection_class()(
        device_type="cisco_ios",
        host=host,
        port=port,
        username=user,
        password=password or "",
        use_keys=bool(key_file),
        key_file=key_file or None,
        conn_timeout=connect_timeout,
        banner_timeout=connect_timeout,
        auth_timeout=connect_timeout,
        allow_agent=False,
        auto_connect=False,
    )
    device.known_hosts = known_hosts_files(known_hosts)
    device.first_contact = first_contact
    try:
        device.establish_connection()
    except Exception as error:
        device.paramiko_cleanup()
        raise NotConnectedError(_reason(error, host, port, connect_timeout)) from None
    try:
        yield Channel(device.remote_conn), _is_known(device)
    finally:
        device.paramiko_cleanup()


def _is_known(device: Any) -> bool:
    """Whether the server's key stands in the files that we read."""
    client = device.remote_conn_pre
    transport = client.get_transport()
    key = transport.get_remote_server_key()
    name = device.host if device.port == _SSH else f"[{device.host}]:{device.port}"
    return bool(client._system_host_keys.check(name, key))  # noqa: SLF001 -- paramiko offers no other way to ask


def _reason(error: BaseException, host: str, port: int, seconds: float) -> str:
    """Why, from netmiko's error and the one that it wraps."""
    import paramiko
    from netmiko.exceptions import NetmikoAuthenticationException

    where = f"{host}:{port}"
    chain: list[BaseException] = [error]
    while chain[-1].__context__ is not None and len(chain) < _LINKS:
        chain.append(chain[-1].__context__)
    said = " ".join(str(link) for link in chain)
    by_kind = (
        ((paramiko.BadHostKeyException,), _CHANGED_KEY),
        ((NetmikoAuthenticationException, paramiko.AuthenticationException), _WRONG_LOGIN),
        ((socket.gaierror,), "the name {host} cannot be resolved"),
        ((ConnectionRefusedError,), "{where} refuses the connection"),
    )
    for kinds, reason in by_kind:
        if any(isinstance(link, kinds) for link in chain):
            return reason.format(host=host, where=where)
    for sign, reason in _SIGNS:
        if sign in said:
            return reason.format(host=host, where=where, seconds=f"{seconds:.0f}")
    if any(isinstance(link, TimeoutError) for link in chain):
        return f"no answer from {where} within {seconds:.0f} s"
    return f"no SSH session with {where}: {type(chain[-1]).__name__}"


_CHANGED_KEY = "the host key of {where} is not the one in known_hosts: it was changed, or something else answers"
_WRONG_LOGIN = "authentication at {where} failed: wrong user, key or password"
_SIGNS = (
    (
        "not found in known_hosts",
        "the host key of {where} is in no known_hosts file; compare it at the device, then add it",
    ),
    ("DNS failure", "the name {host} cannot be resolved"),
    ("Connection refused", "{where} refuses the connection"),
    ("Unable to connect to port", "{where} refuses the connection or cannot be reached"),
    ("banner", "{where} accepts the connection, but no SSH session came of it within {seconds} s"),
    ("No existing session", "{where} accepts the connection, but no SSH session came of it within {seconds} s"),
    ("ncompatible", "{where} offers no SSH algorithm that this side accepts"),
    ("no acceptable", "{where} offers no SSH algorithm that this side accepts"),
    ("timed out", "no answer from {where} within {seconds} s"),
)
