//! How things look: colours, and the sizes of text.

use krilla::color::rgb;
use krilla::paint::Fill;

use super::typeface::Weight;

/// A colour: red, green, blue.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) struct Ink(u8, u8, u8);

impl Ink {
    pub(crate) const BLACK: Self = Self(0, 0, 0);
    /// What is read.
    pub(crate) const TEXT: Self = Self(23, 32, 42);
    /// What is read less often; 4.5 to 1 on white and more.
    pub(crate) const MUTED: Self = Self(71, 85, 99);
    /// Headings.
    pub(crate) const BLUE: Self = Self(0, 82, 163);
    /// Lines between things.
    pub(crate) const RULE: Self = Self(196, 206, 216);
    /// Behind the heads of tables.
    pub(crate) const TINT: Self = Self(236, 242, 249);
    pub(crate) const WHITE: Self = Self(255, 255, 255);

    pub(crate) fn fill(self) -> Fill {
        Fill {
            paint: rgb::Color::new(self.0, self.1, self.2).into(),
            ..Fill::default()
        }
    }
}

/// How text looks.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Style {
    pub(crate) weight: Weight,
    /// In points.
    pub(crate) size: f32,
    pub(crate) ink: Ink,
}

impl Style {
    pub(crate) const TITLE: Self = Self::new(Weight::Bold, 20.0, Ink::BLUE);
    pub(crate) const HEADING: Self = Self::new(Weight::Bold, 12.5, Ink::BLUE);
    pub(crate) const BODY: Self = Self::new(Weight::Regular, 10.0, Ink::TEXT);
    pub(crate) const LABEL: Self = Self::new(Weight::Regular, 9.0, Ink::MUTED);
    pub(crate) const VALUE: Self = Self::new(Weight::Bold, 10.0, Ink::TEXT);
    pub(crate) const COLUMN: Self = Self::new(Weight::Bold, 9.0, Ink::BLUE);
    pub(crate) const CAPTION: Self = Self::new(Weight::Regular, 9.0, Ink::TEXT);
    pub(crate) const BANNER: Self = Self::new(Weight::Bold, 10.0, Ink::WHITE);
    pub(crate) const FOOT: Self = Self::new(Weight::Regular, 8.0, Ink::MUTED);
    /// What is copied by hand.
    pub(crate) const LARGE: Self = Self::new(Weight::Bold, 17.0, Ink::TEXT);

    const fn new(weight: Weight, size: f32, ink: Ink) -> Self {
        Self { weight, size, ink }
    }

    /// From one line to the next, in points.
    pub(crate) fn leading(self) -> f32 {
        self.size * 1.4
    }

    /// From the top of a line to the foot of its letters, in points.
    pub(crate) fn ascent(self) -> f32 {
        self.size * 1.05
    }
}
