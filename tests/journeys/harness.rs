//! The virtual desktop itself: what the other journeys stand on holds.

use std::process::Stdio;

use journeys::desktop::{Desktop, Keyring};
use journeys::http::PracticeOrg;
use journeys::ports::Ports;
use journeys::webdriver::{Find, Key, Page};

const MINI_BROWSER: &str = "/usr/lib/x86_64-linux-gnu/webkit2gtk-4.1/MiniBrowser";

#[test]
fn desktop_shows_notifications_keeps_secrets_and_ends_windowed() {
    let desktop = Desktop::start();

    let sent = desktop
        .command("notify-send")
        .args(["--app-name=Journey", "Held", "Until the call ends"])
        .status();
    assert!(sent.expect("notify-send is installed").success());
    let notification = desktop.wait_for_notification("from notify-send", |n| n.summary == "Held");
    assert_eq!(
        (notification.app.as_str(), notification.body.as_str()),
        ("Journey", "Until the call ends")
    );

    let store = "printf open-sesame | secret-tool store --label=Journey service journey";
    assert!(
        desktop
            .command("sh")
            .args(["-c", store])
            .status()
            .expect("secret-tool is installed")
            .success()
    );
    let kept = desktop
        .command("secret-tool")
        .args(["lookup", "service", "journey"])
        .output();
    assert_eq!(kept.expect("secret-tool is installed").stdout, b"open-sesame");

    let opened = desktop
        .command("xdg-open")
        .arg("http://127.0.0.1/authorize")
        .status();
    assert!(opened.is_ok_and(|status| status.success()));
    assert_eq!(desktop.opened(), ["http://127.0.0.1/authorize"]);

    let picture = desktop.folder().join("screen.png");
    desktop.screenshot(&picture);
    assert!(std::fs::metadata(&picture).expect("a picture").len() > 1000);

    let mut left_behind = desktop.command("setsid");
    let mut left_behind = left_behind
        .args(["sleep", "600"])
        .stdout(Stdio::null())
        .spawn()
        .expect("setsid is there");
    drop(desktop);
    let ended = left_behind.wait().expect("our own child");
    assert!(
        !ended.success(),
        "a process that had left its group survived its desktop"
    );
}

#[test]
fn absent_keyring_stays_absent_windowed() {
    let desktop = Desktop::with(Keyring::Absent);
    let asked = desktop
        .command("secret-tool")
        .args(["lookup", "service", "journey"])
        .output();
    assert!(!asked.expect("secret-tool is installed").status.success());
}

#[test]
fn page_is_found_by_role_and_checked_by_axe_windowed() {
    if !std::path::Path::new(MINI_BROWSER).exists() {
        return journeys::skip(
            "harness: WebKit page",
            "WebKitGTK's MiniBrowser is not installed here",
        );
    }
    let desktop = Desktop::start();
    let file = desktop.folder().join("page.html");
    let html = "<!doctype html><html lang=en><title>Page</title><main style=\"padding-top: 150px\"><h1>Page</h1>\
        <button onclick=\"document.querySelector('output').textContent = 'asked'\">Go Offline</button>\
        <output aria-label=Answer data-testid=answer>-</output><input></main></html>";
    std::fs::write(&file, html).expect("our own folder");
    let page = Page::of_program(&desktop, MINI_BROWSER.as_ref(), &["--automation"]);
    page.go(&format!("file://{}", file.display()));
    let window = desktop.screen().wait_until_painted();
    assert_eq!(desktop.screen().windows(), [window]);
    assert!(!page.shows(&Find::Role("button", "Go")));
    page.click(&Find::Role("button", "Go Offline"));
    page.wait_for_text(&Find::TestId("answer"), "asked");
    assert_eq!(page.text(&Find::Label("Answer")), "asked");
    page.press(Key::Tab);
    let violations = page.accessibility_violations();
    assert_eq!(violations.len(), 1, "{violations:?}");
    assert!(violations[0].contains("label"), "{violations:?}");
    page.kill_9();
    desktop.screen().wait_until_empty();
}

#[test]
fn chromium_page_is_driven_the_same_way_windowed() {
    let desktop = Desktop::start();
    let file = desktop.folder().join("page.html");
    let html = "<!doctype html><title>Page</title><h1>Page</h1><label>Name <input></label><p data-testid=typed></p>\
        <script>document.querySelector('input').oninput = (e) => {\
        document.querySelector('p').textContent = e.target.value }</script>";
    std::fs::write(&file, html).expect("our own folder");
    let page = match Page::in_chromium(&desktop, &format!("file://{}", file.display())) {
        Ok(page) => page,
        Err(reason) => return journeys::skip("harness: Chromium page", &reason),
    };
    page.fill(&Find::Label("Name"), "pat");
    page.wait_for_text(&Find::TestId("typed"), "pat");
    assert_eq!(page.focused(), "Name");
}

#[test]
fn port_lists_do_not_overlap() {
    let [one, two] = [Ports::free(4), Ports::free(4)];
    assert!(one.list().iter().all(|port| !two.list().contains(port)));
}

#[test]
fn practice_client_names_what_failed() {
    let port = Ports::free(1);
    let nobody = PracticeOrg::at(&format!("http://127.0.0.1:{}", port.list()[0]));
    let failed = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| nobody.state()));
    let text = *failed
        .expect_err("nobody is there")
        .downcast::<String>()
        .expect("a text");
    assert!(text.contains("GET http://127.0.0.1"), "{text}");
}
