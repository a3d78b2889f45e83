# SPDX-License-Identifier: Apache-2.0
"""Implements :class:`plantproof.ports.collecting.Runner` with ansible-runner. Stores nothing, judges nothing."""

from __future__ import annotations

import contextlib
import fcntl
import secrets
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from math import ceil
from pathlib import Path
from typing import Any, Final

from plantproof.adapters.ansible import guard, private
from plantproof.adapters.ansible.events import BREAKER, Outcome, Recorder
from plantproof.adapters.ansible.reasons import explain
from plantproof.adapters.collectors import role_folders
from plantproof.adapters.content import COLLECTORS, Content
from plantproof.core.instants import instant_text
from plantproof.core.plant import Asset
from plantproof.errors import CollectionError
from plantproof.ports.clock import Clock
from plantproof.ports.collecting import AssetOutput, CollectionJob, RunListener

__all__ = ["AnsibleRunner"]

_START: Final = 60
"""Seconds that Ansible itself may take beside the jobs; a big inventory is read meanwhile."""
_ENDING: Final = 10.0
_POLL: Final = 1
_FINE: Final = frozenset({0, 2, 4, guard.CUT_OFF})
"""Exit statuses with which Ansible did run: all well, some failed, some unreachable; or time was up."""


class AnsibleRunner:
    """Runs collectors over the user's own inventory."""

    def __init__(self, inventory: Path, content: Content, clock: Clock, *, breaker: int = BREAKER) -> None:
        """Prepare; nothing runs yet.

        Args:
            inventory: The user's inventory, a file or a folder.
            content: Where the collectors' roles are.
            clock: Tells when something was collected.
            breaker: So many assets of a zone in a row without an answer end the zone's run.
        """
        self._inventory = inventory
        self._content = content
        self._clock = clock
        self._breaker = breaker

    def run(self, jobs: Sequence[CollectionJob], *, concurrency: int, listener: RunListener) -> Sequence[AssetOutput]:
        """Run them all and return one output per job, in the order of the jobs; see the port."""
        if not jobs:
            return ()
        nonces = {(job.collector, job.asset.id): secrets.token_hex(16) for job in jobs}
        with private.make_folder() as name:
            folder = Path(name)
            halt = folder / private.HALT
            recorder = Recorder(
                jobs, nonces, listener=listener, now=self._now, halt=halt.touch, breaker=self._breaker
            )  # fmt: skip
            (folder / "collect.json").write_text(private.playbook(jobs, nonces, halt), encoding="utf-8")
            with _guarded(folder):
                status = self._play(folder, recorder, forks=concurrency, seconds=_overall(jobs, concurrency))
        return _outputs(jobs, nonces, recorder, status, self._now())

    def _now(self) -> str:
        return instant_text(self._clock.now())

    def _play(self, folder: Path, recorder: Recorder, *, forks: int, seconds: int) -> int:
        from ansible_runner.config.runner import RunnerConfig
        from ansible_runner.exceptions import AnsibleRunnerException
        from ansible_runner.runner import Runner

        roles = role_folders(self._content)
        plugins = [path / "plugins" for path in self._content.folders(COLLECTORS) if (path / "plugins").is_dir()]
        collections = private.link_collection(folder, roles, plugins)
        try:
            config: Any = RunnerConfig(
                str(folder), playbook="collect.json", inventory=str(self._inventory.absolute()), ident="run", quiet=True
            )
            config.prepare()
            command = [sys.executable, "-P", "-m", "ansible", "playbook", "--inventory", config.inventory]
            command += ["--forks", str(max(1, forks)), str(folder / "collect.json")]
            config.command = [sys.executable, "-I", "-S", guard.__file__, str(folder), str(seconds), *command]
            config.env = private.environment(folder, collections, config.env)
            config.cwd = str(folder)
            config.suppress_output_file = True
            config.pexpect_timeout = _POLL
            runner = Runner(config=config, event_handler=recorder)
            runner.run()
        except (AnsibleRunnerException, OSError) as error:
            raise _broken(f"the run could not be started: {type(error).__name__}") from None
        return int(runner.rc if runner.rc is not None else -1)


@contextlib.contextmanager
def _guarded(folder: Path) -> Iterator[None]:
    """Set the guard's mark; on the way out, whatever the reason, take it away and wait until the guard has ended."""
    path = folder / guard.MARK
    path.touch(mode=0o600)
    with path.open("rb") as mark:
        try:
            yield
        finally:
            path.unlink(missing_ok=True)
            until = time.monotonic() + _ENDING
            while time.monotonic() < until:
                try:
                    fcntl.flock(mark, fcntl.LOCK_EX | fcntl.LOCK_NB)
                    break
                except BlockingIOError:
                    time.sleep(0.02)


def _overall(jobs: Sequence[CollectionJob], concurrency: int) -> int:
    """Seconds after which the run is ended from outside, should a time-out of its own fail."""
    total = sum(job.asset.timeout + _POLL for job in jobs)
    return _START + max(job.asset.timeout for job in jobs) + ceil(total / max(1, concurrency))


def _outputs(
    jobs: Sequence[CollectionJob], nonces: Mapping[tuple[str, str], str], recorder: Recorder, status: int, now: str
) -> tuple[AssetOutput, ...]:
    if not recorder.outcomes and status not in _FINE:
        hidden = {f"v{index}": job.asset.variables for index, job in enumerate(jobs)}
        everything = Asset(id="", zone="", variables=hidden)
        said = explain(recorder.last_words, everything, own=False).text if recorder.last_words else ""
        raise _broken(f"Ansible ended with status {status} before it read anything{f': {said}' if said else ''}")
    late = status == guard.CUT_OFF
    why = "the run's time was up before it was read" if late else "Ansible ended without having read it"
    found = []
    for job in jobs:
        key = job.collector, job.asset.id
        if key not in recorder.outcomes:
            recorder.finish(key, Outcome(error=why))
        outcome = recorder.outcomes[key]
        found.append(
            AssetOutput(
                job=job,
                text=outcome.text,
                collected=outcome.collected or now,
                nonce=nonces[key],
                seconds=outcome.seconds,
                error=outcome.error,
            )
        )
    return tuple(found)


def _broken(message: str) -> CollectionError:
    hint = "Try the inventory with: ansible-inventory -i INVENTORY --list"
    return CollectionError(message, code="collection.runner", hint=hint)
