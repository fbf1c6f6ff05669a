#!/bin/sh
# Usage: infra/deploy.sh ENV [x86_64|arm64]
# Brings what is checked out to an environment of samconfig.toml, in the one order that is safe: the database first, since
# migrations only add, then the code, then a look from outside. Every step may be repeated.
#
#   SUPABASE_DB_URL                  the database's URL for migrations; without it the project that `supabase link` chose
#   SMOKE_EMAIL, SMOKE_PASSWORD      a user of that project for whom a short game is analysed; without them only
#                                    /health/ready is asked, and that is said
#   YES=1                            ask nothing (for CI)
set -eu
cd "$(dirname "$0")/.."
environment=${1:-}
architecture=${2:-x86_64}
SUPABASE_CLI=supabase@3.1.0
sam=.tools/sam/bin/sam
python=.venv/bin/python
export SAM_CLI_TELEMETRY=0
yes=
[ "${YES:-}" != 1 ] || yes=yes

say() { printf '%s\n' "deploy: $*" >&2; }

if [ -z "$environment" ] || ! grep -q "^\[$environment\.deploy\.parameters\]" samconfig.toml; then
    say "say which environment: make deploy ENV=name, with a section [name.deploy.parameters] in samconfig.toml"
    say "(docs/deploying.md, 'Deploy', says what writes one)"
    exit 2
fi
# A stack made of files that nobody can find again cannot be rolled back to.
if [ -n "$(git status --porcelain 2>/dev/null)" ] && [ -z "$yes" ]; then
    say "there are changes that are not committed: commit them first, so that this can be found again"
    exit 2
fi

say "checking"
make -s check
say "building for $architecture"
sh infra/build.sh "$architecture"

say "migrating the database"
# Without --remote it would be the database of `supabase start` on this machine.
remote="--remote${SUPABASE_DB_URL:+=$SUPABASE_DB_URL}"
if ! npx --yes "$SUPABASE_CLI" db push --workdir infra "$remote" ${yes:+--yes}; then
    say "the migrations failed; no code was deployed"
    say "if migrations are 'not found in local migrations directory', this checkout is older than the database: do not"
    say "repair its history, but follow 'Roll back' in docs/operations.md"
    exit 1
fi

say "deploying (a new API version takes a few minutes: requests move to it while alarms are looked at)"
$sam deploy --config-env "$environment" ${yes:+--no-confirm-changeset} --no-fail-on-empty-changeset

stack=$($python infra/stack_outputs.py --name "$environment")
outputs=$($sam list stack-outputs --config-env "$environment" --stack-name "$stack" --output json)
printf '%s' "$outputs" | $python infra/stack_outputs.py

say "looking from outside"
printf '%s' "$outputs" | $python infra/smoke_test.py
