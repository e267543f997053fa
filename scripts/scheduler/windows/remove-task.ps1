# remove-task.ps1 - take away what install-task.ps1 installed.
#
#   .\remove-task.ps1 [-Config FILE.ps1]
param([string]$Config = (Join-Path $PSScriptRoot "task.config.ps1"))
$ErrorActionPreference = "Stop"
. $Config

$common = @()
if ($ColdsyncProfile) {
	$common += "-p", $ColdsyncProfile
}
& $Coldsync @common schedule remove --using task
exit $LASTEXITCODE
