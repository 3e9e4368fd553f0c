// tokio: what carries values through tasks, channels, locks and timers.

pub use task::spawn;

pub mod task {
    pub fn spawn<F: Future>(future: F) -> JoinHandle<<F as Future>::Output> {}
    pub fn spawn_local<F: Future>(future: F) -> JoinHandle<<F as Future>::Output> {}
    pub fn spawn_blocking<F: FnOnce() -> R, R>(f: F) -> JoinHandle<R> {}
    pub fn block_in_place<F: FnOnce() -> R, R>(f: F) -> R {}
    pub async fn yield_now() {}
    use std::future::Future;
    pub struct JoinHandle<T> {}
    impl<T> JoinHandle<T> {
        pub fn abort(&self) {}
        pub fn is_finished(&self) -> bool {}
    }
    impl<T> Future for JoinHandle<T> {
        type Output = Result<T, JoinError>;
    }
    #[derive(Debug)]
    pub struct JoinError {}
    impl JoinError {
        pub fn is_panic(&self) -> bool {}
        pub fn is_cancelled(&self) -> bool {}
    }
    #[derive(Default)]
    pub struct JoinSet<T> {}
    impl<T> JoinSet<T> {
        pub fn new() -> JoinSet<T> {}
        pub fn spawn<F: Future<Output = T>>(&mut self, task: F) {}
        pub async fn join_next(&mut self) -> Option<Result<T, JoinError>> {}
        pub fn abort_all(&mut self) {}
        pub fn len(&self) -> usize {}
        pub fn is_empty(&self) -> bool {}
    }
}

pub mod runtime {
    use std::future::Future;
    pub struct Runtime {}
    impl Runtime {
        pub fn new() -> std::io::Result<Runtime> {}
        pub fn block_on<F: Future>(&self, future: F) -> <F as Future>::Output {}
        pub fn spawn<F: Future>(&self, future: F) -> crate::task::JoinHandle<<F as Future>::Output> {}
        pub fn handle(&self) -> &Handle {}
    }
    #[derive(Clone)]
    pub struct Handle {}
    impl Handle {
        pub fn current() -> Handle {}
        pub fn block_on<F: Future>(&self, future: F) -> <F as Future>::Output {}
        pub fn spawn<F: Future>(&self, future: F) -> crate::task::JoinHandle<<F as Future>::Output> {}
        pub fn spawn_blocking<F: FnOnce() -> R, R>(&self, f: F) -> crate::task::JoinHandle<R> {}
    }
    pub struct Builder {}
    impl Builder {
        pub fn new_multi_thread() -> Builder {}
        pub fn new_current_thread() -> Builder {}
        pub fn enable_all(&mut self) -> &mut Builder {}
        pub fn worker_threads(&mut self, val: usize) -> &mut Builder {}
        pub fn build(&mut self) -> std::io::Result<Runtime> {}
    }
}

pub mod sync {
    #[derive(Default, Debug)]
    pub struct Mutex<T> {}
    impl<T> Mutex<T> {
        pub fn new(t: T) -> Mutex<T> {}
        pub const fn const_new(t: T) -> Mutex<T> {}
        pub async fn lock(&self) -> MutexGuard<T> {}
        pub async fn lock_owned(self: std::sync::Arc<Mutex<T>>) -> MutexGuard<T> {}
        pub fn blocking_lock(&self) -> MutexGuard<T> {}
        pub fn try_lock(&self) -> Result<MutexGuard<T>, TryLockError> {}
        pub fn into_inner(self) -> T {}
    }
    pub struct TryLockError {}
    pub struct MutexGuard<T> {}
    impl<T> std::ops::Deref for MutexGuard<T> {
        type Target = T;
    }
    #[derive(Default, Debug)]
    pub struct RwLock<T> {}
    impl<T> RwLock<T> {
        pub fn new(value: T) -> RwLock<T> {}
        pub async fn read(&self) -> RwLockReadGuard<T> {}
        pub async fn write(&self) -> RwLockWriteGuard<T> {}
        pub fn blocking_read(&self) -> RwLockReadGuard<T> {}
        pub fn blocking_write(&self) -> RwLockWriteGuard<T> {}
    }
    pub struct RwLockReadGuard<T> {}
    impl<T> std::ops::Deref for RwLockReadGuard<T> {
        type Target = T;
    }
    pub struct RwLockWriteGuard<T> {}
    impl<T> std::ops::Deref for RwLockWriteGuard<T> {
        type Target = T;
    }
    #[derive(Default, Debug)]
    pub struct OnceCell<T> {}
    impl<T> OnceCell<T> {
        pub const fn new() -> OnceCell<T> {}
        pub const fn const_new() -> OnceCell<T> {}
        pub fn get(&self) -> Option<&T> {}
        pub fn set(&self, value: T) -> Result<(), T> {}
        pub async fn get_or_init<F: FnOnce() -> Fut, Fut: std::future::Future<Output = T>>(&self, f: F) -> &T {}
        pub async fn get_or_try_init<E, F: FnOnce() -> Fut, Fut: std::future::Future<Output = Result<T, E>>>(&self, f: F) -> Result<&T, E> {}
    }
    pub struct Semaphore {}
    impl Semaphore {
        pub fn new(permits: usize) -> Semaphore {}
        pub async fn acquire(&self) -> Result<SemaphorePermit, AcquireError> {}
        pub async fn acquire_owned(self: std::sync::Arc<Semaphore>) -> Result<OwnedSemaphorePermit, AcquireError> {}
        pub fn try_acquire(&self) -> Result<SemaphorePermit, AcquireError> {}
    }
    pub struct SemaphorePermit {}
    pub struct OwnedSemaphorePermit {}
    #[derive(Debug)]
    pub struct AcquireError {}
    #[derive(Default)]
    pub struct Notify {}
    impl Notify {
        pub fn new() -> Notify {}
        pub async fn notified(&self) {}
        pub fn notify_one(&self) {}
        pub fn notify_waiters(&self) {}
    }
    pub mod mpsc {
        pub fn channel<T>(buffer: usize) -> (Sender<T>, Receiver<T>) {}
        pub fn unbounded_channel<T>() -> (UnboundedSender<T>, UnboundedReceiver<T>) {}
        #[derive(Debug)]
        pub struct Sender<T> {}
        impl<T> Clone for Sender<T> {}
        impl<T> Sender<T> {
            pub async fn send(&self, value: T) -> Result<(), error::SendError<T>> {}
            pub fn try_send(&self, message: T) -> Result<(), error::SendError<T>> {}
            pub fn blocking_send(&self, value: T) -> Result<(), error::SendError<T>> {}
            pub fn is_closed(&self) -> bool {}
        }
        #[derive(Debug)]
        pub struct Receiver<T> {}
        impl<T> Receiver<T> {
            pub async fn recv(&mut self) -> Option<T> {}
            pub fn try_recv(&mut self) -> Result<T, error::TryRecvError> {}
            pub fn blocking_recv(&mut self) -> Option<T> {}
            pub fn close(&mut self) {}
        }
        #[derive(Debug)]
        pub struct UnboundedSender<T> {}
        impl<T> Clone for UnboundedSender<T> {}
        impl<T> UnboundedSender<T> {
            pub fn send(&self, message: T) -> Result<(), error::SendError<T>> {}
        }
        #[derive(Debug)]
        pub struct UnboundedReceiver<T> {}
        impl<T> UnboundedReceiver<T> {
            pub async fn recv(&mut self) -> Option<T> {}
            pub fn try_recv(&mut self) -> Result<T, error::TryRecvError> {}
        }
        pub mod error {
            #[derive(Debug)]
            pub struct SendError<T>(pub T);
            #[derive(Debug)]
            pub struct TryRecvError {}
        }
    }
    pub mod oneshot {
        pub fn channel<T>() -> (Sender<T>, Receiver<T>) {}
        #[derive(Debug)]
        pub struct Sender<T> {}
        impl<T> Sender<T> {
            pub fn send(self, t: T) -> Result<(), T> {}
        }
        #[derive(Debug)]
        pub struct Receiver<T> {}
        impl<T> std::future::Future for Receiver<T> {
            type Output = Result<T, RecvError>;
        }
        #[derive(Debug)]
        pub struct RecvError {}
    }
    pub mod broadcast {
        pub fn channel<T>(capacity: usize) -> (Sender<T>, Receiver<T>) {}
        #[derive(Debug)]
        pub struct Sender<T> {}
        impl<T> Clone for Sender<T> {}
        impl<T> Sender<T> {
            pub fn new(capacity: usize) -> Sender<T> {}
            pub fn send(&self, value: T) -> Result<usize, error::SendError<T>> {}
            pub fn subscribe(&self) -> Receiver<T> {}
            pub fn receiver_count(&self) -> usize {}
        }
        #[derive(Debug)]
        pub struct Receiver<T> {}
        impl<T> Receiver<T> {
            pub async fn recv(&mut self) -> Result<T, error::RecvError> {}
            pub fn try_recv(&mut self) -> Result<T, error::RecvError> {}
            pub fn resubscribe(&self) -> Receiver<T> {}
        }
        pub mod error {
            #[derive(Debug)]
            pub struct SendError<T>(pub T);
            #[derive(Debug)]
            pub enum RecvError {
                Closed,
                Lagged(u64),
            }
        }
    }
    pub mod watch {
        pub fn channel<T>(init: T) -> (Sender<T>, Receiver<T>) {}
        #[derive(Debug)]
        pub struct Sender<T> {}
        impl<T> Sender<T> {
            pub fn send(&self, value: T) -> Result<(), error::SendError<T>> {}
            pub fn borrow(&self) -> Ref<T> {}
            pub fn subscribe(&self) -> Receiver<T> {}
        }
        #[derive(Debug)]
        pub struct Receiver<T> {}
        impl<T> Clone for Receiver<T> {}
        impl<T> Receiver<T> {
            pub fn borrow(&self) -> Ref<T> {}
            pub fn borrow_and_update(&mut self) -> Ref<T> {}
            pub async fn changed(&mut self) -> Result<(), error::RecvError> {}
        }
        pub struct Ref<T> {}
        impl<T> std::ops::Deref for Ref<T> {
            type Target = T;
        }
        pub mod error {
            pub struct SendError<T>(pub T);
            pub struct RecvError {}
        }
    }
}

pub mod time {
    pub use std::time::Duration;
    pub async fn sleep(duration: Duration) {}
    pub async fn sleep_until(deadline: Instant) {}
    pub fn timeout<F: std::future::Future>(duration: Duration, future: F) -> impl std::future::Future<Output = Result<<F as std::future::Future>::Output, error::Elapsed>> {}
    pub fn interval(period: Duration) -> Interval {}
    pub fn interval_at(start: Instant, period: Duration) -> Interval {}
    pub struct Interval {}
    impl Interval {
        pub async fn tick(&mut self) -> Instant {}
        pub fn set_missed_tick_behavior(&mut self, behavior: MissedTickBehavior) {}
    }
    pub enum MissedTickBehavior {
        Burst,
        Delay,
        Skip,
    }
    #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
    pub struct Instant {}
    impl Instant {
        pub fn now() -> Instant {}
        pub fn elapsed(&self) -> Duration {}
    }
    pub mod error {
        #[derive(Debug)]
        pub struct Elapsed {}
    }
}

pub mod net {
    #[derive(Debug)]
    pub struct TcpListener {}
    impl TcpListener {
        pub async fn bind<A>(addr: A) -> std::io::Result<TcpListener> {}
        pub fn from_std(listener: std::net::TcpListener) -> std::io::Result<TcpListener> {}
        pub fn local_addr(&self) -> std::io::Result<std::net::SocketAddr> {}
        pub async fn accept(&self) -> std::io::Result<(TcpStream, std::net::SocketAddr)> {}
    }
    #[derive(Debug)]
    pub struct TcpStream {}
    impl TcpStream {
        pub async fn connect<A>(addr: A) -> std::io::Result<TcpStream> {}
    }
}

pub mod fs {
    pub async fn read<P>(path: P) -> std::io::Result<Vec<u8>> {}
    pub async fn read_to_string<P>(path: P) -> std::io::Result<String> {}
    pub async fn write<P, C>(path: P, contents: C) -> std::io::Result<()> {}
    pub async fn remove_file<P>(path: P) -> std::io::Result<()> {}
    pub async fn create_dir_all<P>(path: P) -> std::io::Result<()> {}
    pub async fn remove_dir_all<P>(path: P) -> std::io::Result<()> {}
    pub async fn rename<P, Q>(from: P, to: Q) -> std::io::Result<()> {}
    pub async fn metadata<P>(path: P) -> std::io::Result<std::fs::Metadata> {}
    #[derive(Debug)]
    pub struct File {}
    impl File {
        pub async fn open<P>(path: P) -> std::io::Result<File> {}
        pub async fn create<P>(path: P) -> std::io::Result<File> {}
    }
}

pub mod signal {
    pub async fn ctrl_c() -> std::io::Result<()> {}
    pub mod unix {
        pub fn signal(kind: SignalKind) -> std::io::Result<Signal> {}
        pub struct Signal {}
        impl Signal {
            pub async fn recv(&mut self) -> Option<()> {}
        }
        pub struct SignalKind {}
        impl SignalKind {
            pub fn terminate() -> SignalKind {}
            pub fn interrupt() -> SignalKind {}
            pub fn hangup() -> SignalKind {}
        }
    }
}
