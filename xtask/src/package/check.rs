//! What Debian's own checkers say of a package. Their findings are mended, or explained in
//! `packaging/linux/lintian-overrides`.

use std::fs;
use std::path::Path;

use anyhow::{Context, Result, bail};

use crate::command::{command, run};
use crate::paths;

/// `lintian`, `desktop-file-validate` and `appstreamcli validate`; any finding fails.
pub(crate) fn check(deb: &Path) -> Result<()> {
    let tree = paths::scratch().join("package/check");
    let _ = fs::remove_dir_all(&tree);
    run(command("dpkg-deb").arg("--extract").arg(deb).arg(&tree))?;
    for folder in ["usr/share/applications", "etc/xdg/autostart"] {
        for entry in
            fs::read_dir(tree.join(folder)).with_context(|| format!("the package has no {folder}"))?
        {
            let entry = entry?.path();
            // Hints are suggestions; warnings and errors are said on standard output.
            let mut validate = command("desktop-file-validate");
            let said = validate.arg("--no-hints").arg(&entry).output()?;
            if !said.status.success() || !said.stdout.is_empty() {
                bail!("desktop-file-validate: {}", String::from_utf8_lossy(&said.stdout));
            }
        }
    }
    run(command("appstreamcli")
        .args(["validate", "--no-net", "--explain"])
        .arg(tree.join("usr/share/metainfo/io.holdline.Holdline.metainfo.xml")))?;
    let mut lintian = command("lintian");
    lintian.args(["--fail-on", "error,warning", "--tag-display-limit", "0"]);
    if is_root() {
        lintian.arg("--allow-root");
    }
    run(lintian.arg(deb))
}

fn is_root() -> bool {
    crate::command::output(command("id").arg("-u")).is_some_and(|id| id == "0")
}
