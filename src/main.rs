//! `splitter`: arguments in, exit code out.

#[global_allocator]
static ALLOCATOR: splitter::cli::Allocator = splitter::cli::Allocator;

fn main() -> std::process::ExitCode {
    splitter::cli::main(std::env::args_os().collect(), "splitter")
}
