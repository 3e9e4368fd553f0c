//! `splitter`: arguments in, exit code out.

fn main() -> std::process::ExitCode {
    splitter::cli::main(std::env::args_os().collect(), "splitter")
}
