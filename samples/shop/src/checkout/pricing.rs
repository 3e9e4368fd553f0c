//! What an order costs. Pure arithmetic: no database, no clock.

use super::models::{Quote, QuoteLine};
use crate::support::{format_cents, percent_of};

/// From this amount on, shipping is free.
const FREE_SHIPPING_CENTS: i64 = 5_000;
const SHIPPING_CENTS: i64 = 490;

/// Adds up the lines, takes the voucher off and puts the shipping on top.
pub fn quote(lines: Vec<QuoteLine>, voucher: Option<(&str, i32)>) -> Quote {
    let subtotal_cents: i64 = lines
        .iter()
        .map(|line| line.price_cents * i64::from(line.quantity))
        .sum();
    let discount_cents = voucher.map_or(0, |(_, percent)| percent_of(subtotal_cents, percent));
    let goods_cents = subtotal_cents - discount_cents;
    let shipping_cents = if goods_cents >= FREE_SHIPPING_CENTS {
        0
    } else {
        SHIPPING_CENTS
    };
    let total_cents = goods_cents + shipping_cents;
    Quote {
        lines,
        subtotal_cents,
        discount_cents,
        shipping_cents,
        total_cents,
        total: format_cents(total_cents),
        voucher: voucher.map(|(code, _)| code.to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line(quantity: i32, price_cents: i64) -> QuoteLine {
        QuoteLine {
            product_id: 1,
            name: "Sencha".to_owned(),
            quantity,
            price_cents,
        }
    }

    #[test]
    fn large_orders_ship_for_free() {
        assert_eq!(quote(vec![line(1, 4_999)], None).total_cents, 5_489);
        assert_eq!(quote(vec![line(2, 2_500)], None).total_cents, 5_000);
    }

    #[test]
    fn a_voucher_counts_before_the_shipping() {
        let quote = quote(vec![line(2, 2_500)], Some(("SPRING", 10)));
        assert_eq!(quote.discount_cents, 500);
        assert_eq!(quote.total_cents, 4_990);
    }
}
