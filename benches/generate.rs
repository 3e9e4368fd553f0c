//! Writes a monolith of any size: axum handlers, sqlx stores, rules, calls across domains.
//!
//! The same size gives the same bytes. The density is that of grown backends: per 500 lines one table,
//! four routes, calls to a neighbour in the same domain and to one in another domain.

use std::fs;
use std::io::Result;
use std::path::Path;

const DOMAINS: [&str; 12] = [
    "orders",
    "payments",
    "inventory",
    "accounts",
    "shipping",
    "catalog",
    "reviews",
    "pricing",
    "support",
    "billing",
    "reports",
    "search",
];
const PARTS: [&str; 16] = [
    "item", "entry", "ticket", "batch", "record", "ledger", "policy", "quota", "offer", "voucher", "invoice",
    "label", "session", "profile", "address", "notice",
];

/// Lines that one part has.
const LINES_PER_PART: usize = 504;

/// Writes a package of about `n_lines` lines below `dir`; gives the number of lines.
pub fn monolith(dir: &Path, n_lines: usize) -> Result<usize> {
    let n_parts = (n_lines / LINES_PER_PART).max(2);
    let n_domains = (n_parts / 8).clamp(2, 250);
    let mut out = Out { dir, n_lines: 0 };
    let mut random = Random(0x5eed);
    let name_of = |domain: usize| match domain / DOMAINS.len() {
        0 => DOMAINS[domain].to_owned(),
        round => format!("{}_{round}", DOMAINS[domain % DOMAINS.len()]),
    };
    let part_of = |part: usize| match part / PARTS.len() {
        0 => PARTS[part].to_owned(),
        round => format!("{}_{round}", PARTS[part % PARTS.len()]),
    };
    let n_of = |domain: usize| n_parts / n_domains + usize::from(domain < n_parts % n_domains);
    let mut domains = String::new();
    let mut merges = String::new();
    for domain in 0..n_domains {
        let domain_name = name_of(domain);
        domains.push_str(&format!("pub mod {domain_name};\n"));
        merges.push_str(&format!("        .nest(\"/{domain_name}\", {domain_name}::router())\n"));
        let (mut mods, mut routes, mut tables) = (String::new(), String::new(), String::new());
        for part in 0..n_of(domain) {
            let part_name = part_of(part);
            let far = random.below(n_domains);
            let names = Names {
                domain: &domain_name,
                part: &part_name,
                near: &part_of(if part == 0 { n_of(domain) - 1 } else { part - 1 }),
                far_domain: &name_of(far),
                far: &part_of(random.below(n_of(far))),
            };
            let at = format!("src/{domain_name}/{part_name}");
            for (file, template) in
                [("mod", MOD), ("model", MODEL), ("rules", RULES), ("store", STORE), ("http", HTTP)]
            {
                out.write(&format!("{at}/{file}.rs"), &names.fill(template))?;
            }
            mods.push_str(&format!("pub mod {part_name};\n"));
            routes.push_str(&format!("        .merge({part_name}::http::router())\n"));
            tables.push_str(&names.fill(TABLE));
        }
        let router = "use axum::Router;\n\nuse crate::state::AppState;\n\n/// The routes of this domain.\npub fn router() -> Router<AppState> {\n    Router::new()\n";
        out.write(&format!("src/{domain_name}/mod.rs"), &format!("{mods}\n{router}{routes}}}\n"))?;
        out.write(&format!("migrations/{:04}_{domain_name}.sql", domain + 1), &tables)?;
    }
    out.write("src/main.rs", &MAIN.replace("$domains", &domains).replace("$merges", &merges))?;
    out.write("src/state.rs", STATE)?;
    fs::write(dir.join("Cargo.toml"), MANIFEST)?;
    Ok(out.n_lines)
}

struct Out<'a> {
    dir: &'a Path,
    n_lines: usize,
}

impl Out<'_> {
    fn write(&mut self, path: &str, text: &str) -> Result<()> {
        let path = self.dir.join(path);
        fs::create_dir_all(path.parent().unwrap_or(self.dir))?;
        self.n_lines += text.lines().count();
        fs::write(path, text)
    }
}

/// A linear congruential generator (Knuth's MMIX constants).
struct Random(u64);

impl Random {
    fn below(&mut self, n: usize) -> usize {
        self.0 = self.0.wrapping_mul(6364136223846793005).wrapping_add(1442695040888963407);
        (self.0 >> 33) as usize % n
    }
}

struct Names<'a> {
    domain: &'a str,
    part: &'a str,
    near: &'a str,
    far_domain: &'a str,
    far: &'a str,
}

impl Names<'_> {
    fn fill(&self, template: &str) -> String {
        let camel = |name: &str| {
            let words = name.split('_').map(|word| word[..1].to_uppercase() + &word[1..]);
            words.collect::<String>()
        };
        template
            .replace("$Part", &camel(self.part))
            .replace("$Near", &camel(self.near))
            .replace("$Far", &camel(self.far))
            .replace("$table", &format!("{}_{}", self.domain, self.part))
            .replace("$near_table", &format!("{}_{}", self.domain, self.near))
            .replace("$fardomain", self.far_domain)
            .replace("$domain", self.domain)
            .replace("$part", self.part)
            .replace("$near", self.near)
            .replace("$far", self.far)
    }
}

const MANIFEST: &str = r#"[package]
name = "monolith"
version = "0.1.0"
edition = "2024"

[dependencies]
axum = "0.8"
chrono = { version = "0.4", features = ["serde"] }
serde = { version = "1", features = ["derive"] }
serde_json = "1"
sqlx = { version = "0.8", features = ["postgres", "chrono", "uuid"] }
thiserror = "2"
tokio = { version = "1", features = ["full"] }
tracing = "0.1"
uuid = { version = "1", features = ["v4", "serde"] }
"#;

const MAIN: &str = include_str!("templates/main.txt");
const STATE: &str = include_str!("templates/state.txt");
const MOD: &str = include_str!("templates/mod.txt");
const MODEL: &str = include_str!("templates/model.txt");
const RULES: &str = include_str!("templates/rules.txt");
const STORE: &str = include_str!("templates/store.txt");
const HTTP: &str = include_str!("templates/http.txt");
const TABLE: &str = include_str!("templates/table.txt");
