# Shared by ops/demo, ops/test and ops/bench/run. Sourced by bash with `set -euo pipefail`; defines functions, does nothing.
# Everything it says goes to standard error: standard output belongs to the program that is run.

relais_root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)

# What the linker and the C parts of the packages want: SQLite for the event store, libcurl for mail and gateways, librdkafka for Kafka, zlib for the HTTP client,
# libc and libstdc++ headers for the bundled C and C++ sources, time zone data because J0 is a Paris day.
packages_build=(ca-certificates git libc6-dev libcurl4-openssl-dev librdkafka-dev libsqlite3-dev libstdc++-12-dev pkg-config tzdata zlib1g-dev)
# What the tests use beside: a mail server and a mailbox (Postfix, Dovecot), a client of Kafka (kcat), an independent Python, an independent SQLite, an independent
# reader of transparency logs in Go (sumdb/tlog), and a C compiler for the library that makes system calls fail.
packages_test=(dovecot-imapd dovecot-lmtpd gcc golang-go golang-golang-x-mod-dev kcat openssl postfix python3 python3-venv sqlite3)
# What the measuring floors are compiled with.
packages_bench=(gcc libssl-dev)

say() { printf '%s\n' "$*" >&2; }
die() { say "error: $*"; exit 69; }  # EX_UNAVAILABLE of sysexits

# needs PACKAGE…: installs those that are missing, and only those.
needs() {
    if ! command -v dpkg-query >/dev/null || ! command -v apt-get >/dev/null; then
        say "note: not a Debian system; the equivalents of these packages must be present: $*"
        return 0
    fi
    local package missing=() as_root=()
    for package in "$@"; do
        [[ $(dpkg-query -W -f '${db:Status-Status}' "$package" 2>/dev/null) == installed ]] || missing+=("$package")
    done
    ((${#missing[@]})) || return 0
    if ((EUID != 0)); then
        command -v sudo >/dev/null || die "missing system packages. As root, run: apt-get install --no-install-recommends ${missing[*]}"
        as_root=(sudo)
    fi
    say "Installing missing system packages: ${missing[*]}"
    # Package lists may be absent (a container) or stale (an old machine): refresh them once, only because something is missing.
    "${as_root[@]}" apt-get update -qq >&2 || say "note: the package lists could not be refreshed; trying with those at hand"
    # RUNLEVEL=1: no server starts because its package came, the tests start their own on loopback. Postfix is given no settings.
    if command -v debconf-set-selections >/dev/null; then
        echo "postfix postfix/main_mailer_type select No configuration" | "${as_root[@]}" debconf-set-selections
    fi
    "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive RUNLEVEL=1 apt-get install -y -qq --no-install-recommends "${missing[@]}" >&2 \
        || die "apt-get could not install: ${missing[*]}. Install them by hand and start again."
}

# needs_swift: the tool chain is the one thing that is not installed for the user.
needs_swift() {
    local line major minor
    command -v swift >/dev/null || die "no Swift tool chain on the PATH. Relais needs Swift 6.2 or newer: https://www.swift.org/install/linux/debian/"
    line=$(swift --version 2>/dev/null | grep -oE 'Swift version [0-9]+\.[0-9]+' | head -n 1) || true
    [[ $line =~ ([0-9]+)\.([0-9]+) ]] || die "'swift --version' does not say its version: the tool chain seems incomplete."
    major=${BASH_REMATCH[1]} minor=${BASH_REMATCH[2]}
    ((major > 6 || (major == 6 && minor >= 2))) \
        || die "Swift $major.$minor found, 6.2 or newer needed: https://www.swift.org/install/linux/debian/"
}

# needs_python: sets relais_python to the interpreter of an environment that holds ops/requirements.txt exactly.
# It lives outside the tree and is named after what it holds: another version of the file makes another environment.
needs_python() {
    local requirements=$relais_root/ops/requirements.txt cache=${XDG_CACHE_HOME:-$HOME/.cache}/relais digest venv
    digest=$({ python3 --version; cat "$requirements"; } | sha256sum | cut -c1-16)
    venv=$cache/venv-$digest
    mkdir -p "$cache"
    # Two runs may start together; the stamp tells a finished environment from one whose making was interrupted.
    exec {relais_venv_lock}>"$cache/venv.lock"
    flock "$relais_venv_lock"
    if [[ ! -e $venv/.complete ]]; then
        say "Making the Python environment of the checks: $venv"
        rm -rf -- "$venv"
        python3 -m venv "$venv" >&2 || die "python3 could not make a virtual environment; is python3-venv installed for this python3?"
        "$venv/bin/python" -m pip install --quiet --disable-pip-version-check --requirement "$requirements" >&2 \
            || die "pip could not install what ops/requirements.txt names. Is there a network, or a package index configured for pip?"
        touch "$venv/.complete"
    fi
    exec {relais_venv_lock}>&-
    relais_python=$venv/bin/python
}
