# SPDX-License-Identifier: Apache-2.0
"""From a workspace's folder to everything that works on it: the only place that knows the adapters' constructors.

Each part is made when it is first asked for, so that a command pays for what it uses.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property, partial
from pathlib import Path
from typing import Final

from plantproof import __version__
from plantproof.adapters.ansible import AnsibleRunner
from plantproof.adapters.collectors import read_collectors
from plantproof.adapters.content import Content
from plantproof.adapters.locker import GitLocker
from plantproof.adapters.signing import Signer, load_signer
from plantproof.adapters.system_clock import SystemClock
from plantproof.adapters.workspace import Known, Paths, Settings, Workspace, load_settings, load_workspace
from plantproof.core.components import Requirement, capabilities
from plantproof.core.judgement import Capability
from plantproof.core.plant import Plant
from plantproof.oscal.baseline import Baseline
from plantproof.ports.collecting import CollectorInfo
from plantproof.stages.assess import Rules
from plantproof.stages.collect import Intake

__all__ = ["Wiring"]

_TOOL: Final = f"plantproof {__version__}"
_SIGNER: Final = "Plantproof"
_ADDRESS: Final = "plantproof@localhost"
_ALLOWED: Final = "allowed_signers"


class Wiring:
    """One workspace, wired up."""

    def __init__(self, root: Path) -> None:
        self._root = root

    @classmethod
    def of(cls, root: Path) -> Wiring:
        """Wire up the workspace in a folder; nothing is read yet."""
        return cls(root)

    @cached_property
    def _settings(self) -> tuple[Settings, Paths]:
        return load_settings(self._root)

    @property
    def settings(self) -> Settings:
        """``plantproof.yml``."""
        return self._settings[0]

    @property
    def paths(self) -> Paths:
        """Where the workspace's parts are."""
        return self._settings[1]

    @cached_property
    def content(self) -> Content:
        """Standards, checks and collectors: the workspace's own first."""
        return Content(self._root)

    @cached_property
    def clock(self) -> SystemClock:
        """The time, and the plant's local time."""
        return SystemClock(self.settings.timezone)

    @cached_property
    def collectors(self) -> Mapping[str, CollectorInfo]:
        """Every collector by name."""
        return read_collectors(self.content)

    @cached_property
    def levels(self) -> Mapping[int, Baseline]:
        """The baseline of each security level."""
        from plantproof.adapters.profiles import load_levels

        return load_levels(self.content, self.settings.profiles)

    @cached_property
    def workspace(self) -> Workspace:
        """The plant, read and checked against what there is.

        Raises:
            PlantproofError: see ``load_workspace``.
        """
        infos = self.collectors.values()
        known = Known(
            collectors=self.collectors.keys(),
            platforms={kind.platform for info in infos for kind in info.kinds.values() if kind.platform},
            controls=self.levels[max(self.levels)].controls,
            requirements=lambda: self.requirements,
            probes={info.name: info.protocol for info in infos if info.impact == "probe"},
        )
        return load_workspace(self._root, known=known)

    @cached_property
    def requirements(self) -> Mapping[str, Requirement]:
        """What IEC 62443-4-2 asks of components, by id."""
        from plantproof.adapters.library import load_requirements

        return load_requirements(self.content)

    def sl_c(self, plant: Plant, at: str) -> Mapping[str, Capability]:
        """SL-C of zones and conduits at an instant; none if no component is described."""
        components = self.workspace.components
        return capabilities(plant, components, self.requirements, at) if components else {}

    @cached_property
    def rules(self) -> Rules:
        """What to judge by."""
        from plantproof.adapters.rules import load_all_checks, load_claims

        checks = load_all_checks(self.content)
        claims = load_claims(
            self.content,
            self.paths.component_definition,
            checks={compiled.check.id for compiled in checks},
            controls=self.levels[max(self.levels)].controls,
        )
        return Rules(levels=self.levels, checks=checks, claims=claims, collectors=self.collectors)

    @cached_property
    def locker(self) -> GitLocker:
        """The locker, for reading: makes no key and trusts nobody new."""
        return self._locker(self._signer(make=False))

    def writable_locker(self) -> GitLocker:
        """The locker, for a run: makes the signing key and the list of allowed signers if there are none.

        Raises:
            SetupError: the key cannot be made or read.
        """
        return self._locker(self._signer(make=True))

    def _signer(self, *, make: bool) -> Signer:
        signing = self.settings.signing
        name, email = signing.name or _SIGNER, signing.email or _ADDRESS
        key, allowed = self.paths.signing_key, self.paths.root / _ALLOWED
        if make:
            return load_signer(key, allowed, name=name, email=email)
        return Signer(key=key, allowed=allowed, name=name, email=email)

    def _locker(self, signer: Signer) -> GitLocker:
        return GitLocker(self.paths.locker, signer=signer, receipt=self.paths.locker_seen, tool=_TOOL)

    def intake(self) -> Intake:
        """What turns collected text into items; reads the locker, so that an unsound one is noticed before a run.

        Raises:
            SetupError: the fingerprint key cannot be used.
            IntegrityError: the locker is not sound.
        """
        from plantproof.adapters.fingerprints import Fingerprints
        from plantproof.adapters.secret_scan import SecretScanner
        from plantproof.redactors.registry import redact

        fingerprints = Fingerprints.load(self.paths.fingerprint_key, create=True)
        return Intake(
            collectors=self.collectors,
            redact=partial(redact, fingerprint=fingerprints),
            scan=SecretScanner(),
            key_id=fingerprints.key_id,
            freshness=self.settings.freshness,
            sizes={path: stored.item.envelope.size for path, stored in self.locker.items().items()},
        )

    def runner(self) -> AnsibleRunner:
        """What runs collectors."""
        return AnsibleRunner(self.paths.inventory, self.content, self.clock)
