// clap: what its derives add.
#[derive(Debug)]
pub struct Error {}
#[derive(Clone, Debug)]
pub struct Command {}
#[derive(Clone, Debug)]
pub struct ArgMatches {}
pub trait Parser: Sized {
    fn parse() -> Self {}
    fn try_parse() -> Result<Self, Error> {}
    fn parse_from<I, T>(items: I) -> Self {}
    fn try_parse_from<I, T>(items: I) -> Result<Self, Error> {}
    fn update_from<I, T>(&mut self, items: I) {}
}
pub trait CommandFactory: Sized {
    fn command() -> Command {}
}
pub trait FromArgMatches: Sized {
    fn from_arg_matches(matches: &ArgMatches) -> Result<Self, Error> {}
}
pub trait Args: Sized {}
pub trait Subcommand: Sized {}
pub trait ValueEnum: Sized {
    fn value_variants<'a>() -> &'a [Self] {}
    fn from_str(input: &str, ignore_case: bool) -> Result<Self, String> {}
}
