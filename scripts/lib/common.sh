# shellcheck shell=bash
# Helpers that the other scripts source. Messages go to standard error, so that a
# function's standard output can be its answer.

say() { printf '%s: %s\n' "${0##*/}" "$*" >&2; }

die() {
    say "$*"
    exit 1
}

have() { command -v "$1" >/dev/null 2>&1; }

# Run a talkative command; show what it said only if it failed.
quietly() {
    local log status=0
    log=$(mktemp)
    "$@" >"$log" 2>&1 </dev/null || status=$?
    if [ "$status" -ne 0 ]; then
        cat "$log" >&2
    fi
    rm -f "$log"
    return "$status"
}

as_root() {
    if [ "$(id -u)" -eq 0 ]; then
        "$@"
    else
        sudo -n "$@"
    fi
}

# apt_install WHAT_NEEDS_THEM PACKAGE...
apt_install() {
    local why=$1
    shift
    if ! have apt-get; then
        die "$why needs $*, and there is no apt-get here." \
            "Install that with your system's package manager, then run this again."
    fi
    if [ "$(id -u)" -ne 0 ] && ! sudo -n true 2>/dev/null; then
        die "$why needs $*, and installing it takes root." \
            "Run 'sudo apt-get install $*', then run this again."
    fi
    say "installing $* with apt"
    # A list that one broken source keeps from being read is often good enough.
    quietly as_root apt-get update || true
    quietly as_root env DEBIAN_FRONTEND=noninteractive \
        apt-get install --yes --no-install-recommends "$@" \
        || die "apt could not install $* (see above). $why needs it."
}
