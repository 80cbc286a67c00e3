//! Traces, which come from other machines: read, replayed and told.
#![no_main]

use libfuzzer_sys::fuzz_target;
use trace::line::Line;
use trace::reading::lines;
use trace::replay::replay;
use trace::story::Story;

fuzz_target!(|text: &str| {
    let _ = replay(text);
    let mut story = Story::default();
    for numbered in lines(text).unwrap_or_default() {
        let written = numbered.line.to_text().unwrap();
        assert_eq!(Line::parse(&written), Ok(numbered.line.clone()));
        story.hear(numbered.line);
    }
});
