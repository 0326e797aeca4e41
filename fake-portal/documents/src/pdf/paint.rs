//! Writes a layout as PDF.

use krilla::configure::{Accessibility, ConfigurationBuilder};
use krilla::destination::XyzDestination;
use krilla::error::KrillaError;
use krilla::geom::{PathBuilder, Point, Rect};
use krilla::metadata::{DateTime, Metadata};
use krilla::outline::{Outline, OutlineNode};
use krilla::page::PageSettings;
use krilla::surface::Surface;
use krilla::tagging::{Artifact, ArtifactType, ContentTag, Identifier, SpanTag, TagGroup, TagTree};
use krilla::{Document, SerializeSettings, tagging};

use cns_language::{Text, text};

use super::layout::{Bookmark, Drawing, Layout, MARGIN, Node, PAGE_HEIGHT, PAGE_WIDTH, Piece};
use super::line::Line;
use super::printable::printable;
use super::style::{Ink, Style};
use super::{BANNER, Cover};
use crate::error::DocumentError;

const PAGE_OF: Text = text("Pagina", "Page", "Seite");

/// The layout as PDF/UA-1.
pub(super) fn pdf(cover: &Cover, layout: Layout) -> Result<Vec<u8>, DocumentError> {
    let configuration = ConfigurationBuilder::new()
        .with_accessibility_validator(Accessibility::UA1)
        .finish()
        .map_err(|error| DocumentError::Library(format!("{error:?}")))?;
    let mut document = Document::new_with(SerializeSettings {
        configuration,
        ..SerializeSettings::default()
    });
    let page_count = layout.pages.len();
    let mut identifiers = Vec::new();
    for (number, pieces) in layout.pages.iter().enumerate() {
        let settings = PageSettings::from_wh(PAGE_WIDTH, PAGE_HEIGHT)
            .ok_or_else(|| DocumentError::Library("the page has no size".to_owned()))?;
        let mut page = document.start_page_with(settings);
        let mut surface = page.surface();
        banner(&mut surface, cover);
        identifiers.push(
            pieces
                .iter()
                .map(|piece| draw(&mut surface, piece))
                .collect(),
        );
        foot(&mut surface, cover, number + 1, page_count);
        surface.finish();
        page.finish();
    }
    let mut tags = TagTree::new().with_lang(Some(cover.language.tag().to_owned()));
    for node in layout.nodes {
        if let Some(node) = tag(node, &identifiers) {
            tags.push(node);
        }
    }
    document.set_tag_tree(tags);
    document.set_outline(outline(layout.bookmarks));
    document.set_metadata(metadata(cover));
    document.finish().map_err(refused)
}

/// What names a piece in the tree of tags; ornaments have no name.
fn draw(surface: &mut Surface<'_>, piece: &Piece) -> Option<Identifier> {
    let content = match &piece.drawing {
        Drawing::Text { .. } => ContentTag::Span(SpanTag::empty()),
        Drawing::Area { .. } => ContentTag::Other,
    };
    let tag = if piece.is_content {
        content
    } else {
        ContentTag::Artifact(Artifact::with_kind(ArtifactType::Layout))
    };
    let identifier = surface.start_tagged(tag);
    match &piece.drawing {
        Drawing::Text { at, line } => draw_line(surface, *at, line),
        Drawing::Area { path, ink } => {
            surface.set_fill(Some(ink.fill()));
            surface.draw_path(path);
        }
    }
    surface.end_tagged();
    piece.is_content.then_some(identifier)
}

fn draw_line(surface: &mut Surface<'_>, at: Point, line: &Line) {
    surface.set_fill(Some(line.style.ink.fill()));
    let mut left = at.x;
    for run in &line.runs {
        let start = Point::from_xy(left, at.y);
        let font = run.weight.typeface().font();
        surface.draw_glyphs(start, &run.glyphs, font, &run.text, line.style.size, false);
        left += run.width * line.style.size;
    }
}

/// The strip at the top of every page.
fn banner(surface: &mut Surface<'_>, cover: &Cover) {
    let words = BANNER.in_language(cover.language);
    let line = Line::of(words, Style::BANNER);
    let left = (PAGE_WIDTH - line.width()) / 2.0;
    surface.start_tagged(artifact(ArtifactType::Header));
    rectangle(surface, (0.0, 0.0, PAGE_WIDTH, 30.0), Ink::BLUE);
    draw_line(surface, Point::from_xy(left, 18.5), &line);
    surface.end_tagged();
}

/// The line at the foot of every page: which document, which page.
fn foot(surface: &mut Surface<'_>, cover: &Cover, page: usize, pages: usize) {
    let small = Style::FOOT;
    let line = PAGE_HEIGHT - 46.0;
    let foot = line + 14.0;
    let page_of = PAGE_OF.in_language(cover.language);
    let right = Line::of(&format!("{page_of} {page}/{pages}"), small);
    let right_end = PAGE_WIDTH - MARGIN - right.width();
    surface.start_tagged(artifact(ArtifactType::Footer));
    rectangle(
        surface,
        (MARGIN, line, PAGE_WIDTH - 2.0 * MARGIN, 0.6),
        Ink::RULE,
    );
    let identifier = Line::of(&printable(&cover.identifier), small);
    draw_line(surface, Point::from_xy(MARGIN, foot), &identifier);
    draw_line(surface, Point::from_xy(right_end, foot), &right);
    surface.end_tagged();
}

fn rectangle(
    surface: &mut Surface<'_>,
    (left, top, width, height): (f32, f32, f32, f32),
    ink: Ink,
) {
    let mut path = PathBuilder::new();
    if let Some(area) = Rect::from_xywh(left, top, width, height) {
        path.push_rect(area);
    }
    if let Some(path) = path.finish() {
        surface.set_fill(Some(ink.fill()));
        surface.draw_path(&path);
    }
}

/// The tree of tags, with the names of pieces in the place of pieces.
fn tag(node: Node, identifiers: &[Vec<Option<Identifier>>]) -> Option<tagging::Node> {
    match node {
        Node::Piece(place) => {
            let identifier = identifiers.get(place.page)?.get(place.piece)?;
            (*identifier).map(tagging::Node::Leaf)
        }
        Node::Group(tag_kind, children) => {
            let children = children
                .into_iter()
                .filter_map(|child| tag(child, identifiers))
                .collect();
            Some(TagGroup::with_children(tag_kind, children).into())
        }
    }
}

fn outline(bookmarks: Vec<Bookmark>) -> Outline {
    let mut outline = Outline::new();
    for bookmark in bookmarks {
        let there = XyzDestination::new(bookmark.page, Point::from_xy(0.0, bookmark.top));
        outline.push_child(OutlineNode::new(bookmark.title, there));
    }
    outline
}

fn metadata(cover: &Cover) -> Metadata {
    let (year, month, day) = cover.date.to_calendar_date();
    // PDF has no years before 0; nobody was issued a document then.
    let date = DateTime::new(u16::try_from(year).unwrap_or(0))
        .month(month.into())
        .day(day)
        .utc_offset_hour(0);
    Metadata::new()
        .title(cover.title.in_language(cover.language).to_owned())
        .description(BANNER.in_language(cover.language).to_owned())
        .creator("cns".to_owned())
        .document_id(cover.identifier.clone())
        .language(cover.language.tag().to_owned())
        .creation_date(date)
}

fn artifact(kind: ArtifactType) -> ContentTag<'static> {
    ContentTag::Artifact(Artifact::with_kind(kind))
}

fn refused(error: KrillaError) -> DocumentError {
    DocumentError::Library(match &error {
        KrillaError::Validation(faults) => format!("{error}: {faults:?}"),
        _ => error.to_string(),
    })
}
