# install-task.ps1 - a dry run to see, then the task of task.config.ps1.
#
#   .\install-task.ps1 [-Config FILE.ps1]
#
# Running it again replaces what it installed before. The task belongs to you,
# asks for no more rights than you have, and opens no window.
param([string]$Config = (Join-Path $PSScriptRoot "task.config.ps1"))
$ErrorActionPreference = "Stop"
. $Config

if (-not (Get-Command $Coldsync -ErrorAction SilentlyContinue)) {
	throw "there is no program '$Coldsync'; set `$Coldsync in task.config.ps1"
}
if ($Mode -ne "dry-run" -and $Mode -ne "apply") {
	throw "`$Mode is '$Mode'; it may be dry-run or apply"
}

# The options common to both steps.
$common = @()
if ($ColdsyncProfile) {
	$common += "-p", $ColdsyncProfile
}

Write-Host "This is what a sync would do now:"
& $Coldsync @common sync --dry-run
switch ($LASTEXITCODE) {
	0 { }
	2 { Write-Host "Conflicts wait for you; the task leaves them as they are." }
	3 { Write-Host "The application is running; the task does nothing while it is." }
	default { throw "nothing was installed: see to the above first" }
}

& $Coldsync @common schedule install --using task @When --mode $Mode
exit $LASTEXITCODE
