//! Holdline on a fresh practice org, on this desktop or as pictures.

use std::fs;
use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};

use crate::build::{self, Programs};
use crate::command::command;
use crate::paths;
use crate::setup::{self, Purpose};
use crate::test;

/// Starts the practice org, opens Holdline on it and the practice console beside it, until Holdline ends or
/// Ctrl-C.
pub(crate) fn run(arguments: &[String]) -> Result<()> {
    let displays = ["DISPLAY", "WAYLAND_DISPLAY"];
    if cfg!(target_os = "linux")
        && displays
            .iter()
            .all(|name| std::env::var_os(name).is_none_or(|v| v.is_empty()))
    {
        bail!(
            "there is no display to open a window on (neither DISPLAY nor WAYLAND_DISPLAY is set).\n\
             To see the main job played in a virtual desktop, with a PNG of each step:\n  \
             cargo xtask run --screenshot DIR"
        );
    }
    setup::ready(Purpose::Run)?;
    let programs = build::programs()?;
    let stop = Arc::new(AtomicBool::new(false));
    let signalled = Arc::clone(&stop);
    ctrlc::set_handler(move || signalled.store(true, Ordering::SeqCst))?;

    let (mut practice, url) = practice_org(&programs)?;
    let console = format!("{url}/console/pat");
    println!("\nPractice org      {url}");
    println!("Practice console  {console}");
    println!("Sign in as pat. Ctrl-C ends everything.\n");
    open(&console);
    let mut holdline = match holdline(&programs, &url, arguments) {
        Ok(holdline) => holdline,
        Err(error) => {
            end(&mut practice);
            return Err(error);
        }
    };
    let outcome = wait(&mut holdline, &mut practice, &stop);
    end(&mut holdline);
    end(&mut practice);
    outcome
}

/// Plays the main job in a virtual desktop and lists its pictures.
pub(crate) fn screenshots(folder: &Path) -> Result<()> {
    let here = std::env::current_dir()?;
    let folder = here.join(folder);
    fs::create_dir_all(&folder).with_context(|| format!("cannot make {}", folder.display()))?;
    setup::ready(Purpose::Test)?;
    test::journey("main_job::windowed", &folder)?;
    let mut pictures: Vec<_> = fs::read_dir(&folder)?
        .filter_map(|entry| Some(entry.ok()?.path()))
        .filter(|path| path.extension().is_some_and(|extension| extension == "png"))
        .collect();
    pictures.sort();
    if pictures.is_empty() {
        bail!("the journey passed but wrote no picture to {}", folder.display());
    }
    println!("\nThe main job, step by step:");
    for picture in pictures {
        println!("  {}", picture.display());
    }
    Ok(())
}

fn practice_org(programs: &Programs) -> Result<(Child, String)> {
    let mut practice = command(&programs.holdlinectl)
        .args(["practice", "--json"])
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .spawn()
        .context("the practice org could not be started")?;
    let mut lines = BufReader::new(practice.stdout.take().expect("piped")).lines();
    let first = lines.next().transpose()?.unwrap_or_default();
    let url = serde_json::from_str::<serde_json::Value>(&first)
        .ok()
        .and_then(|line| Some(line["url"].as_str()?.trim_end_matches('/').to_owned()));
    let Some(url) = url else {
        end(&mut practice);
        bail!("the practice org did not say where it is; its first line was {first:?}");
    };
    // Whatever else it says must not fill the pipe.
    thread::spawn(move || lines.for_each(drop));
    Ok((practice, url))
}

fn holdline(programs: &Programs, url: &str, arguments: &[String]) -> Result<Child> {
    // A practice org is new at every start, so an older profile would only remember one that is gone.
    let profile = paths::scratch().join("run-profile");
    if profile.exists() {
        fs::remove_dir_all(&profile)?;
    }
    fs::create_dir_all(&profile)?;
    command(&programs.holdline)
        .args(["--org", url, "--profile"])
        .arg(&profile)
        .args(arguments)
        .spawn()
        .context("Holdline could not be started")
}

fn wait(holdline: &mut Child, practice: &mut Child, stop: &AtomicBool) -> Result<()> {
    loop {
        if stop.load(Ordering::SeqCst) {
            return Ok(());
        }
        if let Some(status) = holdline.try_wait()? {
            if status.success() {
                return Ok(());
            }
            bail!("Holdline ended with {status}");
        }
        if let Some(status) = practice.try_wait()? {
            bail!("the practice org ended with {status}");
        }
        thread::sleep(Duration::from_millis(100));
    }
}

/// Asks it to end, and ends it after five seconds.
fn end(child: &mut Child) {
    #[cfg(unix)]
    if let Some(id) = i32::try_from(child.id())
        .ok()
        .and_then(rustix::process::Pid::from_raw)
        && matches!(child.try_wait(), Ok(None))
    {
        let _ = rustix::process::kill_process(id, rustix::process::Signal::TERM);
    }
    let patience = Instant::now() + Duration::from_secs(5);
    while Instant::now() < patience {
        if !matches!(child.try_wait(), Ok(None)) {
            return;
        }
        thread::sleep(Duration::from_millis(50));
    }
    let _ = child.kill();
    let _ = child.wait();
}

fn open(url: &str) {
    let opener = if cfg!(target_os = "macos") {
        "open"
    } else {
        "xdg-open"
    };
    if which::which(opener).is_ok() {
        let _ = command(opener)
            .arg(url)
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn();
    }
}
