//! Files that moved code reads while compiling: migrations, embedded texts, templates, query data.

use std::collections::{BTreeMap, BTreeSet};

use crate::base::Place;

use super::closure::Closure;
use super::file_set::normalise;
use super::names::Names;
use super::slice::Slice;
use super::{FileSet, Gap, Inputs};

/// Copies the files that moved code reads while compiling.
pub(super) fn copy(
    names: &Names<'_>,
    inputs: &Inputs<'_>,
    slice: &Slice,
    moved: &Closure,
    base: &str,
    files: &mut FileSet,
    gaps: &mut Vec<Gap>,
) {
    let model = names.model;
    let dir = &model.packages[slice.package].dir;
    let in_package = |path: &str| if dir.is_empty() { path.to_owned() } else { format!("{dir}/{path}") };
    let mut wanted: BTreeSet<(String, Option<Place>)> = BTreeSet::new();
    let mut dirs: BTreeSet<String> = BTreeSet::new();
    // Who names each path how: the file, the literal, and the way from the file to its package.
    let mut named: BTreeMap<String, Vec<(String, String, String)>> = BTreeMap::new();
    let mut checked_queries = false;
    for (&module, mentions) in &moved.assets {
        if names.root_of(module) != slice.root {
            continue;
        }
        let file = model.modules[module].content.file;
        let place = Some(Place { file, line: 1 });
        let source = &inputs.sources.files[file].path;
        let beside = source.rsplit_once('/').map_or("", |(dir, _)| dir);
        for mention in mentions {
            let path = mention.path.as_deref().map(|path| {
                path.strip_prefix("$CARGO_MANIFEST_DIR/").unwrap_or(path).trim_start_matches("./").to_owned()
            });
            match (mention.by.as_str(), path) {
                ("migrate" | "embed_migrations", path) => {
                    let path = path.unwrap_or_else(|| "migrations".into());
                    let Some(real) = normalise(&in_package(&path)) else {
                        gaps.push(Gap::new(place, format!("`{path}` lies outside of the application")));
                        continue;
                    };
                    named.entry(real.clone()).or_default().push((source.clone(), path, String::new()));
                    wanted.insert((real, place));
                }
                ("query" | "query_as" | "query_scalar" | "query_unchecked" | "query_as_unchecked", _) => {
                    checked_queries = true;
                }
                (by, Some(path)) if by.starts_with("query_file") => {
                    checked_queries = true;
                    wanted.insert((in_package(&path), place));
                }
                ("template", _) => {
                    let settings = in_package("askama.toml");
                    wanted
                        .extend(template_dirs(inputs, &settings).iter().map(|dir| (in_package(dir), place)));
                    if inputs.assets.read(&settings).is_some() {
                        wanted.insert((settings, place));
                    }
                }
                ("include_str" | "include_bytes" | "include", Some(path)) if !mention.from_manifest_dir => {
                    let joined = if beside.is_empty() { path.clone() } else { format!("{beside}/{path}") };
                    match normalise(&joined) {
                        Some(real) => {
                            let depth = inside(dir, source).map_or(0, |own| own.matches('/').count());
                            let up = "../".repeat(depth);
                            named.entry(real.clone()).or_default().push((source.clone(), path, up));
                            wanted.insert((real, place));
                        }
                        None => {
                            gaps.push(Gap::new(place, format!("`{joined}` lies outside of the application")))
                        }
                    }
                }
                (by, Some(path)) => {
                    let path = in_package(path.trim_start_matches('/').trim_end_matches('/'));
                    if matches!(by, "folder" | "include_dir") {
                        dirs.insert(path.clone());
                    }
                    wanted.insert((path, place));
                }
                (by, None) => {
                    gaps.push(Gap::new(
                        place,
                        format!("`{by}!` reads a file whose path cannot be read off; copy it by hand"),
                    ));
                }
            }
        }
    }
    if checked_queries {
        query_data(inputs, dir, moved, base, files);
    }
    for (path, place) in wanted {
        let below = inputs.assets.under(&path);
        let single = inputs.assets.read(&path).map(|bytes| (path.clone(), bytes));
        let found: Vec<(String, Vec<u8>)> = below
            .into_iter()
            .filter_map(|path| inputs.assets.read(&path).map(|bytes| (path, bytes)))
            .chain(single)
            .collect();
        if found.is_empty()
            && dirs.contains(&path)
            && let Some(relative) = inside(dir, &path)
        {
            // What a build of something else makes, such as a web page.
            files.text(format!("{base}/{relative}/.gitkeep"), "");
            gaps.push(Gap::new(
                place,
                format!(
                    "`{path}` is read while compiling, and is not there; an empty folder stands in for it"
                ),
            ));
        } else if found.is_empty() {
            gaps.push(Gap::new(place, format!("`{path}` is read while compiling, and was not found")));
        }
        // What lies beside the package comes into it, and whoever names it names that.
        let named = named.get(&path).map_or(&[][..], Vec::as_slice);
        let outside = inside(dir, &path).is_none() && !found.is_empty();
        let brought_inside = outside
            && named.iter().all(|(source, literal, up)| {
                let Some(file) = inside(dir, source).map(|own| format!("{base}/{own}")) else { return false };
                let Some(text) = files.get(&file) else { return false };
                let with = format!("{up}{OUTSIDE}/{path}");
                let (text, n_renamed) = renamed(text, literal, &with);
                files.text(file, text);
                n_renamed > 0
            })
            && !named.is_empty();
        for (path, bytes) in found {
            match inside(dir, &path) {
                Some(relative) => files.bytes(format!("{base}/{relative}"), bytes),
                None if brought_inside => files.bytes(format!("{base}/{OUTSIDE}/{path}"), bytes),
                None => gaps.push(Gap::new(
                    place,
                    format!("`{path}` lies outside of its package; copy it and correct the path"),
                )),
            }
        }
    }
}

/// Whether moved text reads what a build script makes, or the script changes how it compiles.
pub(super) fn build_script(inputs: &Inputs<'_>, slice: &Slice, dir: &str, script: &str) -> bool {
    let Some(text) = inputs.assets.read(&below(dir, script)) else { return false };
    let sets = ["rustc-cfg", "rustc-link", "rustc-flags"];
    let text = String::from_utf8_lossy(&text);
    let reads = ["OUT_DIR", "include_proto!", "built_info", "option_env!"];
    sets.iter().any(|what| text.contains(what))
        || slice.files.values().any(|file| {
            reads.iter().any(|what| file.contains(what))
                || file.match_indices("env!(\"").any(|(at, _)| !file[at + 6..].starts_with("CARGO_"))
        })
}

/// Where files from beside a package are put inside of it.
const OUTSIDE: &str = "outside";

/// A text in which the macros that read a file while compiling name another one instead, and how many do.
fn renamed(text: &str, literal: &str, with: &str) -> (String, usize) {
    let quoted = format!("\"{literal}\"");
    let (mut out, mut rest, mut n_renamed) = (String::with_capacity(text.len()), text, 0);
    while let Some(at) = rest.find(&quoted) {
        let (before, after) = (&rest[..at], &rest[at + quoted.len()..]);
        out += before;
        let reads = before.trim_end().strip_suffix('(').is_some_and(|head| {
            let name = head.trim_end().strip_suffix('!').unwrap_or_default();
            ["include_str", "include_bytes", "include", "migrate", "embed_migrations"]
                .iter()
                .any(|reader| name.ends_with(reader))
        });
        n_renamed += usize::from(reads);
        out += if reads { "\"" } else { &quoted[..] };
        if reads {
            out += with;
            out.push('"');
        }
        rest = after;
    }
    out += rest;
    (out, n_renamed)
}

/// Where Askama looks for templates, as its settings say.
fn template_dirs(inputs: &Inputs<'_>, settings: &str) -> Vec<String> {
    let text =
        inputs.assets.read(settings).and_then(|bytes| String::from_utf8(bytes).ok()).unwrap_or_default();
    let document = text.parse::<toml_edit::DocumentMut>().unwrap_or_default();
    let dirs = document.get("general").and_then(|general| general.get("dirs")?.as_array());
    match dirs {
        Some(dirs) => dirs
            .iter()
            .filter_map(|dir| Some(dir.as_str()?.trim_start_matches("./").trim_end_matches('/').to_owned()))
            .collect(),
        None => vec!["templates".into()],
    }
}

/// A path relative to the directory of its package.
fn inside<'p>(dir: &str, path: &'p str) -> Option<&'p str> {
    let relative = if dir.is_empty() { Some(path) } else { path.strip_prefix(dir)?.strip_prefix('/') };
    relative.filter(|path| super::file_set::is_inside(path))
}

fn below(dir: &str, path: &str) -> String {
    if dir.is_empty() { path.to_owned() } else { format!("{dir}/{path}") }
}

/// Copies a build script with the files of the package that it names.
pub(super) fn copy_build(inputs: &Inputs<'_>, dir: &str, script: &str, base: &str, files: &mut FileSet) {
    let Some(bytes) = inputs.assets.read(&below(dir, script)) else { return };
    let text = String::from_utf8_lossy(&bytes).into_owned();
    let named = super::slice::lex::scan(&text, &[]).strings;
    if super::file_set::is_inside(script) {
        files.bytes(format!("{base}/{script}"), bytes);
    }
    for path in named {
        let path = path.split('=').next_back().unwrap_or("").trim_start_matches("./").trim_end_matches('/');
        if !super::file_set::is_inside(path) || path == script || path.starts_with("src") {
            continue;
        }
        let own = below(dir, path);
        for found in inputs.assets.under(&own).into_iter().chain([own.clone()]) {
            if let Some(bytes) = inputs.assets.read(&found)
                && let Some(relative) =
                    if dir.is_empty() { Some(found.as_str()) } else { found.strip_prefix(&format!("{dir}/")) }
            {
                files.bytes(format!("{base}/{relative}"), bytes);
            }
        }
    }
}

/// The prepared data of checked queries that moved.
fn query_data(inputs: &Inputs<'_>, dir: &str, moved: &Closure, base: &str, files: &mut FileSet) {
    let own = if dir.is_empty() { ".sqlx".to_owned() } else { format!("{dir}/.sqlx") };
    for folder in [own, ".sqlx".to_owned()] {
        for path in inputs.assets.under(&folder) {
            let Some(bytes) = inputs.assets.read(&path) else { continue };
            let query = serde_json::from_slice::<serde_json::Value>(&bytes)
                .ok()
                .and_then(|data| data.get("query")?.as_str().map(str::to_owned));
            let name = path.rsplit('/').next().unwrap_or_default().to_owned();
            if query.is_none_or(|query| moved.strings.contains(&query)) {
                files.bytes(format!("{base}/.sqlx/{name}"), bytes);
            }
        }
    }
}
