# timer.config.sh - what install-timer.sh installs. Edit, save, run it.
# shellcheck shell=sh disable=SC2034

# Which profile; empty: the only one there is.
PROFILE=""

# When: "--every 15m" (m, h, d), "--daily 07:30" or "--on-login".
WHEN="--every 15m"

# "dry-run" only looks, and says in the log what it would do. When the log
# shows what you expect, write "apply" and run install-timer.sh again.
MODE="dry-run"

# Empty: a systemd user timer, or the crontab where there is no systemd.
# "systemd" or "cron" insists on one of them.
SCHEDULER=""

# The program; a full path where it is not in PATH.
COLDSYNC="coldsync"
