#!/bin/sh
# Builds the web client and copies it into the bucket of a stack deployed with HostPage=true: infra/publish_page.sh STACK
# REALTIME=true lets it listen to Supabase Realtime, too.
set -eu
cd "$(dirname "$0")/.."
stack=${1:?the name of the deployed stack}

output() {
    aws cloudformation describe-stacks --stack-name "$stack" --output text \
        --query "Stacks[0].Outputs[?OutputKey=='$1'].OutputValue"
}

bucket=$(output PageBucketName)
[ -n "$bucket" ] || { echo "The stack $stack hosts no page: deploy it with HostPage=true." >&2; exit 1; }
make -s web
printf '{"api_url": "%s", "supabase_url": "%s", "supabase_publishable_key": "%s", "realtime": %s}\n' \
    "$(output ApiUrl)" "$(output SupabaseUrl)" "$(output SupabasePublishableKey)" "${REALTIME:-false}" >clients/web/dist/config.json

# Names of assets have a hash of their content and can be kept for ever; the rest is asked for each time. Old assets
# stay: a page that is open may still want them.
aws s3 sync clients/web/dist/assets "s3://$bucket/assets" --cache-control "public, max-age=31536000, immutable"
aws s3 sync clients/web/dist "s3://$bucket" --exclude "assets/*" --cache-control no-cache --delete
output PageUrl
