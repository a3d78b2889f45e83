#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Pins every library with its hashes into requirements/*.txt, for all Pythons and platforms at once, naming no index host.
set -eu
cd "$(dirname "$0")/.."
.venv/bin/python -m pip install --quiet uv
compile() { # output, then arguments
    out=$1
    shift
    .venv/bin/python -m uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header --no-annotate \
        --no-emit-index-url --no-emit-find-links "$@" -o "requirements/$out.tmp"
    { echo "# Made by scripts/lock.sh; do not edit."; cat "requirements/$out.tmp"; } >"requirements/$out"
    rm "requirements/$out.tmp"
}
compile test.txt pyproject.toml --extra dev requirements/build.in
compile demo.txt pyproject.toml --extra demo requirements/build.in -c requirements/test.txt
compile interop.txt requirements/interop.in
