//! The portal as a service: whether it is well, how much it did, and what can be asked here.

use schemars::JsonSchema;
use serde::Serialize;

use super::problem::Problem;
use super::reply::{JSON, Reply};
use super::route::{Nothing, Route};
use super::{Control, openapi};
use crate::{metrics, pages};

/// Whether the portal is well.
#[derive(JsonSchema, Serialize)]
pub(super) struct Health {
    /// `ok`.
    status: &'static str,
}

pub(super) fn routes() -> Vec<Route> {
    vec![
        Route::asking(
            "/healthz",
            ["readHealth", "Whether the portal is well"],
            |_, _: Nothing| Ok(Health { status: "ok" }),
        ),
        Route::reading(
            "/metrics",
            ["readMetrics", "How much happened, as Prometheus reads it"],
            &[metrics::CONTENT_TYPE],
            |control, _, _: Nothing| {
                Reply::rendered(metrics::CONTENT_TYPE, control.portal.metrics.text())
            },
        ),
        Route::reading(
            "/style.css",
            ["readStyle", "The style sheet of verdicts as pages"],
            &[CSS],
            |_, _, _: Nothing| Ok(Reply::text(CSS, pages::STYLE)),
        ),
        Route::reading(
            "/openapi.json",
            ["readDocument", "This document"],
            &[JSON],
            |control, _, _: Nothing| {
                let document = openapi::document(&control.routes);
                Reply::rendered(JSON, serde_json::to_string_pretty(&document))
            },
        ),
        Route::reading(
            "/openapi.yaml",
            ["readDocumentAsYaml", "This document, as YAML"],
            &[YAML],
            read_yaml,
        ),
    ]
}

fn read_yaml(control: &Control, _: super::route::Number, _: Nothing) -> Result<Reply, Problem> {
    let document = openapi::document(&control.routes);
    Reply::rendered(YAML, serde_yaml_ng::to_string(&document))
}

const CSS: &str = "text/css; charset=utf-8";
const YAML: &str = "application/yaml";
