//! Applications that are large, and applications that are hostile.

use std::fmt::Write as _;

use splitter::base::{DefPath, SourceFile, Sources};
use splitter::model::{Model, Plan};

use super::{RENTAL, build};

/// A large application: 14 services, 60 tables, 2,000 functions, some 500 cut edges.
pub fn large() -> String {
    const SERVICES: usize = 14;
    let mut outline = String::new();
    for service in 0..SERVICES {
        let _ = writeln!(outline, "service domain-{service:02}");
        for table in (service..60).step_by(SERVICES) {
            let _ = writeln!(outline, "table t{table:02}_records id name status");
        }
        for n in (service..2000).step_by(SERVICES) {
            let entry =
                if n < 420 { format!(" GET /api/domain-{service:02}/things/{n}") } else { String::new() };
            let _ = writeln!(outline, "fn domain{service:02}::part{:02}::work_{n:04}{entry}", n / 140);
            let _ = writeln!(
                outline,
                "  read t{:02}_records",
                (n * 7 + service) % 60 / SERVICES * SERVICES + service.min(3)
            );
            if n + SERVICES < 2000 {
                let next = n + SERVICES;
                let _ = writeln!(outline, "  call domain{service:02}::part{:02}::work_{next:04}", next / 140);
            }
            if n % 5 == 0 {
                let other = (service + 1 + n % 3) % SERVICES;
                let callee = other + SERVICES * (n % 100);
                let verb = if n % 35 == 0 { "each" } else { "call" };
                let _ =
                    writeln!(outline, "  {verb} domain{other:02}::part{:02}::work_{callee:04}", callee / 140);
            }
            if n % 41 == 0 {
                let _ = writeln!(outline, "  update t{:02}_records", (n * 13) % 60);
            }
        }
        let _ = writeln!(outline, "step domain-{service:02}-http medium it is next");
    }
    outline
}

/// The rental platform, renamed by somebody who hates reports.
pub fn hostile() -> (Sources, Model, Plan) {
    const NAMES: [&str; 6] = [
        "</script><script>window.hit = 1</script>",
        "<img src=x onerror=\"window.hit = 2\">",
        "\"'><svg onload=window.hit=3>",
        "\u{202e}drawkcab\u{202c} \u{200b}hidden",
        "a-name-that-goes-on-and-on-without-ever-stopping-to-take-a-breath-for-the-reader-of-it-and-then-some-more-of-the-same",
        "{{ name }} {% include %} ${window.hit=4} &lt;b&gt; `code`",
    ];
    let (sources, mut model, mut plan) = build(RENTAL);
    let name = |idx: usize| NAMES[idx % NAMES.len()].to_string();
    model.name = name(0);
    for (idx, service) in plan.services.iter_mut().enumerate() {
        service.name = format!("{}{idx}", name(idx));
        service.words = vec![name(idx + 1)];
        for deployable in &mut service.deployables {
            deployable.name = name(idx + 2);
        }
    }
    for (idx, table) in model.tables.iter_mut().enumerate() {
        table.name = name(idx);
    }
    for (idx, function) in model.functions.iter_mut().enumerate() {
        function.path = DefPath::new(format!("rental::{}", name(idx)));
    }
    for (idx, entry) in model.entry_points.iter_mut().enumerate() {
        entry.path = Some(format!("/{}", name(idx)));
        entry.schedule = Some(name(idx + 1));
    }
    for (idx, file) in model.files.iter_mut().enumerate() {
        file.path = format!("{}.rs", name(idx));
    }
    for (idx, call) in model.unresolved.iter_mut().enumerate() {
        call.name = name(idx);
        call.reason = name(idx + 1);
    }
    for (idx, step) in plan.steps.iter_mut().enumerate() {
        step.deployable = name(idx);
        step.why.push(name(idx + 1));
        step.blocked_by.push(name(idx + 2));
    }
    for (idx, cut) in plan.cuts.iter_mut().enumerate() {
        cut.remedy = name(idx);
    }
    for spot in &mut model.blind_spots {
        spot.message = NAMES.join(" ");
        spot.help = Some(NAMES.join(" "));
    }
    plan.verdict.summary = NAMES.join(" ");
    plan.verdict.reasons = NAMES.map(String::from).to_vec();
    let files = (sources.files.iter()).map(|file| {
        SourceFile::new(&*file.path, &file.text.replace("let found", &format!("let {}", NAMES.join(" "))))
    });
    let sources = Sources { files: files.collect() };
    (sources, model, plan)
}
