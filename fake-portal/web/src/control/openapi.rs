//! The OpenAPI 3.1 document, made of the table of routes and of the types that they take and tell.

use schemars::SchemaGenerator;
use schemars::generate::SchemaSettings;
use serde_json::{Map, Value, json};

use super::problem::Problem;
use super::route::{Route, Routes, Told};

/// The whole document.
pub(super) fn document(routes: &Routes) -> Value {
    let mut schemas = Schemas::new();
    let mut paths = Map::new();
    for route in routes.iter() {
        let methods = paths
            .entry(route.path.clone())
            .or_insert_with(|| Value::Object(Map::new()));
        if let Value::Object(methods) = methods {
            let method = route.method.as_str().to_ascii_lowercase();
            methods.insert(method, operation(route, &mut schemas));
        }
    }
    let problem = schemas.told.subschema_for::<Problem>();
    json!({
        "openapi": "3.1.0",
        "info": {
            "title": "Control of the fake portal",
            "version": env!("CARGO_PKG_VERSION"),
            "description": "What testers see of the portal, and what they order. Whatever is refused \
                            changes nothing.",
            "license": { "name": "MIT OR Apache-2.0", "identifier": "MIT OR Apache-2.0" },
        },
        "servers": [{ "url": "/" }],
        "paths": paths,
        "components": {
            "schemas": schemas.definitions(),
            "responses": {
                "Problem": {
                    "description": "Refused, and nothing has changed",
                    "content": { "application/problem+json": { "schema": problem } },
                },
            },
        },
    })
}

/// What comes in and what goes out are not always alike: a default need not be sent, but is told.
struct Schemas {
    taken: SchemaGenerator,
    told: SchemaGenerator,
}

impl Schemas {
    fn new() -> Self {
        let settings = || {
            SchemaSettings::draft2020_12()
                .with(|settings| settings.definitions_path = "/components/schemas".into())
        };
        Self {
            taken: settings().for_deserialize().into_generator(),
            told: settings().for_serialize().into_generator(),
        }
    }

    fn definitions(mut self) -> Map<String, Value> {
        let mut definitions = self.told.take_definitions(true);
        definitions.extend(self.taken.take_definitions(true));
        definitions
    }
}

fn operation(route: &Route, schemas: &mut Schemas) -> Value {
    let mut operation = Map::new();
    operation.insert("operationId".to_owned(), route.id.into());
    operation.insert("summary".to_owned(), route.summary.into());
    let parameters = parameters(route, schemas);
    if !parameters.is_empty() {
        operation.insert("parameters".to_owned(), parameters.into());
    }
    if let Some(body) = route.body {
        let schema = body(&mut schemas.taken);
        let body = json!({
            "required": true,
            "content": { "application/json": { "schema": schema } },
        });
        operation.insert("requestBody".to_owned(), body);
    }
    let content = match route.told {
        Told::Json(schema) => {
            json!({ "application/json": { "schema": schema(&mut schemas.told) } })
        }
        Told::Texts(media_types) => media_types
            .iter()
            .map(|media_type| ((*media_type).to_owned(), json!({})))
            .collect::<Map<_, _>>()
            .into(),
    };
    let responses = json!({
        route.success.as_str(): { "description": "Done, or told", "content": content },
        "default": { "$ref": "#/components/responses/Problem" },
    });
    operation.insert("responses".to_owned(), responses);
    operation.into()
}

fn parameters(route: &Route, schemas: &mut Schemas) -> Vec<Value> {
    let in_path = route
        .path
        .split('{')
        .skip(1)
        .filter_map(|rest| rest.split('}').next());
    let in_path = in_path.map(|name| {
        json!({
            "name": name,
            "in": "path",
            "required": true,
            "schema": { "type": "integer", "minimum": 0, "maximum": u32::MAX },
        })
    });
    let query = (route.query)(&mut schemas.taken);
    let query = resolved(query.to_value(), &schemas.taken);
    let properties = query.get("properties").and_then(Value::as_object);
    let in_query = properties.into_iter().flatten().map(|(name, schema)| {
        let mut schema = schema.clone();
        let description = schema.get("description").cloned().unwrap_or_default();
        let fields = schema.as_object_mut();
        without_null(fields.unwrap_or(&mut Map::new()));
        json!({ "name": name, "in": "query", "required": false, "description": description,
                "schema": schema })
    });
    in_path.chain(in_query).collect()
}

/// The object that a reference stands for.
fn resolved(schema: Value, generator: &SchemaGenerator) -> Value {
    let name = schema
        .get("$ref")
        .and_then(Value::as_str)
        .and_then(|reference| reference.rsplit('/').next());
    let definition = name.and_then(|name| generator.definitions().get(name));
    definition.cloned().unwrap_or(schema)
}

/// A query leaves out what is not there; it has no null.
fn without_null(schema: &mut Map<String, Value>) {
    schema.remove("description");
    schema.remove("default");
    if let Some(Value::Array(types)) = schema.get_mut("type") {
        types.retain(|it| it != "null");
    }
    if let Some(Value::Array(choices)) = schema.get_mut("anyOf") {
        choices.retain(|choice| choice.get("type").is_none_or(|it| it != "null"));
    }
}
