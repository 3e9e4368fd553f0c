//! What the page's script reads: the split in a machine's words, small.

use serde::Serialize;

use super::View;

/// The content of the page's data block.
#[derive(Serialize)]
pub(super) struct Data<'a> {
    schema: &'static str,
    name: &'a str,
    services: Vec<Service<'a>>,
    /// From, to (indexes into `services`), number of cut edges.
    cuts: Vec<(usize, usize, usize)>,
}

#[derive(Serialize)]
struct Service<'a> {
    name: &'a str,
    entry_points: usize,
    functions: usize,
    tables: Vec<&'a str>,
}

impl<'a> Data<'a> {
    pub fn new(view: &View<'a>) -> Self {
        let services = (view.plan.services.iter())
            .map(|service| Service {
                name: &service.name,
                entry_points: service.entry_points.len(),
                functions: service.functions.len(),
                tables: service.tables.iter().map(|&table| &*view.model.tables[table].name).collect(),
            })
            .collect();
        let map = crate::report::service_map::ServiceMap::new(view.model, view.plan, usize::MAX);
        let cuts = map.edges.iter().map(|edge| (edge.from, edge.to, edge.total())).collect();
        Self { schema: "splitter-report/1", name: &view.model.name, services, cuts }
    }
}
