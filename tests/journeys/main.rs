//! The journeys: each plays one story through the whole program. One file a story; in each, `windowed` is
//! played through a real window and `headless` by `holdlinectl`.

/// The story `play` of this file, once on each surface.
macro_rules! on_both_surfaces {
    () => {
        #[test]
        fn headless() {
            play(crate::stage::Surface::Headless);
        }

        #[test]
        fn windowed() {
            play(crate::stage::Surface::Windowed);
        }
    };
}

mod amazon_connect;
mod amazon_rules;
mod asked_what_is_wrong;
mod available_cancels;
mod bad_input;
mod cancel;
mod console_hostile_pages;
mod console_in_chromium;
mod console_refusals;
mod console_setup;
mod console_tabs;
mod corrupt_state_file;
mod crash_while_held;
mod desktop_session;
mod harness;
mod main_job;
mod offline_in_console_mid_call;
mod offline_while_ringing;
mod org_unreachable_then_back;
mod policy_block;
mod second_call;
mod secrets_stay_secret;
mod session_ends_on_windows;
mod sign_in_refused;
mod stage;
mod started_mid_call;
mod starts_with_the_desktop;
mod teaching_pair;
mod trace_tells_why;
mod two_holdlines;
mod update_waits;
mod voice_connector;
mod work_from_holdline;
