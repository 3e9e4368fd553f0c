// actix-web: extractors, requests, responses, applications.

pub use error::{Error, Result, ResponseError};
pub use web::{Either};
pub use app::{App, HttpServer};
pub use route::{Route, Resource, Scope};
pub use http::{HttpMessage};

pub mod error {
    #[derive(Debug)]
    pub struct Error {}
    impl Error {
        pub fn as_response_error(&self) -> &dyn ResponseError {}
    }
    impl<T> From<T> for Error {}
    pub type Result<T, E = Error> = std::result::Result<T, E>;
    pub trait ResponseError {
        fn status_code(&self) -> crate::http::StatusCode {}
        fn error_response(&self) -> crate::HttpResponse {}
    }
    #[derive(Debug)]
    pub struct InternalError<T> {}
    impl<T> InternalError<T> {
        pub fn new(cause: T, status: crate::http::StatusCode) -> InternalError<T> {}
        pub fn from_response(cause: T, response: crate::HttpResponse) -> InternalError<T> {}
    }
    pub fn ErrorBadRequest<T>(err: T) -> Error {}
    pub fn ErrorUnauthorized<T>(err: T) -> Error {}
    pub fn ErrorForbidden<T>(err: T) -> Error {}
    pub fn ErrorNotFound<T>(err: T) -> Error {}
    pub fn ErrorConflict<T>(err: T) -> Error {}
    pub fn ErrorInternalServerError<T>(err: T) -> Error {}
}

pub mod web {
    pub use bytes::{Bytes, BytesMut};
    #[derive(Debug)]
    pub struct Data<T> {}
    impl<T> Data<T> {
        pub fn new(state: T) -> Data<T> {}
        pub fn get_ref(&self) -> &T {}
        pub fn into_inner(self) -> std::sync::Arc<T> {}
    }
    impl<T> Clone for Data<T> {}
    impl<T> std::ops::Deref for Data<T> {
        type Target = std::sync::Arc<T>;
    }
    impl<T> From<std::sync::Arc<T>> for Data<T> {}
    #[derive(Clone, Debug)]
    pub struct ReqData<T> {}
    impl<T> ReqData<T> {
        pub fn into_inner(self) -> T {}
    }
    impl<T> std::ops::Deref for ReqData<T> {
        type Target = T;
    }
    #[derive(Clone, Debug)]
    pub struct ThinData<T>(pub T);
    impl<T> std::ops::Deref for ThinData<T> {
        type Target = T;
    }
    #[derive(Debug)]
    pub struct Json<T>(pub T);
    impl<T> Json<T> {
        pub fn into_inner(self) -> T {}
    }
    impl<T> std::ops::Deref for Json<T> {
        type Target = T;
    }
    #[derive(Debug)]
    pub struct Form<T>(pub T);
    impl<T> Form<T> {
        pub fn into_inner(self) -> T {}
    }
    impl<T> std::ops::Deref for Form<T> {
        type Target = T;
    }
    #[derive(Debug)]
    pub struct Path<T> {}
    impl<T> Path<T> {
        pub fn into_inner(self) -> T {}
    }
    impl<T> std::ops::Deref for Path<T> {
        type Target = T;
    }
    #[derive(Debug)]
    pub struct Query<T>(pub T);
    impl<T> Query<T> {
        pub fn into_inner(self) -> T {}
        pub fn from_query(query: &str) -> Result<Query<T>, crate::Error> {}
    }
    impl<T> std::ops::Deref for Query<T> {
        type Target = T;
    }
    #[derive(Debug)]
    pub struct Header<T>(pub T);
    impl<T> std::ops::Deref for Header<T> {
        type Target = T;
    }
    pub struct Payload {}
    pub enum Either<L, R> {
        Left(L),
        Right(R),
    }
    pub struct ServiceConfig {}
    impl ServiceConfig {
        pub fn app_data<U>(&mut self, ext: U) -> &mut ServiceConfig {}
        pub fn configure<F: FnOnce(&mut ServiceConfig)>(&mut self, f: F) -> &mut ServiceConfig {}
        pub fn route(&mut self, path: &str, route: crate::Route) -> &mut ServiceConfig {}
        pub fn service<F>(&mut self, factory: F) -> &mut ServiceConfig {}
        pub fn default_service<F>(&mut self, f: F) -> &mut ServiceConfig {}
    }
    pub fn scope(path: &str) -> crate::Scope {}
    pub fn resource<T>(path: T) -> crate::Resource {}
    pub fn route() -> crate::Route {}
    pub fn get() -> crate::Route {}
    pub fn post() -> crate::Route {}
    pub fn put() -> crate::Route {}
    pub fn patch() -> crate::Route {}
    pub fn delete() -> crate::Route {}
    pub fn head() -> crate::Route {}
    pub fn method(method: crate::http::Method) -> crate::Route {}
    pub fn to<F>(handler: F) -> crate::Route {}
    pub fn redirect<F, T>(from: F, to: T) -> crate::Route {}
    pub async fn block<F: FnOnce() -> R, R>(f: F) -> Result<R, crate::error::Error> {}
    #[derive(Clone)]
    pub struct JsonConfig {}
    pub struct PayloadConfig {}
}

pub mod route {
    pub struct Route {}
    impl Route {
        pub fn new() -> Route {}
        pub fn method(self, method: crate::http::Method) -> Route {}
        pub fn guard<G>(self, guard: G) -> Route {}
        pub fn to<F>(self, handler: F) -> Route {}
        pub fn wrap<M>(self, mw: M) -> Route {}
    }
    pub struct Resource {}
    impl Resource {
        pub fn new<T>(path: T) -> Resource {}
        pub fn name(self, name: &str) -> Resource {}
        pub fn guard<G>(self, guard: G) -> Resource {}
        pub fn route(self, route: Route) -> Resource {}
        pub fn to<F>(self, handler: F) -> Resource {}
        pub fn wrap<M>(self, mw: M) -> Resource {}
        pub fn app_data<U>(self, data: U) -> Resource {}
        pub fn get<F>(self, handler: F) -> Resource {}
        pub fn post<F>(self, handler: F) -> Resource {}
        pub fn put<F>(self, handler: F) -> Resource {}
        pub fn delete<F>(self, handler: F) -> Resource {}
        pub fn patch<F>(self, handler: F) -> Resource {}
    }
    pub struct Scope {}
    impl Scope {
        pub fn new(path: &str) -> Scope {}
        pub fn app_data<U>(self, data: U) -> Scope {}
        pub fn guard<G>(self, guard: G) -> Scope {}
        pub fn configure<F: FnOnce(&mut crate::web::ServiceConfig)>(self, cfg_fn: F) -> Scope {}
        pub fn service<F>(self, factory: F) -> Scope {}
        pub fn route(self, path: &str, route: Route) -> Scope {}
        pub fn default_service<F>(self, f: F) -> Scope {}
        pub fn wrap<M>(self, mw: M) -> Scope {}
        pub fn wrap_fn<F>(self, mw: F) -> Scope {}
    }
}

pub mod app {
    pub struct App {}
    impl App {
        pub fn new() -> App {}
        pub fn app_data<U>(self, ext: U) -> App {}
        pub fn configure<F: FnOnce(&mut crate::web::ServiceConfig)>(self, f: F) -> App {}
        pub fn route(self, path: &str, route: crate::Route) -> App {}
        pub fn service<F>(self, factory: F) -> App {}
        pub fn default_service<F>(self, svc: F) -> App {}
        pub fn wrap<M>(self, mw: M) -> App {}
        pub fn wrap_fn<F>(self, mw: F) -> App {}
    }
    pub struct HttpServer {}
    impl HttpServer {
        pub fn new<F: Fn() -> I, I>(factory: F) -> HttpServer {}
        pub fn workers(self, num: usize) -> HttpServer {}
        pub fn bind<A>(self, addrs: A) -> std::io::Result<HttpServer> {}
        pub fn listen<L>(self, lst: L) -> std::io::Result<HttpServer> {}
        pub fn run(self) -> crate::dev::Server {}
    }
}

#[derive(Clone, Debug)]
pub struct HttpRequest {}
impl HttpRequest {
    pub fn head(&self) -> &dev::RequestHead {}
    pub fn method(&self) -> &http::Method {}
    pub fn uri(&self) -> &http::Uri {}
    pub fn path(&self) -> &str {}
    pub fn headers(&self) -> &http::header::HeaderMap {}
    pub fn match_info(&self) -> &dev::PathInfo {}
    pub fn query_string(&self) -> &str {}
    pub fn app_data<T>(&self) -> Option<&T> {}
    pub fn extensions(&self) -> std::cell::Ref<http::Extensions> {}
    pub fn extensions_mut(&self) -> std::cell::RefMut<http::Extensions> {}
    pub fn cookie(&self, name: &str) -> Option<cookie::Cookie> {}
    pub fn peer_addr(&self) -> Option<std::net::SocketAddr> {}
    pub fn connection_info(&self) -> std::cell::Ref<dev::ConnectionInfo> {}
}
#[derive(Debug)]
pub struct HttpResponse<B = body::BoxBody> {}
impl<B> HttpResponse<B> {
    pub fn Ok() -> HttpResponseBuilder {}
    pub fn Created() -> HttpResponseBuilder {}
    pub fn Accepted() -> HttpResponseBuilder {}
    pub fn NoContent() -> HttpResponseBuilder {}
    pub fn Found() -> HttpResponseBuilder {}
    pub fn SeeOther() -> HttpResponseBuilder {}
    pub fn BadRequest() -> HttpResponseBuilder {}
    pub fn Unauthorized() -> HttpResponseBuilder {}
    pub fn Forbidden() -> HttpResponseBuilder {}
    pub fn NotFound() -> HttpResponseBuilder {}
    pub fn Conflict() -> HttpResponseBuilder {}
    pub fn Gone() -> HttpResponseBuilder {}
    pub fn UnprocessableEntity() -> HttpResponseBuilder {}
    pub fn TooManyRequests() -> HttpResponseBuilder {}
    pub fn InternalServerError() -> HttpResponseBuilder {}
    pub fn ServiceUnavailable() -> HttpResponseBuilder {}
    pub fn build(status: http::StatusCode) -> HttpResponseBuilder {}
    pub fn new(status: http::StatusCode) -> HttpResponse<B> {}
    pub fn status(&self) -> http::StatusCode {}
    pub fn headers(&self) -> &http::header::HeaderMap {}
    pub fn headers_mut(&mut self) -> &mut http::header::HeaderMap {}
    pub fn body(&self) -> &B {}
    pub fn into_parts(self) -> (HttpResponse<()>, B) {}
    pub fn set_body<B2>(self, body: B2) -> HttpResponse<B2> {}
    pub fn map_into_boxed_body(self) -> HttpResponse {}
}
pub struct HttpResponseBuilder {}
impl HttpResponseBuilder {
    pub fn new(status: http::StatusCode) -> HttpResponseBuilder {}
    pub fn status(&mut self, status: http::StatusCode) -> &mut HttpResponseBuilder {}
    pub fn insert_header<H>(&mut self, header: H) -> &mut HttpResponseBuilder {}
    pub fn append_header<H>(&mut self, header: H) -> &mut HttpResponseBuilder {}
    pub fn content_type<V>(&mut self, value: V) -> &mut HttpResponseBuilder {}
    pub fn cookie(&mut self, cookie: cookie::Cookie) -> &mut HttpResponseBuilder {}
    pub fn json<T>(&mut self, value: T) -> HttpResponse {}
    pub fn body<B>(&mut self, body: B) -> HttpResponse {}
    pub fn streaming<S>(&mut self, stream: S) -> HttpResponse {}
    pub fn finish(&mut self) -> HttpResponse {}
}
pub trait Responder {
    fn respond_to(self, req: &HttpRequest) -> HttpResponse;
}
pub trait FromRequest {
    type Error;
    type Future;
    fn from_request(req: &HttpRequest, payload: &mut dev::Payload) -> impl std::future::Future<Output = std::result::Result<Self, Self::Error>>;
    fn extract(req: &HttpRequest) -> impl std::future::Future<Output = std::result::Result<Self, Self::Error>> {}
}

pub mod body {
    #[derive(Debug)]
    pub struct BoxBody {}
    pub trait MessageBody {}
    pub async fn to_bytes<B>(body: B) -> std::result::Result<bytes::Bytes, crate::Error> {}
}
pub mod cookie {
    #[derive(Clone, Debug)]
    pub struct Cookie {}
    impl Cookie {
        pub fn build<N, V>(name: N, value: V) -> CookieBuilder {}
        pub fn new<N, V>(name: N, value: V) -> Cookie {}
        pub fn name(&self) -> &str {}
        pub fn value(&self) -> &str {}
    }
    pub struct CookieBuilder {}
    impl CookieBuilder {
        pub fn path<P>(self, path: P) -> CookieBuilder {}
        pub fn max_age<D>(self, value: D) -> CookieBuilder {}
        pub fn http_only(self, value: bool) -> CookieBuilder {}
        pub fn same_site<S>(self, value: S) -> CookieBuilder {}
        pub fn secure(self, value: bool) -> CookieBuilder {}
        pub fn finish(self) -> Cookie {}
    }
}
pub mod dev {
    pub struct Server {}
    impl std::future::Future for Server {
        type Output = std::io::Result<()>;
    }
    pub struct Payload {}
    pub struct RequestHead {}
    pub struct PathInfo {}
    impl PathInfo {
        pub fn get(&self, key: &str) -> Option<&str> {}
        pub fn query(&self, key: &str) -> &str {}
    }
    pub struct ConnectionInfo {}
    #[derive(Debug)]
    pub struct ServiceRequest {}
    impl ServiceRequest {
        pub fn into_parts(self) -> (crate::HttpRequest, Payload) {}
        pub fn parts_mut(&mut self) -> (&mut crate::HttpRequest, &mut Payload) {}
        pub fn request(&self) -> &crate::HttpRequest {}
        pub fn headers(&self) -> &crate::http::header::HeaderMap {}
        pub fn path(&self) -> &str {}
        pub fn method(&self) -> &crate::http::Method {}
        pub fn app_data<T>(&self) -> Option<&T> {}
        pub fn extensions(&self) -> std::cell::Ref<crate::http::Extensions> {}
        pub fn extensions_mut(&self) -> std::cell::RefMut<crate::http::Extensions> {}
        pub async fn extract<T: crate::FromRequest>(&mut self) -> std::result::Result<T, <T as crate::FromRequest>::Error> {}
    }
    #[derive(Debug)]
    pub struct ServiceResponse<B = crate::body::BoxBody> {}
    impl<B> ServiceResponse<B> {
        pub fn request(&self) -> &crate::HttpRequest {}
        pub fn response(&self) -> &crate::HttpResponse<B> {}
        pub fn status(&self) -> crate::http::StatusCode {}
        pub fn headers(&self) -> &crate::http::header::HeaderMap {}
        pub fn into_parts(self) -> (crate::HttpRequest, crate::HttpResponse<B>) {}
    }
    pub trait Service<R> {
        type Response;
        type Error;
        type Future;
        fn call(&self, req: R) -> Self::Future;
    }
    pub trait Transform<S, Req> {}
}
pub mod middleware {
    pub struct Next<B> {}
    impl<B> Next<B> {
        pub async fn call(&self, req: crate::dev::ServiceRequest) -> std::result::Result<crate::dev::ServiceResponse<B>, crate::Error> {}
    }
    pub fn from_fn<F>(mw_fn: F) -> FromFn {}
    pub struct FromFn {}
    pub use Next as _;
}
pub mod http {
    pub use http::{Extensions, Method, StatusCode, Uri, header};
    pub use http::*;
    pub trait HttpMessage {
        fn extensions(&self) -> std::cell::Ref<http::Extensions>;
    }
}
pub mod rt {
    pub fn spawn<F: std::future::Future>(f: F) -> tokio::task::JoinHandle<<F as std::future::Future>::Output> {}
}
