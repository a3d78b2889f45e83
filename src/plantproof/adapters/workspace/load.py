# SPDX-License-Identifier: Apache-2.0
"""Loading a workspace: every file of the plant as code, read and compared with the others in one pass."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from plantproof.adapters.documents import Document, read_document
from plantproof.adapters.workspace.attestations import read_attestations
from plantproof.adapters.workspace.components import check_components, read_components
from plantproof.adapters.workspace.conduits import check_assets
from plantproof.adapters.workspace.departures import Named, read_measures, read_waivers
from plantproof.adapters.workspace.entries import Defects
from plantproof.adapters.workspace.firewalls import read_firewalls
from plantproof.adapters.workspace.inventory import Known, read_inventory
from plantproof.adapters.workspace.remote_access import read_remote_access
from plantproof.adapters.workspace.risk import read_risk
from plantproof.adapters.workspace.roles import read_roles
from plantproof.adapters.workspace.settings import SETTINGS_FILE, Settings, read_settings
from plantproof.adapters.workspace.zones import read_zones
from plantproof.core.components import Component
from plantproof.core.plant import DIALECTS, Asset, Plant
from plantproof.core.remote_access import RemoteAccess
from plantproof.core.risk import RiskAssessment
from plantproof.core.roles import Holder
from plantproof.core.statements import Statements
from plantproof.errors import Location, PlantproofError, UsageError

__all__ = ["Paths", "Workspace", "load_settings", "load_workspace"]

_SUFFIXES: Final = frozenset({".yml", ".yaml"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Paths:
    """Where the parts of a workspace are; they need not exist."""

    root: Path
    settings: Path
    plant: Path
    inventory: Path
    attestations: Path
    measures: Path
    waivers: Path
    components: Path
    roles: Path
    remote_access: Path
    risk: Path
    checks: Path
    component_definition: Path
    locker: Path
    output: Path
    keys: Path
    fingerprint_key: Path
    signing_key: Path
    cache: Path
    locker_seen: Path

    @classmethod
    def of(cls, root: Path, settings: Settings) -> Paths:
        """The paths of a workspace in its folder; absolute paths in the settings stay as they are."""
        private = root / ".plantproof"
        return cls(
            root=root,
            settings=root / SETTINGS_FILE,
            plant=root / "plant",
            inventory=root / settings.inventory,
            attestations=root / "attestations",
            measures=root / "measures",
            waivers=root / "waivers",
            components=root / "components",
            roles=root / "roles",
            remote_access=root / "remote-access",
            risk=root / "risk",
            checks=root / "checks",
            component_definition=root / "component-definition.yaml",
            locker=root / settings.locker,
            output=root / settings.output,
            keys=private / "keys",
            fingerprint_key=private / "keys" / "fingerprint.key",
            signing_key=root / settings.signing.key,
            cache=private / "cache",
            locker_seen=private / "locker-seen.json",
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Workspace:
    """A workspace that was found to be in order."""

    root: Path
    plant: Plant
    settings: Settings
    statements: Statements
    components: Mapping[str, Component]
    roles: tuple[Holder, ...]
    remote_access: tuple[RemoteAccess, ...]
    risk: RiskAssessment
    paths: Paths


def load_settings(root: Path) -> tuple[Settings, Paths]:
    """Read ``plantproof.yml`` alone: enough for who only needs to know where the locker is.

    Raises:
        UsageError: the folder is not a workspace.
        ContentError: the settings are not what they should be; further defects are in ``also``.
    """
    defects = Defects()
    settings = _settings(root, defects)
    defects.raise_all()
    return settings, Paths.of(root, settings)


def load_workspace(root: Path, *, known: Known | None = None) -> Workspace:
    """Read and check a whole workspace.

    Args:
        root: The folder that holds ``plantproof.yml``.
        known: Names of collectors, platforms and controls; without it they are not checked.

    Raises:
        UsageError: the folder is not a workspace.
        SetupError: a file cannot be read, or ansible-core cannot be run.
        ContentError: the first defect of the plant's files; every other one is in ``also``.
    """
    known = known or Known()
    defects = Defects()
    settings = _settings(root, defects)
    paths = Paths.of(root, settings)
    documents = [document for _, document in _documents(paths.plant, root, defects)]
    zones, conduits = read_zones(documents, defects)
    if not zones and not defects.found:
        where = Location(file=str(paths.plant))
        hint = "Declare at least one zone there, in a file such as zones.yml."
        defects.add("no file declares a zone", where=where, hint=hint)
    nothing: Mapping[str, Asset] = {}
    assets = defects.attempt(
        lambda: read_inventory(paths.inventory, zones=zones, known=known, defects=defects), nothing
    )
    listed = None if assets is nothing else assets
    if listed is not None:
        check_assets(conduits.values(), listed, defects)
    plant = Plant(
        name=settings.plant_name,
        owner=settings.plant_owner,
        zones=zones,
        conduits=conduits,
        assets=assets,
        firewalls=read_firewalls(documents, zones=zones, dialects=DIALECTS, assets=listed, defects=defects),
    )
    statements = _statements(paths, plant, None if listed is None else _members(plant), known, defects)
    components = read_components(
        [document for _, document in _documents(paths.components, root, defects)],
        requirements=known.requirements,
        defects=defects,
    )
    check_components(assets.values(), components, defects)
    roles = read_roles(
        [document for _, document in _documents(paths.roles, root, defects)],
        zones=zones,
        conduits=conduits,
        assets=listed,
        defects=defects,
    )
    remote_access = read_remote_access(
        [document for _, document in _documents(paths.remote_access, root, defects)],
        conduits=conduits,
        assets=listed,
        defects=defects,
    )
    risk = read_risk(
        [document for _, document in _documents(paths.risk, root, defects)],
        zones=zones,
        conduits=conduits,
        controls=known.controls,
        defects=defects,
    )
    defects.raise_all()
    return Workspace(
        root=root,
        plant=plant,
        settings=settings,
        statements=statements,
        components=components,
        roles=roles,
        remote_access=remote_access,
        risk=risk,
        paths=paths,
    )


def _statements(
    paths: Paths, plant: Plant, members: Mapping[str, tuple[str, ...]] | None, known: Known, defects: Defects
) -> Statements:
    """What people state, from three folders."""
    named = Named(zones=plant.zones, conduits=plant.conduits, members=members, controls=known.controls)
    return Statements(
        attestations=read_attestations(
            _documents(paths.attestations, paths.root, defects),
            zones=plant.zones,
            conduits=plant.conduits,
            controls=known.controls,
            defects=defects,
        ),
        measures=read_measures(
            (document for _, document in _documents(paths.measures, paths.root, defects)), named, defects
        ),
        waivers=read_waivers(
            (document for _, document in _documents(paths.waivers, paths.root, defects)), named, defects
        ),
    )


def _members(plant: Plant) -> Mapping[str, tuple[str, ...]]:
    """Per zone and conduit the ids of its assets."""
    zones = {zone: tuple(asset.id for asset in plant.assets_of(zone)) for zone in plant.zones}
    conduits = {one: tuple(asset.id for asset in plant.assets_of_conduit(one)) for one in plant.conduits}
    return {**zones, **conduits}


def _settings(root: Path, defects: Defects) -> Settings:
    path = root / SETTINGS_FILE
    if not path.is_file():
        message = f"{root} is not a workspace: it has no {SETTINGS_FILE}"
        hint = "Go to one, name one with -C, or make one with: plantproof init DIR"
        raise UsageError(message, code="usage.not-a-workspace", hint=hint)
    return read_settings(read_document(path), defects)


def _documents(folder: Path, root: Path, defects: Defects) -> Iterator[tuple[str, Document]]:
    """The YAML files of a folder in the order of their names; one that cannot be read is a defect."""
    for path in sorted(folder.iterdir()) if folder.is_dir() else ():
        if path.suffix not in _SUFFIXES or path.name.startswith("."):
            continue
        try:
            yield path.relative_to(root).as_posix(), read_document(path)
        except PlantproofError as error:
            defects.found.append(error)
