//! OpenAPI 3.0.3 as a table: its objects, their keys, and the value of each key.
//!
//! This file looks at no document; `nodes` walks one along this table.

/// A kind of object in OpenAPI.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum ObjectKind {
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

/// What the value of a key is.
#[derive(Clone, Copy, Debug)]
pub(crate) enum ValueKind {
    /// Any JSON; the structural rules do not look into it.
    Any,
    Text,
    /// A URL, which may be relative.
    Url,
    /// An e-mail address.
    Email,
    /// One of a few strings.
    Word(&'static [&'static str]),
    Flag,
    Number,
    /// A non-negative integer.
    Count,
    Texts,
    /// A list of any JSON values.
    Values,
    /// A map to strings.
    TextMap,
    /// Security requirements: a list of maps from scheme names to lists of scopes.
    Security,
    One(ObjectKind),
    List(ObjectKind),
    /// A map from free names to objects of a kind.
    Map(ObjectKind),
    /// `additionalProperties`.
    FlagOrSchema,
}

/// A key of an object.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Key {
    pub(crate) name: &'static str,
    pub(crate) shape: ValueKind,
    pub(crate) required: bool,
}

const fn optional_key(name: &'static str, shape: ValueKind) -> Key {
    Key {
        name,
        shape,
        required: false,
    }
}

const fn required_key(name: &'static str, shape: ValueKind) -> Key {
    Key {
        name,
        shape,
        required: true,
    }
}

impl ObjectKind {
    /// What messages call the object.
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

    /// The map under `components` that holds objects of this kind; only these can be referenced.
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

    /// Whether a `$ref` may replace the object.
    pub(crate) fn is_referable(self) -> bool {
        self.components().is_some() || self == Self::PathItem
    }

    /// The keys of the object. Those of a [`ObjectKind::Callback`] are free.
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
    required_key("openapi", ValueKind::Text),
    required_key("info", ValueKind::One(ObjectKind::Info)),
    required_key("paths", ValueKind::Map(ObjectKind::PathItem)),
    optional_key("servers", ValueKind::List(ObjectKind::Server)),
    optional_key("components", ValueKind::One(ObjectKind::Components)),
    optional_key("security", ValueKind::Security),
    optional_key("tags", ValueKind::List(ObjectKind::Tag)),
    optional_key("externalDocs", ValueKind::One(ObjectKind::ExternalDocs)),
];

const INFO: [Key; 6] = [
    required_key("title", ValueKind::Text),
    required_key("version", ValueKind::Text),
    optional_key("description", ValueKind::Text),
    optional_key("termsOfService", ValueKind::Url),
    optional_key("contact", ValueKind::One(ObjectKind::Contact)),
    optional_key("license", ValueKind::One(ObjectKind::License)),
];

const CONTACT: [Key; 3] = [
    optional_key("name", ValueKind::Text),
    optional_key("url", ValueKind::Url),
    optional_key("email", ValueKind::Email),
];

const LICENSE: [Key; 2] = [
    required_key("name", ValueKind::Text),
    optional_key("url", ValueKind::Url),
];

const SERVER: [Key; 3] = [
    required_key("url", ValueKind::Text),
    optional_key("description", ValueKind::Text),
    optional_key("variables", ValueKind::Map(ObjectKind::ServerVariable)),
];

const SERVER_VARIABLE: [Key; 3] = [
    required_key("default", ValueKind::Text),
    optional_key("enum", ValueKind::Texts),
    optional_key("description", ValueKind::Text),
];

const PATH_ITEM: [Key; 12] = [
    optional_key("summary", ValueKind::Text),
    optional_key("description", ValueKind::Text),
    optional_key("get", ValueKind::One(ObjectKind::Operation)),
    optional_key("put", ValueKind::One(ObjectKind::Operation)),
    optional_key("post", ValueKind::One(ObjectKind::Operation)),
    optional_key("delete", ValueKind::One(ObjectKind::Operation)),
    optional_key("options", ValueKind::One(ObjectKind::Operation)),
    optional_key("head", ValueKind::One(ObjectKind::Operation)),
    optional_key("patch", ValueKind::One(ObjectKind::Operation)),
    optional_key("trace", ValueKind::One(ObjectKind::Operation)),
    optional_key("servers", ValueKind::List(ObjectKind::Server)),
    optional_key("parameters", ValueKind::List(ObjectKind::Parameter)),
];

const OPERATION: [Key; 12] = [
    required_key("responses", ValueKind::Map(ObjectKind::Response)),
    optional_key("operationId", ValueKind::Text),
    optional_key("tags", ValueKind::Texts),
    optional_key("summary", ValueKind::Text),
    optional_key("description", ValueKind::Text),
    optional_key("externalDocs", ValueKind::One(ObjectKind::ExternalDocs)),
    optional_key("parameters", ValueKind::List(ObjectKind::Parameter)),
    optional_key("requestBody", ValueKind::One(ObjectKind::RequestBody)),
    optional_key("callbacks", ValueKind::Map(ObjectKind::Callback)),
    optional_key("deprecated", ValueKind::Flag),
    optional_key("security", ValueKind::Security),
    optional_key("servers", ValueKind::List(ObjectKind::Server)),
];

const EXTERNAL_DOCS: [Key; 2] = [
    required_key("url", ValueKind::Url),
    optional_key("description", ValueKind::Text),
];

const PARAMETER: [Key; 13] = [
    required_key("name", ValueKind::Text),
    required_key("in", ValueKind::Word(&["query", "header", "path", "cookie"])),
    optional_key("description", ValueKind::Text),
    optional_key("required", ValueKind::Flag),
    optional_key("deprecated", ValueKind::Flag),
    optional_key("allowEmptyValue", ValueKind::Flag),
    optional_key("style", ValueKind::Text),
    optional_key("explode", ValueKind::Flag),
    optional_key("allowReserved", ValueKind::Flag),
    optional_key("schema", ValueKind::One(ObjectKind::Schema)),
    optional_key("example", ValueKind::Any),
    optional_key("examples", ValueKind::Map(ObjectKind::Example)),
    optional_key("content", ValueKind::Map(ObjectKind::MediaType)),
];

const REQUEST_BODY: [Key; 3] = [
    required_key("content", ValueKind::Map(ObjectKind::MediaType)),
    optional_key("description", ValueKind::Text),
    optional_key("required", ValueKind::Flag),
];

const MEDIA_TYPE: [Key; 4] = [
    optional_key("schema", ValueKind::One(ObjectKind::Schema)),
    optional_key("example", ValueKind::Any),
    optional_key("examples", ValueKind::Map(ObjectKind::Example)),
    optional_key("encoding", ValueKind::Map(ObjectKind::Encoding)),
];

const ENCODING: [Key; 5] = [
    optional_key("contentType", ValueKind::Text),
    optional_key("headers", ValueKind::Map(ObjectKind::Header)),
    optional_key("style", ValueKind::Text),
    optional_key("explode", ValueKind::Flag),
    optional_key("allowReserved", ValueKind::Flag),
];

const RESPONSE: [Key; 4] = [
    required_key("description", ValueKind::Text),
    optional_key("headers", ValueKind::Map(ObjectKind::Header)),
    optional_key("content", ValueKind::Map(ObjectKind::MediaType)),
    optional_key("links", ValueKind::Map(ObjectKind::Link)),
];

const EXAMPLE: [Key; 4] = [
    optional_key("summary", ValueKind::Text),
    optional_key("description", ValueKind::Text),
    optional_key("value", ValueKind::Any),
    optional_key("externalValue", ValueKind::Text),
];

const LINK: [Key; 6] = [
    optional_key("operationRef", ValueKind::Text),
    optional_key("operationId", ValueKind::Text),
    optional_key("parameters", ValueKind::Any),
    optional_key("requestBody", ValueKind::Any),
    optional_key("description", ValueKind::Text),
    optional_key("server", ValueKind::One(ObjectKind::Server)),
];

const HEADER: [Key; 11] = [
    optional_key("description", ValueKind::Text),
    optional_key("required", ValueKind::Flag),
    optional_key("deprecated", ValueKind::Flag),
    optional_key("allowEmptyValue", ValueKind::Flag),
    optional_key("style", ValueKind::Text),
    optional_key("explode", ValueKind::Flag),
    optional_key("allowReserved", ValueKind::Flag),
    optional_key("schema", ValueKind::One(ObjectKind::Schema)),
    optional_key("example", ValueKind::Any),
    optional_key("examples", ValueKind::Map(ObjectKind::Example)),
    optional_key("content", ValueKind::Map(ObjectKind::MediaType)),
];

const TAG: [Key; 3] = [
    required_key("name", ValueKind::Text),
    optional_key("description", ValueKind::Text),
    optional_key("externalDocs", ValueKind::One(ObjectKind::ExternalDocs)),
];

const SCHEMA: [Key; 35] = [
    optional_key("type", ValueKind::Any),
    optional_key("title", ValueKind::Text),
    optional_key("description", ValueKind::Text),
    optional_key("properties", ValueKind::Map(ObjectKind::Schema)),
    optional_key("required", ValueKind::Texts),
    optional_key("items", ValueKind::One(ObjectKind::Schema)),
    optional_key("additionalProperties", ValueKind::FlagOrSchema),
    optional_key("allOf", ValueKind::List(ObjectKind::Schema)),
    optional_key("oneOf", ValueKind::List(ObjectKind::Schema)),
    optional_key("anyOf", ValueKind::List(ObjectKind::Schema)),
    optional_key("not", ValueKind::One(ObjectKind::Schema)),
    optional_key("enum", ValueKind::Values),
    optional_key("format", ValueKind::Text),
    optional_key("default", ValueKind::Any),
    optional_key("example", ValueKind::Any),
    optional_key("nullable", ValueKind::Flag),
    optional_key("readOnly", ValueKind::Flag),
    optional_key("writeOnly", ValueKind::Flag),
    optional_key("deprecated", ValueKind::Flag),
    optional_key("discriminator", ValueKind::One(ObjectKind::Discriminator)),
    optional_key("externalDocs", ValueKind::One(ObjectKind::ExternalDocs)),
    optional_key("xml", ValueKind::One(ObjectKind::Xml)),
    optional_key("multipleOf", ValueKind::Number),
    optional_key("maximum", ValueKind::Number),
    optional_key("exclusiveMaximum", ValueKind::Flag),
    optional_key("minimum", ValueKind::Number),
    optional_key("exclusiveMinimum", ValueKind::Flag),
    optional_key("maxLength", ValueKind::Count),
    optional_key("minLength", ValueKind::Count),
    optional_key("pattern", ValueKind::Text),
    optional_key("maxItems", ValueKind::Count),
    optional_key("minItems", ValueKind::Count),
    optional_key("uniqueItems", ValueKind::Flag),
    optional_key("maxProperties", ValueKind::Count),
    optional_key("minProperties", ValueKind::Count),
];

const DISCRIMINATOR: [Key; 2] = [
    required_key("propertyName", ValueKind::Text),
    optional_key("mapping", ValueKind::TextMap),
];

const XML: [Key; 5] = [
    optional_key("name", ValueKind::Text),
    optional_key("namespace", ValueKind::Text),
    optional_key("prefix", ValueKind::Text),
    optional_key("attribute", ValueKind::Flag),
    optional_key("wrapped", ValueKind::Flag),
];

const SECURITY_SCHEME: [Key; 8] = [
    required_key("type", ValueKind::Word(&["apiKey", "http", "oauth2", "openIdConnect"])),
    optional_key("description", ValueKind::Text),
    optional_key("name", ValueKind::Text),
    optional_key("in", ValueKind::Word(&["query", "header", "cookie"])),
    optional_key("scheme", ValueKind::Text),
    optional_key("bearerFormat", ValueKind::Text),
    optional_key("flows", ValueKind::One(ObjectKind::OAuthFlows)),
    optional_key("openIdConnectUrl", ValueKind::Url),
];

const OAUTH_FLOWS: [Key; 4] = [
    optional_key("implicit", ValueKind::One(ObjectKind::OAuthFlow)),
    optional_key("password", ValueKind::One(ObjectKind::OAuthFlow)),
    optional_key("clientCredentials", ValueKind::One(ObjectKind::OAuthFlow)),
    optional_key("authorizationCode", ValueKind::One(ObjectKind::OAuthFlow)),
];

const OAUTH_FLOW: [Key; 4] = [
    required_key("scopes", ValueKind::TextMap),
    optional_key("authorizationUrl", ValueKind::Url),
    optional_key("tokenUrl", ValueKind::Url),
    optional_key("refreshUrl", ValueKind::Url),
];

const COMPONENTS: [Key; 9] = [
    optional_key("schemas", ValueKind::Map(ObjectKind::Schema)),
    optional_key("responses", ValueKind::Map(ObjectKind::Response)),
    optional_key("parameters", ValueKind::Map(ObjectKind::Parameter)),
    optional_key("examples", ValueKind::Map(ObjectKind::Example)),
    optional_key("requestBodies", ValueKind::Map(ObjectKind::RequestBody)),
    optional_key("headers", ValueKind::Map(ObjectKind::Header)),
    optional_key("securitySchemes", ValueKind::Map(ObjectKind::SecurityScheme)),
    optional_key("links", ValueKind::Map(ObjectKind::Link)),
    optional_key("callbacks", ValueKind::Map(ObjectKind::Callback)),
];
