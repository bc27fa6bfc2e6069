#!/bin/sh
# Fetches the peers by lockfile, and a recent Node when the machine's is too old
# for them. Does nothing when they are there already.
set -eu
cd "$(dirname "$0")"
stamp=$(cat package-lock.json runtime/package-lock.json | cksum)
if [ "$(cat node_modules/.stamp 2>/dev/null)" = "$stamp" ]; then exit 0; fi
echo "fetching the npm programs that tests run against (once)…"
npm ci --silent
major=$(node -p 'process.versions.node.split(".")[0]')
if [ "$major" -lt 20 ]; then
	echo "fetching Node 22 (this machine has $major)…"
	(cd runtime && npm ci --silent)
fi
echo "$stamp" >node_modules/.stamp
