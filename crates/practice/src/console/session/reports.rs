//! Reporting events and answers, one report at a time.

use std::sync::atomic::Ordering;

use reqwest::StatusCode;
use wire::bridge::{REPORT_PATH, Report, Reported};

use super::page::{Ended, Page, Session, lock};

/// Reports whatever is to be reported while there is a session.
pub(super) async fn run(page: &Page<'_>) -> Ended {
    let mut failures = 0;
    loop {
        let session = page.session.borrow().clone();
        let batch = lock(&page.outbox).batch();
        let owes = page.owes_setup.load(Ordering::Relaxed);
        let batch = batch.or_else(|| owes.then(Default::default));
        let (Some(session), Some(batch)) = (session, batch) else {
            page.to_report.notified().await;
            continue;
        };
        let setup = match owes {
            true => page.org.setup().await.ok(),
            false => None,
        };
        let report = Report {
            session: session.id.clone(),
            events: batch.events.clone(),
            results: batch.results.clone(),
            setup,
            leaving: false,
        };
        let limit = page.options.timings.answer;
        match page
            .bridge
            .post::<Reported>(session.port, REPORT_PATH, &report, limit)
            .await
        {
            Ok(reported) => {
                let taken = lock(&page.outbox).taken(&batch, reported.events_taken);
                failures = if taken || owes { 0 } else { failures + 1 };
                page.owes_setup.store(false, Ordering::Relaxed);
            }
            Err(failure) => {
                failures += 1;
                match failure.status() {
                    Some(StatusCode::UNAUTHORIZED | StatusCode::CONFLICT) => {
                        page.lose_session(session.number, &failure);
                    }
                    // Sent again it would be refused again, and everything after it would wait behind it.
                    Some(
                        StatusCode::BAD_REQUEST
                        | StatusCode::PAYLOAD_TOO_LARGE
                        | StatusCode::UNPROCESSABLE_ENTITY,
                    ) => {
                        return Ended::StartOver;
                    }
                    _ => {}
                }
            }
        }
        if failures > 0 {
            pause(page, &session, failures).await;
        }
    }
}

/// Waits before the next try, but not into the next session.
async fn pause(page: &Page<'_>, session: &Session, failures: u32) {
    let mut open = page.session.subscribe();
    tokio::select! {
        () = tokio::time::sleep(page.options.timings.delay(failures - 1)) => {}
        _ = open.wait_for(|open| open.as_ref() != Some(session)) => {}
    }
}
