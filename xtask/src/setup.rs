//! Brings what building and testing need, and nothing that is there already.

mod apt;
mod node;
mod tools;
mod ui;

use anyhow::{Result, bail};

pub(crate) use node::Node;
pub(crate) use tools::{cargo_cyclonedx, cargo_deny};

/// How far the set-up goes.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Purpose {
    /// Build and run on the rep's own desktop.
    Run,
    /// Also test in a virtual desktop and a browser.
    Test,
}

/// What the set-up found or made.
pub(crate) struct Ready {
    /// Node and npm.
    pub(crate) node: Node,
    /// Why no Chromium is there, where there is none.
    pub(crate) no_chromium: Option<String>,
}

/// System packages, Node, the UI's packages and the UI itself.
pub(crate) fn ready(purpose: Purpose) -> Result<Ready> {
    known_system()?;
    let no_chromium = apt::install(purpose)?;
    let node = Node::find_or_install()?;
    ui::install(&node)?;
    ui::install_ccp(&node)?;
    if purpose == Purpose::Test {
        ui::install_console(&node)?;
        ui::install_connector(&node)?;
    }
    ui::build(&node)?;
    ui::build_ccp(&node)?;
    Ok(Ready { node, no_chromium })
}

/// [`ready`], and what `cargo xtask package` calls besides: Debian's tools and, in `packaging/`, Tauri's.
pub(crate) fn packaging() -> Result<Ready> {
    let ready = ready(Purpose::Run)?;
    apt::bring_on_debian(apt::PACKAGES, "make packages")?;
    ui::install_packaging(&ready.node)?;
    Ok(ready)
}

/// What a Debian system in a folder needs.
pub(crate) fn clean_root() -> Result<()> {
    apt::bring_on_debian(apt::CLEAN_ROOT, "try a package in a clean system")
}

/// What compiling for other systems needs.
pub(crate) fn other_systems() -> Result<()> {
    apt::bring_on_debian(apt::OTHER_SYSTEMS, "compile for other systems from here")
}

/// What compiling for Windows needs.
pub(crate) fn windows() -> Result<()> {
    other_systems()?;
    apt::bring_on_debian(apt::WINDOWS, "compile for Windows from here")
}

/// What Windows installers need.
pub(crate) fn windows_installers() -> Result<()> {
    windows()?;
    apt::bring_on_debian(apt::WINDOWS_INSTALLERS, "make Windows installers from here")
}

/// [`ready`] for everything, said aloud.
pub(crate) fn everything(ci: bool) -> Result<Ready> {
    let ready = ready(Purpose::Test)?;
    if ci {
        cargo_deny()?;
    }
    if let Some(reason) = &ready.no_chromium {
        println!("Chromium is not there: {reason}. Its checks will be skipped.");
    }
    println!("Everything is set up.");
    Ok(ready)
}

fn known_system() -> Result<()> {
    if cfg!(target_os = "linux") {
        return Ok(());
    }
    let list = if cfg!(target_os = "macos") {
        "Install Xcode's command line tools (xcode-select --install) and Node 22 (https://nodejs.org), then:"
    } else {
        "Install the Visual Studio Build Tools with the C++ workload, the WebView2 runtime (part of Windows 11) \
         and Node 22 (https://nodejs.org), then:"
    };
    bail!(
        "the set-up installs by itself on Debian and Ubuntu only. {list}\n  \
         cd ui && npm ci && npm run build && cd ..\n  \
         cargo build --package holdline --package holdlinectl --features holdline/custom-protocol\n\
         The journeys need a Linux desktop; `cargo test --workspace --exclude journeys` runs everything else."
    );
}
