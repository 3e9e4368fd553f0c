// Rocket: state, forms, guards, responses.
#[derive(Debug)]
pub struct State<T> {}
impl<T> State<T> {
    pub fn inner(&self) -> &T {}
}
impl<T> std::ops::Deref for State<T> {
    type Target = T;
}
pub struct Rocket<P = Build> {}
impl<P> Rocket<P> {
    pub fn build() -> Rocket<P> {}
    pub fn custom<T>(provider: T) -> Rocket<P> {}
    pub fn mount<B, R>(self, base: B, routes: R) -> Rocket<P> {}
    pub fn register<B, C>(self, base: B, catchers: C) -> Rocket<P> {}
    pub fn manage<T>(self, state: T) -> Rocket<P> {}
    pub fn attach<F>(self, fairing: F) -> Rocket<P> {}
    pub fn state<T>(&self) -> Option<&T> {}
    pub fn figment(&self) -> &figment::Figment {}
    pub async fn launch(self) -> Result<Rocket<P>, Error> {}
    pub async fn ignite(self) -> Result<Rocket<P>, Error> {}
}
pub struct Build {}
pub struct Ignite {}
pub struct Orbit {}
#[derive(Debug)]
pub struct Error {}
pub fn build() -> Rocket<Build> {}
pub fn custom<T>(provider: T) -> Rocket<Build> {}
pub use request::Request;
pub use route::Route;
pub mod route {
    #[derive(Clone)]
    pub struct Route {}
}
pub mod request {
    pub struct Request {}
    impl Request {
        pub fn headers(&self) -> &http::HeaderMap {}
        pub fn cookies(&self) -> &crate::http::CookieJar {}
        pub fn rocket(&self) -> &crate::Rocket {}
        pub fn uri(&self) -> &http::Uri {}
        pub async fn guard<T: FromRequest>(&self) -> Outcome<T, <T as FromRequest>::Error> {}
        pub fn local_cache<T, F: FnOnce() -> T>(&self, f: F) -> &T {}
    }
    pub type Outcome<S, E> = crate::outcome::Outcome<S, E>;
    pub trait FromRequest {
        type Error;
        fn from_request(request: &Request) -> impl std::future::Future<Output = Outcome<Self, Self::Error>>;
    }
    pub trait FromParam {
        type Error;
        fn from_param(param: &str) -> Result<Self, Self::Error>;
    }
}
pub mod outcome {
    pub enum Outcome<S, E> {
        Success(S),
        Error(E),
        Forward(()),
    }
    impl<S, E> Outcome<S, E> {
        pub fn succeeded(self) -> Option<S> {}
        pub fn map<T, F: FnOnce(S) -> T>(self, f: F) -> Outcome<T, E> {}
        pub fn and_then<T, F: FnOnce(S) -> Outcome<T, E>>(self, f: F) -> Outcome<T, E> {}
        pub fn is_success(&self) -> bool {}
    }
}
pub mod form {
    #[derive(Debug)]
    pub struct Form<T> {}
    impl<T> Form<T> {
        pub fn into_inner(self) -> T {}
    }
    impl<T> std::ops::Deref for Form<T> {
        type Target = T;
    }
    pub struct Strict<T> {}
    impl<T> std::ops::Deref for Strict<T> {
        type Target = T;
    }
    pub trait FromForm {}
}
pub mod serde {
    pub mod json {
        #[derive(Clone, Debug)]
        pub struct Json<T>(pub T);
        impl<T> Json<T> {
            pub fn into_inner(self) -> T {}
        }
        impl<T> std::ops::Deref for Json<T> {
            type Target = T;
        }
        pub use serde_json::{Value, from_str, to_string};
    }
    pub use serde::{Deserialize, Serialize};
}
pub mod http {
    pub struct CookieJar {}
    impl CookieJar {
        pub fn get(&self, name: &str) -> Option<&Cookie> {}
        pub fn get_private(&self, name: &str) -> Option<Cookie> {}
        pub fn add<C>(&self, cookie: C) {}
        pub fn add_private<C>(&self, cookie: C) {}
        pub fn remove<C>(&self, cookie: C) {}
    }
    #[derive(Clone, Debug)]
    pub struct Cookie {}
    impl Cookie {
        pub fn value(&self) -> &str {}
        pub fn name(&self) -> &str {}
    }
    #[derive(Clone, Copy, Debug, PartialEq, Eq)]
    pub struct Status {}
}
pub mod response {
    pub mod status {
        #[derive(Debug)]
        pub struct Custom<R>(pub (), pub R);
        #[derive(Debug)]
        pub struct NotFound<R>(pub R);
        #[derive(Debug)]
        pub struct BadRequest<R>(pub R);
        #[derive(Debug)]
        pub struct Created<R> {}
    }
    pub trait Responder {}
}
pub mod tokio {
    pub use tokio::*;
    pub use tokio::{spawn, sync, task, time};
}
