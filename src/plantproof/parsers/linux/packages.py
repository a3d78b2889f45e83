# SPDX-License-Identifier: Apache-2.0
"""``linux.packages``: what is installed, which updates the host already knows of, and where packages come from.

Pending updates are those of the host's own package index, which may be old: ``index_age_days`` says how old.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from plantproof.core.facts import LINE, Facts
from plantproof.parsers.blocks import Block, Blocks
from plantproof.parsers.dates import days_from
from plantproof.parsers.linux.shapes import changed_files, facts, observed_day
from plantproof.parsers.settings import Table, assignments, ini, snake, typed

__all__ = ["parse"]

Record = dict[str, object]

_DPKG = re.compile(r"([a-zA-Z]{2,3})\s+(\S{1,300}) (\S{0,300}) (\S{1,50})")
_APT_INST = re.compile(r"Inst (\S{1,300})(?: \[([^\]]{0,300})\])? \((\S{1,300}) ([^)]{0,500})\)")
_DNF = re.compile(r"(\S{1,300})[.](\S{1,50})\s+(\S{1,300})\s+(\S{1,300})")
_ADVISORY = re.compile(
    r"(\S{1,100})\s+(?:\S{1,20}/)?(?:Sec\S{0,20}|security)\S{0,20}\s+(?:\S{1,20}\s+)?(\S{1,300})(?:\s.*)?"
)
_APK = re.compile(r"(\S{1,300}?)-([0-9][^\s-]{0,200}-r[0-9]{1,9})")
_APK_PENDING = re.compile(r"(\S{1,300}?)-([0-9][^\s-]{0,200}-r[0-9]{1,9})\s+<\s+(\S{1,200})")
_OPKG = re.compile(r"(\S{1,300}) - (\S{1,300})(?: - (\S{1,300}))?")
_ONE_LINE_SOURCE = re.compile(r"(deb|deb-src)\s+(?:\[([^\]]{0,500})\]\s+)?(\S{1,1000})\s+(\S{1,300})\s{0,20}(.*)")
_INDEXES = ("/var/lib/apt/periodic/update-success-stamp", "/var/lib/apt/lists", "/var/cache/dnf", "/var/cache/libdnf5",
            "/var/cache/yum", "/var/cache/apk", "/var/opkg-lists")  # fmt: skip
_INSTALLED = ("/var/lib/dpkg/status", "/var/lib/rpm", "/lib/apk/db/installed")
_QUIET = (
    "Reading ",
    "Building ",
    "Calculating ",
    "Conf ",
    "Remv ",
    "NOTE:",
    "The following ",
    "  ",
    "Use ",
    "Last metadata",
)


def parse(text: str) -> Facts:
    """Read the section.

    Facts: ``manager``, ``packages``, ``count``, ``not_fully_installed``, ``pending``, ``pending_known``,
    ``pending_security``, ``security_known``, ``observed_on``, ``index_updated``, ``index_age_days``, ``last_change``,
    ``reboot_required``, ``repositories``, ``automatic_updates``.
    """
    blocks = Blocks.read(text)
    data = Table()
    unparsed: list[int] = []
    packages: list[Record] = []
    for manager, reader in (("dpkg", _dpkg), ("rpm", _rpm), ("apk", _apk), ("opkg", _opkg)):
        patterns = {"dpkg": "dpkg-query *", "rpm": "rpm *", "apk": "apk *info*", "opkg": "opkg list-installed"}
        for block in blocks.commands(patterns[manager]):
            data["manager"] = manager
            packages.extend(reader(block, unparsed))
    data["packages"] = packages
    data["count"] = len(packages)
    data["not_fully_installed"] = [package["name"] for package in packages if package.get("complete") is False]
    _pending(blocks, data)
    _times(blocks, data)
    data["repositories"] = [*_apt_sources(blocks, unparsed), *_yum_repositories(blocks), *_plain_repositories(blocks)]
    _automatic(blocks, data)
    return facts("linux.packages/1", blocks, data, unparsed)


def _dpkg(block: Block, unparsed: list[int]) -> Iterator[Record]:
    for number, line in block.content():
        match = _DPKG.fullmatch(line)
        if not match:
            unparsed.append(number)
        elif match[1][1] not in "nc":  # not installed, or only its configuration files are left
            record: Record = {"name": match[2], "version": match[3], "arch": match[4]}
            yield {
                **record,
                "complete": match[1][1:] == "i",  # a third letter would mean broken
                "held": match[1][0] == "h",
                LINE: number,
            }  # a third letter means broken


def _rpm(block: Block, unparsed: list[int]) -> Iterator[Record]:
    for number, line in block.content():
        fields = line.split()
        if len(fields) != 4:  # noqa: PLR2004  # the four of the query format
            unparsed.append(number)
        elif fields[1] != "gpg-pubkey":
            yield {
                "name": fields[1],
                "version": fields[2].removeprefix("0:"),
                "arch": fields[3],
                "complete": True,
                LINE: number,
            }


def _apk(block: Block, unparsed: list[int]) -> Iterator[Record]:
    for number, line in block.content():
        match = _APK.fullmatch(line)
        if match:
            yield {"name": match[1], "version": match[2], "complete": True, LINE: number}
        elif not line.startswith("WARNING"):
            unparsed.append(number)


def _opkg(block: Block, unparsed: list[int]) -> Iterator[Record]:
    for number, line in block.content():
        match = _OPKG.fullmatch(line)
        if match:
            yield {"name": match[1], "version": match[2], "complete": True, LINE: number}
        else:
            unparsed.append(number)


def _pending(blocks: Blocks, data: Table) -> None:
    pending: list[Record] = []
    known = False
    for block in blocks.commands("apt-get -s*"):
        known = known or any(line.startswith("Calculating") or " upgraded, " in line for _, line in block.lines)
        pending.extend(_apt_pending(block))
    for block in blocks.commands("dnf *check-update", "yum *check-update"):
        known = True
        pending.extend(_dnf_pending(block))
    for block in blocks.commands("apk *version*"):
        known = True
        for number, line in block.content():
            match = _APK_PENDING.fullmatch(line)
            if match:
                pending.append({"name": match[1], "installed": match[2], "candidate": match[3], LINE: number})
    for block in blocks.commands("opkg list-upgradable"):
        known = True
        for number, line in block.content():
            match = _OPKG.fullmatch(line)
            if match and match[3]:
                pending.append({"name": match[1], "installed": match[2], "candidate": match[3], LINE: number})
    security_known = _advisories(blocks, pending) or any("security" in record for record in pending)
    data["pending"] = pending
    data["pending_known"] = known
    data["security_known"] = known and (security_known or not pending)
    data["pending_security"] = [record["name"] for record in pending if record.get("security") is True]


def _apt_pending(block: Block) -> Iterator[Record]:
    for number, line in block.content():
        match = _APT_INST.match(line)
        if match:
            origin = match[4]
            yield {
                "name": match[1],
                "installed": match[2] or "",
                "candidate": match[3],
                "origin": origin,
                "security": "security" in origin.lower(),
                LINE: number,
            }


def _dnf_pending(block: Block) -> Iterator[Record]:
    for number, line in block.lines:
        if line.startswith("Obsoleting"):
            return
        match = _DNF.fullmatch(line.strip())
        if match and not line.startswith(_QUIET):
            yield {"name": match[1], "arch": match[2], "candidate": match[3], "origin": match[4], LINE: number}


def _advisories(blocks: Blocks, pending: list[Record]) -> bool:
    """Mark what ``dnf updateinfo`` lists as security fixes; False if it was not asked or has no answer."""
    found = blocks.commands("dnf *updateinfo*")
    names: set[str] = set()
    for block in found:
        for _, line in block.content():
            match = _ADVISORY.fullmatch(line)
            if match:
                names.add(match[2])
    if not found or not names:
        return False
    # name-version-release.arch: the name is what stands before the last two hyphens.
    plain = {name.rsplit("-", 2)[0] for name in names}
    for record in pending:
        record["security"] = record["name"] in plain
    return True


def _times(blocks: Blocks, data: Table) -> None:
    observed = observed_day(blocks)
    if observed:
        data.put("observed_on", observed[1], observed[0])
    changed = {path: (number, instant) for number, path, instant in changed_files(blocks)}
    data["reboot_required"] = any(path.endswith("/run/reboot-required") for path in changed)
    for key, paths in (("index_updated", _INDEXES), ("last_change", _INSTALLED)):
        for path in paths:
            if path in changed and key not in data:
                data.put(key, changed[path][1], changed[path][0])
    age = days_from(str(data["index_updated"]), observed[1]) if observed and "index_updated" in data else None
    if age is not None:
        data["index_age_days"] = age


def _file_of(block: Block) -> str:
    return block.name.rpartition(" ")[2]


def _apt_sources(blocks: Blocks, unparsed: list[int]) -> Iterator[Record]:
    for block in blocks.commands("grep -E * /etc/apt/sources.list", "grep -E * /etc/apt/sources.list.d/*.list"):
        for number, line in block.content():
            match = _ONE_LINE_SOURCE.fullmatch(line)
            if not match:
                unparsed.append(number)
                continue
            options = (match[2] or "").lower()
            record: Record = {"type": match[1], "uri": match[3], "suites": [match[4]], "file": _file_of(block)}
            yield {**record, "enabled": True, "signed": "trusted=yes" not in options.replace(" ", ""), LINE: number}
    for block in blocks.commands("grep -E * /etc/apt/sources.list.d/*.sources"):
        yield from _deb822(block)


def _deb822(block: Block) -> Iterator[Record]:
    """deb822 sources; the collector leaves blank lines out, so each ``Types:`` begins a new one."""
    stanza: Record = {}
    fields: dict[str, str] = {}
    for number, line in [*block.content(), (0, "Types: end")]:
        name, colon, value = line.partition(":")
        if colon and name.lower() == "types":
            if stanza:
                yield {**stanza, **_deb822_facts(fields)}
            stanza = {"type": value.strip(), "file": _file_of(block), LINE: number}
            fields = {}
        elif colon:
            fields[name.strip().lower()] = value.strip()


def _deb822_facts(fields: dict[str, str]) -> Record:
    return {
        "uri": fields.get("uris", ""),
        "suites": fields.get("suites", "").split(),
        "enabled": fields.get("enabled", "yes").lower() not in {"no", "false"},
        "signed": fields.get("trusted", "no").lower() != "yes",
    }


def _yum_repositories(blocks: Blocks) -> Iterator[Record]:
    for block in blocks.commands("grep -E * /etc/yum.repos.d/*.repo"):
        repositories: dict[str, Record] = {}
        for number, section, name, value in ini(block):
            record = repositories.setdefault(
                section, {"type": "rpm", "id": section, "file": _file_of(block), LINE: number}
            )
            if name in {"enabled", "gpgcheck", "repo_gpgcheck", "sslverify"}:
                record[{"gpgcheck": "signed"}.get(name, name)] = value in {"1", "yes", "true", "True"}
            elif name in {"baseurl", "mirrorlist", "metalink"}:
                record["uri"] = value
        for record in repositories.values():
            record.setdefault("enabled", True)
            yield record


def _plain_repositories(blocks: Blocks) -> Iterator[Record]:
    for block in blocks.commands("grep -E * /etc/apk/repositories"):
        for number, line in block.content():
            yield {"type": "apk", "uri": line, "file": _file_of(block), "enabled": True, LINE: number}
    for block in blocks.commands("grep -E * /etc/opkg/*.conf"):
        for number, line in block.content():
            fields = line.split()
            if fields[0].startswith("src") and len(fields) > 2:  # noqa: PLR2004  # src/gz NAME URI
                yield {
                    "type": "opkg",
                    "id": fields[1],
                    "uri": fields[2],
                    "file": _file_of(block),
                    "enabled": True,
                    LINE: number,
                }


def _automatic(blocks: Blocks, data: Table) -> None:
    """What is set to update itself, and the package managers' own settings that bear on trust."""
    automatic = Table()
    for block in blocks.files("/etc/apt/apt.conf.d/*"):
        for number, line in block.content():
            match = re.fullmatch(r'APT::Periodic::([A-Za-z-]{1,60})\s+"([^"]{0,100})"\s*;', line)
            if match:
                automatic.put(snake(match[1]), typed(match[2]), number)
    for block in blocks.files("/etc/dnf/automatic.conf"):
        for number, _, name, value in ini(block):
            automatic.put(snake(name), typed(value), number)
    data["automatic_updates"] = automatic
    for block in blocks.commands("grep -E * /etc/dnf/dnf.conf", "grep -E * /etc/yum.conf"):
        settings = Table()
        for number, name, value in assignments(block.content()):
            settings.put(snake(name), typed(value), number)
        data["rpm_settings"] = settings
