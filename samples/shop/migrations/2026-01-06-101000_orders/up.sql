-- Orders and the vouchers that make them cheaper.
CREATE TABLE orders (
    id             INTEGER NOT NULL PRIMARY KEY,
    user_id        INTEGER NOT NULL REFERENCES users (id),
    address_id     INTEGER NOT NULL REFERENCES addresses (id),
    status         TEXT NOT NULL
                   CHECK (status IN ('placed', 'paid', 'shipped', 'cancelled', 'disputed')),
    subtotal_cents BIGINT NOT NULL,
    discount_cents BIGINT NOT NULL,
    shipping_cents BIGINT NOT NULL,
    total_cents    BIGINT NOT NULL,
    voucher_code   TEXT REFERENCES vouchers (code),
    placed_at      TIMESTAMP NOT NULL,
    shipped_at     TIMESTAMP
);

CREATE INDEX orders_by_user ON orders (user_id, placed_at);

CREATE TABLE order_lines (
    order_id     INTEGER NOT NULL REFERENCES orders (id) ON DELETE CASCADE,
    product_id   INTEGER NOT NULL REFERENCES products (id),
    product_name TEXT NOT NULL,
    quantity     INTEGER NOT NULL,
    price_cents  BIGINT NOT NULL,
    PRIMARY KEY (order_id, product_id)
);

CREATE TABLE vouchers (
    code        TEXT NOT NULL PRIMARY KEY,
    percent     INTEGER NOT NULL CHECK (percent BETWEEN 1 AND 100),
    uses_left   INTEGER NOT NULL CHECK (uses_left >= 0),
    valid_until TIMESTAMP NOT NULL
);

-- Whoever cancels an order, in the application or by hand: the goods go back on the shelf.
CREATE TRIGGER restock_cancelled_order
AFTER UPDATE OF status ON orders
WHEN NEW.status = 'cancelled' AND OLD.status <> 'cancelled'
BEGIN
    UPDATE stock_levels
    SET on_hand = on_hand + (SELECT l.quantity FROM order_lines l
                             WHERE l.order_id = NEW.id AND l.product_id = stock_levels.product_id)
    WHERE product_id IN (SELECT product_id FROM order_lines WHERE order_id = NEW.id);
END;
