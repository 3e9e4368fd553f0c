//! The command line of the shop.

use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Args, Parser, Subcommand};
use shop::accounts::models::Registration;
use shop::{AppError, Config, commands};

/// Online shop for tea; settings come from the environment.
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
    CreateAdmin(NewAdmin),
    /// Add or change products
    ImportProducts {
        /// Lines of `category;sku;name;price in cents;stock`
        file: PathBuf,
    },
}

#[derive(Debug, Args)]
struct NewAdmin {
    #[arg(long)]
    email: String,
    #[arg(long)]
    name: String,
    /// At least ten characters
    #[arg(long, env = "ADMIN_PASSWORD", hide_env_values = true)]
    password: String,
}

#[actix_web::main]
async fn main() -> ExitCode { //~ entry startup main
    env_logger::Builder::from_env(env_logger::Env::default().default_filter_or("info")).init();
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
        Command::Serve => commands::serve(&config).await, //~ calls shop::commands::serve
        Command::Migrate => commands::migrate(&config),
        Command::Seed { file } => commands::seed(&config, &file),
        Command::CreateAdmin(new) => {
            let registration = Registration {
                email: new.email,
                name: new.name,
                password: new.password,
                newsletter: false,
            };
            let user = commands::create_admin(&config, &registration)?; //~ calls shop::commands::create_admin
            println!("created user {}", user.id);
            Ok(())
        }
        Command::ImportProducts { file } => {
            let n_products = commands::import_products(&config, &file)?;
            println!("imported {n_products} products");
            Ok(())
        }
    }
}
