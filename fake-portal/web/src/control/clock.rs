//! What time it is for the portal and its certifiers.

use hyper::{Method, StatusCode};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use time::{Duration, OffsetDateTime};

use super::problem::Problem;
use super::route::{Nothing, Route};
use super::{BASE, Control};
use crate::clock::{Clock as _, ClockSetting, VirtualClock};
use crate::report::Instant;

/// What time it is.
#[derive(JsonSchema, Serialize)]
pub(super) struct ClockReport {
    /// The instant.
    now: Instant,
    /// Whether it stands still.
    is_frozen: bool,
}

/// What the clock is to do.
#[derive(Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
enum ClockOrder {
    /// Stand still, now.
    Freeze,
    /// Go on from here.
    Run,
    /// Stand still at an instant.
    FreezeAt(Instant),
    /// Go on from an instant.
    RunFrom(Instant),
    /// Be at an instant, standing or going as before.
    SetTo(Instant),
    /// Be later by so many seconds, or earlier, standing or going as before.
    AdvanceSeconds(Step),
}

/// Seconds, a billion at most.
#[derive(Deserialize, JsonSchema)]
#[serde(try_from = "i64")]
struct Step(#[schemars(range(min = -1_000_000_000, max = 1_000_000_000))] i64);

impl TryFrom<i64> for Step {
    type Error = &'static str;

    fn try_from(seconds: i64) -> Result<Self, Self::Error> {
        match seconds {
            -1_000_000_000..=1_000_000_000 => Ok(Self(seconds)),
            _ => Err("a step is a billion seconds at most"),
        }
    }
}

pub(super) fn routes() -> Vec<Route> {
    let path = format!("{BASE}/clock");
    vec![
        Route::asking(
            &path,
            [
                "readClock",
                "What time it is for the portal and its certifiers",
            ],
            |control, _: Nothing| Ok(control.time()),
        ),
        Route::ordering(
            (Method::PUT, StatusCode::OK),
            &path,
            ["setClock", "Stops the clock, sets it, or lets it go"],
            set,
        ),
    ]
}

fn set(control: &Control, order: ClockOrder) -> Result<ClockReport, Problem> {
    let clock = &control.portal.clock;
    match order {
        ClockOrder::Freeze => clock.freeze(),
        ClockOrder::Run => clock.run(),
        ClockOrder::FreezeAt(Instant(at)) => clock.freeze_at(sensible("freeze_at", Some(at))?),
        ClockOrder::RunFrom(Instant(at)) => clock.run_from(sensible("run_from", Some(at))?),
        ClockOrder::SetTo(Instant(at)) => clock.set_to(sensible("set_to", Some(at))?),
        ClockOrder::AdvanceSeconds(Step(seconds)) => {
            let later = clock.now().checked_add(Duration::seconds(seconds));
            clock.set_to(sensible("advance_seconds", later)?);
        }
    }
    Ok(control.time())
}

fn sensible(
    field: &'static str,
    instant: Option<OffsetDateTime>,
) -> Result<OffsetDateTime, Problem> {
    let possible = instant.filter(|instant| VirtualClock::goes_to(*instant));
    possible.ok_or_else(|| {
        let years = VirtualClock::YEARS;
        let reason = format!("the clock goes from {} to {}", years.start(), years.end());
        Problem::field(field, reason)
    })
}

impl Control {
    fn time(&self) -> ClockReport {
        ClockReport {
            now: Instant(self.portal.clock.now()),
            is_frozen: matches!(self.portal.clock.setting(), ClockSetting::Frozen { .. }),
        }
    }
}
