//! `--cut ask`: what other services can be asked for is left behind.

use expect_test::expect;

use super::{CONTACT, Shop, between, shop, shown};
use crate::model::{EntryPointKind, StateCell, StateKind, StateUse};
use crate::scaffold::{Cut, Refusal, Request, Scaffold, scaffold};

fn ask(own: &Shop) -> Result<Scaffold, Refusal> {
    own.with(|inputs| {
        let request = Request {
            what: Some("orders-http".into()),
            targets: vec!["container".into()],
            cut: Cut::Ask,
            ..Request::default()
        };
        scaffold(&request, &own.fixture.model, &own.plan, inputs)
    })
}

#[test]
fn the_code_behind_a_port_stays_behind() {
    let users =
        CONTACT.replace("    todo!()\n", "    todo!(\"{}\", SQL)\n") + "const SQL: &str = \"SELECT 1\";\n";
    let copied = shop(&users).generate("orders-http");
    assert!(shown(&copied, &["src/users.rs"]).contains("SELECT 1"));
    let made = ask(&shop(&users)).unwrap();
    let calls = shown(&made, &["calls_users.rs"]);
    let mut text = shown(&made, &["src/users.rs"]);
    text += between(&calls, "/// Asks for `users::contact_of`", "static CALL_TOUCH");
    expect![[r#"
        //- /orders-http/shop/src/users.rs
        use axum::extract::State;
        use sqlx::PgPool;
        use crate::{AppState, Error};

        pub async fn list(State(state): State<AppState>) {}


        pub struct Contact { pub email: String }

        /// Where to reach a user.
        pub async fn contact_of(state: &AppState, user_id: i64) -> Result<Contact, Error> {
            let _ = state;
            crate::calls_users::contact_of(&user_id).answer().await
        }
        pub async fn touch(state: &AppState) -> Result<(), Error> {
            let _ = state;
            crate::calls_users::touch().answer().await
        }
        /// Asks for `users::contact_of`.
        pub(crate) struct AskContactOf(ContactOfAsked);

        /// `users::contact_of`.
        pub(crate) fn contact_of(user_id: &i64) -> AskContactOf {
            AskContactOf(ContactOfAsked { user_id: *user_id })
        }

        impl AskContactOf {
            /// The other side's answer.
            pub(crate) async fn answer(self) -> Result<crate::users::Contact, crate::Error> {
                let asked = self.0;
                match calls::ask::<_, Contact, Error>(&SERVICE, &CALL_CONTACT_OF, &asked).await {
                    Ok(Ok(value)) => Ok(value.back()),
                    Ok(Err(error)) => Err(error.back()),
                    Err(failure) => {
                        let text = failure.message(&SERVICE);
                        Err(crate::Error::Internal(text))
                    }
                }
            }
        }

    "#]]
    .assert_eq(&text);
}

#[test]
fn what_cannot_be_asked_for_is_refused_with_its_place() {
    let users = "pub async fn inside(tx: &mut sqlx::PgConnection) -> Result<i64, Error> { todo!() }\n";
    let refusal = ask(&shop(users)).unwrap_err();
    assert!(refusal.place.is_some());
    expect!["`shop::users::inside` of another service cannot be asked for: `tx` is a `&mut sqlx::PgConnection`: what changes here cannot change there too, and a connection may be inside of a transaction; hand over the pool and plain data, and give back what changes, or leave `--cut ask` out, so that a copy of it moves"].assert_eq(&format!("{}; {}", refusal.reason, refusal.remedy));
}

/// What only passes on to ports needs no port itself.
#[test]
fn a_function_that_gets_all_through_ports_is_copied() {
    let users = "
pub async fn guard(parts: &mut String, state: &AppState) -> Result<i64, Error> { by_token(&state.pool, 1).await }
pub async fn by_token(pool: &PgPool, token: i64) -> Result<i64, Error> { todo!() }
";
    let mut own = shop(users);
    let model = &mut own.fixture.model;
    let (guard, by_token) = (super::id(model, "users::guard"), super::id(model, "users::by_token"));
    model.accesses.retain(|access| access.function != guard);
    let mut call = model.calls[0].clone();
    (call.caller, call.callee) = (guard, by_token);
    model.calls.push(call);
    model.calls.sort();
    let made = ask(&own).unwrap();
    let text = shown(&made, &["src/users.rs"]);
    assert!(
        text.contains("by_token(&state.pool, 1).await") && text.contains("by_token(&token).answer()"),
        "{text}"
    );
}

#[test]
fn an_event_that_nobody_here_consumes_is_a_gap() {
    let mut own = shop(CONTACT);
    own.fixture.entry(
        EntryPointKind::Consumer,
        "",
        "order.listed",
        "users::contact_of",
        "pub async fn contact_of",
    );
    let model = &mut own.fixture.model;
    let list = super::id(model, "orders::list");
    let site = model.functions[list].place;
    let cell = model.state_cells.push(StateCell {
        path: crate::base::DefPath::new("shop::AppState.events"),
        kind: StateKind::Channel,
        ty: "EventBus".into(),
        place: site,
        item: None,
        mutable: true,
    });
    model.state_uses.push(StateUse { function: list, cell, site, write: true });
    let gaps = |own: &Shop| -> Vec<String> {
        own.generate("orders-http").functions[0].gaps.iter().map(|gap| gap.what.clone()).collect()
    };
    expect!["`shop::orders::list` sends an event inside of its process, where this function runs no consumer: it is lost; send it to a queue, or to the function that consumes it (`consumer order.listed`)"].assert_eq(&gaps(&own).join("\n"));
    // Who listens in the same process gets it.
    let model = &mut own.fixture.model;
    model.state_uses.push(StateUse { function: list, cell, site, write: false });
    assert_eq!(gaps(&own), Vec::<String>::new());
}

/// The gateway lets through what other services ask.
#[test]
fn what_answers_is_reached_on_lambda_too() {
    let own = shop(CONTACT);
    let made = own.with(|inputs| {
        let request = Request {
            what: Some("users-http".into()),
            targets: vec!["aws-lambda".into()],
            ..Request::default()
        };
        scaffold(&request, &own.fixture.model, &own.plan, inputs).unwrap()
    });
    let template = shown(&made, &["template.yaml"]);
    assert!(template.contains("Path: \"/internal/users/{function+}\""), "{template}");
    assert!(template.contains("SERVICE_USERS_TOKEN"), "{template}");
}

#[test]
fn what_nobody_else_should_see_is_pointed_out() {
    let users = CONTACT.replace("pub email: String", "pub email: String, pub password_hash: String");
    let made = shop(&users).generate("orders-http");
    let note =
        "`Contact.password_hash` of users would travel too: use TLS, or let the function give back less";
    assert!(shown(&made, &["README.md"]).contains(note));
    assert!(!shown(&shop(CONTACT).generate("orders-http"), &["README.md"]).contains("would travel"));
}
