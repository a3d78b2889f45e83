# SPDX-License-Identifier: Apache-2.0
from __future__ import annotations

from typing import Any

import pytest

from plantproof.checks.expressions import UNDECIDED, compile_expression, trace
from plantproof.errors import ContentError, Location

NAMES: dict[str, Any] = {
    "sshd": {
        "root": "no", "tries": 3, "ciphers": ["aes", "chacha"], "flag": True, "off": False, "nothing": None,
        "empty": {"_lines": {}}, "deep": {"a": {"b": 5}}, "version": "9.2p1", "rate": 0.5, "text": "  Mixed Case ",
        "_lines": {"root": 3, "tries": 4, "ciphers": 5, "flag": 6, "deep": 8},
    },
    "accounts": {
        "users": [
            {"name": "root", "uid": 0, "groups": ["root"], "_line": 2},
            {"name": "toor", "uid": 0, "groups": ["root", "sudo"], "locked": True, "_line": 9},
            {"name": "bin", "uid": 2, "groups": [], "shell": {"path": "/bin/sh"}, "_line": 4},
        ],
        "none": [],
        "twice": [{"a": 1, "_line": 1}, {"a": 1, "_line": 2}],
        "_lines": {"none": 7},
    },
    "params": {"sr-1.11_attempts": 3},
    "asset": {"id": "plc-1", "platform": ""},
    "now": "2026-11-23T00:00:00Z",
    "now_days": 20_780,
}  # fmt: skip

DECIDED = [
    # literals and lookups
    ("1", 1), ("-1", -1), ("1.5", 1.5), ("'a' 'b'", "ab"), ("true", True), ("None", None),
    ("false or none", None), ("(1, 2)", [1, 2]), ("{'a': 1}.a", 1), ("{'a': sshd.tries}['a']", 3),
    ("sshd.root", "no"), ("sshd['root']", "no"), ("sshd.deep.a.b", 5), ("sshd.deep['a'].b", 5),
    ("sshd.ciphers[0]", "aes"), ("sshd.ciphers[-1]", "chacha"), ("sshd.root[0]", "n"),
    ("params['sr-1.11_attempts']", 3), ("sshd[asset.id | default('x') | replace_me]", None),
    ("accounts.users[0].name", "root"), ("(accounts.users | first).name", "root"), ("sshd[('ro' if true else '') | trim]", None),
    ("sshd['root' if sshd.flag else 'tries']", "no"),
    # logic
    ("sshd.flag and sshd.off", False), ("sshd.off or sshd.flag", True), ("not sshd.flag", False), ("0 or 'x'", "x"),
    ("'' and sshd.gone", ""), ("1 and 2", 2), ("sshd.flag or sshd.gone", True), ("sshd.off and sshd.gone", False),
    ("'yes' if sshd.flag else sshd.gone", "yes"), ("not sshd.empty", True), ("(sshd.empty or 'x') == 'x'", True),
    ("sshd.flag is true and sshd.off is false", True), ("sshd.tries == 3 and sshd.root != 'yes' or false", True),
    # comparisons
    ("sshd.tries == 3", True), ("sshd.tries != 3", False), ("sshd.tries < 3", False), ("sshd.tries <= 3", True),
    ("sshd.tries > 2", True), ("sshd.tries >= 4", False), ("sshd.root in ['no', 'yes']", True),
    ("sshd.root not in ['yes']", True), ("'aes' in sshd.ciphers", True), ("'aes' not in sshd.ciphers", False),
    ("'_lines' in sshd", False), ("'root' in sshd", True), ("2 < sshd.tries <= 3", True), ("1 == 1 != 1", False),
    ("accounts.twice[0] == accounts.twice[1]", True), ("accounts.twice[0] != accounts.twice[1]", False),
    ("accounts.twice[0] in accounts.twice", True), ("{'a': 1} not in accounts.twice", False),
    ("sshd.tries in [params['sr-1.11_attempts'], 9]", True), ("now > '2026-01-01'", True), ("now_days - 30 > 0", True),
    # arithmetic
    ("sshd.tries + 2 * 3 - 1", 8), ("-sshd.tries", -3), ("(sshd.tries + 1) | string", "4"), ("(sshd.ciphers | length) * 2", 4),
    # tests
    ("sshd.gone is defined", False), ("sshd.gone is not defined", True), ("sshd.gone.on is undefined", True),
    ("sshd.deep.a is defined", True), ("sshd is defined", True), ("sshd.root.x is defined", False), ("now.x is defined", False),
    ("(accounts.none | first) is defined", False), ("sshd['gone'] is undefined", True), ("1 is defined", True),
    ("sshd.nothing is none", True), ("sshd.root is not none", True), ("sshd.root is string", True),
    ("sshd.tries is number", True), ("sshd.flag is boolean", True), ("sshd.deep is mapping", True),
    ("sshd.ciphers is sequence", True), ("sshd.tries is sequence", False), ("sshd.rate is float", True),
    ("sshd.tries is integer", True), ("sshd.flag is integer", False), ("sshd.root is match('n')", True),
    ("sshd.root is match('o')", False), ("sshd.root is search('o$')", True), ("sshd.root is not search('x')", True),
    ("sshd.root is match('NO', ignorecase=true)", True), ("'a\\nb' is search('^b', multiline=true)", True),
    ("sshd.version is version('9.2', '>=')", True), ("sshd.version is version('9.10', '<')", True),
    ("'1.0' is version('1.0')", True), ("'1.0' is version('1.0', '!=')", False), ("'2' is version('1', 'gt')", True),
    ("'1' is version('1', 'le')", True), ("12 is version('9', '>')", True), ("['a'] is subset(sshd.ciphers)", False),
    ("sshd.ciphers is superset(['aes'])", True), ("sshd.ciphers is contains('aes')", True), ("sshd.flag is truthy", True),
    ("sshd.off is falsy", True), ("sshd.flag is not truthy", False), ("[1, 0] is any", True), ("[1, 0] is all", False),
    ("sshd.tries is eq(3)", True), ("sshd.tries is not in([4])".replace("in(", "ge("), None), ("sshd.tries is lt(5)", True),
    # filters
    ("sshd.ciphers | length", 2), ("sshd.root | count", 2), ("sshd.deep | length", 1), ("sshd.gone | default('x')", "x"),
    ("sshd.gone | d", ""), ("sshd.gone | default(sshd.tries)", 3), ("sshd.deep.x.y | default(1)", 1),
    ("sshd.off | default('x', true)", "x"), ("sshd.flag | default('x', boolean=true)", True),
    ("sshd.gone | default(sshd.also) | default(7)", 7), ("(sshd.gone if true else 1) | default(2)", 2),
    ("sshd.text | trim | lower", "mixed case"), ("'a' | upper", "A"), ("'xax' | trim('x')", "a"), ("'42.9' | int", 42),
    ("'4' | float", 4.0), ("'no' | int(7)", 7), ("true | int", 1), ("'z' | float(1)", 1), ("3 | string", "3"), ("'ab' | list", ["a", "b"]),
    ("sshd.deep | list", ["a"]), ("sshd.ciphers | first", "aes"), ("sshd.ciphers | last", "chacha"),
    ("[3, 1] | min", 1), ("[3, 1] | max", 3), ("accounts.users | max(attribute='uid') == accounts.users[2]", True),
    ("[1, 2] | sum", 3), ("accounts.users | sum(attribute='uid')", 2), ("['b', 'A'] | sort", ["A", "b"]),
    ("[1, 2] | sort(reverse=true)", [2, 1]), ("['a', 'A', 'b'] | unique", ["a", "b"]), ("accounts.twice | unique | length", 1),
    ("['a', 'A'] | unique(case_sensitive=true)", ["a", "A"]), ("[1, 'b'] | join('-')", "1-b"), ("'a,b' | split(',')", ["a", "b"]),
    ("' a  b ' | split", ["a", "b"]), ("[[1, [2]], 3, none] | flatten", [1, 2, 3]), ("[[1, [2]]] | flatten(1)", [1, [2]]),
    ("[[1, [2]]] | flatten(levels=1)", [1, [2]]),
    ("[1, 2, 2] | difference([1])", [2]), ("[1, 2] | intersect([2, 3])", [2]), ("[1] | union([1, 2])", [1, 2]),
    ("sshd.deep | dict2items | map(attribute='key') | list", ["a"]), ("sshd | dict2items | selectattr('key', 'eq', 'root') | length", 1),
    ("'9.2p1' | regex_search('[0-9]+')", "9"), ("'x' | regex_search('[0-9]')", None), ("'a1b2' | regex_replace('[0-9]', '-')", "a-b-"),
    ("[0, 1] | any", True), ("[0, 1] | all", False), ("accounts.users | selectattr('uid', 'equalto', 0) | list | length", 2),
    ("accounts.users | selectattr('locked', 'defined') | map(attribute='name') | list", ["toor"]),
    ("accounts.users | rejectattr('locked', 'defined') | map(attribute='name') | join(',')", "root,bin"),
    ("accounts.users | selectattr('groups', 'contains', 'sudo') | map(attribute='name') | list", ["toor"]),
    ("accounts.users | selectattr('name', 'match', '^[rt]') | length", 2), ("accounts.users | selectattr('groups') | length", 2),
    ("accounts.users | rejectattr('name', 'in', ['root', 'bin']) | length", 1), ("[1, 0] | select | list", [1]),
    ("accounts.users | selectattr('shell.path', 'defined') | length", 1), ("[1, 5] | select('gt', sshd.tries) | list", [5]),
    ("[1, 5] | reject('in', [sshd.tries, 5]) | list", [1]), ("['a'] | map('upper') | list", ["A"]),
    ("['4'] | map('int') | sum", 4), ("[[1], [2]] | map('first') | list", [1, 2]), ("['a,b'] | map('split', ',') | list", [["a", "b"]]),
    ("accounts.users | map(attribute='locked', default=false) | list", [False, True, False]),
    ("accounts.users | map(attribute='groups.0', default='-') | list", ["root", "root", "-"]),
    ("[[1], 2] | select('defined') | list | length", 2), ("sshd | select('eq', 'root') | list", ["root"]),
    ("accounts.users | selectattr('groups') | list | map(attribute='name') | list | length", 2),
    ("['a1'] | map('regex_replace', '[0-9]', sshd.root) | list", ["ano"]),
    ("accounts.users\n  | selectattr('uid', 'eq', 0)\n  | list | length", 2),
]  # fmt: skip
DECIDED = [(text, value) for text, value in DECIDED if value is not None or text in {"None", "false or none"}]


@pytest.mark.parametrize(("text", "value"), DECIDED)
def test_means(text: str, value: object) -> None:
    expression = compile_expression(text, names=NAMES)
    assert expression.run(NAMES) == value
    assert type(expression.run(NAMES)) is type(value)
    slow = trace(expression, NAMES)
    assert (slow.value, slow.problem) == (value, "")


UNDECIDABLE = [
    ("sshd.gone", "sshd.gone"), ("sshd.gone == 1", "sshd.gone"), ("not sshd.gone", "sshd.gone"),
    ("sshd.flag and sshd.gone", "sshd.gone"), ("sshd.deep.x.y == 1", "sshd.deep.x.y"), ("sshd.gone | length", "sshd.gone"),
    ("sshd.gone in [1]", "sshd.gone"), ("params['x'] > 1", "params.x"), ("sshd['a b'] == 1", "sshd['a b']"),
    ("(sshd.gone == 1) | default(true)", "sshd.gone"), ("(sshd.gone == 1) is defined", "sshd.gone"), ("[sshd.gone]", "sshd.gone"),
    ("accounts.users | map(attribute='shell') | list", "accounts.users[].shell"),
    ("accounts.users | selectattr('locked') | list", "accounts.users[].locked"),
    ("accounts.none | selectattr('uid', 'eq', sshd.gone) | list", "sshd.gone"), ("accounts.none | first", "accounts.none | first"),
    ("[[1], []] | map('first') | list", " | map('first')"), ("sshd['_' if sshd.flag else ''] == 1", "sshd['_']"),
    ("2 < 1 < sshd.gone", "sshd.gone"), ("sshd[sshd.ciphers] == 1", "sshd[['aes', 'chacha']]"), ("sshd.ciphers[9] == 1", "sshd.ciphers[9]"),
    ("sshd.root < 3", ""), ("'a' in sshd.tries", ""), ("sshd.tries | list", ""), ("sshd.root + 1", ""), ("'no' | int", "a whole number in 'no'"),
    ("[1] | float", "a number in '[1]'"), ("sshd.deep | lower", ""), ("none | string", ""), ("sshd.ciphers is match('a')", ""),
    ("5 | length", ""), ("['a'] | sum", ""), ("[1, 'a'] | sort", ""), ("[1, 'a'] | max", ""), ("'a' is version('1', '<')", ""),
    ("'..' is version('1')", ""), ("[] | flatten('x')", ""), ("5 | dict2items", ""), ("'a' | split('')", ""),
    ("99999999999999999999999999999999 * 99999999999999999999", ""), ("none is contains(1)", ""),
]  # fmt: skip


@pytest.mark.parametrize(("text", "missing"), UNDECIDABLE)
def test_cannot_decide(text: str, missing: str) -> None:
    expression = compile_expression(text, names=NAMES)
    with pytest.raises(UNDECIDED):
        expression.run(NAMES)
    slow = trace(expression, NAMES)
    assert expression.holds(NAMES) is None
    assert not slow.decided
    assert slow.missing == missing
    assert slow.problem


REFUSED = [
    ("", "is empty", "Write what must hold"),
    ("a" * 5000, "4000 are allowed", "Split"),
    ("(" * 50 + "1" + ")" * 50 + " +" * 100, "expression", "Look for"),
    ("not " * 200 + "true", "nested too deeply", "Split"),
    ("-" * 3000 + "1", "", "plit"),
    ("sshd.root = 'no'", "is no expression", "'=='"),
    ("sshd.flag && true", "is no expression", "'and'"),
    ("sshd.root ==", "is no expression", "Look for"),
    ("{{ sshd.root }}", "outside the language", "{{ }}"),
    ("{% if %}", "is no expression", "without {{ }}"),
    ("sshd.version is version '9'", "is no expression", "is version('...)"),
    ("sshd.root # comment", "a comment", "YAML comment"),
    ("sshd.root == r'no'", "Python's", "plain text"),
    ("sshd.root == '''no'''", "three quotes", "one quote"),
    ("sshd.root == \x00", "control character", "Remove"),
    ("sshd.root == b'no'", "Python's", "plain text"),
    ("shd.root", "'shd' is not known; did you mean 'sshd'?", "accounts, asset"),
    ("sshd._lines", "cannot be named", "line numbers"),
    ("sshd['_lines']", "cannot be named", "line numbers"),
    ("{'_line': 1}", "cannot be named", "line numbers"),
    ("accounts.users | selectattr('_line') | list", "cannot be named", "line numbers"),
    ("sshd.root.upper()", "outside the language", "Only filters"),
    ("len(sshd)", "outside the language", "Only filters"),
    ("[x for x in sshd]", "outside the language", "selectattr"),
    ("lambda: 1", "outside the language", "Only filters"),
    ("{1, 2}", "outside the language", "Write a list"),
    ("sshd.ciphers[0:1]", "outside the language", "first"),
    ("sshd.ciphers[0, 1]", "one value", "one key"),
    ("sshd.tries / 2", "only +, - and *", "Rewrite"),
    ("sshd.tries ** 2", "only +, - and *", "Rewrite"),
    ("+1", "'+' or '~'", "Leave it out"),
    ("1j", "no literal", "number"),
    ("...", "no literal", "number"),
    ("{**sshd}", "'**'", "Write the entries"),
    ("{sshd.root: 1}", "must be a literal", "quotes"),
    ("sshd.root is None", "'is None'", "is none"),
    ("sshd.root is sshd.flag", "is no test", "The tests are"),
    ("sshd.root is defned", "no test 'defned'; did you mean 'defined'?", "The tests are"),
    ("sshd.root is 'x'", "no test 'x'", "The tests are"),
    ("sshd.root is defined == true", "differently", "parentheses"),
    ("sshd.root | lenght", "no filter 'lenght'; did you mean 'length'?", "The filters are"),
    ("sshd.root | 'x'", "is no filter", "The filters are"),
    ("sshd.root | length(1)", "takes 0 argument(s), here 1", "Correct"),
    ("sshd.root is version", "takes 1 to 2 argument(s), here 0", "Correct"),
    ("sshd.root | join(*sshd.ciphers)", "'*' is not allowed", "Write the arguments"),
    ("sshd.root | sort(revers=true)", "no argument 'revers'; did you mean 'reverse'?", "attribute"),
    ("sshd.root | length(x=1)", "no argument 'x'", "no named argument"),
    ("sshd.root is eq(1, x=1)", "no argument 'x'", "no named argument"),
    ("1 + 2 | string", "Python and Jinja2 differ", "parentheses"),
    ("sshd.tries | string + 'a'", "Python and Jinja2 differ", "parentheses"),
    ("sshd.version is version('1', '~=')", "does not compare versions", "'>='"),
    ("sshd.version is version('1', sshd.root)", "does not compare versions", "'>='"),
    ("sshd.root is match(sshd.tries)", "where a regular expression is needed", "quotes"),
    ("sshd.root is match('(a+)+$')", "repetition inside a repetition", "simpler"),
    ("sshd.root is match('\\bno')", "control character", "simpler"),
    ("sshd.root is search('(')", "no regular expression", "simpler"),
    ("accounts.users | selectattr('uid', 'equals', 0)", "no test 'equals'; did you mean 'equalto'?", "The tests are"),
    ("accounts.users | selectattr(sshd.root)", "where an attribute is needed", "quotes"),
    ("accounts.users | selectattr('a..b')", "is no attribute", "owner.name"),
    ("accounts.users | map", "map needs", "map(attribute='name')"),
    ("accounts.users | map('sort')", "map cannot use", "It can use"),
    ("accounts.users | map('nope')", "no filter 'nope'", "The filters are"),
    ("sshd.root | default('x', sshd.flag)", "must be true or false", "default(x, true)"),
    ("9" * 3999, "too large", "evidence"),
    ("1e999", "too large", "evidence"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "message", "hint"), REFUSED, ids=lambda value: str(value)[:40])
def test_refuses(text: str, message: str, hint: str) -> None:
    with pytest.raises(ContentError) as caught:
        compile_expression(text, names=NAMES, where=Location(file="checks/x.yaml", line=7))
    error = caught.value
    assert message in error.message
    assert hint in error.hint
    assert error.code == "content.expression"
    assert str(error).startswith("checks/x.yaml:7: ")
    assert "of the expression)" in error.message


def test_an_error_names_line_and_column() -> None:
    text = "sshd.flag\nand 'ä' != sshd.root\n  and foo == 1"
    with pytest.raises(ContentError, match=r"line 3, column 7 of the expression"):
        compile_expression(text, names=NAMES)


def test_many_arguments_that_are_looked_up() -> None:
    chain = " | selectattr('uid', 'eq', sshd.off | default(0) | int)" * 20
    expression = compile_expression(f"accounts.users{chain} | list | length == 2", names=NAMES)
    assert expression.holds(NAMES) is True


def test_names_are_told() -> None:
    expression = compile_expression(
        "sshd.root == params['x'] or asset.id in (accounts.users | map('first'))", names=NAMES
    )
    assert expression.names == {"sshd", "params", "asset", "accounts"}
