# SPDX-License-Identifier: Apache-2.0
"""The script does what meta/evidence.yml says, all of it and nothing else."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path

import pytest
import yaml

from fakes.shell_reading import SCRIPT, command_words, functions, section_reads

ROLE = SCRIPT.parents[1]
TEXT = SCRIPT.read_text(encoding="utf-8")
EVIDENCE = yaml.safe_load((ROLE / "meta/evidence.yml").read_text(encoding="utf-8"))
READS = section_reads(TEXT)

BUILTINS = {
    "[", ":", "break", "case", "command", "continue", "echo", "esac", "exists", "export", "for", "printf", "read", "return",
    "set", "shift", "unset",
}  # fmt: skip
FILTERS = {"awk", "cat", "cut", "date", "grep", "head", "id", "od", "stat", "tail", "timeout", "tr"}
OWN_PRIORITY = {"renice", "ionice"}
FIRST_WORDS = {
    "apk", "apt-get", "auditctl", "chronyc", "command", "date", "dnf", "dpkg-query", "id", "ip6tables-legacy-save",
    "ip6tables-save", "iptables-legacy-save", "iptables-save", "ls", "lsblk", "netstat", "nft", "ntpq", "od", "openssl", "opkg",
    "rc-status", "rc-update", "rpm", "ss", "ssh", "ssh-keygen", "sshd", "stat", "systemctl", "systemd-detect-virt",
    "timedatectl", "uname", "yum",
}  # fmt: skip
READ_ONLY_FORMS = {
    "apt-get": r"apt-get -s .*upgrade",
    "auditctl": r"auditctl -[ls]",
    "chronyc": r"chronyc -n -c (tracking|sources)",
    "dnf": r"dnf -C .*(check-update|updateinfo list --security)",
    "yum": r"yum -C .*check-update",
    "apk": r"apk --no-network (info|version) .*",
    "opkg": r"opkg list-(installed|upgradable)",
    "rpm": r"rpm -q .*",
    "nft": r"nft -j list ruleset",
    "openssl": r"openssl x509 -in FILE .*-noout .*",
    "ssh-keygen": r"ssh-keygen -l -f FILE",
    "ssh": r"ssh -V",
    "sshd": r"sshd -T",
    "systemctl": r"systemctl (list-unit-files|list-units|show) .*",
    "timedatectl": r"timedatectl show.*",
    "rc-update": r"rc-update show",
    "rc-status": r"rc-status .*",
}


def test_each_section_runs_and_reads_what_the_metadata_lists() -> None:
    for kind, entry in EVIDENCE["kinds"].items():
        assert set(entry["commands"]) == READS[kind].commands, kind
        assert set(entry["files"]) == READS[kind].files, kind
    assert set(READS) == set(EVIDENCE["kinds"])


def test_every_command_is_on_the_read_only_list() -> None:
    for entry in EVIDENCE["kinds"].values():
        for line in entry["commands"]:
            first = line.split()[0]
            assert first in FIRST_WORDS, line
            assert re.fullmatch(READ_ONLY_FORMS.get(first, r".*"), line), line


def test_nothing_stands_where_a_command_stands_but_what_is_known() -> None:
    known = BUILTINS | FILTERS | OWN_PRIORITY | functions(TEXT).keys() | {"kind_$1", "FILE"}
    # Patterns of `case`, and assignments and redirections that stand alone.
    rest = {word for word in command_words(TEXT) - known if not re.fullmatch(r"[0-9]*|[*].*|''|[0-9]?>.*|[a-z]+", word)}
    assert rest == set()
    words = {word for word in command_words(TEXT) - known if re.fullmatch(r"[a-z][a-z0-9-]+", word)}
    assert words <= {"count", "else", "then"}


def test_it_writes_nothing_and_reaches_no_network() -> None:
    code = "\n".join(line for line in TEXT.split("\n") if not line.lstrip().startswith("#"))
    assert not re.search(
        r"\b(curl|wget|nc|ping|ssh +[a-z]|scp|rm|mv|cp|mkdir|touch|tee|dd|mktemp|kill|sed +-i|modprobe|mount)\b +[-/$]",
        code,
    )
    redirections = set(re.findall(r"(?<![0-9&])(?<!\()>+ *([^ &;|)\n]+)", code))
    assert {target for target in redirections if target.startswith(("/", "$"))} == {"/dev/null"}


def test_it_fits_into_one_argument_and_is_no_template() -> None:
    # Linux takes 128 KiB for one argument; quoted twice over, each apostrophe grows to 17 characters.
    assert len(TEXT) + 17 * TEXT.count("'") < 100_000
    assert not re.search(r"\{[{%#]", TEXT)
    assert TEXT.isascii()
    assert TEXT.startswith("#!/bin/sh\n")


def test_metadata_is_whole() -> None:
    assert (EVIDENCE["schema"], EVIDENCE["collector"], EVIDENCE["version"]) == (1, "linux_host", "1")
    assert f"collector=linux_host version={EVIDENCE['version']}" in TEXT
    for entry in EVIDENCE["kinds"].values():
        assert re.fullmatch(r"[1-9][0-9]*d?", str(entry["freshness"]))
        assert entry["media"] == "txt"
        assert entry["sensitivity"] in {"internal", "confidential"}
        assert entry["facts"]["type"] == "object"


def test_the_role_is_one_raw_task_that_changes_nothing() -> None:
    (task,) = yaml.safe_load((ROLE / "tasks/main.yml").read_text(encoding="utf-8"))
    assert task["ansible.builtin.raw"] == "{{ linux_host_command }}"
    assert (task["changed_when"], task["check_mode"], task["register"]) == (False, False, "linux_host_output")
    options = yaml.safe_load((ROLE / "meta/argument_specs.yml").read_text(encoding="utf-8"))["argument_specs"]["main"][
        "options"
    ]
    defaults = yaml.safe_load((ROLE / "defaults/main.yml").read_text(encoding="utf-8"))
    assert {name: option["default"] for name, option in options.items()} == defaults


def test_shellcheck_has_no_complaint() -> None:
    program = shutil.which("shellcheck")
    if program is None:
        pytest.skip("shellcheck is not installed")
    result = subprocess.run([program, "-s", "sh", str(SCRIPT)], capture_output=True, text=True, check=False)
    assert result.stdout == ""
    assert Path(SCRIPT).stat().st_mode & 0o222 == 0o200
