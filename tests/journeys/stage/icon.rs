//! A tray icon's pixels, kept as a picture.

use std::fs::File;
use std::path::Path;

/// A tray icon in its sizes: width, height, and ARGB bytes.
pub(crate) type Icon = Vec<(i32, i32, Vec<u8>)>;

/// Writes the largest size as a PNG.
#[track_caller]
pub(crate) fn write(icon: &Icon, path: &Path) {
    let (width, height, pixels) = icon
        .iter()
        .max_by_key(|(width, ..)| *width)
        .expect("the icon has a size");
    let side = |length: i32| u32::try_from(length).expect("no icon is that large");
    let file = File::create(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    let mut png = png::Encoder::new(file, side(*width), side(*height));
    png.set_color(png::ColorType::Rgba);
    png.set_depth(png::BitDepth::Eight);
    let colours: Vec<u8> = pixels
        .chunks_exact(4)
        .flat_map(|argb| [argb[1], argb[2], argb[3], argb[0]])
        .collect();
    let written = png
        .write_header()
        .and_then(|mut png| png.write_image_data(&colours));
    written.unwrap_or_else(|error| panic!("{}: {error}", path.display()));
}
