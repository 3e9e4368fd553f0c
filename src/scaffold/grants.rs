//! What moved code may do with services of AWS, read off the calls of their SDK.

use std::collections::BTreeSet;

use crate::model::{FunctionId, Model, ResourceKind, TableOp};

/// Some actions on some resources of one service.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Grant {
    /// `Sqs`; where its resources are not all known, `SqsResources` is a parameter of the template.
    pub service: &'static str,
    /// `sqs:SendMessage`, sorted.
    pub actions: Vec<&'static str>,
    /// The resources, with `${…}` of CloudFormation in them; empty where not all are known.
    pub resources: Vec<String>,
}

/// Crate, service, and its methods with their actions.
type Sdk = (&'static str, &'static str, &'static [(&'static str, &'static str)]);

const SDKS: &[Sdk] = &[
    (
        "aws_sdk_dynamodb",
        "DynamoDb",
        &[
            ("batch_get_item", "dynamodb:BatchGetItem"),
            ("batch_write_item", "dynamodb:BatchWriteItem"),
            ("delete_item", "dynamodb:DeleteItem"),
            ("get_item", "dynamodb:GetItem"),
            ("put_item", "dynamodb:PutItem"),
            ("query", "dynamodb:Query"),
            ("scan", "dynamodb:Scan"),
            ("update_item", "dynamodb:UpdateItem"),
        ],
    ),
    ("aws_sdk_eventbridge", "EventBridge", &[("put_events", "events:PutEvents")]),
    ("aws_sdk_kms", "Kms", &[("decrypt", "kms:Decrypt"), ("encrypt", "kms:Encrypt"), ("sign", "kms:Sign")]),
    ("aws_sdk_lambda", "Lambda", &[("invoke", "lambda:InvokeFunction")]),
    (
        "aws_sdk_s3",
        "S3",
        &[
            ("copy_object", "s3:PutObject"),
            ("delete_object", "s3:DeleteObject"),
            ("delete_objects", "s3:DeleteObject"),
            ("get_object", "s3:GetObject"),
            ("head_object", "s3:GetObject"),
            ("list_objects_v2", "s3:ListBucket"),
            ("put_object", "s3:PutObject"),
        ],
    ),
    ("aws_sdk_secretsmanager", "Secrets", &[("get_secret_value", "secretsmanager:GetSecretValue")]),
    ("aws_sdk_sesv2", "Ses", &[("send_email", "ses:SendEmail")]),
    ("aws_sdk_sns", "Sns", &[("publish", "sns:Publish")]),
    (
        "aws_sdk_sqs",
        "Sqs",
        &[
            ("delete_message", "sqs:DeleteMessage"),
            ("receive_message", "sqs:ReceiveMessage"),
            ("send_message", "sqs:SendMessage"),
            ("send_message_batch", "sqs:SendMessage"),
        ],
    ),
    (
        "aws_sdk_ssm",
        "Ssm",
        &[("get_parameter", "ssm:GetParameter"), ("get_parameters_by_path", "ssm:GetParametersByPath")],
    ),
];

/// What the `kept` functions may do; `externs` are the crates that moved text names, `idents` its identifiers.
pub(super) fn grants(
    model: &Model,
    kept: &BTreeSet<FunctionId>,
    externs: &BTreeSet<String>,
    idents: &BTreeSet<String>,
) -> Vec<Grant> {
    SDKS.iter()
        .filter(|(krate, _, _)| externs.contains(*krate))
        .filter_map(|(krate, service, methods)| {
            let called = methods.iter().filter(|(method, _)| idents.contains(*method));
            let actions: BTreeSet<&str> = called.map(|(_, action)| *action).collect();
            let resources = match *krate {
                "aws_sdk_dynamodb" => tables(model, kept),
                "aws_sdk_s3" => buckets(model, kept, actions.contains("s3:ListBucket")),
                _ => None,
            };
            (!actions.is_empty()).then(|| Grant {
                service,
                actions: actions.into_iter().collect(),
                resources: resources.unwrap_or_default(),
            })
        })
        .collect()
}

/// A name as ARNs may hold it.
fn is_plain(name: &str) -> bool {
    !name.is_empty()
        && name.chars().all(|letter| letter.is_ascii_alphanumeric() || matches!(letter, '.' | '-' | '_'))
}

fn tables(model: &Model, kept: &BTreeSet<FunctionId>) -> Option<Vec<String>> {
    let accesses = model.accesses.iter().filter(|access| kept.contains(&access.function));
    let mut read = BTreeSet::new();
    let names: BTreeSet<&str> = accesses
        .inspect(|access| read.extend((access.op == TableOp::Read).then_some(access.table)))
        .map(|access| model.tables[access.table].name.as_str())
        .collect();
    let arn = |name: &str| {
        format!("arn:${{AWS::Partition}}:dynamodb:${{AWS::Region}}:${{AWS::AccountId}}:table/{name}")
    };
    let mut out = Vec::new();
    for name in names {
        if !is_plain(name) {
            return None;
        }
        out.push(arn(name));
        // Queries may go by an index.
        if read.iter().any(|&table| model.tables[table].name == name) {
            out.push(format!("{}/index/*", arn(name)));
        }
    }
    (!out.is_empty()).then_some(out)
}

fn buckets(model: &Model, kept: &BTreeSet<FunctionId>, lists: bool) -> Option<Vec<String>> {
    let uses = model.resource_uses.iter().filter(|used| kept.contains(&used.function));
    let resources = uses.map(|used| &model.resources[used.resource]);
    let names: BTreeSet<&str> = resources
        .filter(|resource| resource.kind == ResourceKind::Bucket)
        .map(|resource| resource.name.as_str())
        .collect();
    if names.is_empty() || !names.iter().all(|name| is_plain(name)) {
        return None;
    }
    let arn = |name: &str| format!("arn:${{AWS::Partition}}:s3:::{name}");
    let of = |name: &&str| [Some(format!("{}/*", arn(name))), lists.then(|| arn(name))];
    Some(names.iter().flat_map(of).flatten().collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::Place;
    use crate::model::{Certainty, Resource, ResourceUse, Table, TableAccess};
    use crate::scaffold::slice::testing::Fixture;

    fn names(all: &[&str]) -> BTreeSet<String> {
        all.iter().map(|name| (*name).to_owned()).collect()
    }

    #[test]
    fn only_what_is_called_is_allowed() {
        let files = [("src/lib.rs".to_owned(), "pub async fn place() {}\n".to_owned())];
        let mut model = Fixture::new(&files, &[("shop", "src/lib.rs")], &[]).model;
        let function = model.functions.ids().next().unwrap();
        let site: Place = model.functions[function].place;
        let table = model.tables.push(Table {
            name: "orders".into(),
            view: false,
            declared_at: None,
            columns: Vec::new(),
            foreign_keys: Vec::new(),
            derived_from: Vec::new(),
        });
        let (op, certainty, in_loop, joined) = (TableOp::Insert, Certainty::Certain, false, false);
        model.accesses.push(TableAccess { function, site, table, op, certainty, in_loop, joined });
        let resource = model.resources.push(Resource { kind: ResourceKind::Bucket, name: "receipts".into() });
        model.resource_uses.push(ResourceUse { function, resource, site });
        let idents = names(&["put_item", "get_object", "send_message", "put_events"]);
        let externs = names(&["aws_sdk_dynamodb", "aws_sdk_s3", "aws_sdk_sqs", "axum"]);
        let found = grants(&model, &[function].into(), &externs, &idents);
        let shown: Vec<String> =
            found.iter().map(|grant| format!("{:?} on {:?}", grant.actions, grant.resources)).collect();
        expect_test::expect![[r#"
            ["dynamodb:PutItem"] on ["arn:${AWS::Partition}:dynamodb:${AWS::Region}:${AWS::AccountId}:table/orders"]
            ["s3:GetObject"] on ["arn:${AWS::Partition}:s3:::receipts/*"]
            ["sqs:SendMessage"] on []"#]]
        .assert_eq(&shown.join("\n"));
    }
}
