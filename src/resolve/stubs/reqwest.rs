// reqwest.
#[derive(Clone, Debug, Default)]
pub struct Client {}
impl Client {
    pub fn new() -> Client {}
    pub fn builder() -> ClientBuilder {}
    pub fn get<U>(&self, url: U) -> RequestBuilder {}
    pub fn post<U>(&self, url: U) -> RequestBuilder {}
    pub fn put<U>(&self, url: U) -> RequestBuilder {}
    pub fn patch<U>(&self, url: U) -> RequestBuilder {}
    pub fn delete<U>(&self, url: U) -> RequestBuilder {}
    pub fn head<U>(&self, url: U) -> RequestBuilder {}
    pub fn request<U>(&self, method: http::Method, url: U) -> RequestBuilder {}
    pub async fn execute(&self, request: Request) -> Result<Response> {}
}
#[derive(Debug, Default)]
pub struct ClientBuilder {}
impl ClientBuilder {
    pub fn new() -> ClientBuilder {}
    pub fn timeout(self, timeout: std::time::Duration) -> ClientBuilder {}
    pub fn user_agent<V>(self, value: V) -> ClientBuilder {}
    pub fn redirect<P>(self, policy: P) -> ClientBuilder {}
    pub fn cookie_store(self, enable: bool) -> ClientBuilder {}
    pub fn default_headers(self, headers: http::HeaderMap) -> ClientBuilder {}
    pub fn build(self) -> Result<Client> {}
}
#[derive(Debug)]
pub struct RequestBuilder {}
impl RequestBuilder {
    pub fn header<K, V>(self, key: K, value: V) -> RequestBuilder {}
    pub fn headers(self, headers: http::HeaderMap) -> RequestBuilder {}
    pub fn basic_auth<U, P>(self, username: U, password: Option<P>) -> RequestBuilder {}
    pub fn bearer_auth<T>(self, token: T) -> RequestBuilder {}
    pub fn body<T>(self, body: T) -> RequestBuilder {}
    pub fn timeout(self, timeout: std::time::Duration) -> RequestBuilder {}
    pub fn query<T>(self, query: &T) -> RequestBuilder {}
    pub fn form<T>(self, form: &T) -> RequestBuilder {}
    pub fn json<T>(self, json: &T) -> RequestBuilder {}
    pub fn multipart<T>(self, multipart: T) -> RequestBuilder {}
    pub fn build(self) -> Result<Request> {}
    pub async fn send(self) -> Result<Response> {}
}
pub struct Request {}
#[derive(Debug)]
pub struct Response {}
impl Response {
    pub fn status(&self) -> http::StatusCode {}
    pub fn headers(&self) -> &http::HeaderMap {}
    pub fn url(&self) -> &url::Url {}
    pub fn error_for_status(self) -> Result<Response> {}
    pub fn error_for_status_ref(&self) -> Result<&Response> {}
    pub async fn text(self) -> Result<String> {}
    pub async fn json<T>(self) -> Result<T> {}
    pub async fn bytes(self) -> Result<bytes::Bytes> {}
    pub async fn chunk(&mut self) -> Result<Option<bytes::Bytes>> {}
    pub fn bytes_stream(self) -> impl futures::Stream<Item = Result<bytes::Bytes>> {}
}
#[derive(Debug)]
pub struct Error {}
impl Error {
    pub fn status(&self) -> Option<http::StatusCode> {}
    pub fn is_timeout(&self) -> bool {}
    pub fn is_connect(&self) -> bool {}
}
pub type Result<T> = std::result::Result<T, Error>;
pub use http::{Method, StatusCode, header};
pub use url::Url;
pub async fn get<T>(url: T) -> Result<Response> {}
