//! What machines read: bars (Code 39) and squares (QR), as a grid of dark and light.

use barcoders::sym::code39::Code39;
use krilla::geom::{Path, PathBuilder, Rect};
use qrcodegen::{QrCode, QrCodeEcc};

use crate::error::DocumentError;

/// Dark and light, in rows from the top.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(crate) struct Marks {
    columns: usize,
    dark: Vec<bool>,
}

/// Light columns and rows that a reader needs around a QR code (ISO/IEC 18004).
const QUIET_ZONE: i32 = 4;

impl Marks {
    /// A text as Code 39 (ISO/IEC 16388), with the stars at its ends and without a check character: one row.
    pub(crate) fn code39(text: &str) -> Result<Self, DocumentError> {
        let no_bars = |_| DocumentError::NoBars {
            text: text.to_owned(),
        };
        let bars = Code39::new(text).map_err(no_bars)?.encode();
        Ok(Self {
            columns: bars.len(),
            dark: bars.into_iter().map(|bar| bar == 1).collect(),
        })
    }

    /// A text as QR code, of which a quarter may be soiled, with the light zone around it.
    pub(crate) fn qr(text: &str) -> Result<Self, DocumentError> {
        let code = QrCode::encode_text(text, QrCodeEcc::Quartile)
            .map_err(|_| DocumentError::TooLongForCode { length: text.len() })?;
        let places = -QUIET_ZONE..code.size() + QUIET_ZONE;
        Ok(Self {
            columns: places.len(),
            // What is outside of the code is light.
            dark: places
                .clone()
                .flat_map(|row| places.clone().map(move |column| (column, row)))
                .map(|(column, row)| code.get_module(column, row))
                .collect(),
        })
    }

    /// How many bars or squares stand beside each other.
    pub(crate) fn columns(&self) -> usize {
        self.columns
    }

    /// What is dark, as one path that fills a rectangle. Neighbours in a row are one rectangle, so that no
    /// light line shows between them.
    pub(crate) fn path(&self, within: Rect) -> Option<Path> {
        let rows = self.dark.chunks(self.columns);
        let width = within.width() / self.columns as f32;
        let height = within.height() / rows.len() as f32;
        let mut path = PathBuilder::new();
        for (row, places) in rows.enumerate() {
            let top = within.top() + row as f32 * height;
            let mut column = 0;
            for stretch in places.chunk_by(|left, right| left == right) {
                let left = within.left() + column as f32 * width;
                column += stretch.len();
                if stretch.first() == Some(&true) {
                    let stretch = stretch.len() as f32 * width;
                    path.push_rect(Rect::from_xywh(left, top, stretch, height)?);
                }
            }
        }
        path.finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn code_39_has_its_stars() {
        let marks = Marks::code39("A").unwrap();
        let row: String = marks
            .dark
            .iter()
            .map(|dark| if *dark { '1' } else { '0' })
            .collect();
        assert_eq!(
            row,
            "1001011011010110101001011010010110110 1".replace(' ', "")
        );
    }

    #[test]
    fn code_39_is_for_capitals_and_digits() {
        let refused = Err(DocumentError::NoBars {
            text: "é".to_owned(),
        });
        assert_eq!(Marks::code39("é"), refused);
    }

    #[test]
    fn a_qr_code_has_a_limit() {
        assert_eq!(Marks::qr("COLLAUDO").unwrap().columns(), 21 + 8);
        let refused = Err(DocumentError::TooLongForCode { length: 3_000 });
        assert_eq!(Marks::qr(&"a".repeat(3_000)), refused);
    }
}
