// serde.
pub use ser::{Serialize, Serializer};
pub use de::{Deserialize, Deserializer};
pub mod ser {
    pub trait Serialize {
        fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error>;
    }
    pub trait Serializer {
        type Ok;
        type Error;
        fn serialize_str(self, v: &str) -> Result<Self::Ok, Self::Error>;
        fn serialize_i64(self, v: i64) -> Result<Self::Ok, Self::Error>;
        fn serialize_u64(self, v: u64) -> Result<Self::Ok, Self::Error>;
        fn serialize_none(self) -> Result<Self::Ok, Self::Error>;
        fn serialize_some<T>(self, value: &T) -> Result<Self::Ok, Self::Error>;
        fn collect_str<T>(self, value: &T) -> Result<Self::Ok, Self::Error>;
    }
    pub trait Error {
        fn custom<T>(msg: T) -> Self;
    }
}
pub mod de {
    pub trait Deserialize {
        fn deserialize<D: Deserializer>(deserializer: D) -> Result<Self, D::Error>;
    }
    impl Deserialize for String {}
    impl<T> Deserialize for Option<T> {}
    impl<T> Deserialize for Vec<T> {}
    pub trait Deserializer {
        type Error;
        fn deserialize_str<V>(self, visitor: V) -> Result<V, Self::Error>;
        fn deserialize_any<V>(self, visitor: V) -> Result<V, Self::Error>;
    }
    pub trait DeserializeOwned {}
    pub trait Visitor {}
    pub trait Error {
        fn custom<T>(msg: T) -> Self;
    }
}
