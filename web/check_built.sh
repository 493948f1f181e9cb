#!/bin/sh
# Fails when engine/static is not what these sources build.
set -eu
cd "$(dirname "$0")"
fresh=$(mktemp -d)
trap 'rm -rf "$fresh"' EXIT
node build.mjs "$fresh"
if ! diff -rq "$fresh" ../engine/static; then
  echo "engine/static is not what web/ builds: run 'npm ci && npm run build' in web/ and commit the result" >&2
  exit 1
fi
echo "engine/static is current"
