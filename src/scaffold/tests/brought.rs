//! What comes along although no text of the user's names it.

use std::collections::BTreeMap;

use expect_test::expect;

use super::{SHOP, application, check, generate};
use crate::base::DefPath;
use crate::model::{EntryPointKind, ImportTarget};
use crate::scaffold::Request;

#[test]
fn a_conversion_between_foreign_types_comes_with_what_it_is_of() {
    let more = r#"
impl From<&Order> for uuid::Uuid {
    fn from(order: &Order) -> Self {
        uuid::Uuid::from_u128(order.id.into())
    }
}

impl From<&Unused> for uuid::Uuid {
    fn from(_: &Unused) -> Self {
        uuid::Uuid::nil()
    }
}
"#;
    let text = SHOP.replace("pub struct Unused;\n", &format!("pub struct Unused;\n{more}"));
    let text = text.replace("let _ = state;", "let _ = uuid::Uuid::nil();");
    assert_ne!(text, SHOP);
    let mut fixture = application(&text);
    fixture.entry(EntryPointKind::Http, "GET", "/orders/{id}", "handlers::show", "get(handlers::show)");
    let made = generate(&fixture, &Request::default(), &BTreeMap::new()).unwrap();
    let moved: String = made.files.files.keys().filter_map(|path| made.files.get(path)).collect();
    assert!(moved.contains("impl From<&Order> for uuid::Uuid"), "{moved}");
    assert!(!moved.contains("From<&Unused>"));
}

#[test]
fn what_a_macro_makes_is_found_through_a_prelude() {
    let text = SHOP.replace("pub mod state;", "pub mod entity;\npub mod prelude;\npub mod state;");
    let text = text.replace("use crate::stock;", "use crate::prelude::*;\nuse crate::stock;");
    let text = text.replace("let _ = state;", "let _ = OrderEntity::find();")
        + r#"//- /src/prelude.rs
pub use crate::entity::Entity as OrderEntity;
pub use crate::entity::Other;
//- /src/entity.rs
#[derive(DeriveEntityModel)]
pub struct Model {
    pub id: u32,
}
"#;
    let mut fixture = application(&text);
    fixture.entry(EntryPointKind::Http, "GET", "/orders/{id}", "handlers::show", "get(handlers::show)");
    check(
        &fixture,
        &["shop/src/prelude.rs", "shop/src/entity.rs"],
        expect![[r#"
            //- /orders-http/shop/src/entity.rs
            #[derive(DeriveEntityModel)]
            pub struct Model {
                pub id: u32,
            }
            //- /orders-http/shop/src/prelude.rs
            pub use crate::entity::Entity as OrderEntity;
        "#]],
    );
}

#[test]
fn a_trait_of_which_only_a_comment_speaks_is_there_for_its_methods() {
    let text = SHOP.replace("use serde::Serialize;", "use outside::Priced;\nuse serde::Serialize;");
    let text = text.replace(
        "#[derive(Serialize)]\npub struct Unused",
        "/// No `Priced`.\n#[derive(Serialize)]\npub struct Unused",
    );
    let mut fixture = application(&text);
    fixture.entry(EntryPointKind::Http, "GET", "/orders/{id}", "handlers::show", "get(handlers::show)");
    let made = generate(&fixture, &Request::default(), &BTreeMap::new()).unwrap();
    let types = made.files.get("orders-http/shop/src/orders/types.rs").unwrap();
    assert!(types.contains("use outside::Priced;"), "{types}");
}

#[test]
fn what_is_passed_on_stays_where_somebody_imports_it() {
    let text = SHOP.replace("pub mod state;", "pub mod state;\npub use outside::{Priced, Unpriced};");
    let text = text.replace("use serde::Serialize;", "use crate::Priced;\nuse serde::Serialize;");
    let mut fixture = application(&text);
    for import in fixture.model.imports.iter_mut().filter(|import| import.name.as_deref() == Some("Priced")) {
        import.targets = vec![ImportTarget::External(DefPath::new("outside::Priced"))];
    }
    fixture.entry(EntryPointKind::Http, "GET", "/orders/{id}", "handlers::show", "get(handlers::show)");
    let made = generate(&fixture, &Request::default(), &BTreeMap::new()).unwrap();
    let root = made.files.get("orders-http/shop/src/lib.rs").unwrap();
    assert!(root.contains("pub use outside::Priced;"), "{root}");
    let types = made.files.get("orders-http/shop/src/orders/types.rs").unwrap();
    assert!(types.contains("use crate::Priced;"), "{types}");
}

#[test]
fn what_a_derive_makes_is_imported_where_its_type_is() {
    let text = SHOP.replace(
        "use serde::Serialize;\n\n#[derive(Serialize)]\npub struct Order",
        "use serde::Serialize;\n\nuse crate::parts::{Part, PartArgs, Spare, SpareArgs};\n\n#[derive(Serialize)]\npub struct Order",
    );
    let text =
        text.replace("pub text: &'static str,", "pub text: &'static str,\n    pub part: Option<Part>,");
    let text = text.replace("pub mod state;", "pub mod parts;\npub mod state;")
        + "//- /src/parts.rs\n#[derive(Args)]\npub struct Part;\n\n#[derive(Args)]\npub struct Spare;\n";
    let mut fixture = application(&text);
    fixture.entry(EntryPointKind::Http, "GET", "/orders/{id}", "handlers::show", "get(handlers::show)");
    check(
        &fixture,
        &["shop/src/orders/types.rs"],
        expect![[r#"
            //- /orders-http/shop/src/orders/types.rs
            use serde::Serialize;

            use crate::parts::{Part, PartArgs};

            #[derive(Serialize)]
            pub struct Order {
                pub id: u32,
                pub text: &'static str,
                pub part: Option<Part>,
            }
        "#]],
    );
}

#[test]
fn a_file_from_beside_the_package_comes_into_it() {
    let text = SHOP.replace(
        "let _ = state;",
        "let _ = (\"../../../terms.txt\", include_str!(\n        \"../../../terms.txt\"\n    ));",
    );
    assert_ne!(text, SHOP);
    let files = crate::scaffold::tests::files(&text);
    let files: Vec<_> = files.into_iter().map(|(path, text)| (format!("server/{path}"), text)).collect();
    let dependencies = ["axum", "anyhow", "serde", "tokio", "uuid"];
    let mut fixture = crate::scaffold::slice::testing::Fixture::new(
        &files,
        &[("shop", "server/src/lib.rs")],
        &dependencies,
    );
    fixture.model.packages.iter_mut().for_each(|package| package.dir = "server".into());
    fixture.entry(EntryPointKind::Http, "GET", "/orders/{id}", "handlers::show", "get(handlers::show)");
    let terms = ["terms.txt", "server/src/terms.txt"];
    let assets = BTreeMap::from(terms.map(|path| (path.to_owned(), b"Be kind.\n".to_vec())));
    let inputs = crate::scaffold::Inputs {
        sources: &fixture.sources,
        manifests: &BTreeMap::new(),
        lock: None,
        assets: &assets,
        existing: &BTreeMap::new(),
    };
    let plan = super::plan(&fixture.model, "orders");
    let made = crate::scaffold::scaffold(&Request::default(), &fixture.model, &plan, &inputs).unwrap();
    assert_eq!(made.files.get("orders-http/shop/outside/terms.txt"), Some("Be kind.\n"));
    let handlers: String = made.files.files.keys().filter_map(|path| made.files.get(path)).collect();
    let line: Vec<&str> = handlers.lines().filter(|line| line.contains("terms.txt")).map(str::trim).collect();
    expect![[r#"
        let _ = ("../../../terms.txt", include_str!(
        "../../outside/terms.txt"
        Json( Order { id, text: include_str!("../terms.txt") } )"#]]
    .assert_eq(&line.join("\n"));
}

#[test]
fn an_error_that_stays_in_its_thread_becomes_text() {
    let text = SHOP.replace("Result<AppState> {", "Result<AppState, Box<dyn std::error::Error>> {");
    assert_ne!(text, SHOP);
    let mut fixture = application(&text);
    fixture.entry(EntryPointKind::Http, "GET", "/orders/{id}", "handlers::show", "get(handlers::show)");
    let made = generate(&fixture, &Request::default(), &BTreeMap::new()).unwrap();
    let entry = made.files.get("orders-http/shop/src/function.rs").unwrap();
    let opened = entry.lines().find(|line| line.contains("open(")).unwrap();
    expect![[
        r#"    let app_state = crate::state::open(&config).await.map_err(|error| format!("{error:?}"))?;"#
    ]]
    .assert_eq(opened);
}

#[test]
fn templates_lie_where_the_settings_of_askama_say() {
    let text = SHOP.replace("let _ = state;", "let _ = Page.render();")
        + r#"//- /src/page.rs
#[derive(Template)]
#[template(path = "page.html")]
pub struct Page;
//- /askama.toml
[general]
dirs = ["./web/pages/"]
//- /web/pages/page.html
Hello
//- /templates/other.html
Theirs
"#;
    let text = text.replace("use crate::stock;", "use crate::page::Page;\nuse crate::stock;");
    let text = text.replace("pub mod state;", "pub mod page;\npub mod state;");
    let mut fixture = application(&text);
    fixture.entry(EntryPointKind::Http, "GET", "/orders/{id}", "handlers::show", "get(handlers::show)");
    let made = generate(&fixture, &Request::default(), &BTreeMap::new()).unwrap();
    let read: Vec<_> =
        made.files.files.keys().filter(|path| path.contains("askama") || path.ends_with("html")).collect();
    assert_eq!(read, ["orders-http/shop/askama.toml", "orders-http/shop/web/pages/page.html"]);
}
