#!/bin/sh
# Installs what the web client needs into its own folder; a second run does nothing. `sh infra/web.sh browser` also
# sees to a Chromium for its end-to-end tests. Apart from setup.sh, so that only those pay who want the page.
set -eu
cd "$(dirname "$0")/../clients/web"

installed=node_modules/.installed
if [ "$(cksum <package-lock.json)" != "$(cat $installed 2>/dev/null)" ]; then
    echo "setup: installing the web client's packages into clients/web/node_modules" >&2
    # The packages ask for a newer node than Debian's, though the page's tools run on 20: no word about that.
    npm ci --silent --no-audit --no-fund
    cksum <package-lock.json >$installed
fi

if [ "${1:-}" = browser ] && ! command -v chromium >/dev/null; then
    if ! command -v apt-get >/dev/null || [ "$(id -u)" != 0 ]; then
        echo "setup: please install chromium with your system's package manager, then run again" >&2
        exit 1
    fi
    echo "setup: installing chromium" >&2
    export DEBIAN_FRONTEND=noninteractive
    apt-get install -y -qq --no-install-recommends chromium >/dev/null 2>&1 ||
        { apt-get update -qq >/dev/null && apt-get install -y -qq --no-install-recommends chromium >/dev/null; }
fi
