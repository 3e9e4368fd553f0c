//! The process as a whole: over a socket and over the command line.

mod common;

use std::io::{Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::process::{Command, Output};
use std::time::Duration;

use common::{LENA, Shop, config};
use shop::server;
use tempfile::TempDir;

fn get(address: SocketAddr, path: &str, token: &str) -> String {
    let mut stream = TcpStream::connect(address).unwrap();
    stream
        .set_read_timeout(Some(Duration::from_secs(10)))
        .unwrap();
    let request = format!(
        "GET {path} HTTP/1.1\r\nhost: localhost\r\nauthorization: Bearer {token}\r\n\
         connection: close\r\n\r\n"
    );
    stream.write_all(request.as_bytes()).unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    answer
}

#[actix_web::test]
async fn requests_are_served_over_a_socket() {
    let Shop {
        state,
        receiver,
        folder: _folder,
    } = Shop::new();
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    let serving = actix_web::rt::spawn(server::run(listener, state, receiver));

    let answers =
        tokio::task::spawn_blocking(move || ["", LENA].map(|token| get(address, "/api/me", token)));
    let [refused, me] = answers.await.unwrap();
    assert!(refused.starts_with("HTTP/1.1 401 "), "{refused}");
    assert!(me.starts_with("HTTP/1.1 200 "), "{me}");
    let user = r#"{"id":2,"email":"lena@example.org","name":"Lena","role":"customer","newsletter":true,"created_at":"2026-02-11T17:20:00"}"#;
    assert!(me.ends_with(user), "{me}");
    serving.abort();
}

fn shop(folder: &TempDir, args: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_shop"))
        .args(args)
        .env("DATABASE_URL", config(folder).database_url)
        .env("SHOP_NOW", "2026-06-15T09:00:00Z")
        .env("RUST_LOG", "warn")
        .output()
        .unwrap()
}

#[test]
fn the_command_line_fills_a_database() {
    let folder = tempfile::tempdir().unwrap();
    assert!(shop(&folder, &["migrate"]).status.success());
    let seed = concat!(env!("CARGO_MANIFEST_DIR"), "/seed.sql");
    let seeded = shop(&folder, &["seed", seed]);
    assert!(seeded.status.success(), "{seeded:?}");

    let list = folder.path().join("list.csv");
    std::fs::write(&list, "green;G-3;Gyokuro;1990;4\n").unwrap();
    let imported = shop(&folder, &["import-products", list.to_str().unwrap()]);
    assert_eq!(imported.stdout, b"imported 1 products\n", "{imported:?}");
    let missing = shop(&folder, &["import-products", "nowhere.csv"]);
    assert!(!missing.status.success());
}

#[test]
fn the_command_line_adds_staff_once() {
    let folder = tempfile::tempdir().unwrap();
    let add = || {
        let password = ["--password", "long-enough-1"];
        let who = [
            "create-admin",
            "--email",
            "boss@shop.example",
            "--name",
            "Boss",
        ];
        shop(&folder, &[&who[..], &password[..]].concat())
    };
    let added = add();
    assert_eq!(added.stdout, b"created user 1\n", "{added:?}");
    let again = add();
    assert_eq!(
        String::from_utf8_lossy(&again.stderr),
        "error: an account with this address exists\n"
    );
}
