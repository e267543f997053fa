#!/bin/sh
# remove-timer.sh - take away what install-timer.sh installed.
#
#   remove-timer.sh [CONFIG.sh]
set -eu
here=$(dirname "$0")
config=${1:-$here/timer.config.sh}
# Without a slash it would be looked for in PATH.
case $config in
*/*) ;;
*) config=./$config ;;
esac
# shellcheck source=scripts/scheduler/linux/timer.config.sh
. "$config"

set --
[ -z "$PROFILE" ] || set -- -p "$PROFILE"
[ -z "$SCHEDULER" ] || set -- "$@" --using "$SCHEDULER"
"$COLDSYNC" schedule remove "$@"
