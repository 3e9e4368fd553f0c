use expect_test::expect;

use super::check;

#[test]
fn models_whose_fields_are_relations() {
    check(
        r#"
//- /src/lib.rs deps:sea_orm
mod entity;
use entity::{post, tag, user};
use sea_orm::prelude::*;
pub async fn page(db: &DatabaseConnection, email: &str) {
    let author = user::Entity::find_by_email(email).one(db).await?;
    let posts = post::Entity::load().filter_by_id(1).with(tag::Entity).with((user::Entity, post::Entity)).all(db).await?;
    tag::Entity::delete_by_name("old").exec(db).await?;
}
pub async fn write(db: &DatabaseConnection) {
    post::ActiveModel::builder().set_title("a").add_tag(tag::ActiveModel::builder().set_name("b")).save(db).await?;
}
pub async fn append(db: &DatabaseConnection, user: user::ModelEx) {
    let mut author = user.into_active_model();
    author.posts.push(post::ActiveModel::builder().set_title("a"));
    author.save(db).await?;
}
//- /src/entity.rs
pub mod post;
pub mod post_tag;
pub mod tag;
pub mod user;
//- /src/entity/user.rs
use sea_orm::entity::prelude::*;
#[sea_orm::model]
#[derive(Clone, Debug, DeriveEntityModel)]
#[sea_orm(table_name = "users")]
pub struct Model {
    #[sea_orm(primary_key)] pub id: i32,
    #[sea_orm(unique)] pub email: String,
    #[sea_orm(has_many)] pub posts: HasMany<super::post::Entity>,
}
//- /src/entity/post.rs
use sea_orm::entity::prelude::*;
#[sea_orm::model]
#[derive(Clone, Debug, DeriveEntityModel)]
#[sea_orm(table_name = "posts")]
pub struct Model {
    #[sea_orm(primary_key)] pub id: i32,
    pub user_id: i32,
    #[sea_orm(belongs_to, from = "user_id", to = "id", on_delete = "Cascade")] pub author: BelongsTo<super::user::Entity>,
    #[sea_orm(has_many, via = "post_tag")] pub tags: HasMany<super::tag::Entity>,
}
//- /src/entity/tag.rs
use sea_orm::entity::prelude::*;
#[sea_orm::model]
#[derive(Clone, Debug, DeriveEntityModel)]
#[sea_orm(table_name = "tags")]
pub struct Model {
    #[sea_orm(primary_key)] pub id: i32,
    #[sea_orm(unique)] pub name: String,
}
//- /src/entity/post_tag.rs
use sea_orm::entity::prelude::*;
#[sea_orm::model]
#[derive(Clone, Debug, DeriveEntityModel)]
#[sea_orm(table_name = "post_tag")]
pub struct Model { #[sea_orm(primary_key)] pub post_id: i32, #[sea_orm(primary_key)] pub tag_id: i32 }
"#,
        expect![[r#"
            table post_tag
            table posts (user_id)->users
            table tags
            table users
            app::append insert posts @src/lib.rs:14 certain
            app::append insert users @src/lib.rs:15 certain
            app::append update users @src/lib.rs:15 certain
            app::page read users @src/lib.rs:5 certain
            app::page read post_tag @src/lib.rs:6 certain joined
            app::page read posts @src/lib.rs:6 certain
            app::page read posts @src/lib.rs:6 certain joined
            app::page read tags @src/lib.rs:6 certain joined
            app::page read users @src/lib.rs:6 certain joined
            app::page delete tags @src/lib.rs:7 certain
            app::write insert post_tag @src/lib.rs:10 certain
            app::write insert posts @src/lib.rs:10 certain
            app::write update posts @src/lib.rs:10 certain
            app::write insert tags @src/lib.rs:10 certain
        "#]],
    );
}

#[test]
fn what_stands_between_two_entities() {
    check(
        r#"
//- /src/lib.rs deps:sea_orm
mod entity;
use entity::{post, tag, user, user::UserToTag};
use sea_orm::prelude::*;
pub async fn tags(db: &DatabaseConnection, post: post::Model) {
    post.find_related(tag::Entity).all(db).await?;
}
pub async fn of_user(db: &DatabaseConnection) {
    user::Entity::find().find_also_linked(UserToTag).all(db).await?;
}
//- /src/entity.rs
pub mod post;
pub mod post_tag;
pub mod tag;
pub mod user;
//- /src/entity/user.rs
use sea_orm::entity::prelude::*;
#[derive(Clone, Debug, DeriveEntityModel)]
#[sea_orm(table_name = "users")]
pub struct Model { #[sea_orm(primary_key)] pub id: i32 }
pub struct UserToTag;
impl Linked for UserToTag {
    type FromEntity = Entity;
    type ToEntity = super::tag::Entity;
    fn link(&self) -> Vec<RelationDef> {
        vec![super::post_tag::Relation::User.def().rev(), super::post_tag::Relation::Tag.def()]
    }
}
//- /src/entity/post.rs
use sea_orm::entity::prelude::*;
#[derive(Clone, Debug, DeriveEntityModel)]
#[sea_orm(table_name = "posts")]
pub struct Model { #[sea_orm(primary_key)] pub id: i32 }
impl Related<super::tag::Entity> for Entity {
    fn to() -> RelationDef { super::post_tag::Relation::Tag.def() }
    fn via() -> Option<RelationDef> { Some(super::post_tag::Relation::Post.def().rev()) }
}
//- /src/entity/tag.rs
use sea_orm::entity::prelude::*;
#[derive(Clone, Debug, DeriveEntityModel)]
#[sea_orm(table_name = "tags")]
pub struct Model { #[sea_orm(primary_key)] pub id: i32 }
//- /src/entity/post_tag.rs
use sea_orm::entity::prelude::*;
#[derive(Clone, Debug, DeriveEntityModel)]
#[sea_orm(table_name = "post_tag")]
pub struct Model { #[sea_orm(primary_key)] pub post_id: i32, #[sea_orm(primary_key)] pub tag_id: i32 }
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation { Post, Tag, User }
"#,
        expect![[r#"
            table post_tag
            table posts
            table tags
            table users
            app::of_user read post_tag @src/lib.rs:8 certain joined
            app::of_user read tags @src/lib.rs:8 certain joined
            app::of_user read users @src/lib.rs:8 certain
            app::tags read post_tag @src/lib.rs:5 certain joined
            app::tags read tags @src/lib.rs:5 certain joined
        "#]],
    );
}

#[test]
fn queries_over_entities_in_modules_of_types() {
    check(
        r#"
//- /src/lib.rs deps:sea_orm
pub mod UserRole;
use sea_orm::sea_query::Query;
pub fn exists() { Query::select().from(crate::UserRole::Entity).to_owned(); }
//- /src/UserRole.rs
use sea_orm::entity::prelude::*;
#[derive(Clone, Debug, DeriveEntityModel)]
#[sea_orm(table_name = "user_roles")]
pub struct Model { #[sea_orm(primary_key)] pub id: i32 }
"#,
        expect![[r#"
            table user_roles
            app::exists read user_roles @src/lib.rs:3 certain
        "#]],
    );
}

#[test]
fn names_in_capitals_are_one_word() {
    let names = ["UserId", "ScorePPHigh", "APIKey", "OAuth2Token", "already_snake", "HTTP"];
    let snakes = names.map(crate::facts::orm::sea_orm::snake);
    assert_eq!(snakes, ["user_id", "score_pp_high", "api_key", "o_auth2_token", "already_snake", "http"]);
}

#[test]
fn identifiers_that_an_attribute_makes_of_a_struct() {
    check(
        r#"
//- /src/lib.rs deps:sea_query
use sea_query::{Query, enum_def};
#[enum_def(table_name = "users")]
pub struct User { pub id: i32 }
#[enum_def(prefix = "", suffix = "Def")]
pub struct AuditInfo { pub id: i32 }
pub fn find() { Query::select().column(UserIden::Id).from(UserIden::Table).to_owned(); }
pub fn add() { Query::insert().into_table(AuditInfoDef::Table).to_owned(); }
"#,
        expect![[r#"
            table audit_info
            table users
            app::add insert audit_info @src/lib.rs:7 certain
            app::find read users @src/lib.rs:6 certain
        "#]],
    );
}

#[test]
fn entities_whose_modules_are_called_the_same() {
    check(
        r#"
//- /src/lib.rs deps:sea_orm
pub mod member;
pub mod order;
//- /src/member.rs
pub mod mapper;
pub mod repository;
pub mod schema;
//- /src/member/schema.rs
use sea_orm::entity::prelude::*;
#[derive(Clone, Debug, DeriveEntityModel)]
#[sea_orm(table_name = "members")]
pub struct Model { #[sea_orm(primary_key)] pub id: i32 }
//- /src/member/mapper.rs
use super::schema::ActiveModel;
pub fn to_row(member: Member) -> ActiveModel { todo!() }
//- /src/member/repository.rs
use super::schema::{ActiveModel, Entity as Member};
use crate::order::schema;
pub async fn one(db: &DatabaseConnection) { Member::find().one(db).await?; }
pub async fn add(db: &DatabaseConnection) { ActiveModel { id: Set(1) }.insert(db).await?; }
pub async fn orders(db: &DatabaseConnection) { schema::Entity::find().all(db).await?; }
pub async fn close(db: &DatabaseConnection) { crate::order::schema::Entity::delete_by_id(1).exec(db).await?; }
//- /src/order.rs
pub mod repository;
pub mod schema;
//- /src/order/schema.rs
use sea_orm::entity::prelude::*;
#[derive(Clone, Debug, DeriveEntityModel)]
#[sea_orm(table_name = "orders")]
pub struct Model { #[sea_orm(primary_key)] pub id: i32 }
//- /src/order/repository.rs
use super::schema::*;
use crate::member::mapper;
pub async fn join(db: &DatabaseConnection, member: Member) {
    let mut row = mapper::to_row(member);
    row.name = Set("a");
    row.insert(db).await?;
}
pub async fn all(db: &DatabaseConnection) { Entity::find().all(db).await?; }
pub async fn of_member(db: &DatabaseConnection) { super::super::member::schema::Entity::find().all(db).await?; }
"#,
        expect![[r#"
            table members
            table orders
            app::member::repository::add insert members @src/member/repository.rs:4 certain
            app::member::repository::close delete orders @src/member/repository.rs:6 certain
            app::member::repository::one read members @src/member/repository.rs:3 certain
            app::member::repository::orders read orders @src/member/repository.rs:5 certain
            app::order::repository::all read orders @src/order/repository.rs:8 certain
            app::order::repository::join insert members @src/order/repository.rs:6 certain
            app::order::repository::of_member read members @src/order/repository.rs:9 certain
        "#]],
    );
}
