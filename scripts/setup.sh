#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Makes the checkout ready: the programs that a goal needs (Debian, Ubuntu), and the Python environment in .venv.
# Usage: scripts/setup.sh demo|test
# Asks for nothing that is already there; needs root or sudo only when a program is missing.
set -eu

goal=${1:-demo}
cd "$(dirname "$0")/.."
PATH=$PATH:/usr/sbin:/sbin

say() { printf '%s\n' "setup: $*" >&2; }

# program:package, for each goal
needed="git:git ssh-keygen:openssh-client ssh:openssh-client"
if [ "$goal" = test ]; then
    needed="$needed sshd:openssh-server nft:nftables ip:iproute2 busybox:busybox shellcheck:shellcheck vtysh:frr
            chromium:chromium ps:procps iptables-nft-restore:iptables conntrack:conntrack setpriv:util-linux"
fi

missing=""
for pair in $needed; do
    command -v "${pair%%:*}" >/dev/null 2>&1 || missing="$missing ${pair##*:}"
done
python=""
for name in python3.13 python3.12 python3.11 python3; do
    if command -v "$name" >/dev/null 2>&1 && "$name" -c 'import sys; sys.exit(sys.version_info < (3, 11))'; then
        python=$name
        break
    fi
done
[ -n "$python" ] || { say "Python 3.11 or newer is needed, and none is installed"; exit 2; }
[ -x .venv/bin/python ] || "$python" -c 'import ensurepip, venv' 2>/dev/null || missing="$missing python3-venv"

if [ -n "$missing" ]; then
    if [ "$(id -u)" = 0 ]; then sudo=""
    elif command -v sudo >/dev/null 2>&1; then sudo=sudo
    else say "please install:$missing (neither root nor sudo is at hand)"; exit 2
    fi
    say "installing$missing"
    # Services of test programs stay off: the tests start their own, on loopback or in namespaces.
    export DEBIAN_FRONTEND=noninteractive
    $sudo apt-get update -qq
    # shellcheck disable=SC2086 # the list is meant to be split
    $sudo env DEBIAN_FRONTEND=noninteractive RUNLEVEL=1 apt-get install -y -qq --no-install-recommends $missing >/dev/null
fi

lock=requirements/$goal.txt
stamp=.venv/.plantproof-$goal
if [ ! -x .venv/bin/python ]; then
    say "making .venv with $("$python" --version)"
    "$python" -m venv .venv
fi
wanted=$(cat "$lock" pyproject.toml | cksum)
if [ "$(cat "$stamp" 2>/dev/null || true)" != "$wanted" ]; then
    say "installing the Python libraries of $lock (a minute or two)"
    .venv/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes -r "$lock"
    .venv/bin/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
    printf '%s\n' "$wanted" >"$stamp"
fi

# A second reader of OSCAL needs another Pydantic than ours.
if [ "$goal" = test ]; then
    wanted=$(cksum <requirements/interop.txt)
    if [ "$(cat .venv/interop/.plantproof 2>/dev/null || true)" != "$wanted" ]; then
        say "installing requirements/interop.txt into .venv/interop"
        "$python" -m venv .venv/interop
        .venv/interop/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/interop.txt
        printf '%s\n' "$wanted" >.venv/interop/.plantproof
    fi
fi
