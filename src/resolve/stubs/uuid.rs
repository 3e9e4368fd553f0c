// uuid.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Uuid {}
impl Uuid {
    pub const NAMESPACE_X500: Uuid;
    pub const NAMESPACE_DNS: Uuid;
    pub const NAMESPACE_URL: Uuid;
    pub const fn nil() -> Uuid {}
    pub fn new_v4() -> Uuid {}
    pub fn now_v7() -> Uuid {}
    pub fn new_v3(namespace: &Uuid, name: &[u8]) -> Uuid {}
    pub fn new_v5(namespace: &Uuid, name: &[u8]) -> Uuid {}
    pub fn parse_str(input: &str) -> Result<Uuid, Error> {}
    pub fn from_u128(v: u128) -> Uuid {}
    pub fn from_bytes(bytes: [u8; 16]) -> Uuid {}
    pub fn as_bytes(&self) -> &[u8; 16] {}
    pub fn is_nil(&self) -> bool {}
    pub fn to_string(&self) -> String {}
}
impl std::fmt::Display for Uuid {}
impl std::str::FromStr for Uuid {
    type Err = Error;
}
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Error {}
