//! The command line of the rental platform.

use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Parser, Subcommand};
use photo_rental::users::types::RegisterRequest;
use photo_rental::{AppError, Config, commands};
use tracing_subscriber::EnvFilter;

/// Rental platform for photography equipment; settings come from the environment.
#[derive(Debug, Parser)]
#[command(version, about)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Serve requests and run the background jobs
    Serve,
    /// Bring the database schema up to date
    Migrate,
    /// Load demonstration data into the database
    Seed {
        /// A file of SQL statements
        #[arg(default_value = "seed.sql")]
        file: PathBuf,
    },
    /// Add a member of the staff
    CreateAdmin {
        #[arg(long)]
        email: String,
        #[arg(long)]
        name: String,
        /// At least ten characters
        #[arg(long, env = "ADMIN_PASSWORD", hide_env_values = true)]
        password: String,
    },
}

#[tokio::main]
async fn main() -> ExitCode { //~ entry startup main
    tracing_subscriber::fmt()
        .with_env_filter(
            EnvFilter::try_from_default_env().unwrap_or_else(|_| EnvFilter::new("info")),
        )
        .with_writer(std::io::stderr)
        .init();
    match run(Cli::parse()).await {
        Ok(()) => ExitCode::SUCCESS,
        Err(err) => {
            eprintln!("error: {err}");
            ExitCode::FAILURE
        }
    }
}

async fn run(cli: Cli) -> Result<(), AppError> {
    let config = Config::from_env()?;
    match cli.command {
        Command::Serve => commands::serve(&config).await, //~ calls photo_rental::commands::serve
        Command::Migrate => commands::migrate(&config).await,
        Command::Seed { file } => commands::seed(&config, &file).await,
        Command::CreateAdmin {
            email,
            name,
            password,
        } => {
            let req = RegisterRequest {
                email,
                display_name: name,
                password,
                phone: None,
            };
            let id = commands::create_admin(&config, req).await?; //~ calls photo_rental::commands::create_admin
            println!("created user {id}");
            Ok(())
        }
    }
}
