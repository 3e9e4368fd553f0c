//! Loops in, their runs out.

use std::collections::BTreeMap;

use expect_test::expect;

use crate::model::EntryPointKind;
use crate::scaffold::Request;
use crate::scaffold::tests::{application, generate};

const MAIL: &str = r#"
//- /src/lib.rs
pub mod mail;
//- /src/mail.rs
/// Sends what waits, on and on.
pub async fn outbox() -> anyhow::Result<()> {
    loop {
        tokio::time::sleep(std::time::Duration::from_secs(10)).await;
        send()?;
    }
}

/// Reads a mailbox, on and on.
pub fn inbox() {
    loop {
        std::thread::sleep(std::time::Duration::from_secs(10));
    }
}

fn send() -> anyhow::Result<()> {
    Ok(())
}
"#;

#[test]
fn a_run_of_a_loop_works_for_a_while() {
    let mut fixture = application(MAIL);
    fixture.entry(EntryPointKind::Loop, "", "outbox", "mail::outbox", "loop {");
    let made = generate(&fixture, &Request::default(), &BTreeMap::new()).unwrap();
    let path = made.files.files.keys().find(|path| path.ends_with("function.rs")).unwrap();
    let (_, job) = made.files.get(path).unwrap().split_once("Result<Job, Error> {\n").unwrap();
    expect![[r#"
            Ok(Box::new(move |_message| {
                Box::pin(async move {
                    let end = tokio::time::Instant::now() + works_for();
                    let work = async move {
                        crate::mail::outbox().await?;
                        Ok::<(), Error>(())
                    };
                    // It has no end of its own: it is stopped while it waits, as where the process is stopped.
                    if let Ok(ended) = tokio::time::timeout_at(end, work).await {
                        ended?;
                        // What it started works on by itself.
                        tokio::time::sleep_until(end).await;
                    }
                    Ok(())
                })
            }))
        }

        /// How long one run works: `WORKS_FOR_SECONDS`, 50 where not set. The next run goes on.
        fn works_for() -> std::time::Duration {
            let seconds = std::env::var("WORKS_FOR_SECONDS").ok().and_then(|text| text.parse().ok());
            std::time::Duration::from_secs(seconds.unwrap_or(50))
        }
    "#]].assert_eq(job);
}

#[test]
fn a_loop_that_blocks_its_thread_is_refused() {
    let mut fixture = application(MAIL);
    fixture.entry(EntryPointKind::Loop, "", "inbox", "mail::inbox", "pub fn inbox");
    let request = Request { what: Some("loop inbox".into()), ..Request::default() };
    let refusal = generate(&fixture, &request, &BTreeMap::new()).unwrap_err();
    expect!["the loop of `shop::mail::inbox` blocks its thread until the process ends"]
        .assert_eq(&refusal.reason);
}

/// What only test code has is not moved, whatever calls its name.
#[test]
fn methods_of_test_code_stay_behind() {
    let mut fixture = application(
        r#"
//- /src/lib.rs
pub mod mail;
pub struct Letter;
impl Letter {
    pub fn send(&self) {}
}
#[cfg(test)]
mod tests {
    impl super::Letter {
        fn archive(&self) {}
    }
}
//- /src/mail.rs
pub async fn outbox() {
    loop {
        crate::Letter.send();
        elsewhere::letter().archive();
        tokio::time::sleep(std::time::Duration::from_secs(10)).await;
    }
}
"#,
    );
    fixture.entry(EntryPointKind::Loop, "", "outbox", "mail::outbox", "loop {");
    let made = generate(&fixture, &Request::default(), &BTreeMap::new()).unwrap();
    let lib = made.files.files.keys().find(|path| path.ends_with("shop/src/lib.rs")).unwrap();
    let text = made.files.get(lib).unwrap();
    assert!(text.contains("fn send") && !text.contains("archive"), "{text}");
}

#[test]
fn what_a_build_script_makes_is_no_missing_file() {
    let mut fixture = application(
        r#"
//- /src/lib.rs
pub mod mail;
//- /src/mail.rs
pub async fn outbox() {
    loop {
        let _text = include_str!(concat!(env!("OUT_DIR"), "/letter.txt"));
        tokio::time::sleep(std::time::Duration::from_secs(10)).await;
    }
}
"#,
    );
    fixture.entry(EntryPointKind::Loop, "", "outbox", "mail::outbox", "loop {");
    let made = generate(&fixture, &Request::default(), &BTreeMap::new()).unwrap();
    assert!(made.functions[0].gaps.is_empty(), "{:?}", made.functions[0].gaps);
}

/// The body of the job that a consumer becomes, with what is left to do.
fn consumer(text: &str, handler: &str) -> String {
    let mut fixture = application(&format!("\n//- /src/lib.rs\n{text}"));
    let declared = format!("fn {handler}");
    fixture.entry(EntryPointKind::Consumer, "", "letters", handler, &declared);
    let made = generate(&fixture, &Request::default(), &BTreeMap::new()).unwrap();
    let path = made.files.files.keys().find(|path| path.ends_with("function.rs")).unwrap();
    let (_, job) = made.files.get(path).unwrap().split_once("Result<Job, Error> {\n").unwrap();
    let (job, _) = job.split_once("\n}\n").unwrap();
    let gaps: String = made.functions[0].gaps.iter().map(|gap| format!("gap: {}\n", gap.what)).collect();
    format!("{{\n{job}\n}}\n{gaps}")
}

#[test]
fn a_method_consumes_on_a_value_of_its_type() {
    let job = consumer(
        "
#[derive(Clone)]
struct Mailbox;

impl Mailbox {
    fn open() -> Mailbox {
        Mailbox
    }

    async fn take(&mut self, _letter: &str) {}
}
",
        "take",
    );
    expect![[r#"
        {
            let mailbox = crate::Mailbox::open();
            let mailbox = std::sync::Arc::new(mailbox);
            Ok(Box::new(move |message| {
                let mailbox = mailbox.clone();
                Box::pin(async move {
                    let event: String = serde_json::from_value(payload(&message)?)?;
                    crate::Mailbox::take(&mut (*mailbox).clone(), &event).await;
                    Ok(())
                })
            }))
        }
    "#]]
    .assert_eq(&job);
}

#[test]
fn an_event_that_no_text_holds_is_left_to_do() {
    let job = consumer(
        "
pub struct Letter;
pub struct Reply(pub std::sync::mpsc::Sender<Letter>);

pub async fn take(letters: Vec<Reply>) {}
",
        "take",
    );
    expect![[r#"
        {
            Ok(Box::new(move |_message| {
                Box::pin(async move {
                    crate::take(todo!("read the event of shop::take")).await;
                    Ok(())
                })
            }))
        }
        gap: the event `Reply` does not derive `Deserialize`; derive it, so that it can travel over a queue
    "#]]
    .assert_eq(&job);
}

#[test]
fn what_an_alias_stands_for_is_made_where_nobody_makes_it_by_its_name() {
    let mut fixture = application(
        r#"
//- /src/lib.rs
pub mod mail;
//- /src/mail.rs
use std::sync::Arc;

pub struct Connection;
pub type Db = Arc<Connection>;
pub type Bytes = Vec<u8>;
pub type Key = Vec<u8>;
pub type Salt = Vec<u8>;

pub async fn connect() -> anyhow::Result<Connection> {
    Ok(Connection)
}

pub fn salt() -> Salt {
    vec![1]
}

pub fn key() -> Key {
    vec![2]
}

pub async fn remind(db: &Db, key: &Key, bytes: &Bytes) {
    let _ = (db, key, bytes);
}
"#,
    );
    fixture.entry(EntryPointKind::Cron, "", "remind", "mail::remind", "remind(db");
    let made = generate(&fixture, &Request::default(), &BTreeMap::new()).unwrap();
    let path = made.files.files.keys().find(|path| path.ends_with("function.rs")).unwrap();
    let text = made.files.get(path).unwrap();
    let mut made: String = text.lines().filter(|line| line.contains("crate::mail")).map(str::trim).collect();
    made = made.replace(';', ";\n");
    expect![[r#"
        let connection = crate::mail::connect().await?;
        let key = crate::mail::key();
        crate::mail::remind(&arc_connection, &key, todo!("make a value of type Bytes for `shop::mail::remind`")).await;
    "#]]
    .assert_eq(&made);
}
