//! Where things stand: blocks flow down A4 pages, and remember what they are for those who do not see.

use krilla::geom::{Path, PathBuilder, Point, Rect};
use krilla::tagging::TagKind;

use super::line::Line;
use super::style::Ink;

/// A4, in points.
pub(crate) const PAGE_WIDTH: f32 = 595.28;
pub(crate) const PAGE_HEIGHT: f32 = 841.89;
/// At the left and the right: 20 mm.
pub(crate) const MARGIN: f32 = 56.7;
/// What text has from left to right.
pub(crate) const TEXT_WIDTH: f32 = PAGE_WIDTH - 2.0 * MARGIN;

/// Below the strip that is at the top of every page.
const TOP: f32 = 58.0;
/// Above the line at the foot of every page.
const BOTTOM: f32 = PAGE_HEIGHT - 62.0;

/// Something on a page.
pub(crate) struct Piece {
    pub(crate) drawing: Drawing,
    /// Whether it says something, or only looks like something.
    pub(crate) is_content: bool,
}

/// What can be on a page.
pub(crate) enum Drawing {
    /// Text, by the left end of its foot.
    Text { at: Point, line: Line },
    /// An area.
    Area { path: Path, ink: Ink },
}

/// Where a piece is.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Place {
    pub(crate) page: usize,
    pub(crate) piece: usize,
}

/// What is read aloud, in its order.
#[derive(Clone, Debug)]
pub(crate) enum Node {
    Group(TagKind, Vec<Node>),
    Piece(Place),
}

/// A heading, for the list of contents.
#[derive(Clone, Debug)]
pub(crate) struct Bookmark {
    pub(crate) title: String,
    pub(crate) page: usize,
    pub(crate) top: f32,
}

/// A document as it is put together.
pub(crate) struct Layout {
    pub(crate) pages: Vec<Vec<Piece>>,
    pub(crate) nodes: Vec<Node>,
    pub(crate) bookmarks: Vec<Bookmark>,
    top: f32,
}

impl Layout {
    pub(crate) fn new() -> Self {
        Self {
            pages: vec![Vec::new()],
            nodes: Vec::new(),
            bookmarks: Vec::new(),
            top: TOP,
        }
    }

    /// Where the next thing goes, in points from the top of the page.
    pub(crate) fn top(&self) -> f32 {
        self.top
    }

    /// The number of the page, from 0.
    pub(crate) fn page(&self) -> usize {
        self.pages.len() - 1
    }

    /// Goes to a new page unless there is so much room on this one. Whether it did.
    pub(crate) fn make_room(&mut self, height: f32) -> bool {
        // What is higher than a page is begun wherever it is.
        let breaks = BOTTOM < self.top + height && TOP < self.top;
        if breaks {
            self.pages.push(Vec::new());
            self.top = TOP;
        }
        breaks
    }

    /// Leaves room.
    pub(crate) fn skip(&mut self, height: f32) {
        self.top += height;
    }

    /// Text that is read aloud; its top is where the next thing goes.
    pub(crate) fn text(&mut self, left: f32, line: Line) -> Node {
        self.text_on(left, line.style.ascent(), line)
    }

    /// The same, with its foot so many points lower: what stands beside each other has feet of one height.
    pub(crate) fn text_on(&mut self, left: f32, foot: f32, line: Line) -> Node {
        let at = Point::from_xy(left, self.top + foot);
        self.content(Drawing::Text { at, line })
    }

    /// Text that only repeats what was read already.
    pub(crate) fn repeated_text(&mut self, left: f32, line: Line) {
        let at = Point::from_xy(left, self.top + line.style.ascent());
        self.put(Drawing::Text { at, line }, false);
    }

    /// An area that is read aloud, by its description.
    pub(crate) fn picture(&mut self, path: Path, ink: Ink) -> Node {
        self.content(Drawing::Area { path, ink })
    }

    /// An area that says nothing.
    pub(crate) fn ornament(&mut self, area: Rect, ink: Ink) {
        let mut path = PathBuilder::new();
        path.push_rect(area);
        if let Some(path) = path.finish() {
            self.put(Drawing::Area { path, ink }, false);
        }
    }

    fn content(&mut self, drawing: Drawing) -> Node {
        Node::Piece(self.put(drawing, true))
    }

    fn put(&mut self, drawing: Drawing, is_content: bool) -> Place {
        let page = self.page();
        let pieces = self.pages.last_mut();
        let piece = pieces.as_ref().map_or(0, |pieces| pieces.len());
        if let Some(pieces) = pieces {
            pieces.push(Piece {
                drawing,
                is_content,
            });
        }
        Place { page, piece }
    }
}
