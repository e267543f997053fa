# packages.sh - installing what a script needs; source it.
#
#   need_packages build         compiler, CMake and our libraries
#   need_packages test          what the tests use on top of that
#   need_packages package       what makes packages, and looks at them
#   need_packages browser       what opens a report; the tests skip without it
#   need_packages lint          clang, its formatter, its linter, its fuzzer
#   need_packages analyse       other analysers: cppcheck, valgrind
#   need_packages coverage      what counts the lines that tests have visited
#   need_packages bench         those that bench/run measures us against
#
# Knows apt, dnf, pacman and Homebrew. Says what it installs and why; asks
# first on a terminal, never off one. Does nothing, and is quick about it, when
# all is there. With COLDSYNC_NO_INSTALL=1 it only names what is missing.

say() { printf '%s\n' "$*" >&2; }
die() { say "$(basename "$0"): $*"; exit 1; }

package_manager() {
	local manager
	for manager in apt-get dnf pacman brew; do
		if command -v $manager >/dev/null 2>&1; then
			echo $manager
			return
		fi
	done
	die "no package manager known here (apt, dnf, pacman, brew);" \
		"README.md lists what to install by hand"
}

# One row for each purpose and package manager.
packages_for() { # PURPOSE MANAGER
	case $1:$2 in
	build:apt-get) echo gcc libc6-dev cmake ninja-build \
		libinih-dev libxxhash-dev libutf8proc-dev scdoc \
		zlib1g-dev ;;
	build:dnf) echo gcc cmake ninja-build inih-devel \
		xxhash-devel utf8proc-devel scdoc zlib-devel ;;
	build:pacman) echo gcc cmake ninja libinih xxhash \
		libutf8proc scdoc zlib ;;
	build:brew) echo cmake ninja inih xxhash utf8proc scdoc ;;
	test:apt-get) echo libcmocka-dev python3 unzip git strace procps syncthing \
		faketime systemd cron shellcheck unison rclone \
		zsh fish ;;
	test:dnf) echo libcmocka-devel python3 unzip git strace procps-ng syncthing \
		zsh fish ;;
	test:pacman) echo cmocka python unzip git strace procps-ng syncthing \
		zsh fish ;;
	test:brew) echo cmocka python3 fish ;;
	package:apt-get) echo dpkg-dev fakeroot lintian nsis ;;
	package:dnf) echo dpkg rpm-build mingw32-nsis ;;
	package:pacman | package:brew) ;;
	browser:apt-get) echo chromium ;;
	browser:dnf | browser:pacman) echo chromium ;;
	browser:brew) ;;
	analyse:apt-get) echo cppcheck valgrind binutils ;;
	analyse:dnf | analyse:pacman) echo cppcheck valgrind binutils ;;
	analyse:brew) echo cppcheck ;;
	coverage:apt-get | coverage:dnf) echo gcovr ;;
	coverage:pacman | coverage:brew) echo gcovr ;;
	lint:apt-get) echo clang clang-format clang-tidy libclang-rt-14-dev ;;
	lint:dnf) echo clang clang-tools-extra compiler-rt ;;
	lint:pacman) echo clang compiler-rt ;;
	lint:brew) echo llvm ;;
	bench:apt-get) echo rsync unison rclone restic zip unzip xxhash ;;
	bench:dnf) echo rsync unison rclone restic zip unzip xxhash ;;
	bench:pacman) echo rsync unison rclone restic zip unzip xxhash ;;
	bench:brew) echo rsync unison rclone restic zip unzip xxhash ;;
	esac
}

is_installed() { # MANAGER PACKAGE
	case $1 in
	apt-get) dpkg-query -W -f '${db:Status-Status}' "$2" 2>/dev/null |
		grep -qx installed ;;
	dnf) rpm -q --quiet "$2" ;;
	pacman) pacman -Qq "$2" >/dev/null 2>&1 ;;
	brew) brew list --versions "$2" >/dev/null 2>&1 ;;
	esac
}

# Commands run as root where that is needed and possible.
as_root() {
	if [ "$(id -u)" = 0 ]; then
		"$@"
	elif command -v sudo >/dev/null 2>&1; then
		sudo "$@"
	else
		die "installing needs root, and there is no sudo: run as root: $*"
	fi
}

install_with() { # MANAGER PACKAGE...
	local manager=$1
	shift
	case $manager in
	apt-get)
		as_root apt-get -qq update >&2 &&
			as_root env DEBIAN_FRONTEND=noninteractive apt-get -qq \
				install -y --no-install-recommends "$@" \
				>/dev/null ;;
	dnf) as_root dnf -q -y install "$@" >&2 ;;
	pacman) as_root pacman -Sy --noconfirm --needed "$@" >&2 ;;
	brew) brew install -q "$@" >&2 ;;
	esac || die "could not install: $*"
}

agreed() {
	local answer
	[ -t 0 ] && [ -t 2 ] || return 0
	printf 'Install them now? [Y/n] ' >&2
	read -r answer || return 1
	case $answer in '' | [Yy]*) return 0 ;; *) return 1 ;; esac
}

need_packages() { # PURPOSE
	local manager package missing=()
	manager=$(package_manager) || exit 1
	for package in $(packages_for "$1" "$manager"); do
		is_installed "$manager" "$package" || missing+=("$package")
	done
	[ ${#missing[@]} -eq 0 ] && return
	say "Missing (to $1): ${missing[*]}"
	[ -z "${COLDSYNC_NO_INSTALL:-}" ] || die "COLDSYNC_NO_INSTALL is set"
	agreed || die "nothing was installed"
	say "Installing with $manager ..."
	install_with "$manager" "${missing[@]}"
}

# CMake looks where Homebrew puts things.
find_homebrew_libraries() {
	command -v brew >/dev/null 2>&1 || return 0
	CMAKE_PREFIX_PATH="$(brew --prefix)"
	export CMAKE_PREFIX_PATH
}
