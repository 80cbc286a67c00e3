use super::*;
use crate::org::{Org, Settings};

const CLIENT: &str = "holdline";
const REDIRECT: &str = "http://localhost:47820/OauthRedirect";
const VERIFIER: &str = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
const TIME_OUT: SignedDuration = SignedDuration::from_hours(2);

fn at(seconds: i64) -> Timestamp {
    Timestamp::from_second(1_700_000_000 + seconds).unwrap()
}

fn pat() -> RepKey {
    Org::new(at(0), 1, Settings::default()).find_rep("pat").unwrap()
}

fn fresh(n: u32) -> Fresh {
    Fresh {
        access_token: format!("access-{n}"),
        refresh_token: format!("refresh-{n}"),
    }
}

fn asked(scope: &str) -> Asked {
    Asked {
        client_id: CLIENT.to_owned(),
        redirect_uri: REDIRECT.to_owned(),
        challenge: Challenge::parse("E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM").unwrap(),
        scope: scope.to_owned(),
    }
}

fn signed_in() -> Auth {
    let mut auth = Auth::default();
    auth.allow(at(0), "code", asked("api refresh_token id"), pat());
    let issued = auth
        .exchange(at(1), "code", CLIENT, REDIRECT, VERIFIER, fresh(1))
        .ok()
        .unwrap();
    assert_eq!(issued.refresh_token.as_deref(), Some("refresh-1"));
    auth
}

fn error(result: Result<Issued, TokenError>) -> &'static str {
    result.err().map_or("none", |error| error.error)
}

#[test]
fn a_code_is_exchanged_once_and_its_reuse_revokes() {
    let mut auth = signed_in();
    assert_eq!(auth.session(at(2), "access-1", TIME_OUT), Some(pat()));
    let again = auth.exchange(at(2), "code", CLIENT, REDIRECT, VERIFIER, fresh(2));
    assert_eq!(error(again), "invalid_grant");
    assert_eq!(auth.session(at(2), "access-1", TIME_OUT), None);
}

#[test]
fn a_wrong_verifier_client_redirect_or_a_late_code_gets_nothing() {
    let mut auth = Auth::default();
    auth.allow(at(0), "code", asked("api"), pat());
    let mut attempt = |seconds, client, redirect, verifier| {
        error(auth.exchange(at(seconds), "code", client, redirect, verifier, fresh(1)))
    };
    assert_eq!(attempt(1, CLIENT, REDIRECT, "guess"), "invalid_grant");
    assert_eq!(attempt(1, "other", REDIRECT, VERIFIER), "invalid_client_id");
    assert_eq!(
        attempt(1, CLIENT, "http://localhost:1/OauthRedirect", VERIFIER),
        "redirect_uri_mismatch"
    );
    assert_eq!(attempt(601, CLIENT, REDIRECT, VERIFIER), "invalid_grant");
    assert_eq!(attempt(599, CLIENT, REDIRECT, VERIFIER), "none");
}

#[test]
fn without_the_scope_there_is_no_refresh_token() {
    let mut auth = Auth::default();
    auth.allow(at(0), "code", asked("api id"), pat());
    let issued = auth.exchange(at(1), "code", CLIENT, REDIRECT, VERIFIER, fresh(1));
    assert_eq!(issued.ok().unwrap().refresh_token, None);
    assert_eq!(
        error(auth.refresh(at(2), "refresh-1", CLIENT, false, fresh(2))),
        "invalid_grant"
    );
}

#[test]
fn without_rotation_a_refresh_token_is_used_again_and_again() {
    let mut auth = signed_in();
    for n in 2..5 {
        let issued = auth
            .refresh(at(2), "refresh-1", CLIENT, false, fresh(n))
            .ok()
            .unwrap();
        assert_eq!(issued.refresh_token, None);
        assert_eq!(auth.session(at(3), &format!("access-{n}"), TIME_OUT), Some(pat()));
    }
}

#[test]
fn with_rotation_the_reuse_of_an_old_token_revokes_everything() {
    let mut auth = signed_in();
    let issued = auth
        .refresh(at(2), "refresh-1", CLIENT, true, fresh(2))
        .ok()
        .unwrap();
    assert_eq!(issued.refresh_token.as_deref(), Some("refresh-2"));
    assert_eq!(
        error(auth.refresh(at(3), "refresh-1", CLIENT, true, fresh(3))),
        "invalid_grant"
    );
    assert_eq!(auth.session(at(3), "access-2", TIME_OUT), None);
    assert_eq!(
        error(auth.refresh(at(3), "refresh-2", CLIENT, true, fresh(3))),
        "invalid_grant"
    );
}

#[test]
fn an_access_token_ends_when_it_is_idle() {
    let mut auth = signed_in();
    let short = SignedDuration::from_secs(10);
    // It was issued at 1; what comes in the first half of the time does not prolong it.
    assert_eq!(auth.session(at(5), "access-1", short), Some(pat()));
    assert_eq!(auth.clone().session(at(11), "access-1", short), None);
    assert_eq!(auth.session(at(6), "access-1", short), Some(pat()));
    assert_eq!(auth.session(at(15), "access-1", short), Some(pat()));
    assert_eq!(auth.session(at(24), "access-1", short), Some(pat()));
    assert_eq!(auth.session(at(34), "access-1", short), None);
    assert_eq!(
        auth.session(at(34), "access-1", short),
        None,
        "nor does asking revive it"
    );
}

#[test]
fn revoking_a_refresh_token_ends_its_sessions() {
    let mut auth = signed_in();
    assert_eq!(auth.revoke("refresh-1"), Ok(()));
    assert_eq!(auth.session(at(2), "access-1", TIME_OUT), None);
    assert!(auth.revoke("refresh-1").is_err());
}

#[test]
fn revoking_an_access_token_leaves_the_grant() {
    let mut auth = signed_in();
    assert_eq!(auth.revoke("access-1"), Ok(()));
    assert_eq!(auth.session(at(2), "access-1", TIME_OUT), None);
    assert_eq!(
        error(auth.refresh(at(2), "refresh-1", CLIENT, false, fresh(2))),
        "none"
    );
}

#[test]
fn the_sixth_grant_revokes_the_oldest() {
    let mut auth = Auth::default();
    for n in 0..6 {
        let code = format!("code-{n}");
        auth.allow(at(0), &code, asked("api refresh_token"), pat());
        assert_eq!(
            error(auth.exchange(at(1), &code, CLIENT, REDIRECT, VERIFIER, fresh(n))),
            "none"
        );
    }
    assert_eq!(auth.session(at(2), "access-0", TIME_OUT), None);
    assert_eq!(auth.session(at(2), "access-1", TIME_OUT), Some(pat()));
}
