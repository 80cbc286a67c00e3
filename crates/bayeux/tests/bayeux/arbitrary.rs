//! Whatever comes, it is taken without a panic, and the client can always say what to do next.

use bayeux::{Client, Options, Poll, Replay, RequestId};
use proptest::prelude::*;

/// A call of the client.
#[derive(Clone, Debug)]
enum Call {
    Answer(usize, u16, Option<u64>, Vec<u8>),
    Disconnect,
    Failed(usize),
    Later(u64),
    Poll,
    StartAgain,
    Subscribe(String, i64),
    TokenRenewed,
    Unsubscribe(String),
}

fn pieces() -> impl Strategy<Value = Vec<u8>> {
    let piece = prop::sample::select(vec![
        r#"[{"channel":"/meta/handshake","successful":true,"clientId":"c","id":"1","ext":{"ack":true,"replay":true}}]"#,
        r#"[{"channel":"/meta/subscribe","successful":true,"subscription":"/a"},{"channel":"/a","data":{"event":{"replayId":3}}}]"#,
        r#"[{"channel":"/meta/connect","successful":true,"ext":{"ack":3},"advice":{"interval":99999999999,"timeout":1}}]"#,
        r#"{"error":"403::Unknown client","successful":false,"advice":{"reconnect":"handshake"}}"#,
        r#"[{"channel":"/meta/subscribe","successful":false,"subscription":"/a","error":"400::The replayId {1}"}]"#,
        r#"[{"channel":"/meta/connect","successful":true,"advice":{"reconnect":"none"}},3,[],{"channel":{}}]"#,
        r#"[{"channel":"/meta/connect","successful":false,"error":"401::x"}]"#,
        "[]",
        "",
    ]);
    prop_oneof![
        piece.clone().prop_map(|piece| piece.as_bytes().to_vec()),
        (piece, 0usize..200, any::<u8>()).prop_map(|(piece, place, byte)| {
            let mut bytes = piece.as_bytes().to_vec();
            if let Some(changed) = bytes.get_mut(place) {
                *changed = byte;
            }
            bytes
        }),
        prop::collection::vec(any::<u8>(), 0..64),
    ]
}

fn calls() -> impl Strategy<Value = Vec<Call>> {
    let channel = "(/[ab?*]{1,3}|/a)";
    let call = prop_oneof![
        6 => Just(Call::Poll),
        6 => (0usize..3, prop::sample::select(vec![200u16, 200, 200, 401, 403, 503, 999]), any::<Option<u64>>(), pieces())
            .prop_map(|(which, status, retry, body)| Call::Answer(which, status, retry, body)),
        1 => (0usize..3).prop_map(Call::Failed),
        2 => any::<u64>().prop_map(Call::Later),
        1 => Just(Call::TokenRenewed),
        1 => (channel, any::<i64>()).prop_map(|(channel, position)| Call::Subscribe(channel, position)),
        1 => channel.prop_map(Call::Unsubscribe),
        1 => Just(Call::StartAgain),
        1 => Just(Call::Disconnect),
    ];
    prop::collection::vec(call, 0..60)
}

proptest! {
    #[test]
    fn nothing_panics_and_nothing_hangs(calls in calls(), ack in any::<bool>(), seed in any::<u64>()) {
        let mut client = Client::new(Options { ack, ..Options::default() }, seed);
        client.subscribe("/a", Replay::After(1));
        let mut now_ms = 0u64;
        let mut open: Vec<RequestId> = Vec::new();
        for call in calls {
            match call {
                Call::Answer(which, status, retry, body) => {
                    if let Some(request) = open.get(which).copied() {
                        open.remove(which);
                        let _ = client.answer(now_ms, request, status, retry, &body);
                    }
                }
                Call::Failed(which) => {
                    if let Some(request) = open.get(which).copied() {
                        open.remove(which);
                        let _ = client.failed(now_ms, request);
                    }
                }
                Call::Disconnect => client.disconnect(),
                Call::Later(ms) => now_ms = now_ms.saturating_add(ms),
                Call::Poll => match client.poll(now_ms) {
                    Poll::Post(post) => {
                        prop_assert!(serde_json::from_str::<serde_json::Value>(&post.body).is_ok());
                        prop_assert!((1..=615_000).contains(&post.time_out_ms));
                        open.push(post.request);
                    }
                    Poll::WaitUntil(at) => prop_assert!(at > now_ms),
                    Poll::Wait => prop_assert!(!open.is_empty(), "it waits for nothing"),
                    Poll::RenewToken | Poll::Stopped => {}
                },
                Call::StartAgain => client.start_again(),
                Call::Subscribe(channel, position) => client.subscribe(&channel, Replay::After(position)),
                Call::TokenRenewed => client.token_renewed(),
                Call::Unsubscribe(channel) => client.unsubscribe(&channel),
            }
        }
    }
}
