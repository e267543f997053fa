# common.sh - what the scripts for Linux and macOS do alike; they source it.
# shellcheck shell=sh

die() {
	echo "$(basename "$0"): $*" >&2
	exit 1
}

# The settings in FILE, checked.
settings() { # FILE
	# Without a slash it would be looked for in PATH.
	case $1 in
	*/*) settings=$1 ;;
	*) settings=./$1 ;;
	esac
	# shellcheck source=scripts/scheduler/linux/timer.config.sh
	. "$settings"
	command -v "$COLDSYNC" >/dev/null 2>&1 ||
		die "there is no program '$COLDSYNC'; set COLDSYNC in $1"
	case $MODE in
	dry-run | apply) ;;
	*) die "MODE is '$MODE'; it may be dry-run or apply" ;;
	esac
}

of_profile() {
	if [ -n "$PROFILE" ]; then
		"$COLDSYNC" -p "$PROFILE" "$@"
	else
		"$COLDSYNC" "$@"
	fi
}

# A dry run to see; then, unless that would be refused, the job.
install_job() { # WHAT [OPTION of 'schedule install'...]
	what=$1
	shift
	echo "This is what a sync would do now:"
	code=0
	of_profile sync --dry-run || code=$?
	case $code in
	0) ;;
	2) echo "Conflicts wait for you; the $what leaves them as they are." ;;
	3) echo "The application is running; the $what does nothing while it" \
		"is." ;;
	*) die "nothing was installed: see to the above first" ;;
	esac
	# WHEN is an option and its value: two words.
	# shellcheck disable=SC2086
	of_profile schedule install "$@" $WHEN --mode "$MODE"
}

remove_job() { # [OPTION of 'schedule remove'...]
	of_profile schedule remove "$@"
}
