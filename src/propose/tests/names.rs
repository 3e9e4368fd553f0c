//! What services are called.

use super::super::{Options, propose};
use crate::testing::model;

/// The names of the services of two halves: orders, and what is given.
fn names(other: &str) -> Vec<String> {
    let orders = "
table orders
table parcels -> orders
fn shop::orders::place
    writes orders, parcels
fn shop::orders::list
    reads orders, parcels
fn shop::orders::cancel
    writes orders, parcels
POST /orders -> shop::orders::place
GET /orders -> shop::orders::list
DELETE /orders -> shop::orders::cancel
";
    let model = model(&format!("{orders}{other}"));
    let plan = propose(&model, &Options::default()).unwrap();
    plan.services.iter().map(|service| service.name.clone()).collect()
}

#[test]
fn a_table_names_better_than_what_is_done_to_it() {
    let off = "
table services
fn shop::service::switch_off
    writes services
fn shop::service::switch_off_all
    writes services
fn shop::service::switched_off
    reads services
POST /admin/service/off -> shop::service::switch_off
POST /admin/service/off_all -> shop::service::switch_off_all
GET /admin/service/off -> shop::service::switched_off
";
    assert_eq!(names(off), ["orders", "service"]);
    let created = "
table artists
table artist_labels -> artists
fn shop::admin::made::create_artist
    writes artists, artist_labels
fn shop::admin::made::edit_artist
    writes artists, artist_labels
fn shop::admin::made::all
    reads artists, artist_labels
POST /admin/created/new -> shop::admin::made::create_artist
POST /admin/created/edit/{id} -> shop::admin::made::edit_artist
GET /admin/created -> shop::admin::made::all
";
    assert_eq!(names(created), ["artists", "orders"]);
}

#[test]
fn a_prefix_of_the_tables_names_nothing() {
    let wallets = "
table shop_wallets
table shop_keys -> shop_wallets
table shop_addresses -> shop_wallets
fn shop::wallet::open
    writes shop_wallets, shop_keys, shop_addresses
fn shop::wallet::close
    writes shop_wallets, shop_keys, shop_addresses
POST /wallets -> shop::wallet::open
DELETE /wallets -> shop::wallet::close
";
    assert_eq!(names(wallets), ["orders", "wallets"]);
}

#[test]
fn a_file_names_nothing() {
    let pages = "
table banners
fn shop::pages::favicon
    reads banners
fn shop::pages::robots
    reads banners
fn shop::pages::hang
    writes banners
GET /favicon.ico -> shop::pages::favicon
GET /robots.txt -> shop::pages::robots
PUT /banners -> shop::pages::hang
";
    assert_eq!(names(pages), ["banners", "orders"]);
}

#[test]
fn the_part_of_the_application_names_what_no_table_does() {
    let accounts = "
table users
table sessions -> users
table addresses -> users
fn shop::accounts::service::register
    writes users, sessions, addresses
fn shop::accounts::service::profile
    reads users, sessions, addresses
fn shop::accounts::service::log_out
    writes users, sessions
fn shop::accounts::service::move_house
    writes users, addresses
fn shop::accounts::service::forget_address
    writes users, addresses
POST /auth/register -> shop::accounts::service::register
GET /me -> shop::accounts::service::profile
POST /auth/logout -> shop::accounts::service::log_out
POST /me/addresses -> shop::accounts::service::move_house
DELETE /me/addresses/{id} -> shop::accounts::service::forget_address
";
    assert_eq!(names(accounts), ["accounts", "orders"]);
}
