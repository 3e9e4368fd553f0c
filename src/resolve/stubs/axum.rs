// axum and axum-extra: extractors, responses, routers.

pub use extract::{Form, Json, Extension};
pub use routing::Router;

pub mod extract {
    pub use crate::Router as _;
    #[derive(Clone, Copy, Debug, Default)]
    pub struct State<S>(pub S);
    impl<S> std::ops::Deref for State<S> {
        type Target = S;
    }
    #[derive(Clone, Copy, Debug)]
    pub struct Path<T>(pub T);
    impl<T> std::ops::Deref for Path<T> {
        type Target = T;
    }
    #[derive(Clone, Copy, Debug)]
    pub struct Query<T>(pub T);
    impl<T> std::ops::Deref for Query<T> {
        type Target = T;
    }
    #[derive(Clone, Copy, Debug, Default)]
    pub struct Json<T>(pub T);
    impl<T> std::ops::Deref for Json<T> {
        type Target = T;
    }
    #[derive(Clone, Copy, Debug, Default)]
    pub struct Form<T>(pub T);
    impl<T> std::ops::Deref for Form<T> {
        type Target = T;
    }
    #[derive(Clone, Copy, Debug, Default)]
    pub struct Extension<T>(pub T);
    impl<T> std::ops::Deref for Extension<T> {
        type Target = T;
    }
    #[derive(Clone, Copy, Debug)]
    pub struct ConnectInfo<T>(pub T);
    impl<T> std::ops::Deref for ConnectInfo<T> {
        type Target = T;
    }
    #[derive(Clone, Debug)]
    pub struct OriginalUri(pub http::Uri);
    #[derive(Clone, Debug)]
    pub struct MatchedPath {}
    impl MatchedPath {
        pub fn as_str(&self) -> &str {}
    }
    #[derive(Clone, Debug)]
    pub struct Host(pub String);
    pub struct RawQuery(pub Option<String>);
    pub type Request = http::Request<crate::body::Body>;
    pub trait FromRef<T> {
        fn from_ref(input: &T) -> Self;
    }
    impl<T: Clone> FromRef<T> for T {}
    pub trait FromRequest<S, M = ()> {
        type Rejection;
        fn from_request(req: Request, state: &S) -> impl std::future::Future<Output = Result<Self, Self::Rejection>>;
    }
    pub trait FromRequestParts<S> {
        type Rejection;
        fn from_request_parts(parts: &mut http::request::Parts, state: &S) -> impl std::future::Future<Output = Result<Self, Self::Rejection>>;
    }
    pub trait OptionalFromRequestParts<S> {
        type Rejection;
        fn from_request_parts(parts: &mut http::request::Parts, state: &S) -> impl std::future::Future<Output = Result<Option<Self>, Self::Rejection>>;
    }
    impl<T, S> FromRequest<S> for Json<T> {
        type Rejection = rejection::JsonRejection;
    }
    impl<T, S> FromRequest<S> for Form<T> {
        type Rejection = rejection::FormRejection;
    }
    impl<T, S> FromRequestParts<S> for Path<T> {
        type Rejection = rejection::PathRejection;
    }
    impl<T, S> FromRequestParts<S> for Query<T> {
        type Rejection = rejection::QueryRejection;
    }
    impl<T, S> FromRequestParts<S> for State<T> {
        type Rejection = std::convert::Infallible;
    }
    impl<T, S> FromRequestParts<S> for Extension<T> {
        type Rejection = rejection::ExtensionRejection;
    }
    pub trait RequestPartsExt {
        fn extract<E>(&mut self) -> impl std::future::Future<Output = Result<E, ()>>;
    }
    pub mod rejection {
        #[derive(Debug)]
        pub struct JsonRejection {}
        impl JsonRejection {
            pub fn body_text(&self) -> String {}
            pub fn status(&self) -> http::StatusCode {}
        }
        #[derive(Debug)]
        pub struct FormRejection {}
        #[derive(Debug)]
        pub struct PathRejection {}
        #[derive(Debug)]
        pub struct QueryRejection {}
        #[derive(Debug)]
        pub struct ExtensionRejection {}
    }
    pub mod ws {
        pub struct WebSocketUpgrade {}
        impl WebSocketUpgrade {
            pub fn on_upgrade<C: FnOnce(WebSocket) -> Fut, Fut>(self, callback: C) -> crate::response::Response {}
        }
        pub struct WebSocket {}
        impl WebSocket {
            pub async fn recv(&mut self) -> Option<Result<Message, ()>> {}
            pub async fn send(&mut self, msg: Message) -> Result<(), ()> {}
        }
        #[derive(Clone, Debug)]
        pub enum Message {
            Text(String),
            Binary(Vec<u8>),
            Ping(Vec<u8>),
            Pong(Vec<u8>),
            Close(Option<()>),
        }
    }
    pub struct Multipart {}
    impl Multipart {
        pub async fn next_field(&mut self) -> Result<Option<multipart::Field>, multipart::MultipartError> {}
    }
    pub mod multipart {
        pub struct Field {}
        impl Field {
            pub fn name(&self) -> Option<&str> {}
            pub fn file_name(&self) -> Option<&str> {}
            pub fn content_type(&self) -> Option<&str> {}
            pub async fn bytes(self) -> Result<bytes::Bytes, MultipartError> {}
            pub async fn text(self) -> Result<String, MultipartError> {}
        }
        #[derive(Debug)]
        pub struct MultipartError {}
    }
}

pub mod routing {
    #[derive(Clone, Debug, Default)]
    pub struct Router<S = ()> {}
    impl<S> Router<S> {
        pub fn new() -> Router<S> {}
        pub fn route(self, path: &str, method_router: MethodRouter<S>) -> Router<S> {}
        pub fn route_service<T>(self, path: &str, service: T) -> Router<S> {}
        pub fn nest(self, path: &str, router: Router<S>) -> Router<S> {}
        pub fn nest_service<T>(self, path: &str, service: T) -> Router<S> {}
        pub fn merge<R>(self, other: R) -> Router<S> {}
        pub fn layer<L>(self, layer: L) -> Router<S> {}
        pub fn route_layer<L>(self, layer: L) -> Router<S> {}
        pub fn fallback<H>(self, handler: H) -> Router<S> {}
        pub fn fallback_service<T>(self, service: T) -> Router<S> {}
        pub fn with_state<S2>(self, state: S) -> Router<S2> {}
        pub fn into_make_service(self) -> IntoMakeService {}
        pub fn into_make_service_with_connect_info<C>(self) -> IntoMakeService {}
    }
    pub struct IntoMakeService {}
    #[derive(Clone, Debug, Default)]
    pub struct MethodRouter<S = ()> {}
    impl<S> MethodRouter<S> {
        pub fn new() -> MethodRouter<S> {}
        pub fn get<H>(self, handler: H) -> MethodRouter<S> {}
        pub fn post<H>(self, handler: H) -> MethodRouter<S> {}
        pub fn put<H>(self, handler: H) -> MethodRouter<S> {}
        pub fn delete<H>(self, handler: H) -> MethodRouter<S> {}
        pub fn patch<H>(self, handler: H) -> MethodRouter<S> {}
        pub fn head<H>(self, handler: H) -> MethodRouter<S> {}
        pub fn options<H>(self, handler: H) -> MethodRouter<S> {}
        pub fn trace<H>(self, handler: H) -> MethodRouter<S> {}
        pub fn fallback<H>(self, handler: H) -> MethodRouter<S> {}
        pub fn layer<L>(self, layer: L) -> MethodRouter<S> {}
        pub fn route_layer<L>(self, layer: L) -> MethodRouter<S> {}
        pub fn with_state<S2>(self, state: S) -> MethodRouter<S2> {}
    }
    pub fn get<H, S>(handler: H) -> MethodRouter<S> {}
    pub fn post<H, S>(handler: H) -> MethodRouter<S> {}
    pub fn put<H, S>(handler: H) -> MethodRouter<S> {}
    pub fn delete<H, S>(handler: H) -> MethodRouter<S> {}
    pub fn patch<H, S>(handler: H) -> MethodRouter<S> {}
    pub fn head<H, S>(handler: H) -> MethodRouter<S> {}
    pub fn options<H, S>(handler: H) -> MethodRouter<S> {}
    pub fn trace<H, S>(handler: H) -> MethodRouter<S> {}
    pub fn any<H, S>(handler: H) -> MethodRouter<S> {}
    pub fn on<H, S>(filter: MethodFilter, handler: H) -> MethodRouter<S> {}
    pub fn get_service<T, S>(svc: T) -> MethodRouter<S> {}
    pub fn post_service<T, S>(svc: T) -> MethodRouter<S> {}
    pub fn any_service<T, S>(svc: T) -> MethodRouter<S> {}
    pub struct MethodFilter {}
}

pub mod response {
    pub use crate::extract::Json;
    pub type Response<T = crate::body::Body> = http::Response<T>;
    pub type Result<T, E = ErrorResponse> = std::result::Result<T, E>;
    pub struct ErrorResponse {}
    pub trait IntoResponse {
        fn into_response(self) -> Response;
    }
    pub trait IntoResponseParts {}
    #[derive(Clone, Debug)]
    pub struct Html<T>(pub T);
    impl<T> IntoResponse for Html<T> {
        fn into_response(self) -> Response {}
    }
    #[derive(Clone, Debug)]
    pub struct Redirect {}
    impl Redirect {
        pub fn to(uri: &str) -> Redirect {}
        pub fn temporary(uri: &str) -> Redirect {}
        pub fn permanent(uri: &str) -> Redirect {}
    }
    pub mod sse {
        #[derive(Clone, Debug, Default)]
        pub struct Event {}
        impl Event {
            pub fn data<T>(self, data: T) -> Event {}
            pub fn event<T>(self, event: T) -> Event {}
        }
        pub struct KeepAlive {}
    }
    #[derive(Clone)]
    pub struct Sse<S> {}
    impl<S> Sse<S> {
        pub fn new(stream: S) -> Sse<S> {}
        pub fn keep_alive(self, keep_alive: sse::KeepAlive) -> Sse<S> {}
    }
}

pub mod body {
    pub use bytes::Bytes;
    #[derive(Debug, Default)]
    pub struct Body {}
    impl Body {
        pub fn empty() -> Body {}
        pub fn new<B>(body: B) -> Body {}
        pub fn from_stream<S>(stream: S) -> Body {}
    }
    impl<T> From<T> for Body {}
    pub async fn to_bytes(body: Body, limit: usize) -> Result<Bytes, crate::Error> {}
}

#[derive(Debug)]
pub struct Error {}

pub mod middleware {
    pub fn from_fn<F>(f: F) -> FromFnLayer {}
    pub fn from_fn_with_state<F, S>(state: S, f: F) -> FromFnLayer {}
    pub fn map_request<F>(f: F) -> FromFnLayer {}
    pub fn map_response<F>(f: F) -> FromFnLayer {}
    pub fn from_extractor<E>() -> FromFnLayer {}
    #[derive(Clone)]
    pub struct FromFnLayer {}
    #[derive(Clone, Debug)]
    pub struct Next {}
    impl Next {
        pub async fn run(self, req: crate::extract::Request) -> crate::response::Response {}
    }
}

pub mod http {
    pub use http::*;
    pub use http::{HeaderMap, HeaderName, HeaderValue, Method, Request, Response, StatusCode, Uri, header, request};
}

pub fn serve<L, M>(tcp_listener: L, make_service: M) -> serve::Serve {}
pub mod serve {
    pub struct Serve {}
    impl Serve {
        pub fn with_graceful_shutdown<F>(self, signal: F) -> Serve {}
    }
    impl std::future::Future for Serve {
        type Output = std::io::Result<()>;
    }
}
