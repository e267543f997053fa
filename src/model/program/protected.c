#include "model/program/protected.h"

#include <string.h>

#include "base/compiler.h"
#include "model/program/program.h"

static const char *const names[] = {
    /* the system and its services */
    "init",
    "systemd",
    "systemd-logind",
    "dbus-daemon",
    "dbus-broker",
    "networkmanager",
    "launchd",
    "kernel_task",
    "system",
    "registry",
    "smss",
    "csrss",
    "wininit",
    "winlogon",
    "services",
    "lsass",
    "svchost",
    /* the desktop */
    "xorg",
    "x",
    "xwayland",
    "gnome-shell",
    "gnome-session-binary",
    "kwin_x11",
    "kwin_wayland",
    "plasmashell",
    "sway",
    "hyprland",
    "mutter",
    "xfce4-session",
    "cinnamon",
    "pipewire",
    "wireplumber",
    "pulseaudio",
    "windowserver",
    "loginwindow",
    "finder",
    "dock",
    "systemuiserver",
    "dwm",
    "explorer",
    "conhost",
    "sihost",
    "fontdrvhost",
    /* logins and the terminals in them */
    "login",
    "sshd",
    "ssh-agent",
    "gpg-agent",
    "su",
    "sudo",
    "bash",
    "sh",
    "dash",
    "zsh",
    "fish",
    "ksh",
    "tmux",
    "tmux: server",
    "screen",
    "terminal",
    "windowsterminal",
    "cmd",
    "powershell",
    "pwsh",
    /* and we */
    "coldsync",
};

bool
protected_is(const char *name)
{
	struct str key = STR_INIT;
	bool found = false;
	program_key(&key, name);
	for (size_t i = 0; i < COUNT_OF(names) && !found; i++)
		found = key.len > 0 && strcmp(names[i], key.p) == 0;
	str_free(&key);
	return found;
}
