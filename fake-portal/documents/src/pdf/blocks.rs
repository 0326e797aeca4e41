//! What documents are made of: headings, paragraphs, lists of fields, tables, figures.

use std::num::NonZeroU16;

use krilla::geom::Rect;
use krilla::tagging::{BBox, TableHeaderScope, Tag, TagKind};

use super::layout::{Bookmark, Layout, MARGIN, Node, TEXT_WIDTH};
use super::line::{Line, break_lines};
use super::marks::Marks;
use super::printable::{printable, printable_paragraphs};
use super::style::{Ink, Style};

/// What the labels of fields have from left to right, in points.
const LABEL_WIDTH: f32 = 160.0;
/// Between the columns of a table.
const GUTTER: f32 = 8.0;

/// What machines read, and what people read below it.
pub(crate) struct Figure {
    pub(crate) marks: Marks,
    /// What it is, for those who do not see it.
    pub(crate) description: String,
    pub(crate) caption: String,
    /// Of one bar or square, in points.
    pub(crate) module: f32,
    /// Of all of it, in points.
    pub(crate) height: f32,
}

/// A column of a table.
pub(crate) struct Column<'a> {
    pub(crate) title: &'a str,
    /// Its share of the width.
    pub(crate) share: f32,
}

impl Layout {
    /// The title of the document.
    pub(crate) fn title(&mut self, text: &str) {
        self.heading_of_level(NonZeroU16::MIN, text, Style::TITLE);
    }

    /// A heading in the document.
    pub(crate) fn heading(&mut self, text: &str) {
        self.skip(10.0);
        let second = NonZeroU16::MIN.saturating_add(1);
        self.heading_of_level(second, text, Style::HEADING);
        self.skip(2.0);
    }

    fn heading_of_level(&mut self, level: NonZeroU16, text: &str, style: Style) {
        let text = printable(text);
        // A heading does not stand alone at the foot of a page.
        self.make_room(style.leading() + 3.0 * Style::BODY.leading());
        self.bookmarks.push(Bookmark {
            title: text.clone(),
            page: self.page(),
            top: self.top(),
        });
        let lines = self.lines(&text, style, MARGIN, TEXT_WIDTH);
        let tag = Tag::Hn(level, Some(text));
        self.nodes.push(Node::Group(tag.into(), lines));
    }

    /// Text in the usual size, with its paragraphs.
    pub(crate) fn paragraphs(&mut self, text: &str) {
        self.paragraphs_of(text, Style::BODY);
    }

    /// Text to be copied by hand.
    pub(crate) fn large_print(&mut self, text: &str) {
        self.skip(4.0);
        self.paragraphs_of(text, Style::LARGE);
        self.skip(4.0);
    }

    /// Text that matters less.
    pub(crate) fn small_print(&mut self, text: &str) {
        self.paragraphs_of(text, Style::LABEL);
    }

    fn paragraphs_of(&mut self, text: &str, style: Style) {
        for paragraph in printable_paragraphs(text) {
            let lines = self.lines(&paragraph, style, MARGIN, TEXT_WIDTH);
            self.nodes.push(Node::Group(Tag::P.into(), lines));
            self.skip(4.0);
        }
    }

    fn lines(&mut self, text: &str, style: Style, left: f32, width: f32) -> Vec<Node> {
        break_lines(text, style, width)
            .into_iter()
            .map(|line| {
                self.make_room(style.leading());
                let node = self.text(left, line);
                self.skip(style.leading());
                node
            })
            .collect()
    }

    /// Labels and their values, one pair a row.
    pub(crate) fn fields(&mut self, fields: &[(&str, String)]) {
        let rows = fields
            .iter()
            .map(|(label, value)| {
                let label = Cell::new(TagKind::from(Tag::TH(TableHeaderScope::Row)), MARGIN)
                    .broken(label, Style::LABEL, LABEL_WIDTH - GUTTER);
                let value = Cell::new(TagKind::from(Tag::TD), MARGIN + LABEL_WIDTH).broken(
                    value,
                    Style::VALUE,
                    TEXT_WIDTH - LABEL_WIDTH,
                );
                self.row(vec![label, value], 2.0)
            })
            .collect();
        self.nodes.push(Node::Group(Tag::Table.into(), rows));
    }

    /// A table, whose head stands on every page that it reaches.
    pub(crate) fn table(&mut self, columns: &[Column<'_>], rows: &[Vec<String>]) {
        let shares: f32 = columns.iter().map(|column| column.share).sum();
        let widths: Vec<f32> = columns
            .iter()
            .map(|column| column.share / shares * TEXT_WIDTH)
            .collect();
        let cells = |texts: &mut dyn Iterator<Item = &str>, style: Style, tag: TagKind| {
            let mut left = MARGIN;
            let mut cells = Vec::new();
            for (text, width) in texts.zip(&widths) {
                let cell = Cell::new(tag.clone(), left + GUTTER / 2.0);
                cells.push(cell.broken(text, style, width - GUTTER));
                left += width;
            }
            cells
        };
        let head = || {
            let tag = Tag::TH(TableHeaderScope::Column).into();
            cells(
                &mut columns.iter().map(|column| column.title),
                Style::COLUMN,
                tag,
            )
        };

        self.make_room(4.0 * Style::BODY.leading());
        self.tint(Cell::height_of(&head()) + 4.0);
        let head_row = self.row(head(), 2.0);
        let mut body = Vec::new();
        for row in rows {
            let texts = &mut row.iter().map(String::as_str);
            let cells = cells(texts, Style::BODY, Tag::TD.into());
            if self.make_room(Cell::height_of(&cells).min(10.0 * Style::BODY.leading()) + 4.0) {
                self.tint(Cell::height_of(&head()) + 4.0);
                self.repeated_row(head(), 2.0);
            }
            body.push(self.row(cells, 2.0));
            self.rule();
        }
        self.nodes.push(Node::Group(
            Tag::Table.into(),
            vec![
                Node::Group(Tag::THead.into(), vec![head_row]),
                Node::Group(Tag::TBody.into(), body),
            ],
        ));
    }

    /// Cells beside each other, as high as the highest, over as many pages as needed.
    fn row(&mut self, mut cells: Vec<Cell>, padding: f32) -> Node {
        self.make_room(padding + Style::BODY.leading());
        self.skip(padding);
        while let Some(style) = Cell::next_style(&cells) {
            let (leading, foot) = (style.leading(), style.ascent());
            self.make_room(leading);
            for cell in &mut cells {
                if let Some(line) = cell.lines.next() {
                    let node = self.text_on(cell.left, foot, line);
                    cell.nodes.push(node);
                }
            }
            self.skip(leading);
        }
        self.skip(padding);
        let cells = cells
            .into_iter()
            .map(|cell| Node::Group(cell.tag, cell.nodes))
            .collect();
        Node::Group(Tag::TR.into(), cells)
    }

    /// The same for a row that was read aloud on an earlier page.
    fn repeated_row(&mut self, mut cells: Vec<Cell>, padding: f32) {
        self.skip(padding);
        while let Some(style) = Cell::next_style(&cells) {
            for cell in &mut cells {
                if let Some(line) = cell.lines.next() {
                    self.repeated_text(cell.left, line);
                }
            }
            self.skip(style.leading());
        }
        self.skip(padding);
    }

    fn tint(&mut self, height: f32) {
        if let Some(area) = Rect::from_xywh(MARGIN, self.top(), TEXT_WIDTH, height) {
            self.ornament(area, Ink::TINT);
        }
    }

    /// A thin line from left to right.
    pub(crate) fn rule(&mut self) {
        if let Some(area) = Rect::from_xywh(MARGIN, self.top(), TEXT_WIDTH, 0.6) {
            self.ornament(area, Ink::RULE);
        }
    }

    /// Figures beside each other.
    pub(crate) fn figures(&mut self, figures: &[Figure]) {
        let highest = figures
            .iter()
            .map(|figure| figure.height)
            .fold(0.0, f32::max);
        self.skip(6.0);
        self.make_room(highest + 2.0 * Style::CAPTION.leading());
        let mut left = MARGIN;
        for figure in figures {
            let width = figure.marks.columns() as f32 * figure.module;
            self.figure(figure, left, width);
            left += width + 24.0;
        }
        self.skip(highest + 2.0 * Style::CAPTION.leading());
    }

    fn figure(&mut self, figure: &Figure, left: f32, width: f32) {
        let area = Rect::from_xywh(left, self.top(), width, figure.height);
        let Some((area, path)) = area.and_then(|area| Some((area, figure.marks.path(area)?)))
        else {
            return;
        };
        let picture = self.picture(path, Ink::BLACK);
        let bounds = BBox::new(self.page(), area);
        let tag = Tag::Figure(Some(figure.description.clone())).with_bbox(Some(bounds));
        self.nodes.push(Node::Group(tag.into(), vec![picture]));

        let caption = Line::of(&printable(&figure.caption), Style::CAPTION);
        let centred = left + ((width - caption.width()) / 2.0).max(0.0);
        self.skip(figure.height + 3.0);
        let words = self.text(centred, caption);
        self.skip(-figure.height - 3.0);
        self.nodes.push(Node::Group(Tag::P.into(), vec![words]));
    }
}

/// A cell of a table: what it is, its lines that are still to be put on a page, and those that are there.
struct Cell {
    tag: TagKind,
    left: f32,
    lines: std::vec::IntoIter<Line>,
    nodes: Vec<Node>,
}

impl Cell {
    fn new(tag: TagKind, left: f32) -> Self {
        Self {
            tag,
            left,
            lines: Vec::new().into_iter(),
            nodes: Vec::new(),
        }
    }

    fn broken(mut self, text: &str, style: Style, width: f32) -> Self {
        let lines: Vec<Line> = printable_paragraphs(text)
            .flat_map(|paragraph| break_lines(&paragraph, style, width))
            .collect();
        self.lines = lines.into_iter();
        self
    }

    fn height(&self) -> f32 {
        self.lines
            .as_slice()
            .iter()
            .map(|line| line.style.leading())
            .sum()
    }

    fn height_of(cells: &[Self]) -> f32 {
        cells.iter().map(Self::height).fold(0.0, f32::max)
    }

    /// How the next line of any of the cells looks, if one has a line left; of several, the largest.
    fn next_style(cells: &[Self]) -> Option<Style> {
        cells
            .iter()
            .filter_map(|cell| cell.lines.as_slice().first())
            .map(|line| line.style)
            .max_by(|one, other| one.size.total_cmp(&other.size))
    }
}
