#!/bin/sh
# Scans the templates for what checkov knows to be careless: `make scan`.
# What is accepted stands with its reason in infra/checkov.yaml.
set -eu
cd "$(dirname "$0")/.."
PLACE=.tools/scan
REQUIREMENTS=infra/scan-requirements.txt

say() { printf '%s\n' "scan: $*" >&2; }

if [ "$(cksum <"$REQUIREMENTS")" != "$(cat "$PLACE/installed" 2>/dev/null)" ]; then
    say "installing checkov into $PLACE"
    "${PYTHON:-python3}" -m venv --clear "$PLACE"
    "$PLACE/bin/pip" install -q --disable-pip-version-check -r "$REQUIREMENTS"
    cksum <"$REQUIREMENTS" >"$PLACE/installed"
fi
"$PLACE/bin/checkov" --config-file infra/checkov.yaml
