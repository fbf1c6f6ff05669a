#!/bin/sh
# Installs what the project's commands need into the project's own folder; a second run does nothing.
# On Debian (as root) it also installs missing system packages. Needs: python3 (3.11 to 3.13), node and npm.
set -eu
cd "$(dirname "$0")/.."
PYTHON="${PYTHON:-python3}"

say() { printf '%s\n' "setup: $*" >&2; }

apt_install() {
    if ! command -v apt-get >/dev/null || [ "$(id -u)" != 0 ]; then
        say "please install these packages with your system's package manager, then run again: $*"
        exit 1
    fi
    say "installing $*"
    export DEBIAN_FRONTEND=noninteractive
    apt-get install -y -qq --no-install-recommends "$@" >/dev/null 2>&1 ||
        { apt-get update -qq >/dev/null && apt-get install -y -qq --no-install-recommends "$@" >/dev/null; }
}

# once NAME FILE…: true when the files have changed since `done_with NAME FILE…`
once() { name=$1; shift; [ "$(cat "$@" | cksum)" != "$(cat ".tools/$name.done" 2>/dev/null)" ]; }
done_with() { name=$1; shift; cat "$@" | cksum >".tools/$name.done"; }

command -v "$PYTHON" >/dev/null || apt_install python3 python3-venv
"$PYTHON" -c 'import sys; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 13))' ||
    { say "$PYTHON must be Python 3.11 to 3.13; set PYTHON to another"; exit 1; }
"$PYTHON" -c 'import ensurepip' 2>/dev/null || apt_install python3-venv
command -v npm >/dev/null || apt_install nodejs npm
node -e 'process.exit(parseInt(process.versions.node) < 20 ? 1 : 0)' ||
    { say "node 20 or later is needed, this is $(node --version)"; exit 1; }
mkdir -p .tools

install_python() {
    say "installing Python packages into .venv"
    "$PYTHON" -m venv .venv
    .venv/bin/pip install -q --disable-pip-version-check -r requirements.txt
    .venv/bin/pip install -q --disable-pip-version-check --no-deps -e .
    done_with python requirements.txt layers/dependencies/requirements.txt pyproject.toml
}

# SAM's own pins clash with current versions of ours, hence a place of its own.
install_sam() {
    say "installing the SAM CLI into .tools/sam"
    "$PYTHON" -m venv .tools/sam
    .tools/sam/bin/pip install -q --disable-pip-version-check -r infra/sam-requirements.txt
    done_with sam infra/sam-requirements.txt
}

install_npm() {
    say "installing the local Supabase into infra/local/node_modules"
    npm --prefix infra/local ci --silent --no-audit --no-fund
    done_with npm infra/local/package-lock.json
}

# All at once: they mostly wait for the network.
jobs=
if [ ! -x .venv/bin/python ] || once python requirements.txt layers/dependencies/requirements.txt pyproject.toml; then
    install_python & jobs="$jobs $!"
fi
if [ ! -x .tools/sam/bin/sam ] || once sam infra/sam-requirements.txt; then
    install_sam & jobs="$jobs $!"
fi
if [ ! -d infra/local/node_modules/@supabase/lite ] || once npm infra/local/package-lock.json; then
    install_npm & jobs="$jobs $!"
fi
if [ ! -x .tools/stockfish/bin/stockfish ] && ! command -v stockfish >/dev/null && [ ! -x /usr/games/stockfish ]; then
    apt_install stockfish & jobs="$jobs $!"
fi
failed=
for job in $jobs; do wait "$job" || failed=yes; done
if [ -n "$failed" ]; then
    say "something could not be installed; what it says is above"
    exit 1
fi
