DROP TRIGGER restock_cancelled_order;
DROP TABLE order_lines;
DROP TABLE orders;
DROP TABLE vouchers;
