fn main() {
    let n: usize = std::env::args().nth(1).unwrap().parse().unwrap();
    let only: Option<usize> = std::env::args().nth(2).map(|s| s.parse().unwrap());
    let in_fn = |e: &str| format!("fn f() {{ let x = {e}; }}");
    let deep = [
        in_fn(&format!("{}1{}", "(".repeat(n), ")".repeat(n))),
        in_fn(&format!("{}1{}", "[".repeat(n), "]".repeat(n))),
        in_fn(&format!("{}1{}", "{".repeat(n), "}".repeat(n))),
        in_fn(&format!("a{}", ".b()".repeat(n))),
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
        format!("{}{}", "mod a {".repeat(n), "}".repeat(n)),
        format!("{}{}", "fn a() {".repeat(n), "}".repeat(n)),
        format!("#[cfg({}unix{})] fn f() {{}}", "not(".repeat(n), ")".repeat(n)),
    ];
    for (i, t) in deep.iter().enumerate() {
        if only.is_some_and(|o| o != i) {
            continue;
        }
        let s = std::time::Instant::now();
        let f = splitter::base::SourceFile::new("x.rs", t);
        let p = splitter::parse::parse_file(&f, &[]);
        println!("{i} {:?} {:?} {}", p.error, s.elapsed(), &t[..40.min(t.len())]);
    }
}
