#!/bin/sh
# uninstall-launchd.sh - take away what install-launchd.sh installed.
#
#   uninstall-launchd.sh [CONFIG.sh]
set -eu
here=$(dirname "$0")
# shellcheck source=scripts/scheduler/common.sh
. "$here/../common.sh"
settings "${1:-$here/launchd.config.sh}"
remove_job --using launchd
