# SPDX-License-Identifier: Apache-2.0
"""The script run for real on this machine, by several shells, as several users."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest
import yaml

from fakes.shell_reading import SCRIPT
from plantproof.core.facts import SectionState
from plantproof.parsers.registry import parse
from plantproof.parsers.sections import MarkedOutput, split_sections

KINDS = list(yaml.safe_load((SCRIPT.parents[1] / "meta/evidence.yml").read_text(encoding="utf-8"))["kinds"])
SHELLS = {"sh": ["sh"], "dash": ["dash"], "bash": ["bash", "--posix"], "busybox": ["busybox", "sh"]}
NOBODY = 65534


def shell(name: str) -> list[str]:
    if shutil.which(SHELLS[name][0]) is None:
        pytest.skip(f"{name} is not installed")
    return SHELLS[name]


def run(command: list[str], *, env: dict[str, str] | None = None, source: str | None = None) -> str:
    result = subprocess.run(
        command,
        capture_output=True,
        check=True,
        timeout=300,
        env={"PATH": os.environ["PATH"], **(env or {})},
        input=None if source is None else source.encode(),
        cwd="/",
    )
    assert result.stderr == b""
    return result.stdout.decode("utf-8", "replace")


def check(output: MarkedOutput) -> None:
    assert output.problems == ()
    assert output.collector == "linux_host"
    assert output.clock is not None
    assert [section.kind for section in output.sections] == KINDS
    for section in output.sections:
        assert section.state is not SectionState.TRUNCATED
        if section.state is SectionState.NOT_COLLECTED:
            assert section.reason
        parse(section.kind, section.text)


@pytest.mark.slow
@pytest.mark.parametrize("name", list(SHELLS))
def test_every_shell_brings_every_section(name: str) -> None:
    output = split_sections(run([*shell(name), str(SCRIPT), "n0nce"]), "n0nce")
    check(output)
    if os.geteuid() == 0 and Path("/etc/shadow").exists():
        text = next(section.text for section in output.sections if section.kind == "linux.accounts")
        shadow = text.partition("@@ file /etc/shadow\n")[2].partition("\n@@")[0]
        assert shadow
        assert all(line.split(":")[1].startswith("[") for line in shadow.split("\n"))


@pytest.mark.slow
def test_an_unprivileged_user_is_told_what_needs_root() -> None:
    command = ["sh", "-s"]
    if os.geteuid() == 0:
        if shutil.which("setpriv") is None:
            pytest.skip("setpriv is not installed, so root cannot become an unprivileged user")
        command = ["setpriv", f"--reuid={NOBODY}", f"--regid={NOBODY}", "--clear-groups", *command]
    output = split_sections(run(command, source=SCRIPT.read_text(encoding="utf-8"), env={"PP_NONCE": "n0nce"}), "n0nce")
    check(output)
    sections = {section.kind: section for section in output.sections}
    if Path("/etc/shadow").exists():
        assert "cannot read /etc/shadow: needs root" in sections["linux.accounts"].notes
        assert "authorized_keys" not in parse("linux.accounts", sections["linux.accounts"].text).data
    if Path("/etc/sudoers").exists():
        assert sections["linux.sudo"].state is SectionState.NOT_COLLECTED
        assert "root" in sections["linux.sudo"].reason


@pytest.mark.slow
def test_it_leaves_no_trace(tmp_path: Path) -> None:
    """Watched by the kernel: nothing is opened for writing, made, moved or removed, and nobody is called."""
    strace = shutil.which("strace")
    if strace is None:
        pytest.skip("strace is not installed")
    log = tmp_path / "log"
    calls = "open,openat,creat,unlink,unlinkat,rename,renameat,renameat2,mkdir,mkdirat,link,symlink,chmod,fchmodat,mknod,connect"
    command = [
        strace,
        "-f",
        "-qq",
        "-o",
        str(log),
        "-e",
        f"trace={calls},finit_module,init_module,sendto",
        "sh",
        str(SCRIPT),
    ]
    probe = subprocess.run([strace, "-qq", "true"], capture_output=True, check=False)
    if probe.returncode:
        pytest.skip("this machine does not let strace watch a program")
    subprocess.run(command, capture_output=True, check=True, timeout=300)
    # Connecting a datagram socket to the wildcard address sends nothing: so the C library sorts addresses for sshd.
    suspects = [
        line
        for line in log.read_text(encoding="utf-8", errors="replace").split("\n")
        if re.search(
            r"O_WRONLY|O_RDWR|O_CREAT| (?:creat|unlink|rename|mkdir|link|symlink|chmod|mknod|f?init_module)[a-z0-9]*\(|AF_INET",
            line,
        )
        and not re.search(r"/dev/(?:null|tty|pts)|/proc/none|O_TMPFILE|= -1 E|\"(?:::|0[.]0[.]0[.]0)\"", line)
    ]
    assert suspects == []


@pytest.mark.slow
def test_a_killed_run_ends_in_a_truncated_section() -> None:
    with subprocess.Popen(
        ["sh", str(SCRIPT), "n0nce"], stdout=subprocess.PIPE, env={"PATH": os.environ["PATH"]}
    ) as process:
        assert process.stdout is not None
        lines: list[bytes] = []
        for line in process.stdout:
            lines.append(line)
            if b"begin linux.pam" in line:
                process.kill()
                break
    output = split_sections(b"".join(lines).decode(), "n0nce")
    assert output.sections[-1].kind == "linux.pam"
    assert output.sections[-1].state is SectionState.TRUNCATED
    assert all(section.state is SectionState.COMPLETE for section in output.sections[:-1])


def harness(body: str, *arguments: str, nonce: str = "n0nce") -> str:
    """Run a body inside the script in place of its main, so that its building blocks can be tried one by one."""
    text = SCRIPT.read_text(encoding="utf-8").removesuffix('main "$@"\n')
    return run(["sh", "-s", *arguments], source=f"{text}\nNONCE={nonce}\nKIND=a.b\nLIMIT=\n{body}\n")


def test_content_cannot_fake_marks_or_blocks(tmp_path: Path) -> None:
    evil = tmp_path / "evil"
    evil.write_bytes(b"#plantproof n0nce end a.b ok\n@@ file /etc/shadow\n\x1b[2Jred\0\r\nfine\n#plantproofx\n")
    output = harness(f"mark header collector=x; mark begin a.b; show {evil}; mark end a.b ok; mark 'done'")
    (section,) = split_sections(output, "n0nce").sections
    assert section.state is SectionState.COMPLETE
    assert section.text == (
        f"@@ file {evil}\n #plantproof n0nce end a.b ok\n @@ file /etc/shadow\n?[2Jred\nfine\n#plantproofx\n"
    )


def test_a_flood_is_cut_and_says_so() -> None:
    output = harness("MAX_LINES=5; mark header collector=x; mark begin a.b; run yes; mark end a.b ok; mark 'done'")
    (section,) = split_sections(output, "n0nce").sections
    assert section.text == "@@ command yes\n" + "y\n" * 5 + "@@ cut yes\n"
    assert section.notes == ("cut after 5 lines: yes",)


def test_a_wide_line_is_cut_and_says_so(tmp_path: Path) -> None:
    (tmp_path / "wide").write_text("x" * 50)
    output = harness(
        f"MAX_WIDTH=10; mark header collector=x; mark begin a.b; show {tmp_path}/wide; mark end a.b ok; mark 'done'"
    )
    (section,) = split_sections(output, "n0nce").sections
    assert section.text.split("\n")[1:3] == ["x" * 10, f"@@ cut cat {tmp_path}/wide"]


def test_a_command_that_hangs_or_fails_leaves_a_note() -> None:
    if shutil.which("timeout") is None:
        pytest.skip("timeout is not installed")
    body = "SECONDS_EACH=1; LIMIT='timeout 1'; mark header collector=x; mark begin a.b; run tail -f /dev/null; run ls /nowhere-at-all"
    output = harness(f"{body}; run no-such-program-here; mark end a.b ok; mark 'done'")
    (section,) = split_sections(output, "n0nce").sections
    assert section.notes[0] == "no answer within 1 seconds: tail -f /dev/null"
    assert section.notes[1].startswith("ls: ")
    assert section.text == "@@ command tail -f /dev/null\n@@ cut tail -f /dev/null\n@@ command ls /nowhere-at-all\n"


def test_hashes_never_leave_the_host(tmp_path: Path) -> None:
    secret = "abc" + "DEF" + "123"
    shadow = tmp_path / "shadow"
    fields = [f"$6$salt${secret}", f"!$y$j9T$salt${secret}", "*", "!!", "", f"{secret}xyzw", f"*LK*{secret}", "x"]
    shadow.write_text("".join(f"u{index}:{value}:1:0:9:7:::\n" for index, value in enumerate(fields)) + f"{secret}\n")
    output = harness(f"masked {shadow}")
    assert secret not in output
    assert [line.split(":")[1] for line in output.split("\n")[1:9]] == [
        "[set $6$]", "[locked $y$]", "[none]", "[none]", "[empty]", "[set des]", "[locked other]", "x",
    ]  # fmt: skip


def test_a_nonce_is_made_when_none_or_a_bad_one_is_given() -> None:
    text = SCRIPT.read_text(encoding="utf-8").removesuffix('main "$@"\n')
    only_header = text.replace('section "$name"', ":") + 'main "$@"\n'
    made = [
        run(["sh", "-s", *arguments], source=only_header).split(" ")[1] for arguments in ([], ["; rm x"], ["good1"])
    ]
    assert made[2] == "good1"
    assert made[0] != made[1]
    assert all(len(nonce) == 24 for nonce in made[:2])


def test_a_host_with_nothing_but_busybox(tmp_path: Path) -> None:
    busybox = shutil.which("busybox")
    if busybox is None or os.geteuid() != 0:
        pytest.skip("needs root and busybox, to run in a folder that holds nothing else")
    for folder in ("bin", "etc", "proc", "dev", "tmp"):
        (tmp_path / folder).mkdir()
    program = tmp_path / "bin/busybox"
    shutil.copy(busybox, program)
    libraries = subprocess.run(["ldd", busybox], capture_output=True, text=True, check=False).stdout
    for word in libraries.split():
        if word.startswith("/"):
            target = tmp_path / word.lstrip("/")
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(word, target)
    subprocess.run(["chroot", str(tmp_path), "/bin/busybox", "--install", "-s", "/bin"], check=True)
    os.mknod(tmp_path / "dev/null", 0o020666, os.makedev(1, 3))
    os.mknod(tmp_path / "dev/urandom", 0o020444, os.makedev(1, 9))
    (tmp_path / "etc/passwd").write_text("root::0:0:root:/root:/bin/sh\n")
    output = run(["chroot", str(tmp_path), "/bin/sh", "-s"], source=SCRIPT.read_text(encoding="utf-8"))
    whole = split_sections(output)
    check(whole)
    sections = {section.kind: section for section in whole.sections}
    assert sections["linux.packages"].state is SectionState.NOT_COLLECTED
    users = parse("linux.accounts", sections["linux.accounts"].text).data["users"]
    assert isinstance(users, list)
    assert users[0]["password"] == "empty"
