#!/bin/sh
# Draws every PNG, the .ico and the .icns from svg/. Run it after changing a source and commit the result.
# Needs rsvg-convert (Debian: librsvg2-bin) and npx for Tauri's own icon command.
set -eu
cd "$(dirname "$0")"

scratch=$(mktemp -d)
trap 'rm -r "$scratch"' EXIT

tray_px=64
mark=$(sed 's/<svg[^>]*>//; s/<\/svg>//' svg/mark-held.svg)
for source in svg/tray-*.svg; do
    phase=$(basename "$source" .svg)
    phase=${phase#tray-}
    rsvg-convert --width $tray_px --height $tray_px "$source" --output "tray/$phase.png"
    if [ "$phase" != signed_out ]; then
        sed 's/<\/svg>//' "$source" >"$scratch/held.svg"
        printf '%s</svg>\n' "$mark" >>"$scratch/held.svg"
        rsvg-convert --width $tray_px --height $tray_px "$scratch/held.svg" --output "tray/$phase-held.png"
    fi
done

# The sizes of the hicolor theme that the set below does not have.
for px in 16 22 24 48 64 256 512; do
    rsvg-convert --width $px --height $px svg/app.svg --output "${px}x$px.png"
done

rsvg-convert --width 1024 --height 1024 svg/app.svg --output "$scratch/app.png"
npx --yes @tauri-apps/cli@2.12.5 icon "$scratch/app.png" --output "$scratch/set" >/dev/null
for name in 32x32.png 128x128.png 128x128@2x.png icon.ico icon.icns; do
    cp "$scratch/set/$name" .
done
