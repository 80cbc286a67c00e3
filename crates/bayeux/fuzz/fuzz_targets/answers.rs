//! A server that answers arbitrary bytes: lines, each the answer to the request under way that its first byte names.

#![no_main]

use bayeux::{Client, Options, Poll, Replay};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let ack = bytes.first().is_some_and(|byte| byte % 2 == 1);
    let mut client = Client::new(Options { ack, ..Options::default() }, 7);
    client.subscribe("/topic/Usp?UserId=005", Replay::After(3));
    client.subscribe("/a/**", Replay::Off);
    let (mut now_ms, mut open) = (0, Vec::new());
    for line in bytes.split(|byte| *byte == b'\n') {
        for _ in 0..4 {
            match client.poll(now_ms) {
                Poll::Post(post) => open.push(post.request),
                Poll::WaitUntil(at) => {
                    assert!(at > now_ms);
                    now_ms = at;
                }
                Poll::RenewToken => client.token_renewed(),
                Poll::Stopped => client.start_again(),
                Poll::Wait => break,
            }
        }
        let Some((first, body)) = line.split_first() else { continue };
        if open.is_empty() {
            return;
        }
        let request = open.remove(usize::from(*first) % open.len());
        let _ = match first % 16 {
            13 => client.failed(now_ms, request),
            14 => client.answer(now_ms, request, 401, None, body),
            15 => client.answer(now_ms, request, 503, Some(1_000), body),
            _ => client.answer(now_ms, request, 200, None, body),
        };
    }
});
