//! Functions: their heads, in stubs read only where one is asked for.

use std::fmt;
use std::ops::{Deref, DerefMut};
use std::sync::OnceLock;

use serde::de::Visitor;
use serde::ser::Error as _;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::base::Name;

use super::items::{Attrs, BodyIdx};
use super::types::{Generics, TypeRef};

/// A function; what its head says is reached like a field of it.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(bound(deserialize = "'de: 'static"))]
pub struct FnDecl {
    /// The body; none in a trait's required method or an `extern` block.
    pub body: Option<BodyIdx>,
    /// Whether it takes `self`.
    pub is_method: bool,
    head: Head,
}

/// A function's head.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct FnHead {
    /// Generic parameters.
    pub generics: Generics,
    /// `self`, where there is one.
    pub receiver: Option<Receiver>,
    /// Types of the other parameters; their patterns are in the body.
    pub params: Vec<Param>,
    /// Declared return type; `None` is the unit. For an `async fn` the type inside the future.
    pub ret: Option<TypeRef>,
    /// `async fn`.
    pub is_async: bool,
}

/// How a method takes `self`.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Receiver {
    /// By reference.
    pub reference: bool,
    /// `mut` of the reference or value.
    pub mutable: bool,
    /// `self: T`.
    pub ty: Option<TypeRef>,
}

/// A parameter.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Param {
    /// The name, where the pattern is a single binding (also inside `State(db)`: `db`).
    pub name: Option<Name>,
    /// The type.
    pub ty: TypeRef,
    /// Its attributes.
    pub attrs: Attrs,
}

/// Stubs declare many functions of which an application uses few.
#[derive(Clone, Debug)]
enum Head {
    Read(Box<FnHead>),
    /// In postcard's format.
    Packed(&'static [u8], OnceLock<Box<FnHead>>),
}

impl FnDecl {
    /// A function that was parsed.
    pub fn new(head: FnHead, body: Option<BodyIdx>) -> Self {
        Self { body, is_method: head.receiver.is_some(), head: Head::Read(Box::new(head)) }
    }
}

impl Deref for FnDecl {
    type Target = FnHead;

    fn deref(&self) -> &FnHead {
        match &self.head {
            Head::Read(head) => head,
            Head::Packed(bytes, read) => read.get_or_init(|| unpack(bytes)),
        }
    }
}

impl DerefMut for FnDecl {
    fn deref_mut(&mut self) -> &mut FnHead {
        if let Head::Packed(bytes, read) = &mut self.head {
            self.head = Head::Read(read.take().unwrap_or_else(|| unpack(bytes)));
        }
        match &mut self.head {
            Head::Read(head) => head,
            Head::Packed(..) => unreachable!("read above"),
        }
    }
}

/// A head of the stubs.
fn unpack(bytes: &[u8]) -> Box<FnHead> {
    postcard::from_bytes(bytes).expect("a test has read it")
}

impl Serialize for Head {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Read(head) => {
                serializer.serialize_bytes(&postcard::to_stdvec(head).map_err(S::Error::custom)?)
            }
            Self::Packed(bytes, _) => serializer.serialize_bytes(bytes),
        }
    }
}

impl<'de: 'static> Deserialize<'de> for Head {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Bytes;
        impl<'de: 'static> Visitor<'de> for Bytes {
            type Value = Head;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a packed head")
            }
            fn visit_borrowed_bytes<E: serde::de::Error>(self, bytes: &'de [u8]) -> Result<Head, E> {
                Ok(Head::Packed(bytes, OnceLock::new()))
            }
        }
        deserializer.deserialize_bytes(Bytes)
    }
}
