use super::*;

#[test]
fn commands_that_texts_are_parsed_to() {
    check(
        r#"
//- /src/main.rs deps:clap
mod chat;
use clap::Parser;
use std::ffi::OsString;
#[derive(clap::Parser)]
struct Args { #[command(subcommand)] command: Command }
#[derive(clap::Subcommand)]
enum Command { Import, Export }
fn main() { run(std::env::args_os()) }
fn run(words: impl Iterator<Item = OsString>) {
    match Args::parse_from(words).command {
        Command::Import => import(),
        Command::Export => export(),
    }
}
fn import() {}
fn export() { chat::answer("ban somebody") }
//- /src/chat.rs
use clap::Parser;
#[derive(clap::Parser)]
enum Said { Help, #[clap(subcommand)] User(UserSaid) }
#[derive(clap::Subcommand)]
enum UserSaid { Ban, Praise }
#[derive(clap::Parser)]
enum Line { Quit }
fn read<T: Parser>(text: &str) -> Option<T> {
    T::try_parse_from(text.split(' ')).ok()
}
pub fn answer(text: &str) {
    match read::<Said>(text) {
        Some(Said::Help) => help(),
        Some(Said::User(UserSaid::Ban)) => ban(),
        Some(Said::User(UserSaid::Praise)) => help(),
        None => {}
    }
    let line = Line::command().try_get_matches_from(text.split(' ')).unwrap();
    match Line::from_arg_matches(&line) {
        Ok(Line::Quit) => quit(),
        Err(_) => {}
    }
}
fn help() {}
fn ban() {}
fn quit() {}
"#,
        expect![[r#"
            command export -> app::export @src/main.rs:12
            command import -> app::import @src/main.rs:11
        "#]],
    );
}

#[test]
fn what_a_command_asks_for_and_shows() {
    check(
        r#"
//- /src/main.rs deps:clap
#[derive(clap::Subcommand)]
enum Command { Get { id: String }, Run }
struct Client;
impl Client {
    async fn get(&self, id: u64) -> Result<Order, Error> { todo!() }
}
trait ErrorContext<T> { fn context(self, text: &str) -> Result<T, Error>; }
impl<T, E> ErrorContext<T> for Result<T, E> {
    fn context(self, text: &str) -> Result<T, Error> { todo!() }
}
async fn main() -> Result<(), Error> {
    let client = Client;
    match Args::parse().command {
        Command::Get { id } => {
            let id = parse_id(&id)?;
            let order = client.get(id).await?;
            println!("{order}");
        }
        Command::Run => run().await.context("run"),
    }
}
fn parse_id(text: &str) -> Result<u64, Error> { todo!() }
async fn run() -> Result<(), Error> { Ok(()) }
"#,
        expect![[r#"
            command get -> app::Client::get @src/main.rs:14
            command run -> app::run @src/main.rs:19
        "#]],
    );
}
