//! Lines: where text is broken, and in which order its parts stand.

use std::collections::BTreeMap;

use rustybuzz::Direction;
use unicode_bidi::{BidiInfo, Level};

use super::style::Style;
use super::typeface::Run;

/// One line, ready to be drawn.
#[derive(Clone, Debug)]
pub(crate) struct Line {
    /// From the left.
    pub(crate) runs: Vec<Run>,
    pub(crate) style: Style,
}

impl Line {
    /// A line of text that [`printable`](super::printable::printable) has let pass, however long.
    pub(crate) fn of(text: &str, style: Style) -> Self {
        let bidi = BidiInfo::new(text, Some(Level::ltr()));
        let runs = bidi
            .paragraphs
            .iter()
            .flat_map(|paragraph| {
                let (levels, ranges) = bidi.visual_runs(paragraph, paragraph.range.clone());
                let runs = ranges.into_iter().filter_map(move |range| {
                    let level = levels.get(range.start)?;
                    let direction = if level.is_rtl() {
                        Direction::RightToLeft
                    } else {
                        Direction::LeftToRight
                    };
                    let start = range.start;
                    Some(Run::shape(start, text.get(range)?, style.weight, direction))
                });
                runs.collect::<Vec<Run>>()
            })
            .collect();
        Self { runs, style }
    }

    /// In points.
    pub(crate) fn width(&self) -> f32 {
        let widths = self.runs.iter().map(|run| run.width);
        widths.sum::<f32>() * self.style.size
    }
}

/// Breaks text that [`printable`](super::printable::printable) has let pass into lines of at most so many
/// points, between words, and within a word that is longer than a line.
pub(crate) fn break_lines(text: &str, style: Style, width: f32) -> Vec<Line> {
    let mut lines = Vec::new();
    let mut line = String::new();
    let mut used = 0.0;
    for word in text.split_inclusive(' ') {
        for part in parts_that_fit(word, style, width) {
            let needed = Line::of(part.trim_end(), style).width();
            if width < used + needed && !line.is_empty() {
                lines.push(Line::of(&line, style));
                line.clear();
                used = 0.0;
            }
            line.push_str(part);
            used += Line::of(part, style).width();
        }
    }
    if !line.is_empty() {
        lines.push(Line::of(&line, style));
    }
    lines
}

/// The word, or as many pieces of it as lines are needed for it.
fn parts_that_fit(word: &str, style: Style, width: f32) -> Vec<&str> {
    let shaped = Line::of(word, style);
    if shaped.width() <= width {
        return vec![word];
    }
    let mut parts = Vec::new();
    let mut start = 0;
    let mut used = 0.0;
    for (at, advance) in advances(&shaped) {
        if width < used + advance && start < at {
            parts.extend(word.get(start..at));
            start = at;
            used = 0.0;
        }
        used += advance;
    }
    parts.extend(word.get(start..));
    parts
}

/// How wide each group of characters that cannot be parted is, by where it begins.
fn advances(line: &Line) -> BTreeMap<usize, f32> {
    let mut advances = BTreeMap::new();
    for run in &line.runs {
        for glyph in &run.glyphs {
            *advances
                .entry(run.start + glyph.text_range.start)
                .or_insert(0.0) += glyph.x_advance * line.style.size;
        }
    }
    advances
}
