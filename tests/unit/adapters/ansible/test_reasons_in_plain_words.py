# SPDX-License-Identifier: Apache-2.0
from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plantproof.adapters.ansible.reasons import Reason, explain, hide_secrets, timed_out
from plantproof.core.plant import Asset


def asset(**variables: object) -> Asset:
    return Asset(id="a", zone="z", variables=variables)


SSH = "Task failed: Failed to connect to the host via ssh: "


@pytest.mark.parametrize(
    ("message", "said", "late"),
    [
        (f"{SSH}ssh: connect to host h port 22: Connection refused", "it refuses the connection", False),
        (f"{SSH}ssh: connect to host h port 22: Connection timed out", "no answer within 10 s", True),
        (f"{SSH}Connection timed out during banner exchange", "no answer within 10 s", True),
        (f"{SSH}Timeout, server h not responding.", "no answer within 10 s", True),
        (f"{SSH}u@h: Permission denied (publickey).", "authentication failed: wrong user, key or password", False),
        (f"{SSH}ssh: Could not resolve hostname h: Name or service", "its name cannot be resolved", False),
        (f"{SSH}ssh: connect to host h port 22: No route to host", "there is no network path to it", False),
        (
            f"{SSH}kex_exchange_identification: read: Connection reset",
            "the connection was closed from the other",
            False,
        ),
        (f"{SSH}no matching host key type found", "it offers no SSH algorithm that this side accepts", False),
        (
            "@@@\n@ WARNING: REMOTE HOST IDENTIFICATION HAS CHANGED! @\nHost key verification failed.",
            "not the one",
            False,
        ),
        ("No ED25519 host key is known\nHost key verification failed.", "in no known_hosts file", False),
        (
            "Permissions 0644 for 'k': UNPROTECTED PRIVATE KEY FILE! Permission denied",
            "others may read its file",
            False,
        ),
        ("Task failed: Missing sudo password", "becoming root needs a password", False),
        ("Task failed: Incorrect sudo password", "the password for becoming root is wrong", False),
        ("joe is not in the sudoers file.", "its user may not become root", False),
        ("Attempting to decrypt but no vault secrets found.", "a variable is encrypted", False),
        ("Task failed: 'x' is undefined", "a variable of the inventory cannot be resolved", False),
        ("Task failed: the moon is full\n\n", "the moon is full", False),
        ("", "it gave no reason", False),
        ("one\x1b[31m\x07two", "one [31m two", False),
        ("x" * 500, "x" * 200 + "…", False),
    ],
)
def test_what_went_wrong_is_said_in_plain_words(message: str, said: str, late: bool) -> None:
    reason = explain(message, asset(), own=False)
    assert reason.text.startswith(said) or said in reason.text
    assert reason.late is late


@pytest.mark.parametrize("name", ["ansible_timeout", "ansible_ssh_timeout"])
def test_the_inventorys_own_timeout_is_named(name: str) -> None:
    assert explain("timed out", asset(**{name: 3}), own=False) == Reason(text="no answer within 3 s", late=True)


@pytest.mark.parametrize(
    ("message", "late"),
    [
        ("no answer from 10.0.0.1:502 within 5 s", True),
        ("60 s were not enough for sw", True),
        ("sw:22 accepts the connection, but no SSH session came of it within 10 s", True),
        ("sw:22 refuses the connection", False),
    ],
)
def test_our_own_modules_words_stay_as_they_are(message: str, late: bool) -> None:
    assert explain(message, asset(ansible_password={"__ansible_vault": "x"}), own=True) == Reason(
        text=message, late=late
    )


def test_a_cut_off_counts_as_no_answer() -> None:
    assert timed_out(60) == Reason(text="it did not end within 60 s and was cut off", late=True)


@pytest.mark.parametrize(
    "hidden",
    [{"ansible_password": {"__ansible_vault": "x"}}, {"a": [{"b": "{{ lookup('x') }}"}]}, {"a": "{% raw %}"}],
)
def test_what_only_ansible_knows_might_be_quoted_so_nothing_is(hidden: dict[str, object]) -> None:
    said = explain("Task failed: unknown thing s3cr3t", asset(**hidden), own=False).text
    assert "s3cr3t" not in said
    assert "not shown" in said


_SECRETS = st.text(st.characters(codec="ascii", categories=["L", "N", "P"]), min_size=1, max_size=30)


@given(
    secret=_SECRETS,
    name=st.sampled_from(
        ["ansible_password", "ansible_ssh_pass", "become_pass", "SNMP_Community", "api_key", "psk", "key"]
    ),
    deep=st.booleans(),
    own=st.booleans(),
)
def test_no_value_of_a_variable_named_like_a_secret_is_echoed(secret: str, name: str, deep: bool, own: bool) -> None:
    value: object = {name: [secret, {"any": secret}]} if deep else secret
    variables = {"group": value} if deep else {name: value}
    marker = f"<<{secret}>>"
    text = explain(f"Task failed: it ended with {marker}", asset(**variables), own=own).text
    assert marker not in text


def test_a_secret_of_many_lines_is_hidden_line_by_line() -> None:
    assert hide_secrets("a BBB c CCC", {"private_key": "BBB\nCCC"}) == "a … c …"


def test_a_key_files_name_is_no_secret() -> None:
    assert hide_secrets("no file /keys/me", {"ansible_ssh_private_key_file": "/keys/me"}) == "no file /keys/me"
    assert hide_secrets("port True 22", {"password": True, "pin": 22, "pass": None}) == "port True 22"
    assert hide_secrets("pin 4711", {"passcode": 4711}) == "pin …"
