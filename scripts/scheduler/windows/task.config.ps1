# task.config.ps1 - what install-task.ps1 installs. Edit, save, run it.

# Which profile; empty: the only one there is.
$ColdsyncProfile = ""

# When: "--every", "15m" (m, h, d), or "--daily", "07:30", or "--on-login".
$When = "--every", "15m"

# "dry-run" only looks, and says in the log what it would do. When the log
# shows what you expect, write "apply" and run install-task.ps1 again.
$Mode = "dry-run"

# The program; a full path where it is not in PATH.
$Coldsync = "coldsync.exe"
