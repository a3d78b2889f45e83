# SPDX-License-Identifier: Apache-2.0
"""Logging in to a device over SSH with netmiko, and saying in plain words why that did not work. No message holds a secret."""

from __future__ import annotations

import contextlib
import logging
import os
import pwd
import socket

EXTRA = "this needs the library netmiko on the machine that collects: pip install plantproof[network]"


class NotConnected(Exception):
    """No session; the message says why, in words for a report."""


class Channel:
    """A paramiko channel as a conversation wants it."""

    def __init__(self, raw):
        self._raw = raw

    def send(self, data):
        self._raw.settimeout(10.0)
        self._raw.sendall(data)

    def receive(self, seconds):
        self._raw.settimeout(max(seconds, 0.001))
        try:
            return self._raw.recv(65536)
        except socket.timeout:
            raise TimeoutError from None


def known_hosts_files(path=""):
    """The named file, or those that ssh itself reads. The home folder is the account's, whatever HOME says."""
    if path:
        return [os.path.expanduser(path)]
    with contextlib.suppress(KeyError):
        home = pwd.getpwuid(os.getuid()).pw_dir
        return [os.path.join(home, ".ssh", "known_hosts"), "/etc/ssh/ssh_known_hosts"]
    return ["/etc/ssh/ssh_known_hosts"]


def _connection_class():
    try:
        from netmiko.base_connection import BaseConnection
    except ImportError:
        raise NotConnected(EXTRA) from None
    import paramiko

    class _Accept(paramiko.MissingHostKeyPolicy):
        """Lets an unknown key pass and keeps it nowhere; a key that differs from a known one never comes here."""

        def missing_host_key(self, client, hostname, key):
            return

    class Device(BaseConnection):
        """Connects and authenticates; sends nothing by itself."""

        known_hosts = ()
        first_contact = False

        def _build_ssh_client(self):
            client = paramiko.SSHClient()
            for path in self.known_hosts:
                with contextlib.suppress(OSError):
                    # "system" host keys: read, never written back
                    client.load_system_host_keys(path)
            client.set_missing_host_key_policy(_Accept() if self.first_contact else paramiko.RejectPolicy())
            return client

    return Device


@contextlib.contextmanager
def session(*, host, port, user, password, key_file, connect_timeout, known_hosts, first_contact):
    """Log in; gives a channel and whether the host key was one that we knew. Raises NotConnected."""
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
        raise NotConnected(_reason(error, host, port, connect_timeout)) from None
    try:
        yield Channel(device.remote_conn), _is_known(device)
    finally:
        device.paramiko_cleanup()


def _is_known(device):
    """Whether the server's key stands in the files that we read."""
    client = device.remote_conn_pre
    transport = client.get_transport()
    key = transport.get_remote_server_key()
    name = device.host if device.port == 22 else f"[{device.host}]:{device.port}"
    return bool(client._system_host_keys.check(name, key))  # noqa: SLF001 -- paramiko offers no other way to ask


def _reason(error, host, port, seconds):
    """Why, from netmiko's error and the one that it wraps."""
    import paramiko
    from netmiko.exceptions import NetmikoAuthenticationException

    where = f"{host}:{port}"
    chain = [error]
    while chain[-1].__context__ is not None and len(chain) < 6:
        chain.append(chain[-1].__context__)
    if any(isinstance(link, paramiko.BadHostKeyException) for link in chain):
        return f"the host key of {where} is not the one in known_hosts: it was changed, or something else answers"
    if any("not found in known_hosts" in str(link) for link in chain):
        return f"the host key of {where} is in no known_hosts file; add it after comparing it on the device itself"
    if any(isinstance(link, (NetmikoAuthenticationException, paramiko.AuthenticationException)) for link in chain):
        return f"authentication at {where} failed: wrong user, key or password"
    if any(isinstance(link, socket.gaierror) for link in chain) or "DNS failure" in str(error):
        return f"the name {host} cannot be resolved"
    if any("Connection refused" in str(link) or isinstance(link, ConnectionRefusedError) for link in chain):
        return f"{where} refuses the connection"
    if any("banner" in str(link) for link in chain):
        return f"{where} accepts the connection, but says nothing of SSH within {seconds:.0f} s"
    if any(isinstance(link, (TimeoutError, socket.timeout)) or "timed out" in str(link) for link in chain):
        return f"no answer from {where} within {seconds:.0f} s"
    if any("ncompatible" in str(link) or "no acceptable" in str(link) for link in chain):
        return f"{where} offers no SSH algorithm that this side accepts"
    return f"no SSH session with {where}: {type(chain[-1]).__name__}"
