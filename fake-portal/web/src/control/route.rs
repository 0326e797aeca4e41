//! The table of what can be asked: method, path, what comes in, what goes out, and who does it.

use hyper::body::Bytes;
use hyper::{Method, StatusCode};
use matchit::Router;
use schemars::{JsonSchema, Schema, SchemaGenerator};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use super::problem::Problem;
use super::reply::Reply;
use super::{
    BODY_LENGTH_MAX, Control, authority, clock, events, expectations, faults, journal, query,
    requests, service, snapshots, town,
};

/// One thing that can be asked.
pub(super) struct Route {
    pub(super) method: Method,
    pub(super) path: String,
    /// What programs that are made of the document call it.
    pub(super) id: &'static str,
    pub(super) summary: &'static str,
    /// The parameters of the query, as the properties of an object.
    pub(super) query: SchemaOf,
    pub(super) body: Option<SchemaOf>,
    /// Longest body, in bytes.
    body_length_max: usize,
    pub(super) success: StatusCode,
    pub(super) told: Told,
    work: Work,
}

/// What a route tells.
pub(super) enum Told {
    /// JSON of this kind.
    Json(SchemaOf),
    /// Texts of these media types, one of which the query chooses.
    Texts(&'static [&'static str]),
}

pub(super) type SchemaOf = fn(&mut SchemaGenerator) -> Schema;
type Work = Box<dyn Fn(&Control, &Call<'_>) -> Result<Reply, Problem> + Send + Sync>;

/// A request, not yet read.
pub(super) struct Call<'a> {
    number: Option<u64>,
    query: Option<&'a str>,
    body: &'a Bytes,
}

impl Call<'_> {
    fn number(&self) -> Number {
        Number(self.number.unwrap_or_default())
    }

    /// The body. Where none is needed, none need come.
    fn body<B: DeserializeOwned + JsonSchema>(&self) -> Result<B, Problem> {
        let needs_none = B::schema_name() == Nothing::schema_name();
        let text: &[u8] = match self.body.is_empty() && needs_none {
            true => b"{}",
            false => self.body,
        };
        query::body(text)
    }
}

/// The number in the path: of a connection, or of a rule.
#[derive(Clone, Copy)]
pub(super) struct Number(pub(super) u64);

/// No parameters, or no body.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Nothing {}

impl Route {
    /// A question that is answered with JSON.
    pub(super) fn asking<Q, A>(
        path: &str,
        name: [&'static str; 2],
        work: fn(&Control, Q) -> Result<A, Problem>,
    ) -> Self
    where
        Q: DeserializeOwned + JsonSchema + 'static,
        A: Serialize + JsonSchema + 'static,
    {
        let told = Told::Json(SchemaGenerator::subschema_for::<A>);
        Self::new::<Q>(Method::GET, path, name, told, move |control, call| {
            let answer = work(control, query::query(call.query)?)?;
            Ok(Reply::json(StatusCode::OK, &answer))
        })
    }

    /// A question that is answered with a text of one of these media types. It may be about the number in the
    /// path.
    pub(super) fn reading<Q>(
        path: &str,
        name: [&'static str; 2],
        media_types: &'static [&'static str],
        work: fn(&Control, Number, Q) -> Result<Reply, Problem>,
    ) -> Self
    where
        Q: DeserializeOwned + JsonSchema + 'static,
    {
        let told = Told::Texts(media_types);
        Self::new::<Q>(Method::GET, path, name, told, move |control, call| {
            work(control, call.number(), query::query(call.query)?)
        })
    }

    /// An order, with what it needs in its body.
    pub(super) fn ordering<B, A>(
        (method, success): (Method, StatusCode),
        path: &str,
        name: [&'static str; 2],
        work: fn(&Control, B) -> Result<A, Problem>,
    ) -> Self
    where
        B: DeserializeOwned + JsonSchema + 'static,
        A: Serialize + JsonSchema + 'static,
    {
        let told = Told::Json(SchemaGenerator::subschema_for::<A>);
        let needs_body = B::schema_name() != Nothing::schema_name();
        let route = Self::new::<Nothing>(method, path, name, told, move |control, call| {
            query::query::<Nothing>(call.query)?;
            let answer = work(control, call.body()?)?;
            Ok(Reply::json(success, &answer))
        });
        Self {
            body: needs_body.then_some(SchemaGenerator::subschema_for::<B> as SchemaOf),
            success,
            ..route
        }
    }

    /// An order to put the whole body, which is JSON as `B` says, in the place of what there is.
    pub(super) fn replacing<B, A>(
        path: &str,
        name: [&'static str; 2],
        body_length_max: usize,
        work: fn(&Control, &str) -> Result<A, Problem>,
    ) -> Self
    where
        B: JsonSchema + 'static,
        A: Serialize + JsonSchema + 'static,
    {
        let told = Told::Json(SchemaGenerator::subschema_for::<A>);
        let route = Self::new::<Nothing>(Method::PUT, path, name, told, move |control, call| {
            query::query::<Nothing>(call.query)?;
            let text = str::from_utf8(call.body);
            let text = text.map_err(|error| Problem::malformed(error.to_string()))?;
            Ok(Reply::json(StatusCode::OK, &work(control, text)?))
        });
        Self {
            body: Some(SchemaGenerator::subschema_for::<B> as SchemaOf),
            body_length_max,
            ..route
        }
    }

    /// An order to take away what has the number in the path.
    pub(super) fn removing<A>(
        path: &str,
        name: [&'static str; 2],
        work: fn(&Control, Number) -> Result<A, Problem>,
    ) -> Self
    where
        A: Serialize + JsonSchema + 'static,
    {
        let told = Told::Json(SchemaGenerator::subschema_for::<A>);
        Self::new::<Nothing>(Method::DELETE, path, name, told, move |control, call| {
            query::query::<Nothing>(call.query)?;
            call.body::<Nothing>()?;
            let answer = work(control, call.number())?;
            Ok(Reply::json(StatusCode::OK, &answer))
        })
    }

    fn new<Q: JsonSchema>(
        method: Method,
        path: &str,
        [id, summary]: [&'static str; 2],
        told: Told,
        work: impl Fn(&Control, &Call<'_>) -> Result<Reply, Problem> + Send + Sync + 'static,
    ) -> Self {
        Self {
            method,
            path: path.to_owned(),
            id,
            summary,
            query: SchemaGenerator::subschema_for::<Q>,
            body: None,
            body_length_max: BODY_LENGTH_MAX,
            success: StatusCode::OK,
            told,
            work: Box::new(work),
        }
    }

    /// Does it.
    pub(super) fn run(
        &self,
        control: &Control,
        number: Option<u64>,
        query: Option<&str>,
        body: &Bytes,
    ) -> Result<Reply, Problem> {
        let call = Call {
            number,
            query,
            body,
        };
        (self.work)(control, &call)
    }
}

/// All routes.
pub(super) struct Routes {
    routes: Vec<Route>,
    /// By their paths: which of them have it.
    by_path: Router<Vec<usize>>,
}

impl Routes {
    /// Every subject's. Whoever adds one adds its module here.
    pub(super) fn all() -> Self {
        let routes: Vec<Route> = [
            service::routes(),
            snapshots::routes(),
            clock::routes(),
            journal::routes(),
            requests::routes(),
            events::routes(),
            expectations::routes(),
            faults::routes(),
            authority::routes(),
            town::routes(),
        ]
        .into_iter()
        .flatten()
        .collect();
        let mut by_path = Router::new();
        for (index, route) in routes.iter().enumerate() {
            match by_path.at_mut(&route.path) {
                Ok(found) => {
                    let indices: &mut Vec<usize> = found.value;
                    indices.push(index);
                }
                Err(_) => by_path
                    .insert(route.path.clone(), vec![index])
                    .expect("the paths of the table do not contradict each other"),
            }
        }
        Self { routes, by_path }
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = &Route> {
        self.routes.iter()
    }

    /// Longest body, in bytes, of a request, whether there is a route for it or not.
    pub(super) fn body_length_max(&self, method: &Method, path: &str) -> usize {
        let route = self.find(method, path);
        route.map_or(BODY_LENGTH_MAX, |(route, _)| route.body_length_max)
    }

    /// The route of a request, and the number in its path if it has one.
    pub(super) fn find(
        &self,
        method: &Method,
        path: &str,
    ) -> Result<(&Route, Option<u64>), Problem> {
        let nothing = || Problem::not_found("there is nothing here: see /openapi.json");
        let found = self.by_path.at(path).map_err(|_| nothing())?;
        let routes = || {
            found
                .value
                .iter()
                .filter_map(|&index| self.routes.get(index))
        };
        // hyper leaves the body out of what HEAD is answered.
        let wanted = if method == Method::HEAD {
            &Method::GET
        } else {
            method
        };
        let Some(route) = routes().find(|route| route.method == *wanted) else {
            let methods = routes().map(|route| route.method.as_str());
            let mut methods: Vec<_> = methods.collect();
            if methods.contains(&"GET") {
                methods.push("HEAD");
            }
            return Err(Problem::method(methods.join(", ")));
        };
        let mut parameters = found.params.iter();
        let number = match parameters.next() {
            Some((_, number)) => Some(number.parse().map_err(|_| nothing())?),
            None => None,
        };
        Ok((route, number))
    }
}
