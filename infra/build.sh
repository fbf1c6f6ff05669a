#!/bin/sh
# Usage: infra/build.sh [x86_64|arm64] [FOLDER]
# Builds everything that is deployed, for one architecture (default x86_64), into FOLDER (default .aws-sam/build),
# and, unless FOLDER is given, says how large it is. Needs only the machine's own Python 3; the layers' own scripts
# install what else they need.
set -eu
cd "$(dirname "$0")/.."
architecture=${1:-x86_64}
folder=${2:-.aws-sam/build}
sam=.tools/sam/bin/sam
[ -x $sam ] || sam=sam # where it is installed for the whole machine

SAM_CLI_TELEMETRY=0 $sam build --parallel --build-dir "$folder" --parameter-overrides "Architecture=$architecture"
# The built template deploys for what it was built for, and refuses anything else.
sed -i "/^  Architecture:/,/^  [A-Z]/{s/Default: .*/Default: $architecture/;/^ *- /{/- $architecture\$/!d}}" \
    "$folder/template.yaml"
# A deployed stack says in its description which commit it is.
commit=$(git describe --always --dirty --abbrev=12 --exclude '*' 2>/dev/null || echo unknown)
sed -i "s/^Description: .*/Description: \"Knight Vision, serverless chess game analysis ($commit)\"/" "$folder/template.yaml"
[ $# -gt 1 ] || python3 infra/report_sizes.py "$folder"
