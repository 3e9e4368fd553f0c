use serde_json::{Value, json};
use shop::accounts::service::sweep_sessions;

use crate::common::{LENA, STAFF, Shop, TOM};

fn registration(email: &str) -> Value {
    json!({ "email": email, "name": "Kim", "password": "long-enough-1" })
}

#[actix_web::test]
async fn a_customer_registers_signs_in_and_out() {
    let shop = Shop::new();
    let body = registration(" Kim@Example.org ");
    let created = shop.post_as("", "/api/auth/register", body.clone()).await;
    let created = created.ok(201);
    assert_eq!(created["user"]["email"], "kim@example.org");
    assert_eq!(created["expires_at"], "2026-06-29T09:00:00");
    assert!(created["user"].get("password_hash").is_none());
    shop.post_as("", "/api/auth/register", body)
        .await
        .fails(409, "email_taken");
    // The mail is sent after the answer.
    tokio::task::yield_now().await;
    assert_eq!(shop.state.mailer.sent()[0].subject, "Welcome");

    let credentials = json!({ "email": "kim@example.org", "password": "long-enough-1" });
    let session = shop
        .post_as("", "/api/auth/login", credentials)
        .await
        .ok(200);
    let token = session["token"].as_str().unwrap();
    assert_eq!(shop.get_as(token, "/api/me").await.ok(200)["name"], "Kim");
    shop.post_as(token, "/api/auth/logout", Value::Null)
        .await
        .ok(204);
    shop.get_as(token, "/api/me")
        .await
        .fails(401, "unauthorized");
}

#[actix_web::test]
async fn registrations_are_checked() {
    let shop = Shop::new();
    let mut body = registration("nobody");
    body["password"] = json!("short");
    let answer = shop.post_as("", "/api/auth/register", body).await;
    let message = "email must be an e-mail address; password must have at least 10 characters";
    assert_eq!(answer.json["error"]["message"], message);
    answer.fails(422, "invalid");
    let missing = json!({ "email": "kim@example.org" });
    shop.post_as("", "/api/auth/register", missing)
        .await
        .fails(422, "invalid");
}

#[actix_web::test]
async fn five_wrong_passwords_lock_an_account() {
    let shop = Shop::new();
    let wrong = json!({ "email": "nobody@example.org", "password": "wrong-horse-9" });
    for _ in 0..5 {
        shop.post_as("", "/api/auth/login", wrong.clone())
            .await
            .fails(401, "unauthorized");
    }
    shop.post_as("", "/api/auth/login", wrong)
        .await
        .fails(429, "too_many_attempts");
}

#[actix_web::test]
async fn only_sessions_that_last_sign_in() {
    let shop = Shop::new();
    for token in ["", "no-such-token", "session-of-yesterday"] {
        shop.get_as(token, "/api/me")
            .await
            .fails(401, "unauthorized");
    }
    let mut conn = shop.state.pool.get().unwrap();
    assert_eq!(sweep_sessions(&mut conn, shop.state.now()).unwrap(), 1);
    assert_eq!(shop.count("sessions"), 3);
}

#[actix_web::test]
async fn the_profile_changes_in_parts() {
    let shop = Shop::new();
    let patch = |body: Value| shop.call("PATCH", "/api/me", LENA, body);
    let user = patch(json!({ "newsletter": false })).await.ok(200);
    assert_eq!(user["newsletter"], false);
    assert_eq!(user["name"], "Lena");
    patch(json!({ "name": " " })).await.fails(422, "invalid");
    patch(json!({})).await.fails(422, "invalid");
}

#[actix_web::test]
async fn addresses_belong_to_one_user() {
    let shop = Shop::new();
    let form = json!({
        "label": "Garden", "street": "Lake Path 1", "postcode": "10115",
        "city": "Oldport", "country": "DE"
    });
    let created = shop.post_as(LENA, "/api/me/addresses", form.clone()).await;
    let path = format!("/api/me/addresses/{}", created.ok(201)["id"]);
    let mut moved = form;
    moved["city"] = json!("Newhaven");
    let changed = shop.call("PUT", &path, LENA, moved.clone()).await.ok(200);
    assert_eq!(changed["city"], "Newhaven");
    shop.call("PUT", &path, TOM, moved.clone())
        .await
        .fails(404, "not_found");
    moved["country"] = json!("Germany");
    shop.call("PUT", &path, LENA, moved)
        .await
        .fails(422, "invalid");
    shop.call("DELETE", &path, LENA, Value::Null).await.ok(204);
    let left = shop.get_as(LENA, "/api/me/addresses").await.ok(200);
    assert_eq!(left.as_array().unwrap().len(), 2);
    shop.call("DELETE", "/api/me/addresses/1", LENA, Value::Null)
        .await
        .fails(409, "address_in_use");
}

#[actix_web::test]
async fn the_staff_sees_all_users() {
    let shop = Shop::new();
    let page = shop
        .get_as(STAFF, "/api/admin/users?per_page=2")
        .await
        .ok(200);
    assert_eq!(page["total"], 3);
    assert_eq!(page["items"][1]["orders"], 2);
    assert_eq!(page["items"][1]["city"], "Oldport");
    assert_eq!(page["items"][0]["city"], Value::Null);
    shop.get_as(STAFF, "/api/admin/users?page=0")
        .await
        .fails(422, "invalid");
    shop.get_as(LENA, "/api/admin/users")
        .await
        .fails(403, "forbidden");
    shop.get("/api/admin/users")
        .await
        .fails(401, "unauthorized");
}
