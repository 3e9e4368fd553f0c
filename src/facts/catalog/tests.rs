mod fixtures;

use super::*;

#[test]
fn every_file_is_listed() {
    for (dir, listed) in [("web", WEB), ("db", DATABASES), ("jobs", JOBS)] {
        let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("src/facts/catalog");
        for entry in std::fs::read_dir(root.join(dir)).expect("the folder of catalogs") {
            let name = entry.expect("an entry").file_name().into_string().expect("a name in UTF-8");
            let path = format!("{dir}/{name}");
            assert!(listed.iter().any(|(file, _)| *file == path), "{path} is not listed in catalogs!");
        }
    }
}

#[test]
fn the_packed_catalogs_are_what_the_files_say() {
    let packed = postcard::to_stdvec(&Catalogs::written()).expect("written to memory");
    if std::env::var_os("SPLITTER_BLESS").is_some() {
        let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("src/facts/catalog/builtin.bin");
        std::fs::write(path, packed).expect("a writable checkout");
    } else {
        assert!(packed == BUILTIN, "write it anew with `SPLITTER_BLESS=1 cargo test --lib catalogs`");
    }
}

#[test]
fn a_user_adds_one() {
    let catalogs =
        Catalogs::builtin().with_user("[web]\nname = \"ours\"\ncrates = [\"ours\"]\n").expect("a catalog");
    assert_eq!(catalogs.web.last().map(|web| web.name.as_str()), Some("ours"));
    let error = Catalogs::builtin().with_user("[web]\nnmae = \"ours\"\n").expect_err("a misspelt key");
    assert!(error.contains("nmae"), "{error}");
}

#[test]
fn names_meet_whole_segments() {
    let (crates, names) = (vec!["axum".to_owned()], vec!["Router::new".to_owned(), "get".to_owned()]);
    assert!(names_path(&crates, &names, "axum::routing::Router::new"));
    assert!(names_path(&crates, &names, "axum::routing::get"));
    assert!(!names_path(&crates, &names, "axum::MyRouter::new"));
    assert!(!names_path(&crates, &names, "other::get"));
}
