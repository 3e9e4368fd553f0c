// http: requests, responses, headers.

#[derive(Clone, Debug, Default)]
pub struct Request<T> {}
impl<T> Request<T> {
    pub fn builder() -> request::Builder {}
    pub fn new(body: T) -> Request<T> {}
    pub fn method(&self) -> &Method {}
    pub fn uri(&self) -> &Uri {}
    pub fn headers(&self) -> &HeaderMap {}
    pub fn headers_mut(&mut self) -> &mut HeaderMap {}
    pub fn extensions(&self) -> &Extensions {}
    pub fn extensions_mut(&mut self) -> &mut Extensions {}
    pub fn body(&self) -> &T {}
    pub fn body_mut(&mut self) -> &mut T {}
    pub fn into_body(self) -> T {}
    pub fn into_parts(self) -> (request::Parts, T) {}
    pub fn from_parts(parts: request::Parts, body: T) -> Request<T> {}
    pub fn map<F: FnOnce(T) -> U, U>(self, f: F) -> Request<U> {}
}
pub mod request {
    pub use crate::Request;
    #[derive(Clone, Debug)]
    pub struct Parts {
        pub method: crate::Method,
        pub uri: crate::Uri,
        pub headers: crate::HeaderMap,
        pub extensions: crate::Extensions,
    }
    impl Parts {
        pub async fn extract<E>(&mut self) -> Result<E, ()> {}
        pub async fn extract_with_state<E, S>(&mut self, state: &S) -> Result<E, ()> {}
    }
    #[derive(Debug, Default)]
    pub struct Builder {}
    impl Builder {
        pub fn method<T>(self, method: T) -> Builder {}
        pub fn uri<T>(self, uri: T) -> Builder {}
        pub fn header<K, V>(self, key: K, value: V) -> Builder {}
        pub fn extension<T>(self, extension: T) -> Builder {}
        pub fn body<T>(self, body: T) -> Result<crate::Request<T>, crate::Error> {}
    }
}
#[derive(Clone, Debug, Default)]
pub struct Response<T> {}
impl<T> Response<T> {
    pub fn builder() -> response::Builder {}
    pub fn new(body: T) -> Response<T> {}
    pub fn status(&self) -> StatusCode {}
    pub fn status_mut(&mut self) -> &mut StatusCode {}
    pub fn headers(&self) -> &HeaderMap {}
    pub fn headers_mut(&mut self) -> &mut HeaderMap {}
    pub fn extensions(&self) -> &Extensions {}
    pub fn extensions_mut(&mut self) -> &mut Extensions {}
    pub fn body(&self) -> &T {}
    pub fn body_mut(&mut self) -> &mut T {}
    pub fn into_body(self) -> T {}
    pub fn into_parts(self) -> (response::Parts, T) {}
    pub fn from_parts(parts: response::Parts, body: T) -> Response<T> {}
    pub fn map<F: FnOnce(T) -> U, U>(self, f: F) -> Response<U> {}
}
pub mod response {
    pub use crate::Response;
    #[derive(Clone, Debug)]
    pub struct Parts {
        pub status: crate::StatusCode,
        pub headers: crate::HeaderMap,
        pub extensions: crate::Extensions,
    }
    #[derive(Debug, Default)]
    pub struct Builder {}
    impl Builder {
        pub fn status<T>(self, status: T) -> Builder {}
        pub fn header<K, V>(self, key: K, value: V) -> Builder {}
        pub fn body<T>(self, body: T) -> Result<crate::Response<T>, crate::Error> {}
    }
}
#[derive(Debug)]
pub struct Error {}
#[derive(Clone, Debug, Default)]
pub struct Extensions {}
impl Extensions {
    pub fn new() -> Extensions {}
    pub fn insert<T>(&mut self, val: T) -> Option<T> {}
    pub fn get<T>(&self) -> Option<&T> {}
    pub fn get_mut<T>(&mut self) -> Option<&mut T> {}
    pub fn remove<T>(&mut self) -> Option<T> {}
}
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Method {}
impl Method {
    pub const GET: Method;
    pub const POST: Method;
    pub const PUT: Method;
    pub const DELETE: Method;
    pub const PATCH: Method;
    pub const HEAD: Method;
    pub const OPTIONS: Method;
    pub fn as_str(&self) -> &str {}
}
#[derive(Clone, Debug, PartialEq, Eq, Hash, Default)]
pub struct Uri {}
impl Uri {
    pub fn path(&self) -> &str {}
    pub fn query(&self) -> Option<&str> {}
    pub fn host(&self) -> Option<&str> {}
    pub fn scheme_str(&self) -> Option<&str> {}
}
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct StatusCode {}
impl StatusCode {
    pub const OK: StatusCode;
    pub const CREATED: StatusCode;
    pub const ACCEPTED: StatusCode;
    pub const NO_CONTENT: StatusCode;
    pub const SEE_OTHER: StatusCode;
    pub const FOUND: StatusCode;
    pub const MOVED_PERMANENTLY: StatusCode;
    pub const NOT_MODIFIED: StatusCode;
    pub const BAD_REQUEST: StatusCode;
    pub const UNAUTHORIZED: StatusCode;
    pub const PAYMENT_REQUIRED: StatusCode;
    pub const FORBIDDEN: StatusCode;
    pub const NOT_FOUND: StatusCode;
    pub const METHOD_NOT_ALLOWED: StatusCode;
    pub const CONFLICT: StatusCode;
    pub const GONE: StatusCode;
    pub const PAYLOAD_TOO_LARGE: StatusCode;
    pub const UNSUPPORTED_MEDIA_TYPE: StatusCode;
    pub const UNPROCESSABLE_ENTITY: StatusCode;
    pub const TOO_MANY_REQUESTS: StatusCode;
    pub const INTERNAL_SERVER_ERROR: StatusCode;
    pub const NOT_IMPLEMENTED: StatusCode;
    pub const BAD_GATEWAY: StatusCode;
    pub const SERVICE_UNAVAILABLE: StatusCode;
    pub fn as_u16(&self) -> u16 {}
    pub fn as_str(&self) -> &str {}
    pub fn from_u16(src: u16) -> Result<StatusCode, Error> {}
    pub fn canonical_reason(&self) -> Option<&'static str> {}
    pub fn is_success(&self) -> bool {}
    pub fn is_client_error(&self) -> bool {}
    pub fn is_server_error(&self) -> bool {}
}
pub use header::{HeaderMap, HeaderName, HeaderValue};
pub mod header {
    #[derive(Clone, Debug, Default)]
    pub struct HeaderMap<T = HeaderValue> {}
    impl<T> HeaderMap<T> {
        pub fn new() -> HeaderMap<T> {}
        pub fn get<K>(&self, key: K) -> Option<&T> {}
        pub fn get_all<K>(&self, key: K) -> impl Iterator<Item = &T> {}
        pub fn insert<K>(&mut self, key: K, val: T) -> Option<T> {}
        pub fn append<K>(&mut self, key: K, value: T) -> bool {}
        pub fn contains_key<K>(&self, key: K) -> bool {}
        pub fn remove<K>(&mut self, key: K) -> Option<T> {}
        pub fn iter(&self) -> impl Iterator<Item = (&HeaderName, &T)> {}
        pub fn len(&self) -> usize {}
    }
    impl<T> IntoIterator for &HeaderMap<T> {
        type Item = (&HeaderName, &T);
    }
    #[derive(Clone, Debug, PartialEq, Eq, Hash)]
    pub struct HeaderName {}
    impl HeaderName {
        pub fn as_str(&self) -> &str {}
        pub const fn from_static(src: &'static str) -> HeaderName {}
    }
    #[derive(Clone, Debug, PartialEq, Eq, Hash)]
    pub struct HeaderValue {}
    impl HeaderValue {
        pub const fn from_static(src: &'static str) -> HeaderValue {}
        pub fn from_str(src: &str) -> Result<HeaderValue, InvalidHeaderValue> {}
        pub fn to_str(&self) -> Result<&str, ToStrError> {}
        pub fn as_bytes(&self) -> &[u8] {}
    }
    #[derive(Debug)]
    pub struct InvalidHeaderValue {}
    #[derive(Debug)]
    pub struct ToStrError {}
}
