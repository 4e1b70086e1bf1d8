#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# Tries the DEB in dist/ as an administrator and a person would: lintian, install, version, doctor, window, remove.
# As root (or with sudo that asks nothing) it is really installed; else, or when the package is installed already, it goes
# into a throw-away root folder.
set -euo pipefail
cd "$(dirname "$0")/../.."
deb=$(ls "$PWD"/dist/tramontane_*.deb)
work=$(mktemp -d)
root=$work/root
window=0
really_installed=0

finish() {
    [ "$window" = 0 ] || kill "$window" 2>/dev/null || true
    [ "$really_installed" = 0 ] || as_root apt-get purge -qy tramontane >/dev/null
    rm -rf "$work"
}
trap finish EXIT

fail() { echo "deb: $*" >&2; exit 1; }
pass() { echo "deb: ok: $*"; }
as_root() { if [ "$(id -u)" = 0 ]; then "$@"; else sudo -n "$@"; fi; }
may_be_root() { [ "$(id -u)" = 0 ] || sudo -n true 2>/dev/null; }
is_installed() { [ "$(dpkg-query -W -f '${db:Status-Status}' tramontane 2>/dev/null)" = installed ]; }

check_quality() {
    lintian --fail-on error "$deb" || fail "lintian found errors"
    pass "lintian: no errors"
    dpkg-deb --info "$deb" | grep -q "Version: $(python3 -c 'import sys; sys.path.insert(0, "packaging/deb"); import changelog; print(changelog.project_version())')" \
        || fail "the version is not the one of CMakeLists.txt"
}

# What only test builds may have, and what would tell about the builder's machine.
check_contents() {
    dpkg-deb -x "$deb" "$work/contents"
    local file
    while read -r file; do
        if LC_ALL=C grep -aqF "$PWD" "$file"; then fail "${file#"$work"/contents} holds the path of this checkout"; fi
        if LC_ALL=C grep -aqE 'TRAMONTANE_(TEST|BENCH|POLICY|CLOCK|FAULT)_?[A-Z_]*' "$file"; then
            fail "${file#"$work"/contents} holds a test hook"
        fi
    done < <(find "$work/contents" -type f \( -perm -100 -o -name '*.so*' \))
    pass "no test hooks and no paths of this machine"
}

install_package() {
    if may_be_root && ! is_installed; then
        as_root env DEBIAN_FRONTEND=noninteractive apt-get install -qy --no-install-recommends "$deb" >"$work/apt.log" 2>&1 \
            || { tail -n 20 "$work/apt.log" >&2; fail "apt-get install failed"; }
        really_installed=1
        root=
        pass "installed by apt-get"
    else
        mkdir -p "$root/var/lib/dpkg/info" "$root/var/lib/dpkg/updates"
        : >"$root/var/lib/dpkg/status"
        dpkg --root="$root" --force-not-root --force-depends --log="$work/dpkg.log" -i "$deb" >/dev/null 2>&1 \
            || fail "dpkg --root failed"
        pass "installed into a throw-away root"
    fi
}

check_command_line() {
    local ctl=$root/usr/bin/tramontanectl version
    version=$("$ctl" --version) || fail "tramontanectl --version failed"
    pass "tramontanectl --version: $version"
    HOME=$work/home "$ctl" --json doctor >"$work/doctor.json" || fail "tramontanectl doctor failed"
    python3 -m json.tool "$work/doctor.json" >/dev/null || fail "doctor --json is not JSON"
    pass "doctor: $(head -c 200 "$work/doctor.json" | tr '\n' ' ')"
}

# A window of the right name is on the display and is still there two seconds later.
check_window() {
    local display=:$((90 + RANDOM % 400)) seen=0 _
    Xvfb "$display" -screen 0 1280x800x24 -nolisten tcp >/dev/null 2>&1 &
    local server=$!
    for _ in $(seq 50); do DISPLAY=$display xwininfo -root >/dev/null 2>&1 && break; sleep 0.1; done
    env -u WAYLAND_DISPLAY DISPLAY="$display" HOME="$work/home" XDG_RUNTIME_DIR="$work/run" QT_QPA_PLATFORM=xcb \
        "$root/usr/bin/tramontane" >"$work/window.log" 2>&1 &
    window=$!
    for _ in $(seq 150); do
        kill -0 "$window" 2>/dev/null || break
        if DISPLAY=$display xwininfo -root -tree 2>/dev/null | grep -qi '"[^"]*tramontane[^"]*"'; then seen=1; break; fi
        sleep 0.1
    done
    sleep 2
    if ! kill -0 "$window" 2>/dev/null; then seen=0; fi
    kill "$window" 2>/dev/null || true
    wait "$window" 2>/dev/null || true
    window=0
    kill "$server"
    wait "$server" 2>/dev/null || true
    [ "$seen" = 1 ] || { tail -n 20 "$work/window.log" >&2; fail "no window was seen"; }
    pass "the window was seen and stayed"
}

remove_package() {
    [ "$really_installed" = 1 ] || return 0
    as_root apt-get purge -qy tramontane >/dev/null 2>&1 || fail "apt-get purge failed"
    really_installed=0
    local left
    left=$(dpkg-deb -c "$deb" | awk '$1 ~ /^-/ { print substr($6, 2) }' | while read -r file; do [ ! -e "$file" ] || echo "$file"; done)
    [ -z "$left" ] || fail "left behind: $left"
    pass "removed without a trace"
}

mkdir -p "$work/home" "$work/run"
chmod 700 "$work/run"
check_quality
check_contents
install_package
check_command_line
check_window
remove_package
