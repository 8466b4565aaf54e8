//! One route: what serves it, and what the document says of it. Both are made from this, so a route
//! that is served is described, and what is described is served.

use std::borrow::Cow;

use axum::handler::Handler;
use axum::http::StatusCode;
use axum::routing::{MethodRouter, get, post};
use utoipa::openapi::schema::{ObjectBuilder, Schema, Type};
use utoipa::openapi::{RefOr, Required};
use utoipa::{PartialSchema, ToSchema};

use super::super::Shared;
use super::super::error::Problem;
use super::Who;
use crate::queue::Refusal;

/// How a route is asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verb {
    Get,
    Post,
}

/// A named schema, and those that it names.
pub struct Shape {
    pub name: Cow<'static, str>,
    pub parts: Vec<(String, RefOr<Schema>)>,
}

impl Shape {
    pub fn of<T: ToSchema>() -> Self {
        let mut parts = vec![(T::name().into_owned(), T::schema())];
        T::schemas(&mut parts);
        Self { name: T::name(), parts }
    }
}

/// What a route answers when it does not refuse.
pub enum Answers {
    Json(StatusCode, Shape),
    /// A stream of these events, each with its name.
    Events(Vec<(&'static str, Shape)>),
}

/// A parameter of the path or of the query, or a header that this route alone reads.
pub struct Named {
    pub name: &'static str,
    pub part: Part,
    pub says: &'static str,
    pub schema: RefOr<Schema>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Part {
    Path,
    Query,
    Header,
}

impl Part {
    pub fn required(self) -> Required {
        if self == Self::Path { Required::True } else { Required::False }
    }
}

/// A line of the table of routes.
pub struct Route {
    pub verb: Verb,
    /// Below `/api/v1`.
    pub path: String,
    pub handler: MethodRouter<Shared>,
    pub who: Who,
    pub says: &'static str,
    pub named: Vec<Named>,
    pub body: Option<Shape>,
    pub answers: Answers,
    /// What the hall may say no with, besides what any request may be told.
    pub refusals: Vec<Refusal>,
    /// What the web may say no with of its own.
    pub problems: Vec<Problem>,
}

impl Route {
    pub fn get<H: Handler<T, Shared>, T: 'static>(path: &str, handler: H, answers: Answers) -> Self {
        Self::new(Verb::Get, path, get(handler), answers)
    }

    pub fn post<H: Handler<T, Shared>, T: 'static>(path: &str, handler: H, answers: Answers) -> Self {
        Self::new(Verb::Post, path, post(handler), answers)
    }

    fn new(verb: Verb, path: &str, handler: MethodRouter<Shared>, answers: Answers) -> Self {
        Self {
            verb,
            path: path.to_owned(),
            handler,
            who: Who::Anyone,
            says: "",
            named: vec![],
            body: None,
            answers,
            refusals: vec![],
            problems: vec![],
        }
    }

    pub fn says(self, says: &'static str) -> Self {
        Self { says, ..self }
    }

    pub fn who(self, who: Who) -> Self {
        Self { who, ..self }
    }

    pub fn body<T: ToSchema>(self) -> Self {
        Self { body: Some(Shape::of::<T>()), ..self }
    }

    pub fn path<T: PartialSchema>(self, name: &'static str, says: &'static str) -> Self {
        self.named(Named { name, part: Part::Path, says, schema: T::schema() })
    }

    pub fn query<T: PartialSchema>(self, name: &'static str, says: &'static str) -> Self {
        self.named(Named { name, part: Part::Query, says, schema: T::schema() })
    }

    pub fn header(self, name: &'static str, says: &'static str) -> Self {
        self.named(Named { name, part: Part::Header, says, schema: text() })
    }

    /// What the hall may say no with.
    pub fn refuses(mut self, refusals: &[Refusal]) -> Self {
        self.refusals.extend_from_slice(refusals);
        self
    }

    /// What the web may say no with of its own.
    pub fn tells(mut self, problem: Problem) -> Self {
        self.problems.push(problem);
        self
    }

    fn named(mut self, named: Named) -> Self {
        self.named.push(named);
        self
    }
}

/// Any text.
pub fn text() -> RefOr<Schema> {
    ObjectBuilder::new().schema_type(Type::String).into()
}
