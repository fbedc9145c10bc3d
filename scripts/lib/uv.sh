# shellcheck shell=bash
# uv, which makes .venv, fills it and writes the lock file. Needs common.sh and $TOOLS.

# Trust the certificates that the system trusts, as pip and apt do.
export UV_SYSTEM_CERTS=${UV_SYSTEM_CERTS:-1}

# Print the uv on PATH, or else a private one.
find_or_install_uv() {
    if have uv; then
        command -v uv
        return
    fi
    if ! "$TOOLS/uv/bin/uv" --version >/dev/null 2>&1; then
        install_uv
    fi
    printf '%s\n' "$TOOLS/uv/bin/uv"
}

install_uv() {
    say "installing uv in .tools"
    # Debian's python3 has no venv module until python3-venv is there.
    if ! python3 -c 'import ensurepip, venv' 2>/dev/null; then
        apt_install "Installing uv" python3 python3-venv
    fi
    rm -rf "$TOOLS/uv"
    quietly python3 -m venv "$TOOLS/uv" && quietly "$TOOLS/uv/bin/python" -m pip install uv \
        || die "uv could not be installed (see above): is there a network?" \
            "Or install it yourself, https://docs.astral.sh/uv/ says how, then run this again."
}
