# SPDX-License-Identifier: Apache-2.0
from __future__ import annotations

from typing import Any

import pytest

from plantproof.adapters.documents import Document, parse_document
from plantproof.checks.compiled import CompiledCheck
from plantproof.checks.load import load_check, load_checks
from plantproof.errors import ContentError

KINDS = {"linux.sshd", "linux.sudo", "frr.config", "cisco_ios.config", "x.now"}
GOOD = """\
id: linux-sshd-root
title: Root cannot log in
kinds: [linux.sshd]
applies-to: sshd.installed
assert:
  - that: sshd.root == 'no'
    otherwise: root logs in
rationale: because
remedy: set it
caution: mind it
"""


def document(text: str) -> Document:
    return parse_document(text, name="checks/c.yaml", is_yaml=True)


def load(text: str) -> CompiledCheck:
    one = document(text)
    return load_check(one.data, one.locate, kinds=KINDS)


def test_a_good_file() -> None:
    check = load(GOOD).check
    assert (check.id, check.title, check.kinds, check.when) == (
        "linux-sshd-root",
        "Root cannot log in",
        ("linux.sshd",),
        "sshd.installed",
    )
    assert (check.rationale, check.remedy, check.caution, check.function) == ("because", "set it", "mind it", "")
    assert [(each.that, each.otherwise) for each in check.assertions] == [("sshd.root == 'no'", "root logs in")]
    assert check.names == {"sshd": "linux.sshd"}
    assert str(check.declared) == "checks/c.yaml:1"


def test_true_needs_no_quotes_and_caution_may_be_absent() -> None:
    check = load(GOOD.replace("sshd.installed", "true").replace("caution: mind it\n", "")).check
    assert (check.when, check.caution) == ("true", "")


ASSERT = GOOD[GOOD.index("assert:") : GOOD.index("rationale:")]


@pytest.mark.parametrize(
    ("old", "new", "message", "hint", "line"),
    [
        ("title:", "titel:", "there is no key 'titel'; did you mean 'title'?", "Keys here", 2),
        ("remedy: set it\n", "", "the key 'remedy' is missing", "Required", 1),
        ("linux-sshd-root", "Linux SSHD", "'Linux SSHD' is no id", "lower-case", 1),
        ("Root cannot log in", "''", "'title' is no text", "Write a text", 2),
        ("Root cannot log in", "[a]", "'title' is no text", "Write a text", 2),
        ("because", "b" * 10_001, "'rationale' is no text", "10000", 8),
        ("[linux.sshd]", "linux.sshd", "is no list", "[linux.sshd]", 3),
        ("[linux.sshd]", "[]", "is no list", "[linux.sshd]", 3),
        ("[linux.sshd]", "[1]", "is no list", "[linux.sshd]", 3),
        ("[linux.sshd]", "[linux.ssh]", "no parser reads the kind 'linux.ssh'; did you mean 'linux.sshd'?", "linux.sudo", 3),
        ("[linux.sshd]", "[frr.config, cisco_ios.config]", "would be called 'config' in expressions, as is frr.config", "Split", 3),
        ("[linux.sshd]", "[x.now]", "as is every check", "Split", 3),
        (ASSERT, "", "exactly one of", "Write assertions", 1),
        ("rationale:", "function: certificates_in_date\nrationale:", "exactly one of", "Write assertions", 1),
        (ASSERT, "assert: []\n", "no list of assertions", "that", 5),
        (ASSERT, "assert: [x]\n", "needs 'that' and 'otherwise'", "Write 'that", 5),
        ("    otherwise: root logs in\n", "", "the key 'otherwise' is missing", "that, otherwise", 6),
        ("    otherwise:", "    otherwize:", "no key 'otherwize'; did you mean 'otherwise'?", "that, otherwise", 7),
        ("sshd.root == 'no'", "shd.root == 'no'", "the name 'shd' is not known; did you mean 'sshd'?", "params", 6),
        ("sshd.installed", "sudo.installed", "the name 'sudo' is not known", "sshd", 4),
        ("sshd.root == 'no'", "''", "'that' is no text", "Write a text", 6),
        (ASSERT, "function: certificates\n", "no check function 'certificates'; did you mean 'certificates_in_date'?", "keys_open", 5),
    ],
)  # fmt: skip
def test_errors_say_where_and_what_to_write(old: str, new: str, message: str, hint: str, line: int) -> None:
    with pytest.raises(ContentError) as caught:
        load(GOOD.replace(old, new, 1))
    error = caught.value
    assert message in error.message
    assert hint in error.hint
    assert error.where is not None
    assert (error.where.file, error.where.line) == ("checks/c.yaml", line)


def test_files_are_sorted_and_ids_unique() -> None:
    first, second = document(GOOD), document(GOOD.replace("linux-sshd-root", "a-check"))
    loaded = load_checks([(first.data, first.locate), (second.data, second.locate)], kinds=KINDS)
    assert [each.check.id for each in loaded] == ["a-check", "linux-sshd-root"]
    with pytest.raises(ContentError, match=r"exists twice: also in checks/c.yaml:1") as caught:
        load_checks([(first.data, first.locate)] * 2, kinds=KINDS)
    assert caught.value.code == "content.reference"


def test_a_function_in_place_of_assertions() -> None:
    one: Any = load(GOOD.replace(ASSERT, "function: keys_open_one_account\n"))
    assert one.function is not None
    assert one.that == ()
