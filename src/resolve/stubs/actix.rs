// actix: actors, their contexts and addresses.
pub mod prelude {
    pub use crate::{Actor, ActorContext, ActorFutureExt, Addr, AsyncContext, Context, Handler, Message, Recipient, StreamHandler, System, SystemService};
}
pub trait Actor {
    type Context;
    fn started(&mut self, ctx: &mut Self::Context) {}
    fn stopping(&mut self, ctx: &mut Self::Context) {}
    fn stopped(&mut self, ctx: &mut Self::Context) {}
    fn start(self) -> Addr<Self> {}
    fn create<F: FnOnce(&mut Context<Self>) -> Self>(f: F) -> Addr<Self> {}
}
pub trait Message {
    type Result;
}
pub trait Handler<M> {
    type Result;
    fn handle(&mut self, msg: M, ctx: &mut Context<Self>) -> Self::Result;
}
pub trait StreamHandler<I> {
    fn handle(&mut self, item: I, ctx: &mut Context<Self>);
}
pub trait ActorFutureExt {}
#[derive(Debug)]
pub struct Context<A> {}
pub trait ActorContext {
    fn stop(&mut self);
    fn terminate(&mut self);
}
impl<A> ActorContext for Context<A> {}
pub trait AsyncContext<A> {
    fn address(&self) -> Addr<A> {}
    fn notify<M>(&mut self, msg: M) {}
    fn notify_later<M>(&mut self, msg: M, after: std::time::Duration) -> SpawnHandle {}
    fn spawn<F>(&mut self, fut: F) -> SpawnHandle {}
    fn wait<F>(&mut self, fut: F) {}
    fn run_later<F: FnOnce(&mut A, &mut Context<A>)>(&mut self, dur: std::time::Duration, f: F) -> SpawnHandle {}
    fn run_interval<F: FnMut(&mut A, &mut Context<A>)>(&mut self, dur: std::time::Duration, f: F) -> SpawnHandle {}
    fn add_stream<S>(&mut self, fut: S) -> SpawnHandle {}
    fn cancel_future(&mut self, handle: SpawnHandle) -> bool {}
}
impl<A> AsyncContext<A> for Context<A> {}
#[derive(Clone, Copy, Debug)]
pub struct SpawnHandle {}
#[derive(Debug)]
pub struct Addr<A> {}
impl<A> Clone for Addr<A> {}
impl<A> Addr<A> {
    pub fn do_send<M>(&self, msg: M) {}
    pub fn try_send<M>(&self, msg: M) -> Result<(), ()> {}
    pub async fn send<M: Message>(&self, msg: M) -> Result<<M as Message>::Result, MailboxError> {}
    pub fn recipient<M>(self) -> Recipient<M> {}
}
#[derive(Debug, Clone)]
pub struct Recipient<M> {}
impl<M> Recipient<M> {
    pub fn do_send(&self, msg: M) {}
}
#[derive(Debug)]
pub enum MailboxError {
    Closed,
    Timeout,
}
pub struct System {}
