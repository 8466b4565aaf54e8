//! The OpenAPI document, made of the table of routes.

use std::collections::BTreeMap;

use axum::http::StatusCode;
use serde_json::json;
use utoipa::openapi::extensions::ExtensionsBuilder;
use utoipa::openapi::path::{
    HttpMethod, Operation, OperationBuilder, Parameter, ParameterBuilder, ParameterIn, PathItem,
};
use utoipa::openapi::request_body::RequestBodyBuilder;
use utoipa::openapi::schema::{AllOfBuilder, ObjectBuilder, Schema, Type};
use utoipa::openapi::security::{
    ApiKey, ApiKeyValue, Http, HttpAuthScheme, SecurityRequirement, SecurityScheme,
};
use utoipa::openapi::{
    Components, Content, ContentBuilder, HeaderBuilder, InfoBuilder, LicenseBuilder, OpenApiBuilder, Paths,
    Ref, RefOr, Required, Response, ResponseBuilder, Responses,
};

use super::super::error::{Problem, Said};
use super::super::session::COOKIE;
use super::route::{Answers, Named, Part, Route, Shape, Verb, text};
use crate::hall::No;
use crate::queue::Language;

const ABOUT: &str = "Numbers, calls and the board of one hall. Times are RFC 3339 in the site's own zone. \
                     Every refusal is `{code, message}`: a program acts on `code`, a person on `message`.";
const KEY: &str = "Said twice with the same key and the same body, a wish is granted once and answered the \
                   same. Kept for the day, for each credential apart. 1 to 200 ASCII characters.";

/// The document as JSON.
pub fn of(routes: &[Route]) -> String {
    let mut paths = Paths::new();
    for route in routes {
        let method = match route.verb {
            Verb::Get => HttpMethod::Get,
            Verb::Post => HttpMethod::Post,
        };
        let path = format!("/api/v1{}", route.path);
        let item = PathItem::new(method, operation(route));
        match paths.paths.get_mut(&path) {
            Some(known) => known.merge_operations(item),
            None => drop(paths.paths.insert(path, item)),
        }
    }
    let licence = LicenseBuilder::new().name("GPL-3.0-or-later").identifier(Some("GPL-3.0-or-later"));
    let info = InfoBuilder::new()
        .title("Antrean")
        .version(env!("CARGO_PKG_VERSION"))
        .description(Some(ABOUT))
        .license(Some(licence.build()));
    let document = OpenApiBuilder::new().info(info.build()).paths(paths).components(Some(components(routes)));
    serde_json::to_string(&document.build()).expect("a document is plain data")
}

fn components(routes: &[Route]) -> Components {
    let mut components = Components::new();
    let shapes = routes.iter().flat_map(|route| {
        let answers: Vec<&Shape> = match &route.answers {
            Answers::Json(_, shape) => vec![shape],
            Answers::Events(events) => events.iter().map(|(_, shape)| shape).collect(),
        };
        route.body.iter().chain(answers)
    });
    let said = Shape::of::<Said>();
    for (name, schema) in shapes.chain([&said]).flat_map(|shape| &shape.parts) {
        components.schemas.insert(name.clone(), schema.clone());
    }
    let token = Http::builder().scheme(HttpAuthScheme::Bearer).description(Some(
        "`antrean token` makes one. Scopes: `issue` takes numbers, `call` acts at counters, `supervise` \
         opens, closes and assigns them.",
    ));
    components.add_security_scheme("token", SecurityScheme::Http(token.build()));
    let session = ApiKeyValue::with_description(
        COOKIE,
        "Signed in at the console. A browser's request must bear its own page's `Origin`.",
    );
    components.add_security_scheme("session", SecurityScheme::ApiKey(ApiKey::Cookie(session)));
    components
}

fn operation(route: &Route) -> Operation {
    let (summary, more) = route.says.split_once(". ").unwrap_or((route.says, ""));
    let mut operation = OperationBuilder::new()
        .operation_id(Some(operation_id(route)))
        .tag(route.path.split('/').nth(1).unwrap_or_default())
        .summary(Some(summary))
        .description(Some([route.who.in_words(), more].join("\n\n").trim_end()));
    for named in &route.named {
        operation = operation.parameter(parameter(named));
    }
    if route.verb == Verb::Post {
        let key = Named { name: "Idempotency-Key", part: Part::Header, says: KEY, schema: key() };
        operation = operation.parameter(parameter(&key));
    }
    if let Some(body) = &route.body {
        let content = Content::new(Some(reference(body)));
        let required = if takes_nothing(body) { Required::False } else { Required::True };
        let body = RequestBodyBuilder::new().content("application/json", content).required(Some(required));
        operation = operation.request_body(Some(body.build()));
    }
    for scope in route.who.scopes() {
        operation = operation.security(SecurityRequirement::new("token", [*scope]));
    }
    if !route.who.scopes().is_empty() {
        operation = operation.security(SecurityRequirement::new("session", Vec::<String>::new()));
    }
    operation.responses(responses(route)).build()
}

/// `postCountersIdCallNext`: stable, and unlike every other.
fn operation_id(route: &Route) -> String {
    let verb = if route.verb == Verb::Get { "get" } else { "post" };
    let words = route.path.split(|c: char| !c.is_ascii_alphanumeric()).filter(|word| !word.is_empty());
    words.fold(verb.to_owned(), |mut id, word| {
        let (first, rest) = word.split_at(1);
        id += &first.to_ascii_uppercase();
        id += rest;
        id
    })
}

fn parameter(named: &Named) -> Parameter {
    let part = match named.part {
        Part::Path => ParameterIn::Path,
        Part::Query => ParameterIn::Query,
        Part::Header => ParameterIn::Header,
    };
    ParameterBuilder::new()
        .name(named.name)
        .parameter_in(part)
        .required(named.part.required())
        .description(Some(named.says))
        .schema(Some(named.schema.clone()))
        .build()
}

fn key() -> RefOr<Schema> {
    ObjectBuilder::new().schema_type(Type::String).min_length(Some(1)).max_length(Some(200)).into()
}

fn reference(shape: &Shape) -> RefOr<Schema> {
    Ref::from_schema_name(shape.name.clone()).into()
}

/// Whether a body may stay away: none of its fields must be there.
fn takes_nothing(body: &Shape) -> bool {
    let own = body.parts.iter().find(|(name, _)| *name == body.name);
    matches!(own, Some((_, RefOr::T(Schema::Object(object)))) if object.required.is_empty())
}

fn responses(route: &Route) -> Responses {
    let mut responses = Responses::new();
    let (status, response) = match &route.answers {
        Answers::Json(status, shape) => (
            *status,
            ResponseBuilder::new()
                .description("Done.")
                .content("application/json", Content::new(Some(reference(shape)))),
        ),
        Answers::Events(events) => (
            StatusCode::OK,
            ResponseBuilder::new()
                .description("A stream that stays open.")
                .content("text/event-stream", stream(events)),
        ),
    };
    responses.responses.insert(status.as_str().to_owned(), response.build().into());
    let mut by_status: BTreeMap<StatusCode, Vec<Problem>> = BTreeMap::new();
    for problem in problems(route) {
        let known = by_status.entry(problem.status()).or_default();
        if known.iter().all(|known| known.code() != problem.code()) {
            known.push(problem);
        }
    }
    for (status, problems) in by_status {
        responses.responses.insert(status.as_str().to_owned(), refusal(status, &problems).into());
    }
    responses
}

/// OpenAPI 3.1 has no word for the events of a stream: each event's data is named in an extension.
fn stream(events: &[(&'static str, Shape)]) -> Content {
    let data: serde_json::Map<_, _> = events
        .iter()
        .map(|(name, shape)| {
            ((*name).to_owned(), json!({ "$ref": format!("#/components/schemas/{}", shape.name) }))
        })
        .collect();
    let extensions = ExtensionsBuilder::new().add("x-events", serde_json::Value::Object(data)).build();
    ContentBuilder::new().schema(Some(text())).extensions(Some(extensions)).build()
}

/// Everything a route may say no with.
fn problems(route: &Route) -> Vec<Problem> {
    let mut problems: Vec<Problem> = route.refusals.iter().cloned().map(Problem::from).collect();
    problems.extend(route.problems.iter().cloned());
    problems.extend([Problem::unknown_host(), Problem::internal()]);
    if !route.who.scopes().is_empty() {
        problems.extend([Problem::no_credential(), Problem::not_allowed()]);
    }
    if route.verb == Verb::Post || route.named.iter().any(|named| named.part != Part::Header) {
        problems.push(Problem::bad("…"));
    }
    if route.verb == Verb::Post {
        problems.extend([
            Problem::cross_origin(),
            Problem::too_slow(),
            Problem::too_large(),
            Problem::wrong_media_type(),
            No::KeyReused.into(),
            No::Busy.into(),
            No::Gone.into(),
            Problem::no_answer(),
        ]);
    }
    problems
}

/// One status with its codes, and what each says.
fn refusal(status: StatusCode, problems: &[Problem]) -> Response {
    let codes: Vec<&str> = problems.iter().map(Problem::code).collect();
    let code = ObjectBuilder::new().schema_type(Type::String).enum_values(Some(codes));
    let schema = AllOfBuilder::new()
        .item(reference(&Shape::of::<Said>()))
        .item(ObjectBuilder::new().property("code", code));
    let lines = problems.iter().map(|it| format!("`{}`: {}", it.code(), it.sentence(Language::EN)));
    let mut response = ResponseBuilder::new()
        .description(lines.collect::<Vec<_>>().join("\n\n"))
        .content("application/json", Content::new(Some(Schema::AllOf(schema.build()))));
    if status == StatusCode::SERVICE_UNAVAILABLE {
        let seconds = HeaderBuilder::new().description(Some("Seconds")).schema(Some(text())).build();
        response = response.header("Retry-After", seconds);
    }
    response.build()
}
