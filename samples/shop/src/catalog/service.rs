//! Rules of the catalog.

use chrono::NaiveDateTime;
use diesel::dsl::{count, count_star, sum};
use diesel::prelude::*;

use super::cache;
use super::models::{
    Category, CategoryView, NewCategory, NewProduct, Offer, Product, ProductCard, ProductChanges,
    ProductDetail, ProductForm, StockLevel,
};
use crate::error::AppError;
use crate::schema::{categories, products, reviews, stock_levels};
use crate::support::{Checks, format_cents};

/// All categories with the name of the one above and their number of active products.
pub fn category_tree(conn: &mut SqliteConnection) -> Result<Vec<CategoryView>, AppError> {
    let parent = diesel::alias!(categories as parent);
    let rows: Vec<(Category, Option<String>)> = categories::table //~ reads categories
        .left_join(parent.on(categories::parent_id.eq(parent.field(categories::id).nullable())))
        .order((categories::position, categories::slug))
        .select((
            Category::as_select(),
            parent.field(categories::name).nullable(),
        ))
        .load(conn)?;
    let counts: Vec<(i32, i64)> = products::table //~ reads products
        .filter(products::active.eq(true))
        .group_by(products::category_id)
        .select((products::category_id, count(products::id)))
        .load(conn)?;
    let count_of = |id: i32| counts.iter().find(|row| row.0 == id).map_or(0, |row| row.1);
    let views = rows.into_iter().map(|(category, parent)| CategoryView {
        products: count_of(category.id),
        slug: category.slug,
        name: category.name,
        parent,
    });
    Ok(views.collect())
}

/// One product with its stock and the sum of its reviews.
pub fn detail(conn: &mut SqliteConnection, sku: &str) -> Result<ProductDetail, AppError> {
    let (product, category, stock): (Product, Category, Option<StockLevel>) = products::table //~ reads products, categories, stock_levels
        .inner_join(categories::table)
        .left_join(stock_levels::table)
        .filter(products::sku.eq(sku))
        .select((
            Product::as_select(),
            Category::as_select(),
            Option::<StockLevel>::as_select(),
        ))
        .first(conn)
        .optional()?
        .ok_or(AppError::NotFound("product"))?;
    cache::remember(category.id, &category.name);
    let (n_reviews, stars): (i64, Option<i64>) = reviews::table //~ reads reviews
        .filter(reviews::product_id.eq(product.id))
        .select((count_star(), sum(reviews::rating)))
        .first(conn)?;
    let on_hand = stock.map_or(0, |stock| stock.on_hand);
    Ok(ProductDetail {
        description: product.description.clone(),
        active: product.active,
        card: card(product, category.name, on_hand),
        on_hand,
        reviews: n_reviews,
        rating_tenths: stars.map(|stars| stars * 10 / n_reviews),
    })
}

/// The cards of some products, in their order.
pub fn cards(
    conn: &mut SqliteConnection,
    rows: Vec<Product>,
) -> Result<Vec<ProductCard>, AppError> {
    let stock = StockLevel::belonging_to(&rows) //~ reads stock_levels
        .select(StockLevel::as_select())
        .load(conn)?
        .grouped_by(&rows);
    let mut cards = Vec::with_capacity(rows.len());
    for (product, stock) in rows.into_iter().zip(stock) {
        let category = category_name(conn, product.category_id)?;
        let on_hand = stock.first().map_or(0, |level| level.on_hand);
        cards.push(card(product, category, on_hand));
    }
    Ok(cards)
}

fn card(product: Product, category: String, on_hand: i32) -> ProductCard {
    ProductCard {
        id: product.id,
        sku: product.sku,
        name: product.name,
        category,
        price: format_cents(product.price_cents),
        price_cents: product.price_cents,
        in_stock: on_hand > 0,
    }
}

fn category_name(conn: &mut SqliteConnection, id: i32) -> Result<String, AppError> {
    if let Some(name) = cache::category_name(id) {
        return Ok(name);
    }
    let name: String = categories::table //~ reads categories
        .find(id)
        .select(categories::name)
        .first(conn)?;
    cache::remember(id, &name);
    Ok(name)
}

/// The cards of the active ones among some products, in the order of the ids.
pub fn cards_by_ids(
    conn: &mut SqliteConnection,
    ids: &[i32],
) -> Result<Vec<ProductCard>, AppError> {
    use crate::schema::products::dsl::*;

    let mut rows: Vec<Product> = products //~ reads products
        .filter(id.eq_any(ids))
        .filter(active.eq(true))
        .select(Product::as_select())
        .load(conn)?;
    rows.sort_by_key(|row| ids.iter().position(|wanted| *wanted == row.id));
    cards(conn, rows)
}

/// Shows every active product to `visit`, by name.
pub fn for_each_active( //~ unsendable
    conn: &mut SqliteConnection,
    visit: &mut dyn FnMut(&Product),
) -> Result<(), AppError> {
    let rows = products::table //~ reads products
        .filter(products::active.eq(true))
        .order((products::name, products::id))
        .select(Product::as_select())
        .load_iter(conn)?;
    for row in rows {
        visit(&row?);
    }
    Ok(())
}

/// Price and stock of an active product.
pub fn offer(conn: &mut SqliteConnection, product_id: i32) -> Result<Offer, AppError> {
    products::table //~ reads products, stock_levels
        .inner_join(stock_levels::table)
        .filter(products::id.eq(product_id).and(products::active.eq(true)))
        .select((
            products::id,
            products::name,
            products::price_cents,
            stock_levels::on_hand,
        ))
        .first(conn)
        .optional()?
        .ok_or(AppError::NotFound("product"))
}

/// Takes goods off the shelf. The connection carries the transaction of the order.
pub fn take_stock( //~ unsendable
    conn: &mut SqliteConnection,
    product_id: i32,
    quantity: i32,
    now: NaiveDateTime,
) -> Result<(), AppError> {
    use crate::schema::stock_levels::dsl;

    let enough = dsl::stock_levels
        .find(product_id)
        .filter(dsl::on_hand.ge(quantity));
    let n_rows = diesel::update(enough) //~ updates stock_levels
        .set((
            dsl::on_hand.eq(dsl::on_hand - quantity),
            dsl::updated_at.eq(now),
        ))
        .execute(conn)?;
    if n_rows == 0 {
        return Err(AppError::conflict(
            "out_of_stock",
            format!("product {product_id} is out of stock"),
        ));
    }
    Ok(())
}

/// Adds a category.
pub fn create_category(
    conn: &mut SqliteConnection,
    new: &NewCategory,
) -> Result<Category, AppError> {
    Checks::new()
        .text("slug", &new.slug, 40)
        .text("name", &new.name, 80)
        .done()?;
    let category: Category = diesel::insert_into(categories::table) //~ inserts categories
        .values(new)
        .returning(Category::as_returning())
        .get_result(conn)
        .map_err(|err| AppError::from(err).or_taken("slug_taken", "there is such a category"))?;
    cache::remember(category.id, &category.name);
    Ok(category)
}

/// The id of a category.
pub fn category_id(conn: &mut SqliteConnection, wanted: &str) -> Result<i32, AppError> {
    use crate::schema::categories::dsl::*;

    categories //~ reads categories
        .filter(slug.eq(wanted))
        .select(id)
        .first(conn)
        .optional()?
        .ok_or_else(|| AppError::Invalid(format!("there is no category `{wanted}`")))
}

/// Adds a product with its first stock.
pub fn create_product(
    conn: &mut SqliteConnection,
    form: &ProductForm,
    now: NaiveDateTime,
) -> Result<ProductDetail, AppError> {
    check_product(&form.sku, &form.name, form.price_cents)?;
    conn.transaction(|conn| { //~ transaction
        let new = NewProduct {
            category_id: category_id(conn, &form.category)?,
            sku: &form.sku,
            name: form.name.trim(),
            description: &form.description,
            price_cents: form.price_cents,
            created_at: now,
        };
        let id: i32 = diesel::insert_into(products::table) //~ inserts products
            .values(&new)
            .returning(products::id)
            .get_result(conn)
            .map_err(|err| AppError::from(err).or_taken("sku_taken", "there is such a product"))?;
        set_stock(conn, id, form.stock, now)?;
        detail(conn, &form.sku)
    })
}

/// Complains about what no product may have.
pub fn check_product(sku: &str, name: &str, price_cents: i64) -> Result<(), AppError> {
    Checks::new()
        .text("sku", sku, 20)
        .text("name", name, 120)
        .that(price_cents > 0, "price_cents must be positive")
        .done()
}

/// Applies the given changes to a product.
pub fn update_product(
    conn: &mut SqliteConnection,
    product_id: i32,
    changes: &ProductChanges,
) -> Result<ProductDetail, AppError> {
    let checks = Checks::new().that(
        changes.price_cents.is_none_or(|cents| cents > 0),
        "price_cents must be positive",
    );
    match &changes.name {
        Some(name) => checks.text("name", name, 120).done()?,
        None => checks.done()?,
    }
    let product: Product = diesel::update(products::table.find(product_id)) //~ updates products
        .set(changes)
        .returning(Product::as_returning())
        .get_result(conn)
        .optional()?
        .ok_or(AppError::NotFound("product"))?;
    detail(conn, &product.sku)
}

/// Sets how much of a product lies on the shelf.
pub fn set_stock(
    conn: &mut SqliteConnection,
    product_id: i32,
    on_hand: i32,
    now: NaiveDateTime,
) -> Result<(), AppError> {
    Checks::new()
        .that(on_hand >= 0, "on_hand must not be negative")
        .done()?;
    let level = StockLevel {
        product_id,
        on_hand,
        updated_at: now,
    };
    diesel::insert_into(stock_levels::table) //~ inserts stock_levels ; updates stock_levels
        .values(&level)
        .on_conflict(stock_levels::product_id)
        .do_update()
        .set((
            stock_levels::on_hand.eq(on_hand),
            stock_levels::updated_at.eq(now),
        ))
        .execute(conn)?;
    Ok(())
}
