//! The font of all documents, DejaVu Sans Condensed, and how text becomes glyphs of it.

use std::sync::LazyLock;

use krilla::text::{Font, GlyphId, KrillaGlyph};
use rustybuzz::{Direction, Face, UnicodeBuffer};

/// How heavy the strokes are.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Weight {
    Regular,
    Bold,
}

impl Weight {
    pub(crate) const ALL: [Self; 2] = [Self::Regular, Self::Bold];

    /// The font of this weight, read once.
    pub(crate) fn typeface(self) -> &'static Typeface {
        static REGULAR: LazyLock<Typeface> =
            LazyLock::new(|| Typeface::read(dejavu::sans_condensed::regular()));
        static BOLD: LazyLock<Typeface> =
            LazyLock::new(|| Typeface::read(dejavu::sans_condensed::bold()));
        match self {
            Self::Regular => &REGULAR,
            Self::Bold => &BOLD,
        }
    }
}

/// A font, as what shapes text and as what is embedded.
pub(crate) struct Typeface {
    face: Face<'static>,
    font: Font,
}

impl Typeface {
    fn read(bytes: &'static [u8]) -> Self {
        let face = Face::from_slice(bytes, 0).expect("the crate `dejavu` has whole fonts");
        let font = Font::new(bytes.into(), 0).expect("the crate `dejavu` has whole fonts");
        Self { face, font }
    }

    /// What is embedded.
    pub(crate) fn font(&self) -> Font {
        self.font.clone()
    }

    /// Whether there is a glyph for a character.
    pub(crate) fn has(&self, character: char) -> bool {
        self.face.glyph_index(character).is_some()
    }
}

/// Text of one weight and one direction, as glyphs from the left.
#[derive(Clone, Debug)]
pub(crate) struct Run {
    /// Where the text begins in that of its line, in bytes.
    pub(crate) start: usize,
    pub(crate) text: String,
    pub(crate) weight: Weight,
    pub(crate) glyphs: Vec<KrillaGlyph>,
    /// In parts of the font's size.
    pub(crate) width: f32,
}

impl Run {
    /// Shapes text that [`printable`](super::printable::printable) has let pass.
    pub(crate) fn shape(start: usize, text: &str, weight: Weight, direction: Direction) -> Self {
        let face = &weight.typeface().face;
        let mut buffer = UnicodeBuffer::new();
        buffer.push_str(text);
        buffer.guess_segment_properties();
        buffer.set_direction(direction);
        let shaped = rustybuzz::shape(face, &[], buffer);

        let mut starts: Vec<usize> = shaped
            .glyph_infos()
            .iter()
            .map(|info| info.cluster as usize)
            .collect();
        starts.sort_unstable();
        let end_of_cluster = |cluster: usize| {
            let next = starts.partition_point(|other| *other <= cluster);
            starts.get(next).copied().unwrap_or(text.len())
        };

        let em = face.units_per_em() as f32;
        let glyphs: Vec<KrillaGlyph> = shaped
            .glyph_infos()
            .iter()
            .zip(shaped.glyph_positions())
            .map(|(info, position)| {
                let cluster = info.cluster as usize;
                KrillaGlyph::new(
                    GlyphId::new(info.glyph_id),
                    position.x_advance as f32 / em,
                    position.x_offset as f32 / em,
                    position.y_offset as f32 / em,
                    position.y_advance as f32 / em,
                    cluster..end_of_cluster(cluster),
                    None,
                )
            })
            .collect();
        Self {
            start,
            text: text.to_owned(),
            weight,
            width: glyphs.iter().map(|glyph| glyph.x_advance).sum(),
            glyphs,
        }
    }
}
