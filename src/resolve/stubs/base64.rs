// base64.
pub mod engine {
    pub trait Engine {
        fn encode<T>(&self, input: T) -> String {}
        fn decode<T>(&self, input: T) -> Result<Vec<u8>, crate::DecodeError> {}
        fn encode_string<T>(&self, input: T, output: &mut String) {}
    }
    #[derive(Clone, Debug)]
    pub struct GeneralPurpose {}
    impl Engine for GeneralPurpose {}
    pub mod general_purpose {
        pub use super::GeneralPurpose;
        pub const STANDARD: GeneralPurpose;
        pub const STANDARD_NO_PAD: GeneralPurpose;
        pub const URL_SAFE: GeneralPurpose;
        pub const URL_SAFE_NO_PAD: GeneralPurpose;
    }
}
pub use engine::Engine;
pub use engine::general_purpose as prelude;
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum DecodeError {
    InvalidByte(usize, u8),
    InvalidLength(usize),
    InvalidLastSymbol(usize, u8),
    InvalidPadding,
}
pub fn encode<T>(input: T) -> String {}
pub fn decode<T>(input: T) -> Result<Vec<u8>, DecodeError> {}
