//! Manifests of sliced crates.

use super::*;
use crate::base::{Id, Sources};
use crate::model::{DependencyRef, ModuleIdx, Package};

#[test]
fn a_crate_of_the_workspace_keeps_the_features_that_it_was_given() {
    let own = "[dependencies]\nwire = { path = \"../wire\", default-features = false, features = [\"sql\", \"gone\"] }\n";
    let wire = "[features]\ndefault = []\nsql = []\n";
    let manifests = [("web/Cargo.toml", own), ("wire/Cargo.toml", wire)]
        .map(|(path, text)| (path.to_owned(), text.to_owned()));
    let (sources, manifests) = (Sources::default(), manifests.into());
    let nothing = BTreeMap::new();
    let inputs = Inputs {
        sources: &sources,
        manifests: &manifests,
        lock: None,
        assets: &BTreeMap::new(),
        existing: &nothing,
    };
    let mut model = Model::default();
    let wire = PackageIdx::from_usize(1);
    let (krate, key) = ("wire".to_owned(), "wire".to_owned());
    let dependency = DependencyRef { krate, package: "wire".into(), local: Some(wire), key };
    for (dir, dependencies) in [("web", vec![dependency]), ("wire", Vec::new())] {
        model.packages.push(Package {
            name: dir.into(),
            dir: dir.into(),
            manifest: format!("{dir}/Cargo.toml"),
            edition: "2024".into(),
            lib: Some(dir.into()),
            bins: Vec::new(),
            dependencies,
            linked: true,
        });
    }
    let slice = |package: usize, text: &str| Slice {
        package: PackageIdx::from_usize(package),
        root: ModuleIdx::from_usize(package),
        root_file: "src/lib.rs".into(),
        files: BTreeMap::from([("src/lib.rs".to_owned(), text.to_owned())]),
        externs: BTreeSet::new(),
        locals: BTreeSet::new(),
        lines: 1,
    };
    let manifests = Manifests::new(&inputs);
    let features =
        manifests.feature_names("wire/Cargo.toml", &slice(1, "#[cfg(feature = \"sql\")]\nfn f() {}"));
    let local =
        LocalCrate { krate: "wire".into(), package: "f-wire".into(), path: "../wire".into(), features };
    let web = slice(0, "use wire::Row;");
    let package = SlicePackage {
        dev: &[],
        name: "f-web",
        krate: "web",
        slice: &web,
        locals: vec![local],
        extra: &[],
        build: None,
        tested: false,
        app: "../../..",
    };
    let made = manifests.slice(&model, &package, &mut Vec::new()).text;
    let line = made.lines().find(|line| line.starts_with("wire =")).unwrap();
    expect_test::expect![[
        r#"wire = { package = "f-wire", path = "../wire", default-features = false, features = ["sql"] }"#
    ]]
    .assert_eq(line);
}

#[test]
fn a_library_is_called_almost_like_its_package() {
    assert!(is_called("rust_argon2", "argon2") && is_called("md_5", "md5"));
    assert!(!is_called("serde", "axum") && !is_called("argon2", "g"));
}
