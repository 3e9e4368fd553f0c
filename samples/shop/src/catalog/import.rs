//! Reads products from a file.

use chrono::NaiveDateTime;
use diesel::prelude::*;

use super::models::NewProduct;
use super::service;
use crate::error::AppError;
use crate::schema::products;

/// One line of the file: `category;sku;name;price in cents;stock`.
#[derive(Debug, PartialEq, Eq)]
struct Line<'a> {
    category: &'a str,
    sku: &'a str,
    name: &'a str,
    price_cents: i64,
    stock: i32,
}

/// Adds the products of `text` or changes them, all or none; returns how many.
pub fn import(
    conn: &mut SqliteConnection,
    text: &str,
    now: NaiveDateTime,
) -> Result<usize, AppError> {
    let lines = parse(text)?;
    conn.transaction::<_, AppError, _>(|conn| { //~ transaction
        for line in &lines {
            let new = NewProduct {
                category_id: service::category_id(conn, line.category)?,
                sku: line.sku,
                name: line.name,
                description: "",
                price_cents: line.price_cents,
                created_at: now,
            };
            let id: i32 = diesel::insert_into(products::table) //~ inserts products ; updates products
                .values(&new)
                .on_conflict(products::sku)
                .do_update()
                .set(&new)
                .returning(products::id)
                .get_result(conn)?;
            service::set_stock(conn, id, line.stock, now)?;
        }
        Ok(lines.len())
    })
}

fn parse(text: &str) -> Result<Vec<Line<'_>>, AppError> {
    let mut lines = Vec::new();
    for (n, text) in (1..).zip(text.lines()) {
        if text.trim().is_empty() || text.starts_with('#') {
            continue;
        }
        let line =
            parse_line(text).ok_or_else(|| AppError::Invalid(format!("line {n} is no product")))?;
        service::check_product(line.sku, line.name, line.price_cents)?;
        lines.push(line);
    }
    Ok(lines)
}

fn parse_line(text: &str) -> Option<Line<'_>> {
    let mut fields = text.split(';').map(str::trim);
    let line = Line {
        category: fields.next()?,
        sku: fields.next()?,
        name: fields.next()?,
        price_cents: fields.next()?.parse().ok()?,
        stock: fields.next()?.parse().ok()?,
    };
    fields.next().is_none().then_some(line)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_have_five_fields() {
        let lines = parse("# tea\n\ngreen; G-9; Gyokuro ;1990;12\n").unwrap();
        assert_eq!(lines[0].name, "Gyokuro");
        assert_eq!(lines[0].price_cents, 1990);
        assert!(parse("green;G-9;Gyokuro;1990").is_err());
        assert!(parse("green;G-9;Gyokuro;many;1").is_err());
    }
}
