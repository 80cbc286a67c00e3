; For one user, without an administrator. Silent with /S. The updater adds /UPDATE (no first start's words) and /R
; (start Holdline afterwards). The profile is the rep's: neither an update nor the uninstaller touches it.
; Where the installer's own processor is named: Debian's NSIS has a 64-bit one, the official NSIS has not.
!ifdef STUB
Target ${STUB}
!else
Unicode true
!endif
!include "MUI2.nsh"
!include "FileFunc.nsh"
!include "LogicLib.nsh"

Name "Holdline"
OutFile "${OUT}"
RequestExecutionLevel user
InstallDir "$LOCALAPPDATA\Holdline"
SetCompressor /SOLID lzma
ManifestDPIAware true
BrandingText "Holdline ${VERSION}"

!define UNINSTALL "Software\Microsoft\Windows\CurrentVersion\Uninstall\Holdline"
!define MUI_ICON "${STAGE}/holdline.ico"
!define MUI_UNICON "${STAGE}/holdline.ico"
!define MUI_FINISHPAGE_RUN "$INSTDIR\holdline.exe"

!insertmacro MUI_PAGE_LICENSE "${STAGE}/LICENSE.txt"
!insertmacro MUI_PAGE_INSTFILES
!insertmacro MUI_PAGE_FINISH
!insertmacro MUI_UNPAGE_CONFIRM
!insertmacro MUI_UNPAGE_INSTFILES
!insertmacro MUI_LANGUAGE "English"

VIProductVersion "${VERSION}.0"
VIAddVersionKey ProductName "Holdline"
VIAddVersionKey FileDescription "Holdline"
VIAddVersionKey FileVersion "${VERSION}"
VIAddVersionKey ProductVersion "${VERSION}"
VIAddVersionKey LegalCopyright "The Holdline developers"

; A running program's file can't be written. An update has ended Holdline before it calls us; give it that moment.
Function WaitForEnd
  StrCpy $1 0
  again:
  IfFileExists "$INSTDIR\holdline.exe" 0 done
  ClearErrors
  FileOpen $0 "$INSTDIR\holdline.exe" a
  IfErrors 0 free
  IntOp $1 $1 + 1
  IntCmp $1 100 busy
  Sleep 100
  Goto again
  busy:
  MessageBox MB_OK|MB_ICONEXCLAMATION "Holdline is still running. Quit it from its tray icon, then install again." /SD IDOK
  SetErrorLevel 2
  Abort
  free:
  FileClose $0
  done:
FunctionEnd

Section "Holdline"
  Call WaitForEnd
  SetOutPath "$INSTDIR"
  File "${STAGE}/holdline.exe"
  File "${STAGE}/holdline-window.exe"
  File "${STAGE}/holdlinectl.exe"
  File /nonfatal "${STAGE}/WebView2Loader.dll"
  File "${STAGE}/LICENSE.txt"
  WriteUninstaller "$INSTDIR\uninstall.exe"
  CreateShortcut "$SMPROGRAMS\Holdline.lnk" "$INSTDIR\holdline.exe"
  ; Asks the settings at each login whether Holdline is to start, and ends where they don't say so.
  WriteRegStr HKCU "Software\Microsoft\Windows\CurrentVersion\Run" "Holdline" '"$INSTDIR\holdline.exe" --autostart'
  WriteRegStr HKCU "Software\Holdline" "InstallFolder" "$INSTDIR"
  WriteRegStr HKCU "${UNINSTALL}" "DisplayName" "Holdline"
  WriteRegStr HKCU "${UNINSTALL}" "DisplayVersion" "${VERSION}"
  WriteRegStr HKCU "${UNINSTALL}" "DisplayIcon" "$INSTDIR\holdline.exe"
  WriteRegStr HKCU "${UNINSTALL}" "Publisher" "The Holdline developers"
  WriteRegStr HKCU "${UNINSTALL}" "InstallLocation" "$INSTDIR"
  WriteRegStr HKCU "${UNINSTALL}" "UninstallString" '"$INSTDIR\uninstall.exe"'
  WriteRegStr HKCU "${UNINSTALL}" "QuietUninstallString" '"$INSTDIR\uninstall.exe" /S'
  WriteRegDWORD HKCU "${UNINSTALL}" "NoModify" 1
  WriteRegDWORD HKCU "${UNINSTALL}" "NoRepair" 1
  ${GetParameters} $0
  ClearErrors
  ${GetOptions} $0 "/R" $1
  IfErrors +2 0
  Exec '"$INSTDIR\holdline.exe"'
SectionEnd

Section "Uninstall"
  Delete "$INSTDIR\holdline.exe"
  Delete "$INSTDIR\holdline-window.exe"
  Delete "$INSTDIR\holdlinectl.exe"
  Delete "$INSTDIR\WebView2Loader.dll"
  Delete "$INSTDIR\LICENSE.txt"
  Delete "$INSTDIR\uninstall.exe"
  Delete "$SMPROGRAMS\Holdline.lnk"
  ; Only when nothing of the rep's is in it.
  RMDir "$INSTDIR"
  DeleteRegValue HKCU "Software\Microsoft\Windows\CurrentVersion\Run" "Holdline"
  DeleteRegKey HKCU "Software\Holdline"
  DeleteRegKey HKCU "${UNINSTALL}"
SectionEnd
