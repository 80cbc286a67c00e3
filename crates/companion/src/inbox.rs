//! The one way into the loop.

use presence::event::{Event, Ticket};
use presence::picture::Picture;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use tokio::sync::{mpsc, oneshot, watch};

/// What a requester is answered.
pub type AnswerSender = oneshot::Sender<presence::effect::Answer>;

/// What the loop takes in.
#[derive(Debug)]
pub enum Post {
    /// Register who waits for a ticket's answer; always posted before the event that carries the ticket.
    Await(Ticket, AnswerSender),
    /// Something happened.
    Event(Event),
}

/// A handle for everybody who has something to say to the loop. Cheap to clone; posting never waits.
#[derive(Clone, Debug)]
pub struct Inbox {
    posts: mpsc::UnboundedSender<Post>,
    tickets: Arc<AtomicU64>,
    pictures: watch::Receiver<Arc<Picture>>,
}

impl Inbox {
    /// The inbox, the loop's end of it, and where the loop puts each new picture.
    pub fn new(first: Picture) -> (Self, mpsc::UnboundedReceiver<Post>, watch::Sender<Arc<Picture>>) {
        let (posts, receiver) = mpsc::unbounded_channel();
        let (sender, pictures) = watch::channel(Arc::new(first));
        (
            Self {
                posts,
                tickets: Arc::default(),
                pictures,
            },
            receiver,
            sender,
        )
    }

    /// Something happened. Without effect once the loop has ended.
    pub fn post(&self, event: Event) {
        let _ = self.posts.send(Post::Event(event));
    }

    /// Posts an event that wants an answer; the receiver fails if the loop ends first.
    pub fn ask(&self, event: impl FnOnce(Ticket) -> Event) -> oneshot::Receiver<presence::effect::Answer> {
        let ticket = Ticket(self.tickets.fetch_add(1, Ordering::Relaxed));
        let (sender, receiver) = oneshot::channel();
        let _ = self.posts.send(Post::Await(ticket, sender));
        let _ = self.posts.send(Post::Event(event(ticket)));
        receiver
    }

    /// The newest picture, and word of each newer one.
    pub fn pictures(&self) -> watch::Receiver<Arc<Picture>> {
        self.pictures.clone()
    }
}
