//! `splitter.toml`: the user's decisions. `docs/configuration.md` explains every key.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use globset::{GlobBuilder, GlobSet, GlobSetBuilder};
use serde::Deserialize;

use crate::error::{ConfigError, Error};

/// Name of the configuration file, beside the analysed `Cargo.toml`.
pub const FILE_NAME: &str = "splitter.toml";

/// The user's decisions. The default is that of an empty file.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
pub struct Config {
    /// Wished number of services; left to stability where it is not given.
    pub services: Option<usize>,
    /// -2 (few, large) to 2 (many, small).
    pub granularity: i32,
    /// Globs of files and directories that are not read, relative to the analysed directory.
    pub exclude: Vec<String>,
    /// Targets of `scaffold` where none is asked for, by name.
    pub targets: Vec<String>,
    /// Files with further framework and database catalogs, relative to the configuration.
    pub catalogs: Vec<String>,
    /// Rust files that declare what crates outside have, relative to the configuration: `redis.rs` is
    /// read for the crate `redis`.
    pub stubs: Vec<String>,
    /// Features that are on beside the defaults: `name` in every package that has it, `package/name`.
    pub features: Vec<String>,
    /// Takes the default features to be off.
    pub no_default_features: bool,
    /// Weight per criterion where it differs from the default.
    pub weights: BTreeMap<String, i64>,
    /// Things that belong to a service.
    pub pin: Vec<Pin>,
    /// Things that must be in one service.
    pub together: Vec<Items>,
    /// Things that must be in different services.
    pub apart: Vec<Items>,
    /// The texts of `catalogs`, with their paths; whoever reads the configuration reads them too.
    #[serde(skip)]
    pub catalog_texts: Vec<(PathBuf, String)>,
    /// The texts of `stubs`, likewise.
    #[serde(skip)]
    pub stub_texts: Vec<(PathBuf, String)>,
}

/// One thing that the user placed.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Pin {
    /// `table orders`, `GET /api/orders`, a module or definition path.
    pub item: String,
    /// The service that it belongs to.
    pub service: String,
    /// Why, for the reader.
    #[serde(default)]
    pub reason: String,
}

/// Several things that the user ties or keeps apart.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Items {
    /// The things, named as in [`Pin::item`].
    pub items: Vec<String>,
    /// Why, for the reader.
    #[serde(default)]
    pub reason: String,
}

/// The bounds of `granularity`.
pub const GRANULARITY: std::ops::RangeInclusive<i32> = -2..=2;

impl Config {
    /// Reads the text of the configuration file at `path` (which is only named in errors).
    ///
    /// # Errors
    /// Where the text is no TOML, has a key that splitter does not know, or a value out of bounds.
    pub fn parse(path: &Path, text: &str) -> Result<Self, Error> {
        let wrong = |range, message: String, help| {
            Error::Config(Box::new(ConfigError {
                path: path.into(),
                text: text.into(),
                range,
                message,
                help,
            }))
        };
        let config: Self = toml::from_str(text).map_err(|error| {
            let (message, help) = explain(error.message());
            wrong(error.span(), message, help)
        })?;
        // Values that serde takes and splitter cannot use; their place is found by their text.
        let find = |needle: &str| text.find(needle).map(|start| start..start + needle.len());
        if !GRANULARITY.contains(&config.granularity) {
            return Err(wrong(
                find("granularity"),
                format!("granularity is {}", config.granularity),
                Some("choose from -2 (few, large services) to 2 (many, small ones)".into()),
            ));
        }
        if config.services == Some(0) {
            return Err(wrong(
                find("services"),
                "services is 0".into(),
                Some("give a number of at least 1, or leave it out".into()),
            ));
        }
        if let Some(items) = config.together.iter().chain(&config.apart).find(|items| items.items.len() < 2) {
            return Err(wrong(
                items.items.first().and_then(|item| find(item)),
                "a list of things to tie or keep apart has fewer than two".into(),
                Some("name at least two items".into()),
            ));
        }
        if let Some((pattern, error)) =
            config.exclude.iter().find_map(|pattern| Some((pattern, glob(pattern).err()?)))
        {
            return Err(wrong(find(pattern), error.kind().to_string(), None));
        }
        let mut placed = BTreeMap::new();
        for pin in &config.pin {
            if let Some(other) = placed.insert(pin.item.as_str(), pin.service.as_str())
                && other != pin.service
            {
                return Err(wrong(
                    text.rfind(&pin.item).map(|start| start..start + pin.item.len()),
                    format!("`{}` is pinned to `{other}` and to `{}`", pin.item, pin.service),
                    Some("keep one of the two pins".into()),
                ));
            }
        }
        Ok(config)
    }
}

impl Config {
    /// The patterns of `exclude`, ready for use.
    pub fn exclusions(&self) -> GlobSet {
        let mut set = GlobSetBuilder::new();
        for glob in self.exclude.iter().filter_map(|pattern| glob(pattern).ok()) {
            set.add(glob);
        }
        // The patterns are valid one by one; together they could only be too large.
        set.build().unwrap_or_default()
    }
}

/// `*` stays within a directory; a directory means all that is in it.
fn glob(pattern: &str) -> Result<globset::Glob, globset::Error> {
    let pattern = pattern.trim_start_matches("./");
    let pattern = pattern.strip_suffix("/**").unwrap_or(pattern).trim_end_matches('/');
    GlobBuilder::new(pattern).literal_separator(true).build()
}

/// Turns serde's sentence about an unknown key into ours, with the nearest valid key.
fn explain(message: &str) -> (String, Option<String>) {
    let quoted: Vec<&str> = message.split('`').skip(1).step_by(2).collect();
    if !message.starts_with("unknown field") || quoted.len() < 2 {
        return (message.to_string(), None);
    }
    let (unknown, known) = (quoted[0], &quoted[1..]);
    let nearest = known.iter().min_by_key(|key| (edit_distance(unknown, key), **key));
    let help = match nearest {
        Some(key) if edit_distance(unknown, key) <= 1 + unknown.len() / 3 => format!("did you mean `{key}`?"),
        _ => format!("the keys here are {}", known.join(", ")),
    };
    (format!("there is no key `{unknown}`"), Some(help))
}

/// Levenshtein distance in characters.
pub fn edit_distance(a: &str, b: &str) -> usize {
    let b: Vec<char> = b.chars().collect();
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, ca) in a.chars().enumerate() {
        let mut diagonal = row[0];
        row[0] = i + 1;
        for (j, &cb) in b.iter().enumerate() {
            let replaced = diagonal + usize::from(ca != cb);
            diagonal = row[j + 1];
            row[j + 1] = replaced.min(diagonal + 1).min(row[j] + 1);
        }
    }
    row[b.len()]
}

#[cfg(test)]
mod tests {
    use super::*;
    use expect_test::{Expect, expect};

    #[expect(clippy::needless_pass_by_value)]
    fn check_error(text: &str, expected: Expect) {
        let error = Config::parse(Path::new("splitter.toml"), text).unwrap_err();
        expected.assert_eq(&error.to_string());
    }

    #[test]
    fn an_empty_file_is_the_default() {
        assert_eq!(Config::parse(Path::new("splitter.toml"), "").unwrap(), Config::default());
    }

    #[test]
    fn every_key_is_read() {
        let config = Config::parse(
            Path::new("splitter.toml"),
            r#"
services = 4
granularity = -1
exclude = ["frontend/**"]
targets = ["container"]
catalogs = ["kafka.toml"]
stubs = ["redis.rs"]
features = ["full", "api/openapi"]
no-default-features = true
[weights]
calls = 7
[[pin]]
item = "table orders"
service = "orders"
reason = "ours"
[[together]]
items = ["GET /a", "GET /b"]
[[apart]]
items = ["table a", "table b"]
"#,
        )
        .unwrap();
        assert_eq!(config.services, Some(4));
        assert_eq!(config.granularity, -1);
        assert_eq!(config.stubs, ["redis.rs"]);
        assert_eq!(config.features, ["full", "api/openapi"]);
        assert!(config.no_default_features);
        assert_eq!(config.weights["calls"], 7);
        assert_eq!(config.pin[0].service, "orders");
        assert_eq!(config.together[0].items, ["GET /a", "GET /b"]);
        assert_eq!(config.apart[0].items, ["table a", "table b"]);
    }

    #[test]
    fn an_unknown_key_names_the_nearest_one() {
        check_error(
            "granularity = 1\nservcies = 3\n",
            expect!["splitter.toml:2: there is no key `servcies`; did you mean `services`?"],
        );
        check_error(
            "[[pin]]\nitem = \"table a\"\nservice = \"a\"\nwhy = \"x\"\n",
            expect!["splitter.toml:4: there is no key `why`; the keys here are item, service, reason"],
        );
    }

    #[test]
    fn wrong_values_name_their_line() {
        check_error(
            "\ngranularity = 9\n",
            expect![
                "splitter.toml:2: granularity is 9; choose from -2 (few, large services) to 2 (many, small ones)"
            ],
        );
        check_error(
            "services = 0\n",
            expect!["splitter.toml:1: services is 0; give a number of at least 1, or leave it out"],
        );
        check_error(
            "[[together]]\nitems = [\"table a\"]\n",
            expect![
                "splitter.toml:2: a list of things to tie or keep apart has fewer than two; name at least two items"
            ],
        );
        check_error(
            "exclude = \"x\"\n",
            expect![[r#"splitter.toml:1: invalid type: string "x", expected a sequence"#]],
        );
        check_error(
            "services = \n",
            expect!["splitter.toml:1: string values must be quoted, expected literal string"],
        );
    }

    #[test]
    fn exclusions_match_directories_and_files() {
        let exclude =
            vec!["frontend/**".into(), "./tools/".into(), "src/*_generated.rs".into(), "**/fixtures".into()];
        let set = Config { exclude, ..Config::default() }.exclusions();
        for path in ["frontend", "tools", "src/a_generated.rs", "crates/a/fixtures"] {
            assert!(set.is_match(path), "{path}");
        }
        for path in ["src", "src/frontend", "src/deep/a_generated.rs", "crates"] {
            assert!(!set.is_match(path), "{path}");
        }
        check_error(
            "exclude = [\"a[\"]\n",
            expect!["splitter.toml:1: unclosed character class; missing ']'"],
        );
    }

    #[test]
    fn contradicting_pins_are_refused() {
        check_error(
            "[[pin]]\nitem = \"table a\"\nservice = \"x\"\n[[pin]]\nitem = \"table a\"\nservice = \"y\"\n",
            expect!["splitter.toml:5: `table a` is pinned to `x` and to `y`; keep one of the two pins"],
        );
    }

    #[test]
    fn edit_distance_counts_edits() {
        assert_eq!(edit_distance("kitten", "sitting"), 3);
        assert_eq!(edit_distance("", "abc"), 3);
        assert_eq!(edit_distance("same", "same"), 0);
    }
}
