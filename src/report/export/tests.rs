//! Each document by example, and the promise of its keys.

use expect_test::{Expect, expect};

use crate::testing::sample;

use super::{Format, What, export};

const SHOP: &str = "
service orders
table orders id stock_id>stock!
fn orders::place POST /orders
  tx
  insert orders
  update stock
  each stock::reserve
service stock
table stock id left
fn stock::reserve
  update stock
  opaque notify untyped-receiver
step orders-http high it pays | a transaction over orders and stock
shell
fn main::health GET /health
";

fn check(what: What, format: Format, expected: Expect) {
    let (_, model, plan) = sample::build(SHOP);
    expected.assert_eq(&export(what, format, &model, &plan, false).unwrap());
}

#[test]
fn calls() {
    check(
        What::Calls,
        Format::Csv,
        expect![[r#"
        caller,callee,file,line,kind,certainty,reason
        rental::orders::place,rental::stock::reserve,src/orders.rs,11,path,certain,
        rental::stock::reserve,notify,src/stock.rs,8,,unresolved,untyped-receiver
    "#]],
    );
    check(
        What::Calls,
        Format::Jsonl,
        expect![[r#"
        {"schema":"splitter-calls/1"}
        {"caller":{"path":"rental::orders::place","name":"place","file":"src/orders.rs","line":6},"callee":{"path":"rental::stock::reserve","name":"reserve","file":"src/stock.rs","line":6},"site":{"file":"src/orders.rs","line":11},"kind":"path","certainty":"certain"}
        {"caller":{"path":"rental::stock::reserve","name":"reserve","file":"src/stock.rs","line":6},"site":{"file":"src/stock.rs","line":8},"name":"notify","reason":"untyped-receiver"}
    "#]],
    );
}

#[test]
fn an_entry_point_of_the_shell_has_no_service() {
    check(
        What::EntryPoints,
        Format::Json,
        expect![[r#"
        {
          "schema": "splitter-entry-points/1",
          "entry_points": [
            {
              "kind": "http",
              "method": "GET",
              "path": "/health",
              "handler": "rental::main::health",
              "file": "src/main.rs",
              "line": 6,
              "declared_at": {
                "file": "src/main.rs",
                "line": 6
              },
              "service": null,
              "deployable": null,
              "guards": []
            },
            {
              "kind": "http",
              "method": "POST",
              "path": "/orders",
              "handler": "rental::orders::place",
              "file": "src/orders.rs",
              "line": 6,
              "declared_at": {
                "file": "src/orders.rs",
                "line": 6
              },
              "service": "orders",
              "deployable": "orders-http",
              "guards": []
            }
          ]
        }
    "#]],
    );
}

#[test]
fn tables_with_their_owner_and_accesses() {
    check(
        What::Tables,
        Format::Jsonl,
        expect![[r#"
        {"schema":"splitter-tables/1"}
        {"name":"orders","kind":"table","service":"orders","declared_at":{"file":"migrations/0001_init.sql","line":2},"columns":[{"name":"id","type":"text","primary_key":true,"nullable":false},{"name":"stock_id","type":"text","primary_key":false,"nullable":false}],"foreign_keys":[{"columns":["stock_id"],"table":"stock","on_delete":"cascade"}],"access":[{"function":"rental::orders::place","file":"src/orders.rs","line":6,"site":{"file":"src/orders.rs","line":8},"op":"insert","certainty":"certain"}]}
        {"name":"stock","kind":"table","service":"stock","declared_at":{"file":"migrations/0001_init.sql","line":3},"columns":[{"name":"id","type":"text","primary_key":true,"nullable":false},{"name":"left","type":"text","primary_key":false,"nullable":false}],"foreign_keys":[],"access":[{"function":"rental::orders::place","file":"src/orders.rs","line":6,"site":{"file":"src/orders.rs","line":9},"op":"update","certainty":"certain"},{"function":"rental::stock::reserve","file":"src/stock.rs","line":6,"site":{"file":"src/stock.rs","line":7},"op":"update","certainty":"certain"}]}
    "#]],
    );
}

#[test]
fn transactions_with_the_services_that_they_write() {
    check(
        What::Transactions,
        Format::Jsonl,
        expect![[r#"
        {"schema":"splitter-transactions/1"}
        {"opened_by":{"path":"rental::orders::place","name":"place","file":"src/orders.rs","line":6},"site":{"file":"src/orders.rs","line":7},"functions":["rental::orders::place"],"tables":["orders","stock"],"writes":["orders","stock"],"services":["orders","stock"],"escapes":[]}
    "#]],
    );
}

#[test]
fn cuts_worst_first() {
    check(
        What::Cuts,
        Format::Csv,
        expect![[r#"
        severity,kind,from,to,function,target,file,line,in_loop,needs_result,remedy
        blocker,transaction,orders,stock,rental::orders::place,stock,src/orders.rs,7,false,true,"keep the writers together, or an outbox with an idempotent consumer"
        blocker,data,orders,stock,rental::orders::place,stock,src/orders.rs,9,false,true,"one owner: let the owning service write, on a call or an event"
        high,call,orders,stock,rental::orders::place,rental::stock::reserve,src/orders.rs,11,true,true,ask for all of them at once: a batch endpoint that takes the ids and gives a map
    "#]],
    );
}

#[test]
fn steps_and_services() {
    check(
        What::Steps,
        Format::Jsonl,
        expect![[r#"
        {"schema":"splitter-steps/1"}
        {"service":"orders","deployable":"orders-http","entry_points":["POST /orders"],"why":["it pays"],"risk":"high","blocked_by":["a transaction over orders and stock"]}
    "#]],
    );
    check(
        What::Services,
        Format::Csv,
        expect![[r#"
        service,kind,name,deployable
        orders,entry-point,POST /orders,orders-http
        orders,table,orders,
        orders,function,rental::orders::place,
        stock,table,stock,
        stock,function,rental::stock::reserve,
        shell,function,rental::main::health,
    "#]],
    );
}

#[test]
fn the_neutral_graph() {
    check(
        What::Graph,
        Format::Json,
        expect![[r#"
        {
          "format": "splitter-graph",
          "major": 1,
          "name": "rental",
          "nodes": [
            {
              "id": "rental::main::health",
              "kind": "function",
              "words": [
                "main",
                "health"
              ]
            },
            {
              "id": "rental::orders::place",
              "kind": "function",
              "words": [
                "orders",
                "place"
              ]
            },
            {
              "id": "rental::stock::reserve",
              "kind": "function",
              "words": [
                "stock",
                "reserve"
              ]
            }
          ],
          "edges": [
            {
              "from": "rental::orders::place",
              "to": "rental::stock::reserve",
              "criterion": "calls",
              "weight": 1
            }
          ],
          "accesses": [
            {
              "node": "rental::orders::place",
              "table": "orders",
              "op": "write"
            },
            {
              "node": "rental::orders::place",
              "table": "stock",
              "op": "write"
            },
            {
              "node": "rental::stock::reserve",
              "table": "stock",
              "op": "write"
            }
          ],
          "use_cases": [
            {
              "name": "GET /health",
              "nodes": [
                "rental::main::health"
              ]
            },
            {
              "name": "POST /orders",
              "nodes": [
                "rental::orders::place",
                "rental::stock::reserve"
              ]
            }
          ],
          "pins": []
        }
    "#]],
    );
}

#[test]
fn the_map_for_drawing_programs() {
    check(
        What::Dot,
        Format::Dot,
        expect![[r#"
        digraph "rental" {
          rankdir=LR;
          node [shape=box, fontname="Helvetica"];
          edge [fontname="Helvetica"];
          s0 [label="orders\n1 entry point, 1 table"];
          s1 [label="stock\n0 entry points, 1 table"];
          s0 -> s1 [label="1 call, 1 data, 1 transaction", penwidth=1.8];
        }
    "#]],
    );
    check(
        What::Mermaid,
        Format::Mermaid,
        expect![[r#"
        flowchart LR
          s0["orders<br/>1 entry point, 1 table"]
          s1["stock<br/>0 entry points, 1 table"]
          s0 -->|"1 call, 1 data, 1 transaction"| s1
    "#]],
    );
    check(
        What::Graphml,
        Format::Graphml,
        expect![[r#"
        <?xml version="1.0" encoding="UTF-8"?>
        <graphml xmlns="http://graphml.graphdrawing.org/xmlns">
          <key id="name" for="node" attr.name="name" attr.type="string"/>
          <key id="entry_points" for="node" attr.name="entry_points" attr.type="int"/>
          <key id="functions" for="node" attr.name="functions" attr.type="int"/>
          <key id="tables" for="node" attr.name="tables" attr.type="int"/>
          <key id="cuts" for="edge" attr.name="cuts" attr.type="int"/>
          <key id="kinds" for="edge" attr.name="kinds" attr.type="string"/>
          <graph edgedefault="directed">
            <node id="s0"><data key="name">orders</data><data key="entry_points">1</data><data key="functions">1</data><data key="tables">1</data></node>
            <node id="s1"><data key="name">stock</data><data key="entry_points">0</data><data key="functions">1</data><data key="tables">1</data></node>
            <edge source="s0" target="s1"><data key="cuts">3</data><data key="kinds">1 call, 1 data, 1 transaction</data></edge>
          </graph>
        </graphml>
    "#]],
    );
}

#[test]
fn a_large_map_has_at_most_thirty_boxes() {
    let outline: String = (0..80)
        .map(|n| {
            let next = (n + 1) % 80;
            format!("service s{n:02}\nfn s{n:02}::f GET /s{n:02}\n  call s{next:02}::f\n")
        })
        .collect();
    let (_, model, plan) = sample::build(&outline);
    let text = export(What::Mermaid, Format::Mermaid, &model, &plan, false).unwrap();
    assert_eq!(text.lines().filter(|line| line.contains("[\"")).count(), 30);
    assert!(text.contains("51 more services"), "{text}");
}

#[test]
fn a_wrong_format_says_which_are_right() {
    let (_, model, plan) = sample::build(SHOP);
    let error = export(What::Dot, Format::Csv, &model, &plan, false).unwrap_err();
    assert_eq!(error.to_string(), "dot cannot be written as csv; choose --format dot");
}

#[test]
fn test_code_is_left_out_unless_asked_for() {
    let (_, mut model, plan) = sample::build(SHOP);
    for function in model.functions.iter_mut() {
        function.test |= function.name == "place";
    }
    let count = |tests| {
        let text = export(What::Tables, Format::Csv, &model, &plan, tests).unwrap();
        text.matches("orders::place").count()
    };
    assert_eq!((count(false), count(true)), (0, 2));
}

#[test]
fn cells_that_a_spreadsheet_would_run_are_text() {
    let mut csv = super::Csv::default();
    csv.row(["=1+1", "a,b", "say \"x\"", "-", "plain"]);
    assert_eq!(csv.finish(), "\"'=1+1\",\"a,b\",\"say \"\"x\"\"\",-,plain\n");
}

#[test]
fn every_word_is_read_back() {
    for what in What::ALL {
        assert_eq!(What::parse(what.as_str()), Some(what));
    }
    for format in Format::ALL {
        assert_eq!(Format::parse(format.as_str()), Some(format));
    }
}
