#!/usr/bin/env bash
# Gives a checkout everything it needs, and does nothing when that is there:
#   bootstrap.sh run    the program          (Qt's system libraries, .venv with requirements.lock)
#   bootstrap.sh demo   the same, and a virtual display where there is none
#   bootstrap.sh test   the same, and all that the tests and checks use (.venv with .ci/dev.lock)
# PYTHON=… chooses the interpreter. Exit 3: something is missing that this user may not install.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
root=$PWD
purpose=${1:?run, demo or test}
export LC_ALL=C.UTF-8

say() { printf '%s\n' "$@" >&2; }
stop() { say "$@"; exit 3; }
has() { command -v "$1" >/dev/null 2>&1; }

# What the system has to provide: "what to look for|Debian's package", alternatives separated by spaces
# (the first package that the package lists hold is taken, or the last one).
libraries='
libEGL.so.1|libegl1
libGL.so.1|libgl1
libX11.so.6|libx11-6
libX11-xcb.so.1|libx11-xcb1
libXext.so.6|libxext6
libXfixes.so.3|libxfixes3
libXrandr.so.2|libxrandr2
libdbus-1.so.3|libdbus-1-3
libfontconfig.so.1|libfontconfig1
libfreetype.so.6|libfreetype6
libglib-2.0.so.0|libglib2.0-0t64 libglib2.0-0
libxcb-cursor.so.0|libxcb-cursor0
libxcb-icccm.so.4|libxcb-icccm4
libxcb-image.so.0|libxcb-image0
libxcb-keysyms.so.1|libxcb-keysyms1
libxcb-randr.so.0|libxcb-randr0
libxcb-render-util.so.0|libxcb-render-util0
libxcb-shape.so.0|libxcb-shape0
libxcb-shm.so.0|libxcb-shm0
libxcb-sync.so.1|libxcb-sync1
libxcb-xfixes.so.0|libxcb-xfixes0
libxcb-xkb.so.1|libxcb-xkb1
libxkbcommon.so.0|libxkbcommon0
libxkbcommon-x11.so.0|libxkbcommon-x11-0
'
fonts='
DejaVuSans.ttf|fonts-dejavu-core
NotoColorEmoji.ttf|fonts-noto-color-emoji
'
display_programs='
Xvfb|xvfb
openbox|openbox
'
test_programs="$display_programs"'
chromium chromium-browser google-chrome|chromium-browser chromium
convert magick|imagemagick
xauth|xauth
xprop|x11-utils
xrandr|x11-xserver-utils
xterm|xterm
'

no_display() { [ -z "${DISPLAY:-}${WAYLAND_DISPLAY:-}" ]; }

# Each thing that is missing, as its line from the lists above.
missing_from_system() {
    local line names name found cache
    cache=$(PATH=$PATH:/usr/sbin:/sbin ldconfig -p)
    while IFS= read -r line; do
        [ -z "$line" ] || case $cache in *"	${line%%|*} "*) ;; *) printf '%s\n' "$line" ;; esac
    done <<<"$libraries"
    case $purpose in
    demo) if no_display; then names=$display_programs; fi ;;
    test) names=$test_programs ;;
    esac
    [ -n "${names:-}" ] || return 0
    while IFS= read -r line; do
        found=no
        for name in ${line%%|*}; do if has "$name"; then found=yes; fi; done
        [ -z "$line" ] || [ $found = yes ] || printf '%s\n' "$line"
    done <<<"$names"
    while IFS= read -r line; do
        [ -z "$line" ] || [ -n "$(find -L /usr/share/fonts /usr/local/share/fonts -name "${line%%|*}" -print -quit 2>/dev/null)" ] ||
            printf '%s\n' "$line"
    done <<<"$fonts"
}

# Prints the command's prefix that may install packages, or fails.
privilege() {
    if [ "$(id -u)" = 0 ]; then
        echo env
    elif has sudo && sudo -n true 2>/dev/null; then
        echo sudo -n env
    else
        return 1
    fi
}

# Installs packages from lines "what to look for|alternatives …", or stops with the command that would.
install_lines() {
    local lines=$1 packages=() line name prefix known=no
    has apt-get || stop "This system lacks, and make cannot install here:" "$(sed 's/|/   (on Debian: package /; s/$/)/; s/^/  /' <<<"$lines")" \
        "Install them with the system's package manager, then run make again."
    if prefix=$(privilege); then
        say "Updating the package lists."
        # shellcheck disable=SC2086 # the prefix is words
        $prefix DEBIAN_FRONTEND=noninteractive apt-get -qq update
        known=yes
    fi
    while IFS= read -r line; do
        for name in ${line#*|}; do
            if [ -n "$(apt-cache show --no-all-versions "$name" 2>/dev/null)" ]; then break; fi
        done
        packages+=("$name")
    done <<<"$lines"
    mapfile -t packages < <(printf '%s\n' "${packages[@]}" | sort -u)
    local command="apt-get install --yes --no-install-recommends ${packages[*]}"
    local by_hand="sudo sh -c"
    has sudo || by_hand="su -c"
    [ $known = yes ] || stop "System packages are missing, and this user may not install them. Run this, then make again:" \
        "" "  $by_hand 'apt-get update && $command'" ""
    say "Installing system packages: ${packages[*]}"
    # shellcheck disable=SC2086
    $prefix DEBIAN_FRONTEND=noninteractive $command -qq -o Dpkg::Use-Pty=0 </dev/null >&2
}

# A Python from 3.11 to 3.13 that really runs (version managers leave shims that do not).
in_range() { "$1" -c 'import sys; sys.exit(not (3, 11) <= sys.version_info < (3, 14))' >/dev/null 2>&1; }
find_python() {
    local name
    for name in ${PYTHON:-python3 python3.13 python3.12 python3.11 /usr/bin/python3}; do
        if in_range "$name"; then
            "$name" -c 'import sys; print(sys.executable)'
            return
        fi
    done
    return 1
}

missing_from_python() {
    local python version
    if python=$(find_python); then
        version=$("$python" -c 'import sys; print("%d.%d" % sys.version_info[:2])')
        "$python" -c 'import ensurepip, venv' 2>/dev/null || echo "venv of $python|python$version-venv"
    else
        printf '%s\n' 'python3|python3' 'venv|python3-venv'
    fi
}

# The environment runs, and its scripts name this folder (it was not moved).
environment_fits() { in_range .venv/bin/python && grep -qsF "$root/.venv/" .venv/bin/pip; }

install_python_packages() { # LOCK
    local python pip=(.venv/bin/python -m pip --disable-pip-version-check -qq install)
    if ! environment_fits; then
        python=$(find_python) || stop "No Python from 3.11 to 3.13 was found. Install one, or name it: make PYTHON=/path/to/python3.12"
        say "Making .venv with $python."
        "$python" -m venv --clear .venv
    fi
    say "Installing the Python packages of $1 (a minute or so)."
    rm -f .venv/set-up-*
    "${pip[@]}" --require-hashes -r .ci/build.lock
    "${pip[@]}" --require-hashes --no-build-isolation -r "$1"
    # the checkout itself: importable from anywhere, and its command
    printf '%s\n' "$root" >"$(.venv/bin/python -c 'import sysconfig; print(sysconfig.get_path("purelib"))')/captain-panel.pth"
    printf '#!/bin/sh\nexec "%s/.venv/bin/python" -P -m panel "$@"\n' "$root" >.venv/bin/captain-panel
    chmod +x .venv/bin/captain-panel
    .venv/bin/python -c 'import cv2, mss, PySide6.QtSql, PySide6.QtSvg, PySide6.QtWidgets'
}

missing=$(missing_from_system)
case $purpose in
test) lock=.ci/dev.lock ;;
*) lock=requirements.lock ;;
esac
stamp="$(sha256sum requirements.lock .ci/*.lock .ci/bootstrap.sh) $root"
installed() { # .ci/dev.lock holds all of requirements.lock
    local name
    for name in "$lock" .ci/dev.lock; do
        if [ "$(cat ".venv/set-up-${name##*/}" 2>/dev/null)" = "$stamp" ]; then return; fi
    done
    return 1
}
complete=no
if environment_fits; then
    if installed; then complete=yes; fi
else
    missing=$(printf '%s\n' "$(missing_from_python)" "$missing" | sed '/^$/d')
fi

if [ -n "$missing" ]; then
    install_lines "$missing"
    missing=$(missing_from_system)
    [ -z "$missing" ] || stop "Still missing after the installation:" "$missing"
fi
if [ $complete = no ]; then
    install_python_packages "$lock"
    printf '%s' "$stamp" >".venv/set-up-${lock##*/}"
fi
if [ "$purpose" = run ] && no_display; then
    stop "Everything is installed, but there is no display to open the window on (DISPLAY is not set). Either" \
        "  - run 'make run' in a desktop session, or over 'ssh -X', or with DISPLAY=:0 for the screen of this machine;" \
        "  - or run 'make demo', which opens a virtual display of its own and leaves a screenshot."
fi
