use expect_test::{Expect, expect};

use super::dump::dump;
use super::tree::body::{Body, Expr};
use super::tree::items::ItemKind;
use super::*;
use crate::testing::fixture;

fn check(text: &str, want: Expect) {
    let parsed = parse(&fixture(text));
    want.assert_eq(&parsed.files.iter().map(dump).collect::<String>());
}

/// Fails unless every part lies within what is around it, and children have lower ids.
fn check_ranges(file: &SourceFile, parsed: &ParsedFile) {
    let tree = &parsed.tree;
    for (idx, item) in tree.items.iter_enumerated() {
        let place = format!("{} item {} {:?}", file.path, item.name, item.range);
        assert!(item.range.start < item.range.end, "{place}");
        assert!(item.range.start <= item.keyword && item.keyword < item.range.end, "{place}");
        assert!(file.text.get(item.range.as_range()).is_some(), "{place}: not at characters");
        let inner: &[_] = match &item.kind {
            ItemKind::Mod { content } => content.as_deref().unwrap_or(&[]),
            ItemKind::Trait { items, .. } | ItemKind::Impl { items, .. } => items,
            _ => &[],
        };
        for &inner in inner {
            assert!(inner > idx && item.range.contains(tree.items[inner].range), "{place}");
        }
        let body = match &item.kind {
            ItemKind::Fn(decl) => decl.body,
            ItemKind::Value { body, .. } => *body,
            _ => None,
        };
        let Some(body) = body.map(|body| &tree.bodies[body]) else { continue };
        let root = body.root.expect("a body has a root");
        assert!(item.range.contains(body.ranges[root]), "{place}: body {:?}", body.ranges[root]);
        check_body(file, body);
    }
}

fn check_body(file: &SourceFile, body: &Body) {
    assert_eq!(body.exprs.len(), body.ranges.len());
    for (id, expr) in body.exprs.iter_enumerated() {
        let range = body.ranges[id];
        let text = file.text.get(range.as_range());
        assert!(text.is_some(), "{}: {range:?} of {expr:?} is not at characters", file.path);
        expr.for_each_child(|child| {
            assert!(child < id, "{}: a child with a higher id", file.path);
            let inner = body.ranges[child];
            let missing = matches!(body.exprs[child], Expr::Missing);
            assert!(
                missing || range.contains(inner),
                "{}: {inner:?} not in {range:?} of {expr:?}",
                file.path
            );
        });
        if let Expr::MethodCall { name, name_at, .. } = expr {
            let at = &file.text[*name_at as usize..];
            // What a macro adds stands at the macro's name.
            let word = at.find(|c: char| !c.is_alphanumeric() && c != '_' && c != ':').unwrap_or(0);
            if at[word..].starts_with('!') {
                continue;
            }
            assert!(
                at.strip_prefix("r#").unwrap_or(at).starts_with(name.as_str()),
                "{} at {name_at}",
                file.path
            );
        }
    }
}

#[test]
fn all_of_this_package_is_read_completely() {
    let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR"));
    let workspace = crate::discover::discover(root).unwrap();
    let parsed = parse(&workspace);
    let mut n_calls = 0;
    for (file, parsed) in workspace.sources.files.iter().zip(&parsed.files) {
        assert_eq!(parsed.error, None, "{}", file.path);
        check_ranges(file, parsed);
        for expr in parsed.tree.bodies.iter().flat_map(|body| body.exprs.iter()) {
            if let Expr::Macro(call) = expr {
                // `braced!(content in input)` is no expression.
                if call.path.last().is_some_and(|name| name == "braced" || name == "bracketed") {
                    continue;
                }
                assert!(call.complete, "{}: {}", file.path, file.slice(call.tokens));
                n_calls += 1;
            }
        }
    }
    assert!(n_calls > 100);
}

#[test]
fn functions_and_their_expressions() {
    check(
        r#"
        /// Docs.
        pub(crate) async fn place<T: Into<String> + 'static>(State(db): State<Pool>, mut cart: Cart) -> Result<u64, Error>
        where Vec<T>: Clone {
            let Some(first) = cart.items.first() else { return Err(Error::Empty) };
            let total: u64 = cart.items.iter().map(|item: &Item| item.price * 2).sum::<u64>();
            if let Kind::Gift { of, .. } = first.kind && total > 0 { notify(&of).await?; } else if !ok { } else { }
            for (n, item) in cart.items.into_iter().enumerate() { STOCK[n] += item.0 as u64; }
            let x = match total { 0 => None, n @ 1..=9 if n > 2 => Some(n), _ => Some(-1) };
            let c = async move { super::audit::log(self::x, crate::y, <T as Into<String>>::into(t)).await };
            Ok(Cart { total, ..Default::default() }.total)
        }
        "#,
        expect![[r#"
            pub(crate) async fn place<T>(db: State<Pool>, cart: Cart) -> Result<u64, Error> where T: Into<String>, Vec<T>: Clone
              params State(db), cart
              let Some(first) = cart.items.first() else { return Err(Error::Empty) };
              let total: u64 = cart.items.iter().map(|item: &Item| (item.price * Int("2", None))).sum::<u64>();
              if (let Kind::Gift { of: of } = first.kind && (total > Int("0", None))) { notify(&of).await?; } else if Not(ok) {  } else {  }
              for (n, item) in cart.items.into_iter().enumerate() { (STOCK[n] += item.0 as u64); }
              let x = match total { _ => None, n @ _ if (n > Int("2", None)) => Some(n), _ => Some(Neg(Int("1", None))) };
              let c = async { super::audit::log(self::x, crate::y, <T as 1>::Into<String>::into(t)).await };
              Ok(Cart { total: total, ..Default::default() }.total)
        "#]],
    );
}

#[test]
fn items_of_all_kinds() {
    check(
        r#"
        //- /src/lib.rs features:pg
        #![allow(dead_code)]
        use a::{self, b as c, d::*, e::{f, g as _}};
        use ::std::fmt; use super::super::x; pub use self::y as z; use crate::w;
        extern crate serde as s;
        #[derive(Debug, serde::Serialize)]
        pub struct A<T = u8>(pub T, #[serde(skip)] B);
        #[cfg(feature = "pg")] #[cfg(not(test))]
        enum E { X = 1, Y { a: &'static str }, Z([u8; 4]) }
        union U { a: u8 }
        pub trait Priced<T>: Send + Named { type Out: Into<T>; const N: u8 = 1; fn price(&self) -> Self::Out; fn twice(self: Box<Self>) {} }
        impl<T: Clone> Priced<T> for A<T> where T: Send { type Out = T; fn price(&self) -> T { self.0.clone() } }
        impl !Send for U {}
        type F = fn(u8) -> Box<dyn Fn(A, B) -> C + Send>;
        static mut S: *const u8 = f();
        const K: impl_trait!() = 1;
        #[path = "other/m.rs"] mod m;
        mod n { fn inner() { fn innermost() {} use x::y; } }
        #[cfg_attr(feature = "pg", path = "pg.rs", cfg(unix))] mod db;
        #[cfg_attr(feature = "no", path = "no.rs")] mod no;
        extern "C" { fn c_call(a: u8); static G: u8; }
        #[macro_export] macro_rules! mac { () => {} }
        table! { users (id) { id -> Int4, } }
        pub fn r#type(r#in: u8) -> impl Iterator<Item = u8> { r#in }
        "#,
        expect![[r##"
            #![allow "dead_code"]
            use a as a, a::b as c, a::d::*, a::e::f as f, a::e::g as _
            use ::std::fmt as fmt
            use super::super::x as x
            pub use self::y as z
            use crate::w as w
            extern crate serde as s
            #[derive "Debug, serde::Serialize"]
            pub Struct A<T = u8> derives Debug, serde::Serialize: A Tuple(pub 0: T, 1: B)
            #[cfg all(feature=pg, not(test))]
            Enum E: X Unit() | Y Named(a: &str) | Z Tuple(0: [u8; _])
            Union U: U Named(a: u8)
            pub trait Priced<T>: Send + Named
              type Out: Into<T>
              const N: u8
                Int("1", None)
              fn price(&self) -> Self::Out;
              fn twice(self: Box<Self>)
            impl<T> Priced<T> for A<T> where T: Clone, T: Send
              type Out = T
              fn price(&self) -> T
                self.0.clone()
            impl !Send for U
            type F = fn(u8) -> Box<dyn Fn<(A, B), Output=C> + Send>
            static mut S: *u8
              f()
            const K: impl_trait!
              Int("1", None)
            #[path "other/m.rs"]
            mod m;
            mod n
              fn inner()
                fn innermost()
                use x::y as y
            #[path "pg.rs"]
            #[cfg unix]
            mod db;
            mod no;
            fn c_call(a: u8);
            static G: u8
            #[macro_export ""]
            macro_rules! mac (exported)
            table!
            pub fn type(in: u8) -> impl Iterator<Item=u8>
              params in
              in
        "##]],
    );
}

#[test]
fn macros_that_hold_expressions() {
    check(
        r#"
        async fn f() {
            println!("{} {x}", a(), y = b());
            tracing::info!(target: "t", user.id = %u.id(), ?count, name = ?n(), "msg {}", c());
            info!({ a = 1, b = %bb() }, "x");
            let v = vec![a(); 3];
            let j = json!({"a": one(), "b": [two(), null, {"c": three()}], key(): -4});
            let j = json!(list());
            if matches!(x.kind(), Kind::A(n) | Kind::B { n } if n > limit()) {}
            tokio::select! {
                biased;
                _ = stop.recv() => {}
                Some(m) = rx.recv(), if on() => handle(m).await,
                else => { done() }
            }
            let (a, b) = tokio::try_join!(a(), async { b().await })?;
            let m = hashmap! { "a" => one(), key() => two() };
            sqlx::query_as!(models::User, "SELECT * FROM users WHERE id = $1", id).fetch_one(&db).await?;
            ensure!(a() == b(), "no {}", c());
            let s = async_stream::try_stream! { for x in xs() { yield x.load()?; } };
            html! { <p class="a">{ render::page(x) } @if ok { (helper(y)) } obj.method(z) mac!(inner()) </p> }
            db_run! { conn: sqlite, mysql { insert(users::table).execute(conn)?; } postgresql { other() } }
            assert_snapshot!(paths(&conn).await, @"x");
            quote! { fn generated() { not_called() } };
            params![];
            unknown!(Vec<u8>, a::<B>(), |x, y| c(x, y));
            cfg_if::cfg_if! { if #[cfg(feature = "no")] { no() } else { yes() } }
        }
        "#,
        expect![[r#"
            async fn f()
              println![Str("{} {x}"), a(), b()];
              tracing::info![Str("t"), u.id(), count, n(), Str("msg {}"), c()];
              info![Int("1", None), bb(), Str("x")];
              let v = vec![a(), Int("3", None)];
              let j = json![one(), two(), three(), key(), Neg(Int("4", None))];
              let j = json![list()];
              if matches![match x.kind() { Kind::A(n) | Kind::B { n: n } if (n > limit()) => Bool(true) }] {  }
              tokio::select![match stop.recv().await { _ => {  } }, if on() match rx.recv().await { Some(m) => handle(m).await }, { done() }]
              let (a, b) = tokio::try_join![a(), async { b().await }]?;
              let m = hashmap![Str("a"), one(), key(), two()];
              sqlx::query_as![models::User, Str("SELECT * FROM users WHERE id = $1"), id].fetch_one(&db).await?;
              ensure![(a() == b()), Str("no {}"), c()];
              let s = async_stream::try_stream![for x in xs() { yield x.load()?; }];
              html![{ render::page(x) }, { helper(y) } mentions inner]
              db_run![{ insert(users::table).execute(conn)?; }, { other() }]
              assert_snapshot![paths(&conn).await, Str("x")];
              quote![];
              params![];
              unknown![a<B>(), |x: _, y: _| c(x, y)];
              cfg_if::cfg_if![{ yes() }]
        "#]],
    );
}

#[test]
fn macros_that_hold_items() {
    check(
        r#"
        lazy_static::lazy_static! {
            /// The cache.
            pub static ref CACHE: Mutex<Map> = Mutex::new(Map::new());
            static ref B: u8 = b();
        }
        thread_local! { static T: RefCell<u8> = const { RefCell::new(1) } }
        cfg_if! { if #[cfg(feature = "pg")] { fn pg() {} mod m; } else if #[cfg(unix)] { fn unix() {} } else { fn other() {} } }
        cfg_select! { feature = "pg" => { fn selected() {} } _ => { fn rest() {} } }
        fn f() { thread_local!(static INNER: u8 = 1); cfg_select! { windows => { win() } _ => { all() } } }
        "#,
        expect![[r#"
            pub static CACHE: Mutex<Map>
              Mutex::new(Map::new())
            static B: u8
              b()
            static T: ::std::thread::LocalKey<RefCell<u8>>
              RefCell::new(Int("1", None))
            #[cfg feature=pg]
            fn pg()
            #[cfg feature=pg]
            mod m;
            #[cfg all(not(feature=pg), unix)]
            fn unix()
            #[cfg all(not(feature=pg), not(unix))]
            fn other()
            #[cfg feature=pg]
            fn selected()
            #[cfg not(feature=pg)]
            fn rest()
            fn f()
              static INNER: ::std::thread::LocalKey<u8>
                Int("1", None)
              cfg_select![{ all() }]
        "#]],
    );
}

#[test]
fn what_is_off_in_a_body_is_left_out() {
    check(
        r#"
        //- /src/lib.rs features:on
        fn f() {
            #[cfg(feature = "off")] let a = off();
            #[cfg(feature = "on")] let a = on();
            #[cfg(test)] setup();
            #[cfg(feature = "off")] { block() }
            match x { #[cfg(windows)] 1 => one(), _ => S { #[cfg(windows)] a: a(), b: b() } }
        }
        "#,
        expect![[r#"
            fn f()
              let a = on();
              match x { _ => S { b: b() } }
        "#]],
    );
}

mod robust {
    use super::*;
    use crate::base::TextRange;

    fn parse_text(text: &str) -> ParsedFile {
        let file = SourceFile::new("src/lib.rs", text);
        let parsed = parse_file(&file, &[]);
        check_ranges(&file, &parsed);
        parsed
    }

    /// The line of the error, where there is one.
    fn error_line(text: &str) -> Option<u32> {
        parse_text(text).error.map(|(line, _)| line)
    }

    fn in_fn(expr: &str) -> String {
        format!("fn f() {{ let x = {expr}; }}")
    }

    #[test]
    fn deep_code_is_read() {
        let n = 10_000;
        let deepest = [
            in_fn(&format!("{}1{}", "(".repeat(n), ")".repeat(n))),
            in_fn(&format!("a{}", ".b()".repeat(n))),
        ];
        let n = 1_000;
        let deep = [
            in_fn(&format!("{}1{}", "[".repeat(n), "]".repeat(n))),
            in_fn(&format!("{}1{}", "{".repeat(n), "}".repeat(n))),
            in_fn(&format!("a{}", ".b.c?.await".repeat(n))),
            in_fn(&format!("a{}", " + 1".repeat(n))),
            in_fn(&format!("{}1", "a = ".repeat(n))),
            in_fn(&format!("{}1", "!".repeat(n))),
            in_fn(&format!("{}1", "&".repeat(n))),
            in_fn(&format!("{}1", "return ".repeat(n))),
            in_fn(&format!("{}1", "|| ".repeat(n))),
            in_fn(&format!("a{}", " as u8".repeat(n))),
            in_fn(&format!("if a {{}} {} else {{}}", "else if b {}".repeat(n))),
            in_fn(&format!("{}1{}", "f(".repeat(n), ")".repeat(n))),
            in_fn(&format!("{}1{}", "m!(".repeat(n), ")".repeat(n))),
            format!("type T = {}u8{};", "Vec<".repeat(n), ">".repeat(n)),
            format!("type T = {}u8;", "&".repeat(n)),
            format!("fn f({}x: u8) {{}}", "&".repeat(n)),
            format!("fn f({}x{}: u8) {{}}", "(".repeat(n), ")".repeat(n)),
            format!("use {}x;", "a::".repeat(n)),
            format!("use {}x{};", "a::{".repeat(n), "}".repeat(n)),
            format!("{}{}", "mod a {".repeat(200), "}".repeat(200)),
            format!("{}{}", "fn a() {".repeat(200), "}".repeat(200)),
            format!("#[cfg({}unix{})] fn f() {{}}", "not(".repeat(n), ")".repeat(n)),
        ];
        for text in deepest.into_iter().chain(deep) {
            let parsed = parse_text(&text);
            assert_eq!(parsed.error, None, "{}", &text[..60]);
        }
    }

    #[test]
    fn beyond_a_bound_code_is_an_error() {
        let n = 100_000;
        let text = format!("fn f() {{\n{}1{} }}", "(".repeat(n), ")".repeat(n));
        assert_eq!(error_line(&text), Some(2));
        for item in ["mod a {\n", "fn a() {\n"] {
            let n = 1_000;
            assert_eq!(error_line(&format!("{}{}", item.repeat(n), "}".repeat(n))), Some(257), "{item}");
        }
    }

    #[test]
    fn odd_files_are_read() {
        assert_eq!(error_line(""), None);
        assert_eq!(error_line("// nothing\n/* at /* all */ */\n"), None);
        assert_eq!(error_line("//! Docs only.\n"), None);
        assert_eq!(error_line("fn f() {}\r\n\r\nfn g() { é(\"ü\r\n\"); ö.ñ() }\r\n"), None);
        assert_eq!(error_line("\u{feff}fn f() { a.b() }"), None);
        assert_eq!(error_line("#!/usr/bin/env run\nfn f() { a.b() }\nfn g() {"), Some(3));
        assert_eq!(error_line("fn f() {\n  let = 1;\n}"), Some(2));
        assert_eq!(error_line("fn f() {\n  (]\n}"), Some(2));
        assert_eq!(error_line("fn f() { \"open"), Some(1));
    }

    #[test]
    fn places_are_right_behind_a_shebang_and_other_letters() {
        let text = "#!/usr/bin/env run ü\r\n/* ö */ fn größe() { \"日本\".länge() }";
        let parsed = parse_text(text);
        let item = &parsed.tree.items.as_slice()[0];
        assert_eq!(&text[item.range.as_range()], "fn größe() { \"日本\".länge() }");
        let body = &parsed.tree.bodies.as_slice()[0];
        let texts: Vec<&str> = body.ranges.iter().map(|range| &text[range.as_range()]).collect();
        assert_eq!(texts, ["\"日本\"", "\"日本\".länge()", "{ \"日本\".länge() }"]);
    }

    #[test]
    fn an_item_begins_with_its_documentation() {
        let text = "//! Of the file.\n//// no documentation\n/// Adds, say.\n// Not today.\n/** Twice. */\n\
                    #[inline]\nfn a() { let _ = \"/// text\"; }\n#[test] /// Late.\nfn b() {}\n\
                    /**/ fn c() {}\n/*** no */ fn d() {}\nmod e { //! Of the module.\n /// Of f.\n fn f() {} }";
        let parsed = parse_text(text);
        let starts = parsed.tree.items.iter().map(|item| &text[item.range.as_range()]);
        let lines: Vec<&str> = starts.map(|text| text.lines().next().unwrap()).collect();
        let expected = [
            "/// Adds, say.",
            "#[test] /// Late.",
            "fn c() {}",
            "fn d() {}",
            "mod e { //! Of the module.",
            "/// Of f.",
        ];
        assert_eq!(lines, expected);
        assert!(dump(&parsed).contains("/// text"), "what stands in a string is no comment");
    }

    #[test]
    fn what_could_not_be_read_from_disk_is_an_error_of_the_file() {
        let mut workspace = fixture("fn f() {}");
        workspace.diagnostics.push(crate::base::Diagnostic {
            file: workspace.sources.find("src/lib.rs"),
            line: 0,
            code: crate::base::Code::new("invalid-utf8"),
            severity: crate::base::Severity::Medium,
            message: "the file is not UTF-8".to_owned(),
            help: None,
        });
        let parsed = parse(&workspace);
        assert_eq!(parsed.files.as_slice()[0].error, Some((1, "the file is not UTF-8".to_owned())));
    }

    #[test]
    fn a_fragment_stands_at_its_call() {
        let site = TextRange::new(10, 20);
        let text = format!("fn made() {{ {DOLLAR_CRATE}shop::log(1) }}");
        let tree = parse_fragment(&text, site, &[]).unwrap();
        assert_eq!(tree.items.as_slice()[0].range, site);
        let body = &tree.bodies.as_slice()[0];
        assert!(body.ranges.iter().all(|range| *range == site));
        expect![[r#"
            fn made()
              $crate[shop]::log(Int("1", None))
        "#]]
        .assert_eq(&dump(&ParsedFile { tree, error: None }));
        assert_eq!(parse_fragment("fn f( {}", site, &[]).unwrap_err().0, 1);
    }

    proptest::proptest! {
        #![proptest_config(proptest::prelude::ProptestConfig { cases: 300, failure_persistence: None, ..Default::default() })]

        /// Whatever is cut out of code or put into it: an answer, and places that are right.
        #[test]
        fn broken_code_is_no_end(from in 0..SAMPLE.len(), len in 0..40_usize, at in 0..SAMPLE.len(), odd in 0..ODD.len()) {
            let at_char = |mut at: usize| {
                while !SAMPLE.is_char_boundary(at) {
                    at -= 1;
                }
                at
            };
            let (from, to) = (at_char(from), at_char((from + len).min(SAMPLE.len())));
            let mut text = format!("{}{}", &SAMPLE[..from], &SAMPLE[to.max(from)..]);
            let mut at = at.min(text.len());
            while !text.is_char_boundary(at) {
                at -= 1;
            }
            text.insert_str(at, ODD[odd]);
            parse_text(&text);
        }
    }

    const ODD: [&str; 16] = [
        "",
        "{",
        "}",
        "(",
        "\"",
        "'",
        "r#\"",
        "/*",
        "#!",
        "é",
        "\r\n",
        ";",
        "=>",
        "$x",
        "::<",
        "macro_rules! m {",
    ];

    const SAMPLE: &str = r##"//! Ünicode.
use a::{b as c, d::*};
#[derive(Clone)] pub struct S<T: A = u8> { pub é: T, b: &'static str }
impl<T> S<T> where T: A {
    /// Docs
    #[cfg(feature = "x")]
    async fn f(&mut self, State(db): State<Db>) -> Result<(), E> {
        let Some(x) = self.a?.b::<u8>(1, "ü\n", r#"ra"w"#, 'x', b'y').await else { return Ok(()) };
        for (i, y) in x.iter().enumerate() { info!(%y, a = ?i, "m {}", z()); }
        match y { A::B { c, .. } | A::D(c, ..) if c > 1 => {}, [a, .., b] => (), _ => json!({"k": [v(), null]}) }
        tokio::select! { Some(m) = rx.recv(), if on => h(m), else => {} }
        if let A = b && c { } else if d { } else { }
        html! { <p>{ a::b(c) }</p> };
        |a: u8, b| -> u8 { a..=b };
        S { é: 1, ..S::default() } as <T as A>::B
    }
}
lazy_static! { static ref X: u8 = y(); }
macro_rules! m { ($x:expr) => { $x } }
"##;
}

#[test]
fn what_splitter_added_to_functions_is_not_there() {
    let plain = r#"
//- /src/lib.rs
pub async fn find(id: &str) -> Option<User> {
    let row = load(id).await?;
    Some(row)
}
pub fn app(state: State) -> Router {
    Router::new()
}
pub async fn nightly() {
    report().await;
}
"#;
    let switched = r#"
//- /src/lib.rs
pub async fn find(id: &str) -> Option<User> {
    crate::asks_users::find(&id).or(async move {
    let row = load(id).await?;
    Some(row)
    })
    .await
}
pub fn app(state: State) -> Router {
    let answers_users = crate::answers_users::Context::of(&state);
    Router::new()
}
pub async fn nightly() {
    if crate::switch_nightly::elsewhere() {
        return;
    }
    report().await;
}
"#;
    let calls = |text: &str| -> Vec<String> {
        let parsed = parse(&fixture(text));
        let bodies = parsed.files.iter().flat_map(|file| file.tree.bodies.iter());
        let exprs = bodies.flat_map(|body| body.exprs.iter());
        exprs
            .filter(|expr| matches!(expr, Expr::Call { .. } | Expr::Path(_)))
            .map(|expr| format!("{expr:?}"))
            .collect()
    };
    let names =
        |text: &str| calls(text).iter().filter(|call| call.starts_with("Path")).cloned().collect::<Vec<_>>();
    assert_eq!(names(switched), names(plain));
    assert_eq!(calls(switched).len(), calls(plain).len());
}
