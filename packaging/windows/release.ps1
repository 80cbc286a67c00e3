# Signs the programs (Authenticode), makes both installers of them, and signs those. Called by the release workflow,
# whose runners have signtool, NSIS and WiX 3. With a signer in hardware, put its command in place of signtool's
# certificate options (a key storage provider: /csp and /kc, or Azure's dlib).
param([Parameter(Mandatory)] [string] $Out)
$ErrorActionPreference = 'Stop'
Set-StrictMode -Version Latest

$version = (Select-String -Path Cargo.toml -Pattern '^version = "(.+)"$' | Select-Object -First 1).Matches.Groups[1].Value
$stage = New-Item -ItemType Directory -Force (Join-Path $env:RUNNER_TEMP 'stage')
$Out = New-Item -ItemType Directory -Force $Out
$pfx = Join-Path $env:RUNNER_TEMP 'authenticode.pfx'
[IO.File]::WriteAllBytes($pfx, [Convert]::FromBase64String($env:AUTHENTICODE_PFX_BASE64))
$signtool = Get-ChildItem 'C:\Program Files (x86)\Windows Kits\10\bin\*\x64\signtool.exe' | Sort-Object FullName | Select-Object -Last 1

function Invoke-Checked([string] $Program, [string[]] $Words) {
    & $Program @Words
    if ($LASTEXITCODE -ne 0) { throw "$Program ended with $LASTEXITCODE" }
}

function Invoke-Sign([string[]] $Files) {
    Invoke-Checked $signtool.FullName (@('sign', '/q', '/f', $pfx, '/p', $env:AUTHENTICODE_PASSWORD, '/fd', 'sha256',
        '/tr', 'http://timestamp.digicert.com', '/td', 'sha256', '/d', 'Holdline') + $Files)
    Invoke-Checked $signtool.FullName (@('verify', '/q', '/pa') + $Files)
}

try {
    foreach ($program in 'holdline', 'holdline-window', 'holdlinectl') {
        Copy-Item "target/release/$program.exe" $stage
    }
    Copy-Item icons/icon.ico (Join-Path $stage 'holdline.ico')
    Copy-Item LICENSE (Join-Path $stage 'LICENSE.txt')
    Invoke-Sign (Get-ChildItem $stage -Filter *.exe).FullName

    $setup = Join-Path $Out "holdline_${version}_x64-setup.exe"
    Invoke-Checked 'C:\Program Files (x86)\NSIS\makensis.exe' @('-V2', "-DVERSION=$version", "-DSTAGE=$stage", "-DOUT=$setup",
        'packaging/windows/holdline.nsi')
    $msi = Join-Path $Out "holdline_${version}_x64.msi"
    $object = Join-Path $env:RUNNER_TEMP 'holdline.wixobj'
    Invoke-Checked (Join-Path $env:WIX 'bin\candle.exe') @('-nologo', '-arch', 'x64', "-dVersion=$version", "-dStage=$stage",
        '-dLoader=no', '-out', $object, 'packaging/windows/holdline.wxs')
    Invoke-Checked (Join-Path $env:WIX 'bin\light.exe') @('-nologo', '-spdb', '-out', $msi, $object)
    Invoke-Sign @($setup, $msi)
}
finally {
    Remove-Item -Force $pfx
}
