//! What the derives of object mappers declare beside a struct, so that paths to it lead somewhere: of
//! SeaORM the entity, its columns and its active model. Types and implementations only; their
//! functions are outside.

use super::super::fragment::parse_fragment;
use super::super::tree::items::{AdtKind, Attrs, Field, ItemIdx, ItemKind, ItemTree, Visibility};
use super::super::tree::types::{GenericArgs, Path, PathStart, Segment, Segments, TypeRef};
use super::{adopt, insert};
use crate::base::{Id, Name};

/// What a derive of this name declares, with `Model` for the struct's name.
const DERIVES: &[(&str, &str)] = &[
    (
        "DeriveEntityModel",
        "#[derive(Clone, Copy, Debug, Default)] pub struct Entity;
        #[derive(Clone, Copy, Debug)] pub enum Column {}
        #[derive(Clone, Copy, Debug)] pub enum PrimaryKey {}
        impl sea_orm::EntityTrait for Entity {
            type Model = Model;
            type Column = Column;
            type Relation = Relation;
            type PrimaryKey = PrimaryKey;
            type ActiveModel = ActiveModel;
        }
        impl sea_orm::ColumnTrait for Column {}",
    ),
    ("DeriveEntityModel", MODEL),
    ("DeriveEntityModel", ACTIVE_MODEL),
    ("DeriveModel", MODEL),
    ("DeriveActiveModel", ACTIVE_MODEL),
    (
        "DeriveEntity",
        "impl sea_orm::EntityTrait for Entity {
            type Model = Model;
            type Column = Column;
            type Relation = Relation;
            type PrimaryKey = PrimaryKey;
            type ActiveModel = ActiveModel;
        }",
    ),
    ("DeriveColumn", "impl sea_orm::ColumnTrait for Column {}"),
];
const MODEL: &str = "impl sea_orm::ModelTrait for Model { type Entity = Entity; }
    impl sea_orm::FromQueryResult for Model {}";
const ACTIVE_MODEL: &str = "#[derive(Clone, Debug, Default, PartialEq)] pub struct ActiveModel {}
    impl sea_orm::ActiveModelTrait for ActiveModel { type Entity = Entity; }
    impl sea_orm::IntoActiveModel<ActiveModel> for Model {}
    impl From<Model> for ActiveModel {}";

/// Puts what derives declare behind the types that they stand at.
pub(super) fn declare(tree: &mut ItemTree) {
    let mut made: Vec<(ItemIdx, Vec<ItemIdx>)> = Vec::new();
    for at in 0..tree.items.len() {
        let idx = ItemIdx::from_usize(at);
        let item = &tree.items[idx];
        let ItemKind::Adt(adt) = &item.kind else { continue };
        if adt.derives.is_empty() || adt.kind == AdtKind::Union {
            continue;
        }
        let names = |name: &str| adt.derives.iter().any(|path| path.last().is_some_and(|last| last == name));
        let texts: Vec<&str> =
            DERIVES.iter().filter(|(name, _)| names(name)).map(|&(_, text)| text).collect();
        if texts.is_empty() {
            continue;
        }
        let fields = adt.variants.first().map_or(&[][..], |variant| &variant.fields);
        let (fields, range) = (fields.to_vec(), item.range);
        let Ok(mut part) = parse_fragment(&texts.join("\n"), range, &[]) else { continue };
        for item in part.items.iter_mut() {
            fill(&mut item.kind, item.name, &fields);
        }
        let tops = std::mem::take(&mut part.top);
        made.push((idx, adopt(tree, idx, part, &tops)));
    }
    if !made.is_empty() {
        insert(tree, &made);
    }
}

/// Gives the columns and the active model what the model's fields say.
fn fill(kind: &mut ItemKind, name: Name, fields: &[Field]) {
    let ItemKind::Adt(adt) = kind else { return };
    let Some(first) = adt.variants.first_mut().filter(|_| name == "ActiveModel") else {
        if name == "Column" {
            adt.variants = fields.iter().map(column).collect();
        }
        return;
    };
    let active = |field: &Field| Field {
        name: field.name,
        ty: active_value(field.ty.clone()),
        attrs: Attrs::default(),
        visibility: Visibility::Public,
    };
    first.fields = fields.iter().map(active).collect();
}

/// `created_at` is `Column::CreatedAt`.
fn column(field: &Field) -> super::super::tree::items::Variant {
    let words = field.name.as_str().split('_').filter(|word| !word.is_empty());
    let capital = |word: &str| {
        let mut letters = word.chars();
        letters.next().into_iter().flat_map(char::to_uppercase).chain(letters).collect::<String>()
    };
    let name: String = words.map(capital).collect();
    super::super::tree::items::Variant {
        name: Name::new(&name),
        fields: Vec::new(),
        form: super::super::tree::items::VariantForm::Unit,
        attrs: Attrs::default(),
    }
}

/// `sea_orm::ActiveValue<T>`.
fn active_value(of: TypeRef) -> TypeRef {
    let args = GenericArgs { types: vec![of], bindings: Vec::new() };
    let segments = [
        Segment { name: Name::new("sea_orm"), args: None },
        Segment { name: Name::new("ActiveValue"), args: Some(Box::new(args)) },
    ];
    TypeRef::Path(Path { start: PathStart::Plain, segments: Segments::from_iter(segments) })
}
