-- Carts and orders. Users and items belong to other domains; the database still checks the ids.
CREATE TABLE cart_items (
    user_id  INTEGER NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    item_id  INTEGER NOT NULL REFERENCES items (id),
    quantity INTEGER NOT NULL CHECK (quantity > 0),
    PRIMARY KEY (user_id, item_id)
);

CREATE TABLE orders (
    id             INTEGER PRIMARY KEY,
    user_id        INTEGER NOT NULL REFERENCES users (id),
    address_id     INTEGER REFERENCES addresses (id),
    status         TEXT NOT NULL
                   CHECK (status IN ('placed', 'picked_up', 'returned', 'cancelled')),
    starts_on      TEXT NOT NULL,
    ends_on        TEXT NOT NULL,
    subtotal_cents INTEGER NOT NULL,
    discount_cents INTEGER NOT NULL,
    deposit_cents  INTEGER NOT NULL,
    total_cents    INTEGER NOT NULL,
    late_fee_cents INTEGER NOT NULL DEFAULT 0,
    disputed       INTEGER NOT NULL DEFAULT 0,
    placed_at      TEXT NOT NULL,
    picked_up_at   TEXT,
    returned_at    TEXT,
    reminded_on    TEXT
);

CREATE INDEX orders_by_user ON orders (user_id, placed_at);
CREATE INDEX orders_by_status ON orders (status, ends_on);

CREATE TABLE order_lines (
    id               INTEGER PRIMARY KEY,
    order_id         INTEGER NOT NULL REFERENCES orders (id) ON DELETE CASCADE,
    item_id          INTEGER NOT NULL REFERENCES items (id),
    item_name        TEXT NOT NULL,
    quantity         INTEGER NOT NULL,
    daily_rate_cents INTEGER NOT NULL,
    line_total_cents INTEGER NOT NULL
);

CREATE INDEX order_lines_by_order ON order_lines (order_id);

CREATE TABLE order_events (
    id         INTEGER PRIMARY KEY,
    order_id   INTEGER NOT NULL REFERENCES orders (id) ON DELETE CASCADE,
    kind       TEXT NOT NULL,
    detail     TEXT NOT NULL DEFAULT '',
    created_at TEXT NOT NULL
);
