#!/bin/sh
# Usage: infra/lock.sh [--upgrade | --upgrade-package NAME]
# Writes layers/dependencies/requirements.txt from requirements.in: every package the functions import, pinned.
set -eu
cd "$(dirname "$0")/.."
tools=.tools/pip-tools
[ -x $tools/bin/pip-compile ] || {
    "${PYTHON:-python3}" -m venv $tools
    $tools/bin/pip install -q --disable-pip-version-check pip-tools==7.6.2
}
# Without the index's address: that is the machine's affair. tests/integration/test_packaging.py checks that the
# pins also fit Lambda's Python and both architectures, whatever Python resolved them here.
$tools/bin/pip-compile -q --strip-extras --no-header --no-emit-index-url --no-emit-find-links --no-emit-trusted-host \
    --annotation-style line "$@" --output-file layers/dependencies/requirements.txt layers/dependencies/requirements.in
