DROP TABLE cart_reminders;
DROP TABLE cart_lines;
DROP TABLE carts;
