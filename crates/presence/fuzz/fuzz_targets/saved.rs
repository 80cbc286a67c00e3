//! The state file: whatever is in it, an engine starts and can be written down again.
#![no_main]

use libfuzzer_sys::fuzz_target;
use presence::engine::Engine;
use presence::event::Event;
use presence::saved::Saved;
use presence::settings::Settings;
use presence::time::Now;

fuzz_target!(|bytes: &[u8]| {
    if let Ok(saved) = serde_json::from_slice::<Saved>(bytes) {
        let mut engine = Engine::restore(Settings::default(), 1, saved, Now::default());
        engine.handle(Now::default(), Event::Tick);
        let text = serde_json::to_vec(engine.saved()).unwrap();
        assert_eq!(&serde_json::from_slice::<Saved>(&text).unwrap(), engine.saved());
    }
});
