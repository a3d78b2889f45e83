# SPDX-License-Identifier: Apache-2.0
"""What Ansible reports while it runs, turned into one outcome per job; and the circuit breaker."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from plantproof.adapters.ansible.reasons import Reason, explain, timed_out
from plantproof.ports.collecting import CollectionJob, RunListener

__all__ = ["BREAKER", "Outcome", "Recorder"]

BREAKER: Final = 3
"""So many assets of a zone in a row that do not answer in time end the zone's run."""

_RAW: Final = ("raw", "ansible.builtin.raw")
_CHECKING_ARGUMENTS: Final = ("validate_argument_spec", "ansible.builtin.validate_argument_spec")
_ENDINGS: Final = frozenset({"runner_on_ok", "runner_on_failed", "runner_on_unreachable", "runner_on_skipped"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """How one job ended."""

    text: str = field(default="", repr=False)
    collected: str = ""
    seconds: float = 0.0
    error: str = ""


class Recorder:
    """Hears every event of a run; keeps outcomes by (collector, asset) and nothing else."""

    def __init__(
        self,
        jobs: Sequence[CollectionJob],
        nonces: Mapping[tuple[str, str], str],
        *,
        listener: RunListener,
        now: Callable[[], str],
        halt: Callable[[], None],
        breaker: int = BREAKER,
    ) -> None:
        """Begin to listen.

        Args:
            jobs: What the run is asked to do.
            nonces: The nonce of each job's marks, by collector and asset.
            listener: Hears of progress.
            now: The present instant as text.
            halt: Called when the rest must not be tried.
            breaker: So many assets in a row without an answer call ``halt``.
        """
        self.outcomes: dict[tuple[str, str], Outcome] = {}
        self.last_words = ""
        self._jobs = {(job.collector, job.asset.id): job for job in jobs}
        self._nonces = nonces
        self._listener = listener
        self._now = now
        self._halt = halt
        self._breaker = breaker
        self._begun: set[tuple[str, str]] = set()
        self._late: list[str] = []
        self._halted = False

    def __call__(self, event: Mapping[str, Any]) -> bool:
        """Take one event of ansible-runner; False, so that it is not written to a file."""
        data = event.get("event_data")
        name = str(event.get("event", ""))
        if name in {"verbose", "error"} and "ERROR" in str(event.get("stdout", "")):
            self.last_words = str(event["stdout"])
        if isinstance(data, dict):
            key = str(data.get("play", "")), str(data.get("host", ""))
            if key in self._jobs:
                self._take(name, key, data)
        return False

    def finish(self, key: tuple[str, str], outcome: Outcome) -> None:
        """Record a job's outcome; a good one is never replaced by a bad one."""
        known = self.outcomes.get(key)
        if known is not None and (outcome.error or not known.error):
            return
        self.outcomes[key] = outcome
        self._listener.job_finished(self._jobs[key].asset.zone, key[1], key[0], outcome.error)

    def _take(self, name: str, key: tuple[str, str], data: Mapping[str, Any]) -> None:
        asset = self._jobs[key].asset
        if name == "runner_on_start" and key not in self._begun:
            self._begun.add(key)
            if not self._halted:
                self._listener.job_started(asset.zone, asset.id, key[0])
        action = str(data.get("task_action", ""))
        if name not in _ENDINGS or action in _CHECKING_ARGUMENTS:
            return
        result = data.get("res")
        result = result if isinstance(result, dict) else {}
        if name == "runner_on_skipped":
            why = f"not tried, because {self._breaker} assets of zone {asset.zone} in a row gave no answer in time"
            self.finish(key, Outcome(error=why if self._halted else "Ansible skipped it"))
            return
        seconds = float(data.get("duration") or 0.0)
        text = str(result.get("stdout") or "")
        if f"#plantproof {self._nonces[key]} header" in text:
            # Whatever the exit status: what is whole in it is evidence, and what is cut short says so by its marks.
            self._late.clear()
            self.finish(key, Outcome(text=text, collected=self._now(), seconds=seconds))
            return
        reason = self._reason(name, key, action, result)
        self._count(asset.id, reason)
        self.finish(key, Outcome(error=reason.text, seconds=seconds))

    def _reason(self, name: str, key: tuple[str, str], action: str, result: Mapping[str, Any]) -> Reason:
        asset = self._jobs[key].asset
        if "timedout" in result:
            return timed_out(asset.timeout)
        if name == "runner_on_ok":
            return Reason(text="it answered, but not with the collector's output")
        own = action not in _RAW and "module_stderr" not in result and name == "runner_on_failed"
        # For raw, what the shell said is the reason; "non-zero return code" is none.
        said = [str(result.get(part) or "") for part in ("msg", "stdout", "stderr", "module_stderr")]
        return explain("\n".join(said if action in _RAW else said[:1]), asset, own=own)

    def _count(self, asset: str, reason: Reason) -> None:
        if not reason.late:
            self._late.clear()
        elif asset not in self._late:
            self._late.append(asset)
        if len(self._late) >= self._breaker and not self._halted:
            self._halted = True
            self._halt()
