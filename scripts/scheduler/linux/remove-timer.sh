#!/bin/sh
# remove-timer.sh - take away what install-timer.sh installed.
#
#   remove-timer.sh [CONFIG.sh]
set -eu
here=$(dirname "$0")
# shellcheck source=scripts/scheduler/common.sh
. "$here/../common.sh"
settings "${1:-$here/timer.config.sh}"
remove_job ${SCHEDULER:+--using "$SCHEDULER"}
