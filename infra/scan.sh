#!/bin/sh
# Scans template.yaml for what cfn-lint and checkov know to be wrong or careless: `make scan`.
# scan.sh --if-installed, as `make check` calls it, says that checkov is skipped where `make scan` never ran.
# What is accepted stands with its reason in infra/checkov.yaml and infra/cfnlintrc.yaml.
set -eu
cd "$(dirname "$0")/.."
PLACE=.tools/scan
REQUIREMENTS=infra/scan-requirements.txt

say() { printf '%s\n' "scan: $*" >&2; }
is_installed() { [ "$(cksum <"$REQUIREMENTS")" = "$(cat "$PLACE/installed" 2>/dev/null)" ]; }

# cfn-lint comes with the SAM CLI, whose own `validate --lint` stops at errors and warnings.
.tools/sam/bin/cfn-lint --config-file infra/cfnlintrc.yaml
if ! is_installed; then
    if [ "${1:-}" = --if-installed ]; then
        say "skipped: checkov is not installed; \`make scan\` installs it, which takes minutes"
        exit 0
    fi
    say "installing checkov into $PLACE"
    "${PYTHON:-python3}" -m venv --clear "$PLACE"
    "$PLACE/bin/pip" install -q --disable-pip-version-check -r "$REQUIREMENTS"
    cksum <"$REQUIREMENTS" >"$PLACE/installed"
fi
"$PLACE/bin/checkov" --config-file infra/checkov.yaml
