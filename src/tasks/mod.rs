//! Named threads, whether they live, and what sockets and clocks are waited for on.

mod pulse;

pub use pulse::Pulse;

/// What everything that waits for sockets and clocks runs on.
///
/// # Panics
/// The system has no thread to give; nothing can be served then.
pub fn runtime() -> tokio::runtime::Runtime {
    tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .thread_name("async")
        .enable_all()
        .build()
        .expect("the system gives threads")
}

/// Starts a thread that bears its name in every log line and debugger.
///
/// # Panics
/// The system has no thread to give; nothing can be served then.
pub fn thread(name: &str, work: impl FnOnce() + Send + 'static) -> std::thread::JoinHandle<()> {
    std::thread::Builder::new().name(name.to_owned()).spawn(work).expect("the system gives a thread")
}
