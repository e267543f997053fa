#!/bin/sh
# install-launchd.sh - a dry run to see, then the agent of launchd.config.sh.
#
#   install-launchd.sh [CONFIG.sh]
#
# Running it again replaces what it installed before.
set -eu
here=$(dirname "$0")
# shellcheck source=scripts/scheduler/common.sh
. "$here/../common.sh"
settings "${1:-$here/launchd.config.sh}"
install_job agent --using launchd
