// futures, futures-util and tokio-stream: what streams and futures yield.

pub use future::{FutureExt, TryFutureExt, join_all, try_join_all};
pub use stream::{Stream, StreamExt, TryStream, TryStreamExt};
pub use sink::{Sink, SinkExt};
pub use std::future::Future;

pub mod prelude {
    pub use crate::future::{FutureExt, TryFutureExt};
    pub use crate::stream::{Stream, StreamExt, TryStream, TryStreamExt};
    pub use std::future::Future;
}

pub mod future {
    pub use std::future::{Future, Ready, ready, pending};
    pub type BoxFuture<T> = std::pin::Pin<Box<dyn Future<Output = T>>>;
    pub type LocalBoxFuture<T> = std::pin::Pin<Box<dyn Future<Output = T>>>;
    pub fn ok<T, E>(t: T) -> Ready<Result<T, E>> {}
    pub fn err<T, E>(err: E) -> Ready<Result<T, E>> {}
    pub fn join_all<I: IntoIterator>(iter: I) -> impl Future<Output = Vec<<<I as IntoIterator>::Item as Future>::Output>> {}
    pub fn try_join_all<I: IntoIterator>(iter: I) -> impl Future<Output = Result<Vec<T>, E>> where <I as IntoIterator>::Item: Future<Output = Result<T, E>> {}
    pub fn select_all<I>(iter: I) {}
    pub fn join<A: Future, B: Future>(a: A, b: B) -> impl Future<Output = (<A as Future>::Output, <B as Future>::Output)> {}
    pub trait FutureExt: Future {
        fn map<U, F: FnOnce(Self::Output) -> U>(self, f: F) -> impl Future<Output = U> {}
        fn then<Fut: Future, F: FnOnce(Self::Output) -> Fut>(self, f: F) -> impl Future<Output = <Fut as Future>::Output> {}
        fn boxed(self) -> std::pin::Pin<Box<dyn Future<Output = Self::Output>>> {}
        fn boxed_local(self) -> std::pin::Pin<Box<dyn Future<Output = Self::Output>>> {}
        fn fuse(self) -> impl Future<Output = Self::Output> {}
        fn catch_unwind(self) -> impl Future<Output = Result<Self::Output, Box<dyn std::any::Any>>> {}
        fn inspect<F: FnOnce(&Self::Output)>(self, f: F) -> impl Future<Output = Self::Output> {}
        fn now_or_never(self) -> Option<Self::Output> {}
    }
    impl<F: Future> FutureExt for F {}
    pub trait TryFutureExt: Future {
        fn map_ok<T, E, U, F: FnOnce(T) -> U>(self, f: F) -> impl Future<Output = Result<U, E>> where Self: Future<Output = Result<T, E>> {}
        fn map_err<T, E, U, F: FnOnce(E) -> U>(self, f: F) -> impl Future<Output = Result<T, U>> where Self: Future<Output = Result<T, E>> {}
        fn and_then<T, E, U, Fut: Future<Output = Result<U, E>>, F: FnOnce(T) -> Fut>(self, f: F) -> impl Future<Output = Result<U, E>> where Self: Future<Output = Result<T, E>> {}
        fn or_else<T, E, U, Fut: Future<Output = Result<T, U>>, F: FnOnce(E) -> Fut>(self, f: F) -> impl Future<Output = Result<T, U>> where Self: Future<Output = Result<T, E>> {}
        fn inspect_err<T, E, F: FnOnce(&E)>(self, f: F) -> impl Future<Output = Result<T, E>> where Self: Future<Output = Result<T, E>> {}
        fn unwrap_or_else<T, E, F: FnOnce(E) -> T>(self, f: F) -> impl Future<Output = T> where Self: Future<Output = Result<T, E>> {}
    }
    impl<F: Future> TryFutureExt for F {}
}

pub mod stream {
    use std::future::Future;
    pub type BoxStream<T> = std::pin::Pin<Box<dyn Stream<Item = T>>>;
    pub trait Stream {
        type Item;
    }
    impl<S: Stream> Stream for &mut S {
        type Item = <S as Stream>::Item;
    }
    impl<S: Stream> Stream for Box<S> {
        type Item = <S as Stream>::Item;
    }
    impl<S: Stream> Stream for std::pin::Pin<S> {
        type Item = <S as Stream>::Item;
    }
    pub trait StreamExt: Stream {
        fn next(&mut self) -> impl Future<Output = Option<Self::Item>> {}
        fn map<T, F: FnMut(Self::Item) -> T>(self, f: F) -> impl Stream<Item = T> {}
        fn enumerate(self) -> impl Stream<Item = (usize, Self::Item)> {}
        fn filter<Fut, F: FnMut(&Self::Item) -> Fut>(self, f: F) -> impl Stream<Item = Self::Item> {}
        fn filter_map<T, Fut: Future<Output = Option<T>>, F: FnMut(Self::Item) -> Fut>(self, f: F) -> impl Stream<Item = T> {}
        fn then<Fut: Future, F: FnMut(Self::Item) -> Fut>(self, f: F) -> impl Stream<Item = <Fut as Future>::Output> {}
        fn collect<C: FromIterator<Self::Item>>(self) -> impl Future<Output = C> {}
        fn fold<T, Fut: Future<Output = T>, F: FnMut(T, Self::Item) -> Fut>(self, init: T, f: F) -> impl Future<Output = T> {}
        fn for_each<Fut, F: FnMut(Self::Item) -> Fut>(self, f: F) -> impl Future<Output = ()> {}
        fn for_each_concurrent<L, Fut, F: FnMut(Self::Item) -> Fut>(self, limit: L, f: F) -> impl Future<Output = ()> {}
        fn take(self, n: usize) -> impl Stream<Item = Self::Item> {}
        fn skip(self, n: usize) -> impl Stream<Item = Self::Item> {}
        fn boxed(self) -> std::pin::Pin<Box<dyn Stream<Item = Self::Item>>> {}
        fn buffered(self, n: usize) -> impl Stream<Item = <Self::Item as Future>::Output> {}
        fn buffer_unordered(self, n: usize) -> impl Stream<Item = <Self::Item as Future>::Output> {}
        fn chunks(self, capacity: usize) -> impl Stream<Item = Vec<Self::Item>> {}
        fn peekable(self) -> impl Stream<Item = Self::Item> {}
        fn chain<S>(self, other: S) -> impl Stream<Item = Self::Item> {}
        fn flatten(self) -> impl Stream<Item = <Self::Item as Stream>::Item> {}
        fn flat_map<U: Stream, F: FnMut(Self::Item) -> U>(self, f: F) -> impl Stream<Item = <U as Stream>::Item> {}
        fn fuse(self) -> impl Stream<Item = Self::Item> {}
        fn split<S>(self) -> (crate::sink::SplitSink<S>, SplitStream<Self::Item>) {}
    }
    impl<S: Stream> StreamExt for S {}
    pub struct SplitStream<T> {}
    impl<T> Stream for SplitStream<T> {
        type Item = T;
    }
    pub trait TryStream: Stream {}
    impl<S: Stream> TryStream for S {}
    pub trait TryStreamExt: Stream {
        fn try_next<T, E>(&mut self) -> impl Future<Output = Result<Option<T>, E>> where Self: Stream<Item = Result<T, E>> {}
        fn map_ok<T, E, U, F: FnMut(T) -> U>(self, f: F) -> impl Stream<Item = Result<U, E>> where Self: Stream<Item = Result<T, E>> {}
        fn map_err<T, E, U, F: FnMut(E) -> U>(self, f: F) -> impl Stream<Item = Result<T, U>> where Self: Stream<Item = Result<T, E>> {}
        fn and_then<T, E, U, Fut: Future<Output = Result<U, E>>, F: FnMut(T) -> Fut>(self, f: F) -> impl Stream<Item = Result<U, E>> where Self: Stream<Item = Result<T, E>> {}
        fn try_collect<T, E, C: FromIterator<T>>(self) -> impl Future<Output = Result<C, E>> where Self: Stream<Item = Result<T, E>> {}
        fn try_for_each<T, E, Fut, F: FnMut(T) -> Fut>(self, f: F) -> impl Future<Output = Result<(), E>> where Self: Stream<Item = Result<T, E>> {}
        fn try_for_each_concurrent<T, E, L, Fut, F: FnMut(T) -> Fut>(self, limit: L, f: F) -> impl Future<Output = Result<(), E>> where Self: Stream<Item = Result<T, E>> {}
        fn try_filter_map<T, E, U, Fut: Future<Output = Result<Option<U>, E>>, F: FnMut(T) -> Fut>(self, f: F) -> impl Stream<Item = Result<U, E>> where Self: Stream<Item = Result<T, E>> {}
        fn try_fold<T, E, A, Fut: Future<Output = Result<A, E>>, F: FnMut(A, T) -> Fut>(self, init: A, f: F) -> impl Future<Output = Result<A, E>> where Self: Stream<Item = Result<T, E>> {}
        fn try_buffer_unordered(self, n: usize) -> impl Stream<Item = Self::Item> {}
    }
    impl<S: Stream> TryStreamExt for S {}
    pub fn iter<I: IntoIterator>(i: I) -> impl Stream<Item = <I as IntoIterator>::Item> {}
    pub fn once<F: Future>(future: F) -> impl Stream<Item = <F as Future>::Output> {}
    pub fn empty<T>() -> impl Stream<Item = T> {}
    pub fn unfold<T, Item, Fut: Future<Output = Option<(Item, T)>>, F: FnMut(T) -> Fut>(init: T, f: F) -> impl Stream<Item = Item> {}
    #[derive(Default)]
    pub struct FuturesUnordered<F> {}
    impl<F> FuturesUnordered<F> {
        pub fn new() -> FuturesUnordered<F> {}
        pub fn push(&self, future: F) {}
        pub fn len(&self) -> usize {}
        pub fn is_empty(&self) -> bool {}
    }
    impl<F: Future> Stream for FuturesUnordered<F> {
        type Item = <F as Future>::Output;
    }
    impl<F> FromIterator<F> for FuturesUnordered<F> {}
}

pub mod sink {
    pub trait Sink<Item> {}
    pub trait SinkExt<Item> {
        fn send(&mut self, item: Item) -> impl std::future::Future<Output = Result<(), ()>> {}
    }
    pub struct SplitSink<S> {}
}

pub mod wrappers {
    pub struct ReceiverStream<T> {}
    impl<T> ReceiverStream<T> {
        pub fn new(recv: tokio::sync::mpsc::Receiver<T>) -> ReceiverStream<T> {}
    }
    impl<T> crate::stream::Stream for ReceiverStream<T> {
        type Item = T;
    }
    pub struct UnboundedReceiverStream<T> {}
    impl<T> UnboundedReceiverStream<T> {
        pub fn new(recv: tokio::sync::mpsc::UnboundedReceiver<T>) -> UnboundedReceiverStream<T> {}
    }
    impl<T> crate::stream::Stream for UnboundedReceiverStream<T> {
        type Item = T;
    }
    pub struct BroadcastStream<T> {}
    impl<T> BroadcastStream<T> {
        pub fn new(recv: tokio::sync::broadcast::Receiver<T>) -> BroadcastStream<T> {}
    }
    impl<T> crate::stream::Stream for BroadcastStream<T> {
        type Item = Result<T, ()>;
    }
}
