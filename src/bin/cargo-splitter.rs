//! `cargo splitter …`: cargo passes the subcommand's name as the first argument.

#[global_allocator]
static ALLOCATOR: splitter::cli::Allocator = splitter::cli::Allocator;

fn main() -> std::process::ExitCode {
    let mut args: Vec<_> = std::env::args_os().collect();
    if args.get(1).is_some_and(|arg| arg == "splitter") {
        args.remove(1);
    }
    splitter::cli::main(args, "cargo splitter")
}
