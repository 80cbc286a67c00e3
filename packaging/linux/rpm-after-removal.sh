# rpm removes only folders that the package says it owns, and Tauri's bundler says so of none. After an upgrade the
# newer version's files are in it, and it stays.
rmdir --ignore-fail-on-non-empty /usr/share/doc/holdline 2>/dev/null || true
