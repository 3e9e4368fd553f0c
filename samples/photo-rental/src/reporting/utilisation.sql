-- Rented days of every active item between ?1 and ?2, both included.
SELECT i.id AS item_id,
       i.name AS name,
       c.slug AS category,
       (SELECT COUNT(*) FROM units u WHERE u.item_id = i.id AND u.status <> 'retired') AS units,
       CAST(COALESCE((
           SELECT SUM(julianday(min(r.ends_on, ?2)) - julianday(max(r.starts_on, ?1)) + 1)
           FROM reservations r
           JOIN units u ON u.id = r.unit_id
           JOIN orders o ON o.id = r.order_id
           WHERE u.item_id = i.id
             AND o.status <> 'cancelled'
             AND r.starts_on <= ?2
             AND r.ends_on >= ?1
       ), 0) AS INTEGER) AS rented_days
FROM items i
JOIN categories c ON c.id = i.category_id
WHERE i.active = 1
ORDER BY i.id
