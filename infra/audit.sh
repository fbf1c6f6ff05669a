#!/bin/sh
# Looks for pinned packages with known vulnerabilities: `make audit`. Exits 1 when there is one.
# What cannot be looked up from here is printed as skipped: silence is no proof.
set -eu
cd "$(dirname "$0")/.."
PLACE=.tools/audit
REQUIREMENTS=infra/audit-requirements.txt
# Vulnerable, and known to be: a service that does not say so of it says nothing of the others either.
KNOWN="jinja2==2.11.2"

say() { printf '%s\n' "audit: $*" >&2; }
python_packages() { "$PLACE/bin/pip-audit" --progress-spinner off --no-deps --disable-pip "$@"; }

if [ "$(cksum <"$REQUIREMENTS")" != "$(cat "$PLACE/installed" 2>/dev/null)" ]; then
    say "installing pip-audit into $PLACE"
    "${PYTHON:-python3}" -m venv --clear "$PLACE"
    "$PLACE/bin/pip" install -q --disable-pip-version-check -r "$REQUIREMENTS"
    cksum <"$REQUIREMENTS" >"$PLACE/installed"
fi

scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
echo "$KNOWN" >"$scratch/known.txt"
failed=0
service=
for name in pypi osv; do
    if python_packages -s "$name" -r "$scratch/known.txt" 2>/dev/null | grep -q '^jinja2 *2.11.2 *[A-Z]*-'; then
        service=$name
        break
    fi
done
if [ -n "$service" ]; then
    for file in layers/dependencies/requirements.txt requirements.txt infra/sam-requirements.txt; do
        say "$file"
        # A file that is included is a line of its own in the list above.
        grep -v '^-r' "$file" >"$scratch/pins.txt"
        python_packages -s "$service" -r "$scratch/pins.txt" || failed=1
    done
else
    say "skipped: Python packages, no service for vulnerabilities is reachable from here"
fi

# npm exits 1 for both: the answer of a service that works has a list, however short.
for folder in infra/local clients/web; do
    npm --prefix "$folder" audit --json >"$scratch/npm.json" 2>/dev/null || :
    if grep -q '"vulnerabilities"' "$scratch/npm.json"; then
        npm --prefix "$folder" audit || failed=1
    else
        say "skipped: npm packages of $folder, no service for vulnerabilities is reachable from here"
    fi
done
exit "$failed"
