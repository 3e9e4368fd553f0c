// url.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Url {}
impl Url {
    pub fn parse(input: &str) -> Result<Url, ParseError> {}
    pub fn join(&self, input: &str) -> Result<Url, ParseError> {}
    pub fn as_str(&self) -> &str {}
    pub fn scheme(&self) -> &str {}
    pub fn host_str(&self) -> Option<&str> {}
    pub fn port(&self) -> Option<u16> {}
    pub fn path(&self) -> &str {}
    pub fn query(&self) -> Option<&str> {}
    pub fn set_path(&mut self, path: &str) {}
    pub fn set_query(&mut self, query: Option<&str>) {}
    pub fn query_pairs(&self) -> impl Iterator<Item = (std::borrow::Cow<str>, std::borrow::Cow<str>)> {}
}
impl std::fmt::Display for Url {}
impl std::str::FromStr for Url {
    type Err = ParseError;
}
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ParseError {}
