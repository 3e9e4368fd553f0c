DROP VIEW order_facts;
