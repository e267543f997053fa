#!/bin/sh
# install-launchd.sh - a dry run to see, then the agent of launchd.config.sh.
#
#   install-launchd.sh [CONFIG.sh]
#
# Running it again replaces what it installed before.
set -eu
here=$(dirname "$0")
config=${1:-$here/launchd.config.sh}
# Without a slash it would be looked for in PATH.
case $config in
*/*) ;;
*) config=./$config ;;
esac
# shellcheck source=scripts/scheduler/macos/launchd.config.sh
. "$config"

die() {
	echo "install-launchd: $*" >&2
	exit 1
}

command -v "$COLDSYNC" >/dev/null 2>&1 ||
	die "there is no program '$COLDSYNC'; set COLDSYNC in launchd.config.sh"
case $MODE in
dry-run | apply) ;;
*) die "MODE is '$MODE'; it may be dry-run or apply" ;;
esac

# The options common to both steps.
set --
[ -z "$PROFILE" ] || set -- -p "$PROFILE"

echo "This is what a sync would do now:"
code=0
"$COLDSYNC" "$@" sync --dry-run || code=$?
case $code in
0) ;;
2) echo "Conflicts wait for you; the agent leaves them as they are." ;;
3) echo "The application is running; the agent does nothing while it is." ;;
*) die "nothing was installed: see to the above first" ;;
esac

set -- "$@" --using launchd
# WHEN is an option and its value: two words.
# shellcheck disable=SC2086
"$COLDSYNC" schedule install "$@" $WHEN --mode "$MODE"
