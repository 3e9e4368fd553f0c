use splitter::parse::tree::body::Expr;
use std::collections::BTreeMap;
fn main() {
    let t = std::time::Instant::now();
    let ws = match splitter::discover::discover(std::path::Path::new(&std::env::args().nth(1).unwrap())) {
        Ok(w) => w,
        Err(e) => {
            println!("{e}");
            return;
        }
    };
    let t1 = t.elapsed();
    let t = std::time::Instant::now();
    let parsed = splitter::parse::parse(&ws);
    let t2 = t.elapsed();
    let n_lines: u32 = ws.sources.files.iter().map(|f| f.n_lines()).sum();
    println!(
        "{}: {} packages, {} files, {} lines, {} assets; discover {:?}, parse {:?}",
        ws.name,
        ws.packages.len(),
        ws.sources.files.len(),
        n_lines,
        ws.assets.len(),
        t1,
        t2
    );
    if std::env::args().nth(2).is_some() {
        for p in &ws.packages {
            println!(
                "  {} {:?} {:?} on={:?}",
                p.name,
                p.dir,
                p.targets.iter().map(|t| (t.kind, t.krate.clone())).collect::<Vec<_>>(),
                p.default_features
            );
        }
    }
    for d in &ws.diagnostics {
        println!("  {:?}", d);
    }
    for d in &ws.unread {
        println!("  unread {:?}", d);
    }
    let mut bad: BTreeMap<String, (usize, Vec<String>)> = BTreeMap::new();
    let (mut total, mut n_exprs) = (0, 0);
    for (f, p) in ws.sources.files.iter().zip(&parsed.files) {
        if let Some(e) = &p.error {
            println!("  {}: {:?}", f.path, e);
        }
        for b in &p.tree.bodies {
            for e in &b.exprs {
                n_exprs += 1;
                if matches!(e, Expr::Missing) {
                    println!("  missing in {}", f.path);
                }
                if let Expr::Macro(m) = e {
                    total += 1;
                    if !m.complete {
                        let b =
                            bad.entry(m.path.last().map(|n| n.to_string()).unwrap_or_default()).or_default();
                        b.0 += 1;
                        if b.1.len() < 3 {
                            b.1.push(format!(
                                "{}:{} {}",
                                f.path,
                                f.line(m.tokens.start),
                                f.slice(m.tokens).chars().take(90).collect::<String>().replace('\n', " ")
                            ));
                        }
                    }
                }
            }
        }
        for i in &p.tree.items {
            if let splitter::parse::tree::items::ItemKind::MacroCall { path, .. } = &i.kind {
                let b = bad
                    .entry(format!("item {}", path.last().map(|n| n.to_string()).unwrap_or_default()))
                    .or_default();
                b.0 += 1;
            }
        }
    }
    println!("  {} exprs, {} macros", n_exprs, total);
    for (n, (c, ex)) in bad {
        println!("  {n}: {c}");
        for e in ex {
            println!("      {e}");
        }
    }
}
