use serde_json::json;

use crate::common::{DESK, JONAS, MIRA, TestApp};

fn registration(email: &str) -> serde_json::Value {
    json!({ "email": email, "display_name": "Ada", "password": "long-enough-1" })
}

#[tokio::test]
async fn register_then_use_the_session_then_log_out() {
    let app = TestApp::new().await;
    let created = app
        .call(
            "POST",
            "/api/auth/register",
            None,
            Some(registration(" Ada@Example.org ")),
        )
        .await
        .ok(201);
    assert_eq!(created["user"]["email"], "ada@example.org");
    assert_eq!(created["expires_at"], "2026-07-15T09:00:00Z");
    let token = created["token"].as_str().unwrap();

    assert_eq!(
        app.get_as(token, "/api/me").await.ok(200)["role"],
        "customer"
    );
    app.call("POST", "/api/auth/logout", Some(token), None)
        .await
        .ok(204);
    app.get_as(token, "/api/me")
        .await
        .assert_error(401, "unauthorized");
}

#[tokio::test]
async fn an_address_registers_once() {
    let app = TestApp::new().await;
    app.call(
        "POST",
        "/api/auth/register",
        None,
        Some(registration("MIRA@example.org")),
    )
    .await
    .assert_error(409, "email_taken");
}

#[tokio::test]
async fn bad_registrations_are_explained() {
    let app = TestApp::new().await;
    let body = json!({ "email": "nobody", "display_name": "", "password": "short" });
    let answer = app
        .call("POST", "/api/auth/register", None, Some(body))
        .await;
    answer.assert_error(422, "invalid");
    let message = answer.json["error"]["message"].as_str().unwrap();
    assert_eq!(message.matches(';').count(), 2, "{message}");

    app.call("POST", "/api/auth/register", None, Some(json!({})))
        .await
        .assert_error(422, "invalid");
    app.call("POST", "/api/auth/register", None, None)
        .await
        .assert_error(400, "malformed");
}

#[tokio::test]
async fn login_needs_the_right_password_and_locks_after_five() {
    let app = TestApp::new().await;
    let login = |password: &str| {
        let body = json!({ "email": "Mira@example.org", "password": password });
        app.call("POST", "/api/auth/login", None, Some(body))
    };
    let session = login("correct-horse-9").await.ok(200);
    let token = session["token"].as_str().unwrap().to_owned();
    assert_eq!(app.get_as(&token, "/api/me").await.ok(200)["id"], 2);
    for _ in 0..5 {
        login("wrong").await.assert_error(401, "unauthorized");
    }
    login("correct-horse-9")
        .await
        .assert_error(429, "too_many_attempts");
}

#[tokio::test]
async fn sessions_must_exist_and_not_be_expired() {
    let app = TestApp::new().await;
    app.get("/api/me").await.assert_error(401, "unauthorized");
    for token in ["", "made-up", "session-expired"] {
        app.get_as(token, "/api/me")
            .await
            .assert_error(401, "unauthorized");
    }
}

#[tokio::test]
async fn the_profile_changes_field_by_field() {
    let app = TestApp::new().await;
    let patch = |body| app.call("PATCH", "/api/me", Some(MIRA), Some(body));
    let view = patch(json!({ "display_name": "Mira B." })).await.ok(200);
    assert_eq!(view["display_name"], "Mira B.");
    assert_eq!(view["phone"], "+00 100 200");
    patch(json!({ "display_name": " " }))
        .await
        .assert_error(422, "invalid");
}

#[tokio::test]
async fn addresses_have_one_default() {
    let app = TestApp::new().await;
    let new = json!({
        "label": "Parents", "line1": "Hill 1", "postcode": "1", "city": "Upton",
        "country": "DE", "is_default": true
    });
    let added = app.post_as(MIRA, "/api/me/addresses", new).await.ok(201);
    assert_eq!(added["is_default"], true);
    let all = app.get_as(MIRA, "/api/me/addresses").await.ok(200);
    let defaults: Vec<bool> = all
        .as_array()
        .unwrap()
        .iter()
        .map(|a| a["is_default"].as_bool().unwrap())
        .collect();
    assert_eq!(defaults, [true, false, false]);

    let all = app
        .call("PUT", "/api/me/addresses/2/default", Some(MIRA), None)
        .await
        .ok(200);
    assert_eq!(all[0]["id"], 2);
}

#[tokio::test]
async fn addresses_belong_to_their_user_and_to_orders() {
    let app = TestApp::new().await;
    app.call("DELETE", "/api/me/addresses/3", Some(MIRA), None)
        .await
        .assert_error(404, "not_found");
    app.call("DELETE", "/api/me/addresses/1", Some(MIRA), None)
        .await
        .assert_error(409, "address_in_use");
    let new = json!({
        "label": "x", "line1": "x", "postcode": "1", "city": "x", "country": "Germany"
    });
    app.post_as(JONAS, "/api/me/addresses", new.clone())
        .await
        .assert_error(422, "invalid");
    let mut new = new;
    new["country"] = json!("DE");
    let added = app.post_as(JONAS, "/api/me/addresses", new).await.ok(201);
    let path = format!("/api/me/addresses/{}", added["id"]);
    app.call("DELETE", &path, Some(JONAS), None).await.ok(204);
}

#[tokio::test]
async fn the_staff_sees_users_with_open_orders() {
    let app = TestApp::new().await;
    let page = app
        .get_as(DESK, "/api/admin/users?per_page=2&page=1")
        .await
        .ok(200);
    assert_eq!(page["total"], 3);
    assert_eq!(page["items"][1]["email"], "mira@example.org");
    assert_eq!(page["items"][1]["open_orders"], 2);
    assert!(page["items"][1].get("password_hash").is_none());
    app.get_as(MIRA, "/api/admin/users")
        .await
        .assert_error(403, "forbidden");
    app.get_as(DESK, "/api/admin/users?page=0")
        .await
        .assert_error(422, "invalid");
    app.get_as(DESK, "/api/admin/users?page=x")
        .await
        .assert_error(400, "malformed");
}
