//! Which code is there: `cfg` under the default features, with test code told apart.

use crate::discover::Package;
use crate::parse::tree::items::{Attrs, Cfg};

/// Whether something is part of the analysed code.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Presence {
    /// In a normal build.
    Normal,
    /// Only when built as a test.
    Test,
    /// Not at all.
    Absent,
}

/// What holds in a package.
#[derive(Clone, Copy)]
pub(super) struct CfgOptions<'a> {
    pub(super) features: &'a [String],
}

impl<'a> CfgOptions<'a> {
    pub(super) fn of(package: &'a Package) -> Self {
        Self { features: &package.default_features }
    }
    /// When the attributed thing is there.
    pub(super) fn presence(self, attrs: &Attrs) -> Presence {
        match &attrs.cfg {
            None => Presence::Normal,
            Some(cfg) if self.holds(cfg, false) => Presence::Normal,
            Some(cfg) if self.holds(cfg, true) => Presence::Test,
            Some(_) => Presence::Absent,
        }
    }
    // The place is taken to be a server: 64-bit Linux, built for development.
    fn holds(self, cfg: &Cfg, test: bool) -> bool {
        match cfg {
            Cfg::Flag(name) => match name.as_str() {
                "test" => test,
                "unix" | "debug_assertions" | "panic_unwind" => true,
                _ => false,
            },
            Cfg::Value(name, value) => match (name.as_str(), &**value) {
                ("feature", feature) => {
                    (test || !is_for_tests(feature)) && self.features.iter().any(|on| on == feature)
                }
                ("target_os", "linux") | ("target_family", "unix") | ("target_env", "gnu") => true,
                ("target_arch", "x86_64") | ("target_pointer_width", "64") | ("panic", "unwind") => true,
                ("target_endian", "little") | ("target_has_atomic", _) => true,
                _ => false,
            },
            Cfg::All(parts) => parts.iter().all(|part| self.holds(part, test)),
            Cfg::Any(parts) => parts.iter().any(|part| self.holds(part, test)),
            Cfg::Not(part) => !self.holds(part, test),
        }
    }
}

/// Whether a feature brings what tests need: `test-util`, `testing`, `mocks`. A workspace's own packages of
/// tests turn it on, so that it counts as on in all of them.
fn is_for_tests(feature: &str) -> bool {
    let first = feature.split(['-', '_']).next().unwrap_or("");
    matches!(
        first,
        "test" | "tests" | "testing" | "testutil" | "testutils" | "testkit" | "mock" | "mocks" | "mocking"
    )
}

/// Whether an attribute makes a function a test.
pub(super) fn is_test_fn(attrs: &Attrs) -> bool {
    attrs.list.iter().any(|attr| {
        attr.path.last().is_some_and(|last| {
            matches!(last.as_str(), "test" | "bench" | "rstest" | "test_case" | "quickcheck" | "proptest")
        })
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::SourceFile;
    use crate::parse::parse_file;

    #[test]
    fn what_a_feature_for_tests_brings_is_test_code() {
        let features = ["test-util".to_owned(), "latest".to_owned()];
        let presence = |cfg: &str| {
            let file = SourceFile::new("src/lib.rs", &format!("#[cfg({cfg})] fn f() {{}}"));
            let parsed = parse_file(&file, &features);
            CfgOptions { features: &features }.presence(&parsed.tree.items.as_slice()[0].attrs)
        };
        assert_eq!(presence("feature = \"latest\""), Presence::Normal);
        assert_eq!(presence("feature = \"test-util\""), Presence::Test);
        assert_eq!(presence("any(test, feature = \"test-util\")"), Presence::Test);
        assert_eq!(presence("not(feature = \"test-util\")"), Presence::Normal);
        assert_eq!(presence("feature = \"mocks\""), Presence::Absent);
    }
}
