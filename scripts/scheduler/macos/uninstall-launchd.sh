#!/bin/sh
# uninstall-launchd.sh - take away what install-launchd.sh installed.
#
#   uninstall-launchd.sh [CONFIG.sh]
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

set --
[ -z "$PROFILE" ] || set -- -p "$PROFILE"
set -- "$@" --using launchd
"$COLDSYNC" schedule remove "$@"
