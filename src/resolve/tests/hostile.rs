//! Inputs that could make resolution hang or overflow: each ends, and soon.

use std::fmt::Write as _;
use std::time::{Duration, Instant};

use super::*;

/// Resolves within a time that no machine needs for honest work of this size.
fn soon(text: &str) -> Program {
    let workspace = fixture(text);
    let start = Instant::now();
    let parsed = parse(&workspace);
    let program = resolve(&workspace, parsed);
    let took = start.elapsed();
    assert!(took < Duration::from_secs(20), "took {took:?}");
    program
}

#[test]
fn cycles_of_aliases_globs_and_traits() {
    soon(
        r#"
        type A = B; type B = A;
        type C<T> = D<C<T>>; type D<T> = C<D<T>>;
        mod x { pub use super::y::*; pub fn f() {} }
        mod y { pub use super::x::*; pub use self::*; }
        pub use a::b as b; mod a { pub use super::b as b; }
        trait P: Q {} trait Q: P {}
        impl<T: P> Q for T {} impl<T: Q> P for T {}
        trait It { type X; }
        impl<T: It> It for Vec<T> { type X = <Vec<Vec<T>> as It>::X; }
        struct S; impl std::ops::Deref for S { type Target = S; fn deref(&self) -> &S { self } }
        struct L(Box<L>); impl std::ops::Deref for L { type Target = Box<L>; fn deref(&self) -> &Box<L> { &self.0 } }
        fn g<T: P>(t: T, a: A, c: C<u8>, s: S, l: L, v: Vec<u8>) {
            t.nothing(); a.nothing(); c.nothing(); s.nothing(); l.nothing(); x::f(); y::f();
            let z: <Vec<u8> as It>::X = v.into(); z.nothing();
        }
        "#,
    );
}

#[test]
fn types_that_grow_with_every_step() {
    let mut body = String::from("let a = (1, 2);\n");
    for _ in 0..200 {
        body.push_str("let a = (a.clone(), a);\n");
    }
    let mut closures = String::from("let c = || 1;\n");
    for _ in 0..200 {
        closures.push_str("let c = move || (c(), c());\n");
    }
    soon(&format!("fn f() {{ {body} }}\nfn g() {{ {closures} }}\n"));
}

#[test]
fn a_long_method_chain() {
    let chain = ".map(|x| x).filter(|x| x.ok())".repeat(1_000);
    let program = soon(&format!(
        "struct S; impl S {{ fn ok(&self) -> bool {{ true }} }}\nfn f(v: Vec<S>) {{ let _ = v.into_iter(){chain}; }}\n"
    ));
    let resolved =
        program.calls.iter().flatten().filter(|call| matches!(call.target, CallTarget::Resolved(_)));
    assert_eq!(resolved.count(), 1_000);
}

#[test]
fn a_chain_of_own_builders() {
    let chain = ".set(1)".repeat(2_000);
    let program = soon(&format!(
        "struct B; impl B {{ fn set(self, x: u8) -> Self {{ self }} }}\nfn f() {{ B{chain}; }}\n"
    ));
    let resolved =
        program.calls.iter().flatten().filter(|call| matches!(call.target, CallTarget::Resolved(_)));
    assert_eq!(resolved.count(), 2_000);
}

#[test]
fn an_enum_of_ten_thousand_variants() {
    let mut text = String::from("pub enum E {\n");
    for idx in 0..10_000 {
        writeln!(text, "V{idx},").unwrap();
    }
    text.push_str("}\nuse E::*;\nfn f(e: E) -> u32 { match e {\n");
    for idx in 0..10_000 {
        writeln!(text, "V{idx} => {idx},").unwrap();
    }
    text.push_str("} }\n");
    soon(&text);
}

#[test]
fn many_traits_with_the_same_method() {
    let mut text = String::new();
    for idx in 0..1_000 {
        writeln!(
            text,
            "pub trait T{idx} {{ fn run(&self); }} pub struct S{idx}; impl T{idx} for S{idx} {{ fn run(&self) {{}} }}"
        )
        .unwrap();
    }
    text.push_str("fn f() {\n");
    for idx in 0..1_000 {
        writeln!(text, "S{idx}.run();").unwrap();
    }
    text.push_str("}\n");
    let program = soon(&text);
    let resolved =
        program.calls.iter().flatten().filter(|call| matches!(call.target, CallTarget::Resolved(_)));
    assert_eq!(resolved.count(), 1_000);
}

#[test]
fn one_trait_with_many_implementors() {
    let mut text = String::from("pub trait T { fn run(&self); fn stop(&self); }\n");
    for idx in 0..2_000 {
        writeln!(text, "pub struct S{idx}; impl T for S{idx} {{ fn run(&self) {{}} fn stop(&self) {{}} }}")
            .unwrap();
    }
    text.push_str("fn f(t: &dyn T, u: Box<dyn T>) { t.run(); u.stop(); }\n");
    soon(&text);
}

#[test]
fn many_implementations_of_from() {
    let mut text = String::from("pub struct Error;\n");
    for idx in 0..1_000 {
        writeln!(
            text,
            "pub struct E{idx}; impl From<E{idx}> for Error {{ fn from(e: E{idx}) -> Error {{ Error }} }}"
        )
        .unwrap();
    }
    text.push_str("fn f() {\n");
    for idx in 0..500 {
        writeln!(text, "let e: Error = Error::from(E{idx});").unwrap();
    }
    text.push_str("}\n");
    let program = soon(&text);
    let resolved =
        program.calls.iter().flatten().filter(|call| matches!(call.target, CallTarget::Resolved(_)));
    assert_eq!(resolved.count(), 500);
}

#[test]
fn deeply_nested_blocks_and_closures() {
    let open = "{ |x| ".repeat(300);
    let close = "}".repeat(300);
    soon(&format!("fn f() {{ {open} x {close}; }}\n"));
    let modules = "mod m { ".repeat(200);
    let end = "}".repeat(200);
    soon(&format!("{modules} fn f() {{}} {end}\n"));
}

#[test]
fn a_large_body_of_untyped_values() {
    let mut text = String::from("fn f() {\nlet mut v = Default::default();\n");
    for idx in 0..5_000 {
        writeln!(text, "let x{idx} = Default::default(); v = merge(v, x{idx});").unwrap();
    }
    text.push_str("}\nfn merge<T>(a: T, b: T) -> T { a }\n");
    soon(&text);
}

#[test]
fn macros_that_expand_to_themselves() {
    soon(
        r#"
        macro_rules! same { ($($t:tt)*) => { same! { $($t)* } } }
        macro_rules! twice { ($($t:tt)*) => { twice! { a $($t)* } twice! { b $($t)* } } }
        macro_rules! wide { ($x:expr) => { wide!(($x, $x, $x, $x)) } }
        macro_rules! ping { ($x:expr) => { pong!($x) + pong!($x) } }
        macro_rules! pong { ($x:expr) => { ping!($x) * ping!($x) } }
        macro_rules! made { ($n:ident) => { fn $n() { made!($n) } made!($n); } }
        same! { x }
        twice! { x }
        made!(g);
        fn f() { same!(1); twice!(2); wide!(3); ping!(4); }
        "#,
    );
    let calls = "twice! { x }\n".repeat(50);
    soon(&format!(
        "macro_rules! twice {{ ($($t:tt)*) => {{ twice! {{ $($t)* }} twice! {{ $($t)* }} }} }}\n{calls}"
    ));
}

#[test]
fn macros_with_much_to_match() {
    let numbers = (0..10_000).map(|n| format!("{n} + 1, ")).collect::<String>();
    let munched = "a ".repeat(400);
    soon(&format!(
        "macro_rules! list {{ ($($x:expr),* $(,)?) => {{ [$($x),*] }} }}\n\
         macro_rules! munch {{ () => {{ 0 }}; ($x:tt $($rest:tt)*) => {{ 1 + munch!($($rest)*) }} }}\n\
         fn f() {{ list!({numbers}); munch!({munched}); }}\n"
    ));
}
