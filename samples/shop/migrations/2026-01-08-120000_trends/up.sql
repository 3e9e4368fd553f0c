-- Learned from carts; written by the consumer of `cart.item_added`.
CREATE TABLE product_interest (
    product_id    INTEGER NOT NULL PRIMARY KEY REFERENCES products (id),
    times_added   INTEGER NOT NULL DEFAULT 0,
    last_added_at TIMESTAMP NOT NULL
);

CREATE TABLE interest_events (
    id         INTEGER NOT NULL PRIMARY KEY,
    user_id    INTEGER NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    product_id INTEGER NOT NULL REFERENCES products (id),
    quantity   INTEGER NOT NULL,
    at         TIMESTAMP NOT NULL
);
