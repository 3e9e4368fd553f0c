//! What was observed beside the source: run-time counts and the repository's history.

use expect_test::{Expect, expect};

use super::SHOP;
use crate::base::FileId;
use crate::model::{File, Model, Plan};
use crate::propose::explain::title;
use crate::propose::{Commit, Observed, Options, Traces, propose};
use crate::testing::model;

fn planned(model: &Model, observed: Observed) -> Plan {
    // Heavy, so that it is among the strongest evidence.
    let weights = [("history".to_owned(), 9_000)].into();
    propose(model, &Options { observed, weights, ..Options::default() }).unwrap()
}

/// What the placement of the function `name` says of `criterion`.
fn said(model: &Model, plan: &Plan, name: &str, criterion: &str) -> Vec<String> {
    let placement = plan.placements.iter().find(|it| title(model, it.node) == format!("`{name}`")).unwrap();
    let reasons = placement.evidence.iter().filter(|it| it.criterion == criterion);
    reasons.map(|it| it.text.clone()).collect()
}

#[expect(clippy::needless_pass_by_value)]
fn reads(text: &str, expected: Expect) {
    let out = match Traces::parse(text) {
        Ok(traces) => {
            let calls = traces.calls.iter().map(|(a, b, n)| format!("{a} -> {b} {n}\n"));
            let spans =
                traces.spans.iter().map(|it| format!("{} under {:?}\n", it.names.join(" | "), it.parent));
            calls.chain(spans).collect()
        }
        Err(message) => format!("{message}\n"),
    };
    expected.assert_eq(&out);
}

#[test]
fn counts_are_read_from_csv() {
    reads(
        "caller,callee,count\nGET /items,catalog::list,40\n\"a, b\",c,2\n",
        expect![[r#"
            GET /items -> catalog::list 40
            a, b -> c 2
        "#]],
    );
}

#[test]
fn a_wrong_count_is_told_with_its_line() {
    reads(
        "caller,callee,count\na,b,often\n",
        expect![[r#"
        line 2: `often` is no count
    "#]],
    );
    reads(
        "a,b\n",
        expect![[r#"
        line 1: caller, callee and count are wanted
    "#]],
    );
}

#[test]
fn counts_are_read_from_json_in_three_shapes() {
    reads(
        r#"[{"caller":"a","callee":"b","count":3}]"#,
        expect![[r#"
        a -> b 3
    "#]],
    );
    reads(
        r#"{"calls":[{"caller":"a","callee":"b"}]}"#,
        expect![[r#"
        a -> b 1
    "#]],
    );
    reads(
        "{\"caller\":\"a\",\"callee\":\"b\",\"count\":3}\n{\"caller\":\"b\",\"callee\":\"c\",\"count\":1}",
        expect![[r#"
            a -> b 3
            b -> c 1
        "#]],
    );
    reads(
        r#"{"rows":[]}"#,
        expect![[r#"
        neither resourceSpans nor rows of caller, callee and count were found
    "#]],
    );
}

#[test]
fn a_span_finds_its_parent_in_a_later_document() {
    let child = r#"{"resourceSpans":[{"scopeSpans":[{"spans":[
        {"traceId":"t","spanId":"2","parentSpanId":"1","name":"list","attributes":[
            {"key":"code.namespace","value":{"stringValue":"shop::catalog"}},
            {"key":"code.function","value":{"stringValue":"list"}}]},
        {"traceId":"other","spanId":"3","parentSpanId":"1","name":"alone"}]}]}]}"#;
    let parent = r#"{"resourceSpans":[{"scopeSpans":[{"spans":[
        {"traceId":"t","spanId":"1","name":"request","attributes":[
            {"key":"http.request.method","value":{"stringValue":"GET"}},
            {"key":"http.route","value":{"stringValue":"/items"}}]}]}]}]}"#;
    reads(
        &format!("{child}\n{parent}\n"),
        expect![[r#"
            shop::catalog::list | list | list under Some(2)
            alone under None
            GET /items | request under None
        "#]],
    );
}

#[test]
fn what_was_seen_to_run_is_a_reason() {
    let model = model(SHOP);
    let traces =
        Traces::parse("GET /items/:id,catalog::show,9\norders::place,catalog::reserve,900\n").unwrap();
    let plan = planned(&model, Observed { traces: Some(traces), ..Observed::default() });
    let scores = |name: &str| {
        let placement = plan.placements.iter().find(|it| title(&model, it.node) == format!("`{name}`"));
        placement.unwrap().scores.get("trace").copied()
    };
    assert!(
        scores("show").is_some_and(|score| score > 0),
        "a route is known however its parameter is written"
    );
    assert_eq!(scores("login"), None, "nobody saw it run");
}

#[test]
fn the_nearest_known_ancestor_of_a_span_is_its_caller() {
    let model = model(SHOP);
    let span = |name: &str, parent| crate::propose::Span { names: vec![name.into()], parent };
    let spans = vec![span("GET /items", None), span("tower", Some(0)), span("shop::catalog::list", Some(1))];
    let plan =
        planned(&model, Observed { traces: Some(Traces { spans, ..Traces::default() }), history: None });
    expect![[r#"
        [
            ObservedSource {
                kind: "traces",
                used: 2,
                left_out: 1,
                unknown: [
                    "tower",
                ],
            },
        ]
    "#]]
    .assert_debug_eq(&plan.observed);
    assert!(plan.placements.iter().any(|it| it.scores.contains_key("trace")));
}

/// The shop with the functions of `names` in a file of their own.
fn moved(names: &[&str], path: &str, model: &mut Model) {
    let file = model.files.push(File { path: path.into(), hash: String::new(), n_lines: 0, parsed: true });
    for id in model.functions.ids() {
        if names.contains(&model.functions[id].path.to_string().as_str()) {
            model.functions[id].place.file = file;
        }
    }
}

fn commits(n: usize, author: &str, files: &[&str]) -> Vec<Commit> {
    let files = files.iter().map(|&file| file.to_owned()).collect();
    vec![Commit { author: author.into(), files }; n]
}

#[test]
fn what_changed_together_is_a_reason() {
    let mut model = model(SHOP);
    moved(&["shop::catalog::reserve"], "src/reserve.rs", &mut model);
    moved(&["shop::catalog::add"], "src/add.rs", &mut model);
    let mut history = commits(4, "ann", &["src/reserve.rs", "src/add.rs"]);
    history.extend(commits(1, "bob", &["src/add.rs"]));
    history.extend(commits(9, "bob", &["README.md"]));
    let plan = planned(&model, Observed { history: Some(history), traces: None });
    expect![[r#"
        [
            "src/reserve.rs and src/add.rs changed together in 4 of 5 commits",
        ]
    "#]]
    .assert_debug_eq(&said(&model, &plan, "reserve", "history"));
    assert_eq!((plan.observed[0].used, plan.observed[0].left_out), (5, 9));
}

#[test]
fn a_commit_of_many_files_says_nothing() {
    let mut model = model(SHOP);
    moved(&["shop::catalog::reserve"], "src/reserve.rs", &mut model);
    moved(&["shop::catalog::add"], "src/add.rs", &mut model);
    let others: Vec<String> = (0..40).map(|at| format!("src/other{at}.rs")).collect();
    let mut files = vec!["src/reserve.rs", "src/add.rs"];
    files.extend(others.iter().map(String::as_str));
    let plan = planned(&model, Observed { history: Some(commits(9, "ann", &files)), traces: None });
    assert!(plan.placements.iter().all(|it| !it.scores.contains_key("history")));
    assert_eq!(plan.observed[0].left_out, 9);
}

#[test]
fn two_authors_tie_what_each_changes_mostly() {
    let mut model = model(SHOP);
    moved(&["shop::catalog::reserve"], "src/reserve.rs", &mut model);
    moved(&["shop::catalog::add", "shop::catalog::list"], "src/add.rs", &mut model);
    let mut history = commits(3, "ann", &["src/reserve.rs"]);
    history.extend(commits(3, "ann", &["src/add.rs"]));
    history.extend(commits(5, "bob", &["src/lib.rs"]));
    let plan = planned(&model, Observed { history: Some(history), traces: None });
    assert_eq!(model.functions.iter().filter(|it| it.place.file != FileId(0)).count(), 3);
    let scores = plan.placements.iter().find(|it| title(&model, it.node) == "`reserve`").unwrap();
    assert!(scores.scores.get("authors").is_some_and(|&score| score > 0), "{:?}", scores.scores);
}

#[test]
fn nothing_observed_leaves_no_trace() {
    let plan = planned(&model(SHOP), Observed::default());
    assert!(plan.observed.is_empty());
}
