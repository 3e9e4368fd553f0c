//! Methods of gRPC services.

use crate::facts::cx::Cx;
use crate::model::{EntryPoint, EntryPointKind};
use crate::parse::tree::items::ItemKind;
use crate::resolve::DefKind;

use super::entry;

/// Every method of an implementation under `#[tonic::async_trait]`: `Orders/PlaceOrder`.
pub(super) fn services(cx: &Cx) -> Vec<EntryPoint> {
    let krates = ["tonic".to_owned()];
    let mut entries = Vec::new();
    for &def in &cx.def_of {
        let Some(parent) = cx.def(def).parent.filter(|&parent| cx.def(parent).kind == DefKind::Impl) else {
            continue;
        };
        let ItemKind::Impl { trait_: Some(path), .. } = &cx.item(parent).kind else { continue };
        let is_service = cx.item(parent).attrs.list.iter().any(|attr| {
            let names: Vec<&str> = attr.path.segments.iter().map(|segment| segment.name.as_str()).collect();
            // The bare name where it is tonic's own; generated traits live in `…_server`.
            names == ["tonic", "async_trait"]
                || names.last() == Some(&"async_trait")
                    && path.segments.iter().any(|segment| segment.name.as_str().ends_with("_server"))
        });
        if !is_service || cx.def(def).is_test || !cx.depends_on(def, &krates) {
            continue;
        }
        let service = path.last().map_or("", |name| name.as_str());
        let name = format!("{service}/{}", camel(cx.def(def).name.as_str()));
        entries.push(entry(cx, EntryPointKind::Grpc, name, def, cx.place_of(def)));
    }
    entries
}

/// `place_order` is `PlaceOrder`.
fn camel(name: &str) -> String {
    let words = name.split('_').filter(|word| !word.is_empty());
    let upper = |word: &str| word[..1].to_ascii_uppercase() + &word[1..];
    words.map(|word| if word.is_ascii() { upper(word) } else { word.to_owned() }).collect()
}
