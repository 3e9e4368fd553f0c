use std::fmt::Write as _;
use std::fs;

use expect_test::{Expect, expect};

use super::*;
use crate::testing::fixture;

fn dump(workspace: &Workspace) -> String {
    let mut out = format!("workspace {}\n", workspace.name);
    for package in &workspace.packages {
        writeln!(out, "package {} in {:?}, edition {}", package.name, package.dir, package.edition).unwrap();
        for target in &package.targets {
            let root = &workspace.sources.files[target.root].path;
            writeln!(out, "  {:?} {} at {root}", target.kind, target.krate).unwrap();
        }
        for dependency in &package.dependencies {
            write!(out, "  uses {} = {} {}", dependency.krate, dependency.package, dependency.spec).unwrap();
            if let Some(local) = dependency.local {
                write!(out, " -> {}", workspace.packages[local].name).unwrap();
            }
            let marks = [("dev", dependency.dev), ("optional", dependency.optional), ("off", dependency.off)];
            for (mark, _) in marks.iter().filter(|(_, on)| *on) {
                write!(out, " ({mark})").unwrap();
            }
            out.push('\n');
        }
        if !package.features.is_empty() {
            writeln!(out, "  features {:?}, on {:?}", package.features, package.default_features).unwrap();
        }
    }
    let paths: Vec<&str> = workspace.sources.files.iter().map(|file| file.path.as_str()).collect();
    writeln!(out, "sources {}", paths.join(" ")).unwrap();
    for asset in &workspace.assets {
        writeln!(out, "asset {}", asset.path).unwrap();
    }
    for diagnostic in &workspace.diagnostics {
        let file = diagnostic.file.map_or("", |file| workspace.sources.files[file].path.as_str());
        writeln!(out, "{}: {file}: {}", diagnostic.code, diagnostic.message).unwrap();
    }
    for (path, sentence) in &workspace.unread {
        writeln!(out, "unread {path}: {sentence}").unwrap();
    }
    out
}

fn check(text: &str, want: Expect) {
    want.assert_eq(&dump(&fixture(text)));
}

/// Writes files below a new directory.
fn on_disk(files: &[(&str, &str)]) -> tempfile::TempDir {
    let dir = tempfile::tempdir().unwrap();
    for (path, text) in files {
        let path = dir.path().join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }
    dir
}

fn check_disk(dir: &Path, want: Expect) {
    let mut workspace = discover(dir).unwrap();
    // Without a root package the name is the directory's, which is random here.
    if workspace.packages.iter().all(|package| !package.dir.is_empty()) {
        workspace.name = "DIR".to_owned();
    }
    want.assert_eq(&dump(&workspace));
}

#[test]
fn text_without_a_header_is_one_library() {
    check(
        "
        fn f() {}
        ",
        expect![[r#"
            workspace app
            package app in "", edition 2024
              Lib app at src/lib.rs
            sources src/lib.rs
        "#]],
    );
}

#[test]
fn a_fixture_makes_packages() {
    check(
        "
        //- /src/main.rs deps:shop-core,axum edition:2021
        fn main() {}
        //- /shop-core/src/lib.rs crate:shop-core deps:sqlx features:pg
        mod orders;
        //- /shop-core/src/orders.rs
        ",
        expect![[r#"
            workspace app
            package app in "", edition 2021
              Bin app at src/main.rs
              uses axum = axum "*"
              uses shop_core = shop-core { path = "shop-core" } -> shop-core
            package shop-core in "shop-core", edition 2024
              Lib shop_core at shop-core/src/lib.rs
              uses sqlx = sqlx "*"
              features ["default", "pg"], on ["default", "pg"]
            sources shop-core/src/lib.rs shop-core/src/orders.rs src/main.rs
        "#]],
    );
}

#[test]
fn cargo_finds_targets_by_itself() {
    check(
        r#"
        //- /Cargo.toml
        [package]
        name = "photo-rental"
        edition = "2021"
        [[bin]]
        name = "admin"
        path = "tools/admin.rs"
        [[bin]]
        name = "lost"
        [lib]
        name = "rental"
        //- /src/lib.rs
        //- /src/main.rs
        //- /src/bin/seed.rs
        //- /src/bin/worker/main.rs
        //- /src/bin/worker/queue.rs
        //- /tools/admin.rs
        //- /tests/api/main.rs
        //- /tests/smoke.rs
        //- /examples/one.rs
        //- /benches/speed.rs
        //- /build.rs
        "#,
        expect![[r#"
            workspace photo-rental
            package photo-rental in "", edition 2021
              Lib rental at src/lib.rs
              Bin admin at tools/admin.rs
              Bin photo_rental at src/main.rs
              Bin seed at src/bin/seed.rs
              Bin worker at src/bin/worker/main.rs
              Example one at examples/one.rs
              Test api at tests/api/main.rs
              Test smoke at tests/smoke.rs
              Bench speed at benches/speed.rs
              Build build_script_build at build.rs
            sources benches/speed.rs build.rs examples/one.rs src/bin/seed.rs src/bin/worker/main.rs src/bin/worker/queue.rs src/lib.rs src/main.rs tests/api/main.rs tests/smoke.rs tools/admin.rs
            unread Cargo.toml: the file src/bin/lost.rs of [[bin]] lost does not exist
        "#]],
    );
}

#[test]
fn autobins_can_be_turned_off() {
    check(
        r#"
        //- /Cargo.toml
        [package]
        name = "a"
        autobins = false
        autotests = false
        build = "make/build.rs"
        //- /src/main.rs
        //- /tests/t.rs
        //- /make/build.rs
        "#,
        expect![[r#"
            workspace a
            package a in "", edition 2015
              Build build_script_build at make/build.rs
            sources make/build.rs src/main.rs tests/t.rs
        "#]],
    );
}

#[test]
fn a_workspace_hands_down_dependencies_and_editions() {
    check(
        r#"
        //- /Cargo.toml
        [workspace]
        members = ["crates/*", "tools/gen"]
        exclude = ["crates/old"]
        [workspace.package]
        edition = "2021"
        [workspace.dependencies]
        sqlx = { version = "0.8", default-features = false, features = ["postgres"] }
        store = { path = "crates/store", package = "shop-store" }
        //- /crates/api/Cargo.toml
        [package]
        name = "api"
        edition.workspace = true
        [dependencies]
        sqlx = { workspace = true, features = ["chrono"] }
        store = { workspace = true }
        vendored = { path = "../../vendor/vendored" }
        lost.workspace = true
        [dev-dependencies]
        tokio = "1"
        [target.'cfg(unix)'.dependencies]
        nix = "0.29"
        //- /crates/api/src/main.rs
        //- /crates/store/Cargo.toml
        [package]
        name = "shop-store"
        edition.workspace = true
        //- /crates/store/src/lib.rs
        //- /crates/old/Cargo.toml
        [package]
        name = "old"
        //- /crates/old/src/lib.rs
        //- /tools/gen/Cargo.toml
        [package]
        name = "gen"
        [lib]
        proc-macro = true
        //- /tools/gen/src/lib.rs
        //- /vendor/vendored/Cargo.toml
        [package]
        name = "vendored"
        //- /vendor/vendored/src/lib.rs
        //- /migrations/1_init.sql
        //- /.sqlx/query-1.json
        {}
        "#,
        expect![[r#"
            workspace app
            package api in "crates/api", edition 2021
              Bin api at crates/api/src/main.rs
              uses lost = lost {}
              uses nix = nix "0.29"
              uses sqlx = sqlx { default-features = false, features = ["postgres", "chrono"], version = "0.8" }
              uses store = shop-store { package = "shop-store", path = "crates/store" } -> shop-store
              uses tokio = tokio "1" (dev)
              uses vendored = vendored { path = "../../vendor/vendored" } -> vendored
            package shop-store in "crates/store", edition 2021
              Lib shop_store at crates/store/src/lib.rs
            package gen in "tools/gen", edition 2015
              ProcMacro gen at tools/gen/src/lib.rs
            package vendored in "vendor/vendored", edition 2015
              Lib vendored at vendor/vendored/src/lib.rs
            sources crates/api/src/main.rs crates/store/src/lib.rs migrations/1_init.sql tools/gen/src/lib.rs vendor/vendored/src/lib.rs
            asset .sqlx/query-1.json
            package-left-out: : crates/old/Cargo.toml is not part of the workspace and was left out
            unread crates/api/Cargo.toml: dependency lost inherits from a workspace that does not name it
        "#]],
    );
}

#[test]
fn a_patch_leads_to_a_member() {
    check(
        r#"
        //- /Cargo.toml
        [workspace]
        members = ["core", "api"]
        [patch.crates-io]
        shop-core = { path = "./core" }
        forked = { path = "vendor/forked" }
        [patch."https://example.org/tools"]
        tools = { package = "shop-core", path = "core" }
        //- /core/Cargo.toml
        [package]
        name = "shop-core"
        //- /core/src/lib.rs
        //- /api/Cargo.toml
        [package]
        name = "api"
        [dependencies]
        shop-core = "=0.0.0"
        forked = "1"
        tools = { package = "shop-core", git = "https://example.org/tools" }
        //- /api/src/main.rs
        //- /vendor/forked/Cargo.toml
        [package]
        name = "forked"
        //- /vendor/forked/src/lib.rs
        "#,
        expect![[r#"
            workspace app
            package api in "api", edition 2015
              Bin api at api/src/main.rs
              uses forked = forked "1"
              uses shop_core = shop-core "=0.0.0" -> shop-core
              uses tools = shop-core { git = "https://example.org/tools", package = "shop-core" } -> shop-core
            package shop-core in "core", edition 2015
              Lib shop_core at core/src/lib.rs
            sources api/src/main.rs core/src/lib.rs
            package-left-out: : vendor/forked/Cargo.toml is not part of the workspace and was left out
        "#]],
    );
}

#[test]
fn features_are_closed_over_what_they_turn_on() {
    check(
        r#"
        //- /Cargo.toml
        [package]
        name = "a"
        [features]
        default = ["web", "b?/never"]
        web = ["dep:axum", "c/json", "full"]
        full = []
        off = []
        [dependencies]
        axum = { version = "0.8", optional = true }
        b = { version = "1", optional = true }
        c = { path = "c", optional = true, features = ["xml"] }
        [dev-dependencies]
        d = { package = "c", path = "c", features = ["yaml"] }
        //- /src/lib.rs
        //- /c/Cargo.toml
        [package]
        name = "c"
        [features]
        json = []
        xml = []
        yaml = []
        //- /c/src/lib.rs
        "#,
        expect![[r#"
            workspace a
            package a in "", edition 2015
              Lib a at src/lib.rs
              uses axum = axum { optional = true, version = "0.8" } (optional)
              uses b = b { optional = true, version = "1" } (optional) (off)
              uses c = c { features = ["xml"], optional = true, path = "c" } -> c (optional)
              uses d = c { features = ["yaml"], package = "c", path = "c" } -> c (dev)
              features ["b", "c", "default", "full", "off", "web"], on ["c", "default", "full", "web"]
            package c in "c", edition 2015
              Lib c at c/src/lib.rs
              features ["json", "xml", "yaml"], on ["json", "xml"]
            sources c/src/lib.rs src/lib.rs
        "#]],
    );
}

#[test]
fn a_broken_manifest_of_a_member_is_no_end() {
    check(
        r#"
        //- /Cargo.toml
        [package]
        name = "a"
        [workspace]
        members = ["b", "c", "d*"]
        //- /src/lib.rs
        //- /b/Cargo.toml
        [package
        //- /b/src/lib.rs
        //- /c/Cargo.toml
        [package]
        [lib]
        path = 7
        //- /c/src/lib.rs
        "#,
        expect![[r#"
            workspace a
            package a in "", edition 2015
              Lib a at src/lib.rs
            package c in "c", edition 2015
              Lib c at c/src/lib.rs
            sources c/src/lib.rs src/lib.rs
            unread Cargo.toml: member b has no readable Cargo.toml
            unread Cargo.toml: member d* has no readable Cargo.toml
            unread b/Cargo.toml: the manifest is broken: line 1: unclosed table, expected `]`
            unread c/Cargo.toml: [lib] is unusual: invalid type: integer `7`, expected a string
            unread c/Cargo.toml: the package has no name
        "#]],
    );
}

#[test]
fn a_broken_root_manifest_is_an_error() {
    let files = vec![("Cargo.toml".to_owned(), "[package]\nname = \n".to_owned())];
    expect!["cannot read the manifest Cargo.toml: line 2: string values must be quoted, expected literal string; correct it and run again"].assert_eq(&assemble("a", files).unwrap_err().to_string());
}

#[test]
fn without_a_manifest_places_below_are_proposed() {
    let dir = on_disk(&[("web/backend/Cargo.toml", ""), ("tool/Cargo.toml", "")]);
    let error = discover(dir.path()).unwrap_err().to_string();
    let error = error.replace(&dir.path().display().to_string(), "DIR");
    expect!["no Cargo.toml in DIR; give the directory of a Rust package or workspace, such as tool or web/backend in it"].assert_eq(&error);
}

#[test]
fn build_output_and_hidden_folders_are_left_out() {
    let package = "[package]\nname = \"a\"\n";
    let dir = on_disk(&[
        ("Cargo.toml", package),
        ("src/lib.rs", ""),
        ("src/target/mod.rs", ""),
        ("target/debug/build/x.rs", ""),
        ("node_modules/x/a.rs", ""),
        (".git/x.rs", ""),
        (".sqlx/query-1.json", "{}"),
        (".github/CODEOWNERS", "* @all"),
        ("other/Cargo.toml", "[package]\nname = \"other\"\n"),
        ("other/src/lib.rs", ""),
        ("migrations/1.sql", "CREATE TABLE t (id INT);"),
    ]);
    check_disk(
        dir.path(),
        expect![[r#"
        workspace a
        package a in "", edition 2015
          Lib a at src/lib.rs
        sources migrations/1.sql src/lib.rs src/target/mod.rs
        asset .github/CODEOWNERS
        asset .sqlx/query-1.json
        package-left-out: : other/Cargo.toml is not part of the workspace and was left out
    "#]],
    );
}

#[test]
fn a_member_of_a_bigger_workspace_is_read_alone() {
    let dir = on_disk(&[
        (
            "Cargo.toml",
            "[workspace]\nmembers = [\"crates/*\"]\n[workspace.package]\nedition = \"2024\"\n\
             [workspace.dependencies]\nsqlx = \"0.8\"\nmodel = { path = \"crates/a/model\" }\nb = { path = \"crates/b\" }\n",
        ),
        (
            "crates/a/Cargo.toml",
            "[package]\nname = \"a\"\nedition.workspace = true\n[dependencies]\n\
             sqlx.workspace = true\nmodel.workspace = true\nb.workspace = true\n",
        ),
        ("crates/a/src/lib.rs", ""),
        ("crates/a/model/Cargo.toml", "[package]\nname = \"model\"\n"),
        ("crates/a/model/src/lib.rs", ""),
        ("crates/b/Cargo.toml", "[package]\nname = \"b\"\n"),
    ]);
    check_disk(
        &dir.path().join("crates/a"),
        expect![[r#"
        workspace a
        package a in "", edition 2024
          Lib a at src/lib.rs
          uses b = b { path = "crates/b" }
          uses model = model { path = "crates/a/model" } -> model
          uses sqlx = sqlx "0.8"
        package model in "model", edition 2015
          Lib model at model/src/lib.rs
        sources model/src/lib.rs src/lib.rs
    "#]],
    );
}

#[test]
fn what_cannot_be_read_is_said() {
    let dir = on_disk(&[("Cargo.toml", "[package]\nname = \"a\"\n"), ("src/lib.rs", "\u{feff}fn f() {}")]);
    fs::write(dir.path().join("src/latin.rs"), b"fn f() {}\n// caf\xe9\n").unwrap();
    fs::write(dir.path().join("src/utf16.sql"), b"\xff\xfeS").unwrap();
    let huge = fs::File::create(dir.path().join("src/huge.rs")).unwrap();
    huge.set_len(walk::MAX_BYTES + 1).unwrap();
    check_disk(
        dir.path(),
        expect![[r#"
        workspace a
        package a in "", edition 2015
          Lib a at src/lib.rs
        sources src/huge.rs src/latin.rs src/lib.rs src/utf16.sql
        file-too-large: src/huge.rs: the file has 16 MiB and was skipped
        invalid-utf8: src/latin.rs: the file is not UTF-8 (first on line 2)
        invalid-utf8: src/utf16.sql: the file is not UTF-8 (first on line 1)
    "#]],
    );
    let workspace = discover(dir.path()).unwrap();
    let lib = workspace.sources.find("src/lib.rs").unwrap();
    assert_eq!(&*workspace.sources.files[lib].text, "fn f() {}");
}

#[cfg(unix)]
#[test]
fn links_are_followed_within_and_loops_are_not() {
    use std::os::unix::fs::symlink;
    let other = on_disk(&[("x.rs", "")]);
    let dir = on_disk(&[("Cargo.toml", "[package]\nname = \"a\"\n"), ("src/lib.rs", ""), ("db/1.sql", "")]);
    symlink("..", dir.path().join("src/up")).unwrap();
    symlink(other.path(), dir.path().join("src/out")).unwrap();
    symlink("../db", dir.path().join("src/migrations")).unwrap();
    symlink("nowhere.rs", dir.path().join("src/gone.rs")).unwrap();
    symlink("nowhere", dir.path().join("src/gone.txt")).unwrap();
    check_disk(
        dir.path(),
        expect![[r#"
            workspace a
            package a in "", edition 2015
              Lib a at src/lib.rs
            sources db/1.sql src/lib.rs src/migrations/1.sql
            unread src/gone.rs: cannot be read: entity not found
            unread src/out: the symbolic link leads outside and was not followed
            unread src/up: the symbolic link leads back to a directory around it and was not followed
        "#]],
    );
}

#[cfg(unix)]
#[test]
fn an_unreadable_directory_is_no_end() {
    use std::os::unix::fs::PermissionsExt;
    let dir =
        on_disk(&[("Cargo.toml", "[package]\nname = \"a\"\n"), ("src/lib.rs", ""), ("src/x/mod.rs", "")]);
    let closed = dir.path().join("src/x");
    fs::set_permissions(&closed, fs::Permissions::from_mode(0o000)).unwrap();
    // The superuser enters everything.
    let may_enter = fs::read_dir(&closed).is_ok();
    let workspace = discover(dir.path());
    fs::set_permissions(&closed, fs::Permissions::from_mode(0o755)).unwrap();
    let unread = workspace.unwrap().unread;
    let want = [("src/x".to_owned(), "cannot be read: permission denied".to_owned())];
    assert!(may_enter || unread == want, "{unread:?}");
}

#[test]
fn the_order_of_files_does_not_matter() {
    let files: Vec<(String, String)> = ["src/lib.rs", "src/b.rs", "src/a.rs", "Cargo.toml"]
        .iter()
        .map(|path| {
            (path.to_string(), if *path == "Cargo.toml" { "[package]\nname=\"a\"" } else { "" }.to_owned())
        })
        .collect();
    let mut turned = files.clone();
    turned.reverse();
    assert_eq!(dump(&assemble("a", files).unwrap()), dump(&assemble("a", turned).unwrap()));
}
