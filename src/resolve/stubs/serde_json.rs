// serde_json.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Default)]
pub enum Value {
    Null,
    Bool(bool),
    Number(Number),
    String(String),
    Array(Vec<Value>),
    Object(Map<String, Value>),
}
impl Value {
    pub fn get<I>(&self, index: I) -> Option<&Value> {}
    pub fn get_mut<I>(&mut self, index: I) -> Option<&mut Value> {}
    pub fn pointer(&self, pointer: &str) -> Option<&Value> {}
    pub fn is_null(&self) -> bool {}
    pub fn is_object(&self) -> bool {}
    pub fn is_array(&self) -> bool {}
    pub fn is_string(&self) -> bool {}
    pub fn as_str(&self) -> Option<&str> {}
    pub fn as_bool(&self) -> Option<bool> {}
    pub fn as_i64(&self) -> Option<i64> {}
    pub fn as_u64(&self) -> Option<u64> {}
    pub fn as_f64(&self) -> Option<f64> {}
    pub fn as_array(&self) -> Option<&Vec<Value>> {}
    pub fn as_array_mut(&mut self) -> Option<&mut Vec<Value>> {}
    pub fn as_object(&self) -> Option<&Map<String, Value>> {}
    pub fn as_object_mut(&mut self) -> Option<&mut Map<String, Value>> {}
    pub fn take(&mut self) -> Value {}
}
impl<I> std::ops::Index<I> for Value {
    type Output = Value;
}
impl<T> From<T> for Value {}
impl std::fmt::Display for Value {}
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Number {}
pub type Map<K, V> = std::collections::BTreeMap<K, V>;
#[derive(Debug)]
pub struct Error {}
impl std::error::Error for Error {}
impl std::fmt::Display for Error {}
pub type Result<T> = std::result::Result<T, Error>;
pub fn from_str<T>(s: &str) -> Result<T> {}
pub fn from_slice<T>(v: &[u8]) -> Result<T> {}
pub fn from_reader<R, T>(rdr: R) -> Result<T> {}
pub fn from_value<T>(value: Value) -> Result<T> {}
pub fn to_string<T>(value: &T) -> Result<String> {}
pub fn to_string_pretty<T>(value: &T) -> Result<String> {}
pub fn to_vec<T>(value: &T) -> Result<Vec<u8>> {}
pub fn to_value<T>(value: T) -> Result<Value> {}
pub fn to_writer<W, T>(writer: W, value: &T) -> Result<()> {}
