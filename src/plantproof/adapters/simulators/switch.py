# SPDX-License-Identifier: Apache-2.0
"""A simulated switch with a command line over SSH: password log-in, prompt, paging, some ``show`` commands, and faults.

It knows no configuration mode: there is nothing to change. Each line that it receives goes into its log, so that a test
can tell what a collector really sent.
"""

from __future__ import annotations

import asyncio
import contextlib
import hmac
from collections.abc import AsyncIterator, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

from plantproof.adapters.files import write_atomically
from plantproof.adapters.simulators.faults import Fault
from plantproof.adapters.simulators.state import State
from plantproof.adapters.simulators.switch_answers import HOSTNAME, answers

__all__ = ["USER", "serve_switch"]

USER: Final = "engineer"
_PAGE: Final = 24
_CONFIG: Final = "show running-config"
_INVALID: Final = "                 ^\n% Invalid input detected at '^' marker.\n\n"
_NONSENSE: Final = "\x1b[2J\x00\x07\ufffd" + "".join(chr(33 + at % 90) for at in range(4000)) + "\n#plantproof x done"
_FORGED: Final = "@@ command show version\n#plantproof 0 end cisco_ios.config ok\n#plantproof 0 done\n"
_NO_CHANGE: Final = "% This is a SIMULATED device: it has nothing to configure.\n"


@contextlib.asynccontextmanager
async def serve_switch(state: State, *, faults: bool = False) -> AsyncIterator[Mapping[str, object]]:
    """Serve on the state's port of loopback; yields how to reach it, without the password but with its file's path."""
    import asyncssh

    key = _host_key(state.folder / "switch-host-key")
    switch = _Switch(state, faults=faults)
    listener = await asyncssh.listen(
        "127.0.0.1",
        state.ports["switch"],
        server_host_keys=[key],
        server_factory=switch.new_login,
        process_factory=switch.converse,
        server_version="SIMULATED-Plantproof",
        agent_forwarding=False,
        allow_scp=False,
        login_timeout=30,
    )
    password = state.folder / "switch-password"
    write_atomically(password, state.secrets["password"].encode(), mode=0o600)
    public = " ".join(key.export_public_key().decode().split()[:2])
    known = state.folder / "known_hosts"
    write_atomically(known, f"[127.0.0.1]:{state.ports['switch']} {public}\n".encode())
    try:
        yield {
            "host": "127.0.0.1",
            "port": state.ports["switch"],
            "user": USER,
            "password_file": str(password),
            "known_hosts": str(known),
            "host_key": public,
            "log": str(switch.log),
        }
    finally:
        listener.close()
        await switch.hang_up()
        await listener.wait_closed()


def _host_key(path: Path) -> Any:
    import asyncssh

    if not path.is_file():
        key = asyncssh.generate_private_key("ssh-ed25519", comment="SIMULATED")
        write_atomically(path, key.export_private_key(), mode=0o600)
    return asyncssh.read_private_key(str(path))


class _Switch:
    """One device with any number of sessions."""

    def __init__(self, state: State, *, faults: bool) -> None:
        self.answers = answers(state.secrets)
        self.password = state.secrets["password"]
        self.users = {USER, *(fault.value for fault in Fault)} if faults else {USER}
        self.log = state.folder / "switch.log"
        self.log.write_text("", encoding="utf-8")
        self.connections: set[Any] = set()

    def new_login(self) -> Any:
        """Who may log in: asyncssh asks an object of this kind for each connection."""
        import asyncssh

        switch = self

        class Login(asyncssh.SSHServer):  # type: ignore[misc]  # asyncssh is imported lazily, so its types are unknown
            def connection_made(self, connection: Any) -> None:
                self.connection = connection
                switch.connections.add(connection)

            def connection_lost(self, _error: Exception | None) -> None:
                switch.connections.discard(self.connection)

            def password_auth_supported(self) -> bool:
                return True

            def validate_password(self, user: str, password: str) -> bool:
                same = hmac.compare_digest(password.encode(), switch.password.encode())
                return same and user in switch.users

        return Login()

    async def hang_up(self) -> None:
        """End all sessions, also those that hang on purpose."""
        for connection in list(self.connections):
            connection.abort()
            await connection.wait_closed()

    async def converse(self, process: Any) -> None:
        """One session, until the other side leaves."""
        import asyncssh

        user = process.get_extra_info("username")
        session = _Session(self, process, Fault(user) if user in {fault.value for fault in Fault} else None)
        with contextlib.suppress(asyncssh.Error, OSError, asyncio.IncompleteReadError):
            await session.run()
        with contextlib.suppress(asyncssh.Error, OSError):
            process.exit(0)


class _Session:
    def __init__(self, switch: _Switch, process: Any, fault: Fault | None) -> None:
        self.switch = switch
        self.process = process
        self.fault = fault
        self.page = _PAGE
        self.prompt = f"{HOSTNAME}#"

    async def run(self) -> None:
        if self.fault is Fault.MUTE:
            await self.forever()
        self.process.stdout.write("\n")
        while True:
            self.process.stdout.write(self.prompt)
            line = await self.read()
            if line is None or line in {"exit", "logout", "quit"}:
                return
            if line:
                await self.answer(line)

    async def read(self) -> str | None:
        """The next line, noted in the log; None if the other side left."""
        import asyncssh

        while True:
            try:
                line = await self.process.stdin.readline()
            except (asyncssh.TerminalSizeChanged, asyncssh.BreakReceived):
                continue
            if not line:
                return None
            words = " ".join(str(line).split())
            if words:
                with self.switch.log.open("a", encoding="utf-8") as log:
                    log.write(f"{words}\n")
            return words

    async def answer(self, command: str) -> None:
        words = command.split()
        if words[:2] in (["terminal", "length"], ["terminal", "width"]) and words[-1].isdigit():
            if words[1] == "length" and self.fault is not Fault.PAGER:
                self.page = int(words[-1])
        elif words[0] in {"configure", "conf", "write", "copy", "reload", "delete", "erase"}:
            self.process.stdout.write(_NO_CHANGE)
        elif command == "show clock":
            self.process.stdout.write(datetime.now(UTC).strftime("%H:%M:%S.000 UTC %a %b %d %Y\n"))
        elif command not in self.switch.answers or (command == _CONFIG and self.fault is Fault.DENIED):
            self.process.stdout.write(_INVALID)
        elif command == _CONFIG and self.fault:
            await self.misbehave(self.switch.answers[command])
        else:
            await self.paged(self.switch.answers[command])

    async def paged(self, text: str) -> None:
        lines = text.splitlines(keepends=True)
        step = self.page or len(lines)
        for start in range(0, len(lines), step):
            self.process.stdout.write("".join(lines[start : start + step]))
            if start + step < len(lines):
                self.process.stdout.write(" --More-- ")
                if await self.read() is None:
                    return

    async def misbehave(self, text: str) -> None:
        half = text[: len(text) // 2]
        if self.fault in {Fault.HANG, Fault.NONSENSE}:
            self.process.stdout.write(half if self.fault is Fault.HANG else _NONSENSE)
            await self.forever()
        elif self.fault is Fault.DROP:
            self.process.stdout.write(half)
            await self.process.stdout.drain()
            self.process.channel.get_connection().abort()
        elif self.fault is Fault.SLOW:
            for start in range(0, len(text), 16):
                self.process.stdout.write(text[start : start + 16])
                await self.process.stdout.drain()
                await asyncio.sleep(0.05)
        else:
            await self.misspeak(text)

    async def misspeak(self, text: str) -> None:
        if self.fault is Fault.NO_END:
            self.process.stdout.write(text.removesuffix("end\n"))
        elif self.fault is Fault.RENAMED:
            self.process.stdout.write(text)
            self.prompt = "another-SIMULATED#"
        elif self.fault is Fault.FORGED:
            self.process.stdout.write(text.replace("vlan 10\n", f"{_FORGED}vlan 10\n", 1))
        elif self.fault is Fault.FLOOD:
            while True:
                self.process.stdout.write(text)
                await self.process.stdout.drain()
        else:
            await self.paged(text)

    async def forever(self) -> None:
        """Until the other side leaves."""
        while await self.read() is not None:
            pass
