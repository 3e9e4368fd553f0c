use super::*;

#[test]
fn poem_paths_with_methods() {
    check(
        r#"
//- /src/lib.rs deps:poem
use poem::{Route, get, handler, post};
#[handler]
fn list() {}
#[handler]
fn create() {}
pub fn app() -> Route {
    Route::new().at("/orders", get(list).post(create)).nest("/api", Route::new().at("/more", post(create)))
}
pub struct Own;
impl Own { pub fn at(&self, path: &str, n: u8) {} }
pub fn none(own: &Own) { own.at("/no", 1); }
"#,
        expect![[r#"
            POST /api/more -> app::create @src/lib.rs:7
            GET /orders -> app::list @src/lib.rs:7
            POST /orders -> app::create @src/lib.rs:7
        "#]],
    );
}

#[test]
fn salvo_routers_pushed_into_routers() {
    check(
        r#"
//- /src/lib.rs deps:salvo
use salvo::Router;
#[salvo::handler]
async fn list() {}
#[salvo::handler]
async fn show() {}
pub fn app() -> Router {
    Router::new().push(Router::with_path("orders").get(list).push(Router::with_path("{id}").get(show).delete(show)))
}
pub fn none(map: &std::collections::HashMap<u8, u8>) { map.get(&1); }
"#,
        expect![[r#"
            GET /orders -> app::list @src/lib.rs:7
            DELETE /orders/{id} -> app::show @src/lib.rs:7
            GET /orders/{id} -> app::show @src/lib.rs:7
        "#]],
    );
}

#[test]
fn tide_handles_below_the_server() {
    check(
        r#"
//- /src/main.rs deps:tide
async fn list() {}
async fn show() {}
#[async_std::main]
async fn main() {
    let mut app = tide::new();
    app.at("/orders").get(list).post(show);
    app.at("/orders/:id").get(show);
    app.listen("0.0.0.0:80").await;
    let names = vec![1];
    names.get(0);
}
"#,
        expect![[r#"
            GET /orders -> app::list @src/main.rs:6
            POST /orders -> app::show @src/main.rs:6
            GET /orders/:id -> app::show @src/main.rs:7
            startup main -> app::main @src/main.rs:4
        "#]],
    );
}

#[test]
fn methods_of_a_grpc_service() {
    check(
        r#"
//- /src/main.rs deps:tonic
mod pb {}
pub struct Shop;
#[tonic::async_trait]
impl pb::orders_server::Orders for Shop {
    async fn place(&self) {}
    async fn cancel_all(&self) {}
}
#[async_trait::async_trait]
impl Other for Shop { async fn no(&self) {} }
fn main() {}
"#,
        expect![[r#"
            grpc Orders/CancelAll -> app::<Shop as Orders>::cancel_all @src/main.rs:6
            grpc Orders/Place -> app::<Shop as Orders>::place @src/main.rs:5
            command app -> app::main @src/main.rs:10
        "#]],
    );
}
