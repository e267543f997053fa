#!/bin/sh
# install-timer.sh - a dry run to see, then the timer of timer.config.sh.
#
#   install-timer.sh [CONFIG.sh]
#
# Running it again replaces what it installed before.
set -eu
here=$(dirname "$0")
# shellcheck source=scripts/scheduler/common.sh
. "$here/../common.sh"
settings "${1:-$here/timer.config.sh}"
install_job timer ${SCHEDULER:+--using "$SCHEDULER"}
