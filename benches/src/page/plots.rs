//! The plots of a page, as SVG.

use std::error::Error;

use plotters::coord::Shift;
use plotters::coord::cartesian::Cartesian2d;
use plotters::coord::ranged1d::{AsRangedCoord, SegmentedCoord, ValueFormatter};
use plotters::coord::types::RangedCoordusize;
use plotters::prelude::*;

use crate::ladder::{Ladder, Rung};

/// What a plot is made with; a text that cannot be drawn, for one, would be its fault.
type Drawn = Result<String, Box<dyn Error>>;

const WIDTH: u32 = 1_000;
/// Of a bar, and of what stands above and below all of them.
const ROW_HEIGHT: u32 = 34;
const MARGINS: u32 = 80;
const LABELS: u32 = 330;

const CARD: RGBColor = RGBColor(0x1f, 0x6f, 0xb4);
const FLOOR: RGBColor = RGBColor(0x8a, 0x93, 0x9b);
const LOGIN: RGBColor = RGBColor(0x2f, 0x85, 0x4e);
const INK: RGBColor = RGBColor(0x22, 0x28, 0x2e);
const GRID: RGBColor = RGBColor(0xe3, 0xe7, 0xea);

/// How often a second: a bar each, from the left.
pub(super) fn rates(ladder: &Ladder) -> Drawn {
    let rates: Vec<f64> = ladder.rungs.iter().map(|rung| rung.summary.rate).collect();
    // From layer to layer it is thousandfold for single commands, and less than tenfold for signatures.
    let most = rates.iter().copied().fold(1.0, f64::max);
    let least = rates.iter().copied().fold(most, f64::min);
    match 50.0 * least < most {
        true => bars(ladder, (1.0..6.0 * most).log_scale()),
        false => bars(ladder, 0.0..1.25 * most),
    }
}

fn bars<X>(ladder: &Ladder, axis: X) -> Drawn
where
    X: AsRangedCoord<Value = f64>,
    X::CoordDescType: ValueFormatter<f64>,
{
    let count = ladder.rungs.len();
    let mut svg = String::new();
    {
        let area = SVGBackend::with_string(&mut svg, (WIDTH, height(count))).into_drawing_area();
        let mut chart = frame(&area, ladder, axis, "a second", &|rate| short(*rate))?;
        let start = if short_axis(ladder) { 0.0 } else { 1.0 };
        chart.draw_series(ladder.rungs.iter().enumerate().map(|(number, rung)| {
            let place = count - 1 - number;
            let mut bar = Rectangle::new(
                [
                    (start, SegmentValue::Exact(place)),
                    (rung.summary.rate, SegmentValue::Exact(place + 1)),
                ],
                colour(rung).filled(),
            );
            bar.set_margin(7, 7, 0, 0);
            bar
        }))?;
        chart.draw_series(ladder.rungs.iter().enumerate().map(|(number, rung)| {
            let at = SegmentValue::CenterOf(count - 1 - number);
            let floor = rung.to_floor.filter(|_| 0 < number);
            let ratio = floor.map_or(String::new(), |ratio| format!("  ({ratio:.2})"));
            let text = format!("{}{ratio}", short(rung.summary.rate));
            EmptyElement::at((rung.summary.rate, at))
                + Text::new(text, (6, -7), ("sans-serif", 14).into_font().color(&INK))
        }))?;
        area.present()?;
    }
    Ok(svg)
}

/// How long: from the half that took no longer to the longest, the quantiles as marks.
pub(super) fn latencies(ladder: &Ladder) -> Drawn {
    let count = ladder.rungs.len();
    let all = || ladder.rungs.iter().map(|rung| &rung.summary);
    let least = all().map(|s| s.p50_us).fold(f64::MAX, f64::min);
    let most = all().map(|s| s.max_us).fold(least, f64::max);
    let mut svg = String::new();
    {
        let area = SVGBackend::with_string(&mut svg, (WIDTH, height(count))).into_drawing_area();
        let axis = (0.5 * least..2.0 * most).log_scale();
        let words = "how long, from p50 (large) by p90, p95, p99 to the longest (hollow)";
        let mut chart = frame(&area, ladder, axis, words, &|time| decade(*time))?;
        for (number, rung) in ladder.rungs.iter().enumerate() {
            let at = || SegmentValue::CenterOf(count - 1 - number);
            let s = &rung.summary;
            let colour = colour(rung);
            let line = [(s.p50_us, at()), (s.max_us, at())];
            chart.draw_series([PathElement::new(line, colour.stroke_width(2))])?;
            let marks = [(s.p50_us, 7), (s.p90_us, 4), (s.p95_us, 4), (s.p99_us, 4)];
            chart.draw_series(
                marks.map(|(time, size)| Circle::new((time, at()), size, colour.filled())),
            )?;
            chart.draw_series([
                Circle::new((s.max_us, at()), 4, WHITE.filled()),
                Circle::new((s.max_us, at()), 4, colour.stroke_width(1)),
            ])?;
        }
        area.present()?;
    }
    Ok(svg)
}

/// A chart across from the rungs' names, the lowest rung on top.
type Chart<'a, X> =
    ChartContext<'a, SVGBackend<'a>, Cartesian2d<X, SegmentedCoord<RangedCoordusize>>>;

/// The axes, and what they say.
fn frame<'a, X>(
    area: &DrawingArea<SVGBackend<'a>, Shift>,
    ladder: &Ladder,
    axis: X,
    words: &str,
    value: &dyn Fn(&f64) -> String,
) -> Result<Chart<'a, X::CoordDescType>, Box<dyn Error>>
where
    X: AsRangedCoord<Value = f64>,
    X::CoordDescType: ValueFormatter<f64>,
{
    let count = ladder.rungs.len();
    let mut chart = ChartBuilder::on(area)
        .margin(10)
        .margin_right(40)
        .x_label_area_size(50)
        .y_label_area_size(LABELS)
        .build_cartesian_2d(axis, (0..count.saturating_sub(1)).into_segmented())?;
    chart
        .configure_mesh()
        .disable_y_mesh()
        .light_line_style(TRANSPARENT)
        .bold_line_style(GRID)
        .axis_style(GRID)
        .label_style(("sans-serif", 14).into_font().color(&INK))
        .x_desc(words)
        .x_label_formatter(value)
        .y_labels(count)
        .y_label_formatter(&|place| label(ladder, place))
        .draw()?;
    Ok(chart)
}

fn height(count: usize) -> u32 {
    MARGINS + ROW_HEIGHT * count as u32
}

/// The name of the rung in this place, counted from below.
fn label(ladder: &Ladder, place: &SegmentValue<usize>) -> String {
    let SegmentValue::CenterOf(place) = place else {
        return String::new();
    };
    let number = (ladder.rungs.len() - 1).checked_sub(*place);
    let rung = number.and_then(|number| ladder.rungs.get(number));
    rung.map_or(String::new(), |rung| rung.step.words())
}

fn short_axis(ladder: &Ladder) -> bool {
    let rates = || ladder.rungs.iter().map(|rung| rung.summary.rate);
    let most = rates().fold(1.0, f64::max);
    most <= 50.0 * rates().fold(most, f64::min)
}

fn colour(rung: &Rung) -> RGBColor {
    use crate::operation::Operation;
    use crate::{Layer, Target};

    match (&rung.step.target, rung.step.operation) {
        (Target::Layer(Layer::Engine), _) => FLOOR,
        (_, Operation::Login(_)) => LOGIN,
        _ => CARD,
    }
}

/// A power of ten of microseconds: `100 µs`, `10 ms`.
fn decade(microseconds: f64) -> String {
    match microseconds {
        ..0.9 => format!("{:.0} ns", 1_000.0 * microseconds),
        ..900.0 => format!("{microseconds:.0} µs"),
        ..900_000.0 => format!("{:.0} ms", microseconds / 1_000.0),
        _ => format!("{:.0} s", microseconds / 1_000_000.0),
    }
}

/// `12 k`, `3.4 M`.
fn short(rate: f64) -> String {
    match rate {
        ..10_000.0 => format!("{rate:.0}"),
        ..1_000_000.0 => format!("{:.0} k", rate / 1_000.0),
        _ => format!("{:.1} M", rate / 1_000_000.0),
    }
}
