DROP TABLE webhook_deliveries;
DROP TABLE refunds;
DROP TABLE payments;
