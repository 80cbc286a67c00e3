#!/bin/sh
# Builds Holdline.app with both programs and holdlinectl, signed with Developer ID and notarised, as .dmg and as the
# updater's .app.tar.gz. Called by the release workflow: release.sh OUT PROCESSOR
# The environment holds what Tauri's bundler asks for: APPLE_CERTIFICATE (base64 of a .p12), its password,
# APPLE_SIGNING_IDENTITY, and an App Store Connect API key for the notary.
set -eu
cd "$(dirname "$0")/../.."
out=$1
processor=$2
mkdir -p "$out"
version=$(sed -n '/^\[workspace.package\]/,/^\[/s/^version = "\(.*\)"/\1/p' Cargo.toml)

APPLE_API_KEY_PATH=$(mktemp)
export APPLE_API_KEY_PATH
trap 'rm -f "$APPLE_API_KEY_PATH"' EXIT
printf '%s' "$APPLE_API_KEY_CONTENT" >"$APPLE_API_KEY_PATH"

cargo build --release --locked --package holdline --package holdlinectl --features holdline/custom-protocol
config=$(printf '{"version":"%s","bundle":{"macOS":{"files":{"MacOS/holdlinectl":"%s"}}}}' \
    "$version" "$PWD/target/release/holdlinectl")
node packaging/node_modules/@tauri-apps/cli/tauri.js build --bundles app,dmg --features holdline/custom-protocol \
    --config "$config" -- --locked --package holdline --package holdlinectl

app=target/release/bundle/macos/Holdline.app
codesign --verify --deep --strict "$app"
spctl --assess --type execute "$app"
xcrun stapler validate "$app"
tar -czf "$out/holdline_${version}_$processor.app.tar.gz" -C "$(dirname "$app")" Holdline.app
cp target/release/bundle/dmg/*.dmg "$out/holdline_${version}_$processor.dmg"
