//! The pictures of the tray: by shape and colour for the call phase, with a mark while something is held.
//! Their sources are in `icons/svg`.

use presence::picture::CallPhase;

/// Which picture.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Icon {
    /// A call phase; `held`: with the mark.
    Call { phase: CallPhase, held: bool },
    /// Nobody is signed in.
    SignedOut,
}

/// Pixels, four bytes each (red, green, blue, alpha), row by row from the top.
pub(super) struct Pixels {
    pub(super) width: u32,
    pub(super) height: u32,
    pub(super) rgba: Vec<u8>,
}

impl Icon {
    /// Its pixels; none if its file is broken, which a test rules out.
    pub(super) fn pixels(self) -> Option<Pixels> {
        let mut reader = png::Decoder::new(std::io::Cursor::new(self.png()))
            .read_info()
            .ok()?;
        let mut rgba = vec![0; reader.output_buffer_size()?];
        let info = reader.next_frame(&mut rgba).ok()?;
        let expected = (png::ColorType::Rgba, png::BitDepth::Eight);
        ((info.color_type, info.bit_depth) == expected).then_some(Pixels {
            width: info.width,
            height: info.height,
            rgba,
        })
    }

    fn png(self) -> &'static [u8] {
        use CallPhase::{Idle, OnCall, Ringing, Unknown, WrapUp};

        macro_rules! file {
            ($name:literal) => {
                include_bytes!(concat!("../../../icons/tray/", $name, ".png"))
            };
        }
        match self {
            Self::SignedOut => file!("signed_out"),
            Self::Call {
                phase: Idle,
                held: false,
            } => file!("idle"),
            Self::Call {
                phase: Idle,
                held: true,
            } => file!("idle-held"),
            Self::Call {
                phase: OnCall,
                held: false,
            } => file!("on_call"),
            Self::Call {
                phase: OnCall,
                held: true,
            } => file!("on_call-held"),
            Self::Call {
                phase: Ringing,
                held: false,
            } => file!("ringing"),
            Self::Call {
                phase: Ringing,
                held: true,
            } => file!("ringing-held"),
            Self::Call {
                phase: Unknown,
                held: false,
            } => file!("unknown"),
            Self::Call {
                phase: Unknown,
                held: true,
            } => file!("unknown-held"),
            Self::Call {
                phase: WrapUp,
                held: false,
            } => file!("wrap_up"),
            Self::Call {
                phase: WrapUp,
                held: true,
            } => file!("wrap_up-held"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_picture_can_be_drawn_and_none_is_like_another() {
        use CallPhase::*;
        let phases = [Idle, OnCall, Ringing, Unknown, WrapUp];
        let icons = phases
            .into_iter()
            .flat_map(|phase| [false, true].map(|held| Icon::Call { phase, held }));
        let mut seen = std::collections::BTreeSet::new();
        for icon in icons.chain([Icon::SignedOut]) {
            let pixels = icon.pixels().unwrap_or_else(|| panic!("{icon:?} is broken"));
            assert_eq!((pixels.width, pixels.height), (64, 64));
            assert!(seen.insert(pixels.rgba), "{icon:?} looks like another");
        }
    }

    /// WCAG 2.2's relative luminance of an sRGB colour.
    fn luminance(rgb: &[u8]) -> f64 {
        let linear = |channel: u8| {
            let channel = f64::from(channel) / 255.0;
            if channel <= 0.040_45 {
                channel / 12.92
            } else {
                ((channel + 0.055) / 1.055).powf(2.4)
            }
        };
        0.2126 * linear(rgb[0]) + 0.7152 * linear(rgb[1]) + 0.0722 * linear(rgb[2])
    }

    fn contrast(one: &[u8], other: &[u8]) -> f64 {
        let (one, other) = (luminance(one), luminance(other));
        (one.max(other) + 0.05) / (one.min(other) + 0.05)
    }

    #[test]
    fn every_picture_is_seen_on_light_and_dark_panels() {
        use CallPhase::*;
        let phases = [Idle, OnCall, Ringing, Unknown, WrapUp].map(|phase| Icon::Call { phase, held: false });
        for icon in phases.into_iter().chain([Icon::SignedOut]) {
            let pixels = icon.pixels().unwrap_or_else(|| panic!("{icon:?} is broken"));
            let mut colours = std::collections::BTreeMap::new();
            for pixel in pixels.rgba.chunks_exact(4).filter(|pixel| pixel[3] == u8::MAX) {
                *colours.entry(&pixel[..3]).or_insert(0_u32) += 1;
            }
            let (most, _) = colours.into_iter().max_by_key(|(_, count)| *count).unwrap();
            for panel in [[0xf0; 3], [0x2b; 3]] {
                let contrast = contrast(most, &panel);
                assert!(contrast >= 3.0, "{icon:?}: {contrast:.2}:1 on {panel:02x?}");
            }
        }
    }
}
