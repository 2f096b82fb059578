//! The OpenAPI 3.0.3 text as a table: which objects there are, which keys each has, and what stands under a key.
//!
//! Nothing here looks at a document; `nodes` walks one along this table.

/// An object of the OpenAPI text.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Kind {
    Document,
    Info,
    Contact,
    License,
    Server,
    ServerVariable,
    PathItem,
    Operation,
    ExternalDocs,
    Parameter,
    RequestBody,
    MediaType,
    Encoding,
    Response,
    Callback,
    Example,
    Link,
    Header,
    Tag,
    Schema,
    Discriminator,
    Xml,
    SecurityScheme,
    OAuthFlows,
    OAuthFlow,
    Components,
}

/// What stands under a key.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Shape {
    /// Any JSON, which no rule of structure looks into.
    Any,
    Text,
    /// One of a few texts.
    Word(&'static [&'static str]),
    Flag,
    Number,
    /// An integer that is not negative.
    Count,
    Texts,
    /// The items of a list are any JSON.
    Values,
    /// A map whose values are texts.
    TextMap,
    /// Security requirements: a list of maps from names to lists of scopes.
    Security,
    One(Kind),
    List(Kind),
    /// A map whose values are of a kind; its names are free.
    Map(Kind),
    /// `additionalProperties`.
    FlagOrSchema,
}

/// A key of an object.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Key {
    pub(crate) name: &'static str,
    pub(crate) shape: Shape,
    pub(crate) required: bool,
}

const fn key(name: &'static str, shape: Shape) -> Key {
    Key {
        name,
        shape,
        required: false,
    }
}

const fn must(name: &'static str, shape: Shape) -> Key {
    Key {
        name,
        shape,
        required: true,
    }
}

impl Kind {
    /// What the object is called in a message.
    pub(crate) fn noun(self) -> &'static str {
        match self {
            Self::Document => "document",
            Self::Info => "info object",
            Self::Contact => "contact",
            Self::License => "licence",
            Self::Server => "server",
            Self::ServerVariable => "server variable",
            Self::PathItem => "path item",
            Self::Operation => "operation",
            Self::ExternalDocs => "external documentation",
            Self::Parameter => "parameter",
            Self::RequestBody => "request body",
            Self::MediaType => "media type",
            Self::Encoding => "encoding",
            Self::Response => "response",
            Self::Callback => "callback",
            Self::Example => "example",
            Self::Link => "link",
            Self::Header => "header",
            Self::Tag => "tag",
            Self::Schema => "schema",
            Self::Discriminator => "discriminator",
            Self::Xml => "XML object",
            Self::SecurityScheme => "security scheme",
            Self::OAuthFlows => "list of OAuth flows",
            Self::OAuthFlow => "OAuth flow",
            Self::Components => "components object",
        }
    }

    /// The list under `components` that holds objects of this kind; only these can be referred to.
    pub(crate) fn components(self) -> Option<&'static str> {
        Some(match self {
            Self::Schema => "schemas",
            Self::Response => "responses",
            Self::Parameter => "parameters",
            Self::Example => "examples",
            Self::RequestBody => "requestBodies",
            Self::Header => "headers",
            Self::SecurityScheme => "securitySchemes",
            Self::Link => "links",
            Self::Callback => "callbacks",
            _ => return None,
        })
    }

    /// Whether a `$ref` can stand in the place of the object.
    pub(crate) fn is_referable(self) -> bool {
        self.components().is_some() || self == Self::PathItem
    }

    /// The keys of the object; those of a [`Kind::Callback`] are free.
    pub(crate) fn keys(self) -> &'static [Key] {
        match self {
            Self::Document => &DOCUMENT,
            Self::Info => &INFO,
            Self::Contact => &CONTACT,
            Self::License => &LICENSE,
            Self::Server => &SERVER,
            Self::ServerVariable => &SERVER_VARIABLE,
            Self::PathItem => &PATH_ITEM,
            Self::Operation => &OPERATION,
            Self::ExternalDocs => &EXTERNAL_DOCS,
            Self::Parameter => &PARAMETER,
            Self::RequestBody => &REQUEST_BODY,
            Self::MediaType => &MEDIA_TYPE,
            Self::Encoding => &ENCODING,
            Self::Response => &RESPONSE,
            Self::Callback => &[],
            Self::Example => &EXAMPLE,
            Self::Link => &LINK,
            Self::Header => &HEADER,
            Self::Tag => &TAG,
            Self::Schema => &SCHEMA,
            Self::Discriminator => &DISCRIMINATOR,
            Self::Xml => &XML,
            Self::SecurityScheme => &SECURITY_SCHEME,
            Self::OAuthFlows => &OAUTH_FLOWS,
            Self::OAuthFlow => &OAUTH_FLOW,
            Self::Components => &COMPONENTS,
        }
    }
}

const DOCUMENT: [Key; 8] = [
    must("openapi", Shape::Text),
    must("info", Shape::One(Kind::Info)),
    must("paths", Shape::Map(Kind::PathItem)),
    key("servers", Shape::List(Kind::Server)),
    key("components", Shape::One(Kind::Components)),
    key("security", Shape::Security),
    key("tags", Shape::List(Kind::Tag)),
    key("externalDocs", Shape::One(Kind::ExternalDocs)),
];

const INFO: [Key; 6] = [
    must("title", Shape::Text),
    must("version", Shape::Text),
    key("description", Shape::Text),
    key("termsOfService", Shape::Text),
    key("contact", Shape::One(Kind::Contact)),
    key("license", Shape::One(Kind::License)),
];

const CONTACT: [Key; 3] = [
    key("name", Shape::Text),
    key("url", Shape::Text),
    key("email", Shape::Text),
];

const LICENSE: [Key; 2] = [must("name", Shape::Text), key("url", Shape::Text)];

const SERVER: [Key; 3] = [
    must("url", Shape::Text),
    key("description", Shape::Text),
    key("variables", Shape::Map(Kind::ServerVariable)),
];

const SERVER_VARIABLE: [Key; 3] = [
    must("default", Shape::Text),
    key("enum", Shape::Texts),
    key("description", Shape::Text),
];

const PATH_ITEM: [Key; 12] = [
    key("summary", Shape::Text),
    key("description", Shape::Text),
    key("get", Shape::One(Kind::Operation)),
    key("put", Shape::One(Kind::Operation)),
    key("post", Shape::One(Kind::Operation)),
    key("delete", Shape::One(Kind::Operation)),
    key("options", Shape::One(Kind::Operation)),
    key("head", Shape::One(Kind::Operation)),
    key("patch", Shape::One(Kind::Operation)),
    key("trace", Shape::One(Kind::Operation)),
    key("servers", Shape::List(Kind::Server)),
    key("parameters", Shape::List(Kind::Parameter)),
];

const OPERATION: [Key; 12] = [
    must("responses", Shape::Map(Kind::Response)),
    key("operationId", Shape::Text),
    key("tags", Shape::Texts),
    key("summary", Shape::Text),
    key("description", Shape::Text),
    key("externalDocs", Shape::One(Kind::ExternalDocs)),
    key("parameters", Shape::List(Kind::Parameter)),
    key("requestBody", Shape::One(Kind::RequestBody)),
    key("callbacks", Shape::Map(Kind::Callback)),
    key("deprecated", Shape::Flag),
    key("security", Shape::Security),
    key("servers", Shape::List(Kind::Server)),
];

const EXTERNAL_DOCS: [Key; 2] = [must("url", Shape::Text), key("description", Shape::Text)];

const PARAMETER: [Key; 13] = [
    must("name", Shape::Text),
    must("in", Shape::Word(&["query", "header", "path", "cookie"])),
    key("description", Shape::Text),
    key("required", Shape::Flag),
    key("deprecated", Shape::Flag),
    key("allowEmptyValue", Shape::Flag),
    key("style", Shape::Text),
    key("explode", Shape::Flag),
    key("allowReserved", Shape::Flag),
    key("schema", Shape::One(Kind::Schema)),
    key("example", Shape::Any),
    key("examples", Shape::Map(Kind::Example)),
    key("content", Shape::Map(Kind::MediaType)),
];

const REQUEST_BODY: [Key; 3] = [
    must("content", Shape::Map(Kind::MediaType)),
    key("description", Shape::Text),
    key("required", Shape::Flag),
];

const MEDIA_TYPE: [Key; 4] = [
    key("schema", Shape::One(Kind::Schema)),
    key("example", Shape::Any),
    key("examples", Shape::Map(Kind::Example)),
    key("encoding", Shape::Map(Kind::Encoding)),
];

const ENCODING: [Key; 5] = [
    key("contentType", Shape::Text),
    key("headers", Shape::Map(Kind::Header)),
    key("style", Shape::Text),
    key("explode", Shape::Flag),
    key("allowReserved", Shape::Flag),
];

const RESPONSE: [Key; 4] = [
    must("description", Shape::Text),
    key("headers", Shape::Map(Kind::Header)),
    key("content", Shape::Map(Kind::MediaType)),
    key("links", Shape::Map(Kind::Link)),
];

const EXAMPLE: [Key; 4] = [
    key("summary", Shape::Text),
    key("description", Shape::Text),
    key("value", Shape::Any),
    key("externalValue", Shape::Text),
];

const LINK: [Key; 6] = [
    key("operationRef", Shape::Text),
    key("operationId", Shape::Text),
    key("parameters", Shape::Any),
    key("requestBody", Shape::Any),
    key("description", Shape::Text),
    key("server", Shape::One(Kind::Server)),
];

const HEADER: [Key; 11] = [
    key("description", Shape::Text),
    key("required", Shape::Flag),
    key("deprecated", Shape::Flag),
    key("allowEmptyValue", Shape::Flag),
    key("style", Shape::Text),
    key("explode", Shape::Flag),
    key("allowReserved", Shape::Flag),
    key("schema", Shape::One(Kind::Schema)),
    key("example", Shape::Any),
    key("examples", Shape::Map(Kind::Example)),
    key("content", Shape::Map(Kind::MediaType)),
];

const TAG: [Key; 3] = [
    must("name", Shape::Text),
    key("description", Shape::Text),
    key("externalDocs", Shape::One(Kind::ExternalDocs)),
];

const SCHEMA: [Key; 35] = [
    key("type", Shape::Any),
    key("title", Shape::Text),
    key("description", Shape::Text),
    key("properties", Shape::Map(Kind::Schema)),
    key("required", Shape::Texts),
    key("items", Shape::One(Kind::Schema)),
    key("additionalProperties", Shape::FlagOrSchema),
    key("allOf", Shape::List(Kind::Schema)),
    key("oneOf", Shape::List(Kind::Schema)),
    key("anyOf", Shape::List(Kind::Schema)),
    key("not", Shape::One(Kind::Schema)),
    key("enum", Shape::Values),
    key("format", Shape::Text),
    key("default", Shape::Any),
    key("example", Shape::Any),
    key("nullable", Shape::Flag),
    key("readOnly", Shape::Flag),
    key("writeOnly", Shape::Flag),
    key("deprecated", Shape::Flag),
    key("discriminator", Shape::One(Kind::Discriminator)),
    key("externalDocs", Shape::One(Kind::ExternalDocs)),
    key("xml", Shape::One(Kind::Xml)),
    key("multipleOf", Shape::Number),
    key("maximum", Shape::Number),
    key("exclusiveMaximum", Shape::Flag),
    key("minimum", Shape::Number),
    key("exclusiveMinimum", Shape::Flag),
    key("maxLength", Shape::Count),
    key("minLength", Shape::Count),
    key("pattern", Shape::Text),
    key("maxItems", Shape::Count),
    key("minItems", Shape::Count),
    key("uniqueItems", Shape::Flag),
    key("maxProperties", Shape::Count),
    key("minProperties", Shape::Count),
];

const DISCRIMINATOR: [Key; 2] = [must("propertyName", Shape::Text), key("mapping", Shape::TextMap)];

const XML: [Key; 5] = [
    key("name", Shape::Text),
    key("namespace", Shape::Text),
    key("prefix", Shape::Text),
    key("attribute", Shape::Flag),
    key("wrapped", Shape::Flag),
];

const SECURITY_SCHEME: [Key; 8] = [
    must("type", Shape::Word(&["apiKey", "http", "oauth2", "openIdConnect"])),
    key("description", Shape::Text),
    key("name", Shape::Text),
    key("in", Shape::Word(&["query", "header", "cookie"])),
    key("scheme", Shape::Text),
    key("bearerFormat", Shape::Text),
    key("flows", Shape::One(Kind::OAuthFlows)),
    key("openIdConnectUrl", Shape::Text),
];

const OAUTH_FLOWS: [Key; 4] = [
    key("implicit", Shape::One(Kind::OAuthFlow)),
    key("password", Shape::One(Kind::OAuthFlow)),
    key("clientCredentials", Shape::One(Kind::OAuthFlow)),
    key("authorizationCode", Shape::One(Kind::OAuthFlow)),
];

const OAUTH_FLOW: [Key; 4] = [
    must("scopes", Shape::TextMap),
    key("authorizationUrl", Shape::Text),
    key("tokenUrl", Shape::Text),
    key("refreshUrl", Shape::Text),
];

const COMPONENTS: [Key; 9] = [
    key("schemas", Shape::Map(Kind::Schema)),
    key("responses", Shape::Map(Kind::Response)),
    key("parameters", Shape::Map(Kind::Parameter)),
    key("examples", Shape::Map(Kind::Example)),
    key("requestBodies", Shape::Map(Kind::RequestBody)),
    key("headers", Shape::Map(Kind::Header)),
    key("securitySchemes", Shape::Map(Kind::SecurityScheme)),
    key("links", Shape::Map(Kind::Link)),
    key("callbacks", Shape::Map(Kind::Callback)),
];
