# launchd.config.sh - what install-launchd.sh installs. Edit, save, run it.
# shellcheck shell=sh disable=SC2034

# Which profile; empty: the only one there is.
PROFILE=""

# When: "--every 15m" (m, h, d), "--daily 07:30" or "--on-login".
WHEN="--every 15m"

# "dry-run" only looks, and says in the log what it would do. When the log
# shows what you expect, write "apply" and run install-launchd.sh again.
MODE="dry-run"

# The program; a full path where it is not in PATH.
COLDSYNC="coldsync"
