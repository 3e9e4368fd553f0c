// The standard library, as far as types pass through it. Iterators, futures and the like are given
// by what they yield; lifetimes and markers are left out.

pub mod prelude {
    pub use crate::borrow::ToOwned;
    pub use crate::boxed::Box;
    pub use crate::clone::Clone;
    pub use crate::cmp::{Eq, Ord, PartialEq, PartialOrd};
    pub use crate::convert::{AsMut, AsRef, From, Into, TryFrom, TryInto};
    pub use crate::default::Default;
    pub use crate::fmt::Debug;
    pub use crate::hash::Hash;
    pub use crate::iter::{DoubleEndedIterator, ExactSizeIterator, Extend, FromIterator, IntoIterator, Iterator};
    pub use crate::marker::{Copy, Send, Sized, Sync, Unpin};
    pub use crate::mem::drop;
    pub use crate::ops::{AsyncFn, AsyncFnMut, AsyncFnOnce, Drop, Fn, FnMut, FnOnce};
    pub use crate::option::Option::{self, None, Some};
    pub use crate::result::Result::{self, Err, Ok};
    pub use crate::string::{String, ToString};
    pub use crate::vec::Vec;
    pub mod v1 {
        pub use super::*;
    }
    pub mod rust_2021 {
        pub use super::*;
    }
}

pub mod marker {
    pub trait Copy {}
    pub trait Send {}
    pub trait Sized {}
    pub trait Sync {}
    pub trait Unpin {}
    #[derive(Clone, Default, PartialEq, Debug)]
    pub struct PhantomData<T>(T);
}

pub mod any {
    pub trait Any {
        fn type_id(&self) -> TypeId;
    }
    #[derive(Clone, PartialEq, Eq, Hash)]
    pub struct TypeId {}
    impl TypeId {
        pub fn of<T>() -> TypeId {}
    }
    pub fn type_name<T>() -> &'static str {}
}

pub mod clone {
    pub trait Clone {
        fn clone(&self) -> Self;
        fn clone_from(&mut self, source: &Self) {}
    }
    impl<T> Clone for &T {}
    impl<T: Clone> Clone for [T] {}
    impl<A> Clone for fn(A) -> () {}
}

pub mod default {
    pub trait Default {
        fn default() -> Self;
    }
}

pub mod convert {
    pub trait From<T> {
        fn from(value: T) -> Self;
    }
    pub trait Into<T> {
        fn into(self) -> T;
    }
    impl<T, U: From<T>> Into<U> for T {}
    impl<T> From<T> for T {}
    pub trait TryFrom<T> {
        type Error;
        fn try_from(value: T) -> Result<Self, Self::Error>;
    }
    pub trait TryInto<T> {
        type Error;
        fn try_into(self) -> Result<T, Self::Error>;
    }
    impl<T, U: TryFrom<T>> TryInto<U> for T {
        type Error = <U as TryFrom<T>>::Error;
    }
    pub trait AsRef<T> {
        fn as_ref(&self) -> &T;
    }
    pub trait AsMut<T> {
        fn as_mut(&mut self) -> &mut T;
    }
    pub enum Infallible {}
    pub fn identity<T>(x: T) -> T {}
}

pub mod borrow {
    pub trait Borrow<T> {
        fn borrow(&self) -> &T;
    }
    pub trait ToOwned {
        type Owned;
        fn to_owned(&self) -> Self::Owned;
    }
    impl ToOwned for str {
        type Owned = String;
    }
    impl<T> ToOwned for [T] {
        type Owned = Vec<T>;
    }
    impl ToOwned for crate::path::Path {
        type Owned = crate::path::PathBuf;
    }
    impl<T: Clone> ToOwned for T {
        type Owned = T;
    }
    #[derive(Clone, PartialEq, Eq, Hash, Debug)]
    pub enum Cow<B> {
        Borrowed(&B),
        Owned(<B as ToOwned>::Owned),
    }
    impl<B> Cow<B> {
        pub fn into_owned(self) -> <B as ToOwned>::Owned {}
        pub fn to_mut(&mut self) -> &mut <B as ToOwned>::Owned {}
    }
    impl<B> crate::ops::Deref for Cow<B> {
        type Target = B;
    }
}

pub mod cmp {
    pub trait PartialEq<Rhs = Self> {
        fn eq(&self, other: &Rhs) -> bool;
        fn ne(&self, other: &Rhs) -> bool {}
    }
    pub trait Eq: PartialEq {}
    pub trait PartialOrd<Rhs = Self> {
        fn partial_cmp(&self, other: &Rhs) -> Option<Ordering>;
        fn lt(&self, other: &Rhs) -> bool {}
        fn le(&self, other: &Rhs) -> bool {}
        fn gt(&self, other: &Rhs) -> bool {}
        fn ge(&self, other: &Rhs) -> bool {}
    }
    pub trait Ord: Eq + PartialOrd {
        fn cmp(&self, other: &Self) -> Ordering;
        fn max(self, other: Self) -> Self {}
        fn min(self, other: Self) -> Self {}
        fn clamp(self, min: Self, max: Self) -> Self {}
    }
    #[derive(Clone, Copy, PartialEq, Eq, Debug)]
    pub enum Ordering {
        Less,
        Equal,
        Greater,
    }
    impl Ordering {
        pub fn reverse(self) -> Ordering {}
        pub fn then(self, other: Ordering) -> Ordering {}
        pub fn then_with<F: FnOnce() -> Ordering>(self, f: F) -> Ordering {}
        pub fn is_eq(self) -> bool {}
        pub fn is_lt(self) -> bool {}
        pub fn is_gt(self) -> bool {}
    }
    #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Hash)]
    pub struct Reverse<T>(pub T);
    pub fn max<T>(a: T, b: T) -> T {}
    pub fn min<T>(a: T, b: T) -> T {}
}

pub mod hash {
    pub trait Hash {
        fn hash<H: Hasher>(&self, state: &mut H);
    }
    pub trait Hasher {
        fn finish(&self) -> u64;
        fn write(&mut self, bytes: &[u8]);
    }
    pub trait BuildHasher {}
    #[derive(Default)]
    pub struct DefaultHasher {}
    impl DefaultHasher {
        pub fn new() -> DefaultHasher {}
    }
    impl Hasher for DefaultHasher {}
}

pub mod ops {
    pub trait FnOnce<Args> {
        type Output;
    }
    pub trait FnMut<Args>: FnOnce<Args> {}
    pub trait Fn<Args>: FnMut<Args> {}
    pub trait AsyncFnOnce<Args> {
        type Output;
    }
    pub trait AsyncFnMut<Args>: AsyncFnOnce<Args> {}
    pub trait AsyncFn<Args>: AsyncFnMut<Args> {}
    pub trait Deref {
        type Target;
        fn deref(&self) -> &Self::Target;
    }
    pub trait DerefMut: Deref {
        fn deref_mut(&mut self) -> &mut Self::Target;
    }
    pub trait Drop {
        fn drop(&mut self);
    }
    pub trait Index<Idx> {
        type Output;
        fn index(&self, index: Idx) -> &Self::Output;
    }
    pub trait IndexMut<Idx>: Index<Idx> {
        fn index_mut(&mut self, index: Idx) -> &mut Self::Output;
    }
    pub trait Add<Rhs = Self> {
        type Output;
        fn add(self, rhs: Rhs) -> Self::Output;
    }
    pub trait Sub<Rhs = Self> {
        type Output;
        fn sub(self, rhs: Rhs) -> Self::Output;
    }
    pub trait Mul<Rhs = Self> {
        type Output;
        fn mul(self, rhs: Rhs) -> Self::Output;
    }
    pub trait Div<Rhs = Self> {
        type Output;
        fn div(self, rhs: Rhs) -> Self::Output;
    }
    pub trait Rem<Rhs = Self> {
        type Output;
        fn rem(self, rhs: Rhs) -> Self::Output;
    }
    pub trait BitAnd<Rhs = Self> {
        type Output;
        fn bitand(self, rhs: Rhs) -> Self::Output;
    }
    pub trait BitOr<Rhs = Self> {
        type Output;
        fn bitor(self, rhs: Rhs) -> Self::Output;
    }
    pub trait BitXor<Rhs = Self> {
        type Output;
        fn bitxor(self, rhs: Rhs) -> Self::Output;
    }
    pub trait Shl<Rhs = Self> {
        type Output;
        fn shl(self, rhs: Rhs) -> Self::Output;
    }
    pub trait Shr<Rhs = Self> {
        type Output;
        fn shr(self, rhs: Rhs) -> Self::Output;
    }
    pub trait Neg {
        type Output;
        fn neg(self) -> Self::Output;
    }
    pub trait Not {
        type Output;
        fn not(self) -> Self::Output;
    }
    pub trait AddAssign<Rhs = Self> {
        fn add_assign(&mut self, rhs: Rhs);
    }
    pub trait SubAssign<Rhs = Self> {
        fn sub_assign(&mut self, rhs: Rhs);
    }
    pub trait MulAssign<Rhs = Self> {
        fn mul_assign(&mut self, rhs: Rhs);
    }
    pub trait DivAssign<Rhs = Self> {
        fn div_assign(&mut self, rhs: Rhs);
    }
    pub trait BitOrAssign<Rhs = Self> {
        fn bitor_assign(&mut self, rhs: Rhs);
    }
    #[derive(Clone, PartialEq, Eq, Debug, Hash)]
    pub struct Range<T> {
        pub start: T,
        pub end: T,
    }
    impl<T> Range<T> {
        pub fn contains(&self, item: &T) -> bool {}
        pub fn is_empty(&self) -> bool {}
        pub fn start(&self) -> &T {}
        pub fn end(&self) -> &T {}
    }
    impl<T> Iterator for Range<T> {
        type Item = T;
    }
    pub type RangeInclusive<T> = Range<T>;
    pub type RangeFrom<T> = Range<T>;
    pub type RangeTo<T> = Range<T>;
    pub trait RangeBounds<T> {}
    pub enum ControlFlow<B, C = ()> {
        Continue(C),
        Break(B),
    }
    pub enum Bound<T> {
        Included(T),
        Excluded(T),
        Unbounded,
    }
}

pub mod option {
    #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Hash, Default)]
    pub enum Option<T> {
        None,
        Some(T),
    }
    impl<T> Option<T> {
        pub fn is_some(&self) -> bool {}
        pub fn is_none(&self) -> bool {}
        pub fn is_some_and<F: FnOnce(T) -> bool>(self, f: F) -> bool {}
        pub fn is_none_or<F: FnOnce(T) -> bool>(self, f: F) -> bool {}
        pub fn as_ref(&self) -> Option<&T> {}
        pub fn as_mut(&mut self) -> Option<&mut T> {}
        pub fn expect(self, msg: &str) -> T {}
        pub fn unwrap(self) -> T {}
        pub fn unwrap_or(self, default: T) -> T {}
        pub fn unwrap_or_else<F: FnOnce() -> T>(self, f: F) -> T {}
        pub fn unwrap_or_default(self) -> T {}
        pub fn map<U, F: FnOnce(T) -> U>(self, f: F) -> Option<U> {}
        pub fn inspect<F: FnOnce(&T)>(self, f: F) -> Option<T> {}
        pub fn map_or<U, F: FnOnce(T) -> U>(self, default: U, f: F) -> U {}
        pub fn map_or_else<U, D: FnOnce() -> U, F: FnOnce(T) -> U>(self, default: D, f: F) -> U {}
        pub fn ok_or<E>(self, err: E) -> Result<T, E> {}
        pub fn ok_or_else<E, F: FnOnce() -> E>(self, err: F) -> Result<T, E> {}
        pub fn as_deref(&self) -> Option<&<T as crate::ops::Deref>::Target> {}
        pub fn as_deref_mut(&mut self) -> Option<&mut <T as crate::ops::Deref>::Target> {}
        pub fn iter(&self) -> impl Iterator<Item = &T> {}
        pub fn iter_mut(&mut self) -> impl Iterator<Item = &mut T> {}
        pub fn and<U>(self, optb: Option<U>) -> Option<U> {}
        pub fn and_then<U, F: FnOnce(T) -> Option<U>>(self, f: F) -> Option<U> {}
        pub fn filter<P: FnOnce(&T) -> bool>(self, predicate: P) -> Option<T> {}
        pub fn or(self, optb: Option<T>) -> Option<T> {}
        pub fn or_else<F: FnOnce() -> Option<T>>(self, f: F) -> Option<T> {}
        pub fn xor(self, optb: Option<T>) -> Option<T> {}
        pub fn insert(&mut self, value: T) -> &mut T {}
        pub fn get_or_insert(&mut self, value: T) -> &mut T {}
        pub fn get_or_insert_with<F: FnOnce() -> T>(&mut self, f: F) -> &mut T {}
        pub fn take(&mut self) -> Option<T> {}
        pub fn take_if<P: FnOnce(&mut T) -> bool>(&mut self, predicate: P) -> Option<T> {}
        pub fn replace(&mut self, value: T) -> Option<T> {}
        pub fn zip<U>(self, other: Option<U>) -> Option<(T, U)> {}
    }
    impl<T> Option<&T> {
        pub fn cloned(self) -> Option<T> {}
        pub fn copied(self) -> Option<T> {}
    }
    impl<T, E> Option<Result<T, E>> {
        pub fn transpose(self) -> Result<Option<T>, E> {}
    }
    impl<T> Option<Option<T>> {
        pub fn flatten(self) -> Option<T> {}
    }
    impl<T> IntoIterator for Option<T> {
        type Item = T;
    }
    impl<T> IntoIterator for &Option<T> {
        type Item = &T;
    }
    impl<T> From<T> for Option<T> {}
    impl<A, V: FromIterator<A>> FromIterator<Option<A>> for Option<V> {}
}

pub mod result {
    #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Hash)]
    pub enum Result<T, E> {
        Ok(T),
        Err(E),
    }
    impl<T, E> Result<T, E> {
        pub fn is_ok(&self) -> bool {}
        pub fn is_err(&self) -> bool {}
        pub fn is_ok_and<F: FnOnce(T) -> bool>(self, f: F) -> bool {}
        pub fn is_err_and<F: FnOnce(E) -> bool>(self, f: F) -> bool {}
        pub fn ok(self) -> Option<T> {}
        pub fn err(self) -> Option<E> {}
        pub fn as_ref(&self) -> Result<&T, &E> {}
        pub fn as_mut(&mut self) -> Result<&mut T, &mut E> {}
        pub fn map<U, F: FnOnce(T) -> U>(self, op: F) -> Result<U, E> {}
        pub fn map_or<U, F: FnOnce(T) -> U>(self, default: U, f: F) -> U {}
        pub fn map_or_else<U, D: FnOnce(E) -> U, F: FnOnce(T) -> U>(self, default: D, f: F) -> U {}
        pub fn map_err<F, O: FnOnce(E) -> F>(self, op: O) -> Result<T, F> {}
        pub fn inspect<F: FnOnce(&T)>(self, f: F) -> Result<T, E> {}
        pub fn inspect_err<F: FnOnce(&E)>(self, f: F) -> Result<T, E> {}
        pub fn as_deref(&self) -> Result<&<T as crate::ops::Deref>::Target, &E> {}
        pub fn iter(&self) -> impl Iterator<Item = &T> {}
        pub fn expect(self, msg: &str) -> T {}
        pub fn unwrap(self) -> T {}
        pub fn unwrap_or_default(self) -> T {}
        pub fn expect_err(self, msg: &str) -> E {}
        pub fn unwrap_err(self) -> E {}
        pub fn and<U>(self, res: Result<U, E>) -> Result<U, E> {}
        pub fn and_then<U, F: FnOnce(T) -> Result<U, E>>(self, op: F) -> Result<U, E> {}
        pub fn or<F>(self, res: Result<T, F>) -> Result<T, F> {}
        pub fn or_else<F, O: FnOnce(E) -> Result<T, F>>(self, op: O) -> Result<T, F> {}
        pub fn unwrap_or(self, default: T) -> T {}
        pub fn unwrap_or_else<F: FnOnce(E) -> T>(self, op: F) -> T {}
    }
    impl<T, E> Result<&T, E> {
        pub fn cloned(self) -> Result<T, E> {}
        pub fn copied(self) -> Result<T, E> {}
    }
    impl<T, E> Result<Option<T>, E> {
        pub fn transpose(self) -> Option<Result<T, E>> {}
    }
    impl<T, E> Result<Result<T, E>, E> {
        pub fn flatten(self) -> Result<T, E> {}
    }
    impl<T, E> IntoIterator for Result<T, E> {
        type Item = T;
    }
    impl<A, E, V: FromIterator<A>> FromIterator<Result<A, E>> for Result<V, E> {}
}

pub mod iter {
    pub trait Iterator {
        type Item;
        fn next(&mut self) -> Option<Self::Item>;
        fn size_hint(&self) -> (usize, Option<usize>) {}
        fn count(self) -> usize {}
        fn last(self) -> Option<Self::Item> {}
        fn nth(&mut self, n: usize) -> Option<Self::Item> {}
        fn step_by(self, step: usize) -> impl Iterator<Item = Self::Item> {}
        fn chain<U: IntoIterator<Item = Self::Item>>(self, other: U) -> impl Iterator<Item = Self::Item> {}
        fn zip<U: IntoIterator>(self, other: U) -> impl Iterator<Item = (Self::Item, <U as IntoIterator>::Item)> {}
        fn map<B, F: FnMut(Self::Item) -> B>(self, f: F) -> impl Iterator<Item = B> {}
        fn for_each<F: FnMut(Self::Item)>(self, f: F) {}
        fn filter<P: FnMut(&Self::Item) -> bool>(self, predicate: P) -> impl Iterator<Item = Self::Item> {}
        fn filter_map<B, F: FnMut(Self::Item) -> Option<B>>(self, f: F) -> impl Iterator<Item = B> {}
        fn enumerate(self) -> impl Iterator<Item = (usize, Self::Item)> {}
        fn peekable(self) -> Peekable<Self::Item> {}
        fn skip_while<P: FnMut(&Self::Item) -> bool>(self, predicate: P) -> impl Iterator<Item = Self::Item> {}
        fn take_while<P: FnMut(&Self::Item) -> bool>(self, predicate: P) -> impl Iterator<Item = Self::Item> {}
        fn map_while<B, P: FnMut(Self::Item) -> Option<B>>(self, predicate: P) -> impl Iterator<Item = B> {}
        fn skip(self, n: usize) -> impl Iterator<Item = Self::Item> {}
        fn take(self, n: usize) -> impl Iterator<Item = Self::Item> {}
        fn scan<St, B, F: FnMut(&mut St, Self::Item) -> Option<B>>(self, initial: St, f: F) -> impl Iterator<Item = B> {}
        fn flat_map<U: IntoIterator, F: FnMut(Self::Item) -> U>(self, f: F) -> impl Iterator<Item = <U as IntoIterator>::Item> {}
        fn flatten(self) -> impl Iterator<Item = <Self::Item as IntoIterator>::Item> {}
        fn fuse(self) -> impl Iterator<Item = Self::Item> {}
        fn inspect<F: FnMut(&Self::Item)>(self, f: F) -> impl Iterator<Item = Self::Item> {}
        fn by_ref(&mut self) -> &mut Self {}
        fn collect<B: FromIterator<Self::Item>>(self) -> B {}
        fn partition<B: FromIterator<Self::Item>, F: FnMut(&Self::Item) -> bool>(self, f: F) -> (B, B) {}
        fn try_fold<B, R, F: FnMut(B, Self::Item) -> R>(&mut self, init: B, f: F) -> R {}
        fn try_for_each<R, F: FnMut(Self::Item) -> R>(&mut self, f: F) -> R {}
        fn fold<B, F: FnMut(B, Self::Item) -> B>(self, init: B, f: F) -> B {}
        fn reduce<F: FnMut(Self::Item, Self::Item) -> Self::Item>(self, f: F) -> Option<Self::Item> {}
        fn all<F: FnMut(Self::Item) -> bool>(&mut self, f: F) -> bool {}
        fn any<F: FnMut(Self::Item) -> bool>(&mut self, f: F) -> bool {}
        fn find<P: FnMut(&Self::Item) -> bool>(&mut self, predicate: P) -> Option<Self::Item> {}
        fn find_map<B, F: FnMut(Self::Item) -> Option<B>>(&mut self, f: F) -> Option<B> {}
        fn position<P: FnMut(Self::Item) -> bool>(&mut self, predicate: P) -> Option<usize> {}
        fn max(self) -> Option<Self::Item> {}
        fn min(self) -> Option<Self::Item> {}
        fn max_by_key<B, F: FnMut(&Self::Item) -> B>(self, f: F) -> Option<Self::Item> {}
        fn max_by<F: FnMut(&Self::Item, &Self::Item) -> crate::cmp::Ordering>(self, compare: F) -> Option<Self::Item> {}
        fn min_by_key<B, F: FnMut(&Self::Item) -> B>(self, f: F) -> Option<Self::Item> {}
        fn min_by<F: FnMut(&Self::Item, &Self::Item) -> crate::cmp::Ordering>(self, compare: F) -> Option<Self::Item> {}
        fn rev(self) -> impl Iterator<Item = Self::Item> {}
        fn unzip<A, B, FromA, FromB>(self) -> (FromA, FromB) {}
        fn copied(self) -> impl Iterator<Item = <Self::Item as crate::ops::Deref>::Target> {}
        fn cloned(self) -> impl Iterator<Item = <Self::Item as crate::ops::Deref>::Target> {}
        fn cycle(self) -> impl Iterator<Item = Self::Item> {}
        fn sum<S: Sum<Self::Item>>(self) -> S {}
        fn product<P: Product<Self::Item>>(self) -> P {}
        fn cmp<I: IntoIterator>(self, other: I) -> crate::cmp::Ordering {}
        fn eq<I: IntoIterator>(self, other: I) -> bool {}
        fn is_sorted(self) -> bool {}
    }
    impl<I: Iterator> Iterator for &mut I {
        type Item = <I as Iterator>::Item;
    }
    impl<I: Iterator> Iterator for Box<I> {
        type Item = <I as Iterator>::Item;
    }
    pub trait DoubleEndedIterator: Iterator {
        fn next_back(&mut self) -> Option<Self::Item>;
        fn rfind<P: FnMut(&Self::Item) -> bool>(&mut self, predicate: P) -> Option<Self::Item> {}
    }
    impl<I: Iterator> DoubleEndedIterator for I {}
    pub trait ExactSizeIterator: Iterator {
        fn len(&self) -> usize {}
    }
    impl<I: Iterator> ExactSizeIterator for I {}
    pub trait IntoIterator {
        type Item;
        type IntoIter;
        fn into_iter(self) -> impl Iterator<Item = Self::Item>;
    }
    impl<I: Iterator> IntoIterator for I {
        type Item = <I as Iterator>::Item;
        type IntoIter = I;
    }
    pub trait FromIterator<A> {
        fn from_iter<T: IntoIterator<Item = A>>(iter: T) -> Self;
    }
    pub trait Extend<A> {
        fn extend<T: IntoIterator<Item = A>>(&mut self, iter: T);
    }
    pub trait Sum<A = Self> {}
    pub trait Product<A = Self> {}
    pub struct Peekable<T> {}
    impl<T> Peekable<T> {
        pub fn peek(&mut self) -> Option<&T> {}
        pub fn peek_mut(&mut self) -> Option<&mut T> {}
        pub fn next_if<F: FnOnce(&T) -> bool>(&mut self, f: F) -> Option<T> {}
    }
    impl<T> Iterator for Peekable<T> {
        type Item = T;
    }
    pub fn once<T>(value: T) -> impl Iterator<Item = T> {}
    pub fn repeat<T>(value: T) -> impl Iterator<Item = T> {}
    pub fn repeat_with<T, F: FnMut() -> T>(f: F) -> impl Iterator<Item = T> {}
    pub fn empty<T>() -> impl Iterator<Item = T> {}
    pub fn from_fn<T, F: FnMut() -> Option<T>>(f: F) -> impl Iterator<Item = T> {}
    pub fn successors<T, F: FnMut(&T) -> Option<T>>(first: Option<T>, succ: F) -> impl Iterator<Item = T> {}
    pub fn zip<A: IntoIterator, B: IntoIterator>(a: A, b: B) -> impl Iterator<Item = (<A as IntoIterator>::Item, <B as IntoIterator>::Item)> {}
}

pub mod future {
    pub trait Future {
        type Output;
        fn poll(self, cx: &mut crate::task::Context) -> crate::task::Poll<Self::Output>;
    }
    impl<F: Future> Future for Box<F> {
        type Output = <F as Future>::Output;
    }
    impl<F: Future> Future for &mut F {
        type Output = <F as Future>::Output;
    }
    impl<F: Future> Future for crate::pin::Pin<F> {
        type Output = <F as Future>::Output;
    }
    pub trait IntoFuture {
        type Output;
        type IntoFuture;
        fn into_future(self) -> impl Future<Output = Self::Output>;
    }
    impl<F: Future> IntoFuture for F {
        type Output = <F as Future>::Output;
        type IntoFuture = F;
    }
    #[derive(Clone, Debug)]
    pub struct Ready<T> {}
    impl<T> Future for Ready<T> {
        type Output = T;
    }
    pub fn ready<T>(t: T) -> Ready<T> {}
    pub fn pending<T>() -> impl Future<Output = T> {}
    pub fn poll_fn<T, F: FnMut(&mut crate::task::Context) -> crate::task::Poll<T>>(f: F) -> impl Future<Output = T> {}
}

pub mod task {
    pub struct Context {}
    impl Context {
        pub fn waker(&self) -> &Waker {}
    }
    #[derive(Clone)]
    pub struct Waker {}
    impl Waker {
        pub fn wake(self) {}
        pub fn wake_by_ref(&self) {}
    }
    pub enum Poll<T> {
        Ready(T),
        Pending,
    }
    impl<T> Poll<T> {
        pub fn map<U, F: FnOnce(T) -> U>(self, f: F) -> Poll<U> {}
        pub fn is_ready(&self) -> bool {}
    }
}

pub mod pin {
    #[derive(Clone, Debug)]
    pub struct Pin<P> {}
    impl<P> Pin<P> {
        pub fn new(pointer: P) -> Pin<P> {}
        pub fn as_mut(&mut self) -> Pin<&mut <P as crate::ops::Deref>::Target> {}
        pub fn as_ref(&self) -> Pin<&<P as crate::ops::Deref>::Target> {}
        pub fn get_mut(self) -> P {}
    }
    impl<T> Pin<&mut T> {
        pub fn get_mut(self) -> &mut T {}
    }
}

pub mod boxed {
    #[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug, Hash, Default)]
    pub struct Box<T> {}
    impl<T> Box<T> {
        pub fn new(x: T) -> Box<T> {}
        pub fn pin(x: T) -> crate::pin::Pin<Box<T>> {}
        pub fn leak(b: Box<T>) -> &'static mut T {}
        pub fn into_inner(b: Box<T>) -> T {}
    }
    impl<T> crate::ops::Deref for Box<T> {
        type Target = T;
    }
    impl<T> From<T> for Box<T> {}
    impl<T> IntoIterator for Box<[T]> {
        type Item = T;
    }
    impl<T> AsRef<T> for Box<T> {}
}

pub mod rc {
    #[derive(PartialEq, Eq, PartialOrd, Ord, Debug, Hash, Default)]
    pub struct Rc<T> {}
    impl<T> Rc<T> {
        pub fn new(value: T) -> Rc<T> {}
        pub fn clone(this: &Rc<T>) -> Rc<T> {}
        pub fn downgrade(this: &Rc<T>) -> Weak<T> {}
        pub fn try_unwrap(this: Rc<T>) -> Result<T, Rc<T>> {}
        pub fn get_mut(this: &mut Rc<T>) -> Option<&mut T> {}
        pub fn make_mut(this: &mut Rc<T>) -> &mut T {}
        pub fn ptr_eq(a: &Rc<T>, b: &Rc<T>) -> bool {}
        pub fn strong_count(this: &Rc<T>) -> usize {}
    }
    impl<T> Clone for Rc<T> {
        fn clone(&self) -> Rc<T> {}
    }
    impl<T> crate::ops::Deref for Rc<T> {
        type Target = T;
    }
    impl<T> AsRef<T> for Rc<T> {}
    #[derive(Clone, Default)]
    pub struct Weak<T> {}
    impl<T> Weak<T> {
        pub fn new() -> Weak<T> {}
        pub fn upgrade(&self) -> Option<Rc<T>> {}
    }
}

pub mod sync {
    #[derive(PartialEq, Eq, PartialOrd, Ord, Debug, Hash, Default)]
    pub struct Arc<T> {}
    impl<T> Arc<T> {
        pub fn new(value: T) -> Arc<T> {}
        pub fn new_cyclic<F: FnOnce(&Weak<T>) -> T>(f: F) -> Arc<T> {}
        pub fn clone(this: &Arc<T>) -> Arc<T> {}
        pub fn downgrade(this: &Arc<T>) -> Weak<T> {}
        pub fn try_unwrap(this: Arc<T>) -> Result<T, Arc<T>> {}
        pub fn unwrap_or_clone(this: Arc<T>) -> T {}
        pub fn into_inner(this: Arc<T>) -> Option<T> {}
        pub fn get_mut(this: &mut Arc<T>) -> Option<&mut T> {}
        pub fn make_mut(this: &mut Arc<T>) -> &mut T {}
        pub fn ptr_eq(a: &Arc<T>, b: &Arc<T>) -> bool {}
        pub fn strong_count(this: &Arc<T>) -> usize {}
    }
    impl<T> Clone for Arc<T> {
        fn clone(&self) -> Arc<T> {}
    }
    impl<T> crate::ops::Deref for Arc<T> {
        type Target = T;
    }
    impl<T> From<T> for Arc<T> {}
    impl<T> AsRef<T> for Arc<T> {}
    #[derive(Clone, Default)]
    pub struct Weak<T> {}
    impl<T> Weak<T> {
        pub fn new() -> Weak<T> {}
        pub fn upgrade(&self) -> Option<Arc<T>> {}
    }
    pub struct PoisonError<T> {}
    impl<T> PoisonError<T> {
        pub fn into_inner(self) -> T {}
    }
    #[derive(Default, Debug)]
    pub struct Mutex<T> {}
    impl<T> Mutex<T> {
        pub fn new(t: T) -> Mutex<T> {}
        pub fn lock(&self) -> Result<MutexGuard<T>, PoisonError<MutexGuard<T>>> {}
        pub fn try_lock(&self) -> Result<MutexGuard<T>, PoisonError<MutexGuard<T>>> {}
        pub fn into_inner(self) -> Result<T, PoisonError<T>> {}
        pub fn get_mut(&mut self) -> Result<&mut T, PoisonError<&mut T>> {}
    }
    pub struct MutexGuard<T> {}
    impl<T> crate::ops::Deref for MutexGuard<T> {
        type Target = T;
    }
    #[derive(Default, Debug)]
    pub struct RwLock<T> {}
    impl<T> RwLock<T> {
        pub fn new(t: T) -> RwLock<T> {}
        pub fn read(&self) -> Result<RwLockReadGuard<T>, PoisonError<RwLockReadGuard<T>>> {}
        pub fn write(&self) -> Result<RwLockWriteGuard<T>, PoisonError<RwLockWriteGuard<T>>> {}
        pub fn into_inner(self) -> Result<T, PoisonError<T>> {}
    }
    pub struct RwLockReadGuard<T> {}
    impl<T> crate::ops::Deref for RwLockReadGuard<T> {
        type Target = T;
    }
    pub struct RwLockWriteGuard<T> {}
    impl<T> crate::ops::Deref for RwLockWriteGuard<T> {
        type Target = T;
    }
    #[derive(Default, Debug)]
    pub struct OnceLock<T> {}
    impl<T> OnceLock<T> {
        pub const fn new() -> OnceLock<T> {}
        pub fn get(&self) -> Option<&T> {}
        pub fn get_mut(&mut self) -> Option<&mut T> {}
        pub fn set(&self, value: T) -> Result<(), T> {}
        pub fn get_or_init<F: FnOnce() -> T>(&self, f: F) -> &T {}
        pub fn into_inner(self) -> Option<T> {}
    }
    pub struct LazyLock<T, F = fn() -> T> {}
    impl<T, F> LazyLock<T, F> {
        pub const fn new(f: F) -> LazyLock<T, F> where F: FnOnce() -> T {}
        pub fn force(this: &LazyLock<T, F>) -> &T {}
    }
    impl<T, F> crate::ops::Deref for LazyLock<T, F> {
        type Target = T;
    }
    pub struct Once {}
    impl Once {
        pub const fn new() -> Once {}
        pub fn call_once<F: FnOnce()>(&self, f: F) {}
    }
    pub struct Condvar {}
    pub mod atomic {
        pub enum Ordering {
            Relaxed,
            Release,
            Acquire,
            AcqRel,
            SeqCst,
        }
        #[derive(Default, Debug)]
        pub struct AtomicBool {}
        impl AtomicBool {
            pub const fn new(v: bool) -> AtomicBool {}
            pub fn load(&self, order: Ordering) -> bool {}
            pub fn store(&self, val: bool, order: Ordering) {}
            pub fn swap(&self, val: bool, order: Ordering) -> bool {}
        }
        #[derive(Default, Debug)]
        pub struct AtomicUsize {}
        impl AtomicUsize {
            pub const fn new(v: usize) -> AtomicUsize {}
            pub fn load(&self, order: Ordering) -> usize {}
            pub fn store(&self, val: usize, order: Ordering) {}
            pub fn fetch_add(&self, val: usize, order: Ordering) -> usize {}
            pub fn fetch_sub(&self, val: usize, order: Ordering) -> usize {}
        }
        #[derive(Default, Debug)]
        pub struct AtomicU64 {}
        impl AtomicU64 {
            pub const fn new(v: u64) -> AtomicU64 {}
            pub fn load(&self, order: Ordering) -> u64 {}
            pub fn store(&self, val: u64, order: Ordering) {}
            pub fn fetch_add(&self, val: u64, order: Ordering) -> u64 {}
            pub fn fetch_sub(&self, val: u64, order: Ordering) -> u64 {}
        }
        #[derive(Default, Debug)]
        pub struct AtomicI64 {}
        #[derive(Default, Debug)]
        pub struct AtomicU32 {}
        #[derive(Default, Debug)]
        pub struct AtomicI32 {}
    }
    pub mod mpsc {
        pub fn channel<T>() -> (Sender<T>, Receiver<T>) {}
        pub fn sync_channel<T>(bound: usize) -> (SyncSender<T>, Receiver<T>) {}
        #[derive(Clone)]
        pub struct Sender<T> {}
        impl<T> Sender<T> {
            pub fn send(&self, t: T) -> Result<(), SendError<T>> {}
        }
        #[derive(Clone)]
        pub struct SyncSender<T> {}
        impl<T> SyncSender<T> {
            pub fn send(&self, t: T) -> Result<(), SendError<T>> {}
        }
        pub struct Receiver<T> {}
        impl<T> Receiver<T> {
            pub fn recv(&self) -> Result<T, RecvError> {}
            pub fn try_recv(&self) -> Result<T, TryRecvError> {}
            pub fn iter(&self) -> impl Iterator<Item = T> {}
        }
        impl<T> IntoIterator for Receiver<T> {
            type Item = T;
        }
        pub struct SendError<T>(pub T);
        pub struct RecvError;
        pub enum TryRecvError {
            Empty,
            Disconnected,
        }
    }
}

pub mod cell {
    #[derive(Clone, Default, Debug)]
    pub struct Cell<T> {}
    impl<T> Cell<T> {
        pub fn new(value: T) -> Cell<T> {}
        pub fn get(&self) -> T {}
        pub fn set(&self, val: T) {}
        pub fn replace(&self, val: T) -> T {}
        pub fn take(&self) -> T {}
    }
    #[derive(Clone, Default, Debug)]
    pub struct RefCell<T> {}
    impl<T> RefCell<T> {
        pub fn new(value: T) -> RefCell<T> {}
        pub fn borrow(&self) -> Ref<T> {}
        pub fn borrow_mut(&self) -> RefMut<T> {}
        pub fn into_inner(self) -> T {}
        pub fn replace(&self, t: T) -> T {}
        pub fn take(&self) -> T {}
    }
    pub struct Ref<T> {}
    impl<T> crate::ops::Deref for Ref<T> {
        type Target = T;
    }
    pub struct RefMut<T> {}
    impl<T> crate::ops::Deref for RefMut<T> {
        type Target = T;
    }
    #[derive(Clone, Default, Debug)]
    pub struct OnceCell<T> {}
    impl<T> OnceCell<T> {
        pub const fn new() -> OnceCell<T> {}
        pub fn get(&self) -> Option<&T> {}
        pub fn set(&self, value: T) -> Result<(), T> {}
        pub fn get_or_init<F: FnOnce() -> T>(&self, f: F) -> &T {}
    }
    pub struct LazyCell<T, F = fn() -> T> {}
    impl<T, F> crate::ops::Deref for LazyCell<T, F> {
        type Target = T;
    }
}

pub mod mem {
    pub fn drop<T>(x: T) {}
    pub fn take<T>(dest: &mut T) -> T {}
    pub fn replace<T>(dest: &mut T, src: T) -> T {}
    pub fn swap<T>(x: &mut T, y: &mut T) {}
    pub fn forget<T>(t: T) {}
    pub fn size_of<T>() -> usize {}
    pub fn discriminant<T>(v: &T) -> Discriminant<T> {}
    #[derive(Clone, PartialEq, Eq, Hash, Debug)]
    pub struct Discriminant<T> {}
}

pub mod vec {
    #[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug, Hash, Default)]
    pub struct Vec<T> {}
    impl<T> Vec<T> {
        pub const fn new() -> Vec<T> {}
        pub fn with_capacity(capacity: usize) -> Vec<T> {}
        pub fn capacity(&self) -> usize {}
        pub fn reserve(&mut self, additional: usize) {}
        pub fn into_boxed_slice(self) -> Box<[T]> {}
        pub fn truncate(&mut self, len: usize) {}
        pub fn as_slice(&self) -> &[T] {}
        pub fn as_mut_slice(&mut self) -> &mut [T] {}
        pub fn swap_remove(&mut self, index: usize) -> T {}
        pub fn insert(&mut self, index: usize, element: T) {}
        pub fn remove(&mut self, index: usize) -> T {}
        pub fn retain<F: FnMut(&T) -> bool>(&mut self, f: F) {}
        pub fn retain_mut<F: FnMut(&mut T) -> bool>(&mut self, f: F) {}
        pub fn dedup(&mut self) {}
        pub fn dedup_by_key<F: FnMut(&mut T) -> K, K>(&mut self, key: F) {}
        pub fn dedup_by<F: FnMut(&mut T, &mut T) -> bool>(&mut self, f: F) {}
        pub fn push(&mut self, value: T) {}
        pub fn append(&mut self, other: &mut Vec<T>) {}
        pub fn pop(&mut self) -> Option<T> {}
        pub fn drain<R>(&mut self, range: R) -> impl Iterator<Item = T> {}
        pub fn clear(&mut self) {}
        pub fn len(&self) -> usize {}
        pub fn is_empty(&self) -> bool {}
        pub fn split_off(&mut self, at: usize) -> Vec<T> {}
        pub fn extend_from_slice(&mut self, other: &[T]) {}
        pub fn resize(&mut self, new_len: usize, value: T) {}
    }
    impl<T> crate::ops::Deref for Vec<T> {
        type Target = [T];
    }
    impl<T> IntoIterator for Vec<T> {
        type Item = T;
        type IntoIter = IntoIter<T>;
    }
    impl<T> IntoIterator for &Vec<T> {
        type Item = &T;
    }
    impl<T> IntoIterator for &mut Vec<T> {
        type Item = &mut T;
    }
    impl<T> FromIterator<T> for Vec<T> {}
    impl<T> Extend<T> for Vec<T> {}
    impl<T> From<&[T]> for Vec<T> {}
    impl<T> AsRef<[T]> for Vec<T> {}
    pub struct IntoIter<T> {}
    impl<T> Iterator for IntoIter<T> {
        type Item = T;
    }
}

pub mod slice {
    impl<T> [T] {
        pub fn len(&self) -> usize {}
        pub fn is_empty(&self) -> bool {}
        pub fn first(&self) -> Option<&T> {}
        pub fn first_mut(&mut self) -> Option<&mut T> {}
        pub fn last(&self) -> Option<&T> {}
        pub fn last_mut(&mut self) -> Option<&mut T> {}
        pub fn split_first(&self) -> Option<(&T, &[T])> {}
        pub fn split_last(&self) -> Option<(&T, &[T])> {}
        pub fn get(&self, index: usize) -> Option<&T> {}
        pub fn get_mut(&mut self, index: usize) -> Option<&mut T> {}
        pub fn swap(&mut self, a: usize, b: usize) {}
        pub fn reverse(&mut self) {}
        pub fn iter(&self) -> Iter<T> {}
        pub fn iter_mut(&mut self) -> IterMut<T> {}
        pub fn windows(&self, size: usize) -> impl Iterator<Item = &[T]> {}
        pub fn chunks(&self, chunk_size: usize) -> impl Iterator<Item = &[T]> {}
        pub fn chunks_mut(&mut self, chunk_size: usize) -> impl Iterator<Item = &mut [T]> {}
        pub fn chunks_exact(&self, chunk_size: usize) -> impl Iterator<Item = &[T]> {}
        pub fn split_at(&self, mid: usize) -> (&[T], &[T]) {}
        pub fn split<F: FnMut(&T) -> bool>(&self, pred: F) -> impl Iterator<Item = &[T]> {}
        pub fn contains(&self, x: &T) -> bool {}
        pub fn starts_with(&self, needle: &[T]) -> bool {}
        pub fn ends_with(&self, needle: &[T]) -> bool {}
        pub fn binary_search(&self, x: &T) -> Result<usize, usize> {}
        pub fn binary_search_by<F: FnMut(&T) -> crate::cmp::Ordering>(&self, f: F) -> Result<usize, usize> {}
        pub fn binary_search_by_key<B, F: FnMut(&T) -> B>(&self, b: &B, f: F) -> Result<usize, usize> {}
        pub fn partition_point<P: FnMut(&T) -> bool>(&self, pred: P) -> usize {}
        pub fn sort(&mut self) {}
        pub fn sort_by<F: FnMut(&T, &T) -> crate::cmp::Ordering>(&mut self, compare: F) {}
        pub fn sort_by_key<K, F: FnMut(&T) -> K>(&mut self, f: F) {}
        pub fn sort_by_cached_key<K, F: FnMut(&T) -> K>(&mut self, f: F) {}
        pub fn sort_unstable(&mut self) {}
        pub fn sort_unstable_by<F: FnMut(&T, &T) -> crate::cmp::Ordering>(&mut self, compare: F) {}
        pub fn sort_unstable_by_key<K, F: FnMut(&T) -> K>(&mut self, f: F) {}
        pub fn to_vec(&self) -> Vec<T> {}
        pub fn into_vec(self: Box<[T]>) -> Vec<T> {}
        pub fn concat(&self) -> Vec<<T as IntoIterator>::Item> {}
        pub fn join(&self, separator: &str) -> String {}
        pub fn copy_from_slice(&mut self, src: &[T]) {}
        pub fn fill(&mut self, value: T) {}
        pub fn rotate_left(&mut self, mid: usize) {}
    }
    impl<T> IntoIterator for &[T] {
        type Item = &T;
    }
    impl<T> IntoIterator for &mut [T] {
        type Item = &mut T;
    }
    pub struct Iter<T> {}
    impl<T> Iterator for Iter<T> {
        type Item = &T;
    }
    pub struct IterMut<T> {}
    impl<T> Iterator for IterMut<T> {
        type Item = &mut T;
    }
}

pub mod array {
    impl<T, const N: usize> [T; N] {
        pub fn map<U, F: FnMut(T) -> U>(self, f: F) -> [U; N] {}
        pub fn as_slice(&self) -> &[T] {}
    }
    impl<T, const N: usize> IntoIterator for [T; N] {
        type Item = T;
    }
    pub fn from_fn<T, F: FnMut(usize) -> T>(f: F) -> [T; N] {}
}

pub mod string {
    #[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug, Hash, Default)]
    pub struct String {}
    impl String {
        pub const fn new() -> String {}
        pub fn with_capacity(capacity: usize) -> String {}
        pub fn from_utf8(vec: Vec<u8>) -> Result<String, FromUtf8Error> {}
        pub fn from_utf8_lossy(v: &[u8]) -> crate::borrow::Cow<str> {}
        pub fn into_bytes(self) -> Vec<u8> {}
        pub fn as_str(&self) -> &str {}
        pub fn push_str(&mut self, string: &str) {}
        pub fn push(&mut self, ch: char) {}
        pub fn pop(&mut self) -> Option<char> {}
        pub fn remove(&mut self, idx: usize) -> char {}
        pub fn insert(&mut self, idx: usize, ch: char) {}
        pub fn insert_str(&mut self, idx: usize, string: &str) {}
        pub fn truncate(&mut self, new_len: usize) {}
        pub fn clear(&mut self) {}
        pub fn capacity(&self) -> usize {}
        pub fn retain<F: FnMut(char) -> bool>(&mut self, f: F) {}
        pub fn drain<R>(&mut self, range: R) -> impl Iterator<Item = char> {}
        pub fn into_boxed_str(self) -> Box<str> {}
    }
    impl crate::ops::Deref for String {
        type Target = str;
    }
    impl From<&str> for String {}
    impl From<char> for String {}
    impl From<Box<str>> for String {}
    impl From<crate::borrow::Cow<str>> for String {}
    impl AsRef<str> for String {}
    impl FromIterator<String> for String {}
    impl FromIterator<char> for String {}
    impl FromIterator<&str> for String {}
    impl crate::str::FromStr for String {
        type Err = crate::convert::Infallible;
    }
    impl crate::fmt::Display for String {}
    #[derive(Debug, Clone)]
    pub struct FromUtf8Error {}
    pub trait ToString {
        fn to_string(&self) -> String;
    }
    impl<T: crate::fmt::Display> ToString for T {}
}

pub mod str {
    pub trait FromStr {
        type Err;
        fn from_str(s: &str) -> Result<Self, Self::Err>;
    }
    #[derive(Debug, Clone)]
    pub struct Utf8Error {}
    pub fn from_utf8(v: &[u8]) -> Result<&str, Utf8Error> {}
    impl str {
        pub fn len(&self) -> usize {}
        pub fn is_empty(&self) -> bool {}
        pub fn as_bytes(&self) -> &[u8] {}
        pub fn as_str(&self) -> &str {}
        pub fn get<I>(&self, i: I) -> Option<&str> {}
        pub fn chars(&self) -> Chars {}
        pub fn char_indices(&self) -> impl Iterator<Item = (usize, char)> {}
        pub fn bytes(&self) -> impl Iterator<Item = u8> {}
        pub fn split_whitespace(&self) -> impl Iterator<Item = &str> {}
        pub fn lines(&self) -> impl Iterator<Item = &str> {}
        pub fn contains<P>(&self, pat: P) -> bool {}
        pub fn starts_with<P>(&self, pat: P) -> bool {}
        pub fn ends_with<P>(&self, pat: P) -> bool {}
        pub fn find<P>(&self, pat: P) -> Option<usize> {}
        pub fn rfind<P>(&self, pat: P) -> Option<usize> {}
        pub fn split<P>(&self, pat: P) -> impl Iterator<Item = &str> {}
        pub fn split_inclusive<P>(&self, pat: P) -> impl Iterator<Item = &str> {}
        pub fn rsplit<P>(&self, pat: P) -> impl Iterator<Item = &str> {}
        pub fn split_terminator<P>(&self, pat: P) -> impl Iterator<Item = &str> {}
        pub fn splitn<P>(&self, n: usize, pat: P) -> impl Iterator<Item = &str> {}
        pub fn rsplitn<P>(&self, n: usize, pat: P) -> impl Iterator<Item = &str> {}
        pub fn split_once<P>(&self, delimiter: P) -> Option<(&str, &str)> {}
        pub fn rsplit_once<P>(&self, delimiter: P) -> Option<(&str, &str)> {}
        pub fn split_at(&self, mid: usize) -> (&str, &str) {}
        pub fn matches<P>(&self, pat: P) -> impl Iterator<Item = &str> {}
        pub fn trim(&self) -> &str {}
        pub fn trim_start(&self) -> &str {}
        pub fn trim_end(&self) -> &str {}
        pub fn trim_matches<P>(&self, pat: P) -> &str {}
        pub fn trim_start_matches<P>(&self, pat: P) -> &str {}
        pub fn trim_end_matches<P>(&self, pat: P) -> &str {}
        pub fn strip_prefix<P>(&self, prefix: P) -> Option<&str> {}
        pub fn strip_suffix<P>(&self, suffix: P) -> Option<&str> {}
        pub fn parse<F: FromStr>(&self) -> Result<F, <F as FromStr>::Err> {}
        pub fn replace<P>(&self, from: P, to: &str) -> String {}
        pub fn replacen<P>(&self, pat: P, to: &str, count: usize) -> String {}
        pub fn to_lowercase(&self) -> String {}
        pub fn to_uppercase(&self) -> String {}
        pub fn to_ascii_lowercase(&self) -> String {}
        pub fn to_ascii_uppercase(&self) -> String {}
        pub fn eq_ignore_ascii_case(&self, other: &str) -> bool {}
        pub fn repeat(&self, n: usize) -> String {}
        pub fn into_string(self: Box<str>) -> String {}
        pub fn is_char_boundary(&self, index: usize) -> bool {}
        pub fn into_boxed_str(&self) -> Box<str> {}
    }
    impl crate::fmt::Display for str {}
    pub struct Chars {}
    impl Chars {
        pub fn as_str(&self) -> &str {}
    }
    impl Iterator for Chars {
        type Item = char;
    }
}

pub mod num {
    #[derive(Debug, Clone, PartialEq, Eq)]
    pub struct ParseIntError {}
    #[derive(Debug, Clone, PartialEq, Eq)]
    pub struct ParseFloatError {}
    #[derive(Debug, Clone, PartialEq, Eq)]
    pub struct TryFromIntError {}
    #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
    pub struct NonZero<T> {}
    impl<T> NonZero<T> {
        pub fn new(n: T) -> Option<NonZero<T>> {}
        pub fn get(self) -> T {}
    }
    pub type NonZeroU32 = NonZero<u32>;
    pub type NonZeroU64 = NonZero<u64>;
    pub type NonZeroUsize = NonZero<usize>;
}

pub mod primitive {
    impl char {
        pub fn is_alphanumeric(self) -> bool {}
        pub fn is_alphabetic(self) -> bool {}
        pub fn is_numeric(self) -> bool {}
        pub fn is_whitespace(self) -> bool {}
        pub fn is_uppercase(self) -> bool {}
        pub fn is_lowercase(self) -> bool {}
        pub fn to_ascii_lowercase(&self) -> char {}
        pub fn to_ascii_uppercase(&self) -> char {}
        pub fn to_lowercase(self) -> impl Iterator<Item = char> {}
        pub fn to_uppercase(self) -> impl Iterator<Item = char> {}
        pub fn is_ascii_digit(&self) -> bool {}
        pub fn to_digit(self, radix: u32) -> Option<u32> {}
        pub fn len_utf8(self) -> usize {}
    }
    impl bool {
        pub fn then<T, F: FnOnce() -> T>(self, f: F) -> Option<T> {}
        pub fn then_some<T>(self, t: T) -> Option<T> {}
    }
}

pub mod collections {
    pub use self::hash_map::HashMap;
    pub use self::hash_set::HashSet;
    pub use self::btree_map::BTreeMap;
    pub use self::btree_set::BTreeSet;
    pub mod hash_map {
        #[derive(Clone, PartialEq, Eq, Debug, Default)]
        pub struct HashMap<K, V, S = ()> {}
        impl<K, V, S> HashMap<K, V, S> {
            pub fn new() -> HashMap<K, V, S> {}
            pub fn with_capacity(capacity: usize) -> HashMap<K, V, S> {}
            pub fn keys(&self) -> impl Iterator<Item = &K> {}
            pub fn into_keys(self) -> impl Iterator<Item = K> {}
            pub fn values(&self) -> impl Iterator<Item = &V> {}
            pub fn values_mut(&mut self) -> impl Iterator<Item = &mut V> {}
            pub fn into_values(self) -> impl Iterator<Item = V> {}
            pub fn iter(&self) -> impl Iterator<Item = (&K, &V)> {}
            pub fn iter_mut(&mut self) -> impl Iterator<Item = (&K, &mut V)> {}
            pub fn len(&self) -> usize {}
            pub fn is_empty(&self) -> bool {}
            pub fn drain(&mut self) -> impl Iterator<Item = (K, V)> {}
            pub fn retain<F: FnMut(&K, &mut V) -> bool>(&mut self, f: F) {}
            pub fn clear(&mut self) {}
            pub fn reserve(&mut self, additional: usize) {}
            pub fn entry(&mut self, key: K) -> Entry<K, V> {}
            pub fn get<Q>(&self, k: &Q) -> Option<&V> {}
            pub fn get_key_value<Q>(&self, k: &Q) -> Option<(&K, &V)> {}
            pub fn contains_key<Q>(&self, k: &Q) -> bool {}
            pub fn get_mut<Q>(&mut self, k: &Q) -> Option<&mut V> {}
            pub fn insert(&mut self, k: K, v: V) -> Option<V> {}
            pub fn remove<Q>(&mut self, k: &Q) -> Option<V> {}
            pub fn remove_entry<Q>(&mut self, k: &Q) -> Option<(K, V)> {}
        }
        impl<K, V, S> IntoIterator for HashMap<K, V, S> {
            type Item = (K, V);
        }
        impl<K, V, S> IntoIterator for &HashMap<K, V, S> {
            type Item = (&K, &V);
        }
        impl<K, V, S> IntoIterator for &mut HashMap<K, V, S> {
            type Item = (&K, &mut V);
        }
        impl<K, V, S> FromIterator<(K, V)> for HashMap<K, V, S> {}
        impl<K, V, S> Extend<(K, V)> for HashMap<K, V, S> {}
        impl<K, V> From<[(K, V); 0]> for HashMap<K, V> {}
        impl<K, V, Q, S> crate::ops::Index<&Q> for HashMap<K, V, S> {
            type Output = V;
        }
        pub enum Entry<K, V> {
            Occupied(OccupiedEntry<K, V>),
            Vacant(VacantEntry<K, V>),
        }
        impl<K, V> Entry<K, V> {
            pub fn or_insert(self, default: V) -> &mut V {}
            pub fn or_insert_with<F: FnOnce() -> V>(self, default: F) -> &mut V {}
            pub fn or_insert_with_key<F: FnOnce(&K) -> V>(self, default: F) -> &mut V {}
            pub fn or_default(self) -> &mut V {}
            pub fn and_modify<F: FnOnce(&mut V)>(self, f: F) -> Entry<K, V> {}
            pub fn key(&self) -> &K {}
        }
        pub struct OccupiedEntry<K, V> {}
        impl<K, V> OccupiedEntry<K, V> {
            pub fn get(&self) -> &V {}
            pub fn get_mut(&mut self) -> &mut V {}
            pub fn into_mut(self) -> &mut V {}
            pub fn insert(&mut self, value: V) -> V {}
            pub fn remove(self) -> V {}
            pub fn key(&self) -> &K {}
        }
        pub struct VacantEntry<K, V> {}
        impl<K, V> VacantEntry<K, V> {
            pub fn insert(self, value: V) -> &mut V {}
            pub fn key(&self) -> &K {}
        }
        pub use crate::hash::DefaultHasher;
        pub struct RandomState {}
    }
    pub mod btree_map {
        pub use super::hash_map::Entry;
        #[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug, Hash, Default)]
        pub struct BTreeMap<K, V> {}
        impl<K, V> BTreeMap<K, V> {
            pub const fn new() -> BTreeMap<K, V> {}
            pub fn keys(&self) -> impl Iterator<Item = &K> {}
            pub fn into_keys(self) -> impl Iterator<Item = K> {}
            pub fn values(&self) -> impl Iterator<Item = &V> {}
            pub fn values_mut(&mut self) -> impl Iterator<Item = &mut V> {}
            pub fn into_values(self) -> impl Iterator<Item = V> {}
            pub fn iter(&self) -> impl Iterator<Item = (&K, &V)> {}
            pub fn iter_mut(&mut self) -> impl Iterator<Item = (&K, &mut V)> {}
            pub fn range<R>(&self, range: R) -> impl Iterator<Item = (&K, &V)> {}
            pub fn len(&self) -> usize {}
            pub fn is_empty(&self) -> bool {}
            pub fn retain<F: FnMut(&K, &mut V) -> bool>(&mut self, f: F) {}
            pub fn clear(&mut self) {}
            pub fn entry(&mut self, key: K) -> Entry<K, V> {}
            pub fn get<Q>(&self, k: &Q) -> Option<&V> {}
            pub fn contains_key<Q>(&self, k: &Q) -> bool {}
            pub fn get_mut<Q>(&mut self, k: &Q) -> Option<&mut V> {}
            pub fn insert(&mut self, k: K, v: V) -> Option<V> {}
            pub fn remove<Q>(&mut self, k: &Q) -> Option<V> {}
            pub fn first_key_value(&self) -> Option<(&K, &V)> {}
            pub fn last_key_value(&self) -> Option<(&K, &V)> {}
            pub fn pop_first(&mut self) -> Option<(K, V)> {}
            pub fn pop_last(&mut self) -> Option<(K, V)> {}
        }
        impl<K, V> IntoIterator for BTreeMap<K, V> {
            type Item = (K, V);
        }
        impl<K, V> IntoIterator for &BTreeMap<K, V> {
            type Item = (&K, &V);
        }
        impl<K, V> IntoIterator for &mut BTreeMap<K, V> {
            type Item = (&K, &mut V);
        }
        impl<K, V> FromIterator<(K, V)> for BTreeMap<K, V> {}
        impl<K, V> Extend<(K, V)> for BTreeMap<K, V> {}
        impl<K, V> From<[(K, V); 0]> for BTreeMap<K, V> {}
        impl<K, V, Q> crate::ops::Index<&Q> for BTreeMap<K, V> {
            type Output = V;
        }
    }
    pub mod hash_set {
        #[derive(Clone, PartialEq, Eq, Debug, Default)]
        pub struct HashSet<T, S = ()> {}
        impl<T, S> HashSet<T, S> {
            pub fn new() -> HashSet<T, S> {}
            pub fn with_capacity(capacity: usize) -> HashSet<T, S> {}
            pub fn iter(&self) -> impl Iterator<Item = &T> {}
            pub fn len(&self) -> usize {}
            pub fn is_empty(&self) -> bool {}
            pub fn drain(&mut self) -> impl Iterator<Item = T> {}
            pub fn retain<F: FnMut(&T) -> bool>(&mut self, f: F) {}
            pub fn clear(&mut self) {}
            pub fn difference(&self, other: &HashSet<T, S>) -> impl Iterator<Item = &T> {}
            pub fn symmetric_difference(&self, other: &HashSet<T, S>) -> impl Iterator<Item = &T> {}
            pub fn intersection(&self, other: &HashSet<T, S>) -> impl Iterator<Item = &T> {}
            pub fn union(&self, other: &HashSet<T, S>) -> impl Iterator<Item = &T> {}
            pub fn contains<Q>(&self, value: &Q) -> bool {}
            pub fn get<Q>(&self, value: &Q) -> Option<&T> {}
            pub fn is_disjoint(&self, other: &HashSet<T, S>) -> bool {}
            pub fn is_subset(&self, other: &HashSet<T, S>) -> bool {}
            pub fn is_superset(&self, other: &HashSet<T, S>) -> bool {}
            pub fn insert(&mut self, value: T) -> bool {}
            pub fn remove<Q>(&mut self, value: &Q) -> bool {}
            pub fn take<Q>(&mut self, value: &Q) -> Option<T> {}
        }
        impl<T, S> IntoIterator for HashSet<T, S> {
            type Item = T;
        }
        impl<T, S> IntoIterator for &HashSet<T, S> {
            type Item = &T;
        }
        impl<T, S> FromIterator<T> for HashSet<T, S> {}
        impl<T, S> Extend<T> for HashSet<T, S> {}
        impl<T> From<[T; 0]> for HashSet<T> {}
    }
    pub mod btree_set {
        #[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug, Hash, Default)]
        pub struct BTreeSet<T> {}
        impl<T> BTreeSet<T> {
            pub const fn new() -> BTreeSet<T> {}
            pub fn iter(&self) -> impl Iterator<Item = &T> {}
            pub fn len(&self) -> usize {}
            pub fn is_empty(&self) -> bool {}
            pub fn retain<F: FnMut(&T) -> bool>(&mut self, f: F) {}
            pub fn difference(&self, other: &BTreeSet<T>) -> impl Iterator<Item = &T> {}
            pub fn intersection(&self, other: &BTreeSet<T>) -> impl Iterator<Item = &T> {}
            pub fn union(&self, other: &BTreeSet<T>) -> impl Iterator<Item = &T> {}
            pub fn contains<Q>(&self, value: &Q) -> bool {}
            pub fn insert(&mut self, value: T) -> bool {}
            pub fn remove<Q>(&mut self, value: &Q) -> bool {}
            pub fn first(&self) -> Option<&T> {}
            pub fn last(&self) -> Option<&T> {}
            pub fn pop_first(&mut self) -> Option<T> {}
        }
        impl<T> IntoIterator for BTreeSet<T> {
            type Item = T;
        }
        impl<T> IntoIterator for &BTreeSet<T> {
            type Item = &T;
        }
        impl<T> FromIterator<T> for BTreeSet<T> {}
        impl<T> Extend<T> for BTreeSet<T> {}
        impl<T> From<[T; 0]> for BTreeSet<T> {}
    }
    #[derive(Clone, PartialEq, Eq, Debug, Default)]
    pub struct VecDeque<T> {}
    impl<T> VecDeque<T> {
        pub fn new() -> VecDeque<T> {}
        pub fn with_capacity(capacity: usize) -> VecDeque<T> {}
        pub fn push_back(&mut self, value: T) {}
        pub fn push_front(&mut self, value: T) {}
        pub fn pop_back(&mut self) -> Option<T> {}
        pub fn pop_front(&mut self) -> Option<T> {}
        pub fn front(&self) -> Option<&T> {}
        pub fn back(&self) -> Option<&T> {}
        pub fn get(&self, index: usize) -> Option<&T> {}
        pub fn iter(&self) -> impl Iterator<Item = &T> {}
        pub fn iter_mut(&mut self) -> impl Iterator<Item = &mut T> {}
        pub fn len(&self) -> usize {}
        pub fn is_empty(&self) -> bool {}
        pub fn clear(&mut self) {}
        pub fn drain<R>(&mut self, range: R) -> impl Iterator<Item = T> {}
    }
    impl<T> IntoIterator for VecDeque<T> {
        type Item = T;
    }
    impl<T> IntoIterator for &VecDeque<T> {
        type Item = &T;
    }
    impl<T> FromIterator<T> for VecDeque<T> {}
    impl<T> Extend<T> for VecDeque<T> {}
    #[derive(Clone, Debug, Default)]
    pub struct BinaryHeap<T> {}
    impl<T> BinaryHeap<T> {
        pub fn new() -> BinaryHeap<T> {}
        pub fn push(&mut self, item: T) {}
        pub fn pop(&mut self) -> Option<T> {}
        pub fn peek(&self) -> Option<&T> {}
        pub fn len(&self) -> usize {}
        pub fn is_empty(&self) -> bool {}
        pub fn into_sorted_vec(self) -> Vec<T> {}
    }
    impl<T> IntoIterator for BinaryHeap<T> {
        type Item = T;
    }
    impl<T> FromIterator<T> for BinaryHeap<T> {}
    pub type LinkedList<T> = VecDeque<T>;
}

pub mod fmt {
    pub trait Debug {
        fn fmt(&self, f: &mut Formatter) -> Result;
    }
    pub trait Display {
        fn fmt(&self, f: &mut Formatter) -> Result;
    }
    pub trait Write {
        fn write_str(&mut self, s: &str) -> Result;
        fn write_char(&mut self, c: char) -> Result {}
        fn write_fmt(&mut self, args: Arguments) -> Result {}
    }
    pub struct Arguments {}
    #[derive(Clone, Debug, Default)]
    pub struct Error;
    pub type Result = crate::result::Result<(), Error>;
    pub struct Formatter {}
    impl Formatter {
        pub fn write_str(&mut self, data: &str) -> Result {}
        pub fn write_fmt(&mut self, fmt: Arguments) -> Result {}
        pub fn pad(&mut self, s: &str) -> Result {}
        pub fn alternate(&self) -> bool {}
        pub fn debug_struct(&mut self, name: &str) -> DebugStruct {}
        pub fn debug_tuple(&mut self, name: &str) -> DebugStruct {}
        pub fn debug_list(&mut self) -> DebugStruct {}
        pub fn debug_map(&mut self) -> DebugStruct {}
    }
    pub struct DebugStruct {}
    impl DebugStruct {
        pub fn field(&mut self, name: &str, value: &dyn Debug) -> &mut DebugStruct {}
        pub fn finish(&mut self) -> Result {}
        pub fn finish_non_exhaustive(&mut self) -> Result {}
    }
}

pub mod error {
    pub trait Error: crate::fmt::Debug + crate::fmt::Display {
        fn source(&self) -> Option<&dyn Error> {}
        fn description(&self) -> &str {}
        fn cause(&self) -> Option<&dyn Error> {}
    }
    impl dyn Error {
        pub fn downcast_ref<T>(&self) -> Option<&T> {}
        pub fn is<T>(&self) -> bool {}
    }
    impl<E: Error> From<E> for Box<dyn Error> {}
}

pub mod io {
    pub mod prelude {
        pub use super::{BufRead, Read, Seek, Write};
    }
    pub type Result<T> = crate::result::Result<T, Error>;
    #[derive(Debug)]
    pub struct Error {}
    impl Error {
        pub fn new<E>(kind: ErrorKind, error: E) -> Error {}
        pub fn other<E>(error: E) -> Error {}
        pub fn last_os_error() -> Error {}
        pub fn kind(&self) -> ErrorKind {}
    }
    impl crate::error::Error for Error {}
    impl crate::fmt::Display for Error {}
    #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
    pub enum ErrorKind {
        NotFound,
        PermissionDenied,
        ConnectionRefused,
        ConnectionReset,
        AlreadyExists,
        WouldBlock,
        InvalidInput,
        InvalidData,
        TimedOut,
        WriteZero,
        Interrupted,
        Unsupported,
        UnexpectedEof,
        OutOfMemory,
        BrokenPipe,
        Other,
    }
    pub trait Read {
        fn read(&mut self, buf: &mut [u8]) -> Result<usize>;
        fn read_to_end(&mut self, buf: &mut Vec<u8>) -> Result<usize> {}
        fn read_to_string(&mut self, buf: &mut String) -> Result<usize> {}
        fn read_exact(&mut self, buf: &mut [u8]) -> Result<()> {}
    }
    pub trait Write {
        fn write(&mut self, buf: &[u8]) -> Result<usize>;
        fn flush(&mut self) -> Result<()>;
        fn write_all(&mut self, buf: &[u8]) -> Result<()> {}
        fn write_fmt(&mut self, fmt: crate::fmt::Arguments) -> Result<()> {}
    }
    pub trait BufRead: Read {
        fn read_line(&mut self, buf: &mut String) -> Result<usize> {}
        fn lines(self) -> impl Iterator<Item = Result<String>> {}
    }
    pub trait Seek {
        fn seek(&mut self, pos: SeekFrom) -> Result<u64>;
    }
    pub enum SeekFrom {
        Start(u64),
        End(i64),
        Current(i64),
    }
    pub struct BufReader<R> {}
    impl<R> BufReader<R> {
        pub fn new(inner: R) -> BufReader<R> {}
    }
    impl<R> BufRead for BufReader<R> {}
    impl<R> Read for BufReader<R> {}
    pub struct BufWriter<W> {}
    impl<W> BufWriter<W> {
        pub fn new(inner: W) -> BufWriter<W> {}
    }
    impl<W> Write for BufWriter<W> {}
    pub struct Cursor<T> {}
    impl<T> Cursor<T> {
        pub fn new(inner: T) -> Cursor<T> {}
        pub fn into_inner(self) -> T {}
        pub fn get_ref(&self) -> &T {}
    }
    impl<T> Read for Cursor<T> {}
    pub struct Stdin {}
    pub struct Stdout {}
    pub struct Stderr {}
    pub fn stdin() -> Stdin {}
    pub fn stdout() -> Stdout {}
    pub fn stderr() -> Stderr {}
    pub fn sink() -> Stdout {}
    impl Stdin {
        pub fn read_line(&self, buf: &mut String) -> Result<usize> {}
        pub fn lines(self) -> impl Iterator<Item = Result<String>> {}
    }
    impl Write for Stdout {}
    impl Write for Stderr {}
    impl Read for Stdin {}
}

pub mod fs {
    #[derive(Debug)]
    pub struct File {}
    impl File {
        pub fn open<P>(path: P) -> crate::io::Result<File> {}
        pub fn create<P>(path: P) -> crate::io::Result<File> {}
        pub fn metadata(&self) -> crate::io::Result<Metadata> {}
    }
    impl crate::io::Read for File {}
    impl crate::io::Write for File {}
    #[derive(Clone, Debug)]
    pub struct OpenOptions {}
    impl OpenOptions {
        pub fn new() -> OpenOptions {}
        pub fn read(&mut self, read: bool) -> &mut OpenOptions {}
        pub fn write(&mut self, write: bool) -> &mut OpenOptions {}
        pub fn append(&mut self, append: bool) -> &mut OpenOptions {}
        pub fn create(&mut self, create: bool) -> &mut OpenOptions {}
        pub fn truncate(&mut self, truncate: bool) -> &mut OpenOptions {}
        pub fn open<P>(&self, path: P) -> crate::io::Result<File> {}
    }
    #[derive(Clone, Debug)]
    pub struct Metadata {}
    impl Metadata {
        pub fn len(&self) -> u64 {}
        pub fn is_dir(&self) -> bool {}
        pub fn is_file(&self) -> bool {}
        pub fn modified(&self) -> crate::io::Result<crate::time::SystemTime> {}
    }
    pub struct DirEntry {}
    impl DirEntry {
        pub fn path(&self) -> crate::path::PathBuf {}
        pub fn metadata(&self) -> crate::io::Result<Metadata> {}
        pub fn file_name(&self) -> crate::ffi::OsString {}
    }
    pub fn read<P>(path: P) -> crate::io::Result<Vec<u8>> {}
    pub fn read_to_string<P>(path: P) -> crate::io::Result<String> {}
    pub fn write<P, C>(path: P, contents: C) -> crate::io::Result<()> {}
    pub fn remove_file<P>(path: P) -> crate::io::Result<()> {}
    pub fn remove_dir_all<P>(path: P) -> crate::io::Result<()> {}
    pub fn create_dir<P>(path: P) -> crate::io::Result<()> {}
    pub fn create_dir_all<P>(path: P) -> crate::io::Result<()> {}
    pub fn rename<P, Q>(from: P, to: Q) -> crate::io::Result<()> {}
    pub fn copy<P, Q>(from: P, to: Q) -> crate::io::Result<u64> {}
    pub fn metadata<P>(path: P) -> crate::io::Result<Metadata> {}
    pub fn canonicalize<P>(path: P) -> crate::io::Result<crate::path::PathBuf> {}
    pub fn read_dir<P>(path: P) -> crate::io::Result<ReadDir> {}
    pub struct ReadDir {}
    impl Iterator for ReadDir {
        type Item = crate::io::Result<DirEntry>;
    }
}

pub mod path {
    #[derive(PartialEq, Eq, PartialOrd, Ord, Debug, Hash)]
    pub struct Path {}
    impl Path {
        pub fn new<S>(s: &S) -> &Path {}
        pub fn to_str(&self) -> Option<&str> {}
        pub fn to_string_lossy(&self) -> crate::borrow::Cow<str> {}
        pub fn to_path_buf(&self) -> PathBuf {}
        pub fn is_absolute(&self) -> bool {}
        pub fn parent(&self) -> Option<&Path> {}
        pub fn file_name(&self) -> Option<&crate::ffi::OsStr> {}
        pub fn file_stem(&self) -> Option<&crate::ffi::OsStr> {}
        pub fn extension(&self) -> Option<&crate::ffi::OsStr> {}
        pub fn strip_prefix<P>(&self, base: P) -> Result<&Path, StripPrefixError> {}
        pub fn starts_with<P>(&self, base: P) -> bool {}
        pub fn ends_with<P>(&self, child: P) -> bool {}
        pub fn join<P>(&self, path: P) -> PathBuf {}
        pub fn with_extension<S>(&self, extension: S) -> PathBuf {}
        pub fn with_file_name<S>(&self, name: S) -> PathBuf {}
        pub fn components(&self) -> impl Iterator<Item = Component> {}
        pub fn display(&self) -> Display {}
        pub fn exists(&self) -> bool {}
        pub fn is_file(&self) -> bool {}
        pub fn is_dir(&self) -> bool {}
        pub fn canonicalize(&self) -> crate::io::Result<PathBuf> {}
        pub fn metadata(&self) -> crate::io::Result<crate::fs::Metadata> {}
        pub fn as_os_str(&self) -> &crate::ffi::OsStr {}
    }
    #[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug, Hash, Default)]
    pub struct PathBuf {}
    impl PathBuf {
        pub fn new() -> PathBuf {}
        pub fn as_path(&self) -> &Path {}
        pub fn push<P>(&mut self, path: P) {}
        pub fn pop(&mut self) -> bool {}
        pub fn set_extension<S>(&mut self, extension: S) -> bool {}
        pub fn into_os_string(self) -> crate::ffi::OsString {}
    }
    impl crate::ops::Deref for PathBuf {
        type Target = Path;
    }
    impl<T> From<T> for PathBuf {}
    impl FromIterator<String> for PathBuf {}
    impl AsRef<Path> for PathBuf {}
    pub enum Component {
        Prefix(()),
        RootDir,
        CurDir,
        ParentDir,
        Normal(&crate::ffi::OsStr),
    }
    pub struct Display {}
    pub struct StripPrefixError {}
}

pub mod ffi {
    #[derive(PartialEq, Eq, Debug, Hash)]
    pub struct OsStr {}
    impl OsStr {
        pub fn to_str(&self) -> Option<&str> {}
        pub fn to_string_lossy(&self) -> crate::borrow::Cow<str> {}
        pub fn to_os_string(&self) -> OsString {}
    }
    #[derive(Clone, PartialEq, Eq, Debug, Hash, Default)]
    pub struct OsString {}
    impl OsString {
        pub fn into_string(self) -> Result<String, OsString> {}
    }
    impl crate::ops::Deref for OsString {
        type Target = OsStr;
    }
}

pub mod env {
    pub fn var<K>(key: K) -> Result<String, VarError> {}
    pub fn var_os<K>(key: K) -> Option<crate::ffi::OsString> {}
    pub fn vars() -> impl Iterator<Item = (String, String)> {}
    pub fn set_var<K, V>(key: K, value: V) {}
    pub fn args() -> Args {}
    pub fn current_dir() -> crate::io::Result<crate::path::PathBuf> {}
    pub fn temp_dir() -> crate::path::PathBuf {}
    pub struct Args {}
    impl Iterator for Args {
        type Item = String;
    }
    #[derive(Debug, Clone, PartialEq, Eq)]
    pub enum VarError {
        NotPresent,
        NotUnicode(crate::ffi::OsString),
    }
}

pub mod time {
    #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Hash, Default)]
    pub struct Duration {}
    impl Duration {
        pub const ZERO: Duration;
        pub const MAX: Duration;
        pub const fn new(secs: u64, nanos: u32) -> Duration {}
        pub const fn from_secs(secs: u64) -> Duration {}
        pub const fn from_millis(millis: u64) -> Duration {}
        pub const fn from_micros(micros: u64) -> Duration {}
        pub const fn from_mins(mins: u64) -> Duration {}
        pub const fn from_hours(hours: u64) -> Duration {}
        pub fn from_secs_f64(secs: f64) -> Duration {}
        pub fn as_secs(&self) -> u64 {}
        pub fn as_millis(&self) -> u128 {}
        pub fn as_micros(&self) -> u128 {}
        pub fn as_nanos(&self) -> u128 {}
        pub fn as_secs_f64(&self) -> f64 {}
        pub fn as_secs_f32(&self) -> f32 {}
        pub fn saturating_sub(self, rhs: Duration) -> Duration {}
        pub fn checked_sub(self, rhs: Duration) -> Option<Duration> {}
    }
    #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Hash)]
    pub struct Instant {}
    impl Instant {
        pub fn now() -> Instant {}
        pub fn elapsed(&self) -> Duration {}
        pub fn duration_since(&self, earlier: Instant) -> Duration {}
        pub fn checked_add(&self, duration: Duration) -> Option<Instant> {}
    }
    #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Hash)]
    pub struct SystemTime {}
    impl SystemTime {
        pub const UNIX_EPOCH: SystemTime;
        pub fn now() -> SystemTime {}
        pub fn elapsed(&self) -> Result<Duration, SystemTimeError> {}
        pub fn duration_since(&self, earlier: SystemTime) -> Result<Duration, SystemTimeError> {}
    }
    #[derive(Clone, Debug)]
    pub struct SystemTimeError {}
    pub const UNIX_EPOCH: SystemTime;
}

pub mod thread {
    pub struct JoinHandle<T> {}
    impl<T> JoinHandle<T> {
        pub fn join(self) -> Result<T, Box<dyn crate::any::Any>> {}
        pub fn is_finished(&self) -> bool {}
    }
    pub fn spawn<F: FnOnce() -> T, T>(f: F) -> JoinHandle<T> {}
    pub fn sleep(dur: crate::time::Duration) {}
    pub fn available_parallelism() -> crate::io::Result<crate::num::NonZeroUsize> {}
    pub struct LocalKey<T> {}
    impl<T> LocalKey<T> {
        pub fn with<R, F: FnOnce(&T) -> R>(&self, f: F) -> R {}
    }
}

pub mod process {
    #[derive(Debug)]
    pub struct Command {}
    impl Command {
        pub fn new<S>(program: S) -> Command {}
        pub fn arg<S>(&mut self, arg: S) -> &mut Command {}
        pub fn args<I>(&mut self, args: I) -> &mut Command {}
        pub fn env<K, V>(&mut self, key: K, val: V) -> &mut Command {}
        pub fn output(&mut self) -> crate::io::Result<Output> {}
        pub fn status(&mut self) -> crate::io::Result<ExitStatus> {}
        pub fn spawn(&mut self) -> crate::io::Result<Child> {}
    }
    pub struct Child {}
    #[derive(Clone, Debug)]
    pub struct Output {
        pub status: ExitStatus,
        pub stdout: Vec<u8>,
        pub stderr: Vec<u8>,
    }
    #[derive(Clone, Copy, Debug, PartialEq, Eq)]
    pub struct ExitStatus {}
    impl ExitStatus {
        pub fn success(&self) -> bool {}
        pub fn code(&self) -> Option<i32> {}
    }
    #[derive(Clone, Copy, Debug, PartialEq, Eq)]
    pub struct ExitCode {}
    impl ExitCode {
        pub const SUCCESS: ExitCode;
        pub const FAILURE: ExitCode;
    }
    pub fn exit(code: i32) -> ! {}
    pub fn abort() -> ! {}
    pub fn id() -> u32 {}
}

pub mod net {
    #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
    pub enum IpAddr {
        V4(Ipv4Addr),
        V6(Ipv6Addr),
    }
    #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
    pub struct Ipv4Addr {}
    impl Ipv4Addr {
        pub const LOCALHOST: Ipv4Addr;
        pub const UNSPECIFIED: Ipv4Addr;
        pub fn new(a: u8, b: u8, c: u8, d: u8) -> Ipv4Addr {}
    }
    #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
    pub struct Ipv6Addr {}
    #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
    pub struct SocketAddr {}
    impl SocketAddr {
        pub fn new(ip: IpAddr, port: u16) -> SocketAddr {}
        pub fn ip(&self) -> IpAddr {}
        pub fn port(&self) -> u16 {}
    }
    impl<T> From<T> for SocketAddr {}
    impl crate::str::FromStr for SocketAddr {
        type Err = AddrParseError;
    }
    #[derive(Clone, Debug)]
    pub struct AddrParseError {}
    #[derive(Debug)]
    pub struct TcpListener {}
    impl TcpListener {
        pub fn bind<A>(addr: A) -> crate::io::Result<TcpListener> {}
        pub fn local_addr(&self) -> crate::io::Result<SocketAddr> {}
        pub fn accept(&self) -> crate::io::Result<(TcpStream, SocketAddr)> {}
    }
    #[derive(Debug)]
    pub struct TcpStream {}
    impl TcpStream {
        pub fn connect<A>(addr: A) -> crate::io::Result<TcpStream> {}
    }
    pub trait ToSocketAddrs {}
}

pub mod panic {
    pub trait UnwindSafe {}
    pub fn catch_unwind<F: FnOnce() -> R, R>(f: F) -> crate::thread::Result<R> {}
    pub fn set_hook<F>(hook: F) {}
}
