-- Stock holds: one row blocks one unit for the days of one order.
CREATE TABLE reservations (
    id        INTEGER PRIMARY KEY,
    unit_id   INTEGER NOT NULL REFERENCES units (id),
    order_id  INTEGER NOT NULL REFERENCES orders (id) ON DELETE CASCADE,
    starts_on TEXT NOT NULL,
    ends_on   TEXT NOT NULL,
    status    TEXT NOT NULL DEFAULT 'held' CHECK (status IN ('held', 'out', 'released'))
);

CREATE INDEX reservations_by_unit ON reservations (unit_id, starts_on);
CREATE INDEX reservations_by_order ON reservations (order_id);

-- The shop's staff sometimes cancel an order by hand in the database; the stock must follow.
CREATE TRIGGER release_stock_of_cancelled_order
AFTER UPDATE OF status ON orders
WHEN NEW.status = 'cancelled' AND OLD.status <> 'cancelled'
BEGIN
    UPDATE reservations SET status = 'released' WHERE order_id = NEW.id AND status = 'held';
END;
