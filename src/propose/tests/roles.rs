//! Which entry points are the process's own.

use super::SHOP;
use crate::model::{Model, Parameter};
use crate::propose::{Options, propose};
use crate::testing::model;

fn placed(fixture: &str, title: &str) -> Vec<String> {
    let model = model(&format!("{SHOP}{fixture}"));
    let plan = propose(&model, &Options::default()).unwrap();
    let services = plan.services.iter();
    let holds =
        |ids: &[crate::model::EntryPointId]| ids.iter().any(|&id| model.entry_points[id].title() == title);
    services.filter(|service| holds(&service.entry_points)).map(|service| service.name.clone()).collect()
}

#[test]
fn the_door_of_graphql_is_no_part_of_a_service() {
    let door = "
fn shop::api::graphql
    calls shop::orders::place
POST /graphql -> shop::api::graphql
graphql query.order -> shop::orders::place
";
    assert_eq!(placed(door, "POST /graphql"), [""; 0]);
    let alone = "
fn shop::api::graphql
    calls shop::orders::place
POST /graphql -> shop::api::graphql
";
    assert_eq!(placed(alone, "POST /graphql").len(), 1, "where no field is known it is all there is");
}

#[test]
fn a_root_without_data_says_that_the_process_is_there() {
    let root = "
fn shop::api::hello
    pure
GET / -> shop::api::hello
";
    assert_eq!(placed(root, "GET /"), [""; 0]);
    let home = "
fn shop::api::home
    calls shop::api::newest
fn shop::api::newest
    reads items
GET / -> shop::api::home
";
    assert_eq!(placed(home, "GET /").len(), 1, "a page of the domain");
}

#[test]
fn a_job_that_only_keeps_up_what_its_process_remembers_stays_there() {
    let job = |does: &str| {
        format!(
            "
state shop::prices::KNOWN
fn shop::prices::refresh
    reads items
    {does}
loop refresh -> shop::prices::refresh
"
        )
    };
    assert_eq!(placed(&job("state shop::prices::KNOWN"), "loop refresh"), [""; 0]);
    let writes = job("writes items");
    assert_eq!(placed(&writes, "loop refresh").len(), 1, "what it writes is there for all");
    let tells = job("state shop::prices::KNOWN\n    host prices.example.org");
    assert_eq!(placed(&tells, "loop refresh").len(), 1, "somebody outside is told");
    let tells_nobody = job("pure");
    assert_eq!(placed(&tells_nobody, "loop refresh").len(), 1, "what it does cannot be seen");
}

#[test]
fn a_lock_in_self_is_what_its_process_remembers() {
    let job = "
type shop::prices::Known
fn shop::prices::refresh
    reads items
loop refresh -> shop::prices::refresh
";
    let mut model = model(&format!("{SHOP}{job}"));
    let known = model.types.ids().find(|&id| model.types[id].name == "Known").unwrap();
    let refresh = model.functions.ids().find(|&id| model.functions[id].name == "refresh").unwrap();
    let loops = |model: &Model| {
        let plan = propose(model, &Options::default()).unwrap();
        let ids = plan.services.iter().flat_map(|service| service.entry_points.clone());
        ids.filter(|&id| model.entry_points[id].title() == "loop refresh").count()
    };
    model.functions[refresh].receiver = Some("&self".into());
    model.functions[refresh].self_type = Some(known);
    assert_eq!(loops(&model), 1);
    let lock = Parameter { name: "prices".into(), ty: "RwLock<HashMap<ItemId, Price>>".into() };
    model.types[known].fields.push(lock);
    assert_eq!(loops(&model), 0);
}

#[test]
fn a_loop_that_measures_the_process_stays_there() {
    let report = "\nfn shop::telemetry::report\nloop report-memory -> shop::telemetry::report\n";
    assert_eq!(placed(report, "loop report-memory"), [""; 0]);
    let sales = "\nfn shop::orders::measure\n    reads orders\nloop order-metrics -> shop::orders::measure\n";
    assert_eq!(placed(sales, "loop order-metrics").len(), 1, "figures of the domain");
}

#[test]
fn locks_around_what_is_remembered() {
    use crate::propose::roles::is_lock;
    let locks = ["Arc<RwLock<HashMap<String, Price>>>", "&StdMutex<CacheState>", "Arc<ArcSwap<Keys>>"];
    assert!(locks.into_iter().all(is_lock));
    let others = ["Arc<Mutex<Connection>>", "&Mutex<SmtpTransport>", "Arc<Prices>", "Mutex<Option<PgPool>>"];
    assert!(!others.into_iter().any(is_lock));
}

#[test]
fn a_route_that_no_function_of_the_application_answers_is_no_service() {
    let mut model =
        model(&format!("{SHOP}\nfn shop::elsewhere::raw\n    pure\nANY /raw -> shop::elsewhere::raw\n"));
    let raw = model.entry_points.ids().find(|&id| model.entry_points[id].title() == "ANY /raw").unwrap();
    model.entry_points[raw].handler = None;
    let plan = propose(&model, &Options::default()).unwrap();
    assert!(plan.services.iter().all(|service| service.entry_points != [raw]), "{:?}", plan.services);
}
