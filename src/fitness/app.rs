//! What every check reads, and where it puts what it finds.

use std::collections::BTreeSet;

use crate::base::{Code, IndexVec, Place, Severity};
use crate::model::{
    CallKind, CutEdge, CutKind, Finding, FunctionId, Home, Homes, Model, Plan, ServiceId, TableId,
};

use super::Detector;

/// Model and plan with what is looked up again and again.
pub(super) struct App<'a> {
    pub model: &'a Model,
    pub plan: &'a Plan,
    pub homes: Homes,
    /// Indexes into `plan.cuts` per function.
    pub cuts_of: IndexVec<FunctionId, Vec<u32>>,
    /// All code is of this one crate: `shop::`.
    prefix: Option<String>,
}

impl<'a> App<'a> {
    pub fn new(model: &'a Model, plan: &'a Plan) -> Self {
        let mut cuts_of: IndexVec<FunctionId, Vec<u32>> = vec![Vec::new(); model.functions.len()].into();
        for (idx, cut) in plan.cuts.iter().enumerate() {
            cuts_of[cut.function].push(u32::try_from(idx).expect("fewer than 2^32 cuts"));
        }
        let mut crates = model.functions.iter().filter(|function| !function.test).map(|f| f.path.krate());
        let prefix = (crates.next())
            .filter(|first| crates.all(|krate| krate == *first))
            .map(|krate| format!("{krate}::"));
        Self { model, plan, homes: Homes::new(model, plan), cuts_of, prefix }
    }
    /// Whether a function counts: test code does not.
    pub fn live(&self, function: FunctionId) -> bool {
        !self.model.functions[function].test
    }
    pub fn service(&self, function: FunctionId) -> Option<ServiceId> {
        self.homes.functions[function].service()
    }
    pub fn service_name(&self, service: ServiceId) -> &'a str {
        &self.plan.services[service].name
    }
    /// The owner of a table, where it is a service.
    pub fn owner(&self, table: TableId) -> Option<ServiceId> {
        self.homes.tables[table].service()
    }
    pub fn table(&self, table: TableId) -> &'a str {
        &self.model.tables[table].name
    }
    /// A definition's path, without the crate where there is only one.
    pub fn short<'t>(&self, path: &'t str) -> &'t str {
        self.prefix.as_deref().and_then(|prefix| path.strip_prefix(prefix)).unwrap_or(path)
    }
    pub fn function(&self, function: FunctionId) -> &'a str {
        self.short(self.model.functions[function].path.as_str())
    }
    /// The cuts of a function that would be a call over the network.
    pub fn remote(&self, function: FunctionId) -> impl Iterator<Item = &'a CutEdge> + '_ {
        self.cuts_of[function]
            .iter()
            .map(|&idx| &self.plan.cuts[idx as usize])
            .filter(|cut| matches!(cut.kind, CutKind::Call | CutKind::Data))
    }
    /// What a function calls by name; functions that it only mentions (routers do) are left out.
    pub fn direct_calls(&self, function: FunctionId) -> impl Iterator<Item = FunctionId> + '_ {
        let from = self.model.calls.partition_point(|call| call.caller < function);
        (self.model.calls[from..].iter())
            .take_while(move |call| call.caller == function)
            .filter(|call| matches!(call.kind, CallKind::Path | CallKind::Method))
            .map(|call| call.callee)
    }
    /// Names of services, sorted: `orders, stock and users`.
    pub fn list(&self, services: &BTreeSet<ServiceId>) -> String {
        join(services.iter().map(|&service| self.service_name(service).to_string()))
    }
}

/// `a`, `a and b`, `a, b and c`; at most five are named.
pub(super) fn join(names: impl IntoIterator<Item = String>) -> String {
    let mut names: Vec<String> = names.into_iter().collect();
    if names.len() > 5 {
        let more = names.len() - 4;
        names.truncate(4);
        names.push(format!("{more} more"));
    }
    match names.as_slice() {
        [] => String::new(),
        [one] => one.clone(),
        [head @ .., last] => format!("{} and {last}", head.join(", ")),
    }
}

/// `1 table`, `3 tables`.
pub(super) fn count(n: usize, one: &str) -> String {
    if n == 1 { format!("1 {one}") } else { format!("{n} {one}s") }
}

/// Collects the findings of one check.
pub(super) struct Found<'f> {
    detector: &'f Detector,
    findings: &'f mut Vec<Finding>,
}

impl<'f> Found<'f> {
    pub fn new(detector: &'f Detector, findings: &'f mut Vec<Finding>) -> Self {
        Self { detector, findings }
    }
    /// Notes a finding; more is said by the methods of what comes back.
    pub fn add(&mut self, severity: Severity, message: impl Into<String>) -> Note<'_> {
        self.findings.push(Finding {
            code: Code::new(self.detector.code),
            severity,
            service: None,
            deployable: None,
            function: None,
            place: None,
            message: message.into(),
            remedy: self.detector.remedy.into(),
        });
        Note(self.findings.last_mut().expect("just pushed"))
    }
}

/// A finding that is being written.
pub(super) struct Note<'n>(&'n mut Finding);

impl Note<'_> {
    pub fn of(self, service: Option<ServiceId>) -> Self {
        self.0.service = service;
        self
    }
    pub fn at(self, place: impl Into<Option<Place>>) -> Self {
        self.0.place = place.into();
        self
    }
    /// In a function; its service too, unless one is given already.
    pub fn within(self, app: &App<'_>, function: impl Into<Option<FunctionId>>) -> Self {
        self.0.function = function.into();
        self.0.service = self.0.service.or(self.0.function.and_then(|function| app.service(function)));
        self
    }
    pub fn deployable(self, name: Option<String>) -> Self {
        self.0.deployable = name;
        self
    }
    pub fn remedy(self, remedy: impl Into<String>) -> Self {
        self.0.remedy = remedy.into();
        self
    }
}

/// Whether the home is a service.
pub(super) fn in_service(home: Home) -> bool {
    matches!(home, Home::Service(_))
}
