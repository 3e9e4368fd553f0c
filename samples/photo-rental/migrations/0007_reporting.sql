-- One row per closed day, written by the nightly report.
CREATE TABLE daily_reports (
    day                  TEXT PRIMARY KEY,
    orders_placed        INTEGER NOT NULL,
    orders_returned      INTEGER NOT NULL,
    orders_cancelled     INTEGER NOT NULL,
    revenue_cents        INTEGER NOT NULL,
    refunds_cents        INTEGER NOT NULL,
    deposits_held_cents  INTEGER NOT NULL,
    utilisation_permille INTEGER NOT NULL,
    generated_at         TEXT NOT NULL
);

-- The finance team's favourite: every order line with the names of what it is about.
CREATE VIEW rental_facts AS
SELECT o.id                       AS order_id,
       o.user_id                  AS user_id,
       substr(o.placed_at, 1, 10) AS placed_on,
       o.status                   AS status,
       l.item_id                  AS item_id,
       i.name                     AS item_name,
       c.slug                     AS category_slug,
       c.name                     AS category_name,
       l.quantity                 AS quantity,
       l.line_total_cents         AS line_total_cents
FROM orders o
JOIN order_lines l ON l.order_id = o.id
JOIN items i ON i.id = l.item_id
JOIN categories c ON c.id = i.category_id;
