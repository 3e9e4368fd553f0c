-- What the book-keeper looks at: every order line with the names of what it is about.
CREATE VIEW order_facts AS
SELECT o.id                           AS order_id,
       o.user_id                      AS user_id,
       date(o.placed_at)              AS placed_on,
       o.status                       AS status,
       l.product_id                   AS product_id,
       p.sku                          AS sku,
       l.product_name                 AS product_name,
       c.name                         AS category,
       l.quantity                     AS quantity,
       l.quantity * l.price_cents     AS line_cents
FROM orders o
JOIN order_lines l ON l.order_id = o.id
JOIN products p ON p.id = l.product_id
JOIN categories c ON c.id = p.category_id;
