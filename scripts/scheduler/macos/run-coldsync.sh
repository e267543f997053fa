#!/bin/sh
# run-coldsync.sh - run coldsync once the way an agent runs it, and show what it
# says.
#
#   run-coldsync.sh [COMMAND [OPTION...]]      (default: doctor)
#
# macOS keeps agents from folders the Terminal may see (Desktop, Documents,
# cloud storage). What fails here and works in the Terminal needs Full Disk
# Access for coldsync: System Settings, Privacy & Security.
set -eu
here=$(dirname "$0")
# shellcheck source=scripts/scheduler/macos/launchd.config.sh
. "$here/launchd.config.sh"

[ $# -gt 0 ] || set -- doctor
[ -z "$PROFILE" ] || set -- -p "$PROFILE" "$@"
program=$(command -v "$COLDSYNC") || {
	echo "run-coldsync: there is no program '$COLDSYNC'" >&2
	exit 1
}
label="coldsync-once-$$"
work=$(mktemp -d)
trap 'launchctl remove "$label" 2>/dev/null || :; rm -rf "$work"' EXIT

# The job leaves its exit code when it is done; launchd itself does not wait.
# shellcheck disable=SC2016
launchctl submit -l "$label" -- /bin/sh -c \
	'out=$1; shift; code=0; "$@" >"$out/said" 2>&1 || code=$?
	echo "$code" >"$out/code.new"; mv "$out/code.new" "$out/code"
	while :; do sleep 5; done' sh "$work" "$program" "$@"
waited=0
while [ ! -e "$work/code" ]; do
	[ $waited -lt 600 ] || {
		echo "run-coldsync: no answer in ten minutes" >&2
		exit 1
	}
	waited=$((waited + 1))
	sleep 1
done
cat "$work/said"
exit "$(cat "$work/code")"
