#!/usr/bin/env bash
# Writes the three lock files from pyproject.toml, with uv in a throw-away environment. Versions that are
# pinned and still fit are kept; "lock.sh --upgrade" takes the newest ones that fit.
set -euo pipefail
cd "$(dirname "$0")/.."
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python=${PYTHON:-.venv/bin/python}
[ -x "$python" ] || python=python3
"$python" -m venv "$work"
"$work/bin/pip" install --quiet --disable-pip-version-check 'uv==0.13.9'

lock() { # OUTPUT ARGUMENTS…
    local output=$1
    shift
    # a hash for each of a version's files, so that one lock fits every Python and processor
    "$work/bin/uv" pip compile --quiet --universal --python-version 3.11 --fork-strategy fewest \
        --generate-hashes --no-emit-index-url --no-emit-find-links \
        --custom-compile-command 'make lock' --output-file "$output" "$@"
}
lock requirements.lock "$@" pyproject.toml
lock .ci/dev.lock "$@" --extra dev --constraint requirements.lock pyproject.toml
lock .ci/build.lock "$@" --group build --constraint .ci/dev.lock
