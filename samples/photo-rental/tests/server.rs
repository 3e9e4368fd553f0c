//! The process as a whole: over a socket and over the command line.

mod common;

use common::{DESK, TempDatabase, TestApp};
use photo_rental::server;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::process::Command;
use tokio::sync::oneshot;

async fn get(address: std::net::SocketAddr, path: &str, token: &str) -> String {
    let mut stream = TcpStream::connect(address).await.unwrap();
    let request = format!(
        "GET {path} HTTP/1.1\r\nhost: localhost\r\nauthorization: Bearer {token}\r\n\
         connection: close\r\n\r\n"
    );
    stream.write_all(request.as_bytes()).await.unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).await.unwrap();
    answer
}

#[tokio::test]
async fn requests_are_served_over_a_socket_until_shutdown() {
    let app = TestApp::new().await;
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let (stop, stopped) = oneshot::channel::<()>();
    let serving = tokio::spawn(server::run(listener, app.state.clone(), async {
        let _ = stopped.await;
    }));

    let health = get(address, "/health", "").await;
    assert!(health.starts_with("HTTP/1.1 200 OK"), "{health}");
    let me = get(address, "/api/me", DESK).await;
    assert!(me.ends_with(
        r#"{"id":1,"email":"desk@rental.example","display_name":"Front Desk","phone":null,"role":"admin","created_at":"2026-01-02T08:00:00Z"}"#
    ));
    let refused = get(address, "/api/me", "").await;
    assert!(refused.starts_with("HTTP/1.1 401 "), "{refused}");

    stop.send(()).unwrap();
    serving.await.unwrap().unwrap();
    assert!(app.state.pool.is_closed());
}

fn command(database: &TempDatabase) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_photo-rental"));
    command
        .env("DATABASE_URL", database.url())
        .env("RUST_LOG", "warn")
        .kill_on_drop(true);
    command
}

#[tokio::test]
async fn the_command_line_migrates_and_adds_staff() {
    let database = TempDatabase::new();
    let migrated = command(&database).arg("migrate").output().await.unwrap();
    assert!(migrated.status.success(), "{migrated:?}");

    let add = || {
        let mut command = command(&database);
        command
            .args(["create-admin", "--email", "boss@rental.example"])
            .args(["--name", "Boss", "--password", "long-enough-1"]);
        command
    };
    let added = add().output().await.unwrap();
    assert_eq!(added.stdout, b"created user 1\n", "{added:?}");
    let again = add().output().await.unwrap();
    assert!(!again.status.success());
    assert_eq!(
        String::from_utf8_lossy(&again.stderr),
        "error: an account with this e-mail address exists\n"
    );
}

#[tokio::test]
async fn the_command_line_seeds_a_database() {
    let database = TempDatabase::new();
    let seeded = command(&database)
        .args(["seed", concat!(env!("CARGO_MANIFEST_DIR"), "/seed.sql")])
        .output()
        .await
        .unwrap();
    assert!(seeded.status.success(), "{seeded:?}");
    let missing = command(&database)
        .args(["seed", "nowhere.sql"])
        .output()
        .await
        .unwrap();
    assert!(!missing.status.success());
}
