#!/usr/bin/env bash
# Gives a checkout everything it needs, and does nothing when that is there:
#   bootstrap.sh run    the program: what it needs of the system (system.txt), and .venv with requirements.lock
#   bootstrap.sh demo   the same, and a virtual display where there is none
#   bootstrap.sh test   the same, and all that checks and tests use: .venv with .ci/dev.lock
# PYTHON chooses the interpreter that .venv is made with. Exit 3: something is missing that it may not install.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
root=$PWD
purpose=${1:?run, demo or test}
export LC_ALL=C.UTF-8

say() { printf '%s\n' "$@" >&2; }
stop() { say "$@"; exit 3; }
no_display() { [ -z "${DISPLAY:-}${WAYLAND_DISPLAY:-}" ]; }

# --- the system: a thing that is missing is a line "names | packages"

has_program() { command -v "$1" >/dev/null 2>&1; }
has_library() { [[ $libraries == *$'\t'"$1 "* ]]; }
has_font() { [ -n "$(find -L /usr/share/fonts /usr/local/share/fonts -name "$1" -print -quit 2>/dev/null)" ]; }

missing_from_system() {
    local wanted libraries for_what kind rest name
    case $purpose in
    run) wanted=" run " ;;
    demo) wanted=" run " && if no_display; then wanted=" run display "; fi ;;
    test) wanted=" run display test " ;;
    esac
    libraries=$(PATH=$PATH:/usr/sbin:/sbin ldconfig -p || true)
    while read -r for_what kind rest; do
        [[ $wanted == *" $for_what "* ]] || continue
        for name in ${rest%%|*}; do
            if "has_$kind" "$name"; then continue 2; fi
        done
        printf '%s\n' "$rest"
    done <.ci/system.txt
}

missing_from_python() {
    local python
    if python=$(find_python); then
        "$python" -c 'import ensurepip, venv' 2>/dev/null ||
            "$python" -c 'import sys; print("venv | python%d.%d-venv" % sys.version_info[:2])'
    elif [ -n "${PYTHON:-}" ] || python3 -c '' 2>/dev/null; then
        stop "No Python from 3.11 to 3.13 was found. Install one, then name it: make $purpose PYTHON=/path/to/python3.12"
    else
        printf '%s\n' 'python3 | python3' 'venv | python3-venv'
    fi
}

# Installs what the lines name, or stops with the command that would.
install() {
    local line name packages=() command=() as_root=() may=yes
    has_program apt-get || stop "These are missing (after |, what Debian calls the package):" "$1" \
        "Install them with this system's package manager, then run make again."
    if [ "$(id -u)" != 0 ]; then
        as_root=(sudo -n)
        sudo -n true 2>/dev/null || may=no
    fi
    as_root+=(env DEBIAN_FRONTEND=noninteractive)
    if [ $may = yes ]; then "${as_root[@]}" apt-get -qq update; fi
    while read -r line; do
        for name in ${line#*|}; do
            if [ -n "$(apt-cache show --no-all-versions "$name" 2>/dev/null)" ]; then break; fi
        done
        packages+=("$name")
    done <<<"$1"
    command=(apt-get install --yes --no-install-recommends "${packages[@]}")
    if [ $may = no ]; then
        stop "System packages are missing, and this user may not install them. Run this, then make again:" "" \
            "  $(has_program sudo && echo 'sudo sh' || echo su) -c 'apt-get update && ${command[*]}'" ""
    fi
    say "Installing system packages: ${packages[*]}"
    "${as_root[@]}" "${command[@]}" -qq -o Dpkg::Use-Pty=0 -o DPkg::Lock::Timeout=300 </dev/null >&2
}

# --- Python: .venv and what is in it

# It really runs (version managers leave shims that do not).
in_range() { "$1" -c 'import sys; sys.exit(not (3, 11) <= sys.version_info < (3, 14))' >/dev/null 2>&1; }

find_python() {
    local name candidates=(python3 python3.13 python3.12 python3.11 /usr/bin/python3)
    if [ -n "${PYTHON:-}" ]; then candidates=("$PYTHON"); fi
    for name in "${candidates[@]}"; do
        if in_range "$name"; then
            "$name" -c 'import sys; print(sys.executable)'
            return
        fi
    done
    return 1
}

# .venv runs, and its scripts name this folder (it was not moved).
environment_fits() { in_range .venv/bin/python && grep -qsF "$root/.venv/" .venv/bin/pip; }

fill_environment() { # LOCK
    local pip=(.venv/bin/python -m pip --disable-pip-version-check -qq install --require-hashes)
    say "Installing the Python packages of $1 (a minute or so)."
    rm -f .venv/set-up-*
    "${pip[@]}" -r .ci/build.lock
    "${pip[@]}" --no-build-isolation -r "$1"
    # the checkout itself: importable from everywhere, and its command
    printf '%s\n' "$root" >"$(.venv/bin/python -c 'import sysconfig; print(sysconfig.get_path("purelib"))')/captain-panel.pth"
    printf '#!/bin/sh\nexec "%s/.venv/bin/python" -P -m panel "$@"\n' "$root" >.venv/bin/captain-panel
    chmod +x .venv/bin/captain-panel
    .venv/bin/python -c 'import cv2, mss, PySide6.QtSql, PySide6.QtSvg, PySide6.QtWidgets'
}

# --- what is to be done

[ "$(uname -s)" = Linux ] || stop "make sets up Linux only. Here: python3 -m pip install -e '.[dev]', then captain-panel or pytest."

missing=$(missing_from_system)
if ! environment_fits; then
    missing+=$'\n'$(missing_from_python)
fi
missing=$(sed '/^$/d' <<<"$missing")
if [ -n "$missing" ]; then
    install "$missing"
    missing=$(missing_from_system)
    [ -z "$missing" ] || stop "Still missing after the installation:" "$missing"
fi

if ! environment_fits; then
    python=$(find_python)
    say "Making .venv with $python."
    "$python" -m venv --clear .venv
fi
lock=requirements.lock
if [ "$purpose" = test ]; then lock=.ci/dev.lock; fi
# .ci/dev.lock holds all of requirements.lock, so its stamp is good for everything
stamp="$(sha256sum requirements.lock .ci/*.lock .ci/bootstrap.sh) $root"
if [ "$(cat ".venv/set-up-${lock##*/}" 2>&1)" != "$stamp" ] && [ "$(cat .venv/set-up-dev.lock 2>&1)" != "$stamp" ]; then
    fill_environment "$lock"
    printf '%s' "$stamp" >".venv/set-up-${lock##*/}"
fi

if [ "$purpose" = run ] && no_display; then
    stop "Everything is installed, but there is no display to open the window on (DISPLAY is not set). Either" \
        "  - run 'make run' in a desktop session, or over 'ssh -X', or with DISPLAY=:0 for the screen of this machine;" \
        "  - or run 'make demo', which opens a virtual display of its own and leaves a screenshot."
fi
