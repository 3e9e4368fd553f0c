//! The tables as Diesel knows them.

diesel::table! {
    addresses (id) {
        id -> Integer,
        user_id -> Integer,
        label -> Text,
        street -> Text,
        postcode -> Text,
        city -> Text,
        country -> Text,
    }
}

diesel::table! {
    cart_lines (cart_id, product_id) {
        cart_id -> Integer,
        product_id -> Integer,
        quantity -> Integer,
        added_at -> Timestamp,
    }
}

diesel::table! {
    cart_reminders (id) {
        id -> Integer,
        cart_id -> Integer,
        sent_at -> Timestamp,
    }
}

diesel::table! {
    carts (id) {
        id -> Integer,
        user_id -> Integer,
        updated_at -> Timestamp,
    }
}

diesel::table! {
    categories (id) {
        id -> Integer,
        parent_id -> Nullable<Integer>,
        slug -> Text,
        name -> Text,
        position -> Integer,
    }
}

diesel::table! {
    interest_events (id) {
        id -> Integer,
        user_id -> Integer,
        product_id -> Integer,
        quantity -> Integer,
        at -> Timestamp,
    }
}

diesel::table! {
    order_lines (order_id, product_id) {
        order_id -> Integer,
        product_id -> Integer,
        product_name -> Text,
        quantity -> Integer,
        price_cents -> BigInt,
    }
}

diesel::table! {
    orders (id) {
        id -> Integer,
        user_id -> Integer,
        address_id -> Integer,
        status -> Text,
        subtotal_cents -> BigInt,
        discount_cents -> BigInt,
        shipping_cents -> BigInt,
        total_cents -> BigInt,
        voucher_code -> Nullable<Text>,
        placed_at -> Timestamp,
        shipped_at -> Nullable<Timestamp>,
    }
}

diesel::table! {
    payments (id) {
        id -> Integer,
        order_id -> Integer,
        user_id -> Integer,
        provider -> Text,
        reference -> Text,
        status -> Text,
        amount_cents -> BigInt,
        created_at -> Timestamp,
    }
}

diesel::table! {
    product_interest (product_id) {
        product_id -> Integer,
        times_added -> Integer,
        last_added_at -> Timestamp,
    }
}

diesel::table! {
    products (id) {
        id -> Integer,
        category_id -> Integer,
        sku -> Text,
        name -> Text,
        description -> Text,
        price_cents -> BigInt,
        active -> Bool,
        created_at -> Timestamp,
    }
}

diesel::table! {
    refunds (id) {
        id -> Integer,
        payment_id -> Integer,
        amount_cents -> BigInt,
        reason -> Text,
        created_at -> Timestamp,
    }
}

diesel::table! {
    reviews (id) {
        id -> Integer,
        product_id -> Integer,
        user_id -> Integer,
        rating -> Integer,
        body -> Text,
        created_at -> Timestamp,
    }
}

diesel::table! {
    sessions (token_hash) {
        token_hash -> Text,
        user_id -> Integer,
        created_at -> Timestamp,
        expires_at -> Timestamp,
    }
}

diesel::table! {
    stock_levels (product_id) {
        product_id -> Integer,
        on_hand -> Integer,
        updated_at -> Timestamp,
    }
}

diesel::table! {
    users (id) {
        id -> Integer,
        email -> Text,
        name -> Text,
        password_hash -> Text,
        role -> Text,
        newsletter -> Bool,
        created_at -> Timestamp,
    }
}

diesel::table! {
    vouchers (code) {
        code -> Text,
        percent -> Integer,
        uses_left -> Integer,
        valid_until -> Timestamp,
    }
}

diesel::table! {
    webhook_deliveries (id) {
        id -> Text,
        kind -> Text,
        received_at -> Timestamp,
    }
}

diesel::joinable!(addresses -> users (user_id));
diesel::joinable!(cart_lines -> carts (cart_id));
diesel::joinable!(cart_lines -> products (product_id));
diesel::joinable!(cart_reminders -> carts (cart_id));
diesel::joinable!(carts -> users (user_id));
diesel::joinable!(order_lines -> orders (order_id));
diesel::joinable!(order_lines -> products (product_id));
diesel::joinable!(orders -> addresses (address_id));
diesel::joinable!(orders -> users (user_id));
diesel::joinable!(payments -> orders (order_id));
diesel::joinable!(product_interest -> products (product_id));
diesel::joinable!(products -> categories (category_id));
diesel::joinable!(refunds -> payments (payment_id));
diesel::joinable!(reviews -> products (product_id));
diesel::joinable!(reviews -> users (user_id));
diesel::joinable!(sessions -> users (user_id));
diesel::joinable!(stock_levels -> products (product_id));

diesel::allow_tables_to_appear_in_same_query!(
    addresses,
    cart_lines,
    cart_reminders,
    carts,
    categories,
    order_lines,
    orders,
    payments,
    product_interest,
    products,
    refunds,
    reviews,
    sessions,
    stock_levels,
    users,
);

// A view, so no migration tool writes this one. One line of an order is one row.
diesel::table! {
    order_facts (order_id, product_id) {
        order_id -> Integer,
        user_id -> Integer,
        placed_on -> Date,
        status -> Text,
        product_id -> Integer,
        sku -> Text,
        product_name -> Text,
        category -> Text,
        quantity -> Integer,
        line_cents -> BigInt,
    }
}
