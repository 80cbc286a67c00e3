//! One page's connection, from its first frame to its last.

use axum::extract::ws::WebSocket;
use presence::event::Event;
use presence::phone::PhoneJoined;
use presence::problem::{Problem, ProblemCode};
use secrecy::SecretString;
use serde::{Deserialize, Serialize};
use telephony::amazon_connect::{Adapter, FromPage, Heard as Told, PROTOCOL, Trouble};
use tokio::sync::watch;
use tokio::time::timeout;
use wire::connector::Rights;
use wire::key::Key;

use super::{Ccp, Pages};
use crate::connector::line::{Gone, Heard, Line};
use crate::connector::seat::{Claim, Order, Seat};
use crate::problem::Refusal;
use crate::signed_in::Owner;

/// The page's first frame.
#[derive(Deserialize)]
#[serde(tag = "type", rename_all = "camelCase")]
enum First {
    Hello { protocol: u32, token: Key },
}

/// The answer to it, or the last word.
#[derive(Serialize)]
#[serde(tag = "type", rename_all = "camelCase", rename_all_fields = "camelCase")]
enum Word<'a> {
    Refused {
        code: &'a str,
        detail: &'a str,
    },
    Welcome {
        /// For the next time.
        token: Key,
        ccp_url: &'a str,
        login_url: Option<&'a str>,
        softphone: bool,
    },
}

enum End {
    Farewell(Refusal),
    Silent,
}

impl From<Refusal> for End {
    fn from(refusal: Refusal) -> Self {
        Self::Farewell(refusal)
    }
}

impl From<Gone> for End {
    fn from(_: Gone) -> Self {
        Self::Silent
    }
}

fn bad_frame(why: &str) -> End {
    End::Farewell(Refusal::bad_frame(why))
}

/// Serves a page until it leaves or is sent away.
pub(super) async fn serve(ccp: Ccp, socket: WebSocket) {
    let stop = ccp.0.stop.clone();
    let mut line = Line::new(socket, ccp.0.timings.phone_silence);
    let admitted = tokio::select! {
        admitted = admit(&ccp, &mut line) => admitted,
        () = stop.heard() => Err(End::Silent),
    };
    let mut line = line.of();
    let end = match admitted {
        Ok(owner) => {
            let mut page = Page::new(ccp, owner);
            tokio::select! {
                Err(end) = page.talk(&mut line) => end,
                () = stop.heard() => End::Silent,
            }
        }
        Err(end) => end,
    };
    if let End::Farewell(refusal) = end {
        let code = refusal.code();
        tracing::info!(code, "a page with Amazon Connect's panel is sent away");
        let detail = &refusal.into_detail();
        let _ = line.tell(&Word::Refused { code, detail }).await;
    }
    line.close().await;
}

async fn admit(ccp: &Ccp, line: &mut Line<First>) -> Result<Owner, End> {
    let first = timeout(ccp.0.timings.phone_register, line.next()).await;
    let First::Hello { protocol, token } = match first {
        Ok(Heard::Frame(frame)) => *frame,
        Ok(Heard::Bad(why)) => return Err(bad_frame(&why)),
        Ok(Heard::Gone) => return Err(End::Silent),
        Err(_) => return Err(bad_frame("no `hello` came in time")),
    };
    if protocol != PROTOCOL {
        return Err(bad_frame("it is of another version: load the page again"));
    }
    let owner = ccp.0.current.expect_rep()?.owner();
    if !ccp.0.tokens.take(token.expose(), owner) {
        return Err(Refusal::used_up().into());
    }
    let token: SecretString = ccp.0.tokens.mint(owner);
    let amazon = &ccp.0.amazon;
    let welcome = Word::Welcome {
        token: token.into(),
        ccp_url: amazon.instance.ccp_url(),
        login_url: amazon.login_url.as_deref(),
        softphone: amazon.softphone,
    };
    line.tell(&welcome).await?;
    Ok(owner)
}

/// A page that was let in; dropped, it is gone.
struct Page {
    ccp: Ccp,
    owner: Owner,
    number: u64,
    adapter: Adapter,
    seat: Option<Seat>,
}

impl Page {
    fn new(ccp: Ccp, owner: Owner) -> Self {
        let mut number = 0;
        ccp.0.pages.send_modify(|pages| {
            pages.newest += 1;
            pages.linked = true;
            number = pages.newest;
        });
        ccp.cleared(ProblemCode::ConnectPageClosed);
        Self {
            ccp,
            owner,
            number,
            adapter: Adapter::default(),
            seat: None,
        }
    }

    async fn talk(&mut self, line: &mut Line<FromPage>) -> Result<std::convert::Infallible, End> {
        let mut pages = self.ccp.0.pages.subscribe();
        let number = self.number;
        loop {
            let order = async {
                match &mut self.seat {
                    Some(seat) => seat.orders.recv().await,
                    None => std::future::pending().await,
                }
            };
            tokio::select! {
                // What the panel has told counts before what was decided without knowing it.
                biased;
                heard = line.next() => match heard {
                    Heard::Frame(frame) => self.take(*frame)?,
                    Heard::Bad(why) => return Err(bad_frame(&why)),
                    Heard::Gone => return Err(End::Silent),
                },
                () = newer(&mut pages, number) => {
                    return Err(Refusal::replaced().into());
                }
                order = order => match order {
                    Some(Order::Leave(why)) => return Err(why.into()),
                    Some(Order::SetState { command, state, enqueue }) => {
                        match self.adapter.ask(command, state, enqueue) {
                            Ok(frame) => line.tell(&frame).await?,
                            Err(outcome) => self.post(Event::PhoneAnswered { command, outcome }),
                        }
                    }
                    None => return Err(End::Silent),
                },
            }
        }
    }

    fn take(&mut self, frame: FromPage) -> Result<(), End> {
        for told in self.adapter.hear(frame) {
            match told {
                Told::Event(event) => self.post(event),
                Told::Joined(phone) => {
                    let seat = Seat::take(&self.ccp.0.phones, self.claim(phone))?;
                    // The older seat, if any, is not the newest any more, so that dropping it says nothing.
                    self.seat = Some(seat);
                    self.ccp.cleared(ProblemCode::ConnectNotApproved);
                    self.ccp.cleared(ProblemCode::ConnectSignIn);
                }
                Told::Left(trouble) => {
                    self.seat = None;
                    self.ccp.troubled(trouble);
                }
            }
        }
        Ok(())
    }

    /// Its right ends with its connection.
    fn claim(&self, phone: PhoneJoined) -> Claim {
        Claim {
            owner: self.owner,
            token: None,
            rights: Rights::Control,
            phone,
        }
    }

    fn post(&self, event: Event) {
        if let Some(seat) = &self.seat {
            seat.occupant.post(event);
        }
    }
}

/// Waits until a newer page has come.
async fn newer(pages: &mut watch::Receiver<Pages>, number: u64) {
    // The sender lives as long as the doors.
    let _ = pages.wait_for(|pages| pages.newest != number).await;
}

impl Drop for Page {
    fn drop(&mut self) {
        self.ccp.0.pages.send_if_modified(|pages| {
            let newest = pages.newest == self.number;
            pages.linked &= !newest;
            newest
        });
    }
}

impl Ccp {
    fn troubled(&self, trouble: Trouble) {
        let instance = self.0.amazon.instance.origin();
        let (code, about) = match trouble {
            Trouble::NotApproved => (ProblemCode::ConnectNotApproved, self.origin()),
            Trouble::SignIn => (ProblemCode::ConnectSignIn, instance.to_owned()),
            // The page loads the panel again, and says more if that does not help.
            Trouble::Silent => return,
        };
        let other = match code {
            ProblemCode::ConnectNotApproved => ProblemCode::ConnectSignIn,
            _ => ProblemCode::ConnectNotApproved,
        };
        self.cleared(other);
        self.0.inbox.post(Event::ProblemRaised(Problem { code, about }));
    }

    fn cleared(&self, code: ProblemCode) {
        self.0.inbox.post(Event::ProblemCleared { code });
    }
}
