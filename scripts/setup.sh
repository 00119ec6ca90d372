#!/usr/bin/env bash
# Checks what building and running need, and installs what is missing (apt, when root on Debian or Ubuntu)
# or names it exactly. `setup.sh tests` also asks for what only the tests need. Changes nothing twice.
set -euo pipefail
# shellcheck source=scripts/lib.sh
. "$(dirname "$0")/lib.sh"

packages=()
missing=()

# need PACKAGE WHAT TEST…: if the test fails, the Debian package brings it.
need() {
    local package="$1" what="$2"
    shift 2
    if ! "$@" >/dev/null 2>&1; then
        packages+=("$package")
        missing+=("$what")
    fi
}

has_venv() { python3 -c 'import venv, ensurepip'; }
has_postgres() { have initdb || compgen -G '/usr/lib/postgresql/*/bin/initdb'; }
has_pgbouncer() { have pgbouncer || [[ -x /usr/sbin/pgbouncer ]]; }
has_slapd() { have slapd || [[ -x /usr/sbin/slapd ]]; }
has_rsyslog() { have rsyslogd || [[ -x /usr/sbin/rsyslogd ]]; }
has_rsyslog_tls() { compgen -G '/usr/lib/*/rsyslog/lmnsd_gtls.so' || compgen -G '/usr/lib*/rsyslog/lmnsd_gtls.so'; }
has_softhsm() { have softhsm2-util && compgen -G '/usr/lib*/softhsm/libsofthsm2.so'; }
has_chromium() { have "${CHROMIUM:-chromium}" || have chromium-browser || have google-chrome; }

# Rust and Node come from their own installers, never from a distribution that is years behind.
have cargo || die "cargo is missing: install Rust with rustup (https://rustup.rs), then run this again"
cargo --version >/dev/null || die "cargo does not start: 'rustup toolchain install' in this directory installs the toolchain of rust-toolchain.toml"
have node || die "node is missing: install Node.js 20 or newer (https://nodejs.org), then run this again"
have npm || die "npm is missing: it comes with Node.js 20 or newer (https://nodejs.org)"
node -e 'process.exit(parseInt(process.versions.node) >= 20 ? 0 : 1)' ||
    die "node $(node --version) is too old: version 20 or newer is needed (https://nodejs.org)"

need build-essential "a C compiler" have cc
need build-essential "a C++ compiler" have c++
need make "make" have make
need pkg-config "pkg-config" have pkg-config
need python3 "Python 3" have python3
need python3-venv "Python's venv module" has_venv
if [[ "${1:-}" == tests ]]; then
    need postgresql "PostgreSQL (the store's second database)" has_postgres
    need pgbouncer "PgBouncer (a pooler before PostgreSQL)" has_pgbouncer
    need slapd "OpenLDAP's server (the directory of the sign-in tests)" has_slapd
    need rsyslog "rsyslog (the syslog receiver of the audit sinks' tests)" has_rsyslog
    need rsyslog-gnutls "rsyslog's TLS" has_rsyslog_tls
    need softhsm2 "SoftHSM (the token of the key tests)" has_softhsm
    need strace "strace (stands in for a bad disk)" have strace
    need faketime "libfaketime (stands in for a clock set back)" have faketime
    need chromium "Chromium (the browser test)" has_chromium
fi

if ((${#packages[@]})); then
    command="apt-get install --yes --no-install-recommends $(printf '%s\n' "${packages[@]}" | sort -u | tr '\n' ' ')"
    list="$(printf '%s, ' "${missing[@]}")"
    if [[ "$(id -u)" == 0 ]] && have apt-get; then
        say "missing: ${list%, }"
        export DEBIAN_FRONTEND=noninteractive
        # Only the program is wanted: without this the package sets up and starts a directory of its own.
        if [[ " ${packages[*]} " == *" slapd "* ]] && have debconf-set-selections; then
            echo 'slapd slapd/no_configuration boolean true' | debconf-set-selections
        fi
        long "apt-get update" apt-get update --quiet
        # shellcheck disable=SC2086 # a list of words on purpose
        long "installing with apt" $command
    else
        die "missing: ${list%, }. As root on Debian or Ubuntu: $command"
    fi
fi
say "set-up complete: $(cargo --version | cut -d' ' -f1,2), node $(node --version), $(python3 --version)"
