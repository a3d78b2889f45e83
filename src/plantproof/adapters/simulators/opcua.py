# SPDX-License-Identifier: Apache-2.0
"""Two simulated OPC UA servers: one secured, one weak on purpose (no security, anonymous users welcome)."""

from __future__ import annotations

import contextlib
import logging
from collections.abc import AsyncIterator, Mapping

from plantproof.adapters.simulators.state import State

__all__ = ["serve_opcua"]


@contextlib.asynccontextmanager
async def serve_opcua(state: State, name: str) -> AsyncIterator[Mapping[str, object]]:
    """Serve ``opcua_secured`` or ``opcua_weak`` on the state's port of loopback; yields how to reach it."""
    from asyncua import Server, ua

    logging.getLogger("asyncua").setLevel(logging.CRITICAL)
    weak = name == "opcua_weak"
    title = "SIMULATED dosing controller (weak)" if weak else "SIMULATED filter controller"
    uri = f"urn:plantproof:SIMULATED:{name.replace('_', '-')}"
    url = f"opc.tcp://127.0.0.1:{state.ports[name]}/SIMULATED"
    identity = state.identity(name, uri, years=25 if weak else 2)
    server = Server()
    server.product_uri = "urn:plantproof:SIMULATED"
    server.manufacturer_name = "Plantproof (SIMULATED)"
    server.application_type = ua.ApplicationType.Server
    server.set_server_name(title)
    await server.init()
    await server.set_application_uri(uri)
    server.set_endpoint(url)
    if weak:
        policies = [ua.SecurityPolicyType.NoSecurity, ua.SecurityPolicyType.Basic256Sha256_Sign]
        tokens = [ua.AnonymousIdentityToken, ua.UserNameIdentityToken]
    else:
        policies = [
            ua.SecurityPolicyType.Basic256Sha256_SignAndEncrypt,
            ua.SecurityPolicyType.Aes256Sha256RsaPss_SignAndEncrypt,
        ]
        tokens = [ua.UserNameIdentityToken, ua.X509IdentityToken]
    server.set_security_policy(policies)
    server.set_identity_tokens(tokens)
    await server.load_certificate(identity.certificate)
    await server.load_private_key(identity.key)
    async with server:
        yield {"host": "127.0.0.1", "port": state.ports[name], "url": url, "path": "/SIMULATED"}
